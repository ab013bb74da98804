// Package trial is the trial that settles the argument: home days drawn by lot
// under a plan both agreed beforehand, ten seconds of logging a day, and an
// analysis that knows how the days were chosen.
//
// It says before the first day what such a trial can show, and afterwards what
// the days say, in five words with known error rates. It refuses rather than
// guesses: a file that does not fit its plan, a verdict from too few days, a
// number that cannot be computed (the Report then has null, and the reason
// among its warnings).
//
// The package opens no file, asks no clock and holds no randomness of its own;
// the mathematics is in trial/lottery, the secondary analyses in trial/series.
//
//	plan, err := trial.ReadPlan("PLAN.yaml", bytes)
//	days, err := trial.ReadDays("DAYS.csv", file)
//	report, err := trial.Analyse(trial.Input{Plan: plan, Days: days})
package trial

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"homecase/content"
	"homecase/day"
	"homecase/fault"
)

// Design is how the home days are chosen.
type Design string

// The designs.
const (
	Rotate5 Design = "rotate5" // five-week cycles in which every weekday is home equally often
	KOfM    Design = "kofm"    // each week a random choice of its allowed days
	Matched Design = "matched" // half of the days in one week, the other half in the next
	AltWeek Design = "altweek" // a coin decides which week of a pair is the home week
	Mixed   Design = "mixed"   // a coin decides the home week of a pair, and its home days are drawn
	Start   Design = "start"   // the week in which home working begins is drawn
	Fixed   Design = "fixed"   // the boss fixes the days; no lottery
	Grouped Design = "groups"  // plain complete randomisation of so many days
)

var designs = []Design{Rotate5, KOfM, Matched, AltWeek, Mixed, Start, Fixed, Grouped}

// UnmarshalText refuses a design that does not exist.
func (d *Design) UnmarshalText(b []byte) error {
	return oneOf(d, Design(b), designs, "a design")
}

func oneOf[T ~string](to *T, got T, known []T, what string) error {
	var names []string
	for _, k := range known {
		if got == k {
			*to = k
			return nil
		}
		names = append(names, string(k))
	}
	last := len(names) - 1
	return fmt.Errorf("%q is not %s: write %s or %s", string(got), what, strings.Join(names[:last], ", "), names[last])
}

// MeasureKind is what sort of number the measure is.
type MeasureKind string

// The kinds of measure.
const (
	Count    MeasureKind = "count"
	Duration MeasureKind = "duration"
	Rating   MeasureKind = "rating"
	Share    MeasureKind = "share"
)

// UnmarshalText refuses a kind that does not exist.
func (k *MeasureKind) UnmarshalText(b []byte) error {
	return oneOf(k, MeasureKind(b), []MeasureKind{Count, Duration, Rating, Share}, "a kind of measure")
}

// Better says which way the measure is good.
type Better string

// The two directions.
const (
	Higher Better = "higher"
	Lower  Better = "lower"
)

// UnmarshalText refuses anything but higher and lower.
func (b *Better) UnmarshalText(text []byte) error {
	return oneOf(b, Better(text), []Better{Higher, Lower}, "a direction")
}

// Recorded says who writes the number down.
type Recorded string

// The two ways to record.
const (
	System Recorded = "system" // a system the person cannot edit
	Self   Recorded = "self"   // the person
)

// UnmarshalText refuses anything but system and self.
func (r *Recorded) UnmarshalText(b []byte) error {
	return oneOf(r, Recorded(b), []Recorded{System, Self}, "a way of recording")
}

// Spending says how the error allowed is spread over several looks.
type Spending string

// The spending rules, all after Lan and DeMets 1983.
const (
	OBrienFleming Spending = "obf"    // little early, nearly all at the end
	Pocock        Spending = "pocock" // about the same at each look
	Linear        Spending = "linear" // in proportion to the weeks
)

// UnmarshalText refuses a rule that does not exist.
func (s *Spending) UnmarshalText(b []byte) error {
	return oneOf(s, Spending(b), []Spending{OBrienFleming, Pocock, Linear}, "a spending rule")
}

// WeekRef names a week of the trial: its number, counted from 1, or its first day.
type WeekRef string

// UnmarshalText takes a number or a date.
func (w *WeekRef) UnmarshalText(b []byte) error {
	if n, err := strconv.Atoi(string(b)); err == nil && n >= 1 && n <= MaxWeeks {
		*w = WeekRef(strconv.Itoa(n))
		return nil
	}
	d, err := day.Parse(string(b))
	if err != nil {
		return fmt.Errorf("%q is not a week: write its number, like 3, or its first day, like 2027-01-11", string(b))
	}
	*w = WeekRef(d.String())
	return nil
}

