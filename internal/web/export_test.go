package web

// Route is a page of the server as the suites see it.
type Route struct {
	Path        string // as package http writes a pattern, without the method
	Free, Posts bool
}

// Routes are all pages of the server, so that a suite misses none.
func (s *Server) Routes() []Route {
	out := make([]Route, len(s.screens))
	for i, sc := range s.screens {
		out[i] = Route{Path: sc.path, Free: sc.free, Posts: sc.post != nil}
	}
	return out
}

// UsualStart is the first day that is suggested.
var UsualStart = usualStart
