package office

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"homecase/fault"
	"homecase/ops"
	"homecase/share"
)

// attempt is how somebody asks for a thing of another's case. of is whose thing
// it is; as is who asks. A stranger's answer must be the one for a thing that is
// not there.
type attempt func(as, of *person) *http.Request

// attempts has an entry for every address; TestEveryRouteIsTried fails for one
// without. An address that belongs to nobody has a reason instead.
var attempts = map[string]attempt{
	"GET " + casePath + "/entries": func(as, of *person) *http.Request {
		return as.signed("GET", casePathOf(of, "/entries?after=0&limit=10"), "", nil)
	},
	"POST " + casePath + "/acts": func(as, of *person) *http.Request {
		raw, err := share.Encode(of.publication(2))
		as.w.must(err)
		d := ops.Delivery{Act: share.Published, Body: raw, Signature: share.Sign(as.key, of.caseID, share.Published, raw)}
		return as.signed("POST", casePathOf(of, "/acts"), "application/json", asJSON(as.w.t, d))
	},
	"PUT " + casePath + "/files/{sha256}": func(as, of *person) *http.Request {
		data := []byte("%PDF-1.7 from " + as.name)
		return as.signed("PUT", casePathOf(of, "/files/"+share.Hash(data)), "application/pdf", data)
	},
	"POST " + casePath + "/missing": func(as, of *person) *http.Request {
		return as.signed("POST", casePathOf(of, "/missing"), "application/json", asJSON(as.w.t, hashes{[]string{of.document}}))
	},
	"GET " + casePath + "/mail": func(as, of *person) *http.Request { return as.signed("GET", casePathOf(of, "/mail"), "", nil) },
	"GET " + casePath + "/seen": func(as, of *person) *http.Request { return as.signed("GET", casePathOf(of, "/seen"), "", nil) },
	"PUT " + casePath + "/news": func(as, of *person) *http.Request {
		return as.signed("PUT", casePathOf(of, "/news"), "application/json", []byte(`{"to":""}`))
	},
	"GET " + casePath + "/record": func(as, of *person) *http.Request { return as.signed("GET", casePathOf(of, "/record"), "", nil) },
	"DELETE " + casePath:          func(as, of *person) *http.Request { return as.signed("DELETE", casePathOf(of, ""), "", nil) },

	"GET /cases/{case}":             func(as, of *person) *http.Request { return as.signedIn("GET", "/cases/"+of.caseID, "") },
	"GET /cases/{case}/packet":      func(as, of *person) *http.Request { return as.signedIn("GET", "/cases/"+of.caseID+"/packet", "") },
	"GET /cases/{case}/packet/full": func(as, of *person) *http.Request { return as.signedIn("GET", "/cases/"+of.caseID+"/packet/full", "") },
	"GET /cases/{case}/packet/questions": func(as, of *person) *http.Request {
		return as.signedIn("GET", "/cases/"+of.caseID+"/packet/questions", "")
	},
	"GET /cases/{case}/packet/files/{name}": func(as, of *person) *http.Request {
		return as.signedIn("GET", "/cases/"+of.caseID+"/packet/files/one-page.pdf", "")
	},
	"GET /cases/{case}/packet/of/{hash}/{name}": func(as, of *person) *http.Request {
		return as.signedIn("GET", "/cases/"+of.caseID+"/packet/of/"+of.document+"/working.json", "")
	},
	"GET /cases/{case}/packet/law": func(as, of *person) *http.Request {
		return as.signedIn("GET", "/cases/"+of.caseID+"/packet/law", "")
	},
	"POST /cases/{case}/read": func(as, of *person) *http.Request {
		return as.signedIn("POST", "/cases/"+of.caseID+"/read", "edition=1")
	},
	"GET /p/{token}/of/{hash}/{name}": func(as, of *person) *http.Request {
		return newRequest("GET", "/p/"+as.opens()+"/of/"+of.document+"/working.json", "")
	},
	"POST /cases/{case}/remove": func(as, of *person) *http.Request { return as.signedIn("POST", "/cases/"+of.caseID+"/remove", "") },
}

