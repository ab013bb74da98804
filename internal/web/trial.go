package web

// trialScreens are the pages of the trial.
func trialScreens() []screen { return nil }

// trialBinders ties the pages of the trial to the case.
func trialBinders() map[string]binder { return nil }
