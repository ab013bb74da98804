package ops

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image/jpeg"
	"slices"

	"homecase"
	"homecase/fault"
	"homecase/internal/press/pdf"
	"homecase/packet"
	"homecase/readiness"
)

// keptPackets is how many packets stay in memory; the one somebody downloads
// from, and the one before it.
const keptPackets = 2

// keptBuild is a packet that was built, by all that decides its bytes.
type keptBuild struct {
	id, key string // the case, and everything else that decides
	built   *Built
}

// Ready says why no packet can be made of a case yet: its verdict, or what it
// still lacks. nil where one can be made.
func (w *Workspace) Ready(o *Open) (readiness.Verdict, error) {
	c := o.Case
	c.Date = dayOf(w.Desk)
	v, err := c.Assess()
	if err != nil {
		return v, err
	}
	return v, ready("", &c)
}

// MakePacket dates the case today, builds a packet of it as BuildPacket does of
// a file, and notes in the course what was made of which revision.
func (w *Workspace) MakePacket(ctx context.Context, id string, o BuildOptions) (*homecase.Made, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	open, err := w.Read(ctx, id)
	if err != nil {
		return nil, err
	}
	if open.Case.Date != dayOf(w.Desk) {
		if open, err = w.Change(ctx, id, "Dated the packet today", func(*homecase.Case, *homecase.Course) error { return nil }); err != nil {
			return nil, err
		}
	}
	made := homecase.Made{At: w.Now(), Revision: open.Revision, Paper: o.Paper, Large: o.Large, Only: o.Only, With: o.With}
	built, err := w.build(ctx, id, open.text, made, o.Progress)
	if err != nil {
		return nil, err
	}
	w.keepBuilt(id, made, built)
	for _, f := range built.Files {
		made.Files = append(made.Files, recordOf(f))
	}
	_, err = w.Change(ctx, id, "Made the packet", func(_ *homecase.Case, course *homecase.Course) error {
		course.Visit(homecase.TaskMake, homecase.Answered)
		course.Made = append(slices.Clone(course.Made), made)
		return nil
	})
	return &made, err
}

func recordOf(f File) homecase.RecordFile {
	sum := sha256.Sum256(f.Data)
	return homecase.RecordFile{Name: f.Name, SHA256: hex.EncodeToString(sum[:]), Bytes: len(f.Data)}
}

const (
	codeNoPicture fault.Code = "HC-WORK-15" // a picture that is named and not kept
	codeGone      fault.Code = "HC-WORK-14" // a packet whose files can no longer be built as they were
)

// Gone tells whether a fault says that a packet cannot be built again as it was.
func Gone(err error) bool { return fault.CodeOf(err) == codeGone }

// LastMade returns the packet that was made last with its files. They are built
// again from the revision they were made of when they are no longer in memory.
// Files that would not be the same byte for byte are not handed out as the ones
// that were made: then there is the record of them alone, and a fault that Gone
// knows.
func (w *Workspace) LastMade(ctx context.Context, o *Open) (*homecase.Made, *Built, error) {
	if len(o.Course.Made) == 0 {
		return nil, nil, fault.New(fault.Missing, "HC-WORK-16", "No packet has been made of this case yet.")
	}
	made := o.Course.Made[len(o.Course.Made)-1]
	if built := w.keptBuild(keyOf(o.ID, made)); built != nil {
		return &made, built, nil
	}
	k, err := w.Store.Revision(ctx, o.ID, made.Revision)
	if err != nil {
		return nil, nil, err
	}
	built, err := w.build(ctx, o.ID, k.Text, made, nil)
	if err == nil && sameFiles(made, built) {
		w.keepBuilt(o.ID, made, built)
		return &made, built, nil
	}
	if list, e := listed(err); e != nil && len(list) == 0 {
		return nil, nil, err
	}
	return &made, nil, gone(k.Text, err)
}

// sameFiles tells whether files are those that a packet was made of.
func sameFiles(made homecase.Made, built *Built) bool {
	return slices.EqualFunc(made.Files, built.Files, func(r homecase.RecordFile, f File) bool { return r == recordOf(f) })
}

