package office

import (
	_ "embed"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"homecase/content"
	"homecase/fault"
	"homecase/ops"
	"homecase/share"
)

// Config is a file of settings. Every field stands with its meaning in
// data/office.yaml, which homecase serve example-config prints.
type Config struct {
	Version     int      `json:"version"`
	Address     string   `json:"address"`
	Database    string   `json:"database,omitempty"`
	Listen      string   `json:"listen,omitempty"`
	Hosts       []string `json:"hosts,omitempty"`
	Proxies     []string `json:"proxies,omitempty"`
	TLS         *TLS     `json:"tls,omitempty"`
	Mail        *Mail    `json:"mail,omitempty"`
	SignIn      []SignIn `json:"sign_in,omitempty"`
	Metrics     string   `json:"metrics,omitempty"`
	Traces      string   `json:"traces,omitempty"`
	Log         string   `json:"log,omitempty"`
	Files       *Files   `json:"files,omitempty"`
	Connections int      `json:"connections,omitempty"`
	Each        int      `json:"connections_each,omitempty"`
	Drain       int      `json:"drain,omitempty"` // seconds
}

// TLS is how the server speaks https itself.
type TLS struct {
	Certificate string `json:"certificate,omitempty"`
	Key         string `json:"key,omitempty"`
	ACME        bool   `json:"acme,omitempty"`
	Email       string `json:"email,omitempty"`
	Directory   string `json:"directory,omitempty"`
	Folder      string `json:"folder,omitempty"`
	Redirect    string `json:"redirect,omitempty"`
}

// Mail is how the office sends e-mail.
type Mail struct {
	From         string `json:"from"`
	Name         string `json:"name,omitempty"`
	Server       string `json:"server,omitempty"`
	Security     string `json:"security,omitempty"`
	User         string `json:"user,omitempty"`
	PasswordFile string `json:"password_file,omitempty"`
	Folder       string `json:"folder,omitempty"`
	PerDay       int    `json:"per_day,omitempty"`
	PerAddress   int    `json:"per_address,omitempty"`
}

// Files is how much room there is for files, in MB.
type Files struct {
	Case         int `json:"case,omitempty"`
	Person       int `json:"person,omitempty"`
	Organisation int `json:"organisation,omitempty"`
}

// Room is how many bytes of files may be kept. What is not set is as usual.
func (c *Config) Room() share.Room {
	r := ops.UsualRoom()
	if c.Files == nil {
		return r
	}
	for _, one := range []struct {
		of *int64
		mb int
	}{{&r.Case, c.Files.Case}, {&r.Person, c.Files.Person}, {&r.Org, c.Files.Organisation}} {
		if one.mb > 0 {
			*one.of = int64(one.mb) << 20
		}
	}
	return r
}

// SignIn is a provider of OpenID Connect that signs the people of one
// organisation in.
type SignIn struct {
	Organisation string `json:"organisation"`
	Name         string `json:"name"`
	Issuer       string `json:"issuer"`
	Client       string `json:"client"`
	SecretFile   string `json:"secret_file,omitempty"`
}

//go:embed data/office.yaml
var exampleConfig []byte

// ExampleConfig is a file of settings with every field and what it means.
func ExampleConfig() []byte { return exampleConfig }

// DatabaseVariable stands above the database of a file of settings.
const DatabaseVariable = "HOMECASE_DATABASE"

// ReadConfig reads a file of settings, strictly. What is left out gets its usual value.
func ReadConfig(name string, text []byte, getenv func(string) string) (*Config, error) {
	c := &Config{}
	if err := content.Decode(name, text, c); err != nil {
		return nil, err
	}
	if db := getenv(DatabaseVariable); db != "" {
		c.Database = db
	}
	c.Address = strings.TrimSuffix(c.Address, "/")
	usual(&c.Listen, "127.0.0.1:8480")
	usual(&c.Log, "info")
	if c.TLS != nil {
		usual(&c.TLS.Directory, "https://acme-v02.api.letsencrypt.org/directory")
		usual(&c.TLS.Folder, "/var/lib/homecase/acme")
	}
	if c.Mail != nil {
		usual(&c.Mail.Security, "starttls")
	}
	if c.Database == "" {
		return nil, fault.New(fault.Invalid, "HC-SERVE-01", "No database is named.").At(fault.Place{File: name, Path: "database"}).Then("Name a folder or a PostgreSQL address, in the settings or in %s.", DatabaseVariable)
	}
	return c, nil
}

func usual(s *string, value string) {
	if *s == "" {
		*s = value
	}
}

