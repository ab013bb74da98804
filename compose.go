package homecase

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"homecase/cite"
	"homecase/content"
	"homecase/day"
	"homecase/evidence"
	"homecase/fault"
	"homecase/locale"
	"homecase/packet"
	"homecase/readiness"
	"homecase/savings"
	"homecase/trial"
)

// Options are what a packet needs from outside the case.
type Options struct {
	// Version is the program's, kept in the working so that a reader can use the same one.
	Version string
	// Holidays are the public holidays of the place during the trial, with what is not known left out.
	Holidays []day.Date
	// Photos are the cleaned pictures of the home office by item id. Verification needs none.
	Photos map[string]packet.Photo
	// Money is the estimate of this very case, where it was computed already.
	Money *savings.Report
	// Odds gives the odds of the plan, where they may be known already; nil works them out.
	Odds func(trial.Plan) (*trial.Odds, error)
	// Agreement puts the draft of a telework agreement behind the full packet.
	Agreement bool
}

// Edition is everything one case says to its reader: three documents with the
// same numbers, the letter, the short message, the slides, and the book they rest on.
type Edition struct {
	OnePage packet.Document
	Full    packet.Document
	Page    packet.Document
	Letter  packet.Document
	Message packet.Document // the e-mail's own words
	Slides  packet.Document // the talk, with notes
	// Agreement is the draft of a telework agreement; ComposeAgreement makes it.
	Agreement packet.Document
	Invite    Invite
	Record    Record
	Book      *packet.Book
}

// Working is what travels inside a packet: the shared case, from which every
// number can be computed again, and the facts and numbers as they were.
type Working struct {
	// Homecase is the version of the program that made the packet.
	Homecase string `json:"homecase"`
	// Document is which document this working is attached to.
	Document packet.Kind `json:"document"`
	// Holidays are the public holidays that were left out of the trial.
	Holidays []day.Date `json:"holidays,omitempty"`
	Photos   []string   `json:"photos,omitempty"`
	// Agreement tells that the full packet holds the draft of an agreement.
	Agreement bool           `json:"agreement,omitempty"`
	Case      Case           `json:"case"`
	Facts     []WorkingFact  `json:"facts"`
	Numbers   []packet.Entry `json:"numbers"`
}

// WorkingFact is a fact as the working carries it.
type WorkingFact struct {
	ID      string   `json:"id"`
	Text    string   `json:"text"`
	Kind    string   `json:"kind"`
	Source  string   `json:"source,omitempty"`
	Date    day.Date `json:"date,omitzero"`
	Address string   `json:"address,omitempty"`
}

// composer holds one composition. It exists for the length of one call.
type composer struct {
	c      Shared
	o      Options
	l      locale.Locale
	b      *packet.Book
	ready  readiness.Verdict
	money  savings.Report
	law    lawView
	trial  trialView
	asked  []askedView
	quoted []evidence.ID // the studies of quotes that were found right
	draft  *draft        // of an agreement, where the packet holds one
}

// Compose makes the edition. It is refused, with the whole list, while a
// number in it has no source.
func Compose(c Shared, o Options) (*Edition, error) {
	phrases, err := packet.LoadPhrases()
	if err != nil {
		return nil, err
	}
	k := &composer{c: c, o: o, l: c.Locale()}
	k.b = packet.NewBook(k.l, phrases)
	for _, step := range []func() error{k.whoAndWhen, k.hours, k.moneyFacts, k.ledgerFacts, k.lawFacts, k.trialFacts, k.concernFacts, k.promiseFacts} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	if list := k.b.Unsourced(); len(list) > 0 {
		return nil, list
	}
	e := &Edition{Book: k.b}
	e.OnePage, e.Page = k.onePage(), k.page()
	if o.Agreement { // behind the page, whose sources are its own, and before the packet's list what the draft rests on
		if err := k.agree(); err != nil {
			return nil, err
		}
	}
	e.Full = k.full()
	e.Letter, e.Message = k.letter(), k.message()
	e.Invite, e.Record = k.invite(), k.record()
	if err := k.b.Err(); err != nil {
		return nil, err
	}
	for _, d := range []*packet.Document{&e.OnePage, &e.Full, &e.Page, &e.Letter, &e.Message} {
		if err := d.Validate(); err != nil {
			return nil, err
		}
	}
	if err := k.attach(&e.OnePage, &e.Full, &e.Page); err != nil {
		return nil, err
	}
	e.Slides = k.slides() // last: the working holds what the packet prints, not the talk about it
	if err := k.b.Err(); err != nil {
		return nil, err
	}
	return e, e.Slides.Validate()
}

// Document returns the document of that kind.
func (e *Edition) Document(kind packet.Kind) (packet.Document, bool) {
	for _, d := range []packet.Document{e.OnePage, e.Full, e.Page, e.Letter, e.Agreement} {
		if d.Kind == kind {
			return d, true
		}
	}
	return packet.Document{}, false
}

// attach puts the working into the documents. It is written once: from one
// document to the next only its kind differs.
func (k *composer) attach(docs ...*packet.Document) error {
	const anyKind = "any document"
	w := Working{Homecase: k.o.Version, Document: anyKind, Holidays: k.o.Holidays, Agreement: k.o.Agreement, Case: k.c.Case, Facts: k.workingFacts(), Numbers: k.b.Entries()}
	for id := range k.o.Photos {
		w.Photos = append(w.Photos, id)
	}
	slices.Sort(w.Photos)
	text, err := content.JSON(w, " ")
	if err != nil {
		return fault.New(fault.Internal, "HC-PACKET-08", "The working cannot be written.").Because(err)
	}
	for _, d := range docs {
		kind, err := json.Marshal(d.Kind)
		if err != nil {
			return fault.New(fault.Internal, "HC-PACKET-08", "The working cannot be written.").Because(err)
		}
		d.Working, d.WorkingName = bytes.Replace(text, []byte(`"`+anyKind+`"`), kind, 1), "working.json"
	}
	return nil
}

