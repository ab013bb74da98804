package trial

import (
	"encoding/json"
	"math/big"

	"homecase/trial/series"
)

// Verdict is one of the five words of a trial.
type Verdict string

// The verdicts.
const (
	Clearly       Verdict = "clearly_at_least_as_good"
	Probably      Verdict = "probably_at_least_as_good"
	CannotTell    Verdict = "cannot_tell_yet"
	ProbablyWorse Verdict = "probably_worse"
	Worse         Verdict = "worse"
)

// Grade says how strong the evidence is, whatever it shows.
type Grade string

// The grades.
const (
	GradeA Grade = "A" // drawn by lot, counted by a system, kept nine days in ten
	GradeB Grade = "B" // drawn by lot, but counted by the person, or kept seven days in ten, or a changed plan
	GradeC Grade = "C" // fixed days with a baseline
	GradeD Grade = "D" // description only
)

// Interval is a pair of limits; a limit that the days do not give is null.
type Interval [2]*float64

// Twin is the linear cross-check of the primary test.
type Twin struct {
	PNonInferiority *float64  `json:"p_noninferiority"`
	Interval90      *Interval `json:"interval90"`
	Exact           bool      `json:"exact"` // the p-value counts every schedule
}

// Used counts the days with a value, by what was drawn.
type Used struct {
	Home   int `json:"home"`
	Office int `json:"office"`
}

// More is how many more days would settle it. N is null when one person cannot
// reach it in 40 weeks.
type More struct {
	N       *int     `json:"n"`
	Chance  *float64 `json:"chance"`          // that they settle it in favour, given what was seen
	IfEqual *float64 `json:"chance_if_equal"` // the same if home is truly equal
}

// Means are the plain means by place, for display.
type Means struct {
	Home   *float64 `json:"home"`
	Office *float64 `json:"office"`
}

// Look is one reading that the plan declared.
type Look struct {
	Week    int     `json:"week"`
	Spent   float64 `json:"spent"`   // of the error allowed, up to this look
	Better  bool    `json:"clearly"` // the days crossed the boundary for "clearly"
	Against bool    `json:"worse"`   // the days crossed the boundary for "worse"
}

// Estimate is what a pool of trials needs of this one (homecase trial pool).
type Estimate struct {
	Estimate float64 `json:"estimate"`
	Variance float64 `json:"variance"`
	DF       int     `json:"df"`
}

// MeasureResult is one further measure.
type MeasureResult struct {
	Name            string    `json:"name"`
	Estimate        *float64  `json:"estimate"`
	Interval90      *Interval `json:"interval90"`
	PNonInferiority *float64  `json:"p_noninferiority"`
	PSuperiority    *float64  `json:"p_superiority"`
	PImproved       *float64  `json:"p_improved"`    // Westfall–Young over all measures
	PImprovedHolm   *float64  `json:"p_holm"`        // the same by Holm
	PImprovedBH     *float64  `json:"p_false_share"` // by Benjamini and Hochberg
	DaysUsed        Used      `json:"days_used"`
}

// Altogether is the question whether all measures hold.
type Altogether struct {
	Measures        []MeasureResult `json:"measures"`
	PNonInferiority *float64        `json:"p_all_hold"` // the largest of them: all must hold
}

// Missing is what the missing days could do to the verdict.
type Missing struct {
	HomeDays   int      `json:"home_days"`
	OfficeDays int      `json:"office_days"`
	PWorstCase *float64 `json:"p_worst_case"` // missing home days as the worst seen, missing office days as the best
}

// Report is what the days say. Null means that a value cannot be computed; the
// reason is then among the warnings.
type Report struct {
	NAssignments    *big.Int             `json:"n_assignments"`
	PNonInferiority *float64             `json:"p_noninferiority"`
	PSuperiority    *float64             `json:"p_superiority"`
	PAt             map[string]*float64  `json:"p_at"`
	Estimate        *float64             `json:"estimate"`
	Interval90      *Interval            `json:"interval90"`
	Linear          Twin                 `json:"linear"`
	Verdict         *Verdict             `json:"verdict"`
	Grade           Grade                `json:"grade"`
	DaysUsed        Used                 `json:"days_used"`
	FloorP          float64              `json:"floor_p"`
	MoreDays        *More                `json:"more_days"`
	WeeklyTotals    *series.WeeklyTotals `json:"weekly_totals"`
	TippingPoint    *float64             `json:"tipping_point"`
	Warnings        []string             `json:"warnings"`

	Design     Design            `json:"design"`
	Heading    string            `json:"heading"`  // the verdict, or before the end the count of days
	Sentence   string            `json:"sentence"` // what the verdict means
	Margin     Margin            `json:"margin"`
	PWorse     *float64          `json:"p_worse"`
	Exact      bool              `json:"exact"` // every schedule was counted
	Schedules  int               `json:"schedules_compared"`
	Interim    bool              `json:"interim"` // days are still to come
	Extended   bool              `json:"extended"`
	Looks      []Look            `json:"looks"`
	Means      Means             `json:"means"`
	Compliance series.Compliance `json:"compliance"`
	Missing    Missing           `json:"missing"`
	Sampling   *Estimate         `json:"sampling"`
	FixedDays  *series.FixedDays `json:"fixed_days"`
	Correlated *series.GLS       `json:"correlated"` // model-based
	Sceptic    *series.Posterior `json:"sceptic"`    // what a mild sceptic should believe
	CarryOver  *series.CarryOver `json:"carry_over"` // described, not tested
	WeeksLot   *WeekPairs        `json:"weeks_lot"`  // altweek and mixed: whole weeks by the coin
	Several    *Altogether       `json:"several"`
	Days       []DayMark         `json:"days"`
}

// DayMark is one day of the trial for the diary and the picture.
type DayMark struct {
	Date     string   `json:"date"`
	Week     int      `json:"week"`
	Assigned Place    `json:"assigned"`
	Place    Place    `json:"place"`
	Value    *float64 `json:"value"`
	Why      string   `json:"why"`
	Drawable bool     `json:"drawable"` // could have been drawn either way
}

// WeekPairs is the test of whole weeks that a coin for each pair gives.
type WeekPairs struct {
	Pairs    int     `json:"pairs"`
	Mean     float64 `json:"mean"` // home week minus office week, better up
	PGreater float64 `json:"p_greater"`
	PLess    float64 `json:"p_less"`
}

// JSON writes the report, indented.
func (r *Report) JSON() ([]byte, error) { return json.MarshalIndent(r, "", "  ") }
