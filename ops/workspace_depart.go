package ops

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"homecase"
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
