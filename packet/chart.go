package packet

// Chart is one of the chart types below. Values place marks; every visible
// character is a Span, so that numbers on axes are bound like all others.
type Chart interface{ chart() }

// Fill is what an area means. Home and Office mean just that in every chart.
type Fill string

// The fills; no chart uses more than four.
const (
	FillHome   Fill = "home"   // at home
	FillPale   Fill = "pale"   // could be at home
	FillChange Fill = "change" // at home after a change: hatched
	FillOffice Fill = "office" // in the office
	FillLow    Fill = "low"    // the worse end of a range
	FillHigh   Fill = "high"   // the better end of a range
	FillNone   Fill = "none"   // not known yet
)

// Windows are the five days of a week, lit where the day is at home; on a slide
// also the possible answers, all lit alike.
type Windows struct{ Days []Window }

// Window is one day. Lit is FillHome, FillPale (one of these days) or FillOffice.
type Window struct {
	Name  string // Mon
	Place string // Home, Office, One of these
	Lit   Fill
}

// HoursBar is a week's hours in one bar.
type HoursBar struct{ Parts []HoursPart }

// HoursPart is a stretch of the bar with its label.
type HoursPart struct {
	Hours float64
	Label []Span
	Fill  Fill
}

// Bar is a bar inside a table cell, from 0 (or From) to To on a scale that ends at Max.
type Bar struct {
	From, To, Max float64
	Fill          Fill
}

// Axis is a horizontal scale.
type Axis struct {
	Min, Max float64
	Ticks    []Tick
}

// Tick is a labelled place on an axis.
type Tick struct {
	At    float64
	Label Span
}

// Dots is a quantile dot plot: equally likely results, stacked in bins of one
// dot's width; results below zero are hollow.
type Dots struct {
	Axis   Axis
	Values []float64
	Middle Tick // the middle result, labelled above; a zero Label leaves it out
}

// Tornado shows what each input does to the result, largest effect first.
type Tornado struct {
	Axis   Axis
	Likely Tick
	Zero   Tick
	Rows   []TornadoRow
}

// TornadoRow is one input: results at its worse and better end.
type TornadoRow struct {
	Name      Span
	Notes     []Text
	Low, High float64 // result at the worse end and at the better end
	LowLabel  Span
	HighLabel Span
}

// DayMarks shows every logged day as a mark: home dots over office squares.
type DayMarks struct {
	Axis                  Axis
	Home, Office          []float64
	HomeLabel, OfficeMark []Span // "Home, 7 days" and "Office, 25 days"
	HomeMean, OfficeMean  Tick
}

// Difference shows home minus office with its interval against the agreed limit.
type Difference struct {
	Axis              Axis
	Estimate          Tick
	Low, High         Tick
	Limit             Tick
	BetterIsHigher    bool
	WorseLabel, Unit  string
	NotComputable     string // the reason, when there is no interval to show
	LowOpen, HighOpen bool   // the interval has no end on that side
}

// Diary is the trial's calendar: weeks by weekdays with the day's number.
type Diary struct {
	Days  []string // Mon … Fri
	Weeks []DiaryWeek
}

// DiaryWeek is a row of the diary.
type DiaryWeek struct {
	Label []Span
	Days  []DiaryDay
}

// DiaryDay is one day: home, office, or neither (leave, holiday, not yet).
type DiaryDay struct {
	Fill Fill
	Text []Span
	Now  bool
}

// Verdicts is the row of possible verdicts with the one that holds.
type Verdicts struct {
	Names   []string
	Current int // -1 for none
}

// Timeline is a trial's weeks with the moments that matter on it. Weeks of 0 is
// an arrangement without an end.
type Timeline struct {
	Weeks   int
	Length  float64 // in weeks, to the last moment
	Fill    Fill
	Above   []Span // what holds in every week
	Moments []Moment
	Each    []Span // what comes back week by week
}

// Moment is a labelled place on a timeline, in weeks from its start.
type Moment struct {
	At    float64
	Label []Span
}

func (Windows) chart()    {}
func (HoursBar) chart()   {}
func (Dots) chart()       {}
func (Tornado) chart()    {}
func (DayMarks) chart()   {}
func (Difference) chart() {}
func (Diary) chart()      {}
func (Verdicts) chart()   {}
func (Timeline) chart()   {}
