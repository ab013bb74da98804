package ops

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"homecase/fault"
	"homecase/internal/press/notice"
	"homecase/share"
)

// Listed is a case on somebody's list.
type Listed struct {
	Case    string
	Open    bool // it may still be read; nothing else is told where it may not
	Person  string
	Title   string
	Edition int
	State   share.State
	At      time.Time // of the last line
	Read    time.Time // when the account said it had read this edition; zero before
}

// ListOf are the cases of a visitor's list, the latest first; those that may no
// longer be read stand last.
func (o *Office) ListOf(ctx context.Context, v *Visitor) ([]Listed, error) {
	shared, err := o.Store.SharedWith(ctx, v.Org.ID, v.Account.ID)
	if err != nil {
		return nil, err
	}
	out := make([]Listed, 0, len(shared))
	for i := range shared {
		l, _, err := o.listed(ctx, v, &shared[i])
		if err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	slices.SortStableFunc(out, func(a, b Listed) int {
		if a.Open != b.Open {
			return map[bool]int{true: -1, false: 1}[a.Open]
		}
		return b.At.Compare(a.At)
	})
	return out, nil
}

func (o *Office) listed(ctx context.Context, v *Visitor, open *share.OpenLink) (Listed, *share.Exchange, error) {
	l := Listed{Case: open.Case}
	x, err := o.exchangeAt(ctx, v.Org.ID, open.Head)
	if fault.KindOf(err) == fault.Missing {
		return l, nil, nil
	}
	if err != nil {
		return l, nil, err
	}
	now, ed, link := o.Now(), x.Edition(), x.Link(open.Link)
	if ed == nil || link == nil || !link.Holds(now) || !x.Withdrawn.IsZero() || x.State(now) == share.IsErased {
		return l, nil, nil
	}
	l.Open, l.Person, l.Title, l.Edition, l.State, l.At = true, x.Person.Person, ed.Title, ed.Edition, x.State(now), x.Last
	seen, err := o.Store.WhoSaw(ctx, v.Org.ID, open.Case)
	if err != nil {
		return l, nil, err
	}
	for _, s := range seen {
		if s.Account == v.Account.ID && s.Edition == ed.Edition {
			l.Read = s.At
		}
	}
	return l, x, nil
}

// SharedCase returns a case of a visitor's list by the link that led there;
// Missing where it is not on the list or may no longer be read.
func (o *Office) SharedCase(ctx context.Context, v *Visitor, caseID string) (*share.OpenLink, *Listed, error) {
	none := fault.New(fault.Missing, "HC-ACCOUNT-46", "There is no such case on your list.")
	shared, err := o.Store.SharedWith(ctx, v.Org.ID, v.Account.ID)
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(shared, func(s share.OpenLink) bool { return s.Case == caseID })
	if i < 0 {
		return nil, nil, none
	}
	l, _, err := o.listed(ctx, v, &shared[i])
	if err != nil {
		return nil, nil, err
	}
	if !l.Open {
		return nil, nil, none
	}
	return &shared[i], &l, nil
}

// ReadShared returns a case of a visitor's list as its reader sees it.
func (o *Office) ReadShared(ctx context.Context, v *Visitor, caseID string) (*Visit, error) {
	open, _, err := o.SharedCase(ctx, v, caseID)
	if err != nil {
		return nil, err
	}
	return o.visit(ctx, v.Org.ID, open)
}

// PutOnList puts the case that a link leads to on the visitor's list. The link
// is what gives the leave to read: when it ends, so does the place on the list.
func (o *Office) PutOnList(ctx context.Context, v *Visitor, link string) (caseID string, err error) {
	none := fault.New(fault.Finding, "HC-ACCOUNT-47", "This link opens nothing that %s shows.", notice.Line(v.Org.Name, 80)).Then("Copy the whole address from the message.").At(fault.Place{Path: "link"})
	org, hash, ok := share.SplitToken(tokenIn(link))
	if !ok || org != v.Org.ID {
		return "", none
	}
	open, err := o.Store.LinkByToken(ctx, org, hash, o.Now())
	if err != nil {
		return "", missing(err, none)
	}
	l, _, err := o.listed(ctx, v, open)
	if err != nil {
		return "", err
	}
	if !l.Open {
		return "", none
	}
	return open.Case, o.Store.Share(ctx, org, v.Account.ID, open.Case, open.Link)
}

// tokenIn is the token of a link as somebody pasted it: the whole address, its
// path, or the token alone. Where the address leads otherwise does not matter:
// nothing is fetched.
func tokenIn(link string) string {
	link = strings.TrimSpace(link)
	if u, err := url.Parse(link); err == nil && strings.Contains(u.Path, "/p/") {
		_, link, _ = strings.Cut(u.Path, "/p/")
	}
	token, _, _ := strings.Cut(link, "/")
	return token
}

// TakeOffList takes a case off the visitor's list; none there is no fault.
func (o *Office) TakeOffList(ctx context.Context, v *Visitor, caseID string) error {
	return o.Store.Share(ctx, v.Org.ID, v.Account.ID, caseID, "")
}

// SayRead notes that the visitor says they have read the edition in front of
// them. Nothing else tells that somebody read.
func (o *Office) SayRead(ctx context.Context, v *Visitor, caseID string, edition int) error {
	_, l, err := o.SharedCase(ctx, v, caseID)
	if err != nil {
		return err
	}
	if edition != l.Edition {
		return fault.New(fault.Conflict, "HC-ACCOUNT-48", "There is a newer edition.").Then("Read it first.")
	}
	return o.Store.Saw(ctx, v.Org.ID, share.Seen{Case: caseID, Account: v.Account.ID, Edition: edition, At: o.moment()})
}

// Reading is somebody signed in who said they have read an edition.
type Reading struct {
	Name    string    `json:"name"`
	Edition int       `json:"edition"`
	At      time.Time `json:"at"`
}

// WhoSaw lists who said they have read, for the person whose case it is.
func (o *Office) WhoSaw(ctx context.Context, org, caseID string) ([]Reading, error) {
	seen, err := o.Store.WhoSaw(ctx, org, caseID)
	if err != nil {
		return nil, err
	}
	out := make([]Reading, 0, len(seen))
	for _, s := range seen {
		a, err := o.Store.Account(ctx, org, s.Account)
		if err != nil {
			return nil, err
		}
		name := a.Name
		if name == "" {
			name = a.Email
		}
		out = append(out, Reading{name, s.Edition, s.At})
	}
	return out, nil
}

// SeenOf is WhoSaw for the workspace whose case it is.
func (o *Office) SeenOf(ctx context.Context, c Caller, caseID string) ([]Reading, error) {
	if _, err := o.own(ctx, c, caseID); err != nil {
		return nil, err
	}
	return o.WhoSaw(ctx, c.Org, caseID)
}

// NewsTo is WatchNews for the workspace whose case it is.
func (o *Office) NewsTo(ctx context.Context, c Caller, caseID, to string) error {
	if _, err := o.own(ctx, c, caseID); err != nil {
		return err
	}
	return o.WatchNews(ctx, c.Org, caseID, to)
}

// People are those who may sign in to the visitor's organisation; managers see them.
func (o *Office) People(ctx context.Context, v *Visitor) ([]share.Account, error) {
	if !v.Manages() {
		return nil, notManager()
	}
	return o.Store.AccountsOf(ctx, v.Org.ID)
}

func notManager() error {
	return fault.New(fault.Forbidden, "HC-ACCOUNT-49", "Only managers may do this.")
}

// InviteBy makes an invitation to publish, by a manager. It is shown once and not kept.
func (o *Office) InviteBy(ctx context.Context, v *Visitor, name string) (*InvitedPerson, error) {
	if !v.Manages() {
		return nil, notManager()
	}
	if name = notice.Line(name, maxAccountName); name == "" {
		return nil, fault.New(fault.Invalid, "HC-ACCOUNT-50", "Enter the name of the person you invite.").At(fault.Place{Path: "name"})
	}
	return o.InvitePerson(ctx, v.Org.ID, name, InviteDays)
}

// TakeOutPerson takes somebody's account out, by a manager; nobody takes out their own.
func (o *Office) TakeOutPerson(ctx context.Context, v *Visitor, id string) error {
	if !v.Manages() {
		return notManager()
	}
	if id == v.Account.ID {
		return fault.New(fault.Finding, "HC-ACCOUNT-56", "You cannot take out your own account.").Then("Ask another manager.")
	}
	return o.Store.RemoveAccount(ctx, v.Org.ID, id)
}

// AddPerson gives somebody an account, by a manager.
func (o *Office) AddPerson(ctx context.Context, v *Visitor, email, name string, role share.Role) (*share.Account, error) {
	if !v.Manages() {
		return nil, notManager()
	}
	return o.AddAccount(ctx, v.Org.ID, email, name, role)
}
