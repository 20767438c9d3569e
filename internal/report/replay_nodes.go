package report

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"unicode"
)

// Shapes are what of our pages may be seen in a recording: what our own style sheets name, and the sheets themselves.
type Shapes struct {
	Classes    map[string]bool
	Attributes map[string]map[string]bool     // the values that stand in selectors; "" for the attribute as such
	Sheet      func(path string) (css string) // the sheet that is served at a path, "" for none
}

var shapes atomic.Pointer[Shapes]

// Drawn says what of our pages may be seen in a recording.
func Drawn(known Shapes) { shapes.Store(&known) }

// node is a piece of the document. Comments and what is no element stay out, letters are stars, and every attribute goes
// through the list.
type node struct {
	Type       nodeType   `json:"type"`
	ID         bounded    `json:"id"`
	Root       bounded    `json:"rootId,omitempty"`
	Tag        tagName    `json:"tagName,omitempty"`
	Name       doctype    `json:"name,omitempty"`
	Text       *masked    `json:"textContent,omitempty"`
	Attributes attributes `json:"attributes,omitempty"`
	SVG        bool       `json:"isSVG,omitempty"`
	Block      bool       `json:"needBlock,omitempty"`
	Style      bool       `json:"isStyle,omitempty"`
	Public     nothing    `json:"publicId,omitempty"`
	System     nothing    `json:"systemId,omitempty"`
	Children   []node     `json:"childNodes"`
}

type nodeType int

func (t *nodeType) UnmarshalJSON(data []byte) error {
	var said int
	if json.Unmarshal(data, &said) != nil || said < 0 || said > 5 {
		said = 5
	}
	*t = nodeType(said)
	return nil
}

type doctype string

func (d *doctype) UnmarshalJSON(data []byte) error {
	*d = doctype(oneOf(data, "html"))
	return nil
}

type nothing string

func (n *nothing) UnmarshalJSON([]byte) error { return nil }

var tags = func() map[string]bool {
	known := map[string]bool{}
	for tag := range strings.FieldsSeq(`html head body title meta link style noscript header footer main nav section article aside search div p span a b i em strong
		small code pre kbd ul ol li dl dt dd table thead tbody tfoot tr th td caption colgroup col form fieldset legend label input select option optgroup
		textarea button output progress meter dialog details summary figure figcaption img time h1 h2 h3 h4 h5 h6 hr br svg path g circle rect line
		polyline use text menu mark del ins sub sup datalist template canvas`) {
		known[tag] = true
	}
	return known
}()

// tagName is an element's; one that is not known is as good as a div.
type tagName string

func (t *tagName) UnmarshalJSON(data []byte) error {
	*t = "div"
	if said := plain(data); tags[said] {
		*t = tagName(said)
	}
	return nil
}

// masked is a text of which only its length and its spaces are left.
type masked string

func (m *masked) UnmarshalJSON(data []byte) error {
	said := plain(data)
	var stars strings.Builder
	for _, r := range said {
		switch {
		case stars.Len() >= 2000:
		case unicode.IsSpace(r):
			stars.WriteByte(' ')
		default:
			stars.WriteByte('*')
		}
	}
	*m = masked(stars.String())
	return nil
}

// attributes are those that the list has, with values that the list has. Null is an attribute that was taken away.
type attributes map[string]any

var fixed = map[string]map[string]bool{
	"type":    set("text search tel email password number date time checkbox radio button submit reset hidden url range"),
	"rel":     set("stylesheet"),
	"charset": set("utf-8"),
	"dir":     set("ltr rtl auto"),
	"role": set("alert alertdialog button cell checkbox columnheader combobox dialog gridcell grid group heading img link list listbox listitem menu menuitem " +
		"navigation option presentation progressbar radio row rowgroup rowheader search separator status switch tab table tablist tabpanel toolbar tooltip tree treeitem none"),
	"open": set(""), "hidden": set("until-found"), "disabled": set(""), "checked": set(""), "selected": set(""), "popover": set("auto manual"), "multiple": set(""),
}

func set(words string) map[string]bool {
	known := map[string]bool{"": true}
	for word := range strings.FieldsSeq(words) {
		known[word] = true
	}
	return known
}

var numeric = regexp.MustCompile(`^-?[0-9]{1,8}(\.[0-9]{1,4})?(px|%|em|rem|ch|lh|vh|vw|fr|deg|s|ms)?$`)

