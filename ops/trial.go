package ops

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"strings"

	"homecase"
	"homecase/content"
	"homecase/fault"
	"homecase/trial"
)

// Codes of the verbs about a trial.
const (
	codeNonce   fault.Code = "HC-OPS-20" // a nonce that is no hexadecimal number, or none where one is needed
	codeDrawn   fault.Code = "HC-OPS-21" // the plan was drawn already, otherwise
	codeNoTrial fault.Code = "HC-OPS-22" // the file holds no trial
)

// trialSource is a trial's plan with what surrounds it.
type trialSource struct {
	plan     trial.Plan
	path     string
	frozen   string         // where a draw of this plan is recorded
	kase     *homecase.Case // nil for a plan file
	text     []byte         // the plan file, to which a draw is added
	assigned []trial.Home   // the days of a report, as they were assigned
}

// loadTrial reads a plan file, a case file or the report of a trial.
func (d *Desk) loadTrial(path string) (*trialSource, error) {
	data, err := content.ReadLarge(path, maxPacket)
	if err != nil {
		return nil, err
	}
	if printed(data) {
		return d.trialOfReport(path, data)
	}
	t, err := content.Parse(path, data)
	if err != nil {
		return nil, err
	}
	if holds(t, "person") || holds(t, "boss") {
		return d.trialOfCase(path)
	}
	p, err := trial.ReadPlan(path, data)
	if err != nil {
		return nil, err
	}
	return &trialSource{plan: p, path: path, frozen: path, text: data}, nil
}

// holds tells whether a document has a top-level key. The place of a key that
// is not there is the start of the document.
func holds(t *content.Tree, key string) bool {
	at, start := t.Place(key), t.Place("")
	return at.Line != start.Line || at.Column != start.Column
}

// trialOfCase takes the trial out of a case. Its draw stands in a file beside
// the case, because the plan follows from many parts of a case.
func (d *Desk) trialOfCase(path string) (*trialSource, error) {
	c, err := d.Load(path)
	if err != nil {
		return nil, err
	}
	p, ok, err := c.TrialPlan(d.holidays(c))
	if err != nil {
		return nil, placed(path, err)
	}
	if !ok {
		return nil, fault.New(fault.Invalid, codeNoTrial, "This case has no trial yet.").At(fault.Place{File: path}).
			Then("Give plan.start and plan.weeks, or list the weeks under trial.")
	}
	if err := p.Complete(); err != nil {
		return nil, placed(path, err)
	}
	s := &trialSource{plan: p, path: path, kase: c, frozen: strings.TrimSuffix(path, filepath.Ext(path)) + ".trial.yaml"}
	text, err := os.ReadFile(s.frozen)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, content.OpenFault(s.frozen, err)
	}
	drawn, err := trial.ReadPlan(s.frozen, text)
	if err != nil {
		return nil, err
	}
	s.plan.Drawn = drawn.Drawn
	return s, nil
}

// trialOfReport takes the plan out of the working of a report.
func (d *Desk) trialOfReport(path string, data []byte) (*trialSource, error) {
	got, _, err := reading(path, data)
	if err != nil {
		return nil, err
	}
	none := fault.New(fault.Invalid, codeNoTrial, "This file holds no trial that was drawn.").At(fault.Place{File: path})
	if got.Working == nil || !homecase.IsReport(got.Working) {
		return nil, none
	}
	w, err := homecase.ReadReport(path, got.Working)
	if err != nil {
		return nil, err
	}
	s := &trialSource{plan: w.Trial.Plan, path: path}
	for _, x := range w.Trial.Days {
		s.assigned = append(s.assigned, trial.Home{Date: x.Date, Home: x.Assigned == trial.AtHome})
	}
	return s, nil
}

// PlannedTrial is what a plan can show.
type PlannedTrial struct {
	*trial.Odds
	Hash string `json:"plan_sha256"`
}

// TooFew tells whether the lottery has too few schedules for any verdict.
func (p *PlannedTrial) TooFew() bool {
	return p.NAssignments.Cmp(big.NewInt(trial.MinSchedules)) < 0
}

// PlanTrial says what a trial can show before it starts.
func (d *Desk) PlanTrial(path string) (*PlannedTrial, error) {
	s, err := d.loadTrial(path)
	if err != nil {
		return nil, err
	}
	odds, err := trial.PlanOdds(s.plan)
	if err != nil {
		return nil, placed(path, err)
	}
	hash, err := s.plan.Hash()
	if err != nil {
		return nil, err
	}
	return &PlannedTrial{Odds: odds, Hash: hash}, nil
}

// DrawOptions say how home days are drawn.
type DrawOptions struct {
	Nonce string // hexadecimal; empty makes one, or takes the one kept beside the plan
	Word  string // of the boss; empty asks for it
	// Ask shows the two hashes and takes the boss's word.
	Ask func(trial.Commitment) (string, error)
}

