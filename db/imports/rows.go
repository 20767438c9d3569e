package imports

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// row is one record of the file.
type row struct {
	line, lastLine int
	cells          []string
	found          *found
}

// cell is the value of a column, trimmed; empty when the file has no such column. Inner line ends become spaces.
func (r row) cell(column string) string {
	return strings.Join(strings.Fields(r.text(column)), " ")
}

// has says whether the file has a column of this field.
func (r row) has(column string) bool {
	_, there := r.found.columns[column]
	return there
}

// text is a cell of several lines as it stands.
func (r row) text(column string) string {
	at, there := r.found.columns[column]
	if !there || at >= len(r.cells) {
		return ""
	}
	text := strings.TrimSpace(r.cells[at])
	if len(text) > 1 && text[0] == '\'' && strings.IndexByte("=+-@", text[1]) >= 0 {
		return text[1:] // what our own lists put before what a spreadsheet would take for a formula
	}
	return text
}

// heading is how the file itself calls a column.
func (r row) heading(column string) string {
	if at, there := r.found.columns[column]; there {
		return r.found.header[at]
	}
	return column
}

// raw is the row for people to look at later, by heading.
func (r row) raw() map[string]string {
	raw := make(map[string]string, len(r.cells))
	for i, cell := range r.cells {
		name := fmt.Sprintf("column %d", i+1)
		if i < len(r.found.header) && r.found.header[i] != "" {
			name = r.found.header[i]
		}
		if cell != "" {
			raw[strings.ReplaceAll(strings.ToValidUTF8(name, "?"), "\x00", "")] = shorten(cell, 500)
		}
	}
	return raw
}

// shape says what is wrong with the row as a row, before anybody reads its values; nil when nothing is.
func (r row) shape() *Issue {
	want := len(r.found.header)
	cells := r.cells
	for len(cells) > want && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1] // a spreadsheet's empty columns on the right
	}
	issue := Issue{Line: r.line, Refused: true}
	switch {
	case strings.TrimSpace(strings.Join(cells, "")) == "":
		issue.Code, issue.Reason = "empty", "The row is empty."
	case len(cells) != want:
		issue.Code, issue.Reason = "columns", fmt.Sprintf("The row has %d of %d columns.", len(cells), want)
		if r.lastLine > r.line+5 {
			issue.Reason += fmt.Sprintf(" It runs on to line %d: probably a quotation mark in it is never closed.", r.lastLine)
		}
	default:
		for i, cell := range cells {
			if said := unstorable(cell); said != "" {
				issue.Code, issue.Column, issue.Value, issue.Reason = "characters", r.found.header[i], shorten(cell, 60), said
				return &issue
			}
		}
		return nil
	}
	return &issue
}

// mostInCell is far above what any column takes; longer cells are mistakes.
const mostInCell = 10_000

func unstorable(cell string) string {
	if strings.ContainsFunc(cell, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' }) {
		return "It holds a character that is not text."
	}
	if letters := utf8.RuneCountInString(cell); letters > mostInCell {
		return fmt.Sprintf("It has %d characters; %d is the most.", letters, mostInCell)
	}
	return ""
}

// reader reads rows, and gives up on one that never ends.
type reader struct {
	csv   *csv.Reader
	gauge *gauge
	found *found
	line  int // where the last row began
}

// gauge counts what was read since the row began.
type gauge struct {
	source io.Reader
	since  int
}

// mostInRow bounds the memory that one row can take.
const mostInRow = 8 << 20

var errEndless = errors.New("a row that never ends")

func (g *gauge) Read(into []byte) (int, error) {
	if g.since > mostInRow {
		return 0, errEndless
	}
	n, err := g.source.Read(into)
	g.since += n
	return n, err
}

func newReader(source io.Reader, f *found) *reader {
	g := &gauge{source: f.decode(source)}
	r := csv.NewReader(g)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = f.delimiter, true, -1
	return &reader{csv: r, gauge: g, found: f}
}

// next is the next row; io.EOF after the last.
func (r *reader) next() (row, error) {
	r.gauge.since = 0
	cells, err := r.csv.Read()
	if errors.Is(err, errEndless) {
		return row{}, problem("The row after line %d never ends: probably a quotation mark in it is never closed. What stands before it is imported.", r.line)
	}
	if err != nil {
		return row{}, err
	}
	r.line, _ = r.csv.FieldPos(0)
	last, _ := r.csv.FieldPos(len(cells) - 1)
	return row{line: r.line, lastLine: last + strings.Count(cells[len(cells)-1], "\n"), cells: cells, found: r.found}, nil
}
