package sheets

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"purplecross/db/grid"
)

var printed = []*grid.Column{
	{Key: "name", Label: "Patient", Kind: grid.Text, Width: 8},
	{Key: "client", Label: "Client", Kind: grid.Text, Width: 10},
	{Key: "waited", Label: "Waited (min)", Kind: grid.Number, Width: 5},
	{Key: "reason", Label: "Reason", Kind: grid.Text, Width: 14},
}

func printReport(t *testing.T, rows int) []byte {
	t.Helper()
	var file bytes.Buffer
	sheet := NewDocument(&file, Document{
		Title: "End of day", Subtitle: "Saturday 28 November 2026, Dr Łukasz Ōta", Foot: "Purple Cross · made on 28 November 2026 at 18:00", None: "Nobody came.",
		Figures: [][2]string{{"Visits", "70"}, {"Usual wait", "9 min"}}, Made: time.Date(2026, 11, 28, 18, 0, 0, 0, time.UTC),
	}, printed, time.UTC)
	for i := range rows {
		row := grid.NewRow(int64(i), map[string]any{
			"name": "Biscuit 🐶 of the\x00 long name", "client": "Zoë Łukaszewicz-Ωmega", "waited": i % 60,
			"reason": strings.Repeat("Limps on the left hind leg since Tuesday. ", 1+i%3) + strings.Repeat("x", i%90),
		})
		if err := sheet.Add(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := sheet.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestAPrintedReportHasEveryRowAndLetter(t *testing.T) {
	read, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext (poppler-utils) reads PDFs, and is not here")
	}
	path := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(path, printReport(t, 120), 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := exec.CommandContext(t.Context(), read, "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	text := string(said)
	for _, want := range []string{"End of day", "Dr Łukasz Ōta", "Usual wait", "9 min", "Zoë Łukaszewicz-Ωmega", "made on 28 November 2026"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in it", want)
		}
	}
	if rows := strings.Count(text, "Biscuit"); rows != 120 {
		t.Errorf("%d rows are in it", rows)
	}
	pages := strings.Count(text, "\f")
	if heads := strings.Count(text, "Waited (min)"); pages < 2 || heads != pages {
		t.Errorf("%d pages have %d heads", pages, heads)
	}
}

func TestTheSameReportIsTheSameBytesAndSmall(t *testing.T) {
	first, second := printReport(t, 60), printReport(t, 60)
	if !bytes.Equal(first, second) {
		t.Error("the same report is printed twice in different bytes")
	}
	if len(first) > 120_000 { // the two fonts alone are 1,350,000
		t.Errorf("a page or two weigh %d bytes", len(first))
	}
}

func TestADocumentIsNoLongerThanSomebodyReads(t *testing.T) {
	sheet := NewDocument(&bytes.Buffer{}, Document{}, printed[2:3], time.UTC)
	for i := range DocumentRows {
		if err := sheet.Add(grid.NewRow(int64(i), map[string]any{"waited": i})); err != nil {
			t.Fatal(i, err)
		}
	}
	if err := sheet.Add(grid.NewRow(1, nil)); !errors.Is(err, ErrTooLong) {
		t.Errorf("one row more: %v", err)
	}
}
