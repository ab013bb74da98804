package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"log/slog"
	mrand "math/rand/v2"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"homecase/fault"
	"homecase/internal/cli"
	"homecase/internal/courier"
	"homecase/internal/sqlite"
	"homecase/internal/web"
	"homecase/ops"
)

// rooms wires the workspace: the engine below and the pages above.
type rooms struct {
	desk *ops.Desk
	log  *slog.Logger
}

// folder is where the workspace lies: what was asked for, else the user's own
// data folder, as the XDG base directory specification and its kin have it.
func (r rooms) folder(dir string) (string, error) {
	if dir != "" {
		return dir, nil
	}
	base := r.desk.Getenv("XDG_DATA_HOME")
	switch {
	case base != "" && filepath.IsAbs(base):
	case runtime.GOOS == "windows":
		base = r.desk.Getenv("LocalAppData")
	default:
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fault.New(fault.Invalid, "HC-WORK-36", "Your home folder is not known.").Then("Say where to keep the workspace with --data.").Because(err)
		}
		base = filepath.Join(home, ".local", "share")
		if runtime.GOOS == "darwin" {
			base = filepath.Join(home, "Library", "Application Support")
		}
	}
	return filepath.Join(base, "homecase"), nil
}

// Open opens the workspace for one command.
func (r rooms) Open(ctx context.Context, dir string) (*ops.Workspace, func() error, error) {
	dir, err := r.folder(dir)
	if err != nil {
		return nil, nil, err
	}
	store, err := sqlite.Open(ctx, dir, sqlite.Options{})
	if err != nil {
		return nil, nil, err
	}
	return &ops.Workspace{Desk: r.desk, Store: store, Folder: dir, Restore: store.Restore, Couriers: r.courier}, store.Close, nil
}

// Backup writes everything in the workspace as one file.
func (r rooms) Backup(ctx context.Context, dir, file string) error {
	dir, err := r.folder(dir)
	if err != nil {
		return err
	}
	return sqlite.Backup(ctx, dir, file, sqlite.Options{})
}

// Restore puts a backup in the place of the workspace.
func (r rooms) Restore(ctx context.Context, dir, backup string) (string, error) {
	dir, err := r.folder(dir)
	if err != nil {
		return "", err
	}
	return sqlite.Restore(ctx, dir, backup, sqlite.Options{})
}

// Browse serves the workspace. A second start finds the first and opens it.
func (r rooms) Browse(ctx context.Context, o cli.BrowseOptions, tell func(string)) (err error) {
	dir, err := r.folder(o.Dir)
	if err != nil {
		return err
	}
	store, err := sqlite.Open(ctx, dir, sqlite.Options{})
	var other *sqlite.InUse
	if errors.As(err, &other) && other.Address != "" && o.File == "" {
		tell(other.Address)
		return r.openBrowser(o, other.Address)
	}
	if err != nil {
		return err
	}
	var warm sync.WaitGroup
	defer func() {
		warm.Wait()
		err = errors.Join(err, store.Close())
	}()
	work := &ops.Workspace{Desk: r.desk, Store: store, Folder: dir, Restore: store.Restore, Couriers: r.courier}
	if o.File != "" {
		if _, err := work.TakeFile(ctx, o.File); err != nil {
			return err
		}
	}
	warm.Go(func() { // while the pages are read and the browser starts
		work.Warm(ctx)
		debug.SetGCPercent(100) // it stays open for hours: from here on memory before speed
	})
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(o.Port)))
	if err != nil {
		return fault.New(fault.Invalid, "HC-WORK-37", "Port %d on this computer is taken or closed.", o.Port).Then("Leave --port out to take a free one.").Because(err)
	}
	var key [24]byte
	if _, err := rand.Read(key[:]); err != nil {
		return err
	}
	port := strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	host, secret := net.JoinHostPort("127.0.0.1", port), base64.RawURLEncoding.EncodeToString(key[:])
	server, err := web.New(web.Options{Workspace: work, Key: secret, Hosts: []string{host, net.JoinHostPort("localhost", port)}, Person: accountName(), Log: r.log})
	if err != nil {
		return err
	}
	address := "http://" + host + "/enter?key=" + secret
	if err := store.Announce(address); err != nil {
		return err
	}
	tell(address)
	if err := r.openBrowser(o, address); err != nil {
		r.log.Warn("no browser could be opened; copy the address", "err", err)
	}
	fetching, stop := context.WithCancel(ctx)
	ticker := time.NewTicker(lookEvery)
	fetched := make(chan struct{})
	go func() { defer close(fetched); work.FetchWhile(fetching, ticker.C) }()
	defer func() { stop(); ticker.Stop(); <-fetched }()
	return server.Serve(ctx, l)
}

// lookEvery is how often it is looked whether it is time to ask the office.
const lookEvery = 30 * time.Second

// courier is the way to an office.
func (r rooms) courier(office string, key ed25519.PrivateKey) (ops.Courier, error) {
	return courier.New(courier.Options{Address: office, Key: key, Now: r.desk.Now, Sleep: courier.Sleep, Jitter: mrand.Float64, Version: r.desk.Version})
}

// openBrowser hands the address to the system's own way of opening one.
func (r rooms) openBrowser(o cli.BrowseOptions, address string) error {
	if o.NoOpen {
		return nil
	}
	program := map[string][]string{"darwin": {"open"}, "windows": {"rundll32", "url.dll,FileProtocolHandler"}}[runtime.GOOS]
	if program == nil {
		program = []string{"xdg-open"}
	}
	c := exec.Command(program[0], append(program[1:], address)...)
	if err := c.Start(); err != nil {
		return err
	}
	go func() { _ = c.Wait() }() // the browser's own affair
	return nil
}

// accountName is the name the account of this computer goes by, for a person to
// begin with; empty where it is not a name.
func accountName() string {
	u, err := user.Current()
	if err != nil || u.Uid == "0" || u.Name == u.Username {
		return ""
	}
	return u.Name
}
