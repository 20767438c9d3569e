package sheets

import (
	"io"
	"runtime"
	"testing"
	"time"

	"purplecross/db/grid"
)

// BenchmarkAMillionRows says how much memory a file of a million rows takes at most, beside its time:
// go test ./jobs/sheets -run '^$' -bench Million -benchtime 1x
func BenchmarkAMillionRows(b *testing.B) {
	for _, format := range []Format{CSV, XLSX} {
		b.Run(string(format), func(b *testing.B) {
			var peak uint64
			for range b.N {
				runtime.GC()
				var before, now runtime.MemStats
				runtime.ReadMemStats(&before)
				sheet, err := New(format, io.Discard, "Patients", columns, time.UTC)
				if err != nil {
					b.Fatal(err)
				}
				for i := range int64(1_000_000) {
					row := grid.NewRow(i, map[string]any{"name": "Biscuit", "weight": 4000 + i%9000, "born": time.Unix(i*100, 0), "added": time.Unix(i*1000, 0)})
					if err := sheet.Add(row); err != nil {
						b.Fatal(err)
					}
					if i%50_000 == 0 {
						runtime.ReadMemStats(&now)
						peak = max(peak, now.HeapAlloc-min(before.HeapAlloc, now.HeapAlloc))
					}
				}
				if err := sheet.Close(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(peak)/1e6, "peak-MB")
		})
	}
}
