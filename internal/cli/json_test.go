package cli

import (
	"bytes"
	"context"
	"encoding"
	"encoding/json"
	"flag"
	"math/big"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"homecase/cite"
	"homecase/concern"
	"homecase/day"
	"homecase/estimate"
	"homecase/evidence"
	"homecase/ops"
	"homecase/pitch"
	"homecase/policy"
	"homecase/readiness"
	"homecase/savings"
	"homecase/trial"
	"homecase/trial/lottery"
	"homecase/trial/pool"
	"homecase/trial/series"
)

var update = flag.Bool("update", false, "rewrite the goldens of testdata/json")

// run runs one command and returns what it printed and its exit code.
func run(args ...string) (stdout, stderr string, code int) {
	var out, errs bytes.Buffer
	w := World{
		Stdout: &out, Stderr: &errs, Stdin: strings.NewReader(""), Version: "test",
		Desk: &ops.Desk{
			Now:     func() time.Time { return time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC) },
			Getenv:  func(string) string { return "" },
			Version: "test",
		},
	}
	code = Main(context.Background(), args, w)
	return out.String(), errs.String(), code
}

// answers are the types behind --json, by the heading of docs/json.md.
func answers() map[string]any {
	return map[string]any{
		"homecase check FILE --json":                         ops.Checked{},
		"homecase packet verify FILE --json":                 ops.Verification{},
		"homecase record verify FILE --json":                 ops.RecordVerification{},
		"homecase savings estimate FILE --json":              savings.Report{},
		"homecase savings lines --json":                      catalogue{},
		"homecase savings line ID --json":                    savings.LineResult{},
		"homecase concern list [FILE] --json":                []concern.View{},
		"homecase evidence list --json":                      []evidence.Row{},
		"homecase evidence import SOURCE PATH [CASE] --json": ops.Imported{},
		"homecase evidence sources --json":                   ops.Sources{},
		"homecase evidence baseline CASE --json":             ops.EvidenceBaseline{},
		"homecase pitch check FILE... --json":                []pitch.Finding{},
		"homecase pitch label FILE --json":                   []ops.Labels{},
		"homecase policy list --json":                        []policy.Head{},
		"homecase policy show ID --json":                     policy.Regime{},
		"homecase policy deadlines ID --json":                policy.Timetable{},
		"homecase readiness occupation FILE --json":          []readiness.Occupation{},

		"homecase trial plan PLAN.yaml --json":             ops.PlannedTrial{},
		"homecase trial draw PLAN.yaml --json":             ops.DrawnTrial{},
		"homecase trial replay PLAN.yaml --json":           ops.ReplayedTrial{},
		"homecase trial analyse PLAN.yaml DAYS.csv --json": trial.Report{},
		"homecase trial test exact --json":                 lottery.Test{},
		"homecase trial test signflip --json":              lottery.Test{},
		"homecase trial test welch --json":                 ops.WelchAnswer{},
		"homecase trial pool ESTIMATES.csv --json":         pool.Answer{},
		"homecase trial panel PANEL.csv --json":            pool.PanelFit{},

		"homecase serve org add NAME --json": ops.Organisation{},
		"homecase serve org list --json":     []ops.Organisation{},
		"homecase serve invite ORG --json":   ops.InvitedPerson{},
	}
}

// groups are the types with a table of their own.
func groups() map[string]any {
	return map[string]any{
		"origin": cite.Origin{}, "reading": cite.Reading{}, "total": savings.Total{}, "range": estimate.Range{},
		"quantiles": estimate.Quantiles{}, "input": savings.Spec{}, "default": savings.Default{},
		"place": policy.Where{}, "statement": policy.Statement{}, "law-source": policy.Source{}, "required": policy.Required{},
		"verdict-odds": trial.VerdictOdds{}, "line": pool.Line{}, "sample": series.Sample{},
	}
}

// TestEveryKeyIsDocumented compares docs/json.md with the types that the
// commands print: the same keys, the same types, the same keys that may be
// left out.
func TestEveryKeyIsDocumented(t *testing.T) {
	page := documented(t)
	named := map[reflect.Type]string{}
	for name, v := range groups() {
		named[reflect.TypeOf(v)] = name
	}
	compare := func(heading string, v any) {
		want := keys(reflect.TypeOf(v), "", named, true)
		got, ok := page[heading]
		if !ok {
			t.Errorf("docs/json.md has no section %q", heading)
			return
		}
		for _, k := range want {
			if !slices.Contains(got, k) {
				t.Errorf("%s: not documented: %s", heading, k)
			}
		}
		for _, k := range got {
			if !slices.Contains(want, k) {
				t.Errorf("%s: documented but not printed: %s", heading, k)
			}
		}
	}
	for heading, v := range answers() {
		compare(heading, v)
	}
	for name, v := range groups() {
		compare(name, v)
	}
}

var tableRow = regexp.MustCompile(`^\| (\S+) \| ([^|]+) \| [^|]+ \|$`)

// documented reads "key type" by heading.
func documented(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "json.md"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	heading := ""
	for _, line := range strings.Split(string(text), "\n") {
		if h := strings.TrimLeft(line, "#"); h != line {
			heading = strings.Trim(h, " `")
			out[heading] = nil
			continue
		}
		if m := tableRow.FindStringSubmatch(line); m != nil && m[1] != "key" && m[1] != "---" {
			out[heading] = append(out[heading], m[1]+" "+m[2])
		}
	}
	return out
}

var textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()

// keys lists the keys of a type as docs/json.md writes them.
func keys(t reflect.Type, path string, named map[reflect.Type]string, top bool) []string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		if t.Kind() == reflect.Slice {
			path += "[]"
		}
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || !top && named[t] != "" || leaf(t) != "" {
		return nil
	}
	if path != "" {
		path += "."
	}
	var out []string
	for i := range t.NumField() {
		f := t.Field(i)
		tag, ok := f.Tag.Lookup("json")
		name, options, _ := strings.Cut(tag, ",")
		switch {
		case f.Anonymous && (!ok || name == ""):
			for _, k := range keys(f.Type, strings.TrimSuffix(path, "."), named, true) {
				out = append(out, k)
			}
			continue
		case !f.IsExported() || !ok || name == "-":
			continue
		}
		key := path + name
		mark := ""
		if strings.Contains(options, "omit") {
			mark = "?"
		}
		out = append(out, key+mark+" "+typeName(f.Type, named))
		out = append(out, keys(f.Type, key, named, false)...)
	}
	return out
}

// typeName is a type as docs/json.md writes it.
func typeName(t reflect.Type, named map[reflect.Type]string) string {
	switch t.Kind() {
	case reflect.Pointer:
		return typeName(t.Elem(), named)
	case reflect.Slice, reflect.Array:
		if leaf(t) == "" {
			return "list of " + typeName(t.Elem(), named)
		}
	}
	switch {
	case named[t] != "":
		return named[t]
	case leaf(t) != "":
		return leaf(t)
	}
	return "group"
}

// leaf is the name of a type that is one value, empty for a group.
func leaf(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[day.Date]():
		return "date"
	case t == reflect.TypeFor[estimate.Number]():
		return "number"
	case t == reflect.TypeFor[big.Int]():
		return "number" // whole and exact, of any size
	case t.Kind() == reflect.Map:
		return "numbers by text"
	case t.Kind() == reflect.Bool:
		return "yes/no"
	case t.Implements(textMarshaler), reflect.PointerTo(t).Implements(textMarshaler), t.Kind() == reflect.String:
		return "text"
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Float64:
		return "number"
	}
	return ""
}

// TestAnswersAsJSON holds one golden for each command: -update rewrites them.
func TestAnswersAsJSON(t *testing.T) {
	example := func(name string) string { return filepath.Join("..", "..", "examples", name+".yaml") }
	table := filepath.Join("testdata", "occupations.csv")
	for name, c := range map[string]struct {
		args []string
		code int
	}{
		"check":                {[]string{"check", example("new-starter")}, ExitFindings},
		"check-less":           {[]string{"check", example("campus-manager")}, ExitFindings},
		"record-verify":        {[]string{"record", "verify", filepath.Join("testdata", "record.json")}, ExitFine},
		"savings-line":         {[]string{"savings", "line", "fuel", "--set", "round_trip_distance=40", "--set", "home_days=46"}, ExitFine},
		"concern-list":         {[]string{"concern", "list", example("accounts-one-day"), "--owner", "it"}, ExitFine},
		"evidence-list":        {[]string{"evidence", "list", "--for", "O-MENTOR"}, ExitFine},
		"evidence-sources":     {[]string{"evidence", "sources"}, ExitFine},
		"evidence-baseline":    {[]string{"evidence", "baseline", filepath.Join("testdata", "imported.yaml")}, ExitFine},
		"policy-show":          {[]string{"policy", "show", "DE-NONE"}, ExitFine},
		"policy-deadlines":     {[]string{"policy", "deadlines", "GB-FW", "--made", "2026-04-06"}, ExitFine},
		"readiness-occupation": {[]string{"readiness", "occupation", table}, ExitFine},
	} {
		t.Run(name, func(t *testing.T) {
			out, errs, code := run(append(c.args, "--json")...)
			if code != c.code || errs != "" {
				t.Fatalf("exit %d, stderr %q", code, errs)
			}
			golden(t, name+".json", out)
		})
	}
}

// golden compares text with a file of testdata/json.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "json", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; run: go test ./internal/cli -run JSON -update", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", name, diff)
	}
}

// TestEstimateAsJSON looks at what a golden would hide: no key is null, and
// the headline is the employer's cash.
func TestEstimateAsJSON(t *testing.T) {
	out, _, code := run("savings", "estimate", filepath.Join("..", "..", "examples", "engineer-two-days.yaml"), "--json")
	var r struct {
		Currency string
		Headline struct{ Sum, Unit string }
		Ledgers  []struct{ Ledger string }
		Inputs   []struct{ Kind string }
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != ExitFine {
		t.Fatal(code, err)
	}
	if strings.Contains(out, ": null") {
		t.Error("a key is null")
	}
	if r.Currency != "USD" || r.Headline.Sum != "cash" || r.Headline.Unit != "USD" || len(r.Ledgers) != 3 {
		t.Errorf("%+v", r)
	}
	for i, in := range r.Inputs {
		if in.Kind == "" {
			t.Errorf("input %d has no kind", i)
		}
	}
}
