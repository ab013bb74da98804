package homecase

import (
	"context"
	"encoding/json"
	"time"

	"homecase/fault"
	"homecase/share"
)

// Publisher is the part of a store from which a person publishes to an office.
// What it keeps stays out of case files, packets and lists of what left.
type Publisher interface {
	// Pairing returns the office this workspace publishes to; Missing where there is none.
	Pairing(ctx context.Context) (*Pairing, error)
	// SetPairing keeps it. nil takes it out, so that its bytes are gone.
	SetPairing(ctx context.Context, p *Pairing) error

	// Sharing returns what stands here about a case and its office; the zero
	// Sharing where it was never shared.
	Sharing(ctx context.Context, id string) (Sharing, error)
	SetSharing(ctx context.Context, id string, s Sharing) error

	// Lines returns the record of a case, as it was fetched, behind a line.
	Lines(ctx context.Context, id string, after int64) ([]share.Entry, error)
	// KeepLines adds lines to the record, and takes the acts that stand in it out of
	// the outbox, both or neither. It is a Conflict unless they follow the last one
	// that is kept. Of an act that began a link the token stays, of others the
	// documents alone.
	KeepLines(ctx context.Context, id string, lines []share.Entry, done []string) error

	// Outbox lists the acts that are not known to stand in the office's record, in
	// the order in which they were put.
	Outbox(ctx context.Context, id string) ([]Outgoing, error)
	// PutOut keeps an act with its files before it is sent. An id that is on its way
	// already is a Conflict.
	PutOut(ctx context.Context, id string, o Outgoing, files []share.Blob) error
	// Refused notes that the office refused an act, and why.
	Refused(ctx context.Context, id, act, why string) error
	// TakeOut takes an act out of the outbox with its files, or forgets the token of
	// one that was sent. None there is no fault.
	TakeOut(ctx context.Context, id, act string) error
	// Tokens returns the tokens of links by the ids of the acts that began them.
	Tokens(ctx context.Context, id string) (map[string]string, error)
	// SharedFile returns a file of an act; Missing where it is not kept.
	SharedFile(ctx context.Context, id, hash string) (*share.Blob, error)
}

// Pairing is the office that a workspace publishes to, and the person's key
// there. The key is made on this computer and never leaves its store.
type Pairing struct {
	Address string `json:"address"`        // of the office, such as https://case.example
	Code    string `json:"code,omitempty"` // of the invitation, until the office has answered
	Key     []byte `json:"key"`            // the seed of the person's Ed25519 key
	Name    string `json:"name"`           // of the person, as the office was told
	// What the office said; empty until it has.
	Org       string    `json:"org,omitempty"`
	OrgName   string    `json:"org_name,omitempty"`
	OfficeKey string    `json:"office_key,omitempty"` // Ed25519 in base64
	Made      time.Time `json:"made"`
	// Fetch lets the workspace look for answers by itself while it runs.
	Fetch bool `json:"fetch,omitempty"`
}

// Done tells whether the office has answered.
func (p *Pairing) Done() bool { return p.Org != "" }

// Sharing is what stands here about a case and its office, beside the record.
type Sharing struct {
	// The office at which the case was opened. It stays the same one.
	Address   string `json:"address,omitempty"`
	Org       string `json:"org,omitempty"`
	OfficeKey string `json:"office_key,omitempty"`
	// Fetched is when the office answered last.
	Fetched time.Time `json:"fetched,omitzero"`
	// Failed is when the office was asked last, where that did not work, and Why.
	Failed time.Time `json:"failed,omitzero"`
	Why    string    `json:"why,omitempty"`
	Times  int       `json:"times,omitempty"` // how often in a row
	// Mail is what became of the e-mails the office sent for the case.
	Mail []Mailed `json:"mail,omitempty"`
	// Halt is why nothing is sent or fetched any more: the record does not hold
	// together. Evidence is what the office gave.
	Halt     string `json:"halt,omitempty"`
	Evidence []byte `json:"evidence,omitempty"`
	// Seen are those who said at the office, signed in, that they have read an edition.
	Seen []Seen `json:"seen,omitempty"`
	// News is the address to which the office writes when the other side asks or
	// answers; empty where it does not.
	News string `json:"news,omitempty"`
	// Erased is when the office took the words of the case out, as it was asked to.
	Erased time.Time `json:"erased,omitzero"`
}

// Seen is somebody who said that they have read an edition.
type Seen struct {
	Name    string    `json:"name"`
	Edition int       `json:"edition"`
	At      time.Time `json:"at"`
}

// Mailed is what became of an e-mail that the office sent.
type Mailed struct {
	About string    `json:"about"`
	To    string    `json:"to"`
	Made  time.Time `json:"made"`
	Sent  time.Time `json:"sent,omitzero"`
	Why   string    `json:"why,omitempty"`  // why it did not go
	Dead  bool      `json:"dead,omitempty"` // and it is not tried again
}

// Outgoing is an act of the person on its way to the office.
type Outgoing struct {
	ID        string // of the act
	Act       share.Act
	Body      []byte // canonical
	Signature string
	Token     string // of a link, in plain
	Email     []byte // how the reader hears of a link, as the office takes it; none where empty
	Made      time.Time
	Refusal   string // why the office refused it; empty while it is not known to
}

// Check refuses what not every engine can keep.
func (o Outgoing) Check() error {
	if err := CheckKey(o.ID); err != nil {
		return err
	}
	if err := CheckTime(o.Made); err != nil {
		return err
	}
	return CheckTexts(string(o.Act), string(o.Body), o.Signature, o.Token, string(o.Email), o.Refusal)
}

// EncodePairing writes a pairing for a store.
func EncodePairing(p Pairing) ([]byte, error) {
	if err := CheckTime(p.Made); err != nil {
		return nil, err
	}
	return encodeKept(p, p.Address, p.Code, p.Name, p.Org, p.OrgName, p.OfficeKey)
}

// EncodeSharing writes a sharing for a store.
func EncodeSharing(s Sharing) ([]byte, error) {
	for _, t := range []time.Time{s.Fetched, s.Failed, s.Erased} {
		if err := CheckTime(t); err != nil {
			return nil, err
		}
	}
	return encodeKept(s, s.Address, s.Org, s.OfficeKey, s.Why, s.Halt, s.News)
}

func encodeKept(v any, texts ...string) ([]byte, error) {
	if err := CheckTexts(texts...); err != nil {
		return nil, err
	}
	return json.Marshal(v)
}

// DecodeShared reads what a store keeps about sharing.
func DecodeShared[T any](text []byte) (T, error) {
	var v T
	if err := json.Unmarshal(text, &v); err != nil {
		return v, fault.New(fault.Internal, "HC-STORE-50", "What is kept here about an office cannot be read.").Because(err)
	}
	return v, nil
}
