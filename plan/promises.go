package plan

import (
	"slices"
	"strings"
	"sync"

	"homecase/cite"
)

// Offer is a promise the person may take over.
type Offer struct {
	ID    string   `json:"id"`
	Usual bool     `json:"usual,omitempty"` // one of the four of a first page
	Text  Template `json:"text"`
	// Plain is the promise while the plan cannot fill its slots.
	Plain string `json:"plain,omitempty"`
	// RestsOn is the part of the plan that stands behind it: hours, recall, outage, check_ins or decide_on.
	RestsOn string `json:"rests_on,omitempty"`
	// Words are phrases by which a promise of this kind is known.
	Words []string `json:"words"`
	// Lacks says what is missing when nothing stands behind it.
	Lacks  string       `json:"lacks,omitempty"`
	From   string       `json:"source"`
	Source cite.Reading `json:"reading,omitzero"`
}

// StopOffer is a stop rule the person may take over.
type StopOffer struct {
	ID     string       `json:"id"`
	Usual  bool         `json:"usual,omitempty"`
	Text   string       `json:"text"`
	From   string       `json:"source"`
	Source cite.Reading `json:"reading,omitzero"`
}

type promiseFile struct {
	Sources   sources     `json:"sources"`
	Recall    Recall      `json:"recall"`
	CheckIn   CheckIn     `json:"check_in"`
	Promises  []Offer     `json:"promises"`
	StopRules []StopOffer `json:"stop_rules"`
}

var promiseFileOnce = sync.OnceValues(func() (promiseFile, error) {
	f, err := load[promiseFile]("promises.yaml")
	if err != nil {
		return f, err
	}
	for i := range f.Promises {
		if err := f.Sources.find("promises.yaml", f.Promises[i].ID, f.Promises[i].From, &f.Promises[i].Source); err != nil {
			return f, err
		}
	}
	for i := range f.StopRules {
		if err := f.Sources.find("promises.yaml", f.StopRules[i].ID, f.StopRules[i].From, &f.StopRules[i].Source); err != nil {
			return f, err
		}
	}
	return f, nil
})

// Offers returns the promises a person may take over.
func Offers() ([]Offer, error) {
	f, err := promiseFileOnce()
	return slices.Clone(f.Promises), err
}

// StopOffers returns the stop rules a person may take over.
func StopOffers() ([]StopOffer, error) {
	f, err := promiseFileOnce()
	return slices.Clone(f.StopRules), err
}

// Write puts what the plan knows into the promise.
func (o Offer) Write(values map[string]string) string {
	text, missing := o.Text.Fill(values)
	if len(missing) > 0 {
		return o.Plain
	}
	return text
}

// WithUsual returns the plan with the usual promises where it has none, and
// with what stands behind them. A plan with a promise of its own stays as it
// is. values are those of Values, written as the reader would.
func (p Plan) WithUsual(values map[string]string) (Plan, error) {
	if len(p.Promises) > 0 {
		return p, nil
	}
	f, err := promiseFileOnce()
	if err != nil {
		return p, err
	}
	if p.Recall == (Recall{}) {
		p.Recall = f.Recall
	}
	if len(p.CheckIns) == 0 {
		p.CheckIns = []CheckIn{f.CheckIn}
	}
	known := p.Values()
	for k, v := range values {
		if v != "" {
			known[k] = v
		}
	}
	for _, o := range f.Promises {
		if text := o.Write(known); o.Usual && text != "" {
			p.Promises = append(p.Promises, Promise{Text: text})
		}
	}
	if len(p.StopRules) == 0 {
		for _, r := range f.StopRules {
			if r.Usual {
				p.StopRules = append(p.StopRules, StopRule{Text: r.Text})
			}
		}
	}
	return p, nil
}

// Unbacked is a promise with nothing behind it in the plan.
type Unbacked struct {
	Promise int // its place in Promises
	Say     string
}

// Unbacked lists the promises that the rest of the plan does not carry.
func (p Plan) Unbacked() ([]Unbacked, error) {
	offers, err := Offers()
	if err != nil {
		return nil, err
	}
	behind := map[string]bool{
		"": true, "hours": p.Hours.From != "" && p.Hours.To != "", "recall": p.Recall.Notice != "",
		"outage": p.Outage.Backup != "", "check_ins": len(p.CheckIns) > 0, "decide_on": !p.DecideOn.IsZero(),
	}
	var out []Unbacked
	for i, promise := range p.Promises {
		text := strings.ToLower(promise.Text)
		for _, o := range offers {
			if slices.ContainsFunc(o.Words, func(w string) bool { return strings.Contains(text, w) }) {
				if !behind[o.RestsOn] {
					out = append(out, Unbacked{i, o.Lacks})
				}
				break
			}
		}
	}
	return out, nil
}
