package imports

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"io"
	"slices"
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
	bytes     int64
	encoding  string
	delimiter rune
	header    []string
	kind      *Kind
	columns   Mapping
}

const headSize = 64 << 10

// look reads the file once, to know its encoding for certain, and its header.
func look(ctx context.Context, source io.ReadSeeker) (found, error) {
	f, head, err := survey(ctx, source)
	if err != nil {
		return f, err
	}
	if said := notText(head); said != "" {
		return f, problem("%s", said)
	}
	if nuls := bytes.Count(head, []byte{0}); nuls > len(head)/50 && !strings.HasPrefix(f.encoding, "utf-16") {
		return f, problem("The file holds NUL bytes where text should be, so it is damaged or no text file. Save the list as CSV again.")
	}
	if _, err := source.Seek(0, io.SeekStart); err != nil {
		return f, err
	}
	first := make([]byte, headSize)
	n, err := io.ReadFull(f.decode(io.LimitReader(source, headSize)), first)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return f, err
	}
	if n == headSize && bytes.IndexByte(first, '\n') < 0 && bytes.IndexByte(first, '\r') < 0 {
		return f, problem("The first line has more than 64 kB, so it is no line of headings. Save the list as CSV, with the columns' names in its first line.")
	}
	return f, f.readHeader(string(first[:n]))
}

// survey reads everything: the checksum, the lines, and whether every byte is UTF-8.
func survey(ctx context.Context, source io.ReadSeeker) (f found, head []byte, err error) {
	if _, err := source.Seek(0, io.SeekStart); err != nil {
		return f, nil, err
	}
	sum, isUTF8, controls := sha256.New(), true, false // controls: bytes that Windows-1252 has letters for and Latin-1 has not
	buffer, rest := make([]byte, 1<<20), []byte(nil)   // rest: a character cut in two by the buffer's end
	for {
		if err := ctx.Err(); err != nil {
			return f, nil, err
		}
		n, err := source.Read(buffer[len(rest):])
		part := buffer[:len(rest)+n]
		sum.Write(part[len(rest):])
		f.lines += bytes.Count(part[len(rest):], []byte{'\n'})
		f.bytes += int64(n)
		if head == nil && n > 0 {
			head = bytes.Clone(part[:min(len(part), headSize)])
		}
		valid := validPrefix(part, errors.Is(err, io.EOF))
		if isUTF8 = isUTF8 && valid >= 0; !isUTF8 && !controls {
			controls = slices.ContainsFunc(part, func(b byte) bool { return b >= 0x80 && b <= 0x9F })
		}
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
	f.chooseEncoding(head, isUTF8, controls)
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

func (f *found) chooseEncoding(head []byte, isUTF8, controls bool) {
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
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}), odd > len(head)*2/5 && even < odd/8:
		f.encoding = "utf-16le"
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}), even > len(head)*2/5 && odd < even/8:
		f.encoding = "utf-16be"
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		f.encoding = "utf-8-bom"
	case !isUTF8 && controls:
		f.encoding = "windows-1252"
	case !isUTF8:
		f.encoding = "iso-8859-1"
	}
}

// encodings are the ways to write text that are understood. Latin-1 is read as Windows-1252, which has all its letters.
var encodings = map[string]encoding.Encoding{
	"utf-8": nil, "utf-8-bom": unicode.UTF8BOM,
	"utf-16le": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "utf-16be": unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
	"windows-1252": charmap.Windows1252, "iso-8859-1": charmap.Windows1252,
}

func (f *found) decode(source io.Reader) io.Reader {
	decoder := encodings[f.encoding]
	if decoder == nil {
		return source
	}
	return transform.NewReader(source, decoder.NewDecoder())
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

// readHeader finds the delimiter and the headings from the first line.
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
	for i, heading := range best {
		best[i] = strings.ReplaceAll(shorten(heading, 200), "\x00", "")
	}
	f.header = best
	switch {
	case len(best) == 0 || strings.Join(best, "") == "":
		return problem("The file has no heading line with the names of its columns.")
	case len(best) == 1:
		return problem("The file has one column only, “%s”. Columns are separated by commas, semicolons or tabs.", shorten(best[0], 40))
	case len(best) > mostColumns:
		return problem("The file has %d columns; %d are the most.", len(best), mostColumns)
	}
	return f.checkColumns()
}

const mostColumns = 200

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

// unused are the columns that the mapping leaves out.
func (f *found) unused() []string {
	var unused []string
	for i, name := range f.header {
		used := false
		for _, at := range f.columns {
			used = used || at == i
		}
		if !used && name != WhyColumn {
			unused = append(unused, name)
		}
	}
	return unused
}

func columnKey(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(name), " "))
}

func unknownLayout(header []string) error {
	shown := make([]string, 0, 6)
	for _, name := range header[:min(len(header), 6)] {
		shown = append(shown, shorten(name, 24))
	}
	return problem("The columns of this file are not known: %s. Upload it at /imports, where you can say which is which.", strings.Join(shown, ", "))
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
