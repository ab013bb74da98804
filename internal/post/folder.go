package post

import (
	"context"
	"os"
	"path/filepath"

	"homecase/content"
	"homecase/fault"
	"homecase/share"
)

// Folder keeps messages as files instead of sending them, to try an office out.
// A message is one file, however often it is handed over; a mail program opens it.
type Folder string

// Send writes the message.
func (f Folder) Send(_ context.Context, m share.Message) error {
	if m.ID == "" || filepath.Base(m.ID) != m.ID || m.ID == "." || m.ID == ".." {
		return &Refusal{Step: "folder", Final: true, Err: fault.New(fault.Internal, "HC-POST-05", "A message cannot be named %q.", m.ID)}
	}
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return &Refusal{Step: "folder", Err: err}
	}
	name := m.Made.UTC().Format("20060102-150405-") + m.About + "-" + m.ID + ".eml"
	if err := content.WriteFile(filepath.Join(string(f), filepath.Base(name)), m.Raw); err != nil {
		return &Refusal{Step: "folder", Err: err}
	}
	return nil
}
