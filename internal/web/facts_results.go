package web

import (
	"strconv"

	"homecase"
	"homecase/cite"
	"homecase/evidence"
)

// resultScreens are the list of results and what can be done with one.
func resultScreens() []screen {
	return []screen{
		{path: "/case/facts/results", get: showResults, post: leaveResults},
	}
}

// noResult: the address names a result that is neither there nor the next one.
func noResult(v *visit) bool {
	n := len(v.kase().Facts.Results)
	return v.index() < 0 || v.index() > n || v.index() >= evidence.MaxResults
}

func resultWords(v *visit) []string {
	skip := ""
	if len(v.kase().Facts.Results) == 0 {
		skip = v.s.words["result"].Say["none"]
	}
	return []string{"{caption}", "Result " + itoa(v.index()+1), "{currency}", v.kase().Locale().Currency, "{skip}", skip}
}

// beforeResult is the list, once there is one.
func beforeResult(v *visit) string {
	switch {
	case v.from() == "check":
		return "/packet/check"
	case len(v.kase().Facts.Results) == 0:
		return "/case"
	}
	return "/case/facts/results"
}

func fillResult(v *visit, a answers) {
	a.Set("kind", string(cite.Measured))
	all := v.kase().Facts.Results
	if v.index() >= len(all) {
		return
	}
	r := all[v.index()]
	a.Set("text", r.Text)
	a.Set("number", numberText(r.Number))
	a.Set("unit", r.Unit)
	a.Set("period", r.Period)
	a.Set("source", r.Source)
	if r.Kind != "" {
		a.Set("kind", string(r.Kind))
	}
	a.Set("proof", r.Proof)
	if !r.Money.IsZero() {
		a.Set("money", r.Money.String())
	}
	if !r.Business {
		a.Set("private", "yes")
	}
}

func takeResult(v *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	i := v.index()
	if i > len(c.Facts.Results) {
		return
	}
	var r evidence.Result
	if i < len(c.Facts.Results) {
		r = c.Facts.Results[i]
	}
	before := r.Origin
	r.Text, r.Unit, r.Period, r.Proof = a.line("text"), a.line("unit"), a.line("period"), a.line("proof")
	r.Number = a.optional("number", "The number")
	if r.Number == nil {
		r.Unit = ""
	}
	r.Money = evidence.Amount{}
	if saved, ok := a.number("money", "Money it saved"); ok {
		if err := r.Money.UnmarshalText([]byte(formatNumber(saved))); err != nil {
			a.refuse("money", "Money it saved must be an amount, like 1200")
		}
	}
	r.Business = a.line("private") == ""
	r.Origin = resultOrigin(before, a.line("source"), cite.Kind(a.line("kind")), c)
	c.SetResult(i, r)
	a.unsourced(c.Facts, "results["+itoa(i)+"]", "source")
}

// resultOrigin keeps the day of a source that stays the same. Without a source,
// only an estimate says where it comes from.
func resultOrigin(before cite.Origin, source string, kind cite.Kind, c *homecase.Case) cite.Origin {
	o := cite.Origin{Kind: kind, Source: source, Date: c.Date}
	switch {
	case source == before.Source && kind == before.Kind:
		return before
	case source == "" && kind != cite.Assumption:
		return cite.Origin{}
	}
	return o
}

func afterResult(v *visit) string {
	if len(v.kase().Facts.Results) == 0 {
		return v.onward(homecase.TaskResults)
	}
	return "/case/facts/results"
}

type resultRow struct {
	N                            int
	Text, Number, When, From, By string
	Private                      bool
	Problem                      string
}

type resultsView struct {
	Rows    []resultRow
	Next    int // the number of the next one, 0 where there is no room
	Found   []foundFact
	Imports int
}

// foundFact is something the person's own records show.
type foundFact struct {
	ID   int
	Text string
	Note string
}

func showResults(v *visit) error {
	all := v.kase().Facts.Results
	found, err := v.foundFacts()
	if err != nil {
		return err
	}
	if len(all) == 0 && len(found) == 0 && v.open.Course.Visited[homecase.TaskResults] == "" {
		return v.seeOther("/case/facts/results/1")
	}
	view := resultsView{Found: found, Imports: len(v.kase().Facts.Imports)}
	l := v.kase().Locale()
	for i, r := range all {
		row := resultRow{N: i + 1, Text: r.Text, When: r.Period, From: r.Source, By: r.Proof, Private: !r.Business}
		if r.Number != nil {
			row.Number = l.Number(*r.Number, 4) + " " + r.Unit
		}
		if row.From == "" && r.Kind == cite.Assumption {
			row.From = "My own estimate"
		}
		row.Problem = resultProblem(v.kase().Facts, i)
		view.Rows = append(view.Rows, row)
	}
	if len(all) < evidence.MaxResults {
		view.Next = len(all) + 1
	}
	return v.ok("results", page{Title: "What you have achieved", Tab: "case", Back: "/case"}, view)
}

// resultProblem is the number of a result that has no source.
func resultProblem(l evidence.Ledger, i int) string {
	for _, f := range l.Unsourced() {
		if under(f.Place.Path, "results["+itoa(i)+"]") {
			return f.Say
		}
	}
	return ""
}

func leaveResults(v *visit) error {
	switch v.form().Get("do") {
	case "use":
		return v.useFound()
	case "remove":
		return v.takeOutResult()
	}
	if v.open.Course.Visited[homecase.TaskResults] == "" {
		err := v.change("Went on from your results", func(_ *homecase.Case, course *homecase.Course) error {
			course.Visit(homecase.TaskResults, homecase.Skipped)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return v.seeOther(v.onward(homecase.TaskResults))
}

// takeOutResult takes a result out; the page that follows offers to undo it.
func (v *visit) takeOutResult() error {
	n, err := strconv.Atoi(v.form().Get("result"))
	if err != nil {
		return errNoPage
	}
	err = v.remove("Took a result out", func(c *homecase.Case, course *homecase.Course) error {
		if n < 1 || n > len(c.Facts.Results) || c.Facts.Results[n-1].Text != v.form().Get("text") {
			return errNoPage
		}
		c.RemoveResult(n - 1)
		course.Visit(homecase.TaskResults, homecase.Answered)
		return nil
	})
	if err != nil {
		return err
	}
	return v.seeOther("/case/facts/results")
}
