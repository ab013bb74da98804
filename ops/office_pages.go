package ops

import (
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"sync"
	"time"

	"homecase/fault"
	"homecase/share"
)

// Front is a link, with what was kept of its first page.
type Front struct {
	org  string
	open *share.OpenLink
	Stand
	// Page is what this program kept of it and is true now; nil where nothing is.
	Page  []byte
	Until time.Time // when it is true no longer; zero for ever
}

// splitToken is where a token is looked for, whatever it is.
func splitToken(token string) (org, hash string) {
	org, hash, ok := share.SplitToken(token)
	if !ok {
		org, hash = nowhere, share.HashToken(token)
	}
	return org, hash
}

// Of names the case that a front is of.
func (f *Front) Of() string { return f.org + " " + f.open.Case }

// found is the one answer for a link that is not there. A case that it led to is
// looked at afterwards.
func (o *Office) found(org, tokenHash string, err error) error {
	if fault.KindOf(err) == fault.Missing {
		o.missed(org, tokenHash)
		return NoLink()
	}
	return err
}

// Stand is where the case of a link stood: a page that was true at its head is true
// while the case stands there.
type Stand struct {
	Head string // the last line
	mark string // of the store, from before the head was looked at; empty where it is not known
}

// Still tells whether the case of a link stands where it stood, and the link holds as
// it did, but for its time: nothing was committed to the store since then. The store
// is not asked where a later answer has said already that something was.
func (o *Office) Still(ctx context.Context, was Stand) bool {
	if was.mark == "" || was.mark != o.lastMark() {
		return false
	}
	return o.mark(ctx) == was.mark
}

// StandOf returns where the case of a link stands.
func (o *Office) StandOf(ctx context.Context, token string) (Stand, error) {
	mark := o.lastMark()
	if mark == "" {
		mark = o.mark(ctx)
	}
	org, hash := splitToken(token)
	head, err := o.Store.HeadByToken(ctx, org, hash, o.Now())
	return Stand{head, mark}, o.found(org, hash, err)
}

// mark asks for the mark of the store, and remembers the answer.
func (o *Office) mark(ctx context.Context) string {
	mark := o.Store.Mark(ctx)
	if mark != "" {
		o.marked.Store(&mark)
	}
	return mark
}

// lastMark is the mark that the store had when it was asked last.
func (o *Office) lastMark() string {
	if last := o.marked.Load(); last != nil {
		return *last
	}
	return ""
}

// FrontOf returns a link with its first page, where one is kept. It reads no case.
func (o *Office) FrontOf(ctx context.Context, token string) (*Front, error) {
	org, hash := splitToken(token)
	open, raw, err := o.Store.PageByToken(ctx, org, hash, o.Now())
	if err != nil {
		return nil, o.found(org, hash, err)
	}
	f := &Front{org: org, open: open, Stand: Stand{Head: open.Hash}}
	if o.Build == "" || len(raw) == 0 {
		return f, nil
	}
	key, err := o.signer(ctx, org)
	if err != nil {
		return nil, err
	}
	if until, page, ok := readFront(key, hash, o.Build, open.Hash, raw); ok && (until.IsZero() || o.Now().Before(until)) {
		f.Page, f.Until = page, until
	}
	return f, nil
}

// Visit reads the case of a link.
func (o *Office) Visit(ctx context.Context, f *Front) (*Visit, error) {
	return o.visit(ctx, f.org, f.open)
}

// A kept page begins with its seal and the moment from which it is true no longer.
// The seal is under the organisation's key, and holds for one link, one program
// and one line of the record: a row that was changed, or belongs elsewhere, is
// as good as none.
const sealBytes, untilBytes = sha256.Size, 8

func sealFront(key ed25519.PrivateKey, token, build, head string, rest []byte) []byte {
	own := hmac.New(sha256.New, key.Seed())
	own.Write([]byte("homecase page key 1\n"))
	h := hmac.New(sha256.New, own.Sum(nil))
	h.Write([]byte("homecase page 1\n" + token + "\n" + build + "\n" + head + "\n"))
	h.Write(rest)
	return h.Sum(nil)
}

// SealPage is a page as the store keeps it for the hash of a token, under an
// organisation's key.
func SealPage(key ed25519.PrivateKey, token, build, head string, until time.Time, page []byte) []byte {
	var us int64
	if !until.IsZero() {
		us = until.UnixMicro()
	}
	rest := append(binary.BigEndian.AppendUint64(nil, uint64(us)), page...)
	return append(sealFront(key, token, build, head, rest), rest...)
}

func readFront(key ed25519.PrivateKey, token, build, head string, raw []byte) (until time.Time, page []byte, ok bool) {
	if len(raw) < sealBytes+untilBytes || !hmac.Equal(raw[:sealBytes], sealFront(key, token, build, head, raw[sealBytes:])) {
		return time.Time{}, nil, false
	}
	if us := int64(binary.BigEndian.Uint64(raw[sealBytes:])); us != 0 {
		until = time.UnixMicro(us).UTC()
	}
	return until, raw[sealBytes+untilBytes:], true
}

