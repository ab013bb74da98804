package jsonwalk

import (
	"context"
	"errors"
	"io"

	"homecase/fault"
	"homecase/internal/intake/input"
	"homecase/internal/intake/sheet"
	"homecase/internal/intake/tally"
)

// Read reads all values of an input with one; a file that breaks off keeps what
// came before, with a warning.
func Read(ctx context.Context, in *input.Input, t *tally.Tally, one func(j *Reader) error) error {
	text, err := in.Text()
	if err != nil {
		return err
	}
	j := New(&watched{text, ctx})
	for {
		_, err := j.Peek()
		if err == nil {
			err = one(j)
		}
		if err == nil {
			continue
		}
		var broken *Broken
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &broken):
			if t.Rows() == 0 {
				return fault.New(fault.Invalid, "HC-INTAKE-26", "%s", broken.Say).At(fault.Place{File: in.Name, Line: broken.Line}).Then("Nothing before this line could be counted. Export the file again.")
			}
			t.Warn(broken.Line, "%s What came before is kept.", broken.Say)
			return nil
		case fault.CodeOf(err) != "":
			return err
		default:
			t.Warn(j.Line(), "The file cannot be read further. What came before is kept.")
			return nil
		}
	}
}

// watched stops reading when the person does.
type watched struct {
	r   io.Reader
	ctx context.Context
}

func (w *watched) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.r.Read(p)
}

// Moment reads a date or a moment in ISO form from a string; anything else is not ok.
func (j *Reader) Moment() (sheet.Moment, bool, error) {
	text, err := j.Text()
	if err != nil || len(text) == 0 {
		return sheet.Moment{}, false, err
	}
	m, bad := sheet.Dates{}.Read(text)
	return m, bad == nil, nil
}
