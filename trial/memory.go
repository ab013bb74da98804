package trial

import (
	"crypto/sha256"
	"encoding/json"
	"sync"

	"homecase/trial/lottery"
)

// Memory keeps what all analyses of one plan share, whatever the days say: the
// schedules that were drawn for the test, and the odds of the plan. It is for
// one who analyses the same trial day after day, and holds the plan it was asked
// for last. With it and without it every number is the same. The zero value is
// empty, and nil remembers nothing.
type Memory struct {
	mu      sync.Mutex
	plan    [sha256.Size]byte
	samples map[sampled]*lottery.Sample
	odds    *Odds
}

// sampled names schedules of a plan.
type sampled struct {
	part  string
	long  bool // with the extension
	draws int
}

// mostKept is how many bytes of schedules are worth keeping: those of a trial
// under way. The larger number of a published report is drawn once.
const mostKept = 32 << 20

// of makes it the memory of a plan; what it held of another is dropped. The lock
// must be held.
func (m *Memory) of(p Plan) bool {
	text, err := json.Marshal(p)
	if err != nil {
		return false
	}
	if key := sha256.Sum256(text); m.samples == nil || key != m.plan {
		m.plan, m.samples, m.odds = key, map[sampled]*lottery.Sample{}, nil
	}
	return true
}

// PlanOdds is PlanOdds of the plan.
func (m *Memory) PlanOdds(p Plan) (*Odds, error) {
	if m == nil {
		return PlanOdds(p)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	known := m.of(p)
	if known && m.odds != nil {
		return m.odds, nil
	}
	odds, err := PlanOdds(p)
	if known {
		m.odds = odds
	}
	return odds, err
}

// sample returns schedules that were drawn before, or draws them.
func (m *Memory) sample(p Plan, name sampled, draw func() *lottery.Sample) *lottery.Sample {
	if m == nil {
		return draw()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.of(p) {
		return draw()
	}
	if s := m.samples[name]; s != nil {
		return s
	}
	s := draw()
	if s.Bytes() <= mostKept {
		m.samples[name] = s
	}
	return s
}
