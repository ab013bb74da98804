package share

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"homecase/content"
	"homecase/fault"
)

// Limits of what an act may hold.
const (
	MaxBody     = 64 << 10 // bytes of a body
	MaxQuestion = 1000     // characters
	MaxNote     = 4000
	MaxNotice   = 100
	maxName     = 200
	maxID       = 64
	maxFiles    = 40
	maxList     = 40
)

// Decode reads the body of an act, strictly: what is unknown, doubled, too long
// or not in canonical form is refused.
func Decode(act Act, raw []byte) (Body, error) {
	if len(raw) > MaxBody {
		return nil, fault.New(fault.Invalid, "HC-SHARE-01", "This act holds more than %d bytes.", MaxBody)
	}
	b, err := decode(act, raw)
	if err != nil {
		return nil, err
	}
	again, err := content.Canonical(b)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, raw) {
		return nil, fault.New(fault.Invalid, "HC-SHARE-02", "The body of this act is not in canonical form.")
	}
	return b, b.check().OrNil()
}

func decode(act Act, raw []byte) (Body, error) {
	switch act {
	case Opened:
		return strict[Opening](raw)
	case Published:
		return strict[Publication](raw)
	case Linked:
		return strict[Linking](raw)
	case Unlinked:
		return strict[Unlinking](raw)
	case Withdrew:
		return strict[Withdrawal](raw)
	case Asked:
		return strict[Question](raw)
	case Replied:
		return strict[Reply](raw)
	case Agreed, Countered, Deferred:
		d, err := strict[Decision](raw)
		if err != nil {
			return nil, err
		}
		return d.(Decision).Answering(act), nil
	case Undid:
		return strict[Undoing](raw)
	case Accepted:
		return strict[Acceptance](raw)
	case Responded:
		return strict[Response](raw)
	case Planned:
		return strict[Planning](raw)
	case Confirmed:
		return strict[Confirmation](raw)
	case Reported:
		return strict[Report](raw)
	case Recorded:
		return strict[Recording](raw)
	case Stopped:
		return strict[Stop](raw)
	case Decided:
		return strict[Next](raw)
	}
	return nil, fault.New(fault.Invalid, "HC-SHARE-03", "There is no act %q.", clip(string(act)))
}

func strict[T Body](raw []byte) (Body, error) {
	var b T
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&b); err != nil {
		return nil, fault.New(fault.Invalid, "HC-SHARE-04", "The body of this act cannot be read.").Because(err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fault.New(fault.Invalid, "HC-SHARE-04", "The body of this act cannot be read.")
	}
	return b, nil
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// checker gathers the faults of a body.
type checker struct{ list fault.List }

func (c *checker) bad(path, say string, args ...any) {
	c.list = append(c.list, fault.New(fault.Invalid, "HC-SHARE-05", say, args...).At(fault.Place{Path: path}))
}

// line is a name or heading: one line, with nothing in it that steers a printer or a mail header.
func (c *checker) line(path, s string, most int, needed bool) {
	switch {
	case needed && strings.TrimSpace(s) == "":
		c.bad(path, "This must not be empty.")
	case strings.ContainsFunc(s, unicode.IsControl):
		c.bad(path, "This must be one line of plain text.")
	default:
		c.text(path, s, most, false)
	}
}

// text is words of a person: lines, but no other control characters.
func (c *checker) text(path, s string, most int, needed bool) {
	switch n := utf8.RuneCountInString(s); {
	case !utf8.ValidString(s):
		c.bad(path, "This holds bytes that are not text.")
	case needed && strings.TrimSpace(s) == "":
		c.bad(path, "This must not be empty.")
	case n > most:
		c.bad(path, "This holds %d characters, and %d are the most.", n, most)
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
		c.bad(path, "This holds characters that are not text.")
	}
}

func (c *checker) ident(path, s string) {
	if !IsID(s) {
		c.bad(path, "An id has 1 to %d letters, digits, dots and hyphens.", maxID)
	}
}

// IsID tells whether s may name a case, an act or a link.
func IsID(s string) bool {
	return s != "" && len(s) <= maxID && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.", r))
	})
}

func (c *checker) hash(path, s string, needed bool) {
	if (s != "" || needed) && !IsHash(s) {
		c.bad(path, "This must be a SHA-256 in 64 small hexadecimal digits.")
	}
}

// IsHash tells whether s is written as Hash writes a SHA-256.
func IsHash(s string) bool {
	raw, err := hex.DecodeString(s)
	return err == nil && len(raw) == 32 && s == strings.ToLower(s)
}

