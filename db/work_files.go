package db

import (
	"context"
	"io"
	"time"

	"github.com/jackc/pgx/v5"
)

// WorkFile is a file that work made.
type WorkFile struct {
	WorkID    int64     `db:"work_id"`
	Resource  string    `db:"resource"` // the list that it is of, or ReportFile
	Name      string    `db:"name"`
	MediaType string    `db:"media_type"`
	Bytes     int64     `db:"bytes"`
	ExpiresAt time.Time `db:"expires_at"`
}

const (
	filePart = 256 << 10
	// WorkFileKept is how long the file of a list can be fetched.
	WorkFileKept = 24 * time.Hour
	// ReportKept is how long a report can be: somebody asks after last month's.
	ReportKept = 30 * 24 * time.Hour
	// ReportFile is the resource of files that are reports: those may be fetched by whoever may see reports.
	ReportFile = "report"
)

// kept is how long the file can be fetched.
func (f WorkFile) kept() time.Duration {
	if f.Resource == ReportFile {
		return ReportKept
	}
	return WorkFileKept
}

// FileWriter keeps a file in the database, part by part, in the transaction of what else is to be true once it is whole.
type FileWriter struct {
	ctx  context.Context
	tx   Conn
	file WorkFile
	part []byte
	seq  int
}

// NewFileWriter begins a file; what an earlier try left of it goes.
func NewFileWriter(ctx context.Context, tx Conn, file WorkFile) (*FileWriter, error) {
	_, err := tx.Exec(ctx, `
		with whole as (
		  delete from work_file where work_id = $1
		)
		delete from work_file_part
		 where work_id = $1`, file.WorkID)
	return &FileWriter{ctx: ctx, tx: tx, file: file, part: make([]byte, 0, filePart)}, wrap(err, "begin file of work %d", file.WorkID)
}

// Write takes the next bytes.
func (w *FileWriter) Write(bytes []byte) (int, error) {
	taken := 0
	for taken < len(bytes) {
		n := copy(w.part[len(w.part):cap(w.part)], bytes[taken:])
		w.part, taken = w.part[:len(w.part)+n], taken+n
		if len(w.part) == cap(w.part) {
			if err := w.flush(); err != nil {
				return taken, err
			}
		}
	}
	return taken, nil
}

func (w *FileWriter) flush() error {
	w.seq++
	_, err := w.tx.Exec(w.ctx, `
		insert into work_file_part (work_id, seq, part)
		values ($1, $2, $3)`, w.file.WorkID, w.seq, w.part)
	w.file.Bytes += int64(len(w.part))
	w.part = w.part[:0]
	return wrap(err, "write file of work %d", w.file.WorkID)
}

// Close makes the file whole.
func (w *FileWriter) Close() error {
	if err := w.flush(); err != nil {
		return err
	}
	_, err := w.tx.Exec(w.ctx, `
		insert into work_file (work_id, resource, name, media_type, bytes, expires_at)
		values ($1, $2, $3, $4, $5, clock_timestamp() + $6 * interval '1 second')`,
		w.file.WorkID, w.file.Resource, w.file.Name, w.file.MediaType, w.file.Bytes, w.file.kept().Seconds())
	return wrap(err, "keep file of work %d", w.file.WorkID)
}

// GetWorkFile is the file that work made, as long as it is kept.
func GetWorkFile(ctx context.Context, conn Conn, workID int64) (WorkFile, error) {
	rows, _ := conn.Query(ctx, `
		select work_id, resource, name, media_type, bytes, expires_at
		  from work_file
		 where work_id = $1 and expires_at > now()`, workID)
	file, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[WorkFile])
	return file, wrap(err, "get file of work %d", workID)
}

// CopyWorkFile writes the file's bytes, a part at a time.
func CopyWorkFile(ctx context.Context, conn Conn, workID int64, to io.Writer) error {
	rows, err := conn.Query(ctx, `
		select part
		  from work_file_part
		 where work_id = $1
		 order by seq`, workID)
	if err != nil {
		return wrap(err, "read file of work %d", workID)
	}
	defer rows.Close()
	for rows.Next() {
		var part []byte
		if err := rows.Scan(&part); err != nil {
			return wrap(err, "read file of work %d", workID)
		}
		if _, err := to.Write(part); err != nil {
			return err
		}
	}
	return wrap(rows.Err(), "read file of work %d", workID)
}

// ExpireWorkFiles removes files whose time is over, and says so where they were.
func ExpireWorkFiles(ctx context.Context, conn Conn) error {
	_, err := conn.Exec(ctx, `
		with expired as (
		  delete from work_file where expires_at <= now() returning work_id
		), parts as (
		  delete from work_file_part p using expired e where p.work_id = e.work_id
		)
		update work w
		   set result_href = '', result_label = '', outcome = 'The file was kept for a while and is gone. Make it again.'
		  from expired e
		 where w.id = e.work_id`)
	return wrap(err, "expire files")
}

// targetsTogether is how many ids stand in one row.
const targetsTogether = 1000

// AddWorkTargets writes down which records work is about, in order.
func AddWorkTargets(ctx context.Context, conn Conn, workID int64, ids []int64) error {
	rows := make([][]any, 0, len(ids)/targetsTogether+1)
	for from := 0; from < len(ids); from += targetsTogether {
		rows = append(rows, []any{workID, len(rows), ids[from:min(from+targetsTogether, len(ids))]})
	}
	return wrap(InTx(ctx, conn, func(tx pgx.Tx) error {
		_, err := tx.CopyFrom(ctx, pgx.Identifier{"work_target"}, []string{"work_id", "seq", "ids"}, pgx.CopyFromRows(rows))
		return err
	}), "add targets of work %d", workID)
}

// WorkTargets are the records from the n-th thousand on, a thousand at most; none after the last.
func WorkTargets(ctx context.Context, conn Conn, workID int64, thousand int) ([]int64, error) {
	rows, _ := conn.Query(ctx, `
		select unnest(ids)
		  from work_target
		 where work_id = $1 and seq = $2`, workID, thousand)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	return ids, wrap(err, "read targets of work %d", workID)
}
