package tally

import (
	"math"
	"slices"
	"sort"
	"time"
)

// Union is time covered by spans that may overlap, in any order. Spans nearer
// than Gap are joined, which is how editors' heartbeats become hours. It keeps
// few numbers: within a day no more than day / Gap spans can stay apart.
type Union struct {
	Gap  time.Duration
	days map[int64][]span // by UTC day of the start
	cut  int
}

type span struct{ from, to int64 } // milliseconds since 1970

// maxSpans is how many separate spans of one day are held apart; beyond it
// neighbours are joined, which is noted in Joined.
const maxSpans = 20_000

const dayMillis = 86_400_000

// Add covers the time from start, for length.
func (u *Union) Add(start time.Time, length time.Duration) {
	if u.days == nil {
		u.days = map[int64][]span{}
	}
	from := start.UnixMilli()
	s := span{from, from + length.Milliseconds()}
	for s.from/dayMillis != s.to/dayMillis && s.to > s.from { // cut at UTC midnight; Each joins again
		edge := (s.from/dayMillis + 1) * dayMillis
		u.put(span{s.from, edge})
		s.from = edge
	}
	u.put(s)
}

func (u *Union) put(s span) {
	key, gap := s.from/dayMillis, u.Gap.Milliseconds()
	list := u.days[key]
	if n := len(list); n > 0 && s.from >= list[n-1].from { // in order: the usual case
		if s.from-list[n-1].to <= gap {
			list[n-1].to = max(list[n-1].to, s.to)
			return
		}
		u.days[key] = u.room(append(list, s))
		return
	}
	i := sort.Search(len(list), func(i int) bool { return list[i].to+gap >= s.from })
	j := i
	for j < len(list) && list[j].from <= s.to+gap {
		s = span{min(s.from, list[j].from), max(s.to, list[j].to)}
		j++
	}
	u.days[key] = u.room(slices.Replace(list, i, j, s))
}

func (u *Union) room(list []span) []span {
	if len(list) <= maxSpans {
		return list
	}
	u.cut++
	out := list[:0]
	for _, s := range list {
		if n := len(out); n > 0 && s.from-out[n-1].to <= 1000 {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	if len(out) > maxSpans/2 { // still crowded: no more than the day itself
		return []span{{out[0].from, slices.MaxFunc(out, func(a, b span) int { return int(min(1, max(-1, a.to-b.to))) }).to}}
	}
	return out
}

// Joined tells how often crowded days had to be joined more than Gap says.
func (u *Union) Joined() int { return u.cut }

// Empty tells whether nothing was added.
func (u *Union) Empty() bool { return len(u.days) == 0 }

// Each calls f with every covered span, in order.
func (u *Union) Each(f func(start, end time.Time)) {
	keys := make([]int64, 0, len(u.days))
	for k := range u.days {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	now := span{math.MinInt64, math.MinInt64}
	emit := func() {
		if now.to > now.from {
			f(time.UnixMilli(now.from).UTC(), time.UnixMilli(now.to).UTC())
		}
	}
	gap := u.Gap.Milliseconds()
	for _, k := range keys {
		for _, s := range u.days[k] {
			if now.from != math.MinInt64 && s.from-now.to <= gap && now.to-now.from < int64(maxSpan/time.Millisecond)/2 {
				now.to = max(now.to, s.to)
				continue
			}
			emit()
			now = s
		}
	}
	emit()
}

// Spread adds the covered time to a tally, by local day.
func (u *Union) Spread(t *Tally, m Measure, p Place) {
	u.Each(func(start, end time.Time) { t.Span(start, end, m, p) })
}
