package ops

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"homecase/content"
	"homecase/fault"
	"homecase/trial/pool"
	"homecase/trial/series"
)

const codeTable fault.Code = "HC-OPS-25" // a CSV file of two groups

// maxGroups is how many groups are kept to be named in a fault.
const maxGroups = 12

// Condition keeps the rows of a CSV file whose column compares so.
type Condition struct {
	Column, Op, Value string
	number            float64
	numeric           bool
}

// ReadCondition reads "column op value", with one of = != < <= > >= between them.
func ReadCondition(s string) (Condition, error) {
	for _, op := range []string{"!=", "<=", ">=", "=", "<", ">"} {
		name, value, ok := strings.Cut(s, op)
		if !ok || strings.ContainsAny(name, "<>=!") {
			continue
		}
		c := Condition{Column: strings.TrimSpace(name), Op: op, Value: strings.TrimSpace(strings.TrimPrefix(value, "="))}
		if c.Column == "" || c.Value == "" {
			break
		}
		c.number, c.numeric = csvNumber(c.Value)
		return c, nil
	}
	return Condition{}, fault.New(fault.Invalid, codeTable, "%q is not a condition.", s).Then("Write it like \"year = 2018\" or \"days > -1\", with one of = != < <= > >=.")
}

// csvNumber reads a plain decimal number.
func csvNumber(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	if s == "" || strings.Trim(s, "+-.0123456789eE") != "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && !math.IsInf(v, 0)
}

// holds compares as numbers where both are numbers, else as text, which puts
// dates like 2018-03-01 in order.
func (c Condition) holds(cell string) bool {
	order := strings.Compare(strings.TrimSpace(cell), c.Value)
	if v, ok := csvNumber(cell); ok && c.numeric {
		order = 0
		if v < c.number {
			order = -1
		} else if v > c.number {
			order = 1
		}
	} else if c.numeric && strings.TrimSpace(cell) == "" {
		return c.Op == "!="
	}
	switch c.Op {
	case "=":
		return order == 0
	case "!=":
		return order != 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

// WelchOptions say which numbers of a CSV file are compared.
type WelchOptions struct {
	File, Value, By string
	Where           []string
}

// WelchAnswer is Welch's test of the first group less the second.
type WelchAnswer struct {
	Value  string    `json:"value"`
	By     string    `json:"by"`
	Groups [2]string `json:"groups"` // numbers in order of size, words in order of the alphabet
	Rows   int       `json:"rows"`
	Used   int       `json:"used"`
	Empty  int       `json:"empty"` // kept by the conditions and without a value
	series.Welch
}

// Welch compares two groups of a CSV file, row by row, so that the file may be
// larger than memory.
func (d *Desk) Welch(o WelchOptions) (*WelchAnswer, error) {
	var where []Condition
	for _, s := range o.Where {
		c, err := ReadCondition(s)
		if err != nil {
			return nil, err
		}
		where = append(where, c)
	}
	f, err := os.Open(o.File)
	if err != nil {
		return nil, content.OpenFault(o.File, err)
	}
	defer f.Close()
	t := &welchTable{o: o, where: where, groups: map[string][]float64{}}
	if err := t.read(f); err != nil {
		return nil, err
	}
	return t.answer()
}

type welchTable struct {
	o           WelchOptions
	where       []Condition
	columns     map[string]int
	groups      map[string][]float64
	order       []string
	rows, empty int
}

func (t *welchTable) fault(line int, say string, args ...any) error {
	return fault.New(fault.Invalid, codeTable, say, args...).At(fault.Place{File: t.o.File, Line: line})
}

func (t *welchTable) read(r io.Reader) error {
	in := bufio.NewReaderSize(r, 1<<18)
	if mark, err := in.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = in.Discard(3) // three bytes that were just seen
	}
	c := csv.NewReader(in)
	c.ReuseRecord, c.TrimLeadingSpace = true, true
	for {
		rec, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			return t.fault(bad.Line, "This row cannot be read: its cells differ from the first line's, or its quotation marks do not match.")
		}
		if err != nil {
			return fault.New(fault.Invalid, codeTable, "This file cannot be read.").At(fault.Place{File: t.o.File}).Because(err)
		}
		line, _ := c.FieldPos(0)
		if t.columns == nil {
			if err := t.header(line, rec); err != nil {
				return err
			}
			continue
		}
		if err := t.row(line, rec); err != nil {
			return err
		}
	}
	if t.columns == nil {
		return t.fault(1, "This file is empty.")
	}
	return nil
}

