package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// ImportStatus is how far an import has come.
type ImportStatus string

// The statuses, in the order an import takes them.
const (
	ImportUploaded   ImportStatus = "uploaded"
	ImportValidating ImportStatus = "validating" // the dry run
	ImportValidated  ImportStatus = "validated"
	ImportCommitting ImportStatus = "committing"
	ImportStopped    ImportStatus = "stopped" // in the middle, by a person; it goes on where it was
	ImportCommitted  ImportStatus = "committed"
	ImportUndoing    ImportStatus = "undoing"
	ImportUndone     ImportStatus = "undone"
	ImportFailed     ImportStatus = "failed"
)

// ImportBatch is a file that is imported. Total is Added, Updated, Unchanged, Refused and Waiting together.
type ImportBatch struct {
	ID          int64           `db:"id"`
	Kind        string          `db:"kind"`
	Source      string          `db:"source"` // whose numbers they are
	Filename    string          `db:"filename"`
	SHA256      []byte          `db:"sha256"`
	Encoding    string          `db:"encoding"`
	Delimiter   string          `db:"delimiter"`
	Header      []string        `db:"header"`
	Mapping     map[string]int  `db:"mapping"` // field → column, from 0
	Bytes       int64           `db:"bytes"`
	Lines       int             `db:"lines"` // about how many rows, until they are counted
	Status      ImportStatus    `db:"status"`
	Total       int             `db:"total"`
	Added       int             `db:"added"`
	Updated     int             `db:"updated"`
	Unchanged   int             `db:"unchanged"`
	Refused     int             `db:"refused"`
	Waiting     int             `db:"waiting"`
	Done        int             `db:"done"`
	Kept        int             `db:"kept"` // records that its undo left
	Checked     *ImportFindings `db:"checked"`
	Trouble     string          `db:"trouble"`
	WorkID      *int64          `db:"work_id"`
	By          string          `db:"by"`
	Version     int             `db:"version"`
	CreatedAt   time.Time       `db:"created_at"`
	CommittedAt *time.Time      `db:"committed_at"`
	FileUntil   *time.Time      `db:"file_until"` // nil when the file is gone
}

// ImportFindings is what a dry run found.
type ImportFindings struct {
	Total, Added, Updated, Unchanged, Refused, Waiting int
	ClientsAdded, PatientsAdded                        int
	RefusedBy, NotedBy                                 map[string]int // rows by the kind of issue
	Unused                                             []string       // columns that nothing is read from
}

// Busy says whether a job is at it.
func (b ImportBatch) Busy() bool {
	return b.Status == ImportValidating || b.Status == ImportCommitting || b.Status == ImportUndoing
}

// importFileKept is how long a file, and what is said of its rows, is kept.
const importFileKept = 30 * 24 * time.Hour

const selectImport = `
	select i.id, i.kind, i.source, i.filename, i.sha256, i.encoding, i.delimiter, i.header, i.mapping, i.bytes, i.lines, i.status, i.total,
	       i.added, i.updated, i.unchanged, i.refused, i.waiting, i.done, i.kept, i.checked, i.trouble, i.work_id,
	       coalesce(s.display_name, '') as by, i.version, i.created_at, i.committed_at, f.expires_at as file_until
	  from import_batch i
	  left join staff s on s.id = i.created_by
	  left join import_file f on f.batch_id = i.id`

// GetImport reads one import.
func GetImport(ctx context.Context, conn Conn, id int64) (ImportBatch, error) {
	rows, _ := conn.Query(ctx, selectImport+`
		 where i.id = $1`, id)
	batch, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[ImportBatch])
	return batch, wrap(err, "get import %d", id)
}

// AddImport writes down that a file is there.
func AddImport(ctx context.Context, tx Conn, b ImportBatch) (int64, error) {
	var id int64
	err := tx.QueryRow(ctx, `
		insert into import_batch (kind, source, filename, sha256, encoding, delimiter, header, mapping, bytes, lines, created_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, nullif($11, 0))
		returning id`,
		b.Kind, b.Source, b.Filename, b.SHA256, b.Encoding, b.Delimiter, b.Header, b.Mapping, b.Bytes, b.Lines, ActorFrom(ctx).StaffID).Scan(&id)
	if err != nil {
		return 0, wrap(err, "add import")
	}
	_, err = tx.Exec(ctx, `
		insert into import_file (batch_id, expires_at)
		values ($1, now() + $2 * interval '1 second')`, id, importFileKept.Seconds())
	if err != nil {
		return 0, wrap(err, "add import")
	}
	return id, Audit(ctx, tx, Audited{Action: "uploaded", Entity: "import_batch", EntityID: id, Diff: Diff{"bytes": {nil, b.Bytes}}})
}

