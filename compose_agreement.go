package homecase

import (
	"strings"

	"homecase/cite"
	"homecase/concern"
	"homecase/packet"
	"homecase/plan"
	"homecase/policy"
	"homecase/readiness"
)

// ComposeAgreement makes the draft of a telework agreement in 25 parts: each
// says what the case knows and leaves a named line where it does not. What the
// law of the place lists as contents is there item by item, and a table says
// where. The edition holds the agreement alone.
//
// The draft binds nobody and says so. Home addresses and emergency contacts
// are in no case; the draft leaves a line for the hand.
func ComposeAgreement(c Shared, o Options) (*Edition, error) {
	phrases, err := packet.LoadPhrases()
	if err != nil {
		return nil, err
	}
	k := &composer{c: c, o: o, l: c.Locale()}
	k.b = packet.NewBook(k.l, phrases)
	for _, step := range []func() error{k.whoAndWhen, k.hours, k.lawFacts, k.trialFacts, k.concernFacts, k.promiseFacts} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	k.measureFacts(c.Facts.Measure)
	if err := k.agree(); err != nil {
		return nil, err
	}
	e := &Edition{Book: k.b, Agreement: k.draft.document()}
	if err := k.b.Err(); err != nil {
		return nil, err
	}
	if err := e.Agreement.Validate(); err != nil {
		return nil, err
	}
	e.Record = k.record()
	return e, k.attach(&e.Agreement)
}

// draft is an agreement being written, part by part.
type draft struct {
	*composer
	laws     []agreementLaw
	need     map[string]bool // clauses that a law of the place lists
	sections []packet.Section
	letter   string          // of the part at hand
	text     packet.Text     // sentences of the part, not set yet
	lines    []string        // captions of its open lines
	listed   bool            // the part's sentences stand as a list
	clauses  map[string]held // what stands where
	open     int
}

// agree writes the draft. It is refused while a number in it has no source.
func (k *composer) agree() error {
	k.draft = &draft{composer: k, clauses: map[string]held{}, need: map[string]bool{}}
	if err := k.draft.facts(); err != nil {
		return err
	}
	if list := k.b.Unsourced(); len(list) > 0 {
		return list
	}
	return k.draft.write()
}

// write writes the parts, the safety check and what the law lists.
func (d *draft) write() error {
	for _, part := range []func(){d.who, d.nature, d.rules, d.term, d.kind, d.schedule, d.places, d.work, d.reach, d.recall, d.judged, d.time, d.overtime,
		d.equipment, d.costs, d.data, d.care, d.safety, d.accidents, d.home, d.closures, d.pilot, d.ending, d.signatures, d.attachments} {
		part()
	}
	d.flush()
	if err := d.selfCheck(); err != nil {
		return err
	}
	for _, l := range d.laws {
		if gaps := l.gaps(d.clauses); len(gaps) > 0 {
			return gapFault(gaps[0])
		}
	}
	d.sections = append(d.sections, d.minimum())
	d.b.Count("agreement.open", float64(d.open), 0, "counted", "agreement")
	return nil
}

// preamble is what stands before the parts: what a draft is, and who must confirm it.
func (d *draft) preamble() []packet.Block {
	intro := d.b.Says("", "agreement.draft", "agreement.voice")
	if d.open > 0 {
		intro = append(intro, d.b.Say("agreement.open"))
	}
	return []packet.Block{packet.Para{Text: intro}, packet.Para{Text: d.b.Says("", "agreement.confirm")}, d.confirm()}
}

// document is the draft alone.
func (d *draft) document() packet.Document {
	b := d.b
	doc := d.composer.document(packet.Agreement)
	doc.Title, doc.Subject, doc.Footer = d.label("agreement.title"), d.label("agreement.draft"), d.label("agreement.footer")
	doc.Head = append([]packet.Block{
		packet.Para{Style: packet.Meta, Text: b.Says("", "agreement.meta")},
		packet.Para{Style: packet.Title, Text: b.Says("", "agreement.title")},
	}, d.preamble()...)
	doc.Sections = append(d.sections, d.sources())
	return doc
}

