package web

// ladderScreens are the ladder.
func ladderScreens() []screen { return nil }
