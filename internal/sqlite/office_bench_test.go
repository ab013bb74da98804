package sqlite_test

import (
	"testing"

	"homecase/internal/sqlite"
	"homecase/share"
)

// A line of an office in a file: each waits for the disk.
func BenchmarkOfficeAppend(b *testing.B) {
	o, err := sqlite.OpenOffice(b.Context(), b.TempDir(), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer o.Close()
	if err := o.AddOrg(b.Context(), share.Org{ID: "acme", Made: at}); err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		if err := o.Append(b.Context(), "acme", officeLine("case", n, `{"id":"a decision of some hundred bytes, as a reader makes it"}`)); err != nil {
			b.Fatal(err)
		}
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "per_s")
}
