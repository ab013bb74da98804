package web

// talkScreens are the pages about the talk.
func talkScreens() []screen { return nil }

// talkBinders ties the pages about the talk to the case.
func talkBinders() map[string]binder { return nil }
