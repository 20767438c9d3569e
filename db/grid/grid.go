// Package grid asks one kind of question of any list of the clinic: these columns, this filter, in this order, from
// this place on. A Resource declares a list once; Ask turns a URL's query into a Question, refusing what it does not
// know with a sentence; a Plan turns the Question into SQL made of the Resource's own expressions and parameters only.
// It knows no HTTP and no HTML, and none of the lists: those are declared in db, one file a noun.
package grid

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Conn is what a question is asked over: a pool and a transaction are both one.
type Conn interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Begin(ctx context.Context) (pgx.Tx, error)
}

// Kind is what a column holds. It decides how the column is filtered, written in a URL, sorted and shown.
type Kind string

// The kinds of column.
const (
	Text   Kind = "text"
	Number Kind = "number" // whole, or with Scale decimals
	Money  Kind = "money"  // stored in cents
	Weight Kind = "weight" // stored in grams, asked in kilograms
	Date   Kind = "date"   // a day
	Time   Kind = "time"   // a moment, asked by the clinic's day
	Choice Kind = "choice" // one of a few named values
	YesNo  Kind = "yesno"
	Person Kind = "person" // someone of the staff, or anything else chosen by id
	Link   Kind = "link"   // the name of another record: text that leads there
)

// Chosen is one value that a Choice or Person column may have.
type Chosen struct {
	Value, Label string
}

// Column is declared once; sorting, filtering, the URL, the chooser and the table follow from it.
type Column struct {
	Key   string // in the URL and in a Row: small letters and underscores
	Label string
	Asked string // what sentences call it where Label would not do: "Born" for "Age"
	Kind  Kind
	SQL   string // the value, as an expression over the Resource's From

	Plain    string // text without case and accents, where that is stored: it is sorted and filtered by it
	Order    string // what it is sorted by where that is neither Plain nor the text without case and accents: that takes long
	Filter   string // what it is filtered by where that is not SQL: the id behind a name
	Digits   bool   // text that is compared by its digits alone: telephones
	InSearch bool   // its words stand in the search document too, whose index then finds them
	Scale    int    // decimals of a Number that is stored without its point

	NotNull  bool // sure to have a value (and no blank text): spares a query where the empty ones would follow
	NoSort   bool
	NoFilter bool
	NoGroup  bool // its name and its key are not one and the same

	Shown bool   // without being asked for
	Fixed bool   // always shown, before the others: what a row is called
	Width int    // of the column at first sight, in rem; it grows with the room
	Needs string // the ability of who may see it; "" for everybody who sees the list

	Choices    []Chosen // of a Choice or Person column
	ChoicesSQL string   // where they are rows of the database: select value, label

	Edit *Edit // how it is changed in the list; nil for not at all
}

// Extra is a value that cells need beside the columns: the id behind a name.
type Extra struct {
	Key, SQL string
}

// Resource is a list: where its rows come from and what can be asked of them.
type Resource struct {
	Name      string // in URLs and logs: "patients"
	One, Many string // "patient", "patients"

	From  string   // the table and its alias: "patient p"
	Joins []string // left joins that find one row at most, each used only when its alias is: "left join client c on …"
	Where string   // what every row fulfils, "" for nothing
	Key   string   // the primary key, a bigint: it breaks every tie

	Search      string // the document that words are looked for in, "" for no search
	SearchLabel string // what can be searched for, in words

	Columns []Column
	Extras  []Extra
	Order   string // the sort of a bare URL: "-last_visit,name"
	Start   string // the question of a bare URL, where it is not everything: "day=today.."

	Version   string // the number that grows with each save of a row; a list with columns to edit has one
	EditNeeds string // the ability of who may edit
}

// column finds a column by its key.
func (r *Resource) column(key string) *Column {
	for i := range r.Columns {
		if r.Columns[i].Key == key {
			return &r.Columns[i]
		}
	}
	return nil
}

// Column finds a column by its key; nil when there is none.
func (r *Resource) Column(key string) *Column { return r.column(key) }

// For is the list as somebody may see it: without the columns that need an ability they don't have.
func (r Resource) For(able func(ability string) bool) Resource {
	r.Columns = slices.DeleteFunc(slices.Clone(r.Columns), func(c Column) bool { return c.Needs != "" && !able(c.Needs) })
	if r.EditNeeds != "" && !able(r.EditNeeds) {
		for i := range r.Columns {
			r.Columns[i].Edit = nil
		}
	}
	return r
}

