package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"homecase"
	"homecase/fault"
	"homecase/ops"
	"homecase/readiness"
)

// packetScreens are the pages that make the packet.
func packetScreens() []screen {
	return []screen{
		{path: "/packet/check", get: checkPacket, post: leaveCheck},
		{path: "/packet", get: choosePacket, post: makePacket},
		{path: "/packet/making", get: makingPacket},
		{path: "/packet/made", get: madePacket},
		{path: "/packet/letter", get: showLetter},
		{path: "/packet/slides", get: showSlides},
		{path: "/packet/reminder.ics", get: reminder},
		{path: "/files/{name}", get: packetFile},
	}
}

// packetBinders ties the questions of the packet to the case.
func packetBinders() map[string]binder {
	return map[string]binder{
		"addresses": {
			fill: func(v *visit, a answers) {
				a.Set("mine", v.kase().Person.Email)
				a.Set("boss", v.kase().Boss.Email)
			},
			take: func(_ *visit, a answers, c *homecase.Case, _ *homecase.Course) {
				c.Person.Email, c.Boss.Email = a.line("mine"), a.line("boss")
			},
			next: func(*visit) string { return "/packet" },
		},
	}
}

// fileRow is a format that can be made, or a file that was made.
type fileRow struct {
	Name, Label, Note, Size string
	On                      bool
	ID                      string
}

type chooseView struct {
	Boss     string
	Form     form
	Files    []fileRow
	FileBad  string
	Paper    field
	Large    bool
	With     []fileRow
	Last     *madeView
	NotReady *notReady
	Closed   bool
}

// formats are the files a person can ask for, in the order of the page.
func formats() []string { return append(ops.Formats(), ops.ExtraFormats()...) }

// choosePacket asks what to make. Who has not looked the case over yet does
// that first.
func choosePacket(v *visit) error {
	if v.open.Course.Visited[homecase.TaskCheck] == "" && len(v.open.Course.Made) == 0 {
		return v.seeOther("/packet/check")
	}
	a := newAnswers()
	a.Values["only"] = []string{"one-page.pdf", "letter.docx"}
	if n := len(v.open.Course.Made); n > 0 {
		last := v.open.Course.Made[n-1]
		a.Values["only"], a.Values["with"] = last.Only, last.With
		a.Set("paper", last.Paper)
		if last.Large {
			a.Set("large", "yes")
		}
	}
	return v.choose(http.StatusOK, a)
}

func (v *visit) choose(status int, a answers) error {
	view := chooseView{Boss: v.boss(), Form: form{Action: "/packet"}, FileBad: a.bad["only"], Large: a.Get("large") != ""}
	for i, name := range formats() {
		view.Files = append(view.Files, fileRow{ID: "f-only-" + itoa(i+1), Name: name, Label: v.s.label("file-" + name), Note: v.say(v.s.label("file-" + name + "-note")), On: slices.Contains(a.Values["only"], name)})
	}
	for _, name := range ops.Appendices() {
		view.With = append(view.With, fileRow{ID: "f-with-" + name, Name: name, Label: v.s.label("with-" + name), Note: v.s.label("with-" + name + "-note"), On: slices.Contains(a.Values["with"], name)})
	}
	view.Paper = field{ID: "f-paper", Name: "paper", Kind: "choice", Label: "Paper", Options: []option{
		{ID: "f-paper-1", Value: "", Label: "The usual size of my country", On: a.Get("paper") == ""},
		{ID: "f-paper-2", Value: "a4", Label: "A4", On: a.Get("paper") == "a4"},
		{ID: "f-paper-3", Value: "letter", Label: "US Letter", On: a.Get("paper") == "letter"},
	}}
	if view.FileBad != "" {
		view.Form.Fields = []field{{ID: "f-only-1", Name: "only", Error: view.FileBad}}
	}
	review, err := v.s.work.Review(v.open)
	if err != nil {
		return err
	}
	view.NotReady, view.Closed = v.notReady(review), review.Closed()
	if view.Last, err = v.lastMade(); err != nil {
		return err
	}
	return v.show(status, "choose", page{Title: "What do you want to make?", Error: len(a.bad) > 0, Tab: "packet", Back: "/packet/check", BackTo: "Check"}, view)
}

