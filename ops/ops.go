// Package ops holds every verb an actor can ask of homecase. An op loads, lets
// the nouns decide, and hands back what a door shows. It owns the clock, the
// environment and the parallel work; it holds no rule of the domain.
//
//	d := &ops.Desk{Now: time.Now, Getenv: os.Getenv, Version: "1.0"}
//	built, err := d.BuildPacket(ctx, "case.yaml", ops.BuildOptions{})
package ops

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"homecase"
	"homecase/content"
	"homecase/day"
	"homecase/fault"
	"homecase/internal/holiday"
	"homecase/internal/intake/photo"
	"homecase/packet"
	"homecase/readiness"
	"homecase/trial"
)

// Desk is where verbs are asked. Its fields are what the world lends it.
type Desk struct {
	Now     func() time.Time
	Getenv  func(string) string
	Random  io.Reader // of nonces; nil where nothing is drawn
	Version string
}

// Verb is one thing that can be asked, for the doors to offer.
type Verb struct {
	Name string // noun.verb, as the command line writes it without the dot
	Says string
}

// All lists every verb. A test fails unless each door offers it or says why not.
func All() []Verb {
	return []Verb{
		{"new", "Write a case file to start from"},
		{"open", "Open a case file in the workspace"},
		{"import", "Take a case file into the workspace"},
		{"export", "Write the case of the workspace as a file"},
		{"backup", "Write everything in the workspace as one file"},
		{"restore", "Put a backup in the place of the workspace"},
		{"check", "Say whether the case is ready, with every reason"},
		{"packet.build", "Build the packet in every format"},
		{"packet.verify", "Recompute every number of a packet and name each that differs"},
		{"record.verify", "Check the record that a person and an office share"},
		{"record.export", "Write the record of the open case as a file"},
		{"letter.list", "List the small letters, when each is right and what it needs"},
		{"letter.project-day", "Ask openly for one day at home"},
		{"letter.thanks", "Say thank you after the talk"},
		{"letter.not-now", "Answer a \"not now\" with thanks, the worry and a day"},
		{"letter.hr-question", "Ask Human Resources what is unknown"},
		{"letter.hr-request", "Make a request under a law that asks for private reasons"},
		{"letter.reference", "Ask a colleague who already works from home"},
		{"letter.next-rung", "Ask for the next rung after a trial that opens it"},
		{"savings.estimate", "Estimate what home days save and cost"},
		{"savings.lines", "List the catalogue of savings lines"},
		{"savings.line", "Compute one line exactly"},
		{"concern.list", "List the questions a boss may have"},
		{"evidence.list", "List the library of studies"},
		{"evidence.import", "Count an export of your own records, without its private part"},
		{"evidence.sources", "List the exports that can be imported"},
		{"evidence.undo", "Take an import out of a case"},
		{"evidence.baseline", "Say what a day usually holds, and which measure to choose"},
		{"evidence.hours", "Write your hours by week, without the private part"},
		{"policy.list", "List the laws homecase knows"},
		{"policy.show", "Show one law"},
		{"policy.deadlines", "Count the deadlines of a law"},
		{"readiness.occupation", "Score occupations by the fifteen conditions"},
		{"pitch.check", "Say which words of a letter will not help"},
		{"pitch.label", "Label each line with the categories of its words"},
		{"schema", "Print the JSON Schema of the case file"},
		{"trial.plan", "Say what a trial can show before it starts"},
		{"trial.draw", "Draw the home days and freeze the plan"},
		{"trial.replay", "Repeat a draw from its nonce"},
		{"trial.analyse", "Say what the logged days show"},
		{"trial.test.exact", "Compare two groups over all ways to divide the values"},
		{"trial.test.signflip", "Test paired differences over all signs"},
		{"trial.test.welch", "Compare two groups of a CSV file by Welch's test"},
		{"trial.pool", "Pool the trials of many people"},
		{"trial.panel", "Analyse a panel of people over weeks"},
		{"serve.org.add", "Add an organisation to the office"},
		{"serve.org.list", "List the organisations of the office"},
		{"serve.invite", "Invite a person to share through the office"},
		{"serve.account.add", "Let somebody sign in to the office"},
		{"serve.account.list", "List who may sign in to the office"},
		{"serve.account.remove", "Take an account of the office out"},
		{"serve.bounce", "Take in an e-mail of the office that came back"},
	}
}

