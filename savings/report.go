package savings

import (
	"homecase/cite"
	"homecase/estimate"
	"homecase/fault"
	"homecase/money"
)

// Basis is what an estimate needs from the rest of the case.
type Basis struct {
	Currency money.Currency
	HomeDays estimate.Number // home days a week of the plan; the estimate's own win
	Seed     uint64
	Workers  int // 0 is one for each processor; the result does not depend on it
	// WithoutIndices leaves the sensitivity indices out: a packet prints none, and they take a quarter of the time.
	WithoutIndices bool
}

// Report is a whole estimate: three ledgers side by side, never added.
type Report struct {
	Currency  money.Currency `json:"currency"`
	Seed      uint64         `json:"seed"`
	Points    int            `json:"points"`
	Scrambles int            `json:"scrambles"`
	// Headline is the total of cash to the employer, the only headline there is;
	// nil when the case has no such line.
	Headline *Total         `json:"headline,omitempty"`
	Ledgers  []LedgerReport `json:"ledgers"`
	Inputs   []InputReport  `json:"inputs"`
	LeftOut  []LeftOutLine  `json:"left_out"`
	Findings []Finding      `json:"findings"`
	// AssumedIndependent is true when no correlation was given, and must be
	// printed beside the range.
	AssumedIndependent bool `json:"assumed_independent"`
	// CorrelationMoved is the largest step a correlation was moved by so that all
	// can hold together.
	CorrelationMoved float64 `json:"correlation_moved,omitempty"`
}

// LedgerReport is one ledger.
type LedgerReport struct {
	Ledger  Ledger       `json:"ledger"`
	Name    string       `json:"name"`
	Private bool         `json:"private,omitempty"` // for the person's eyes unless shared on purpose
	Totals  []Total      `json:"totals"`
	Lines   []LineReport `json:"lines"`
}

// Total is what one ledger adds up to in one unit, costs taken off.
type Total struct {
	Sum  string `json:"sum"`
	Name string `json:"name"`
	Unit string `json:"unit"`
	// Likely is the total with every input at its likely value, exact.
	Likely    estimate.Number    `json:"likely"`
	Mean      float64            `json:"mean"`
	SD        float64            `json:"sd"`
	Quantiles estimate.Quantiles `json:"quantiles"`
	// BelowZero is the chance of a loss.
	BelowZero float64 `json:"below_zero"`
	// Twenty are 20 equally likely results of these inputs, lowest first.
	Twenty [20]float64 `json:"twenty"`
	// Error is the sampling error of the numbers above.
	Error estimate.Errors `json:"error"`
	// Step is the finest step the sampling error allows.
	Step float64 `json:"step"`
	// Rounded are the numbers as they may be printed.
	Rounded Rounded `json:"rounded"`
	// Assumptions counts the inputs this total rests on.
	Assumptions Assumptions `json:"assumptions"`
	// Tornado moves each input to its 5 % and 95 % value, the others at their median.
	Tornado estimate.Tornado `json:"tornado"`
	// Sensitivity says which part of the spread comes from which input.
	Sensitivity estimate.Sensitivity `json:"sensitivity"`
	// BreakEven is where the input that moves the total most makes it nothing.
	BreakEven *BreakEven `json:"break_even,omitempty"`

	result estimate.Result
}

// Round rounds a value of this total to what may be printed.
func (t Total) Round(v float64) float64 { return t.result.Round(v) }

// Rounded are the main numbers of a total, rounded to what they can bear.
type Rounded struct {
	Mean   float64     `json:"mean"`
	P5     float64     `json:"p5"`
	P10    float64     `json:"p10"`
	P50    float64     `json:"p50"`
	P90    float64     `json:"p90"`
	P95    float64     `json:"p95"`
	Twenty [20]float64 `json:"twenty"`
}

// Assumptions counts inputs by whether anything stands behind them. Parts of the
// calendar are not counted.
type Assumptions struct {
	Assumed int     `json:"assumed"`
	Of      int     `json:"of"`
	Share   float64 `json:"share"`
}

// BreakEven is the value of one input at which a total is nothing, the others at
// their median.
type BreakEven struct {
	Input string `json:"input"`
	Unit  string `json:"unit"`
	// Value is absent when the total keeps its sign over the whole range.
	Value *float64 `json:"value,omitempty"`
	// Below tells, without a value, whether the total is a loss throughout.
	Below bool `json:"below,omitempty"`
}

// LineReport is one line of a ledger.
type LineReport struct {
	Line    string `json:"line"`
	Name    string `json:"name"`
	Effect  Effect `json:"effect"`
	OneOff  bool   `json:"one_off,omitempty"`
	Private bool   `json:"private,omitempty"` // for the person's eyes unless shared on purpose
	Words   string `json:"words"`
	Formula string `json:"formula"`
	Unit    string `json:"unit"`
	// Likely is the line with every input at its likely value, exact; costs are negative.
	Likely    estimate.Number    `json:"likely"`
	Mean      float64            `json:"mean"`
	Quantiles estimate.Quantiles `json:"quantiles"`
	// Counted is false for a line that is shown and not added, and Why says why.
	Counted bool     `json:"counted"`
	Why     string   `json:"why,omitempty"`
	Inputs  []string `json:"inputs"` // keys of Report.Inputs
	Notes   []string `json:"notes,omitempty"`
}

// InputReport is one input as it was used.
type InputReport struct {
	Key   string         `json:"key"` // line.input, or the name of a shared input
	Name  string         `json:"name"`
	Words string         `json:"words"`
	Unit  string         `json:"unit"`
	Range estimate.Range `json:"range"`
	cite.Origin
	Default    bool `json:"default,omitempty"`    // the catalogue's, not the person's
	Constant   bool `json:"constant,omitempty"`   // part of the calendar
	Widened    bool `json:"widened,omitempty"`    // "I do not know": twice as wide
	Limited    bool `json:"limited,omitempty"`    // a rule cut the range the case gave
	Unverified bool `json:"unverified,omitempty"` // nobody read the source in the original
}

// LeftOutLine is a line that is not in the totals.
type LeftOutLine struct {
	Line string `json:"line"`
	Name string `json:"name"`
	Why  string `json:"why"`
}

// Finding is something the reader or the builder must know about the estimate.
type Finding struct {
	Code fault.Code `json:"code"`
	Rule string     `json:"rule,omitempty"`
	Line string     `json:"line,omitempty"`
	// Stops is true when a packet must not be built until it is mended.
	Stops bool   `json:"stops"`
	Say   string `json:"say"`
	Next  string `json:"next,omitempty"`
}

// Ledger returns one ledger's report.
func (r Report) Ledger(l Ledger) LedgerReport {
	for _, x := range r.Ledgers {
		if x.Ledger == l {
			return x
		}
	}
	return LedgerReport{Ledger: l, Name: l.Name()}
}

// Input returns the input of a key.
func (r Report) Input(key string) (InputReport, bool) {
	for _, in := range r.Inputs {
		if in.Key == key {
			return in, true
		}
	}
	return InputReport{}, false
}
