package web

import (
	"net/http"

	"homecase/day"
	"homecase/fault"
	"homecase/ops"
	"homecase/share"
)

// sendPlanView is the frozen plan on its way to both.
type sendPlanView struct {
	Boss, Office string
	Heading      string
	Reads        []sectionView // the plan as the other side reads it
	Head         []blockView
	Hash, Nonce  string
	Mark, Size   string
	Sent         string // when it was sent
	Confirmed    string // when it was agreed to
	Word         string
	Drawn        bool
	Extended     bool
	Before       string // what was agreed to before, which this plan ends
	Problem      string
	MayNot       string
	Line         fetchedLine
}

func showSendPlan(v *visit) error { return v.sendPlanPage(http.StatusOK, "") }

func (v *visit) sendPlanPage(status int, problem string) error {
	s, ok, err := v.withOffice()
	if err != nil || !ok {
		return err
	}
	r, err := v.s.work.Round(v.ctx(), v.open)
	if err != nil && fault.KindOf(err) == fault.Missing {
		return v.seeOther("/trial/draw")
	}
	if err != nil {
		return err
	}
	p, err := v.s.work.PreparePlan(v.ctx(), v.open)
	if err != nil {
		return err
	}
	view := sendPlanView{
		Boss: v.boss(), Office: s.Office.OrgName, Hash: p.PlanHash, Nonce: p.NonceHash, Mark: p.Mark, Size: fileSize(int64(p.Bytes())),
		Problem: problem, Drawn: !r.Sealed(), Extended: r.Extended, Line: v.fetched(s), Head: blocksOf(p.Document.Head),
	}
	for _, part := range p.Document.Sections {
		view.Reads = append(view.Reads, sectionView{ID: part.ID, Title: part.Label, Blocks: blocksOf(part.Blocks)})
	}
	view.Heading = v.s.label("send-plan-title")
	if r.Extended {
		view.Heading = v.s.label("send-more-title")
	}
	if t := s.TrialOf(p); t != nil {
		view.Sent = when(t.At)
		if !t.Confirmed.IsZero() {
			view.Confirmed, view.Word = when(t.Confirmed), t.Word
		}
	} else if t := s.Ahead.Trial; t.Running() && t.PlanHash != p.PlanHash {
		view.Before = when(t.Confirmed)
	}
	if st := s.Ahead.State(v.s.work.Now()); view.Sent == "" && st != share.IsAgreed && st != share.IsAccepted {
		view.MayNot = v.s.label("plan-not-agreed")
	}
	return v.show(status, "share-plan", page{Title: view.Heading, Error: problem != "", Tab: "trial", Back: "/trial/draw", Status: officeStatus(s)}, view)
}

func saveSendPlan(v *visit) error {
	_, err := v.s.work.SendPlan(v.ctx(), v.open, v.form().Get("mark"), v.s.label("plan-replaced"))
	return v.sent(err, "/share/plan", func(say string) error { return v.sendPlanPage(http.StatusUnprocessableEntity, say) })
}

// planToSend names the plan that both sides have here and the office has not; ""
// where there is none, or it cannot be sent.
func (v *visit) planToSend() (string, error) {
	if v.open.Course.Trial == nil {
		return "", nil
	}
	if _, err := v.s.work.Store.Pairing(v.ctx()); fault.KindOf(err) == fault.Missing {
		return "", nil // the usual workspace, and one look instead of five
	}
	s, err := v.shared()
	if err != nil || !s.Paired() || !s.Sharing.Erased.IsZero() {
		return "", err
	}
	if st := s.Ahead.State(v.s.work.Now()); st != share.IsAgreed && st != share.IsAccepted {
		return "", nil
	}
	p, err := v.s.work.PreparePlan(v.ctx(), v.open)
	if err != nil || s.TrialOf(p) != nil {
		return "", err
	}
	label := "plan-to-send"
	if v.open.Course.Trial.Extended {
		label = "more-to-send"
	}
	return v.say(v.s.label(label), "{office}", s.Office.OrgName), nil
}

// sendNoteView is a report before it leaves.
type sendNoteView struct {
	Boss, Office, Address string
	Note                  string
	Trial                 string // the trial as it stands, in words
	Size, Hash            string
	Ways                  []string
	Sent                  bool
	Problem, MayNot       string
	Error                 string
	Errors                []field
}

func showSendNote(v *visit) error { return v.sendNotePage(http.StatusOK, "") }

