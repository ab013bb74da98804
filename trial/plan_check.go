package trial

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"homecase/day"
	"homecase/fault"
	"homecase/trial/lottery"
)

// Codes of plan faults.
const (
	CodeDesign   fault.Code = "HC-TRIAL-01" // design, weeks, pairs, start, groups
	CodeMeasure  fault.Code = "HC-TRIAL-02" // measure and margin
	CodeLevel    fault.Code = "HC-TRIAL-03" // alpha, looks, spending, extension
	CodeDates    fault.Code = "HC-TRIAL-04" // days that do not fit
	CodeLottery  fault.Code = "HC-TRIAL-05" // no such schedule
	CodeTooFew   fault.Code = "HC-TRIAL-06" // fewer than 20 schedules
	CodeChanged  fault.Code = "HC-TRIAL-07" // the plan is not the one that was drawn
	CodeNonce    fault.Code = "HC-TRIAL-08" // the nonce is not the one that was promised
	CodeDays     fault.Code = "HC-TRIAL-10" // the form of a days file
	CodeRow      fault.Code = "HC-TRIAL-11" // a row of a days file
	CodeUndrawn  fault.Code = "HC-TRIAL-12" // a schedule the lottery could not have drawn
	CodeSchedule fault.Code = "HC-TRIAL-13" // rows and scheduled days differ
	CodeAsked    fault.Code = "HC-TRIAL-14" // an option of the analysis
	CodeLog      fault.Code = "HC-TRIAL-15" // a line of the log
)

// Check returns what is wrong in the fields that are given. A plan inside a
// case may still lack its weeks.
func (p *Plan) Check() fault.List {
	var l fault.List
	add := func(path string, code fault.Code, say string, args ...any) {
		l = append(l, invalid(path, code, say, args...))
	}
	if p.Alpha != 0 && !(p.Alpha >= .001 && p.Alpha <= .15) {
		add("alpha", CodeLevel, "alpha is the share of false alarms allowed: a number from 0.001 to 0.15, usually 0.05.")
	}
	l = append(l, checkMargin("margin", p.Margin, p.Measure.Better)...)
	names := map[string]bool{"date": true, "assigned": true, "place": true, "value": true, "why": true}
	for i, m := range p.Measures {
		path := fmt.Sprintf("measures[%d]", i)
		if m.Name == "" || names[m.Name] {
			add(path+".name", CodeMeasure, "Every further measure needs a name of its own, the name of its column; %q is taken or empty.", m.Name)
		}
		names[m.Name] = true
		l = append(l, checkMargin(path+".margin", m.Margin, m.Better)...)
	}
	if u := p.Usual; u != nil && (!(u.SD > 0) || p.Margin.Relative > 0 && !(u.Mean > 0)) {
		add("usual", CodeMeasure, "The usual spread must be above 0, and with a relative margin the usual mean too.")
	}
	if p.ExtensionWeeks < 0 || p.ExtensionWeeks > MaxWeeks {
		add("extension_weeks", CodeLevel, "An extension has 0 to %d weeks.", MaxWeeks)
	}
	if c := p.Constraints; c.MaxRunning < 0 {
		add("constraints.max_running", CodeDesign, "At most so many home days in a row: a whole number above 0.")
	} else if c.Cover != nil && (c.Cover.Team < 1 || c.Cover.InOffice < 0 || c.Cover.InOffice >= c.Cover.Team) {
		add("constraints.cover", CodeDesign, "Cover needs a team of at least one, and fewer in the office than the team has.")
	}
	if p.Agreed != nil && len(p.Agreed.By) < 2 {
		add("agreed.by", CodeMeasure, "The margin is agreed by two people: name both.")
	}
	if p.Agreed != nil && len(p.Weeks) > 0 && p.Agreed.On.After(p.Weeks[0].Start) {
		add("agreed.on", CodeMeasure, "The margin was agreed on %s, after the trial began on %s.", p.Agreed.On, p.Weeks[0].Start)
	}
	return append(l, p.checkWeeks()...)
}

func checkMargin(path string, m Margin, better Better) (l fault.List) {
	switch {
	case m.Absolute < 0 || m.Relative < 0:
		l = append(l, invalid(path, CodeMeasure, "A margin is a size: write it without a minus sign."))
	case m.Absolute > 0 && m.Relative > 0:
		l = append(l, invalid(path, CodeMeasure, "Give the margin once: absolute or relative."))
	case m.Relative >= 1 && better != Lower:
		l = append(l, invalid(path, CodeMeasure, "A relative margin of %g would allow nothing at all to be done: 0.10 means ten in a hundred.", m.Relative))
	case m.Relative > 10:
		l = append(l, invalid(path, CodeMeasure, "A relative margin of %g is more than ten times as much: 0.10 means ten in a hundred.", m.Relative))
	}
	return l
}

