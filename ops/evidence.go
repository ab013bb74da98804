package ops

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"homecase"
	"homecase/content"
	"homecase/evidence"
	"homecase/fault"
	"homecase/internal/intake"
	"homecase/trial"
)

// Codes of the verbs about a person's own records.
const (
	codeImport   fault.Code = "HC-OPS-40" // a case that changed while it was being written
	codeHoursOut fault.Code = "HC-OPS-41" // an ending that is neither .pdf nor .csv
	codeMeasure  fault.Code = "HC-OPS-42" // the case has a measure of its own
)

// ImportOptions are the choices of one import, as the person wrote them.
type ImportOptions struct {
	Zone      string // such as Europe/London
	DateOrder string // dmy or mdy
	Author    string
	Part      string // which of several records of one kind
	Columns   intake.Columns
	DryRun    bool
}

// Imported is what an import keeps and drops, and what became of it.
type Imported struct {
	intake.Result
	Stored *Stored `json:"stored,omitempty"`
	// Never names what an export of this kind holds that is never kept.
	Never []string `json:"-"`
}

// Stored is what an import changes in a case.
type Stored struct {
	evidence.Merged
	Written bool `json:"written"`
}

// ImportEvidence counts an export. With a case, and unless it is a dry run, the
// counts are written into it; every other line of the file stays as it is.
func (d *Desk) ImportEvidence(ctx context.Context, source, path, caseFile string, o ImportOptions) (*Imported, error) {
	read, err := d.readOptions(o)
	if err != nil {
		return nil, err
	}
	var f *caseText
	if caseFile != "" { // a case that cannot be written is said before a long reading
		if f, err = openCase(caseFile); err != nil {
			return nil, err
		}
	}
	got, err := intake.Import(ctx, source, path, read)
	if err != nil {
		return nil, err
	}
	var facts *evidence.Ledger
	if f != nil {
		facts = &f.facts
	}
	out, in, err := d.offer(got, facts, o.Part, func(days []evidence.DayCount) (string, error) { return hashOf(path, days) })
	if err != nil || out.Stored == nil || out.Stored.Nothing() || o.DryRun {
		return out, err
	}
	if err := f.set(fmt.Sprintf("facts.imports[%d]", f.tree.Len("facts.imports")), in); err != nil {
		return nil, err
	}
	for _, id := range out.Stored.Replaces {
		if err := f.remove(id); err != nil {
			return nil, err
		}
	}
	out.Stored.Written = true
	return out, f.save()
}

// offer says what a case would keep of what was counted, and writes nothing.
// Without facts there is no case to compare with. Stored stays nil where
// nothing could be kept.
func (d *Desk) offer(got intake.Result, facts *evidence.Ledger, part string, hash func([]evidence.DayCount) (string, error)) (*Imported, evidence.Import, error) {
	out := &Imported{Result: got}
	var err error
	if out.Never, err = never(got.Source); err != nil || facts == nil {
		return out, evidence.Import{}, err
	}
	in, left := importOf(got, part)
	if left > 0 {
		out.Warnings = append(out.Warnings, intake.Warning{Text: fmt.Sprintf("%d counts below nought or over a million were left out.", left)})
	}
	if len(in.Days) == 0 {
		out.Warnings = append(out.Warnings, intake.Warning{Text: "Nothing was kept, so the case stays as it is."})
		return out, in, nil
	}
	if in.FileSHA256, err = hash(in.Days); err != nil {
		return nil, in, err
	}
	in.ImportedOn = dayOf(d)
	in, merged := facts.Merge(in)
	out.Stored = &Stored{Merged: merged}
	if merged.Changed > 0 {
		out.Warnings = append(out.Warnings, intake.Warning{Text: fmt.Sprintf("%d counts differ from an earlier import of the same kind, and the new ones hold. If this export is about other work, undo it and import it again under a name of its own.", merged.Changed)})
	}
	return out, in, nil
}

