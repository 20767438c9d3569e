package grid

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Density is how close the rows stand.
type Density string

// The densities; Comfortable is what nobody has to ask for.
const (
	Comfortable Density = ""
	Compact     Density = "compact"
)

// Bounds of a column's width in rem, and of how many are pinned.
const (
	MinWidth = 4
	MaxWidth = 40
	maxPins  = 4
)

// widthField begins the names of a form's fields that hold widths: width-breed. No column's key has a hyphen.
const widthField = "width-"

var columnAsked = regexp.MustCompile(`^([^:]*):([0-9]{1,3})$`)

// readColumns reads what to show, in order; a column may say how wide it is: name:12,breed,weight:7.
func (a *asking) readColumns(words []string) {
	var shown []string
	for _, word := range words {
		key, width := word, ""
		if parts := columnAsked.FindStringSubmatch(word); parts != nil {
			key, width = parts[1], parts[2]
		}
		switch {
		case a.resource.column(key) == nil:
			a.refuse("cols", "There is no column “%s” to show. %s", clip(key), a.resource.columnWords(func(Column) bool { return true }))
			continue
		case slices.Contains(shown, key):
			continue
		}
		shown = append(shown, key)
		if width != "" {
			a.readWidth(key, width)
		}
	}
	if len(shown) > 0 {
		a.question.Columns = a.resource.withFixed(shown)
	}
}

func (a *asking) readWidth(key, text string) {
	width, err := strconv.Atoi(text)
	if err != nil || width < MinWidth || width > MaxWidth {
		a.refuse("cols", "%s can be %d to %d wide; “%s” is not.", a.resource.column(key).Name(), MinWidth, MaxWidth, clip(text))
		return
	}
	a.question = a.question.WithWidth(key, width)
}

func (a *asking) readPins(value string) {
	for key := range strings.SplitSeq(value, ",") {
		switch {
		case a.resource.column(key) == nil:
			a.refuse("pin", "There is no column “%s” to pin. %s", clip(key), a.resource.columnWords(func(c Column) bool { return !c.Fixed }))
		case slices.Contains(a.question.Pins, key):
		case len(a.question.Pins) == maxPins:
			a.refuse("pin", "%d columns can be pinned at most.", maxPins)
		default:
			a.question.Pins = append(a.question.Pins, key)
		}
	}
}

func (a *asking) readDensity(value string) {
	switch value {
	case string(Compact):
		a.question.Density = Compact
	case "comfortable", "":
		a.question.Density = Comfortable
	default:
		a.refuse("density", "Rows are comfortable or compact, not “%s”.", clip(value))
	}
}

// readArrangement reads what the form of columns sends: width-breed=12, and move=left:breed, move=right:breed or
// move=3:breed for the third place.
func (a *asking) readArrangement(query url.Values) {
	for name, values := range query {
		key, width := strings.CutPrefix(name, widthField)
		if !width || a.resource.column(key) == nil {
			continue
		}
		a.question.FromForm = true
		if typed := strings.TrimSpace(values[0]); typed != "" {
			a.readWidth(key, typed)
		} else {
			a.question = a.question.WithWidth(key, 0)
		}
	}
	move := query.Get("move")
	if move == "" {
		return
	}
	a.question.FromForm = true
	to, key, _ := strings.Cut(move, ":")
	at := slices.IndexFunc(a.question.Showing(), func(c *Column) bool { return c.Key == key })
	place, err := strconv.Atoi(to)
	switch {
	case to == "left":
		place = at
	case to == "right":
		place = at + 2
	case err != nil:
		at = -1
	}
	if at < 0 {
		a.refuse("move", "“move=%s” is no way to move a column: it takes left:KEY, right:KEY or a place like 3:KEY.", clip(move))
		return
	}
	a.question = a.question.WithColumnAt(key, place)
}

// settleColumns brings the columns into their one form: pins and widths are of columns that are shown.
func (q *Question) settleColumns() {
	keys := q.keys()
	fixed := func(key string) bool { return q.Resource.column(key).Fixed }
	q.Pins = slices.DeleteFunc(slices.Clone(q.Pins), func(key string) bool { return fixed(key) || !slices.Contains(keys, key) })
	slices.SortFunc(q.Pins, func(x, y string) int { return slices.Index(keys, x) - slices.Index(keys, y) })
	if len(q.Pins) == 0 {
		q.Pins = nil
	}
	for key := range q.Widths {
		if !slices.Contains(keys, key) {
			*q = q.WithWidth(key, 0)
		}
	}
	if slices.Equal(q.Columns, q.Resource.shown()) {
		q.Columns = nil
	}
}

