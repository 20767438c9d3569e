package views

import "embed"

// Source is the Go source of this package, of ui and of emails, for the gallery: comments, names of constants and stories are read
// from it.
//
//go:embed *.go ui/*.go emails/*.go
var Source embed.FS
