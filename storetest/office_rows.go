package storetest

import (
	"testing"
	"time"

	"homecase/fault"
	"homecase/share"
)

func orgs(t *testing.T, s share.Store) {
	all, err := s.Orgs(t.Context())
	must(t, err)
	same(t, "the organisations of an empty office", all, []share.Org(nil))
	_, err = s.Org(t.Context(), "acme")
	fails(t, "an organisation that is not there", err, fault.Missing)
	with(t, s)
	got, err := s.Org(t.Context(), "acme")
	must(t, err)
	same(t, "the organisation", *got, org("acme"))

	again := org("acme")
	again.Name, again.Key = "Another", []byte("other")
	fails(t, "the same id again", s.AddOrg(t.Context(), again), fault.Conflict)
	fails(t, "the very same again", s.AddOrg(t.Context(), org("acme")), fault.Conflict)
	all, err = s.Orgs(t.Context())
	must(t, err)
	same(t, "the organisations", all, []share.Org{org("acme"), org("other")})
	must(t, s.Ping(t.Context()))
}

func invitations(t *testing.T, s share.Store) {
	with(t, s)
	ctx, now := t.Context(), start.Add(time.Hour)
	invite := func(name string, expires time.Time) {
		t.Helper()
		must(t, s.Invite(ctx, "acme", share.Invitation{CodeHash: hash(name), For: "Ana", Made: start, Expires: expires}))
	}
	invite("open", now.Add(time.Microsecond))
	invite("over", now)
	invite("forever", time.Time{})
	invite("second", time.Time{})
	ana := share.Person{Key: "key of ana", Name: "Ana", Made: now}

	for name, code := range map[string]string{"unknown": hash("unknown"), "over": hash("over"), "not a code": "\x00"} {
		_, err := s.Pair(ctx, "acme", code, ana, now)
		fails(t, "an invitation that is "+name, err, fault.Missing)
	}
	_, err := s.Pair(ctx, "other", hash("open"), ana, now)
	fails(t, "another organisation's invitation", err, fault.Missing)
	_, err = s.Person(ctx, "acme", ana.Key)
	fails(t, "a person who was refused", err, fault.Missing)

	got, err := s.Pair(ctx, "acme", hash("open"), ana, now)
	must(t, err)
	same(t, "the person", *got, ana)
	later := ana
	later.Name, later.Made = "Someone", now.Add(time.Hour)
	got, err = s.Pair(ctx, "acme", hash("open"), later, now.Add(time.Hour)) // over, but used by the same key
	must(t, err)
	same(t, "the person again", *got, ana)
	_, err = s.Pair(ctx, "acme", hash("open"), share.Person{Key: "key of bo", Name: "Bo", Made: now}, now)
	fails(t, "another key", err, fault.Missing)
	got, err = s.Person(ctx, "acme", ana.Key)
	must(t, err)
	same(t, "the person who is kept", *got, ana)
	_, err = s.Person(ctx, "acme", "key of bo")
	fails(t, "a person who was not invited", err, fault.Missing)

	// A second invitation for a key that is known is used up too.
	got, err = s.Pair(ctx, "acme", hash("second"), ana, now)
	must(t, err)
	same(t, "the person with a second invitation", *got, ana)
	_, err = s.Pair(ctx, "acme", hash("second"), share.Person{Key: "key of bo", Made: now}, now)
	fails(t, "another key on the second", err, fault.Missing)
	_, err = s.Pair(ctx, "acme", hash("forever"), share.Person{Key: "key of bo", Name: "Bo", Made: now}, now.AddDate(50, 0, 0))
	must(t, err)
	fails(t, "an invitation to no organisation", s.Invite(ctx, "none", share.Invitation{CodeHash: hash("x"), Made: start}), fault.Missing)
}

