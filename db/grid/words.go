package grid

import (
	"strings"
	"time"
)

// Words says what a test asks: "Weight is at least 20 kg".
func (t Test) Words() string {
	c := t.Column
	is := " is "
	if t.Not {
		is = " is not "
	}
	switch t.Op {
	case Empty:
		return c.Name() + is + "empty"
	case Contains, Starts:
		verb := map[Op][2]string{Contains: {" contains ", " does not contain "}, Starts: {" starts with ", " does not start with "}}[t.Op]
		if t.Not {
			return c.Name() + verb[1] + "“" + t.Values[0] + "”"
		}
		return c.Name() + verb[0] + "“" + t.Values[0] + "”"
	case Between:
		return c.Name() + is + "between " + t.say(0) + " and " + t.say(1) + c.unit()
	case InLast:
		return c.Name() + is + "in the last " + spanWords(t.Values[0])
	case InNext:
		return c.Name() + is + "in the next " + spanWords(t.Values[0])
	case Over:
		return c.Name() + is + "over " + article(spanWords(t.Values[0])) + " ago"
	case Is:
		return c.Name() + is + t.sayAny() + c.unit()
	}
	compared := map[Op]string{AtLeast: "at least ", AtMost: "at most ", More: "more than ", Less: "less than ", Before: "before ", After: "after "}[t.Op]
	if c.dated() {
		switch t.Op {
		case AtLeast:
			compared = "on or after "
		case AtMost:
			compared = "on or before "
		}
	}
	return c.Name() + is + compared + t.say(0) + c.unit()
}

func (c *Column) unit() string {
	if unit := c.Unit(); unit != "" {
		return " " + unit
	}
	return ""
}

// sayAny joins the values of a list, or says the one value.
func (t Test) sayAny() string {
	said := make([]string, len(t.Values))
	for i := range t.Values {
		said[i] = t.say(i)
	}
	if n := len(said); n > 1 {
		return strings.Join(said[:n-1], ", ") + " or " + said[n-1]
	}
	return said[0]
}

// say is one value as a person says it.
func (t Test) say(i int) string {
	value := t.Values[i]
	switch c := t.Column; {
	case c.textual():
		return "“" + value + "”"
	case c.dated():
		return dayWords(value)
	case c.Kind == Choice && c.ChoicesSQL == "":
		return lowerFirst(c.Says(value))
	case c.listed():
		return c.Says(value)
	}
	return value
}

func dayWords(value string) string {
	if _, near := nearDays[value]; near {
		return value
	}
	day, _ := time.Parse(time.DateOnly, value)
	return day.Format("2 Jan 2006")
}

func spanWords(value string) string {
	unit := map[byte]string{'d': "day", 'w': "week", 'm': "month", 'y': "year"}[value[len(value)-1]]
	if n := value[:len(value)-1]; n != "1" {
		return n + " " + unit + "s"
	}
	return unit
}

// article puts "a" before one unit: "over a year ago".
func article(words string) string {
	if words[0] >= '0' && words[0] <= '9' {
		return words
	}
	return "a " + words
}

// lowerFirst says a label in the middle of a sentence: "In room" becomes "in room", "SMS" stays.
func lowerFirst(label string) string {
	if len(label) > 1 && label[1] >= 'a' && label[1] <= 'z' {
		return strings.ToLower(label[:1]) + label[1:]
	}
	return label
}

// Words says what a group asks: "Species is dog, or Weight is at least 20 kg".
func (g Group) Words() string {
	said := make([]string, 0, len(g.Nodes))
	for _, node := range g.Nodes {
		words := node.Words()
		if inner, isGroup := node.(Group); isGroup && len(inner.Nodes) > 1 {
			words = "(" + words + ")"
		}
		said = append(said, words)
	}
	switch g.How {
	case "any":
		return strings.Join(said, ", or ")
	case "none":
		return "None of: " + strings.Join(said, "; ")
	}
	return strings.Join(said, ", and ")
}
