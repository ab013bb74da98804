package web

// readyScreens are the questions about the person and the place at home.
func readyScreens() []screen { return nil }

// readyBinders ties the questions about the person and the place at home to the case.
func readyBinders() map[string]binder { return nil }
