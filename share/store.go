package share

import (
	"context"
	"time"

	"homecase/content"
)

// MaxBlob is the most bytes a file of an edition has, its document among them.
const MaxBlob = content.MaxFile

// Store keeps what organisations share. An engine passes the suite of package
// storetest. Every method names the organisation first and never reaches into
// another one's rows. Every method that changes something has either done so
// durably when it returns nil, or changed nothing; only where the database was
// lost in the middle a fault of kind Away says that it is not known which, and
// the same act may be done again. What is not there is a fault of kind Missing.
// Times are kept to the microsecond and come back in UTC.
type Store interface {
	// Orgs lists the organisations.
	Orgs(ctx context.Context) ([]Org, error)
	// Org returns an organisation.
	Org(ctx context.Context, org string) (*Org, error)
	// AddOrg keeps a new organisation. An id that is there is a Conflict.
	AddOrg(ctx context.Context, o Org) error

	// Invite keeps an invitation.
	Invite(ctx context.Context, org string, i Invitation) error
	// Pair uses an invitation up and keeps the person, both or neither. Missing
	// where the invitation is not there, used by another key or over; using it
	// again with the same key changes nothing and returns the same person.
	Pair(ctx context.Context, org, codeHash string, p Person, now time.Time) (*Person, error)
	// Person returns a person by their public key.
	Person(ctx context.Context, org, key string) (*Person, error)

	// Append writes an act: the line, its body, what hangs on it, all or nothing.
	// It is a Conflict, and nothing changes, where the case has another head.
	Append(ctx context.Context, org string, a Append) error
	// Entries returns the lines of a case behind one, in order, at most limit of them.
	Entries(ctx context.Context, org, caseID string, after int64, limit int) ([]Entry, error)
	// Head returns the number and hash of the last line, and whose case it is.
	Head(ctx context.Context, org, caseID string) (*Head, error)
	// Cases lists the cases of a person by their key.
	Cases(ctx context.Context, org, key string) ([]Head, error)
	// EraseCase takes out every body, file and link of a case; the chain keeps its hashes.
	EraseCase(ctx context.Context, org, caseID string) error

	// PutBlob keeps a file under the hash of its bytes; what is there stays as it is,
	// and takes no room. A new one for which there is no room is refused.
	PutBlob(ctx context.Context, org, caseID string, b Blob, room Room) error
	// Blob returns a file of a case.
	Blob(ctx context.Context, org, caseID, hash string) (*Blob, error)
	// HasBlobs returns which of these hashes are not kept yet.
	HasBlobs(ctx context.Context, org, caseID string, hashes []string) (missing []string, err error)
	// SweepBlobs takes out files that were put before a time and that no line names.
	SweepBlobs(ctx context.Context, org string, before time.Time) error

	// LinkByToken returns where a token's hash leads at a time, with the head of its
	// case. A link that ended or is over is not there, and is not looked for otherwise
	// than one that never was.
	LinkByToken(ctx context.Context, org, tokenHash string, now time.Time) (*OpenLink, error)

	Pages
	Mailbox
	Accounts

	// Sweep takes out, in every organisation, tickets and sessions that are over and
	// messages that were sent or given up before a time.
	Sweep(ctx context.Context, now, posted time.Time) error

	// Ping tells whether the store answers.
	Ping(ctx context.Context) error
	// Close lets go of the store.
	Close() error
}

// Pages are the first pages of links as their readers see them, so that opening
// one costs one look. They follow from the record and may be written anew at any
// time. A page goes with the document it shows and with its link.
type Pages interface {
	// Mark returns a word for what the store holds: where two marks are the same,
	// nothing was committed between them, and whatever was read after the first is
	// still so. The look at the store begins after the call, never before. It is empty
	// where that cannot be told, and then is like no other.
	Mark(ctx context.Context) string
	// HeadByToken returns the hash of the last line of the case that a token's hash
	// leads to: the least that tells whether a page is still right.
	HeadByToken(ctx context.Context, org, tokenHash string, now time.Time) (string, error)
	// PageByToken is LinkByToken with the page kept for the link, whatever that
	// shows; nil where none is kept.
	PageByToken(ctx context.Context, org, tokenHash string, now time.Time) (*OpenLink, []byte, error)
	// KeepPage keeps the page of a link in place of the one before. Missing where the
	// link has ended or the document is not there.
	KeepPage(ctx context.Context, org string, p Page) error
	// Unwritten lists cases behind one, in order, with a link that has not ended and
	// has no page of this form that shows where the case stands.
	Unwritten(ctx context.Context, org, form, after string, limit int) ([]string, error)
}

