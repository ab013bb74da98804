package web

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"homecase/cite"
	"homecase/concern"
	"homecase/day"
	"homecase/estimate"
	"homecase/evidence"
	"homecase/fault"
	"homecase/money"
	"homecase/policy"
	"homecase/savings"
)

// sourceRow is one entry of the list of sources.
type sourceRow struct {
	ID, Address, Name, Sub string
	Unverified             bool
}

type sourcesView struct {
	Studies, Laws, Questions []sourceRow
}

// moneyDefaults is the address of the values that homecase offers for money.
const moneyDefaults = "money"

// listSources names everything homecase knows from somebody else.
func listSources(v *visit) error {
	var view sourcesView
	studies, err := evidence.Studies()
	if err != nil {
		return err
	}
	for _, s := range studies {
		view.Studies = append(view.Studies, sourceRow{ID: string(s.ID), Address: sourceAddress(string(s.ID)), Name: s.Short, Sub: sentence(s.Title) + " Grade " + s.Grade(), Unverified: s.Doubtful()})
	}
	laws, err := policy.List()
	if err != nil {
		return err
	}
	for _, l := range laws {
		view.Laws = append(view.Laws, sourceRow{ID: l.ID, Address: sourceAddress(l.ID), Name: l.Title, Sub: l.Jurisdiction + ". " + v.s.label("law-"+string(l.Status))})
	}
	questions, err := concern.Catalogue()
	if err != nil {
		return err
	}
	for _, q := range questions {
		if sourced(q) {
			view.Questions = append(view.Questions, sourceRow{ID: string(q.ID), Address: sourceAddress(string(q.ID)), Name: q.Title})
		}
	}
	return v.ok("sources", page{Title: "Sources", Wide: true}, view)
}

// sourced tells whether a question carries a source of its own.
func sourced(q concern.Concern) bool {
	return len(q.Facts)+len(q.Notes)+len(q.Sources) > 0 || slices.ContainsFunc(q.Traps, func(t concern.Trap) bool { return len(t.Sources) > 0 })
}

func sourceAddress(id string) string { return "/sources/" + strings.ToLower(id) }

// sourceView is a source with all that is said about it.
type sourceView struct {
	Kind, Title, Lede string
	Unverified        bool
	Pairs             []sourcePair
	Parts             []sourcePart
	Readings          []cite.Reading
}

type sourcePair struct{ Name, Text string }

type sourcePart struct {
	Heading string
	Items   []sourceItem
}

// sourceItem is one statement, and where it stands.
type sourceItem struct {
	Text, Note string
	Unverified bool
	From       []cite.Reading
}

func (p sourcePart) empty() bool { return len(p.Items) == 0 }

// showSource finds the source of an address: a study, a law, a question or the
// values for money.
func showSource(v *visit) error {
	id := strings.ToUpper(v.r.PathValue("n"))
	for _, find := range []func(*visit, string) (sourceView, error){studySource, lawSource, questionSource, moneySource} {
		view, err := find(v, id)
		if fault.KindOf(err) == fault.Missing || fault.KindOf(err) == fault.Invalid {
			continue
		}
		if err != nil {
			return err
		}
		view.Parts = slices.DeleteFunc(view.Parts, sourcePart.empty)
		return v.ok("source", page{Title: view.Title, Back: "/sources", BackTo: "Sources", Wide: true}, view)
	}
	return errNoPage
}

