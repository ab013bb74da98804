// Package share is what passes between a workspace and an office, and the
// record both sides keep of it.
//
// Whatever happens between the two sides is an act: an edition is published, a
// question asked, an answer given, a decision made or undone. Acts are lines of
// one append-only record per case, each chained to the one before by its hash.
// The record is the only truth: an Exchange is what its lines add up to, and
// Exchange.Apply is the one place that says which act may follow which. Bodies
// may be erased; the chain then keeps their hashes.
//
// The package knows no clock, draws no random numbers and opens no connection.
// It refuses to ask again before the agreed day, to decide twice, to undo once
// the trial has begun, and to read a record whose chain is broken.
//
//	x := share.NewExchange(id)
//	for _, e := range entries {
//		if err := x.Apply(e); err != nil { … }
//	}
//	x.State(now)
package share

import (
	"time"

	"homecase/content"
	"homecase/day"
	"homecase/fault"
)

// Act is what a line says was done.
type Act string

// The acts. The first group is the employee's, the second the reader's.
const (
	Opened    Act = "opened"        // a case begins
	Published Act = "published"     // an edition may be read
	Linked    Act = "linked"        // a person may read it
	Unlinked  Act = "unlinked"      // that person may read it no longer
	Withdrew  Act = "withdrew"      // the person took the case back
	Replied   Act = "replied"       // a question was answered
	Accepted  Act = "accepted"      // the changes were accepted
	Responded Act = "responded"     // the changes were answered in words
	Planned   Act = "planned"       // the frozen plan of the trial
	Reported  Act = "reported"      // a Friday note, with the trial as it stands
	Recorded  Act = "recorded"      // an answer that came by e-mail, on paper or in talk
	Asked     Act = "asked"         // a question
	Agreed    Act = "agreed"        // Agree
	Countered Act = "countered"     // Change it
	Deferred  Act = "not_now"       // Not now
	Undid     Act = "undid"         // the decision was taken back
	Confirmed Act = "confirmed"     // the plan of the trial was agreed to
	Stopped   Act = "stopped"       // either side ended the trial
	Decided   Act = "trial_decided" // what follows the trial
)

// Actor is who acts.
type Actor string

// The actors. A reader is whoever holds the link.
const (
	Employee Actor = "employee"
	Reader   Actor = "reader"
)

// actors says who may do what.
func (a Act) actors() []Actor {
	switch a {
	case Opened, Published, Linked, Unlinked, Withdrew, Replied, Accepted, Responded, Planned, Reported, Recorded:
		return []Actor{Employee}
	case Asked, Agreed, Countered, Deferred, Undid, Confirmed, Decided:
		return []Actor{Reader}
	case Stopped:
		return []Actor{Employee, Reader}
	}
	return nil
}

// Body is what an act says. Every body carries an id made by whoever acts: the
// same id twice is the same act, done once.
type Body interface {
	act() Act
	id() string
	check() fault.List
}

// Key is the id of an act, made by whoever acts.
type Key struct {
	ID string `json:"id"`
}

func (k Key) id() string { return k.ID }

// Opening begins a case. PublicKey is the person's Ed25519 key in base64; it is
// what later acts of the employee are signed with.
type Opening struct {
	Key
	Person    string `json:"person"`
	Job       string `json:"job,omitempty"`
	PublicKey string `json:"public_key"`
}

// Publication is an edition: what was shared, numbered, never changed.
type Publication struct {
	Key
	Edition  int      `json:"edition"`
	Title    string   `json:"title"`
	Lang     string   `json:"lang"`
	Document string   `json:"document"` // the hash of the packet's document, as package packet writes it
	Files    []File   `json:"files,omitempty"`
	Terms    Terms    `json:"terms"`
	Route    Route    `json:"route,omitzero"`
	Changed  []string `json:"changed,omitempty"` // ids of sections and questions that say something else than the edition before
}

