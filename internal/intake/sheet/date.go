package sheet

import (
	"bytes"
	"errors"
	"math"
	"strconv"
	"time"

	"homecase/day"
	"homecase/internal/intake/tally"
)

// Moment is a day, or a moment of it, as a file writes it.
type Moment struct {
	Date   day.Date
	Clock  time.Duration // since midnight
	Timed  bool          // the file gives a time of day
	Zoned  bool          // the file gives the distance from UTC
	Offset int           // seconds east of UTC
}

// In returns the moment; without a zone of its own it is read in loc.
func (m Moment) In(loc *time.Location) time.Time {
	if m.Zoned {
		loc = time.UTC
		if m.Offset != 0 {
			loc = time.FixedZone("", m.Offset)
		}
	}
	s := int(m.Clock / time.Second)
	return time.Date(m.Date.Year, m.Date.Month, m.Date.Day, s/3600, s/60%60, s%60, int(m.Clock%time.Second), loc)
}

// What can be wrong with a date. The caller says which column and line.
var (
	ErrNoDate    = errors.New("not a date")
	ErrAmbiguous = errors.New("day and month could be either way round")
	ErrAgainst   = errors.New("day and month are the other way round here")
)

// Dates reads dates in one order of day and month.
type Dates struct {
	Order  tally.DateOrder
	Serial bool // numbers are days since 1900, as in workbooks
}

// Decides tells which order a date proves, "" when it proves none.
func Decides(b []byte) tally.DateOrder {
	if m, err := (Dates{Order: tally.DayFirst}).Read(b); err != nil || m.Date.IsZero() {
		if errors.Is(err, ErrAgainst) {
			return tally.MonthFirst
		}
		return ""
	}
	if _, err := (Dates{Order: tally.MonthFirst}).Read(b); errors.Is(err, ErrAgainst) {
		return tally.DayFirst
	}
	return ""
}

// Read reads a date with or without a time of day.
func (d Dates) Read(b []byte) (Moment, error) {
	b = bytes.TrimSpace(b)
	if len(b) < 3 || len(b) > 64 {
		if d.Serial {
			return serial(b)
		}
		return Moment{}, ErrNoDate
	}
	if len(b) >= 10 && b[4] == '-' && b[7] == '-' { // the usual case, quickly
		y, m, dd := four(b), two(b[5:]), two(b[8:])
		if y < 0 || m < 0 || dd < 0 {
			return Moment{}, ErrNoDate
		}
		return finish(y, m, dd, b[10:])
	}
	if d.Serial && bytes.IndexAny(b, "/-:") < 0 {
		if m, err := serial(b); err == nil {
			return m, nil
		}
	}
	return d.other(b)
}

// serial reads a workbook's number of days since 30 December 1899.
func serial(b []byte) (Moment, error) {
	v, err := strconv.ParseFloat(string(b), 64)
	if err != nil || !(v >= 25_569 && v < 109_940) { // the years 1970 to 2200
		return Moment{}, ErrNoDate
	}
	whole := math.Floor(v)
	clock := time.Duration(math.Round((v-whole)*86400)) * time.Second
	when := day.On(1899, 12, 30).Add(int(whole))
	if clock >= 24*time.Hour {
		when, clock = when.Add(1), 0
	}
	return Moment{Date: when, Clock: clock, Timed: clock > 0}, nil
}

// token is a run of digits or of letters and the sign before it.
type token struct {
	text []byte
	sep  byte
}

// pieces cuts the first three runs off b.
func pieces(b []byte) (p [3]token, rest []byte, ok bool) {
	for i := range p {
		var sep byte
		for len(b) > 0 && bytes.IndexByte([]byte(" ,/.-"), b[0]) >= 0 {
			if sep == 0 || sep == ' ' {
				sep = b[0]
			}
			b = b[1:]
		}
		n := 0
		if len(b) > 0 && digit(b[0]) {
			for n < len(b) && digit(b[n]) {
				n++
			}
		} else {
			for n < len(b) && letter(b[n]) {
				n++
			}
		}
		if n == 0 {
			return p, nil, false
		}
		p[i] = token{b[:n], sep}
		b = b[n:]
	}
	return p, b, true
}

func digit(b byte) bool  { return b >= '0' && b <= '9' }
func letter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' || b >= 0x80 }

