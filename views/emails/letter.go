package emails

import (
	"strings"
	"unicode/utf8"
)

// Block is a piece of a letter: a paragraph, or the summary.
type Block struct {
	Text  string
	Facts []Fact // of a summary
}

// Blocks is the letter's text with everything filled in.
func (p LetterProps) Blocks() []Block {
	fill := p.filler()
	var blocks []Block
	for _, paragraph := range paragraphs(p.Wording.Body) {
		if paragraph != "{details}" {
			blocks = append(blocks, Block{Text: fill.Replace(paragraph)})
			continue
		}
		for _, facts := range p.summaries() {
			blocks = append(blocks, Block{Facts: facts})
		}
	}
	return blocks
}

// Subject is the letter's subject.
func (p LetterProps) Subject() string {
	return strings.Join(strings.Fields(p.filler().Replace(p.Wording.Subject)), " ")
}

// Text is the letter as plain text, signed.
func (p LetterProps) Text() string {
	var text strings.Builder
	for _, block := range p.Blocks() {
		if len(block.Facts) == 0 {
			text.WriteString(block.Text + "\n\n")
			continue
		}
		text.WriteString(lines(block.Facts) + "\n")
	}
	text.WriteString("-- \n")
	for _, line := range []string{p.Clinic.Name, p.Clinic.Address, p.Clinic.Phone, p.Clinic.Email} {
		if line != "" {
			text.WriteString(line + "\n")
		}
	}
	if p.Preferences != "" {
		text.WriteString("\nChoose what we send you: " + p.Preferences + "\n")
	}
	return text.String()
}

// lines writes a summary with its values one below the other.
func lines(facts []Fact) string {
	widest := 0
	for _, fact := range facts {
		widest = max(widest, utf8.RuneCountInString(fact.Term))
	}
	var text strings.Builder
	for _, fact := range facts {
		text.WriteString("  " + fact.Term + ": " + strings.Repeat(" ", widest-utf8.RuneCountInString(fact.Term)) + fact.Value + "\n")
	}
	return text.String()
}

// filler puts the facts in the place of the placeholders. What a fact holds is not read for placeholders again.
func (p LetterProps) filler() *strings.Replacer {
	pairs := []string{
		"{greeting}", p.hello(), "{client}", p.Client, "{pet}", p.pets(), "{care}", p.care(),
		"{clinic}", p.clinic(), "{phone}", p.Clinic.Phone, "{address}", p.Clinic.Address, "{reach}", p.reach(),
	}
	var kinds, vets []string
	for _, visit := range p.Visits {
		kinds, vets = append(kinds, visit.Type), append(vets, visit.Vet)
	}
	vet := list(vets)
	if vet == "" {
		vet = "our team"
	}
	pairs = append(pairs, "{visit}", list(kinds), "{vet}", vet, "{time}", p.times())
	if len(p.Visits) > 0 {
		pairs = append(pairs, "{day}", p.Visits[0].day(), "{when}", p.Visits[0].StartsAt.Format("Mon 2 Jan 15:04"))
	}
	return strings.NewReplacer(append(pairs, "{details}", p.inline())...)
}

// inline is the summary within a sentence, where somebody put {details} into one.
func (p LetterProps) inline() string {
	var words []string
	for _, facts := range p.summaries() {
		for _, fact := range facts {
			words = append(words, fact.Term+": "+fact.Value)
		}
	}
	return strings.Join(words, "; ")
}
