package web

import (
	"html/template"
	"math"
	"net/http"
	"reflect"
	"strconv"

	"homecase"
	"homecase/cite"
	"homecase/content"
	"homecase/day"
	"homecase/readiness"
)

// readyScreens are the questions about the person and the place at home.
func readyScreens() []screen {
	all := []screen{
		{path: "/case/ready/wait", get: showWait, post: leaveWait},
		{path: "/case/ready/self", get: showExamples, post: saveExamples},
		{path: "/case/ready/office", get: showOffice, post: saveOffice},
		{path: "/case/ready/office/{item}/photo", get: showPhoto, post: savePhoto},
		{path: "/case/ready/office/{item}/photo/out", get: askPhotoOut, post: takePhotoOut},
		{path: "/photos/{item}", get: servePhoto},
	}
	for _, st := range statementPages() {
		all = append(all, screen{
			path: taskAddress[st.task],
			get:  func(v *visit) error { return v.statements(http.StatusOK, st, nil) },
			post: func(v *visit) error { return v.saveStatements(st) },
		})
	}
	return all
}

// readyBinders ties the questions about the person to the case.
func readyBinders() map[string]binder {
	return map[string]binder{"time": {fill: fillTime, take: takeTime, next: afterTime}}
}

func fillTime(v *visit, a answers) {
	r := v.kase().Readiness
	if t := r.Tenure; t != nil {
		if !t.Since.IsZero() {
			a.Set("since", t.Since.String())
		} else {
			a.Set("years", strconv.Itoa(t.Years))
			a.Set("months", strconv.Itoa(t.Months))
		}
	}
	if e := r.EmployerRule.Exists; e != "" {
		a.Set("rule", map[readiness.Answer]string{readiness.Yes: "yes", readiness.No: "no"}[e])
		if a.Get("rule") == "" {
			a.Set("rule", "unknown")
		}
	}
	if m := r.EmployerRule.Months; m != nil {
		a.Set("rule-months", strconv.Itoa(*m))
	}
	a.Set("rule-source", r.EmployerRule.Source)
}

// most years of a working life, to catch a year of birth.
const mostYears = 70

func takeTime(v *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	t := readiness.Tenure{Since: a.date("since", "Your first day")}
	years, hasYears := a.whole("years", "Years", mostYears)
	months, hasMonths := a.whole("months", "Months", 11)
	switch {
	case !t.Since.IsZero():
		if t.Since.After(v.today()) {
			a.refuse("since", "Your first day must not be after today")
		}
	case hasYears || hasMonths: // counted from today; the case is dated anew every day
		t.Since = v.today().AddMonths(-12*years - months)
	default:
		a.refuse("years", "Enter the years and months in this job, or your first day")
	}
	c.Readiness.Tenure = &t
	rule := readiness.EmployerRule{Exists: readiness.Answer(a.line("rule"))}
	if rule.Exists == readiness.Yes {
		if n, ok := a.whole("rule-months", "Months the rule asks for", 600); ok {
			rule.Months = &n
		} else {
			a.refuse("rule-months", "Enter how many months the rule asks for")
		}
		if who := a.line("rule-source"); who != "" {
			rule.Origin = cite.Origin{Kind: cite.Colleague, Source: who, Date: v.today()}
		} else {
			rule.Origin = cite.Origin{Kind: cite.Assumption, Source: "What I have heard", Date: v.today()}
		}
	}
	if was := c.Readiness.EmployerRule; was.Source == rule.Source && was.Kind != "" && rule.Kind != "" {
		rule.Origin = was.Origin // an answer that did not change keeps its day
	}
	c.Readiness.EmployerRule = rule
}

// whole reads a whole number from 0 to most.
func (a answers) whole(name, label string, most int) (n int, ok bool) {
	f, ok := a.number(name, label)
	if !ok {
		return 0, false
	}
	if f < 0 || f > float64(most) || f != math.Trunc(f) {
		a.refuse(name, "%s must be a whole number from 0 to %d", label, most)
		return 0, false
	}
	return int(f), true
}

// afterTime leads over the page that says "not yet" where a rule is not met.
func afterTime(v *visit) string {
	if verdict, err := v.kase().Assess(); err == nil && !verdict.OpensOn.IsZero() && verdict.OpensOn.After(v.today()) {
		return "/case/ready/wait"
	}
	return v.onward(homecase.TaskTime)
}

type waitView struct {
	Heading string
	Opens   string
	Boss    string
	Reasons []readiness.Reason
}

