package sheet

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"homecase/day"
	"homecase/fault"
	"homecase/internal/intake/input"
	"homecase/internal/intake/tally"
)

// all reads a text to the end; a bad row is written as !line.
func all(t testing.TB, text string, max int) (rows [][]string, lines []int) {
	t.Helper()
	r, err := Open(input.Bytes("t.csv", []byte(text)), max)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for n := 0; ; n++ {
		cells, line, err := r.Next()
		var bad *Bad
		switch {
		case errors.Is(err, io.EOF):
			return rows, lines
		case errors.As(err, &bad):
			rows = append(rows, []string{fmt.Sprintf("!%d", bad.Line)})
		case err != nil:
			t.Fatal(err)
		default:
			row := make([]string, len(cells))
			for i, c := range cells {
				row[i] = string(c)
			}
			rows = append(rows, row)
		}
		lines = append(lines, line)
		if n > len(text) {
			t.Fatal("the reader does not end")
		}
	}
}

// The expected rows are by hand from RFC 4180 and from what the traps of the issue ask for.
func TestRowsAsTheyArrive(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       [][]string
		lines      []int
	}{
		{"plain", "a,b\n1,2\n", [][]string{{"a", "b"}, {"1", "2"}}, []int{1, 2}},
		{"no last line end", "a,b\n1,2", [][]string{{"a", "b"}, {"1", "2"}}, []int{1, 2}},
		{"CRLF and a mark", "\xef\xbb\xbfa,b\r\n1,2\r\n", [][]string{{"a", "b"}, {"1", "2"}}, []int{1, 2}},
		{"old Mac", "a,b\r1,2\r", [][]string{{"a", "b"}, {"1", "2"}}, []int{1, 2}},
		{"semicolons", "a;b\n1,5;2\n", [][]string{{"a", "b"}, {"1,5", "2"}}, []int{1, 2}},
		{"tabs", "a\tb\n1\t2\n", [][]string{{"a", "b"}, {"1", "2"}}, []int{1, 2}},
		{"sep line", "sep=;\na;b\n1;2\n", [][]string{{"a", "b"}, {"1", "2"}}, []int{2, 3}},
		{"empty lines", "a,b\n\n\r\n1,2\n", [][]string{{"a", "b"}, {"1", "2"}}, []int{1, 4}},
		{"ragged", "a,b\n1\n1,2,3\n", [][]string{{"a", "b"}, {"1"}, {"1", "2", "3"}}, []int{1, 2, 3}},
		{"quoted line end", "a,b\n\"x\ny\",2\n3,4\n", [][]string{{"a", "b"}, {"x\ny", "2"}, {"3", "4"}}, []int{1, 2, 4}},
		{"doubled quotes", `a,b` + "\n" + `"say ""no""","""x"""` + "\n", [][]string{{"a", "b"}, {`say "no"`, `"x"`}}, []int{1, 2}},
		{"quote inside", "a,b\nx\"y,2\n", [][]string{{"a", "b"}, {`x"y`, "2"}}, []int{1, 2}},
		{"text after a quote", "a,b\n\"x\"y\",2\n", [][]string{{"a", "b"}, {`x"y`, "2"}}, []int{1, 2}},
		{"quote that does not close", "a,b\n\"x,1\n2,3\n4,5\n", [][]string{{"a", "b"}, {"!2"}, {"2", "3"}, {"4", "5"}}, []int{1, 3, 3, 4}},
		{"only a line too long", "a,b\n" + strings.Repeat("x", 5000) + "\n1,2\n", [][]string{{"a", "b"}, {"!2"}, {"1", "2"}}, []int{1, 3, 3}},
		{"UTF-16 little", "\xff\xfea\x00,\x00b\x00\n\x001\x00,\x002\x00", [][]string{{"a", "b"}, {"1", "2"}}, []int{1, 2}},
		{"UTF-16 big without a mark", "\x00a\x00,\x00b\x00\n\x001\x00,\x002", [][]string{{"a", "b"}, {"1", "2"}}, []int{1, 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, lines := all(t, c.text, 4096)
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
			for i, l := range lines { // a bad row reports its line itself
				if !strings.HasPrefix(got[i][0], "!") && l != c.lines[i] {
					t.Errorf("row %d is said to be on line %d, want %d", i, l, c.lines[i])
				}
			}
		})
	}
}

