package db

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// HistoryLine is one line of a record's history.
type HistoryLine struct {
	ID       int64     `db:"id"`
	At       time.Time `db:"at"`
	Actor    string    `db:"actor"`
	Action   string    `db:"action"`
	Entity   string    `db:"entity"`
	EntityID int64     `db:"entity_id"`
	Subject  string    `db:"subject"` // the patient's name, where it is about one
	Diff     Diff      `db:"diff"`    // nil for what is only read with permission: notes and treatments
}

const historyColumns = `
	select l.id, l.at, l.actor, l.action, l.entity, l.entity_id,
	       coalesce(case l.entity
	         when 'patient' then (select p.name from patient p where p.id = l.entity_id)
	         when 'appointment' then (select p.name from appointment a join patient p on p.id = a.patient_id where a.id = l.entity_id)
	       end, '') as subject,
	       case when l.entity in ('client', 'patient', 'appointment') then l.diff end as diff
	  from audit_log l`

// HistoryOfClient is what was done to a household and all that belongs to it, newest first.
func HistoryOfClient(ctx context.Context, conn Conn, clientID int64, limit int) ([]HistoryLine, error) {
	lines, err := historyLines(ctx, conn, historyColumns+`
		 where l.client_id = $1
		 order by l.id desc
		 limit $2`, clientID, limit)
	return lines, wrap(err, "history of client %d", clientID)
}

// HistoryOfPatient is what was done to a patient's own record, newest first.
func HistoryOfPatient(ctx context.Context, conn Conn, patientID int64, limit int) ([]HistoryLine, error) {
	lines, err := historyLines(ctx, conn, historyColumns+`
		 where l.entity = 'patient' and l.entity_id = $1
		 order by l.id desc
		 limit $2`, patientID, limit)
	return lines, wrap(err, "history of patient %d", patientID)
}

// LastSaves are the newest saves of a record, newest first: as many as its version grew by are those that somebody
// who read it before has not seen.
func LastSaves(ctx context.Context, conn Conn, entity string, id int64, saves int) ([]HistoryLine, error) {
	lines, err := historyLines(ctx, conn, historyColumns+`
		 where l.entity = $1 and l.entity_id = $2 and l.diff is not null
		 order by l.id desc
		 limit $3`, entity, id, saves)
	return lines, wrap(err, "last saves of %s %d", entity, id)
}

func historyLines(ctx context.Context, conn Conn, sql string, args ...any) ([]HistoryLine, error) {
	rows, err := conn.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[HistoryLine])
}

// Undone is a row as it was before its newest saves were made (newest first, as LastSaves gives them).
func Undone[T any](row T, saves []HistoryLine) (T, error) {
	fields := reflect.ValueOf(&row).Elem()
	for _, save := range saves {
		for i := range fields.NumField() {
			column, _, _ := strings.Cut(fields.Type().Field(i).Tag.Get("db"), ",")
			change, changed := save.Diff[column]
			if !changed {
				continue
			}
			before, err := json.Marshal(change[0])
			if err == nil {
				fields.Field(i).SetZero()
				err = json.Unmarshal(before, fields.Field(i).Addr().Interface())
			}
			if err != nil {
				return row, wrap(err, "undo save %d", save.ID)
			}
		}
	}
	return row, nil
}