func (c *checker) files(path string, files []File) {
	if len(files) > maxFiles {
		c.bad(path, "There are more than %d files.", maxFiles)
	}
	var names []string
	for i, f := range files {
		at := fmt.Sprintf("%s[%d]", path, i)
		c.ident(at+".name", f.Name)
		if strings.HasPrefix(f.Name, ".") || slices.Contains(names, f.Name) {
			c.bad(at+".name", "Every file has a name of its own.")
		}
		names = append(names, f.Name)
		if !slices.Contains(Media(), f.Media) {
			c.bad(at+".media", "A file of the type %q is not shared.", clip(f.Media))
		}
		c.hash(at+".sha256", f.SHA256, true)
		if f.Bytes < 1 || f.Bytes > MaxBlob {
			c.bad(at+".bytes", "A file has 1 to %d bytes.", MaxBlob)
		}
	}
}

// Media are the types of files that may be shared. None of them runs in a browser.
func Media() []string {
	return []string{
		"application/pdf", "application/json", "text/calendar", "image/jpeg",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"application/vnd.openxmlformats-officedocument.presentationml.presentation",
	}
}

func (c *checker) terms(path string, t *Terms) {
	if t == nil {
		return
	}
	if t.HalfDays < 0 || t.HalfDays > 10 {
		c.bad(path+".half_days", "A week has at most 5 days.")
	}
	if t.Weeks < 0 || t.Weeks > MaxWeeks {
		c.bad(path+".weeks", "A trial lasts at most 104 weeks.")
	}
	if len(t.Weekdays) > 7 {
		c.bad(path+".weekdays", "A week has 7 days.")
	}
	if !t.Start.IsZero() && !t.Until.IsZero() && t.Until.Before(t.Start) {
		c.bad(path+".until", "The last day lies before the first.")
	}
	if len(t.Promises) > maxList {
		c.bad(path+".promises", "There are more than %d promises.", maxList)
	}
	for i, p := range t.Promises {
		c.text(fmt.Sprintf("%s.promises[%d]", path, i), p, MaxQuestion, true)
	}
	if !slices.Contains([]string{"", "on_any_day", "by_notice", "by_law"}, t.Stop) {
		c.bad(path+".stop", "This must be one of: on_any_day, by_notice, by_law.")
	}
	c.text(path+".notice", t.Notice, MaxNotice, false)
	if t.Notice != "" && t.Stop != "by_notice" {
		c.bad(path+".notice", "A notice belongs to an end by notice.")
	}
}

func keyed(k Key) *checker {
	c := &checker{}
	c.ident("id", k.ID)
	return c
}

func (b Opening) check() fault.List {
	c := keyed(b.Key)
	c.line("person", b.Person, maxName, true)
	c.line("job", b.Job, maxName, false)
	if raw, err := base64.StdEncoding.DecodeString(b.PublicKey); err != nil || len(raw) != 32 {
		c.bad("public_key", "This must be an Ed25519 key in base64.")
	}
	return c.list
}

func (b Publication) check() fault.List {
	c := keyed(b.Key)
	if b.Edition < 1 || b.Edition > 10000 {
		c.bad("edition", "Editions are numbered from 1.")
	}
	c.line("title", b.Title, maxName, true)
	c.ident("lang", b.Lang)
	c.hash("document", b.Document, true)
	c.files("files", b.Files)
	c.terms("terms", &b.Terms)
	if b.Route.Regime != "" {
		c.ident("route.regime", b.Route.Regime)
	}
	if len(b.Changed) > 500 {
		c.bad("changed", "There are more than 500 marks.")
	}
	for i, id := range b.Changed {
		c.ident(fmt.Sprintf("changed[%d]", i), id)
	}
	return c.list
}

func (b Linking) check() fault.List {
	c := keyed(b.Key)
	c.ident("link", b.Link)
	c.hash("token", b.Token, true)
	c.line("reader", b.Reader, maxName, true)
	return c.list
}

func (b Unlinking) check() fault.List {
	c := keyed(b.Key)
	c.ident("link", b.Link)
	return c.list
}

func (b Withdrawal) check() fault.List { return keyed(b.Key).list }

func (b Question) check() fault.List {
	c := keyed(b.Key)
	c.ident("link", b.Link)
	if b.At != "" {
		c.ident("at", b.At)
	}
	c.line("about", b.About, maxName, false)
	c.text("text", b.Text, MaxQuestion, true)
	return c.list
}

func (b Reply) check() fault.List {
	c := keyed(b.Key)
	c.ident("question", b.Question)
	c.text("text", b.Text, MaxNote, true)
	return c.list
}

