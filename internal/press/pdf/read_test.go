package pdf

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"homecase/packet"
)

func documents(t testing.TB) map[string]packet.Document {
	return map[string]packet.Document{"one-page": onePage(), "full": full(t), "report": report(), "letter": letter()}
}

// What is read back is exactly what the document holds, for every kind, both
// papers and large print.
func TestReadGivesBackTheMarks(t *testing.T) {
	for name, d := range documents(t) {
		for _, opt := range []Options{{Created: created}, {Paper: Letter}, {LargePrint: true}} {
			data := write(t, d, opt)
			got, err := Read(data)
			if err != nil {
				t.Fatal(name, err)
			}
			want := d.Marks(Shows(d.Kind))
			if diff := cmp.Diff(want, got.Marks); diff != "" {
				t.Errorf("%s %+v: marks differ (-want +got):\n%s", name, opt, diff)
			}
			if len(got.Stray) > 0 {
				t.Errorf("%s: stray %q", name, got.Stray)
			}
			if diff := cmp.Diff(d.Alts(), got.Alts); diff != "" {
				t.Errorf("%s: alternative texts differ:\n%s", name, diff)
			}
			if !bytes.Equal(got.Working, d.Working) {
				t.Errorf("%s: working %q", name, got.Working)
			}
			if diffs := packet.Compare(got, want); len(diffs) > 0 {
				t.Errorf("%s: %v", name, diffs)
			}
			if problems := Check(data); len(problems) > 0 {
				t.Errorf("%s %+v: %v", name, opt, problems)
			}
		}
	}
}