// UnmarshalJSON reads the attributes that may be seen.
func (a *attributes) UnmarshalJSON(data []byte) error {
	var said map[string]json.RawMessage
	*a = attributes{}
	if json.Unmarshal(data, &said) != nil {
		return nil
	}
	sheet := ""
	for name, raw := range said {
		value := plain(raw)
		isNull := string(raw) == "null"
		switch name {
		case "class":
			(*a)[name] = classes(value)
		case "style":
			if style := styleOf(raw, value); style != nil {
				(*a)[name] = style
			}
		case "colspan", "rowspan", "rows", "cols", "size", "rr_width", "rr_height", "aria-level":
			if numeric.MatchString(value) {
				(*a)[name] = value
			}
		case "rr_scrollLeft", "rr_scrollTop":
			var place bounded
			_ = place.UnmarshalJSON(raw)
			(*a)[name] = place
		case "href":
			sheet = value
			continue
		default:
			if allowed(name, value) {
				(*a)[name] = value
			} else if isNull && allowed(name, "") {
				(*a)[name] = nil
			}
			continue
		}
		if isNull {
			(*a)[name] = nil
		}
	}
	if (*a)["rel"] == "stylesheet" {
		(*a)["_cssText"] = sheetAt(sheet)
	}
	return nil
}

// allowed says whether an attribute may be seen with a value: one that every page has, or one of our style sheets'.
func allowed(name, value string) bool {
	if fixed[name][value] {
		return true
	}
	known := shapes.Load()
	return known != nil && known.Attributes[name][value]
}

// classes are those that our style sheets know.
func classes(value string) string {
	known := shapes.Load()
	var kept []string
	for class := range strings.FieldsSeq(value) {
		if known != nil && known.Classes[class] {
			kept = append(kept, class)
		}
	}
	return strings.Join(kept, " ")
}

// sheetAt is the sheet of ours at an address. It is put in here, from our own files: pages do not send it.
func sheetAt(address string) string {
	parsed, err := url.Parse(address)
	known := shapes.Load()
	if err != nil || known == nil || known.Sheet == nil {
		return ""
	}
	return known.Sheet(parsed.Path)
}

var styled = set("transform translate width height inline-size block-size min-width min-height max-width max-height top left right bottom " +
	"inset-inline-start inset-block-start margin-top margin-left grid-row grid-column opacity display visibility")

// styleOf is a style with the properties that place things and with numbers for values: a text, or, where it changed, an
// object of properties.
func styleOf(raw json.RawMessage, text string) any {
	if text != "" {
		var kept []string
		for one := range strings.SplitSeq(text, ";") {
			property, value, _ := strings.Cut(one, ":")
			if property, value = strings.TrimSpace(property), strings.TrimSpace(value); styledBy(property, value) {
				kept = append(kept, property+": "+value)
			}
		}
		return strings.Join(kept, "; ")
	}
	var changed map[string]json.RawMessage
	if json.Unmarshal(raw, &changed) != nil || changed == nil {
		return nil
	}
	kept := map[string]any{}
	for property, raw := range changed {
		value := plain(raw)
		var pair []string
		if value == "" && json.Unmarshal(raw, &pair) == nil && len(pair) > 0 {
			value = pair[0]
		}
		switch {
		case string(raw) == "false" && property != "" && styled[property]:
			kept[property] = false
		case styledBy(property, value):
			kept[property] = value
		}
	}
	return kept
}

var placing = regexp.MustCompile(`^(translate|translateX|translateY|translate3d|scale)\(([^()]{1,60})\)$`)

func styledBy(property, value string) bool {
	if property == "" || !styled[property] {
		return false
	}
	if value == "none" || value == "block" || value == "auto" || value == "hidden" || value == "visible" {
		return true
	}
	if inner := placing.FindStringSubmatch(value); inner != nil {
		value = strings.ReplaceAll(inner[2], ",", " ")
	}
	for part := range strings.FieldsSeq(value) {
		if !numeric.MatchString(part) {
			return false
		}
	}
	return value != ""
}

// addressOf is a page's address by its route, on a host that is nowhere.
func addressOf(route string) string {
	_, pattern, _ := strings.Cut(route, " ")
	if !strings.HasPrefix(pattern, "/") {
		pattern = "/"
	}
	return "https://purple-cross.invalid" + pattern
}
