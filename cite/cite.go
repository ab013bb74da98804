// Package cite says where a number comes from. A figure that has none of the
// four kinds of origin is not a fact and must not reach a packet.
//
// The package does not judge whether a source is right; it records which kind
// it is, who or what it is, and when it was read.
package cite

import (
	"fmt"
	"strings"

	"homecase/day"
)

// Kind is where a number comes from.
type Kind string

// The four kinds a number may have.
const (
	Measured   Kind = "measured"   // counted or read from a record that others can see
	Published  Kind = "published"  // printed by somebody who answers for it
	Colleague  Kind = "colleague"  // said by a named person who is in a position to know
	Assumption Kind = "assumption" // my estimate; printed with the word assumption
)

// Kinds lists them in order of strength.
func Kinds() []Kind { return []Kind{Measured, Published, Colleague, Assumption} }

// UnmarshalText refuses a word that is not one of the four kinds.
func (k *Kind) UnmarshalText(b []byte) error {
	s := Kind(b)
	if s == "estimate" || s == "my estimate" {
		s = Assumption
	}
	for _, v := range Kinds() {
		if s == v {
			*k = v
			return nil
		}
	}
	return fmt.Errorf("%q is not a kind of source: write measured, published, colleague or assumption", string(b))
}

// Origin is who says so. It is embedded wherever a file gives a number.
type Origin struct {
	// Kind is measured, published, colleague or assumption.
	Kind Kind `json:"kind,omitempty"`
	// Source names the record, the publication or the colleague, in words a reader can follow up.
	Source string `json:"source,omitempty"`
	// Date is the day the source was read, asked or measured.
	Date day.Date `json:"date,omitzero"`
	// Address is where a published source can be read.
	Address string `json:"address,omitempty"`
}

// Known tells whether the origin is complete enough for a packet: a kind, and
// a named source unless it is the person's own assumption.
func (o Origin) Known() bool {
	return o.Kind == Assumption || o.Kind != "" && strings.TrimSpace(o.Source) != ""
}

// Fact is a statement that sentences may rest on.
type Fact struct {
	ID    string `json:"id"`
	Text  string `json:"text"`            // what is claimed, in one sentence
	Value string `json:"value,omitempty"` // the figure as it may be printed
	Unit  string `json:"unit,omitempty"`
	Origin
}

// Reading is one look at a publication: what homecase's own library says about
// where a figure stands. Unverified marks a value nobody read in the original.
type Reading struct {
	Title      string   `json:"title"`
	Address    string   `json:"address,omitempty"`
	Read       day.Date `json:"read,omitzero"`
	Unverified bool     `json:"unverified,omitempty"`
}

// Words lists the four kinds as a file writes them.
func (Kind) Words() []string {
	return []string{string(Measured), string(Published), string(Colleague), string(Assumption)}
}
