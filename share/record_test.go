package share_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"homecase/content"
	"homecase/fault"
	"homecase/share"
)

// told is a record with every kind of line a check must look at.
func told(t *testing.T) *story {
	s := shared(t)
	q := share.Question{Key: s.key(), Link: "dana", Edition: 1, Text: "Is <b>this</b> \u2028 & that right?"}
	s.do(share.Reader, q)
	s.after(time.Second)
	s.do(share.Employee, share.Reply{Key: s.key(), Question: q.ID, Text: "Yes."})
	s.do(share.Reader, s.decision(share.Agreed))
	return s
}

func TestARecordSurvivesItsFile(t *testing.T) {
	s := told(t)
	for _, write := range []func(any) ([]byte, error){json.Marshal, content.Canonical, func(v any) ([]byte, error) { return json.MarshalIndent(v, "", "  ") }} {
		text, err := write(s.record)
		if err != nil {
			t.Fatal(err)
		}
		r, err := share.ReadRecord(text)
		if err != nil {
			t.Fatal(err)
		}
		v, err := r.Verify(s.now)
		if err != nil {
			t.Fatal(err)
		}
		if v.State != share.IsAgreed || v.Lines != 6 || v.Erased != 0 {
			t.Errorf("found %+v", v)
		}
	}
}

// Every fault here is one that somebody would plant who wants a record to say
// something else.
func TestAPlantedFaultIsFound(t *testing.T) {
	resign := func(s *story, i int, person, office bool) { // as one would who holds a key
		e := &s.record.Entries[i]
		if person {
			e.Signature = share.Sign(s.person, caseID, e.Line.Act, e.Raw)
		}
		if office {
			e.Countersignature, _ = share.Countersign(s.office, caseID, e.Line)
		}
	}
	for name, plant := range map[string]func(*story){
		"a word of a question": func(s *story) {
			s.record.Entries[3].Raw = []byte(strings.Replace(string(s.record.Entries[3].Raw), "right", "wrong", 1))
		},
		"a word, with its hash": func(s *story) {
			e := &s.record.Entries[4]
			e.Raw = []byte(strings.Replace(string(e.Raw), "Yes", "No!", 1))
			e.Line.Body = share.Hash(e.Raw)
		},
		"a reply the office made up": func(s *story) {
			e := &s.record.Entries[4]
			e.Raw = []byte(strings.Replace(string(e.Raw), "Yes", "No!", 1))
			e.Line.Body = share.Hash(e.Raw)
			resign(s, 4, false, true)
			relink(s, 4)
		},
		"a time":                       func(s *story) { s.record.Entries[5].Line.Time = s.now.Add(time.Hour) },
		"a time before the last":       func(s *story) { s.record.Entries[5].Line.Time = begin.Add(-time.Hour); resign(s, 5, false, true) },
		"an actor":                     func(s *story) { s.record.Entries[3].Line.Actor = share.Employee },
		"an act":                       func(s *story) { s.record.Entries[5].Line.Act = share.Deferred },
		"a line left out":              func(s *story) { s.record.Entries = append(s.record.Entries[:3], s.record.Entries[4:]...) },
		"two lines exchanged":          func(s *story) { e := s.record.Entries; e[1], e[2] = e[2], e[1] },
		"a line twice":                 func(s *story) { s.record.Entries = append(s.record.Entries, s.record.Entries[5]) },
		"another case":                 func(s *story) { s.record.Case = "another" },
		"another office":               func(s *story) { s.record.Office = public(keyFrom(3)) },
		"another person's key":         func(s *story) { s.person = keyFrom(4); resign(s, 1, true, true) },
		"a signature taken out":        func(s *story) { s.record.Entries[1].Signature = "" },
		"a countersignature taken out": func(s *story) { s.record.Entries[1].Countersignature = "" },
		"a signature of another act":   func(s *story) { s.record.Entries[4].Signature = s.record.Entries[1].Signature },
	} {
		t.Run(name, func(t *testing.T) {
			s := told(t)
			plant(s)
			if v, err := s.record.Verify(s.now); err == nil {
				t.Errorf("not found; the check says %+v", v)
			} else if !strings.Contains(err.Error(), "ine ") {
				t.Errorf("the fault names no line: %v", err)
			}
		})
	}
}

// relink chains and signs the lines from i on anew, as an office could.
func relink(s *story, i int) {
	for ; i < len(s.record.Entries); i++ {
		e := &s.record.Entries[i]
		if i > 0 {
			e.Line.Prev, _ = s.record.Entries[i-1].Line.Hash()
		}
		e.Countersignature, _ = share.Countersign(s.office, caseID, e.Line)
	}
}