// What the standard library writes must come back, however the bytes arrive.
func TestReadsWhatCSVWriters(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		cell := rapid.StringMatching(`[a-c,;"\n 0-9é]{0,6}`)
		width := rapid.IntRange(2, 5).Draw(rt, "width")
		head := []string{"h,1"}
		for i := 1; i < width; i++ {
			head = append(head, fmt.Sprint("h", i))
		}
		rows := [][]string{head}
		for range rapid.IntRange(0, 20).Draw(rt, "rows") {
			row := []string{"x"} // never an empty line
			for range width - 1 {
				row = append(row, cell.Draw(rt, "cell"))
			}
			rows = append(rows, row)
		}
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.UseCRLF = rapid.Bool().Draw(rt, "crlf")
		if err := w.WriteAll(rows); err != nil {
			rt.Fatal(err)
		}
		c, err := newCSV(iotest.OneByteReader(bytes.NewReader(b.Bytes())), 1<<20)
		if err != nil {
			rt.Fatal(err)
		}
		c.comma = ',' // the first line may hold more of another sign inside a cell
		for _, want := range rows {
			cells, _, err := c.Next()
			if err != nil {
				rt.Fatal(err)
			}
			for i := range want {
				got := strings.ReplaceAll(string(cells[i]), "\r\n", "\n")
				if got != want[i] {
					rt.Fatalf("cell %d: got %q, want %q", i, got, want[i])
				}
			}
		}
	})
}

func TestDates(t *testing.T) {
	at := func(s string) Moment {
		v, err := time.Parse("2006-01-02 15:04:05", s)
		if err != nil {
			t.Fatal(err)
		}
		return Moment{Date: day.Of(v), Clock: time.Duration(v.Hour()*3600+v.Minute()*60+v.Second()) * time.Second, Timed: true}
	}
	on := func(s string) Moment { return Moment{Date: day.Must(s)} }
	zoned := func(m Moment, east int) Moment { m.Zoned, m.Offset = true, east; return m }
	for _, c := range []struct {
		text  string
		order tally.DateOrder
		want  Moment
		err   error
	}{
		{"2026-03-14", "", on("2026-03-14"), nil},
		{"2026-03-14T09:05:07Z", "", zoned(at("2026-03-14 09:05:07"), 0), nil},
		{"2026-03-14T09:05:07.25+05:30", "", zoned(func() Moment { m := at("2026-03-14 09:05:07"); m.Clock += 250 * time.Millisecond; return m }(), 19800), nil},
		{"2026-03-14 09:05:07 -0800", "", zoned(at("2026-03-14 09:05:07"), -28800), nil},
		{"20260314T090507Z", "", zoned(at("2026-03-14 09:05:07"), 0), nil},
		{"2026/3/4", "", on("2026-03-04"), nil},
		{"14/Jul/25 3:42 PM", "", at("2025-07-14 15:42:00"), nil},
		{"14/Jul/25 12:00 AM", "", at("2025-07-14 00:00:00"), nil},
		{"Jul 14, 2025", "", on("2025-07-14"), nil},
		{"Mon, 14 Jul 2025 09:00:00 GMT", "", zoned(at("2025-07-14 09:00:00"), 0), nil},
		{"14. März 2025", "", on("2025-03-14"), nil},
		{"14 juillet 2025", "", on("2025-07-14"), nil},
		{"6/21/2025 16:14", tally.MonthFirst, at("2025-06-21 16:14:00"), nil},
		{"6/21/2025 16:14", tally.DayFirst, Moment{}, ErrAgainst},
		{"6/21/2025 16:14", "", Moment{}, ErrAmbiguous}, // the file decides, not the row
		{"03/04/2026", "", Moment{}, ErrAmbiguous},
		{"03/04/2026", tally.DayFirst, on("2026-04-03"), nil},
		{"03/04/2026", tally.MonthFirst, on("2026-03-04"), nil},
		{"04/04/2026", "", on("2026-04-04"), nil}, // the same day both ways
		{"3-4-26", tally.DayFirst, on("2026-04-03"), nil},
		{"14.03.2026", "", on("2026-03-14"), nil},
		{"14.03.2026", tally.MonthFirst, on("2026-03-14"), nil},
		{"29/02/2025", tally.DayFirst, Moment{}, ErrNoDate},
		{"2026-02-30", "", Moment{}, ErrNoDate},
		{"13/13/2026", "", Moment{}, ErrNoDate},
		{"0001-01-01", "", Moment{}, ErrNoDate},
		{"", "", Moment{}, ErrNoDate},
		{"call Anna", "", Moment{}, ErrNoDate},
		{"45292.375", "", Moment{}, ErrNoDate},
	} {
		got, err := Dates{Order: c.order}.Read([]byte(c.text))
		if !errors.Is(err, c.err) || err == nil && got != c.want {
			t.Errorf("%q in order %q: got %+v, %v; want %+v, %v", c.text, c.order, got, err, c.want, c.err)
		}
	}
	// 45292 is 1 January 2024 in LibreOffice and Excel; .375 is nine o'clock
	if got, err := (Dates{Serial: true}).Read([]byte("45292.375")); err != nil || got != at("2024-01-01 09:00:00") {
		t.Errorf("serial: %+v, %v", got, err)
	}
}

