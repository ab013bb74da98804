package webtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// axeFile is where make need puts axe-core, below the root of the repository.
const axeFile = "tools/browser/node_modules/axe-core/axe.min.js"

// browser is the one Chromium of a test binary. It starts with the first Open
// and ends with Main.
type browser struct {
	once sync.Once
	ctx  context.Context
	axe  string
	err  error
}

var chromium browser

// Main runs the tests of a binary and then closes its browser:
//
//	func TestMain(m *testing.M) { os.Exit(webtest.Main(m)) }
func Main(m interface{ Run() int }) int {
	code := m.Run()
	if chromium.ctx != nil {
		ctx, stop := context.WithTimeout(chromium.ctx, 10*time.Second)
		defer stop()
		if err := chromedp.Cancel(ctx); err != nil && !errors.Is(err, context.Canceled) {
			fmt.Fprintln(os.Stderr, "closing Chromium:", err)
		}
	}
	return code
}

// need skips the test where the browser or axe is missing, and fails it in the
// full run, which has to try everything.
func (b *browser) need(t testing.TB) {
	t.Helper()
	b.once.Do(func() { b.err = b.start() })
	var missing missingError
	switch {
	case b.err == nil:
	case errors.As(b.err, &missing) && os.Getenv("HOMECASE_TESTS_COMPLETE") == "":
		t.Skipf("%v, so no page was opened in a browser; make need installs it", missing)
	default:
		t.Fatalf("%v; make need installs what the tests need", b.err)
	}
}

// missingError names a program that is not on this machine.
type missingError string

func (e missingError) Error() string { return string(e) + " is not installed" }

func (b *browser) start() error {
	program, err := exec.LookPath("chromium")
	if err != nil {
		return missingError("chromium")
	}
	root, err := repository()
	if err != nil {
		return err
	}
	axe, err := os.ReadFile(filepath.Join(root, axeFile))
	if err != nil {
		return missingError("axe-core")
	}
	b.axe = string(axe)
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program),
		chromedp.Flag("lang", "en-GB"),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true),
		// Nothing leaves the machine, whatever a page asks for.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"),
	)
	allocator, _ := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, _ := chromedp.NewContext(allocator)
	if err := chromedp.Do(ctx); err != nil {
		return fmt.Errorf("chromium does not start: %w", err)
	}
	b.ctx = ctx
	return nil
}

// repository is the folder above the test that holds go.mod.
func repository() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("the test does not run inside the repository")
		}
		dir = parent
	}
}