// An office alone can leave out a reader's line and chain the rest anew: only the
// other side's copy shows it. The check of one file cannot, and must not claim to.
func TestWhatOneFileCannotShow(t *testing.T) {
	s := told(t)
	s.record.Entries = s.record.Entries[:5]
	if _, err := s.record.Verify(s.now); err != nil {
		t.Errorf("a shorter record is a whole one: %v", err)
	}
}

func TestErasedWordsLeaveTheChain(t *testing.T) {
	s := told(t)
	for i := range s.record.Entries {
		s.record.Entries[i].Raw = nil
	}
	v, err := s.record.Verify(s.now)
	if err != nil {
		t.Fatal(err)
	}
	if v.Erased != 6 || v.State != share.IsErased || v.Person != "" {
		t.Errorf("found %+v", v)
	}
	late := *s
	late.x = share.NewExchange(caseID)
	for _, e := range s.record.Entries {
		if err := late.x.Apply(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := late.x.Check(share.Employee, late.edition(), late.now); fault.CodeOf(err) != "HC-SHARE-57" {
		t.Errorf("an act behind erased words: %v", err)
	}
	s.record.Entries[2].Line.Time = s.now
	if _, err := s.record.Verify(s.now); err == nil {
		t.Error("a changed line without words was not found")
	}
}

func TestRecordsOfOtherFormatsAreRefused(t *testing.T) {
	for text, want := range map[string]struct {
		code fault.Code
		at   fault.Place
	}{
		"":                               {"HC-SHARE-11", fault.Place{Line: 1, Column: 1}},
		"[]":                             {"HC-SHARE-11", fault.Place{Line: 1, Column: 1}},
		`{"format":"homecase-record/2"}`: {"HC-SHARE-12", fault.Place{Path: "format"}},
		`{"format":"homecase-record/1","entries":[{"body":{"a":}}]}`:        {"HC-SHARE-11", fault.Place{Line: 1, Column: 55}},
		"{\"format\": \"homecase-record/1\",\n  \"case\": 7}":               {"HC-SHARE-11", fault.Place{Line: 2, Column: 11, Path: "case"}},
		"{\n\"entries\": [\n{\"line\": {\"n\": \"one\"}}]}":                 {"HC-SHARE-11", fault.Place{Line: 3, Column: 20, Path: "entries.line.n"}},
		"{\"format\": \"homecase-record/1\",\n\n  \"case\": \"x\"\n  oops}": {"HC-SHARE-11", fault.Place{Line: 4, Column: 3}},
	} {
		_, err := share.ReadRecord([]byte(text))
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != want.code || f.Place != want.at {
			t.Errorf("%q: got %v, want %+v", text, err, want)
			if f != nil {
				t.Logf("%+v", f.Place)
			}
		}
	}
	for _, office := range []string{"", "AAAA", "no key"} {
		_, err := (&share.Record{Format: share.RecordFormat, Office: office}).Verify(time.Now())
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != "HC-SHARE-17" || f.Place.Path != "office" {
			t.Errorf("the office's key is %q: %v", office, err)
		}
	}
}

func TestDecodeIsStrict(t *testing.T) {
	for _, test := range []struct {
		act  share.Act
		raw  string
		want fault.Code
	}{
		{share.Withdrew, `{"id":"a"}`, ""},
		{share.Withdrew, `{ "id":"a"}`, "HC-SHARE-02"},
		{share.Withdrew, `{"id":"a","id":"b"}`, "HC-SHARE-02"},
		{share.Withdrew, `{"id":"a","more":1}`, "HC-SHARE-04"},
		{share.Withdrew, `{"id":"a"}{}`, "HC-SHARE-04"},
		{share.Withdrew, `{"id":""}`, "HC-SHARE-05"},
		{share.Withdrew, `{"id":"a b"}`, "HC-SHARE-05"},
		{"burned", `{"id":"a"}`, "HC-SHARE-03"},
		{share.Asked, `{"edition":1,"id":"a","link":"l","text":"` + strings.Repeat("x", share.MaxQuestion) + `"}`, ""},
		{share.Asked, `{"edition":1,"id":"a","link":"l","text":"` + strings.Repeat("x", share.MaxQuestion+1) + `"}`, "HC-SHARE-05"},
		{share.Asked, `{"edition":1,"id":"a","link":"l","text":"` + strings.Repeat("x", share.MaxBody) + `"}`, "HC-SHARE-01"},
		{share.Asked, `{"edition":1,"id":"a","link":"l","text":"  "}`, "HC-SHARE-05"},
		{share.Asked, `{"about":"a\nb","edition":1,"id":"a","link":"l","text":"x"}`, "HC-SHARE-05"},
		{share.Asked, `{"edition":1,"id":"a","link":"l","text":"bell \u0007"}`, "HC-SHARE-05"},
		{share.Agreed, `{"edition":1,"id":"a","link":"l"}`, "HC-SHARE-05"},
		{share.Countered, `{"edition":1,"id":"a","link":"l"}`, "HC-SHARE-05"},
		{share.Published, `{"document":"` + hashOf("x") + `","edition":1,"files":[{"bytes":1,"media":"text/html","name":"a.html","sha256":"` + hashOf("y") + `"}],"id":"a","lang":"en","terms":{"half_days":2},"title":"T"}`, "HC-SHARE-05"},
		{share.Published, `{"document":"` + hashOf("x") + `","edition":1,"files":[{"bytes":1,"media":"application/pdf","name":"../a.pdf","sha256":"` + hashOf("y") + `"}],"id":"a","lang":"en","terms":{"half_days":2},"title":"T"}`, "HC-SHARE-05"},
	} {
		if _, err := share.Decode(test.act, []byte(test.raw)); fault.CodeOf(err) != test.want {
			t.Errorf("%s %.80s: got %v, want %q", test.act, test.raw, err, test.want)
		}
	}
}

// Whatever can be read is written the same again, and holds no more than it may.
func FuzzDecode(f *testing.F) {
	f.Add("asked", []byte(`{"edition":1,"id":"a","link":"l","text":"Why?"}`))
	f.Add("published", []byte(`{"document":"`+hashOf("x")+`","edition":1,"id":"a","lang":"en","terms":{"half_days":2,"start":"2027-01-12"},"title":"T"}`))
	f.Add("countered", []byte(`{"edition":1,"id":"a","link":"l","terms":{"half_days":1,"promises":["p"]}}`))
	f.Fuzz(func(t *testing.T, act string, raw []byte) {
		b, err := share.Decode(share.Act(act), raw)
		if err != nil {
			return
		}
		again, err := share.Encode(b)
		if err != nil || string(again) != string(raw) || share.ActOf(b) != share.Act(act) {
			t.Errorf("%s %q came back as %q, %v", act, raw, again, err)
		}
	})
}

func TestTokens(t *testing.T) {
	random := strings.NewReader(strings.Repeat("0123456789abcdef", 9))
	org, err := share.NewOrg(random)
	if err != nil {
		t.Fatal(err)
	}
	token, err := share.NewToken(random, org)
	if err != nil {
		t.Fatal(err)
	}
	gotOrg, hash, ok := share.SplitToken(token)
	if !ok || gotOrg != org || hash != share.HashToken(token) || strings.Contains(hash, token) {
		t.Errorf("token %q of %q came apart as %q, %q, %t", token, org, gotOrg, hash, ok)
	}
	for _, bad := range []string{"", token[1:], token + "a", strings.ToUpper(token), token[:33] + "1", token[:33] + "é"} {
		if _, _, ok := share.SplitToken(bad); ok {
			t.Errorf("%q was taken for a token", bad)
		}
	}
}

func TestSignedRequests(t *testing.T) {
	key, now, body := keyFrom(1), begin, []byte(`{"a":1}`)
	header := share.Authorize(key, "POST", "case.example", "/api/1/x?after=1", now, body)
	if who, err := share.Authorized(header, "POST", "case.example", "/api/1/x?after=1", now.Add(share.Skew), body); err != nil || who != public(key) {
		t.Fatalf("got %q, %v", who, err)
	}
	for name, err := range map[string]error{
		"method": errOf(share.Authorized(header, "PUT", "case.example", "/api/1/x?after=1", now, body)),
		"host":   errOf(share.Authorized(header, "POST", "other.example", "/api/1/x?after=1", now, body)),
		"query":  errOf(share.Authorized(header, "POST", "case.example", "/api/1/x?after=2", now, body)),
		"body":   errOf(share.Authorized(header, "POST", "case.example", "/api/1/x?after=1", now, []byte(`{"a":2}`))),
		"late":   errOf(share.Authorized(header, "POST", "case.example", "/api/1/x?after=1", now.Add(share.Skew+time.Second), body)),
		"early":  errOf(share.Authorized(header, "POST", "case.example", "/api/1/x?after=1", now.Add(-share.Skew-time.Second), body)),
		"empty":  errOf(share.Authorized("", "POST", "case.example", "/", now, body)),
		"key":    errOf(share.Authorized(strings.Replace(header, public(key), public(keyFrom(2)), 1), "POST", "case.example", "/api/1/x?after=1", now, body)),
	} {
		if fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a request with another %s: got %v, want Forbidden", name, err)
		}
	}
}

func errOf(_ string, err error) error { return err }

func ExampleExchange() {
	x := share.NewExchange("a-case")
	fmt.Println(x.State(time.Time{}), x.N)
	// Output: open 0
}
