package ops

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"homecase"
	"homecase/concern"
	"homecase/content"
	"homecase/day"
	"homecase/evidence"
	"homecase/fault"
	"homecase/internal/press/docx"
	"homecase/internal/press/invite"
	"homecase/internal/press/mail"
	"homecase/internal/press/page"
	"homecase/internal/press/pdf"
	"homecase/internal/press/pptx"
	"homecase/packet"
	"homecase/readiness"
	"homecase/savings"
)

// BuildOptions say what to build.
type BuildOptions struct {
	Paper string   // a4 or letter; empty takes the country's own
	Only  []string // file names or their stems; empty builds everything
	Large bool     // large print: 14-point text
	With  []string // what packet.pdf and packet.docx hold besides; see Appendices
	// Progress is told of each step that is done, one at a time; nil tells nobody.
	Progress func(Step)
}

// Step is how far a build is.
type Step struct {
	Done, Of int
	What     string // the file that was finished; empty once the words are composed
}

// File is one finished file.
type File struct {
	Name string
	Data []byte
}

// Built is a finished packet.
type Built struct {
	Files    []File
	Findings fault.List // what is known to be false in the case's own words
	Edition  *homecase.Edition
}

// press makes one file of an edition.
type press struct {
	name  string
	needs []string // files that go into this one
	work  int      // roughly how long it takes beside the others
	make  func(b *build) ([]byte, error)
}

// sheet is a file while it is made. Who waits for done may read the rest.
type sheet struct {
	press
	done chan struct{}
	data []byte
	err  error
}

// build is the work on one packet.
type build struct {
	edition   *homecase.Edition
	agreement packet.Document // only when one is asked for
	c         *homecase.Case
	o         BuildOptions
	created   time.Time
	sheets    map[string]*sheet

	mu   sync.Mutex // of step
	step Step
}

func presses() []press {
	return []press{
		{"one-page.pdf", nil, 10, func(b *build) ([]byte, error) { return b.pdf(b.edition.OnePage) }},
		{"packet.pdf", nil, 30, func(b *build) ([]byte, error) { return b.pdf(b.edition.Full) }},
		{"packet.html", nil, 12, (*build).page},
		{"packet.docx", nil, 8, func(b *build) ([]byte, error) { return b.docx(b.edition.Full) }},
		{"letter.docx", nil, 2, func(b *build) ([]byte, error) { return b.docx(b.edition.Letter) }},
		{"meeting.ics", nil, 1, (*build).invitation},
		{"email.eml", []string{"one-page.pdf"}, 2, (*build).message},
		{"record.json", nil, 0, nil}, // made last: it holds the hashes of the others
	}
}

// extras are made only when somebody asks for them by name.
func extras() []press {
	return []press{
		{"agreement.docx", nil, 8, func(b *build) ([]byte, error) { return b.docx(b.agreement) }},
		{"agreement.pdf", nil, 20, func(b *build) ([]byte, error) { return b.pdf(b.agreement) }},
		{"slides.pptx", nil, 5, (*build).slides},
	}
}

func everyPress() []press { return append(presses(), extras()...) }

// Formats lists the names of all files a packet has.
func Formats() []string { return namesOf(presses()) }

// ExtraFormats lists the files that are made only when asked for by name.
func ExtraFormats() []string { return namesOf(extras()) }

func namesOf(list []press) []string {
	var names []string
	for _, p := range list {
		names = append(names, p.name)
	}
	return names
}

// BuildPacket makes the files of a packet. It makes all of them or none, and
// none for an ask that the person's own answers say is not ready.
func (d *Desk) BuildPacket(ctx context.Context, path string, o BuildOptions) (*Built, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	warm()
	c, err := d.Load(path)
	if err != nil {
		return nil, err
	}
	return d.buildCase(ctx, path, c, o, func() (map[string]packet.Photo, error) { return d.photos(ctx, path, c) })
}

// check refuses what cannot be built, before anything is read.
func (o BuildOptions) check() error {
	if _, err := choose(o.Only); err != nil {
		return err
	}
	_, err := appendices(o.With)
	return err
}

