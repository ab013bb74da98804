package pool

import (
	"bytes"
	"fmt"
	"io"
	"math"

	"homecase/fault"
	"homecase/special"
)

// maxPeriods bounds the square of numbers that the periods need.
const maxPeriods = 1000

// Panel is people over periods, one row an outcome. Missing rows are fine: the
// panel need not be balanced.
type Panel struct {
	Person  []int32 // index into People
	Period  []int32 // index into Periods
	Treated []bool  // the row's person belongs to the home group
	Post    []bool  // the row lies after the start
	Outcome []float64
	People  []string // in the order of the file
	Periods []string

	repeated     int // rows whose person and period stood there before
	repeatedLine int
}

// panelRows is what one chunk of the file holds.
type panelRows struct {
	person, period  []int32
	treated, post   []bool
	outcome         []float64
	people, periods names
	lines           []uint32
}

// names numbers words in the order in which they come.
type names struct {
	list  []string
	index map[string]int32
}

func (n *names) of(b []byte) int32 {
	if i, ok := n.index[string(b)]; ok {
		return i
	}
	if n.index == nil {
		n.index = map[string]int32{}
	}
	i := int32(len(n.list))
	n.index[string(b)] = i
	n.list = append(n.list, string(b))
	return i
}

// ReadPanel reads a CSV file with the columns person, period, treated, post and
// outcome, in any order; further columns are left aside. treated and post are 0 or 1.
// Every fault of the file names its line.
func ReadPanel(name string, r io.Reader) (*Panel, error) {
	p := &Panel{}
	var people, periods names
	type cell struct{ person, period int32 }
	seen := map[cell]bool{}
	take := func(before int, rows *panelRows) int {
		toPerson, toPeriod := make([]int32, len(rows.people.list)), make([]int32, len(rows.periods.list))
		for i, s := range rows.people.list {
			toPerson[i] = people.of([]byte(s))
		}
		for i, s := range rows.periods.list {
			toPeriod[i] = periods.of([]byte(s))
		}
		for i, y := range rows.outcome {
			c := cell{toPerson[rows.person[i]], toPeriod[rows.period[i]]}
			if seen[c] {
				if p.repeated++; p.repeated == 1 {
					p.repeatedLine = before + int(rows.lines[i])
				}
			}
			seen[c] = true
			p.Person, p.Period = append(p.Person, c.person), append(p.Period, c.period)
			p.Treated, p.Post, p.Outcome = append(p.Treated, rows.treated[i]), append(p.Post, rows.post[i]), append(p.Outcome, y)
		}
		return len(rows.outcome)
	}
	if err := readTable(name, r, []string{"person", "period", "treated", "post", "outcome"}, nil, panelRow, take); err != nil {
		return nil, err
	}
	p.People, p.Periods = people.list, periods.list
	if len(p.Outcome) == 0 {
		return nil, fault.New(fault.Invalid, CodeFile, "The file has a first line and no rows.").At(fault.Place{File: name})
	}
	return p, nil
}

func panelRow(h *header, line int, f [][]byte, rows *panelRows) *lineFault {
	person, period := bytes.TrimSpace(f[h.at["person"]]), bytes.TrimSpace(f[h.at["period"]])
	if len(person) == 0 || len(period) == 0 {
		return &lineFault{code: CodeValue, say: "The person or the period is empty."}
	}
	var flags [2]bool
	for i, key := range [...]string{"treated", "post"} {
		v, ok := number(f[h.at[key]])
		if !ok || v != 0 && v != 1 {
			return &lineFault{code: CodeValue, say: fmt.Sprintf("%s is %s; write 0 or 1.", key, show(f[h.at[key]]))}
		}
		flags[i] = v == 1
	}
	y, ok := number(f[h.at["outcome"]])
	if !ok || math.Abs(y) > 1e50 {
		return &lineFault{code: CodeValue, say: fmt.Sprintf("The outcome is %s and not a number that can be used; leave out rows without one.", show(f[h.at["outcome"]]))}
	}
	rows.person, rows.period = append(rows.person, rows.people.of(person)), append(rows.period, rows.periods.of(period))
	rows.treated, rows.post = append(rows.treated, flags[0]), append(rows.post, flags[1])
	rows.outcome = append(rows.outcome, y)
	rows.lines = append(rows.lines, uint32(line))
	return nil
}

