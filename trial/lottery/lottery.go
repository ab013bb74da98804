// Package lottery is the mathematics of a trial whose home days are drawn by
// lot: which schedules a design allows, how many, how one is drawn and drawn
// again, and how rare a result is among all schedules that could have been
// drawn.
//
// Everything works on slices of numbers in day order; the package knows no
// dates, no people and no verdicts. It never guesses a distribution: a p-value
// is a count over the lottery's own schedules, or over seeded draws from them.
// It refuses designs that cannot be drawn as described.
//
//	l, err := lottery.KOfM([]lottery.Week{{Days: []int{1, 2, 3, 4, 5}, Allowed: []int{1, 2, 3, 4}, K: 1}})
//	z := l.Draw(seed)          // one schedule, the same for the same seed
//	s := l.All()               // every schedule
//
// Sources: Onghena and Edgington 1994 (restricted alternating treatments),
// Streitberg and Roehmel 1986 (shift algorithm), Phipson and Smyth 2010 (Monte
// Carlo p-values), Zhao and Ding 2020 (studentised randomisation tests).
package lottery

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// EnumMax is the largest number of schedules that All lists.
const EnumMax = 1_000_000

// Week is one week of a trial: the weekdays with a scheduled workday, those on
// which home may be drawn, and how many are drawn.
type Week struct {
	Days    []int // labels of the scheduled days in order, such as 1 for Monday
	Allowed []int // the labels on which a home day may fall
	K       int   // home days drawn
}

// block is a part of the schedule that is drawn in one go: a week, a pair of
// weeks, a five-week cycle or the whole trial.
type block struct {
	first, days int     // the range of days that the block spans
	options     [][]int // each option lists its home days
	span        []int   // the days on which some option has a home day
	fresh       bool    // the count of home days running starts again here
}

// Lottery is a set of schedules, each as likely as the next.
type Lottery struct {
	days    int
	blocks  []block
	take    int // plain complete randomisation: so many of the days; 0 for block designs
	running int // at most so many home days in a row; 0 for no limit
	count   *big.Int
	chance  []float64
	walk    []stage
}

// Errors of impossible designs. Callers add the place.
var (
	ErrAllowed  = errors.New("more home days are wanted than days are allowed")
	ErrRotate   = errors.New("a balanced rotation needs five full weeks with every weekday allowed and the same number of home days")
	ErrMatched  = errors.New("a matched pair needs the same allowed days in both weeks and half of them at home")
	ErrPair     = errors.New("a pair names two different weeks of the trial, and no week twice")
	ErrStart    = errors.New("a start week is named twice or is not a week of the trial")
	ErrFixed    = errors.New("fixed days need exactly as many allowed days as home days")
	ErrNone     = errors.New("no schedule meets these rules")
	ErrRunning  = errors.New("a limit on home days running needs blocks in time order")
	ErrTooLarge = errors.New("the lottery is too large for an exact count with these values")
	ErrOptions  = errors.New("one block of the lottery has more than 60,000 choices")
)

const maxOptions = 60_000

// KOfM draws each week, independently, k of that week's allowed days.
func KOfM(weeks []Week) (*Lottery, error) {
	var blocks []block
	first := 0
	for i, w := range weeks {
		options, err := choices(w, first)
		if err != nil {
			return nil, fmt.Errorf("week %d: %w", i+1, err)
		}
		blocks = append(blocks, block{first: first, days: len(w.Days), options: options})
		first += len(w.Days)
	}
	return build(first, blocks)
}

// Rotate5 draws each cycle of five weeks from the 5×5 tables of weeks and
// weekdays in which every row and every column has k home days.
func Rotate5(weeks []Week) (*Lottery, error) {
	if len(weeks) == 0 || len(weeks)%5 != 0 {
		return nil, ErrRotate
	}
	k := weeks[0].K
	for _, w := range weeks {
		if len(w.Days) != 5 || len(w.Allowed) != 5 || w.K != k {
			return nil, ErrRotate
		}
	}
	var blocks []block
	for first := 0; first < 5*len(weeks); first += 25 {
		blocks = append(blocks, block{first: first, days: 25, options: tables(k, first)})
	}
	return build(5*len(weeks), blocks)
}

// tables lists the 5×5 tables with row and column sums k as day lists.
func tables(k, first int) [][]int {
	rows := subsets(5, k)
	var out [][]int
	var left [5]int
	for j := range left {
		left[j] = k
	}
	var rec func(row int, picked []int)
	rec = func(row int, picked []int) {
		if row == 5 {
			out = append(out, slices.Clone(picked))
			return
		}
		for _, r := range rows {
			ok := true
			for _, j := range r {
				ok = ok && left[j] > 0
			}
			if !ok {
				continue
			}
			next := picked
			for _, j := range r {
				left[j]--
				next = append(next, first+5*row+j)
			}
			rec(row+1, next)
			for _, j := range r {
				left[j]++
			}
		}
	}
	rec(0, make([]int, 0, 25))
	return out
}

