package pool

import (
	"fmt"
	"slices"
	"strings"

	"homecase/trial/series"
)

// Group is a department or team of at least five people. Groups are listed by
// name: they are not ranked.
type Group struct {
	Name              string     `json:"group"`
	People            int        `json:"people"`
	Mean              float64    `json:"mean"`
	Interval95        [2]float64 `json:"interval95"`
	PAboveMinusMargin float64    `json:"p_above_minus_margin"`
	Share             *float64   `json:"share_at_least_as_good"` // null under ten people
	P                 float64    `json:"p"`                      // one-sided, against minus the margin
	PAdjusted         float64    `json:"p_adjusted"`             // the same, for the list of groups (Benjamini and Hochberg)
	Shrunk            *float64   `json:"shrunk_mean"`            // drawn towards the other groups; null with fewer than three groups
	ShrunkSD          *float64   `json:"shrunk_sd"`
}

// Combine pools the table's people, and each of its groups of five or more by
// itself with the variances moderated over all people.
func (t *Table) Combine(o Options) (*Answer, error) {
	a, err := Combine(t.Estimate, t.Variance, t.DF, o)
	if err != nil || t.Group == nil || a.Bayes == nil {
		return a, err
	}
	members := make([][]int, len(t.Groups))
	for i, g := range t.Group {
		members[g] = append(members[g], i)
	}
	var withheld Withheld
	for g, who := range members {
		if t.Groups[g] == "" {
			continue
		}
		if len(who) < MinGroup {
			withheld.Groups++
			withheld.People += len(who)
			continue
		}
		var d, v, df []float64
		for _, i := range who {
			x, _ := a.Moderation.Variance(t.Variance[i], t.DF[i])
			d, v, df = append(d, t.Estimate[i]), append(v, x), append(df, t.DF[i])
		}
		p := newProblem(d, v, df, a.Unit)
		b, line := p.bayes(o.Margin), p.pm()
		out := Group{Name: t.Groups[g], People: len(who), Mean: b.Mean, Interval95: b.Interval95, PAboveMinusMargin: b.PAboveMinusMargin, P: line.PGreater(-o.Margin)}
		if len(who) >= MinTail {
			out.Share = b.Share
		}
		out.ShrunkSD = &b.SD // its own until the groups are put together
		a.Groups = append(a.Groups, out)
	}
	if withheld.Groups > 0 {
		a.Withheld = &withheld
		a.Warnings = append(a.Warnings, fmt.Sprintf("%d groups of fewer than %d people are not shown.", withheld.Groups, MinGroup))
	}
	slices.SortFunc(a.Groups, func(x, y Group) int { return strings.Compare(x.Name, y.Name) })
	a.levelGroups()
	return a, nil
}

// levelGroups adjusts the p-values of the list, and draws the groups' means
// towards each other as people are drawn towards the group's.
func (a *Answer) levelGroups() {
	k := len(a.Groups)
	p := make([]float64, k)
	for i, g := range a.Groups {
		p[i] = g.P
	}
	for i, q := range series.BenjaminiHochberg(p) {
		a.Groups[i].PAdjusted = q
	}
	if k < MinPeople {
		for i := range a.Groups {
			a.Groups[i].ShrunkSD = nil
		}
		return
	}
	d, v, df := make([]float64, k), make([]float64, k), make([]float64, k)
	for i, g := range a.Groups {
		d[i], v[i], df[i] = g.Mean, *g.ShrunkSD**g.ShrunkSD, float64(g.People-1)
	}
	top := &Answer{Margin: a.Margin, Bayes: newProblem(d, v, df, a.Unit).bayes(a.Margin)}
	for i := range a.Groups {
		g := &a.Groups[i]
		if s, ok := top.Shrink(d[i], v[i], df[i]); ok {
			g.Shrunk, g.ShrunkSD = &s.Mean, &s.SD
		}
	}
}
