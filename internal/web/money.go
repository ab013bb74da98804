package web

// moneyScreens are the pages about money and reasons.
func moneyScreens() []screen { return nil }

// moneyBinders ties the pages about money and reasons to the case.
func moneyBinders() map[string]binder { return nil }
