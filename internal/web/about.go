package web

// aboutScreens are help, sources and settings.
func aboutScreens() []screen { return nil }
