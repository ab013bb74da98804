package web

import (
	"html/template"
	"strconv"
	"sync"

	"homecase"
	"homecase/day"
	"homecase/fault"
	"homecase/ops"
	"homecase/packet"
	"homecase/trial"
)

// trialScreens are the pages of the trial.
func trialScreens() []screen {
	return append(planScreens(), []screen{
		{path: "/trial", get: showTrial, post: sendReport},
		{path: "/trial/draw", get: showDraw, post: saveDraw},
		{path: "/trial/notes/{week}", get: showNote, post: saveNote},
		{path: "/trial/stop", get: showStop, post: saveStop},
		{path: "/trial/end", get: showEnd, post: saveEnd},
	}...)
}

// trialBinders ties the pages of the trial to the case.
func trialBinders() map[string]binder {
	return map[string]binder{"trial-plan": planBinder(), "trial-log": logBinder()}
}

// trialView is the trial as it stands.
type trialView struct {
	Boss          string
	Cap, Heading  string
	Lede          []string
	Scale         []scaleWord
	Parts         template.HTML // the report of the days
	Today         *todayView
	Diary         diaryView
	HasDiary      bool
	Next          []nextLine
	Note          *nextLine // the Friday note to read now
	Fired         []string
	CanEnd, Files bool
	Past          bool
}

type scaleWord struct {
	Name string
	On   bool
}

type todayView struct {
	Title, Text, Address, Link string
	Open                       bool // it is not logged yet
}

type nextLine struct{ Text, Address string }

// diaryWeeks is how many weeks of the diary one page shows.
const diaryWeeks = 12

// showTrial is the trial: what to do today, what the days say, the diary.
func showTrial(v *visit) error {
	r, err := v.s.work.Round(v.ctx(), v.open)
	if fault.KindOf(err) == fault.Missing {
		return v.noTrial()
	}
	if err != nil {
		return err
	}
	if r.Sealed() {
		return v.seeOther("/trial/draw")
	}
	return v.dashboard(r)
}

// noTrial says how to begin one, and what became of the last.
func (v *visit) noTrial() error {
	var view struct {
		Boss, Last string
		Ready      bool
		Climb      bool
	}
	view.Boss, view.Ready = v.boss(), !v.kase().Plan.Start.IsZero()
	p := page{Title: v.s.label("trial-none"), Tab: "trial", Wide: true}
	if r, err := v.s.work.LastRound(v.ctx(), v.open); err == nil {
		if v.r.URL.Query().Get("last") != "" {
			return v.dashboard(r)
		}
		view.Last = v.say(v.s.label("trial-last-"+string(r.Past.Decision)), "{date}", v.kase().Locale().Date(r.Past.On))
	} else if fault.KindOf(err) != fault.Missing {
		return err
	}
	return v.ok("trial-none", p, view)
}

func (v *visit) dashboard(r *ops.Round) error {
	view := trialView{Boss: v.boss(), Past: r.Past != nil, CanEnd: r.Past == nil}
	reading, err := v.s.work.Reading(v.open, r)
	if err != nil {
		return err
	}
	view.Cap = v.weekCap(r)
	if reading == nil {
		if r.Today.Before(r.First()) && r.Past == nil {
			return showDraw(v)
		}
		view.Heading = v.s.label("trial-no-day")
		view.Lede = []string{v.s.label("trial-no-day-lede")}
	} else {
		view.Files = true
		parts, err := v.readingParts(reading)
		if err != nil {
			return err
		}
		view.Heading, view.Lede, view.Scale, view.Parts = parts.Heading, []string{reading.Analysis.Sentence}, parts.Scale, parts.Parts
	}
	if r.Extended {
		view.Lede = append(view.Lede, v.say(v.s.label("trial-extended"), "{date}", v.kase().Locale().Date(r.Last())))
	}
	if !view.Past {
		view.Today = v.todayBox(r)
		v.next(r, &view)
		if say, err := v.planToSend(); err != nil {
			return err
		} else if say != "" {
			view.Next = append([]nextLine{{say, "/share/plan"}}, view.Next...)
		}
		for _, s := range v.kase().Plan.StopRules {
			if !s.FiredOn.IsZero() {
				view.Fired = append(view.Fired, v.say(v.s.label("trial-fired"), "{rule}", s.Text, "{date}", v.kase().Locale().Date(s.FiredOn)))
			}
		}
	}
	until := v.weekShown(r)
	if n, err := strconv.Atoi(v.r.URL.Query().Get("week")); err == nil && n >= 1 {
		until = n
	}
	view.Diary, view.HasDiary = v.diary(r, until, diaryWeeks), true
	return v.ok("trial", page{Title: view.Heading, Tab: "trial", Status: v.say(v.s.label("trial-status"))}, view)
}

