package policy

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// width is how wide the plain text is.
const width = 80

// page collects plain text, wrapped.
type page struct{ strings.Builder }

// para writes text wrapped behind a first indent, further lines behind rest.
func (p *page) para(first, rest, text string) {
	line, n := first, utf8.RuneCountInString(first)
	fresh := true
	for _, w := range strings.Fields(text) {
		size := utf8.RuneCountInString(w)
		switch {
		case fresh:
			line, n, fresh = line+w, n+size, false
		case n+1+size > width:
			p.WriteString(strings.TrimRight(line, " ") + "\n")
			line, n = rest+w, utf8.RuneCountInString(rest)+size
		default:
			line, n = line+" "+w, n+1+size
		}
	}
	p.WriteString(strings.TrimRight(line, " ") + "\n")
}

func (p *page) heading(text string) { p.WriteString("\n" + strings.ToUpper(text) + "\n") }

func (p *page) item(text string) { p.para("  - ", "    ", text) }

// row writes a label and what it says.
func (p *page) row(label, text string) { p.para("  "+label+": ", "    ", text) }

func (p *page) items(title string, list []Statement) {
	if len(list) == 0 {
		return
	}
	p.heading(title)
	for _, s := range list {
		p.item(cited(s))
	}
}

// cited writes a statement and the id of its source in the list at the end.
func cited(s Statement) string {
	if s.Source == "" {
		return s.String()
	}
	return s.String() + " (" + s.Source + ")"
}

// Describe writes a pack as plain text of 80 columns. What nobody read in the
// original says "unverified" where it stands and is listed at the end.
func Describe(r Regime) string {
	var p page
	p.para("", "", r.ID+": "+r.Title)
	p.para("", "", "Not legal advice. The words in brackets name the sources listed at the end; check them before you rely on this.")
	p.WriteString("\n")
	p.row("Where", r.Jurisdiction)
	p.row("Form of law", r.LegalForm)
	p.row("Law", cited(r.Basis))
	p.row("Status", r.statusLine())
	if len(r.Aliases) > 0 {
		p.row("Also called", strings.Join(r.Aliases, ", "))
	}
	r.describeAsking(&p)
	r.describeAnswer(&p)
	r.describeAfter(&p)
	r.describeSources(&p)
	return p.String()
}

func (r Regime) statusLine() string {
	switch {
	case r.Status != InForce:
		return strings.ToUpper(statusWords(r.Status)[:1]) + statusWords(r.Status)[1:] + ". It binds nobody."
	case r.InForceFrom.IsZero():
		return "as read; no first day is given"
	case r.InForceUnverified:
		return "in force from " + long(r.InForceFrom) + " [unverified]. Earlier days are not covered."
	}
	return "in force from " + long(r.InForceFrom) + ". Earlier days are not covered."
}

func (r Regime) describeAsking(p *page) {
	p.items("Who may ask", r.WhoMayAsk)
	p.heading("Before asking")
	p.row("Employer's size", cited(r.EmployerSize))
	p.row("Service needed to ask", cited(r.Service.ToAsk))
	p.row("Service needed to start", cited(r.Service.ToStart))
	p.row("How often", cited(r.Frequency))
	p.row("Several at once", cited(r.Concurrency))
	p.row("Reason needed", yesNo(r.Purpose.Required)+". "+cited(r.Purpose.Detail))
	p.row("Notice before the start", cited(r.Notice))
	p.items("What may change", r.WhatMayChange)
	p.heading("The statutory letter")
	p.row("homecase writes one", yesNo(r.Letter.Available)+". "+r.Letter.Why)
	if r.Letter.To == "hr" {
		p.row("It goes to", "HR, as a letter of its own, never as part of the packet: homecase letter hr-request.")
	}
	p.row("Written", answer(r.Form.Written)+". Signed: "+answer(r.Form.Signed)+". "+cited(r.Form.Detail))
	for _, c := range r.Contents {
		text := c.ID + ": " + cited(c.Statement)
		if c.Optional {
			text += " (not required)"
		}
		if c.Special {
			text += " (may be private: letter to HR only)"
		}
		p.item(text)
	}
	p.row("Private reasons", r.Special.Say)
	p.items("What a statutory request uses up", r.UsesUp)
	p.items("What a statutory request starts", r.Starts)
}

