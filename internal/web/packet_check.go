package web

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"homecase"
	"homecase/concern"
	"homecase/evidence"
	"homecase/fault"
	"homecase/ops"
	"homecase/packet"
)

// faultRow is something wrong with the page that mends it.
type faultRow struct{ Say, Next, Address string }

// remarkRow is a remark on words with the page that changes them.
type remarkRow struct {
	ops.Remark
	Address string
}

type summaryRow struct {
	Name      string
	Lines     []string
	Missing   bool // nothing is there yet
	Suggested bool // nobody chose it yet
	Address   string
}

type checkPacketView struct {
	Boss, Heading string
	Rows          []summaryRow
	Missing       []faultRow
	Sourceless    []faultRow
	Refused       []faultRow
	NotReady      *notReady
	Remarks       []remarkRow
	Suggested     bool
	Page          *firstPage
	Sheet         *sheetView
}

// checkPacket shows everything that the boss will read, with what may be better.
func checkPacket(v *visit) error {
	o, err := v.s.work.AsToday(v.open) // with what a packet needs and the person has not chosen
	if err != nil {
		return err
	}
	suggested := len(v.kase().Plan.Promises) == 0 && len(o.Case.Plan.Promises) > 0
	review, err := v.s.work.Review(o)
	if err != nil {
		return err
	}
	remarks, err := v.s.work.Remarks(o)
	if err != nil {
		return err
	}
	view := checkPacketView{Boss: v.boss(), Heading: v.say("Check what {boss} will read"), NotReady: v.notReady(review), Suggested: suggested}
	for _, list := range []struct {
		from fault.List
		to   *[]faultRow
	}{{review.Missing, &view.Missing}, {review.Sourceless, &view.Sourceless}, {review.Refused, &view.Refused}} {
		if *list.to, err = v.faultRows(list.from); err != nil {
			return err
		}
	}
	for _, r := range remarks {
		at, err := v.pageOf(r.Path)
		if err != nil {
			return err
		}
		view.Remarks = append(view.Remarks, remarkRow{r, at})
	}
	slices.SortStableFunc(view.Remarks, func(a, b remarkRow) int {
		switch {
		case a.Serious == b.Serious:
			return 0
		case a.Serious:
			return -1
		}
		return 1
	})
	if view.Rows, err = v.summary(o, suggested); err != nil {
		return err
	}
	if review.Page != nil {
		first := firstPageOf(*review.Page)
		view.Page = &first
	} else {
		sheet, err := v.sheet()
		if err != nil {
			return err
		}
		view.Sheet = &sheet
	}
	return v.ok("check", page{Title: view.Heading, Tab: "packet", Back: "/case"}, view)
}

// leaveCheck stores what was suggested and goes on to what to make.
func leaveCheck(v *visit) error {
	err := v.change("Checked what your boss will read", func(c *homecase.Case, course *homecase.Course) error {
		course.Visit(homecase.TaskCheck, homecase.Answered)
		p, err := c.WithUsual()
		c.Plan = p
		return err
	})
	if err != nil {
		return err
	}
	return v.seeOther("/packet")
}

// summary is the case in a list, each line with the page that changes it.
func (v *visit) summary(o *ops.Open, suggested bool) ([]summaryRow, error) {
	c := &o.Case
	l := c.Locale()
	p, err := v.s.work.Preview(o)
	if err != nil {
		return nil, err
	}
	questions, err := v.s.work.Questions(o)
	if err != nil {
		return nil, err
	}
	row := func(name, address string, lines ...string) summaryRow {
		lines = slices.DeleteFunc(lines, func(s string) bool { return strings.TrimSpace(s) == "" })
		return summaryRow{Name: name, Address: address + "?from=check", Lines: lines, Missing: len(lines) == 0}
	}
	plan := c.Plan
	trial := ""
	if !plan.Start.IsZero() {
		trial = "From " + l.Date(plan.Start)
		if end := plan.EndDate(); !end.IsZero() {
			trial += " to " + l.Date(end)
		}
	}
	hours := ""
	if p.Hours != nil {
		hours = p.Hours.Text.String()
	}
	var money []string
	if p.Money != nil {
		money = []string{p.Money.Head, p.Money.Text.String()}
	}
	request := v.s.label("request-informal")
	if c.Request == homecase.Statutory {
		request = v.s.label("request-statutory")
	}
	rows := []summaryRow{
		row("You and your boss", "/start/you", joinWords(c.Person.Name, c.Person.Job), joinWords(c.Boss.Name, c.Boss.Job)),
		row("E-mail addresses", "/packet/addresses", c.Person.Email, c.Boss.Email),
		row("What you ask", "/start/ask", p.Ask.String()),
		row("The trial", "/start/trial", trial),
		row("How you ask", "/case/request", request),
		row("The work", "/case/ready/tasks", hours),
		row("Good work with nobody checking", "/case/ready/self", v.exampleLines(c)...),
		row("Your home office", "/case/ready/office", v.officeLine(c)),
		row("Your results", "/case/facts/results", v.resultLines(c)...),
		row("The number that shows a good day", "/case/facts/measure", measureLine(c)),
		row("Studies", "/case/facts/studies", v.studyLine(c)),
		row("Money", "/case/money/inputs", money...),
		row("Your reasons", "/case/reasons", v.reasonLines(c)...),
		row("Questions", "/case/concerns", concern.Count(questions).Sentence()),
		row("What comes first", "/case/concerns/own", v.topLines(c, questions)...),
		row("What you promise", "/case/promises", promiseLines(c)...),
		row("When plans change", "/case/promises/rules", ruleLines(c)...),
	}
	for i := len(rows) - 2; i < len(rows); i++ {
		rows[i].Suggested = suggested
	}
	return rows, nil
}