// Check tells what is wrong with the settings.
func (c *Config) Check() fault.List {
	var list fault.List
	bad := func(path, say string, args ...any) {
		list = append(list, fault.New(fault.Invalid, "HC-SERVE-02", say, args...).At(fault.Place{Path: path}))
	}
	if c.Version != 1 {
		bad("version", "This homecase reads settings of version 1.")
	}
	at, err := url.Parse(c.Address)
	switch {
	case err != nil || at.Host == "" || strings.Trim(at.Path, "/") != "" || at.RawQuery != "" || at.User != nil:
		bad("address", "The address looks like https://case.example.")
	case at.Scheme == "http" && !local(at.Hostname()):
		bad("address", "Readers reach the office by https. Only an address of this computer may be plain http.")
	case at.Scheme != "https" && at.Scheme != "http":
		bad("address", "The address looks like https://case.example.")
	}
	if _, err := c.ProxyNetworks(); err != nil {
		bad("proxies", "A network looks like 127.0.0.1/32 or ::1/128.")
	}
	for path, a := range map[string]string{"listen": c.Listen, "metrics": c.Metrics} {
		if _, _, err := net.SplitHostPort(a); a != "" && err != nil {
			bad(path, "An address to listen on looks like 127.0.0.1:8480.")
		}
	}
	if c.Traces != "" {
		if u, err := url.Parse(c.Traces); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			bad("traces", "The address of a collector looks like http://127.0.0.1:4318.")
		}
	}
	if _, err := level(c.Log); c.Log != "" && err != nil {
		bad("log", "This must be one of: debug, info, warn, error.")
	}
	for path, n := range map[string]int{"connections": c.Connections, "connections_each": c.Each, "drain": c.Drain} {
		if n < 0 || n > 1_000_000 {
			bad(path, "This must be a number from 0 to 1,000,000.")
		}
	}
	if f := c.Files; f != nil {
		for path, mb := range map[string]int{"files.case": f.Case, "files.person": f.Person, "files.organisation": f.Organisation} {
			if mb < 0 || mb > 1_000_000_000 {
				bad(path, "This must be a number of MB from 1 to 1,000,000,000.")
			}
		}
	}
	list = append(list, c.TLS.check()...)
	list = append(list, c.Mail.check()...)
	for i, p := range c.SignIn {
		u, err := url.Parse(p.Issuer)
		switch {
		case p.Organisation == "" || p.Name == "" || p.Client == "":
			bad(fmt.Sprintf("sign_in[%d]", i), "A provider needs an organisation, a name, an issuer and a client.")
		case err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && local(u.Hostname())):
			bad(fmt.Sprintf("sign_in[%d].issuer", i), "The issuer of a provider is an address that begins with https://.")
		}
	}
	slices.SortFunc(list, func(a, b *fault.Error) int { return strings.Compare(a.Place.Path, b.Place.Path) })
	return list
}

func (t *TLS) check() (list fault.List) {
	if t == nil {
		return nil
	}
	bad := func(path, say string) {
		list = append(list, fault.New(fault.Invalid, "HC-SERVE-02", "%s", say).At(fault.Place{Path: path}))
	}
	own := t.Certificate != "" || t.Key != ""
	switch {
	case own && t.ACME:
		bad("tls.acme", "Name a certificate, or let one be made by ACME, not both.")
	case own && (t.Certificate == "" || t.Key == ""):
		bad("tls", "A certificate and its key go together.")
	case !own && !t.ACME:
		bad("tls", "Name a certificate and its key, or set acme to true.")
	}
	if t.Redirect != "" {
		if _, _, err := net.SplitHostPort(t.Redirect); err != nil {
			bad("tls.redirect", "An address to listen on looks like :80.")
		}
	}
	return list
}

func (m *Mail) check() (list fault.List) {
	if m == nil {
		return nil
	}
	bad := func(path, say string) {
		list = append(list, fault.New(fault.Invalid, "HC-SERVE-02", "%s", say).At(fault.Place{Path: path}))
	}
	if !strings.Contains(m.From, "@") || strings.ContainsAny(m.From, "<> \t\r\n") {
		bad("mail.from", "The office sends from an address such as home-office@employer.example.")
	}
	if (m.Server == "") == (m.Folder == "") {
		bad("mail", "Name a server to send by, or a folder to write to.")
	}
	if _, _, err := net.SplitHostPort(m.Server); m.Server != "" && err != nil {
		bad("mail.server", "A mail server looks like mail.example:587.")
	}
	if !slices.Contains([]string{"", "starttls", "tls", "none"}, m.Security) {
		bad("mail.security", "This must be one of: starttls, tls, none.")
	}
	if m.PerDay < 0 || m.PerAddress < 0 {
		bad("mail", "A number of messages is not below 0.")
	}
	return list
}

func local(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// ProxyNetworks are the networks of trusted proxies.
func (c *Config) ProxyNetworks() ([]netip.Prefix, error) {
	list := make([]netip.Prefix, len(c.Proxies))
	for i, p := range c.Proxies {
		n, err := netip.ParsePrefix(p)
		if err != nil {
			return nil, err
		}
		list[i] = n.Masked()
	}
	return list, nil
}

// Level is what is logged.
func (c *Config) Level() slog.Level {
	l, err := level(c.Log)
	if err != nil {
		return slog.LevelInfo // Check has refused it
	}
	return l
}

func level(s string) (l slog.Level, err error) {
	if s == "" {
		return slog.LevelInfo, nil
	}
	err = l.UnmarshalText([]byte(s))
	return l, err
}

// DrainTime is how long the server says that it is not ready before it stops.
func (c *Config) DrainTime() time.Duration { return time.Duration(c.Drain) * time.Second }
