package sheets

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"purplecross/db/grid"
)

func TestACellIsNoFormula(t *testing.T) {
	for text, want := range map[string]string{
		`=HYPERLINK("http://evil.example")`: `'=HYPERLINK("http://evil.example")`,
		"+1+cmd|' /C calc'!A0":              "'+1+cmd|' /C calc'!A0",
		"-2-3":                              "'-2-3",
		"@SUM(A1)":                          "'@SUM(A1)",
		"\t=1":                              "'\t'=1",
		"\r=1":                              "'\r=1",
		"＝1+1":                              "'＝1+1",
		"Bello;=1+1":                        "Bello;'=1+1",
		"+49-155-501":                       "'+49-155-501",
		"+4915555501":                       "+4915555501",
		"-3.5":                              "-3.5",
		"(970) 555-0167":                    "(970) 555-0167",
		"Shih Tzu - Poodle = Shihpoo":       "Shih Tzu - Poodle = Shihpoo",
		"":                                  "",
	} {
		if got := harmless(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

var columns = []*grid.Column{
	{Key: "name", Label: "Name", Kind: grid.Link, Width: 10},
	{Key: "weight", Label: "Weight", Kind: grid.Weight},
	{Key: "born", Label: "Age", Asked: "Born", Kind: grid.Date},
	{Key: "added", Label: "Added", Kind: grid.Time},
	{Key: "price", Label: "Price", Kind: grid.Money},
	{Key: "neutered", Label: "Neutered", Kind: grid.YesNo},
}

func written(t *testing.T, format Format, rows ...grid.Row) []byte {
	t.Helper()
	zone := time.FixedZone("clinic", -7*3600)
	var file bytes.Buffer
	sheet, err := New(format, &file, "Patients", columns, zone)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if err := sheet.Add(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := sheet.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestASpreadsheetHoldsDaysAsDaysNumbersAsNumbersAndTextAsText(t *testing.T) {
	yes := true
	book, err := excelize.OpenReader(bytes.NewReader(written(t, XLSX, grid.NewRow(1, map[string]any{
		"name": "=1+1 <Béla & \x00Co>", "weight": int64(6500), "born": time.Date(2019, 2, 3, 0, 0, 0, 0, time.UTC),
		"added": time.Date(2026, 11, 23, 1, 30, 0, 0, time.UTC), "price": int64(1250), "neutered": yes,
	}))))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("Patients")
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if got := fmt.Sprintf("%q", rows); got != `[["Name" "Weight (kg)" "Born" "Added" "Price" "Neutered"] ["=1+1 <Béla & Co>" "6.5" "2019-02-03" "2026-11-22 18:30" "12.50" "Yes"]]` {
		t.Errorf("read %s", got)
	}
	for cell, want := range map[string]excelize.CellType{"A2": excelize.CellTypeInlineString, "B2": excelize.CellTypeUnset, "C2": excelize.CellTypeUnset} {
		if kind, err := book.GetCellType("Patients", cell); err != nil || kind != want {
			t.Errorf("%s is of type %v, want %v, %v", cell, kind, want, err)
		}
	}
	if raw, err := book.GetCellValue("Patients", "C2", excelize.Options{RawCellValue: true}); err != nil || raw != "43499" {
		t.Errorf("the day is stored as %q, %v", raw, err)
	}
	if formula, err := book.GetCellFormula("Patients", "A2"); err != nil || formula != "" {
		t.Errorf("a formula: %q, %v", formula, err)
	}
}

func TestADayBeforeSpreadsheetsCountIsText(t *testing.T) {
	book, err := excelize.OpenReader(bytes.NewReader(written(t, XLSX, grid.NewRow(1, map[string]any{"name": "Old", "born": time.Date(1899, 1, 2, 0, 0, 0, 0, time.UTC)}))))
	if err != nil {
		t.Fatal(err)
	}
	if said, err := book.GetCellValue("Patients", "C2"); err != nil || said != "1899-01-02" {
		t.Errorf("%q, %v", said, err)
	}
}

func TestColumnsAreNamedAsSpreadsheetsDo(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA"} {
		if got := letters(i); got != want {
			t.Errorf("column %d is %s, want %s", i, got, want)
		}
	}
}