// AddImportPart keeps the next part of a file.
func AddImportPart(ctx context.Context, tx Conn, id int64, seq int, part []byte) error {
	_, err := tx.Exec(ctx, `
		insert into import_file_part (batch_id, seq, part)
		values ($1, $2, $3)`, id, seq, part)
	return wrap(err, "keep part %d of import %d", seq, id)
}

// ImportPart reads a part of a file; ErrNotFound after the last.
func ImportPart(ctx context.Context, conn Conn, id int64, seq int) ([]byte, error) {
	var part []byte
	err := conn.QueryRow(ctx, `
		select part
		  from import_file_part
		 where batch_id = $1 and seq = $2`, id, seq).Scan(&part)
	return part, wrap(err, "read part %d of import %d", seq, id)
}

// MapImport saves what a file's columns are, over the version that was read, and remembers it for the next file.
func MapImport(ctx context.Context, conn Conn, b ImportBatch, kind, source string, mapping map[string]int, headerKey, columns []byte) error {
	return wrap(InTx(ctx, conn, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			update import_batch
			   set kind = $3, source = $4, mapping = $5, status = 'uploaded', checked = null, trouble = '', version = version + 1
			 where id = $1 and version = $2 and status in ('uploaded', 'validated', 'failed') and done = 0`, b.ID, b.Version, kind, source, mapping)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return ErrStale
		}
		_, err = tx.Exec(ctx, `
			insert into import_mapping (header_key, kind, source, columns, used_by)
			values ($1, $2, $3, $4, nullif($5, 0))
			on conflict (header_key) do update
			   set kind = excluded.kind, source = excluded.source, columns = excluded.columns, used_at = now(), used_by = excluded.used_by`,
			headerKey, kind, source, columns, ActorFrom(ctx).StaffID)
		if err != nil {
			return err
		}
		return Audit(ctx, tx, Audited{Action: "mapped", Entity: "import_batch", EntityID: b.ID, Diff: Diff{"kind": {b.Kind, kind}}})
	}), "map import %d", b.ID)
}

// startable are the statuses from which a step may begin. A step that was killed begins again in its own.
var startable = map[ImportStatus][]ImportStatus{
	ImportValidating: {ImportUploaded, ImportValidating, ImportValidated, ImportFailed, ImportUndone},
	ImportCommitting: {ImportUploaded, ImportValidated, ImportCommitting, ImportStopped, ImportCommitted, ImportFailed},
	ImportUndoing:    {ImportCommitted, ImportStopped, ImportFailed, ImportUndoing},
}

// BeginImport has a step of an import begin, or go on.
func BeginImport(ctx context.Context, conn Conn, id int64, step ImportStatus) (ImportBatch, error) {
	tag, err := conn.Exec(ctx, `
		update import_batch
		   set status = $2, trouble = '', version = version + 1
		 where id = $1 and status::text = any($3)
		   and ($2::import_status <> 'validating' or done = 0)`, id, step, startable[step])
	if err != nil {
		return ImportBatch{}, wrap(err, "begin import %d", id)
	}
	if tag.RowsAffected() == 0 {
		return ImportBatch{}, wrap(Invalid{"": "The import is at another step by now. Open its page again."}, "begin import %d", id)
	}
	return GetImport(ctx, conn, id)
}

// LeaveImport notes that a step did not come to its end: by a person, or because of the file.
func LeaveImport(ctx context.Context, conn Conn, id int64, step ImportStatus, trouble string, stopped bool) error {
	status := ImportFailed
	switch {
	case stopped && step == ImportValidating:
		status = ImportUploaded
	case stopped && step == ImportCommitting:
		status = ImportStopped
	case step == ImportUndoing:
		status = ImportCommitted
	}
	_, err := conn.Exec(ctx, `
		update import_batch
		   set status = $2, trouble = $3, version = version + 1
		 where id = $1 and status = $4`, id, status, trouble, step)
	return wrap(err, "leave import %d", id)
}

// SetImportWork notes which work is at an import.
func SetImportWork(ctx context.Context, conn Conn, id, workID int64) error {
	_, err := conn.Exec(ctx, `
		update import_batch
		   set work_id = $2
		 where id = $1`, id, workID)
	return wrap(err, "set work of import %d", id)
}

// ExpireImports removes files whose time is over, with what was said of their rows and what an undo would need.
func ExpireImports(ctx context.Context, conn Conn) error {
	for _, table := range []string{"import_file_part", "import_row", "import_issue", "import_duplicate", "import_change", "import_file"} {
		_, err := conn.Exec(ctx, fmt.Sprintf(`
			delete from %s t
			 using import_batch b
			  left join import_file f on f.batch_id = b.id
			 where t.batch_id = b.id
			   and coalesce(f.expires_at, b.created_at + $1 * interval '1 second') <= now()
			   and b.status not in ('validating', 'committing', 'undoing')`, table), importFileKept.Seconds())
		if err != nil {
			return wrap(err, "expire imports")
		}
	}
	return nil
}
