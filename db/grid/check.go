package grid

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
)

// reserved are the query's own words; no column is called so.
var reserved = []string{"q", "sort", "cols", "at", "after", "before", "any", "all", "none", "set", "op", "value", "from", "to", "show", "group", "view", "empty", "not", "block", "ids", "snap", "record", "typed", "column"}

// Check says what is wrong with a list's declaration. It is asked once, when the list gets its route.
func (r *Resource) Check() error {
	seen := map[string]bool{}
	for _, column := range r.Columns {
		switch {
		case slices.Contains(reserved, column.Key) || !columnKey.MatchString(column.Key):
			return fmt.Errorf("grid %s: a column cannot be called %q", r.Name, column.Key)
		case seen[column.Key]:
			return fmt.Errorf("grid %s: two columns are called %s", r.Name, column.Key)
		case column.SQL == "" || column.Label == "" || column.Width == 0:
			return fmt.Errorf("grid %s: column %s lacks its SQL, label or width", r.Name, column.Key)
		case column.listed() && !column.NoFilter && len(column.Choices) == 0 && column.ChoicesSQL == "":
			return fmt.Errorf("grid %s: column %s has no choices", r.Name, column.Key)
		case column.Edit != nil && (r.Version == "" || r.EditNeeds == ""):
			return fmt.Errorf("grid %s: column %s can be edited, but the list names no version or ability", r.Name, column.Key)
		}
		seen[column.Key] = true
	}
	for _, join := range r.Joins {
		if joinAlias.FindStringSubmatch(join) == nil {
			return fmt.Errorf("grid %s: %q is no left join with an alias", r.Name, join)
		}
	}
	for _, step := range r.order() {
		if column := r.column(step.Key); column == nil || column.NoSort {
			return fmt.Errorf("grid %s: it cannot be sorted by %q", r.Name, step.Key)
		}
	}
	start, err := url.ParseQuery(r.Start)
	if err != nil {
		return fmt.Errorf("grid %s: start %q: %w", r.Name, r.Start, err)
	}
	if _, refused := Ask(r, start); len(refused) > 0 {
		return fmt.Errorf("grid %s: start %q: %s", r.Name, r.Start, refused[0].Sentence)
	}
	return nil
}

var columnKey = regexp.MustCompile(`^[a-z][a-z_]*$`)