func messages(t *testing.T, s share.Store) {
	with(t, s)
	ctx := t.Context()
	post := func(org, id, key string, next time.Time) share.Message {
		t.Helper()
		m := share.Message{
			ID: id, Org: org, Case: "case", Key: key, To: "boss@example.org", About: "link", Raw: []byte("Subject: " + id + "\r\n\r\nhello"),
			Made: start, Next: next,
		}
		must(t, s.Post(ctx, org, m))
		return m
	}
	due := func(now time.Time, limit int) []share.Message {
		t.Helper()
		all, err := s.Due(ctx, now, now.Add(time.Minute), limit)
		must(t, err)
		return all
	}
	first := post("acme", "1", "link of Ana", start)
	post("acme", "2", "link of Ana", start) // the same key: kept once
	third := post("other", "3", "link of Ana", start.Add(time.Second))
	fourth := post("acme", "4", "", start.Add(2*time.Second))
	post("acme", "5", "", start.Add(time.Hour))
	same(t, "what is due too early", due(start.Add(-time.Microsecond), 10), []share.Message(nil))
	same(t, "no message", due(start.Add(time.Minute), 0), []share.Message(nil))

	leased := func(all ...share.Message) []share.Message {
		for i := range all {
			all[i].Next = start.Add(2 * time.Minute)
		}
		return all
	}
	same(t, "the first two", due(start.Add(time.Minute), 2), leased(first, third))
	same(t, "the rest", due(start.Add(time.Minute), 10), leased(fourth))
	same(t, "while they are leased", due(start.Add(2*time.Minute-time.Microsecond), 10), []share.Message(nil))

	must(t, s.Sent(ctx, "acme", "1", start.Add(90*time.Second)))
	must(t, s.Failed(ctx, "other", "3", "451 later", start.Add(4*time.Minute)))
	must(t, s.Failed(ctx, "acme", "4", "550 no such person", time.Time{}))
	same(t, "after a failed try", due(start.Add(4*time.Minute-time.Microsecond), 10), []share.Message(nil))
	third.Tries, third.Why, third.Next = 1, "451 later", start.Add(5*time.Minute)
	same(t, "the second try", due(start.Add(4*time.Minute), 10), []share.Message{third})
	must(t, s.Sent(ctx, "other", "3", start.Add(5*time.Minute)))

	// One that was sent and came back is dead; its words are gone.
	must(t, s.Failed(ctx, "other", "3", "550 came back", time.Time{}))
	all, err := s.Messages(ctx, "other", "case")
	must(t, err)
	third.Raw, third.Tries, third.Why, third.Next, third.SentAt, third.Dead = nil, 2, "550 came back", time.Time{}, start.Add(5*time.Minute), true
	same(t, "the messages of the other", all, []share.Message{third})

	must(t, s.Failed(ctx, "acme", "1", "451 later", start.Add(time.Minute)))
	same(t, "what was sent is not sent again", due(start.Add(30*time.Minute), 10), []share.Message(nil))
	for what, err := range map[string]error{
		"sending": s.Sent(ctx, "acme", "none", start), "failing": s.Failed(ctx, "acme", "none", "x", start), "giving up": s.Failed(ctx, "acme", "3", "x", time.Time{}),
		"posting to no organisation": s.Post(ctx, "none", share.Message{ID: "9", To: "x", Made: start}),
	} {
		fails(t, what+" what is not there", err, fault.Missing)
	}
	all, err = s.Messages(ctx, "acme", "case")
	must(t, err)
	var ids []string
	for _, m := range all {
		if m.Raw != nil {
			t.Errorf("the list has the words of %s", m.ID)
		}
		ids = append(ids, m.ID)
	}
	same(t, "the messages, the latest first", ids, []string{"5", "4", "1"})
	all, err = s.Messages(ctx, "acme", "none")
	must(t, err)
	same(t, "the messages of no case", all, []share.Message(nil))
}

// account is an account with something in every field.
func account(id string) share.Account {
	return share.Account{ID: id, Email: "Boss-" + id + "@Example.org", Name: "Priya", Role: share.RoleReader, Subject: "https://id.example|" + id, Made: start}
}

func accounts(t *testing.T, s share.Store) {
	with(t, s)
	ctx, a := t.Context(), account("b")
	for _, find := range []func() (*share.Account, error){
		func() (*share.Account, error) { return s.Account(ctx, "acme", "b") },
		func() (*share.Account, error) { return s.AccountByEmail(ctx, "acme", a.Email) },
	} {
		_, err := find()
		fails(t, "an account that is not there", err, fault.Missing)
	}
	must(t, s.SetAccount(ctx, "acme", a))
	for _, email := range []string{a.Email, "boss-b@example.org", "BOSS-B@EXAMPLE.ORG"} {
		got, err := s.AccountByEmail(ctx, "acme", email)
		must(t, err)
		same(t, "the account of "+email, *got, a)
	}
	taken := account("c")
	taken.Email = "boss-B@example.org"
	fails(t, "an address that is taken", s.SetAccount(ctx, "acme", taken), fault.Conflict)
	must(t, s.SetAccount(ctx, "other", taken)) // elsewhere it is not

	a.Name, a.Role, a.Email = "Priya N.", share.RoleManager, "priya@example.org"
	must(t, s.SetAccount(ctx, "acme", a))
	got, err := s.Account(ctx, "acme", "b")
	must(t, err)
	same(t, "the account as it was changed", *got, a)
	_, err = s.AccountByEmail(ctx, "acme", "boss-b@example.org")
	fails(t, "the address it had", err, fault.Missing)
	must(t, s.SetAccount(ctx, "acme", account("a")))
	all, err := s.AccountsOf(ctx, "acme")
	must(t, err)
	same(t, "the accounts by address", all, []share.Account{account("a"), a})
	fails(t, "an account of no organisation", s.SetAccount(ctx, "none", a), fault.Missing)
}

func tickets(t *testing.T, s share.Store) {
	with(t, s)
	ctx := t.Context()
	ticket := share.Ticket{Hash: hash("one"), Kind: "sign-in", Account: "b", Data: []byte{0, 1, 255}, Expires: start}
	before := start.Add(-time.Microsecond)
	must(t, s.SetTicket(ctx, "acme", ticket))
	_, err := s.UseTicket(ctx, "other", ticket.Hash, before)
	fails(t, "another organisation's ticket", err, fault.Missing)
	_, err = s.UseTicket(ctx, "acme", hash("two"), before)
	fails(t, "a ticket that is not there", err, fault.Missing)
	got, err := s.UseTicket(ctx, "acme", ticket.Hash, before)
	must(t, err)
	same(t, "the ticket", *got, ticket)
	_, err = s.UseTicket(ctx, "acme", ticket.Hash, before)
	fails(t, "the ticket again", err, fault.Missing)

	must(t, s.SetTicket(ctx, "acme", ticket))
	_, err = s.UseTicket(ctx, "acme", ticket.Hash, start)
	fails(t, "a ticket that is over", err, fault.Missing)
	bare := share.Ticket{Hash: hash("bare"), Kind: "oidc", Expires: start}
	must(t, s.SetTicket(ctx, "acme", bare))
	got, err = s.UseTicket(ctx, "acme", bare.Hash, before)
	must(t, err)
	same(t, "a ticket without an account", *got, bare)
	fails(t, "a ticket of no organisation", s.SetTicket(ctx, "none", ticket), fault.Missing)
}