func (p *Plan) checkWeeks() (l fault.List) {
	if len(p.Weeks) > MaxWeeks {
		return fault.List{invalid("weeks", CodeDesign, "A trial has at most %d weeks.", MaxWeeks)}
	}
	if n := len(p.Extension); n > 0 && n != p.ExtensionWeeks {
		l = append(l, invalid("extension", CodeDesign, "The extension lists %d weeks, and extension_weeks says %d.", n, p.ExtensionWeeks))
	}
	var end day.Date
	for i, w := range append(slices.Clone(p.Weeks), p.Extension...) {
		path := fmt.Sprintf("weeks[%d]", i)
		if i >= len(p.Weeks) {
			path = fmt.Sprintf("extension[%d]", i-len(p.Weeks))
		}
		switch {
		case w.Start.IsZero():
			l = append(l, invalid(path, CodeDesign, "This week has no start."))
			continue
		case !end.IsZero() && w.Start.Before(end):
			l = append(l, invalid(path+".start", CodeDesign, "The week of %s begins before the week above it is over: weeks are listed in order.", w.Start))
		}
		end = w.Start.Monday().Add(7)
		if w.Home < 0 {
			l = append(l, invalid(path+".home", CodeDesign, "A week cannot have %d home days.", w.Home))
		}
		work := p.workdays()
		for j, d := range w.Allowed {
			if !slices.Contains(work, d) {
				l = append(l, invalid(fmt.Sprintf("%s.allowed[%d]", path, j), CodeDesign, "%s is not a workday of this plan.", d.Name()))
			}
			if slices.Contains(w.Allowed[:j], d) {
				l = append(l, invalid(fmt.Sprintf("%s.allowed[%d]", path, j), CodeDesign, "%s is listed twice.", d.Name()))
			}
		}
	}
	for i, d := range p.Workdays {
		if slices.Contains(p.Workdays[:i], d) {
			l = append(l, invalid(fmt.Sprintf("workdays[%d]", i), CodeDesign, "%s is listed twice.", d.Name()))
		}
	}
	if n := len(p.Weeks); n > 0 {
		for i, w := range p.Looks {
			if w < 1 || w >= n || i > 0 && w <= p.Looks[i-1] {
				l = append(l, invalid(fmt.Sprintf("looks[%d]", i), CodeLevel, "Looks are week numbers in rising order, from 1 to %d: the last week needs no look of its own.", n-1))
			}
		}
	}
	return l
}

// lacks returns what a plan still lacks before it can be drawn or analysed.
func (p *Plan) lacks() fault.List {
	var l fault.List
	if p.Groups != nil {
		if len(p.Weeks) > 0 || p.Design != "" && p.Design != Grouped {
			l = append(l, invalid("groups", CodeDesign, "Give weeks, or groups for a plain draw of days, but not both."))
		}
		if p.ExtensionWeeks > 0 || len(p.Looks) > 0 || p.Constraints != (Constraints{}) {
			l = append(l, invalid("groups", CodeDesign, "A plain draw of days knows no weeks: no looks, no extension, no constraints."))
		}
		if g := p.Groups; g.Days < 2 || g.Days > MaxDays || g.Home < 1 || g.Home >= g.Days {
			l = append(l, invalid("groups", CodeDesign, "Groups need 2 to %d days, of which at least one is at home and one in the office.", MaxDays))
		}
	} else if len(p.Weeks) == 0 {
		l = append(l, invalid("weeks", CodeDesign, "The plan has no weeks."))
	}
	if !p.Margin.Given() {
		l = append(l, invalid("margin", CodeMeasure, "The plan has no margin: the drop that both agree would not matter, such as {relative: 0.10}."))
	}
	return l
}

// Complete tells whether the plan can be drawn and analysed.
func (p Plan) Complete() error {
	_, err := p.ready()
	return err
}

// ready checks the whole plan and works it out.
func (p Plan) ready() (*Setting, error) {
	if l := append(p.Check(), p.lacks()...); len(l) > 0 {
		return nil, l
	}
	s, err := p.Setting()
	if err != nil {
		return nil, err
	}
	return s, nil
}

// workdays returns the days the person works, in the order of a week.
func (p *Plan) workdays() []day.Weekday {
	if len(p.Workdays) == 0 {
		return day.Working()
	}
	out := slices.Clone(p.Workdays)
	slices.SortFunc(out, func(a, b day.Weekday) int { return (int(a)+6)%7 - (int(b)+6)%7 })
	return out
}