// Week is one week of the trial.
type Week struct {
	// Start is the Monday of the week, or the first workday of a week that begins later.
	Start day.Date `json:"start"`
	// Allowed lists the weekdays on which a home day may be drawn; all workdays when left out.
	Allowed []day.Weekday `json:"allowed,omitempty"`
	// Home is how many home days the week has.
	Home int `json:"home"`
}

// Groups is plain complete randomisation: so many days, of which so many at home.
type Groups struct {
	// Days is the number of days in the trial.
	Days int `json:"days"`
	// Home is how many of them are home days.
	Home int `json:"home"`
}

// Candidates are the weeks among which the start of home working is drawn.
type Candidates struct {
	// Candidates lists weeks by number or by first day.
	Candidates []WeekRef `json:"candidates"`
}

// Measure is the number that shows a good day's work.
type Measure struct {
	// Name says what is counted, such as "Exceptions closed".
	Name string `json:"name"`
	// Unit is what one of them is, such as items or minutes.
	Unit string `json:"unit,omitempty"`
	// Kind is count, duration, rating or share.
	Kind MeasureKind `json:"kind,omitempty"`
	// Better is higher or lower.
	Better Better `json:"better,omitempty"`
	// Source is where the number is recorded, such as "closed-item report".
	Source string `json:"source,omitempty"`
}

// Margin is the drop that both agreed would not matter: one of the two.
type Margin struct {
	// Absolute is the margin in units of the measure.
	Absolute float64 `json:"absolute,omitempty"`
	// Relative is the margin as a share of the office days: 0.10 for ten in a hundred.
	Relative float64 `json:"relative,omitempty"`
}

// Given tells whether a margin is set.
func (m Margin) Given() bool { return m.Absolute != 0 || m.Relative != 0 }

// Second is a further measure: a further column of the days file.
type Second struct {
	// Name is the name of the column.
	Name string `json:"name"`
	// Unit is what one of them is.
	Unit string `json:"unit,omitempty"`
	// Kind is count, duration, rating or share.
	Kind MeasureKind `json:"kind,omitempty"`
	// Better is higher or lower.
	Better Better `json:"better,omitempty"`
	// Margin is the drop in this measure that would not matter.
	Margin Margin `json:"margin,omitzero"`
}

// Agreement records who agreed to the margin, and when.
type Agreement struct {
	// By names the two people who agreed.
	By []string `json:"by"`
	// On is the day on which they agreed, before the first day of the trial.
	On day.Date `json:"on,omitzero"`
}

// Usual is how the measure behaves now, from a record of ordinary weeks.
type Usual struct {
	// Mean is the usual value of a day.
	Mean float64 `json:"mean"`
	// SD is the usual spread from day to day, as a standard deviation.
	SD float64 `json:"sd"`
}

// Away is a day on which colleagues are known to be out of the office.
type Away struct {
	// Date is the day.
	Date day.Date `json:"date"`
	// People is how many colleagues are away.
	People int `json:"people"`
}

// Cover keeps enough of the team in the office: a day on which one person more
// away would leave too few is never drawn.
type Cover struct {
	// Team is the number of people in the team, with the person of the trial.
	Team int `json:"team"`
	// InOffice is the least number who must be in the office.
	InOffice int `json:"in_office"`
	// Away lists the days on which colleagues are known to be away.
	Away []Away `json:"away,omitempty"`
}

// Constraints limit which schedules may be drawn.
type Constraints struct {
	// MaxRunning is the most home days in a row, counted over workdays.
	MaxRunning int `json:"max_running,omitempty"`
	// Cover keeps enough of the team in the office.
	Cover *Cover `json:"cover,omitempty"`
}

// Commitment is what a draw publishes. The nonce itself is shown at the end.
type Commitment struct {
	// Plan is the SHA-256 of the frozen plan.
	Plan string `json:"plan_sha256"`
	// Nonce is the SHA-256 of the secret number.
	Nonce string `json:"nonce_sha256"`
	// Word is the word that the boss gave after the two hashes were shown.
	Word string `json:"word"`
	// On is the day of the draw.
	On day.Date `json:"on,omitzero"`
}