// buildCase is BuildPacket for a case that was read, from a file or a store.
// path is the file's name for faults, empty where there is none.
func (d *Desk) buildCase(ctx context.Context, path string, c *homecase.Case, o BuildOptions, photos func() (map[string]packet.Photo, error)) (*Built, error) {
	wanted, err := choose(o.Only)
	if err != nil {
		return nil, err
	}
	agreement, err := appendices(o.With)
	if err != nil {
		return nil, err
	}
	if o.Paper, err = paper(o.Paper, c.Place.Country); err != nil {
		return nil, err
	}
	if err := ready(path, c); err != nil {
		return nil, err
	}
	options := homecase.Options{Version: d.Version, Holidays: d.holidays(c), Agreement: agreement}
	if options.Photos, err = photos(); err != nil {
		return nil, err
	}
	found := findings(path, c)
	b := &build{c: c, o: o, sheets: map[string]*sheet{}}
	if b.edition, err = homecase.Compose(c.Shared(), options); err != nil {
		return nil, placed(path, err)
	}
	if b.created, err = d.created(c); err != nil {
		return nil, err
	}
	if wanted["agreement.docx"] || wanted["agreement.pdf"] {
		e, err := homecase.ComposeAgreement(c.Shared(), options)
		if err != nil {
			return nil, placed(path, err)
		}
		b.agreement = e.Agreement
	}
	files, err := b.run(ctx, wanted)
	if err != nil {
		return nil, err
	}
	list, err := found()
	return &Built{Files: files, Findings: list, Edition: b.edition}, err
}

// did counts a step and tells of it.
func (b *build) did(what string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.step.Done, b.step.What = b.step.Done+1, what
	if b.o.Progress != nil {
		b.o.Progress(b.step)
	}
}

// findings looks, beside the composing, for what is known to be false in the
// case's own words. It stops nothing: a packet is built all the same, without
// the false sentence.
func findings(path string, c *homecase.Case) func() (fault.List, error) {
	var list fault.List
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		list, err = c.Findings()
		for _, f := range list {
			f.Place = locate(path, f.Place)
			if f.Place.File == "" {
				f.Place.File = path
			}
		}
	}()
	return func() (fault.List, error) { <-done; return list, err }
}

// warm begins to read the libraries that a packet needs, beside the reading of
// the case, in the order in which they are needed. What goes wrong there is
// reported where the library is used.
func warm() {
	go func() {
		_, _ = readiness.Rules()
		_, _ = savings.Catalogue()
		_, _ = packet.LoadPhrases()
		_, _ = evidence.Studies()
		_, _ = concern.Catalogue()
	}()
}

// placed puts the case file's name and line into faults that have none yet.
func placed(path string, err error) error {
	var list fault.List
	if errors.As(err, &list) {
		for _, f := range list {
			if f.Place.File == "" {
				f.Place.File = path
				f.Place = locate(path, f.Place)
			}
		}
		return err
	}
	var one *fault.Error
	if errors.As(err, &one) && one.Place.File == "" {
		one.Place.File = path
		one.Place = locate(path, one.Place)
	}
	return err
}

func paper(asked, country string) (string, error) {
	switch asked {
	case "a4", "letter":
		return asked, nil
	case "":
		if country == "US" || country == "CA" {
			return "letter", nil
		}
		return "a4", nil
	}
	return "", fault.New(fault.Invalid, "HC-OPS-02", "There is no paper %q. Write a4 or letter.", asked)
}

// choose turns names or stems into file names.
func choose(only []string) (map[string]bool, error) {
	wanted := map[string]bool{}
	for _, name := range only {
		name = strings.TrimSpace(name)
		found := false
		for _, f := range Formats() {
			if f == name || strings.TrimSuffix(f, filepath.Ext(f)) == name || strings.TrimPrefix(filepath.Ext(f), ".") == name {
				wanted[f], found = true, true
			}
		}
		for _, f := range ExtraFormats() {
			if f == name || strings.TrimSuffix(f, filepath.Ext(f)) == name {
				wanted[f], found = true, true
			}
		}
		if !found {
			return nil, fault.New(fault.Invalid, "HC-OPS-03", "There is no format %q.", name).Then("The files are %s.", strings.Join(append(Formats(), ExtraFormats()...), ", "))
		}
	}
	if len(only) == 0 {
		for _, f := range Formats() {
			wanted[f] = true
		}
	}
	return wanted, nil
}

// Appendices lists what a packet can hold behind its own pages.
func Appendices() []string { return []string{"agreement"} }

