package office

import (
	"bytes"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/singleflight"

	"homecase/content"
	"homecase/day"
	"homecase/fault"
	"homecase/locale"
	"homecase/ops"
)

//go:embed data/html data/css data/words data/js
var readerFiles embed.FS

// readers are the pages of whoever holds a link. They set no cookie, run no
// script, and say the same in the same time of every link that opens nothing.
type readers struct {
	*Server
	templates *template.Template
	words     readerWords
	files     readerAssets
	nothing   []byte // the page of a link that opens nothing
	written   pages
	writing   singleflight.Group
	// packedHead and plainHead are the heads of pages of a packet.
	packedHead, plainHead pageHead
}

// readerWords are what the pages say besides their templates.
type readerWords struct {
	Bar        map[string]string `json:"bar"`
	Notice     map[string]string `json:"notice"`
	Links      map[string]string `json:"links"`
	Said       map[string]string `json:"said"`
	Pages      map[string]string `json:"pages"`
	Files      map[string]string `json:"files"`
	Headings   map[string]string `json:"headings"`
	Next       map[string]string `json:"next"`
	Fields     map[string]string `json:"fields"`
	Statements map[string]string `json:"statements"`
	Errors     map[string]string `json:"errors"`
	Ways       map[string]string `json:"ways"`
	WaysHint   map[string]string `json:"ways_hint"`
	WaysNext   map[string]string `json:"ways_next"`
	Stops      map[string]string `json:"stops"`
	Law        map[string]string `json:"law"`
	Marks      map[string]string `json:"marks"`
}

// newReaders loads the templates, words and files of the readers' pages.
func newReaders(s *Server) (*readers, error) {
	rd := &readers{Server: s, packedHead: newPageHead(s.headers, true), plainHead: newPageHead(s.headers, false)}
	var err error
	if rd.templates, err = template.ParseFS(readerFiles, "data/html/*.html"); err != nil {
		return nil, fmt.Errorf("office: %w", err)
	}
	if err := content.DecodeShipped(readerFiles, "office", "data/words/reader.yaml", &rd.words); err != nil {
		return nil, err
	}
	if rd.files, err = loadReaderAssets(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := rd.templates.ExecuteTemplate(&b, "nothing", readerPage{Styles: rd.files.styles}); err != nil {
		return nil, fmt.Errorf("office: %w", err)
	}
	rd.nothing = b.Bytes()
	return rd, nil
}

// readerHandler serves one address to whoever holds its link.
type readerHandler func(v *readerVisit) error

// routes are the readers' addresses.
func (rd *readers) routes() []route {
	get := func(path string, h readerHandler) route {
		return route{"GET", "/p/{token}" + path, rd.open(h), forReader, 0, limitMiss}
	}
	written := func(path, which string, h readerHandler) route {
		return route{"GET", "/p/{token}" + path, rd.kept(which, h), forReader, noBody, limitMiss}
	}
	post := func(path string, h readerHandler) route {
		return route{"POST", "/p/{token}" + path, rd.open(h), forReader, 0, limitWrite}
	}
	return []route{
		{"GET", assetPath + "{hash}/{name}", rd.files.serve, forAll, 0, ""},
		written("", firstPage, rd.summary), written("/full", fullPage, rd.full), written("/questions", questionsPage, rd.questions), get("/law", rd.law),
		get("/ask", rd.askForm), post("/ask", rd.ask),
		get("/decide", rd.decideForm), post("/decide", rd.decide),
		get("/decided", rd.decided), post("/undo", rd.undo), post("/copy", rd.copy),
		get("/trial", rd.trial), post("/trial/confirm", rd.confirm), post("/trial/stop", rd.stop), post("/trial/next", rd.next), post("/trial/notes", rd.notes),
		get("/files/{name}", rd.file), get("/of/{hash}/{name}", rd.part),
		get("/meeting.ics", rd.meeting), get("/record.json", rd.record),
	}
}

// readerVisit is one request of somebody who holds a link.
type readerVisit struct {
	*ops.Visit
	w     http.ResponseWriter
	r     *http.Request
	token string
	base  string // where this link's pages are
	l     locale.Locale
	// signed is a visit by a list and not by the link: it looks, and answers nothing.
	signed bool
}

// visited is a visit by a link.
func visited(w http.ResponseWriter, r *http.Request, token string, v *ops.Visit) *readerVisit {
	_, country, _ := strings.Cut(v.Edition.Lang, "-")
	return &readerVisit{Visit: v, w: w, r: r, token: token, base: "/p/" + token, l: locale.For(country, "")}
}

// open lets a request in whose link opens something.
func (rd *readers) open(h readerHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		token := r.PathValue("token")
		reading, err := rd.office.Read(r.Context(), token)
		if err == nil {
			err = h(visited(w, r, token, reading))
		}
		if err != nil {
			rd.refused(w, r, "/p/"+token, err)
		}
	}
}

