package postgres_test

import (
	"net"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"homecase/internal/postgres"
)

// What Linux is told of a connection: seconds without a word, then it is given up.
func TestASilentNetworkIsGivenUp(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	config, err := postgres.Parse("postgres://ana@" + l.Addr().String() + "/office")
	if err != nil {
		t.Fatal(err)
	}
	if config.ConnectTimeout != 10*time.Second {
		t.Errorf("connecting may take %s", config.ConnectTimeout)
	}
	c, err := config.DialFunc(t.Context(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	raw, err := c.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]struct{ level, option, want int }{
		"probes at all":          {unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1},
		"seconds before a probe": {unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, 10},
		"seconds between probes": {unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, 5},
		"probes":                 {unix.IPPROTO_TCP, unix.TCP_KEEPCNT, 2},
		"milliseconds unheard":   {unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, 20000},
	} {
		var got int
		var failed error
		if err := raw.Control(func(fd uintptr) { got, failed = unix.GetsockoptInt(int(fd), o.level, o.option) }); err != nil {
			t.Fatal(err)
		}
		if failed != nil || got != o.want {
			t.Errorf("%s: %d, want %d: %v", name, got, o.want, failed)
		}
	}
	config, err = postgres.Parse("postgres://ana@host/office?connect_timeout=3")
	if err != nil || config.ConnectTimeout != 3*time.Second {
		t.Errorf("an address that says 3 seconds: %v, %v", config.ConnectTimeout, err)
	}
}
