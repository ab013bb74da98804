package ops

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"homecase/fault"
	"homecase/share"
)

// Courier carries what a person shares to one office, and brings back what is
// there. It signs with the person's key. Whatever it does can be done again: an
// act of the same id is written once, a file of the same hash kept once.
//
// A fault of kind Away says that the office gave no answer: nothing is known of
// what became of the request, and the same one later is right. Any other fault
// is the office's own answer, with its code, and comes back for the same request.
type Courier interface {
	// Pair uses an invitation's code up for the courier's key.
	Pair(ctx context.Context, p Pairing) (*Paired, error)
	// Act hands an act over and returns the line it was written in.
	Act(ctx context.Context, org, caseID string, d Delivery) (share.Entry, error)
	// Entries returns the lines behind one, and where the record stands.
	Entries(ctx context.Context, org, caseID string, after int64, limit int) (*Batch, error)
	// Put hands a file over. Its hash names it.
	Put(ctx context.Context, org, caseID string, b share.Blob) error
	// Missing returns which of these files the office does not have.
	Missing(ctx context.Context, org, caseID string, hashes []string) ([]string, error)
	// Mail tells what became of the e-mails the office sent for a case.
	Mail(ctx context.Context, org, caseID string) ([]Mailing, error)
	// Seen lists who said at the office, signed in, that they have read an edition.
	Seen(ctx context.Context, org, caseID string) ([]Reading, error)
	// News leaves an address that hears when the other side asks or answers; an empty
	// one takes it out.
	News(ctx context.Context, org, caseID, to string) error
	// Record returns the whole record of a case.
	Record(ctx context.Context, org, caseID string) (*share.Record, error)
	// Erase takes the words, files and links of a case out of the office.
	Erase(ctx context.Context, org, caseID string) error
}

// OfficeAway is the code of an office that gave no answer.
const OfficeAway fault.Code = "HC-COURIER-01"

// Couriers makes the courier of an office for a person's key.
type Couriers func(office string, key ed25519.PrivateKey) (Courier, error)

// Pairing is what a workspace sends with an invitation.
type Pairing struct {
	Code string `json:"code"`
	Name string `json:"name"` // of the person
}

// Paired is what an office says of itself and of the person it now knows.
type Paired struct {
	Org       string `json:"org"`
	OrgName   string `json:"org_name"`
	OfficeKey string `json:"office_key"` // Ed25519 in base64: lines are sealed with it
	Person    string `json:"person"`
}

// Delivery is an act on its way to an office.
type Delivery struct {
	Act       share.Act       `json:"act"`
	Body      json.RawMessage `json:"body"` // canonical
	Signature string          `json:"signature"`
	// Token is the plain token of a link, and Email how its reader hears of it.
	// They go with share.Linked alone; the office keeps neither beside its outbox.
	Token string     `json:"token,omitempty"`
	Email *LinkEmail `json:"email,omitempty"`
}

// Batch is a run of lines of a record.
type Batch struct {
	Entries []share.Entry `json:"entries"`
	Head    Mark          `json:"head"`
}

// Mark is where a record stands.
type Mark struct {
	N    int64  `json:"n"`
	Hash string `json:"hash"`
}

// Mailing is what became of an e-mail.
type Mailing struct {
	About string    `json:"about"`
	To    string    `json:"to"`
	Made  time.Time `json:"made"`
	Sent  time.Time `json:"sent,omitzero"`
	Tries int       `json:"tries"`
	Why   string    `json:"why,omitempty"`
	Dead  bool      `json:"dead,omitempty"` // it is not tried again
}

// Refusal is how an office says no over HTTP.
type Refusal struct {
	Code    fault.Code `json:"code"`
	Message string     `json:"message"`
	Next    string     `json:"next,omitempty"`
}

// invitationPath is where an invitation points. The code stands behind the #,
// which a browser keeps to itself.
const invitationPath = "/invitation"

// InvitationAddress writes an invitation as one address to be pasted into a workspace.
func InvitationAddress(office, code string) string {
	return strings.TrimSuffix(office, "/") + invitationPath + "#" + code
}

// ReadInvitation takes the address of an invitation apart.
func ReadInvitation(address string) (office, code string, err error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.Path != invitationPath || u.User != nil || u.RawQuery != "" {
		return "", "", noInvitationAddress(err)
	}
	if _, _, ok := share.SplitToken(u.Fragment); !ok {
		return "", "", noInvitationAddress(nil)
	}
	return u.Scheme + "://" + u.Host, u.Fragment, nil
}

func noInvitationAddress(err error) error {
	return fault.New(fault.Invalid, "HC-OFFICE-09", "This is not the address of an invitation. It looks like https://office.example/invitation#code.").
		Then("Copy the whole address as it was sent.").Because(err)
}
