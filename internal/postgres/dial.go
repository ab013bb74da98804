package postgres

import (
	"net"
	"time"

	"github.com/jackc/pgx/v5"
)

// A network that swallows everything must not hold a request for a quarter of an
// hour, as TCP would: a server that does not answer for silence is given up.
const (
	connectTime = 10 * time.Second
	probeAfter  = 10 * time.Second
	probeEvery  = 5 * time.Second
	probes      = 2
	silence     = probeAfter + probes*probeEvery
)

// patient sets how long is waited for a network that is silent. What the address
// says about connecting stands.
func patient(config *pgx.ConnConfig) {
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTime
	}
	d := &net.Dialer{
		Timeout:         config.ConnectTimeout,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: probeAfter, Interval: probeEvery, Count: probes},
		Control:         giveUpSending,
	}
	config.DialFunc = d.DialContext
}
