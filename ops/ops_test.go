package ops_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"homecase/fault"
	"homecase/ops"
)

const accounts = "../examples/accounts-one-day.yaml"

func desk() *ops.Desk {
	return &ops.Desk{Now: func() time.Time { return time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC) }, Getenv: func(string) string { return "" }, Version: "test"}
}

func build(t *testing.T, path string, o ops.BuildOptions) map[string][]byte {
	t.Helper()
	built, err := desk().BuildPacket(context.Background(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range built.Files {
		out[f.Name] = f.Data
	}
	return out
}

func TestEveryFormat(t *testing.T) {
	for _, paper := range []string{"a4", "letter"} {
		files := build(t, accounts, ops.BuildOptions{Paper: paper})
		for _, name := range ops.Formats() {
			if len(files[name]) < 500 {
				t.Errorf("%s on %s has %d bytes", name, paper, len(files[name]))
			}
		}
	}
	if files := build(t, accounts, ops.BuildOptions{Only: []string{"one-page"}}); len(files) != 1 {
		t.Errorf("--only one-page made %d files", len(files))
	}
	for _, only := range []string{"slides.pptx", "slides"} { // made only when asked for, and then alone
		if files := build(t, accounts, ops.BuildOptions{Only: []string{only}}); len(files) != 1 || !bytes.HasPrefix(files["slides.pptx"], []byte("PK")) {
			t.Errorf("--only %s made %d files", only, len(files))
		}
	}
	if files := build(t, accounts, ops.BuildOptions{}); len(files) != 8 {
		t.Errorf("a packet has %d files", len(files))
	}
	if _, err := desk().BuildPacket(context.Background(), accounts, ops.BuildOptions{Only: []string{"hologram"}}); fault.CodeOf(err) != "HC-OPS-03" {
		t.Errorf("unknown format: %v", err)
	}
}

func TestSameInputSameBytes(t *testing.T) {
	first, second := build(t, accounts, ops.BuildOptions{}), build(t, accounts, ops.BuildOptions{})
	for name, data := range first {
		if !bytes.Equal(data, second[name]) {
			t.Errorf("%s differs from one build to the next", name)
		}
	}
}

func TestVerifyPassesEveryBuild(t *testing.T) {
	examples, _ := filepath.Glob("../examples/*.yaml")
	built := 0
	for _, example := range examples {
		for _, o := range []ops.BuildOptions{{Paper: "a4"}, {Paper: "letter"}, {Paper: "a4", Large: true}} {
			o.Only = []string{"one-page.pdf", "packet.pdf", "packet.html"}
			made, err := desk().BuildPacket(context.Background(), example, o)
			if fault.KindOf(err) == fault.Finding {
				continue // an example that is refused
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range made.Files {
				built++
				if v := verify(t, f.Name, f.Data); !v.OK || v.Numbers == 0 {
					t.Errorf("%s of %s: %d numbers, %v", f.Name, example, v.Numbers, v.Differences)
				}
			}
		}
	}
	if built < 9 {
		t.Errorf("only %d files were built", built)
	}
}

func verify(t *testing.T, name string, data []byte) *ops.Verification {
	t.Helper()
	v, err := tryVerify(t, name, data)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func tryVerify(t *testing.T, name string, data []byte) (*ops.Verification, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return desk().Verify(path)
}

// Each edit changes a finished file as somebody might; every one is named.
func TestVerifyCatchesEdits(t *testing.T) {
	files := build(t, accounts, ops.BuildOptions{})
	html, pdf := files["packet.html"], files["one-page.pdf"]
	for _, e := range []struct {
		name string
		data []byte
		want string
	}{
		{"a number in the page's text", swap(t, html, `<data value="hours.portable">29</data>`, `<data value="hours.portable">39</data>`), "hours.portable"},
		{"a word with a number added to the page", swap(t, html, "I am asking for", "I am asking for only 5 or"), "outside"},
		{"the mark taken off a number", swap(t, html, `<data value="hours.total">40</data>`, "40"), "hours.total"},
		{"a mark bound to another fact", swap(t, html, `<data value="hours.total">40</data>`, `<data value="hours.office">40</data>`), "hours.total"},
		{"a label of a chart", regexp.MustCompile(`data-ref="hours.spare">21`).ReplaceAll(html, []byte(`data-ref="hours.spare">25`)), "hours.spare"},
		{"an input in the page's working", swapEscaped(t, html, `"hours": 14`, `"hours": 12`), "hours"},
		{"a computed number in the page's working", swapEscaped(t, html, `"printed": "29"`, `"printed": "30"`), "attachment"},
		{"a source in the page's working", swapEscaped(t, html, `"source": "Finance calendar"`, `"source": "Hearsay"`), "source"},
		{"the seed", swapEscaped(t, html, `"seed": 20261124`, `"seed": 7`), "money.seed"},
		{"input and text, not fitting each other", swapEscaped(t, swap(t, html, `<data value="hours.portable">29</data>`, `<data value="hours.portable">30</data>`), `"hours": 14`, `"hours": 16`), "hours"},
		{"a hidden number for screen readers", swap(t, html, "<main", `<main aria-label="saves 900"`), "outside"},
		{"a number in the PDF's working", editAttachment(t, pdf, `"hours": 14`, `"hours": 12`), "hours"},
		{"the range of the money in the PDF's working", editAttachment(t, pdf, `"high": 8`, `"high": 9`), "money"},
	} {
		t.Run(e.name, func(t *testing.T) {
			name := "packet.html"
			if bytes.HasPrefix(e.data, []byte("%PDF")) {
				name = "one-page.pdf"
			}
			v, err := tryVerify(t, name, e.data)
			if err != nil {
				t.Logf("refused: %v", err)
				return
			}
			if v.OK {
				t.Fatal("it was not noticed")
			}
			if all := fmt.Sprint(v.Differences); !strings.Contains(all, e.want) {
				t.Errorf("the differences do not name %q: %s", e.want, all)
			}
		})
	}
}

// The PDF's own text is edited by package pdf's tests; here a whole other
// program's page is refused with a sentence.
func TestVerifyRefusesStrangers(t *testing.T) {
	for name, data := range map[string][]byte{
		"a.pdf": []byte("%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<</Root 1 0 R>>"), "a.html": []byte("<!DOCTYPE html><title>x</title><p>40 hours"),
		"a.docx": []byte("PK\x03\x04"), "empty.pdf": nil,
	} {
		v, err := tryVerify(t, name, data)
		if err == nil {
			t.Errorf("%s was verified: %+v", name, v)
		} else if fault.KindOf(err) == fault.Internal {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func swap(t *testing.T, data []byte, old, new string) []byte {
	t.Helper()
	if !bytes.Contains(data, []byte(old)) {
		t.Fatalf("the page does not hold %s", old)
	}
	return bytes.Replace(data, []byte(old), []byte(new), 1)
}

// swapEscaped is swap inside the embedded working, where quotes are escaped.
func swapEscaped(t *testing.T, data []byte, old, new string) []byte {
	t.Helper()
	for _, quote := range []string{`"`, "&#34;", "&quot;"} {
		o := strings.ReplaceAll(old, `"`, quote)
		if bytes.Contains(data, []byte(o)) {
			return bytes.Replace(data, []byte(o), []byte(strings.ReplaceAll(new, `"`, quote)), 1)
		}
	}
	t.Fatalf("the working does not hold %s", old)
	return nil
}

var streams = regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\nendstream`)

// editAttachment changes the attached working and keeps the file's length by
// padding the compressed stream, as a careful forger would.
func editAttachment(t *testing.T, pdf []byte, old, new string) []byte {
	t.Helper()
	for _, m := range streams.FindAllSubmatchIndex(pdf, -1) {
		z, err := zlib.NewReader(bytes.NewReader(pdf[m[2]:m[3]]))
		if err != nil {
			continue
		}
		plain, err := io.ReadAll(z)
		if err != nil || !bytes.Contains(plain, []byte(old)) {
			continue
		}
		edited := bytes.Replace(plain, []byte(old), []byte(new), 1)
		var packed bytes.Buffer
		w, _ := zlib.NewWriterLevel(&packed, zlib.BestCompression)
		w.Write(edited)
		w.Close()
		room := m[3] - m[2]
		if packed.Len() > room {
			t.Skipf("the edited working needs %d bytes and there is room for %d", packed.Len(), room)
		}
		out := bytes.Clone(pdf)
		copy(out[m[2]:m[3]], append(packed.Bytes(), make([]byte, room-packed.Len())...))
		return out
	}
	t.Fatalf("no stream holds %s", old)
	return nil
}