// appendix is the draft as the last part of a packet. Its sources stand among
// the packet's own.
func (d *draft) appendix() []packet.Section {
	out := []packet.Section{{ID: "agreement", Label: d.label("agreement.appendix"), Level: 2, NewPage: true, Blocks: d.preamble()}}
	for _, s := range d.sections {
		s.Level++
		for i, b := range s.Blocks {
			if h, ok := b.(packet.Heading); ok {
				h.Level++
				s.Blocks[i] = h
			}
		}
		out = append(out, s)
	}
	return out
}

// confirm lists who must confirm the draft before anybody signs.
func (d *draft) confirm() packet.Block {
	ids := []string{"agreement.confirm-hr"}
	if d.request() == Statutory {
		ids = append(ids, "agreement.confirm-law")
	}
	var items []packet.Text
	for _, id := range append(ids, "agreement.confirm-it", "agreement.confirm-safety", "agreement.confirm-staff") {
		items = append(items, d.b.Says("", id))
	}
	return packet.List{Items: items}
}

// facts records what only the agreement says.
func (d *draft) facts() error {
	b, c, p := d.b, d.c, d.c.Plan
	b.Own("agreement", "What this draft proposes.")
	set := func(ref packet.Ref, text string, facts ...string) {
		if text = strings.TrimSuffix(strings.TrimSpace(text), "."); text != "" {
			b.Set(ref, text, "as given", facts...)
		}
	}
	set("agreement.me", joined(c.Person.Name, c.Person.Job, c.Person.Team))
	set("agreement.number", c.Person.EmployeeNumber)
	set("agreement.boss", joined(c.Boss.Name, c.Boss.Job))
	set("agreement.company", c.Company.Name)
	if c.Company.Address != "" {
		set("agreement.company", joined(c.Company.Name, c.Company.Address))
		set("agreement.centre", joined(c.Company.Name, c.Company.Address))
	}
	set("agreement.job", c.Person.Job)
	set("agreement.room", lower(c.Readiness.HomeOffice.Door.Note), "office.1.fact")
	b.Set("agreement.share", d.l.Percent(p.AskedDays()/d.workingDays(), 0), "days asked for divided by the days of the week", "ask", "duties")
	b.Count("agreement.day-hours", c.Readiness.Hours().Total()/d.workingDays(), 1, "hours of the week divided by its days", "duties")
	set("agreement.reach-from", orWords(string(p.Hours.ReachableFrom), string(p.Hours.From)), "ask")
	set("agreement.reach-to", orWords(string(p.Hours.ReachableTo), string(p.Hours.To)), "ask")
	set("agreement.recall", p.Recall.Notice, "ask")
	set("agreement.recall-travel", p.Recall.Travel, "ask")
	set("agreement.recall-day", p.Recall.MovedDay, "ask")
	if p.Recall.MostPerMonth > 0 {
		b.Word("agreement.recall-most", p.Recall.MostPerMonth, "as agreed", "ask")
	}
	set("agreement.outage-backup", p.Outage.Backup, "ask")
	set("agreement.outage-offline", p.Outage.Offline, "ask")
	set("agreement.outage-then", p.Outage.Then, "ask")
	if p.Outage.AfterMinutes > 0 {
		b.Count("agreement.outage-minutes", float64(p.Outage.AfterMinutes), 0, "as agreed", "ask")
	}
	set("agreement.stop-notice", p.StopNotice, "ask.stop")
	var tasks, reviews, rules []string
	for _, t := range c.Readiness.Duties {
		if w := t.Counts(); w == readiness.Home || w == readiness.HomeWithChange {
			tasks = append(tasks, lower(t.Name))
		}
	}
	for _, r := range p.Keeping.Reviews {
		reviews = append(reviews, d.l.Date(r))
	}
	for _, r := range p.OfficeDays {
		rules = append(rules, d.dayRule(r))
	}
	set("agreement.home-tasks", d.l.List(tasks), "duties")
	set("agreement.reviews", d.l.List(reviews), "ask")
	set("agreement.office-days", d.l.List(rules), "ask")
	return d.lawsAndSources()
}