// Mailbox is the outbox: what is to be sent, until it was.
type Mailbox interface {
	// Post keeps a message to be sent; one of the same key is kept once. One that is
	// dead already is kept without its words, for the sender to see why.
	Post(ctx context.Context, org string, m Message) error
	// Due leases messages whose time has come to whoever asks, until a time.
	Due(ctx context.Context, now, until time.Time, limit int) ([]Message, error)
	// Sent notes that a leased message was taken by the next server, and forgets its words.
	Sent(ctx context.Context, org, id string, at time.Time) error
	// Failed notes a try that failed, and when to try again. Where next is zero it is
	// not tried again and its words are forgotten; so it is with one that was taken
	// and came back later.
	Failed(ctx context.Context, org, id, why string, next time.Time) error
	// Messages lists what was posted for a case, without words, the latest first.
	Messages(ctx context.Context, org, caseID string) ([]Message, error)
	// Posted counts what was posted since a time, to an address and in all;
	// addresses are compared in small letters.
	Posted(ctx context.Context, org, to string, since time.Time) (them, all int, err error)

	// Watch keeps an address that wants to hear of something in a case. There is one
	// for each case, link and matter; the last one stands.
	Watch(ctx context.Context, org string, w Watch) error
	// Watches returns who wants to hear of a matter.
	Watches(ctx context.Context, org, caseID, about string) ([]Watch, error)
	// Unwatch forgets an address; none there is no fault.
	Unwatch(ctx context.Context, org, caseID, link, about string) error
}

// Accounts are people of the employer who sign in, with what they sign in by.
type Accounts interface {
	// SetAccount keeps an account, by its id.
	SetAccount(ctx context.Context, org string, a Account) error
	Account(ctx context.Context, org, id string) (*Account, error)
	// AccountByEmail finds an account; addresses are compared in small letters.
	AccountByEmail(ctx context.Context, org, email string) (*Account, error)
	// AccountBySubject finds an account by what its provider calls it.
	AccountBySubject(ctx context.Context, org, subject string) (*Account, error)
	AccountsOf(ctx context.Context, org string) ([]Account, error)
	// RemoveAccount takes an account out with all that is kept of it: sessions,
	// passkeys, tickets, its list and what it said it has read.
	RemoveAccount(ctx context.Context, org, id string) error

	// SetTicket keeps something that opens once: a sign-in link, a challenge.
	SetTicket(ctx context.Context, org string, t Ticket) error
	// UseTicket returns a ticket and takes it out, both or neither; Missing where
	// it is not there or over.
	UseTicket(ctx context.Context, org, hash string, now time.Time) (*Ticket, error)

	// SetSession keeps a session under the hash of its token.
	SetSession(ctx context.Context, org string, s Session) error
	Session(ctx context.Context, org, hash string) (*Session, error)
	// Sessions lists those of an account that are not over, the latest first.
	Sessions(ctx context.Context, org, account string, now time.Time) ([]Session, error)
	EndSession(ctx context.Context, org, hash string) error
	// EndSessions ends every session of an account.
	EndSessions(ctx context.Context, org, account string) error

	SetPasskey(ctx context.Context, org string, p Passkey) error
	Passkeys(ctx context.Context, org, account string) ([]Passkey, error)
	// RemovePasskey takes a passkey out; none there is no fault.
	RemovePasskey(ctx context.Context, org, account, id string) error

	// Share puts a case on an account's list by the link that led there, the last
	// one standing; an empty link takes it off.
	Share(ctx context.Context, org, account, caseID, link string) error
	SharedWith(ctx context.Context, org, account string) ([]OpenLink, error)

	// Saw notes that an account said it has read an edition; the first time stands.
	Saw(ctx context.Context, org string, s Seen) error
	// WhoSaw lists who said so, the first one first.
	WhoSaw(ctx context.Context, org, caseID string) ([]Seen, error)
}

// Org is an employer on this server.
type Org struct {
	ID   string // as NewOrg makes it
	Name string
	Key  []byte // the Ed25519 seed that lines are countersigned with
	Made time.Time
}

