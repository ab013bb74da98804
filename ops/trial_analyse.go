package ops

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"homecase"
	"homecase/content"
	"homecase/day"
	"homecase/fault"
	"homecase/internal/press/page"
	"homecase/internal/press/pdf"
	"homecase/packet"
	"homecase/trial"
)

// AnalyseOptions say how logged days are read.
type AnalyseOptions struct {
	At      []string // further margins to test, as typed
	Nonce   string   // hexadecimal; checks the draw when given
	Through day.Date // the last day so far; zero goes by the desk's clock
	Paper   string   // of a report: a4 or letter; empty takes the country's own
}

// AnalyseTrial says what the logged days show.
func (d *Desk) AnalyseTrial(plan, days string, o AnalyseOptions) (*trial.Report, error) {
	_, in, err := d.trialInput(plan, days, o)
	if err != nil {
		return nil, err
	}
	r, err := trial.Analyse(in)
	return r, placed(days, err)
}

// trialInput gathers what an analysis reads.
func (d *Desk) trialInput(plan, days string, o AnalyseOptions) (*trialSource, trial.Input, error) {
	var in trial.Input
	s, err := d.loadTrial(plan)
	if err != nil {
		return nil, in, err
	}
	if s.plan.Drawn != nil {
		if err := s.plan.Drawn.Matches(s.plan); err != nil {
			return nil, in, changedAt(s, err)
		}
	}
	in = trial.Input{Plan: s.plan, At: o.At}
	if in.Days, err = readDays(days, trial.ReadDays); err != nil {
		return nil, in, err
	}
	if o.Nonce != "" {
		if in.Nonce, err = ReadNonce(o.Nonce); err != nil {
			return nil, in, err
		}
	}
	if name := s.plan.Baseline; name != "" {
		if !filepath.IsAbs(name) {
			name = filepath.Join(filepath.Dir(plan), name)
		}
		before, err := readDays(name, trial.ReadBaseline)
		if err != nil {
			return nil, in, err
		}
		in.Baseline = &before
	}
	in.Through = d.through(s.plan, in.Days, o.Through)
	return s, in, nil
}

func readDays(path string, read func(string, io.Reader) (trial.Days, error)) (trial.Days, error) {
	f, err := os.Open(path)
	if err != nil {
		return trial.Days{}, content.OpenFault(path, err)
	}
	defer f.Close()
	return read(path, f)
}

// through is the last day so far. Days after the last row and after today are
// still to come; any other day without a row is refused by its date.
func (d *Desk) through(p trial.Plan, days trial.Days, given day.Date) day.Date {
	if !given.IsZero() || len(days.Rows) == 0 || p.Groups != nil {
		return given
	}
	s, err := p.Setting()
	if err != nil || len(s.Days) == 0 {
		return given
	}
	last, end := days.Rows[len(days.Rows)-1].Date, s.Days[len(s.Days)-1].Date
	if last.After(end) && len(s.More) > 0 {
		end = s.More[len(s.More)-1].Date
	}
	if today := dayOf(d); today.After(last) {
		last = today
	}
	if !last.Before(end) {
		return day.Date{}
	}
	return last
}

// ReportFiles are the names of the files of a trial's report.
func ReportFiles() []string {
	return []string{"report.html", "report.pdf", "friday-note.txt", "analysis.json"}
}

// ReportTrial analyses the days and makes the report in every format. A plan
// without weeks has no Friday note.
func (d *Desk) ReportTrial(ctx context.Context, plan, days string, o AnalyseOptions) ([]File, *trial.Report, error) {
	s, in, err := d.trialInput(plan, days, o)
	if err != nil {
		return nil, nil, err
	}
	files, e, err := d.report(ctx, s.kase, in, o.Paper)
	if err != nil {
		return nil, nil, placed(days, err)
	}
	return files, e.Analysis, nil
}

// report makes the report of a trial in every format; kase is nil for the
// trial of a plan file.
func (d *Desk) report(ctx context.Context, kase *homecase.Case, in trial.Input, size string) ([]File, *homecase.ReportEdition, error) {
	in.Draws = trial.ReportDraws
	record := trialRecord(kase, in)
	sheet, err := paper(size, record.Country)
	if err != nil {
		return nil, nil, err
	}
	edition, err := homecase.ComposeReport(record, d.Version)
	if err != nil {
		return nil, nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	created, err := d.createdOn(record.Made)
	if err != nil {
		return nil, nil, err
	}
	files, err := pressReport(edition, created, sheet)
	return files, edition, err
}

// trialRecord is what a report is composed from.
func trialRecord(kase *homecase.Case, in trial.Input) homecase.TrialRecord {
	r := homecase.NewTrialRecord(in)
	if kase != nil {
		r.Person, r.Boss = kase.Person.Name, kase.Boss.Name
		r.Country, r.Currency = kase.Place.Country, kase.Currency
	}
	return r
}

func pressReport(e *homecase.ReportEdition, created time.Time, paper string) ([]File, error) {
	var web, sheet bytes.Buffer
	if err := page.Write(&web, e.Document, page.Options{}); err != nil {
		return nil, err
	}
	if err := pdf.Write(&sheet, e.Document, pdf.Options{Paper: pdf.Paper(paper), Created: created}); err != nil {
		return nil, err
	}
	files := []File{{"report.html", web.Bytes()}, {"report.pdf", sheet.Bytes()}}
	if n := e.Note; n != nil {
		files = append(files, File{"friday-note.txt", []byte(n.Subject + "\n\n" + n.Text + "\n")})
	}
	analysis, err := e.Analysis.JSON()
	if err != nil {
		return nil, fault.New(fault.Internal, "HC-OPS-24", "The analysis cannot be written.").Because(err)
	}
	return append(files, File{"analysis.json", append(analysis, '\n')}), nil
}

// reportDifference turns a report whose days contradict its plan or its draw
// into a difference, because that is what a reader asked about.
func reportDifference(err error) (packet.Disagreement, bool) {
	var one *fault.Error
	if !errors.As(err, &one) || one.Kind == fault.Internal {
		return packet.Disagreement{}, false
	}
	return packet.Disagreement{Where: "the working attached", Printed: "", Recomputed: one.Say}, true
}
