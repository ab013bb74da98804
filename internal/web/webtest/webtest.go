// Package webtest opens pages in a real browser, judges them and walks through
// them as a person would. One headless Chromium serves all tests of a binary:
//
//	func TestMain(m *testing.M) { os.Exit(webtest.Main(m)) }
//
//	func TestHome(t *testing.T) {
//		p := webtest.Open(t, server.URL, webtest.View{Width: 320, Dark: true})
//		p.Go("/")
//		p.AtMost(60_000) // bytes on the wire of a first visit
//		p.Check()        // every check, or those that are named
//		p.Look(webtest.View{Width: 1280})
//		p.Check()
//		p.Screenshot("home-1280")
//	}
//
//	me := webtest.Open(t, server.URL, webtest.View{}).Person()
//	me.Go("/tasks/new")
//	me.Fill("What is the task?", "Reconcile the bank")
//	me.In("Where can it be done?").Choose("At home")
//	me.Press("Save and go on")
//
// A person finds things by the words on them; there is no way to name an id or
// a class. The Content-Security-Policy of the page stays in force, and no
// request leaves the machine. The package takes no part in the program.
package webtest