// weekShown is the last week of the diary that is shown first: of a short
// trial all, of a long one the week after today's.
func (v *visit) weekShown(r *ops.Round) int {
	if r.Weeks() <= diaryWeeks {
		return r.Weeks()
	}
	return max(min(v.weekNow(r)+1, r.Weeks()), diaryWeeks)
}

func (v *visit) weekNow(r *ops.Round) int {
	now := 1
	for _, d := range r.Days {
		if !d.Date.After(r.Today) {
			now = d.Week
		}
	}
	return now
}

func (v *visit) weekCap(r *ops.Round) string {
	id := "trial-week"
	if r.Over() {
		id = "trial-over"
	}
	return v.say(v.s.label(id), "{week}", itoa(v.weekNow(r)), "{weeks}", itoa(r.Weeks()))
}

// todayBox says what today is and what was logged.
func (v *visit) todayBox(r *ops.Round) *todayView {
	l := v.kase().Locale()
	t := &todayView{Title: v.say(v.s.label("today-title"), "{date}", l.WeekdayDate(r.Today))}
	d, ok := r.Day(r.Today)
	if !ok {
		t.Text = v.s.label("today-off")
		if _, err := r.Wanted(r.Today); err != nil {
			return t
		}
		t.Text = v.s.label("today-before")
		d = ops.RoundDay{Date: r.Today}
	}
	t.Address = "/trial/log/" + d.Date.String()
	switch e := d.Entry; {
	case e == nil:
		if d.Planned != "" {
			t.Text = v.s.label("today-" + string(d.Planned))
		}
		t.Link, t.Open = v.s.label("today-log"), true
	case e.Value != nil:
		t.Text = v.say(v.s.label("today-logged-"+string(e.Place)), "{value}", v.valueText(r, *e.Value), "{unit}", unitOf(r.Agreement.Measure))
		t.Link = v.s.label("today-change")
	default:
		t.Text, t.Link = v.s.label("today-none"), v.s.label("today-change")
	}
	return t
}

func (v *visit) valueText(r *ops.Round, x float64) string {
	if r.Agreement.Measure.Kind == trial.Share {
		return v.kase().Locale().Percent(x, 0)
	}
	return v.kase().Locale().Number(x, 2)
}

// next lists what comes next: days to log, the Friday note, the decision.
func (v *visit) next(r *ops.Round, view *trialView) {
	l := v.kase().Locale()
	var missed []day.Date // that can only be logged with the reason why so late
	for _, d := range r.Days {
		zero := 0.0
		open := trial.Entry{Date: d.Date, Planned: trial.InOffice, Place: trial.InOffice, Value: &zero}
		if d.Entry == nil && d.Date.Before(r.Today) && open.Check(r.Today) == nil {
			view.Next = append(view.Next, nextLine{v.say(v.s.label("next-log"), "{date}", l.WeekdayDate(d.Date)), "/trial/log/" + d.Date.String()})
		} else if d.Entry == nil && d.Date.Before(r.Today) {
			missed = append(missed, d.Date)
		}
	}
	if n, decide := len(missed), r.DecideOn(); n > 0 && (decide.IsZero() || r.Today.Before(decide)) {
		say := "next-missed"
		if n > 1 {
			say = "next-missed-more"
		}
		line := nextLine{v.say(v.s.label(say), "{n}", itoa(n), "{date}", l.WeekdayDate(missed[n-1])), "/trial/log/" + missed[n-1].String()}
		view.Next = append([]nextLine{line}, view.Next...)
	}
	if monday, ok := noteWeek(r); ok {
		if n, done := r.Note(monday); !done {
			line := nextLine{v.say(v.s.label("next-note"), "{date}", l.WeekdayDate(monday.Add(4))), "/trial/notes/" + monday.String()}
			view.Note = &line
		} else if !n.Skipped {
			view.Next = append(view.Next, nextLine{v.say(v.s.label("next-note-again"), "{date}", l.WeekdayDate(monday.Add(4))), "/trial/notes/" + monday.String()})
		}
	}
	if d := r.DecideOn(); !d.IsZero() {
		view.Next = append(view.Next, nextLine{v.say(v.s.label("next-decide"), "{date}", l.WeekdayDate(d)), ""})
	}
}

