package homecase

import (
	"context"
	"time"

	"homecase/day"
	"homecase/trial"
)

// Store keeps cases. An engine passes the suite of package storetest. Every
// method that changes something has either done so durably when it returns nil,
// or changed nothing. A case that is not there is a fault of kind Missing; words
// and ids no engine can keep are one of kind Invalid. Times are kept to the
// microsecond and come back in UTC.
type Store interface {
	// Cases lists the cases, the last changed first.
	Cases(ctx context.Context) ([]CaseInfo, error)
	// Case returns the newest revision of a case.
	Case(ctx context.Context, id string) (*Kept, error)
	// Revision returns a case as it was.
	Revision(ctx context.Context, id string, revision int64) (*Kept, error)
	// History lists the revisions of a case, the newest first: at most so many, from
	// revision upTo downwards. Zero sets no limit.
	History(ctx context.Context, id string, upTo int64, most int) ([]RevisionInfo, error)
	// Add keeps a new case as its revision 1, whatever k.Revision says. An id that
	// is there is a Conflict.
	Add(ctx context.Context, k Kept) error
	// Save keeps the next revision of a case and returns its number. It is a
	// Conflict, and nothing changes, unless k.Revision is the newest.
	Save(ctx context.Context, k Kept) (int64, error)
	// Erase takes out a case with all its revisions, days, pictures and its part of
	// the record, so that
	// their bytes are gone from the store. What left the computer stays on record
	// with its hash, size and time, without its words. Backups keep what they hold.
	Erase(ctx context.Context, id string) error

	// Current returns the id of the case that is open, "" where none is.
	Current(ctx context.Context) (string, error)
	// SetCurrent opens a case; none where id is "".
	SetCurrent(ctx context.Context, id string) error

	// Log returns the logged days of a case between two days, both included, in
	// order; the last entry of a day. A zero day has no limit.
	Log(ctx context.Context, id string, from, until day.Date) ([]trial.Entry, error)
	// LogDay keeps an entry. Earlier entries of the same day are kept behind it.
	LogDay(ctx context.Context, id string, e trial.Entry) error

	// Picture returns a picture of the home office; Missing where there is none.
	Picture(ctx context.Context, id, item string) ([]byte, error)
	// SetPicture keeps a cleaned picture, or takes it out where jpeg is empty.
	SetPicture(ctx context.Context, id, item string, jpeg []byte) error

	// Departures lists what left this computer, the latest first; of all cases
	// where id is "".
	Departures(ctx context.Context, id string) ([]Departure, error)
	// Depart records something before it leaves. It is of no case where d.Case is
	// "". An id that is there is a Conflict.
	Depart(ctx context.Context, d Departure) error

	Publisher

	// Backup writes everything as one file while the store is in use. The file
	// must not be there yet.
	Backup(ctx context.Context, path string) error
	// Close lets go of the store.
	Close() error
}

// Kept is a case as a store keeps it.
type Kept struct {
	ID       string
	Revision int64  // from 1
	Title    string // for the person to know it by in a list
	Text     []byte // the case file as it stands, comments and all
	Course   Course
	Did      string    // what the person did, such as "Saved your duties"
	At       time.Time // when this revision was made
}

// CaseInfo is a case in a list.
type CaseInfo struct {
	ID            string
	Title         string // for the person to know it by
	Revision      int64
	Made, Changed time.Time
}

// RevisionInfo is a revision in a list.
type RevisionInfo struct {
	Revision int64
	Did      string
	At       time.Time
}

// Departure is something that left this computer, or was handed to a program
// that may send it: a saved file, a calendar entry, a note copied out.
type Departure struct {
	ID     string
	Case   string // the case's id
	At     time.Time
	What   string // such as "packet.pdf"
	To     string // a name, "this computer's downloads" or "not known"
	Bytes  int64
	SHA256 string
}
