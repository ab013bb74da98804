package ops

import (
	"bytes"
	"encoding/json"
	"fmt"

	"homecase"
	"homecase/content"
	"homecase/fault"
	"homecase/internal/press/page"
	"homecase/internal/press/pdf"
	"homecase/packet"
)

// Verification is the answer of Verify. It proves that the file agrees with
// its own working, not that the inputs are true.
type Verification struct {
	OK          bool                  `json:"ok"`
	Numbers     int                   `json:"numbers"`
	Differences []packet.Disagreement `json:"differences"`
	Document    packet.Kind           `json:"document"`
	MadeBy      string                `json:"made_by"`
	Proves      string                `json:"proves"`
}

// Proves is what a verification says of itself.
const Proves = "The numbers of this file agree with the inputs attached to it. Whether the inputs are true is for their sources to show."

// Verify reads a PDF or HTML packet, recomputes every number from the working
// attached to it and compares it with what is printed.
func (d *Desk) Verify(path string) (*Verification, error) {
	data, err := readPacket(path)
	if err != nil {
		return nil, err
	}
	got, shows, err := reading(path, data)
	if err != nil {
		return nil, err
	}
	if got.Working == nil {
		return nil, fault.New(fault.Invalid, "HC-VERIFY-01", "No working is attached to this file, so nothing can be recomputed.").At(fault.Place{File: path}).Then("Ask for the file as homecase made it.")
	}
	if homecase.IsReport(got.Working) {
		return verifyReport(path, got, shows)
	}
	w, err := homecase.ReadWorking(path, got.Working)
	if err != nil {
		return nil, err
	}
	fresh, err := homecase.Recompute(w)
	if err != nil {
		return nil, placed(path, err)
	}
	doc, ok := fresh.Document(w.Document)
	if !ok {
		return nil, fault.New(fault.Invalid, "HC-VERIFY-02", "The working belongs to a document of the kind %q, which homecase does not print.", string(w.Document)).At(fault.Place{File: path})
	}
	v := &Verification{Document: w.Document, MadeBy: w.Homecase, Proves: Proves, Differences: w.Compare(fresh)}
	v.compare(got, doc, shows(doc))
	return v, nil
}

// verifyReport is Verify for the report of a trial: the plan's hash, the draw,
// every count and every number follow again from the plan and the days.
func verifyReport(path string, got packet.Reading, shows func(packet.Document) packet.Shows) (*Verification, error) {
	w, err := homecase.ReadReport(path, got.Working)
	if err != nil {
		return nil, err
	}
	v := &Verification{Document: packet.Report, MadeBy: w.Homecase, Proves: Proves}
	fresh, err := homecase.RecomputeReport(w)
	if err != nil {
		diff, ok := reportDifference(err)
		if !ok {
			return nil, placed(path, err)
		}
		v.Differences = []packet.Disagreement{diff}
		return v, nil
	}
	v.Differences = w.Compare(fresh)
	v.compare(got, fresh.Document, shows(fresh.Document))
	return v, nil
}

// compare adds the differences between what is printed and the document.
func (v *Verification) compare(got packet.Reading, doc packet.Document, shows packet.Shows) {
	want := doc.Marks(shows)
	v.Numbers = len(want)
	v.Differences = append(v.Differences, packet.Compare(got, want)...)
	v.Differences = append(v.Differences, alts(got, doc)...)
	if v.Differences == nil {
		v.Differences = []packet.Disagreement{}
	}
	v.OK = len(v.Differences) == 0
}

// printed tells whether the bytes are those of a PDF or a web page.
func printed(data []byte) bool {
	head := bytes.TrimLeft(data[:min(len(data), 1024)], " \t\r\n\ufeff")
	return bytes.HasPrefix(head, []byte("%PDF-")) || bytes.HasPrefix(head, []byte("<"))
}

// reading tells what kind of file it is by its first bytes, never by its name.
func reading(path string, data []byte) (packet.Reading, func(packet.Document) packet.Shows, error) {
	head := bytes.TrimLeft(data[:min(len(data), 1024)], " \t\r\n\ufeff")
	switch {
	case bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")):
		got, err := pdf.Read(data)
		return got, func(d packet.Document) packet.Shows { return pdf.Shows(d.Kind) }, placed(path, err)
	case len(head) > 0 && head[0] == '<':
		got, err := page.Read(data)
		return got, func(packet.Document) packet.Shows { return page.Shows() }, placed(path, err)
	}
	return packet.Reading{}, nil, fault.New(fault.Invalid, "HC-VERIFY-03", "This is neither a PDF nor a web page.").At(fault.Place{File: path}).Then("homecase verifies one-page.pdf, packet.pdf, packet.html and agreement.pdf, and the report.pdf and report.html of a trial.")
}

// maxPacket is the largest packet that is read.
const maxPacket = 64 << 20

func readPacket(path string) ([]byte, error) { return content.ReadLarge(path, maxPacket) }

// alts compares the texts that stand for figures, where the format hides them.
func alts(got packet.Reading, doc packet.Document) []packet.Disagreement {
	if got.Alts == nil {
		return nil
	}
	var diffs []packet.Disagreement
	want := doc.Alts()
	for i := range max(len(want), len(got.Alts)) {
		var printed, recomputed string
		if i < len(got.Alts) {
			printed = got.Alts[i]
		}
		if i < len(want) {
			recomputed = want[i]
		}
		if printed != recomputed {
			diffs = append(diffs, packet.Disagreement{Where: fmt.Sprintf("alternative text of figure %d", i+1), Printed: printed, Recomputed: recomputed})
		}
	}
	return diffs
}

// JSON writes the verification.
func (v *Verification) JSON() ([]byte, error) { return json.MarshalIndent(v, "", "  ") }