// changed are cases whose pages wait to be written.
type changed struct {
	mu    sync.Mutex
	cases map[seenCase]bool
	all   bool          // look through the whole store
	wake  chan struct{} // of one place
}

// mostChanged bounds what is remembered of changes: beyond it the store is looked through.
const mostChanged = 4096

func (c *changed) add(at seenCase) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cases == nil {
		c.cases = map[seenCase]bool{}
	}
	if c.cases[at] = true; len(c.cases) > mostChanged {
		c.cases, c.all = nil, true
	}
	select {
	case c.bell() <- struct{}{}:
	default:
	}
}

// bell rings when there is something to write. Its lock is held.
func (c *changed) bell() chan struct{} {
	if c.wake == nil {
		c.wake = make(chan struct{}, 1)
	}
	return c.wake
}

func (c *changed) take() (cases map[seenCase]bool, all bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	cases, all, c.cases, c.all = c.cases, c.all, nil, false
	return cases, all
}

// PageWriter writes the first page of a link, for the store. It is given what the
// link shows, and no token.
type PageWriter func(ctx context.Context, v *Visit) ([]byte, error)

// Of the pages that are written beside the answers: how soon after a change, how
// long after something failed, and how many cases are asked for at once.
const (
	pagesSoon  = time.Second
	pagesAgain = time.Minute
	pagesEach  = 50
)

// WritePages keeps the first pages of links as their readers see them, until the
// context ends: those that this program never wrote, and those of each case that
// changes. It reads every case with all its signatures first. It takes at most
// half of a processor, and no page is written because somebody read.
func (o *Office) WritePages(ctx context.Context, write PageWriter, failed func(error)) error {
	if o.Build == "" {
		return nil
	}
	o.changed.mu.Lock()
	o.changed.all = true
	bell := o.changed.bell()
	o.changed.mu.Unlock()
	for soon := time.Duration(0); ; soon = pagesSoon {
		if err := rest(ctx, soon); err != nil {
			return nil
		}
		cases, all := o.changed.take()
		for at := range cases {
			if err := o.writePages(ctx, at.org, at.id, write); err != nil {
				failed(err)
			}
		}
		if all {
			if err := o.writeMissing(ctx, write, failed); err != nil && ctx.Err() == nil {
				failed(err)
				o.changed.mu.Lock()
				o.changed.all = true
				o.changed.mu.Unlock()
				if rest(ctx, pagesAgain) == nil {
					continue
				}
			}
		}
		select {
		case <-bell:
		case <-ctx.Done():
			return nil
		}
	}
}

// writeMissing writes what the store lacks.
func (o *Office) writeMissing(ctx context.Context, write PageWriter, failed func(error)) error {
	orgs, err := o.Store.Orgs(ctx)
	if err != nil {
		return err
	}
	for _, org := range orgs {
		for after := ""; ; {
			cases, err := o.Store.Unwritten(ctx, org.ID, o.Build, after, pagesEach)
			if err != nil {
				return err
			}
			for _, id := range cases {
				if err := o.writePages(ctx, org.ID, id, write); err != nil {
					if ctx.Err() != nil {
						return ctx.Err()
					}
					failed(err)
				}
				after = id
			}
			if len(cases) < pagesEach {
				break
			}
		}
	}
	return nil
}

// writePages writes the pages of a case, and rests as long as that took, within reason.
func (o *Office) writePages(ctx context.Context, org, caseID string, write PageWriter) error {
	began := o.Now()
	err := o.keepPages(ctx, org, caseID, write)
	if e := rest(ctx, min(o.Now().Sub(began), time.Second)); err == nil {
		err = e
	}
	return err
}

func (o *Office) keepPages(ctx context.Context, org, caseID string, write PageWriter) error {
	head, err := o.head(ctx, org, caseID)
	if err != nil {
		return err
	}
	x, err := o.exchangeAt(ctx, org, *head)
	if err != nil {
		return err
	}
	key, err := o.signer(ctx, org)
	if err != nil {
		return err
	}
	for _, l := range x.Links {
		if !l.Ended.IsZero() {
			continue
		}
		p := share.Page{Token: l.Token, Case: caseID, Form: o.Build, Head: head.Hash, Expires: l.Expires}
		v, err := o.visit(ctx, org, &share.OpenLink{Head: *head, Link: l.Link})
		switch {
		case err == nil:
			page, err := write(ctx, v)
			if err != nil {
				return err
			}
			p.Document, p.Content = v.Edition.Document, SealPage(key, l.Token, o.Build, head.Hash, l.Expires, page)
		case fault.KindOf(err) != fault.Missing: // a link that shows nothing has a row without a page
			return err
		}
		if err := o.Store.KeepPage(ctx, org, p); err != nil && fault.KindOf(err) != fault.Missing {
			return err
		}
	}
	return nil
}

// rest waits, or until the context ends.
func rest(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}