// makePacket begins to build and leads to the page that shows how far it is.
func makePacket(v *visit) error {
	a := answers{v.form(), map[string]string{}}
	o := ops.BuildOptions{Paper: a.line("paper"), Large: a.Get("large") != ""}
	for _, name := range formats() {
		if slices.Contains(a.Values["only"], name) {
			o.Only = append(o.Only, name)
		}
	}
	for _, name := range ops.Appendices() {
		if slices.Contains(a.Values["with"], name) {
			o.With = append(o.With, name)
		}
	}
	if len(o.Only) == 0 {
		a.refuse("only", "Select at least one")
	}
	if len(a.bad) > 0 {
		return v.choose(http.StatusUnprocessableEntity, a)
	}
	if _, err := v.s.work.Ready(v.open); err != nil {
		if fault.KindOf(err) != fault.Finding {
			return err
		}
		return v.choose(http.StatusUnprocessableEntity, a)
	}
	id := v.open.ID
	v.s.jobs.begin(id, func(ctx context.Context, tell func(ops.Step)) error {
		o.Progress = tell
		_, err := v.s.work.MakePacket(ctx, id, o)
		return err
	})
	return v.seeOther("/packet/making")
}

// moment is how long a page waits for work that is nearly done.
const moment = 300 * time.Millisecond

type makingView struct {
	Done, Of  int
	What      string
	Faults    []faultRow
	Composing bool
}

// makingPacket shows how far the packet is, and leads on once it is made.
func makingPacket(v *visit) error {
	j := v.s.jobs.of(v.open.ID)
	if j == nil {
		return v.seeOther("/packet")
	}
	if !j.within(v.ctx(), moment) {
		step, _ := j.state()
		view := makingView{Done: step.Done, Of: max(step.Of, 1), What: v.s.label("file-" + step.What), Composing: step.Done == 0}
		return v.ok("making", page{Title: "Making your packet", Tab: "packet", Refresh: 1, Wide: true}, view)
	}
	_, err := j.state()
	if err == nil {
		v.s.jobs.forget(v.open.ID)
		return v.seeOther("/packet/made")
	}
	list := faultsOf(err)
	if list == nil {
		v.s.jobs.forget(v.open.ID)
		return err
	}
	rows, err := v.faultRows(list)
	if err != nil {
		return err
	}
	return v.ok("making", page{Title: "The packet was not made", Error: true, Tab: "packet", Back: "/packet/check", BackTo: "Check"}, makingView{Faults: rows})
}

// notReady says kindly why there is no packet for this ask, and what instead.
type notReady struct {
	Less               bool
	Heading, Lede      string
	Reasons            []faultRow
	OpensOn            string
	Steps              []string
	Asked, Supported   string
	NewInJob, Reminder bool
}

func (v *visit) notReady(r *ops.Review) *notReady {
	if len(r.NotReady) == 0 {
		return nil
	}
	n := &notReady{Asked: readiness.Days(r.Verdict.DaysAsked), Supported: readiness.Days(r.Verdict.DaysSupported)}
	if r.Verdict.Word == readiness.ReadyForLess {
		n.Less = true
		n.Heading = v.say(v.s.label("less-heading"), "{supported}", n.Supported)
		n.Lede = v.say(v.s.label("less-lede"), "{asked}", n.Asked, "{supported}", n.Supported)
		return n
	}
	n.Heading, n.Lede = v.s.label("notyet-heading"), v.say(v.s.label("notyet-lede"))
	for _, f := range r.NotReady[1:] {
		n.Reasons = append(n.Reasons, faultRow{Say: f.Say, Next: f.Next})
	}
	if on := r.Verdict.OpensOn; !on.IsZero() {
		n.OpensOn, n.Reminder = v.kase().Locale().Date(on), true
		n.Heading = v.say(v.s.label("notyet-date"), "{date}", n.OpensOn)
	}
	return n
}

// size writes bytes as a person reads them.
func size(n int) string {
	if n < 1000 {
		return strconv.Itoa(n) + " bytes"
	}
	if n < 1_000_000 {
		return strconv.Itoa((n+500)/1000) + " kB"
	}
	return strings.TrimSuffix(strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64), ".0") + " MB"
}

func pagesWord(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 page"
	}
	return strconv.Itoa(n) + " pages"
}
