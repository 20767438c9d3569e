package ui

import "github.com/a-h/templ"

// SideProps is a record that is open beside the list that it stands in.
type SideProps struct {
	ID       int64           // The record's.
	Title    string          // What it is called.
	Place    string          // Where it stands in the list: "12 of 3,412"; "" when not known.
	At       int             // That as a number, from 1; 0 when not known.
	Href     string          // Its own page.
	Edit     string          // Where it is edited; "" for nowhere.
	Close    string          // The list without it.
	Previous SideStep        // The record before it.
	Next     SideStep        // The one after it.
	Body     templ.Component // What is said of it.
}

// SideStep leads to the record before or after.
type SideStep struct {
	Href string // The list with that one open; "" for none.
	ID   int64  // The record's.
}
