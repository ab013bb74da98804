package ops

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"time"

	"homecase"
	"homecase/evidence"
	"homecase/fault"
	"homecase/internal/intake"
	"homecase/internal/intake/input"
)

// How long an export that was counted waits for its decision, and how many wait.
const (
	waitForDecision = 30 * time.Minute
	mostWaiting     = 8
)

// Codes of the imports of the workspace.
const (
	codeWaited fault.Code = "HC-OPS-47" // the decision came too late
	codeGitWeb fault.Code = "HC-OPS-48" // a repository is a folder
)

// Upload is an export as a person hands it in: a file that lies in memory.
type Upload struct {
	Name string
	At   io.ReaderAt
	Size int64
}

func (u Upload) input() *input.Input { return input.At(u.Name, u.At, u.Size) }

// Waiting is an export that was counted and is neither kept nor thrown away. It
// holds counts and names of headings; of the file there is nothing else.
type Waiting struct {
	ID   string // the secret under which it waits
	Name string // the file's name
	*Imported
	// Page holds the columns of a plain table; nil for other exports.
	Page *intake.Page

	kase  string // the id of the case it is for
	until time.Time
	in    evidence.Import
}

// Days are the counts that would be kept.
func (w Waiting) Days() []evidence.DayCount { return w.in.Days }

// Nothing tells that there is nothing to keep.
func (w Waiting) Nothing() bool { return w.Stored == nil || w.Stored.Nothing() }

// CountExport counts an export for the case that lies open and lets the counts
// wait in memory for a decision. The file is read where it lies and not kept.
func (w *Workspace) CountExport(ctx context.Context, o *Open, source string, u Upload, options ImportOptions) (*Waiting, error) {
	read, err := w.readOptions(options)
	if err != nil {
		return nil, err
	}
	if source == "git" {
		return nil, fault.New(fault.Invalid, codeGitWeb, "A repository is a folder, and a page can only read files.").Then("Close homecase and type: homecase evidence import git FOLDER CASE")
	}
	got, err := intake.Read(ctx, source, u.input().Limit(read.Unpacked()), read)
	if err != nil {
		return nil, err
	}
	c := &Waiting{Name: u.Name, kase: o.ID}
	c.Imported, c.in, err = w.offer(got, &o.Case.Facts, options.Part, func([]evidence.DayCount) (string, error) { return hashOfUpload(u) })
	if err != nil {
		return nil, err
	}
	if got.Source == "table" {
		page, err := w.UploadedColumns(ctx, u, options)
		if err != nil {
			return nil, err
		}
		c.Page = &page
	}
	return c, w.wait(c)
}

func hashOfUpload(u Upload) (string, error) {
	h := sha256.New()
	_, err := io.Copy(h, io.NewSectionReader(u.At, 0, u.Size))
	return hex.EncodeToString(h.Sum(nil)), err
}

// UploadedColumns shows the columns of a table, for a person to say which is
// which. No cell is in the answer.
func (w *Workspace) UploadedColumns(ctx context.Context, u Upload, options ImportOptions) (intake.Page, error) {
	read, err := w.readOptions(options)
	if err != nil {
		return intake.Page{}, err
	}
	return intake.MatchColumnsOf(ctx, u.input().Limit(read.Unpacked()), read)
}

// wait keeps a count for half an hour. A new one for the same case takes the
// place of the old one.
func (w *Workspace) wait(c *Waiting) error {
	var id [16]byte
	if _, err := io.ReadFull(w.Random, id[:]); err != nil {
		return fault.New(fault.Internal, "HC-WORK-02", "This computer gave no random numbers.").Because(err)
	}
	c.ID, c.until = hex.EncodeToString(id[:]), w.Now().Add(waitForDecision)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting = slices.DeleteFunc(w.waiting, func(other *Waiting) bool { return other.kase == c.kase || w.Now().After(other.until) })
	if len(w.waiting) >= mostWaiting {
		w.waiting = w.waiting[1:]
	}
	w.waiting = append(w.waiting, c)
	return nil
}

// WaitingExport is what waits for the case that lies open; Missing where nothing
// does, or no longer.
func (w *Workspace) WaitingExport(o *Open) (*Waiting, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting = slices.DeleteFunc(w.waiting, func(other *Waiting) bool { return w.Now().After(other.until) })
	i := slices.IndexFunc(w.waiting, func(c *Waiting) bool { return c.kase == o.ID })
	if i < 0 {
		return nil, fault.New(fault.Missing, codeWaited, "The counts are gone: they wait for half an hour.").Then("Choose the file again.")
	}
	return w.waiting[i], nil
}

// ThrowAway forgets what waits under an id.
func (w *Workspace) ThrowAway(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting = slices.DeleteFunc(w.waiting, func(c *Waiting) bool { return c.ID == id })
}

// KeepExport puts what waits under an id into its case.
func (w *Workspace) KeepExport(ctx context.Context, o *Open, id string) (*Open, error) {
	c, err := w.WaitingExport(o)
	if err != nil {
		return nil, err
	}
	if c.ID != id {
		return nil, fault.New(fault.Missing, codeWaited, "Another file was counted since.").Then("Look at its counts first.")
	}
	name, err := sourceOf(c.Source)
	if err != nil {
		return nil, err
	}
	open, err := w.Change(ctx, o.ID, "Imported counts: "+name.Name, func(k *homecase.Case, _ *homecase.Course) error {
		k.Facts.Keep(c.in)
		return k.Facts.Check().OrNil()
	})
	if err == nil {
		w.ThrowAway(id)
	}
	return open, err
}

// UseMeasure makes the measure that the records suggest the measure of the case.
func (b *EvidenceBaseline) UseMeasure(c *homecase.Case) error {
	if b.Suggest == nil {
		return errors.New("no measure is suggested")
	}
	c.Facts.Measure = b.Suggest.Measure
	if c.Trial != nil && c.Trial.Usual != nil {
		t := *c.Trial
		usual := b.Suggest.Usual
		t.Usual = &usual
		c.Trial = &t
	}
	return nil
}