// showWait says kindly that a date opens the ask, and what to do until then.
func showWait(v *visit) error {
	verdict, err := v.kase().Assess()
	if err != nil {
		return err
	}
	if verdict.OpensOn.IsZero() || !verdict.OpensOn.After(v.today()) {
		return v.seeOther(v.onward(homecase.TaskTime))
	}
	view := waitView{Opens: v.kase().Locale().Date(verdict.OpensOn), Boss: v.boss()}
	view.Heading = "Not yet. Ask from " + view.Opens
	for _, r := range verdict.Reasons {
		if r.Effect == readiness.Closes {
			view.Reasons = append(view.Reasons, r)
		}
	}
	return v.ok("wait", page{Title: view.Heading, Tab: "case", Back: "/case/ready/time"}, view)
}

func leaveWait(v *visit) error { return v.seeOther(v.onward(homecase.TaskTime)) }

// exampleRow is one example of work that nobody checked, as it is typed.
type exampleRow struct {
	N               int
	Text, When, Who string
	Bad             string
}

type examplesView struct {
	Rows   []exampleRow
	Errors []field
	From   string
	Boss   string
	More   bool // there is room for one more
	Aside  template.HTML
}

const mostExamples = 3

func showExamples(v *visit) error {
	var rows []exampleRow
	for _, e := range v.kase().Readiness.Unsupervised {
		rows = append(rows, exampleRow{Text: e.Text, When: string(e.Date), Who: e.Who})
	}
	return v.examples(http.StatusOK, examplesView{Rows: rows})
}

func (v *visit) examples(status int, view examplesView) error {
	if len(view.Rows) == 0 {
		view.Rows = []exampleRow{{}}
	}
	for i := range view.Rows {
		view.Rows[i].N = i + 1
		if bad := view.Rows[i].Bad; bad != "" {
			view.Errors = append(view.Errors, field{ID: "text-" + itoa(i+1), Error: bad})
		}
	}
	view.More, view.From, view.Boss = len(view.Rows) < mostExamples, v.from(), v.boss()
	var err error
	if view.Aside, err = v.sheetAside(); err != nil {
		return err
	}
	return v.show(status, "examples", page{Title: "When did you do good work with nobody checking?", Tab: "case", Back: "/case", Error: len(view.Errors) > 0}, view)
}

// saveExamples keeps the examples. "Add another" shows one more row.
func saveExamples(v *visit) error {
	a := answers{v.form(), map[string]string{}}
	rows, examples := readExamples(a)
	bad := false
	for _, r := range rows {
		bad = bad || r.Bad != ""
	}
	if do := v.form().Get("do"); do == "more" && !bad && len(rows) < mostExamples {
		return v.examples(http.StatusOK, examplesView{Rows: append(rows, exampleRow{})})
	}
	if bad {
		return v.examples(http.StatusUnprocessableEntity, examplesView{Rows: rows})
	}
	how := homecase.Answered
	if len(examples) == 0 {
		how = homecase.Skipped
	}
	err := v.change("Saved examples of your work", func(c *homecase.Case, course *homecase.Course) error {
		c.Readiness.Unsupervised = examples
		course.Visit(homecase.TaskSelf, how)
		return nil
	})
	if err != nil {
		return err
	}
	return v.leave(homecase.TaskSelf)
}

func readExamples(a answers) (rows []exampleRow, examples []readiness.Example) {
	for i := 1; i <= mostExamples; i++ {
		n := itoa(i)
		r := exampleRow{Text: a.text("text-" + n), When: a.line("when-" + n), Who: a.line("who-" + n)}
		if r.Text == "" && r.When == "" && r.Who == "" {
			continue
		}
		e := readiness.Example{Text: r.Text, Who: r.Who}
		switch chars := len([]rune(r.Text)); {
		case r.Text == "":
			r.Bad = "Say what you did, or clear the date and the name"
		case chars > 400:
			r.Bad = "This example has " + itoa(chars) + " characters. Keep it to 400"
		case len([]rune(r.Who)) > 120:
			r.Bad = "A name has at most 120 characters"
		}
		if r.When != "" && e.Date.UnmarshalText([]byte(r.When)) != nil {
			r.Bad = "Write when it was as 2026, 2026-06 or 2026-06-30"
		}
		rows, examples = append(rows, r), append(examples, e)
	}
	return rows, examples
}

// leave goes on from a page that is no question: back to where a change was
// asked for, else to the next task.
func (v *visit) leave(task homecase.TaskID) error {
	switch v.from() {
	case "check":
		return v.seeOther("/packet/check")
	case "later":
		return v.seeOther("/case")
	}
	return v.seeOther(v.onward(task))
}