func studySource(v *visit, id string) (sourceView, error) {
	s, err := evidence.Find(evidence.ID(id))
	if err != nil {
		return sourceView{}, err
	}
	view := sourceView{Kind: "Study " + string(s.ID), Title: s.Title, Lede: s.Result, Unverified: s.Unverified, Readings: s.Sources}
	view.Pairs = []sourcePair{
		{"By", s.Authors + ", " + itoa(s.Year)}, {"Printed in", s.Journal}, {"DOI", s.DOI}, {"Who was studied", s.Population},
		{"Home days", s.Days + unverifiedIf(s.DaysUnverified)}, {"Grade", s.Grade() + ": " + v.s.label("grade-"+s.Grade())}, {"Helps with", s.Use},
	}
	if s.Vendor {
		view.Pairs = append(view.Pairs, sourcePair{"Mind", v.s.label("source-vendor")})
	}
	view.Parts = []sourcePart{{Heading: "What it found"}, {Heading: "What it does not show"}, {Heading: "What it speaks to"}, {Heading: "Earlier versions"}}
	for _, f := range s.Effects {
		item := sourceItem{Text: upperFirst(f.Measure) + ": " + f.String(), Note: f.When, Unverified: f.Unverified}
		if f.Secondary {
			item.Note = strings.TrimSpace(item.Note + " (read in somebody else's summary)")
		}
		view.Parts[0].Items = append(view.Parts[0].Items, item)
	}
	for _, l := range s.Limits {
		view.Parts[1].Items = append(view.Parts[1].Items, sourceItem{Text: l})
	}
	topics, err := evidence.Topics()
	if err != nil {
		return sourceView{}, err
	}
	for _, b := range s.Bears {
		i := slices.IndexFunc(topics, func(t evidence.Topic) bool { return t.Tag == b.Tag })
		view.Parts[2].Items = append(view.Parts[2].Items, sourceItem{Text: topics[i].Name + ": " + v.s.label("bears-"+string(b.Direction)), Note: b.Why})
	}
	for _, x := range s.Versions {
		item := sourceItem{Text: x.Version + ", " + itoa(x.Year) + ": " + x.Claim, Unverified: x.Unverified}
		if x.Now != "" {
			item.Note = "Now: " + x.Now
		}
		view.Parts[3].Items = append(view.Parts[3].Items, item)
	}
	return view, nil
}

func unverifiedIf(yes bool) string {
	if yes {
		return " (unverified)"
	}
	return ""
}

