package grid_test

import (
	"testing"

	"purplecross/db/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }
