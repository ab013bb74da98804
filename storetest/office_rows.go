package storetest

import (
	"slices"
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

	// One that is dead when it is posted is never leased, and is listed with its reason.
	must(t, s.Post(ctx, "other", share.Message{ID: "6", Org: "other", Case: "refused", Key: "k", To: "boss@example.org", About: "link", Raw: []byte("words"), Made: start, Next: start, Dead: true, Why: "too many"}))
	same(t, "a message given up before its first try", due(start.Add(20*time.Minute), 10), []share.Message(nil))
	all, err = s.Messages(ctx, "other", "refused")
	must(t, err)
	same(t, "the message that was given up", all, []share.Message{{ID: "6", Org: "other", Case: "refused", Key: "k", To: "boss@example.org", About: "link", Made: start, Dead: true, Why: "too many"}})

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
		func() (*share.Account, error) { return s.AccountBySubject(ctx, "acme", a.Subject) },
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
	got, err := s.AccountBySubject(ctx, "acme", a.Subject)
	must(t, err)
	same(t, "the account of a subject", *got, a)
	taken := account("c")
	taken.Email = "boss-B@example.org"
	fails(t, "an address that is taken", s.SetAccount(ctx, "acme", taken), fault.Conflict)
	must(t, s.SetAccount(ctx, "other", taken)) // elsewhere it is not
	taken = account("c")
	taken.Subject = a.Subject
	fails(t, "a subject that is taken", s.SetAccount(ctx, "acme", taken), fault.Conflict)
	for _, id := range []string{"d", "e"} { // many have none
		bare := account(id)
		bare.Subject = ""
		must(t, s.SetAccount(ctx, "other", bare))
	}
	_, err = s.AccountBySubject(ctx, "other", "")
	fails(t, "the account without a subject", err, fault.Missing)

	a.Name, a.Role, a.Email = "Priya N.", share.RoleManager, "priya@example.org"
	must(t, s.SetAccount(ctx, "acme", a))
	got, err = s.Account(ctx, "acme", "b")
	must(t, err)
	same(t, "the account as it was changed", *got, a)
	_, err = s.AccountByEmail(ctx, "acme", "boss-b@example.org")
	fails(t, "the address it had", err, fault.Missing)
	must(t, s.SetAccount(ctx, "acme", account("a")))
	all, err := s.AccountsOf(ctx, "acme")
	must(t, err)
	same(t, "the accounts by address", all, []share.Account{account("a"), a})

	// One that is taken out takes along what was kept of it, and nothing of others.
	for _, of := range []string{"a", "b"} {
		must(t, s.SetSession(ctx, "acme", share.Session{Hash: "s-" + of, Account: of, By: "link", Made: start, Expires: start.Add(time.Hour)}))
		must(t, s.SetPasskey(ctx, "acme", share.Passkey{ID: "p-" + of, Account: of, Name: "phone", Data: []byte("{}"), Made: start}))
		must(t, s.SetTicket(ctx, "acme", share.Ticket{Hash: "t-" + of, Kind: "sign-in", Account: of, Expires: start.Add(time.Hour)}))
	}
	fails(t, "taking out an account of another organisation", s.RemoveAccount(ctx, "other", "a"), fault.Missing)
	must(t, s.RemoveAccount(ctx, "acme", "a"))
	fails(t, "taking it out again", s.RemoveAccount(ctx, "acme", "a"), fault.Missing)
	_, err = s.Session(ctx, "acme", "s-a")
	fails(t, "its session", err, fault.Missing)
	_, err = s.UseTicket(ctx, "acme", "t-a", start)
	fails(t, "its ticket", err, fault.Missing)
	_, err = s.Session(ctx, "acme", "s-b")
	must(t, err)
	_, err = s.UseTicket(ctx, "acme", "t-b", start)
	must(t, err)
	keys, err := s.Passkeys(ctx, "acme", "b")
	must(t, err)
	same(t, "passkeys of the other", len(keys), 1)
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
	one := share.Session{Hash: hash("one"), Account: "b", By: "passkey", Made: start, Expires: start.Add(time.Hour)}
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

	two := share.Session{Hash: hash("two"), Account: "b", By: "link", Made: start.Add(time.Second), Expires: start.Add(time.Hour)}
	must(t, s.SetSession(ctx, "acme", two))
	for _, c := range []struct {
		org, account string
		now          time.Time
		want         []share.Session
	}{
		{"acme", "b", start, []share.Session{two, one}}, {"acme", "b", two.Expires, []share.Session{one}}, {"acme", "b", one.Expires, nil},
		{"acme", "none", start, nil}, {"other", "b", start, nil},
	} {
		all, err := s.Sessions(ctx, c.org, c.account, c.now)
		must(t, err)
		same(t, "the sessions that are not over, the latest first", all, c.want)
	}
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
	must(t, s.RemovePasskey(ctx, "acme", "a", one.ID))
	must(t, s.RemovePasskey(ctx, "other", "b", one.ID))
	must(t, s.RemovePasskey(ctx, "acme", "b", two.ID))
	must(t, s.RemovePasskey(ctx, "acme", "b", two.ID))
	all, err = s.Passkeys(ctx, "acme", "b")
	must(t, err)
	same(t, "the passkey that is left", all, []share.Passkey{one})
}

