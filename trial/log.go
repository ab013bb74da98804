package trial

import (
	"slices"

	"homecase/day"
	"homecase/fault"
)

// Entry is one day of the log: ten seconds at the end of a workday.
type Entry struct {
	// Date is the day.
	Date day.Date `json:"date"`
	// Planned is where the draw put the day: home or office.
	Planned Place `json:"planned"`
	// Place is where it was worked; empty when it was not worked.
	Place Place `json:"place,omitempty"`
	// Value is the measure; left out when missing.
	Value *float64 `json:"value,omitempty"`
	// More are the further measures by name.
	More map[string]*float64 `json:"more,omitempty"`
	// Why says why the value is missing, such as leave or sick.
	Why string `json:"why,omitempty"`
	// Note is private: it never leaves this computer.
	Note string `json:"note,omitempty"`
	// Remark says why the day was logged late or changed; it goes with the day.
	Remark string `json:"remark,omitempty"`
	// Logged is the day on which the line was written.
	Logged day.Date `json:"logged,omitzero"`
}

// openDays is how many workdays back a day may be logged without a remark.
const openDays = 5

// Check tells whether the entry may be written on the day today: today and the
// last five workdays without a remark, older days with one, never a day to come.
func (e Entry) Check(today day.Date) error {
	bad := func(say string, args ...any) error {
		return fault.New(fault.Invalid, CodeLog, say, args...)
	}
	switch {
	case e.Date.IsZero():
		return bad("The day has no date.")
	case e.Date.After(today):
		return bad("%s is still to come.", e.Date)
	case e.Planned != AtHome && e.Planned != InOffice:
		return bad("%s has no planned place.", e.Date)
	case e.Place != "" && e.Place != AtHome && e.Place != InOffice:
		return bad("%q is not a place: write home or office.", clip(string(e.Place)))
	case e.Place == "" && e.Value != nil:
		return bad("%s has a value and no place: write home or office.", e.Date)
	case e.Value == nil && e.Why == "":
		return bad("%s has no value: say why, such as leave or sick.", e.Date)
	case e.Remark == "" && workdaysBetween(e.Date, today) > openDays:
		return bad("%s is more than %d workdays ago: say in a remark why it is logged now.", e.Date, openDays)
	}
	return nil
}

// workdaysBetween counts Monday to Friday after a up to b.
func workdaysBetween(a, b day.Date) int {
	n := b.Sub(a)
	if n > 5*366 {
		return n
	}
	count := 0
	for i := 1; i <= n; i++ {
		if w := a.Add(i).Weekday(); w != day.Sat && w != day.Sun {
			count++
		}
	}
	return count
}

// FromLog turns the log into the days of an analysis. The last line of a day
// wins; private notes stay behind.
func FromLog(entries []Entry) Days {
	last := map[day.Date]Entry{}
	var columns []string
	for _, e := range entries {
		last[e.Date] = e
		for name := range e.More {
			if !slices.Contains(columns, name) {
				columns = append(columns, name)
			}
		}
	}
	slices.Sort(columns)
	d := Days{File: "log", Columns: columns}
	for _, e := range last {
		d.Rows = append(d.Rows, Row{Date: e.Date, Assigned: e.Planned, Place: e.Place, Value: e.Value, Why: e.Why, More: e.More})
	}
	slices.SortFunc(d.Rows, func(a, b Row) int { return a.Date.Sub(b.Date) })
	for i := range d.Rows {
		d.Rows[i].Line = i + 2 // as the rows of a written file
	}
	return d
}

// WeekTotal is one week of the log.
type WeekTotal struct {
	Monday day.Date `json:"monday"`
	Days   int      `json:"days"` // with a value
	Total  float64  `json:"total"`
}

// WeekTotals adds up the weeks, for the guardrail against work that moves from
// office days to home days.
func (d Days) WeekTotals() []WeekTotal {
	var out []WeekTotal
	for _, r := range d.Rows {
		m := r.Date.Monday()
		if len(out) == 0 || out[len(out)-1].Monday != m {
			out = append(out, WeekTotal{Monday: m})
		}
		if r.Value != nil {
			w := &out[len(out)-1]
			w.Days, w.Total = w.Days+1, w.Total+*r.Value
		}
	}
	return out
}