// WeeksFrom lists n weeks in a row with the same allowed days and home days.
func WeeksFrom(start day.Date, n int, allowed []day.Weekday, home int) []Week {
	var out []Week
	for i := range max(0, min(n, MaxWeeks)) {
		s := start
		if i > 0 {
			s = start.Monday().Add(7 * i)
		}
		out = append(out, Week{Start: s, Allowed: slices.Clone(allowed), Home: home})
	}
	return out
}

// Scheduled is one workday of the plan.
type Scheduled struct {
	Date      day.Date `json:"date"`
	Week      int      `json:"week"`      // counted from 1
	Chance    float64  `json:"chance"`    // of being drawn as a home day
	Extension bool     `json:"extension"` // belongs to the extension
}

// Setting is a plan worked out: its workdays in order and its lottery.
type Setting struct {
	Days    []Scheduled      // without dates for a plain draw of days
	Lottery *lottery.Lottery // of the planned weeks
	Long    *lottery.Lottery // with the extension; nil without one
	More    []Scheduled      // the workdays of the extension
}

// Setting works out the calendar and the lottery, or says why there is none.
func (p Plan) Setting() (*Setting, error) {
	if g := p.Groups; g != nil {
		l, err := lottery.Complete(g.Days, g.Home)
		if err != nil {
			return nil, invalid("groups", CodeLottery, "Groups need at least one home day and one office day.")
		}
		s := &Setting{Lottery: l, Days: make([]Scheduled, g.Days)}
		for i, c := range l.Chances() {
			s.Days[i] = Scheduled{Week: i/5 + 1, Chance: c}
		}
		return s, nil
	}
	days, l, err := p.lotteryOf(p.Weeks, 0)
	if err != nil {
		return nil, err
	}
	s := &Setting{Days: days, Lottery: l}
	if p.ExtensionWeeks == 0 {
		return s, nil
	}
	more, ext, err := p.lotteryOf(p.extension(), len(p.Weeks))
	if err != nil {
		var f *fault.Error
		if errors.As(err, &f) {
			f.Place.Path, f.Say = "extension_weeks", "The extension cannot be drawn like the rest. "+f.Say
		}
		return nil, err
	}
	if s.Long, err = lottery.Join(l, ext); err != nil {
		return nil, invalid("extension_weeks", CodeLottery, "The extension cannot be joined to the trial.").Because(err)
	}
	for i := range more {
		more[i].Extension = true
	}
	s.More = more
	return s, nil
}

// extension lists the weeks of the agreed extension: as they are given, or like
// the last week.
func (p *Plan) extension() []Week {
	if len(p.Extension) > 0 {
		return p.Extension
	}
	last := p.Weeks[len(p.Weeks)-1]
	var out []Week
	for i := range p.ExtensionWeeks {
		w := last
		w.Start = last.Start.Monday().Add(7 * (i + 1))
		out = append(out, w)
	}
	return out
}

// lotteryOf builds calendar and lottery of some weeks, numbered from first+1.
func (p *Plan) lotteryOf(weeks []Week, first int) ([]Scheduled, *lottery.Lottery, error) {
	var days []Scheduled
	units := make([]lottery.Week, len(weeks))
	anyHome := false
	for i, w := range weeks {
		path := fmt.Sprintf("weeks[%d]", i)
		u := lottery.Week{K: w.Home}
		for _, wd := range p.workdays() {
			date := w.Start.Monday().Add((int(wd) + 6) % 7)
			if date.Before(w.Start) || slices.Contains(p.Holidays, date) {
				continue
			}
			u.Days = append(u.Days, int(wd))
			days = append(days, Scheduled{Date: date, Week: first + i + 1})
			if (len(w.Allowed) == 0 || slices.Contains(w.Allowed, wd)) && !slices.Contains(p.Leave, date) && p.covered(date) {
				u.Allowed = append(u.Allowed, int(wd))
			}
		}
		if p.designOf() == AltWeek || p.designOf() == Start {
			u.K = len(u.Allowed)
		}
		if u.K > len(u.Allowed) {
			return nil, nil, invalid(path+".home", CodeDesign, "The week of %s is to have %d home days, but holidays, leave and cover allow only %d.", w.Start, w.Home, len(u.Allowed))
		}
		anyHome = anyHome || u.K > 0
		units[i] = u
	}
	if !anyHome {
		return nil, nil, invalid("weeks", CodeDesign, "No week has a home day: give home: 1 or more.")
	}
	if len(days) > MaxDays {
		return nil, nil, invalid("weeks", CodeDesign, "The plan has more than %d workdays.", MaxDays)
	}
	l, err := p.draw(units)
	if err != nil {
		path, say := "design", err.Error()
		if p.Design == "" || errors.Is(err, lottery.ErrAllowed) {
			path = "weeks"
		}
		return nil, nil, invalid(path, CodeLottery, "The home days cannot be drawn like this: %s.", say).Because(err)
	}
	for i, c := range l.Chances() {
		days[i].Chance = c
	}
	return days, l, nil
}

