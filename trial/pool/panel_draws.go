package pool

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"

	"homecase/fault"
)

// PanelDraws is the p-value of a panel by drawing the home group again among the
// same people: it needs no model of the outcomes. The statistic is the effect over
// its clustered error.
type PanelDraws struct {
	PTwoSided float64 `json:"p_two_sided"`
	PGreater  float64 `json:"p_greater"`
	PLess     float64 `json:"p_less"`
	Draws     int     `json:"draws"` // all possible groups when Exact
	Exact     bool    `json:"exact"`
}

// Limits of the randomisation: how many draws form a shard with its own stream,
// how many may be asked for, and up to how many groups all are listed.
const (
	drawShard  = 256
	maxDraws   = 1_000_000
	listGroups = 5000
)

// Randomise draws the group of home people again and again with the seed, or lists
// all groups where there are at most 5,000. It refuses a panel in which a person is
// in both groups, because then persons were not what was drawn.
func (p *Panel) Randomise(seed uint64, draws int) (*PanelDraws, error) {
	if draws < 1 || draws > maxDraws {
		return nil, fault.New(fault.Finding, CodeArgument, "The number of draws must be from 1 to %d.", maxDraws)
	}
	m, err := p.within()
	if err != nil {
		return nil, err
	}
	home, homes, err := p.assignment()
	if err != nil {
		return nil, err
	}
	observed, ok := m.statistic(home, make([]float64, m.n))
	if !ok {
		return nil, fault.New(fault.Finding, CodePanel, "There is no effect with an error of its own to draw again.")
	}
	if all := choose(m.people, homes); all <= listGroups {
		return m.list(observed, homes, all), nil
	}
	return m.draw(observed, homes, seed, draws), nil
}

// assignment returns who is in the home group.
func (p *Panel) assignment() (home []bool, homes int, err error) {
	home = make([]bool, len(p.People))
	known := make([]bool, len(p.People))
	for i, t := range p.Treated {
		g := p.Person[i]
		if known[g] && home[g] != t {
			return nil, 0, fault.New(fault.Finding, CodePanel, "%s is in both groups, so the people were not drawn and cannot be drawn again.", show([]byte(p.People[g])))
		}
		if !known[g] && t {
			homes++
		}
		known[g], home[g] = true, t
	}
	return home, homes, nil
}

// statistic is the effect over its clustered error for a group; false where the
// group has no effect to estimate.
func (m *within) statistic(home []bool, d []float64) (float64, bool) {
	raw := 0.0
	for i := range d {
		d[i] = 0
		if m.Post[i] && home[m.Person[i]] {
			d[i] = 1
			raw++
		}
	}
	m.sweep(d)
	beta, se, ok := m.slope(d, raw)
	if !ok || se == 0 {
		return 0, false
	}
	return beta / se, true
}

// tally counts draws at least as extreme as the observed one. A group without an
// effect counts as extreme on every side.
type tally struct{ two, ge, le int }

func (c *tally) add(t float64, ok bool, observed float64) {
	eps := 1e-9 * math.Max(1, math.Abs(observed))
	if !ok || math.Abs(t) >= math.Abs(observed)-eps {
		c.two++
	}
	if !ok || t >= observed-eps {
		c.ge++
	}
	if !ok || t <= observed+eps {
		c.le++
	}
}

// clone shares everything but the working space.
func (m *within) clone() *within {
	c := *m
	c.sumPerson, c.sumPeriod, c.score = make([]float64, m.people), make([]float64, m.periods), make([]float64, m.people)
	return &c
}

func (m *within) draw(observed float64, homes int, seed uint64, draws int) *PanelDraws {
	counts := make([]tally, (draws+drawShard-1)/drawShard)
	shards(draws, drawShard, func(s, lo, hi int) {
		c := m.clone()
		r := stream(seed, s)
		home, d := make([]bool, m.people), make([]float64, m.n)
		who := make([]int, m.people)
		for i := range who {
			who[i] = i
		}
		for range hi - lo {
			for i := range homes { // a partial shuffle: the first homes people
				j := i + r.IntN(len(who)-i)
				who[i], who[j] = who[j], who[i]
			}
			for i, g := range who {
				home[g] = i < homes
			}
			t, ok := c.statistic(home, d)
			counts[s].add(t, ok, observed)
		}
	})
	var all tally
	for _, c := range counts {
		all.two, all.ge, all.le = all.two+c.two, all.ge+c.ge, all.le+c.le
	}
	share := func(n int) float64 { return float64(1+n) / float64(1+draws) } // Phipson and Smyth 2010
	return &PanelDraws{PTwoSided: share(all.two), PGreater: share(all.ge), PLess: share(all.le), Draws: draws}
}

// stream is the generator of one shard: its key is the hash of seed and shard.
func stream(seed uint64, shard int) *rand.Rand {
	var b [16]byte
	binary.LittleEndian.PutUint64(b[:8], seed)
	binary.LittleEndian.PutUint64(b[8:], uint64(shard))
	return rand.New(rand.NewChaCha8(sha256.Sum256(fmt.Appendf(b[:], "homecase panel"))))
}

// list goes through all groups of the same size.
func (m *within) list(observed float64, homes, all int) *PanelDraws {
	var c tally
	home, d := make([]bool, m.people), make([]float64, m.n)
	var walk func(from, left int)
	walk = func(from, left int) {
		if left == 0 {
			t, ok := m.statistic(home, d)
			c.add(t, ok, observed)
			return
		}
		for g := from; g <= m.people-left; g++ {
			home[g] = true
			walk(g+1, left-1)
			home[g] = false
		}
	}
	walk(0, homes)
	n := float64(all)
	return &PanelDraws{PTwoSided: float64(c.two) / n, PGreater: float64(c.ge) / n, PLess: float64(c.le) / n, Draws: all, Exact: true}
}

// choose is n over k, or a number above listGroups where it is larger.
func choose(n, k int) int {
	k = min(k, n-k)
	c := 1
	for i := range k {
		if c = c * (n - i) / (i + 1); c > listGroups {
			return listGroups + 1
		}
	}
	return c
}

// Analyse is Fit and Randomise in one; where the group cannot be drawn again the
// fit stands alone and its warnings say why.
func (p *Panel) Analyse(seed uint64, draws int) (*PanelFit, error) {
	f, err := p.Fit()
	if err != nil {
		return nil, err
	}
	if f.Lottery, err = p.Randomise(seed, draws); err != nil {
		f.Lottery = nil
		f.Warnings = append(f.Warnings, "No randomisation: "+err.Error())
	}
	return f, nil
}