func (t *welchTable) header(line int, rec []string) error {
	t.columns = map[string]int{}
	for i, name := range rec {
		t.columns[strings.TrimSpace(name)] = i
	}
	need := []string{t.o.Value, t.o.By}
	for _, c := range t.where {
		need = append(need, c.Column)
	}
	for _, name := range need {
		if _, ok := t.columns[name]; !ok {
			return t.fault(line, "There is no column %q in this file.", name)
		}
	}
	return nil
}

func (t *welchTable) row(line int, rec []string) error {
	t.rows++
	for _, c := range t.where {
		if !c.holds(rec[t.columns[c.Column]]) {
			return nil
		}
	}
	cell := strings.TrimSpace(rec[t.columns[t.o.Value]])
	if cell == "" {
		t.empty++
		return nil
	}
	v, ok := csvNumber(cell)
	if !ok {
		return t.fault(line, "The column %s: %q is not a number.", t.o.Value, clipCell(cell))
	}
	group := strings.TrimSpace(rec[t.columns[t.o.By]])
	values, seen := t.groups[group]
	if !seen {
		group = strings.Clone(group) // the row's memory is used again
		if len(t.order) == maxGroups {
			return t.fault(line, "The column %s has more than two groups, such as %s.", t.o.By, strings.Join(t.order[:3], ", "))
		}
		t.order = append(t.order, group)
	}
	t.groups[group] = append(values, v)
	return nil
}

func clipCell(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

func (t *welchTable) answer() (*WelchAnswer, error) {
	slices.SortFunc(t.order, func(a, b string) int {
		x, first := csvNumber(a)
		y, second := csvNumber(b)
		if first && second && x != y {
			if x < y {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	if len(t.order) != 2 {
		names := strings.Join(t.order, ", ")
		if names == "" {
			names = "none"
		}
		return nil, fault.New(fault.Invalid, codeTable, "Two groups are compared, and the column %s has %d in the rows kept: %s.", t.o.By, len(t.order), names).
			At(fault.Place{File: t.o.File}).Then("Choose rows with --where.")
	}
	a := &WelchAnswer{Value: t.o.Value, By: t.o.By, Groups: [2]string{t.order[0], t.order[1]}, Rows: t.rows, Empty: t.empty}
	first, second := t.groups[t.order[0]], t.groups[t.order[1]]
	a.Used = len(first) + len(second)
	var err error
	if a.Welch, err = series.CompareMeans(first, second); err != nil {
		return nil, placed(t.o.File, err)
	}
	return a, nil
}

// PoolTrials puts the trials of many people together.
func (d *Desk) PoolTrials(path string, o pool.Options) (*pool.Answer, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, content.OpenFault(path, err)
	}
	defer f.Close()
	t, err := pool.ReadEstimates(path, f)
	if err != nil {
		return nil, err
	}
	a, err := t.Combine(o)
	return a, placed(path, err)
}

// Panel reads a panel of people over weeks.
func (d *Desk) Panel(path string, seed uint64, draws int) (*pool.PanelFit, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, content.OpenFault(path, err)
	}
	defer f.Close()
	p, err := pool.ReadPanel(path, f)
	if err != nil {
		return nil, err
	}
	fit, err := p.Analyse(seed, draws)
	return fit, placed(path, err)
}

// Numbers reads a list like 12,14,13 from the command line.
func Numbers(flag, list string) ([]float64, error) {
	var out []float64
	for _, s := range strings.Split(list, ",") {
		v, ok := csvNumber(s)
		if !ok {
			return nil, fault.New(fault.Invalid, "HC-OPS-26", "--%s: %q is not a number.", flag, clipCell(strings.TrimSpace(s))).Then("Write numbers with commas between them, like 12,14,13.")
		}
		out = append(out, v)
	}
	if len(out) > 100_000 {
		return nil, fault.New(fault.Invalid, "HC-OPS-26", "--%s: %s is more than an exact test takes.", flag, fmt.Sprint(len(out), " numbers"))
	}
	return out, nil
}
