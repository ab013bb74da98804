package ops

import (
	"context"
	"io"
	"os"
	"path/filepath"

	"homecase"
	"homecase/content"
	"homecase/day"
	"homecase/fault"
	"homecase/internal/intake/photo"
)

// SetPhoto keeps a picture of an item of the home office, cleaned of everything
// but its pixels; without a reader it takes the picture out. The picture that
// was there is erased, so it cannot be had back, and no packet holds it on.
func (w *Workspace) SetPhoto(ctx context.Context, id, item, name string, r io.Reader) error {
	defer w.forgetBuilt(id)
	var jpeg []byte
	path := ""
	if r != nil {
		p, err := photo.Read(name, r)
		if err != nil {
			return err
		}
		jpeg, path = p.JPEG, item+".jpg"
	}
	if r != nil { // the picture first: a case never names one that is not there
		if err := w.Store.SetPicture(ctx, id, item, jpeg); err != nil {
			return err
		}
	}
	did := "Added a photo"
	if r == nil {
		did = "Took a photo out"
	}
	_, err := w.Change(ctx, id, did, func(c *homecase.Case, _ *homecase.Course) error {
		if path == "" {
			return c.SetPhoto(item, "", day.Date{})
		}
		return c.SetPhoto(item, path, dayOf(w.Desk))
	})
	if err != nil || r != nil {
		return err
	}
	return w.Store.SetPicture(ctx, id, item, nil)
}

// TakeFile keeps the case of a file, with the pictures that lie beside it.
func (w *Workspace) TakeFile(ctx context.Context, path string) (*Open, error) {
	text, err := content.ReadFile(path)
	if err != nil {
		return nil, err
	}
	c, err := homecase.DecodeDraft(path, text)
	if err != nil {
		return nil, err
	}
	photos, err := w.photos(ctx, path, c)
	if err != nil {
		return nil, err
	}
	o, err := w.Take(ctx, path, text)
	if err != nil {
		return nil, err
	}
	for item, p := range photos {
		if err := w.Store.SetPicture(ctx, o.ID, item, p.JPEG); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// WriteFile writes the case that lies open as a file, and its pictures beside
// it under the names the case gives them.
func (w *Workspace) WriteFile(ctx context.Context, path string) error {
	o, err := w.Current(ctx)
	if err != nil {
		return err
	}
	for _, p := range o.Case.PhotoPaths() {
		jpeg, err := w.Store.Picture(ctx, o.ID, p.ID)
		if fault.KindOf(err) == fault.Missing {
			continue // a file that was named and never taken in
		}
		if err != nil {
			return err
		}
		to := p.Path
		if !filepath.IsLocal(to) {
			return fault.New(fault.Invalid, "HC-WORK-03", "The photo %q does not lie beside the case file.", to).Then("Add the photo again in the workspace.")
		}
		to = filepath.Join(filepath.Dir(path), to)
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return fault.New(fault.Internal, "HC-WORK-04", "The folder for the photos cannot be made.").Because(err)
		}
		if err := content.WriteFile(to, jpeg); err != nil {
			return err
		}
	}
	return content.WriteFile(path, o.Text())
}
