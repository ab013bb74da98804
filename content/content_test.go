package content_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"homecase/content"
	"homecase/day"
	"homecase/fault"
)

type origin struct {
	Source string `json:"source,omitempty"`
}

type item struct {
	Name  string   `json:"name"`
	Hours float64  `json:"hours,omitempty"`
	When  day.Date `json:"when,omitzero"`
	origin
}

func (i *item) Check() fault.List {
	if i.Hours < 0 {
		return fault.List{fault.New(fault.Invalid, "T-1", "Hours cannot be negative.").At(fault.Place{Path: "hours"})}
	}
	return nil
}

type file struct {
	Version int                `json:"version"`
	Items   []item             `json:"items,omitempty"`
	Prices  map[string]float64 `json:"prices,omitempty"`
	Days    []day.Weekday      `json:"days,omitempty"`
	On      bool               `json:"on,omitempty"`
	Sub     *item              `json:"sub,omitempty"`
}

// Each case shows the file and the sentence the person gets for it.
func TestRefusals(t *testing.T) {
	deep := strings.Repeat("[", 50_000)
	bomb := "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n"
	for _, c := range []struct{ name, in, want string }{
		{"unknown key", "version: 1\nitem: []\n", `f.yaml:2:1: There is no key "item" here. Did you mean items?`},
		{"far key", "colour: red\n", `f.yaml:1:1: There is no key "colour" here. The keys here are: version, items, prices, days, on, sub.`},
		{"wrong type", "version: one\n", `f.yaml:1:10: version must be a whole number, like 4, not "one".`},
		{"number as text", "items:\n  - name: 12\n", `f.yaml:2:11: items[0].name must be text, not "12". Put it in quotation marks.`},
		{"text as number", "items:\n  - {name: a, hours: ten}\n", `f.yaml:2:22: items[0].hours must be a number, like 4 or 2.5, not "ten".`},
		{"infinite", "items:\n  - {name: a, hours: .inf}\n", `f.yaml:2:22: items[0].hours must be a number, like 4 or 2.5, not ".inf".`},
		{"rule with place", "items:\n  - name: a\n    hours: -4\n", `f.yaml:3:12: Hours cannot be negative.`},
		{"no such day", "items:\n  - {name: a, when: 2026-02-30}\n", `f.yaml:2:21: items[0].when: 2026-02-30 is not a day of the calendar.`},
		{"not a date", "sub: {name: a, when: soon}\n", `f.yaml:1:22: sub.when: "soon" is not a date written like 2026-11-24.`},
		{"list expected", "items: 4\n", `f.yaml:1:8: items must be a list: lines that start with a dash.`},
		{"group expected", "items: [4]\n", `f.yaml:1:9: items[0] must be a group of key: value lines.`},
		{"twice", "version: 1\nversion: 2\n", `f.yaml:2:1: version is given twice.`},
		{"twice in a map", "prices: {a: 1, a: 2}\n", `f.yaml:1:16: prices.a is given twice.`},
		{"bool", "on: yes\n", `f.yaml:1:5: on must be true or false, not "yes".`},
		{"weekday", "days: [mon, moon]\n", `f.yaml:1:13: days[1]: "moon" is not a weekday: write mon, tue, wed, thu, fri, sat or sun.`},
		{"anchors", bomb, `f.yaml:1:4: homecase files do not use YAML anchors (&) and aliases (*). Write the value out.`},
		{"cyclic anchor", "a: &a\n  b: *a\n", `f.yaml:1:4: homecase files do not use YAML anchors (&) and aliases (*). Write the value out.`},
		{"NUL", "version: 1\nitems: \x00\n", `f.yaml:2:8: There is a NUL byte here, so this is not a text file.`},
		{"not UTF-8", "version: 1\n# caf\xe9\n", `f.yaml:2:6: The text here is not UTF-8. Save the file as UTF-8.`},
		{"deep", deep, `f.yaml:1:50000: This is nested more than 40 levels deep, so it is not a homecase file.`},
		{"empty", "", `f.yaml: This file is empty.`},
		{"null", "null\n", `f.yaml: This file is empty.`},
		{"two documents", "version: 1\n---\nversion: 2\n", `f.yaml: This file holds more than one document. Remove the line with three dashes.`},
		{"control character", "items:\n  - name: \"a\\u0007b\"\n", `f.yaml:2:11: items[0].name holds the character U+0007, which cannot be printed. Take it out.`},
		{"turned writing", "items:\n  - name: \"a\\u202Eb\"\n", `f.yaml:2:11: items[0].name holds the character U+202E, which cannot be printed. Take it out.`},
		{"overflow", "version: 99999999999999999999\n", `f.yaml:1:10: version must be a whole number, like 4, not "99999999999999999999".`},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := content.Decode("f.yaml", []byte(c.in), new(file))
			if err == nil {
				t.Fatal("it was accepted")
			}
			first, _, _ := strings.Cut(err.Error(), "\n")
			if diff := cmp.Diff(c.want, first); diff != "" {
				t.Error(diff)
			}
			if fault.KindOf(err) != fault.Invalid {
				t.Error("kind is not invalid")
			}
		})
	}
}

