// Package pitch reads the words of a case the way a careful colleague would
// and says which sentences will not help: a personal reason, a threat, a claim
// without a number, a promise nobody can keep, a figure its source never gave.
// It also says what is good, and what a whole letter leaves out.
//
// Rules are data (data/*.yaml). A rule matches meaning as far as words carry
// it: forms of a word count as one word, classes of synonyms stand for each
// other, a few words may stand between, and a rule names what excuses it. Any
// rule can be tuned or switched off with a reason, in a file or in the text.
//
// The package never stops anything. The severity error is kept for three
// things: a claim known to be false, deception, and an offer of unpaid work.
// It keeps no text, and looks nothing up outside the program.
//
//	findings, err := pitch.Check([]pitch.File{{Name: "letter.md", Data: b}}, pitch.Options{})
//	categories := pitch.Label("I will quit unless you agree.") // [ultimatum]
package pitch
