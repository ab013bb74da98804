package web_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"homecase/day"
	"homecase/internal/web/webtest"
	"homecase/trial"
)

// Most that the way from the start to a packet may ask of a person. A loop, such
// as the page that asks about one task after the other, is one screen.
const (
	mostScreens = 28
	mostTyped   = 120 // words
)

// walker is a person on the way, with the screens that were seen.
type walker struct {
	*webtest.Person
	t       *testing.T
	screens []string
}

// hands are how a person works: with a mouse or the keyboard alone, in a browser
// with scripts or without.
type hands struct {
	name           string
	keys, noScript bool
}

var (
	withMouse = hands{name: "mouse"}
	// bareHands is the person to whom least is given.
	bareHands = hands{name: "keyboard, no script", keys: true, noScript: true}
)

// everyHands are the ways to work that a journey is played in: one in the common
// run, all in the long run.
func everyHands(common hands) []hands {
	if !long() {
		return []hands{common}
	}
	return []hands{withMouse, {name: "keyboard", keys: true}, {name: "no script", noScript: true}, bareHands}
}

func (d *desk) walk(t *testing.T, h hands) *walker {
	p := d.browse(t, webtest.View{NoScript: h.noScript})
	if h.keys {
		return &walker{Person: p.KeyboardPerson(), t: t}
	}
	return &walker{Person: p.Person(), t: t}
}

var (
	numbers = regexp.MustCompile(`/\d[\d-]*`)
	passing = []string{"/packet/making"} // goes on by itself
)

func (w *walker) see() {
	w.t.Helper()
	path, _, _ := strings.Cut(w.Path(), "?")
	path = numbers.ReplaceAllString(path, "/n")
	if !slices.Contains(w.screens, path) && !slices.Contains(passing, path) {
		w.screens = append(w.screens, path)
	}
	for _, find := range []webtest.Check{{Name: "outside", Find: webtest.Outside}, {Name: "policy", Find: webtest.Policy}, {Name: "console", Find: webtest.Console}} {
		w.Check(find)
	}
}

func (w *walker) press(name string)  { w.t.Helper(); w.Press(name); w.see() }
func (w *walker) follow(name string) { w.t.Helper(); w.Follow(name); w.see() }
func (w *walker) open(path string)   { w.t.Helper(); w.Go(path); w.see() }

// pick chooses and goes on.
func (w *walker) pick(label string) { w.t.Helper(); w.Choose(label); w.press("Continue") }

// at says on which page the person is now; another one ends the way.
func (w *walker) at(path string) {
	w.t.Helper()
	if got, _, _ := strings.Cut(w.Path(), "?"); got != path {
		w.t.Fatalf("the way leads to %s and not to %s:\n%s", w.Path(), path, w.Text())
	}
}

// says looks for words on the page.
func (w *walker) says(words string) {
	w.t.Helper()
	if !w.Has(words) {
		w.t.Errorf("%s does not say %q:\n%s", w.Path(), words, w.Text())
	}
}

// duty is a task as a person types it, and where it can be done.
type duty struct{ name, hours, where string }

const (
	atHome    = "At home, as things are now"
	anyDay    = "Only in the office, on any day"
	fixedDay  = "Only in the office, on a fixed day"
	eachDay   = "Only in the office, every day"
	tasksPath = "/case/ready/tasks"
)

// accountsDuties are the tasks of the accounts example.
var accountsDuties = []duty{
	{"Bank reconciliations", "14", atHome}, {"Exception queries", "9", atHome}, {"Report writing", "6", atHome},
	{"Team meetings", "4", fixedDay}, {"Post and cheques", "4", anyDay}, {"Training new starters", "3", anyDay},
}

// begin answers the first pages.
func (w *walker) begin(job string) {
	w.t.Helper()
	w.open("/")
	w.press("Start")
	w.Fill("Your name", "Ines Duarte")
	w.Fill("Your job title", job)
	w.Fill("Your boss's name", "Dana Whitfield")
	w.pick("United Kingdom")
	w.pick("England")
	w.pick("One day")
	w.pick("Tuesday")
	w.pick("8 weeks")
	w.at(tasksPath)
}

// sort lists the tasks and says where each can be done. The page has rows enough
// for five; names that it suggests are typed over.
func (w *walker) sort(duties []duty) {
	w.t.Helper()
	for i, d := range duties {
		if n := string(rune('1' + i)); i < 5 {
			w.Fill("Task "+n, d.name)
			w.Fill("Hours a week "+n, d.hours)
		}
	}
	for i, d := range duties {
		if n := string(rune('1' + i)); i >= 5 {
			w.press("Add another task")
			w.Fill("Task "+n, d.name)
			w.Fill("Hours a week "+n, d.hours)
		}
	}
	w.press("Continue")
	for _, d := range duties {
		w.pick(d.where)
	}
	w.at(tasksPath + "/check")
	w.press("Continue")
}