func TestBrokenYAMLHasAPlace(t *testing.T) {
	err := content.Decode("f.yaml", []byte("version: 1\nitems: [a\nb: c\n"), new(file))
	if err == nil || !strings.Contains(err.Error(), "This is not YAML: ") || !strings.HasPrefix(err.Error(), "f.yaml:") {
		t.Errorf("got %v", err)
	}
	t.Log(err)
}

func TestAllFaultsAtOnce(t *testing.T) {
	err := content.Decode("f.yaml", []byte("version: x\nitems: 3\non: maybe\n"), new(file))
	var list fault.List
	if !errors.As(err, &list) || len(list) != 3 {
		t.Errorf("want three faults, got %v", err)
	}
}

func TestRoundTrip(t *testing.T) {
	in := file{Version: 1, Items: []item{{Name: "post: \"and\" cheques", Hours: 4.5, When: day.Must("2026-11-24"), origin: origin{"log # 2"}}, {Name: "two\nlines"}, {Name: "yes"}, {Name: "2026-11-24"}, {Name: " padded "}, {Name: "1e3"}},
		Prices: map[string]float64{"b": .1, "a": 1e-7}, Days: day.Working(), On: true}
	text, err := content.Encode(in)
	if err != nil {
		t.Fatal(err)
	}
	var out file
	if err := content.Decode("out.yaml", text, &out); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if diff := cmp.Diff(in, out, cmp.AllowUnexported(item{})); diff != "" {
		t.Errorf("%s\n%s", diff, text)
	}
	again, _ := content.Encode(out)
	if string(again) != string(text) {
		t.Error("writing twice gives two texts")
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{"version: 1\n", "items:\n  - {name: a, hours: 1}\n", "a: &a [*a]\n", "? [x]\n: y\n", "- - - a\n", "\ufeffversion: 1", "!!binary x", "version: !!int \"1\"", "{"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var v file
		if err := content.Decode("f.yaml", b, &v); err != nil {
			if strings.TrimSpace(err.Error()) == "" {
				t.Error("a refusal without a sentence")
			}
			return
		}
		text, err := content.Encode(v)
		if err != nil {
			t.Fatal(err)
		}
		var w file
		if err := content.Decode("g.yaml", text, &w); err != nil {
			t.Fatalf("what was accepted cannot be read back: %v\n%s", err, text)
		}
	})
}

// A process that only rewrites one file is killed at random moments; what is
// on the disk afterwards is always one of the two whole versions.
func TestWriteSurvivesKill(t *testing.T) {
	if path := os.Getenv("HOMECASE_TEST_WRITER"); path != "" {
		for i := 0; ; i++ {
			_ = content.WriteFile(path, version(i%2))
		}
	}
	path := filepath.Join(t.TempDir(), "case.yaml")
	if err := content.WriteFile(path, version(0)); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		cmd := exec.Command(os.Args[0], "-test.run", "TestWriteSurvivesKill")
		cmd.Env = append(os.Environ(), "HOMECASE_TEST_WRITER="+path)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(10+7*i) * time.Millisecond)
		cmd.Process.Kill()
		cmd.Wait()
		got, err := os.ReadFile(path)
		if err != nil || string(got) != string(version(0)) && string(got) != string(version(1)) {
			t.Fatalf("after kill %d the file holds %d bytes, %v", i, len(got), err)
		}
	}
}

func version(i int) []byte { return []byte(strings.Repeat(string(rune('a'+i)), 300_000)) }

func TestWriteRefusals(t *testing.T) {
	err := content.WriteFile(filepath.Join(t.TempDir(), "no", "case.yaml"), nil)
	if fault.CodeOf(err) != "HC-FILE-25" {
		t.Errorf("missing folder: %v", err)
	}
	if _, err := content.ReadFile(t.TempDir()); fault.CodeOf(err) != "HC-FILE-21" {
		t.Errorf("folder: %v", err)
	}
	if _, err := os.Stat("/dev/full"); err == nil {
		big := filepath.Join(t.TempDir(), "big.yaml")
		if err := os.WriteFile(big, make([]byte, content.MaxBytes+1), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := content.ReadFile(big); fault.CodeOf(err) != "HC-FILE-02" {
			t.Errorf("large file: %v", err)
		}
	}
}

// One file that cannot be written leaves every old file as it was, and no scraps.
func TestWriteFilesAllOrNone(t *testing.T) {
	dir := t.TempDir()
	if err := content.WriteFiles(dir, []content.Named{{Name: "a", Data: []byte("1")}, {Name: "b", Data: []byte("1")}}); err != nil {
		t.Fatal(err)
	}
	if err := content.WriteFiles(dir, []content.Named{{Name: "a", Data: []byte("2")}, {Name: "no/b", Data: []byte("2")}}); err == nil {
		t.Error("it was written")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
	for _, name := range []string{"a", "b"} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != "1" {
			t.Errorf("%s holds %q, %v", name, got, err)
		}
	}
}