func (r Regime) describeAnswer(p *page) {
	p.items("What the employer owes before refusing", r.Duties)
	p.heading("The answer")
	p.row("When", cited(r.Decision))
	p.row("Longer", cited(r.Extension))
	p.row("Silence", cited(r.Silence.Detail))
	p.row("Grounds of refusal ("+strings.ReplaceAll(r.Grounds.Kind, "_", " ")+")", cited(r.Grounds.Detail))
	for _, g := range r.Grounds.List {
		p.item(cited(g))
	}
	p.row("Another offer", cited(r.CounterOffer))
	p.items("What a refusal must say", r.RefusalNotice)
}

func (r Regime) describeAfter(p *page) {
	p.heading("Afterwards")
	p.row("Appeal", cited(r.Appeal))
	p.row("Remedy", cited(r.Remedy))
	p.row("Time limit", cited(r.ClaimLimit))
	p.row("Protection", cited(r.Retaliation))
	p.items("Going back", r.Revert)
	p.items("Records", r.Records)
	p.items("What an agreement must contain", r.Agreement)
	if c := r.NextChange; c != nil {
		p.heading("Next change")
		p.row("Expected", c.Expected)
		for _, s := range c.What {
			p.item(cited(s))
		}
		if c.Pack != "" {
			p.row("See", "homecase policy show "+c.Pack)
		}
	}
	if len(r.Cases) > 0 {
		p.heading("Decided cases")
		for _, c := range r.Cases {
			p.item(c.Name + ": " + c.Shows + " (" + c.Source + ")")
		}
	}
}

func (r Regime) describeSources(p *page) {
	if len(r.NotVerified) > 0 {
		p.heading("Not verified")
		for _, s := range r.NotVerified {
			p.item(s)
		}
	}
	if len(r.Sources) > 0 {
		p.heading("Sources")
		for _, s := range r.Sources {
			kind := "an account of it"
			if s.Original {
				kind = "its own words"
			}
			p.item(fmt.Sprintf("%s: %s (%s), read %s. %s", s.ID, s.Title, kind, long(s.Read), s.Address))
		}
	}
}

// DescribeTimetable writes the deadlines as plain text of 80 columns.
func DescribeTimetable(t Timetable) string {
	var p page
	p.para("", "", t.Regime+": "+t.Title)
	for _, d := range t.Deadlines {
		mark := ""
		if d.Unverified {
			mark = " [unverified]"
		}
		if d.Proposed {
			mark += " [proposed, not law]"
		}
		p.WriteString("\n")
		p.para("", "  ", fmt.Sprintf("%s  %s %s  %s%s", d.Date, d.Date.Weekday().Name(), long(d.Date), d.ID, mark))
		p.row("Who", map[string]string{"you": "you", "employer": "your employer", "both": "both of you"}[d.Who])
		p.row("What", d.What)
		if d.Means != "" {
			p.row("Means", d.Means)
		}
		p.row("Counted", d.Counted)
		if d.Note != "" {
			p.row("Note", d.Note)
		}
		if d.Source != "" {
			p.row("Source", d.Source)
		}
	}
	if len(t.Warnings) > 0 {
		p.heading("Look at this")
		for _, w := range t.Warnings {
			p.item(w)
		}
	}
	if len(t.Uncounted) > 0 {
		p.heading("Not counted, for want of a date")
		for _, u := range t.Uncounted {
			p.item(fmt.Sprintf("%s: %s Needs %s.", u.ID, u.What, strings.Join(u.Needs, " or ")))
		}
	}
	p.heading("Mind")
	for _, n := range t.Notes {
		p.item(n)
	}
	return p.String()
}

// DescribeList writes one line for each pack.
func DescribeList(heads []Head) string {
	var b strings.Builder
	for _, h := range heads {
		from := h.InForceFrom.String()
		if h.Status != InForce {
			from = "not law"
		}
		letter := "no letter"
		if h.Letter.Available {
			letter = "letter to " + h.Letter.To
		}
		fmt.Fprintf(&b, "%-14s  %-10s  %-14s  %s\n", h.ID, from, letter, h.Title)
	}
	return b.String()
}

func yesNo(b bool) string {
	if b {
		return "Yes"
	}
	return "No"
}

func answer(s string) string {
	return map[string]string{"yes": "yes", "no": "no", "either": "either way", "not_known": "not known"}[s]
}
