package handlers

import (
	"context"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/views"
)

// readValues reads the named fields of a form as they were typed.
func readValues(c echo.Context, fields []string, prefix string) map[string]string {
	values := make(map[string]string, len(fields))
	for _, field := range fields {
		values[field] = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(c.FormValue(prefix+field), "\x00", ""), ""))
	}
	return values
}

// formVersion is the version that the form's reader saw; nonsense is older than any.
func formVersion(c echo.Context) int {
	version, err := strconv.Atoi(c.FormValue("version"))
	if err != nil || version < 0 {
		return 0
	}
	return version
}

// asRead is a record as it was at an earlier version, and the saves since, newest first. When the log does not reach
// back that far, known is false.
func asRead[T any](ctx context.Context, conn db.Conn, entity string, id int64, now T, versions int) (read T, saves []db.HistoryLine, known bool, err error) {
	if versions <= 0 {
		return now, nil, true, nil
	}
	if saves, err = db.LastSaves(ctx, conn, entity, id, min(versions, 100)); err != nil {
		return now, nil, false, err
	}
	if len(saves) < versions {
		return now, saves, false, nil
	}
	read, err = db.Undone(now, saves)
	return read, saves, err == nil, err
}

// takeTheirs puts the saved value into each field where the person chose it over their own.
func takeTheirs(c echo.Context, values, saved map[string]string) {
	if c.FormValue("take") == "mine" {
		return
	}
	for field := range values {
		if c.FormValue("take."+field) == "theirs" {
			values[field] = saved[field]
		}
	}
}

// conflictFields are the fields that others changed since read and that differ from mine. Where it is not known what
// they changed (read is nil), every difference counts.
func conflictFields(read, theirs, mine map[string]string) map[string]views.ConflictField {
	fields := map[string]views.ConflictField{}
	for field, saved := range theirs {
		if saved == mine[field] || read != nil && saved == read[field] {
			continue
		}
		fields[field] = views.ConflictField{Theirs: views.ValueWords(field, saved), Mine: read == nil || mine[field] != read[field]}
	}
	return fields
}

// conflictOf says who saved the record meanwhile, and where theirs and mine differ.
func conflictOf(record, href string, saves []db.HistoryLine, fields map[string]views.ConflictField) *views.Conflict {
	conflict := &views.Conflict{Record: record, Href: href, By: "Somebody", Saves: saves, Fields: fields}
	if len(saves) > 0 {
		conflict.By, conflict.At = saves[0].Actor, saves[0].At
	}
	return conflict
}
