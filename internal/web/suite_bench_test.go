package web_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// serveOnce is one request for a page without a network between.
func (d *desk) serveOnce(b *testing.B, path string) {
	r := httptest.NewRequest(http.MethodGet, d.base+path, nil)
	r.AddCookie(&http.Cookie{Name: "homecase", Value: key})
	r.Header.Set("Accept-Encoding", "gzip")
	w := httptest.NewRecorder()
	d.server.ServeHTTP(w, r)
	if w.Code >= 400 {
		b.Fatalf("%s answers %d", path, w.Code)
	}
}

// The list of tasks, asked for over the loopback by as many clients as there are
// processors, beside a handler that answers nothing.
func BenchmarkTaskList(b *testing.B) {
	d := serve(b).take(b, accounts)
	overLoopback(b, d.base+"/case")
}

func BenchmarkEmptyHandler(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	overLoopback(b, server.URL+"/")
}

func overLoopback(b *testing.B, address string) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r, err := http.NewRequest(http.MethodGet, address, nil)
			if err != nil {
				b.Error(err)
				return
			}
			r.AddCookie(&http.Cookie{Name: "homecase", Value: key})
			r.Header.Set("Accept-Encoding", "gzip")
			res, err := client.Do(r)
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, res.Body) // what comes is not looked at
			res.Body.Close()
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s")
}

// Every page of a case with five years of daily logs, a hundred times each: the
// slowest five in a hundred of each page, and of all of them.
func BenchmarkEveryPage(b *testing.B) {
	d := fiveYears(b)
	var all []time.Duration
	var rows []string
	for _, a := range d.addresses(b) {
		if strings.HasPrefix(a.route, "/files/") || strings.HasPrefix(a.route, "/photos/") {
			continue
		}
		status, _ := d.get(b, a.path)
		if status != http.StatusOK {
			continue
		}
		var times []time.Duration
		for range 100 {
			from := time.Now()
			d.serveOnce(b, a.path)
			times = append(times, time.Since(from))
		}
		slices.Sort(times)
		all = append(all, times...)
		rows = append(rows, fmt.Sprintf("%8.2f ms  %s", float64(times[94].Microseconds())/1000, a.path))
	}
	slices.Sort(all)
	slices.Sort(rows)
	slices.Reverse(rows)
	b.Logf("p95 of each page, the slowest first:\n%s", strings.Join(rows, "\n"))
	b.ReportMetric(float64(all[len(all)*95/100].Microseconds())/1000, "ms-p95")
	b.ReportMetric(float64(len(rows)), "pages")
	b.ReportMetric(0, "ns/op")
}
