// Package policy holds the laws and guidelines under which an employee may ask
// to work from home, as dated data packs, and counts their deadlines.
//
// A pack says what was read, where and on which day. What nobody read in the
// original is marked and prints with the word "unverified". A pack speaks only
// for the days on which its law is in force: for an earlier day the answer is
// "not covered", never a law of another year. A bill is called a bill.
//
// The package refuses to give legal advice, to guess a missing date, and to
// offer a statutory letter where the law's required contents were not read.
// An informal request is the ordinary way; a statutory one is a choice, and
// the pack says what it uses up and which clocks it starts.
//
//	times, err := policy.Deadlines("GB-FW", policy.Dates{Made: day.Must("2026-04-06")})
//	// times[0]: decide, 2026-06-05
package policy

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"homecase/content"
	"homecase/day"
	"homecase/fault"
)

//go:embed data/*.yaml
var data embed.FS

// indexName is the file that repeats the head of every pack, so that finding a
// pack does not decode all of them. A test rewrites it and keeps it current.
const indexName = "data/index.yaml"

// Index lists the heads of all packs.
type Index struct {
	// Packs holds one head for each pack, sorted by id.
	Packs []Head `json:"packs"`
}

var index = sync.OnceValues(func() ([]Head, error) {
	b, err := data.ReadFile(indexName)
	if err != nil {
		return nil, broken(indexName, err)
	}
	var x Index
	if err := content.Decode(indexName, b, &x); err != nil {
		return nil, broken(indexName, err)
	}
	return x.Packs, nil
})

func broken(name string, err error) error {
	return fault.New(fault.Internal, "HC-POLICY-09", "The law data %s shipped with homecase cannot be read.", name).Because(err)
}

// List returns the heads of all packs, sorted by id.
func List() ([]Head, error) {
	heads, err := index()
	if err != nil {
		return nil, err
	}
	return slices.Clone(heads), nil
}

// Show returns the pack of an id or alias, in force or not. Letter case does
// not matter. An unknown id is refused with the ids that exist.
func Show(id string) (Regime, error) {
	heads, err := index()
	if err != nil {
		return Regime{}, err
	}
	h, err := find(heads, id)
	if err != nil {
		return Regime{}, err
	}
	return load(h.ID)
}

// At returns the version of a pack that is in force on a day. A day before the
// law took effect, or a bill, is refused and not answered with another law.
func At(id string, on day.Date) (Regime, error) {
	heads, err := index()
	if err != nil {
		return Regime{}, err
	}
	h, err := find(heads, id)
	if err != nil {
		return Regime{}, err
	}
	h, err = choose(heads, h, on)
	if err != nil {
		return Regime{}, err
	}
	return load(h.ID)
}

// choose picks the version of h's law in force on a day.
func choose(heads []Head, h Head, on day.Date) (Head, error) {
	family := h.family()
	var best Head
	for _, v := range heads {
		if v.family() == family && v.inForce(on) && (best.ID == "" || v.InForceFrom.After(best.InForceFrom)) {
			best = v
		}
	}
	if best.ID != "" {
		return best, nil
	}
	if h.Status != InForce {
		return Head{}, fault.New(fault.Invalid, "HC-POLICY-04", "%s is not law: it is %s.", h.ID, statusWords(h.Status)).
			Then("See: homecase policy show %s.", h.ID)
	}
	return Head{}, fault.New(fault.Invalid, "HC-POLICY-04", "%s is not covered on %s: homecase holds this law only from %s on.", h.ID, long(on), long(h.InForceFrom)).
		Then("Another law may have applied before; ask somebody who knows it.")
}

func find(heads []Head, id string) (Head, error) {
	want := strings.TrimSpace(id)
	for _, h := range heads {
		if strings.EqualFold(h.ID, want) || slices.ContainsFunc(h.Aliases, func(a string) bool { return strings.EqualFold(a, want) }) {
			return h, nil
		}
	}
	ids := make([]string, len(heads))
	for i, h := range heads {
		ids[i] = h.ID
	}
	if r := []rune(want); len(r) > 40 {
		want = string(r[:40]) + "…"
	}
	return Head{}, fault.New(fault.Invalid, "HC-POLICY-01", "There is no regime called %q.", want).
		Then("The regimes are: %s.", strings.Join(ids, ", "))
}

// shared are those that were asked for, decoded once: a pack is read
// and never changed.
var shared sync.Map // of func() (Regime, error) by id

func load(id string) (Regime, error) {
	once, ok := shared.Load(id)
	if !ok {
		once, _ = shared.LoadOrStore(id, sync.OnceValues(func() (Regime, error) { return decode(id) }))
	}
	return once.(func() (Regime, error))()
}

func decode(id string) (Regime, error) {
	name := "data/" + id + ".yaml"
	b, err := data.ReadFile(name)
	if err != nil {
		return Regime{}, broken(name, err)
	}
	var r Regime
	if err := content.Decode(name, b, &r); err != nil {
		return Regime{}, broken(name, err)
	}
	return r, nil
}

// long writes 6 April 2026.
func long(d day.Date) string {
	if d.IsZero() {
		return "an unknown day"
	}
	return fmt.Sprintf("%d %s %d", d.Day, d.Month, d.Year)
}