// appendices tells whether the draft of an agreement is asked for.
func appendices(with []string) (agreement bool, err error) {
	for _, name := range with {
		if strings.TrimSpace(name) != "agreement" {
			return false, fault.New(fault.Invalid, "HC-OPS-09", "There is no appendix %q.", name).Then("The packet can hold %s.", strings.Join(Appendices(), ", "))
		}
		agreement = true
	}
	return agreement, nil
}

// run makes the wanted files side by side.
func (b *build) run(ctx context.Context, wanted map[string]bool) ([]File, error) {
	need := map[string]bool{}
	for _, p := range everyPress() {
		if wanted[p.name] {
			need[p.name] = true
			for _, n := range p.needs {
				need[n] = true
			}
		}
	}
	var order []*sheet
	for _, p := range everyPress() {
		if need[p.name] && p.make != nil {
			b.sheets[p.name] = &sheet{press: p, done: make(chan struct{})}
			order = append(order, b.sheets[p.name])
		}
	}
	// What holds others comes after them. Of the rest the longest work is begun
	// first, so that no processor is left alone with it at the end.
	slices.SortStableFunc(order, func(x, y *sheet) int {
		return cmp.Or(cmp.Compare(len(x.needs), len(y.needs)), cmp.Compare(y.work, x.work))
	})
	b.step.Of = 1 + len(order)
	if wanted["record.json"] {
		b.step.Of++
	}
	b.did("")
	if err := b.makeAll(ctx, order); err != nil {
		return nil, err
	}
	var files []File
	for _, p := range everyPress() {
		if wanted[p.name] && p.make != nil {
			files = append(files, File{p.name, b.sheets[p.name].data})
		}
	}
	if wanted["record.json"] {
		record, err := b.record(files)
		if err != nil {
			return nil, err
		}
		files = append(files, File{"record.json", record})
		b.did("record.json")
	}
	return files, nil
}

// makeAll makes the sheets on all processors, begun in their order.
func (b *build) makeAll(ctx context.Context, order []*sheet) error {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(order)) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(order); i = int(next.Add(1)) - 1 {
				b.fill(ctx, order[i])
			}
		})
	}
	wait.Wait()
	var faults []error
	for _, s := range order {
		if s.err != nil {
			faults = append(faults, s.err)
		}
	}
	if len(faults) == 0 {
		return nil
	}
	slices.SortFunc(faults, func(x, y error) int { return strings.Compare(x.Error(), y.Error()) })
	return faults[0]
}

// fill makes a sheet once those that go into it are there. Work that is called
// off makes no further sheet.
func (b *build) fill(ctx context.Context, s *sheet) {
	defer close(s.done)
	if s.err = ctx.Err(); s.err != nil {
		return
	}
	for _, name := range s.needs {
		in := b.sheets[name]
		if <-in.done; in.err != nil {
			return
		}
	}
	if s.data, s.err = s.make(b); s.err == nil {
		b.did(s.name)
	}
}

func (b *build) pdf(d packet.Document) ([]byte, error) {
	var out bytes.Buffer
	err := pdf.Write(&out, d, pdf.Options{Paper: pdf.Paper(b.o.Paper), LargePrint: b.o.Large, Created: b.created})
	return out.Bytes(), err
}

func (b *build) docx(d packet.Document) ([]byte, error) {
	var out bytes.Buffer
	err := docx.Write(&out, d, docx.Options{Paper: docx.Paper(b.o.Paper)})
	return out.Bytes(), err
}

func (b *build) slides() ([]byte, error) {
	var out bytes.Buffer
	err := pptx.Write(&out, b.edition.Slides)
	return out.Bytes(), err
}

func (b *build) page() ([]byte, error) {
	var out bytes.Buffer
	err := page.Write(&out, b.edition.Page, page.Options{Decision: b.decision()})
	return out.Bytes(), err
}

// decision is the bar with three answers of equal weight. Without an address
// to answer to there is none, and the boxes for paper stand in its place.
func (b *build) decision() *page.Decision {
	mailto := b.c.Person.Email
	if mailto == "" {
		return nil
	}
	link := func(subject string) string {
		return "mailto:" + mailto + "?subject=" + strings.ReplaceAll(queryEscape(subject), "+", "%20")
	}
	return &page.Decision{Lead: "Your answer on the trial. You can change it later.", Answers: []page.Answer{
		{Label: "Agree", Href: link("Agree: " + b.edition.Page.Title)},
		{Label: "Change it", Href: link("Change it: " + b.edition.Page.Title)},
		{Label: "Not now", Href: link("Not now: " + b.edition.Page.Title)},
	}}
}

