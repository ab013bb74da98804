package ops

import (
	"context"
	"strings"
	"time"
	"unicode"

	"homecase/fault"
	"homecase/share"
)

// How long an invitation may last, in days.
const (
	InviteDays     = 14
	MostInviteDays = 90
)

// InvitedPerson is an invitation as it is handed to a person. It is shown once: the
// office keeps its hash alone.
type InvitedPerson struct {
	For     string    `json:"for"`
	Org     string    `json:"org"`
	Address string    `json:"address"` // to be pasted into the workspace
	Expires time.Time `json:"expires"`
}

// OfficeAdmin is what whoever runs an office may do with it on the command line.
type OfficeAdmin interface {
	Organisations(ctx context.Context) ([]Organisation, error)
	MakeOrganisation(ctx context.Context, name string) (*Organisation, error)
	InvitePerson(ctx context.Context, org, whom string, days int) (*InvitedPerson, error)
	Accounts(ctx context.Context, org string) ([]Account, error)
	MakeAccount(ctx context.Context, org string, a Account) (*Account, error)
	TakeOut(ctx context.Context, org, email string) error
	CameBack(ctx context.Context, id Returned) error
}

var _ OfficeAdmin = (*Office)(nil)

// Organisation is what is shown of an organisation: its key stays where it is.
type Organisation struct {
	ID   string    `json:"id"`
	Name string    `json:"name"`
	Made time.Time `json:"made"`
}

// Organisations lists those of the office.
func (o *Office) Organisations(ctx context.Context) ([]Organisation, error) {
	orgs, err := o.Store.Orgs(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]Organisation, len(orgs))
	for i, og := range orgs {
		list[i] = Organisation{og.ID, og.Name, og.Made}
	}
	return list, nil
}

// MakeOrganisation adds one.
func (o *Office) MakeOrganisation(ctx context.Context, name string) (*Organisation, error) {
	if len([]rune(name)) > maxPersonal || strings.ContainsFunc(name, unicode.IsControl) {
		return nil, fault.New(fault.Invalid, "HC-OFFICE-54", "The name of an organisation has at most %d characters on one line.", maxPersonal)
	}
	og, err := o.AddOrg(ctx, name)
	if err != nil {
		return nil, err
	}
	return &Organisation{og.ID, og.Name, og.Made}, nil
}

// InvitePerson invites somebody by name to publish at an organisation, which is
// given by its id or its name.
func (o *Office) InvitePerson(ctx context.Context, org, whom string, days int) (*InvitedPerson, error) {
	whom = strings.TrimSpace(whom)
	if whom == "" {
		return nil, fault.New(fault.Invalid, "HC-OFFICE-50", "An invitation is for somebody. Say whom.")
	}
	if days < 1 || days > MostInviteDays {
		return nil, fault.New(fault.Invalid, "HC-OFFICE-51", "An invitation lasts 1 to %d days.", MostInviteDays)
	}
	og, err := o.OrgNamed(ctx, org)
	if err != nil {
		return nil, err
	}
	expires := o.Now().UTC().Truncate(time.Second).AddDate(0, 0, days)
	code, err := o.Invite(ctx, og.ID, whom, expires)
	if err != nil {
		return nil, err
	}
	return &InvitedPerson{For: whom, Org: og.ID, Address: InvitationAddress(o.Address, code), Expires: expires}, nil
}

// OrgNamed finds an organisation by its id or its name.
func (o *Office) OrgNamed(ctx context.Context, name string) (*share.Org, error) {
	orgs, err := o.Store.Orgs(ctx)
	if err != nil {
		return nil, err
	}
	var found []share.Org
	for _, og := range orgs {
		if og.ID == name {
			return &og, nil
		}
		if strings.EqualFold(og.Name, strings.TrimSpace(name)) {
			found = append(found, og)
		}
	}
	switch len(found) {
	case 1:
		return &found[0], nil
	case 0:
		return nil, fault.New(fault.Missing, "HC-OFFICE-52", "There is no organisation %q here.", name).Then("homecase serve org list shows them; homecase serve org add makes one.")
	}
	return nil, fault.New(fault.Invalid, "HC-OFFICE-53", "%d organisations are called %q.", len(found), name).Then("Give the id that homecase serve org list shows.")
}
