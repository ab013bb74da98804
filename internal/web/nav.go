package web

import (
	"path"
	"strconv"
	"strings"

	"homecase"
)

// tab is a part of the navigation.
type tab struct{ ID, Name, Address string }

func tabs() []tab {
	return []tab{{"case", "Case", "/case"}, {"packet", "Packet", "/packet"}, {"talk", "Talk", "/talk"}, {"trial", "Trial", "/trial"}, {"ladder", "Ladder", "/ladder"}}
}

// taskAddress is the first page of a task.
var taskAddress = map[homecase.TaskID]string{
	homecase.TaskDuties:     "/case/ready/tasks",
	homecase.TaskTime:       "/case/ready/time",
	homecase.TaskSelf:       "/case/ready/self",
	homecase.TaskTrust:      "/case/ready/trust",
	homecase.TaskOffice:     "/case/ready/office",
	homecase.TaskCompany:    "/case/ready/company",
	homecase.TaskColleagues: "/case/ready/colleagues",
	homecase.TaskCareer:     "/case/ready/career",
	homecase.TaskProgramme:  "/case/facts/programme",
	homecase.TaskPeople:     "/case/facts/people",
	homecase.TaskResults:    "/case/facts/results",
	homecase.TaskMeasure:    "/case/facts/measure",
	homecase.TaskStudies:    "/case/facts/studies",
	homecase.TaskMoney:      "/case/money/inputs",
	homecase.TaskTrades:     "/case/money/trades",
	homecase.TaskReasons:    "/case/reasons",
	homecase.TaskConcerns:   "/case/concerns",
	homecase.TaskWorries:    "/case/concerns/own",
	homecase.TaskPromises:   "/case/promises",
	homecase.TaskCheck:      "/packet/check",
	homecase.TaskMake:       "/packet",
}

// onward is the first page of the next task that is still to do after the given
// one, and else of the first; the task list where nothing is left.
func (v *visit) onward(after homecase.TaskID) string {
	first, passed := "", after == ""
	for _, g := range v.kase().Progress(v.open.Course) {
		for _, t := range g.Tasks {
			if t.ID == after {
				passed = true
				continue
			}
			if t.Optional || t.State == homecase.TaskDone || t.State == homecase.TaskLater {
				continue
			}
			if passed {
				return taskAddress[t.ID]
			}
			if first == "" {
				first = taskAddress[t.ID]
			}
		}
	}
	if first == "" {
		return "/case"
	}
	return first
}

// after is where Continue leads from a question: through the questions of the
// start one by one, and then from task to task.
func (v *visit) after(q *question) string {
	if q.Task == "" {
		for i, other := range v.s.order {
			if other.ID == q.ID && i+1 < len(v.s.order) && v.s.order[i+1].Task == "" && !strings.Contains(v.s.order[i+1].Path, "{") {
				return v.s.order[i+1].Path
			}
		}
	}
	return v.onward(q.Task)
}

// before is where Back leads from a question.
func (v *visit) before(q *question) string {
	switch v.from() {
	case "check":
		return "/packet/check"
	case "later":
		return "/case"
	}
	if q.Tab != "" && q.Tab != "case" { // a page of another part leads back to its front
		if front := "/" + q.Tab; front != v.r.URL.Path {
			return front
		}
		return ""
	}
	if strings.Contains(q.Path, "{n}") { // one of a list: back to the list, or to the one it asks more about
		return path.Dir(v.r.URL.Path)
	}
	if q.Task == "" {
		for i, other := range v.s.order {
			if other.ID == q.ID && i > 0 && v.s.order[i-1].Task == "" {
				return v.s.order[i-1].Path
			}
		}
		return "/start"
	}
	return "/case"
}

// index is the number in the address of a loop's page, from zero; -1 where it
// is no number.
func (v *visit) index() int {
	n, err := strconv.Atoi(v.r.PathValue("n"))
	if err != nil || n < 1 {
		return -1
	}
	return n - 1
}

func itoa(n int) string { return strconv.Itoa(n) }
