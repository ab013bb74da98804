package text_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"homecase/internal/press/presstest"
	"homecase/internal/press/text"
)

func TestDocumentLeavesGoodTextAlone(t *testing.T) {
	for _, d := range []struct {
		name string
		doc  any
		got  any
	}{{"packet", presstest.Packet(), text.Document(presstest.Packet())}, {"letter", presstest.Letter(), text.Document(presstest.Letter())}} {
		if diff := cmp.Diff(d.doc, d.got); diff != "" {
			t.Errorf("%s changed: %s", d.name, diff)
		}
	}
}

func TestDocumentCleansEverything(t *testing.T) {
	dirty, pure := "a\x00\u202eb\nc", "ab c"
	got := text.Document(presstest.Spoil(presstest.Packet(), dirty))
	got.Working = []byte(pure) // bytes are not text and stay
	if diff := cmp.Diff(presstest.Spoil(presstest.Packet(), pure), got); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkDocument(b *testing.B) {
	d := presstest.Packet()
	for b.Loop() {
		text.Document(d)
	}
}
