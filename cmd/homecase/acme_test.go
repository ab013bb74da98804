package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"encoding/pem"
	"fmt"
	"io"
	number "math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// acmeName is what the office of these tests is called.
const acmeName = "office.test"

// An office gets its certificate from a certificate authority by itself, proving
// that the name is its own; keeps it for the next start, for its account alone;
// and has a new one before the old is over, without a pause. The authority is
// Pebble, which Let's Encrypt tests clients against.
func TestTheOfficeGetsItsCertificateByACME(t *testing.T) {
	ca := pebbleWith(t, 15*time.Second)
	office, dir := program(t), t.TempDir()
	kept, config := filepath.Join(dir, "acme"), filepath.Join(dir, "office.yaml")
	text := fmt.Sprintf("version: 1\naddress: https://%s:%s\nlisten: 127.0.0.1:%s\ndatabase: %s\ntls: {acme: true, directory: %q, folder: %q, redirect: '127.0.0.1:%s'}\nlog: debug\n",
		acmeName, ca.tlsPort, ca.tlsPort, filepath.Join(dir, "d"), ca.directory, kept, ca.httpPort)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	server, log := beginOffice(t, office, config, "SSL_CERT_FILE="+ca.trusted)
	first := ca.visit(t, log)
	if first.Subject.CommonName == acmeName || first.VerifyHostname(acmeName) != nil {
		t.Errorf("the certificate is of %q, %v", first.Subject.CommonName, first.DNSNames)
	}
	if _, err := ca.handshake("other.test"); err == nil {
		t.Error("a certificate was made for another name")
	}
	// Plain http is sent on.
	plain := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	req, err := http.NewRequest(http.MethodGet, "http://127.0.0.1:"+ca.httpPort+"/sign-in", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = acmeName
	if res, err := plain.Do(req); err != nil || res.Header.Get("Location") != "https://"+acmeName+":"+ca.tlsPort+"/sign-in" {
		t.Errorf("plain http: %v, %v", res, err)
	}
	keptForTheAccountAlone(t, kept)

	// It is renewed while it holds: no handshake in between fails.
	second := first
	for end := time.Now().Add(2 * time.Minute); second.SerialNumber.Cmp(first.SerialNumber) == 0; time.Sleep(100 * time.Millisecond) {
		if second = ca.visit(t, log); time.Now().After(end) {
			t.Fatalf("it is never renewed\n%s", log)
		}
	}
	if !second.NotAfter.After(first.NotAfter) {
		t.Errorf("the new one ends at %s, the old one at %s", second.NotAfter, first.NotAfter)
	}

	// The next start takes the one that is kept: the authority is not needed for it.
	if err := server.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := server.Wait(); err != nil {
		t.Errorf("the office stopped badly: %v\n%s", err, log)
	}
	if err := ca.process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = ca.process.Wait() // killed, as it should be
	_, log = beginOffice(t, office, config, "SSL_CERT_FILE="+ca.trusted)
	if third := ca.visit(t, log); third.SerialNumber.Cmp(second.SerialNumber) != 0 {
		t.Error("the next start has another certificate than the one that was kept")
	}
}

// keptForTheAccountAlone looks at the files of certificates and of the account's key.
func keptForTheAccountAlone(t *testing.T, folder string) {
	t.Helper()
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, f := range files {
		info, err := f.Info()
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s can be read by others: %s", f.Name(), info.Mode())
		}
		there[f.Name()] = true
	}
	if !there[acmeName] || !there["acme_account+key"] {
		t.Errorf("the folder holds %v", there)
	}
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("the folder is open to others: %v", info.Mode())
	}
}

// Of TLS nothing older than 1.2 is spoken, whatever a client or somebody on the way offers.
func TestNothingOlderThanTLS12IsSpoken(t *testing.T) {
	dir, port := t.TempDir(), freePort(t)
	cert, key, config := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"), filepath.Join(dir, "office.yaml")
	ownCertificate(t, cert, key)
	text := fmt.Sprintf("version: 1\naddress: https://127.0.0.1:%s\nlisten: 127.0.0.1:%s\ndatabase: %s\ntls: {certificate: %s, key: %s}\n", port, port, filepath.Join(dir, "d"), cert, key)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	beginOffice(t, program(t), config)
	own, err := os.ReadFile(cert)
	trusted := x509.NewCertPool()
	if err != nil || !trusted.AppendCertsFromPEM(own) {
		t.Fatal(err)
	}
	for version, spoken := range map[uint16]bool{tls.VersionTLS10: false, tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		c, err := tls.Dial("tcp", "127.0.0.1:"+port, &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS10, MaxVersion: version})
		if (err == nil) != spoken {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
		if err == nil {
			_ = c.Close()
		}
	}
}

// pebble is a certificate authority on this computer.
type pebble struct {
	process            *exec.Cmd
	directory, trusted string // its address, and the file by which it is trusted
	tlsPort, httpPort  string // where it looks for proof
	roots              *x509.CertPool
}