// lawsAndSources finds the laws that speak of agreements, and the pages that a
// clause for one country rests on.
func (d *draft) lawsAndSources() error {
	laws, err := agreementLaws(&d.c.Case)
	if err != nil {
		return err
	}
	d.laws = laws
	for i, l := range laws {
		if d.lawFact(i) == "law" {
			d.listNeeds(l)
			continue
		}
		id := string(nth("regime", i))
		f := cite.Fact{ID: id, Text: l.Title + ".", Origin: cite.Origin{Kind: cite.Published, Source: l.Title}}
		if len(l.Sources) > 0 {
			f.Source, f.Address, f.Date = l.Sources[0].Title, l.Sources[0].Address, l.Sources[0].Read
		}
		d.b.Fact(f)
		d.listNeeds(l)
	}
	file, err := agreementContents()
	if err != nil {
		return err
	}
	for _, s := range file.Sources {
		if !d.restsOn(s.ID) {
			continue
		}
		d.b.Fact(cite.Fact{ID: s.ID, Text: s.Text, Origin: cite.Origin{Kind: cite.Published, Source: s.Title, Date: s.Read, Address: s.Address}})
	}
	return nil
}

// lawFact is the id of the fact that stands behind a law of the place.
func (d *draft) lawFact(i int) string {
	if d.law.regime != nil && d.law.regime.ID == d.laws[i].ID {
		return "law"
	}
	return string(nth("regime", i))
}

// listNeeds notes the clauses that carry what a law lists.
func (d *draft) listNeeds(l agreementLaw) {
	for _, it := range l.items {
		for _, c := range it.Clauses {
			d.need[c] = true
		}
	}
}

// restsOn tells whether a page about one country's rules concerns this case.
func (d *draft) restsOn(id string) bool {
	p := d.c.Place
	switch id {
	case "hse":
		return p.Country == "GB" && !strings.EqualFold(p.Part, "northern-ireland")
	case "osha":
		return p.Country == "US" && p.Federal != policy.FederalYes
	}
	return false
}

// joined puts what is known of a name, a job and a team into one line.
func joined(parts ...string) string {
	var known []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			known = append(known, p)
		}
	}
	return strings.Join(known, ", ")
}

// dayRule says in words which days a rule keeps in the office.
func (d *draft) dayRule(r plan.DayRule) string {
	if r.Rule == "" {
		return d.l.Date(r.Date)
	}
	what, end, _ := strings.Cut(r.Rule, "-")
	which := map[string]string{"start": "first", "end": "last"}[end]
	if r.Count > 1 {
		return "the " + which + " " + d.l.Word(r.Count) + " working days of the " + what
	}
	return "the " + which + " working day of the " + what
}

// part starts the next part.
func (d *draft) part(id string) {
	d.flush()
	d.letter, d.listed = strings.ToUpper(id), false
	d.sections = append(d.sections, packet.Section{ID: "part-" + id, Label: d.label("agreement-part." + id), Level: 2})
}

// say adds clauses, each a sentence or two that the case can fill.
func (d *draft) say(clauses ...string) {
	for _, c := range clauses {
		d.text = append(d.text, d.b.Say("agreement."+c))
		d.clauses[c] = held{part: d.letter}
	}
}

// sayIf adds the clause where the case knows ref, and leaves a line otherwise.
func (d *draft) sayIf(ref packet.Ref, clause string) {
	if d.b.Has(ref) {
		d.say(clause)
	} else {
		d.leave(clause)
	}
}