// Checked is the answer of Check: the verdict, and what only the person sees.
type Checked struct {
	readiness.Verdict
	CheckThis fault.List         `json:"-"`
	Private   []readiness.Advice `json:"-"`
}

// Check reads a case and says whether it is ready.
func (d *Desk) Check(path string) (*Checked, error) {
	c, err := d.Load(path)
	if err != nil {
		return nil, err
	}
	v, err := c.Assess()
	if err != nil {
		return nil, err
	}
	advice, err := readiness.WorkOnThisFirst(c.Readiness)
	if err != nil {
		return nil, err
	}
	return &Checked{Verdict: v, CheckThis: c.CheckThis(), Private: advice}, nil
}

// Load reads a case and applies the rules that need its date.
func (d *Desk) Load(path string) (*homecase.Case, error) {
	c, err := homecase.Load(path)
	if err != nil {
		return nil, err
	}
	if list := c.CheckAt(); len(list) > 0 {
		return nil, placed(path, list)
	}
	return c, nil
}

// created is the time that goes into files: SOURCE_DATE_EPOCH where it is set,
// else the day the packet is dated, so that the same case gives the same bytes.
func (d *Desk) created(c *homecase.Case) (time.Time, error) { return d.createdOn(c.Date) }

func (d *Desk) createdOn(made day.Date) (time.Time, error) {
	if d.Getenv == nil || d.Getenv("SOURCE_DATE_EPOCH") == "" {
		return made.Time(), nil
	}
	s, err := strconv.ParseInt(d.Getenv("SOURCE_DATE_EPOCH"), 10, 64)
	if err != nil || s < 0 || s > 253402300799 {
		return time.Time{}, fault.New(fault.Invalid, "HC-OPS-01", "SOURCE_DATE_EPOCH must be a number of seconds since 1970.").Because(err)
	}
	return time.Unix(s, 0).UTC(), nil
}

// holidays are the public holidays between the trial's first and last day. A
// place whose holidays are not known has none left out.
func (d *Desk) holidays(c *homecase.Case) []day.Date {
	from, to := c.Plan.Start, c.Plan.EndDate()
	if from.IsZero() || to.IsZero() || to.Sub(from) > 5*366 {
		return nil
	}
	if t := c.Trial; t != nil && t.ExtensionWeeks > 0 { // they may be used too
		to = to.Add(7 * (min(t.ExtensionWeeks, trial.MaxWeeks) + homecase.SpareWeeks))
	}
	days, err := holiday.Between(c.Place.Country, c.Place.Part, from, to)
	if err != nil {
		return nil
	}
	return days
}

// photos cleans the pictures of the home office that the case names, beside
// the case file.
func (d *Desk) photos(ctx context.Context, path string, c *homecase.Case) (map[string]packet.Photo, error) {
	photos := map[string]packet.Photo{}
	for _, item := range c.PhotoPaths() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		file := item.Path
		if !filepath.IsAbs(file) {
			file = filepath.Join(filepath.Dir(path), file)
		}
		f, err := os.Open(file)
		if err != nil {
			return nil, content.OpenFault(file, err)
		}
		p, err := photo.Read(file, f)
		f.Close()
		if err != nil {
			return nil, err
		}
		photos[item.ID] = packet.Photo{JPEG: p.JPEG, Width: p.Width, Height: p.Height}
	}
	return photos, nil
}

// dayOf is today, by the desk's clock.
func dayOf(d *Desk) day.Date { return day.Of(d.Now()) }
