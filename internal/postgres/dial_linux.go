package postgres

import (
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// giveUpSending bounds how long what was sent may stay without an answer of the
// other computer's network; probes are not sent meanwhile (tcp(7), TCP_USER_TIMEOUT).
func giveUpSending(network, _ string, c syscall.RawConn) error {
	if !strings.HasPrefix(network, "tcp") {
		return nil
	}
	var failed error
	err := c.Control(func(fd uintptr) {
		failed = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(silence.Milliseconds()))
	})
	if err != nil {
		return err
	}
	return failed
}
