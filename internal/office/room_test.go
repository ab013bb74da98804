package office

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"homecase/fault"
	"homecase/packet"
	"homecase/share"
)

// A file for which there is no room is refused in one sentence, nothing is kept of
// it, and what was there stays. What nobody names is swept after a day, and its
// room is free again.
func TestThereIsRoomForSoManyFiles(t *testing.T) {
	w := newWorld(t)
	w.office.Room = share.Room{Case: 2 << 20}
	pdf := func(fill string, size int) share.Blob {
		b := share.Blob{Media: "application/pdf", Bytes: append([]byte("%PDF-1.7 "), bytes.Repeat([]byte(fill), size)...)}
		b.Hash = share.Hash(b.Bytes)
		return b
	}
	put := func(p *person, b share.Blob) error { return p.office.Put(t.Context(), p.org, p.caseID, b) }
	large := pdf("a", 1_900_000)
	w.must(put(w.ines, large))
	w.must(put(w.ines, large)) // sent again it takes no more room
	err := put(w.ines, pdf("b", 300_000))
	if fault.KindOf(err) != fault.Conflict || fault.CodeOf(err) != "HC-STORE-91" ||
		err.Error() != "There is no room for this file: all files of one case may have 2 MB. Erase a case that is over, or ask whoever runs the office for more room." {
		t.Errorf("without room: %v", err)
	}
	missing, err := w.ines.office.Missing(t.Context(), w.ines.org, w.ines.caseID, []string{large.Hash, pdf("b", 300_000).Hash})
	if err != nil || len(missing) != 1 || missing[0] != pdf("b", 300_000).Hash {
		t.Errorf("missing are %v: %v", missing, err)
	}
	w.must(put(w.marek, pdf("b", 300_000))) // another case has room of its own
	w.later(25 * time.Hour)
	w.must(w.office.Sweep(t.Context()))
	w.must(put(w.ines, pdf("b", 300_000)))
}

// A document may be as large as any other file: one number for the codec, the
// store and the door.
func TestALargeDocumentIsReadAsAnyOther(t *testing.T) {
	if packet.MaxEncoded != share.MaxBlob {
		t.Errorf("a document may have %d bytes, and a file %d", packet.MaxEncoded, share.MaxBlob)
	}
	w := newWorld(t)
	doc, err := packet.Decode(documentOf(t, "Ines Moreau"))
	w.must(err)
	doc.Working = []byte(`{"many":"` + strings.Repeat("x", 8<<20) + `"}`) // twice what a file of answers may have
	raw, err := packet.Encode(doc)
	w.must(err)
	hash := w.ines.put("application/json", raw)
	p := w.ines.publication(2)
	p.Document = hash
	w.ines.do(p)
	if got := read(t, w.send(newRequest("GET", "/p/"+w.ines.token, ""))); got.Status != 200 || !strings.Contains(got.Body, "An eight-week trial") {
		t.Errorf("its page: %d", got.Status)
	}
}
