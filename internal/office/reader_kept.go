package office

import (
	"container/list"
	"context"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"homecase/ops"
	"homecase/share"
)

// The pages of a packet that are remembered once they were written.
const (
	firstPage     = "first"
	fullPage      = "full"
	questionsPage = "questions"
)

// keptPage is a page as it is sent, and how long that is right.
type keptPage struct {
	stand  ops.Stand // the last line of the record that it knows of
	until  time.Time // when the link is over; zero for never
	packed []byte
	of     string // the case
}

// over tells whether the link's time is over. It was given with the link, and no
// line moves it.
func (p keptPage) over(now time.Time) bool { return !p.until.IsZero() && !now.Before(p.until) }

// kept answers with a page that was written before, here or in the store, after
// one look: whether anything was committed since the page was seen to be right, and
// if so, where the link's case stands. Where there is none, h writes it.
func (rd *readers) kept(which string, h readerHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		token := r.PathValue("token")
		p, there := rd.written.get(pageKey(token, which))
		var err error
		if there && !p.over(rd.office.Now()) && rd.office.Still(r.Context(), p.stand) && !p.over(rd.office.Now()) {
			err = rd.answer(w, r, p)
		} else {
			ctx, stop := context.WithTimeout(r.Context(), workTime)
			defer stop()
			err = rd.looked(w, r.WithContext(ctx), token, which, h)
		}
		if err != nil {
			rd.refused(w, r, "/p/"+token, err)
		}
	}
}

// looked answers after a look at the link.
func (rd *readers) looked(w http.ResponseWriter, r *http.Request, token, which string, h readerHandler) error {
	if p, ok := rd.written.get(pageKey(token, which)); ok {
		switch now, err := rd.office.StandOf(r.Context(), token); {
		case err != nil:
			return err
		case p.over(rd.office.Now()):
			return ops.NoLink()
		case p.stand.Head == now.Head:
			rd.written.stands(pageKey(token, which), now)
			return rd.answer(w, r, p)
		}
	} else if which == firstPage {
		return rd.front(w, r, token, h)
	}
	v, err := rd.office.Read(r.Context(), token)
	if err != nil {
		return err
	}
	return h(visited(w, r, token, v))
}

// front answers with the first page as the store keeps it.
func (rd *readers) front(w http.ResponseWriter, r *http.Request, token string, h readerHandler) error {
	f, err := rd.office.FrontOf(r.Context(), token)
	if err != nil {
		return err
	}
	if f.Page != nil {
		if s, err := readStencil(f.Page); err == nil {
			p := keptPage{f.Stand, f.Until, s.filled(token), f.Of()}
			rd.written.put(pageKey(token, firstPage), p)
			return rd.answer(w, r, p)
		}
	}
	v, err := rd.office.Visit(r.Context(), f)
	if err != nil {
		return err
	}
	return h(visited(w, r, token, v))
}

// writeFirst writes the first page of a link for the store, with gaps for its token.
func (rd *readers) writeFirst(ctx context.Context, v *ops.Visit) ([]byte, error) {
	token, err := share.NewToken(rd.office.Random, v.Org) // nobody's
	if err != nil {
		return nil, err
	}
	page, err := rd.write(ctx, visited(nil, nil, token, v), firstPage, shapeFirst)
	if err != nil {
		return nil, err
	}
	s, err := cut(page, token)
	if err != nil {
		return nil, err
	}
	return s.bytes(), nil
}

// pageHead is what every page of a packet says of itself besides its length, and
// what every answer carries: as fields, and as the lines of a head.
type pageHead struct {
	fields http.Header
	lines  string
}

func newPageHead(all http.Header, packed bool) (h pageHead) {
	h.fields = http.Header{}
	maps.Copy(h.fields, all)
	h.fields.Set("Cache-Control", "private, no-store")
	h.fields.Set("Vary", "Accept-Encoding")
	if packed {
		h.fields.Set("Content-Encoding", "gzip")
	}
	var b strings.Builder
	_ = h.fields.Write(&b) // into memory
	h.lines = b.String()
	return h
}

var pageKind = []string{"text/html; charset=utf-8"}

// answer sends a page of the packet.
func (rd *readers) answer(w http.ResponseWriter, r *http.Request, p keptPage) error {
	out, head := p.packed, rd.packedHead
	if !takesGzip(r) {
		var err error
		if out, err = unpacked(p.packed); err != nil {
			return err
		}
		head = rd.plainHead
	}
	h := w.Header()
	h["Content-Type"], h["Content-Length"] = pageKind, []string{strconv.Itoa(len(out))}
	together(w, r, head, out)
	return nil
}

// pages remembers pages that were written, by what they show: the record of a
// case stands beside the page, so a page is never older than its case. Pages whose
// words a stranger can choose along with their address are not packed here, and
// forms are not kept at all.
type pages struct {
	mu    sync.Mutex
	held  map[string]*list.Element
	order list.List // the one used last in front
	bytes int
}

// mostKept is how many bytes of written pages a server remembers. A page takes
// some besides its own.
const (
	mostKept   = 40 << 20
	keptBeside = 512
)

type heldPage struct {
	key string
	keptPage
}

func (h heldPage) size() int { return keptBeside + len(h.packed) }

func pageKey(token, which string) string { return token + " " + which }

func (p *pages) get(key string) (keptPage, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e, ok := p.held[key]
	if !ok {
		return keptPage{}, false
	}
	p.order.MoveToFront(e)
	return e.Value.(*heldPage).keptPage, true
}

// put remembers a page in place of the one before.
func (p *pages) put(key string, page keptPage) {
	h := &heldPage{key, page}
	if h.size() > mostKept/8 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.held == nil {
		p.held = map[string]*list.Element{}
	}
	if e, there := p.held[key]; there {
		p.bytes -= e.Value.(*heldPage).size()
		e.Value = h
		p.order.MoveToFront(e)
	} else {
		p.held[key] = p.order.PushFront(h)
	}
	for p.bytes += h.size(); p.bytes > mostKept; {
		p.remove(p.order.Back())
	}
}

// stands notes that a page that is remembered was seen to be right.
func (p *pages) stands(key string, now ops.Stand) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if e, ok := p.held[key]; ok && e.Value.(*heldPage).stand.Head == now.Head {
		e.Value.(*heldPage).stand = now
	}
}

func (p *pages) remove(e *list.Element) {
	old := p.order.Remove(e).(*heldPage)
	delete(p.held, old.key)
	p.bytes -= old.size()
}

// drop lets go of the pages of a token that opens nothing.
func (p *pages) drop(token string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, which := range []string{firstPage, fullPage, questionsPage} {
		if e, ok := p.held[pageKey(token, which)]; ok {
			p.remove(e)
		}
	}
}

// forget lets go of the pages of a case.
func (p *pages) forget(of string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for e := p.order.Front(); e != nil; {
		next := e.Next()
		if e.Value.(*heldPage).of == of {
			p.remove(e)
		}
		e = next
	}
}
