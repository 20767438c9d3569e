package db_test

import (
	"os"
	"testing"

	"purplecross/db"
	"purplecross/db/dbtest"
)

func TestMain(m *testing.M) {
	db.EmbeddedMain()
	if dir := os.Getenv(holdDir); dir != "" {
		holdEmbedded(dir)
	}
	dbtest.Main(m)
}
