package report

import (
	"fmt"
	"path"
	"runtime"
	"strings"
)

const (
	module    = "purplecross"
	maxFrames = 40
	maxStack  = 8 << 10 // bytes of the stack kept in the database
)

// frame is one call: code, so it names nobody.
type frame struct {
	function, file string // "(*App).patientsShow", "handlers/patients.go"
	pkg            string // "purplecross/handlers"
	line, column   int    // the column only of scripts
	source         string // where a place of a minified script comes from
}

func (f frame) ours() bool {
	return f.pkg == module || f.pkg == "main" || strings.HasPrefix(f.pkg, module+"/")
}

// callers is the stack above the function that asked for it, innermost first. A panic's own machinery is left out.
func callers(skip int) []frame {
	counters := make([]uintptr, 100)
	running := runtime.CallersFrames(counters[:runtime.Callers(skip+1, counters)])
	var stack []frame
	for {
		at, more := running.Next()
		switch {
		case at.Function == "runtime.gopanic":
			stack = stack[:0] // what lies below is the recovering, not the failing
		case at.Function == "" || strings.HasPrefix(at.Function, "runtime."):
		default:
			stack = append(stack, frameOf(at))
		}
		if !more || len(stack) >= maxFrames {
			return stack
		}
	}
}

func frameOf(at runtime.Frame) frame {
	folder, last := path.Split(at.Function)
	pkg, function, _ := strings.Cut(last, ".")
	pkg = folder + pkg
	return frame{function: function, pkg: pkg, file: path.Join(strings.TrimPrefix(strings.TrimPrefix(pkg, module), "/"), path.Base(at.File)), line: at.Line}
}

func stackText(stack []frame) string {
	var text strings.Builder
	for _, f := range stack {
		line := fmt.Sprintf("%s.%s\n\t%s:%d", f.pkg, f.function, f.file, f.line)
		if f.column > 0 {
			line += fmt.Sprintf(":%d", f.column)
		}
		if f.source != "" {
			line += "\n\tfrom " + f.source
		}
		line += "\n"
		if text.Len()+len(line) > maxStack {
			break
		}
		text.WriteString(line)
	}
	return text.String()
}

// stackOf is the stack that the error itself remembers, from the innermost report.E.
func stackOf(err error) []frame {
	var stack []frame
	for _, link := range chain(err) {
		if known, ok := link.(*explained); ok {
			stack = known.stack
		}
	}
	return stack
}
