// Package fault says what went wrong in a way that a person, a program and a
// log can each use. An Error carries the sentence a person may see, a stable
// code that tests and other programs match, the place in the input and what to
// do next; the cause stays behind it for the log.
//
// The package does not decide how a fault is shown: each door turns a Kind
// into its own exit code or HTTP status, in one place.
//
//	return fault.New(fault.Invalid, "HC-DUTY-02", "The week adds up to 212 hours.").
//		At(fault.Place{File: "case.yaml", Line: 14, Column: 5}).
//		Then("Check the hours of each duty.")
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind groups faults by what the caller can do about them.
type Kind uint8

// The kinds. The zero value is Internal: an error nobody classified is ours.
const (
	Internal  Kind = iota // ours: the log has the cause, the person gets a plain sentence
	Invalid               // the input is wrong and the person can mend it
	Finding               // the input is fine and the answer is no: not ready, a difference, a refused number
	Forbidden             // the actor may not do this
	Missing               // there is no such thing, or the actor may not learn that there is
	Conflict              // somebody else changed it first
	Away                  // another computer that is needed gave no answer; the same may work later
)

// Code identifies a rule for good, like HC-CASE-03. Codes are never reused.
type Code string

// Place is where in an input a fault lies. Zero fields are unknown.
type Place struct {
	File         string
	Line, Column int
	Path         string // the field, such as readiness.duties[2].hours
}

// String writes file:line:column, as editors read it.
func (p Place) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		if b.Len() > 0 {
			b.WriteByte(':')
		}
		fmt.Fprintf(&b, "%d", p.Line)
		if p.Column > 0 {
			fmt.Fprintf(&b, ":%d", p.Column)
		}
	}
	return b.String()
}

// Error is one fault.
type Error struct {
	Kind  Kind
	Code  Code
	Say   string // one sentence, safe to show
	Place Place
	Next  string // what to do, one sentence, may be empty
	Err   error  // the cause, for the log
}

// New returns a fault with a formatted sentence.
func New(kind Kind, code Code, say string, args ...any) *Error {
	if len(args) > 0 {
		say = fmt.Sprintf(say, args...)
	}
	return &Error{Kind: kind, Code: code, Say: say}
}

// At sets the place and returns the fault.
func (e *Error) At(p Place) *Error { e.Place = p; return e }

// Then sets what to do next and returns the fault.
func (e *Error) Then(next string, args ...any) *Error {
	if len(args) > 0 {
		next = fmt.Sprintf(next, args...)
	}
	e.Next = next
	return e
}

// Because sets the cause and returns the fault.
func (e *Error) Because(err error) *Error { e.Err = err; return e }

// Error writes place, sentence and what to do next on one line.
func (e *Error) Error() string {
	var b strings.Builder
	if p := e.Place.String(); p != "" {
		b.WriteString(p + ": ")
	}
	b.WriteString(e.Say)
	if e.Next != "" {
		b.WriteString(" " + e.Next)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is matches another fault by its code, so that errors.Is(err, fault.New(0, code, "")) works.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code != "" && t.Code == e.Code
}

// List is several faults found in one reading. It is an error when not empty.
type List []*Error

// Error writes one fault a line.
func (l List) Error() string {
	lines := make([]string, len(l))
	for i, e := range l {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.Is and errors.As look into the list.
func (l List) Unwrap() []error {
	errs := make([]error, len(l))
	for i, e := range l {
		errs[i] = e
	}
	return errs
}

// OrNil returns nil for an empty list, so that a nil error stays nil.
func (l List) OrNil() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// KindOf returns the kind of the first fault in err's tree, Internal when there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// CodeOf returns the code of the first fault in err's tree, "" when there is none.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
