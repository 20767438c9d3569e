package report

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"reflect"
	"strconv"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// safeText says what an error is in words that cannot name a person: by the type for the errors we know, in words of
// the vocabulary for the rest.
func safeText(err error) string {
	var said []string
	for _, part := range chain(err) {
		if words := safePart(part); words != "" {
			said = append(said, words)
		}
	}
	if len(said) == 0 {
		return Words(err.Error())
	}
	return strings.Join(said, ": ")
}

// safePart is what one link of a chain says of itself; "" for a link that only wraps.
func safePart(err error) string {
	switch known := err.(type) {
	case *explained:
		return string(known.doing)
	case *panicked:
		if _, isError := known.value.(error); isError {
			return "panic"
		}
		return "panic: " + Words(fmt.Sprint(known.value))
	case crashed:
		return string(known)
	case *pgconn.PgError:
		return safePostgres(known)
	case *pgconn.ConnectError:
		return "connect to the database"
	case *strconv.NumError:
		return "number: " + Words(known.Err.Error())
	case *fs.PathError:
		return Words(known.Op) + " file"
	case *os.SyscallError:
		return "system call"
	case *net.OpError:
		return "network " + Words(known.Op)
	case *url.Error:
		return "request"
	case *json.SyntaxError:
		return "JSON syntax"
	case *json.UnmarshalTypeError:
		return "JSON type"
	case syscall.Errno:
		return known.Error() // the system's own words
	}
	switch err {
	case context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF, pgx.ErrNoRows, pgx.ErrTxClosed, fs.ErrNotExist, net.ErrClosed:
		return err.Error()
	}
	if wrapped := errors.Unwrap(err); wrapped != nil {
		// What a wrapper says before the error it wraps, like fmt.Errorf("read patient %d: %w").
		if before, found := strings.CutSuffix(err.Error(), wrapped.Error()); found {
			return strings.TrimRight(Words(before), ": *")
		}
		return ""
	}
	if _, joined := err.(interface{ Unwrap() []error }); joined {
		return ""
	}
	return Words(err.Error())
}

// safePostgres leaves out Message, Detail, Hint and Where: they quote the values of rows.
func safePostgres(err *pgconn.PgError) string {
	said := "PostgreSQL " + err.Code
	for _, part := range [][2]string{{" table ", err.TableName}, {" column ", err.ColumnName}, {" constraint ", err.ConstraintName}} {
		if name := identifier(part[1]); name != "" {
			said += part[0] + name
		}
	}
	return said
}

// identifier is name when it is one of PostgreSQL's, which only our schema can make.
func identifier(name string) string {
	if len(name) > 63 || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" || strings.Trim(name, "0123456789") == "" {
		return ""
	}
	return name
}

// chain is err and all that it wraps, outermost first.
func chain(err error) []error {
	var links []error
	for err != nil && len(links) < 20 {
		links = append(links, err)
		switch wrapper := err.(type) {
		case interface{ Unwrap() error }:
			err = wrapper.Unwrap()
		case interface{ Unwrap() []error }:
			for _, part := range wrapper.Unwrap() {
				links = append(links, chain(part)...)
			}
			return links
		default:
			return links
		}
	}
	return links
}

// typeName is the Go type of the innermost error, which says most.
func typeName(err error) string {
	links := chain(err)
	if inner, isPanic := links[len(links)-1].(*panicked); isPanic {
		return "panic " + reflect.TypeOf(inner.value).String()
	}
	name := reflect.TypeOf(links[len(links)-1]).String()
	if name == "*errors.errorString" || name == "*fmt.wrapError" || name == "*errors.joinError" {
		return "error"
	}
	return name
}

// Words keeps of a text the words of a closed vocabulary, and puts * for everything else: numbers, names, all that
// was typed. "read patient 4711: no such Coco" becomes "read patient *: no such *".
func Words(s string) string { return wordsOf(s, vocabulary) }

func wordsOf(s string, vocabulary map[string]bool) string {
	var kept strings.Builder
	for len(s) > 0 && kept.Len() < 300 {
		letters := strings.IndexFunc(s, func(r rune) bool { return !isLetter(r) })
		if letters < 0 {
			letters = len(s)
		}
		switch {
		case letters > 0:
			if vocabulary[s[:letters]] {
				kept.WriteString(s[:letters])
			} else {
				star(&kept)
			}
			s = s[letters:]
		case strings.ContainsRune(" :,.;()[]", rune(s[0])):
			kept.WriteByte(s[0])
			s = s[1:]
		default:
			star(&kept)
			s = s[1:]
		}
	}
	return strings.TrimSpace(kept.String())
}

func isLetter(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' || r > 127
}

// star writes one * for any number of things in a row.
func star(to *strings.Builder) {
	if !strings.HasSuffix(to.String(), "*") {
		to.WriteByte('*')
	}
}
