package sqlite_test

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"homecase"
	"homecase/day"
	"homecase/internal/sqlstore"
	"homecase/share"
	"homecase/trial"
)

var update = flag.Bool("update", false, "make the fixture of today's database version; older ones are never made again")

// fixture is a database as a version of the program left it.
func fixture(version int) string { return fmt.Sprintf("testdata/v%d.db.gz", version) }

// What every fixture holds.
var (
	fixtureCase = homecase.Kept{
		ID: "01933bb4-5c00-7000-8000-000000000001", Revision: 2, Title: "One day a week", Did: "Saved your duties", At: at,
		Text: []byte("version: 1 # mine, with an é and a 🏡\ndate: 2026-11-24\n"),
		Course: homecase.Course{
			Version: 1,
			Visited: map[homecase.TaskID]homecase.Visit{"you": homecase.Answered},
			Trial:   &homecase.RunningTrial{Plan: []byte(`{"weeks":8}`), Nonce: "00ff", Agreed: day.On(2026, 11, 20)},
		},
	}
	fixtureEntry = trial.Entry{
		Date: day.On(2026, 11, 24), Planned: trial.AtHome, Place: trial.InOffice, Value: new(41.5), Note: "private",
		Remark: "changed", Logged: day.On(2026, 11, 25),
	}
	fixtureDeparture = homecase.Departure{
		ID: "01933bb4-5c00-7000-8000-000000000002", Case: fixtureCase.ID, At: at, What: "packet.pdf", To: "Priya", Bytes: 123456, SHA256: "ab12",
	}
	fixturePicture = []byte{0xff, 0xd8, 0x00, 0xff, 0xd9}
	// Since version 2.
	fixturePairing = homecase.Pairing{
		Address: "https://office.example", Key: []byte{1, 2, 0xff}, Name: "Ines", Org: "abcdefgh", OrgName: "Example", OfficeKey: "a2V5", Made: at, Fetch: true,
	}
	fixtureSharing = homecase.Sharing{Address: "https://office.example", Org: "abcdefgh", OfficeKey: "a2V5", Fetched: at}
	fixtureLine    = share.Entry{
		Line: share.Line{N: 1, Time: at, Actor: share.Employee, Act: share.Opened, Body: "00"}, Raw: []byte(`{"id":"é <b>"}`), Signature: "c2ln", Countersignature: "c2Vh",
	}
	fixtureAct  = homecase.Outgoing{ID: "act", Act: share.Published, Body: []byte(`{"id":"act"}`), Signature: "c2ln", Made: at}
	fixtureFile = share.Blob{Hash: "ab12", Media: "application/pdf", Bytes: []byte{0, 0xff}, Made: at}
)

// makeFixture writes the fixture of today's version.
func makeFixture(t *testing.T, path string) {
	t.Helper()
	s := open(t, t.TempDir())
	first := fixtureCase
	first.Text, first.Course = []byte("version: 1\n"), homecase.Course{}
	earlier := fixtureEntry
	earlier.Remark = ""
	second := fixtureCase
	second.Revision = 1
	ctx, id := t.Context(), fixtureCase.ID
	for _, do := range []func() error{
		func() error { return s.Add(ctx, first) },
		func() error { _, err := s.Save(ctx, second); return err },
		func() error { return s.LogDay(ctx, id, earlier) },
		func() error { return s.LogDay(ctx, id, fixtureEntry) },
		func() error { return s.SetPicture(ctx, id, "desk", fixturePicture) },
		func() error { return s.Depart(ctx, fixtureDeparture) },
		func() error { return s.SetCurrent(ctx, id) },
		func() error { return s.SetPairing(ctx, &fixturePairing) },
		func() error { return s.SetSharing(ctx, id, fixtureSharing) },
		func() error { return s.KeepLines(ctx, id, []share.Entry{fixtureLine}, nil) },
		func() error { return s.PutOut(ctx, id, fixtureAct, []share.Blob{fixtureFile}) },
	} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(t.TempDir(), "fixture")
	if err := s.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	db, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(db); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, packed.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A database of every version there ever was opens and holds what it held. The
// fixture of a version is made once, by that version.
func TestEveryVersionOfTheDatabaseOpens(t *testing.T) {
	steps, err := sqlstore.Migrations()
	if err != nil {
		t.Fatal(err)
	}
	newest, err := sqlstore.NewestVersion(steps)
	if err != nil || newest < 1 {
		t.Fatalf("the newest version is %d: %v", newest, err)
	}
	for version := 1; version <= int(newest); version++ {
		t.Run(fmt.Sprint("version ", version), func(t *testing.T) {
			path := fixture(version)
			if _, err := os.Stat(path); *update && version == int(newest) && os.IsNotExist(err) {
				makeFixture(t, path)
			}
			packed, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer packed.Close()
			z, err := gzip.NewReader(packed)
			if err != nil {
				t.Fatal(err)
			}
			db, err := io.ReadAll(z)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "homecase.db"), db, 0o600); err != nil {
				t.Fatal(err)
			}
			holdsFixture(t, open(t, dir), version)

			file := filepath.Join(t.TempDir(), "backup") // the same as a backup
			if err := os.WriteFile(file, db, 0o600); err != nil {
				t.Fatal(err)
			}
			dir = t.TempDir()
			restore(t, dir, file)
			holdsFixture(t, open(t, dir), version)
		})
	}
}

func holdsFixture(t *testing.T, s homecase.Store, version int) {
	t.Helper()
	check := func(what string, got, want any, err error) {
		t.Helper()
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Errorf("%s: %v (- want, + got):\n%s", what, err, diff)
		}
	}
	id, err := s.Current(t.Context())
	check("the open case", id, fixtureCase.ID, err)
	k, err := s.Case(t.Context(), id)
	check("the case", k, &fixtureCase, err)
	first, err := s.Revision(t.Context(), id, 1)
	if err != nil || string(first.Text) != "version: 1\n" {
		t.Errorf("the first revision is %v: %v", first, err)
	}
	log, err := s.Log(t.Context(), id, day.Date{}, day.Date{})
	check("the log", log, []trial.Entry{fixtureEntry}, err)
	jpeg, err := s.Picture(t.Context(), id, "desk")
	check("the picture", jpeg, fixturePicture, err)
	gone, err := s.Departures(t.Context(), "")
	check("what left", gone, []homecase.Departure{fixtureDeparture}, err)
	if version < 2 {
		return
	}
	pairing, err := s.Pairing(t.Context())
	check("the office", pairing, &fixturePairing, err)
	sharing, err := s.Sharing(t.Context(), id)
	check("the case and its office", sharing, fixtureSharing, err)
	lines, err := s.Lines(t.Context(), id, 0)
	check("the record", lines, []share.Entry{fixtureLine}, err)
	acts, err := s.Outbox(t.Context(), id)
	check("what is on its way", acts, []homecase.Outgoing{fixtureAct}, err)
	file, err := s.SharedFile(t.Context(), id, fixtureFile.Hash)
	check("its file", file, &fixtureFile, err)
}