func (d Dates) other(b []byte) (Moment, error) {
	if len(b) >= 8 && allDigits(b[:8]) && (len(b) == 8 || !digit(b[8])) { // 20260314
		return finish(four(b), two(b[4:]), two(b[6:]), b[8:])
	}
	p, rest, ok := pieces(b)
	if !ok {
		return Moment{}, ErrNoDate
	}
	if weekday(p[0].text) { // Monday, 2 March 2026
		if p, rest, ok = pieces(b[len(p[0].text):]); !ok {
			return Moment{}, ErrNoDate
		}
	}
	x, y, z := number(p[0].text), number(p[1].text), number(p[2].text)
	switch {
	case x >= 0 && len(p[0].text) == 4 && y >= 0 && z >= 0: // 2026/3/14
		return finish(x, y, z, rest)
	case x >= 0 && y < 0 && z >= 0: // 14/Jul/25
		return finish(year(z, p[2].text), month(p[1].text), x, rest)
	case x < 0 && y >= 0 && z >= 0 && len(p[2].text) == 4: // Jul 14, 2025
		return finish(z, month(p[0].text), y, rest)
	case x < 0 || y < 0 || z < 0 || len(p[0].text) > 2 || len(p[1].text) > 2 || p[1].sep == ' ':
		return Moment{}, ErrNoDate
	}
	z = year(z, p[2].text)
	order := d.Order
	if p[1].sep == '.' { // 14.03.2026: nobody writes the month first with full stops
		order = tally.DayFirst
	}
	switch {
	case x > 12 && y > 12:
		return Moment{}, ErrNoDate
	case x == y: // both ways are the same day
		return finish(z, x, y, rest)
	case order == tally.DayFirst && y > 12, order == tally.MonthFirst && x > 12:
		if p[1].sep == '.' {
			return Moment{}, ErrNoDate
		}
		return Moment{}, ErrAgainst
	case order == tally.DayFirst:
		return finish(z, y, x, rest)
	case order == tally.MonthFirst:
		return finish(z, x, y, rest)
	}
	return Moment{}, ErrAmbiguous // even 25/3: the whole file must agree on its order
}

func allDigits(b []byte) bool {
	for _, c := range b {
		if !digit(c) {
			return false
		}
	}
	return true
}

func number(b []byte) int {
	if len(b) == 0 || len(b) > 4 || !allDigits(b) {
		return -1
	}
	n := 0
	for _, c := range b {
		n = 10*n + int(c-'0')
	}
	return n
}

// year widens two digits: 69 and above are 19.., as POSIX strptime has it.
func year(n int, text []byte) int {
	switch {
	case len(text) == 4:
		return n
	case len(text) != 2:
		return -1
	case n >= 69:
		return 1900 + n
	}
	return 2000 + n
}

func two(b []byte) int {
	if len(b) < 2 || !digit(b[0]) || !digit(b[1]) {
		return -1
	}
	return int(b[0]-'0')*10 + int(b[1]-'0')
}

func four(b []byte) int {
	hi, lo := two(b), two(b[2:])
	if hi < 0 || lo < 0 {
		return -1
	}
	return hi*100 + lo
}

// starts holds the beginnings of month names in the languages Jira and
// spreadsheets commonly export: English, German, French, Spanish, Italian,
// Dutch, Portuguese. Longer beginnings come first where a shorter one misleads.
var starts = []struct {
	name  string
	month int
}{
	{"juin", 6}, {"juil", 7}, {"giu", 6}, {"lug", 7}, {"jan", 1}, {"janv", 1}, {"ene", 1}, {"gen", 1}, {"feb", 2}, {"fév", 2}, {"fev", 2},
	{"mar", 3}, {"mär", 3}, {"mrz", 3}, {"maa", 3}, {"mrt", 3}, {"apr", 4}, {"avr", 4}, {"abr", 4}, {"may", 5}, {"mai", 5}, {"mag", 5}, {"mei", 5},
	{"jun", 6}, {"jul", 7}, {"aug", 8}, {"aoû", 8}, {"aou", 8}, {"ago", 8}, {"sep", 9}, {"set", 9}, {"oct", 10}, {"okt", 10}, {"ott", 10}, {"out", 10},
	{"nov", 11}, {"dec", 12}, {"dez", 12}, {"déc", 12}, {"dic", 12},
}

func month(b []byte) int {
	low := bytes.ToLower([]byte(tally.Text(b)))
	for _, s := range starts {
		if bytes.HasPrefix(low, []byte(s.name)) {
			return s.month
		}
	}
	return -1
}

func weekday(b []byte) bool {
	if len(b) < 3 || digit(b[0]) || month(b) > 0 {
		return false
	}
	var w day.Weekday
	return w.UnmarshalText(b) == nil || w.UnmarshalText(b[:3]) == nil
}