// Matched draws half of the allowed days in the first week of each pair; the
// second week has the other half.
func Matched(weeks []Week, pairs [][2]int) (*Lottery, error) {
	return paired(weeks, pairs, func(a, b Week, fa, fb int) ([][]int, error) {
		if !slices.Equal(a.Allowed, b.Allowed) || len(a.Allowed) == 0 || len(a.Allowed)%2 != 0 ||
			2*a.K != len(a.Allowed) || a.K != b.K {
			return nil, ErrMatched
		}
		var options [][]int
		for _, s := range subsets(len(a.Allowed), a.K) {
			var days []int
			for i, label := range a.Allowed {
				if slices.Contains(s, i) {
					days = append(days, fa+slices.Index(a.Days, label))
				} else {
					days = append(days, fb+slices.Index(b.Days, label))
				}
			}
			options = append(options, days)
		}
		return options, nil
	})
}

// AltWeek tosses a coin for each pair: one of its weeks is the home week, on
// all its allowed days.
func AltWeek(weeks []Week, pairs [][2]int) (*Lottery, error) {
	return paired(weeks, pairs, func(a, b Week, fa, fb int) ([][]int, error) {
		a.K, b.K = len(a.Allowed), len(b.Allowed)
		return either(a, b, fa, fb)
	})
}

// Mixed draws for each pair which week has the home days, and which k of its
// allowed days they are: all such choices are equally likely, so the coin is
// fair when both weeks offer the same number of choices.
func Mixed(weeks []Week, pairs [][2]int) (*Lottery, error) { return paired(weeks, pairs, either) }

func either(a, b Week, fa, fb int) ([][]int, error) {
	first, err := choices(a, fa)
	if err != nil {
		return nil, err
	}
	second, err := choices(b, fb)
	return append(first, second...), err
}

// paired builds designs whose unit is a pair of weeks, counted from 0. Weeks
// outside every pair have no home days.
func paired(weeks []Week, pairs [][2]int, options func(a, b Week, fa, fb int) ([][]int, error)) (*Lottery, error) {
	starts, days := offsets(weeks)
	seen := map[int]bool{}
	var blocks []block
	for i, p := range pairs {
		a, b := min(p[0], p[1]), max(p[0], p[1])
		if a < 0 || b >= len(weeks) || a == b || seen[a] || seen[b] {
			return nil, fmt.Errorf("pair %d: %w", i+1, ErrPair)
		}
		seen[a], seen[b] = true, true
		o, err := options(weeks[a], weeks[b], starts[a], starts[b])
		if err != nil {
			return nil, fmt.Errorf("pair %d: %w", i+1, err)
		}
		blocks = append(blocks, block{first: starts[a], days: starts[b] + len(weeks[b].Days) - starts[a], options: o})
	}
	slices.SortFunc(blocks, func(x, y block) int { return x.first - y.first })
	return build(days, blocks)
}

// Start draws the week in which home working begins; from then on every
// allowed day is a home day.
func Start(weeks []Week, candidates []int) (*Lottery, error) {
	starts, days := offsets(weeks)
	var options [][]int
	seen := map[int]bool{}
	for _, c := range candidates {
		if c < 0 || c >= len(weeks) || seen[c] {
			return nil, ErrStart
		}
		seen[c] = true
		var o []int
		for w := c; w < len(weeks); w++ {
			for _, label := range weeks[w].Allowed {
				o = append(o, starts[w]+slices.Index(weeks[w].Days, label))
			}
		}
		options = append(options, o)
	}
	if len(options) == 0 {
		return nil, ErrNone
	}
	return build(days, []block{{first: 0, days: days, options: options}})
}

// Fixed has one schedule: every allowed day is a home day.
func Fixed(weeks []Week) (*Lottery, error) {
	for i, w := range weeks {
		if w.K != len(w.Allowed) {
			return nil, fmt.Errorf("week %d: %w", i+1, ErrFixed)
		}
	}
	return KOfM(weeks)
}

// Complete draws k of n days, all sets equally likely: the plain permutation
// test of two groups.
func Complete(n, k int) (*Lottery, error) {
	if n < 1 || k < 1 || k >= n || n > maxOptions {
		return nil, ErrAllowed
	}
	l := &Lottery{days: n, take: k, count: new(big.Int).Binomial(int64(n), int64(k)), chance: make([]float64, n)}
	for i := range l.chance {
		l.chance[i] = float64(k) / float64(n)
	}
	return l, nil
}

