package office

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"homecase/day"
	"homecase/internal/press/invite"
	"homecase/internal/press/page"
	"homecase/ops"
	"homecase/packet"
	"homecase/policy"
	"homecase/share"
)

// summary is the first page: what stands open in the packet, and where the rest is.
func (rd *readers) summary(v *readerVisit) error {
	return rd.packet(v, firstPage, shapeFirst)
}

func shapeFirst(d *packet.Document) {
	var shown []packet.Section
	for _, s := range d.Sections {
		if !s.Fold {
			s.Blocks = firstQuestions(s.Blocks)
			shown = append(shown, s)
		}
	}
	d.Sections = shown
}

// askedHere is the id of the section with what was asked about the whole.
const askedHere = "asked-here"

// firstQuestions keeps the first group of a section's questions; the others have
// a page of their own.
func firstQuestions(blocks []packet.Block) []packet.Block {
	asked := false
	for i, b := range blocks {
		switch b.(type) {
		case packet.Question:
			asked = true
		case packet.Heading:
			if asked {
				return blocks[:i]
			}
		}
	}
	return blocks
}

// full is the whole packet, nothing folded away.
func (rd *readers) full(v *readerVisit) error {
	return rd.packet(v, fullPage, func(d *packet.Document) {
		d.Sections = slices.Clone(d.Sections)
		for i := range d.Sections {
			d.Sections[i].Fold = false
		}
		d.Contents = true
	})
}

// questions are all questions of the packet, and what was asked about the whole.
func (rd *readers) questions(v *readerVisit) error {
	return rd.packet(v, questionsPage, func(d *packet.Document) {
		d.Head = []packet.Block{packet.Para{Style: packet.Title, Text: packet.Plain(rd.words.Pages["questions"])}}
		d.Sections = slices.DeleteFunc(slices.Clone(d.Sections), func(s packet.Section) bool {
			return !slices.ContainsFunc(s.Blocks, func(b packet.Block) bool { _, is := b.(packet.Question); return is })
		})
	})
}

// packet answers with one of the packet's pages, as it was written or anew.
func (rd *readers) packet(v *readerVisit, which string, shape func(*packet.Document)) error {
	key := pageKey(v.token, which)
	if p, ok := rd.written.get(key); ok && p.stand.Head == v.Open.Hash { // the link holds: v was read
		return rd.answer(v.w, v.r, p)
	}
	p, err, _ := rd.writing.Do(key+" "+v.Open.Hash, func() (any, error) { // once for all who ask at once
		ctx, stop := context.WithTimeout(context.WithoutCancel(v.r.Context()), workTime)
		defer stop()
		page, err := rd.write(ctx, v, which, shape)
		if err != nil {
			return nil, err
		}
		p := keptPage{stand: ops.Stand{Head: v.Open.Hash}, until: v.Link.Expires, packed: packed(page), of: v.Org + " " + v.Open.Case}
		rd.written.put(key, p)
		return p, nil
	})
	if err != nil {
		return err
	}
	return rd.answer(v.w, v.r, p.(keptPage))
}

// write writes one of the packet's pages. What it says follows from the record
// alone, so that it is true until the next line, or the end of the link.
func (rd *readers) write(ctx context.Context, v *readerVisit, which string, shape func(*packet.Document)) ([]byte, error) {
	doc, err := rd.office.Document(ctx, v.Visit, v.Edition.Document)
	if err != nil {
		return nil, err
	}
	hash := v.Edition.Document
	shape(&doc)
	said := rd.saidBeside(v, &doc)
	opt := page.Options{
		Decision: rd.bar(v), Assets: rd.files.folder, Files: v.base + "/of/" + hash + "/",
		Notices: rd.noticesOf(v, which), Links: rd.linksOf(v, which), Beside: said,
	}
	if v.Link.Questions && !v.signed {
		opt.Ask = func(id string) string { return v.base + "/ask?at=" + id }
	}
	var b bytes.Buffer
	if err := page.Write(&b, doc, opt); err != nil {
		return nil, fmt.Errorf("write the packet: %w", err)
	}
	return b.Bytes(), nil
}

