package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"homecase/content"
	"homecase/fault"
	"homecase/internal/courier"
	"homecase/internal/office"
	"homecase/internal/post"
	"homecase/internal/postgres"
	"homecase/internal/press/mail"
	"homecase/internal/sqlite"
	"homecase/ops"
	"homecase/share"
)

// offices wires the office: the engine below, the pages above, e-mail beside.
type offices struct {
	desk *ops.Desk
	log  io.Writer
}

// adminSocket is where the command line reaches an office that has its SQLite file open.
const adminSocket = "office.sock"

// Example is a file of settings with every field.
func (offices) Example() []byte { return office.ExampleConfig() }

// Bounced reads a delivery report.
func (offices) Bounced(r io.Reader) (*ops.Returned, error) {
	back, err := post.ReadBounce(r)
	if err != nil {
		return nil, err
	}
	why, err := back.Why()
	return &ops.Returned{Org: back.Org, ID: back.ID, Why: why}, err
}

// settings reads a file of settings.
func (o offices) settings(path string) (*office.Config, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.New(fault.Invalid, "HC-SERVE-04", "There are no settings at %s.", path).Then("homecase serve example-config prints a file to start from; --config says where it is.").Because(err)
	}
	defer f.Close()
	text, err := content.Read(path, f)
	if err != nil {
		return nil, err
	}
	return office.ReadConfig(path, text, o.desk.Getenv)
}

// inPostgres tells whether a database is an address of PostgreSQL, and no folder.
func inPostgres(database string) bool {
	return strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://")
}

// store opens the database.
func store(ctx context.Context, c *office.Config) (share.Store, error) {
	if inPostgres(c.Database) {
		return postgres.Open(ctx, c.Database, postgres.Options{})
	}
	return sqlite.OpenOffice(ctx, c.Database, sqlite.Options{})
}

// Open reaches the office for one command: by its database, or by its socket while it runs.
func (o offices) Open(ctx context.Context, config string) (ops.OfficeAdmin, func() error, error) {
	c, err := o.settings(config)
	if err != nil {
		return nil, nil, err
	}
	s, err := store(ctx, c)
	var running *sqlite.InUse
	if errors.As(err, &running) {
		return courier.NewAdmin(filepath.Join(c.Database, adminSocket)), func() error { return nil }, nil
	}
	if err != nil {
		return nil, nil, err
	}
	return o.office(c, s), s.Close, nil
}

func (o offices) office(c *office.Config, s share.Store) *ops.Office {
	of := &ops.Office{Desk: o.desk, Store: s, Address: c.Address, Room: c.Room()}
	if c.Mail != nil {
		of.Letters = ops.Letters{From: mail.Address{Name: c.Mail.Name, Email: c.Mail.From}, PerDay: c.Mail.PerDay, PerAddress: c.Mail.PerAddress}
	}
	return of
}

// build names this program: the SHA-256 of its file.
func build() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// Serve runs the office until the context ends.
func (o offices) Serve(ctx context.Context, config string, tell func(string)) (err error) {
	debug.SetGCPercent(100) // it runs for months: memory before speed
	c, err := o.settings(config)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(o.log, &slog.HandlerOptions{Level: c.Level()}))
	s, err := store(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	of := o.office(c, s)
	if of.Build, err = build(); err != nil {
		return err
	}
	proxies, err := c.ProxyNetworks()
	if err != nil {
		return err
	}
	options := office.Options{Office: of, Hosts: c.Hosts, Proxies: proxies, Log: log}
	if options.Providers, err = providers(c); err != nil {
		return err
	}
	if c.Traces != "" {
		traces := office.NewTraces(c.Traces, o.desk.Version, &http.Client{Timeout: time.Minute})
		defer func() { err = errors.Join(err, traces.Shutdown(context.WithoutCancel(ctx))) }()
		options.Traces = traces
	}
	server, err := office.New(options)
	if err != nil {
		return err
	}
	l, err := o.listen(ctx, c, log)
	if err != nil {
		return err
	}
	defer closeAll(l)
	if c.Mail != nil {
		runner, err := o.runner(c.Mail, s, log)
		if err != nil {
			return err
		}
		l.Beside = append(l.Beside, runner.Run)
	}
	log.Info("the office is open", "address", c.Address, "listen", l.Public.Addr().String(), "version", o.desk.Version)
	tell(c.Address)
	defer server.Wait()
	return server.Serve(ctx, l)
}

