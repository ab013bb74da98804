package homecase

import (
	"slices"
	"strconv"

	"homecase/cite"
	"homecase/day"
	"homecase/evidence"
	"homecase/fault"
	"homecase/locale"
	"homecase/packet"
)

// hoursShown is how many weeks one page has room for.
const hoursShown = 26

// HoursReport is one page of the person's own hours, from what was imported:
// days and hours by week. names tells the kinds of export in words. It is the
// person's to give away or not; no packet holds it.
func (c *Case) HoursReport(made day.Date, names map[string]string) (packet.Document, error) {
	w := c.Facts.WorkWeeks()
	if len(w.Weeks) == 0 {
		return packet.Document{}, fault.New(fault.Finding, "HC-FACT-37", "There are no imported hours in this case yet.").
			Then("Import them with homecase evidence import: homecase evidence sources lists what can be read.")
	}
	phrases, err := packet.LoadPhrases()
	if err != nil {
		return packet.Document{}, err
	}
	h := &hoursPage{c: c, made: made, w: w, l: c.Locale(), b: packet.NewBook(c.Locale(), phrases), shown: w.Weeks[max(0, len(w.Weeks)-hoursShown):]}
	h.facts(names)
	d := packet.Document{
		Kind: packet.OnePage, Lang: h.l.Tag, Title: h.b.Say("my-hours.title").String(), Author: c.Person.Name, Date: made,
		Subject: h.b.Say("my-hours.caption").String(), Footer: h.b.Say("my-hours.footer").String(),
		Head: []packet.Block{
			packet.Para{Style: packet.Meta, Text: h.b.Says("", "my-hours.meta")},
			packet.Para{Style: packet.Title, Text: h.b.Says("", "my-hours.title")},
			packet.Para{Text: h.lead()},
		},
		Sections: []packet.Section{{ID: "weeks", Label: h.b.Say("my-hours.label").String(), Level: 2, Blocks: []packet.Block{h.table(), packet.Para{Style: packet.Note, Text: h.notes()}}}},
	}
	if err := h.b.Err(); err != nil {
		return packet.Document{}, err
	}
	return d, d.Validate()
}

// hoursPage holds one composition of the page.
type hoursPage struct {
	c     *Case
	made  day.Date
	w     evidence.WorkWeeks
	l     locale.Locale
	b     *packet.Book
	shown []evidence.WorkWeek
}

func (h *hoursPage) facts(names map[string]string) {
	b := h.b
	called := func(sources []string) string {
		var out []string
		for _, s := range sources {
			if n := names[s]; n != "" {
				s = n
			}
			out = append(out, s)
		}
		return h.l.List(out)
	}
	var from []string
	for _, m := range h.c.Facts.Imports {
		if !slices.Contains(from, m.Source) && !slices.Contains(h.w.LeftOut, m.Source) {
			from = append(from, m.Source)
		}
	}
	b.Fact(cite.Fact{ID: "records", Text: "Days and hours in my own records.", Origin: cite.Origin{Kind: cite.Measured, Source: called(from), Date: h.made}})
	b.Set("who.me", h.c.Person.Name, "as given")
	b.Set("date.made", h.l.Date(h.made), "as given")
	b.Set("days.first", h.l.Date(h.w.From), "the first day with a record", "records")
	b.Set("days.last", h.l.Date(h.w.Until), "the last day with a record", "records")
	b.Set("records.names", called(from), "as imported", "records")
	b.Set("records.left-out", called(h.w.LeftOut), "as imported", "records")
	b.Count("weeks.all", float64(len(h.w.Weeks)), 0, "counted", "records")
	b.Count("weeks.shown", float64(len(h.shown)), 0, "counted", "records")
	both := 0
	for _, w := range h.shown {
		both += w.Both
	}
	b.Count("days.both", float64(both), 0, "counted", "records")
	mean := func(ref packet.Ref, of func(evidence.WorkWeek) *float64) {
		if sum, n := total(h.w.Weeks, of); n > 0 {
			b.Set(ref, h.l.Number(sum/float64(n), 1), "the sum over the weeks that tell it, divided by their number", "records")
		}
	}
	mean("hours.mean", func(w evidence.WorkWeek) *float64 { return w.Hours })
	mean("meetings.mean", func(w evidence.WorkWeek) *float64 { return w.Meetings })
}

