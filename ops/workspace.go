package ops

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"homecase"
	"homecase/fault"
)

// Workspace is the desk of the person who works in the browser: the same verbs,
// asked of the case that lies open in a store.
type Workspace struct {
	*Desk
	Store homecase.Store
	// Folder is where the store lies; empty where it lies in no folder.
	Folder string
	// Restore puts a backup in the place of the store while it is in use, and
	// returns where the old one is kept; nil where the engine cannot.
	Restore func(ctx context.Context, file string) (kept string, err error)
	// Couriers makes the way to the office this workspace publishes to; nil where
	// there is none.
	Couriers Couriers

	mu      sync.Mutex
	current *Open  // the case that lies open, until something is written
	writes  uint64 // how often the store was written
	money   estimates
	built   []keptBuild // the packets built last, the newest last
	trials  trialCache
	odds    planOdds
	waiting []*Waiting // exports that were counted, the newest last
	posting sync.Mutex // one at a time speaks with the office
	shared  *foldedRecord
}

// Open is a case as it stands in the store. All who read it share it, so it is
// never changed; Copy gives one that may be.
type Open struct {
	ID       string
	Revision int64
	At       time.Time // when it was saved last
	Did      string    // what was done last
	Case     homecase.Case
	Course   homecase.Course

	text  []byte
	known *known
}

// Current returns the case that lies open; Missing where there is none. It is
// read from the store once after each change: while a workspace is open nobody
// else writes its store.
func (w *Workspace) Current(ctx context.Context) (*Open, error) {
	w.mu.Lock()
	open, writes := w.current, w.writes
	w.mu.Unlock()
	if open != nil {
		return open, nil
	}
	id, err := w.Store.Current(ctx)
	if err != nil {
		return nil, err
	}
	if id == "" {
		return nil, fault.New(fault.Missing, "HC-WORK-01", "No case is open.")
	}
	if open, err = w.load(ctx, id); err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.writes != writes { // what was read may be older than what was written meanwhile
		return open, nil
	}
	if w.current == nil {
		w.current = open
	}
	return w.current, nil
}

// Read returns the newest revision of a case.
func (w *Workspace) Read(ctx context.Context, id string) (*Open, error) {
	if o, err := w.Current(ctx); err == nil && o.ID == id {
		return o, nil
	}
	return w.load(ctx, id)
}

func (w *Workspace) load(ctx context.Context, id string) (*Open, error) {
	k, err := w.Store.Case(ctx, id)
	if err != nil {
		return nil, err
	}
	return opened(k)
}

// write changes the store, and lets go of what is in memory of it: also where
// it failed, since what was done by then is not known.
func (w *Workspace) write(change func() error) error {
	defer w.forget()
	return change()
}

// forget drops what is in memory of the store. The money stays: it is kept by
// all that it rests on; so does the record that is shared, which a change of a case
// leaves as it is.
func (w *Workspace) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.writes++
	w.current = nil
}

// Copy is the case for one who changes it.
func (o *Open) Copy() (*Open, error) {
	c, err := homecase.DecodeDraft("the kept case", o.text)
	if err != nil {
		return nil, err
	}
	course, err := o.Course.Clone()
	if err != nil {
		return nil, err
	}
	return &Open{ID: o.ID, Revision: o.Revision, At: o.At, Did: o.Did, Case: *c, Course: course, text: o.text}, nil
}

// Text is the case file as it stands.
func (o *Open) Text() []byte { return o.text }

// Change lets the case decide on a change and keeps the next revision. did says
// in a few words what the person did. A change that returns a fault changes
// nothing. Where another page saved first, the change is made again on top.
func (w *Workspace) Change(ctx context.Context, id, did string, change func(*homecase.Case, *homecase.Course) error) (*Open, error) {
	for attempt := 0; ; attempt++ {
		before, err := w.Read(ctx, id)
		if err != nil {
			return nil, err
		}
		o, err := before.Copy()
		if err != nil {
			return nil, err
		}
		if err := change(&o.Case, &o.Course); err != nil {
			return nil, err
		}
		o.Case.Date = dayOf(w.Desk) // a packet made from here on is dated today
		text, err := o.Case.Encode()
		if err != nil {
			return nil, err
		}
		if _, err := homecase.DecodeDraft("this case", text); err != nil { // what cannot be read back is never kept
			return nil, err
		}
		next := homecase.Kept{ID: o.ID, Revision: o.Revision, Title: title(&o.Case), Text: w.same(before, text), Course: o.Course, Did: did, At: w.Now()}
		err = w.write(func() error { _, err := w.Store.Save(ctx, next); return err })
		if fault.KindOf(err) == fault.Conflict && attempt < 3 {
			continue
		}
		if err != nil {
			return nil, err
		}
		return w.Read(ctx, id)
	}
}

// same keeps the text of a case as the person wrote it, comments and all, while
// nothing in it was changed.
func (w *Workspace) same(before *Open, text []byte) []byte {
	if was, err := know(w, before, askText{}, before.Case.Encode); err == nil && bytes.Equal(was, text) {
		return before.text
	}
	return text
}

// Begin keeps a new case and opens it.
func (w *Workspace) Begin(ctx context.Context, person string) (*Open, error) {
	var seed [8]byte
	if _, err := io.ReadFull(w.Random, seed[:]); err != nil {
		return nil, fault.New(fault.Internal, "HC-WORK-02", "This computer gave no random numbers.").Because(err)
	}
	c := homecase.Case{Version: homecase.Version, Date: dayOf(w.Desk), Seed: binary.BigEndian.Uint64(seed[:]) >> 16}
	c.Person.Name = strings.TrimSpace(person)
	text, err := c.Encode()
	if err != nil {
		return nil, err
	}
	return w.keep(ctx, &c, text, "Started a case")
}

// Take keeps the case of a file as a new case and opens it. Bad input is
// refused as the command line refuses it; what a draft may lack, it may lack.
func (w *Workspace) Take(ctx context.Context, name string, text []byte) (*Open, error) {
	c, err := homecase.DecodeDraft(name, text)
	if err != nil {
		return nil, err
	}
	return w.keep(ctx, c, text, "Opened "+filepath.Base(name))
}

func (w *Workspace) keep(ctx context.Context, c *homecase.Case, text []byte, did string) (*Open, error) {
	id, err := w.newID()
	if err != nil {
		return nil, err
	}
	err = w.write(func() error {
		if err := w.Store.Add(ctx, homecase.Kept{ID: id, Title: title(c), Text: text, Did: did, At: w.Now()}); err != nil {
			return err
		}
		return w.Store.SetCurrent(ctx, id)
	})
	if err != nil {
		return nil, err
	}
	return w.Read(ctx, id)
}

// title is what the person knows a case by.
func title(c *homecase.Case) string {
	if boss := strings.TrimSpace(c.Boss.Name); boss != "" {
		return "Your case to " + boss
	}
	return "A case without a name yet"
}

// newID makes a UUID of version 7 (RFC 9562, section 5.7): 48 bits of time in
// milliseconds and 74 random ones, so that ids sort by age.
func (w *Workspace) newID() (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(w.Random, b[6:]); err != nil {
		return "", fault.New(fault.Internal, "HC-WORK-02", "This computer gave no random numbers.").Because(err)
	}
	ms := uint64(w.Now().UnixMilli())
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:])
	return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-"), nil
}
