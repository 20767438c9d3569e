package imports

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"purplecross/db"
)

// FixRow puts a person's values in place of those of a row, keeps them, and checks the row alone. What is still wrong
// with it stands in the answer. Cells that are as they were shown stay as the file has them.
func FixRow(ctx context.Context, pool *pgxpool.Pool, batch db.ImportBatch, line int, typed []string) (db.ImportRow, error) {
	row, err := db.GetImportRow(ctx, pool, batch.ID, line)
	if err != nil {
		return row, err
	}
	if batch.Busy() {
		return row, db.Invalid{"": "The import is at work. Mend the row when it is done."}
	}
	f, err := foundOf(batch)
	if err != nil {
		return row, err
	}
	shown := Cells(batch, row)
	fixed := row.Fixed
	if fixed == nil {
		fixed = map[int]string{}
	}
	for at, value := range typed {
		if at < len(shown) && value != shown[at] {
			if len(value) > mostInCell {
				return row, db.Invalid{fmt.Sprintf("cell_%d", at): fmt.Sprintf("%d characters are the most.", mostInCell)}
			}
			fixed[at] = strings.ReplaceAll(value, "\x00", "")
		}
	}
	if len(fixed) == 0 && len(shown) == len(batch.Header) {
		fixed[0] = shown[0] // looked at and left: it has as many columns as it should now
	}
	if err := db.FixImportRow(ctx, pool, batch.ID, line, fixed); err != nil {
		return row, err
	}

	conn, err := pool.Acquire(ctx)
	if err != nil {
		return row, err
	}
	defer conn.Release()
	im := newRun(conn, batch, f)
	im.dry = true
	if err := im.begin(ctx); err != nil {
		return row, err
	}
	if err := im.beginDry(ctx); err != nil {
		return row, err
	}
	defer im.endDry(ctx)
	g := im.read(imRow(&im.found, line, shown))
	if err := im.commit(ctx, []*reading{g}); err != nil {
		return row, err
	}
	after, err := db.GetImportRow(ctx, pool, batch.ID, line)
	return after, err
}

func imRow(f *found, line int, cells []string) row {
	return row{line: line, lastLine: line, cells: cells, found: f}
}

// Cells are a row's values in the order of the file's columns, as far as they were kept.
func Cells(batch db.ImportBatch, r db.ImportRow) []string {
	cells := make([]string, len(batch.Header))
	for i, heading := range batch.Header {
		if heading == "" {
			heading = fmt.Sprintf("column %d", i+1)
		}
		cells[i] = r.Raw[heading]
	}
	return cells
}

// WriteRefused writes the refused rows as a CSV file of the same columns, to be mended and uploaded again, with one more
// that says why. Values that a spreadsheet would take for a formula get an apostrophe, which is taken off again here.
func WriteRefused(ctx context.Context, pool *pgxpool.Pool, batch db.ImportBatch, to io.Writer) error {
	why, err := db.RefusedImportLines(ctx, pool, batch.ID)
	if err != nil {
		return err
	}
	out := csv.NewWriter(to)
	if _, err := io.WriteString(to, "\xEF\xBB\xBF"); err != nil { // or Excel takes it for Windows-1252
		return err
	}
	if err := out.Write(guarded(append(append([]string{}, batch.Header...), WhyColumn))); err != nil {
		return err
	}
	f := found{encoding: batch.Encoding, delimiter: []rune(batch.Delimiter)[0], header: batch.Header}
	reader := newReader(newFileReader(ctx, pool, batch.ID), &f)
	for {
		r, err := reader.next()
		if wrong := new(Problem); errors.Is(err, io.EOF) || errors.As(err, &wrong) {
			break
		}
		if err != nil {
			return err
		}
		reason, refused := why[r.line]
		if !refused {
			continue
		}
		cells := make([]string, len(batch.Header))
		for i := range cells {
			if i < len(r.cells) {
				cells[i] = clipped(r.cells[i])
			}
		}
		if err := out.Write(guarded(append(cells, "line "+strconv.Itoa(r.line)+": "+reason))); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// clipped cuts what no column takes; line ends stay.
func clipped(cell string) string {
	if letters := []rune(cell); len(letters) > mostInCell {
		return string(letters[:mostInCell])
	}
	return cell
}

func guarded(cells []string) []string {
	for i, cell := range cells {
		if cell != "" && strings.IndexByte("=+-@\t\r", cell[0]) >= 0 && strings.Trim(cell[1:], "0123456789.,") != "" {
			cells[i] = "'" + cell
		}
	}
	return cells
}