// DrawnTrial is what a draw shows.
type DrawnTrial struct {
	trial.Commitment
	PlanFile     string       `json:"plan_file"`
	NonceFile    string       `json:"nonce_file"` // empty where the nonce was given
	NAssignments *big.Int     `json:"n_assignments"`
	Days         []trial.Home `json:"days"` // up to the end of next week
	Hidden       int          `json:"days_hidden"`
	Warnings     []string     `json:"warnings"`
}

// noWord is the warning of a draw in which only one side had a hand.
const noWord = "No word was given. Only a word from the other side, given after the hashes, rules out that one side drew again and again."

// DrawTrial draws the home days and freezes the plan. A plan that was drawn
// already shows its days again; it is never drawn anew.
func (d *Desk) DrawTrial(path string, o DrawOptions) (*DrawnTrial, error) {
	s, err := d.loadTrial(path)
	if err != nil {
		return nil, err
	}
	if s.frozen == "" {
		return nil, fault.New(fault.Invalid, codeNoTrial, "A report cannot be drawn again.").At(fault.Place{File: path}).Then("Use homecase trial replay.")
	}
	if s.plan.Drawn != nil {
		return d.drawnBefore(s, o)
	}
	if _, err := trial.Freeze(s.plan, make([]byte, trial.MinNonce)); err != nil {
		return nil, placed(path, err) // refused before anything is written or asked
	}
	nonce, kept, err := d.nonce(s, o.Nonce)
	if err != nil {
		return nil, err
	}
	promised, err := trial.Freeze(s.plan, nonce)
	if err != nil {
		return nil, placed(path, err)
	}
	word := strings.TrimSpace(o.Word)
	if word == "" {
		if word, err = o.Ask(promised); err != nil {
			return nil, err
		}
	}
	draw, err := trial.DrawDays(s.plan, nonce, word)
	if err != nil {
		return nil, placed(path, err)
	}
	draw.On = dayOf(d)
	if err := s.freeze(draw.Commitment); err != nil {
		return nil, err
	}
	return d.show(s, draw, kept)
}

// drawnBefore shows the days of a plan that was drawn already.
func (d *Desk) drawnBefore(s *trialSource, o DrawOptions) (*DrawnTrial, error) {
	was := *s.plan.Drawn
	if err := was.Matches(s.plan); err != nil {
		return nil, changedAt(s, err)
	}
	given, kept := o.Nonce, ""
	if given == "" {
		text, err := os.ReadFile(s.nonceFile())
		if err != nil {
			return nil, fault.New(fault.Invalid, codeDrawn, "This plan was drawn on %s, and its nonce is not beside it.", was.On).At(fault.Place{File: s.frozen}).
				Then("Give it with --nonce to see the days again.")
		}
		given, kept = strings.TrimSpace(string(text)), s.nonceFile()
	}
	nonce, err := ReadNonce(given)
	if err != nil {
		return nil, err
	}
	if word := strings.TrimSpace(o.Word); word != "" && word != was.Word {
		return nil, fault.New(fault.Invalid, codeDrawn, "This plan was drawn on %s with another word.", was.On).At(fault.Place{File: s.frozen}).
			Then("A draw is done once. A changed plan is a new plan.")
	}
	draw, err := trial.Replay(s.plan, was, nonce)
	if err != nil {
		return nil, placed(s.frozen, err)
	}
	return d.show(s, draw, kept)
}

// show hides the days beyond next week.
func (d *Desk) show(s *trialSource, draw trial.Draw, kept string) (*DrawnTrial, error) {
	setting, err := s.plan.Setting()
	if err != nil {
		return nil, err
	}
	out := &DrawnTrial{Commitment: draw.Commitment, PlanFile: s.frozen, NonceFile: kept, NAssignments: setting.Lottery.Count(), Days: draw.Until(dayOf(d)), Warnings: []string{}}
	if out.Days == nil {
		out.Days = []trial.Home{}
	}
	out.Hidden = len(draw.Days) - len(out.Days)
	if draw.Word == "" {
		out.Warnings = append(out.Warnings, noWord)
	}
	return out, nil
}

func (s *trialSource) nonceFile() string {
	return strings.TrimSuffix(s.frozen, filepath.Ext(s.frozen)) + ".nonce"
}

// nonce returns the secret number of a draw: the one given, the one kept from
// a draw that was not finished, or a new one, which is kept first.
func (d *Desk) nonce(s *trialSource, given string) (nonce []byte, kept string, err error) {
	if given != "" {
		nonce, err = ReadNonce(given)
		return nonce, "", err
	}
	kept = s.nonceFile()
	if text, err := os.ReadFile(kept); err == nil {
		nonce, err = ReadNonce(strings.TrimSpace(string(text)))
		if err != nil {
			return nil, "", placed(kept, err)
		}
		return nonce, kept, nil
	}
	if d.Random == nil {
		return nil, "", fault.New(fault.Internal, codeNonce, "This desk has no source of random numbers.")
	}
	nonce = make([]byte, 32)
	if _, err := io.ReadFull(d.Random, nonce); err != nil {
		return nil, "", fault.New(fault.Internal, codeNonce, "The machine gives no random numbers.").Because(err)
	}
	return nonce, kept, content.CreateFile(kept, []byte(hex.EncodeToString(nonce)+"\n"))
}

