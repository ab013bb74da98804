package web

// factScreens are the questions about facts.
func factScreens() []screen { return nil }

// factBinders ties the questions about facts to the case.
func factBinders() map[string]binder { return nil }