// nobodys are the addresses that belong to no case, and why each is safe.
var nobodys = map[string]string{
	"POST /api/1/pair": "an invitation is known by 128 random bits; suites of its own try it",
	"GET /healthz":     "says that the process runs",
	"GET /readyz":      "says that the store answers",
	"GET /invitation":  "the same page for all: the code never leaves the browser",

	"GET /assets/{hash}/{name}":         "a style sheet and typefaces",
	"GET /sign-in":                      "the same page for all",
	"POST /sign-in":                     "answers alike whether there is such an account",
	"GET /sign-in/{token}":              "the same page for any token: nothing is looked up",
	"POST /sign-in/{token}":             "a ticket is known by 128 random bits and opens once",
	"POST /sign-in/provider":            "leads to a provider of the settings",
	"GET /sign-in/provider/back":        "the same page for all",
	"POST /sign-in/provider/back":       "a ticket is known by 128 random bits, and the browser has to hold its cookie",
	"POST /sign-in/passkey/begin":       "makes a challenge",
	"POST /sign-in/passkey":             "the passkey signs the challenge",
	"GET /notes":                        "the address carries a code of 128 bits that the organisation's key makes",
	"POST /notes":                       "the same code",
	"GET /account":                      "the visitor's own",
	"POST /account":                     "the visitor's own",
	"POST /account/sign-out":            "the visitor's own",
	"POST /account/sign-out-everywhere": "the visitor's own",
	"POST /account/passkeys/begin":      "the visitor's own",
	"POST /account/passkeys":            "the visitor's own",
	"POST /account/passkeys/remove":     "tried below, by the passkeys that are left",
	"GET /cases":                        "the visitor's own; tried below, by the words that are in it",
	"POST /cases":                       "a link is known by 128 random bits; tried below, across organisations",
	"GET /p/{token}/keep":               "the same page for any token: nothing is looked up",
	"POST /p/{token}/keep":              "a link is known by 128 random bits; tried below, across organisations",
	"GET /people":                       "of the visitor's own organisation; tried below, by the names that are in it",
	"POST /people":                      "of the visitor's own organisation",
	"POST /people/remove":               "of the visitor's own organisation; tried below, across organisations",
	"POST /people/invite":               "of the visitor's own organisation",
}

func casePathOf(of *person, rest string) string {
	return "/api/1/" + of.org + "/cases/" + of.caseID + rest
}

func TestEveryRouteIsTried(t *testing.T) {
	known, readers := map[string]bool{}, readerRequests(nil)
	for _, r := range newWorld(t).server.routes() {
		name := r.method + " " + r.pattern
		known[name] = true
		ways := 0
		for _, has := range []bool{attempts[name] != nil, nobodys[name] != "", readers[name] != nil} {
			if has {
				ways++
			}
		}
		if ways == 0 {
			t.Errorf("%s is tried by nobody: add it to attempts, readerRequests or nobodys", name)
		}
		if (r.access == forReader) != (strings.HasPrefix(r.pattern, "/p/") && !strings.HasSuffix(r.pattern, "/keep")) {
			t.Errorf("%s: an address below /p/ is for whoever holds the token, and no other", name)
		}
		if nobodys[name] != "" && strings.Contains(r.pattern, "{case}") {
			t.Errorf("%s names a case and must be tried", name)
		}
	}
	for _, list := range []map[string]bool{keys(attempts), keys(nobodys), keys(readers)} {
		for name := range list {
			if !known[name] {
				t.Errorf("%s is no address", name)
			}
		}
	}
}

func keys[V any](m map[string]V) map[string]bool {
	out := map[string]bool{}
	for k := range m {
		out[k] = true
	}
	return out
}

