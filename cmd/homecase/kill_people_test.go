package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// deed is something that one of the people did, or tried to do.
type deed struct {
	kind  string // what it was
	id    string // by which it is found again
	email string // to which a message must go for it
	text  string // its words, where others read them
	said  string // what was answered: taken, refused, or nothing
}

const (
	taken   = "taken"
	refused = "refused"
)

// deeds are what people did, by kind and id.
type deeds struct {
	mu   sync.Mutex
	all  map[[2]string]*deed
	done int
	work int // of them the person's
}

// begin notes what is about to be tried.
func (d *deeds) begin(kind, id, email string) *deed {
	d.mu.Lock()
	defer d.mu.Unlock()
	it := &deed{kind: kind, id: id, email: email}
	d.all[[2]string{kind, id}] = it
	return it
}

func (d *deeds) end(it *deed, said string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if it.said = said; said == taken {
		d.done++
		if it.kind == "replied" || it.kind == "published" || it.kind == "linked" {
			d.work++
		}
	}
}

// count is how many were taken, and how many of them were the person's.
func (d *deeds) count() (all, work int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.done, d.work
}

// answer is what a server said.
type answer struct {
	status int
	to     string // where it leads
	body   []byte
}

// browser asks a server, and again until it answers, as a person does who reads
// "try again in a minute".
type browser struct {
	k      *killing
	client *http.Client
	from   string                       // the address a trusted proxy tells
	where  func() (base, cookie string) // where the server is now
	enough func() bool                  // whether to give up
}

func (b *browser) once(method, path string, form url.Values) (*answer, error) {
	base, cookie := b.where()
	req, err := http.NewRequest(method, base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.GetBody = nil // it is sent again by whoever sees that it has to be
	}
	if b.from != "" {
		req.Header.Set("X-Forwarded-For", b.from)
	}
	if cookie != "" {
		req.AddCookie(&http.Cookie{Name: "homecase", Value: cookie})
	}
	res, err := b.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	return &answer{res.StatusCode, res.Header.Get("Location"), body}, nil
}

// ask asks until there is an answer; nil where it is enough.
func (b *browser) ask(method, path string, form url.Values) *answer {
	for pause := 10 * time.Millisecond; !b.enough(); pause = min(2*pause, 400*time.Millisecond) {
		a, err := b.once(method, path, form)
		if err == nil && a.status < 500 && a.status != http.StatusTooManyRequests {
			return a
		}
		time.Sleep(pause)
	}
	return nil
}

func (b *browser) get(path string) *answer { return b.ask(http.MethodGet, path, nil) }

// send sends a form until there is an answer, and notes what it was.
func (b *browser) send(it *deed, path string, form url.Values) *answer {
	a := b.ask(http.MethodPost, path, form)
	switch {
	case a == nil: // nobody knows
	case a.status == http.StatusSeeOther:
		b.k.deeds.end(it, taken)
	default:
		b.k.deeds.end(it, refused)
		b.k.why(it.kind, a)
	}
	return a
}

// forms are those of a page, filled in as they are shown.
func (a *answer) forms() []pageForm {
	if a == nil {
		return nil
	}
	root, err := html.Parse(bytes.NewReader(a.body))
	if err != nil {
		return nil
	}
	var out []pageForm
	for n := range root.Descendants() {
		if n.DataAtom == atom.Form {
			out = append(out, pageForm{attr(n, "action"), filledIn(n)})
		}
	}
	return out
}

// words are those of the elements of a page that have one of these names.
func (a *answer) words(names ...string) []string {
	root, err := html.Parse(bytes.NewReader(a.body))
	if err != nil {
		return nil
	}
	var out []string
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && slices.Contains(names, n.Data) {
			out = append(out, strings.TrimSpace(wordsOf(n)))
		}
	}
	return out
}

type pageForm struct {
	action string
	url.Values
}

// form is the first form to an action that has a field; nil where there is none.
func (a *answer) form(action, field string) url.Values {
	for _, f := range a.forms() {
		if f.action == action && f.Has(field) {
			return f.Values
		}
	}
	return nil
}

func filledIn(form *html.Node) url.Values {
	v := url.Values{}
	for n := range form.Descendants() {
		name, value := attr(n, "name"), attr(n, "value")
		switch {
		case name == "":
		case n.DataAtom == atom.Textarea:
			v.Add(name, strings.TrimPrefix(wordsOf(n), "\n"))
		case n.DataAtom == atom.Select:
			for o := range n.Descendants() {
				if o.DataAtom == atom.Option && has(o, "selected") {
					v.Set(name, attr(o, "value"))
				}
			}
		case n.DataAtom != atom.Input:
		case attr(n, "type") == "checkbox" || attr(n, "type") == "radio":
			if has(n, "checked") {
				v.Add(name, value)
			}
		default:
			v.Add(name, value)
		}
	}
	return v
}

func wordsOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// asks is a reader who asks one question after the other. Every second leaves an
// address to hear of the answer.
func (b *browser) asks(link string, reader int) {
	for n := 0; !b.enough(); n++ {
		form := b.get(link+"/ask").form(link+"/ask", "id")
		if form == nil {
			continue
		}
		form.Set("text", fmt.Sprintf("What about matter %d of reader %d?", n, reader))
		if n%2 == 0 {
			form.Set("email", fmt.Sprintf("asks-%d-%d@reader.example", reader, n))
		}
		it := b.k.deeds.begin("asked", form.Get("id"), form.Get("email"))
		it.text = form.Get("text")
		b.send(it, link+"/ask", form)
		b.k.breathe()
	}
}

// decides is a reader who agrees, wants a copy, takes it back, and so on.
func (b *browser) decides(link string) {
	for n := 0; !b.enough(); n++ {
		if form := b.get(link+"/decide?a=agree").form(link+"/decide", "id"); form != nil {
			form.Set("statement", "yes")
			form.Set("note", fmt.Sprintf("Yes, for the time %d.", n))
			b.send(b.k.deeds.begin("agreed", form.Get("id"), ""), link+"/decide", form)
			b.k.breathe()
		}
		decided := b.get(link + "/decided")
		undo := decided.form(link+"/undo", "id")
		if undo == nil {
			continue
		}
		if copied := decided.form(link+"/copy", "email"); copied != nil && n%2 == 0 {
			to := fmt.Sprintf("copy-%d@reader.example", n)
			copied.Set("email", to)
			b.send(b.k.deeds.begin("copied", to, to), link+"/copy", copied)
		}
		b.send(b.k.deeds.begin("undone", undo.Get("id"), ""), link+"/undo", undo)
		b.k.breathe()
	}
}

// works is the person whose case it is: looks for questions and answers them,
// makes the packet anew and publishes it, and lets others read it.
func (b *browser) works() {
	for n := 1; !b.enough(); n++ {
		if form := b.get("/share/questions").form("/share/questions", "question"); form != nil {
			b.replies(form)
		}
		switch n % 3 {
		case 0:
			b.ask(http.MethodPost, "/share/do", url.Values{"do": {"look"}, "back": {"questions"}})
		case 1:
			b.publishes(n)
		case 2:
			b.links(n)
		}
		b.k.breathe()
	}
}

func (b *browser) replies(form url.Values) {
	question := form.Get("question")
	form.Set("text", "The answer to "+question+".")
	it := b.k.deeds.begin("replied", question, "")
	a := b.send(it, "/share/questions", form)
	if a != nil && a.status != http.StatusSeeOther && bytes.Contains(a.body, []byte(form.Get("text"))) {
		b.k.deeds.end(it, taken) // it stands there: an earlier try was heard
	}
}

func (b *browser) publishes(n int) {
	you := b.get("/start/you").form("/start/you", "job")
	if you == nil {
		return
	}
	you.Set("job", fmt.Sprintf("Accountant for matter %d", n))
	b.ask(http.MethodPost, "/start/you", you)
	b.ask(http.MethodPost, "/packet", url.Values{"only": {"one-page.pdf"}})
	for a := b.get("/packet/making"); a != nil && a.status == http.StatusOK; a = b.get("/packet/making") {
		b.k.breathe()
	}
	page := b.get("/share/edition")
	form := page.form("/share/edition", "mark")
	if form == nil {
		return
	}
	it := b.k.deeds.begin("published", page.words("h1")[0], "")
	a := b.send(it, "/share/edition", form)
	if a != nil && a.status != http.StatusSeeOther && bytes.Contains(a.body, []byte("no longer what this page showed")) {
		b.k.deeds.end(it, "perhaps")
	}
}

func (b *browser) links(n int) {
	form := b.get("/share/link").form("/share/link", "reader")
	if form == nil {
		return
	}
	to := fmt.Sprintf("link-%d@reader.example", n)
	form.Set("reader", fmt.Sprintf("Reader %d", n))
	form.Set("how", "mail")
	form.Set("to", to)
	b.send(b.k.deeds.begin("linked", form.Get("reader"), to), "/share/link", form)
}
