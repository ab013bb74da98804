package webtest

import (
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// Request is one thing the page fetched.
type Request struct {
	URL    string
	Type   string // Document, Stylesheet, Font …
	Bytes  int    // on the wire, headers included; 0 from the cache
	Failed string // why it did not arrive
}

// record hears what a tab tells about its network and its console.
type record struct {
	mu       sync.Mutex
	order    []network.RequestID
	requests map[network.RequestID]*Request
	open     map[network.RequestID]bool
	loading  map[cdp.FrameID]bool
	leaving  map[cdp.FrameID]bool // asked for another page, which has not begun to load
	first    int                  // the first request of the current page in order
	moves    int                  // requests begun and places reached, to see whether a click did anything
	outside  []Request
	console  []string
	policy   []string
	changed  chan struct{}
	dialog   func()
}

func newRecord() *record {
	return &record{requests: map[network.RequestID]*Request{}, open: map[network.RequestID]bool{}, loading: map[cdp.FrameID]bool{}, leaving: map[cdp.FrameID]bool{}, changed: make(chan struct{}, 1), dialog: func() {}}
}

// hear runs in the loop that reads the browser's messages and must not wait.
func (r *record) hear(event any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		r.sent(e)
	case *network.EventResponseReceived:
		// A stream of events never ends; the page is complete without it.
		if e.Type == network.ResourceTypeEventSource {
			delete(r.open, e.RequestID)
		}
	case *network.EventLoadingFinished:
		delete(r.open, e.RequestID)
		if q := r.requests[e.RequestID]; q != nil {
			q.Bytes += int(e.EncodedDataLength)
		}
	case *network.EventLoadingFailed:
		delete(r.open, e.RequestID)
		if q := r.requests[e.RequestID]; q != nil {
			q.Failed = e.ErrorText
		}
	case *page.EventFrameRequestedNavigation:
		r.moves++
		if e.Disposition == page.ClientNavigationDispositionCurrentTab && !r.loading[e.FrameID] {
			r.leaving[e.FrameID] = true
		}
	case *page.EventFrameStartedLoading:
		r.moves++
		r.loading[e.FrameID] = true
		delete(r.leaving, e.FrameID)
	case *page.EventFrameStoppedLoading:
		delete(r.loading, e.FrameID)
	case *page.EventFrameDetached:
		delete(r.loading, e.FrameID)
		delete(r.leaving, e.FrameID)
	case *page.EventNavigatedWithinDocument:
		r.moves++
		delete(r.leaving, e.FrameID)
	case *page.EventJavascriptDialogOpening:
		r.console = append(r.console, fmt.Sprintf("a dialog opened: %s", e.Message))
		r.dialog()
	default:
		r.complaint(event)
	}
	select {
	case r.changed <- struct{}{}:
	default:
	}
}

func (r *record) sent(e *network.EventRequestWillBeSent) {
	r.moves++
	q := r.requests[e.RequestID]
	if q == nil {
		q = &Request{}
		r.requests[e.RequestID] = q
		r.order = append(r.order, e.RequestID)
	}
	if e.RedirectResponse != nil {
		q.Bytes += int(e.RedirectResponse.EncodedDataLength)
	}
	q.URL, q.Type = e.Request.URL, string(e.Type)
	if strings.HasPrefix(q.URL, "data:") || strings.HasPrefix(q.URL, "blob:") {
		return
	}
	r.open[e.RequestID] = true
	r.outside = append(r.outside, *q)
}

// complaint keeps what the page or the browser found wrong.
func (r *record) complaint(event any) {
	switch e := event.(type) {
	case *log.EventEntryAdded:
		text := strings.TrimSpace(e.Entry.Text)
		q := r.requests[e.Entry.NetworkRequestID]
		switch {
		case strings.Contains(text, "Content Security Policy"):
			r.policy = append(r.policy, text)
		case e.Entry.Level != log.EntryLevelError:
		case q != nil && q.Type == string(network.ResourceTypeDocument):
			// A page that answers a form with 422, or with 404 and a way back, is no fault.
		default:
			r.console = append(r.console, strings.TrimSpace(text+" "+e.Entry.URL))
		}
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
		r.console = append(r.console, text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			var words []string
			for _, a := range e.Args {
				words = append(words, strings.Trim(string(a.Value), `"`)+a.Description)
			}
			r.console = append(r.console, strings.Join(words, " "))
		}
	}
}

