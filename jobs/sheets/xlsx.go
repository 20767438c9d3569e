package sheets

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"purplecross/db/grid"
	"purplecross/views/ui"
)

// A spreadsheet's own bounds.
const (
	sheetRows = 1_048_576 // a further sheet takes the rest
	cellRunes = 32_767
)

// The styles of cells, as styles.xml counts them.
const (
	stylePlain = iota
	styleHead
	styleDay
	styleMoment
	styleMoney
)

// xlsxFile is an Office Open XML workbook (ECMA-376), written as it comes: its sheets are parts of a zip, one after the
// other. Text stands in the cells as text, which no spreadsheet calculates with; days and numbers are what they are.
type xlsxFile struct {
	zip     *zip.Writer
	part    *bufio.Writer // the sheet being written
	name    string
	columns []*grid.Column
	letters []string
	zone    *time.Location
	sheets  int
	row     int // of the sheet, from 1
}

func newXLSX(w io.Writer, name string, columns []*grid.Column, zone *time.Location) (*xlsxFile, error) {
	file := &xlsxFile{zip: zip.NewWriter(w), name: name, columns: columns, zone: zone}
	file.zip.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	for i := range columns {
		file.letters = append(file.letters, letters(i))
	}
	return file, file.beginSheet()
}

// letters names a column as spreadsheets do: A to Z, AA to ZZ.
func letters(i int) string {
	name := string(rune('A' + i%26))
	if i >= 26 {
		return letters(i/26-1) + name
	}
	return name
}

func (f *xlsxFile) beginSheet() error {
	f.sheets++
	f.row = 1
	part, err := f.zip.Create(fmt.Sprintf("xl/worksheets/sheet%d.xml", f.sheets))
	if err != nil {
		return err
	}
	f.part = bufio.NewWriterSize(part, 64<<10)
	f.put(xmlHead+`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`,
		`<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>`)
	for i, column := range f.columns {
		n := strconv.Itoa(i + 1)
		f.put(`<col min="`, n, `" max="`, n, `" width="`, strconv.Itoa(max(column.Width, 8)+4), `" customWidth="1"/>`)
	}
	f.put(`</cols><sheetData><row r="1">`)
	for i, column := range f.columns {
		f.text(i, styleHead, head(column))
	}
	f.put(`</row>`)
	return nil
}

func (f *xlsxFile) endSheet() error {
	f.put(`</sheetData></worksheet>`)
	return f.part.Flush()
}

func (f *xlsxFile) Add(row grid.Row) error {
	if f.row == sheetRows {
		if err := f.endSheet(); err != nil {
			return err
		}
		if err := f.beginSheet(); err != nil {
			return err
		}
	}
	f.row++
	f.put(`<row r="`, strconv.Itoa(f.row), `">`)
	for i, column := range f.columns {
		f.cell(i, column, row)
	}
	_, err := f.part.WriteString(`</row>`) // a bufio.Writer keeps its first error
	return err
}

func (f *xlsxFile) cell(i int, column *grid.Column, row grid.Row) {
	at := row.Time(column.Key)
	n, known := row.Int(column.Key)
	switch {
	case column.Kind == grid.Date && !at.IsZero():
		f.day(i, styleDay, time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC))
	case column.Kind == grid.Time && !at.IsZero():
		at = at.In(f.zone)
		f.day(i, styleMoment, time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, time.UTC))
	case column.Kind == grid.Choice:
		f.text(i, stylePlain, column.Says(row.Text(column.Key)))
	case column.Kind == grid.YesNo:
		f.text(i, stylePlain, YesNo(row.Bool(column.Key)))
	case column.Kind == grid.Money && known:
		f.number(i, styleMoney, column.Decimal(n))
	case column.Numeric() && known:
		f.number(i, stylePlain, column.Decimal(n))
	case column.Digits:
		f.text(i, stylePlain, ui.Phone(row.Text(column.Key)))
	default:
		f.text(i, stylePlain, row.Text(column.Key))
	}
}

// day writes a moment as spreadsheets count them: days since the end of 1899. Before March 1900 they count wrong, so an
// older day is text.
func (f *xlsxFile) day(i, style int, at time.Time) {
	days := at.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Seconds() / 86400
	if days < 61 || at.Year() > 9999 {
		f.text(i, stylePlain, at.Format(time.DateOnly))
		return
	}
	f.number(i, style, strconv.FormatFloat(days, 'f', -1, 64))
}

func (f *xlsxFile) number(i, style int, n string) {
	f.put(`<c r="`, f.letters[i], strconv.Itoa(f.row), `"`)
	if style != stylePlain {
		f.put(` s="`, strconv.Itoa(style), `"`)
	}
	f.put(`><v>`, n, `</v></c>`)
}

func (f *xlsxFile) text(i, style int, text string) {
	if text == "" {
		return
	}
	f.put(`<c r="`, f.letters[i], strconv.Itoa(f.row), `" t="inlineStr"`)
	if style != stylePlain {
		f.put(` s="`, strconv.Itoa(style), `"`)
	}
	f.put(`><is><t xml:space="preserve">`, escaped(text), `</t></is></c>`)
}

func (f *xlsxFile) put(parts ...string) {
	for _, part := range parts {
		_, _ = f.part.WriteString(part) // a bufio.Writer keeps its first error
	}
}

// escaped writes text for XML, without what XML cannot hold and no longer than a cell.
func escaped(text string) string {
	if utf8.RuneCountInString(text) > cellRunes {
		text = string([]rune(text)[:cellRunes])
	}
	text = strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r >= ' ' && r != '\uFFFE' && r != '\uFFFF' {
			return r
		}
		return -1
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return xmlText.Replace(text)
}

var xmlText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func (f *xlsxFile) Flush() error {
	if err := f.part.Flush(); err != nil {
		return err
	}
	return f.zip.Flush()
}

// Close ends the sheet and writes what names it.
func (f *xlsxFile) Close() error {
	if err := f.endSheet(); err != nil {
		return err
	}
	var types, sheets, links strings.Builder
	for n := 1; n <= f.sheets; n++ {
		name := f.name
		if n > 1 {
			name += " " + strconv.Itoa(n)
		}
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`, n)
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, escaped(name), n, n)
		fmt.Fprintf(&links, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, n, relations, n)
	}
	for _, part := range [][2]string{
		{"[Content_Types].xml", xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>` + types.String() + `</Types>`},
		{"_rels/.rels", xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + relations + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", xmlHead + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="` + relations + `"><sheets>` + sheets.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + links.String() + `<Relationship Id="styles" Type="` + relations + `/styles" Target="styles.xml"/></Relationships>`},
		{"xl/styles.xml", xmlHead + styles},
	} {
		w, err := f.zip.Create(part[0])
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, part[1]); err != nil {
			return err
		}
	}
	return f.zip.Close()
}

const (
	xmlHead   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	relations = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	styles    = `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
		`<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm"/></numFmts>` +
		`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		`<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
		`<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>` +
		`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>` +
		`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
)