// pebbleWith starts Pebble, whose certificates last so long.
func pebbleWith(t *testing.T, lasts time.Duration) *pebble {
	t.Helper()
	binary, err := filepath.Abs("../../tools/acme/bin/pebble")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(binary); err != nil {
		const missing = "Pebble is not there, so no certificate was asked for; make need installs it"
		if os.Getenv("CI") == "true" || os.Getenv("HOMECASE_TESTS_COMPLETE") != "" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	dir := t.TempDir()
	ca := &pebble{trusted: filepath.Join(dir, "cert.pem"), tlsPort: freePort(t), httpPort: freePort(t)}
	listen, manage := "127.0.0.1:"+freePort(t), "127.0.0.1:"+freePort(t)
	ca.directory = "https://" + listen + "/dir"
	ownCertificate(t, ca.trusted, filepath.Join(dir, "key.pem"))
	config := fmt.Sprintf(`{"pebble": {"listenAddress": %q, "managementListenAddress": %q, "certificate": %q, "privateKey": %q, "httpPort": %s, "tlsPort": %s,
		"profiles": {"default": {"description": "short", "validityPeriod": %d}}}}`, listen, manage, ca.trusted, filepath.Join(dir, "key.pem"), ca.httpPort, ca.tlsPort, int(lasts.Seconds()))
	file := filepath.Join(dir, "pebble.json")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	ca.process = exec.Command(binary, "-config", file, "-dnsserver", namesHere(t))
	ca.process.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1")
	var said bytes.Buffer
	ca.process.Stdout, ca.process.Stderr = &said, &said
	if err := ca.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = ca.process.Process.Kill() // it has ended, unless the test failed
		_ = ca.process.Wait()
		if t.Failed() {
			t.Logf("Pebble said:\n%s", &said)
		}
	})
	trusted := x509.NewCertPool()
	own, err := os.ReadFile(ca.trusted)
	if err != nil || !trusted.AppendCertsFromPEM(own) {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}}}
	ca.roots = x509.NewCertPool()
	for range 300 {
		res, err := client.Get("https://" + manage + "/roots/0")
		if err != nil {
			time.Sleep(50 * time.Millisecond)
			continue
		}
		defer res.Body.Close()
		if root, err := io.ReadAll(res.Body); err != nil || !ca.roots.AppendCertsFromPEM(root) {
			t.Fatalf("no root: %v, %s", err, root)
		}
		return ca
	}
	t.Fatal("Pebble does not answer")
	return nil
}

// handshake speaks TLS with the office under a name, and trusts the authority alone.
func (ca *pebble) handshake(name string) (*x509.Certificate, error) {
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	d := tls.Dialer{Config: &tls.Config{ServerName: name, RootCAs: ca.roots, NextProtos: []string{"http/1.1"}}}
	c, err := d.DialContext(ctx, "tcp", "127.0.0.1:"+ca.tlsPort)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	return c.(*tls.Conn).ConnectionState().PeerCertificates[0], nil
}

// visit opens a page of the office by https, and returns the certificate it came with.
func (ca *pebble) visit(t *testing.T, log *bytes.Buffer) *x509.Certificate {
	t.Helper()
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: ca.roots}, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", "127.0.0.1:"+ca.tlsPort)
	}}}
	res, err := client.Get("https://" + net.JoinHostPort(acmeName, ca.tlsPort) + "/readyz")
	if err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("the office answers %d", res.StatusCode)
	}
	return res.TLS.PeerCertificates[0]
}

// ownCertificate makes the certificate by which the authority itself speaks https.
func ownCertificate(t *testing.T, cert, key string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: number.NewInt(1), Subject: pkix.Name{CommonName: "the authority of a test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, k.Public(), k)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// namesHere is a name server that knows one address for every name: this computer.
// Pebble asks it by TCP, where the length of a message stands before it (RFC 1035, 4.2.2).
func namesHere(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				for answerName(c) == nil {
				}
			}()
		}
	}()
	return l.Addr().String()
}

// answerName answers one question about a name.
func answerName(c net.Conn) error {
	var size [2]byte
	if _, err := io.ReadFull(c, size[:]); err != nil {
		return err
	}
	b := make([]byte, binary.BigEndian.Uint16(size[:]))
	if _, err := io.ReadFull(c, b); err != nil {
		return err
	}
	var m dnsmessage.Message
	if err := m.Unpack(b); err != nil {
		return err
	}
	m.Header = dnsmessage.Header{ID: m.ID, Response: true, Authoritative: true, RecursionAvailable: true}
	m.Additionals = nil
	for _, q := range m.Questions {
		if q.Type == dnsmessage.TypeA {
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1}, Body: &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}}})
		}
	}
	out, err := m.Pack()
	if err != nil {
		return err
	}
	_, err = c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(out))), out...))
	return err
}