func listed(t *testing.T, s share.Store) {
	with(t, s)
	ctx := t.Context()
	must(t, s.SetAccount(ctx, "acme", account("b")))
	one, two := write(t, s, "acme", "one", 2), write(t, s, "acme", "two", 1)
	must(t, s.Share(ctx, "acme", "b", "one", "first"))
	must(t, s.Share(ctx, "acme", "b", "one", "last"))
	must(t, s.Share(ctx, "acme", "b", "two", "l"))
	all, err := s.SharedWith(ctx, "acme", "b")
	must(t, err)
	same(t, "the list, the last changed first", all, []share.OpenLink{{Head: headOf("one", one[1]), Link: "last"}, {Head: headOf("two", two[0]), Link: "l"}})
	must(t, s.Share(ctx, "acme", "b", "one", ""))
	must(t, s.Share(ctx, "acme", "b", "one", ""))
	all, err = s.SharedWith(ctx, "acme", "b")
	must(t, err)
	same(t, "the list without one", all, []share.OpenLink{{Head: headOf("two", two[0]), Link: "l"}})
	fails(t, "a case that is not there", s.Share(ctx, "acme", "b", "none", "l"), fault.Missing)
	fails(t, "an account that is not there", s.Share(ctx, "acme", "none", "one", "l"), fault.Missing)
	fails(t, "another organisation's case", s.Share(ctx, "other", "b", "one", "l"), fault.Missing)
	all, err = s.SharedWith(ctx, "acme", "none")
	must(t, err)
	same(t, "nobody's list", all, []share.OpenLink(nil))
}

func whoSaw(t *testing.T, s share.Store) {
	with(t, s)
	ctx := t.Context()
	must(t, s.SetAccount(ctx, "acme", account("a")))
	must(t, s.SetAccount(ctx, "acme", account("b")))
	write(t, s, "acme", "one", 1)
	write(t, s, "acme", "two", 1)
	seen := func(account string, edition int, at time.Duration) share.Seen {
		return share.Seen{Case: "one", Account: account, Edition: edition, At: start.Add(at)}
	}
	want := []share.Seen{seen("b", 1, 0), seen("a", 1, time.Second), seen("b", 2, time.Minute)}
	for _, i := range []int{2, 0, 1} {
		must(t, s.Saw(ctx, "acme", want[i]))
	}
	must(t, s.Saw(ctx, "acme", seen("b", 1, time.Hour))) // the first time stands
	got, err := s.WhoSaw(ctx, "acme", "one")
	must(t, err)
	same(t, "who saw it", got, want)
	got, err = s.WhoSaw(ctx, "acme", "two")
	must(t, err)
	same(t, "who saw the other", got, []share.Seen(nil))
	for _, of := range []share.Seen{{Case: "one", Account: "none"}, {Case: "none", Account: "b"}} {
		fails(t, "what nobody can have seen", s.Saw(ctx, "acme", of), fault.Missing)
	}
	fails(t, "another organisation's case", s.Saw(ctx, "other", seen("b", 1, 0)), fault.Missing)
}

