package homecase

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"homecase/cite"
	"homecase/content"
	"homecase/fault"
	"homecase/policy"
)

//go:embed data/agreement.yaml
var agreementData []byte

// agreementFile says where a draft agreement holds what a law lists.
type agreementFile struct {
	Laws    []agreementList   `json:"laws"`
	Sources []agreementSource `json:"sources"`
}

type agreementList struct {
	Regime string          `json:"regime"`
	Lists  []agreementItem `json:"lists"`
}

// agreementItem is one thing a law lists, and the clauses that carry it.
type agreementItem struct {
	Statement string   `json:"statement"`
	Clauses   []string `json:"clauses"`
	// OnSigning marks what only the signatures make complete.
	OnSigning bool `json:"on_signing,omitempty"`
}

// agreementSource is a published page that a clause of some country rests on.
type agreementSource struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	cite.Reading
}

var agreementContents = sync.OnceValues(func() (agreementFile, error) {
	var f agreementFile
	err := content.Decode("data/agreement.yaml", agreementData, &f)
	return f, err
})

// agreementLaw is a law that says something about such an agreement, with our
// list of where the draft holds it.
type agreementLaw struct {
	policy.Regime
	items map[string]agreementItem
}

// listed are the statements of the law that name contents; the others say
// that no list was found.
func (l agreementLaw) listed() []policy.Statement {
	var out []policy.Statement
	for _, s := range l.Agreement {
		if !s.Nothing {
			out = append(out, s)
		}
	}
	return out
}

// agreementLaws are the laws of the place on a day that speak of agreements. A
// law for people with listed reasons and a confidential channel are left out:
// naming one would tell the reader something that nobody said.
func agreementLaws(c *Case) ([]agreementLaw, error) {
	routes, err := policy.For(c.Place, c.Date)
	if err != nil {
		return nil, err
	}
	file, err := agreementContents()
	if err != nil {
		return nil, err
	}
	var out []agreementLaw
	for _, a := range routes.Regimes {
		if !slices.Contains([]policy.Route{policy.General, policy.Duty, policy.NoRoute}, a.Route) {
			continue
		}
		r, err := policy.At(a.ID, c.Date)
		if err != nil {
			return nil, err
		}
		if len(r.Agreement) == 0 {
			continue
		}
		l := agreementLaw{Regime: r, items: map[string]agreementItem{}}
		for _, list := range file.Laws {
			if list.Regime != r.ID {
				continue
			}
			for _, it := range list.Lists {
				l.items[it.Statement] = it
			}
		}
		out = append(out, l)
	}
	return out, nil
}

// held is where a draft carries a clause.
type held struct {
	part string // the letter of the part
	open bool   // as a line left open
}

// gap is something a law lists that a draft does not hold.
type gap struct{ regime, statement string }

// gaps lists what the law names and no clause of the draft carries: every one
// of the clauses that a statement needs must be there, written or open.
func (l agreementLaw) gaps(clauses map[string]held) []gap {
	var out []gap
	for _, s := range l.listed() {
		it, ok := l.items[s.ID]
		missing := !ok || len(it.Clauses) == 0 || slices.ContainsFunc(it.Clauses, func(c string) bool { _, there := clauses[c]; return !there })
		if missing {
			out = append(out, gap{l.ID, s.ID})
		}
	}
	return out
}

// where names the parts that hold a statement, and whether lines are open there.
func (l agreementLaw) where(statement string, clauses map[string]held) (parts string, open bool) {
	var letters []string
	for _, c := range l.items[statement].Clauses {
		h := clauses[c]
		open = open || h.open
		if !slices.Contains(letters, h.part) {
			letters = append(letters, h.part)
		}
	}
	slices.Sort(letters)
	return strings.Join(letters, ", "), open
}

// gapFault says that a draft lacks what a law lists: a fault of ours.
func gapFault(g gap) *fault.Error {
	return fault.New(fault.Internal, "HC-AGREE-01", "The draft agreement holds nothing for %q, which %s lists.", g.statement, g.regime)
}
