package sheets

import (
	_ "embed" // the fonts
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"codeberg.org/go-pdf/fpdf"

	"purplecross/db/grid"
)

// PDF is a document to print, of no more rows than somebody reads.
const PDF Format = "pdf"

// DocumentRows is how many rows a document has at most: its pages are made in memory, and nobody reads more.
const DocumentRows = 5000

//go:embed fonts/DejaVuSansCondensed.ttf
var plainFont []byte

//go:embed fonts/DejaVuSansCondensed-Bold.ttf
var boldFont []byte

// Document is what stands around the rows of a printed report.
type Document struct {
	Title    string
	Subtitle string      // of which days, of whom
	Foot     string      // the clinic, and when it was made
	Figures  [][2]string // label and value
	None     string      // instead of rows, where there are none
	Made     time.Time   // the same makes the same bytes
}

// A4 on its side, in millimetres; what is printed fits US Letter too.
const (
	pdfMargin  = 14.0
	pdfWidth   = 297 - 2*pdfMargin
	pdfBottom  = 18.0
	pdfLine    = 4.2
	pdfPadding = 1.2
	pdfText    = 8.0
	pdfLines   = 12 // of a cell
)

type pdfFile struct {
	pdf     *fpdf.Fpdf
	w       io.Writer
	doc     Document
	columns []*grid.Column
	widths  []float64
	zone    *time.Location
	rows    int
}

// NewDocument begins a printed report of these columns. More than DocumentRows rows are refused.
func NewDocument(w io.Writer, doc Document, columns []*grid.Column, zone *time.Location) Writer {
	f := &pdfFile{pdf: fpdf.New("L", "mm", "A4", ""), w: w, doc: doc, columns: columns, zone: zone}
	pdf := f.pdf
	pdf.SetCompression(true)
	pdf.SetCreationDate(doc.Made)
	pdf.SetModificationDate(doc.Made)
	pdf.SetCatalogSort(true)
	pdf.SetLang("en")
	pdf.SetTitle(printable(doc.Title+" · "+doc.Subtitle), true)
	pdf.SetCreator("Purple Cross", true)
	pdf.AddUTF8FontFromBytes("dejavu", "", plainFont)
	pdf.AddUTF8FontFromBytes("dejavu", "B", boldFont)
	pdf.SetMargins(pdfMargin, pdfMargin, pdfMargin)
	pdf.SetAutoPageBreak(false, pdfBottom)
	pdf.AliasNbPages("{pages}")
	pdf.SetFooterFunc(f.foot)
	total := 0
	for _, column := range columns {
		total += max(column.Width, 4)
	}
	for _, column := range columns {
		f.widths = append(f.widths, pdfWidth*float64(max(column.Width, 4))/float64(total))
	}
	pdf.AddPage()
	f.head()
	return f
}

func (f *pdfFile) foot() {
	f.pdf.SetY(-12)
	f.pdf.SetFont("dejavu", "", 7)
	f.pdf.SetTextColor(90, 90, 100)
	f.pdf.CellFormat(pdfWidth/2, 4, printable(f.doc.Foot), "", 0, "L", false, 0, "")
	f.pdf.CellFormat(pdfWidth/2, 4, fmt.Sprintf("Page %d of {pages}", f.pdf.PageNo()), "", 0, "R", false, 0, "")
	f.pdf.SetTextColor(20, 20, 30)
}

// head is the top of the first page.
func (f *pdfFile) head() {
	pdf := f.pdf
	pdf.SetTextColor(20, 20, 30)
	pdf.SetFont("dejavu", "B", 16)
	pdf.CellFormat(pdfWidth, 8, printable(f.doc.Title), "", 1, "L", false, 0, "")
	pdf.SetFont("dejavu", "", 10)
	pdf.SetTextColor(90, 90, 100)
	pdf.CellFormat(pdfWidth, 5.5, printable(f.doc.Subtitle), "", 1, "L", false, 0, "")
	pdf.SetTextColor(20, 20, 30)
	pdf.Ln(3)
	if len(f.doc.Figures) > 0 {
		width := min(pdfWidth/float64(len(f.doc.Figures)), 45)
		for _, figure := range f.doc.Figures {
			pdf.SetFont("dejavu", "B", 13)
			pdf.CellFormat(width, 6, printable(figure[1]), "", 0, "L", false, 0, "")
		}
		pdf.Ln(6)
		for _, figure := range f.doc.Figures {
			pdf.SetFont("dejavu", "", 8)
			pdf.CellFormat(width, 4, printable(figure[0]), "", 0, "L", false, 0, "")
		}
		pdf.Ln(8)
	}
}

