package imports

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// found is what a first look at a file says about it.
type found struct {
	sha256    []byte
	lines     int
	encoding  string
	decoder   encoding.Encoding // nil for plain UTF-8
	delimiter rune
	layout    *layout
	header    []string
	columns   map[string]int // the layout's name of a column → its place
	unused    []string
}

const headSize = 64 << 10

// look reads the file once, to know its encoding for certain, and its header to know the layout.
func look(ctx context.Context, source io.ReadSeeker) (found, error) {
	f, head, err := survey(ctx, source)
	if err != nil {
		return f, err
	}
	if said := notText(head); said != "" {
		return f, problem("%s", said)
	}
	if _, err := source.Seek(0, io.SeekStart); err != nil {
		return f, err
	}
	first := make([]byte, headSize)
	n, err := io.ReadFull(f.decode(io.LimitReader(source, headSize)), first)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return f, err
	}
	return f, f.readHeader(string(first[:n]))
}

// survey reads everything: the checksum, the lines, and whether every byte is UTF-8.
func survey(ctx context.Context, source io.ReadSeeker) (f found, head []byte, err error) {
	if _, err := source.Seek(0, io.SeekStart); err != nil {
		return f, nil, err
	}
	sum, isUTF8 := sha256.New(), true
	buffer, rest := make([]byte, 1<<20), []byte(nil) // rest: a character cut in two by the buffer's end
	for {
		if err := ctx.Err(); err != nil {
			return f, nil, err
		}
		n, err := source.Read(buffer[len(rest):])
		part := buffer[:len(rest)+n]
		sum.Write(part[len(rest):])
		f.lines += bytes.Count(part[len(rest):], []byte{'\n'})
		if head == nil && n > 0 {
			head = bytes.Clone(part[:min(len(part), headSize)])
		}
		valid := validPrefix(part, errors.Is(err, io.EOF))
		isUTF8 = isUTF8 && valid >= 0
		rest = part[max(valid, 0):]
		if valid < 0 {
			rest = nil
		}
		copy(buffer, rest)
		rest = buffer[:len(rest)]
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return f, nil, err
		}
	}
	f.sha256 = sum.Sum(nil)
	f.chooseEncoding(head, isUTF8)
	return f, head, nil
}

// validPrefix is how many bytes are whole UTF-8 characters, or -1 when some are none. At the end nothing may be cut.
func validPrefix(part []byte, atEnd bool) int {
	if utf8.Valid(part) {
		return len(part)
	}
	for cut := 1; cut < utf8.UTFMax && cut <= len(part) && !atEnd; cut++ {
		if tail := part[len(part)-cut:]; utf8.RuneStart(tail[0]) && !utf8.FullRune(tail) && utf8.Valid(part[:len(part)-cut]) {
			return len(part) - cut
		}
	}
	return -1
}

func (f *found) chooseEncoding(head []byte, isUTF8 bool) {
	odd, even := 0, 0
	for i, b := range head {
		if b == 0 && i%2 == 1 {
			odd++
		} else if b == 0 {
			even++
		}
	}
	f.encoding = "utf-8"
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		f.encoding, f.decoder = "utf-16", unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		f.encoding, f.decoder = "utf-16", unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM)
	case odd > len(head)*2/5 && even < odd/8:
		f.encoding, f.decoder = "utf-16", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case even > len(head)*2/5 && odd < even/8:
		f.encoding, f.decoder = "utf-16", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		f.decoder = unicode.UTF8BOM
	case !isUTF8:
		f.encoding, f.decoder = "windows-1252", charmap.Windows1252
	}
}

func (f *found) decode(source io.Reader) io.Reader {
	if f.decoder == nil {
		return source
	}
	return transform.NewReader(source, f.decoder.NewDecoder())
}

