package ui

import "strconv"

// GridViews are the saved views of a list, and how it stands to the one that it began with.
type GridViews struct {
	Items    []GridView  // Those that one may use.
	All      string      // The list as it is, without a view.
	Current  string      // The view that the list began with; "" for none.
	Changed  bool        // The question is another one by now.
	Save     string      // Where a POST saves the question into the view; "" for those who may not.
	Version  int         // Of the view, for that.
	Revert   string      // The view's own question.
	Manage   string      // Where the view is renamed, shared, copied and deleted.
	Create   string      // Where a POST saves the question as a new view; "" for a list without views.
	Fields   []GridField // What both forms send: the list and its question.
	CanShare bool        // With the clinic.
}

// GridView is one saved view.
type GridView struct {
	Name    string // As it was called.
	Href    string // The list with its question.
	Note    string // Whose it is, and whether one begins with it.
	Current bool   // The list began with it.
}

func (v GridViews) version() string { return strconv.Itoa(v.Version) }
