package homecase

import (
	"slices"

	"homecase/content"
	"homecase/fault"
	"homecase/packet"
)

// ReadWorking reads the working of a packet, strictly.
func ReadWorking(name string, text []byte) (*Working, error) {
	t, err := content.Parse(name, text)
	if err != nil {
		return nil, err
	}
	w := new(Working)
	if err := t.Decode(w); err != nil {
		return nil, err
	}
	if w.Case.Version != Version {
		return nil, fault.New(fault.Invalid, "HC-CASE-09", "The working is in format version %d and this homecase knows version %d.", w.Case.Version, Version).At(fault.Place{File: name})
	}
	return w, nil
}

// Recompute composes the edition again from a working's case alone.
func Recompute(w *Working) (*Edition, error) {
	photos := map[string]packet.Photo{}
	for _, id := range w.Photos {
		photos[id] = packet.Photo{}
	}
	o := Options{Version: w.Homecase, Holidays: w.Holidays, Photos: photos, Agreement: w.Agreement}
	if w.Document == packet.Agreement {
		return ComposeAgreement(w.Case.Shared(), o)
	}
	return Compose(w.Case.Shared(), o)
}

// Compare sets the facts and numbers that the working states against those
// that follow from its case.
func (w *Working) Compare(fresh *Edition) []packet.Disagreement {
	return compareStated(w.Facts, w.Numbers, fresh.Record.Facts, fresh.Record.Numbers)
}

// compareStated sets stated facts and numbers against those that follow.
func compareStated(statedFacts []WorkingFact, stated []packet.Entry, freshFacts []WorkingFact, fresh []packet.Entry) []packet.Disagreement {
	var diffs []packet.Disagreement
	want := map[packet.Ref]packet.Entry{}
	for _, e := range fresh {
		want[e.Ref] = e
	}
	for _, e := range stated {
		f, ok := want[e.Ref]
		if !ok || f.Printed != e.Printed || f.How != e.How || !slices.Equal(f.Facts, e.Facts) {
			diffs = append(diffs, packet.Disagreement{Where: "the attachment: " + string(e.Ref), Printed: e.Printed, Recomputed: f.Printed})
		}
		delete(want, e.Ref)
	}
	for _, e := range fresh {
		if _, left := want[e.Ref]; left {
			diffs = append(diffs, packet.Disagreement{Where: "the attachment: " + string(e.Ref), Recomputed: e.Printed})
		}
	}
	facts := map[string]WorkingFact{}
	for _, f := range freshFacts {
		facts[f.ID] = f
	}
	for _, f := range statedFacts {
		if facts[f.ID] != f {
			diffs = append(diffs, packet.Disagreement{Where: "the attachment: fact " + f.ID, Printed: f.Text + " " + f.Source, Recomputed: facts[f.ID].Text + " " + facts[f.ID].Source})
		}
	}
	return diffs
}
