package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/db/imports"
	"purplecross/jobs"
	"purplecross/views"
	"purplecross/views/ui"
)

const importSamples = 4 // rows that are shown of a file

func (a *App) importMappingsEdit(c echo.Context) error {
	batch, err := a.importForMapping(c)
	if err != nil {
		return err
	}
	kind := imports.KindOf(batch.Kind)
	mapping := imports.Mapping(batch.Mapping)
	if other := imports.KindOf(c.QueryParam("kind")); other != nil {
		kind, mapping = other, other.Guess(batch.Header)
		if batch.Kind != other.Key {
			batch.Source = other.Source()
		}
	}

	props, err := a.importMappingPage(c, batch, kind, mapping)
	if err != nil {
		return err
	}
	return a.page(c, views.Head{Title: "What the columns are", Nav: "imports"}, views.ImportMappingPage(props))
}

// importForMapping is an import whose columns can still be named.
func (a *App) importForMapping(c echo.Context) (db.ImportBatch, error) {
	id, err := idParam(c, "id")
	if err != nil {
		return db.ImportBatch{}, err
	}
	batch, err := db.GetImport(c.Request().Context(), a.Pool, id)
	if err == nil && (len(batch.Header) == 0 || imports.KindOf(batch.Kind) == nil || batch.FileUntil == nil) {
		err = db.ErrNotFound
	}
	return batch, err
}

func (a *App) importMappingPage(c echo.Context, batch db.ImportBatch, kind *imports.Kind, mapping imports.Mapping) (views.ImportMappingPageProps, error) {
	props := views.ImportMappingPageProps{Batch: batch, Kind: kind.Key, About: kind.About, Source: batch.Source, Missing: kind.Missing(mapping)}
	for _, one := range imports.Kinds {
		props.Kinds = append(props.Kinds, ui.Option{Value: one.Key, Label: one.Title})
	}
	for _, field := range kind.Fields {
		label := field.Label
		if kind.Needed(field.Key) {
			label += " (needed)"
		}
		props.Fields = append(props.Fields, ui.Option{Value: field.Key, Label: label})
	}
	rows, err := imports.Samples(c.Request().Context(), a.Pool, batch, importSamples)
	if wrong := new(imports.Problem); err != nil && !errors.As(err, &wrong) {
		return props, err
	}
	for i, heading := range batch.Header {
		column := views.ImportColumn{Heading: heading}
		for field, at := range mapping {
			if at == i {
				column.Field = field
			}
		}
		for _, row := range rows {
			if !slices.Contains(column.Samples, row[i]) {
				column.Samples = append(column.Samples, row[i])
			}
		}
		props.Columns = append(props.Columns, column)
	}
	return props, nil
}

// importMappingsUpdate saves what the columns are, and has the file checked.
func (a *App) importMappingsUpdate(c echo.Context) error {
	ctx := c.Request().Context()
	batch, err := a.importForMapping(c)
	if err != nil {
		return err
	}
	kind := imports.KindOf(c.FormValue("kind"))
	version, err := strconv.Atoi(c.FormValue("version"))
	if kind == nil || err != nil {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	mapping, wrong := imports.Mapping{}, db.Invalid{}
	for i, heading := range batch.Header {
		name := fmt.Sprintf("column_%d", i)
		field := c.FormValue(name)
		if field == "" {
			continue
		}
		if other, twice := mapping[field]; twice {
			wrong[name] = fmt.Sprintf("“%s” and “%s” are both chosen for this. Leave one of them out.", batch.Header[other], heading)
			continue
		}
		mapping[field] = i
	}
	batch.Source, batch.Version = strings.TrimSpace(c.FormValue("source")), version

	if err = wrong.Err(); err == nil {
		err = imports.SetMapping(ctx, a.Pool, batch, kind, batch.Source, mapping)
	}
	if stale := errors.Is(err, db.ErrStale); stale || errors.As(err, &wrong) {
		now, failed := db.GetImport(ctx, a.Pool, batch.ID)
		if failed != nil {
			return failed
		}
		batch.Version = now.Version
		props, failed := a.importMappingPage(c, batch, kind, mapping)
		if failed != nil {
			return failed
		}
		status := http.StatusUnprocessableEntity
		if props.Errors = wrong; stale {
			props.Errors, props.Stale, status = nil, true, http.StatusConflict
		}
		return a.pageStatus(c, status, views.Head{Title: "What the columns are", Nav: "imports"}, views.ImportMappingPage(props))
	}
	if err != nil {
		return err
	}

	return a.importStepsCreate(jobs.ImportCheck)(c)
}
