package views

import (
	"encoding/json"
	"time"

	"purplecross/db"
	"purplecross/views/gallery"
	"purplecross/views/ui"
)

// ImportPageStories are the steps and outcomes of an import.
var ImportPageStories = gallery.Component[ImportPageProps]{
	Path: "Operations/Import",
	View: ImportPage,
	Stories: []gallery.Story[ImportPageProps]{
		{Name: "Checked, some refused", Args: ImportPageProps{Batch: checkedImport(), Refused: 239, Undecided: 3, Mended: 2, Words: storyWords}},
		{Name: "At work", Args: ImportPageProps{Batch: importOf(db.ImportCommitting, 21000, 20950, 50), Work: &WorkPageProps{Own: true, Work: importWork()}}},
		{Name: "Uploaded", Args: ImportPageProps{Batch: importOf(db.ImportUploaded, 0, 0, 0)}},
		{Name: "Stopped", Args: ImportPageProps{Batch: importOf(db.ImportStopped, 21000, 20950, 50)}},
		{Name: "Some refused", Args: ImportPageProps{Batch: importOf(db.ImportCommitted, 1973, 1610, 363), Refused: 363}},
		{Name: "Clean", Args: ImportPageProps{Batch: importOf(db.ImportCommitted, 30947, 30947, 0)}},
		{Name: "Could not be read on", Args: ImportPageProps{Batch: brokenImport()}},
		{Name: "Undone, some kept", Narrow: true, Args: ImportPageProps{Batch: undoneImport(), Kept: []db.ImportKept{
			{Entity: "client", ID: 7, Name: "Courtney Reilly", By: "Sam Okafor", What: "updated"},
			{Entity: "patient", ID: 9, Name: "Coco"},
		}}},
	},
}

// ImportNewPageStories are the upload and what is said of a file that is none.
var ImportNewPageStories = gallery.Component[ImportNewPageProps]{
	Path: "Operations/Import upload",
	View: ImportNewPage,
	Stories: []gallery.Story[ImportNewPageProps]{
		{Name: "Empty", Args: ImportNewPageProps{Most: 200}},
		{Name: "A workbook", Args: ImportNewPageProps{Most: 200, Errors: map[string]string{"file": "This is a ZIP archive or an Excel workbook, not a CSV file. Open it and save the sheet as CSV."}}},
	},
}

// ImportMappingPageStories are guesses at what columns are.
var ImportMappingPageStories = gallery.Component[ImportMappingPageProps]{
	Path: "Operations/Import columns",
	View: ImportMappingPage,
	Stories: []gallery.Story[ImportMappingPageProps]{
		{Name: "Guessed", Args: importMapping(nil)},
		{Name: "One is missing", Narrow: true, Args: importMapping([]string{"Client’s number"})},
	},
}

// ImportRowPageStories are rows that are mended.
var ImportRowPageStories = gallery.Component[ImportRowPageProps]{
	Path: "Operations/Import row",
	View: ImportRowPage,
	Stories: []gallery.Story[ImportRowPageProps]{
		{Name: "Refused", Args: ImportRowPageProps{
			Batch: importOf(db.ImportValidated, 0, 0, 0), Values: []string{"12", "Reilly, Courtney", "Coco", "13/45/2019"}, Mapping: map[int]string{0: "Client’s number", 1: "Owner’s full name", 2: "Pet’s name", 3: "Born"}, Next: 40,
			Row: db.ImportRow{Line: 12, Action: "error", Issues: []db.ImportIssue{
				{Line: 12, Refused: true, Column: "Birthday", Value: "13/45/2019", Reason: "Birth date “13/45/2019” is not a date. Use 2019-03-27 or 3/27/2019, or leave it empty."},
				{Line: 12, Reason: "The same row as line 4."},
			}},
		}},
		{Name: "The last one, hardly anything in it", Args: ImportRowPageProps{
			Batch: importOf(db.ImportValidated, 0, 0, 0), Values: []string{"", "", "محبوب", ""}, Mapping: map[int]string{0: "Client’s number", 1: "Owner’s full name", 2: "Pet’s name", 3: "Born"},
			Row: db.ImportRow{Line: 51_755, Action: "error", Issues: []db.ImportIssue{{Line: 51_755, Refused: true, Column: "Owner", Reason: "No owner is named, and no client’s number."}}},
		}},
	},
}

// ImportDuplicatesPageStories are records that may be here already.
var ImportDuplicatesPageStories = gallery.Component[ImportDuplicatesPageProps]{
	Path: "Operations/Import duplicates",
	View: ImportDuplicatesPage,
	Stories: []gallery.Story[ImportDuplicatesPageProps]{
		{Name: "Two", Args: ImportDuplicatesPageProps{Batch: checkedImport(), Undecided: 2, More: true, All: importDuplicates()}},
		{Name: "None", Args: ImportDuplicatesPageProps{Batch: checkedImport()}},
	},
}