// PanelFit is the effect of being in the home group after the start, with a level
// for each person and each period (two-way fixed effects) and errors clustered by
// person: the factor is G/(G-1)*(N-1)/(N-K) with K = people + periods, as Stata's
// areg has it, and the t distribution has G-1 degrees of freedom.
type PanelFit struct {
	Estimate   float64     `json:"estimate"`
	SE         float64     `json:"se"`
	T          float64     `json:"t"`
	DF         float64     `json:"df"`
	P          float64     `json:"p_two_sided"`
	Interval90 [2]float64  `json:"interval90"`
	Interval95 [2]float64  `json:"interval95"`
	Rows       int         `json:"rows"`
	People     int         `json:"people"`
	Periods    int         `json:"periods"`
	HomePeople int         `json:"home_people"`
	Lottery    *PanelDraws `json:"randomisation"` // null when it cannot be computed, with the reason in warnings
	Warnings   []string    `json:"warnings"`
}

// Fit computes the effect. Call Randomise on the panel for the p-value that rests
// on the lottery alone.
func (p *Panel) Fit() (*PanelFit, error) {
	m, err := p.within()
	if err != nil {
		return nil, err
	}
	d := make([]float64, m.n)
	for i := range d {
		if p.Treated[i] && p.Post[i] {
			d[i] = 1
		}
	}
	raw := 0.0
	for _, v := range d {
		raw += v
	}
	m.sweep(d)
	beta, se, ok := m.slope(d, raw)
	if !ok {
		return nil, fault.New(fault.Finding, CodePanel, "Being at home after the start cannot be told apart from the people and the periods.")
	}
	f := &PanelFit{Estimate: beta, SE: se, DF: float64(m.people - 1), Rows: m.n, People: m.people, Periods: m.periods, Warnings: []string{}}
	if se == 0 {
		return nil, fault.New(fault.Finding, CodePanel, "Nothing is left to chance once people and periods are taken out, so there is no error to show.")
	}
	f.T = beta / se
	f.P = 2 * special.TCDF(-math.Abs(f.T), f.DF)
	for level, to := range map[float64]*[2]float64{0.95: &f.Interval90, 0.975: &f.Interval95} {
		w := special.TQuantile(level, f.DF) * se
		*to = [2]float64{beta - w, beta + w}
	}
	home := make([]bool, m.people)
	for i, t := range p.Treated {
		if t && !home[p.Person[i]] {
			home[p.Person[i]] = true
			f.HomePeople++
		}
	}
	if p.repeated > 0 {
		f.Warnings = append(f.Warnings, fmt.Sprintf("%d rows repeat a person and a period, the first in line %d; each row counts.", p.repeated, p.repeatedLine))
	}
	if m.people < 30 {
		f.Warnings = append(f.Warnings, fmt.Sprintf("With %d people the clustered error is too small; trust the randomisation.", m.people))
	}
	return f, nil
}

// within is the panel prepared for taking people and periods out of a column. The
// people are taken out by their means; what is left of the periods is a system of
// equations of the size of the periods, solved exactly, so an unbalanced panel
// needs no iteration.
type within struct {
	*Panel
	n, people, periods int
	rowsOf             []float64   // rows of each person
	factor             [][]float64 // LDL' of the periods' matrix, unit lower triangle
	pivot              []float64   // its diagonal; 0 where a period adds nothing
	y                  []float64   // outcome without people and periods
	scale              float64     // G/(G-1)*(N-1)/(N-K)
	size               float64     // length of the centred outcome

	sumPerson, sumPeriod, score []float64 // working space
}

func (p *Panel) within() (*within, error) {
	m := &within{Panel: p, n: len(p.Outcome), people: len(p.People), periods: len(p.Periods)}
	if len(p.Person) != m.n || len(p.Period) != m.n || len(p.Treated) != m.n || len(p.Post) != m.n {
		return nil, fault.New(fault.Finding, CodeShape, "The panel's columns are not of the same length.")
	}
	for i := range p.Outcome {
		if p.Person[i] < 0 || int(p.Person[i]) >= m.people || p.Period[i] < 0 || int(p.Period[i]) >= m.periods || !(math.Abs(p.Outcome[i]) <= 1e50) {
			return nil, fault.New(fault.Finding, CodeShape, "Row %d of the panel names nobody, no period or no number.", i+1)
		}
	}
	k := m.people + m.periods
	switch {
	case m.people < 2:
		return nil, fault.New(fault.Finding, CodeFew, "A panel needs at least two people.")
	case m.periods < 2:
		return nil, fault.New(fault.Finding, CodeFew, "A panel needs at least two periods.")
	case m.periods > maxPeriods:
		return nil, fault.New(fault.Finding, CodePanel, "A panel of more than %d periods is not computed; put days together into weeks.", maxPeriods)
	case m.n <= k:
		return nil, fault.New(fault.Finding, CodeFew, "%d rows are too few for %d people and %d periods.", m.n, m.people, m.periods)
	}
	g, n := float64(m.people), float64(m.n)
	m.scale = g / (g - 1) * (n - 1) / (n - float64(k))
	m.sumPerson, m.sumPeriod, m.score = make([]float64, m.people), make([]float64, m.periods), make([]float64, m.people)
	m.decompose()
	m.y = append([]float64(nil), p.Outcome...)
	mean := 0.0
	for _, v := range m.y {
		mean += v
	}
	for i := range m.y { // only for precision: the sweep takes it out anyway
		m.y[i] -= mean / n
		m.size += m.y[i] * m.y[i]
	}
	m.size = math.Sqrt(m.size)
	m.sweep(m.y)
	m.sweep(m.y) // a second time, for the digits a large level costs
	return m, nil
}

