package storetest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"
	"time"

	"homecase/fault"
	"homecase/share"
)

// OfficeOpener opens an office that holds nothing and closes it at the end of the test.
type OfficeOpener func(t *testing.T) share.Store

// RunOffice runs the suite every engine of share.Store passes. Each part opens
// its own store.
func RunOffice(t *testing.T, open OfficeOpener) {
	parts := []struct {
		name string
		test func(*testing.T, share.Store)
	}{
		{"organisations", orgs},
		{"an invitation is used once", invitations},
		{"lines come back as they were written", recordLines},
		{"a line that does not follow is refused", notFollowing},
		{"what hangs on a line comes with it or not at all", hanging},
		{"links lead to where their case stands", links},
		{"many links are asked for at once", manyLinks},
		{"the page of a link", pages},
		{"the pages of many links", manyPages},
		{"links that expire", linksThatExpire},
		{"marks", marks},
		{"what stands between two marks", standing},
		{"files", files},
		{"files that no line names are swept", sweeping},
		{"files take room", room},
		{"messages", messages},
		{"accounts", accounts},
		{"a ticket opens once", tickets},
		{"sessions", sessions},
		{"passkeys", passkeys},
		{"cases on a list", listed},
		{"who saw an edition", whoSaw},
		{"who wants to hear of something", watches},
		{"how much was posted", posted},
		{"what is over is swept", swept},
		{"erasing a case", erasingShared},
		{"times of every kind", officeTimes},
		{"texts of every kind come back", officeTexts},
		{"what no engine can keep in an office", officeRefused},
		{"two organisations never meet", apart},
		{"one appender wins", oneAppenderWins},
		{"appenders who try again all get in", allAppended},
		{"files that come at once share the room", roomTogether},
		{"one opener of a case wins", oneOpenerWins},
		{"one of many uses an invitation", oneUsesInvitation},
		{"one of many uses a ticket", oneUsesTicket},
		{"a message is leased once", leasedOnce},
		{"one address for many accounts", oneAddress},
		{"a file put while it is swept", sweptMeanwhile},
		{"a cancelled request to an office", officeCancelled},
		{"a closed office", officeClosed},
	}
	for _, p := range parts {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			p.test(t, open(t))
		})
	}
}

// headMoved is the code by which a store says that somebody wrote first.
const headMoved fault.Code = "HC-STORE-30"

// org is an organisation with something in every field.
func org(id string) share.Org {
	key := sha256.Sum256([]byte(id))
	return share.Org{ID: id, Name: "Works of " + id, Key: key[:], Made: start}
}

// with adds the organisations "acme" and "other".
func with(t *testing.T, s share.Store) {
	t.Helper()
	must(t, s.AddOrg(t.Context(), org("acme")))
	must(t, s.AddOrg(t.Context(), org("other")))
}

// hash is a hash as tokens and codes have.
func hash(of string) string {
	sum := sha256.Sum256([]byte(of))
	return hex.EncodeToString(sum[:])
}

// line is an act that follows n lines; prev is the hash of the last one.
func line(caseID string, n int64, prev string) share.Append {
	raw := fmt.Appendf(nil, `{"id":"act %d","text":"words of %s"}`, n+1, caseID)
	l := share.Line{
		N: n + 1, Prev: prev, Time: start.Add(time.Duration(n) * time.Minute), Actor: share.Employee, Act: share.Replied, Body: share.Hash(raw),
	}
	if n == 0 {
		l.Act = share.Opened
	}
	a := share.Append{Case: caseID, Prev: n, Entry: share.Entry{Line: l, Raw: raw, Signature: "signed", Countersignature: "countersigned"}}
	if n == 0 {
		a.Key = "key of " + caseID
	}
	a.Hash, _ = l.Hash()
	return a
}

// write appends lines to a case until it has n, and returns them.
func write(t *testing.T, s share.Store, org, caseID string, n int) (all []share.Append) {
	t.Helper()
	prev := ""
	for i := range int64(n) {
		a := line(caseID, i, prev)
		must(t, s.Append(t.Context(), org, a))
		all, prev = append(all, a), a.Hash
	}
	return all
}

// next is the line that follows the last of a case.
func next(t *testing.T, s share.Store, org, caseID string) share.Append {
	t.Helper()
	h, err := s.Head(context.WithoutCancel(t.Context()), org, caseID)
	must(t, err)
	return line(caseID, h.N, h.Hash)
}

// headOf is the head of a case whose last line this is.
func headOf(caseID string, a share.Append) share.Head {
	return share.Head{Case: caseID, Key: "key of " + caseID, N: a.Entry.Line.N, Hash: a.Hash, At: a.Entry.Line.Time}
}

// is checks the code of a fault.
func is(t *testing.T, what string, err error, kind fault.Kind, code fault.Code) {
	t.Helper()
	fails(t, what, err, kind)
	if fault.CodeOf(err) != code {
		t.Errorf("%s: code %q, want %q", what, fault.CodeOf(err), code)
	}
}