// noteWeek is the Monday of the week whose note is next: this week's from
// Thursday on, else last week's.
func noteWeek(r *ops.Round) (day.Date, bool) {
	monday := r.Today.Monday()
	if w := r.Today.Weekday(); w == day.Mon || w == day.Tue || w == day.Wed {
		monday = monday.Add(-7)
	}
	if last := r.Last().Monday(); monday.After(last) {
		monday = last
	}
	return monday, !monday.Before(r.First().Monday()) && !r.Today.Before(r.First())
}

// sectionView is one part of the report on the screen.
type sectionView struct {
	ID, Title string
	Blocks    []blockView
}

type blockView struct {
	Kind    string // para, note, heading, list, table, figure
	Text    string
	Items   []string
	Chart   packet.Chart
	ID      string
	Caption string
	Heads   []cellView
	Rows    [][]cellView
}

type cellView struct {
	Text, Label   string
	Right, Header bool
}

// drawnDays is the report of the days as the page shows it. It is kept, because
// a picture with a thousand marks takes longer than all the rest.
type drawnDays struct {
	mu    sync.Mutex
	of    *homecase.ReportEdition
	parts *trialView
}

// readingParts takes the report of the days apart for the page.
func (v *visit) readingParts(e *homecase.ReportEdition) (*trialView, error) {
	c := &v.s.days
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == e {
		return c.parts, nil
	}
	view := &trialView{Heading: e.Analysis.Heading}
	home := e.Analysis.DaysUsed.Home
	if home < trial.MinHomeDays {
		view.Heading = v.say(v.s.label("trial-early"), "{heading}", e.Analysis.Heading)
	}
	for _, b := range e.Document.Head {
		if f, ok := b.(packet.Figure); ok {
			if s, ok := f.Chart.(packet.Verdicts); ok {
				for i, name := range s.Names {
					view.Scale = append(view.Scale, scaleWord{name, i == s.Current})
				}
			}
		}
	}
	var sections struct {
		Main []sectionView // what is always open
		More []sectionView // what folds
	}
	for _, s := range e.Document.Sections {
		part := sectionView{ID: s.ID, Title: s.Label, Blocks: blocksOf(s.Blocks)}
		switch s.ID {
		case "marks", "difference", "others", "mislead", "next":
			sections.Main = append(sections.Main, part)
		case "grade", "kept", "told", "check":
			sections.More = append(sections.More, part)
		}
	}
	var err error
	if view.Parts, err = v.s.part("trial-report", sections); err != nil {
		return nil, err
	}
	c.of, c.parts = e, view
	return view, nil
}

func blocksOf(blocks []packet.Block) []blockView {
	var out []blockView
	for _, b := range blocks {
		switch b := b.(type) {
		case packet.Para:
			kind := "para"
			if b.Style == packet.Note {
				kind = "note"
			}
			out = append(out, blockView{Kind: kind, Text: b.Text.String()})
		case packet.Heading:
			out = append(out, blockView{Kind: "heading", Text: b.Text.String()})
		case packet.List:
			l := blockView{Kind: "list"}
			for _, t := range b.Items {
				l.Items = append(l.Items, t.String())
			}
			out = append(out, l)
		case packet.Figure:
			out = append(out, blockView{Kind: "figure", ID: b.ID, Chart: b.Chart, Text: b.Alt.String()})
		case packet.Table:
			out = append(out, tableOf(b))
		}
	}
	return out
}

func tableOf(t packet.Table) blockView {
	v := blockView{Kind: "table", ID: t.ID, Caption: t.Caption.String()}
	for _, c := range t.Columns {
		v.Heads = append(v.Heads, cellView{Text: c.Head.String(), Right: c.Right})
	}
	for _, r := range t.Rows {
		var row []cellView
		for i, c := range r.Cells {
			row = append(row, cellView{Text: c.Text.String(), Label: v.Heads[i].Text, Right: v.Heads[i].Right, Header: r.Header && i == 0})
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}