// bar is the row of answers, or where the answer stands once there is one.
func (rd *readers) bar(v *readerVisit) *page.Decision {
	b := rd.words.Bar
	one := func(lead, label, path string) *page.Decision {
		return &page.Decision{Lead: b[lead], Answers: []page.Answer{{Label: b[label], Href: v.base + path}}}
	}
	if v.signed {
		return &page.Decision{Lead: b["signed"], Answers: []page.Answer{{Label: b["see_list"], Href: "/cases"}}}
	}
	t := v.Exchange.Trial
	switch d := v.Exchange.Decision(); {
	case d == nil:
		lead := "lead"
		if law := v.Law(); law != nil && law.Refuses {
			lead = "law"
		}
		return &page.Decision{Lead: b[lead], Answers: []page.Answer{
			{Label: b["agree"], Href: v.base + "/decide?a=agree"}, {Label: b["change"], Href: v.base + "/decide?a=change"}, {Label: b["not_now"], Href: v.base + "/decide?a=not-now"},
		}}
	case t == nil || t.At.Before(d.At) || d.Answer == share.Deferred:
		return one("answered", "see", "/decided")
	case t.Confirmed.IsZero() && t.Stopped.IsZero():
		return one("plan", "see_plan", "/trial")
	case t.Running() && len(waysOf(t)) > 0:
		return one("ended", "see_end", "/trial")
	}
	return one("trial", "see_trial", "/trial")
}

// noticesOf are what stands above the packet.
func (rd *readers) noticesOf(v *readerVisit, which string) []page.Notice {
	w := rd.words.Notice
	var out []page.Notice
	if which != firstPage {
		out = append(out, page.Notice{Links: []page.Link{{Label: w["back"], Href: v.base}}})
	}
	if e := v.Edition; e.Publication.Edition > 1 {
		out = append(out, page.Notice{Text: []string{filled(w["edition"], "n", strconv.Itoa(e.Publication.Edition), "date", v.on(e.At))}})
	}
	if law := v.Law(); law != nil {
		out = append(out, rd.lawNotice(v, law))
	}
	return out
}

func (rd *readers) lawNotice(v *readerVisit, law *ops.Law) page.Notice {
	w := rd.words.Notice
	if !law.Known {
		return page.Notice{Text: []string{filled(w["law_unknown"], "law", law.Named, "person", v.Exchange.Person.Person)}}
	}
	n := page.Notice{Text: []string{filled(w["law"], "law", law.Regime.Title)}, Links: []page.Link{{Label: w["see_law"], Href: v.base + "/law"}}}
	if due := dueBy(law); !due.IsZero() && v.Exchange.Decision() == nil {
		n.Text = append(n.Text, filled(w["due"], "date", v.date(due)), filled(w["silence"], "silence", law.Regime.Silence.Detail.Text))
	}
	return n
}

// dueBy is the day by which the employer answers; zero where none is counted.
func dueBy(law *ops.Law) day.Date {
	if law.Times == nil {
		return day.Date{}
	}
	for _, d := range law.Times.Deadlines {
		if d.Who == "employer" && d.Kind == "latest" {
			return d.Date
		}
	}
	return day.Date{}
}

// linksOf lead to the other pages, and to the files of the edition.
func (rd *readers) linksOf(v *readerVisit, which string) []page.Link {
	w := rd.words
	var out []page.Link
	if which != questionsPage {
		out = append(out, page.Link{Label: w.Links["questions"], Href: v.base + "/questions"})
	}
	if which != fullPage {
		out = append(out, page.Link{Label: w.Links["full"], Href: v.base + "/full"})
	}
	for _, f := range v.Edition.Files {
		if label, ok := w.Files[f.Name]; ok {
			out = append(out, page.Link{Label: label + ", " + size(f.Bytes), Href: v.base + "/files/" + f.Name})
		} else if f.Media != "application/json" && f.Media != "image/jpeg" {
			out = append(out, page.Link{Label: filled(w.Files["other"], "name", f.Name) + ", " + size(f.Bytes), Href: v.base + "/files/" + f.Name})
		}
	}
	if v.signed {
		return out
	}
	return append(out, page.Link{Label: w.Links["record"], Href: v.base + "/record.json"}, page.Link{Label: w.Links["keep"], Href: v.base + "/keep"})
}

