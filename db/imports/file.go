package imports

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"purplecross/db"
)

// WhyColumn is the column that our file of refused rows adds. It is none of the file's own.
const WhyColumn = "Why it was refused"

// Upload keeps a file and says what it seems to be. What cannot be a list is a *Problem, and nothing is kept.
func Upload(ctx context.Context, pool *pgxpool.Pool, name string, source io.ReadSeeker) (int64, error) {
	f, err := look(ctx, source)
	if err != nil {
		return 0, err
	}
	_, from, err := f.guess(ctx, pool)
	if err != nil {
		return 0, err
	}
	return f.keep(ctx, pool, name, from, source)
}

// guess finds what the file is: as the last file of these headings was, or by the headings.
func (f *found) guess(ctx context.Context, conn db.Conn) (kind *Kind, source string, err error) {
	var key string
	var columns map[string]string
	err = conn.QueryRow(ctx, `
		select kind, source, columns
		from import_mapping
		where header_key = $1`, headerKey(f.header)).Scan(&key, &source, &columns)
	if err == nil && KindOf(key) != nil {
		f.kind, f.columns = KindOf(key), Mapping{}
		for field, heading := range columns {
			if at := slices.IndexFunc(f.header, func(h string) bool { return columnKey(h) == heading }); at >= 0 {
				f.columns[field] = at
			}
		}
		return f.kind, source, nil
	}
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, "", err
	}
	f.kind, f.columns = GuessKind(f.header)
	return f.kind, f.kind.source, nil
}

// headerKey is the same for files of the same headings, in whatever order.
func headerKey(header []string) []byte {
	var keys []string
	for _, heading := range header {
		if heading != WhyColumn {
			keys = append(keys, columnKey(heading))
		}
	}
	slices.Sort(keys)
	sum := sha256.Sum256([]byte(strings.Join(keys, "\x1f")))
	return sum[:]
}

// keep stores a file and its batch.
func (f *found) keep(ctx context.Context, pool *pgxpool.Pool, name, from string, source io.ReadSeeker) (int64, error) {
	if _, err := source.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	var id int64
	err := db.InTx(ctx, pool, func(tx pgx.Tx) (err error) {
		id, err = db.AddImport(ctx, tx, db.ImportBatch{
			Kind: f.kind.Key, Source: from, Filename: shorten(strings.ToValidUTF8(name, "?"), 200), SHA256: f.sha256, Encoding: f.encoding, Delimiter: string(f.delimiter),
			Header: f.header, Mapping: f.columns, Bytes: f.bytes, Lines: max(f.lines-1, 0),
		})
		if err != nil {
			return err
		}
		part := make([]byte, filePart)
		for seq := 0; ; seq++ {
			n, err := io.ReadFull(source, part)
			if n > 0 {
				if err := db.AddImportPart(ctx, tx, id, seq, part[:n]); err != nil {
					return err
				}
			}
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				return nil
			}
			if err != nil {
				return err
			}
		}
	})
	return id, err
}

const filePart = 256 << 10

// fileReader reads a kept file part by part.
type fileReader struct {
	ctx  context.Context
	conn db.Conn
	id   int64
	seq  int
	part bytes.Reader
}

func newFileReader(ctx context.Context, conn db.Conn, id int64) *fileReader {
	return &fileReader{ctx: ctx, conn: conn, id: id}
}

func (r *fileReader) Read(into []byte) (int, error) {
	if r.part.Len() == 0 {
		part, err := db.ImportPart(r.ctx, r.conn, r.id, r.seq)
		if errors.Is(err, db.ErrNotFound) && r.seq > 0 {
			return 0, io.EOF
		}
		if errors.Is(err, db.ErrNotFound) {
			return 0, problem("The file is no longer kept. Upload it again.")
		}
		if err != nil {
			return 0, err
		}
		r.seq++
		r.part.Reset(part)
	}
	return r.part.Read(into)
}

// SetMapping says what the rows of a file are and which column is which; the next file of these headings is read so.
func SetMapping(ctx context.Context, pool *pgxpool.Pool, batch db.ImportBatch, kind *Kind, source string, mapping Mapping) error {
	if len(source) > 40 || strings.ContainsAny(source, "/\x00") {
		return db.Invalid{"source": "Use 40 characters at most, without a slash."}
	}
	if missing := kind.Missing(mapping); len(missing) > 0 {
		return db.Invalid{"": "Choose a column for: " + joinWords(missing) + "."}
	}
	columns := map[string]string{}
	for field, at := range mapping {
		if at < 0 || at >= len(batch.Header) || kind.label(field) == field {
			return db.Invalid{"": "One of the columns is not there. Open the page again."}
		}
		columns[field] = columnKey(batch.Header[at])
	}
	text, err := json.Marshal(columns)
	if err != nil {
		return err
	}
	return db.MapImport(ctx, pool, batch, kind.Key, source, mapping, headerKey(batch.Header), text)
}

// Samples are the first rows of a kept file, to show what its columns hold.
func Samples(ctx context.Context, conn db.Conn, batch db.ImportBatch, most int) ([][]string, error) {
	f := found{encoding: batch.Encoding, delimiter: []rune(batch.Delimiter)[0], header: batch.Header}
	reader := newReader(newFileReader(ctx, conn, batch.ID), &f)
	var rows [][]string
	for range most + 1 {
		r, err := reader.next()
		if wrong := new(Problem); errors.Is(err, io.EOF) || errors.As(err, &wrong) {
			break
		}
		if err != nil {
			return nil, err
		}
		cells := make([]string, len(f.header))
		for i := range cells {
			if i < len(r.cells) {
				cells[i] = shorten(r.cells[i], 60)
			}
		}
		rows = append(rows, cells)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	return rows[1:], nil
}

func joinWords(words []string) string { return strings.Join(words, ", ") }