// decompose builds diag(rows of a period) - sum over people of c c'/rows, with c
// the person's rows in each period, and factors it. The matrix is that of a graph:
// it has one zero for each part of the panel that no person connects to the rest.
func (m *within) decompose() {
	t := m.periods
	a := make([][]float64, t)
	for i := range a {
		a[i] = make([]float64, t)
	}
	m.rowsOf = make([]float64, m.people)
	start := make([]int32, m.people+1)
	for _, g := range m.Person {
		m.rowsOf[g]++
		start[g+1]++
	}
	for g := range m.people {
		start[g+1] += start[g]
	}
	list, at := make([]int32, m.n), append([]int32(nil), start...)
	for i, g := range m.Person {
		list[at[g]] = m.Period[i]
		at[g]++
	}
	for g := range m.people {
		mine := list[start[g]:start[g+1]]
		w := 1 / m.rowsOf[g]
		for _, i := range mine {
			a[i][i]++
			for _, j := range mine {
				if j <= i {
					a[i][j] -= w
				}
			}
		}
	}
	m.pivot, m.factor = make([]float64, t), a
	for j := range t {
		whole, d := a[j][j], a[j][j]
		for k := range j {
			d -= a[j][k] * a[j][k] * m.pivot[k]
		}
		if d <= 1e-10*whole {
			d = 0
		}
		m.pivot[j] = d
		for i := j + 1; i < t; i++ {
			s := a[i][j]
			for k := range j {
				s -= a[i][k] * a[j][k] * m.pivot[k]
			}
			if d == 0 {
				a[i][j] = 0
			} else {
				a[i][j] = s / d
			}
		}
	}
}

// sweep takes people and periods out of a column, in place.
func (m *within) sweep(x []float64) {
	m.demean(x)
	b := m.sumPeriod
	clear(b)
	for i, v := range x {
		b[m.Period[i]] += v
	}
	for i := range b {
		for k, v := range b[:i] {
			b[i] -= m.factor[i][k] * v
		}
	}
	for i := range b {
		if m.pivot[i] == 0 {
			b[i] = 0
		} else {
			b[i] /= m.pivot[i]
		}
	}
	for i := len(b) - 1; i >= 0; i-- {
		for k := i + 1; k < len(b); k++ {
			b[i] -= m.factor[k][i] * b[k]
		}
	}
	for i := range x {
		x[i] -= b[m.Period[i]]
	}
	m.demean(x)
}

// demean takes each person's mean out.
func (m *within) demean(x []float64) {
	s := m.sumPerson
	clear(s)
	for i, v := range x {
		s[m.Person[i]] += v
	}
	for g := range s {
		s[g] /= m.rowsOf[g]
	}
	for i := range x {
		x[i] -= s[m.Person[i]]
	}
}

// slope returns the effect of a swept column and its clustered error. raw is the
// column's squared length before the sweep: one that vanished has no effect. An
// error of 0 says that people, periods and home explain everything.
func (m *within) slope(d []float64, raw float64) (beta, se float64, ok bool) {
	var dd, dy float64
	for i, v := range d {
		dd += v * v
		dy += v * m.y[i]
	}
	if !(dd > 1e-9*raw) {
		return 0, 0, false
	}
	beta = dy / dd
	clear(m.score)
	for i, v := range d {
		m.score[m.Person[i]] += v * (m.y[i] - beta*v)
	}
	meat := 0.0
	for _, s := range m.score {
		meat += s * s
	}
	se = math.Sqrt(m.scale*meat) / dd
	if se*math.Sqrt(dd) <= 1e-12*m.size { // rounding, and not chance
		se = 0
	}
	return beta, se, true
}
