package homecase

import (
	"homecase/concern"
	"homecase/readiness"
)

// TaskID names one piece of work on the way to a packet.
type TaskID string

// The tasks, in the order in which a person meets them.
const (
	TaskDuties     TaskID = "duties"
	TaskTime       TaskID = "time"
	TaskSelf       TaskID = "self"
	TaskTrust      TaskID = "trust"
	TaskOffice     TaskID = "office"
	TaskCompany    TaskID = "company"
	TaskColleagues TaskID = "colleagues"
	TaskCareer     TaskID = "career"
	TaskProgramme  TaskID = "programme"
	TaskPeople     TaskID = "people"
	TaskResults    TaskID = "results"
	TaskMeasure    TaskID = "measure"
	TaskStudies    TaskID = "studies"
	TaskMoney      TaskID = "money"
	TaskTrades     TaskID = "trades"
	TaskReasons    TaskID = "reasons"
	TaskConcerns   TaskID = "concerns"
	TaskWorries    TaskID = "worries"
	TaskPromises   TaskID = "promises"
	TaskCheck      TaskID = "check"
	TaskMake       TaskID = "make"
)

// TaskState is how far a task is.
type TaskState string

// The states of a task.
const (
	TaskTodo    TaskState = "todo"
	TaskDoing   TaskState = "doing"
	TaskDone    TaskState = "done"
	TaskLater   TaskState = "later"   // another task opens it
	TaskProblem TaskState = "problem" // saved, and something in it cannot stand
)

// Task is one line of the task list.
type Task struct {
	ID       TaskID
	State    TaskState
	Done, Of int    // parts of it; Of is 0 where it has none
	Opens    TaskID // the task that opens this one, for TaskLater
	Optional bool   // it never holds up the packet
	Private  bool   // only the person sees it
}

// TaskGroup is the tasks under one heading.
type TaskGroup struct {
	ID    string
	Tasks []Task
}

// Count returns how many of the tasks that count are done.
func (g TaskGroup) Count() (done, of int) {
	for _, t := range g.Tasks {
		if t.Optional && t.State != TaskDone {
			continue
		}
		of++
		if t.State == TaskDone {
			done++
		}
	}
	return done, of
}

// usualQuestions is how many questions every boss may ask: the eighteen of the
// manager's list.
const usualQuestions = 18

// Progress is the task list: what is done on the way to a packet and what is
// left. A private or optional task counts as done once the person has been
// there, whatever was answered.
func (c *Case) Progress(course Course) []TaskGroup {
	p := progress{c, course}
	groups := []TaskGroup{
		{ID: "ready", Tasks: []Task{
			p.duties(),
			p.whole(TaskTime, c.Readiness.Tenure != nil && c.Readiness.EmployerRule.Exists != ""),
			p.visited(TaskSelf, len(c.Readiness.Unsupervised) > 0),
			private(p.visited(TaskTrust, c.Readiness.Trust != readiness.Trust{})),
			p.office(),
			optional(p.visited(TaskCompany, c.Readiness.Company != readiness.Company{})),
			optional(p.visited(TaskColleagues, c.Readiness.Colleagues != readiness.Colleagues{})),
			private(p.visited(TaskCareer, c.Readiness.Career != readiness.Career{})),
		}},
		{ID: "facts", Tasks: []Task{
			p.whole(TaskProgramme, c.Facts.Programme.Status != ""),
			optional(p.visited(TaskPeople, len(c.Facts.People) > 0)),
			p.visited(TaskResults, len(c.Facts.Results) > 0),
			p.whole(TaskMeasure, c.Facts.Measure.Name != "" && c.Facts.Measure.Usual != nil),
			p.visited(TaskStudies, len(c.Facts.Studies) > 0),
		}},
		{ID: "money", Tasks: []Task{
			p.whole(TaskMoney, len(c.Money.Lines) > 0),
			optional(private(p.visited(TaskTrades, len(c.Money.Trades) > 0))),
		}},
		{ID: "reasons", Tasks: []Task{p.visited(TaskReasons, len(c.Reasons.Business) > 0)}},
		{ID: "concerns", Tasks: []Task{
			p.concerns(),
			p.visited(TaskWorries, len(c.Concerns.Top) > 0),
			optional(p.visited(TaskPromises, len(c.Plan.Promises) > 0)),
		}},
	}
	return append(groups, p.packet(groups))
}

type progress struct {
	c      *Case
	course Course
}

func (p progress) whole(id TaskID, done bool) Task {
	t := Task{ID: id, State: TaskTodo}
	if done {
		t.State = TaskDone
	}
	return t
}

// visited is done by an answer, or by passing over the question.
func (p progress) visited(id TaskID, answered bool) Task {
	return p.whole(id, answered || p.course.Visited[id] != "")
}

func optional(t Task) Task { t.Optional = true; return t }
func private(t Task) Task  { t.Private = true; return t }

func parts(id TaskID, done, of int) Task {
	t := Task{ID: id, Done: done, Of: of, State: TaskDoing}
	switch {
	case done == 0:
		t.State = TaskTodo
	case done == of:
		t.State = TaskDone
	}
	return t
}

func (p progress) duties() Task {
	done := 0
	for _, d := range p.c.Readiness.Duties {
		if d.Name != "" && d.Hours > 0 && d.Where != "" && (d.Where != readiness.HomeWithChange || len(d.Change) > 0) {
			done++
		}
	}
	t := parts(TaskDuties, done, len(p.c.Readiness.Duties))
	if t.State == TaskTodo && t.Of > 0 {
		t.State = TaskDoing
	}
	return t
}

func (p progress) office() Task {
	done, of := 0, 0
	for _, it := range officeItems(p.c.Readiness.HomeOffice) {
		if of++; it.State != "" {
			done++
		}
	}
	return parts(TaskOffice, done, of)
}

// concerns counts what stands of the eighteen; a question that lies with its
// owner, or that the boss decides, is dealt with.
func (p progress) concerns() Task {
	done := 0
	for _, a := range p.c.Concerns.Answers {
		if a.Concern.Core() && a.Standing() != concern.Open {
			done++
		}
	}
	return parts(TaskConcerns, done, usualQuestions)
}

// packet is open once what counts before it is done or begun: only a number
// without a source keeps a packet from being built.
func (p progress) packet(before []TaskGroup) TaskGroup {
	check, build := p.visited(TaskCheck, false), p.whole(TaskMake, len(p.course.Made) > 0)
	for _, id := range []TaskID{TaskDuties, TaskTime, TaskMeasure} {
		if find(before, id).State != TaskDone && check.Opens == "" {
			check.State, check.Opens = TaskLater, id
		}
	}
	if check.State != TaskDone && build.State != TaskDone {
		build.State, build.Opens = TaskLater, TaskCheck
	}
	return TaskGroup{ID: "packet", Tasks: []Task{check, build}}
}

func find(groups []TaskGroup, id TaskID) Task {
	for _, g := range groups {
		for _, t := range g.Tasks {
			if t.ID == id {
				return t
			}
		}
	}
	return Task{ID: id}
}