// A person walks from the start to a packet that can be handed over.
func (w *walker) toPacket() {
	w.t.Helper()
	w.begin("Accounts assistant")
	w.sort(accountsDuties)
	w.at("/case/ready/time")
	w.Fill("Years", "3")
	w.Fill("Months", "8")
	w.pick("No")
	w.at("/case/ready/self")
	w.Fill("What you did", "Closed the April accounts alone while two colleagues were ill. Audit found no correction.")
	w.press("Continue")
	w.at("/case/ready/trust")
	for _, statement := range []string{"My boss gives me work", "I tell my boss early", "We can talk about"} {
		w.In(statement).Choose("Yes")
	}
	w.press("Continue")
	w.at("/case/ready/office")
	for _, item := range []string{"A room with a door", "A computer that may", "A way to take calls", "An internet line", "Something to use when", "A way into the company"} {
		w.In(item).Choose("Have")
	}
	w.In("A desk, and a chair").Choose("Can get")
	w.press("Continue")
	w.at("/case/ready/career")
	w.press("Continue")
	w.facts()
	w.money()
	w.at("/case/reasons")
	w.Tick("My work is counted already")
	w.press("Continue")
	w.at("/case/concerns")
	w.press("Use these ready answers")
	w.follow("Go on with the case")
	w.at("/case/concerns/own")
	w.press("Continue")
	w.make()
}

func (w *walker) facts() {
	w.t.Helper()
	w.at("/case/facts/programme")
	w.pick("Some people do, without a rule")
	w.at("/case/facts/results/1")
	w.Fill("What you achieved", "I closed my part of month-end on time 11 times out of 11.")
	w.Fill("Where the number comes from", "Finance calendar")
	w.press("Save this result")
	w.press("Continue")
	w.at("/case/facts/measure")
	w.Fill("What is counted", "exceptions closed")
	w.Fill("What one is called", "items")
	w.Choose("A count of things finished")
	w.Choose("More is better")
	w.Fill("Usual amount on an office day", "11.5")
	w.Fill("How far days differ", "1.8")
	w.Fill("Where it is written down", "closed-item report")
	w.press("Continue")
	w.at("/case/facts/studies")
	w.Tick("Bloom, Han and Liang 2024")
	w.press("Continue")
}

// money ticks what could change, gives two ranges and leaves the others as they
// are offered: those are assumptions, and called so.
func (w *walker) money() {
	w.t.Helper()
	w.at("/case/money/inputs")
	for _, line := range []string{"Parking days given back", "Equipment for the home desk", "The manager's time"} {
		w.Tick(line)
	}
	for _, in := range []struct{ of, low, likely, high string }{
		{"What the company pays for a day's parking", "0", "4", "8"}, {"What the company buys once", "90", "140", "220"},
	} {
		w.In(in.of).Fill("Lowest", in.low)
		w.In(in.of).Fill("Likely", in.likely)
		w.In(in.of).Fill("Highest", in.high)
	}
	for _, reason := range []string{"I pay my own line", "What I use in the office", "I check my own desk", "The insurer has not been asked", "I pay heat and light", "When I am called in", "Nothing is paid to me"} {
		w.Tick(reason)
	}
	w.press("Continue")
	w.at("/case/money")
	w.press("Use this range in the packet")
}

func (w *walker) make() {
	w.t.Helper()
	w.at("/packet/check")
	w.press("Continue")
	w.at("/packet")
	w.press("Make the packet")
	for looks := 0; looks < 60 && strings.HasPrefix(w.Path(), "/packet/making"); looks++ { // a busy machine takes its time
		w.Go("/packet/making")
	}
	w.at("/packet/made")
	w.says("Your packet is ready")
	w.follow("Hand it over")
	w.at("/share")
}

// The fast path: from the start to a packet, counted.
func TestFastPath(t *testing.T) {
	for _, h := range everyHands(withMouse) {
		t.Run(h.name, func(t *testing.T) { fastPath(t, h) })
	}
}

func fastPath(t *testing.T, h hands) {
	w := serve(t).walk(t, h)
	w.toPacket()
	if n := len(w.screens); n > mostScreens {
		t.Errorf("%d screens from the start to a packet, at most %d: %s", n, mostScreens, strings.Join(w.screens, " "))
	}
	if n := w.Words(); n > mostTyped {
		t.Errorf("%d words typed from the start to a packet, at most %d", n, mostTyped)
	}
	t.Logf("%d screens, %d words: %s", len(w.screens), w.Words(), strings.Join(w.screens, " "))
}