func (d *Desk) readOptions(o ImportOptions) (intake.Options, error) {
	out := intake.Options{Author: o.Author, Columns: o.Columns, Until: dayOf(d)}
	var err error
	if out.DateOrder, err = intake.ParseDateOrder(o.DateOrder); err != nil {
		return out, err
	}
	if m := o.Columns.Measure; m != "" && !slices.Contains(evidence.CountedMeasures(), string(m)) {
		return out, fault.New(fault.Invalid, "HC-INTAKE-53", "There is no measure %q.", string(m)).Then("The measures are %s.", strings.Join(evidence.CountedMeasures(), ", "))
	}
	if o.Zone != "" {
		out.TZ, err = intake.ParseZone(o.Zone)
	}
	return out, err
}

// never lists what a source's exports hold that is never kept.
func never(source string) ([]string, error) {
	s, err := sourceOf(source)
	return s.Drops, err
}

func sourceOf(id string) (intake.Source, error) {
	all, err := intake.Sources()
	if err != nil {
		return intake.Source{}, err
	}
	if i := slices.IndexFunc(all, func(s intake.Source) bool { return s.ID == id }); i >= 0 {
		return all[i], nil
	}
	return intake.Source{ID: id, Name: id}, nil
}

// importOf turns what was kept into what a case holds.
func importOf(r intake.Result, part string) (in evidence.Import, left int) {
	in = evidence.Import{Source: r.Source, Part: strings.TrimSpace(part)}
	for _, k := range r.Kept {
		if k.Value < 0 || k.Value > 1e6 {
			left++
			continue
		}
		in.Days = append(in.Days, evidence.DayCount{Date: k.Date, Measure: string(k.Measure), Value: k.Value, Place: evidence.Place(k.Place)})
	}
	if n := len(in.Days); n > 0 {
		in.From, in.Until = in.Days[0].Date, in.Days[n-1].Date
	}
	return in, left
}

// keptOf is the way back, for what is computed from a case.
func keptOf(all []evidence.Counted) []intake.Kept {
	out := make([]intake.Kept, len(all))
	for i, c := range all {
		out[i] = intake.Kept{Date: c.Date, Measure: intake.Measure(c.Measure), Value: c.Value, Place: intake.Place(c.Place)}
	}
	return out
}

