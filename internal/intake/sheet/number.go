package sheet

import (
	"bytes"
	"math"
	"strconv"
	"time"
)

// Number reads a number with a decimal point or comma.
func Number(b []byte) (float64, bool) {
	b = bytes.TrimSpace(b)
	if len(b) == 0 || len(b) > 40 {
		return 0, false
	}
	if v, ok := simple(b); ok {
		return v, true
	}
	var room [40]byte
	text := append(room[:0], b...)
	point, comma := bytes.LastIndexByte(text, '.'), bytes.LastIndexByte(text, ',')
	switch {
	case comma >= 0 && point < 0 && bytes.Count(text, []byte(",")) == 1 && len(text)-comma != 4:
		text[comma] = '.' // 7,5
	case comma > point && point >= 0: // 1.234,5
		text = bytes.ReplaceAll(text, []byte("."), nil)
		text[bytes.IndexByte(text, ',')] = '.'
	case comma >= 0 && comma < point: // 1,234.5
		text = bytes.ReplaceAll(text, []byte(","), nil)
	case comma >= 0: // 1,234 could be either: not guessed
		return 0, false
	}
	for _, c := range text {
		if !digit(c) && c != '.' && c != '-' && c != '+' && c|0x20 != 'e' {
			return 0, false // "nan", "inf", 0x10 and 1_000 are not numbers here
		}
	}
	v, err := strconv.ParseFloat(string(text), 64)
	return v, err == nil && math.Abs(v) < 1e12
}

// simple reads the numbers that most files hold: up to fifteen digits with or
// without a point, which a float64 holds exactly before the one division.
func simple(b []byte) (float64, bool) {
	if len(b) > 16 {
		return 0, false
	}
	n, scale, point := 0, 1, false
	for i, c := range b {
		switch {
		case digit(c):
			n = n*10 + int(c-'0')
			if point {
				scale *= 10
			}
		case c == '.' && !point && i > 0 && i+1 < len(b):
			point = true
		default:
			return 0, false
		}
	}
	if n >= 1e15 || n >= 1e12 && !point {
		return 0, false
	}
	return float64(n) / float64(scale), true
}

// Unit is what a bare number means in a column of durations.
type Unit uint8

// The units of bare numbers.
const (
	HoursUnit Unit = iota
	SecondsUnit
	MinutesUnit
	DaysUnit // how a workbook stores a time
	NoUnit   // a bare number is refused
)

var unitLength = [...]time.Duration{HoursUnit: time.Hour, SecondsUnit: time.Second, MinutesUnit: time.Minute, DaysUnit: 24 * time.Hour, NoUnit: 0}

// Length reads a duration: 01:30:00, 1:30, 1.5, 1h 30m, PT1H30M.
func Length(b []byte, bare Unit) (time.Duration, bool) {
	b = bytes.TrimSpace(b)
	if len(b) == 0 || len(b) > 40 {
		return 0, false
	}
	if bytes.IndexByte(b, ':') > 0 {
		return colons(b)
	}
	if v, ok := Number(b); ok {
		return scaled(v, unitLength[bare])
	}
	return letters(b)
}

func scaled(v float64, unit time.Duration) (time.Duration, bool) {
	d := v * float64(unit)
	if unit == 0 || !(d >= 0 && d < float64(10000*time.Hour)) {
		return 0, false
	}
	return time.Duration(math.Round(d/1e6)) * time.Millisecond, true
}

// colons reads h:mm and h:mm:ss.
func colons(b []byte) (time.Duration, bool) {
	var part [3]int
	n, digits := 0, 0
	for i, c := range b {
		switch {
		case digit(c) && digits < 5:
			part[n], digits = part[n]*10+int(c-'0'), digits+1
		case c == ':' && digits > 0 && n < 2:
			n, digits = n+1, 0
		case c == '.' && digits > 0 && n == 2 && i+1 < len(b) && allDigits(b[i+1:]):
			n++ // parts of a second are left out
		default:
			return 0, false
		}
		if n == 3 {
			break
		}
	}
	if digits == 0 {
		return 0, false
	}
	n = min(n, 2) + 1
	if n < 2 || part[1] > 59 || part[2] > 59 || part[0] > 9999 {
		return 0, false
	}
	return time.Duration(part[0])*time.Hour + time.Duration(part[1])*time.Minute + time.Duration(part[2])*time.Second, true
}

// letters reads 1h 30m and PT1H30M.
func letters(b []byte) (time.Duration, bool) {
	low := bytes.ToLower(b)
	low = bytes.TrimPrefix(low, []byte("pt"))
	var total time.Duration
	seen := false
	for len(low) > 0 {
		n := 0
		for n < len(low) && (digit(low[n]) || low[n] == '.') {
			n++
		}
		if n == 0 || n == len(low) {
			return 0, false
		}
		v, err := strconv.ParseFloat(string(low[:n]), 64)
		low = bytes.TrimLeft(low[n:], " ")
		if err != nil || len(low) == 0 {
			return 0, false
		}
		var unit time.Duration
		switch low[0] {
		case 'h':
			unit = time.Hour
		case 'm':
			unit = time.Minute
		case 's':
			unit = time.Second
		}
		d, ok := scaled(v, unit)
		if !ok {
			return 0, false
		}
		total, seen = total+d, true
		for len(low) > 0 && low[0] >= 'a' && low[0] <= 'z' {
			low = low[1:]
		}
		low = bytes.TrimLeft(low, " ")
	}
	return total, seen
}
