package web_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"homecase"
	"homecase/trial"
)

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

// Every page of a case with five years of daily logs, over the loopback, a
// hundred times each: the time that 95 of 100 requests of a page stay under.
func BenchmarkEveryPage(b *testing.B) {
	d := fiveYears(b)
	paths := d.pagesOfFiveYears(b)
	client := &http.Client{Transport: &http.Transport{}}
	d.clock(b, client, paths, 100, func(int) {})
}

// The same right after a change, when nothing is known of the new revision: a
// change of words, one of the money, which is estimated anew, and a line of the
// log, after which five years of days are analysed anew.
func BenchmarkFirstPageAfterAChange(b *testing.B) {
	for _, c := range []struct {
		name   string
		begins string // of the addresses that may show the change
		change func(*testing.B, *desk, int)
	}{
		{"words", "/", func(b *testing.B, d *desk, n int) {
			alter(b, d, func(c *homecase.Case, _ *homecase.Course) {
				c.Reasons.Business[0].Text = fmt.Sprintf("Month-end was on time %d times.", n)
			})
		}},
		{"money", "/", func(b *testing.B, d *desk, n int) {
			alter(b, d, func(c *homecase.Case, _ *homecase.Course) { c.Seed = uint64(n) })
		}},
		{"day", "/trial", func(b *testing.B, d *desk, n int) {
			r := d.round(b)
			on, value := r.Days[len(r.Days)-1], float64(n%12)
			if err := d.LogDay(context.Background(), d.opened(b), trial.Entry{Date: on.Date, Place: on.Planned, Value: &value}); err != nil {
				b.Fatal(err)
			}
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			d := fiveYears(b)
			paths := slices.DeleteFunc(d.pagesOfFiveYears(b), func(p string) bool { return !strings.HasPrefix(p, c.begins) })
			client := &http.Client{Transport: &http.Transport{}}
			n := 0
			d.clock(b, client, paths, 20, func(int) {
				n++
				c.change(b, d, n)
			})
		})
	}
}

// pagesOfFiveYears are the addresses that answer with a page.
func (d *desk) pagesOfFiveYears(b *testing.B) []string {
	madePacket(b, d)
	today := d.now.Format(time.DateOnly)
	paths := []string{"/trial/log/" + today, "/trial?week=100"}
	for _, a := range d.addresses(b) {
		paths = append(paths, a.path)
	}
	kind := ""
	return slices.DeleteFunc(paths, func(path string) bool {
		status, _ := d.fetch(b, path, &kind)
		return status != http.StatusOK || !strings.HasPrefix(kind, "text/html") && !strings.HasPrefix(path, "/trial/odds")
	})
}

// clock asks for every page as often as is said, each time after something was
// done, and reports the slowest pages, the p95 of all requests and that of the
// slowest page, in milliseconds.
func (d *desk) clock(b *testing.B, client *http.Client, paths []string, times int, before func(int)) {
	var all []time.Duration
	var rows []string
	slowest := time.Duration(0)
	b.ResetTimer()
	for _, path := range paths {
		took := make([]time.Duration, times)
		for i := range took {
			before(i)
			from := time.Now()
			d.read(b, client, path)
			took[i] = time.Since(from)
		}
		slices.Sort(took)
		p95 := took[(times*95+99)/100-1]
		slowest = max(slowest, p95)
		all = append(all, took...)
		rows = append(rows, fmt.Sprintf("%8.2f ms  %s", milliseconds(p95), path))
	}
	slices.Sort(all)
	slices.Sort(rows)
	slices.Reverse(rows)
	b.Logf("p95 of each page, the slowest first:\n%s", strings.Join(rows, "\n"))
	b.ReportMetric(milliseconds(all[len(all)*95/100]), "ms-p95")
	b.ReportMetric(milliseconds(slowest), "ms-p95-slowest")
	b.ReportMetric(float64(len(rows)), "pages")
	b.ReportMetric(0, "ns/op")
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// read asks for a page over the loopback, packed, and reads it to its end.
func (d *desk) read(b *testing.B, client *http.Client, path string) {
	r, err := http.NewRequest(http.MethodGet, d.base+path, nil)
	if err != nil {
		b.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "homecase", Value: key})
	r.Header.Set("Accept-Encoding", "gzip")
	res, err := client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil || res.StatusCode >= 400 {
		b.Fatalf("%s answers %d: %v", path, res.StatusCode, err)
	}
}