// begin marks where the requests of the next page start.
func (r *record) begin() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.first = len(r.order)
	return r.moves
}

// busy says whether the page still loads, and whether anything happened since
// moves was counted.
func (r *record) busy(moves int) (busy, moved bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.open) > 0 || len(r.loading) > 0 || len(r.leaving) > 0, r.moves > moves
}

// stay forgets pages that were asked for and never began to load.
func (r *record) stay() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.leaving)
}

// quiet is how long nothing may happen before a page counts as complete, and
// idle how long a click may take to start something.
const (
	quiet = 40 * time.Millisecond
	idle  = 600 * time.Millisecond
)

// settle waits until the page has loaded and nothing is under way.
func (p *Page) settle() {
	p.t.Helper()
	p.await(-1)
	if p.view.Spaced {
		p.space(true)
	}
}

// settleAfter waits for what a click has begun; a click may also begin nothing.
func (p *Page) settleAfter(moves int) {
	p.t.Helper()
	eval[bool](p, "true") // the page has dealt with the click when it answers this
	p.await(moves)
	if p.view.Spaced {
		p.space(true)
	}
}

func (p *Page) await(moves int) {
	p.t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	started := time.NewTimer(idle)
	defer started.Stop()
	staying := time.NewTimer(late)
	defer staying.Stop()
	over := false
	for {
		busy, moved := p.log.busy(moves)
		var rest <-chan time.Time
		if !busy && (moved || over) {
			rest = time.After(quiet)
		}
		select {
		case <-p.log.changed:
		case <-started.C:
			over = true
		case <-staying.C:
			p.log.stay()
		case <-rest:
			return
		case <-limit.C:
			p.t.Fatalf("%s: the page still loads after %v", p.view, patience)
		}
	}
}

// Requests are what the current page fetched since Go, Press or Follow.
func (p *Page) Requests() []Request {
	p.log.mu.Lock()
	defer p.log.mu.Unlock()
	var list []Request
	for _, id := range p.log.order[p.log.first:] {
		list = append(list, *p.log.requests[id])
	}
	return list
}

// Weight is how many bytes the current page took on the wire. The first page
// of a new Page has nothing in the cache.
func (p *Page) Weight() int {
	sum := 0
	for _, q := range p.Requests() {
		sum += q.Bytes
	}
	return sum
}

// AtMost fails the test where the current page took more bytes on the wire.
func (p *Page) AtMost(bytes int) {
	p.t.Helper()
	if got := p.Weight(); got > bytes {
		var parts []string
		for _, q := range p.Requests() {
			parts = append(parts, fmt.Sprintf("%d %s", q.Bytes, q.URL))
		}
		p.t.Errorf("%s weighs %d bytes on the wire, at most %d are agreed:\n\t%s", p.Path(), got, bytes, strings.Join(parts, "\n\t"))
	}
}

// Console finds errors on the console since it was last asked: calls of
// console.error, exceptions, dialogs and files that did not arrive.
func Console(p *Page) []string {
	p.log.mu.Lock()
	defer p.log.mu.Unlock()
	found := p.log.console
	p.log.console = nil
	return found
}

// Policy finds what the Content-Security-Policy refused since it was last asked.
func Policy(p *Page) []string {
	p.log.mu.Lock()
	defer p.log.mu.Unlock()
	found := p.log.policy
	p.log.policy = nil
	return found
}

// Outside finds requests to anything but the server under test since it was
// last asked.
func Outside(p *Page) []string {
	p.log.mu.Lock()
	defer p.log.mu.Unlock()
	base, err := url.Parse(p.base)
	if err != nil {
		return []string{err.Error()}
	}
	var found []string
	for _, q := range p.log.outside {
		if u, err := url.Parse(q.URL); err != nil || u.Host != base.Host {
			found = append(found, fmt.Sprintf("asked %s for a %s", q.URL, strings.ToLower(q.Type)))
		}
	}
	p.log.outside = nil
	return found
}
