package packet

import (
	"fmt"
	"reflect"

	"homecase/fault"
)

// Mark is a printed run of characters and the ref it is bound to, in reading order.
type Mark struct {
	Ref  Ref    `json:"ref"`
	Text string `json:"text"`
}

// Reading is what a reader of a finished file found in it.
type Reading struct {
	Format string
	// Marks are the marked runs in reading order; a run broken over lines is one mark.
	Marks []Mark
	// Stray are runs with digits that stand outside marks and are not the file's own furniture.
	Stray []string
	// Alts are the alternative texts of figures in order, nil where the format prints them as text.
	Alts []string
	// Working is the attached working, nil when there is none.
	Working []byte
}

// Shows says what a format prints of a figure besides the chart itself.
type Shows struct {
	Alt  bool // the sentence that carries the finding stands as text, before the chart
	Data bool // the table behind the chart stands as text, after the chart
}

// Alts lists the alternative texts of the figures in reading order.
func (d Document) Alts() []string {
	var alts []string
	d.blocks(func(b Block) {
		switch b := b.(type) {
		case Figure:
			alts = append(alts, b.Alt.String())
		case Photo:
			alts = append(alts, b.Alt.String())
		}
	})
	return alts
}

// Photos lists the document's pictures.
func (d Document) Photos() []Photo {
	var photos []Photo
	d.blocks(func(b Block) {
		if p, ok := b.(Photo); ok {
			photos = append(photos, p)
		}
	})
	return photos
}

// Marks lists the document's marks in the reading order of a format.
func (d Document) Marks(shows Shows) []Mark {
	var marks []Mark
	d.walk(shows, func(s Span) {
		if s.Ref != "" {
			marks = append(marks, Mark{s.Ref, s.Text})
		}
	})
	return marks
}

// Validate refuses a document with a digit that is bound to nothing, with
// sections that share an anchor, or with a figure that has no equivalent text.
func (d Document) Validate() error {
	var list fault.List
	d.walk(Shows{Alt: true, Data: true}, func(s Span) {
		if s.Ref == "" && HasDigit(s.Text) {
			list = append(list, fault.New(fault.Internal, "HC-PACKET-01", "The text %q holds a number that rests on no fact.", s.Text))
		}
	})
	seen := map[string]bool{}
	for _, s := range d.Sections {
		if s.ID == "" || seen[s.ID] {
			list = append(list, fault.New(fault.Internal, "HC-PACKET-02", "Two sections share the anchor %q.", s.ID))
		}
		seen[s.ID] = true
	}
	d.blocks(func(b Block) {
		if f, ok := b.(Figure); ok && len(f.Alt) == 0 {
			list = append(list, fault.New(fault.Internal, "HC-PACKET-03", "The figure %q has no text that says what it shows.", f.ID))
		}
	})
	return list.OrNil()
}

func (d Document) blocks(visit func(Block)) {
	for _, b := range d.Head {
		visit(b)
	}
	for _, s := range d.Sections {
		for _, b := range s.Blocks {
			visit(b)
		}
	}
}

// walk visits every visible span in reading order. The order of a type's
// fields is its reading order, so the walk is by reflection and a new field
// cannot be forgotten.
func (d Document) walk(shows Shows, visit func(Span)) {
	d.blocks(func(b Block) {
		switch b := b.(type) {
		case Figure:
			if shows.Alt {
				spans(reflect.ValueOf(b.Alt), visit)
			}
			spans(reflect.ValueOf(b.Chart), visit)
			if shows.Data && b.Data != nil {
				spans(reflect.ValueOf(*b.Data), visit)
			}
		case Photo:
			if shows.Alt {
				spans(reflect.ValueOf(b.Alt), visit)
			}
		default:
			spans(reflect.ValueOf(b), visit)
		}
	})
}

var spanType = reflect.TypeFor[Span]()

func spans(v reflect.Value, visit func(Span)) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			spans(v.Elem(), visit)
		}
	case reflect.Struct:
		if v.Type() == spanType {
			visit(v.Interface().(Span))
			return
		}
		for i := range v.NumField() {
			spans(v.Field(i), visit)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		for i := range v.Len() {
			spans(v.Index(i), visit)
		}
	}
}

// Disagreement is one difference between a file and its working.
type Disagreement struct {
	Where      string `json:"where"`
	Printed    string `json:"printed"`
	Recomputed string `json:"recomputed"`
}

// Compare sets what was printed against what the working gives. Marks are
// compared as they stand, ref by ref and occurrence by occurrence, so that
// moving a number counts as a difference.
func Compare(got Reading, want []Mark) []Disagreement {
	var diffs []Disagreement
	for _, s := range got.Stray {
		diffs = append(diffs, Disagreement{Where: "outside the marked numbers", Printed: s})
	}
	byRef := map[Ref][]string{}
	for _, m := range got.Marks {
		byRef[m.Ref] = append(byRef[m.Ref], m.Text)
	}
	count := map[Ref]int{}
	for _, m := range want {
		n := count[m.Ref]
		count[m.Ref]++
		where := place(m.Ref, n)
		switch printed := byRef[m.Ref]; {
		case n >= len(printed):
			diffs = append(diffs, Disagreement{Where: where, Recomputed: m.Text})
		case printed[n] != m.Text:
			diffs = append(diffs, Disagreement{where, printed[n], m.Text})
		}
	}
	seen := map[Ref]int{}
	for _, m := range got.Marks {
		n := seen[m.Ref]
		seen[m.Ref]++
		if n >= count[m.Ref] {
			diffs = append(diffs, Disagreement{Where: place(m.Ref, n), Printed: m.Text})
		}
	}
	return append(diffs, misplaced(got.Marks, want, len(diffs) == 0)...)
}

func place(r Ref, n int) string {
	if n == 0 {
		return string(r)
	}
	return fmt.Sprintf("%s (%d)", r, n+1)
}

// misplaced finds marks that are all there but in another order; it is only
// worth telling when nothing else differs.
func misplaced(got, want []Mark, same bool) []Disagreement {
	if !same {
		return nil
	}
	for i := range want {
		if got[i] != want[i] {
			return []Disagreement{{Where: string(want[i].Ref) + " (order)", Printed: got[i].Text, Recomputed: want[i].Text}}
		}
	}
	return nil
}