// heads are the columns' names, on each page.
func (f *pdfFile) heads() {
	f.pdf.SetFont("dejavu", "B", pdfText)
	f.pdf.SetFillColor(236, 231, 246)
	cells := make([]string, len(f.columns))
	for i, column := range f.columns {
		cells[i] = head(column)
	}
	f.line(cells, true)
	f.pdf.SetFont("dejavu", "", pdfText)
}

// Add writes a row, as people read it.
func (f *pdfFile) Add(row grid.Row) error {
	if f.rows++; f.rows > DocumentRows {
		return ErrTooLong
	}
	if f.rows == 1 {
		f.heads()
	}
	cells := make([]string, len(f.columns))
	for i, column := range f.columns {
		cells[i] = Said(column, row, f.zone)
	}
	f.pdf.SetFillColor(247, 246, 250)
	f.line(cells, f.rows%2 == 0)
	return f.pdf.Error()
}

// line is as high as its longest cell; a page that it does not fit on ends before it.
func (f *pdfFile) line(cells []string, fill bool) {
	pdf := f.pdf
	split := make([][]string, len(cells))
	most := 1
	for i, cell := range cells {
		split[i] = f.split(cell, f.widths[i]-2*pdfPadding)
		most = max(most, len(split[i]))
	}
	height := float64(most)*pdfLine + pdfPadding
	if _, page := pdf.GetPageSize(); pdf.GetY()+height > page-pdfBottom {
		pdf.AddPage()
		if f.rows > 0 {
			f.heads()
			pdf.SetFillColor(247, 246, 250)
		}
	}
	x, y := pdfMargin, pdf.GetY()
	if fill {
		pdf.Rect(x, y, pdfWidth, height, "F")
	}
	pdf.SetDrawColor(216, 212, 226)
	pdf.Line(x, y+height, x+pdfWidth, y+height)
	for i, column := range f.columns {
		align := "L"
		if column.Numeric() {
			align = "R"
		}
		for n, words := range split[i] {
			pdf.SetXY(x+pdfPadding, y+pdfPadding/2+float64(n)*pdfLine)
			pdf.CellFormat(f.widths[i]-2*pdfPadding, pdfLine, words, "", 0, align, false, 0, "")
		}
		x += f.widths[i]
	}
	pdf.SetXY(pdfMargin, y+height)
}

// split breaks text into lines that fit, at blanks where there are any.
func (f *pdfFile) split(text string, width float64) []string {
	var lines []string
	line := ""
	put := func(word string) {
		for f.pdf.GetStringWidth(word) > width { // a word that is too long for a line
			cut := 1
			runes := []rune(word)
			for cut < len(runes) && f.pdf.GetStringWidth(string(runes[:cut+1])) <= width {
				cut++
			}
			lines = append(lines, string(runes[:cut]))
			word = string(runes[cut:])
		}
		line = word
	}
	for _, word := range strings.Fields(printable(text)) {
		switch {
		case line == "":
			put(word)
		case f.pdf.GetStringWidth(line+" "+word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			put(word)
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	if len(lines) > pdfLines {
		lines = append(lines[:pdfLines-1], "…")
	}
	return lines
}

// Flush does nothing: a document is made whole.
func (f *pdfFile) Flush() error { return f.pdf.Error() }

// Close writes the document.
func (f *pdfFile) Close() error {
	if f.rows == 0 {
		f.pdf.SetFont("dejavu", "", 10)
		f.pdf.CellFormat(pdfWidth, 8, printable(f.doc.None), "", 1, "L", false, 0, "")
	}
	return f.pdf.Output(f.w)
}

// printable leaves out what the font has no room for: control characters, and all beyond the first 65,536, such as
// pictures, which the PDF library cannot count.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r):
			return -1
		case r > 0xFFFF:
			return '□'
		}
		return r
	}, text)
}
