package plan

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"homecase/day"
)

// Choice is how the trial's days are chosen.
type Choice string

// The choices.
const (
	Lottery Choice = "lottery"
	Fixed   Choice = "fixed"
	Boss    Choice = "boss"
)

// Words lists the words of a file.
func (Choice) Words() []string { return []string{"lottery", "fixed", "boss"} }

// UnmarshalText refuses other words.
func (c *Choice) UnmarshalText(b []byte) error { return pick(c, b, "a way to choose days", c.Words()) }

// Stop is how either side can end the trial.
type Stop string

// The ways to stop.
const (
	OnAnyDay Stop = "on_any_day"
	ByNotice Stop = "by_notice"
	ByLaw    Stop = "by_law"
)

// Words lists the words of a file.
func (Stop) Words() []string { return []string{"on_any_day", "by_notice", "by_law"} }

// UnmarshalText refuses other words.
func (s *Stop) UnmarshalText(b []byte) error { return pick(s, b, "a way to stop", s.Words()) }

// How is how the talk went.
type How string

// The four outcomes.
const (
	Agreed            How = "agreed"
	AgreedWithChanges How = "agreed_with_changes"
	Thinking          How = "thinking"
	SaidNotNow        How = "not_now"
)

// Words lists the words of a file.
func (How) Words() []string { return []string{"agreed", "agreed_with_changes", "thinking", "not_now"} }

// UnmarshalText refuses other words.
func (h *How) UnmarshalText(b []byte) error { return pick(h, b, "an outcome", h.Words()) }

// Every is how often a check-in comes.
type Every string

// Words lists the words of a file.
func (Every) Words() []string {
	return []string{"monday", "tuesday", "wednesday", "thursday", "friday", "day", "week", "fortnight", "month"}
}

// UnmarshalText reads a weekday, short or long, or a period.
func (e *Every) UnmarshalText(b []byte) error {
	var w day.Weekday
	if w.UnmarshalText(b) == nil && w != day.Sat && w != day.Sun {
		b = []byte(w.Name())
	}
	return pick(e, b, "a time for a check-in", e.Words())
}

// Weekday returns the weekday of a check-in that has one.
func (e Every) Weekday() (day.Weekday, bool) {
	for _, w := range day.Working() {
		if strings.EqualFold(w.Name(), string(e)) {
			return w, true
		}
	}
	return 0, false
}

func pick[T ~string](v *T, b []byte, what string, words []string) error {
	s := strings.NewReplacer(" ", "_", "-", "_").Replace(strings.TrimSpace(strings.ToLower(string(b))))
	for _, w := range words {
		if s == w {
			*v = T(w)
			return nil
		}
	}
	last := len(words) - 1
	return fmt.Errorf("%q is not %s: write %s or %s", clip(string(b), 40), what, strings.Join(words[:last], ", "), words[last])
}

// Clock is a time of day, written "09:00".
type Clock string

var clockShape = regexp.MustCompile(`^([01]?\d|2[0-3]):([0-5]\d)$`)

// UnmarshalText reads 9:00 and 09:00 and refuses other writings.
func (c *Clock) UnmarshalText(b []byte) error {
	s := strings.TrimSpace(string(b))
	if !clockShape.MatchString(s) {
		return fmt.Errorf("%q is not a time of day written like \"09:00\"", clip(s, 40))
	}
	if len(s) == 4 {
		s = "0" + s
	}
	*c = Clock(s)
	return nil
}

// Minutes returns the minutes since midnight, and false when unknown.
func (c Clock) Minutes() (int, bool) {
	m := clockShape.FindStringSubmatch(string(c))
	if m == nil {
		return 0, false
	}
	h, _ := strconv.Atoi(m[1])
	min, _ := strconv.Atoi(m[2])
	return 60*h + min, true
}

// DayRule is a date, or a rule for days that come back: month-end,
// month-start, quarter-end, quarter-start, year-end or year-start. A number
// behind a colon counts working days: month-end:3 is the last three.
type DayRule struct {
	Date  day.Date
	Rule  string
	Count int
}

var ruleWords = []string{"month-end", "month-start", "quarter-end", "quarter-start", "year-end", "year-start"}

// UnmarshalText reads a date or a rule.
func (r *DayRule) UnmarshalText(b []byte) error {
	s := strings.ToLower(strings.TrimSpace(string(b)))
	rule, count, counted := strings.Cut(s, ":")
	for _, w := range ruleWords {
		if rule != w {
			continue
		}
		n := 1
		if counted {
			var err error
			if n, err = strconv.Atoi(strings.TrimSpace(count)); err != nil || n < 1 || n > 15 {
				return fmt.Errorf("%q counts working days from 1 to 15, like month-end:3", clip(s, 40))
			}
		}
		*r = DayRule{Rule: w, Count: n}
		return nil
	}
	d, err := day.Parse(s)
	if err == nil {
		*r = DayRule{Date: d}
		return nil
	}
	if len(s) > 0 && s[0] >= '0' && s[0] <= '9' {
		return err
	}
	last := len(ruleWords) - 1
	return fmt.Errorf("%q is not a day: write a date like 2026-11-24, or %s or %s", clip(s, 40), strings.Join(ruleWords[:last], ", "), ruleWords[last])
}

// MarshalText writes the rule as it is read.
func (r DayRule) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// String writes the rule as it is read.
func (r DayRule) String() string {
	switch {
	case r.Rule == "":
		return r.Date.String()
	case r.Count > 1:
		return fmt.Sprintf("%s:%d", r.Rule, r.Count)
	}
	return r.Rule
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