func size(bytes int64) string {
	if bytes < 1_000_000 {
		return strconv.FormatInt(max(1, bytes/1000), 10) + " KB"
	}
	return strconv.FormatFloat(float64(bytes)/1e6, 'f', 1, 64) + " MB"
}

// saidBeside sets what was asked beside the place it is about. What is about the
// whole, or about a place this page does not show, stands in a section at its end.
func (rd *readers) saidBeside(v *readerVisit, doc *packet.Document) func(id string) page.Beside {
	places := map[string]page.Beside{}
	for _, id := range v.Edition.Changed {
		places[id] = page.Beside{Changed: true}
	}
	rest := page.Beside{}
	for _, q := range v.Exchange.Questions {
		s := rd.saidAs(v, q)
		if _, here := doc.Heading(q.At); !here {
			if q.About != "" {
				s.Question = q.About + "\n" + s.Question
			}
			rest.Said = append(rest.Said, s)
			continue
		}
		b := places[q.At]
		b.Said = append(b.Said, s)
		places[q.At] = b
	}
	if len(rest.Said) > 0 {
		doc.Sections = append(slices.Clone(doc.Sections), packet.Section{ID: askedHere, Label: rd.words.Pages["asked"], Level: 2})
		places[askedHere] = rest
	}
	return func(id string) page.Beside { return places[id] }
}

func (rd *readers) saidAs(v *readerVisit, q share.Asking) page.Said {
	w, person := rd.words.Said, v.Exchange.Person.Person
	reader := ""
	if l := v.Exchange.Link(q.Link); l != nil {
		reader = l.Reader
	}
	s := page.Said{Who: filled(w["asked"], "reader", reader, "date", v.on(q.Asked)), Question: q.Text, Answer: q.Answer}
	if q.Answered.IsZero() {
		s.Answered = filled(w["waits"], "person", person)
	} else if s.Answered = filled(w["answered"], "person", person, "date", v.on(q.Answered)); !q.First.IsZero() {
		s.Answered = filled(w["corrected"], "person", person, "first", v.on(q.First), "date", v.on(q.Answered))
	}
	return s
}

// part serves what a document of this case carries: its photos and its working.
// The address names the document, so what stands there never changes.
func (rd *readers) part(v *readerVisit) error {
	hash, name := v.r.PathValue("hash"), v.r.PathValue("name")
	if hash != v.Edition.Document && !slices.Contains(trialDocuments(v.Exchange.Trial), hash) {
		return ops.NoLink()
	}
	doc, err := rd.office.Document(v.r.Context(), v.Visit, hash)
	if err != nil {
		return err
	}
	v.w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
	if name == doc.WorkingName && doc.Working != nil {
		return v.download("application/json", name, doc.Working)
	}
	for _, s := range doc.Sections {
		for _, b := range s.Blocks {
			if p, is := b.(packet.Photo); is && p.ID+".jpg" == name {
				v.w.Header().Set("Content-Type", "image/jpeg")
				body{plain: p.JPEG}.write(v.w, v.r, http.StatusOK)
				return nil
			}
		}
	}
	return ops.NoLink()
}

// trialDocuments are the documents that a trial shows.
func trialDocuments(t *share.Trial) []string {
	if t == nil {
		return nil
	}
	out := []string{t.Document}
	if n := len(t.Reports); n > 0 {
		out = append(out, t.Reports[n-1].Document)
	}
	return out
}