// leave leaves a line with the clause's name below it.
func (d *draft) leave(clauses ...string) {
	for _, c := range clauses {
		d.lines = append(d.lines, d.label("agreement-blank."+c))
		d.clauses[c] = held{part: d.letter, open: true}
		d.open++
	}
}

// leaveIfListed leaves the lines that a law of the place asks for.
func (d *draft) leaveIfListed(clauses ...string) {
	for _, c := range clauses {
		if d.need[c] {
			d.leave(c)
		}
	}
}

// add sets a block below the sentences so far.
func (d *draft) add(b packet.Block) {
	s := &d.sections[len(d.sections)-1]
	if len(d.text) > 0 {
		s.Blocks = append(s.Blocks, d.spoken())
		d.text = nil
	}
	if b != nil {
		s.Blocks = append(s.Blocks, b)
	}
}

// spoken is the sentences so far, as a paragraph or as a list.
func (d *draft) spoken() packet.Block {
	if !d.listed {
		return packet.Para{Text: d.text}
	}
	var items []packet.Text
	for _, s := range d.text {
		items = append(items, packet.Text{s})
	}
	return packet.List{Items: items}
}

// flush ends a part: its sentences, then its open lines.
func (d *draft) flush() {
	if len(d.sections) == 0 {
		return
	}
	d.add(nil)
	if len(d.lines) > 0 {
		d.add(packet.Signature{Captions: d.lines})
		d.lines = nil
	}
}

// listPart starts a part whose sentences are many, and stand as a list.
func (d *draft) listPart(id string) {
	d.part(id)
	d.listed = true
}

// list adds the items as a list, and nothing when there are none.
func (d *draft) list(style packet.ListStyle, items []packet.Text) {
	if len(items) > 0 {
		d.add(packet.List{Style: style, Items: items})
	}
}

// answers adds what the case already answers among the boss's questions, and
// tells whether there was such an answer.
func (d *draft) answers(ids ...concern.ID) (any bool) {
	for _, id := range ids {
		for _, a := range d.asked {
			if a.ID != id || a.Text == "" {
				continue
			}
			by := ""
			switch a.State {
			case concern.Answered:
				by = "agreement.question-by"
			case concern.Proposal:
				by = "agreement.question-proposal"
			case concern.BossDecides:
				by = "agreement.question-decides"
			default:
				continue
			}
			any = true
			d.add(packet.Para{Text: d.b.Says(a.ref, "agreement.question"), Evidence: d.b.Says(a.ref, by)})
		}
	}
	return any
}

// answersOr adds the answers, and leaves the line where there is none.
func (d *draft) answersOr(clause string, ids ...concern.ID) {
	if !d.answers(ids...) {
		d.leave(clause)
	} else {
		d.clauses[clause] = held{part: d.letter}
	}
}

// sources lists what the draft rests on besides what both propose in it.
func (d *draft) sources() packet.Section {
	rests := map[string]bool{}
	note := func(t packet.Text) {
		for _, s := range t {
			for _, f := range s.Facts {
				rests[f] = true
			}
		}
	}
	for _, s := range d.sections {
		for _, b := range s.Blocks {
			switch b := b.(type) {
			case packet.Para:
				note(b.Text)
			case packet.List:
				for _, t := range b.Items {
					note(t)
				}
			case packet.Table:
				for _, r := range b.Rows {
					for _, c := range r.Cells {
						note(c.Text)
					}
				}
			}
		}
	}
	s := d.sourcesSection()
	s.Label, s.ID = d.label("agreement-part.sources"), "sources"
	list := s.Blocks[len(s.Blocks)-1].(packet.List)
	var items []packet.Text
	for _, t := range list.Items {
		if len(t[0].Facts) > 0 && rests[t[0].Facts[0]] {
			items = append(items, t)
		}
	}
	list.Items = items
	s.Blocks[len(s.Blocks)-1] = list
	return s
}