func total(weeks []evidence.WorkWeek, of func(evidence.WorkWeek) *float64) (sum float64, n int) {
	for _, w := range weeks {
		if v := of(w); v != nil {
			sum, n = sum+*v, n+1
		}
	}
	return sum, n
}

func (h *hoursPage) lead() packet.Text {
	ids := []string{"my-hours.lead"}
	for _, x := range []struct {
		ref packet.Ref
		id  string
	}{{"hours.mean", "my-hours.hours"}, {"meetings.mean", "my-hours.meetings"}} {
		if h.b.Has(x.ref) {
			ids = append(ids, x.id)
		}
	}
	ids = append(ids, "my-hours.ends")
	if len(h.shown) < len(h.w.Weeks) {
		ids = append(ids, "my-hours.shown")
	}
	return h.b.Says("", ids...)
}

func (h *hoursPage) notes() packet.Text {
	ids := []string{"my-hours.from", "my-hours.unplaced"}
	for _, w := range h.shown {
		if w.Both > 0 {
			ids = append(ids, "my-hours.both")
			break
		}
	}
	if len(h.w.LeftOut) > 0 {
		ids = append(ids, "my-hours.left-out")
	}
	return h.b.Says("", append(ids, "my-hours.nothing-else")...)
}

// table has a row for each week and one for their sum.
func (h *hoursPage) table() packet.Table {
	b := h.b
	t := packet.Table{ID: "weeks-table", Caption: b.Says("", "my-hours.caption"), Columns: []packet.Column{
		{Head: b.Says("", "my-hours.week"), Width: .28}, {Head: b.Says("", "my-hours.home"), Right: true, Width: .18}, {Head: b.Says("", "my-hours.office"), Right: true, Width: .18},
		{Head: b.Says("", "my-hours.time"), Right: true, Width: .18}, {Head: b.Says("", "my-hours.talk"), Right: true, Width: .18},
	}}
	row := func(ref packet.Ref, head packet.Text, home, office int, hours, meetings *float64) packet.Row {
		r := packet.Row{Header: true, Cells: []packet.Cell{{Text: head}}}
		cell := func(part, printed string) {
			b.Set(ref+"."+packet.Ref(part), printed, "added up over the week", "records")
			r.Cells = append(r.Cells, packet.Cell{Text: b.Text(ref + "." + packet.Ref(part))})
		}
		cell("home", strconv.Itoa(home))
		cell("office", strconv.Itoa(office))
		cell("hours", h.number(hours))
		cell("meetings", h.number(meetings))
		return r
	}
	home, office := 0, 0
	for i, w := range h.shown {
		ref := nth("week", i)
		b.Set(ref+".monday", h.l.Date(w.Monday), "the Monday of the week", "records")
		t.Rows = append(t.Rows, row(ref, b.Text(ref+".monday"), w.Home, w.Office, w.Hours, w.Meetings))
		home, office = home+w.Home, office+w.Office
	}
	sum := func(of func(evidence.WorkWeek) *float64) *float64 {
		if s, n := total(h.shown, of); n > 0 {
			return &s
		}
		return nil
	}
	all := row("week.all", b.Says("", "my-hours.total"), home, office,
		sum(func(w evidence.WorkWeek) *float64 { return w.Hours }), sum(func(w evidence.WorkWeek) *float64 { return w.Meetings }))
	all.Total = true
	t.Rows = append(t.Rows, all)
	return t
}

// number writes hours to a tenth, and a dash where no record tells.
func (h *hoursPage) number(v *float64) string {
	if v == nil {
		return "–"
	}
	return h.l.Fixed(*v, 1)
}
