package ops

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"homecase"
	"homecase/content"
	"homecase/fault"
	"homecase/share"
)

// Codes of the verbs about an office.
const (
	codeOffice fault.Code = "HC-WORK-30" // no office, or another one
	codeLeave  fault.Code = "HC-WORK-32" // what may not leave now
	codeShown  fault.Code = "HC-WORK-33" // what would leave is not what was shown
	codeAnswer fault.Code = "HC-WORK-34" // there is no such question or answer

	codeDeparted fault.Code = "HC-STORE-18" // a store's: this departure is on record already
)

// Halted is the code of the fault by which everything about a case stands still:
// the office's record does not hold together.
const Halted fault.Code = "HC-WORK-31"

// Shared is where a case stands between its two sides, as this computer knows it.
// Nothing of it may be changed.
type Shared struct {
	// Office is the one this workspace is paired with; nil where there is none.
	Office *homecase.Pairing
	homecase.Sharing
	*share.Exchange
	// Outbox are the acts that are not known to stand in the office's record.
	Outbox []homecase.Outgoing
	// Ahead is the exchange as it will be once the outbox is empty.
	Ahead  *share.Exchange
	tokens map[string]string
}

// foldedRecord is the record that was read last, with what its lines add up to.
type foldedRecord struct {
	id string
	x  *share.Exchange
}

// Shared returns where a case stands.
func (w *Workspace) Shared(ctx context.Context, id string) (*Shared, error) {
	s := &Shared{}
	var err error
	if s.Office, err = w.Store.Pairing(ctx); err != nil && fault.KindOf(err) != fault.Missing {
		return nil, err
	}
	if s.Sharing, err = w.Store.Sharing(ctx, id); err != nil {
		return nil, err
	}
	if s.Exchange, err = w.fold(ctx, id); err != nil {
		return nil, err
	}
	if s.Outbox, err = w.Store.Outbox(ctx, id); err != nil {
		return nil, err
	}
	if s.tokens, err = w.Store.Tokens(ctx, id); err != nil {
		return nil, err
	}
	s.Ahead = s.Exchange
	if len(s.Outbox) > 0 {
		s.Ahead = w.ahead(s.Exchange, s.Outbox)
	}
	return s, nil
}

// Paired tells whether acts of this case can be sent to the office.
func (s *Shared) Paired() bool {
	return s.Office != nil && s.Office.Done() && (s.Sharing.Address == "" || s.Sharing.Address == s.Office.Address && s.Sharing.Org == s.Office.Org)
}

// Address is where a link leads; empty where its token is not on this computer.
func (s *Shared) Address(l share.Link) string {
	token := s.tokens[l.ID]
	if token == "" || !s.Paired() {
		return ""
	}
	return s.Office.Address + "/p/" + token
}

// Failing tells since when the office gives no answer, and when it is asked next
// where the workspace asks by itself.
func (s *Shared) Failing() (why string, next time.Time) {
	if s.Why == "" {
		return "", time.Time{}
	}
	return s.Why, s.Failed.Add(pause(s.Times))
}

// fold reads the record of a case: of one that was read before, the lines that came
// since. The result is shared: it must not be changed.
func (w *Workspace) fold(ctx context.Context, id string) (*share.Exchange, error) {
	w.mu.Lock()
	kept := w.shared
	w.mu.Unlock()
	if kept != nil && kept.id == id {
		if x, err := w.foldOn(ctx, kept.x); x != nil || err != nil {
			return x, err
		}
	}
	lines, err := w.Store.Lines(ctx, id, 0)
	if err != nil {
		return nil, err
	}
	x := share.NewExchange(id)
	for _, e := range lines {
		if err := x.Apply(e); err != nil {
			return nil, fault.New(fault.Internal, Halted, "The record that is kept here does not hold together any more.").
				Then("Restore a backup, and look for answers again.").Because(err)
		}
	}
	w.folded(x)
	return x, nil
}

// folded keeps what the lines of a record add up to.
func (w *Workspace) folded(x *share.Exchange) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.shared = &foldedRecord{x.Case, x}
}