func TestDecides(t *testing.T) {
	for text, want := range map[string]tally.DateOrder{"25/12/2025": tally.DayFirst, "12/25/2025": tally.MonthFirst, "3/4/2025": "", "5/5/2025": "",
		"2025-12-25": "", "25.12.2025": "", "words": "", "13/13/2025": "", "31-1-25 9:00 AM": tally.DayFirst} {
		if got := Decides([]byte(text)); got != want {
			t.Errorf("%s decides %q, want %q", text, got, want)
		}
	}
}

func TestNumbersAndLengths(t *testing.T) {
	for text, want := range map[string]float64{"7": 7, "7.5": 7.5, "7,5": 7.5, "1,234.5": 1234.5, "1.234,5": 1234.5, "-2": -2, "1e3": 1000, "0.1": .1} {
		if got, ok := Number([]byte(text)); !ok || got != want {
			t.Errorf("%s: %v, %v; want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "1,234", "NaN", "inf", "0x10", "1_000", "seven", "1e99", "--", "1.2.3"} {
		if got, ok := Number([]byte(text)); ok {
			t.Errorf("%q was read as %v", text, got)
		}
	}
	for text, want := range map[string]time.Duration{"01:30:00": 90 * time.Minute, "1:30": 90 * time.Minute, "100:00:01": 100*time.Hour + time.Second, "1.5": 90 * time.Minute,
		"1,25": 75 * time.Minute, "1h 30m": 90 * time.Minute, "PT1H30M": 90 * time.Minute, "45m": 45 * time.Minute, "01:30:00.5": 90 * time.Minute} {
		if got, ok := Length([]byte(text), HoursUnit); !ok || got != want {
			t.Errorf("%s: %v, %v; want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", ":", "1:", "1:60", "1:2:3:4", "-1", "h", "1x", "99999999", "1:30:00."} {
		if got, ok := Length([]byte(text), HoursUnit); ok {
			t.Errorf("%q was read as %v", text, got)
		}
	}
	for text, want := range map[string]time.Duration{"09:00": 9 * time.Hour, "9:05 pm": 21*time.Hour + 5*time.Minute, "12:00 AM": 0, "12:30 p.m.": 12*time.Hour + 30*time.Minute} {
		if got, ok := Clock([]byte(text), false); !ok || got != want {
			t.Errorf("%s: %v, %v; want %v", text, got, ok, want)
		}
	}
}

// count is the simplest reader: one item per row on the day of column d.
func count(text string, o tally.Options) (tally.Result, error) {
	fits := func(h Header) bool { return h.Has("d") }
	return Read(context.Background(), input.Bytes("f.csv", []byte(text)), "test", o, fits, func(h Header) (Plan, error) {
		i := h.Find("d")
		return Plan{Keep: []int{i}, Dates: []int{i}, Row: func(t *tally.Tally, r *Row) error {
			m, err := r.Date(i, "d")
			if err == nil {
				t.Add(m.Date, tally.Items, tally.Unknown, 1)
			}
			return err
		}}, nil
	})
}

func TestDatesAreNeverGuessed(t *testing.T) {
	days := func(r tally.Result) (out []string) {
		for _, k := range r.Kept {
			out = append(out, k.Date.String())
		}
		return out
	}
	for _, c := range []struct {
		name, text string
		order      tally.DateOrder
		want       []string
		code       fault.Code
		warnings   int
	}{
		{"a later row decides", "d,x\n03/04/2026,a\n25/04/2026,b\n", "", []string{"2026-04-03", "2026-04-25"}, "", 0},
		{"the other way", "d,x\n03/04/2026,a\n04/25/2026,b\n", "", []string{"2026-03-04", "2026-04-25"}, "", 0},
		{"nothing decides", "d,x\n03/04/2026,a\n05/06/2026,b\n", "", nil, "HC-INTAKE-22", 0},
		{"the person decides", "d,x\n03/04/2026,a\n05/06/2026,b\n", tally.MonthFirst, []string{"2026-03-04", "2026-05-06"}, "", 0},
		{"the file contradicts itself", "d,x\n25/04/2026,a\n04/25/2026,b\n", "", nil, "HC-INTAKE-23", 0},
		{"the person decides that too", "d,x\n25/04/2026,a\n04/25/2026,b\n", tally.DayFirst, []string{"2026-04-25"}, "", 1},
		{"wrong rows do not matter", "d,x\nnonsense,a\n2026-04-25,b\n,c\n", "", []string{"2026-04-25"}, "", 2},
		{"headings lower down", "A report\nmade by a program\nd,x\n2026-04-25,b\n", "", []string{"2026-04-25"}, "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := count(c.text, tally.Options{DateOrder: c.order})
			if fault.CodeOf(err) != c.code {
				t.Fatalf("got %v, want code %q", err, c.code)
			}
			if d := cmp.Diff(c.want, days(r)); d != "" {
				t.Error(d)
			}
			if len(r.Warnings) != c.warnings {
				t.Errorf("warnings %v, want %d", r.Warnings, c.warnings)
			}
			for _, w := range r.Warnings {
				if strings.Contains(w.Text, "nonsense") {
					t.Errorf("a warning quotes the file: %s", w.Text)
				}
			}
		})
	}
}

// A hundred columns of one name are one dropped field.
func TestHundredColumnsOfOneName(t *testing.T) {
	r, err := count("d,"+strings.Repeat("Labels,", 100)+"Labels\n2026-04-25"+strings.Repeat(",private", 130)+"\n", tally.Options{})
	if err != nil || !slices.Equal(r.DroppedFields, []string{"Labels"}) || len(r.Kept) != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestManyOpenQuotesEndSoon(t *testing.T) {
	start := time.Now()
	r, err := count("d,x\n"+strings.Repeat("2026-04-25,\"a\nb,\"\"c\n", 50_000), tally.Options{})
	if err != nil || r.Rows < 1000 {
		t.Errorf("%d rows, %v", r.Rows, err)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %v", took)
	}
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "\"a\"\"\",b\r\n\"x\ny\",\"", "sep=|\na|b", "a\rb\r", "\"", "\xff\xfea\x00", "d,x\n\"2026-01-01\",\"open\n1,2\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if r, err := Open(input.Bytes("x", []byte(s)), 1000); err != nil {
			return
		} else {
			r.Close()
		}
		_, lines := all(t, s, 1000)
		if !slices.IsSorted(lines) {
			t.Errorf("lines go back: %v", lines)
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"2026-03-14T09:05:07Z", "14/Jul/25 3:42 PM", "Mon, 14 Jul 2025", "3/4/26", "45292.5", "20260314T090507"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, o := range []tally.DateOrder{"", tally.DayFirst, tally.MonthFirst} {
			m, err := Dates{Order: o, Serial: len(s)%2 == 0}.Read([]byte(s))
			if err == nil && (m.Date.Year < 1900 || m.Date.Year > 2202 || m.Clock < 0 || m.Clock > 25*time.Hour || day.Of(m.Date.Time()) != m.Date) {
				t.Errorf("%q became %+v", s, m)
			}
		}
		Decides([]byte(s))
		Number([]byte(s))
		if d, ok := Length([]byte(s), HoursUnit); ok && d < 0 {
			t.Errorf("%q lasts %v", s, d)
		}
	})
}