// file serves a file of the edition, to be saved.
func (rd *readers) file(v *readerVisit) error {
	b, err := rd.office.File(v.r.Context(), v.Visit, v.r.PathValue("name"))
	if err != nil {
		return err
	}
	return v.download(b.Media, v.r.PathValue("name"), b.Bytes)
}

// download answers with a file that a browser saves or hands to another program.
func (v *readerVisit) download(media, name string, data []byte) error {
	h := v.w.Header()
	if h.Get("Cache-Control") == "" || strings.Contains(h.Get("Cache-Control"), "no-store") {
		h.Set("Cache-Control", "private, no-store")
	}
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", `attachment; filename="`+path.Base(name)+`"`)
	body{plain: data}.write(v.w, v.r, http.StatusOK)
	return nil
}

// record hands over the record of the case, as a file that can be checked.
func (rd *readers) record(v *readerVisit) error {
	rec, err := rd.office.RecordFor(v.r.Context(), v.Visit)
	if err != nil {
		return err
	}
	raw, err := json.MarshalIndent(rec, "", " ")
	if err != nil {
		return fmt.Errorf("write the record: %w", err)
	}
	return v.download("application/json", "record.json", raw)
}

// meeting is the days of what was agreed, for a calendar.
func (rd *readers) meeting(v *readerVisit) error {
	d := v.Exchange.Decision()
	if d == nil {
		return ops.NoLink()
	}
	raw, err := rd.calendar(v, d)
	if err != nil {
		return err
	}
	if raw == nil {
		return ops.NoLink()
	}
	return v.download("text/calendar; charset=utf-8", "meeting.ics", raw)
}

// calendar is the days that both agreed to as a file; nil where there are none.
func (rd *readers) calendar(v *readerVisit, d *share.Standing) ([]byte, error) {
	days := rd.daysOf(v, d)
	if len(days) == 0 {
		return nil, nil
	}
	return invite.ICS(days[0], days[1:]...)
}

// daysOf are the days that both agreed to: the first one, and the one to decide on.
// A day keeps its name in a calendar for as long as its edition is the one that is
// answered; an answer that follows another one moves it.
func (rd *readers) daysOf(v *readerVisit, d *share.Standing) []invite.Event {
	t := agreedTerms(v, d)
	if t == nil {
		return nil
	}
	var days []invite.Event
	add := func(on day.Date, which, words string) {
		if on.IsZero() || on.Year < 1970 || on.Year > 2199 {
			return
		}
		days = append(days, invite.Event{
			UID:   v.Open.Case + "-" + strconv.Itoa(v.Edition.Publication.Edition) + "-" + which + "@homecase.invalid",
			Stamp: v.Exchange.Last.Truncate(time.Second), Sequence: sequence(v.Exchange), Start: on.Time(), End: on.Add(1).Time(), WholeDay: true,
			Summary: filled(words, "title", v.Edition.Title),
		})
	}
	add(t.Start, "start", rd.words.Pages["calendar_start"])
	add(t.DecideOn, "decide", rd.words.Pages["calendar_decide"])
	return days
}

// sequence counts the answers to an edition before the one that stands: each may
// have moved its days.
func sequence(x *share.Exchange) int {
	n := -1
	for _, d := range x.Decisions {
		if d.Edition == len(x.Editions) {
			n++
		}
	}
	return max(n, 0)
}

// agreedTerms are the terms that both sides agreed to; nil before.
func agreedTerms(v *readerVisit, d *share.Standing) *share.Terms {
	switch {
	case d.Answer == share.Agreed && d.Terms != nil:
		return d.Terms
	case d.Answer == share.Agreed:
		return &v.Edition.Terms
	case d.Answer == share.Countered && !d.Accepted.IsZero():
		return d.Terms
	}
	return nil
}

// law is what the law of this request says, for both sides.
func (rd *readers) law(v *readerVisit) error {
	law := v.Law()
	if law == nil {
		return ops.NoLink()
	}
	view := lawPage{Person: v.Exchange.Person.Person, Title: law.Named, Known: law.Known, WhyNot: law.WhyNot}
	if law.Known {
		rd.fillLaw(v, law, &view)
	}
	return rd.page(v, "law", rd.words.Headings["law"], nil, view)
}