// foldOn adds the lines that came since to a record that was read before; nil where
// its last line is another one, or what came does not fit.
func (w *Workspace) foldOn(ctx context.Context, was *share.Exchange) (*share.Exchange, error) {
	lines, err := w.Store.Lines(ctx, was.Case, max(was.N-1, 0))
	if err != nil {
		return nil, err
	}
	if was.N > 0 {
		if len(lines) == 0 {
			return nil, nil
		}
		if last, err := lines[0].Line.Hash(); err != nil || last != was.Head {
			return nil, nil
		}
		lines = lines[1:]
	}
	if len(lines) == 0 {
		return was, nil
	}
	x := was.Clone()
	for _, e := range lines {
		if x.Apply(e) != nil {
			return nil, nil
		}
	}
	w.folded(x)
	return x, nil
}

// ahead is the exchange with the acts of the outbox, as far as they are allowed.
func (w *Workspace) ahead(was *share.Exchange, acts []homecase.Outgoing) *share.Exchange {
	x := was.Clone()
	for _, o := range acts {
		e := share.Entry{Raw: o.Body, Signature: o.Signature, Line: share.Line{N: x.N + 1, Prev: x.Head, Time: w.lineTime(x), Actor: share.Employee, Act: o.Act, Body: share.Hash(o.Body)}}
		_ = x.Apply(e) // what is refused here, the office refuses too, and says why
	}
	return x
}

// lineTime is the time of a line that would be written now.
func (w *Workspace) lineTime(x *share.Exchange) time.Time {
	now := w.Now().UTC().Truncate(time.Microsecond)
	if now.Before(x.Last) {
		return x.Last
	}
	return now
}

// Pair makes a key on this computer and uses an invitation up for it. The key is
// kept before anything is sent: where the answer is lost, the same address
// pairs again with the same key.
func (w *Workspace) Pair(ctx context.Context, invitation, name string) (*homecase.Pairing, error) {
	address, code, err := ReadInvitation(invitation)
	if err != nil {
		return nil, err
	}
	if name = strings.TrimSpace(name); name == "" {
		return nil, fault.New(fault.Invalid, codeOffice, "The office needs your name, to know whose case it holds.").At(fault.Place{Path: "name"})
	}
	if w.Couriers == nil {
		return nil, noOffice()
	}
	w.posting.Lock()
	defer w.posting.Unlock()
	p, err := w.Store.Pairing(ctx)
	switch {
	case err == nil && p.Done():
		return nil, fault.New(fault.Conflict, codeOffice, "This workspace is paired with %s already.", p.OrgName).Then("Leave that office first.")
	case err == nil && p.Address == address && p.Code == code: // the answer was lost
		p.Name = name
	case err == nil || fault.KindOf(err) == fault.Missing:
		_, key, err := ed25519.GenerateKey(w.Random)
		if err != nil {
			return nil, fault.New(fault.Internal, "HC-WORK-02", "This computer gave no random numbers.").Because(err)
		}
		p = &homecase.Pairing{Address: address, Code: code, Key: key.Seed(), Name: name, Made: w.Now().UTC()}
	default:
		return nil, err
	}
	if err := w.Store.SetPairing(ctx, p); err != nil {
		return nil, err
	}
	return p, w.pair(ctx, p)
}

// pair sends the invitation with the public key.
func (w *Workspace) pair(ctx context.Context, p *homecase.Pairing) error {
	c, err := w.courier(p)
	if err != nil {
		return err
	}
	sent, err := json.Marshal(Pairing{Code: p.Code, Name: p.Name})
	if err != nil {
		return err
	}
	if err := w.departed(ctx, "pairing:"+share.Hash([]byte(publicKey(p))), "", "Your name and the public half of a key, to pair with an office", p.Address, sent); err != nil {
		return err
	}
	paired, err := c.Pair(ctx, Pairing{Code: p.Code, Name: p.Name})
	if err != nil {
		return err
	}
	if _, err := share.PublicKey(paired.OfficeKey); err != nil || paired.Org == "" {
		return fault.New(fault.Invalid, codeOffice, "What answered at %s is no office that this homecase knows.", p.Address).Because(err)
	}
	p.Code, p.Org, p.OrgName, p.OfficeKey = "", paired.Org, content.Printable(paired.OrgName), paired.OfficeKey
	return w.Store.SetPairing(ctx, p)
}

