// Package evidence keeps what a case rests on: the person's own results, with
// where each number comes from, and a library of studies that shows both sides.
//
// It refuses three things. A study that helps is never selected without the
// strongest study that speaks against the same point. A figure that a later
// version changed, or that its source does not say, is reported with the right
// one. A company's or a country's figure is never scaled to one person.
//
// The package does not judge the person's own numbers: it lists those without
// a kind of source, and the packet waits for them.
//
//	problems, err := evidence.CheckQuote("A Stanford study found a 20% gain.")
//	// problems[0].Say: the paper says 13 %.
package evidence