// columnFields writes the columns: all of them as soon as one is not as the list has it.
func (q Question) columnFields(add func(name, value string)) {
	if q.Columns != nil || len(q.Widths) > 0 {
		words := slices.Clone(q.keys())
		for i, key := range words {
			if width := q.Widths[key]; width > 0 {
				words[i] = key + ":" + strconv.Itoa(width)
			}
		}
		add("cols", strings.Join(words, ","))
	}
	if len(q.Pins) > 0 {
		add("pin", strings.Join(q.Pins, ","))
	}
	if q.Density != Comfortable {
		add("density", string(q.Density))
	}
}

// keys are the columns to show, in the order that was asked for.
func (q Question) keys() []string {
	if q.Columns != nil {
		return q.Columns
	}
	return q.Resource.shown()
}

// Showing are the columns to show, in order: those that are pinned stand beside the fixed ones.
func (q Question) Showing() []*Column {
	var fixed, pinned, others []*Column
	for _, key := range q.keys() {
		switch column := q.Resource.column(key); {
		case column.Fixed:
			fixed = append(fixed, column)
		case slices.Contains(q.Pins, key):
			pinned = append(pinned, column)
		default:
			others = append(others, column)
		}
	}
	return slices.Concat(fixed, pinned, others)
}

// Width is how wide a column is, in rem.
func (q Question) Width(column *Column) int {
	if width := q.Widths[column.Key]; width > 0 {
		return width
	}
	return column.Width
}

// Pinned says whether a column stays in sight.
func (q Question) Pinned(column *Column) bool {
	return column.Fixed || slices.Contains(q.Pins, column.Key)
}

// WithColumns is the question showing other columns; none are the list's own.
func (q Question) WithColumns(keys []string) Question {
	q.Columns = q.Resource.withFixed(keys)
	q.settleColumns()
	return q
}

// WithWidth is the question with a column so wide, within the bounds; 0 is its own width.
func (q Question) WithWidth(key string, width int) Question {
	widths := make(map[string]int, len(q.Widths)+1)
	for other, wide := range q.Widths {
		widths[other] = wide
	}
	delete(widths, key)
	if width > 0 {
		width = min(max(width, MinWidth), MaxWidth)
		if width != q.Resource.column(key).Width {
			widths[key] = width
		}
	}
	q.Widths = widths
	if len(widths) == 0 {
		q.Widths = nil
	}
	return q
}

// WithPin is the question with a column pinned, or no longer.
func (q Question) WithPin(key string, pinned bool) Question {
	q.Pins = slices.DeleteFunc(slices.Clone(q.Pins), func(other string) bool { return other == key })
	if pinned && len(q.Pins) < maxPins {
		q.Pins = append(q.Pins, key)
	}
	q.settleColumns()
	return q
}

// WithDensity is the question with rows so close.
func (q Question) WithDensity(density Density) Question {
	q.Density = density
	return q
}

// WithoutShown is the question without showing one column.
func (q Question) WithoutShown(key string) Question {
	return q.WithColumns(slices.DeleteFunc(slices.Clone(q.keys()), func(other string) bool { return other == key }))
}

// WithColumnAt is the question with a column at another place among those shown, from 1. It stays among the pinned
// ones, or among the others.
func (q Question) WithColumnAt(key string, place int) Question {
	showing := q.Showing()
	at := slices.IndexFunc(showing, func(c *Column) bool { return c.Key == key })
	if at < 0 || showing[at].Fixed {
		return q
	}
	first, last := at, at
	beside := func(c *Column) bool { return !c.Fixed && q.Pinned(c) == q.Pinned(showing[at]) }
	for first > 0 && beside(showing[first-1]) {
		first--
	}
	for last < len(showing)-1 && beside(showing[last+1]) {
		last++
	}
	moved := slices.Insert(slices.Delete(slices.Clone(showing), at, at+1), min(max(place-1, first), last), showing[at])

	// Pinned columns keep their places in what was asked for, so that unpinning one brings it back there.
	group := moved[first : last+1]
	keys := slices.Clone(q.keys())
	for i, other := range keys {
		if slices.ContainsFunc(group, func(c *Column) bool { return c.Key == other }) {
			keys[i], group = group[0].Key, append(slices.Clone(group[1:]), group[0])
		}
	}
	return q.WithColumns(keys)
}
