package ops

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"homecase"
	"homecase/fault"
)

// Departing records that something leaves this computer, before it does.
func (w *Workspace) Departing(ctx context.Context, id, what, to string, data []byte) error {
	key, err := w.newID()
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	return w.Store.Depart(ctx, homecase.Departure{ID: key, Case: id, At: w.Now(), What: what, To: to, Bytes: int64(len(data)), SHA256: hex.EncodeToString(sum[:])})
}

// HandedOver notes that the person gave a file of the packet made last to somebody
// without this computer: by its size and hash as they were kept when it was made,
// so that it needs no file that can no longer be built.
func (w *Workspace) HandedOver(ctx context.Context, o *Open, name, to string) error {
	if made := o.Course.Made; len(made) > 0 {
		for _, f := range made[len(made)-1].Files {
			if f.Name == name {
				key, err := w.newID()
				if err != nil {
					return err
				}
				return w.Store.Depart(ctx, homecase.Departure{ID: key, Case: o.ID, At: w.Now(), What: f.Name, To: to, Bytes: int64(f.Bytes), SHA256: f.SHA256})
			}
		}
	}
	return fault.New(fault.Missing, "HC-WORK-19", "The packet made last has no such file.")
}