func watches(t *testing.T, s share.Store) {
	with(t, s)
	ctx := t.Context()
	write(t, s, "acme", "one", 1)
	watch := func(link, about, to string, at time.Duration) share.Watch {
		return share.Watch{Case: "one", Link: link, About: about, To: to, Made: start.Add(at)}
	}
	mine, boss := watch("", "question 1", "Ana@example.org", time.Second), watch("l", "question 1", "boss@example.org", 0)
	for _, w := range []share.Watch{watch("", "question 1", "old@example.org", time.Hour), mine, boss, watch("l", "notes", "boss@example.org", 0)} {
		must(t, s.Watch(ctx, "acme", w))
	}
	got, err := s.Watches(ctx, "acme", "one", "question 1")
	must(t, err)
	same(t, "who wants to hear", got, []share.Watch{boss, mine})
	must(t, s.Unwatch(ctx, "other", "one", "l", "question 1"))
	must(t, s.Unwatch(ctx, "acme", "one", "", "question 1"))
	must(t, s.Unwatch(ctx, "acme", "one", "", "question 1"))
	got, err = s.Watches(ctx, "acme", "one", "question 1")
	must(t, err)
	same(t, "who is left", got, []share.Watch{boss})
	got, err = s.Watches(ctx, "acme", "one", "question 2")
	must(t, err)
	same(t, "who wants to hear of nothing", got, []share.Watch(nil))
	asked := next(t, s, "acme", "one")
	left := watch("l", "question 2", "boss@example.org", 0)
	asked.Watch = &left
	must(t, s.Append(ctx, "acme", asked))
	fails(t, "a line that does not follow, with an address", s.Append(ctx, "acme", asked), fault.Conflict)
	got, err = s.Watches(ctx, "acme", "one", "question 2")
	must(t, err)
	same(t, "who left an address with a line", got, []share.Watch{left})
	fails(t, "an address of no case", s.Watch(ctx, "acme", share.Watch{Case: "none", About: "notes", To: "x", Made: start}), fault.Missing)
	fails(t, "an address of another organisation's case", s.Watch(ctx, "other", boss), fault.Missing)
}

func posted(t *testing.T, s share.Store) {
	with(t, s)
	ctx := t.Context()
	for i, to := range []string{"a@example.org", "A@Example.org", "b@example.org", "a@example.org"} {
		must(t, s.Post(ctx, "acme", share.Message{ID: string(rune('1' + i)), To: to, Made: start.Add(time.Duration(i) * time.Minute), Next: start}))
	}
	must(t, s.Sent(ctx, "acme", "4", start)) // it was posted all the same
	for _, c := range []struct {
		org, to   string
		since     time.Duration
		them, all int
	}{
		{"acme", "a@EXAMPLE.org", 0, 3, 4}, {"acme", "a@example.org", time.Minute, 2, 3}, {"acme", "b@example.org", 3 * time.Minute, 0, 1},
		{"acme", "a@example.org", time.Hour, 0, 0}, {"other", "a@example.org", 0, 0, 0},
	} {
		them, all, err := s.Posted(ctx, c.org, c.to, start.Add(c.since))
		must(t, err)
		if them != c.them || all != c.all {
			t.Errorf("%d to %s and %d in all since %s in %s, want %d and %d", them, c.to, all, c.since, c.org, c.them, c.all)
		}
	}
}

func swept(t *testing.T, s share.Store) {
	with(t, s)
	ctx, now := t.Context(), start.Add(time.Hour)
	for _, org := range []string{"acme", "other"} {
		must(t, s.SetAccount(ctx, org, account("b")))
		for id, expires := range map[string]time.Time{"over": now, "open": now.Add(time.Microsecond)} {
			must(t, s.SetTicket(ctx, org, share.Ticket{Hash: hash(id), Kind: "sign-in", Expires: expires}))
			must(t, s.SetSession(ctx, org, share.Session{Hash: hash(id), Account: "b", Made: start, Expires: expires}))
		}
		for id, end := range map[string]func() error{
			"waits":     func() error { return nil },
			"sent":      func() error { return s.Sent(ctx, org, "sent", start) },
			"sent late": func() error { return s.Sent(ctx, org, "sent late", start.Add(time.Minute)) },
			"dead":      func() error { return s.Failed(ctx, org, "dead", "550", time.Time{}) },
		} {
			next := start
			if id == "waits" {
				next = start.AddDate(1, 0, 0)
			}
			must(t, s.Post(ctx, org, share.Message{ID: id, Case: "one", To: "x", Made: start, Next: next}))
			must(t, end())
		}
	}
	must(t, s.Sweep(ctx, now, start.Add(time.Minute)))
	must(t, s.Sweep(ctx, now, start.Add(time.Minute)))
	for _, org := range []string{"acme", "other"} {
		for _, h := range []string{"over", "open"} {
			_, err := s.Session(ctx, org, hash(h))
			_, ticket := s.UseTicket(ctx, org, hash(h), start)
			if (err == nil) != (h == "open") || (ticket == nil) != (h == "open") {
				t.Errorf("what is %s in %s: the session %v, the ticket %v", h, org, err, ticket)
			}
		}
		all, err := s.Messages(ctx, org, "one")
		must(t, err)
		var ids []string
		for _, m := range all {
			ids = append(ids, m.ID)
		}
		slices.Sort(ids)
		same(t, "the messages that are left", ids, []string{"sent late", "waits"})
	}
}
