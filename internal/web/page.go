package web

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"homecase/fault"
)

// page is what every page has around its own part.
type page struct {
	Title string // of the window; the heading where empty
	Error bool   // the form was sent back
	Tab   string // which of the five is current: case, packet, talk, trial, ladder
	Back  string // the address behind "Back"; empty where there is none
	// BackTo names the page behind Back, where it is not simply the last one.
	BackTo string
	// Status says at the top who can see this; "Only on this computer" when empty.
	Status string
	// Refresh reloads the page after as many seconds, while work goes on.
	Refresh int
	// Script names the page's own script, which only adds to it.
	Script string
	// Wide pages have no preview beside them.
	Wide bool

	// What show fills in.
	Lang, Style, ScriptAt string
	Open, Bare            bool
	Fonts, Sheets         []string
	Body                  template.HTML
	Undo                  *undoView
}

// loadPages reads every template. Of two with the same name one would win
// without a word, so that is a fault of the start.
func (s *Server) loadPages() error {
	s.pages = template.New("pages").Funcs(s.functions())
	names, err := fs.Glob(files, "data/html/*.html")
	if err != nil {
		return err
	}
	from := map[string]string{}
	for _, name := range names {
		one, err := template.New(name).Funcs(s.functions()).ParseFS(files, name)
		if err != nil {
			return err
		}
		for _, t := range one.Templates() {
			if t.Name() == name || t.Name() == path.Base(name) {
				continue // the file itself, which only defines others
			}
			if other, twice := from[t.Name()]; twice {
				return fmt.Errorf("the template %q stands in %s and in %s", t.Name(), other, name)
			}
			from[t.Name()] = name
			if _, err := s.pages.AddParseTree(t.Name(), t.Tree); err != nil {
				return err
			}
		}
	}
	return nil
}

// show writes a page: the template of that name with its own data, in the frame.
func (v *visit) show(status int, name string, p page, data any) error {
	var body bytes.Buffer
	if err := v.s.pages.ExecuteTemplate(&body, name, data); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	p.Body = template.HTML(body.String()) // written by the templates of this package
	p.Open = v.open != nil
	p.Lang = "en-GB"
	if v.open != nil && v.open.Case.Place.Country == "US" {
		p.Lang = "en-US"
	}
	if p.Status == "" {
		p.Status = "Only on this computer"
	}
	p.Undo = v.undoable()
	return v.s.write(v.w, v.r, status, p)
}

// ok shows a page that was found.
func (v *visit) ok(name string, p page, data any) error { return v.show(http.StatusOK, name, p, data) }

// packing is how hard pages are packed: 5 takes a third less time than the default,
// and the pages are hardly larger.
const packing = 5

var packers = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, packing) // the level is a good one
	return z
}}

func (s *Server) write(w http.ResponseWriter, r *http.Request, status int, p page) error {
	p.Style, p.Sheets = s.style.address, s.sheetsOf(string(p.Body))
	for _, f := range []string{"hanken-700.woff2", "hanken-400.woff2"} {
		p.Fonts = append(p.Fonts, s.assets[f].address)
	}
	if p.Script != "" {
		p.ScriptAt = s.assets[p.Script].address
	}
	var b bytes.Buffer
	if err := s.pages.ExecuteTemplate(&b, "frame", p); err != nil {
		return fmt.Errorf("the frame: %w", err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "Accept-Encoding")
	data := b.Bytes()
	if r != nil && acceptsGzip(r) {
		var packed bytes.Buffer
		z := packers.Get().(*gzip.Writer)
		defer packers.Put(z)
		z.Reset(&packed)
		if _, err := z.Write(data); err != nil {
			return err
		}
		if err := z.Close(); err != nil {
			return err
		}
		h.Set("Content-Encoding", "gzip")
		data = packed.Bytes()
	}
	h.Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(status)
	_, _ = w.Write(data) // the browser is gone: nobody is left to tell
	return nil
}

// bare answers in the frame without navigation: there is no person to show it to.
func (s *Server) bare(w http.ResponseWriter, status int, title, say string) {
	var body bytes.Buffer
	p := page{Title: title, Lang: "en-GB", Bare: true}
	err := s.pages.ExecuteTemplate(&body, "fault", faultView{Heading: title, Say: []string{say}})
	p.Body = template.HTML(body.String()) // written by the template
	if err == nil {
		err = s.write(w, nil, status, p)
	}
	if err != nil {
		s.o.Log.Error("a page failed", "err", err)
		http.Error(w, title, status)
	}
}

// faultView is a page about what went wrong.
type faultView struct {
	Heading string
	Say     []string
	Next    string
	Typed   []typed // what was typed and not saved, to be copied
	Home    bool
}

type typed struct{ Name, Text string }

// typed is what was sent with a form that was not saved, under the words that
// stood above it, in their order.
func (v *visit) typed() []typed {
	label := map[string]string{}
	for _, q := range v.s.order {
		if v.r.Pattern != q.Path {
			continue
		}
		for _, f := range q.Fields {
			label[f.Name] = v.say(f.Label)
			if f.Lead {
				label[f.Name] = v.say(q.Heading)
			}
		}
	}
	var out []typed
	for _, name := range slices.Sorted(maps.Keys(v.r.PostForm)) {
		text := strings.TrimSpace(strings.Join(v.r.PostForm[name], " "))
		if text == "" || name == "from" || name == "do" || name == "sure" {
			continue
		}
		if label[name] == "" {
			label[name] = upperFirst(strings.ReplaceAll(name, "-", " "))
		}
		out = append(out, typed{label[name], text})
	}
	return out
}

func (v *visit) showFault(status int, err error) {
	view := faultView{Home: true}
	var list fault.List
	var one *fault.Error
	switch {
	case status == http.StatusNotFound:
		view.Heading = "We could not find that page"
		view.Say = []string{"Your case is safe."}
	case status >= 500:
		view.Heading = "homecase could not do that"
		if v.r.Method == http.MethodPost {
			view.Heading = "homecase could not save that"
		}
		if v.open != nil {
			view.Say = append(view.Say, "Your last saved answer was at "+v.open.At.Local().Format("15:04")+".")
		}
		if errors.As(err, &one) {
			view.Say, view.Next = append(view.Say, one.Say), one.Next
		}
	case errors.As(err, &list):
		view.Heading = "This does not work yet"
		for _, f := range list {
			view.Say = append(view.Say, strings.TrimSpace(f.Say+" "+f.Next))
		}
	case errors.As(err, &one):
		view.Heading, view.Next = strings.TrimSuffix(one.Say, "."), one.Next
	default:
		view.Heading = "homecase could not do that"
	}
	if status != http.StatusNotFound {
		view.Typed = v.typed()
	}
	if err := v.show(status, "fault", page{Title: view.Heading, Wide: true}, view); err != nil {
		v.s.o.Log.Error("a page failed", "err", err)
		http.Error(v.w, view.Heading, status)
	}
}
