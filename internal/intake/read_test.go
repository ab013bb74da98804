package intake

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"homecase/fault"
	"homecase/internal/intake/input"
	"homecase/internal/intake/tally"
)

// fixture is a small export with traps. Everything private in it holds the
// word SECRET, which must not come out anywhere. The kept days are by hand.
type fixture struct {
	source, text string
	o            Options
	rows         int
	kept         []string // date measure value place
	dropped      []string // some of what must be listed
	warnings     []int    // lines of the warnings, 0 for the file
}

func london(t testing.TB) *time.Location {
	t.Helper()
	loc, err := ParseZone("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func fixtures(t testing.TB) map[string]fixture {
	uk := Options{TZ: london(t)}
	return map[string]fixture{
		// a mark, CRLF, a quoted list of tags, an entry over midnight, a wrong row and one without an end
		"toggl": {source: "toggl", o: uk, rows: 5,
			text: "\ufeffUser,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,Amount ()\r\n" +
				"SECRET,SECRET@x,SECRET,SECRET,,\"SECRET, with \"\"quotes\"\"\r\nand lines\",No,2026-01-05,09:00:00,2026-01-05,10:30:00,01:30:00,\"SECRET, home\",\r\n" +
				"SECRET,SECRET@x,SECRET,SECRET,,SECRET,No,2026-01-05,23:00:00,2026-01-06,01:00:00,02:00:00,,\r\n" +
				"SECRET,SECRET@x,SECRET,SECRET,,SECRET,No,SECRET,23:00:00,2026-01-06,01:00:00,02:00:00,,\r\n" +
				"SECRET,SECRET@x,SECRET,SECRET,,SECRET,No,2026-01-07,09:00:00,,,,,\r\n" +
				"SECRET,SECRET@x,SECRET,SECRET,,SECRET,No,2026-01-07,09:00:00,2026-01-07,09:15:00,,office,\r\n",
			kept:    []string{"2026-01-05 hours 1 ", "2026-01-05 hours 1.5 home", "2026-01-06 hours 1 ", "2026-01-07 hours 0.25 office"},
			dropped: []string{"User", "Email", "Description", "Tags", "Amount ()"}, warnings: []int{5, 6}},
		// month first by the last row, a 12-hour clock, a break that does not count
		"clockify": {source: "clockify", o: uk, rows: 3,
			text: `"Project","Client","Description","Task","User","Group","Email","Tags","Type","Billable","Start Date","Start Time","End Date","End Time","Duration (h)","Duration (decimal)","Billable Rate (EUR)"
"SECRET","SECRET","SECRET","","SECRET","","SECRET","","REGULAR","No","01/05/2026","12:30:00 PM","01/05/2026","01:45:00 PM","01:15:00","1.25","0"
"SECRET","SECRET","SECRET","","SECRET","","SECRET","","BREAK","No","01/05/2026","02:00:00 PM","01/05/2026","02:30:00 PM","00:30:00","0.50","0"
"SECRET","SECRET","SECRET","","SECRET","","SECRET","WFH","REGULAR","No","01/13/2026","09:00:00 AM","01/13/2026","12:00:00 PM","03:00:00","3.00","0"
`,
			kept: []string{"2026-01-05 hours 1.25 ", "2026-01-13 hours 3 home"}, dropped: []string{"Billable Rate (EUR)", "Type"}},
		"harvest": {source: "harvest", o: uk, rows: 4,
			text: "Date,Client,Project,Project Code,Task,Notes,Hours,Hours Rounded,Billable?,Invoiced?,First Name,Last Name\n" +
				"2026-01-05,SECRET,SECRET,,SECRET,SECRET,1.5,2,Yes,No,SECRET,SECRET\n2026-01-05,SECRET,SECRET,,SECRET,SECRET,\"0,25\",1,Yes,No,SECRET,SECRET\n" +
				"2026-01-06,SECRET\n2026-01-06,SECRET,SECRET,,SECRET,SECRET,SECRET,,Yes,No,SECRET,SECRET\n",
			kept: []string{"2026-01-05 hours 1.75 "}, dropped: []string{"Notes", "First Name", "Billable?"}, warnings: []int{4, 5}},
		// seconds beside a start and an end over midnight; hours and minutes; seconds alone
		"kimai": {source: "kimai", o: uk, rows: 3,
			text: "Date,From,To,Duration,Rate,User,Customer,Project,Activity,Description,Tags\n2026-01-05,23:30,00:30,3600,0,SECRET,SECRET,SECRET,SECRET,SECRET,\n" +
				"2026-01-06,09:00,11:00,1:45,0,SECRET,SECRET,SECRET,SECRET,SECRET,home\n2026-01-07,,,1800,0,SECRET,SECRET,SECRET,SECRET,SECRET,\n",
			kept: []string{"2026-01-05 hours 0.5 ", "2026-01-06 hours 0.5 ", "2026-01-06 hours 1.75 home", "2026-01-07 hours 0.5 "}, dropped: []string{"Description", "User"}},
		"solidtime": {source: "solidtime", o: uk, rows: 2,
			text: "Description,Task,Project,Client,User,Start,End,Duration,Duration (decimal),Billable,Tags\nSECRET,,SECRET,SECRET,SECRET,2026-03-28 23:00:00,2026-03-29 03:00:00,3:00:00,3,No,\n" +
				"SECRET,,SECRET,SECRET,SECRET,2026-03-30 23:00:00,,,,No,\n",
			// the clocks went forward: from 23 to 3 are three hours, one of them on Saturday
			kept: []string{"2026-03-28 hours 1 ", "2026-03-29 hours 2 "}, dropped: []string{"Description"}, warnings: []int{3}},
		"rescuetime": {source: "rescuetime", rows: 4,
			text: "Date,Time Spent (seconds),Number of People,Activity,Category,Productivity\n2026-01-05T09:00:00,1800,1,SECRET,SECRET,2\n2026-01-05T10:00:00,900,1,SECRET,SECRET,-2\n" +
				"2026-01-06T10:00:00,900,3,SECRET,SECRET,-2\n2026-01-06T10:00:00,SECRET,1,SECRET,SECRET,-2\n",
			kept: []string{"2026-01-05 hours 0.75 "}, dropped: []string{"Activity", "Productivity"}, warnings: []int{4, 5}},
		"rescuetime JSON": {source: "rescuetime", rows: 2,
			text: `{"notes":"SECRET","row_headers":["Date","Time Spent (seconds)","Number of People","Activity"],"rows":[["2026-01-05T09:00:00",1800,1,"SECRET"],["SECRET",1,1,"SECRET"]]}`,
			kept: []string{"2026-01-05 hours 0.5 "}, dropped: []string{"notes", "Activity"}, warnings: []int{1}},
		"rescuetime summary": {source: "rescuetime", rows: 1, text: `[{"id":1,"date":"2026-01-05","productivity_pulse":66,"total_hours":7.5}]`,
			kept: []string{"2026-01-05 hours 7.5 "}, dropped: []string{"productivity_pulse"}},
		// duplicate headings, a row wider than them, a duplicate issue, one not done, one open
		"jira": {source: "jira", rows: 7,
			text: "\ufeffSummary,Issue key,Issue id,Issue Type,Status,Resolution,Assignee,Created,Resolved,Labels,Labels,Sprint,Sprint,Custom field (Story Points)\r\n" +
				"SECRET,A-1,1,Task,Done,Done,SECRET,01/Jan/26 9:00 AM,05/Jan/26 3:42 PM,SECRET,,,,3\r\n" +
				"\"SECRET\r\n\"\"SECRET\"\"\",A-2,2,Task,Done,Done,SECRET,01/Jan/26 9:00 AM,05/Jan/26 3:42 PM,,,,,2.5,SECRET,SECRET\r\n" +
				"SECRET,A-2,2,Task,Done,Done,SECRET,01/Jan/26 9:00 AM,05/Jan/26 3:42 PM,,,,,2.5\r\n" +
				"SECRET,A-3,3,Task,Done,Won't Do,SECRET,01/Jan/26 9:00 AM,05/Jan/26 3:42 PM,,,,,1\r\n" +
				"SECRET,A-4,4,Task,Open,,SECRET,01/Jan/26 9:00 AM,,,,,,1\r\nSECRET\r\n" +
				"SECRET,A-5,5,Task,Done,Done,SECRET,01/Jan/26 9:00 AM,06/Jan/26 12:10 AM,,,,,\r\n",
			kept:    []string{"2026-01-05 items 2 ", "2026-01-05 story_points 5.5 ", "2026-01-06 items 1 "},
			dropped: []string{"Summary", "Assignee", "Labels", "Sprint"}, warnings: []int{8, 0, 0, 0}},
		"devlake": {source: "jira", o: uk, rows: 1, text: "id,issue_key,url,title,type,status,story_point,assignee_name,created_date,resolution_date\n1,A-1,SECRET,SECRET,BUG,DONE,,SECRET,2026-06-01T10:00:00Z,2026-06-02T23:30:00Z\n",
			kept: []string{"2026-06-03 items 1 "}, dropped: []string{"title"}}, // half past midnight in London
		"github issues": {source: "github", o: uk, rows: 5,
			text: `[{"number":1,"title":"SECRET","closedAt":"2026-06-02T23:30:00Z","stateReason":"COMPLETED","assignees":[{"login":"SECRET"}],"url":"https://github.com/a/b/issues/1"},
{"number":2,"title":"SECRET","closedAt":"2026-06-02T10:00:00Z","stateReason":"NOT_PLANNED","assignees":[],"url":"https://github.com/a/b/issues/2"},
{"number":3,"title":"SECRET","closedAt":null,"stateReason":"","assignees":[],"url":"https://github.com/a/b/issues/3"},
{"number":1,"title":"SECRET","closedAt":"2026-06-02T23:30:00Z","stateReason":"COMPLETED","assignees":[{"login":"SECRET"}],"url":"https://github.com/a/b/issues/1"},
{"number":4,"title":"SECRET","closedAt":"SECRET","assignees":[],"url":"https://github.com/a/b/issues/4"}]`,
			kept: []string{"2026-06-03 items 1 "}, dropped: []string{"title", "assignees"}, warnings: []int{5, 0, 0, 0}},
		// two pages as gh api --paginate joins them; a pull request is an issue too
		"github REST": {source: "github", o: uk, rows: 3,
			text: `[{"url":"https://api.github.com/1","html_url":"SECRET","number":1,"title":"SECRET","user":{"login":"SECRET"},"assignees":[],"closed_at":"2026-01-05T10:00:00Z","state_reason":"completed"}]
[{"url":"https://api.github.com/2","number":2,"user":{"login":"SECRET"},"assignees":[],"closed_at":"2026-01-05T10:00:00Z","pull_request":{"merged_at":"2026-01-05T11:00:00Z"}},
{"url":"https://api.github.com/3","number":3,"user":{"login":"SECRET"},"assignees":[],"closed_at":"2026-01-05T10:00:00Z","pull_request":{"merged_at":null}}]`,
			kept: []string{"2026-01-05 items 1 ", "2026-01-05 pull_requests 1 "}, warnings: []int{0}},
		"github pulls": {source: "github", o: Options{TZ: uk.TZ, Author: "@me-myself"}, rows: 2,
			text: `[{"number":1,"mergedAt":"2026-01-05T10:00:00Z","author":{"login":"me-myself","name":"SECRET"},"additions":5,"url":"u1"},{"number":2,"mergedAt":"2026-01-05T10:00:00Z","author":{"login":"SECRET"},"url":"u2"}]`,
			kept: []string{"2026-01-05 pull_requests 1 "}},
		"timewarrior": {source: "timewarrior", o: uk, rows: 3,
			text: `[{"id":3,"start":"20260706T220000Z","end":"20260706T233000Z","tags":["home","SECRET"]},
{"id":2,"start":"20260707T090000Z","end":"20260707T100000Z","tags":["home","office"],"annotation":"SECRET"},
{"id":1,"start":"20260708T090000Z","tags":["SECRET"]}]`,
			kept: []string{"2026-07-06 hours 1 home", "2026-07-07 hours 1 ", "2026-07-07 hours 0.5 home"}, dropped: []string{"tags", "annotation"}, warnings: []int{3}},
		// the map form; two watchers overlap; windows do not count beside presence
		"activitywatch": {source: "activitywatch", o: uk, rows: 6,
			text: `{"buckets":{"SECRET_host":{"id":"SECRET","type":"afkstatus","hostname":"SECRET","events":[
{"id":1,"timestamp":"2026-07-06T22:30:00+00:00","duration":3600,"data":{"status":"not-afk"}},
{"id":2,"timestamp":"2026-07-06T22:45:00Z","duration":1800.0,"data":{"status":"not-afk"}},
{"id":3,"timestamp":"2026-07-07T09:00:00Z","duration":3600,"data":{"status":"afk"}},
{"id":4,"timestamp":"SECRET","duration":3600,"data":{"status":"not-afk"}},
{"id":5,"timestamp":"2026-07-07T10:00:00Z","duration":-1,"data":{"status":"not-afk"}}]},
"SECRET2":{"type":"currentwindow","events":[{"timestamp":"2026-07-07T09:00:00Z","duration":7200,"data":{"app":"SECRET","title":"SECRET","url":"SECRET"}}]}}}`,
			kept: []string{"2026-07-06 hours 0.5 ", "2026-07-07 hours 0.5 "}, dropped: []string{"hostname", "data.app", "data.title", "data.url"}, warnings: []int{5, 6}},
		"activitywatch list": {source: "activitywatch", o: uk, rows: 1,
			text: `{"buckets":[{"id":"SECRET","type":"currentwindow","events":[{"timestamp":"2026-01-05T09:00:00Z","duration":1800,"data":{"app":"SECRET","title":"SECRET"}}]}]}`,
			kept: []string{"2026-01-05 hours 0.5 "}, warnings: []int{0}},
		// 9:00, 9:10, 9:25 belong together, 9:41 does not: 25 minutes
		"wakatime beats": {source: "wakatime", o: uk, rows: 5,
			text: `{"range":{"start":1,"end":2},"days":[{"date":"2026-01-05","heartbeats":[{"entity":"SECRET","project":"SECRET","time":1767603600.0},{"entity":"SECRET","time":1767605100},{"entity":"SECRET","time":1767604200},{"entity":"SECRET","time":1767606060},{"entity":"SECRET","time":"SECRET"}]}]}`,
			kept: []string{"2026-01-05 hours 0.4167 "}, dropped: []string{"entity", "project"}, warnings: []int{1}},
		"wakatime daily": {source: "wakatime", rows: 2,
			text: `{"days":[{"date":"2026-01-05","grand_total":{"total_seconds":5400,"text":"SECRET"},"projects":[{"name":"SECRET","grand_total":{"total_seconds":5400}}]},{"grand_total":{"total_seconds":1}}]}`,
			kept: []string{"2026-01-05 hours 1.5 "}, dropped: []string{"projects"}, warnings: []int{1}},
		"wakatime summaries": {source: "wakatime", rows: 1,
			text: `{"data":[{"categories":[{"name":"SECRET","total_seconds":9}],"grand_total":{"total_seconds":1800.4},"range":{"date":"2026-01-05","timezone":"Europe/London"}}]}`,
			kept: []string{"2026-01-05 hours 0.5001 "}, dropped: []string{"categories"}},
		"wakapi": {source: "wakatime", o: uk, rows: 3,
			text: "branch,category,entity,is_write,language,project,time,type\nSECRET,coding,SECRET,1,Go,SECRET,1767603600.5,file\nSECRET,coding,SECRET,1,Go,SECRET,1767604500.5,file\nSECRET,coding,SECRET,1,Go,SECRET,SECRET,file\n",
			kept: []string{"2026-01-05 hours 0.25 "}, dropped: []string{"entity"}, warnings: []int{4}},
		// from Friday afternoon to Monday morning, then a day at home, half a day
		"timeoff": {source: "timeoff", rows: 4,
			text: "Department,Last name,Name,Email address,Type of absence,Started at,Date type,Ended at,Date type\nSECRET,SECRET,SECRET,SECRET,SECRET sick,2026-01-09,Afternoon,2026-01-12,Morning\n" +
				"SECRET,SECRET,SECRET,SECRET,Working from home,2026-01-14,All Day,2026-01-14,All Day\nSECRET,SECRET,SECRET,SECRET,SECRET,2026-01-15,Morning,2026-01-15,Morning\nSECRET,SECRET,SECRET,SECRET,SECRET,2026-01-16,All Day,2026-01-15,All Day\n",
			kept:    []string{"2026-01-09 away_days 0.5 ", "2026-01-12 away_days 0.5 ", "2026-01-14 marked_days 1 home", "2026-01-15 away_days 0.5 "},
			dropped: []string{"Type of absence", "Email address"}, warnings: []int{5}},
		"table rows": {source: "table", rows: 3, text: "task;finished_date;cycle_time_days\nSECRET;2026-01-05;3\nSECRET;2026-01-05;1\nSECRET;;1\n",
			kept: []string{"2026-01-05 items 2 "}, dropped: []string{"task", "cycle_time_days"}, warnings: []int{0}},
		"table values": {source: "table", rows: 3, text: "day\tplace\tinvoices\n5.1.2026\thome\t12\n6.1.2026\toffice\t1.234,5\n7.1.2026\tSECRET\tSECRET\n",
			kept: []string{"2026-01-05 items 12 home", "2026-01-06 items 1234.5 office"}, warnings: []int{4}},
	}
}

func lines(r Result) (kept []string, warnings []int) {
	for _, k := range r.Kept {
		kept = append(kept, fmt.Sprintf("%s %s %v %s", k.Date, k.Measure, k.Value, k.Place))
	}
	for _, w := range r.Warnings {
		warnings = append(warnings, w.Line)
	}
	return kept, warnings
}

func TestReaders(t *testing.T) {
	for name, f := range fixtures(t) {
		t.Run(name, func(t *testing.T) {
			in := input.Bytes("any.name", []byte(f.text))
			if found, err := Detect(in); err != nil || found != f.source {
				t.Fatalf("recognised as %q, %v", found, err)
			}
			r, err := Read(context.Background(), Auto, in, f.o)
			if err != nil {
				t.Fatal(err)
			}
			kept, warnings := lines(r)
			if d := cmp.Diff(f.kept, kept); d != "" {
				t.Error("kept", d)
			}
			if d := cmp.Diff(f.warnings, warnings); d != "" {
				t.Error("warnings", d, r.Warnings)
			}
			if r.Rows != f.rows || r.Source != f.source {
				t.Errorf("%d rows of %s, want %d", r.Rows, r.Source, f.rows)
			}
			for _, d := range f.dropped {
				if !slices.Contains(r.DroppedFields, d) {
					t.Errorf("%q is not listed as dropped: %q", d, r.DroppedFields)
				}
			}
			if out, err := json.Marshal(r); err != nil || bytes.Contains(out, []byte("SECRET")) {
				t.Errorf("something private came out: %s, %v", out, err)
			}
		})
	}
}

// The keys of the JSON are those of the issue.
func TestKeys(t *testing.T) {
	out, err := json.Marshal(tally.New("toggl", Options{}).Result())
	if want := `{"source":"toggl","rows":0,"days":0,"kept":[],"dropped_fields":[],"warnings":[]}`; err != nil || string(out) != want {
		t.Errorf("%s, %v", out, err)
	}
	out, err = json.Marshal([]any{Kept{Measure: tally.Hours}, Warning{}})
	if want := `[{"date":"","measure":"hours","value":0,"place":""},{"line":0,"text":""}]`; err != nil || string(out) != want {
		t.Errorf("%s, %v", out, err)
	}
}

func zipped(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, data := range files {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const plain = "Date,Hours,Project Code,Notes\n2026-01-05,1.5,x,a\n2026-01-06,2,x,b\n"

func utf16(s string, big bool) []byte {
	out := []byte{0xff, 0xfe}
	if big {
		out = []byte{0xfe, 0xff}
	}
	for _, r := range s {
		if big {
			out = append(out, byte(r>>8), byte(r))
		} else {
			out = append(out, byte(r), byte(r>>8))
		}
	}
	return out
}

// However an export is wrapped and encoded, it says the same.
func TestWrappings(t *testing.T) {
	want := []string{"2026-01-05 hours 1.5 ", "2026-01-06 hours 2 "}
	for name, data := range map[string][]byte{
		"plain": []byte(plain), "BOM": []byte("\ufeff" + plain), "CRLF": []byte(strings.ReplaceAll(plain, "\n", "\r\n")), "old Mac": []byte(strings.ReplaceAll(plain, "\n", "\r")),
		"UTF-16LE": utf16(plain, false), "UTF-16BE": utf16(plain, true), "CP-1252": []byte(strings.Replace(plain, "Notes", "Caf\xe9", 1)),
		"gzip": gzipped(t, []byte(plain)), "zip": zipped(t, map[string][]byte{"folder/export.csv": []byte(plain), "__MACOSX/._export.csv": []byte("x")}),
		"gzip of UTF-16": gzipped(t, utf16(plain, false)),
	} {
		r, err := Read(context.Background(), Auto, input.Bytes(name, data), Options{})
		kept, _ := lines(r)
		if d := cmp.Diff(want, kept); err != nil || d != "" {
			t.Errorf("%s: %v %s", name, err, d)
		}
		if name == "CP-1252" && !slices.Contains(r.DroppedFields, "Café") {
			t.Errorf("dropped %q", r.DroppedFields)
		}
	}
}

func TestRefusals(t *testing.T) {
	bomb := gzipped(t, append([]byte(plain), bytes.Repeat([]byte("2026-01-07,1,x,\n"), 5<<20)...))
	for name, c := range map[string]struct {
		data []byte
		o    Options
		code fault.Code
	}{
		"empty": {nil, Options{}, "HC-INTAKE-20"}, "words": {[]byte("just some words\n"), Options{}, "HC-INTAKE-52"}, "picture": {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x00"), Options{}, "HC-INTAKE-03"},
		"other JSON": {[]byte(`{"a":1}`), Options{}, "HC-INTAKE-52"}, "two files": {zipped(t, map[string][]byte{"a.csv": nil, "b.csv": nil}), Options{}, "HC-INTAKE-06"},
		"zip in gzip": {gzipped(t, zipped(t, map[string][]byte{"a.csv": []byte(plain)})), Options{}, "HC-INTAKE-05"}, "bomb": {bomb, Options{}, "HC-INTAKE-07"},
		"over the limit":  {gzipped(t, []byte(strings.Repeat(plain, 100))), Options{MaxBytes: 1000}, "HC-INTAKE-07"},
		"zip cut off":     {zipped(t, map[string][]byte{"a.csv": []byte(plain)})[:60], Options{}, "HC-INTAKE-04"},
		"colleagues":      {[]byte("Date,Hours,Billable?,Last Name\n2026-01-05,1,x,Ant\n2026-01-05,1,x,Bee\n"), Options{}, "HC-INTAKE-11"},
		"ranking":         {[]byte("Rank,Time Spent (seconds),Number of People,Category\n1,12,1,x\n"), Options{}, "HC-INTAKE-31"},
		"toggl summary":   {[]byte("Client,Project,Registered time,,Amount ()\na,b,1:00:00,,\n"), Options{}, "HC-INTAKE-30"},
		"no days":         {[]byte("Project,Client,Description,Time (h),Time (decimal)\na,b,c,1:00:00,1\n"), Options{}, "HC-INTAKE-30"},
		"broken at once":  {[]byte(`{"buckets":{"a":{"events":[{"timestamp"`), Options{}, "HC-INTAKE-26"},
		"ambiguous":       {[]byte("Date,Hours,Billable?\n3/4/2026,1,x\n"), Options{}, "HC-INTAKE-22"},
		"headings only":   {[]byte("Date,Hours,Billable?\n"), Options{}, "HC-INTAKE-51"},
		"endless heading": {[]byte(`"` + strings.Repeat("x", 9<<20)), Options{}, "HC-INTAKE-21"},
	} {
		in := input.Bytes(name, c.data).Limit(c.o.Unpacked())
		_, err := Read(context.Background(), Auto, in, c.o)
		if fault.CodeOf(err) != c.code {
			t.Errorf("%s: got %v, want %s", name, err, c.code)
		}
		if err != nil && (strings.Contains(err.Error(), "Ant") || strings.Contains(err.Error(), "Bee")) {
			t.Errorf("%s names people: %v", name, err)
		}
	}
}

// A file that is cut off keeps what came before it and says so.
func TestCutOffFilesKeepWhatCameBefore(t *testing.T) {
	rows := plain + strings.Repeat("2026-01-07,0.5,x,some more text to pack\n", 2000)
	packed := gzipped(t, []byte(rows))
	r, err := Read(context.Background(), Auto, input.Bytes("x", packed[:len(packed)-12]), Options{})
	if err != nil || len(r.Kept) < 2 || !strings.Contains(fmt.Sprint(r.Warnings), "cut off") {
		t.Errorf("gzip: %+v, %v", r, err)
	}
	for name, f := range fixtures(t) {
		if f.text[0] != '[' && f.text[0] != '{' || len(f.kept) < 2 || f.source == "github" {
			continue
		}
		cut := strings.LastIndex(f.text, "{") + 5
		r, err := Read(context.Background(), f.source, input.Bytes(name, []byte(f.text[:cut])), f.o)
		if err != nil || len(r.Kept) == 0 || !strings.Contains(fmt.Sprint(r.Warnings), "cut off") {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

func workbook(t testing.TB, rows [][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		cell, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := f.SetSheetRow("Sheet1", cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetCellStyle("Sheet1", "A2", "A9", style); err != nil {
		t.Fatal(err)
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// 46027 is 5 January 2026 in a workbook, .0625 of a day an hour and a half.
func TestWorkbooks(t *testing.T) {
	for name, c := range map[string]struct {
		rows   [][]any
		source string
		want   []string
	}{
		"table":    {[][]any{{"Date", "Items", "Note"}, {46027, 3, "x"}, {time.Date(2026, 1, 6, 0, 0, 0, 0, time.UTC), 4.5, "y"}}, "table", []string{"2026-01-05 items 3 ", "2026-01-06 items 4.5 "}},
		"clockify": {[][]any{{"Start Date", "Start Time", "Duration (h)", "Project"}, {46027, .375, .0625, "x"}}, "clockify", []string{"2026-01-05 hours 1.5 "}},
		"harvest":  {[][]any{{"Date", "Hours", "Billable?"}, {"2026-01-05", 1.5, "x"}}, "harvest", []string{"2026-01-05 hours 1.5 "}},
	} {
		in := input.Bytes(name, workbook(t, c.rows))
		r, err := Read(context.Background(), Auto, in, Options{})
		kept, _ := lines(r)
		if d := cmp.Diff(c.want, kept); err != nil || r.Source != c.source || d != "" {
			t.Errorf("%s as %s: %v %s", name, r.Source, err, d)
		}
	}
}

func TestMatchColumns(t *testing.T) {
	text := "Who,Closed,Tickets,Where\nSECRET,2026-01-05,3,home\nSECRET,2026-01-06,4,office\nSECRET,,5,\n"
	in := input.Bytes("x", []byte(text))
	page, err := matchInput(in)
	if err != nil {
		t.Fatal(err)
	}
	want := Columns{Date: "Closed", Value: "Tickets", Measure: tally.Items, Place: "Where"}
	if d := cmp.Diff(want, page.Suggest); d != "" || page.Rows != 3 || page.Columns[1].Holds != "date" || page.Columns[0].Holds != "text" {
		t.Errorf("%s %+v", d, page)
	}
	if strings.Contains(fmt.Sprint(page), "SECRET") {
		t.Error("a cell came out")
	}
	r, err := Read(context.Background(), "table", in, Options{Columns: Columns{Date: "Closed", Value: "Tickets", Measure: tally.PullRequests, Person: "Who"}})
	kept, _ := lines(r)
	if d := cmp.Diff([]string{"2026-01-05 pull_requests 3 ", "2026-01-06 pull_requests 4 "}, kept); err != nil || d != "" {
		t.Error(err, d)
	}
	if _, err := Read(context.Background(), "table", in, Options{Columns: Columns{Date: "Nowhere"}}); fault.CodeOf(err) != "HC-INTAKE-28" {
		t.Error(err)
	}
}

// Every source in the list has a reader and the other way round, and keeps only measures that are explained.
func TestSourcesAreComplete(t *testing.T) {
	sources, err := Sources()
	if err != nil {
		t.Fatal(err)
	}
	measures, err := Measures()
	if err != nil {
		t.Fatal(err)
	}
	known := map[Measure]bool{}
	for _, m := range measures {
		known[m.Measure] = true
	}
	seen := map[string]bool{}
	for _, s := range sources {
		seen[s.ID] = true
		if readers()[s.ID] == nil || s.Name == "" || s.Reads == "" || s.How == "" || s.Source == "" || len(s.Keeps) == 0 || len(s.Drops) == 0 {
			t.Errorf("%s is not complete", s.ID)
		}
		for _, m := range s.Keeps {
			if !known[m] {
				t.Errorf("%s keeps %s, which nobody explains", s.ID, m)
			}
		}
		for _, sentence := range []string{s.Note, s.Place, s.How} {
			for part := range strings.SplitSeq(sentence, ". ") {
				if len(strings.Fields(part)) > 25 {
					t.Errorf("%s: %q is long", s.ID, part)
				}
			}
		}
	}
	for id := range readers() {
		if !seen[id] {
			t.Errorf("%s is not listed", id)
		}
	}
}

// FuzzRead gives every reader anything at all: no panic, no endless loop, and
// what is kept is finite, not negative and in order.
func FuzzRead(f *testing.F) {
	for _, x := range fixtures(f) {
		f.Add(x.source, []byte(x.text), "")
	}
	f.Add("ics", []byte(calendar), "dmy")
	f.Add("table", []byte("Date,Items\n3/4/2026,1\n"), "mdy")
	f.Add("auto", gzipped(f, []byte(plain)), "")
	f.Add("auto", zipped(f, map[string][]byte{"a": []byte(plain)}), "")
	f.Add("table", workbook(f, [][]any{{"Date", "Items"}, {46027, 3}}), "")
	f.Fuzz(func(t *testing.T, source string, data []byte, order string) {
		if source == "git" || len(data) > 1<<16 {
			return
		}
		o := Options{DateOrder: DateOrder(order), MaxRecord: 10_000, MaxBytes: 1 << 20}
		if order != "dmy" && order != "mdy" {
			o.DateOrder = ""
		}
		r, err := Read(context.Background(), source, input.Bytes("f", data).Limit(1<<20), o)
		if err != nil {
			if fault.CodeOf(err) == "" {
				t.Fatalf("an error without a sentence: %v", err)
			}
			return
		}
		if _, err := json.Marshal(r); err != nil {
			t.Fatal(err)
		}
		for i, k := range r.Kept {
			if !(k.Value >= 0) || k.Date.Year < 1970 || i > 0 && k.Date.Before(r.Kept[i-1].Date) {
				t.Fatalf("kept %+v", k)
			}
		}
		if r.Days > len(r.Kept) {
			t.Fatalf("%d days of %d", r.Days, len(r.Kept))
		}
	})
}

// A file with more entries than are remembered says that doubles may count twice.
func TestTooManyToRemember(t *testing.T) {
	file := func(n int) string {
		var b strings.Builder
		b.WriteString("Issue key,Issue Type,Status,Resolution,Assignee,Created,Resolved\n")
		for i := range n {
			fmt.Fprintf(&b, "A-%d,Task,Done,Done,me,2026-05-20 10:00,2026-06-01 10:00\n", i)
		}
		b.WriteString("A-0,Task,Done,Done,me,2026-05-20 10:00,2026-06-01 10:00\n")
		return b.String()
	}
	for n, warned := range map[int]bool{500_000: false, 500_001: true} {
		r, err := Read(context.Background(), "jira", input.Bytes("t.csv", []byte(file(n))), Options{TZ: time.UTC})
		if err != nil {
			t.Fatal(err)
		}
		said := slices.ContainsFunc(r.Warnings, func(w tally.Warning) bool { return strings.Contains(w.Text, "more than 500000 entries") })
		if said != warned {
			t.Errorf("%d entries: warned %v, %v", n, said, r.Warnings)
		}
	}
}