// File is a file of an edition, by its hash.
type File struct {
	Name   string `json:"name"`
	Media  string `json:"media"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

// Terms are what a reader agrees to, or would agree to.
type Terms struct {
	HalfDays int           `json:"half_days"` // a week, so that 3 is a day and a half
	Weekdays []day.Weekday `json:"weekdays,omitempty"`
	Lottery  bool          `json:"lottery,omitempty"` // the days are drawn by lot among the weekdays
	Start    day.Date      `json:"start,omitzero"`
	Until    day.Date      `json:"until,omitzero"`
	Weeks    int           `json:"weeks,omitempty"`
	DecideOn day.Date      `json:"decide_on,omitzero"`
	Promises []string      `json:"promises,omitempty"`
	Stop     string        `json:"stop,omitempty"`   // on_any_day, by_notice or by_law
	Notice   string        `json:"notice,omitempty"` // how long, such as "two weeks"
}

// Route is the way of asking, where a law gives one.
type Route struct {
	Regime   string   `json:"regime,omitempty"` // the id of package policy; empty for an informal ask
	Made     day.Date `json:"made,omitzero"`
	Received day.Date `json:"received,omitzero"`
}

// Linking lets somebody read. The office keeps the token's hash alone.
type Linking struct {
	Key
	Link      string    `json:"link"`  // the link's id
	Token     string    `json:"token"` // the hash of the token, in hexadecimal
	Reader    string    `json:"reader"`
	Expires   time.Time `json:"expires,omitzero"`
	Questions bool      `json:"questions"`
}

// Unlinking ends a link.
type Unlinking struct {
	Key
	Link string `json:"link"`
}

// Withdrawal takes everything back.
type Withdrawal struct{ Key }

// Question asks about a place in an edition.
type Question struct {
	Key
	Link    string `json:"link"`
	Edition int    `json:"edition"`
	At      string `json:"at,omitempty"`    // the id of a section or question; empty asks about the whole
	About   string `json:"about,omitempty"` // its heading
	Text    string `json:"text"`
}

// Reply answers a question.
type Reply struct {
	Key
	Question string `json:"question"` // its id
	Text     string `json:"text"`
	// Corrects tells that it stands in for the answer that was given before, which
	// stays in the record.
	Corrects bool `json:"corrects,omitempty"`
}

// Decision is Agree, Change it or Not now.
type Decision struct {
	Key
	Link      string   `json:"link"`
	Edition   int      `json:"edition"`
	Statement string   `json:"statement,omitempty"` // what was ticked
	Terms     *Terms   `json:"terms,omitempty"`     // of Change it: what the reader would agree to
	Note      string   `json:"note,omitempty"`
	Reason    string   `json:"reason,omitempty"`  // of Not now
	Grounds   []string `json:"grounds,omitempty"` // of a refusal under a law: the grounds' ids
	Notice    []Said   `json:"notice,omitempty"`  // of a refusal under a law: what its notice must say
	Until     day.Date `json:"until,omitzero"`    // of Not now: the day to ask again

	answer Act
}

// Said is one required statement of a notice, by its id.
type Said struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// Undoing takes a decision back.
type Undoing struct {
	Key
	Link     string `json:"link"`
	Decision string `json:"decision"` // its id
}

// Acceptance takes up the changes that a decision asks for.
type Acceptance struct {
	Key
	Decision string `json:"decision"`
	Text     string `json:"text,omitempty"`
}

// Response answers the changes in words, so that the reader may decide again.
type Response struct {
	Key
	Decision string `json:"decision"`
	Text     string `json:"text"`
}

// Planning is the frozen plan of a trial, with its seal.
type Planning struct {
	Key
	Plan      string   `json:"plan"`                 // as package trial writes it, canonical
	PlanHash  string   `json:"plan_hash"`            // SHA-256 of it
	NonceHash string   `json:"nonce_hash,omitempty"` // of the lottery's secret
	Start     day.Date `json:"start"`
	Until     day.Date `json:"until"`
	Document  string   `json:"document,omitempty"` // the hash of the plan as a document
}

// Confirmation agrees to the plan. The word goes into the lottery.
type Confirmation struct {
	Key
	Link     string `json:"link"`
	Planning string `json:"planning"`
	Word     string `json:"word,omitempty"`
}

// Report is a Friday note as the person approved it, and the trial as it stood.
type Report struct {
	Key
	Monday   day.Date `json:"monday"`
	Note     string   `json:"note"`
	Document string   `json:"document,omitempty"` // the hash of the trial's document
	Files    []File   `json:"files,omitempty"`
	// Ways are what may follow, once the trial has ended; empty before.
	Ways []string `json:"ways,omitempty"`
}

// Recording is an answer that reached the person by another way, as they wrote it down.
type Recording struct {
	Key
	Way    string   `json:"way"`    // email, paper or talk
	Answer Act      `json:"answer"` // agreed, countered or not_now
	On     day.Date `json:"on"`
	Terms  *Terms   `json:"terms,omitempty"`
	Note   string   `json:"note,omitempty"`
	Until  day.Date `json:"until,omitzero"`
	// Corrects is the id of the recording that this one stands in for, where that was
	// written down wrongly. The first stays in the record.
	Corrects string `json:"corrects,omitempty"`
}

// Stop ends a trial before its end.
type Stop struct {
	Key
	Link string `json:"link,omitempty"`
	Note string `json:"note,omitempty"`
}

// Next is what follows a trial.
type Next struct {
	Key
	Link string `json:"link"`
	Way  string `json:"way"` // continue, extend, stop or next_rung
	Note string `json:"note,omitempty"`
}

// Answering returns a decision as Agree, Change it or Not now.
func (d Decision) Answering(a Act) Decision { d.answer = a; return d }

func (Opening) act() Act      { return Opened }
func (Publication) act() Act  { return Published }
func (Linking) act() Act      { return Linked }
func (Unlinking) act() Act    { return Unlinked }
func (Withdrawal) act() Act   { return Withdrew }
func (Question) act() Act     { return Asked }
func (Reply) act() Act        { return Replied }
func (d Decision) act() Act   { return d.answer }
func (Undoing) act() Act      { return Undid }
func (Acceptance) act() Act   { return Accepted }
func (Response) act() Act     { return Responded }
func (Planning) act() Act     { return Planned }
func (Confirmation) act() Act { return Confirmed }
func (Report) act() Act       { return Reported }
func (Recording) act() Act    { return Recorded }
func (Stop) act() Act         { return Stopped }
func (Next) act() Act         { return Decided }

// ActOf is what a body does.
func ActOf(b Body) Act { return b.act() }

// IDOf is the id of the act a body does.
func IDOf(b Body) string { return b.id() }

// Encode writes a body as canonical JSON, after looking at every field.
func Encode(b Body) ([]byte, error) {
	if err := b.check().OrNil(); err != nil {
		return nil, err
	}
	return content.Canonical(b)
}

// BlobsOf are the hashes of the files that a body names.
func BlobsOf(b Body) []string {
	var document string
	var files []File
	switch b := b.(type) {
	case Publication:
		document, files = b.Document, b.Files
	case Planning:
		document = b.Document
	case Report:
		document, files = b.Document, b.Files
	}
	var hashes []string
	if document != "" {
		hashes = append(hashes, document)
	}
	for _, f := range files {
		hashes = append(hashes, f.SHA256)
	}
	return hashes
}
