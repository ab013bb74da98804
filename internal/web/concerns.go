package web

// concernScreens are the questions a boss may have.
func concernScreens() []screen { return nil }

// concernBinders ties the questions a boss may have to the case.
func concernBinders() map[string]binder { return nil }
