package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// mayStartBare are the places below which a goroutine may be started without report.Go, and why.
var mayStartBare = map[string]string{
	"main.go":          "the server, which recovers and reports each request by itself",
	"db":               "imports nothing of ours; what fails there is the error of whoever waits for it, and a crash is kept",
	"internal/report":  "is what reports",
	"internal/browser": "tests only",
}

// A panic in a goroutine of ours is reported, and does not end the program: handlers and jobs start theirs by report.Go.
func TestEveryGoroutineOfHandlersAndJobsReportsItsFailure(t *testing.T) {
	checked := 0
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "testdata") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		checked++
		ast.Inspect(file, func(node ast.Node) bool {
			if _, starts := node.(*ast.GoStmt); starts && !mayStart(path) {
				t.Errorf("%s starts a goroutine without report.Go: when it panics the whole program ends", path)
			}
			return true
		})
		return nil
	})
	if err != nil || checked < 200 {
		t.Fatalf("%d files were checked: %v", checked, err)
	}
}

func mayStart(path string) bool {
	for place := range mayStartBare {
		if path == place || strings.HasPrefix(path, place+"/") {
			return true
		}
	}
	return false
}
