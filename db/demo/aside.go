package demo

import (
	"context"
	"regexp"

	"github.com/jackc/pgx/v5"
)

// putAside is what was dropped from tables: the statements that bring it back.
type putAside []string

// setAside drops the indexes of tables, and the constraints whose check costs more at every row than once at the end:
// foreign keys and exclusions. Primary keys, constraints on uniqueness and checks stay.
func setAside(ctx context.Context, tx pgx.Tx, tables ...string) (putAside, error) {
	rows, _ := tx.Query(ctx, `
		select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
		       format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as restore
		from pg_constraint
		where conrelid = any($1::text[]::regclass[]) and contype in ('f', 'x')
		union all
		select format('drop index %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
		from pg_index i
		where i.indrelid = any($1::text[]::regclass[]) and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`, tables)
	type statement struct {
		Drop    string
		Restore string
	}
	statements, err := pgx.CollectRows(rows, pgx.RowToStructByName[statement])
	if err != nil {
		return nil, err
	}
	aside := make(putAside, 0, len(statements))
	for _, s := range statements {
		if _, err := tx.Exec(ctx, s.Drop); err != nil {
			return nil, err
		}
		aside = append(aside, s.Restore)
	}
	return aside, nil
}

// slow are the kinds of index that take about as long to build as their table takes to copy.
var slow = regexp.MustCompile(`(?i)using (gin|gist)`)

func weightOf(statement string, rows int) int {
	if slow.MatchString(statement) {
		return rows * 2 / 3
	}
	return rows / 40
}

// weight is how many rows could be copied while everything is built again, for the progress.
func (p putAside) weight(rows int) (sum int) {
	for _, statement := range p {
		sum += weightOf(statement, rows)
	}
	return sum
}

func (p putAside) restore(l *loader, rows int) error {
	for _, statement := range p {
		if _, err := l.tx.Exec(l.ctx, statement); err != nil {
			return err
		}
		l.done += weightOf(statement, rows)
		if l.progress != nil {
			l.progress(l.done, l.total)
		}
	}
	return nil
}
