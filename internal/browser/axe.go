package browser

import (
	"encoding/json"
	"fmt"
)

// what of axe-core is asked for: everything that WCAG 2.2 AA asks, and what its authors advise.
const axeTags = `["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]`

// Axe runs axe-core over the whole page and returns each violation as a line.
func (p *Page) Axe() []string { return p.AxeIn("document", nil) }

// AxeIn runs axe-core in a part of the page (a JavaScript expression), without the named rules.
func (p *Page) AxeIn(part string, without []string) []string {
	p.t.Helper()
	rules := map[string]map[string]bool{}
	for _, rule := range without {
		rules[rule] = map[string]bool{"enabled": false}
	}
	off, err := json.Marshal(rules)
	p.must(err)
	return p.axe(part, fmt.Sprintf(`{runOnly: %s, rules: %s}`, axeTags, off))
}

// AxeOnly runs the named rules of axe-core alone.
func (p *Page) AxeOnly(part string, rules []string) []string {
	p.t.Helper()
	only, err := json.Marshal(rules)
	p.must(err)
	return p.axe(part, fmt.Sprintf(`{runOnly: {type: "rule", values: %s}}`, only))
}

func (p *Page) axe(part, options string) []string {
	p.t.Helper()
	if !Eval[bool](p, `typeof window.axe === "object"`) {
		Eval[bool](p, axe()+"; true")
	}
	raw := Eval[string](p, fmt.Sprintf(`axe.run(%s, {...%s, resultTypes: ["violations"]
	}).then(r => JSON.stringify(r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.target.join(" ") + " — " + n.failureSummary.replaceAll("\n", " ")))))`, part, options))
	var found []string
	p.must(json.Unmarshal([]byte(raw), &found))
	return found
}
