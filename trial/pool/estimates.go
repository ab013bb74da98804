package pool

import (
	"bytes"
	"cmp"
	"fmt"
	"hash/maphash"
	"io"
	"slices"

	"homecase/fault"
)

// Table is a file of people's results, held in columns.
type Table struct {
	Estimate []float64
	Variance []float64
	DF       []float64
	Group    []int32  // index into Groups; nil when the file has no such column
	Groups   []string // names in the order of the file

	names []byte
	ends  []uint64
	file  string
}

// Len is the number of people.
func (t *Table) Len() int { return len(t.Estimate) }

// Person is the name of person i, as the file writes it.
func (t *Table) Person(i int) string {
	from := uint64(0)
	if i > 0 {
		from = t.ends[i-1]
	}
	return string(t.names[from:t.ends[i]])
}

// estimateRows is what one chunk of the file holds.
type estimateRows struct {
	estimate, variance, df []float64
	names                  []byte
	ends                   []uint64
	lines                  []uint32
	hash                   []uint64
	group                  []int32
	groups                 []string
	index                  map[string]int32
}

// ReadEstimates reads a CSV file with the columns person, estimate, variance and
// df, in any order, and optionally group; further columns are left aside. Every
// fault of the file names its line. A person stands in it once.
func ReadEstimates(name string, r io.Reader) (*Table, error) {
	t := &Table{file: name}
	seed := maphash.MakeSeed() // finds people who stand there twice; no result depends on it
	row := func(h *header, line int, f [][]byte, rows *estimateRows) *lineFault {
		return rows.add(h, line, f, seed)
	}
	var at []uint32
	var hash []uint64
	index := map[string]int32{}
	take := func(before int, rows *estimateRows) int {
		t.Estimate = append(t.Estimate, rows.estimate...)
		t.Variance = append(t.Variance, rows.variance...)
		t.DF = append(t.DF, rows.df...)
		from := uint64(len(t.names))
		t.names = append(t.names, rows.names...)
		for i, e := range rows.ends {
			t.ends = append(t.ends, from+e)
			at = append(at, uint32(before)+rows.lines[i])
		}
		hash = append(hash, rows.hash...)
		global := make([]int32, len(rows.groups))
		for i, g := range rows.groups {
			n, ok := index[g]
			if !ok {
				n = int32(len(t.Groups))
				index[g], t.Groups = n, append(t.Groups, g)
			}
			global[i] = n
		}
		for _, g := range rows.group {
			t.Group = append(t.Group, global[g])
		}
		return len(rows.estimate)
	}
	if err := readTable(name, r, []string{"person", "estimate", "variance", "df"}, []string{"group"}, row, take); err != nil {
		return nil, err
	}
	if t.Len() == 0 {
		return nil, fault.New(fault.Invalid, CodeFile, "The file has a first line and no people.").At(fault.Place{File: name})
	}
	if err := t.once(hash, at); err != nil {
		return nil, err
	}
	return t, nil
}

func (rows *estimateRows) add(h *header, line int, f [][]byte, seed maphash.Seed) *lineFault {
	person := bytes.TrimSpace(f[h.at["person"]])
	if len(person) == 0 {
		return &lineFault{code: CodeValue, column: h.at["person"] + 1, say: "The person is empty."}
	}
	var v [3]float64
	for i, key := range [...]string{"estimate", "variance", "df"} {
		x, ok := number(f[h.at[key]])
		if !ok {
			return &lineFault{code: CodeValue, say: fmt.Sprintf("The %s of %s is %s and not a number.", key, show(person), show(f[h.at[key]]))}
		}
		v[i] = x
	}
	if say := unusable(v[0], v[1], v[2]); say != "" {
		return &lineFault{code: CodeValue, say: fmt.Sprintf("For %s %s", show(person), say)}
	}
	rows.estimate, rows.variance, rows.df = append(rows.estimate, v[0]), append(rows.variance, v[1]), append(rows.df, v[2])
	rows.names = append(rows.names, person...)
	rows.ends = append(rows.ends, uint64(len(rows.names)))
	rows.lines = append(rows.lines, uint32(line))
	rows.hash = append(rows.hash, maphash.Bytes(seed, person))
	if g, ok := h.at["group"]; ok {
		name := bytes.TrimSpace(f[g])
		if rows.index == nil {
			rows.index = map[string]int32{}
		}
		n, ok := rows.index[string(name)]
		if !ok {
			n = int32(len(rows.groups))
			rows.index[string(name)] = n
			rows.groups = append(rows.groups, string(name))
		}
		rows.group = append(rows.group, n)
	}
	return nil
}

// once refuses people who stand in the file twice. Each worker looks through the
// names whose hash falls to it.
func (t *Table) once(hash []uint64, line []uint32) error {
	const parts = 32
	type pair struct{ first, second uint32 }
	var found [parts][]pair
	var count [parts]int
	for _, h := range hash {
		count[h%parts]++
	}
	shards(parts, 1, func(part, _, _ int) {
		size := 8
		for size < 2*count[part] {
			size *= 2
		}
		slots := make([]uint32, size) // row + 1
		for i, h := range hash {
			if int(h%parts) != part {
				continue
			}
			s := int(h>>8) & (size - 1)
			for ; slots[s] != 0; s = (s + 1) & (size - 1) {
				if j := int(slots[s]) - 1; hash[j] == h && t.Person(j) == t.Person(i) {
					found[part] = append(found[part], pair{slots[s] - 1, uint32(i)})
					break
				}
			}
			if slots[s] == 0 {
				slots[s] = uint32(i) + 1
			}
		}
	})
	var all []pair
	for _, f := range found {
		all = append(all, f...)
	}
	if len(all) == 0 {
		return nil
	}
	slices.SortFunc(all, func(a, b pair) int { return cmp.Compare(a.second, b.second) })
	var out fault.List
	for i, p := range all {
		if i == maxFaults {
			out = append(out, fault.New(fault.Invalid, CodeMore, "%d more people stand there twice.", len(all)-i).At(fault.Place{File: t.file}))
			break
		}
		out = append(out, fault.New(fault.Invalid, CodeTwice, "%s stands in line %d already; a person counts once.", show([]byte(t.Person(int(p.second)))), line[p.first]).
			At(fault.Place{File: t.file, Line: int(line[p.second])}))
	}
	return out
}