// statementPage asks a group of statements with the same answers.
type statementPage struct {
	task    homecase.TaskID
	heading string // of labels
	private bool
	groups  []string // of readiness.Questions
	options []option
	set     func(*homecase.Case, string) reflect.Value // the struct behind a group
}

func statementPages() []statementPage {
	answer := []option{{Value: "yes", Label: "Yes"}, {Value: "no", Label: "No"}, {Value: "not_sure", Label: "Not sure"}}
	provided := []option{{Value: "yes", Label: "Yes"}, {Value: "can_get", Label: "Can be had"}, {Value: "no", Label: "No"}, {Value: "not_needed", Label: "Not needed"}, {Value: "not_sure", Label: "Not sure"}}
	behind := func(c *homecase.Case, group string) reflect.Value {
		r := &c.Readiness
		return reflect.ValueOf(map[string]any{"trust": &r.Trust, "career": &r.Career, "right_for_me": &r.RightForMe, "colleagues": &r.Colleagues, "company": &r.Company}[group]).Elem()
	}
	return []statementPage{
		{homecase.TaskTrust, "trust", true, []string{"trust"}, answer, behind},
		{homecase.TaskCareer, "career", true, []string{"career", "right_for_me"}, answer, behind},
		{homecase.TaskColleagues, "colleagues", false, []string{"colleagues"}, answer, behind},
		{homecase.TaskCompany, "company", false, []string{"company"}, provided, behind},
	}
}

// answerAt is the answer of a question inside its group: the field itself, or
// the state of a field that holds more.
func answerAt(group reflect.Value, id string) reflect.Value {
	for _, f := range content.Fields(group.Type()) {
		if f.Name == id {
			v := group.FieldByIndex(f.Index)
			if v.Kind() == reflect.Struct {
				return v.FieldByName("State")
			}
			return v
		}
	}
	return reflect.Value{}
}

type statementsView struct {
	Heading, Hint string
	Private       bool
	Sections      []statementSection
	From          string
	Advice        []readiness.Advice
	Aside         template.HTML
	Action        string
}

type statementSection struct {
	Heading string
	Fields  []field
}

func (v *visit) statements(status int, st statementPage, _ map[string]string) error {
	view := statementsView{Heading: v.say(v.s.label(st.heading + "-heading")), Hint: v.say(v.s.label(st.heading + "-hint")), Private: st.private, From: v.from(), Action: taskAddress[st.task]}
	for _, group := range st.groups {
		questions, err := readiness.Questions(group)
		if err != nil {
			return err
		}
		section := statementSection{Heading: v.s.label("section-" + group)}
		for _, q := range questions {
			f := field{ID: "f-" + q.ID, Name: group + "." + q.ID, Kind: "inline", Label: q.Ask, Hint: q.Why}
			now := answerAt(st.set(v.kase(), group), q.ID).String()
			for i, o := range st.options {
				o.ID, o.On = f.ID+"-"+itoa(i+1), o.Value == now
				f.Options = append(f.Options, o)
			}
			section.Fields = append(section.Fields, f)
		}
		view.Sections = append(view.Sections, section)
	}
	advice, err := readiness.WorkOnThisFirst(v.kase().Readiness)
	if err != nil {
		return err
	}
	for _, a := range advice {
		for _, group := range st.groups {
			if a.Group == group {
				view.Advice = append(view.Advice, a)
			}
		}
	}
	if !st.private {
		if view.Aside, err = v.sheetAside(); err != nil {
			return err
		}
	}
	return v.show(status, "statements", page{Title: view.Heading, Tab: "case", Back: "/case"}, view)
}

// saveStatements keeps what was answered; what was left open stays open.
func (v *visit) saveStatements(st statementPage) error {
	how := homecase.Skipped
	err := v.change("Saved: "+v.say(v.s.label("task-"+string(st.task))), func(c *homecase.Case, course *homecase.Course) error {
		for _, group := range st.groups {
			questions, err := readiness.Questions(group)
			if err != nil {
				return err
			}
			for _, q := range questions {
				given := v.form().Get(group + "." + q.ID)
				for _, o := range st.options {
					if o.Value == given {
						answerAt(st.set(c, group), q.ID).SetString(given)
						how = homecase.Answered
					}
				}
			}
		}
		course.Visit(st.task, how)
		return nil
	})
	if err != nil {
		return err
	}
	return v.leave(st.task)
}

// date writes a day for a person, such as 24 November 2026.
func (v *visit) date(d day.Date) string {
	if d.IsZero() {
		return ""
	}
	return v.kase().Locale().Date(d)
}