// WithChoices reads the choices that are rows of the database.
func (r Resource) WithChoices(ctx context.Context, conn Conn) (Resource, error) {
	r.Columns = slices.Clone(r.Columns)
	for i := range r.Columns {
		column := &r.Columns[i]
		if column.ChoicesSQL == "" {
			continue
		}
		rows, err := conn.Query(ctx, column.ChoicesSQL)
		if err != nil {
			return r, err
		}
		if column.Choices, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Chosen]); err != nil {
			return r, err
		}
	}
	return r, nil
}

// Table is the table that the rows are of.
func (r *Resource) Table() string {
	table, _, _ := strings.Cut(r.From, " ")
	return table
}

// Name is what sentences call the column.
func (c *Column) Name() string {
	if c.Asked != "" {
		return c.Asked
	}
	return c.Label
}

// Says is the label of a value, or the value where it has none.
func (c *Column) Says(value string) string {
	for _, choice := range c.Choices {
		if choice.Value == value {
			return choice.Label
		}
	}
	return value
}

// sortSQL is what the column is sorted by. Text is sorted without case and accents and byte by byte, which is the same
// on every server; blank text has no place, like null.
func (c *Column) sortSQL() string {
	switch {
	case c.Order != "":
		return c.Order
	case c.Plain != "":
		return c.Plain
	case c.Kind != Text && c.Kind != Link && c.Kind != Person:
		return c.SQL
	case c.NotNull:
		return `pc_norm(` + c.SQL + `) collate "C"`
	}
	return `nullif(pc_norm(` + c.SQL + `), '') collate "C"`
}

func (c *Column) filterSQL() string {
	if c.Filter != "" {
		return c.Filter
	}
	return c.SQL
}

// textual says whether the column is filtered as text.
func (c *Column) textual() bool { return c.Kind == Text || c.Kind == Link }

// dated says whether the column is filtered by days.
func (c *Column) dated() bool { return c.Kind == Date || c.Kind == Time }

// listed says whether the column is filtered by choosing from a list.
func (c *Column) listed() bool { return c.Kind == Choice || c.Kind == Person }

// scale is how many decimals the stored whole number hides.
func (c *Column) scale() int {
	switch c.Kind {
	case Money:
		return 2
	case Weight:
		return 3
	}
	return c.Scale
}

// Numeric says whether the values are numbers, to be aligned at their end.
func (c *Column) Numeric() bool { return c.Kind == Number || c.Kind == Money || c.Kind == Weight }

// LargestFirst says whether people who sort by the column mostly want its end: the latest, the largest.
func (c *Column) LargestFirst() bool { return c.Numeric() || c.dated() }

// Unit is what follows a number of the column, "" for nothing.
func (c *Column) Unit() string {
	if c.Kind == Weight {
		return "kg"
	}
	return ""
}

// Row is one row of the answer.
type Row struct {
	ID      int64
	Version int // 0 for a list without
	values  map[string]any
}

// NewRow makes a row of values by key, for stories and tests.
func NewRow(id int64, values map[string]any) Row { return Row{ID: id, values: values} }

// Text is a value as text; "" where there is none.
func (r Row) Text(key string) string {
	text, _ := r.values[key].(string)
	return strings.TrimSpace(text)
}

// Int is a whole number, and whether there is one.
func (r Row) Int(key string) (int64, bool) {
	switch n := r.values[key].(type) {
	case int64:
		return n, true
	case int32:
		return int64(n), true
	case int16:
		return int64(n), true
	case int:
		return int64(n), true
	}
	return 0, false
}

// Ref is another record's id; 0 where there is none.
func (r Row) Ref(key string) int64 {
	id, _ := r.Int(key)
	return id
}

// Time is a day or a moment; the zero time where there is none.
func (r Row) Time(key string) time.Time {
	at, _ := r.values[key].(time.Time)
	return at
}

// Bool is a yes or no; nil where it is not known.
func (r Row) Bool(key string) *bool {
	if yes, known := r.values[key].(bool); known {
		return &yes
	}
	return nil
}