func upperFirst(s string) string {
	if s == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

func lawSource(v *visit, id string) (sourceView, error) {
	r, err := policy.Show(id)
	if err != nil {
		return sourceView{}, err
	}
	view := sourceView{Kind: "Law " + r.ID, Title: r.Title, Lede: r.Basis.Text, Unverified: r.Basis.Unverified}
	from := "not known"
	if !r.InForceFrom.IsZero() {
		from = longDate(r.InForceFrom) + unverifiedIf(r.InForceUnverified)
	}
	view.Pairs = []sourcePair{
		{"Where", r.Jurisdiction}, {"State", v.s.label("law-" + string(r.Status))}, {"In force from", from}, {"The letter under this law", r.Letter.Why},
	}
	for _, s := range r.Sources {
		view.Readings = append(view.Readings, cite.Reading{Title: s.Title, Address: s.Address, Read: s.Read})
	}
	part := func(heading string, statements ...policy.Statement) {
		p := sourcePart{Heading: heading}
		for _, s := range statements {
			if s.Text == "" {
				continue
			}
			item := sourceItem{Text: s.Text, Note: s.Note, Unverified: s.Unverified}
			if from, ok := r.Source(s.Source); ok {
				item.From = []cite.Reading{{Title: from.Title, Address: from.Address, Read: from.Read}}
			}
			if s.Summary {
				item.Note = strings.TrimSpace(item.Note + " (read in a summary)")
			}
			p.Items = append(p.Items, item)
		}
		view.Parts = append(view.Parts, p)
	}
	var contents []policy.Statement
	for _, c := range r.Contents {
		contents = append(contents, c.Statement)
	}
	part("Who may ask", append(r.WhoMayAsk, r.EmployerSize)...)
	part("Time in the job", r.Service.ToAsk, r.Service.ToStart)
	part("What may change", r.WhatMayChange...)
	part("How often", r.Frequency, r.Concurrency)
	part("What the request must say", append(contents, r.Form.Detail, r.Purpose.Detail, r.Notice)...)
	part("The answer", append(r.Duties, r.Decision, r.Extension, r.Silence.Detail, r.CounterOffer)...)
	part("Why it may be refused", append([]policy.Statement{r.Grounds.Detail}, append(r.Grounds.List, r.RefusalNotice...)...)...)
	part("After a no", r.Appeal, r.Remedy, r.ClaimLimit, r.Retaliation)
	part("What asking under it uses up and starts", append(r.UsesUp, r.Starts...)...)
	unread := sourcePart{Heading: "What was not checked"}
	for _, s := range r.NotVerified {
		unread.Items = append(unread.Items, sourceItem{Text: s, Unverified: true})
	}
	view.Parts = append(view.Parts, unread)
	return view, nil
}

func questionSource(_ *visit, id string) (sourceView, error) {
	q, err := concern.Find(concern.ID(id))
	if err != nil {
		return sourceView{}, err
	}
	view := sourceView{Kind: "Question " + string(q.ID), Title: q.Title, Lede: q.Question, Readings: q.Sources}
	view.Parts = []sourcePart{{Heading: "Figures and findings"}, {Heading: "What the law adds"}, {Heading: "Answers that go round and do harm"}}
	for _, f := range q.Facts {
		view.Parts[0].Items = append(view.Parts[0].Items, sourceItem{Text: f.Text, Unverified: f.Unverified, From: f.Sources})
	}
	for _, n := range q.Notes {
		view.Parts[1].Items = append(view.Parts[1].Items, sourceItem{Text: strings.Join(n.Regimes, ", ") + ": " + n.Says, Unverified: n.Unverified, From: n.Sources})
	}
	for _, t := range q.Traps {
		view.Parts[2].Items = append(view.Parts[2].Items, sourceItem{Text: t.Claim, Note: t.Why, From: t.Sources})
	}
	return view, nil
}

// moneySource are the values that are offered where a person has none.
func moneySource(v *visit, id string) (sourceView, error) {
	if id != strings.ToUpper(moneyDefaults) {
		return sourceView{}, errNoPage
	}
	lines, err := savings.Catalogue()
	if err != nil {
		return sourceView{}, err
	}
	shared, err := savings.Parameters()
	if err != nil {
		return sourceView{}, err
	}
	view := sourceView{Kind: "Money", Title: v.s.label("money-defaults"), Lede: v.s.label("money-defaults-lede")}
	add := func(heading string, inputs []savings.Spec) {
		p := sourcePart{Heading: heading}
		for _, in := range inputs {
			for _, d := range in.Defaults {
				item := sourceItem{Text: upperFirst(in.Words) + ": " + spread(d.Range) + " " + unitWords(in.Unit, d.Currency), Unverified: d.Unverified}
				item.From = []cite.Reading{{Title: string(d.Origin.Kind) + ": " + d.Source, Address: d.Address, Read: d.Date}}
				p.Items = append(p.Items, item)
			}
		}
		view.Parts = append(view.Parts, p)
	}
	add("What all lines share", shared)
	for _, l := range lines {
		add(l.Name, l.Inputs)
	}
	return view, nil
}

// sentence ends a text that has no end yet.
func sentence(s string) string {
	if strings.HasSuffix(s, ".") || strings.HasSuffix(s, "?") || strings.HasSuffix(s, "!") {
		return s
	}
	return s + "."
}

// spread is a range in words, or the one number.
func spread(r estimate.Range) string {
	low, high := r.Lowest().String(), r.Highest().String()
	if low == high {
		return low
	}
	return low + " to " + high
}

// unitWords names the unit of a value; money in the currency it is in.
func unitWords(u estimate.Unit, c money.Currency) string {
	return strings.TrimSpace(strings.ReplaceAll(u.String(), "money", string(c)))
}

// longDate is a day in words.
func longDate(d day.Date) string { return d.Time().Format("2 January 2006") }
