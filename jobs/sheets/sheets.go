// Package sheets writes the rows of a list as files that spreadsheets read, one row after the other: a million rows need
// the memory of one.
package sheets

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"time"

	"purplecross/db/grid"
)

// Format is a kind of file.
type Format string

// The formats; the words are the ends of files' names.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

// Type is the format's media type.
func (f Format) Type() string {
	switch f {
	case PDF:
		return "application/pdf"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/csv; charset=utf-8; header=present"
}

// ErrTooLong says that a file of this format cannot have so many rows.
var ErrTooLong = errors.New("too many rows for this format")

// Writer writes one file. What Add took may reach the file only with Flush or Close; a file that was not closed is none.
type Writer interface {
	Add(row grid.Row) error
	Flush() error
	Close() error
}

// New begins a file of a list's columns, with moments in the clinic's zone.
func New(format Format, w io.Writer, name string, columns []*grid.Column, zone *time.Location) (Writer, error) {
	if format == XLSX {
		return newXLSX(w, name, columns, zone)
	}
	return newCSV(w, columns, zone)
}

// head is a column's heading, with its unit.
func head(column *grid.Column) string {
	if unit := column.Unit(); unit != "" {
		return column.Name() + " (" + unit + ")"
	}
	return column.Name()
}

// csvFile is RFC 4180 in UTF-8, which spreadsheets read only where a byte order mark says so.
type csvFile struct {
	csv     *csv.Writer
	columns []*grid.Column
	zone    *time.Location
	cells   []string
}

func newCSV(w io.Writer, columns []*grid.Column, zone *time.Location) (*csvFile, error) {
	buffer := bufio.NewWriter(w) // the csv writer's own, too
	_, _ = buffer.WriteString("\uFEFF")
	file := &csvFile{csv: csv.NewWriter(buffer), columns: columns, zone: zone}
	file.csv.UseCRLF = true
	for _, column := range columns {
		file.cells = append(file.cells, head(column))
	}
	return file, file.csv.Write(file.cells)
}

func (f *csvFile) Add(row grid.Row) error {
	f.cells = f.cells[:0]
	for _, column := range f.columns {
		f.cells = append(f.cells, Text(column, row, f.zone))
	}
	return f.csv.Write(f.cells)
}

func (f *csvFile) Flush() error {
	f.csv.Flush()
	return f.csv.Error()
}

func (f *csvFile) Close() error { return f.Flush() }
