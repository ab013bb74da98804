package trial

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"unicode/utf8"

	"homecase/content"
	"homecase/day"
	"homecase/fault"
)

// Canonical returns the plan as canonical JSON: keys in order of the alphabet,
// no spaces, shortest numbers, without the record of a draw. Two files that
// mean the same plan have the same bytes.
func (p Plan) Canonical() ([]byte, error) {
	p.Drawn = nil
	return content.Canonical(p)
}

// Hash returns the SHA-256 of the canonical plan in hexadecimal.
func (p Plan) Hash() (string, error) {
	b, err := p.Canonical()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// NonceHash returns the SHA-256 of a nonce, which is shown at the draw.
func NonceHash(nonce []byte) string {
	sum := sha256.Sum256(nonce)
	return hex.EncodeToString(sum[:])
}

// Limits of nonce and word.
const (
	MinNonce = 16
	maxWord  = 200
)

// seed mixes plan, nonce and word. Each part has its length in front, so that
// no two triples give the same bytes.
func seed(hash string, nonce []byte, word string) [32]byte {
	return sha256.Sum256(fmt.Appendf(nil, "homecase lottery 1\n%d:%s\n%d:%s\n%d:%s\n", len(hash), hash, len(nonce), nonce, len(word), word))
}

// Home is one day of a drawn schedule.
type Home struct {
	Date day.Date `json:"date"`
	Home bool     `json:"home"`
}

// Draw is a drawn schedule with what was published about it.
type Draw struct {
	Commitment
	Days []Home `json:"days"`
}

// Freeze returns what is shown before the boss gives a word: the hash of the
// plan and the hash of the nonce. From here on neither side can steer the draw.
// A lottery with fewer than 20 schedules is refused: it could never show
// "clearly". The design fixed has no lottery and is not drawn.
func Freeze(p Plan, nonce []byte) (Commitment, error) {
	s, err := p.ready()
	if err != nil {
		return Commitment{}, err
	}
	if len(nonce) < MinNonce {
		return Commitment{}, fault.New(fault.Invalid, CodeNonce, "The nonce must have at least %d bytes.", MinNonce)
	}
	if f := s.refusal(p); f != nil {
		return Commitment{}, f
	}
	hash, err := p.Hash()
	if err != nil {
		return Commitment{}, err
	}
	return Commitment{Plan: hash, Nonce: NonceHash(nonce)}, nil
}

// refusal returns the fault of a lottery that can never show "clearly".
func (s *Setting) refusal(p Plan) *fault.Error {
	if p.designOf() == Fixed || s.Lottery.Count().IsInt64() && s.Lottery.Count().Int64() < MinSchedules {
		return fault.New(fault.Finding, CodeTooFew, "This plan has %s possible schedules; with fewer than %d it can never show more than luck.", s.Lottery.Count(), MinSchedules).
			Then("Add weeks, or let more weekdays be drawn.")
	}
	return nil
}

// DrawDays draws the schedule of a plan. The same plan, nonce and word give the
// same days on any machine, for ever.
func DrawDays(p Plan, nonce []byte, word string) (Draw, error) {
	c, err := Freeze(p, nonce)
	if err != nil {
		return Draw{}, err
	}
	if len(word) > maxWord || !utf8.ValidString(word) {
		return Draw{}, fault.New(fault.Invalid, CodeNonce, "The word must be text of at most %d bytes.", maxWord)
	}
	c.Word = word
	s, err := p.Setting()
	if err != nil {
		return Draw{}, err
	}
	l, days := s.Lottery, s.Days
	if s.Long != nil {
		l, days = s.Long, append(append([]Scheduled(nil), s.Days...), s.More...)
	}
	out := Draw{Commitment: c}
	for i, home := range l.Draw(seed(c.Plan, nonce, word)) {
		out.Days = append(out.Days, Home{days[i].Date, home})
	}
	return out, nil
}

// Replay repeats a draw and compares it with what was published: anyone can,
// once the nonce is known.
func Replay(p Plan, published Commitment, nonce []byte) (Draw, error) {
	if err := published.Matches(p); err != nil {
		return Draw{}, err
	}
	if subtle.ConstantTimeCompare([]byte(NonceHash(nonce)), []byte(published.Nonce)) != 1 {
		return Draw{}, fault.New(fault.Finding, CodeNonce, "This nonce is not the one whose hash was shown at the draw.")
	}
	d, err := DrawDays(p, nonce, published.Word)
	d.On = published.On
	return d, err
}

// Matches tells whether a plan is the one that was drawn.
func (c Commitment) Matches(p Plan) error {
	hash, err := p.Hash()
	if err != nil {
		return err
	}
	if hash != c.Plan {
		return fault.New(fault.Finding, CodeChanged, "This plan was changed after the draw: its hash is %.12s…, the drawn one's %.12s….", hash, c.Plan).
			Then("A changed plan is a new plan: give it the old hash under replaces and draw again.")
	}
	return nil
}

// Until returns the days of the draw up to the end of the week after today. The
// later ones stay hidden, so that work cannot be saved up for home days.
func (d Draw) Until(today day.Date) []Home {
	last := today.Monday().Add(13)
	var out []Home
	for _, h := range d.Days {
		if h.Date.IsZero() || !h.Date.After(last) {
			out = append(out, h)
		}
	}
	return out
}