func (b Decision) check() fault.List {
	c := keyed(b.Key)
	c.ident("link", b.Link)
	c.line("statement", b.Statement, MaxQuestion, b.answer == Agreed)
	c.terms("terms", b.Terms)
	if (b.answer == Countered) != (b.Terms != nil) {
		c.bad("terms", "Terms belong to Change it, and to it alone.")
	}
	c.text("note", b.Note, MaxQuestion, false)
	c.text("reason", b.Reason, MaxQuestion, false)
	if b.answer != Deferred && (b.Reason != "" || len(b.Grounds) > 0 || len(b.Notice) > 0 || !b.Until.IsZero()) {
		c.bad("reason", "A reason, grounds, a notice and a day to ask again belong to Not now.")
	}
	if len(b.Grounds) > maxList || len(b.Notice) > maxList {
		c.bad("grounds", "There are more than %d grounds or statements.", maxList)
		return c.list
	}
	for i, g := range b.Grounds {
		c.ident(fmt.Sprintf("grounds[%d]", i), g)
	}
	for i, s := range b.Notice {
		at := fmt.Sprintf("notice[%d]", i)
		c.ident(at+".id", s.ID)
		c.text(at+".text", s.Text, MaxNote, true)
	}
	return c.list
}

func (b Undoing) check() fault.List {
	c := keyed(b.Key)
	c.ident("link", b.Link)
	c.ident("decision", b.Decision)
	return c.list
}

func (b Acceptance) check() fault.List {
	c := keyed(b.Key)
	c.ident("decision", b.Decision)
	c.text("text", b.Text, MaxNote, false)
	return c.list
}

func (b Response) check() fault.List {
	c := keyed(b.Key)
	c.ident("decision", b.Decision)
	c.text("text", b.Text, MaxNote, true)
	return c.list
}

func (b Planning) check() fault.List {
	c := keyed(b.Key)
	if b.Plan == "" || len(b.Plan) > MaxBody/2 || !utf8.ValidString(b.Plan) {
		c.bad("plan", "The plan must be text of at most %d bytes.", MaxBody/2)
	}
	c.hash("plan_hash", b.PlanHash, true)
	if b.PlanHash != "" && Hash([]byte(b.Plan)) != b.PlanHash {
		c.bad("plan_hash", "This is not the hash of the plan.")
	}
	c.hash("nonce_hash", b.NonceHash, false)
	c.hash("document", b.Document, false)
	if b.Start.IsZero() || b.Until.IsZero() || b.Until.Before(b.Start) {
		c.bad("until", "A trial has a first day and a last day after it.")
	}
	return c.list
}

func (b Confirmation) check() fault.List {
	c := keyed(b.Key)
	c.ident("link", b.Link)
	c.ident("planning", b.Planning)
	c.line("word", b.Word, maxName, false)
	return c.list
}

func (b Report) check() fault.List {
	c := keyed(b.Key)
	if b.Monday.IsZero() {
		c.bad("monday", "A note belongs to a week.")
	}
	c.text("note", b.Note, MaxNote, true)
	c.hash("document", b.Document, false)
	c.files("files", b.Files)
	for i, w := range b.Ways {
		if !slices.Contains(Ways(), w) {
			c.bad(fmt.Sprintf("ways[%d]", i), "This must be one of: %s.", strings.Join(Ways(), ", "))
		}
	}
	return c.list
}

// Ways are what may follow a trial.
func Ways() []string { return []string{"continue", "extend", "stop", "next_rung"} }

func (b Recording) check() fault.List {
	c := keyed(b.Key)
	if !slices.Contains([]string{"email", "paper", "talk"}, b.Way) {
		c.bad("way", "This must be one of: email, paper, talk.")
	}
	if !slices.Contains([]Act{Agreed, Countered, Deferred}, b.Answer) {
		c.bad("answer", "This must be one of: agreed, countered, not_now.")
	}
	if b.On.IsZero() {
		c.bad("on", "An answer was given on a day.")
	}
	if b.Corrects != "" {
		c.ident("corrects", b.Corrects)
	}
	c.terms("terms", b.Terms)
	c.text("note", b.Note, MaxNote, false)
	return c.list
}

func (b Stop) check() fault.List {
	c := keyed(b.Key)
	if b.Link != "" {
		c.ident("link", b.Link)
	}
	c.text("note", b.Note, MaxNote, false)
	return c.list
}

func (b Next) check() fault.List {
	c := keyed(b.Key)
	c.ident("link", b.Link)
	if !slices.Contains(Ways(), b.Way) {
		c.bad("way", "This must be one of: %s.", strings.Join(Ways(), ", "))
	}
	c.text("note", b.Note, MaxNote, false)
	return c.list
}