// lawPage is what the page about the law shows.
type lawPage struct {
	Person, Title, Status, WhyNot                           string
	Known                                                   bool
	Clocks                                                  []clockView
	Answer                                                  []labelled
	Grounds, Notice, Duties, Warnings, Sources, NotVerified []string
	Unread                                                  []string // what of the answer nobody read
}

type clockView struct{ Date, Who, What, Means, Note, Source string }

type labelled struct{ Label, Value string }

func (rd *readers) fillLaw(v *readerVisit, law *ops.Law, p *lawPage) {
	r, w := law.Regime, rd.words.Law
	p.Title = r.Title
	if r.LegalForm == "guideline" {
		p.Status = w["guideline"]
	}
	who := map[string]string{"you": v.Exchange.Person.Person, "employer": w["employer"], "both": w["both"]}
	if law.Times != nil {
		for _, d := range law.Times.Deadlines {
			c := clockView{v.date(d.Date), who[d.Who], rd.marked(d.What), rd.marked(d.Means), rd.marked(d.Note), d.Source}
			if d.Unverified {
				c.Note = strings.TrimSpace(c.Note + " " + w["unverified"])
			}
			p.Clocks = append(p.Clocks, c)
		}
		for _, u := range law.Times.Uncounted {
			p.Clocks = append(p.Clocks, clockView{Date: w["uncounted"], What: rd.marked(u.What)})
		}
		p.Warnings = law.Times.Warnings
	}
	for _, a := range []struct {
		label string
		s     policy.Statement
	}{{"when", r.Decision}, {"longer", r.Extension}, {"silence", r.Silence.Detail}, {"grounds", r.Grounds.Detail}, {"offer", r.CounterOffer}, {"appeal", r.Appeal}, {"remedy", r.Remedy}, {"limit", r.ClaimLimit}, {"protection", r.Retaliation}} {
		if slices.Contains(unread, a.s.Text) {
			p.Unread = append(p.Unread, w[a.label])
			continue
		}
		p.Answer = append(p.Answer, labelled{w[a.label], rd.marked(a.s.String())})
	}
	p.Grounds, p.Notice, p.Duties = rd.texts(r.Grounds.List), rd.texts(r.RefusalNotice), rd.texts(r.Duties)
	for _, s := range r.Sources {
		p.Sources = append(p.Sources, strings.TrimSpace(s.Title+", "+v.date(s.Read)+". "+s.Address))
	}
	p.NotVerified = r.NotVerified
}

// unread is how a pack says that nobody read something, and ruleless that there is
// no rule of it.
var (
	unread   = []string{"Not read.", "Not known."}
	ruleless = []string{"Does not apply.", "None is stated."}
)

// known is what a law says of something; empty where a pack has no rule to tell.
func (rd *readers) known(s policy.Statement) string {
	if slices.Contains(unread, s.Text) || slices.Contains(ruleless, s.Text) {
		return ""
	}
	return rd.marked(s.String())
}

// marked writes how a statement is known in words for a page.
func (rd *readers) marked(text string) string {
	for _, mark := range []string{"unverified", "read in a summary"} {
		text = strings.ReplaceAll(text, " ["+mark+"]", " ("+rd.words.Marks[mark]+")")
	}
	return text
}

func (rd *readers) texts(list []policy.Statement) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = rd.marked(s.String())
	}
	return out
}

// shown turns a document into a part of a page.
func (rd *readers) shown(v *readerVisit, hash string) (template.HTML, error) {
	if hash == "" {
		return "", nil
	}
	doc, err := rd.office.Document(v.r.Context(), v.Visit, hash)
	if err != nil {
		return "", err
	}
	return page.Parts(doc, page.Options{Assets: rd.files.folder, Files: v.base + "/of/" + hash + "/"})
}
