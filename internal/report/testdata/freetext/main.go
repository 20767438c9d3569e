// Command freetext must not compile: what a person typed is no constant.
package main

import (
	"context"
	"errors"
	"os"

	"purplecross/internal/report"
)

func main() {
	report.Capture(context.Background(), errors.New("no"), "clients", "load "+os.Args[0])
}
