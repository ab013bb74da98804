package homecase

import (
	"maps"
	"slices"
	"testing"

	"homecase/policy"
)

// Every law that lists what an agreement must hold has its list here, item by
// item, and no list names a statement that the law does not have.
func TestEveryListedContentHasClauses(t *testing.T) {
	file, err := agreementContents()
	if err != nil {
		t.Fatal(err)
	}
	ours := map[string]map[string]agreementItem{}
	for _, l := range file.Laws {
		ours[l.Regime] = map[string]agreementItem{}
		for _, it := range l.Lists {
			ours[l.Regime][it.Statement] = it
		}
	}
	heads, err := policy.List()
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, h := range heads {
		r, err := policy.Show(h.ID)
		if err != nil {
			t.Fatal(err)
		}
		theirs := map[string]bool{}
		for _, s := range (agreementLaw{Regime: r}).listed() {
			theirs[s.ID] = true
			if h.Status != policy.InForce {
				continue // a bill lists nothing that binds
			}
			checked++
			if len(ours[h.ID][s.ID].Clauses) == 0 {
				t.Errorf("%s lists %q and no clause carries it", h.ID, s.ID)
			}
		}
		for id := range ours[h.ID] {
			if !theirs[id] {
				t.Errorf("%s does not list %q", h.ID, id)
			}
		}
	}
	if checked < 30 { // 13 of Spain, 9 of Portugal, 3 each of Ireland and Germany, 2 of the United States
		t.Errorf("only %d statements were checked", checked)
	}
}

// Without any one of its clauses a draft is refused, and the statement that
// nothing carries is named.
func TestEachMissingStatementIsNamed(t *testing.T) {
	file, err := agreementContents()
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range file.Laws {
		r, err := policy.Show(list.Regime)
		if err != nil {
			t.Fatal(err)
		}
		l := agreementLaw{Regime: r, items: map[string]agreementItem{}}
		all := map[string]held{}
		for _, it := range list.Lists {
			l.items[it.Statement] = it
			for _, c := range it.Clauses {
				all[c] = held{part: "A"}
			}
		}
		if g := l.gaps(all); len(g) > 0 {
			t.Errorf("%s: with every clause there are gaps %v", r.ID, g)
		}
		for _, it := range list.Lists {
			for _, c := range it.Clauses {
				without := maps.Clone(all)
				delete(without, c)
				if g := l.gaps(without); !slices.Contains(g, gap{r.ID, it.Statement}) {
					t.Errorf("%s: without the clause %q nothing says that %q is missing: %v", r.ID, c, it.Statement, g)
				}
			}
		}
	}
}