// Invitation lets one person publish.
type Invitation struct {
	CodeHash string
	For      string // a name, for the office to know it by
	Made     time.Time
	Expires  time.Time
	Used     time.Time // zero until then
}

// Person is somebody who may publish, by their key.
type Person struct {
	Key  string // Ed25519, base64
	Name string
	Made time.Time
}

// Append is an act to be written, with what hangs on it.
type Append struct {
	Case  string
	Key   string // of the person whose case it is, on the first line
	Prev  int64  // the number of the last line it follows
	Entry Entry
	Hash  string // of the line
	// Blobs are the hashes of the files that the line names: they are kept with it from here on.
	Blobs []string
	Link  *Link    // a link that begins
	Ends  []string // links that end, by id, with the addresses that were left by them
	Mail  []Message
	Watch *Watch // an address that was left with it
}

// Bring adds the rows that an act of the employee brings along: the link that
// begins with it, or those that end. x is where the case stood before.
func (a *Append) Bring(x *Exchange, b Body) {
	switch b := b.(type) {
	case Linking:
		a.Link = &Link{Linking: b, At: a.Entry.Line.Time}
	case Unlinking:
		a.Ends = []string{b.Link}
	case Withdrawal:
		for _, l := range x.Links {
			if l.Ended.IsZero() {
				a.Ends = append(a.Ends, l.Linking.Link)
			}
		}
	}
}

// Head is where a case stands.
type Head struct {
	Case string
	Key  string // of the person whose case it is; empty where a token led to it
	N    int64
	Hash string
	At   time.Time
	// Erased tells that the words were taken out. Only Store.Head says it: whatever
	// else leads to a case ends with its words.
	Erased bool
}

// OpenLink is where a token leads.
type OpenLink struct {
	Head
	Link string
}

// Page is the first page of a link as a program wrote it.
type Page struct {
	Token    string // the hash of the link's token
	Case     string
	Document string // the hash of what it shows; empty where it shows nothing
	Form     string // which program wrote it
	Head     string // the hash of the last line it knows of
	Content  []byte
	Expires  time.Time // when the link is over; zero for never
}

// Blob is a file by its hash.
type Blob struct {
	Hash  string
	Media string
	Bytes []byte
	Made  time.Time
}

// Room is how many bytes of files may be kept in all: of a case, of a person and
// of the organisation. 0 is no bound.
type Room struct{ Case, Person, Org int64 }

// Message is an e-mail to be sent. Raw are its bytes as RFC 5322 has them, forgotten once it was sent.
type Message struct {
	ID, Org string
	Case    string // empty where it belongs to none
	Key     string // one of the same key is sent once
	To      string
	About   string // what it is, in a word: link, question, reply, decision, sign-in
	Raw     []byte
	Made    time.Time
	Next    time.Time // when to try next
	Tries   int
	SentAt  time.Time
	Why     string // why the last try failed
	Dead    bool   // it is not tried again
}

// Watch is an address that wants to hear of something: of one answer, or of each Friday note.
type Watch struct {
	Case  string
	Link  string // of the reader who left it; empty for the person whose case it is
	About string // the id of a question, or a word for what comes again
	To    string
	Made  time.Time
}

// Role is what an account may do.
type Role string

// The roles.
const (
	RoleReader  Role = "reader"  // has a list of cases that were shared
	RoleManager Role = "manager" // invites people, and has a list
)

// Account is somebody who signs in.
type Account struct {
	ID      string
	Email   string
	Name    string
	Role    Role
	Subject string // of the provider that signs them in: issuer and subject
	Made    time.Time
}

// Ticket opens once.
type Ticket struct {
	Hash    string
	Kind    string // sign-in, oidc or passkey
	Account string
	Data    []byte
	Expires time.Time
}

// Session is a signed-in browser.
type Session struct {
	Hash    string
	Account string
	By      string // how it was signed in: link, provider or passkey
	Made    time.Time
	Expires time.Time
}

// Seen is an edition that somebody signed in said they have read.
type Seen struct {
	Case    string
	Account string
	Edition int
	At      time.Time
}

// Passkey is a credential of WebAuthn, as its library keeps it.
type Passkey struct {
	ID      string
	Account string
	Name    string
	Data    []byte
	Made    time.Time
}