// The whole life of a case: the packet, a talk that ends in "not now", the day
// to ask again, the trial of eight weeks logged every day, and the next rung.
func TestWholeLife(t *testing.T) {
	for _, h := range everyHands(bareHands) {
		t.Run(h.name, func(t *testing.T) { wholeLife(t, h) })
	}
}

func wholeLife(t *testing.T, h hands) {
	d := serve(t)
	w := d.walk(t, h)
	w.toPacket()

	w.open("/talk")
	w.open("/talk/outcome")
	w.pick("Not now")
	w.Fill("The worry", "Month-end needs everybody in the room")
	w.press("Continue")
	w.press("Continue") // the tasks that are suggested
	w.at("/talk")
	w.says("Not now. Ask again on 24 February")

	d.on(day.Must("2027-02-23"))
	w.open("/talk")
	w.says("Until 24 February 2027 there is nothing to ask.")
	d.on(day.Must("2027-02-24"))
	w.open("/talk")
	w.says("You may ask Dana again")
	w.press("Ask again")
	w.open("/start/trial")
	w.Fill("First day of the trial", "2027-03-15")
	w.press("Continue")
	w.open("/packet/check")
	w.make()

	w.open("/talk/outcome")
	w.pick("Agreed")
	w.press("Continue")
	w.at("/talk")
	w.says("Dana agreed on 24 February")
	w.follow("Agree the trial")
	w.at("/trial/plan")
	w.press("Save and go on")
	w.at("/trial/draw")
	w.Tick("Dana and I both agree to this plan")
	w.press("We agree")
	w.Fill("The word Dana gives", "acorn")
	w.press("Draw the home days")
	w.says("What you and Dana agreed")
	w.trial(d)
	w.climb(d)
}

// trial logs every day: the first week in the browser, the others by the same
// forms.
func (w *walker) trial(d *desk) {
	w.t.Helper()
	value := values(3)
	for _, x := range d.round(w.t).Days {
		if x.Week > 1 {
			break
		}
		d.on(x.Date)
		w.open("/trial/log/" + x.Date.String())
		if x.Planned == trial.AtHome {
			w.Choose("At home")
		} else {
			w.Choose("In the office")
		}
		w.Fill("Exceptions closed", value(x.Planned))
		w.press("Continue")
	}
	w.open("/trial")
	w.says("home days logged")
	d.play(w.t, value, 2, 8)
	d.on(day.Must("2027-05-13"))
	w.open("/trial")
	w.says("Home days are at least as good")
}

// climb decides together and asks for the next rung, which then is the case.
func (w *walker) climb(d *desk) {
	w.t.Helper()
	w.follow("Decide together")
	w.at("/trial/end")
	w.Choose("Take the next step: one day a week")
	w.press("Save the decision")
	w.open("/ladder")
	w.follow("Ask for it")
	w.at("/ladder/ask")
	w.says("The verdict is: clearly at least as good.")
	w.says("May I keep one home day a week?")
	w.press("Plan the next trial")
	w.at("/trial/plan")
	if o := d.opened(w.t); len(o.Course.Past) != 1 || o.Course.Trial != nil || !o.Case.Plan.Start.After(day.Of(d.now)) || o.Case.Plan.Outcome != nil {
		w.t.Errorf("the next round begins with %d trials behind it, on %s", len(o.Course.Past), o.Case.Plan.Start)
	}
	left, err := d.Store.Departures(w.t.Context(), "")
	if err != nil {
		w.t.Fatal(err)
	}
	for _, x := range left { // approving a Friday note hands out its words
		if !strings.HasPrefix(x.What, "Friday note") {
			w.t.Errorf("%s left this computer on the way, and nobody asked for it", x.What)
		}
	}
}

// Two people are told "not yet", with the day or the act that changes it, and no
// packet is made.
func TestRefusals(t *testing.T) {
	for _, c := range []struct{ file, heading, says string }{
		{"new-starter.yaml", "Not yet: you can ask from", "Save a reminder for"},
		{"nurse.yaml", "Not yet, and that says nothing against you", "What you can do until then"},
	} {
		t.Run(c.file, func(t *testing.T) {
			d := serve(t).take(t, exampleFolder+c.file)
			w := d.walk(t, bareHands)
			w.open("/packet/check")
			w.says(c.heading)
			w.says(c.says)
			w.Check()
			w.open("/packet")
			w.says(c.heading)
			d.ask(t, "POST", "/packet", "only=one-page.pdf")
			if n := len(d.opened(t).Course.Made); n != 0 {
				t.Errorf("%d packets were made", n)
			}
		})
	}
}