func joinWords(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

func (v *visit) exampleLines(c *homecase.Case) []string {
	var out []string
	for _, e := range c.Readiness.Unsupervised {
		out = append(out, e.Text)
	}
	return out
}

// officeLine counts the home office as the task list does.
func (v *visit) officeLine(c *homecase.Case) string {
	for _, g := range c.Progress(v.open.Course) {
		for _, t := range g.Tasks {
			if t.ID == homecase.TaskOffice && t.Done > 0 {
				return strconv.Itoa(t.Done) + " of " + strconv.Itoa(t.Of) + " things are checked"
			}
		}
	}
	return ""
}

func (v *visit) resultLines(c *homecase.Case) []string {
	var out []string
	for _, r := range c.Facts.Results {
		if r.Business {
			out = append(out, r.Text)
		}
	}
	return out
}

func measureLine(c *homecase.Case) string {
	m := c.Facts.Measure
	if m.Name == "" || m.Usual == nil {
		return ""
	}
	return strings.TrimSpace(c.Locale().Number(*m.Usual, 2)+" "+m.Unit) + " on an ordinary day: " + m.Name
}

func (v *visit) studyLine(c *homecase.Case) string {
	var names []string
	for _, id := range c.Facts.Studies {
		if s, err := evidence.Find(id); err == nil {
			names = append(names, s.Short)
		}
	}
	return strings.Join(names, "; ")
}

func (v *visit) reasonLines(c *homecase.Case) []string {
	var out []string
	for _, r := range c.Reasons.Business {
		out = append(out, r.Head)
	}
	for _, r := range c.Reasons.Personal {
		if r.Share {
			out = append(out, r.Text)
		}
	}
	return out
}

func (v *visit) topLines(c *homecase.Case, all []concern.View) []string {
	var out []string
	for _, id := range c.Concerns.Top {
		for _, q := range all {
			if q.ID == id {
				out = append(out, q.Question)
			}
		}
	}
	if len(out) == 0 {
		out = []string{v.s.label("worries-usual")}
	}
	return out
}

func promiseLines(c *homecase.Case) []string {
	var out []string
	for _, p := range c.Plan.Promises {
		out = append(out, joinWords(p.Text, p.Limit))
	}
	return out
}

func ruleLines(c *homecase.Case) []string {
	var out []string
	if n := c.Plan.Recall.Notice; n != "" {
		out = append(out, "You call me in "+n)
	}
	if b := c.Plan.Outage.Backup; b != "" {
		out = append(out, "When the line fails: "+b)
	}
	for _, s := range c.Plan.StopRules {
		out = append(out, "We stop when: "+lowerFirst(s.Text))
	}
	return out
}

// faultsOf takes the faults a person can mend out of an error; nil where it is ours.
func faultsOf(err error) fault.List {
	var list fault.List
	var one *fault.Error
	switch {
	case errors.As(err, &list):
		return list
	case errors.As(err, &one) && one.Kind != fault.Internal:
		return fault.List{one}
	}
	return nil
}

func (v *visit) faultRows(list fault.List) ([]faultRow, error) {
	var out []faultRow
	for _, f := range list {
		at, err := v.pageOf(f.Place.Path)
		if err != nil {
			return nil, err
		}
		next := f.Next
		if strings.Contains(next, "homecase ") || strings.Contains(next, ": ") && strings.Contains(next, "Write ") {
			next = "" // that is how a file is mended
		}
		out = append(out, faultRow{Say: f.Say, Next: next, Address: at})
	}
	return out, nil
}

// pagesByPath are the pages that change a field, by the beginning of its path
// or of the fact that rests on it; the first that fits counts.
var pagesByPath = []struct{ path, page string }{
	{"person.email", "/packet/addresses"}, {"boss.email", "/packet/addresses"}, {"person", "/start/you"}, {"boss", "/start/you"}, {"place", "/start/you"}, {"company", "/case/request"}, {"request", "/case/request"},
	{"plan.days", "/start/ask"}, {"plan.wish", "/start/day"}, {"plan.promises", "/case/promises"}, {"plan.hours", "/case/promises"}, {"plan.check_ins", "/case/promises"},
	{"plan.recall", "/case/promises/rules"}, {"plan.outage", "/case/promises/rules"}, {"plan.stop_rules", "/case/promises/rules"}, {"plan.stop", "/case/request"}, {"plan.previous_requests", "/case/request"},
	{"plan.not_now", "/talk/not-now"}, {"plan.talk", "/talk"}, {"plan", "/start/trial"}, {"ask", "/start/ask"}, {"trial", "/trial/plan"},
	{"readiness.tenure", "/case/ready/time"}, {"readiness.employer_rule", "/case/ready/time"}, {"readiness.unsupervised", "/case/ready/self"}, {"readiness.home_office", "/case/ready/office"}, {"readiness.colleagues", "/case/ready/colleagues"}, {"readiness.company", "/case/ready/company"}, {"readiness", "/case/ready/tasks"},
	{"duties", "/case/ready/tasks"}, {"duty", "/case/ready/tasks"}, {"hours", "/case/ready/tasks"}, {"programme", "/case/facts/programme"}, {"measure", "/case/facts/measure"}, {"result", "/case/facts/results"},
	{"facts.programme", "/case/facts/programme"}, {"facts.people", "/case/facts/people"}, {"facts.measure", "/case/facts/measure"}, {"facts.studies", "/case/facts/studies"}, {"facts.quotes", "/case/facts/studies"}, {"facts", "/case/facts/results"},
	{"money", "/case/money/inputs"}, {"input", "/case/money/inputs"}, {"reasons", "/case/reasons"}, {"concerns.top", "/case/concerns/own"}, {"concerns", "/case/concerns"},
}

// pageOf is where the field of a path is changed.
func (v *visit) pageOf(path string) (string, error) {
	if id := v.concernOf(path); id != "" {
		all, err := v.s.work.Questions(v.open)
		if err != nil {
			return "", err
		}
		if i := slices.IndexFunc(all, func(q concern.View) bool { return q.ID == id }); i >= 0 {
			return "/case/concerns/" + itoa(i+1) + "?from=check", nil
		}
	}
	for _, p := range pagesByPath {
		if under(path, p.path) {
			return p.page + "?from=check", nil
		}
	}
	return "", nil
}

// concernOf is the question whose answer a path names.
func (v *visit) concernOf(path string) concern.ID {
	for prefix, id := range map[string]func(int) concern.ID{
		"concerns.answers[": func(i int) concern.ID {
			if i < len(v.kase().Concerns.Answers) {
				return v.kase().Concerns.Answers[i].Concern
			}
			return ""
		},
		"concerns.own[": func(i int) concern.ID { return concern.ID("own-" + itoa(i+1)) },
	} {
		if rest, ok := strings.CutPrefix(path, prefix); ok {
			number, _, _ := strings.Cut(rest, "]")
			if i, err := strconv.Atoi(number); err == nil && i >= 0 {
				return id(i)
			}
		}
	}
	return ""
}

// firstPage is the boss's first page as the workspace shows it.
type firstPage struct {
	Head     []pageBlock
	Sections []pageSection
}

type pageSection struct {
	Label  string
	Blocks []pageBlock
}

// pageBlock is one block of the first page.
type pageBlock struct {
	Kind           string // title, ask, meta, para, head, ticks, list, week, figure, choice
	ID             string
	Text, Evidence string
	Items          []string
	Chart          packet.Chart
}

func firstPageOf(d packet.Document) firstPage {
	p := firstPage{Head: pageBlocks(d.Head)}
	for _, s := range d.Sections {
		p.Sections = append(p.Sections, pageSection{s.Label, pageBlocks(s.Blocks)})
	}
	return p
}

func pageBlocks(blocks []packet.Block) []pageBlock {
	var out []pageBlock
	for _, b := range blocks {
		switch b := b.(type) {
		case packet.Para:
			kind := string(b.Style)
			if kind == "" {
				kind = "para"
			}
			out = append(out, pageBlock{Kind: kind, Text: b.Text.String(), Evidence: b.Evidence.String()})
		case packet.Heading:
			out = append(out, pageBlock{Kind: "head", Text: b.Text.String()})
		case packet.List:
			l := pageBlock{Kind: "list"}
			if b.Style == packet.Ticks {
				l.Kind = "ticks"
			}
			for _, t := range b.Items {
				l.Items = append(l.Items, t.String())
			}
			out = append(out, l)
		case packet.Choice:
			c := pageBlock{Kind: "choice", Text: b.Note.String()}
			for _, o := range b.Options {
				label := o.Label
				if o.Line {
					label += " …"
				}
				c.Items = append(c.Items, label)
			}
			out = append(out, c)
		case packet.Figure:
			f := pageBlock{Kind: "figure", ID: "page-" + b.ID, Text: b.Alt.String(), Chart: b.Chart}
			if _, ok := b.Chart.(packet.Windows); ok {
				f.Kind = "week"
			}
			out = append(out, f)
		case packet.Signature:
			out = append(out, pageBlock{Kind: "signature", Items: b.Captions})
		}
	}
	return out
}