// A case of another key, organisation or list answers as one that is not there:
// to a colleague, to somebody of another organisation, and to one whom nobody
// knows. What the owner gets shows that the request itself was right.
func TestNobodyReachesAnothersCase(t *testing.T) {
	for name, try := range attempts {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			before := w.rows()
			for _, as := range []*person{w.marek, w.sofia, {w: w, name: "Nobody", key: w.stranger()}} {
				none := *w.ines
				none.caseID, none.document = "case-that-is-not-there", share.Hash([]byte("not there"))
				got, want := read(t, w.send(try(as, w.ines))), read(t, w.send(try(as, &none)))
				want.Body = strings.NewReplacer(none.caseID, w.ines.caseID, none.document, w.ines.document).Replace(want.Body) // the asker's own words come back
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s can tell a case of Ines from none:\n%s", as.name, diff)
				}
				if strings.Contains(got.Body, "Ines") || strings.Contains(got.Body, "trial") {
					t.Errorf("%s is told of the case: %s", as.name, got.Body)
				}
			}
			if strings.Contains(name, "/api/") { // the right case under the wrong organisation is none either
				moved := *w.ines
				moved.org = w.sofia.org
				if got := read(t, w.send(try(w.ines, &moved))); got.Status != http.StatusNotFound {
					t.Errorf("under another organisation: %d %s", got.Status, got.Body)
				}
			}
			opening := share.Opening{Key: share.Key{ID: "open"}, Person: w.marek.name, PublicKey: w.marek.public()}
			guest := *w.marek // paired with Fernhill, and not with Oak
			guest.org, guest.caseID = w.sofia.org, "case-of-a-guest"
			if _, err := guest.office.Act(t.Context(), guest.org, guest.caseID, guest.delivery(opening)); fault.KindOf(err) != fault.Missing {
				t.Errorf("a case was opened in another organisation: %v", err)
			}
			if diff := cmp.Diff(before, w.rows()); diff != "" {
				t.Errorf("a stranger changed something:\n%s", diff)
			}
			if strings.HasSuffix(name, "/law") {
				return // the case of Ines is under no law; reader_flow_test reads one that is
			}
			if got := read(t, w.send(try(w.ines, w.ines))); got.Status >= 400 || got.Status < 300 && got.Body == "" && !strings.Contains(name, "/api/") {
				t.Errorf("Ines herself was answered %d: %s", got.Status, got.Body)
			}
		})
	}
}

// rows are the heads of every case, the lists and the passkeys of every account.
func (w *world) rows() map[string]string {
	w.t.Helper()
	ctx := w.t.Context()
	rows := w.lines()
	for _, p := range []*person{w.ines, w.marek, w.sofia} {
		list, err := w.office.Store.SharedWith(ctx, p.org, p.boss.ID)
		w.must(err)
		seen, err := w.office.Store.WhoSaw(ctx, p.org, p.caseID)
		w.must(err)
		keys, err := w.office.Store.Passkeys(ctx, p.org, p.boss.ID)
		w.must(err)
		missing, err := w.office.Store.HasBlobs(ctx, p.org, p.caseID, []string{p.document, p.file, p.review})
		w.must(err)
		accounts, err := w.office.Store.AccountsOf(ctx, p.org)
		w.must(err)
		rows[p.caseID+" rows"] = fmt.Sprint(len(list), len(seen), len(keys), len(missing), len(accounts))
	}
	return rows
}

