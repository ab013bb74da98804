package readiness

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestOccupations: the fixture is made by hand; every row sits on or beside the
// thresholds of Dingel and Neiman (2020).
func TestOccupations(t *testing.T) {
	b, err := os.ReadFile("testdata/occupations.csv")
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadOccupations("occupations.csv", bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	none := []ConditionID{}
	want := []Occupation{
		{"00-0001", "All at the lowest and e-mail daily", true, none, 0, false},
		{"00-0002", "Just below every threshold", true, none, 0, false},
		{"00-0003", "On every threshold", false, ConditionIDs(), 0, false},
		{"00-0004", "Covered outdoors and special protection, only", false, []ConditionID{Outdoors, Protective}, 0, false},
		{"00-0005", "Nothing known", true, none, 17, true},
		{"00-0006", "Tied and partly unknown", false, []ConditionID{Handling}, 1, true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	j, err := json.Marshal(got[0])
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"soc":"00-0001","title":"All at the lowest and e-mail daily","teleworkable":true,"failed":[],"unknown":0,"uncertain":false}`; string(j) != want {
		t.Errorf("got  %s\nwant %s", j, want)
	}
}

const csvHeader = "soc,title,physical,handling,machines,vehicles,public,repair_mech,repair_elec,inspect,email,outdoors_exposed,outdoors_cover,violent,ppe_common,ppe_special,burns,disease,walking\n"

func TestHeaderIsTheOneAskedFor(t *testing.T) {
	h, err := OccupationHeader()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(h, ",") + "\n"; got != csvHeader {
		t.Errorf("got %s", got)
	}
}

func TestBadTables(t *testing.T) {
	row := func(first string) string { return "11-1,Boss," + first + strings.Repeat(",1", 16) + "\n" }
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "t.csv:1:1: This file is empty"},
		{"other header", "soc,name\n", `t.csv:1:5: Column 2 of the header must be title, not "name".`},
		{"short header", "soc,title,physical\n", "t.csv:1: The header ends before the column handling; it needs 19 columns."},
		{"long header", strings.TrimSuffix(csvHeader, "\n") + ",extra\n", `The header has a column too many after walking: "extra".`},
		{"short row", csvHeader + "11-1,Boss,1\n", "t.csv:2: This row has 3 columns; the header has 19."},
		{"no code", csvHeader + ",Boss" + strings.Repeat(",1", 17) + "\n", "t.csv:2:1: This row has no occupation code in the column soc."},
		{"words", csvHeader + row("much"), `t.csv:2:11: physical must be a number from 1 to 5 or empty, not "much".`},
		{"NaN", csvHeader + row("NaN"), `must be a number from 1 to 5 or empty, not "NaN".`},
		{"decimal comma", csvHeader + row(`"3,5"`), `not "3,5".`},
		{"a level", csvHeader + row("6.1"), "t.csv:2:11: physical is 6.1; the scale runs from 1 to 5. Use the importance or context score, not the level."},
		{"two bad rows", csvHeader + row("x") + row("1") + row("0"), "t.csv:4:11: physical is 0;"},
		{"quote", csvHeader + "11-1,\"Boss" + strings.Repeat(",1", 17) + "\n", "This is not CSV: a quotation mark is never closed."},
		{"stray quote", csvHeader + "11-1,Bo\"ss" + strings.Repeat(",1", 17) + "\n", "t.csv:2:8: This is not CSV: a quotation mark is out of place."},
		{"NUL", csvHeader + "11-1,Bo\x00ss" + strings.Repeat(",1", 17) + "\n", "t.csv:2:8: There is a NUL byte here"},
		{"one endless line", csvHeader + strings.Repeat("x", maxLine+1), "t.csv:2:65537: This line is longer than 64 KB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, err := ReadOccupations("t.csv", strings.NewReader(c.text))
			if err == nil {
				t.Fatalf("accepted: %+v", rows)
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %s\nwant %s", err, c.want)
			}
		})
	}
}

func TestTableWithByteOrderMarkAndWindowsLines(t *testing.T) {
	text := "\ufeff" + strings.ReplaceAll(csvHeader+"11-1,Boss"+strings.Repeat(",1", 17)+"\n\n", "\n", "\r\n")
	rows, err := ReadOccupations("t.csv", strings.NewReader(text))
	if err != nil || len(rows) != 1 {
		t.Fatalf("%v, %v", rows, err)
	}
	if diff := cmp.Diff([]ConditionID{Email}, rows[0].Failed); diff != "" {
		t.Error(diff)
	}
}

func FuzzOccupations(f *testing.F) {
	b, _ := os.ReadFile("testdata/occupations.csv")
	f.Add(string(b))
	f.Add(csvHeader + "a,\"b\nc\",1,2\n")
	f.Add(csvHeader + "a,b,,,,,,,,,,,,,,,,,1e9\n")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := ReadOccupations("t.csv", strings.NewReader(text))
		if err != nil && rows != nil {
			t.Fatal("rows beside an error")
		}
		for _, o := range rows {
			if o.SOC == "" || o.Teleworkable != (len(o.Failed) == 0) || o.Uncertain != (o.Unknown > 0) || len(o.Failed) > 15 {
				t.Fatalf("inconsistent row %+v", o)
			}
		}
	})
}
