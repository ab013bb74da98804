package tally

import (
	"bytes"
	"hash/maphash"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"homecase/fault"
)

// People decides whose row a row is. It remembers how many people a file
// names, not who they are.
type People struct {
	own  []string
	seed maphash.Seed
	seen map[uint64]bool
	name []byte // the name asked about last, and the answer
	is   bool
	Own  int // rows of the person
	Not  int // rows of others
}

// maxPeople is where counting people stops.
const maxPeople = 1000

// NewPeople returns the people of an import: author lists e-mails, logins or names.
func NewPeople(author string) *People {
	p := &People{seed: maphash.MakeSeed(), seen: map[uint64]bool{}}
	for name := range strings.SplitSeq(author, ",") {
		if name = fold(name); name != "" {
			p.own = append(p.own, name)
		}
	}
	return p
}

// fold makes names comparable: case, spaces and a leading @ do not matter.
func fold(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(strings.TrimPrefix(strings.TrimSpace(s), "@"))), " ")
}

// Asked tells whether the person named themself.
func (p *People) Asked() bool { return len(p.own) > 0 }

// Mine tells whether a row belongs to the person. The names are all that the
// row says about one human being: name, login, e-mail. Without an author every
// row does, and Fault later refuses a file of several people.
func (p *People) Mine(names ...[]byte) bool {
	if len(p.own) == 0 {
		p.count(names)
		p.Own++
		return true
	}
	for _, n := range names {
		if p.Is(n) {
			p.Own++
			return true
		}
	}
	p.Not++
	return false
}

// Is tells whether a name is one of the author's, without counting a row.
func (p *People) Is(name []byte) bool {
	if len(name) == 0 {
		return false
	}
	if bytes.Equal(name, p.name) {
		return p.is
	}
	got := fold(Text(name))
	p.name, p.is = append(p.name[:0], name...), got != "" && slices.Contains(p.own, got)
	return p.is
}

func (p *People) count(names [][]byte) {
	if len(p.seen) >= maxPeople {
		return
	}
	for _, n := range names {
		if len(n) > 0 { // the first name that is there stands for the person
			if bytes.Equal(n, p.name) {
				return
			}
			p.name = append(p.name[:0], n...)
			p.seen[maphash.Bytes(p.seed, n)] = true
			return
		}
	}
}

// Fault refuses a file that mixes several people's work, or that has none of the asked person's.
func (p *People) Fault(file, what string) error {
	place := fault.Place{File: file}
	switch {
	case len(p.own) == 0 && len(p.seen) > 1:
		return fault.New(fault.Invalid, "HC-INTAKE-11", "This file holds the %s of %d people.", what, len(p.seen)).At(place).
			Then("Say who you are, as the file writes it: --author NAME. Nobody else is counted or stored.")
	case len(p.own) > 0 && p.Own == 0 && p.Not > 0:
		return fault.New(fault.Invalid, "HC-INTAKE-12", "None of the %d rows belongs to the author you named.", p.Not).At(place).
			Then("Write the name, e-mail or login exactly as the file does.")
	}
	return nil
}

// Text decodes a field: UTF-8, or Windows-1252 where it is not UTF-8.
func Text(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "?")
	}
	return string(out)
}

// Seen remembers identities by their hash, so that a record that stands in a
// file twice counts once.
type Seen struct {
	seed maphash.Seed
	set  map[uint64]struct{}
	full bool
}

// maxSeen bounds the memory of a Seen at about 20 MB.
const maxSeen = 500_000

// NewSeen returns an empty set.
func NewSeen() *Seen { return &Seen{seed: maphash.MakeSeed(), set: map[uint64]struct{}{}} }

// Again tells whether the identity was seen before. An empty one never was.
func (s *Seen) Again(id []byte) bool {
	if len(id) == 0 {
		return false
	}
	h := maphash.Bytes(s.seed, id)
	if _, ok := s.set[h]; ok {
		return true
	}
	if len(s.set) >= maxSeen {
		s.full = true
		return false
	}
	s.set[h] = struct{}{}
	return false
}

// Warn says so when there were too many to remember.
func (s *Seen) Warn(t *Tally) {
	if s.full {
		t.Warn(0, "The file has more than %d entries. Of those after them, one that stands in the file twice is counted twice. Export a shorter time.", maxSeen)
	}
}