// listen opens what the settings name. Where one cannot be opened, none stays open.
func (o offices) listen(ctx context.Context, c *office.Config, log *slog.Logger) (l office.Listening, err error) {
	defer func() {
		if err != nil {
			closeAll(l)
		}
	}()
	l.Most, l.MostEach, l.Drain = c.Connections, c.Each, c.DrainTime()
	if l.Public, err = listen(ctx, "tcp", c.Listen); err != nil {
		return l, err
	}
	if c.Metrics != "" {
		if l.Metrics, err = listen(ctx, "tcp", c.Metrics); err != nil {
			return l, err
		}
	}
	if !inPostgres(c.Database) {
		socket := filepath.Join(c.Database, adminSocket)
		_ = os.Remove(socket) // of a process that died: the folder's lock is ours
		if l.Admin, err = listen(ctx, "unix", socket); err != nil {
			return l, err
		}
		if err := os.Chmod(socket, 0o600); err != nil {
			return l, err
		}
	}
	if c.TLS == nil {
		return l, nil
	}
	if c.TLS.Redirect != "" {
		if l.Redirect, err = listen(ctx, "tcp", c.TLS.Redirect); err != nil {
			return l, err
		}
	}
	if !c.TLS.ACME {
		cert, err := office.ReadCertificate(c.TLS.Certificate, c.TLS.Key)
		if err != nil {
			return l, err
		}
		l.TLS = cert.TLS()
		return l, nil
	}
	l.TLS, l.Challenge, err = authority(c, log)
	return l, err
}

// authority asks for certificates by ACME, for the office's own names alone. Why
// there is none is said in the log.
func authority(c *office.Config, log *slog.Logger) (*tls.Config, func(http.Handler) http.Handler, error) {
	at, err := url.Parse(c.Address)
	if err != nil {
		return nil, nil, err
	}
	names := []string{at.Hostname()}
	for _, h := range c.Hosts {
		name, _, err := net.SplitHostPort(h)
		if err != nil {
			name = h
		}
		names = append(names, name)
	}
	m := &autocert.Manager{
		Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(names...), Email: c.TLS.Email,
		Cache: autocert.DirCache(c.TLS.Folder), Client: &acme.Client{DirectoryURL: c.TLS.Directory},
	}
	speaks := m.TLSConfig()
	speaks.MinVersion = tls.VersionTLS12
	speaks.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		cert, err := m.GetCertificate(hello)
		if err != nil && slices.Contains(names, strings.ToLower(hello.ServerName)) {
			log.Warn("there is no certificate by ACME", "name", hello.ServerName, "err", err.Error())
		}
		return cert, err
	}
	return speaks, m.HTTPHandler, nil
}

func listen(ctx context.Context, network, address string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, network, address)
	if err != nil {
		return nil, fault.New(fault.Invalid, "HC-SERVE-05", "The office cannot listen on %s.", address).Then("Look whether something else does, and whether this account may.").Because(err)
	}
	return l, nil
}

func closeAll(l office.Listening) {
	for _, one := range []net.Listener{l.Public, l.Metrics, l.Redirect, l.Admin} {
		if one != nil {
			_ = one.Close() // closed already where the server ran
		}
	}
}

// runner sends what waits in the outbox.
func (o offices) runner(m *office.Mail, s share.Store, log *slog.Logger) (*post.Runner, error) {
	r := &post.Runner{Box: s, Now: o.desk.Now, Random: rand.Reader, Log: log}
	if m.Folder != "" {
		r.Sender = post.Folder(m.Folder)
		return r, nil
	}
	host, port, err := net.SplitHostPort(m.Server)
	if err != nil {
		return nil, err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, fault.New(fault.Invalid, "HC-SERVE-02", "A mail server looks like mail.example:587.").At(fault.Place{Path: "mail.server"})
	}
	smtp := &post.SMTP{Host: host, Port: number, Security: post.Security(m.Security), User: m.User, From: m.From, Hello: m.From[strings.LastIndexByte(m.From, '@')+1:]}
	if smtp.Password, err = secret(m.PasswordFile); err != nil {
		return nil, err
	}
	r.Sender = smtp
	if err := smtp.Check(); err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	return r, nil
}

// providers are those that sign people in.
func providers(c *office.Config) ([]office.Provider, error) {
	var list []office.Provider
	for _, p := range c.SignIn {
		word, err := secret(p.SecretFile)
		if err != nil {
			return nil, err
		}
		list = append(list, office.Provider{Org: p.Organisation, Name: p.Name, Issuer: p.Issuer, Client: p.Client, Secret: word})
	}
	return list, nil
}

// secret reads a password that stands in a file of its own; empty where none is named.
func secret(file string) (string, error) {
	if file == "" {
		return "", nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", fault.New(fault.Invalid, "HC-SERVE-06", "A password cannot be read.").At(fault.Place{File: file}).Because(err)
	}
	return strings.TrimRight(string(text), "\r\n"), nil
}