func importOf(status db.ImportStatus, total, added, refused int) db.ImportBatch {
	at := time.Date(2026, 11, 20, 17, 0, 0, 0, time.UTC)
	until := at.AddDate(0, 1, 0)
	batch := db.ImportBatch{
		ID: 3, Kind: "clients and patients", Filename: "export.csv", Encoding: "windows-1252", Delimiter: ",", Status: status, Bytes: 348061, Lines: 1973,
		Header: []string{"Client #", "Owner", "Pet Name", "Birthday"}, By: "Dolores Null-O’Brien", Version: 2,
		Total: total, Added: added, Refused: refused, Done: total, CreatedAt: at, FileUntil: &until,
	}
	if status == db.ImportCommitted {
		batch.CommittedAt = &at
	}
	return batch
}

func storyWords(code string) string {
	return map[string]string{
		"chip-digits": "microchips in scientific notation", "date": "dates that are none", "mail": "invalid e-mail addresses",
		"dead-in-name": "deceased by their name", "two-mails": "several e-mail addresses, the first kept first",
	}[code]
}

func checkedImport() db.ImportBatch {
	batch := importOf(db.ImportValidated, 0, 0, 0)
	batch.Checked = &db.ImportFindings{
		Total: 1973, Added: 1676, Unchanged: 55, Refused: 239, Waiting: 3, ClientsAdded: 1051, PatientsAdded: 1676,
		RefusedBy: map[string]int{"chip-digits": 115, "date": 55, "mail": 42}, NotedBy: map[string]int{"dead-in-name": 163, "two-mails": 57},
		Unused: []string{"Colour code"},
	}
	return batch
}

func brokenImport() db.ImportBatch {
	batch := importOf(db.ImportFailed, 0, 0, 0)
	batch.Trouble = "The row after line 812 never ends: probably a quotation mark in it is never closed."
	return batch
}

func undoneImport() db.ImportBatch {
	batch := importOf(db.ImportUndone, 0, 0, 0)
	batch.Kept = 2
	return batch
}

func importWork() db.Work {
	at := time.Date(2026, 11, 20, 17, 0, 0, 0, time.UTC)
	total := int64(51754)
	return db.Work{ID: 9, Kind: "import", Title: "Run import 3", Unit: "rows", State: db.WorkRunning, Done: 21000, Total: &total, ResumedAt: &at, UpdatedAt: at.Add(20 * time.Second), CreatedAt: at}
}

func importMapping(missing []string) ImportMappingPageProps {
	return ImportMappingPageProps{
		Batch: importOf(db.ImportUploaded, 0, 0, 0), Kind: "clients and patients", About: "One patient a row, with its owner in the same row.", Source: "legacy", Missing: missing,
		Kinds:  []ui.Option{{Value: "patients", Label: "Patients"}, {Value: "clients and patients", Label: "Clients and patients"}},
		Fields: []ui.Option{{Value: "client_no", Label: "Client’s number"}, {Value: "owner", Label: "Owner’s full name"}, {Value: "name", Label: "Pet’s name"}, {Value: "dob", Label: "Born"}},
		Columns: []ImportColumn{
			{Heading: "Client #", Samples: []string{"1", "1", "2"}, Field: "client_no"},
			{Heading: "Owner", Samples: []string{"Rath, Guadalupe", "Rath, Guadalupe", "Reilly, Shemar"}, Field: "owner"},
			{Heading: "Pet Name", Samples: []string{"Tinkerdelle", "Pepper", "Ashley"}, Field: "name"},
			{Heading: "Colour code", Samples: []string{"", "", ""}},
		},
	}
}

func importDuplicates() []db.ImportDuplicate {
	chip := "985000000000001"
	return []db.ImportDuplicate{
		{
			ID: 1, Entity: "client", Line: 12, Incoming: json.RawMessage("{}"), OtherID: 7, Why: "A client here has this e-mail address.",
			FileClient: &db.Client{FirstName: "Courtney", LastName: "Reily", Email: "c@example.org", Mobile: "+19705550167"},
			Client:     &db.Client{ID: 7, FirstName: "Courtney", LastName: "Reilly", Email: "c@example.org", Address: "5 Elm Street"},
		},
		{
			ID: 2, Entity: "patient", Line: 12, Incoming: json.RawMessage("{}"), OtherID: 9, Why: "This household has a patient of this name here.", Choice: "existing",
			FilePatient: &db.Patient{Name: "Coco", Species: "dog", Breed: "Beagle", Sex: "female", Microchip: &chip},
			Patient:     &db.Patient{ID: 9, Name: "Coco", Species: "dog", Sex: "unknown"},
		},
	}
}
