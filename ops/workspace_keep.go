package ops

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"

	"homecase"
	"homecase/day"
	"homecase/fault"
)

// Switch opens another case of the workspace.
func (w *Workspace) Switch(ctx context.Context, id string) (*Open, error) {
	if _, err := w.Read(ctx, id); err != nil {
		return nil, err
	}
	if err := w.write(func() error { return w.Store.SetCurrent(ctx, id) }); err != nil {
		return nil, err
	}
	return w.Read(ctx, id)
}

// Erase takes out a case for good. Where it lay open, the case that was changed
// last lies open next.
func (w *Workspace) Erase(ctx context.Context, id string) error {
	defer w.forgetShared()
	return w.write(func() error {
		if err := w.Store.Erase(ctx, id); err != nil {
			return err
		}
		current, err := w.Store.Current(ctx)
		if err != nil || current != "" && current != id {
			return err
		}
		left, err := w.Store.Cases(ctx)
		if err != nil {
			return err
		}
		next := ""
		if len(left) > 0 {
			next = left[0].ID
		}
		return w.Store.SetCurrent(ctx, next)
	})
}

// ReadRevision returns a case as it was.
func (w *Workspace) ReadRevision(ctx context.Context, id string, revision int64) (*Open, error) {
	k, err := w.Store.Revision(ctx, id, revision)
	if err != nil {
		return nil, err
	}
	return opened(k)
}

// opened reads what a store kept.
func opened(k *homecase.Kept) (*Open, error) {
	c, err := homecase.DecodeDraft("the kept case", k.Text)
	if err != nil {
		return nil, err
	}
	return (&Open{ID: k.ID, Revision: k.Revision, At: k.At, Did: k.Did, Case: *c, Course: k.Course, text: k.Text}).shared(), nil
}

// GoBack makes the case what it was at an earlier revision, as a new revision:
// nothing of the history is lost. What happened outside the case file stays as
// it happened: packets that were made, a trial that was drawn, days, decisions,
// and the photos, of which an erased one cannot come back.
func (w *Workspace) GoBack(ctx context.Context, id string, revision int64, did string) (*Open, error) {
	then, err := w.ReadRevision(ctx, id, revision)
	if err != nil {
		return nil, err
	}
	now, err := w.Read(ctx, id)
	if err != nil {
		return nil, err
	}
	text, err := then.withPhotosOf(now)
	if err != nil {
		return nil, err
	}
	course := now.Course
	course.Visited, course.Rehearsed = then.Course.Visited, then.Course.Rehearsed
	next := homecase.Kept{ID: id, Revision: now.Revision, Title: title(&then.Case), Text: text, Course: course, Did: did, At: w.Now()}
	err = w.write(func() error { _, err := w.Store.Save(ctx, next); return err })
	if err != nil {
		return nil, err
	}
	return w.Read(ctx, id)
}

// withPhotosOf is the text of a case with the photos that another names.
func (o *Open) withPhotosOf(now *Open) ([]byte, error) {
	then, have := o.Case.PhotoPaths(), now.Case.PhotoPaths()
	if slices.Equal(then, have) {
		return o.text, nil
	}
	back, err := o.Copy()
	if err != nil {
		return nil, err
	}
	for _, p := range then {
		if err := back.Case.SetPhoto(p.ID, "", day.Date{}); err != nil {
			return nil, err
		}
	}
	for _, p := range have {
		if err := back.Case.SetPhoto(p.ID, p.Path, p.On); err != nil {
			return nil, err
		}
	}
	return back.Case.Encode()
}

// Undo takes the newest change of a case back. A case that was changed since is
// a Conflict: its history has the rest.
func (w *Workspace) Undo(ctx context.Context, id string, revision int64) (*Open, error) {
	o, err := w.Read(ctx, id)
	if err != nil {
		return nil, err
	}
	if revision < 1 || o.Revision != revision+1 {
		return nil, fault.New(fault.Conflict, "HC-WORK-20", "The case was changed again since then, so this was not undone.").Then("The history of the case has every earlier state.")
	}
	return w.GoBack(ctx, id, revision, "Took back: "+o.Did)
}

// Backup writes everything as one file and returns its bytes. The file lies in
// the workspace's own folder while it is made, and is gone afterwards.
func (w *Workspace) Backup(ctx context.Context) (data []byte, err error) {
	err = w.aside(func(dir string) error {
		file := filepath.Join(dir, "backup.homecase")
		if err := w.Store.Backup(ctx, file); err != nil {
			return err
		}
		data, err = os.ReadFile(file)
		return err
	})
	return data, err
}

// PutBack puts a backup in the place of everything in the store, and returns
// where the old database is kept.
func (w *Workspace) PutBack(ctx context.Context, backup io.Reader) (kept string, err error) {
	if w.Restore == nil {
		return "", fault.New(fault.Invalid, "HC-WORK-21", "This workspace cannot put a backup back while it runs.").Then("Close homecase and type: homecase restore FILE")
	}
	err = w.aside(func(dir string) error {
		file := filepath.Join(dir, "backup.homecase")
		f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		if _, err := io.Copy(f, backup); err != nil {
			f.Close()
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
		return w.write(func() error {
			kept, err = w.Restore(ctx, file)
			w.forgetAll()
			return err
		})
	})
	return kept, err
}

// forgetAll drops the packets and the log as well: a case of a backup may have
// the id and revision of another.
func (w *Workspace) forgetAll() {
	w.mu.Lock()
	w.built, w.shared = nil, nil
	w.mu.Unlock()
	w.trials.forgetLog()
}

// forgetShared drops the record that was read last.
func (w *Workspace) forgetShared() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.shared = nil
}

// aside lends a folder of its own, private, on the disk of the workspace.
func (w *Workspace) aside(use func(dir string) error) (err error) {
	dir, err := os.MkdirTemp(w.Folder, "homecase-aside-")
	if err != nil {
		return fault.New(fault.Internal, "HC-WORK-22", "There is no room beside the workspace for this file.").Because(err)
	}
	defer func() {
		if e := os.RemoveAll(dir); err == nil {
			err = e
		}
	}()
	return use(dir)
}
