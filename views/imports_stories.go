package views

import (
	"time"

	"purplecross/db"
	"purplecross/views/gallery"
)

// ImportPageStories are the outcomes of an import.
var ImportPageStories = gallery.Component[ImportPageProps]{
	Path: "Operations/Import",
	View: ImportPage,
	Stories: []gallery.Story[ImportPageProps]{
		{Name: "Some refused", Args: ImportPageProps{Batch: importOf(1973, 1610, 363), RefusedOnly: true, More: true, Issues: []db.ImportIssue{
			{Line: 12, Refused: true, Column: "Birthday", Value: "13/45/2019", Reason: "Birth date “13/45/2019” is not a date."},
			{Line: 40, Refused: true, Column: "Chip", Value: "9.85E+14", Reason: "The spreadsheet has rounded this microchip: its digits are lost. Type them in again."},
			{Line: 41, Refused: true, Column: "E-mail", Value: "ann@example.com; bo@example.com", Reason: "Two e-mail addresses stand in one cell."},
		}}},
		{Name: "Clean", Args: ImportPageProps{Batch: importOf(30947, 30947, 0), RefusedOnly: true}},
	},
}

func importOf(total, added, refused int) db.ImportBatch {
	at := time.Date(2026, 11, 20, 17, 0, 0, 0, time.UTC)
	return db.ImportBatch{
		ID: 3, Kind: "clients", Filename: "clients.csv", Encoding: "utf-8", Delimiter: ",", Status: "committed",
		Total: total, Added: added, Refused: refused, CreatedAt: at, CommittedAt: &at,
	}
}
