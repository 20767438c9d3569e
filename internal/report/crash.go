package report

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/getsentry/sentry-go"
)

// crashKept bounds what is read of a crash: its first goroutine is what failed.
const crashKept = 256 << 10

// Crashes has Go write down what ends the process without a chance to report it: a panic in a goroutine of nobody's, two
// writers of one map, no memory. What the last process of this name wrote is reported now.
func Crashes(folder, name string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("make the folder for crashes: %w", err)
	}
	file := filepath.Join(folder, "crash-"+name+".txt")
	if last, err := os.ReadFile(file); err == nil && len(last) > 0 {
		tellCrash(string(last[:min(len(last), crashKept)]))
	}
	to, err := os.Create(file)
	if err != nil {
		return fmt.Errorf("open the file for crashes: %w", err)
	}
	defer to.Close() // Go keeps a handle of its own
	if err := debug.SetCrashOutput(to, debug.CrashOptions{}); err != nil {
		return fmt.Errorf("keep crashes: %w", err)
	}
	return nil
}

func tellCrash(text string) {
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	ctx := context.WithValue(context.Background(), workKey{}, &work{route: "crash", reference: NewReference()})
	capture(ctx, occurrence{err: crashed(Words(first)), level: sentry.LevelFatal, stack: crashStack(text)})
}

// crashed is the first line of a crash, in words of the vocabulary already.
type crashed string

func (c crashed) Error() string { return string(c) }

var crashPlace = regexp.MustCompile(`^\t(\S+\.go):(\d+)`)

// crashStack reads the first goroutine's calls: code, without the arguments.
func crashStack(text string) []frame {
	var stack []frame
	function := ""
	lines := bufio.NewScanner(strings.NewReader(text))
	begun := false
	for lines.Scan() && len(stack) < maxFrames {
		line := lines.Text()
		switch place := crashPlace.FindStringSubmatch(line); {
		case strings.HasPrefix(line, "goroutine "):
			begun = true
		case begun && line == "" && len(stack) > 0:
			return stack
		case place != nil && function != "":
			number, _ := strconv.Atoi(place[2])
			stack = append(stack, crashFrame(function, place[1], number))
			function = ""
		case begun && strings.Contains(line, "("):
			function = strings.TrimPrefix(line[:strings.LastIndex(line, "(")], "created by ")
		}
	}
	return stack
}

func crashFrame(function, file string, line int) frame {
	folder, last := path.Split(function)
	pkg, name, _ := strings.Cut(last, ".")
	pkg = folder + pkg
	return frame{function: name, pkg: pkg, file: path.Join(strings.TrimPrefix(strings.TrimPrefix(pkg, module), "/"), path.Base(file)), line: line}
}