// finish checks the day and reads the time of day after it.
func finish(y, m, d int, rest []byte) (Moment, error) {
	if y < 1970 || y > 2199 || m < 1 || m > 12 || d < 1 || d > days(y, m) {
		return Moment{}, ErrNoDate
	}
	out := Moment{Date: day.On(y, time.Month(m), d)}
	rest = bytes.TrimLeft(rest, " ,T\u00a0")
	if len(rest) == 0 {
		return out, nil
	}
	clock, rest, ok := readClock(rest)
	if !ok {
		return Moment{}, ErrNoDate
	}
	out.Clock, out.Timed = clock, true
	return zone(out, bytes.TrimSpace(rest))
}

func days(y, m int) int {
	switch m {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

func zone(m Moment, rest []byte) (Moment, error) {
	switch {
	case len(rest) == 0:
		return m, nil
	case bytes.EqualFold(rest, []byte("Z")), bytes.EqualFold(rest, []byte("UTC")), bytes.EqualFold(rest, []byte("GMT")):
		m.Zoned = true
		return m, nil
	case rest[0] == '+' || rest[0] == '-':
		h, min := two(rest[1:]), 0
		if tail := bytes.TrimPrefix(rest[min3(len(rest)):], []byte(":")); len(tail) > 0 {
			if min = two(tail); len(tail) != 2 {
				return Moment{}, ErrNoDate
			}
		}
		if h < 0 || h > 15 || min < 0 || min > 59 {
			return Moment{}, ErrNoDate
		}
		m.Zoned, m.Offset = true, h*3600+min*60
		if rest[0] == '-' {
			m.Offset = -m.Offset
		}
		return m, nil
	}
	return Moment{}, ErrNoDate
}

func min3(n int) int { return min(n, 3) }

// Clock reads a time of day on its own: 09:00, 9:00:30, 09:00 PM, 9.30.
func Clock(b []byte, serialToo bool) (time.Duration, bool) {
	b = bytes.TrimSpace(b)
	if serialToo && bytes.IndexByte(b, ':') < 0 {
		v, err := strconv.ParseFloat(string(b), 64)
		if err == nil && v >= 0 {
			return time.Duration(math.Round((v-math.Floor(v))*86400)) * time.Second, true
		}
	}
	c, rest, ok := readClock(b)
	return c, ok && len(bytes.TrimSpace(rest)) == 0
}

func readClock(b []byte) (time.Duration, []byte, bool) {
	if len(b) >= 6 && allDigits(b[:6]) && (len(b) == 6 || !digit(b[6])) { // 093000, as calendars write it
		h, m, s := two(b), two(b[2:]), two(b[4:])
		return time.Duration(h*3600+m*60+s) * time.Second, b[6:], h < 24 && m < 60 && s <= 60
	}
	h, b, ok := upTo2(b)
	if !ok || len(b) == 0 || b[0] != ':' && b[0] != '.' {
		return 0, nil, false
	}
	m, b, ok := upTo2(b[1:])
	if !ok {
		return 0, nil, false
	}
	s, frac := 0, time.Duration(0)
	if len(b) > 1 && (b[0] == ':' || b[0] == '.') && digit(b[1]) {
		if s, b, ok = upTo2(b[1:]); !ok {
			return 0, nil, false
		}
		if len(b) > 1 && (b[0] == '.' || b[0] == ',') && digit(b[1]) {
			unit := time.Second / 10
			for b = b[1:]; len(b) > 0 && digit(b[0]); b = b[1:] {
				frac += time.Duration(b[0]-'0') * unit
				unit /= 10
			}
		}
	}
	h, b, ok = meridiem(h, b)
	if !ok || h > 24 || m > 59 || s > 60 || h == 24 && (m > 0 || s > 0) {
		return 0, nil, false
	}
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s)*time.Second + frac, b, true
}

// meridiem turns 12-hour clocks into 24: 12 AM is midnight.
func meridiem(h int, b []byte) (int, []byte, bool) {
	t := bytes.TrimLeft(b, " \u00a0\u202f")
	if len(t) < 2 || t[0]|0x20 != 'a' && t[0]|0x20 != 'p' {
		return h, b, true
	}
	rest := t[1:]
	if rest[0] == '.' {
		rest = rest[1:]
	}
	if len(rest) == 0 || rest[0]|0x20 != 'm' || h < 1 || h > 12 {
		return 0, nil, false
	}
	h %= 12
	if t[0]|0x20 == 'p' {
		h += 12
	}
	return h, bytes.TrimPrefix(rest[1:], []byte(".")), true
}

func upTo2(b []byte) (int, []byte, bool) {
	switch {
	case len(b) >= 2 && digit(b[0]) && digit(b[1]):
		return two(b), b[2:], true
	case len(b) >= 1 && digit(b[0]):
		return int(b[0] - '0'), b[1:], true
	}
	return 0, nil, false
}