// Plan is what both agree on before the first day.
type Plan struct {
	// Title says in a line what the trial is.
	Title string `json:"title,omitempty"`
	// Design is how home days are chosen: rotate5, kofm, matched, altweek, mixed, start, fixed or groups.
	Design Design `json:"design,omitempty"`
	// Weeks lists the weeks with their allowed days and the number of home days.
	Weeks []Week `json:"weeks,omitempty"`
	// Groups replaces weeks for a plain draw of so many days.
	Groups *Groups `json:"groups,omitempty"`
	// Pairs lists which weeks form a pair, for matched, altweek and mixed; neighbours when left out.
	Pairs [][]WeekRef `json:"pairs,omitempty"`
	// Start lists the weeks among which the beginning is drawn, for the design start.
	Start *Candidates `json:"start,omitempty"`
	// Workdays lists the days the person works; Monday to Friday when left out.
	Workdays []day.Weekday `json:"workdays,omitempty"`
	// Holidays are workdays on which nobody works.
	Holidays []day.Date `json:"holidays,omitempty"`
	// Leave lists days off that are known already; they are never drawn.
	Leave []day.Date `json:"leave,omitempty"`
	// Constraints limit which schedules may be drawn.
	Constraints Constraints `json:"constraints,omitzero"`
	// Measure is the one number that decides.
	Measure Measure `json:"measure,omitzero"`
	// Margin is the drop that would not matter.
	Margin Margin `json:"margin,omitzero"`
	// Agreed records who agreed to the margin, and when.
	Agreed *Agreement `json:"agreed,omitempty"`
	// Measures are further columns of the days file.
	Measures []Second `json:"measures,omitempty"`
	// Recorded is system when a system writes the number, self when the person does.
	Recorded Recorded `json:"recorded,omitempty"`
	// Alpha is the share of unlucky trials allowed to end in a false "clearly"; 0.05 when left out.
	Alpha float64 `json:"alpha,omitempty"`
	// Usual is how the measure behaves now.
	Usual *Usual `json:"usual,omitempty"`
	// Baseline names a file of office days before the trial.
	Baseline string `json:"baseline,omitempty"`
	// ExtensionWeeks is the one extension agreed beforehand, in weeks.
	ExtensionWeeks int `json:"extension_weeks,omitempty"`
	// Extension lists the weeks of the extension, as holidays and office days leave them; each is like the last week when left out.
	Extension []Week `json:"extension,omitempty"`
	// Looks lists the weeks after which a verdict may be read before the end.
	Looks []int `json:"looks,omitempty"`
	// Spending is how the error allowed is spread over the looks: obf, pocock or linear.
	Spending Spending `json:"spending,omitempty"`
	// CheckIns says when both talk, such as "Friday, ten minutes".
	CheckIns []string `json:"check_ins,omitempty"`
	// Stop lists what ends the trial early.
	Stop []string `json:"stop,omitempty"`
	// DecideOn is the day on which both decide.
	DecideOn day.Date `json:"decide_on,omitzero"`
	// Purpose says what the numbers are for and what they are not used for.
	Purpose string `json:"purpose,omitempty"`
	// Replaces is the SHA-256 of an earlier plan that this one changes.
	Replaces string `json:"replaces,omitempty"`
	// Drawn is what the draw published; it is no part of the plan's own hash.
	Drawn *Commitment `json:"draw,omitempty"`
}

// Limits of a plan.
const (
	MaxWeeks = 260 // five years
	MaxDays  = 7 * MaxWeeks
	// MinSchedules is how many schedules a lottery must have to be able to show
	// "clearly" at 5 in 100.
	MinSchedules = 20
	// MinHomeDays is the least number of home days for any verdict.
	MinHomeDays = 5
)

// alphaProbable is the error allowed for the two "probably" verdicts.
const alphaProbable = .20

// Level returns the error allowed for "clearly" and "worse".
func (p Plan) Level() float64 {
	if p.Alpha == 0 {
		return .05
	}
	return p.Alpha
}

// planFile is a plan that must be complete.
type planFile struct{ Plan }

// Check adds what a whole plan needs to the rules of its fields.
func (f *planFile) Check() fault.List {
	_, err := f.ready()
	var list fault.List
	var one *fault.Error
	switch {
	case errors.As(err, &list):
		return list
	case errors.As(err, &one):
		return fault.List{one}
	}
	return nil
}

// ReadPlan reads a PLAN.yaml. Every fault has its file and line.
func ReadPlan(name string, data []byte) (Plan, error) {
	var f planFile
	if err := content.Decode(name, data, &f); err != nil {
		return Plan{}, err
	}
	return f.Plan, nil
}

func invalid(path string, code fault.Code, say string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, code, say, args...).At(fault.Place{Path: path})
}