// refused answers a request that could not be done. A link that opens nothing
// has one page, whatever the reason.
func (rd *readers) refused(w http.ResponseWriter, r *http.Request, base string, err error) {
	var f *fault.Error
	var large *http.MaxBytesError
	switch kind := fault.KindOf(settled(err)); {
	case errors.As(err, &large):
		rd.plain(w, http.StatusRequestEntityTooLarge, "This form holds more than it may. Nothing was changed.")
	case kind == fault.Missing:
		rd.written.drop(strings.TrimPrefix(base, "/p/"))
		writePage(w, http.StatusNotFound, rd.nothing)
	case errors.As(err, &f) && kind != fault.Internal && kind != fault.Away:
		status := http.StatusConflict
		if kind == fault.Invalid {
			status = http.StatusUnprocessableEntity
		} else if kind == fault.Forbidden {
			status = http.StatusForbidden
		}
		rd.show(w, status, "clash", readerPage{Base: base, Heading: rd.words.Headings["clash"], V: struct{ Say, Next string }{f.Say, f.Next}})
	default:
		rd.broke(r, err)
		rd.plain(w, status(err), "The office could not do this just now. Try again in a minute: whatever you send is done once.")
	}
}

// readerPage is what every template gets.
type readerPage struct {
	Base, Lang, Title, Heading string
	Signed                     bool // it is read by a list: not whoever holds a link
	Icon                       template.URL
	Styles                     []string
	Top                        *topBar // of those who sign in; nil for whoever holds a link
	Foot                       string
	Script                     string // an address; it only adds to a page
	Refresh                    string // an address to go on to
	Errors                     []problem
	V                          any
}

// problem is what is wrong with a form, and the control it is about.
type problem struct{ At, Say string }

// icon is the mark of the pages: five windows, one of them lit.
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><g fill="#dfe7ec" stroke="#0f4c5c"><path d="M1 7h5v18H1z"/><path d="M13 7h5v18h-5z"/><path d="M19 7h5v18h-5z"/><path d="M25 7h5v18h-5z"/></g><path d="M7 7h5v18H7z" fill="#ffc24b" stroke="#0f4c5c"/></svg>`

// show writes a page from its template.
func (rd *readers) show(w http.ResponseWriter, status int, name string, p readerPage) {
	if p.Styles = rd.files.styles; p.Top != nil {
		p.Styles = append(slices.Clone(p.Styles), rd.files.folder+accountStyle)
	}
	p.Icon = template.URL("data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString([]byte(icon)))
	if p.Lang == "" {
		p.Lang = "en-GB"
	}
	if p.Title == "" {
		p.Title = p.Heading
	}
	var b bytes.Buffer
	if err := rd.templates.ExecuteTemplate(&b, name, p); err != nil {
		rd.log.Error("a page could not be written", "template", name, "err", err.Error())
		rd.plain(w, http.StatusInternalServerError, "The office could not show this page. Try again later.")
		return
	}
	writePage(w, status, b.Bytes())
}

// page shows a page of this link.
func (rd *readers) page(v *readerVisit, name, heading string, problems []problem, view any) error {
	status := http.StatusOK
	if len(problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	rd.show(v.w, status, name, readerPage{Base: v.base, Signed: v.signed, Heading: heading, Title: heading, Errors: problems, V: view})
	return nil
}

func writePage(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "private, no-store")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// to leads on after a form was taken.
func (v *readerVisit) to(path string) error {
	http.Redirect(v.w, v.r, v.base+path, http.StatusSeeOther)
	return nil
}

// form reads the form of a POST.
func (v *readerVisit) form() error {
	if err := v.r.ParseForm(); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return err
		}
		return fault.New(fault.Invalid, "HC-READ-10", "This form cannot be read.")
	}
	return nil
}

// field is a field of the form, with the line ends of this computer.
func (v *readerVisit) field(name string) string {
	return strings.ReplaceAll(v.r.PostForm.Get(name), "\r\n", "\n")
}

// on writes the day of a time, and the empty string for none.
func (v *readerVisit) on(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return v.l.Date(day.Of(t))
}

func (v *readerVisit) date(d day.Date) string {
	if d.IsZero() {
		return ""
	}
	return v.l.Date(d)
}

// filled fills the braces of a sentence: pairs of name and value.
func filled(sentence string, pairs ...string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		sentence = strings.ReplaceAll(sentence, "{"+pairs[i]+"}", pairs[i+1])
	}
	return sentence
}