// ReadNonce reads a nonce as it is written: hexadecimal, of at least 16 bytes.
func ReadNonce(s string) ([]byte, error) {
	b, err := hex.DecodeString(strings.TrimSpace(s))
	switch {
	case err != nil:
		return nil, fault.New(fault.Invalid, codeNonce, "A nonce is a hexadecimal number: the digits 0 to 9 and the letters a to f, in pairs.")
	case len(b) < trial.MinNonce || len(b) > 1024:
		return nil, fault.New(fault.Invalid, codeNonce, "This nonce has %d bytes and needs at least %d.", len(b), trial.MinNonce)
	}
	return b, nil
}

// freeze records the draw with the plan: at the end of a plan file, so that
// nothing a person wrote is lost, or in a file beside a case.
func (s *trialSource) freeze(c trial.Commitment) error {
	p := s.plan
	p.Drawn = &c
	record := struct {
		Draw *trial.Commitment `json:"draw"`
	}{&c}
	tail, err := content.Encode(record)
	if err != nil {
		return err
	}
	whole, err := frozenPlan(p)
	if err != nil {
		return err
	}
	if s.kase != nil {
		return content.CreateFile(s.frozen, whole)
	}
	text := append(bytes.TrimRight(bytes.Clone(s.text), " \n\r\t"), ("\n\n" + drawnNote(c) + string(tail))...)
	if again, err := trial.ReadPlan(s.path, text); err != nil || again.Drawn == nil || c.Matches(again) != nil {
		text = whole // written in one line, or as JSON: the record cannot stand below it
	}
	return content.WriteFile(s.frozen, text)
}

func drawnNote(c trial.Commitment) string {
	return fmt.Sprintf("# Drawn on %s. The plan may not be changed any more: a changed plan is a new plan.\n", c.On)
}

// frozenPlan writes a plan whole, with the record of its draw where it has one.
func frozenPlan(p trial.Plan) ([]byte, error) {
	text, err := content.Encode(p)
	if err == nil && p.Drawn != nil {
		text = append([]byte(drawnNote(*p.Drawn)), text...)
	}
	return text, err
}

// changedAt words a change after the draw with its place: the record of it.
func changedAt(s *trialSource, err error) error {
	var one *fault.Error
	if !errors.As(err, &one) || one.Code != trial.CodeChanged {
		return placed(s.path, err)
	}
	place := fault.Place{File: s.frozen}
	if t, perr := content.Parse(s.frozen, s.text); perr == nil && s.kase == nil {
		place = t.Place("draw")
	} else if place.File == "" {
		place.File = s.path
	}
	if place.Line == 0 {
		place.Line = 1
	}
	return &fault.Error{Kind: fault.Invalid, Code: one.Code, Say: one.Say, Next: one.Next, Place: place, Err: one.Err}
}

// ReplayedTrial is a draw that was repeated.
type ReplayedTrial struct {
	trial.Commitment
	Checked  bool         `json:"checked"`       // against the hashes published at the draw
	Compared int          `json:"days_compared"` // of a report: days assigned as the draw has them
	Days     []trial.Home `json:"days"`
}

// ReplayTrial repeats a draw. Word counts only where the plan has no record of
// a draw.
func (d *Desk) ReplayTrial(path, nonce, word string) (*ReplayedTrial, error) {
	s, err := d.loadTrial(path)
	if err != nil {
		return nil, err
	}
	secret, err := ReadNonce(nonce)
	if err != nil {
		return nil, err
	}
	if s.plan.Drawn == nil {
		draw, err := trial.DrawDays(s.plan, secret, word)
		if err != nil {
			return nil, placed(path, err)
		}
		return &ReplayedTrial{Commitment: draw.Commitment, Days: draw.Days}, nil
	}
	draw, err := trial.Replay(s.plan, *s.plan.Drawn, secret)
	if err != nil {
		return nil, placed(path, err)
	}
	out := &ReplayedTrial{Commitment: draw.Commitment, Checked: true, Days: draw.Days}
	drawn := map[string]bool{}
	for _, h := range draw.Days {
		drawn[h.Date.String()] = h.Home
	}
	for _, h := range s.assigned {
		if drawn[h.Date.String()] != h.Home {
			return nil, fault.New(fault.Finding, trial.CodeUndrawn, "%s is assigned otherwise in this report than the draw with this nonce has it.", h.Date).At(fault.Place{File: path})
		}
		out.Compared++
	}
	return out, nil
}
