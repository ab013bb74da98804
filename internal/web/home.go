package web

import (
	"bytes"
	"html/template"
	"strconv"
	"strings"

	"homecase"
	"homecase/fault"
	"homecase/packet"
)

func homeScreens() []screen {
	return []screen{
		{path: "/", free: true, get: func(v *visit) error {
			if v.open == nil {
				return v.seeOther("/start")
			}
			return v.seeOther("/case")
		}},
		{path: "/start", free: true, get: start, post: begin},
		{path: "/case", get: taskList},
	}
}

type startView struct {
	Going bool // a case lies open already
}

func start(v *visit) error {
	return v.ok("start", page{Title: "Make your case for working from home", Wide: true}, startView{Going: v.open != nil})
}

// begin keeps a new case; one that lies open stays where it is.
func begin(v *visit) error {
	if _, err := v.s.work.Begin(v.ctx(), v.s.o.Person); err != nil {
		return err
	}
	return v.seeOther("/start/you")
}

// preview is what the boss will see of the case that lies open.
func (v *visit) preview() (*homecase.Preview, error) {
	return v.s.work.Preview(v.open)
}

// part writes one template for use inside a page.
func (s *Server) part(name string, data any) (template.HTML, error) {
	var b bytes.Buffer
	if err := s.pages.ExecuteTemplate(&b, name, data); err != nil {
		return "", err
	}
	return template.HTML(b.String()), nil // written by the templates of this package
}

// sheetView is the sheet beside a page.
type sheetView struct {
	Boss string
	*homecase.Preview
	Todo []string
}

// sheetAside shows what the boss will see, so far.
func (v *visit) sheetAside() (template.HTML, error) {
	view, err := v.sheet()
	if err != nil {
		return "", err
	}
	return v.s.part("sheet-aside", view)
}

func (v *visit) sheet() (sheetView, error) {
	p, err := v.preview()
	if err != nil {
		return sheetView{}, err
	}
	view := sheetView{Boss: v.boss(), Preview: p}
	for _, g := range v.kase().Progress(v.open.Course) {
		for _, t := range g.Tasks {
			if words, ok := sheetGaps[t.ID]; ok && t.State != homecase.TaskDone {
				view.Todo = append(view.Todo, words)
			}
		}
	}
	return view, nil
}

// sheetGaps say on the sheet what is still missing there.
var sheetGaps = map[homecase.TaskID]string{
	homecase.TaskDuties:  "The work: not sorted yet",
	homecase.TaskOffice:  "Home office: not finished",
	homecase.TaskMoney:   "Money: no figures yet",
	homecase.TaskReasons: "Reasons: none chosen yet",
	homecase.TaskMeasure: "How we will know: no measure yet",
}

// taskRow is a line of the task list.
type taskRow struct {
	homecase.Task
	Name, Address, Note, Status, Waits string
}

type taskGroup struct {
	ID, Name, Count string
	Rows            []taskRow
}

type homeView struct {
	Boss, Title  string
	Week         packet.Chart
	Lede         string
	Next         *taskRow
	Groups       []taskGroup
	Sheet        sheetView
	Cases        int
	Again        []againRow
	OnTrial      bool
	PacketIsMade bool
}

// againRow is something to look at again, with its page.
type againRow struct{ Say, Address string }

// lookAgain puts what has become old into words.
func (v *visit) lookAgain() ([]againRow, error) {
	running := v.open.Course.Trial != nil || len(v.open.Course.Past) > 0
	l := v.kase().Locale()
	aged := v.kase().LookAgain(v.today(), running)
	results := 0
	for _, a := range aged {
		if a.Kind == homecase.AgedResult {
			results++
		}
	}
	var out []againRow
	for _, a := range aged {
		address, err := v.pageOf(a.Path)
		if err != nil {
			return nil, err
		}
		address, _, _ = strings.Cut(address, "?") // from here one goes back here
		if item, ok := strings.CutPrefix(a.Path, "readiness.home_office."); ok && a.Kind == homecase.AgedPhoto {
			address = "/case/ready/office/" + strings.TrimSuffix(item, ".photo") + "/photo"
		}
		say := "again-" + string(a.Kind)
		if a.Kind == homecase.AgedResult && results > 1 { // one line for all of them
			if say = "again-results"; len(out) > 0 && out[len(out)-1].Address == address {
				continue
			}
		}
		out = append(out, againRow{v.say(v.s.label(say), "{n}", itoa(results), "{what}", a.What, "{date}", l.Date(a.On)), address})
	}
	return out, nil
}

// taskList is the home page: what is done, what is next, what the boss will see.
func taskList(v *visit) error {
	sheet, err := v.sheet()
	if err != nil {
		return err
	}
	view := homeView{Boss: v.kase().Boss.Name, Title: sheet.Title, Week: sheet.Week, Sheet: sheet, OnTrial: v.open.Course.Trial != nil}
	if view.Again, err = v.lookAgain(); err != nil {
		return err
	}
	done, of := 0, 0
	for _, g := range v.kase().Progress(v.open.Course) {
		group := taskGroup{ID: g.ID, Name: v.s.label("group-" + g.ID)}
		d, n := g.Count()
		group.Count = strconv.Itoa(d) + " of " + strconv.Itoa(n) + " done"
		done, of = done+d, of+n
		for _, t := range g.Tasks {
			row, err := v.taskRow(t)
			if err != nil {
				return err
			}
			if view.Next == nil && !t.Optional && (t.State == homecase.TaskTodo || t.State == homecase.TaskDoing) {
				next := row
				view.Next = &next
			}
			group.Rows = append(group.Rows, row)
		}
		view.Groups = append(view.Groups, group)
	}
	view.Lede = strconv.Itoa(done) + " of " + strconv.Itoa(of) + " tasks are done."
	if left := of - done; left > 0 {
		view.Lede += " " + v.say(v.s.label("home-left"), "{minutes}", strconv.Itoa(left*minutesATask))
	} else {
		view.Lede += " " + v.say(v.s.label("home-done"))
	}
	view.PacketIsMade = len(v.open.Course.Made) > 0
	return v.ok("home", page{Title: "Your case: " + sheet.Title, Tab: "case"}, view)
}

// minutesATask is about what a task takes: 17 minutes for 16 of them.
const minutesATask = 1

// taskRow puts a task into words.
func (v *visit) taskRow(t homecase.Task) (taskRow, error) {
	row := taskRow{Task: t, Name: v.say(v.s.label("task-" + string(t.ID))), Address: taskAddress[t.ID]}
	switch t.State {
	case homecase.TaskDone:
		row.Status = "Done"
	case homecase.TaskDoing:
		row.Status = strconv.Itoa(t.Done) + " of " + strconv.Itoa(t.Of)
	case homecase.TaskLater:
		row.Status = "Cannot start yet"
		row.Waits = "Opens after: " + lowerFirst(v.say(v.s.label("task-"+string(t.Opens))))
	case homecase.TaskProblem:
		row.Status = "There is a problem"
	default:
		row.Status = "Not started"
	}
	if t.Private {
		row.Note = "Only you see this"
	}
	if t.ID == homecase.TaskDuties && t.State != homecase.TaskTodo {
		h := v.kase().Readiness.Hours()
		row.Note = v.say(v.s.label("duties-note"), "{home}", formatNumber(h.Portable()), "{total}", formatNumber(h.Total()))
	}
	if t.Optional {
		row.Name += " (optional)"
	}
	return row, nil
}

var errNoPage = fault.New(fault.Missing, "HC-WEB-01", "There is no page here.")
