package views

import (
	"purplecross/db"
	"purplecross/views/gallery"
	"purplecross/views/ui"
)

// PatientSideStories show a patient beside the list.
var PatientSideStories = gallery.Component[PatientPageProps]{
	Path:   "Lists/Patient beside the list",
	View:   PatientSide,
	Use:    []string{"In the side panel of a list of patients."},
	Avoid:  []string{"In place of the patient's page."},
	Narrow: "With care due",
	Mirror: "With care due",
	Stories: []gallery.Story[PatientPageProps]{
		{Name: "With care due", From: storyPatientPage},
		{Name: "Deceased", From: func(w *gallery.World) PatientPageProps {
			props := storyPatientPage(w)
			props.Patient.Status, props.Patient.DeceasedOn, props.Care = db.PatientDeceased, civilDay(2026, 11, 3), nil
			return props
		}},
	},
}

// ClientSideStories show a household beside the list.
var ClientSideStories = gallery.Component[ClientPageProps]{
	Path:   "Lists/Household beside the list",
	View:   ClientSide,
	Use:    []string{"In the side panel of a list of clients."},
	Avoid:  []string{"In place of the household's page."},
	Narrow: "With pets and visits",
	Mirror: "With pets and visits",
	Stories: []gallery.Story[ClientPageProps]{
		{Name: "With pets and visits", From: storyHousehold},
		{Name: "New", From: func(w *gallery.World) ClientPageProps {
			return ClientPageProps{Client: db.Client{ID: 1, LastName: "Begay", Status: db.ClientActive, Preferred: db.ChannelPhone, CreatedAt: w.Now}}
		}},
	},
}

// VisitSideStories show a visit beside the list.
var VisitSideStories = gallery.Component[VisitPageProps]{
	Path:   "Lists/Visit beside the list",
	View:   VisitSide,
	Use:    []string{"In the side panel of a list of visits."},
	Avoid:  []string{"In place of the visit's page."},
	Narrow: "Booked",
	Mirror: "Booked",
	Stories: []gallery.Story[VisitPageProps]{
		{Name: "Booked", From: visitOnItsWay(db.AppointmentBooked)},
		{Name: "Completed", From: visitOnItsWay(db.AppointmentCompleted)},
	},
}

// ColumnsPageStories show the page that arranges a list's columns.
var ColumnsPageStories = gallery.Component[ColumnsPageProps]{
	Path: "Lists/Columns page",
	View: ColumnsPage,
	Tags: []string{"page"},
	Stories: []gallery.Story[ColumnsPageProps]{
		{Name: "Patients", From: func(*gallery.World) ColumnsPageProps {
			return ColumnsPageProps{List: PatientsList, Href: "#list", Columns: ui.GridColumnsProps{
				Label: "Patients", Path: "/patients", Form: "/patients/columns", Back: "#back",
				Columns: []ui.GridColumnChoice{{Key: "name", Label: "Name", Shown: true, Fixed: true, Pinned: true, Width: 10}, {Key: "species", Label: "Species", Shown: true, Width: 8, First: true, Last: true}},
			}}
		}},
		{Name: "Arranged otherwise, and one refused", From: func(*gallery.World) ColumnsPageProps {
			return ColumnsPageProps{List: PatientsList, Href: "#list", Columns: ui.GridColumnsProps{
				Label: "Patients", Path: "/patients", Form: "/patients/columns", Back: "#back", Usual: "#usual", Compact: true,
				Refused: []string{"Owner’s telephone can be 4 to 40 wide; “99” is not."},
				Columns: []ui.GridColumnChoice{
					{Key: "name", Label: "Name", Shown: true, Fixed: true, Pinned: true, Width: 10},
					{Key: "seen", Label: "Last visit", Shown: true, Pinned: true, Width: 9, First: true},
					{Key: "phone", Label: "Owner’s telephone, or the one that answers at night", Shown: true, Width: 40},
					{Key: "species", Label: "Species", Width: 8},
					{Key: "microchip", Label: "Microchip", Width: 10, Last: true},
				},
			}}
		}},
	},
}

// FilterPageStories show the page that puts filters together.
var FilterPageStories = gallery.Component[FilterPageProps]{
	Path: "Lists/Filter page",
	View: FilterPage,
	Tags: []string{"page"},
	Stories: []gallery.Story[FilterPageProps]{
		{Name: "Nothing asked yet", From: func(*gallery.World) FilterPageProps {
			return FilterPageProps{List: PatientsList, Href: "#list", Filter: ui.BuilderProps{
				Form: "/patients/filter", Back: "#back", Many: "patients", Count: ui.GridCountProps{N: 3412, Exact: true, One: "patient", Many: "patients"},
				Root: ui.BuilderPart{Path: "f", How: "all", Outer: true, Deeper: true, Parts: []ui.BuilderPart{{Path: "f.0", Columns: []ui.Option{{Value: "name", Label: "Name"}}}}},
			}}
		}},
		{Name: "Patients", From: func(*gallery.World) FilterPageProps {
			columns := []ui.Option{{Value: "name", Label: "Name"}}
			return FilterPageProps{List: PatientsList, Href: "#list", Filter: ui.BuilderProps{
				Form: "/patients/filter", Back: "#back", Many: "patients", Sentence: "Name contains “lu”.",
				Count: ui.GridCountProps{N: 12, Exact: true, One: "patient", Many: "patients"},
				Root: ui.BuilderPart{Path: "f", How: "all", Outer: true, Deeper: true, Parts: []ui.BuilderPart{{
					Path: "f.0", Column: "name", Columns: columns, Label: "Name", Kind: ui.GridFilterText, Op: "contains", Ops: []ui.Option{{Value: "contains", Label: "contains"}}, Value: "lu",
				}}},
			}}
		}},
	},
}