func (b *build) message() ([]byte, error) {
	plain, rich := mail.Body(b.edition.Message)
	m := mail.Message{
		Subject: b.edition.OnePage.Title, Date: b.created, Text: plain, HTML: rich, Draft: true,
		From:        mail.Address{Name: b.c.Person.Name, Email: b.c.Person.Email},
		Attachments: []mail.Attachment{{Name: "one-page.pdf", Type: "application/pdf", Data: b.sheets["one-page.pdf"].data}},
	}
	if b.c.Person.Email == "" {
		m.From = mail.Address{}
	}
	if b.c.Boss.Email != "" {
		m.To = []mail.Address{{Name: b.c.Boss.Name, Email: b.c.Boss.Email}}
	}
	return mail.EML(m)
}

func (b *build) invitation() ([]byte, error) { return invitation(b.edition.Invite, b.c, b.created) }

// invitation writes the meeting for a calendar. With both addresses it is a
// request that can be answered.
func invitation(in homecase.Invite, c *homecase.Case, created time.Time) ([]byte, error) {
	zone, err := time.LoadLocation(zoneOf(c.Place))
	if err != nil {
		zone = time.UTC
	}
	start, err := meetingTime(in, c.Date, zone)
	if err != nil {
		return nil, err
	}
	ev := invite.Event{UID: meetingID(c), Sequence: meetingSequence(created), Stamp: created, Start: start, End: start.Add(time.Duration(in.Minutes) * time.Minute), Summary: in.Subject, Description: in.Body, Location: in.Place, Alarm: 15 * time.Minute}
	if c.Person.Email != "" && c.Boss.Email != "" {
		ev.Organizer = &invite.Person{Name: c.Person.Name, Email: c.Person.Email}
		ev.Attendees = []invite.Person{{Name: c.Boss.Name, Email: c.Boss.Email}}
	}
	return invite.ICS(ev)
}

// meetingID names the talk for good: whatever is changed of it, a calendar knows it
// again. The next ask is another talk.
func meetingID(c *homecase.Case) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "homecase meeting 1\n%q\n%q\n%d\n%s", c.Person.Name, c.Boss.Name, len(c.Plan.PreviousRequests), c.Plan.At))
	return hex.EncodeToString(sum[:16]) + "@homecase.invalid"
}

// meetingSequence counts the hours since homecase began, so that a file made later
// is the one that counts (RFC 5545, 3.8.7.4).
func meetingSequence(created time.Time) int {
	return max(0, int(created.Sub(time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)).Hours()))
}

// meetingTime is the time the case names, or a proposal: the first working day
// a week after the packet's date, in the middle of the morning.
func meetingTime(in homecase.Invite, made day.Date, zone *time.Location) (time.Time, error) {
	on, clock := in.Date, in.Time
	if on.IsZero() {
		on = made.Add(7)
		for on.Weekday() == day.Sat || on.Weekday() == day.Sun {
			on = on.Add(1)
		}
	}
	if clock == "" {
		clock = "10:30"
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", on.String()+" "+clock, zone)
	if err != nil {
		return time.Time{}, fault.New(fault.Invalid, "HC-OPS-04", "The talk's time %q cannot be read. Write it like 10:30.", clock).Because(err)
	}
	return t, nil
}

func (b *build) record(files []File) ([]byte, error) {
	r := b.edition.Record
	r.Files = []homecase.RecordFile{}
	for _, f := range files {
		sum := sha256.Sum256(f.Data)
		r.Files = append(r.Files, homecase.RecordFile{Name: f.Name, SHA256: hex.EncodeToString(sum[:]), Bytes: len(f.Data)})
	}
	text, err := content.JSON(r, "  ")
	return append(text, '\n'), err
}

// WriteFiles puts files into a folder, all of them or none. The folder is made
// when it is not there.
func WriteFiles(dir string, files []File) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		if errors.Is(err, fs.ErrPermission) {
			return fault.New(fault.Forbidden, "HC-FILE-24", "You may not write here, so nothing was written.").At(fault.Place{File: dir}).Because(err)
		}
		return fault.New(fault.Invalid, "HC-OPS-05", "This folder cannot be made, so nothing was written.").At(fault.Place{File: dir}).Because(err)
	}
	named := make([]content.Named, len(files))
	for i, f := range files {
		named[i] = content.Named(f)
	}
	return content.WriteFiles(dir, named)
}