// document fills in what all documents share.
func (k *composer) document(kind packet.Kind) packet.Document {
	footer := k.b.Say("summary.footer").String()
	if packet.HasDigit(footer) {
		footer = "" // a name with a digit: the foot of a page holds no number but the page's
	}
	return packet.Document{
		Kind: kind, Lang: k.l.Tag, Title: k.titleText(), Author: k.c.Person.Name, Reader: k.c.Boss.Name,
		Date: k.c.Date, Subject: k.b.Say("summary.footer").String(), Footer: footer,
	}
}

// whoAndWhen records names, dates and the ask.
func (k *composer) whoAndWhen() error {
	b, p := k.b, k.c.Plan
	b.Set("who.me", k.c.Person.Name, "as given")
	b.Set("who.boss", k.c.Boss.Name, "as given")
	b.Set("date.packet", k.l.Date(k.c.Date), "the date of this packet")
	b.Own("ask", "What I ask for.")
	b.Own("ask.stop", "How the arrangement ends.")
	b.Own("request", "How I ask: "+string(k.request())+".")
	return k.askFacts(p)
}

func (k *composer) request() Request {
	if k.c.Request == Statutory {
		return Statutory
	}
	return Informal
}

// hours records the week and what of it can be done where.
func (k *composer) hours() error {
	b, a := k.b, k.c.Readiness
	verdict, err := k.c.Assess()
	if err != nil {
		return err
	}
	k.ready = verdict
	origin := a.DutiesOrigin
	b.Fact(cite.Fact{ID: "duties", Text: "Hours a week by task.", Origin: origin})
	h := a.Hours()
	b.Count("hours.total", h.Total(), 2, "all tasks added up", "duties")
	b.Count("hours.portable", h.Home, 2, "tasks that can be done at home as things are", "duties")
	b.Count("hours.change", h.HomeWithChange, 2, "tasks that can be done at home after a change", "duties")
	b.Count("hours.office", h.Office+h.NotSure, 2, "tasks that need the office, and those not sorted yet", "duties")
	b.Count("hours.unsure", h.NotSure, 2, "tasks not sorted yet", "duties")
	days := k.workingDays()
	asked := k.askedHours()
	b.Count("hours.asked", asked, 2, "the week's hours divided by its days, times the days asked for", "duties", "ask")
	b.Count("hours.spare", max(0, h.Portable()-asked), 2, "hours that can be done at home less those asked for", "duties", "ask")
	b.Set("days.supported", readiness.Days(verdict.DaysSupported), "the most days for which all office work fits into the others", "duties")
	b.Set("days.asked", readiness.Days(k.c.Plan.AskedDays()), "as asked", "ask")
	b.Count("office.days", days, 0, "the days of my working week", "duties")
	b.Set("office.days-words", dayWords(days, k.l.Word), "the days of my working week", "duties")
	b.Set("duties.origin", k.originWords(origin), "as given", "duties")
	k.officeNames(a)
	for i, d := range a.Duties {
		ref := packet.Ref("duty." + strconv.Itoa(i+1))
		b.Set(ref+".name", d.Name, "as given", "duties")
		b.Count(ref+".hours", d.Hours, 2, "as given", "duties")
		if d.CoveredBy != "" {
			b.Set(ref+".cover", strings.TrimSuffix(d.CoveredBy, "."), "as given", "duties")
		}
	}
	return nil
}

// shownDuties is how many office tasks a sentence can name; the table has all.
const shownDuties = 6

// officeNames records the list of office duties: post and cheques, and training.
func (k *composer) officeNames(a readiness.Answers) {
	var names []string
	for _, d := range a.Duties {
		if w := d.Counts(); w == readiness.Office || w == readiness.WhereNotSure {
			names = append(names, lower(d.Name))
		}
	}
	n := len(names)
	if n > shownDuties {
		more := n - shownDuties + 1
		names = append(names[:n-more:n-more], k.l.Number(float64(more), 0)+" more tasks")
	}
	k.b.Set("office.names-capital", capital(k.l.List(names)), "tasks that need the office", "duties")
	if n == 1 && strings.Contains(names[0], " and ") {
		n = 2 // "post and cheques stay", though it is one line of the list
	}
	k.b.Count("office.count", float64(n), 0, "the number of tasks that need the office", "duties")
}

// originWords says where a number comes from, in the few words of a note.
func (k *composer) originWords(o cite.Origin) string {
	switch {
	case o.Kind == cite.Assumption && o.Source == "":
		return "my assumption"
	case o.Kind == cite.Assumption:
		return "my assumption: " + o.Source
	case o.Source == "":
		return string(o.Kind)
	case !o.Date.IsZero() && o.Kind != cite.Measured:
		return o.Source + ", " + k.l.Date(o.Date)
	}
	return o.Source
}

// lower makes the first letter small, unless the word is an acronym such as VAT.
func lower(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	next, _ := utf8.DecodeRuneInString(s[size:])
	if unicode.IsUpper(next) || s == "" {
		return s
	}
	return string(unicode.ToLower(first)) + s[size:]
}

func capital(s string) string {
	if s == "" {
		return s
	}
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
