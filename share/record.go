package share

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"homecase/content"
	"homecase/fault"
)

// Hash is the SHA-256 of bytes in hexadecimal.
func Hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Line is one line of the record. Its hash is the SHA-256 of it in canonical JSON.
type Line struct {
	N     int64     `json:"n"`    // from 1
	Prev  string    `json:"prev"` // the hash of the line before; empty in the first
	Time  time.Time `json:"time"` // in UTC, to the microsecond
	Actor Actor     `json:"actor"`
	Act   Act       `json:"act"`
	Body  string    `json:"body"` // the hash of the body
}

// Hash is the hash that the next line carries as Prev.
func (l Line) Hash() (string, error) {
	b, err := content.Canonical(l)
	if err != nil {
		return "", err
	}
	return Hash(b), nil
}

// Entry is a line with what it stands for. Raw is nil once it was erased.
type Entry struct {
	Line Line            `json:"line"`
	Raw  json.RawMessage `json:"body,omitempty"`
	// Signature is the employee's, over Signed; empty on lines of a reader.
	Signature string `json:"signature,omitempty"`
	// Countersignature is the office's signature over the line's hash.
	Countersignature string `json:"countersignature"`
}

// Signed are the bytes that an employee signs: the case, the act and the hash of
// its body. The body carries the act's id, so that a signature counts once.
func Signed(caseID string, act Act, bodyHash string) []byte {
	return fmt.Appendf(nil, "homecase act 1\n%s\n%s\n%s\n", caseID, act, bodyHash)
}

// Sign signs an act.
func Sign(key ed25519.PrivateKey, caseID string, act Act, raw []byte) string {
	return base64.StdEncoding.EncodeToString(ed25519.Sign(key, Signed(caseID, act, Hash(raw))))
}

// Countersign is the office's signature over a line.
func Countersign(key ed25519.PrivateKey, caseID string, l Line) (string, error) {
	h, err := l.Hash()
	if err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(ed25519.Sign(key, countersigned(caseID, h))), nil
}

func countersigned(caseID, lineHash string) []byte {
	return fmt.Appendf(nil, "homecase line 1\n%s\n%s\n", caseID, lineHash)
}

// CheckCountersigned refuses an entry whose line an office did not countersign.
func (e Entry) CheckCountersigned(office ed25519.PublicKey, caseID string) error {
	head, err := e.Line.Hash()
	if err != nil {
		return err
	}
	if !verified(office, countersigned(caseID, head), e.Countersignature) {
		return broken("HC-SHARE-13", "the office's signature does not fit it")
	}
	return nil
}

// PublicKey reads an Ed25519 public key in base64.
func PublicKey(s string) (ed25519.PublicKey, error) {
	raw, err := base64.StdEncoding.DecodeString(s)
	if err != nil || len(raw) != ed25519.PublicKeySize {
		return nil, fault.New(fault.Invalid, "HC-SHARE-10", "This is not an Ed25519 key in base64.")
	}
	return raw, nil
}

// verified tells whether a signature in base64 is a key's over a message.
func verified(key ed25519.PublicKey, message []byte, signature string) bool {
	raw, err := base64.StdEncoding.DecodeString(signature)
	return err == nil && len(key) == ed25519.PublicKeySize && len(raw) == ed25519.SignatureSize && ed25519.Verify(key, message, raw)
}

// Record is the record of a case as a file. Both sides can export it, and
// anybody can check it without either.
type Record struct {
	Format  string  `json:"format"` // homecase-record/1
	Case    string  `json:"case"`
	Office  string  `json:"office"` // the office's public key in base64
	Entries []Entry `json:"entries"`
}

// RecordFormat is the format this program writes and reads.
const RecordFormat = "homecase-record/1"

// Verified is what a check of a record found.
type Verified struct {
	Lines  int       `json:"lines"`
	Erased int       `json:"erased"` // lines whose words were erased
	First  time.Time `json:"first,omitzero"`
	Last   time.Time `json:"last,omitzero"`
	Head   string    `json:"head"` // the hash of the last line
	Person string    `json:"person,omitempty"`
	State  State     `json:"state"`
}

// ReadRecord reads a record, strictly. It checks nothing beyond the form.
func ReadRecord(text []byte) (*Record, error) {
	var r Record
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fault.New(fault.Invalid, "HC-SHARE-11", "This is not the record of a case.").At(placeOf(text, err)).Because(err)
	}
	if r.Format != RecordFormat {
		return nil, fault.New(fault.Invalid, "HC-SHARE-12", "This record has the format %q, and this program reads %q.", clip(r.Format), RecordFormat).At(fault.Place{Path: "format"})
	}
	for i, e := range r.Entries {
		if e.Raw == nil {
			continue
		}
		raw, err := content.Canonical(e.Raw) // a file may be indented
		if err != nil {
			return nil, at(i, broken("HC-SHARE-11", "its body is not JSON"))
		}
		r.Entries[i].Raw = raw
	}
	return &r, nil
}

// placeOf is where JSON stopped to be what it should.
func placeOf(text []byte, err error) fault.Place {
	var p fault.Place
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	var offset int64
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset, p.Path = kind.Offset, kind.Field
	default:
		return p
	}
	before := text[:min(max(offset-1, 0), int64(len(text)))]
	p.Line = 1 + bytes.Count(before, []byte("\n"))
	p.Column = len(before) - bytes.LastIndexByte(before, '\n')
	return p
}

// Verify checks the chain, every body and every signature, and that
// each act was allowed after those before it. now decides what has expired.
// With a line that does not hold come the lines before it, which do.
func (r *Record) Verify(now time.Time) (*Verified, error) {
	office, err := PublicKey(r.Office)
	if err != nil {
		return nil, fault.New(fault.Invalid, "HC-SHARE-17", "This record does not name the key of its office, so none of its lines can be checked.").
			At(fault.Place{Path: "office"}).Then("Export it again, from either side.").Because(err)
	}
	x := NewExchange(r.Case)
	v := &Verified{}
	for i, e := range r.Entries {
		if err := x.Apply(e); err != nil {
			return v, at(i, err)
		}
		if err := e.CheckCountersigned(office, r.Case); err != nil {
			return v, at(i, err)
		}
		if e.Raw == nil {
			v.Erased++
		}
		if i == 0 {
			v.First = e.Line.Time
		}
		v.Last = e.Line.Time
		v.Lines, v.Head, v.Person, v.State = i+1, x.Head, x.Person.Person, x.State(now)
	}
	return v, nil
}

func at(i int, err error) error {
	return fault.New(fault.KindOf(err), fault.CodeOf(err), "Line %d of the record: %s", i+1, err.Error()).Because(err)
}

// broken is a record that does not hold together.
func broken(code fault.Code, say string, args ...any) *fault.Error {
	return fault.New(fault.Finding, code, say, args...)
}
