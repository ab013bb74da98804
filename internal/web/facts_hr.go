package web

import (
	"homecase"
	"homecase/ops"
)

// hrScreens are the question to Human Resources, for who does not know.
func hrScreens() []screen {
	return []screen{{path: "/case/facts/programme/question", get: showQuestionToHR, post: takeQuestionToHR}}
}

type hrView struct {
	Letter *letterSheet
	Next   string
}

func showQuestionToHR(v *visit) error {
	n, err := v.kase().Note(homecase.HRQuestion, homecase.NoteOptions{On: v.today()})
	if err != nil {
		return err
	}
	return v.ok("hr-question", page{Title: "A question to HR, ready to send", Tab: "case", Back: "/case/facts/programme"}, hrView{v.sheetOf(n), v.onward(homecase.TaskProgramme)})
}

// takeQuestionToHR hands the question out as a file.
func takeQuestionToHR(v *visit) error {
	name := "question-to-hr." + v.form().Get("as")
	text, err := v.s.work.LetterOf(v.kase(), homecase.HRQuestion, name, homecase.NoteOptions{On: v.today()})
	if err != nil {
		return err
	}
	return v.send(ops.File{Name: name, Data: text}, false)
}
