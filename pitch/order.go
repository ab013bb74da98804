package pitch

import (
	"bytes"
	"cmp"
	"slices"
)

// A sentence's atoms are kept as bits, and a word sets the bits of all its atoms.
// Setting them is dear, so only the atoms that a pattern or an excuse asks for at
// once get a bit, and the atoms that the same common words hold get neighbouring
// numbers, so that a word sets few words of bits.

// firstAtoms is how many atoms of a pattern are asked for at once: the rarest.
// One of them led to the pattern, so two are left.
const firstAtoms = 3

// ask returns the atoms that are asked for before a pattern is followed.
func (p *pattern) ask() (a, b int32) {
	n := len(p.atoms)
	return p.atoms[min(firstAtoms-2, n-1)], p.atoms[min(firstAtoms-1, n-1)]
}

// askExcuse does so for an excuse, which nothing led to.
func (p *pattern) askExcuse() (a, b int32) { return p.atoms[0], p.atoms[min(1, len(p.atoms)-1)] }

// each calls see for every pattern and excuse.
func (d *draft) each(see func(p *pattern, excuse bool)) {
	for i := range d.patterns {
		see(&d.patterns[i], false)
	}
	for i := range d.rules {
		for k := range d.rules[i].unless {
			see(&d.rules[i].unless[k], true)
		}
	}
}

// renumber sorts the atoms of patterns, the rarest first, gives the atoms their
// numbers, and returns them by the old ones.
func (d *draft) renumber(c *compiler) []int32 {
	asked := make([]bool, d.atoms)
	asked[d.not], asked[d.ends] = true, true
	d.each(func(p *pattern, excuse bool) {
		slices.SortStableFunc(p.atoms, func(a, b int32) int { return cmp.Compare(c.weight[a], c.weight[b]) })
		a, b := p.ask()
		if excuse {
			a, b = p.askExcuse()
		}
		asked[a], asked[b] = true, true
	})
	order := make([]int32, d.atoms)
	for i := range order {
		order[i] = int32(i)
		if asked[i] {
			d.asked++
		}
	}
	holders := c.holders(int(d.atoms))
	slices.SortStableFunc(order, func(a, b int32) int {
		if asked[a] != asked[b] {
			return map[bool]int{true: -1, false: 1}[asked[a]]
		}
		return bytes.Compare(holders[b], holders[a])
	})
	to := make([]int32, d.atoms)
	for i, a := range order {
		to[a] = int32(i)
	}
	d.ends, d.not = to[d.ends], to[d.not]
	move := func(atoms []int32) {
		for i, a := range atoms {
			atoms[i] = to[a]
		}
	}
	for i := range c.nodes {
		move(c.nodes[i].atoms)
	}
	d.each(func(p *pattern, _ bool) {
		move(p.atoms)
		for _, s := range p.seqs {
			for k := range s.steps {
				s.steps[k].atom = to[s.steps[k].atom]
			}
		}
	})
	return to
}

// holders returns for every atom a byte for each common word, 1 where the word
// holds it; the commonest words come first.
func (c *compiler) holders(atoms int) [][]byte {
	rank := map[int32]int{} // by node
	for i, w := range c.commonest {
		if id, ok := c.ids[w]; ok {
			if at, ok := c.edges[uint64(id)]; ok {
				rank[at] = i
			}
		}
	}
	var words []int32
	for _, e := range c.nodes[0].edges {
		if _, ok := rank[e.to]; !ok {
			rank[e.to] = len(c.commonest)
		}
		if len(c.nodes[e.to].atoms) > manyAtoms {
			words = append(words, e.to)
		}
	}
	slices.SortStableFunc(words, func(a, b int32) int {
		return cmp.Or(cmp.Compare(rank[a], rank[b]), cmp.Compare(len(c.nodes[b].atoms), len(c.nodes[a].atoms)))
	})
	out := make([][]byte, atoms)
	for a := range out {
		out[a] = make([]byte, len(words))
	}
	for i, n := range words {
		for _, a := range c.nodes[n].atoms {
			out[a][i] = 1
		}
	}
	return out
}
