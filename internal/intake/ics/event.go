package ics

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"time"

	ical "github.com/arran4/golang-ical"

	"homecase/internal/intake/sheet"
	"homecase/internal/intake/tally"
)

// maxLine is the longest property that is read; attached files are longer and are skipped.
const maxLine = 64 << 10

// wanted are the properties that are looked at. All others are dropped unread.
var wanted = map[string]bool{"BEGIN": true, "END": true, "UID": true, "DTSTART": true, "DTEND": true, "DURATION": true, "RRULE": true, "RDATE": true, "EXDATE": true,
	"RECURRENCE-ID": true, "STATUS": true, "TRANSP": true, "CLASS": true, "SUMMARY": true, "ATTENDEE": true, "DTSTAMP": true,
	"TZID": true, "TZOFFSETFROM": true, "TZOFFSETTO": true, "X-WR-TIMEZONE": true, "X-MICROSOFT-CDO-BUSYSTATUS": true}

// lines unfolds content lines (RFC 5545, 3.1) and drops the ones nobody wants.
type lines struct {
	r    *bufio.Reader
	line int // of the physical line that comes next
	drop func(name string)
	buf  []byte
}

// next returns the next wanted property and the line where it starts.
func (l *lines) next() (*ical.BaseProperty, int, error) {
	for {
		at := l.line
		text, err := l.unfold()
		if len(text) > 0 {
			name := strings.ToUpper(string(text[:nameEnd(text)]))
			if !wanted[name] {
				l.drop(name)
			} else if p := plain(name, text); p != nil {
				return p, at, nil
			} else if p, bad := ical.ParseProperty(ical.ContentLine(tally.Text(text))); bad == nil && p != nil {
				p.IANAToken = name
				return p, at, nil
			}
		}
		if err != nil {
			return nil, l.line, err
		}
	}
}

// plain reads a property without parameters, which is most of them.
func plain(name string, text []byte) *ical.BaseProperty {
	if len(name) >= len(text) || text[len(name)] != ':' {
		return nil
	}
	value := tally.Text(text[len(name)+1:])
	if name == "BEGIN" || name == "END" {
		value = strings.ToUpper(strings.TrimSpace(value))
	}
	return &ical.BaseProperty{IANAToken: name, Value: value}
}

func nameEnd(text []byte) int {
	if i := bytes.IndexAny(text, ":;"); i >= 0 {
		return i
	}
	return len(text)
}

// unfold reads one property over its continuation lines; what is too long is cut.
func (l *lines) unfold() ([]byte, error) {
	out := l.buf[:0]
	defer func() { l.buf = out[:0] }()
	for {
		chunk, err := l.r.ReadSlice('\n')
		if err == nil {
			l.line++
		}
		if len(out) < maxLine {
			out = append(out, bytes.TrimRight(chunk, "\r\n")...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return out, err
		}
		next, peekErr := l.r.Peek(1)
		if peekErr != nil || next[0] != ' ' && next[0] != '\t' {
			return out, nil
		}
		if _, err := l.r.Discard(1); err != nil {
			return out, err
		}
	}
}

// value is a date or a moment of a property and the zone it names.
type value struct {
	m    sheet.Moment
	zone string
}

// event is what is remembered of a VEVENT: nothing that could be read as text.
type event struct {
	line              int
	start, end        value
	hasStart, hasEnd  bool
	badDate           bool
	length            time.Duration
	hasLength         bool
	rule              string
	extra, except     []value
	override          value
	isOverride        bool
	cancelled, free   bool
	private, declined bool
	place             tally.Place
	uid               []byte
	stamp             value
}

// maxDates bounds the lists of a single event.
const maxDates = 5000

// set reads a property into the event.
func (e *event) set(p *ical.BaseProperty, people *tally.People) {
	switch p.IANAToken {
	case "UID":
		e.uid = []byte(p.Value)
	case "DTSTART":
		e.start, e.hasStart = moment(p, p.Value)
		e.badDate = e.badDate || !e.hasStart
	case "DTEND":
		e.end, e.hasEnd = moment(p, p.Value)
		e.badDate = e.badDate || !e.hasEnd
	case "DURATION":
		e.length, e.hasLength = duration(p.Value)
	case "RRULE":
		if e.rule == "" && len(p.Value) < 1000 {
			e.rule = p.Value
		}
	case "RDATE":
		e.extra = append(e.extra, list(p, len(e.extra))...)
	case "EXDATE":
		e.except = append(e.except, list(p, len(e.except))...)
	case "RECURRENCE-ID":
		e.override, e.isOverride = moment(p, p.Value)
	case "STATUS":
		e.cancelled = strings.EqualFold(p.Value, "CANCELLED")
	case "TRANSP":
		e.free = e.free || strings.EqualFold(p.Value, "TRANSPARENT")
	case "X-MICROSOFT-CDO-BUSYSTATUS":
		e.free = e.free || strings.EqualFold(p.Value, "FREE") || strings.EqualFold(p.Value, "OOF")
	case "CLASS":
		e.private = strings.EqualFold(p.Value, "PRIVATE") || strings.EqualFold(p.Value, "CONFIDENTIAL")
	case "SUMMARY":
		e.place = tally.PlaceOf([]byte(ical.FromText(p.Value)))
	case "DTSTAMP":
		e.stamp, _ = moment(p, p.Value)
	case "ATTENDEE":
		mail := p.Value
		if i := strings.IndexByte(mail, ':'); i >= 0 {
			mail = mail[i+1:]
		}
		if part := p.ICalParameters["PARTSTAT"]; len(part) > 0 && strings.EqualFold(part[0], "DECLINED") && people.Is([]byte(mail)) {
			e.declined = true
		}
	}
}

func list(p *ical.BaseProperty, have int) []value {
	var out []value
	for text := range strings.SplitSeq(p.Value, ",") {
		text, _, _ = strings.Cut(text, "/") // a period starts when it starts
		if v, ok := moment(p, text); ok && have+len(out) < maxDates {
			out = append(out, v)
		}
	}
	return out
}

// moment reads 20260314 and 20260314T093000[Z], with the zone the property names.
func moment(p *ical.BaseProperty, text string) (value, bool) {
	m, err := sheet.Dates{}.Read([]byte(text))
	v := value{m: m}
	if zone := p.ICalParameters["TZID"]; len(zone) > 0 {
		v.zone = zone[0]
	}
	return v, err == nil
}

// duration reads P1D, PT1H30M, P2W.
func duration(text string) (time.Duration, bool) {
	text = strings.ToUpper(strings.TrimPrefix(text, "+"))
	body, ok := strings.CutPrefix(text, "P")
	if !ok || body == "" {
		return 0, false
	}
	var total time.Duration
	n, digits, inTime := 0, 0, false
	for _, c := range body {
		switch {
		case c >= '0' && c <= '9' && digits < 6:
			n, digits = 10*n+int(c-'0'), digits+1
			continue
		case c == 'T' && digits == 0:
			inTime = true
			continue
		}
		unit := map[rune]time.Duration{'W': 7 * 24 * time.Hour, 'D': 24 * time.Hour}[c]
		if inTime {
			unit = map[rune]time.Duration{'H': time.Hour, 'M': time.Minute, 'S': time.Second}[c]
		}
		if unit == 0 || digits == 0 || time.Duration(n) > 400*24*time.Hour/unit {
			return 0, false
		}
		total += time.Duration(n) * unit
		n, digits = 0, 0
	}
	return total, digits == 0
}

// ended tells the proper end of a file from a break.
func ended(err error) bool { return errors.Is(err, io.EOF) }
