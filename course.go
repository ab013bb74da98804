package homecase

import (
	"bytes"
	"encoding/json"
	"time"

	"homecase/day"
	"homecase/fault"
	"homecase/plan"
)

// Course is what became of a case outside its file: the pages the person has
// seen, the trial that was drawn, the notes that were sent, what was decided.
// Nothing of it is shared.
type Course struct {
	// Version is the version of this document: 1.
	Version int `json:"version"`
	// Visited holds the tasks the person has answered or passed over; an optional
	// one counts as done once it is in here.
	Visited map[TaskID]Visit `json:"visited,omitempty"`
	// Rehearsed holds the cards of the rehearsal by their concern.
	Rehearsed map[string]CardState `json:"rehearsed,omitempty"`
	// Made are the packets that were built, the latest last.
	Made []Made `json:"made,omitempty"`
	// Trial is the trial that is drawn and running, or waiting for its decision.
	Trial *RunningTrial `json:"trial,omitempty"`
	// Past are the trials that were decided, the latest last.
	Past []PastTrial `json:"past,omitempty"`
	// Answer is which answer of the record shared with an office is in the case
	// already; empty before the first.
	Answer string `json:"answer,omitempty"`
	// Before is the plan as it was before changes were accepted, so that they can
	// be taken out again; nil where none were.
	Before *plan.Plan `json:"before,omitempty"`
}

// Visit is how the person left a page.
type Visit string

// The visits.
const (
	Answered Visit = "answered"
	Skipped  Visit = "skipped"
)

// Visit notes that the person has been at a task. An answer counts more than
// passing over.
func (c *Course) Visit(id TaskID, how Visit) {
	if id == "" || c.Visited[id] == Answered {
		return
	}
	visited := map[TaskID]Visit{id: how}
	for k, was := range c.Visited {
		if k != id {
			visited[k] = was
		}
	}
	c.Visited = visited
}

// CardState is what the person said of a rehearsal card.
type CardState string

// The states of a card.
const (
	CardReady CardState = "ready"
	CardAgain CardState = "again"
)

// Made is a packet that was built.
type Made struct {
	At       time.Time    `json:"at"`
	Revision int64        `json:"revision"` // of the case it was made from
	Paper    string       `json:"paper,omitempty"`
	Large    bool         `json:"large,omitempty"`
	Only     []string     `json:"only,omitempty"`
	With     []string     `json:"with,omitempty"` // what stands behind the packet
	Files    []RecordFile `json:"files"`
}

// RunningTrial is a drawn trial.
type RunningTrial struct {
	// Plan is the frozen plan, as trial draw writes it; without the record of the draw while the word of the boss is awaited.
	Plan []byte `json:"plan"`
	// Nonce is the secret of the draw, in hexadecimal; it goes into the report
	// once no day is still to come.
	Nonce string `json:"nonce"`
	// Rung is the rung of the ladder that is tried.
	Rung plan.RungID `json:"rung,omitempty"`
	// Agreed is the day on which both agreed to the plan.
	Agreed day.Date `json:"agreed,omitzero"`
	// Notes are the Friday notes by the Monday of their week.
	Notes []WeekNote `json:"notes,omitempty"`
	// Extended tells that the one agreed extension runs.
	Extended bool `json:"extended,omitempty"`
}

// WeekNote is what became of one Friday note.
type WeekNote struct {
	Monday  day.Date  `json:"monday"`
	Text    string    `json:"text,omitempty"` // as the person approved it
	Sent    time.Time `json:"sent,omitzero"`
	Skipped bool      `json:"skipped,omitempty"`
}

// PastTrial is a trial that was decided.
type PastTrial struct {
	RunningTrial
	// Decision is continue, stop or next_rung; an extension goes on as the same trial.
	Decision Decision `json:"decision"`
	// On is the day of the decision.
	On day.Date `json:"on"`
	// Verdict is the trial's word at that time.
	Verdict plan.Verdict `json:"verdict,omitempty"`
}

// Decision is what both decided at the end of a trial.
type Decision string

// The decisions.
const (
	Continue Decision = "continue" // keep the arrangement as it is
	Stop     Decision = "stop"
	Climb    Decision = "next_rung"
)

// courseVersion is the version of the course this program writes.
const courseVersion = 1

// EncodeCourse writes a course for a store.
func EncodeCourse(c Course) ([]byte, error) {
	c.Version = courseVersion
	return json.Marshal(c)
}

// DecodeCourse reads a course, strictly. Nothing is an empty course.
func DecodeCourse(text []byte) (Course, error) {
	c := Course{Version: courseVersion}
	if len(text) == 0 {
		return c, nil
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&c); err != nil {
		var newer struct{ Version int }
		if json.Unmarshal(text, &newer) == nil && newer.Version > courseVersion {
			return Course{}, fault.New(fault.Invalid, "HC-CASE-11", "This case was kept by a newer homecase.").Then("Open it with that one. Nothing was changed.")
		}
		return Course{}, fault.New(fault.Internal, "HC-CASE-12", "The notes on the course of this case cannot be read.").Because(err)
	}
	if c.Version > courseVersion {
		return Course{}, fault.New(fault.Invalid, "HC-CASE-11", "This case was kept by a newer homecase.").Then("Open it with that one. Nothing was changed.")
	}
	return c, nil
}

// Clone returns a course that shares nothing with c.
func (c Course) Clone() (Course, error) {
	text, err := EncodeCourse(c)
	if err != nil {
		return Course{}, err
	}
	return DecodeCourse(text)
}