func (v *visit) sendNotePage(status int, problem string) error {
	monday, err := day.Parse(v.r.PathValue("week"))
	if err != nil {
		return errNoPage
	}
	s, ok, err := v.withOffice()
	if err != nil || !ok {
		return err
	}
	r, err := v.s.work.PrepareReport(v.ctx(), v.open, monday)
	if err != nil {
		return err
	}
	view := v.reportView(s, r, problem)
	view.Address, view.Sent = "/share/note/"+monday.String(), ops.Reported(s.Ahead, monday, r.Note)
	return v.show(status, "share-note", page{Title: v.say(v.s.label("send-note-title")), Error: problem != "", Tab: "trial", Back: "/trial/notes/" + monday.String(), Status: officeStatus(s)}, view)
}

func (v *visit) reportView(s *ops.Shared, r *ops.Reporting, problem string) sendNoteView {
	view := sendNoteView{Boss: v.boss(), Office: s.Office.OrgName, Note: r.Note, Problem: problem}
	if r.Document != nil {
		view.Trial, view.Size, view.Hash = r.Document.Title, fileSize(int64(r.Bytes())), r.Report.Document
	}
	for _, w := range r.Ways {
		view.Ways = append(view.Ways, v.say(v.s.label("way-on-"+w)))
	}
	if !s.Ahead.Trial.Running() {
		view.MayNot = v.say(v.s.label("trial-not-both"))
	}
	return view
}

func saveSendNote(v *visit) error {
	monday, err := day.Parse(v.r.PathValue("week"))
	if err != nil {
		return errNoPage
	}
	_, err = v.s.work.SendReport(v.ctx(), v.open, monday)
	return v.sent(err, "/share/note/"+monday.String(), func(say string) error { return v.sendNotePage(http.StatusUnprocessableEntity, say) })
}

func showSendEnd(v *visit) error { return v.sendEndPage(http.StatusOK, "", "", "") }

// sendEndPage shows the end of the trial before it leaves.
func (v *visit) sendEndPage(status int, note, bad, problem string) error {
	s, ok, err := v.withOffice()
	if err != nil || !ok {
		return err
	}
	r, err := v.s.work.Round(v.ctx(), v.open)
	if err != nil && fault.KindOf(err) == fault.Missing {
		return v.seeOther("/trial")
	}
	if err != nil {
		return err
	}
	if note == "" && bad == "" {
		if note, err = v.endWords(r); err != nil {
			return err
		}
	}
	end, err := v.s.work.PrepareEnd(v.ctx(), v.open, note)
	if err != nil {
		return err
	}
	view := v.reportView(s, end, problem)
	view.Address, view.Note, view.Error = "/share/end", note, bad
	if bad != "" {
		view.Errors = []field{{ID: "f-note", Error: bad}}
	}
	if t := s.Ahead.Trial; t != nil && len(t.Reports) > 0 && len(t.Reports[len(t.Reports)-1].Ways) > 0 {
		view.Sent = true
	}
	return v.show(status, "share-end", page{Title: v.say(v.s.label("send-end-title")), Error: bad != "" || problem != "", Tab: "trial", Back: "/trial/end", Status: officeStatus(s)}, view)
}

// endWords are what the trial says, to begin the note with.
func (v *visit) endWords(r *ops.Round) (string, error) {
	reading, err := v.s.work.Reading(v.open, r)
	if err != nil || reading == nil {
		return "", err
	}
	return reading.Analysis.Heading + ". " + reading.Analysis.Sentence, nil
}

func saveSendEnd(v *visit) error {
	a := answers{v.form(), map[string]string{}}
	note := a.text("note")
	if v.form().Get("do") == "stop" {
		return v.stopShared(note)
	}
	if note == "" {
		return v.sendEndPage(http.StatusUnprocessableEntity, "", v.s.label("end-note-missing"), "")
	}
	if a.long("note", share.MaxNote); a.bad["note"] != "" {
		return v.sendEndPage(http.StatusUnprocessableEntity, note, a.bad["note"], "")
	}
	_, err := v.s.work.SendEnd(v.ctx(), v.open, note)
	return v.sent(err, "/share/end", func(say string) error { return v.sendEndPage(http.StatusUnprocessableEntity, note, "", say) })
}

// stopShared ends the trial for both sides, before its end.
func (v *visit) stopShared(note string) error {
	if _, err := v.s.work.StopTrial(v.ctx(), v.open, note); err != nil {
		return v.sent(err, "", func(say string) error { return v.sendEndPage(http.StatusUnprocessableEntity, note, "", say) })
	}
	if err := v.again(); err != nil {
		return err
	}
	if v.open.Course.Trial == nil {
		return v.seeOther("/trial")
	}
	return v.seeOther("/trial/end")
}
