package lottery

import (
	"crypto/sha256"
	"encoding/binary"
	"math/big"
	"math/rand/v2"
	"slices"
	"sort"
)

// stage is one block seen from each state in which it can be entered. The
// state is the number of home days running when the block begins; a lottery
// without that limit has the one state 0.
type stage struct {
	fresh  bool
	next   [][]int16   // next[state][option] is the state after it, -1 where the limit forbids it
	weight [][]float64 // weight[state][option] is the share of schedules through that option
	upTo   [][]float64 // the same, summed from the left
}

func (s *stage) enter(state int) int {
	if s.fresh {
		return 0
	}
	return state
}

// prepare counts the schedules from the last block backwards and from the
// counts finds how options must be weighted so that every schedule is as
// likely as the next.
func (l *Lottery) prepare() error {
	states := l.running + 1
	after := make([]*big.Int, states)
	for s := range after {
		after[s] = big.NewInt(1)
	}
	l.walk = make([]stage, len(l.blocks))
	for b := len(l.blocks) - 1; b >= 0; b-- {
		blk := l.blocks[b]
		if len(blk.options) > maxOptions {
			return ErrOptions
		}
		st := stage{fresh: blk.fresh}
		before := make([]*big.Int, states)
		for s := range states {
			before[s] = l.enterBlock(b, s, after, &st)
		}
		if blk.fresh {
			for s := range before {
				before[s] = before[0]
			}
		}
		l.walk[b], after = st, before
	}
	l.count = after[0]
	if l.count.Sign() == 0 {
		return ErrNone
	}
	l.setChances()
	return nil
}

// enterBlock fills st for one state and returns the number of schedules from there on.
func (l *Lottery) enterBlock(b, state int, after []*big.Int, st *stage) *big.Int {
	blk := l.blocks[b]
	next := make([]int16, len(blk.options))
	if l.running == 0 {
		weight, upTo := make([]float64, len(next)), make([]float64, len(next))
		for o := range next {
			weight[o] = 1 / float64(len(next))
			upTo[o] = float64(o+1) / float64(len(next))
		}
		st.next, st.weight, st.upTo = append(st.next, next), append(st.weight, weight), append(st.upTo, upTo)
		return new(big.Int).Mul(after[0], big.NewInt(int64(len(next))))
	}
	total := new(big.Int)
	for o, days := range blk.options {
		n := l.run(blk, days, state, b)
		next[o] = int16(n)
		if n >= 0 {
			total.Add(total, after[n])
		}
	}
	weight, upTo := make([]float64, len(next)), make([]float64, len(next))
	sum := 0.0
	for o, n := range next {
		if n >= 0 && total.Sign() > 0 {
			weight[o], _ = new(big.Rat).SetFrac(after[n], total).Float64()
		}
		sum += weight[o]
		upTo[o] = sum
	}
	st.next, st.weight, st.upTo = append(st.next, next), append(st.weight, weight), append(st.upTo, upTo)
	return total
}

// run returns the home days running after the block, -1 when the limit is broken.
func (l *Lottery) run(blk block, home []int, state, b int) int {
	is := make([]bool, blk.days)
	for _, d := range home {
		is[d-blk.first] = true
	}
	n := state
	for _, h := range is {
		if !h {
			n = 0
			continue
		}
		if n++; n > l.running {
			return -1
		}
	}
	if b+1 < len(l.blocks) && l.blocks[b+1].first > blk.first+blk.days {
		return 0 // days without a lottery lie between
	}
	return n
}

// setChances walks forward and adds up how often each day is a home day.
func (l *Lottery) setChances() {
	l.chance = make([]float64, l.days)
	at := make([]float64, l.running+1)
	at[0] = 1
	for b, st := range l.walk {
		to := make([]float64, len(at))
		for s, p := range at {
			if p == 0 {
				continue
			}
			e := st.enter(s)
			for o, w := range st.weight[e] {
				if w == 0 {
					continue
				}
				to[st.next[e][o]] += p * w
				for _, d := range l.blocks[b].options[o] {
					l.chance[d] += p * w
				}
			}
		}
		at = to
	}
	for b, blk := range l.blocks {
		l.setExact(blk)
		l.blocks[b].span = nil
		for _, o := range blk.options {
			l.blocks[b].span = append(l.blocks[b].span, o...)
		}
		slices.Sort(l.blocks[b].span)
		l.blocks[b].span = slices.Compact(l.blocks[b].span)
	}
}

// setExact replaces sums of weights by the exact ratio where a block is free,
// so that a day that is always or never at home has chance 1 or 0 to the bit.
func (l *Lottery) setExact(blk block) {
	if l.running > 0 {
		for d := blk.first; d < blk.first+blk.days; d++ {
			if l.chance[d] > 1-1e-12 {
				l.chance[d] = 1
			}
		}
		return
	}
	n := map[int]int{}
	for _, o := range blk.options {
		for _, d := range o {
			n[d]++
		}
	}
	for d, c := range n {
		l.chance[d] = float64(c) / float64(len(blk.options))
	}
}

// stream returns the random stream number i of a seed. Streams do not depend
// on each other, so work may be split among any number of processors.
func stream(seed [32]byte, i uint64) *rand.Rand {
	var b [40]byte
	copy(b[:], seed[:])
	binary.LittleEndian.PutUint64(b[32:], i)
	return rand.New(rand.NewChaCha8(sha256.Sum256(b[:])))
}

// Draw draws one schedule. Each block has a stream of its own, so a schedule
// that is continued by more blocks begins with the same days.
func (l *Lottery) Draw(seed [32]byte) []bool {
	z := make([]bool, l.days)
	if l.take > 0 {
		r := stream(seed, 0)
		picks := make([]uint16, l.take)
		l.drawComplete(r, picks, make([]uint16, l.days))
		for _, d := range picks {
			z[d] = true
		}
		return z
	}
	state := 0
	for b := range l.walk {
		var o int
		o, state = l.step(stream(seed, uint64(b)), b, state)
		for _, d := range l.blocks[b].options[o] {
			z[d] = true
		}
	}
	return z
}

// step draws the option of block b and returns it with the state after it.
func (l *Lottery) step(r *rand.Rand, b, state int) (option, after int) {
	st := &l.walk[b]
	if l.running == 0 {
		return r.IntN(len(l.blocks[b].options)), 0
	}
	e := st.enter(state)
	upTo := st.upTo[e]
	u := r.Float64() * upTo[len(upTo)-1]
	o := sort.Search(len(upTo)-1, func(i int) bool { return upTo[i] > u })
	for st.next[e][o] < 0 { // rounding may land on a forbidden option beside the wanted one
		o = (o + 1) % len(upTo)
	}
	return o, int(st.next[e][o])
}

// drawComplete draws a k-subset into picks by a partial Fisher–Yates shuffle.
func (l *Lottery) drawComplete(r *rand.Rand, picks, deck []uint16) {
	for i := range deck {
		deck[i] = uint16(i)
	}
	for i := range picks {
		j := i + r.IntN(len(deck)-i)
		deck[i], deck[j] = deck[j], deck[i]
		picks[i] = deck[i]
	}
}