// gone says why a packet cannot be built again as it was.
func gone(text []byte, cause error) error {
	why := "homecase was updated since"
	c, err := homecase.DecodeDraft("the case of the packet", text)
	switch {
	case fault.CodeOf(cause) == codeNoPicture:
		why = "a photo in it was taken out since"
	case err == nil && len(c.PhotoPaths()) > 0:
		why = "a photo in it was changed since, or homecase was updated"
	}
	return fault.New(fault.Conflict, codeGone, "The packet you made can no longer be built as it was: %s.", why).Then("Make the packet again.").Because(cause)
}

// Stale tells whether the case says something else than the packet made last.
func (w *Workspace) Stale(ctx context.Context, o *Open, made *homecase.Made) (bool, error) {
	k, err := w.Store.Revision(ctx, o.ID, made.Revision)
	if err != nil {
		return false, err
	}
	return !bytes.Equal(k.Text, o.text), nil
}

// build makes a packet of a kept case, by the rules a case file is read by.
func (w *Workspace) build(ctx context.Context, id string, text []byte, made homecase.Made, progress func(Step)) (*Built, error) {
	warm()
	c, err := homecase.Decode("", text)
	if err != nil {
		return nil, err
	}
	if list := c.CheckAt(); len(list) > 0 {
		return nil, list
	}
	o := BuildOptions{Paper: made.Paper, Only: made.Only, Large: made.Large, With: made.With, Progress: progress}
	return w.buildCase(ctx, "", c, o, func() (map[string]packet.Photo, error) { return w.pictures(ctx, id, c) })
}

func (w *Workspace) keepBuilt(id string, made homecase.Made, built *Built) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.built = append(w.built, keptBuild{id, keyOf(id, made), built})
	w.built = w.built[max(0, len(w.built)-keptPackets):]
}

// forgetBuilt drops what was built of a case from memory: its files hold a
// picture that is kept no longer.
func (w *Workspace) forgetBuilt(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.built = slices.DeleteFunc(w.built, func(k keptBuild) bool { return k.id == id })
}

func keyOf(id string, m homecase.Made) string {
	return fmt.Sprintf("%s %d %s %t %q %q", id, m.Revision, m.Paper, m.Large, m.Only, m.With)
}

func (w *Workspace) keptBuild(key string) *Built {
	w.mu.Lock()
	defer w.mu.Unlock()
	if i := slices.IndexFunc(w.built, func(k keptBuild) bool { return k.key == key }); i >= 0 {
		return w.built[i].built
	}
	return nil
}

// pictures are the cleaned pictures of the home office that the store keeps.
func (w *Workspace) pictures(ctx context.Context, id string, c *homecase.Case) (map[string]packet.Photo, error) {
	photos := map[string]packet.Photo{}
	for _, item := range c.PhotoPaths() {
		data, err := w.Store.Picture(ctx, id, item.ID)
		if fault.KindOf(err) == fault.Missing {
			return nil, fault.New(fault.Finding, codeNoPicture, "The case names a picture of your home office that is not kept here.").
				At(fault.Place{Path: "readiness.home_office." + item.ID + ".photo"}).Then("Add the picture again, or take it out.")
		}
		if err != nil {
			return nil, err
		}
		size, err := jpeg.DecodeConfig(bytes.NewReader(data))
		if err != nil {
			return nil, fault.New(fault.Internal, "HC-WORK-17", "A kept picture of your home office cannot be read.").Because(err)
		}
		photos[item.ID] = packet.Photo{JPEG: data, Width: size.Width, Height: size.Height}
	}
	return photos, nil
}

// Pages is how many pages a finished file has; 0 where it has none.
func (f File) Pages() int {
	if !bytes.HasPrefix(f.Data, []byte("%PDF-")) {
		return 0
	}
	n, err := pdf.Pages(f.Data)
	if err != nil {
		return 0
	}
	return n
}
