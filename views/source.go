package views

import "embed"

// Source is the Go source of this package and of ui, for the gallery: comments, names of constants and stories are read
// from it.
//
//go:embed *.go ui/*.go
var Source embed.FS
