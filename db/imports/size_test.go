package imports

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"purplecross/db"
	"purplecross/db/dbtest"
)

// uploadFile keeps a file from the disk as an upload does.
func uploadFile(t testing.TB, pool *pgxpool.Pool, path string) int64 {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	id, err := Upload(t.Context(), pool, filepath.Base(path), file)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// heap measures the most memory that is in use at the ends of batches.
type heap struct {
	counting
	first, most uint64
}

func newHeap() *heap {
	h := &heap{}
	h.step = func(done int) {
		if done%20_000 != 0 {
			return
		}
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		if h.first == 0 {
			h.first = stats.HeapAlloc
		}
		h.most = max(h.most, stats.HeapAlloc)
	}
	return h
}

// TestClinicOfFullSizeIsCheckedImportedAndTakenBackToTheByte runs where CLINIC_DATA is, and says how long each step takes.
func TestClinicOfFullSizeIsCheckedImportedAndTakenBackToTheByte(t *testing.T) {
	folder := os.Getenv("CLINIC_DATA")
	if folder == "" {
		t.Skip("CLINIC_DATA names no folder")
	}
	pool := dbtest.New(t)
	before := everything(t, pool)
	steps := func(path string, rows int) int64 {
		id := uploadFile(t, pool, path)
		was := everything(t, pool)
		h := newHeap()
		began := time.Now()
		checked, err := Check(t.Context(), pool, id, h)
		if err != nil || checked.Added != rows {
			t.Fatalf("check: %d added, %v", checked.Added, err)
		}
		t.Logf("%s: check of %d rows in %s, heap %d to %d MB", filepath.Base(path), rows, time.Since(began).Round(time.Millisecond), h.first>>20, h.most>>20)
		if everything(t, pool) != was {
			t.Fatal("the check changed something")
		}
		h, began = newHeap(), time.Now()
		s, err := Commit(t.Context(), pool, id, h)
		if err != nil || s.Added != rows {
			t.Fatalf("import: %d added, %v", s.Added, err)
		}
		t.Logf("%s: import of %d rows in %s, heap %d to %d MB", filepath.Base(path), rows, time.Since(began).Round(time.Millisecond), h.first>>20, h.most>>20)
		return id
	}
	clients, patients := clinicFiles(folder)
	owners := steps(clients, 30_947)
	withOwners := everything(t, pool)
	pets := steps(patients, 51_754)
	undo := func(id int64, want string) {
		began := time.Now()
		if kept, err := Undo(t.Context(), pool, id, nil); err != nil || kept != 0 {
			t.Fatalf("undo: %d kept, %v", kept, err)
		}
		t.Logf("undo of import %d in %s", id, time.Since(began).Round(time.Millisecond))
		if everything(t, pool) != want {
			t.Error("something is not as it was")
		}
	}
	undo(pets, withOwners)
	undo(owners, before)
}

// TestMillionsOfRowsTakeNoMoreMemory runs with IMPORT_ROWS=5000000, and checks a made-up file of so many clients.
func TestMillionsOfRowsTakeNoMoreMemory(t *testing.T) {
	rows, _ := strconv.Atoi(os.Getenv("IMPORT_ROWS"))
	if rows == 0 {
		t.Skip("IMPORT_ROWS is not set")
	}
	pool := dbtest.New(t)
	path := filepath.Join(t.TempDir(), "many.csv")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	out := bufio.NewWriter(file)
	fmt.Fprintln(out, "legacy_client_id,last_name")
	for i := range rows {
		fmt.Fprintf(out, "%d,Client %d\n", i, i)
	}
	if err := errors.Join(out.Flush(), file.Close()); err != nil {
		t.Fatal(err)
	}
	id := uploadFile(t, pool, path)
	h, began := newHeap(), time.Now()
	last := h.step
	h.step = func(done int) {
		last(done)
		if done%500_000 == 0 {
			t.Logf("%d rows after %s, heap %d to %d MB", done, time.Since(began).Round(time.Second), h.first>>20, h.most>>20)
			fmt.Fprintf(os.Stderr, "%d rows after %s, heap %d to %d MB\n", done, time.Since(began).Round(time.Second), h.first>>20, h.most>>20)
		}
	}
	s, err := Check(t.Context(), pool, id, h)
	if err != nil || s.Added != rows {
		t.Fatalf("%d rows, %v", s.Added, err)
	}
	const bound = 64 << 20 // two generations of what is remembered of repeated rows
	if h.most > h.first+bound {
		t.Errorf("the heap grew from %d to %d MB", h.first>>20, h.most>>20)
	}
	if batch, err := db.GetImport(t.Context(), pool, id); err != nil || batch.Checked.Total != rows {
		t.Error(err)
	}
}
