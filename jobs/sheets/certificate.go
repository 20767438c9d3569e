package sheets

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode"

	"codeberg.org/go-pdf/fpdf"

	"purplecross/db"
)

// Certificate is the vaccination certificate of a patient, as a PDF of A4. made is the clinic's day.
func Certificate(facts db.CertificateFacts, made time.Time) ([]byte, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCreationDate(made)
	pdf.SetModificationDate(made)
	pdf.SetLang("en")
	pdf.SetTitle("Vaccination certificate", true)
	pdf.SetCreator("Purple Cross", true)
	pdf.AddUTF8FontFromBytes("dejavu", "", plainFont)
	pdf.AddUTF8FontFromBytes("dejavu", "B", boldFont)
	pdf.SetMargins(20, 20, 20)
	pdf.SetAutoPageBreak(true, 25)
	pdf.AddPage()
	line := func(style string, size, height float64, words string) {
		pdf.SetFont("dejavu", style, size)
		pdf.MultiCell(170, height, plainWords(words), "", "L", false)
	}
	line("B", 18, 10, "Vaccination certificate")
	line("", 10, 5, strings.Join(filled(facts.ClinicName, facts.ClinicAddress, facts.ClinicPhone), " · "))
	pdf.Ln(6)

	for _, fact := range [][2]string{
		{"Patient", facts.PatientName},
		{"Species and breed", strings.Join(filled(facts.Species, facts.Breed), ", ")},
		{"Sex", facts.Sex},
		{"Colour", facts.Colour},
		{"Born", dayOf(facts.Born)},
		{"Microchip", facts.Microchip},
		{"Owner", strings.TrimSpace(facts.ClientFirstName + " " + facts.ClientLastName)},
	} {
		if fact[1] == "" {
			continue
		}
		pdf.SetFont("dejavu", "B", 10)
		pdf.CellFormat(45, 6, fact[0], "", 0, "L", false, 0, "")
		pdf.SetFont("dejavu", "", 10)
		pdf.MultiCell(125, 6, plainWords(fact[1]), "", "L", false)
	}
	pdf.Ln(6)
	vaccinations(pdf, facts.Vaccinations)
	pdf.Ln(10)
	line("", 9, 5, fmt.Sprintf("As on record on %s. %d vaccinations.", made.Format("2 January 2006"), len(facts.Vaccinations)))
	pdf.Ln(16)
	line("", 9, 5, "______________________________\nVeterinarian, signature and stamp")

	var file bytes.Buffer
	if err := pdf.Output(&file); err != nil {
		return nil, fmt.Errorf("write certificate: %w", err)
	}
	return file.Bytes(), nil
}

func vaccinations(pdf *fpdf.Fpdf, given []db.Vaccination) {
	widths := []float64{28, 62, 30, 28, 22}
	row := func(cells ...string) {
		for i, cell := range cells {
			for pdf.GetStringWidth(cell) > widths[i]-2 { // one that is too long ends in dots
				runes := []rune(strings.TrimSuffix(cell, "…"))
				cell = string(runes[:len(runes)-1]) + "…"
			}
			pdf.CellFormat(widths[i], 7, cell, "B", 0, "L", false, 0, "")
		}
		pdf.Ln(7)
	}
	pdf.SetFont("dejavu", "B", 9)
	row("Given on", "Vaccine", "Batch", "Due again", "By")
	pdf.SetFont("dejavu", "", 9)
	for _, v := range given {
		row(v.GivenOn.Format("2 Jan 2006"), plainWords(strings.Join(filled(v.Protocol, v.Product), ": ")), plainWords(v.Lot), dayOf(v.NextDue), plainWords(v.GivenBy))
	}
}

func dayOf(day *time.Time) string {
	if day == nil {
		return ""
	}
	return day.Format("2 Jan 2006")
}

func filled(words ...string) []string {
	var kept []string
	for _, word := range words {
		if word != "" {
			kept = append(kept, word)
		}
	}
	return kept
}

// plainWords leaves out what the fonts cannot count: control characters, and all beyond the first 65,536.
func plainWords(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r) && r != '\n':
			return ' '
		case r > 0xFFFF:
			return '□'
		}
		return r
	}, text)
}
