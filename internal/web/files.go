package web

import (
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"

	"homecase/ops"
)

// fileTypes are the media types of what a packet holds.
var fileTypes = map[string]string{
	".pdf": "application/pdf", ".html": "text/html; charset=utf-8", ".ics": "text/calendar; charset=utf-8", ".eml": "message/rfc822", ".txt": "text/plain; charset=utf-8", ".json": "application/json",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

// pagePolicy is what packet.html may do: nothing but show itself. Its own
// policy, with the hash of its style, stands in the file and holds as well.
const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Where a file goes when somebody asks for it.
const (
	downloaded = "downloaded to this computer"
	shown      = "opened in the browser on this computer"
)

// packetFile hands out a file of the packet that was made last. It is noted as
// having left before a byte goes.
func packetFile(v *visit) error {
	name := v.r.PathValue("name")
	_, built, err := v.s.work.LastMade(v.ctx(), v.open)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(built.Files, func(f ops.File) bool { return f.Name == name })
	if i < 0 {
		return errNoPage
	}
	return v.send(built.Files[i], v.r.URL.Query().Get("open") != "")
}

// send notes a departure and writes the file: for the downloads, or as a page
// where it is one that a browser shows.
func (v *visit) send(f ops.File, open bool) error {
	ending := filepath.Ext(f.Name)
	open = open && (ending == ".pdf" || ending == ".html")
	to, how := downloaded, "attachment"
	if open {
		to, how = shown, "inline"
	}
	if v.r.Method != http.MethodHead {
		if err := v.s.work.Departing(v.ctx(), v.open.ID, f.Name, to, f.Data); err != nil {
			return err
		}
	}
	kind := fileTypes[ending]
	if kind == "" {
		kind = "application/octet-stream"
	}
	h := v.w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", fmt.Sprintf("%s; filename=%q", how, f.Name))
	h.Set("Content-Length", strconv.Itoa(len(f.Data)))
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	if ending == ".html" {
		h.Set("Content-Security-Policy", pagePolicy)
	}
	_, _ = v.w.Write(f.Data) // the browser is gone: nobody is left to tell
	return nil
}

// reminder is the day from which the person may ask, for a calendar.
func reminder(v *visit) error {
	review, err := v.s.work.Review(v.open)
	if err != nil {
		return err
	}
	if len(review.NotReady) == 0 || review.Verdict.OpensOn.IsZero() {
		return errNoPage
	}
	file, err := v.s.work.Reminder(review.Verdict.OpensOn, v.s.label("reminder-title"), v.s.label("reminder-words"))
	if err != nil {
		return err
	}
	return v.send(ops.File{Name: "reminder.ics", Data: file}, false)
}

// madeView is the packet that was made last.
type madeView struct {
	Boss, On string
	Rows     []madeRow
	Stale    bool
	Findings []string
	Letter   bool
	Slides   bool
	Invite   bool
	Mail     bool
	OnePage  bool
	Page     *firstPage
	Gone     string // why its files are there no longer; empty where they are
}

type madeRow struct {
	Name, Label, Size, Pages, SHA256 string
	Opens                            bool // a browser can show it
}

// lastMade is the packet made last with its files; nil where there is none. One
// that can no longer be built as it was says so, and what it held.
func (v *visit) lastMade() (*madeView, error) {
	if len(v.open.Course.Made) == 0 {
		return nil, nil
	}
	made, built, err := v.s.work.LastMade(v.ctx(), v.open)
	if err != nil && !ops.Gone(err) {
		return nil, err
	}
	view := &madeView{Boss: v.boss(), On: v.kase().Locale().Date(dayOf(made)) + ", " + made.At.Local().Format("15:04")}
	if err != nil {
		view.Gone, _ = saidOf(err)
		for _, f := range made.Files {
			view.Rows = append(view.Rows, madeRow{Name: f.Name, Label: v.s.label("file-" + f.Name), Size: size(f.Bytes)})
		}
		return view, nil
	}
	if view.Stale, err = v.s.work.Stale(v.ctx(), v.open, made); err != nil {
		return nil, err
	}
	for _, f := range built.Findings {
		view.Findings = append(view.Findings, f.Say)
	}
	for _, f := range built.Files {
		row := madeRow{Name: f.Name, Label: v.s.label("file-" + f.Name), Size: size(len(f.Data)), Pages: pagesWord(f.Pages())}
		row.Opens = filepath.Ext(f.Name) == ".pdf" || filepath.Ext(f.Name) == ".html"
		view.Rows = append(view.Rows, row)
	}
	has := func(name string) bool {
		return slices.ContainsFunc(view.Rows, func(r madeRow) bool { return r.Name == name })
	}
	view.Letter, view.Slides, view.Invite, view.Mail, view.OnePage = has("letter.docx"), has("slides.pptx"), has("meeting.ics"), has("email.eml"), has("one-page.pdf")
	return view, nil
}

// madePacket is where the files are taken from.
func madePacket(v *visit) error {
	view, err := v.lastMade()
	if err != nil {
		return err
	}
	if view == nil {
		return v.seeOther("/packet")
	}
	review, err := v.s.work.Review(v.open)
	if err != nil {
		return err
	}
	if review.Page != nil {
		first := firstPageOf(*review.Page)
		view.Page = &first
	}
	if view.Gone != "" {
		return v.ok("made", page{Title: "Make the packet again", Tab: "packet", Back: "/packet", BackTo: "What to make"}, view)
	}
	return v.ok("made", page{Title: "Your packet is ready", Tab: "packet", Back: "/packet", BackTo: "Make something else"}, view)
}

type wordsView struct {
	Boss, Heading string
	Letter        firstPage
	Plain, Mail   string
	Slides        []slide
}

type slide struct {
	N      int
	Label  string
	Blocks []pageBlock
	Notes  []string
}

// showLetter are the words of the letter and the e-mail, to read and to copy.
func showLetter(v *visit) error {
	words, err := v.words()
	if err != nil {
		return v.notYetWords(err)
	}
	view := wordsView{Boss: v.boss(), Heading: "The letter and the e-mail", Letter: firstPageOf(words.Letter), Plain: words.LetterText, Mail: words.MailText}
	return v.ok("letter-words", page{Title: view.Heading, Tab: "packet", Back: "/packet"}, view)
}

// showSlides are the words of the slides with their notes.
func showSlides(v *visit) error {
	words, err := v.words()
	if err != nil {
		return v.notYetWords(err)
	}
	view := wordsView{Boss: v.boss(), Heading: "Six slides for the talk"}
	for i, s := range words.Slides.Sections {
		one := slide{N: i + 1, Label: s.Label}
		for _, b := range pageBlocks(s.Blocks) {
			if b.Kind == "note" {
				one.Notes = append(one.Notes, b.Text)
			} else {
				one.Blocks = append(one.Blocks, b)
			}
		}
		view.Slides = append(view.Slides, one)
	}
	return v.ok("slide-words", page{Title: view.Heading, Tab: "packet", Back: "/packet"}, view)
}

// words are those of a packet of today, with what is suggested.
func (v *visit) words() (*ops.Words, error) {
	o, err := v.s.work.AsToday(v.open)
	if err != nil {
		return nil, err
	}
	return v.s.work.Words(o)
}

// notYetWords leads to the check where the words cannot be written yet.
func (v *visit) notYetWords(err error) error {
	if faultsOf(err) != nil {
		return v.seeOther("/packet/check")
	}
	return err
}