// Two organisations on one server never learn of each other: no list, page or
// form of one shows a word of the other, or takes its links and passkeys.
func TestOrganisationsAreApart(t *testing.T) {
	w := newWorld(t)
	before := w.rows()
	for _, target := range []string{"/cases", "/people", "/account"} {
		got := read(t, w.send(w.sofia.signedIn("GET", target, "")))
		if got.Status != http.StatusOK {
			t.Errorf("%s: %d", target, got.Status)
		}
		for _, word := range []string{"Ines", "Marek", "Fernhill", w.ines.org} {
			if strings.Contains(got.Body, word) {
				t.Errorf("%s of Oak holds %q", target, word)
			}
		}
	}
	unknown, err := share.NewToken(w.office.Random, w.ines.org)
	w.must(err)
	for name, try := range map[string]func(token string) *http.Request{
		"POST /cases":          func(token string) *http.Request { return w.sofia.signedIn("POST", "/cases", "link="+token) },
		"POST /p/{token}/keep": func(token string) *http.Request { return w.sofia.signedIn("POST", "/p/"+token+"/keep", "") },
	} {
		got, want := read(t, w.send(try(w.ines.token))), read(t, w.send(try(unknown)))
		want.Body = strings.ReplaceAll(want.Body, unknown, w.ines.token)
		if diff := cmp.Diff(want, got); diff != "" || got.Status < 400 {
			t.Errorf("%s: a link of Fernhill is told from none in Oak (%d):\n%s", name, got.Status, diff)
		}
	}
	for _, p := range []*person{w.marek, w.sofia} {
		w.send(p.signedIn("POST", "/account/passkeys/remove", "id=key-of-"+w.ines.caseID))
	}
	for _, field := range []string{"id", "account"} {
		w.send(w.sofia.signedIn("POST", "/people/remove", field+"="+w.ines.boss.ID+"&yes=1"))
	}
	if diff := cmp.Diff(before, w.rows()); diff != "" {
		t.Errorf("one changed what is another's:\n%s", diff)
	}
}

// lines are the heads of every case.
func (w *world) lines() map[string]string {
	w.t.Helper()
	heads := map[string]string{}
	for _, p := range []*person{w.ines, w.marek, w.sofia} {
		h, err := w.office.Store.Head(w.t.Context(), p.org, p.caseID)
		w.must(err)
		heads[p.caseID] = h.Hash
	}
	return heads
}

// A case that another key opened cannot be opened over, and is not told.
func TestAnothersCaseCannotBeOpened(t *testing.T) {
	w := newWorld(t)
	d := func(as *person, id string) ops.Delivery {
		raw, err := share.Encode(share.Opening{Key: share.Key{ID: "again"}, Person: as.name, PublicKey: as.public()})
		w.must(err)
		return ops.Delivery{Act: share.Opened, Body: raw, Signature: share.Sign(as.key, id, share.Opened, raw)}
	}
	_, err := w.marek.office.Act(t.Context(), w.marek.org, w.ines.caseID, d(w.marek, w.ines.caseID))
	if err == nil || err.Error() != ops.NoCase().Error() {
		t.Errorf("got %v", err)
	}
	// The same name in another organisation is another case.
	if _, err := w.sofia.office.Act(t.Context(), w.sofia.org, w.ines.caseID, d(w.sofia, w.ines.caseID)); err != nil {
		t.Errorf("Sofia cannot name her case as Ines did: %v", err)
	}
	// Nobody opens a case for a key that is not theirs.
	as := d(w.marek, "case-of-marek-2")
	raw, err := share.Encode(share.Opening{Key: share.Key{ID: "again"}, Person: "Ines Moreau", PublicKey: w.ines.public()})
	w.must(err)
	as.Body, as.Signature = raw, share.Sign(w.marek.key, "case-of-marek-2", share.Opened, raw)
	if _, err := w.marek.office.Act(t.Context(), w.marek.org, "case-of-marek-2", as); err == nil {
		t.Error("Marek opened a case in the name of Ines")
	}
	// What Ines signed for another office is not hers to be opened here by Marek.
	as.Signature = share.Sign(w.ines.key, "case-of-marek-2", share.Opened, raw)
	if _, err := w.marek.office.Act(t.Context(), w.marek.org, "case-of-marek-2", as); fault.CodeOf(err) != "HC-API-11" {
		t.Errorf("Marek opened a case with what Ines signed: %v", err)
	}
}
