package web

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"homecase/day"
	"homecase/fault"
	"homecase/ops"
	"homecase/trial"
)

// noteView is a Friday note: the draft, or what became of it.
type noteView struct {
	Boss, Week    string
	Office        string // through which the case is shared
	Monday        string
	Subject, Text string
	Words         int
	CheckThis     string
	Errors        []field
	Sent          string // when it was approved
	Skipped       bool
	Address       string
}

// noteOf is the note of the week that the address names by its Monday.
func (v *visit) noteOf() (*ops.Round, day.Date, *trial.Note, error) {
	monday, err := day.Parse(v.r.PathValue("week"))
	if err != nil {
		return nil, monday, nil, errNoPage
	}
	r, err := v.s.work.Round(v.ctx(), v.open)
	if err != nil {
		return nil, monday, nil, err
	}
	n, err := v.s.work.NoteDraft(r, monday)
	return r, monday, n, err
}

func showNote(v *visit) error {
	r, monday, draft, err := v.noteOf()
	if err != nil {
		return err
	}
	view := noteView{Subject: draft.Subject, Text: draft.Text}
	if n, ok := r.Note(monday); ok && v.r.URL.Query().Get("again") == "" {
		if view.Skipped = n.Skipped; !n.Skipped {
			view.Text, view.Sent = n.Text, v.kase().Locale().WeekdayDate(day.Of(n.Sent))
		}
	}
	return v.notePage(http.StatusOK, monday, view)
}

func (v *visit) notePage(status int, monday day.Date, view noteView) error {
	var err error
	if view.Office, err = v.sharedAt(); err != nil {
		return err
	}
	view.Monday = monday.String()
	view.Boss, view.Address = v.boss(), "/trial/notes/"+monday.String()
	view.Week = v.kase().Locale().Date(monday)
	view.Words = len(strings.Fields(view.Text))
	return v.show(status, "trial-note", page{Title: v.say(v.s.label("note-title")), Tab: "trial", Back: "/trial", Error: len(view.Errors) > 0}, view)
}

// saveNote approves a note, passes over it, or hands an approved one over.
func saveNote(v *visit) error {
	r, monday, draft, err := v.noteOf()
	if err != nil {
		return err
	}
	back := "/trial/notes/" + monday.String()
	switch v.form().Get("do") {
	case "skip":
		open, err := v.s.work.KeepNote(v.ctx(), v.open, monday, "")
		if err != nil {
			return err
		}
		v.open = open
		return v.seeOther("/trial")
	case "mail":
		n, ok := r.Note(monday)
		if !ok || n.Skipped {
			return v.seeOther(back)
		}
		return v.sendNote(draft.Subject, n.Text, monday)
	}
	a := answers{v.form(), map[string]string{}}
	text := a.text("text")
	view := noteView{Subject: draft.Subject, Text: text}
	words := len(strings.Fields(text))
	switch {
	case text == "":
		view.Errors = []field{{ID: "text", Error: v.s.label("note-empty")}}
	case len(text) > 10_000:
		view.Errors = []field{{ID: "text", Error: v.s.label("note-long")}}
	case words > trial.MaxNoteWords && v.form().Get("sure") == "":
		view.CheckThis = v.say(v.s.label("note-words"), "{words}", strconv.Itoa(words), "{most}", strconv.Itoa(trial.MaxNoteWords))
		return v.notePage(http.StatusOK, monday, view)
	}
	if len(view.Errors) > 0 {
		return v.notePage(http.StatusUnprocessableEntity, monday, view)
	}
	if n, ok := r.Note(monday); !ok || n.Text != text { // pressed twice, it is one note
		if err := v.s.work.Departing(v.ctx(), v.open.ID, "Friday note, week of "+monday.String(), v.kase().Boss.Name, []byte(text)); err != nil {
			return err
		}
		if v.open, err = v.s.work.KeepNote(v.ctx(), v.open, monday, text); err != nil {
			return err
		}
	}
	return v.seeOther(back)
}

// sendNote hands an approved note over as a message.
func (v *visit) sendNote(subject, text string, monday day.Date) error {
	message, err := v.s.work.NoteMail(v.open, subject, text)
	if err != nil {
		return err
	}
	return v.handOver("friday-note-"+monday.String()+".eml", message)
}

// handOver records a file and lets the browser save it.
func (v *visit) handOver(name string, data []byte) error {
	if err := v.s.work.Departing(v.ctx(), v.open.ID, name, v.s.label("to-downloads"), data); err != nil {
		return err
	}
	kinds := map[string]string{"eml": "message/rfc822", "txt": "text/plain; charset=utf-8", "csv": "text/csv; charset=utf-8", "yaml": "application/yaml", "json": "application/json", "pdf": "application/pdf", "html": "text/html; charset=utf-8",
		"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
	kind := kinds[name[strings.LastIndexByte(name, '.')+1:]]
	if kind == "" {
		kind = "application/octet-stream"
	}
	h := v.w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Length", strconv.Itoa(len(data)))
	_, _ = v.w.Write(data) // the browser is gone: nobody is left to tell
	return nil
}

// sendReport hands over one file of the report of the trial that runs, or of
// the one decided last.
func sendReport(v *visit) error {
	r, err := v.s.work.Round(v.ctx(), v.open)
	if fault.KindOf(err) == fault.Missing {
		r, err = v.s.work.LastRound(v.ctx(), v.open)
	}
	if err != nil {
		return err
	}
	files, err := v.s.work.ReportFiles(v.ctx(), v.open, r)
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.Name == v.form().Get("file") {
			return v.handOver(f.Name, f.Data)
		}
	}
	return errNoPage
}