func (p *Plan) covered(date day.Date) bool {
	c := p.Constraints.Cover
	if c == nil {
		return true
	}
	left := c.Team - 1
	for _, a := range c.Away {
		if a.Date == date {
			left -= a.People
		}
	}
	return left >= c.InOffice
}

// designOf returns the design, by default rotate5 for full five-week cycles
// with every weekday allowed, else kofm.
func (p *Plan) designOf() Design {
	if p.Design != "" {
		return p.Design
	}
	if p.Groups != nil {
		return Grouped
	}
	full := len(p.Weeks) > 0 && len(p.Weeks)%5 == 0 && p.ExtensionWeeks%5 == 0 && len(p.workdays()) == 5
	for _, w := range append(slices.Clone(p.Weeks), p.Extension...) {
		full = full && (len(w.Allowed) == 0 || len(w.Allowed) == 5) && w.Home == p.Weeks[0].Home && w.Start == w.Start.Monday()
		for i := range 7 {
			d := w.Start.Add(i)
			full = full && !slices.Contains(p.Holidays, d) && !slices.Contains(p.Leave, d) && p.covered(d)
		}
	}
	if full {
		return Rotate5
	}
	return KOfM
}

// draw builds the lottery of the design.
func (p *Plan) draw(units []lottery.Week) (*lottery.Lottery, error) {
	var l *lottery.Lottery
	var err error
	switch p.designOf() {
	case Rotate5:
		l, err = lottery.Rotate5(units)
	case Fixed:
		l, err = lottery.Fixed(units)
	case Start:
		var weeks []int
		if p.Start != nil {
			weeks, err = p.weekNumbers(p.Start.Candidates)
		}
		if err == nil {
			l, err = lottery.Start(units, weeks)
		}
	case Matched, AltWeek, Mixed:
		var pairs [][2]int
		if pairs, err = p.pairs(len(units)); err != nil {
			return nil, err
		}
		switch p.designOf() {
		case Matched:
			l, err = lottery.Matched(units, pairs)
		case AltWeek:
			l, err = lottery.AltWeek(units, pairs)
		default:
			l, err = lottery.Mixed(units, pairs)
		}
	default:
		l, err = lottery.KOfM(units)
	}
	if err != nil || p.Constraints.MaxRunning == 0 {
		return l, err
	}
	return l.Limit(p.Constraints.MaxRunning)
}

// pairs returns the pairs of weeks, from 0: those listed, else neighbours.
func (p *Plan) pairs(n int) ([][2]int, error) {
	if len(p.Pairs) == 0 || n != len(p.Weeks) { // the extension pairs neighbours
		if n%2 != 0 {
			return nil, errors.New("an odd number of weeks cannot be paired")
		}
		var out [][2]int
		for i := 0; i < n; i += 2 {
			out = append(out, [2]int{i, i + 1})
		}
		return out, nil
	}
	var out [][2]int
	for i, pair := range p.Pairs {
		w, err := p.weekNumbers(pair)
		if err != nil || len(w) != 2 {
			return nil, fmt.Errorf("pair %d: %w", i+1, lottery.ErrPair)
		}
		out = append(out, [2]int{w[0], w[1]})
	}
	return out, nil
}

// weekNumbers turns week names into positions from 0.
func (p *Plan) weekNumbers(refs []WeekRef) ([]int, error) {
	var out []int
	for _, r := range refs {
		at := -1
		for i, w := range p.Weeks {
			if string(r) == fmt.Sprint(i+1) || string(r) == w.Start.String() {
				at = i
			}
		}
		if at < 0 {
			return nil, fmt.Errorf("%q is not a week of the trial", string(r))
		}
		out = append(out, at)
	}
	return out, nil
}

// HomeDays returns the expected number of home days.
func (s *Setting) HomeDays() float64 {
	sum := 0.0
	for _, d := range s.Days {
		sum += d.Chance
	}
	return math.Round(sum*1e9) / 1e9
}