// hashOf is the SHA-256 of a file, or of the counts where a folder was read.
func hashOf(path string, days []evidence.DayCount) (string, error) {
	h := sha256.New()
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		if err := json.NewEncoder(h).Encode(days); err != nil {
			return "", err
		}
		return hex.EncodeToString(h.Sum(nil)), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return "", content.OpenFault(path, err)
	}
	defer f.Close()
	if _, err := io.Copy(h, f); err != nil {
		return "", content.OpenFault(path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Undone is an import that was taken out of a case, with what was taken from it.
type Undone struct {
	evidence.Import
	homecase.FromImport
}

// Also says what went with the import; empty where nothing did.
func (u Undone) Also() string { return alsoTakenOut(u.FromImport) }

func alsoTakenOut(f homecase.FromImport) string {
	var also []string
	switch {
	case f.Whole:
		also = append(also, "the measure")
	case f.Measure:
		also = append(also, "what is usual of the measure")
	}
	switch n := len(f.Results); {
	case n == 1:
		also = append(also, "a result")
	case n > 1:
		also = append(also, fmt.Sprintf("%d results", n))
	}
	return strings.Join(also, " and ")
}

// UndoImport takes one import out of a case, with what was taken from it, and
// tells which it was.
func (d *Desk) UndoImport(id, path string) (*Undone, error) {
	f, err := openCase(path)
	if err != nil {
		return nil, err
	}
	i, err := f.facts.FindImport(id)
	if err != nil {
		return nil, placed(path, err)
	}
	c := homecase.Case{Facts: f.facts}
	var usual trial.Plan
	if f.tree.DecodePart("trial", &usual) == nil { // one that is not finished is left alone
		c.Trial = &usual
	}
	gone := &Undone{f.facts.Imports[i], c.FromImport(id)}
	out := []string{fmt.Sprintf("facts.imports[%d]", i)}
	switch {
	case gone.Whole:
		out = append(out, "facts.measure")
	case gone.Measure:
		out = append(out, "facts.measure.usual", "facts.measure.spread", "facts.measure.origin")
	}
	if gone.Usual {
		out = append(out, "trial.usual")
	}
	for _, i := range slices.Backward(gone.Results) {
		out = append(out, fmt.Sprintf("facts.results[%d]", i))
	}
	for _, path := range out {
		if err := f.set(path, nil); err != nil {
			return nil, err
		}
	}
	return gone, f.save()
}

// UndoImport takes an import out of the open case, with what was taken from it.
func (w *Workspace) UndoImport(ctx context.Context, o *Open, id string) (*Open, error) {
	tried, err := o.Copy()
	if err != nil {
		return nil, err
	}
	gone, err := tried.Case.TakeOutImport(id)
	if err != nil {
		return nil, err
	}
	did := "Took out the import " + id
	if also := alsoTakenOut(gone); also != "" {
		did += ", and " + also + " taken from it"
	}
	return w.Change(ctx, o.ID, did, func(c *homecase.Case, _ *homecase.Course) error {
		_, err := c.TakeOutImport(id)
		return err
	})
}

// MatchColumns shows the columns of a table, for a person to say which is which.
func (d *Desk) MatchColumns(ctx context.Context, path string, o ImportOptions) (intake.Page, error) {
	read, err := d.readOptions(o)
	if err != nil {
		return intake.Page{}, err
	}
	return intake.MatchColumns(ctx, path, read)
}

// Sources are the exports that can be read and the measures that can be counted.
type Sources struct {
	Sources  []intake.Source  `json:"sources"`
	Measures []intake.Meaning `json:"measures"`
}

// EvidenceSources lists what can be imported.
func (d *Desk) EvidenceSources() (Sources, error) {
	s, err := intake.Sources()
	if err != nil {
		return Sources{}, err
	}
	m, err := intake.Measures()
	return Sources{s, m}, err
}

// caseText is a case as a file: what it says of facts, and its lines, so that a
// change touches no other line. The rest of the case need not be finished.
type caseText struct {
	path  string // where it lies, links followed
	named string // as the person wrote it
	was   []byte
	now   []byte
	tree  *content.Tree
	facts evidence.Ledger
}

func openCase(path string) (*caseText, error) {
	text, err := content.ReadFile(path)
	if err != nil {
		return nil, err
	}
	f := &caseText{path: path, named: path, was: text}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		f.path = real
	}
	return f, f.read(text)
}

func (f *caseText) read(text []byte) error {
	tree, err := content.Parse(f.named, text)
	if err != nil {
		return err
	}
	if _, ok := tree.Int("version"); !ok {
		return fault.New(fault.Invalid, "HC-OPS-43", "This is not a case file.").At(fault.Place{File: f.named}).Then("Start one with homecase new FILE.")
	}
	f.facts = evidence.Ledger{}
	if err := tree.DecodePart("facts", &f.facts); err != nil {
		return err
	}
	f.tree, f.now = tree, text
	return nil
}

// set changes one entry; what the file says afterwards must pass its checks.
func (f *caseText) set(path string, v any) error {
	text, err := f.tree.Set(path, v)
	if err != nil {
		return err
	}
	if bytes.HasPrefix(f.was, []byte("\ufeff")) {
		text = append([]byte("\ufeff"), text...)
	}
	return f.read(text)
}

func (f *caseText) remove(id string) error {
	i, err := f.facts.FindImport(id)
	if err != nil {
		return err
	}
	return f.set(fmt.Sprintf("facts.imports[%d]", i), nil)
}

// save writes the file, unless somebody else wrote it in the meantime.
func (f *caseText) save() error {
	again, err := content.ReadFile(f.named)
	if err != nil {
		return err
	}
	if !bytes.Equal(again, f.was) {
		return fault.New(fault.Conflict, codeImport, "This file was changed while it was being read, so nothing was written.").At(fault.Place{File: f.named}).Then("Save it in your editor and try again.")
	}
	return content.WriteFile(f.path, f.now)
}