// Leave forgets the office and the key. Cases keep their record; what was
// published stays there until it is withdrawn, so it is refused before.
func (w *Workspace) Leave(ctx context.Context) error {
	w.posting.Lock()
	defer w.posting.Unlock()
	cases, err := w.Store.Cases(ctx)
	if err != nil {
		return err
	}
	for _, c := range cases {
		s, err := w.Shared(ctx, c.ID)
		if err != nil {
			return err
		}
		if len(s.Outbox) > 0 {
			return fault.New(fault.Conflict, codeOffice, "Something of %q is still on its way to the office.", c.Title).Then("Send it, or take it out, first.")
		}
		if s.Paired() && len(s.Editions) > 0 && s.Withdrawn.IsZero() && s.Halt == "" && s.Sharing.Erased.IsZero() {
			return fault.New(fault.Conflict, codeOffice, "%q can still be read at the office.", c.Title).Then("Take it back first. Without the key nobody could.")
		}
	}
	return w.Store.SetPairing(ctx, nil)
}

// FetchByItself says whether the workspace looks for answers while it runs.
func (w *Workspace) FetchByItself(ctx context.Context, on bool) error {
	w.posting.Lock()
	defer w.posting.Unlock()
	p, err := w.Store.Pairing(ctx)
	if err != nil {
		return err
	}
	p.Fetch = on
	return w.Store.SetPairing(ctx, p)
}

// courier is the way to the office with the person's key.
func (w *Workspace) courier(p *homecase.Pairing) (Courier, error) {
	if w.Couriers == nil || len(p.Key) != ed25519.SeedSize {
		return nil, noOffice()
	}
	c, err := w.Couriers(p.Address, ed25519.NewKeyFromSeed(p.Key))
	return hurried{c}, err
}

func noOffice() error {
	return fault.New(fault.Conflict, codeOffice, "This workspace is not paired with an office.").Then("Pair it first, or hand the packet over yourself.")
}

// departed records, once, that something leaves this computer.
func (w *Workspace) departed(ctx context.Context, key, id, what, to string, data []byte) error {
	err := w.Store.Depart(ctx, homecase.Departure{ID: key, Case: id, At: w.Now(), What: what, To: to, Bytes: int64(len(data)), SHA256: share.Hash(data)})
	if fault.CodeOf(err) == codeDeparted { // sent again, after an answer that was lost
		return nil
	}
	return err
}

// RecordFile is the record of a case as a file that anybody can check.
func (w *Workspace) RecordFile(ctx context.Context, id string) ([]byte, error) {
	s, err := w.Shared(ctx, id)
	if err != nil {
		return nil, err
	}
	if s.N == 0 {
		return nil, fault.New(fault.Missing, codeOffice, "This case has no record yet. It begins when something is shared with an office.")
	}
	lines, err := w.Store.Lines(ctx, id, 0)
	if err != nil {
		return nil, err
	}
	text, err := content.JSON(share.Record{Format: share.RecordFormat, Case: id, Office: s.OfficeKey, Entries: lines}, "  ")
	return append(text, '\n'), err
}

// RecordVerification is the answer of VerifyRecord.
type RecordVerification struct {
	OK bool `json:"ok"`
	// What holds: all lines, or those before the one that does not.
	share.Verified
	Line    int    `json:"line,omitempty"`    // the first line that does not hold
	Problem string `json:"problem,omitempty"` // why
	Proves  string `json:"proves"`
}

// RecordProves is what the verification of a record says of itself.
const RecordProves = "The lines of this file follow from each other and are signed by the keys it names. Whether a key is a person's or an office's is for them to say."

// VerifyRecord checks the record of a case, from either side, without either.
func (d *Desk) VerifyRecord(path string) (*RecordVerification, error) {
	text, err := readPacket(path)
	if err != nil {
		return nil, err
	}
	r, err := share.ReadRecord(text)
	if err != nil {
		return nil, placed(path, err)
	}
	v, err := r.Verify(d.Now())
	if v == nil {
		return nil, placed(path, err)
	}
	out := &RecordVerification{OK: err == nil, Verified: *v, Proves: RecordProves}
	if err != nil {
		out.Line, out.Problem = v.Lines+1, err.Error()
	}
	return out, nil
}

// publicKey is the person's public key in base64.
func publicKey(p *homecase.Pairing) string {
	return base64.StdEncoding.EncodeToString(ed25519.NewKeyFromSeed(p.Key).Public().(ed25519.PublicKey))
}
