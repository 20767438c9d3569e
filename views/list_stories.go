package views

import (
	"time"

	"purplecross/db"
	"purplecross/db/grid"
	"purplecross/views/gallery"
	"purplecross/views/ui"
)

// ListPageStories show the page of a list with the cells that it has in the clinic.
var ListPageStories = gallery.Component[ListPageProps]{
	Path: "Lists/List page",
	View: ListPage,
	Tags: []string{"page"},
	Stories: []gallery.Story[ListPageProps]{
		{Name: "Patients", From: func(w *gallery.World) ListPageProps {
			return storyList(PatientsList, &db.PatientsGrid, []map[string]any{
				{"name": "Biscuit", "species": "dog", "breed": "Labrador Retriever", "born": w.Now.AddDate(-4, -2, 0), "weight": int32(31500), "owner": "Okafor, June", "last_visit": w.Now, "status": "active", "species_": "dog", "client_id": int64(1), "alert_": "Bites when held by the collar"},
				{"name": "Chloé", "species": "cat", "breed": "Domestic Shorthair", "born": w.Now.AddDate(-12, 0, 0), "weight": int32(3900), "owner": "Lindqvist-O’Brien, Zoë", "last_visit": w.Now.AddDate(0, 0, -20), "status": "active", "species_": "cat", "client_id": int64(2), "dob_estimated": true},
				{"name": "Hedwig", "species": "bird", "owner": "Tanaka, Wei", "status": "deceased", "species_": "bird", "client_id": int64(3)},
			})
		}},
		{Name: "Clients", From: func(w *gallery.World) ListPageProps {
			return storyList(ClientsList, &db.ClientsGrid, []map[string]any{
				{"name": "Okafor, June", "mobile": "+19705550167", "email": "june.okafor@example.org", "pets": "Biscuit, Pepper", "last_visit": w.Now, "status": "active", "alert_": "Pays at the visit"},
				{"name": "Lindqvist-O’Brien, Zoë", "mobile": "+4915555501", "email": "zoe.lindqvist-obrien.of.the.hill@example.com", "pets": "Chloé", "status": "inactive"},
			})
		}},
		{Name: "Staff", From: func(w *gallery.World) ListPageProps {
			return storyList(StaffList, &db.StaffGrid, []map[string]any{
				{"name": "Dr Amelia Tran", "email": "amelia.tran@example.org", "role": "vet", "bookable": true, "active": true, "last_login": w.Now, "initials": "AT", "colour": int16(2)},
			})
		}},
		{Name: "Visits", From: func(w *gallery.World) ListPageProps {
			at := time.Date(w.Now.Year(), w.Now.Month(), w.Now.Day(), 14, 30, 0, 0, w.Now.Location())
			return storyList(AppointmentsList, &db.AppointmentsGrid, []map[string]any{
				{"starts": at, "patient": "Biscuit", "owner": "Okafor, June", "type": "Vaccination", "vet": "Dr Alder", "room": "Room 2", "status": "arrived", "reason": "Limps since Sunday", "species_": "dog", "patient_id": int64(1), "client_id": int64(1), "type_colour": int16(3)},
				{"starts": at.AddDate(0, 0, 4), "patient": "Chloé", "owner": "Lindqvist-O’Brien, Zoë", "type": "Consultation", "vet": "Dr Birch", "status": "booked", "species_": "cat", "patient_id": int64(2), "client_id": int64(2), "type_colour": int16(1)},
			})
		}},
	},
}

func storyList(list List, resource *grid.Resource, rows []map[string]any) ListPageProps {
	question, _ := grid.Ask(resource, nil)
	props := ui.GridProps{
		Label: list.Title, First: 1, Count: ui.GridCountProps{N: len(rows), Exact: true, One: resource.One, Many: resource.Many},
		Search: ui.GridSearch{Label: resource.SearchLabel},
	}
	for _, column := range question.Showing() {
		props.Columns = append(props.Columns, ui.GridColumn{Key: column.Key, Label: column.Label, Width: column.Width, Number: column.Numeric(), Toggle: "#sort"})
	}
	for i, values := range rows {
		var row ui.GridRow
		for _, column := range question.Showing() {
			row.Cells = append(row.Cells, list.Cell(column, grid.NewRow(int64(i+1), values)))
		}
		props.Rows = append(props.Rows, row)
	}
	return ListPageProps{List: list, Grid: props}
}
