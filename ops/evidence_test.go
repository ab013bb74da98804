package ops_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"homecase/evidence"
	"homecase/fault"
	"homecase/internal/intake"
	"homecase/internal/press/pdf"
	"homecase/ops"
)

// What a case may hold is what an import can count.
func TestImportedMeasuresAreThoseOfIntake(t *testing.T) {
	list, err := intake.Measures()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range list {
		names = append(names, string(m.Measure))
		if m.Name == "" {
			t.Errorf("%s has no name", m.Measure)
		}
	}
	if !slices.Equal(names, evidence.CountedMeasures()) {
		t.Errorf("%v and %v", names, evidence.CountedMeasures())
	}
}

// The page of hours fits one sheet on either paper with more weeks than it
// shows, and its tags are sound.
func TestHoursFitOnePage(t *testing.T) {
	example, err := os.ReadFile("../examples/accounts-one-day.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, country := range []string{"GB, part: england", "US, part: WA"} {
		dir := t.TempDir()
		file := filepath.Join(dir, "case.yaml")
		if err := os.WriteFile(file, []byte(strings.Replace(string(example), "country: GB, part: england", "country: "+country, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		table := "Date,Hours,Place\n"
		for on := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC); on.Before(time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)); on = on.AddDate(0, 0, 1) {
			table += on.Format(time.DateOnly) + ",7.25," + []string{"home", "office"}[on.Day()%2] + "\n" + on.Format(time.DateOnly) + ",1,office\n"
		}
		export := filepath.Join(dir, "hours.csv")
		if err := os.WriteFile(export, []byte(table), 0o600); err != nil {
			t.Fatal(err)
		}
		d := desk()
		if _, err := d.ImportEvidence(context.Background(), "table", export, file, ops.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		out := filepath.Join(dir, "hours.pdf")
		weeks, err := d.HoursReport(file, out)
		if err != nil || weeks != 46 {
			t.Fatal(weeks, err)
		}
		data, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if problems := pdf.Check(data); len(problems) > 0 {
			t.Errorf("%s: %v", country, problems)
		}
		got, err := pdf.Read(data)
		if err != nil || len(got.Stray) > 0 {
			t.Errorf("%s: %v %v", country, got.Stray, err)
		}
	}
}

// A file that changed while it was being read is not written over: the export
// is a pipe-like file whose reading takes long enough for an editor to save.
func TestImportLeavesAChangedCaseAlone(t *testing.T) {
	dir := t.TempDir()
	file, export := filepath.Join(dir, "case.yaml"), filepath.Join(dir, "x.csv")
	if err := os.WriteFile(file, []byte("version: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(export, []byte("Date,Items\n2026-11-02,3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := desk()
	d.Now = func() time.Time { // the desk asks for the day between reading and writing
		if err := os.WriteFile(file, []byte("version: 1 # edited\n"), 0o600); err != nil {
			t.Error(err)
		}
		return time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	}
	// The first question for the day comes before the case is opened, so ask twice.
	clock, asked := d.Now, 0
	d.Now = func() time.Time {
		if asked++; asked == 1 {
			return time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
		}
		return clock()
	}
	_, err := d.ImportEvidence(context.Background(), "table", export, file, ops.ImportOptions{})
	text, rerr := os.ReadFile(file)
	if fault.KindOf(err) != fault.Conflict || rerr != nil || string(text) != "version: 1 # edited\n" {
		t.Errorf("%v: %s", err, text)
	}
}

// A link to a case stays a link, and the case behind it is written.
func TestImportFollowsALink(t *testing.T) {
	dir := t.TempDir()
	real, link, export := filepath.Join(dir, "real.yaml"), filepath.Join(dir, "link.yaml"), filepath.Join(dir, "x.csv")
	for name, text := range map[string]string{real: "version: 1\n", export: "Date,Items\n2026-11-02,3\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(real, link); err != nil {
		t.Skip(err)
	}
	if _, err := desk().ImportEvidence(context.Background(), "table", export, link, ops.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(link)
	text, rerr := os.ReadFile(real)
	if err != nil || rerr != nil || info.Mode()&os.ModeSymlink == 0 || !strings.Contains(string(text), "table-1") {
		t.Errorf("%v %v %s", err, rerr, text)
	}
}
