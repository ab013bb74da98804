// Package web is the workspace in the browser: what a person sees who types
// homecase. It listens on this computer alone, shows the case that lies open
// and asks one question a page.
//
// Every page works without a script, every answer is saved on Continue, and GET
// never writes. The words of the questions are data/words, the pages data/html.
// A handler parses, calls one op of the workspace and shows; the rules are the
// nouns' own, and their faults find the fields of a form by their paths.
//
// The package refuses what does not come from the person's own browser: another
// host or origin, a request without the key of the start, a form larger than a
// form can be.
//
//	s, err := web.New(web.Options{Workspace: w, Key: key})
//	http.Serve(listener, s)
package web

import (
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"sync"

	"homecase/ops"
)

// Options are what a server needs.
type Options struct {
	Workspace *ops.Workspace
	// Key is the secret of this start: whoever opens the address with it is the
	// person. The address is printed and opened, never logged.
	Key string
	// Hosts are the names under which the server answers, with their port.
	Hosts []string
	// Person is the name the account of this computer goes by, to begin with.
	Person string
	Log    *slog.Logger
}

// Server is the workspace as a handler.
type Server struct {
	o       Options
	work    *ops.Workspace
	handler http.Handler
	pages   *template.Template
	style   asset
	sheets  []sheet
	days    drawnDays
	assets  map[string]asset
	words   map[string]*question
	labels  map[string]string
	order   []*question
	help    []topic
	screens []screen
	jobs    *jobs
}

// New returns a server. It reads all of its words and pages, so that a page
// that is broken fails at the start.
func New(o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{o: o, work: o.Workspace, jobs: newJobs()}
	if err := together(s.loadAssets, s.loadLabels, s.loadPages, s.loadWords, s.loadHelp); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	s.screens = s.allScreens()
	if err := s.route(); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	return s, nil
}

// together takes steps that need nothing of each other at the same time.
func together(steps ...func() error) error {
	errs := make([]error, len(steps))
	var all sync.WaitGroup
	for i, step := range steps {
		all.Go(func() { errs[i] = step() })
	}
	all.Wait()
	return errors.Join(errs...)
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Close calls off what is still being made, and waits until it has stopped.
func (s *Server) Close() { s.jobs.close() }
