package homecase

import (
	"bytes"
	"encoding/hex"
	"encoding/json"

	"homecase/content"
	"homecase/day"
	"homecase/fault"
	"homecase/packet"
	"homecase/trial"
)

// TrialRecord is what a trial's report is composed from, and what travels in
// it: the frozen plan, the days, and the nonce once the trial is over. Notes
// and the reasons of missing days are no part of it.
type TrialRecord struct {
	Person   string        `json:"person,omitempty"`
	Boss     string        `json:"boss,omitempty"`
	Country  string        `json:"country"`
	Currency string        `json:"currency,omitempty"`
	Made     day.Date      `json:"made"` // the last day with a row
	Plan     trial.Plan    `json:"plan"`
	Measures []string      `json:"measures,omitempty"` // the further columns
	Days     []RecordedDay `json:"days"`
	Baseline []RecordedDay `json:"baseline,omitempty"`
	Through  day.Date      `json:"through,omitzero"`
	At       []string      `json:"at,omitempty"`
	Draws    int           `json:"draws,omitempty"`
	Nonce    string        `json:"nonce,omitempty"` // hexadecimal
	// Memory is that of earlier analyses of the plan; it is no part of the record.
	Memory *trial.Memory `json:"-"`
}

// RecordedDay is one day of the trial.
type RecordedDay struct {
	Date     day.Date            `json:"date"`
	Assigned trial.Place         `json:"assigned,omitempty"`
	Place    trial.Place         `json:"place,omitempty"`
	Value    *float64            `json:"value"`
	More     map[string]*float64 `json:"more,omitempty"`
}

// NewTrialRecord takes what may be shared out of what an analysis reads.
func NewTrialRecord(in trial.Input) TrialRecord {
	r := TrialRecord{Country: "GB", Plan: in.Plan, Measures: in.Days.Columns, Days: recorded(in.Days), Through: in.Through, At: in.At, Draws: in.Draws, Memory: in.Memory}
	if n := len(r.Days); n > 0 {
		r.Made = r.Days[n-1].Date
	}
	if in.Baseline != nil {
		r.Baseline = recorded(*in.Baseline)
	}
	if in.Plan.Agreed != nil && len(in.Plan.Agreed.By) > 1 {
		r.Person, r.Boss = in.Plan.Agreed.By[0], in.Plan.Agreed.By[1]
	}
	if in.Nonce != nil {
		r.Nonce = hex.EncodeToString(in.Nonce)
	}
	return r
}

func recorded(d trial.Days) []RecordedDay {
	out := make([]RecordedDay, len(d.Rows))
	for i, r := range d.Rows {
		out[i] = RecordedDay{Date: r.Date, Assigned: r.Assigned, Place: r.Place, Value: r.Value, More: r.More}
	}
	return out
}

// Input is what the analysis of a record reads.
func (r TrialRecord) Input() (trial.Input, error) {
	in := trial.Input{Plan: r.Plan, Days: r.days(r.Days), At: r.At, Draws: r.Draws, Through: r.Through, Memory: r.Memory}
	if len(r.Baseline) > 0 {
		b := r.days(r.Baseline)
		in.Baseline = &b
	}
	if r.Nonce != "" {
		nonce, err := hex.DecodeString(r.Nonce)
		if err != nil {
			return in, fault.New(fault.Invalid, trial.CodeNonce, "The nonce is not a hexadecimal number.")
		}
		in.Nonce = nonce
	}
	return in, nil
}

func (r TrialRecord) days(rows []RecordedDay) trial.Days {
	d := trial.Days{Columns: r.Measures}
	for i, x := range rows {
		d.Rows = append(d.Rows, trial.Row{Line: i + 2, Date: x.Date, Assigned: x.Assigned, Place: x.Place, Value: x.Value, More: x.More})
	}
	return d
}

// ReportWorking is what travels inside a trial's report.
type ReportWorking struct {
	// Homecase is the version of the program that made the report.
	Homecase string         `json:"homecase"`
	Document packet.Kind    `json:"document"`
	Trial    TrialRecord    `json:"trial"`
	Facts    []WorkingFact  `json:"facts"`
	Numbers  []packet.Entry `json:"numbers"`
}

// IsReport tells whether a working belongs to the report of a trial.
func IsReport(text []byte) bool {
	var head struct {
		Document packet.Kind `json:"document"`
	}
	return json.Unmarshal(text, &head) == nil && head.Document == packet.Report
}

// ReadReport reads the working of a trial's report, strictly.
func ReadReport(name string, text []byte) (*ReportWorking, error) {
	bad := func(err error) error {
		return fault.New(fault.Invalid, "HC-REPORT-01", "The working of this report cannot be read.").At(fault.Place{File: name}).Because(err)
	}
	if len(text) > content.MaxBytes {
		return nil, bad(nil)
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	w := new(ReportWorking)
	if err := dec.Decode(w); err != nil || dec.More() {
		return nil, bad(err)
	}
	if w.Document != packet.Report {
		return nil, bad(nil)
	}
	if len(w.Trial.Days) > trial.MaxRows || len(w.Trial.Baseline) > trial.MaxRows || w.Trial.Draws > trial.ReportDraws || len(w.Trial.At) > 100 {
		return nil, fault.New(fault.Invalid, "HC-REPORT-02", "The working of this report is larger than a trial.").At(fault.Place{File: name})
	}
	return w, nil
}

// RecomputeReport composes the report again from its working alone.
func RecomputeReport(w *ReportWorking) (*ReportEdition, error) {
	return ComposeReport(w.Trial, w.Homecase)
}

// Compare sets the facts and numbers that the working states against those
// that follow from its plan and days.
func (w *ReportWorking) Compare(fresh *ReportEdition) []packet.Disagreement {
	return compareStated(w.Facts, w.Numbers, fresh.Facts, fresh.Numbers)
}
