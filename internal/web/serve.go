package web

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// Times of the server. A page is small and near; an answer may wait for an
// estimate or a packet.
const (
	headerTime = 5 * time.Second
	bodyTime   = time.Minute
	writeTime  = 2 * time.Minute
	idleTime   = 2 * time.Minute
	closeTime  = 10 * time.Second
)

// Serve answers on a listener until the context ends, and lets what is under
// way come to its end.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	srv := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: headerTime, ReadTimeout: bodyTime, WriteTimeout: writeTime, IdleTimeout: idleTime,
		MaxHeaderBytes: 1 << 16,
	}
	defer s.Close()
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer cancel()
	if err := srv.Shutdown(end); err != nil {
		return err
	}
	if err := <-done; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
