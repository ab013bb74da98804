package lottery

import (
	"runtime"
	"sync"
)

// shard is the number of draws that share one random stream. It is fixed, so
// that results do not depend on the number of processors.
const shard = 1024

// Sample is a list of schedules: all that a lottery has, or draws from it.
type Sample struct {
	l      *Lottery
	exact  bool
	n      int
	stride int
	picks  []uint16 // n × stride: the option of each block, or the days drawn
}

// Exact tells whether the sample is the whole lottery.
func (s *Sample) Exact() bool { return s.exact }

// Len returns the number of schedules in the sample.
func (s *Sample) Len() int { return s.n }

// Bytes returns roughly how much room the sample takes.
func (s *Sample) Bytes() int { return 2 * len(s.picks) }

// Lottery returns the lottery the sample comes from.
func (s *Sample) Lottery() *Lottery { return s.l }

// All lists every schedule. It returns nil when there are more than EnumMax.
func (l *Lottery) All() *Sample {
	if !l.Small() {
		return nil
	}
	s := &Sample{l: l, exact: true, n: int(l.count.Int64()), stride: len(l.blocks)}
	if l.take > 0 {
		s.stride = l.take
		s.picks = make([]uint16, 0, s.n*s.stride)
		pick := make([]uint16, l.take)
		s.combinations(pick, 0, 0)
		return s
	}
	s.picks = make([]uint16, 0, s.n*s.stride)
	s.enumerate(make([]uint16, len(l.blocks)), 0, 0)
	return s
}

func (s *Sample) combinations(pick []uint16, at, from int) {
	if at == len(pick) {
		s.picks = append(s.picks, pick...)
		return
	}
	for d := from; d <= s.l.days-(len(pick)-at); d++ {
		pick[at] = uint16(d)
		s.combinations(pick, at+1, d+1)
	}
}

func (s *Sample) enumerate(pick []uint16, b, state int) {
	if b == len(pick) {
		s.picks = append(s.picks, pick...)
		return
	}
	st := &s.l.walk[b]
	for o, next := range st.next[st.enter(state)] {
		if next >= 0 && st.weight[st.enter(state)][o] > 0 {
			pick[b] = uint16(o)
			s.enumerate(pick, b+1, int(next))
		}
	}
}

// Draws draws m schedules. The same seed gives the same draws on any machine.
func (l *Lottery) Draws(seed [32]byte, m int) *Sample {
	s := &Sample{l: l, n: m, stride: len(l.blocks)}
	if l.take > 0 {
		s.stride = l.take
	}
	s.picks = make([]uint16, m*s.stride)
	spread(m, shard, func(lo, hi int) {
		r := stream(seed, uint64(lo/shard)+1<<32)
		deck := make([]uint16, l.days)
		for i := lo; i < hi; i++ {
			pick := s.picks[i*s.stride : (i+1)*s.stride]
			if l.take > 0 {
				l.drawComplete(r, pick, deck)
				continue
			}
			state := 0
			for b := range pick {
				var o int
				o, state = l.step(r, b, state)
				pick[b] = uint16(o)
			}
		}
	})
	return s
}

// For returns all schedules when the lottery is small and m draws otherwise.
func (l *Lottery) For(seed [32]byte, m int) *Sample {
	if s := l.All(); s != nil {
		return s
	}
	return l.Draws(seed, m)
}

// Sums returns for each schedule the sums of each column over its home days:
// row after row, one number for each column. Columns are in day order.
func (s *Sample) Sums(columns ...[]float64) []float64 {
	c := len(columns)
	out := make([]float64, s.n*c)
	tables := s.l.tables(columns)
	last := len(tables) - 1 // complete randomisation has one table for every pick
	spread(s.n, shard, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			row, picks := out[i*c:i*c+c], s.picks[i*s.stride:(i+1)*s.stride]
			if c == cols {
				sumCols((*[cols]float64)(row), picks, tables, last)
				continue
			}
			for b, p := range picks {
				t := tables[min(b, last)][int(p)*c:]
				for j := range row {
					row[j] += t[j]
				}
			}
		}
	})
	return out
}

// sumCols adds up a row of the studentised statistic. Its sums stay in
// registers, because a report makes a hundred thousand such rows.
func sumCols(row *[cols]float64, picks []uint16, tables [][]float64, last int) {
	var s0, s1, s2, s3, s4, s5 float64
	for b, p := range picks {
		t := (*[cols]float64)(tables[min(b, last)][int(p)*cols:])
		s0 += t[0]
		s1 += t[1]
		s2 += t[2]
		s3 += t[3]
		s4 += t[4]
		s5 += t[5]
	}
	*row = [cols]float64{s0, s1, s2, s3, s4, s5}
}

// tables sums the columns over each option of each block. Complete
// randomisation has one table, a row for each day.
func (l *Lottery) tables(columns [][]float64) [][]float64 {
	c := len(columns)
	if l.take > 0 {
		t := make([]float64, 0, l.days*c)
		for d := range l.days {
			for _, col := range columns {
				t = append(t, col[d])
			}
		}
		return [][]float64{t}
	}
	out := make([][]float64, len(l.blocks))
	for b, blk := range l.blocks {
		t := make([]float64, len(blk.options)*c)
		for o, days := range blk.options {
			for j, col := range columns {
				sum := 0.0
				for _, d := range days {
					sum += col[d]
				}
				t[o*c+j] = sum
			}
		}
		out[b] = t
	}
	if len(out) == 0 {
		return [][]float64{nil}
	}
	return out
}

// Home returns schedule i of the sample.
func (s *Sample) Home(i int) []bool {
	z := make([]bool, s.l.days)
	for b, p := range s.picks[i*s.stride : (i+1)*s.stride] {
		if s.l.take > 0 {
			z[p] = true
			continue
		}
		for _, d := range s.l.blocks[b].options[p] {
			z[d] = true
		}
	}
	return z
}

// spread calls f for consecutive ranges of size items, on all processors.
func spread(n, size int, f func(lo, hi int)) {
	parts := (n + size - 1) / size
	workers := min(runtime.GOMAXPROCS(0), parts)
	if workers <= 1 {
		for lo := 0; lo < n; lo += size {
			f(lo, min(lo+size, n))
		}
		return
	}
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for p := w; p < parts; p += workers {
				f(p*size, min((p+1)*size, n))
			}
		})
	}
	wg.Wait()
}
