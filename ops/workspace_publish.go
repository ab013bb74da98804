package ops

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"homecase"
	"homecase/day"
	"homecase/fault"
	"homecase/internal/press/mail"
	"homecase/locale"
	"homecase/packet"
	"homecase/plan"
	"homecase/policy"
	"homecase/share"
)

// Leaving is an edition before it leaves: exactly what will.
type Leaving struct {
	Publication share.Publication
	Opening     *share.Opening // what the office is told first, once; nil after that
	Document    packet.Document
	Files       []LeavingFile // the document first
	To          string        // whose office
	At          string        // its address
	Stale       bool          // the case says something else by now
	// Message is the e-mail that may go with a link.
	Message LinkEmail
	// Meeting is the hash of the meeting among the files, where it is the talk that
	// is arranged and still to come; empty where there is none.
	Meeting string
	// Mark names all of it: what is sent is what was shown.
	Mark string
}

// LeavingFile is a file that will leave.
type LeavingFile struct {
	share.File
	Data []byte
}

// documentName is what the document of an edition is called in lists.
const documentName = "edition.json"

// PrepareEdition returns what will leave with the next edition: the packet that
// was made last.
func (w *Workspace) PrepareEdition(ctx context.Context, o *Open) (*Leaving, error) {
	s, err := w.Shared(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	if s.Office == nil || !s.Paired() {
		return nil, noOffice()
	}
	made, built, err := w.LastMade(ctx, o)
	if err != nil {
		return nil, err
	}
	l := &Leaving{Document: built.Edition.Page, To: s.Office.OrgName, At: s.Office.Address}
	if l.Stale, err = w.Stale(ctx, o, made); err != nil {
		return nil, err
	}
	kept, err := w.Store.Revision(ctx, o.ID, made.Revision)
	if err != nil {
		return nil, err
	}
	c, err := homecase.DecodeDraft("the case of the packet", kept.Text)
	if err != nil {
		return nil, err
	}
	if err := l.fill(built, c); err != nil {
		return nil, err
	}
	p := &l.Publication
	p.Edition, p.Title, p.Lang = len(s.Ahead.Editions)+1, l.Document.Title, l.Document.Lang
	promised, err := c.WithUsual()
	if err != nil {
		return nil, err
	}
	p.Document, p.Terms = l.Files[0].SHA256, TermsOf(promised)
	if p.Route, err = w.route(c); err != nil {
		return nil, err
	}
	if p.Changed, err = w.changed(ctx, s, l.Document); err != nil {
		return nil, err
	}
	if s.Ahead.N == 0 {
		l.Opening = &share.Opening{Person: s.Office.Name, Job: c.Person.Job, PublicKey: publicKey(s.Office)}
	}
	l.Message, l.Meeting = message(built, c), meetingOf(l.Files, &o.Case, dayOf(w.Desk))
	mark, err := json.Marshal([]any{l.Publication, l.Opening, l.At})
	if err != nil {
		return nil, err
	}
	l.Mark = share.Hash(mark)
	return l, nil
}

// fill puts the files of the packet into what leaves, as far as an office takes them.
func (l *Leaving) fill(built *Built, c *homecase.Case) error {
	raw, err := packet.Encode(l.Document)
	if err != nil {
		return err
	}
	l.Files = []LeavingFile{leavingFile(documentName, "application/json", raw)}
	media := map[string]string{
		".pdf": "application/pdf", ".json": "application/json", ".ics": "text/calendar",
		".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	}
	for _, f := range built.Files {
		if m := media[path.Ext(f.Name)]; m != "" {
			file := leavingFile(f.Name, m, f.Data)
			l.Files = append(l.Files, file)
			l.Publication.Files = append(l.Publication.Files, file.File)
		}
	}
	return nil
}

func leavingFile(name, media string, data []byte) LeavingFile {
	return LeavingFile{share.File{Name: name, Media: media, SHA256: share.Hash(data), Bytes: int64(len(data))}, data}
}

// LinkMark stands in the text of an e-mail where the link will.
const LinkMark = "{link}"

// message is the e-mail of the packet, in words.
func message(built *Built, c *homecase.Case) LinkEmail {
	plain, _ := mail.Body(built.Edition.Message)
	text := strings.TrimSpace(plain) + "\n\n" + LinkMark
	return LinkEmail{To: c.Boss.Email, ReplyTo: c.Person.Email, Subject: built.Edition.OnePage.Title, Text: text}
}

// meetingOf is the hash of the file with the talk that is arranged. A time that was
// only proposed asks nobody.
func meetingOf(files []LeavingFile, c *homecase.Case, today day.Date) string {
	t := c.Plan.Talk
	if t == nil || t.Date.Before(today) {
		return ""
	}
	start := ":" + strings.ReplaceAll(t.Date.String(), "-", "") + "T" + strings.ReplaceAll(string(t.Time), ":", "")
	for _, f := range files {
		if f.Name == meeting && t.Time != "" && bytes.Contains(f.Data, []byte(start)) {
			return f.SHA256
		}
	}
	return ""
}

// TermsOf are what a reader of a plan agrees to.
func TermsOf(p plan.Plan) share.Terms {
	t := share.Terms{
		HalfDays: int(math.Round(p.AskedDays() * 2)), Lottery: p.Choice == plan.Lottery || p.Choice == "", Start: p.Start, Until: p.EndDate(),
		Weeks: p.WeekCount(), DecideOn: p.DecideOn, Stop: string(p.Stop),
	}
	if t.DecideOn.IsZero() {
		t.DecideOn = p.DecisionDay()
	}
	if p.Stop == plan.ByNotice {
		notice := []rune(strings.Join(strings.Fields(p.StopNotice), " "))
		t.Notice = string(notice[:min(len(notice), share.MaxNotice)])
	}
	t.Weekdays = p.AllowedDays()
	if p.Choice == plan.Fixed {
		t.Weekdays = p.Wish
	}
	for _, promise := range p.Promises {
		text := promise.Text
		if promise.Limit != "" {
			text += " (" + promise.Limit + ")"
		}
		t.Promises = append(t.Promises, text)
	}
	return t
}

// route is the way of asking, where the person asks under a law.
func (w *Workspace) route(c *homecase.Case) (share.Route, error) {
	if c.Request != homecase.Statutory {
		return share.Route{}, nil
	}
	today := dayOf(w.Desk)
	routes, err := policy.For(c.Place, today)
	if err != nil || routes.Primary == "" {
		return share.Route{}, err
	}
	return share.Route{Regime: routes.Primary, Made: today}, nil
}

// changed lists the sections and questions that say something else than in the
// edition before. Without that edition here nothing is marked.
func (w *Workspace) changed(ctx context.Context, s *Shared, now packet.Document) ([]string, error) {
	last := s.Ahead.Edition()
	if last == nil {
		return nil, nil
	}
	b, err := w.Store.SharedFile(ctx, s.Case, last.Document)
	if fault.KindOf(err) == fault.Missing && err != nil {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	before, err := packet.Decode(b.Bytes)
	if err != nil {
		return nil, err
	}
	was, err := wordsOf(before)
	if err != nil {
		return nil, err
	}
	is, err := wordsOf(now)
	if err != nil {
		return nil, err
	}
	var ids []string
	for id, text := range is {
		if !bytes.Equal(was[id], text) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids, nil
}

// wordsOf are the sections and questions of a document by their ids.
func wordsOf(d packet.Document) (map[string][]byte, error) {
	all := map[string][]byte{}
	add := func(id string, s packet.Section) error {
		raw, err := packet.Encode(packet.Document{Kind: d.Kind, Lang: d.Lang, Sections: []packet.Section{s}})
		if id != "" {
			all[id] = raw
		}
		return err
	}
	for _, s := range d.Sections {
		if err := add(s.ID, s); err != nil {
			return nil, err
		}
		for _, b := range s.Blocks {
			if q, ok := b.(packet.Question); ok {
				if err := add(q.ID, packet.Section{ID: s.ID, Blocks: []packet.Block{q}}); err != nil {
					return nil, err
				}
			}
		}
	}
	return all, nil
}

// Invited is whom an edition is for, and how they hear of it.
type Invited struct {
	ID        string // of the form, so that it is one link however often it is sent; empty makes one
	Reader    string
	Expires   time.Time // zero where it does not end by itself
	Questions bool
	Email     *LinkEmail // the office sends the link; nil where the person hands it over
}

// Publish sends the edition that was shown under a mark, and a link to it for a
// reader, where one is given.
func (w *Workspace) Publish(ctx context.Context, o *Open, mark string, to *Invited) (*Shared, error) {
	if err := o.Case.MayAsk(dayOf(w.Desk)); err != nil {
		return nil, err
	}
	l, err := w.PrepareEdition(ctx, o)
	if err != nil {
		return nil, err
	}
	if l.Mark != mark {
		return nil, fault.New(fault.Conflict, codeShown, "What would leave is no longer what this page showed, so nothing was sent.").Then("Look at it again.")
	}
	var acts []outward
	if l.Opening != nil {
		if l.Opening.ID, err = w.newID(); err != nil {
			return nil, err
		}
		acts = append(acts, outward{body: *l.Opening})
	}
	if l.Publication.ID, err = w.newID(); err != nil {
		return nil, err
	}
	edition := outward{body: l.Publication}
	for _, f := range l.Files {
		edition.files = append(edition.files, share.Blob{Hash: f.SHA256, Media: f.Media, Bytes: f.Data, Made: w.Now().UTC()})
	}
	acts = append(acts, edition)
	if to != nil {
		link, err := w.linking(ctx, *to)
		if err != nil {
			return nil, err
		}
		acts = append(acts, *link)
	}
	return w.send(ctx, o.ID, acts...)
}

// Link lets somebody read the newest edition.
func (w *Workspace) Link(ctx context.Context, o *Open, to Invited) (*Shared, error) {
	if err := o.Case.MayAsk(dayOf(w.Desk)); err != nil {
		return nil, err
	}
	link, err := w.linking(ctx, to)
	if err != nil {
		return nil, err
	}
	s, err := w.send(ctx, o.ID, *link)
	if to.ID != "" && fault.CodeOf(err) == "HC-SHARE-31" { // it was made by an earlier press
		return w.Shared(ctx, o.ID)
	}
	return s, err
}

// NewLinkID is the id of a form that makes a link.
func (w *Workspace) NewLinkID() (string, error) { return w.newID() }

func (w *Workspace) linking(ctx context.Context, to Invited) (*outward, error) {
	p, err := w.Store.Pairing(ctx)
	if err != nil || !p.Done() {
		return nil, noOffice()
	}
	token, err := share.NewToken(w.Random, p.Org)
	if err != nil {
		return nil, err
	}
	id := to.ID
	if id == "" {
		if id, err = w.newID(); err != nil {
			return nil, err
		}
	}
	b := share.Linking{
		Key: share.Key{ID: id}, Link: id, Token: share.HashToken(token), Reader: strings.Join(strings.Fields(to.Reader), " "), Questions: to.Questions,
		Expires: to.Expires.UTC(),
	}
	if to.Expires.IsZero() {
		b.Expires = time.Time{}
	}
	out := &outward{body: b, token: token}
	if to.Email != nil {
		e, address := *to.Email, p.Address+"/p/"+token
		if !strings.Contains(e.Text, LinkMark) {
			e.Text += "\n\n" + LinkMark
		}
		e.Text = strings.ReplaceAll(e.Text, LinkMark, address)
		out.email = &e
	}
	return out, nil
}

// Unlink ends a link: whoever has it reads nothing from then on.
func (w *Workspace) Unlink(ctx context.Context, o *Open, link string) (*Shared, error) {
	return w.sendNew(ctx, o.ID, func(k share.Key) share.Body { return share.Unlinking{Key: k, Link: link} })
}

// Withdraw takes everything back.
func (w *Workspace) Withdraw(ctx context.Context, o *Open) (*Shared, error) {
	return w.sendNew(ctx, o.ID, func(k share.Key) share.Body { return share.Withdrawal{Key: k} })
}

// sendNew sends an act under a new id.
func (w *Workspace) sendNew(ctx context.Context, id string, body func(share.Key) share.Body, files ...share.Blob) (*Shared, error) {
	key, err := w.newID()
	if err != nil {
		return nil, err
	}
	return w.send(ctx, id, outward{body: body(share.Key{ID: key}), files: files})
}

// Retract takes an act out of the outbox. It can only be known not to stand at
// the office once the office has refused it, so others stay.
func (w *Workspace) Retract(ctx context.Context, o *Open, act string) (*Shared, error) {
	w.posting.Lock()
	defer w.posting.Unlock()
	s, err := w.Shared(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(s.Outbox, func(out homecase.Outgoing) bool { return out.ID == act })
	if i < 0 || s.Outbox[i].Refusal == "" {
		return nil, fault.New(fault.Conflict, codeLeave, "This may have reached the office already, so it cannot be taken out.").Then("Look for answers. Then it is known.")
	}
	if err := w.Store.TakeOut(ctx, o.ID, act); err != nil {
		return nil, err
	}
	return w.Shared(ctx, o.ID)
}

// depart records what leaves with an act, and returns it as it is handed over.
func (t *sending) depart(ctx context.Context, o homecase.Outgoing) (*Delivery, error) {
	d := &Delivery{Act: o.Act, Body: o.Body, Signature: o.Signature, Token: o.Token}
	if len(o.Email) > 0 {
		if err := json.Unmarshal(o.Email, &d.Email); err != nil {
			return nil, fault.New(fault.Internal, codeLeave, "The e-mail of this link cannot be read.").Because(err)
		}
	}
	body, err := share.Decode(o.Act, o.Body)
	if err != nil {
		return nil, err
	}
	to := t.Office.OrgName + ", " + t.Office.Address
	lang := ""
	if e := t.Ahead.Edition(); e != nil {
		lang = e.Lang
	}
	what, files := spoken(body, tongue(lang))
	for _, f := range files {
		err := t.w.Store.Depart(ctx, homecase.Departure{ID: o.ID + ":" + f.SHA256, Case: t.id, At: t.w.Now(), What: what + ": " + f.Name, To: to, Bytes: t.w.sizeOf(ctx, t.id, f), SHA256: f.SHA256})
		if err != nil && fault.CodeOf(err) != codeDeparted {
			return nil, err
		}
	}
	if d.Email != nil {
		what += ", and an e-mail to " + d.Email.To
	}
	all, err := json.Marshal(struct {
		Body  json.RawMessage
		Email *LinkEmail
	}{o.Body, d.Email})
	if err != nil {
		return nil, err
	}
	if d.Email == nil {
		all = o.Body
	}
	return d, t.w.departed(ctx, o.ID, t.id, what, to, all)
}

// spoken is what an act is in a list of what left, with its files.
func spoken(b share.Body, l locale.Locale) (what string, files []share.File) {
	switch b := b.(type) {
	case share.Opening:
		return "Your name, your job and the public half of your key", nil
	case share.Publication:
		what = "Edition " + strconv.Itoa(b.Edition)
		return what, append([]share.File{{Name: documentName, SHA256: b.Document}}, b.Files...)
	case share.Linking:
		return "A link to read for " + b.Reader, nil
	case share.Unlinking:
		return "The end of a link", nil
	case share.Withdrawal:
		return "That you take the case back", nil
	case share.Reply:
		if b.Corrects {
			return "Your answer to a question, corrected", nil
		}
		return "Your answer to a question", nil
	case share.Acceptance:
		return "That you accept the changes", nil
	case share.Response:
		return "Your answer to the changes", nil
	case share.Planning:
		what = "The plan of the trial"
		if b.Document != "" {
			files = append(files, share.File{Name: "plan.json", SHA256: b.Document})
		}
		return what, files
	case share.Report:
		what = "The note of the week of " + l.Date(b.Monday)
		if b.Document != "" {
			files = append(files, share.File{Name: "trial.json", SHA256: b.Document})
		}
		return what, append(files, b.Files...)
	case share.Recording:
		return "An answer as you wrote it down", nil
	case share.Stop:
		return "That you end the trial", nil
	}
	return string(share.ActOf(b)), nil
}

// sizeOf fills in the bytes of documents, which a body names by hash alone.
func (w *Workspace) sizeOf(ctx context.Context, id string, f share.File) int64 {
	if f.Bytes > 0 {
		return f.Bytes
	}
	b, err := w.Store.SharedFile(ctx, id, f.SHA256)
	if err != nil {
		return 0
	}
	return int64(len(b.Bytes))
}