// Limit keeps only the schedules with at most running home days in a row,
// counted over scheduled days (a weekend or a holiday does not break a row).
func (l *Lottery) Limit(running int) (*Lottery, error) {
	if running < 1 || l.take > 0 {
		return nil, ErrRunning
	}
	end := 0
	for _, b := range l.blocks {
		if b.first < end {
			return nil, ErrRunning
		}
		end = b.first + b.days
	}
	out := &Lottery{days: l.days, blocks: slices.Clone(l.blocks), running: running}
	return out, out.prepare()
}

// Join puts b after a. The two are drawn independently: a limit on home days
// running starts to count again where b begins.
func Join(a, b *Lottery) (*Lottery, error) {
	if a.take > 0 || b.take > 0 {
		return nil, ErrRunning
	}
	out := &Lottery{days: a.days + b.days, blocks: slices.Clone(a.blocks), running: max(a.running, b.running)}
	for i, x := range b.blocks {
		next := block{first: x.first + a.days, days: x.days, fresh: x.fresh || i == 0}
		for _, o := range x.options {
			moved := make([]int, len(o))
			for j, d := range o {
				moved[j] = d + a.days
			}
			next.options = append(next.options, moved)
		}
		out.blocks = append(out.blocks, next)
	}
	return out, out.prepare()
}

func build(days int, blocks []block) (*Lottery, error) {
	l := &Lottery{days: days, blocks: blocks}
	return l, l.prepare()
}

// Days returns the number of scheduled days.
func (l *Lottery) Days() int { return l.days }

// Count returns the number of schedules, exactly.
func (l *Lottery) Count() *big.Int { return new(big.Int).Set(l.count) }

// Floor returns the smallest p-value that the lottery allows, 1/Count.
func (l *Lottery) Floor() float64 {
	f, _ := new(big.Rat).SetFrac(big.NewInt(1), l.count).Float64()
	return f
}

// Chances returns for each day the chance that it is drawn as a home day.
func (l *Lottery) Chances() []float64 { return slices.Clone(l.chance) }

// Small tells whether All can list the schedules.
func (l *Lottery) Small() bool { return l.count.Cmp(big.NewInt(EnumMax)) <= 0 }

// Fits tells whether the lottery could have drawn z, or a schedule that begins
// with z when it is shorter than the trial. When it could not, day is the first
// day that makes it impossible, or the first day of the part that does.
func (l *Lottery) Fits(z []bool) (day int, ok bool) {
	if len(z) > l.days {
		return l.days, false
	}
	for i, home := range z {
		if home && l.chance[i] == 0 || !home && l.chance[i] == 1 {
			return i, false
		}
	}
	if l.take > 0 {
		n := 0
		for i, home := range z {
			if home {
				n++
			}
			if n > l.take {
				return i, false
			}
		}
		return max(0, len(z)-1), n == l.take || len(z) < l.days && l.take-n <= l.days-len(z)
	}
	state := 0
	for b, st := range l.walk {
		if span := l.blocks[b].span; len(span) > 0 && span[len(span)-1] >= len(z) {
			break // not over yet
		}
		o := l.match(b, z)
		if o < 0 || st.next[st.enter(state)][o] < 0 {
			return l.blocks[b].first, false
		}
		state = int(st.next[st.enter(state)][o])
	}
	return 0, true
}

// match returns the option of block b that z shows, -1 if none.
func (l *Lottery) match(b int, z []bool) int {
	blk := l.blocks[b]
	home := 0
	for _, d := range blk.span {
		if z[d] {
			home++
		}
	}
	for i, o := range blk.options {
		if len(o) != home {
			continue
		}
		if !slices.ContainsFunc(o, func(d int) bool { return !z[d] }) {
			return i
		}
	}
	return -1
}

func choices(w Week, first int) ([][]int, error) {
	if w.K < 0 || w.K > len(w.Allowed) {
		return nil, ErrAllowed
	}
	var out [][]int
	for _, s := range subsets(len(w.Allowed), w.K) {
		days := make([]int, len(s))
		for i, a := range s {
			at := slices.Index(w.Days, w.Allowed[a])
			if at < 0 {
				return nil, fmt.Errorf("day %d is allowed but not scheduled: %w", w.Allowed[a], ErrAllowed)
			}
			days[i] = first + at
		}
		out = append(out, days)
	}
	return out, nil
}

func offsets(weeks []Week) (starts []int, days int) {
	for _, w := range weeks {
		starts = append(starts, days)
		days += len(w.Days)
	}
	return starts, days
}

// subsets lists the k-subsets of 0…n-1 in lexicographic order.
func subsets(n, k int) [][]int {
	var out [][]int
	pick := make([]int, 0, k)
	var rec func(from int)
	rec = func(from int) {
		if len(pick) == k {
			out = append(out, slices.Clone(pick))
			return
		}
		for i := from; i <= n-(k-len(pick)); i++ {
			pick = append(pick, i)
			rec(i + 1)
			pick = pick[:len(pick)-1]
		}
	}
	rec(0)
	return out
}
