package office

import (
	"crypto/tls"
	"os"
	"sync"
	"time"

	"homecase/fault"
)

// Certificate is a certificate in files. It is read again when the file changes,
// so that a renewal needs no restart; one that cannot be read leaves the old in use.
type Certificate struct {
	file, key string

	mu   sync.Mutex
	at   time.Time
	cert *tls.Certificate
}

// ReadCertificate reads a certificate and its key.
func ReadCertificate(file, key string) (*Certificate, error) {
	c := &Certificate{file: file, key: key}
	if err := c.read(); err != nil {
		return nil, fault.New(fault.Invalid, "HC-SERVE-03", "The certificate cannot be read: %v.", err).At(fault.Place{File: file}).Because(err)
	}
	return c, nil
}

func (c *Certificate) read() error {
	info, err := os.Stat(c.file)
	if err != nil || c.cert != nil && info.ModTime().Equal(c.at) {
		return err
	}
	cert, err := tls.LoadX509KeyPair(c.file, c.key)
	if err != nil {
		return err
	}
	c.at, c.cert = info.ModTime(), &cert
	return nil
}

// TLS is how a server speaks with the certificate.
func (c *Certificate) TLS() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		_ = c.read() // half a renewal: the old one serves until the files fit again
		return c.cert, nil
	}}
}