func sessions(t *testing.T, s share.Store) {
	with(t, s)
	ctx := t.Context()
	must(t, s.SetAccount(ctx, "acme", account("b")))
	one := share.Session{Hash: hash("one"), Account: "b", Made: start, Expires: start.Add(time.Hour)}
	fails(t, "a session of nobody", s.SetSession(ctx, "acme", share.Session{Hash: hash("x"), Account: "none", Made: start, Expires: start}), fault.Missing)
	must(t, s.SetSession(ctx, "acme", one))
	got, err := s.Session(ctx, "acme", one.Hash)
	must(t, err)
	same(t, "the session", *got, one)
	_, err = s.Session(ctx, "other", one.Hash)
	fails(t, "another organisation's session", err, fault.Missing)

	one.Expires = start.Add(2 * time.Hour)
	must(t, s.SetSession(ctx, "acme", one))
	got, err = s.Session(ctx, "acme", one.Hash)
	must(t, err)
	same(t, "the session as it was changed", *got, one)

	two := share.Session{Hash: hash("two"), Account: "b", Made: start, Expires: start.Add(time.Hour)}
	must(t, s.SetSession(ctx, "acme", two))
	must(t, s.EndSession(ctx, "other", two.Hash))
	must(t, s.EndSession(ctx, "acme", two.Hash))
	must(t, s.EndSession(ctx, "acme", two.Hash)) // it has ended
	_, err = s.Session(ctx, "acme", two.Hash)
	fails(t, "a session that was ended", err, fault.Missing)
	must(t, s.SetSession(ctx, "acme", two))
	must(t, s.EndSessions(ctx, "other", "b"))
	if _, err := s.Session(ctx, "acme", one.Hash); err != nil {
		t.Errorf("another organisation ended a session: %v", err)
	}
	must(t, s.EndSessions(ctx, "acme", "b"))
	for _, h := range []string{one.Hash, two.Hash} {
		_, err = s.Session(ctx, "acme", h)
		fails(t, "a session of those that were ended", err, fault.Missing)
	}
}

func passkeys(t *testing.T, s share.Store) {
	with(t, s)
	ctx := t.Context()
	must(t, s.SetAccount(ctx, "acme", account("a")))
	must(t, s.SetAccount(ctx, "acme", account("b")))
	key := func(id, account string, at time.Time) share.Passkey {
		return share.Passkey{ID: id, Account: account, Name: "Phone", Data: []byte{0, 255}, Made: at}
	}
	long := make([]byte, 1364)
	for i := range long {
		long[i] = 'A' + byte(i%26)
	}
	one, two := key("one", "b", start.Add(time.Second)), key(string(long), "b", start)
	must(t, s.SetPasskey(ctx, "acme", one))
	must(t, s.SetPasskey(ctx, "acme", two))
	one.Data, one.Name = []byte("counted"), "Laptop"
	must(t, s.SetPasskey(ctx, "acme", one))
	all, err := s.Passkeys(ctx, "acme", "b")
	must(t, err)
	same(t, "the passkeys, the first made first", all, []share.Passkey{two, one})
	stolen := one
	stolen.Account = "a"
	fails(t, "another account's passkey", s.SetPasskey(ctx, "acme", stolen), fault.Conflict)
	fails(t, "a passkey of nobody", s.SetPasskey(ctx, "acme", key("three", "none", start)), fault.Missing)
	for _, of := range [][2]string{{"acme", "a"}, {"other", "b"}} {
		all, err = s.Passkeys(ctx, of[0], of[1])
		must(t, err)
		same(t, "the passkeys of somebody else", all, []share.Passkey(nil))
	}
}

func listed(t *testing.T, s share.Store) {
	with(t, s)
	ctx := t.Context()
	must(t, s.SetAccount(ctx, "acme", account("b")))
	one, two := write(t, s, "acme", "one", 2), write(t, s, "acme", "two", 1)
	for range 2 { // twice is once
		must(t, s.Share(ctx, "acme", "b", "one", true))
		must(t, s.Share(ctx, "acme", "b", "two", true))
	}
	all, err := s.SharedWith(ctx, "acme", "b")
	must(t, err)
	same(t, "the list, the last changed first", all, []share.Head{headOf("one", one[1]), headOf("two", two[0])})
	must(t, s.Share(ctx, "acme", "b", "one", false))
	must(t, s.Share(ctx, "acme", "b", "one", false))
	all, err = s.SharedWith(ctx, "acme", "b")
	must(t, err)
	same(t, "the list without one", all, []share.Head{headOf("two", two[0])})
	fails(t, "a case that is not there", s.Share(ctx, "acme", "b", "none", true), fault.Missing)
	fails(t, "an account that is not there", s.Share(ctx, "acme", "none", "one", true), fault.Missing)
	fails(t, "another organisation's case", s.Share(ctx, "other", "b", "one", true), fault.Missing)
	all, err = s.SharedWith(ctx, "acme", "none")
	must(t, err)
	same(t, "nobody's list", all, []share.Head(nil))
}
