// Package concern keeps the questions an employer may raise about working from
// home, who owns each one, what a good answer contains, and what is answered in
// one case.
//
// An answer without a source is the person's own proposal, and is called so. A
// question that is open stays in the list: nothing is hidden because it is
// hard. Answers that are known to be false in law are named with the reason.
//
// The package does not decide whether a concern is fair, and it gives no legal
// advice: a note on a country names its source and asks for the owner's word.
//
//	views, err := register.Views()
//	// the top three first, then the others by owner
package concern