// notText says why a file cannot be a CSV file, or nothing.
func notText(head []byte) string {
	for start, said := range map[string]string{
		"PK\x03\x04":         "This is a ZIP archive or an Excel workbook, not a CSV file. Open it and save the sheet as CSV.",
		"\xD0\xCF\x11\xE0":   "This is an old Excel workbook, not a CSV file. Open it and save the sheet as CSV.",
		"%PDF":               "This is a PDF, not a CSV file. Export the list as CSV.",
		"\x1F\x8B":           "This is a gzip archive, not a CSV file. Unpack it first.",
		"SQLite format 3":    "This is an SQLite database, not a CSV file. Export its tables as CSV.",
		"<!DOCTYPE":          "This is a web page, not a CSV file. Download the CSV itself.",
		"<html":              "This is a web page, not a CSV file. Download the CSV itself.",
		"{\\rtf":             "This is a text document, not a CSV file. Save the list as CSV.",
		"\x00\x01\x00\x00St": "This is an Access database, not a CSV file. Export its tables as CSV.",
	} {
		if bytes.HasPrefix(head, []byte(start)) {
			return said
		}
	}
	if len(bytes.TrimSpace(bytes.TrimPrefix(head, []byte{0xEF, 0xBB, 0xBF}))) == 0 {
		return "The file is empty."
	}
	odd := 0
	for _, b := range head {
		if b < 0x20 && b != '\t' && b != '\r' && b != '\n' && b != 0 {
			odd++
		}
	}
	if odd > len(head)/50 {
		return "This is not a text file. Save the list as CSV."
	}
	return ""
}

// readHeader finds the delimiter and the layout from the first line.
func (f *found) readHeader(text string) error {
	var best []string
	for _, delimiter := range []rune{',', ';', '\t', '|'} {
		reader := csv.NewReader(strings.NewReader(text))
		reader.Comma, reader.LazyQuotes, reader.FieldsPerRecord = delimiter, true, -1
		header, err := reader.Read()
		if err != nil {
			continue
		}
		for i := range header {
			header[i] = strings.TrimSpace(header[i])
		}
		if len(header) > len(best) {
			best = header
			f.delimiter = delimiter
		}
	}
	f.header = best
	if len(best) == 0 {
		return problem("The file has no heading line with the names of its columns.")
	}
	for _, candidate := range layouts {
		if f.fits(candidate) {
			return f.checkColumns()
		}
	}
	return unknownLayout(best)
}

// fits says whether every column that a layout must have is there, and then settles for it.
func (f *found) fits(candidate *layout) bool {
	f.columns, f.unused = map[string]int{}, nil
	for i, name := range f.header {
		if key := columnKey(name); candidate.knows(key) {
			f.columns[key] = i
		} else {
			f.unused = append(f.unused, name)
		}
	}
	for _, key := range candidate.required {
		if _, there := f.columns[key]; !there {
			return false
		}
	}
	f.layout = candidate
	return true
}

func (f *found) checkColumns() error {
	seen := map[string]bool{}
	for _, name := range f.header {
		if key := columnKey(name); key != "" && seen[key] {
			return problem("The column “%s” is there twice. Remove or rename one of the two.", shorten(name, 40))
		} else {
			seen[key] = true
		}
	}
	return nil
}

func columnKey(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(name), " "))
}

func unknownLayout(header []string) error {
	expected := "Expected are the columns " + layouts[0].names() + ", or " + layouts[1].names() + ", or " + layouts[2].names() + "."
	if len(header) == 1 {
		return problem("The file has one column only, “%s”. %s", shorten(header[0], 40), expected)
	}
	shown := make([]string, 0, 6)
	for _, name := range header[:min(len(header), 6)] {
		shown = append(shown, shorten(name, 24))
	}
	return problem("The columns of this file are not known: %s. %s", strings.Join(shown, ", "), expected)
}

// shorten cuts a text for showing.
func shorten(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError {
			return ' '
		}
		return r
	}, text)
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most-1]) + "…"
	}
	return text
}
