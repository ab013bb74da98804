package homecase_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"homecase/packet"
)

// passes sends a document through its encoding: it comes back as it was.
func passes(t *testing.T, name string, d packet.Document) (bytes int) {
	t.Helper()
	raw, err := packet.Encode(d)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return 0
	}
	got, err := packet.Decode(raw)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return 0
	}
	if reflect.DeepEqual(d, got) { // cmp takes a hundred times as long
		return len(raw)
	}
	if diff := cmp.Diff(d, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s: %s", name, diff)
	}
	return len(raw)
}

// Whatever is composed passes to the office and comes back as it was.
func TestDocumentsPassUnchanged(t *testing.T) {
	docs := map[string]packet.Document{}
	for name, c := range cases(t) {
		e := compose(t, c)
		for _, kind := range []packet.Kind{packet.OnePage, packet.Full, packet.Page, packet.Letter, packet.Slides} {
			if d, ok := e.Document(kind); ok { // a week without an office day has no slides
				docs[name+" "+string(kind)] = d
			}
		}
		docs[name+" message"], docs[name+" agreement"] = e.Message, agreement(t, c)
	}
	if len(docs) < 50 {
		t.Errorf("only %d documents", len(docs))
	}
	largest := 0
	for name, d := range docs {
		largest = max(largest, passes(t, name, d))
	}
	t.Logf("%d documents, the largest has %d bytes", len(docs), largest)
}
