// Package browser is Chromium for tests: what only a browser can show. Everything that knows the driver's API is
// here, because that API has changed before.
package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"purplecross/static"
)

// axe is axe-core as the gallery serves it: tests and designers are told the same.
var axe = sync.OnceValue(func() string {
	text, err := static.Read("vendor/axe.min.js")
	if err != nil {
		panic(err) // it is built in
	}
	return string(text)
})

// patience is how long a page may take to show what a test waits for; it bounds a hang, it measures nothing.
const patience = 30 * time.Second

// Options say what a tab is like. The zero value is a light desktop window.
type Options struct {
	Width, Height int
	Dark          bool
	NoJavaScript  bool
	Zoom          int // in per cent, 0 for 100: on a screen that has room for it, and where a box can be less high
}

// Page is one tab with cookies of its own.
type Page struct {
	t       testing.TB
	ctx     context.Context
	zoom    int
	mu      sync.Mutex
	trouble []string
}

// shared is the one browser of a test process, for each zoom that is asked for: no protocol zooms as a person does, whose
// browser draws every pixel of a page with several of the screen's.
var shared = struct {
	sync.Mutex
	zoomed map[int]context.Context
}{zoomed: map[int]context.Context{}}

func started(zoom int) (context.Context, error) {
	shared.Lock()
	defer shared.Unlock()
	if ctx := shared.zoomed[zoom]; ctx != nil {
		return ctx, nil
	}
	path, err := find()
	if err != nil {
		return nil, err
	}
	flags := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(profileDir(zoom)), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("no-first-run", true), chromedp.Flag("disable-component-update", true))
	if os.Getenv("PICTURES") != "" {
		flags = append(flags, steady...)
	}
	if zoom != 100 {
		flags = append(flags, chromedp.Flag("force-device-scale-factor", strconv.FormatFloat(float64(zoom)/100, 'f', 2, 64)))
	}
	allocator, _ := chromedp.NewExecAllocator(context.Background(), flags...)
	ctx, _ := chromedp.NewContext(allocator)
	if err := chromedp.Do(ctx); err != nil { // starts it; it ends with the process
		return nil, err
	}
	shared.zoomed[zoom] = ctx
	return ctx, nil
}

// steady makes the same page the same picture each time: whole layers are painted anew, in one colour space, letters in
// shades of grey on whole pixels.
var steady = []chromedp.ExecAllocatorOption{
	chromedp.Flag("disable-partial-raster", true), chromedp.Flag("force-color-profile", "srgb"),
	chromedp.Flag("disable-lcd-text", true), chromedp.Flag("disable-font-subpixel-positioning", true),
	chromedp.Flag("font-render-hinting", "none"), chromedp.Flag("force-device-scale-factor", "1"),
	chromedp.Flag("disable-checker-imaging", true), chromedp.Flag("num-raster-threads", "1"),
}

// profileDir is the browser's folder for this process. Nothing can remove it after the browser, which ends with the
// process, so the next process does.
func profileDir(zoom int) string {
	left, _ := filepath.Glob(filepath.Join(os.TempDir(), "purple-cross-chromium-*"))
	for _, dir := range left {
		number, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), "purple-cross-chromium-"), "-")
		pid, _ := strconv.Atoi(number)
		if process, err := os.FindProcess(pid); err != nil || process.Signal(syscall.Signal(0)) != nil {
			_ = os.RemoveAll(dir)
		}
	}
	return filepath.Join(os.TempDir(), fmt.Sprintf("purple-cross-chromium-%d-%d", os.Getpid(), zoom))
}

func find() (string, error) {
	if path := os.Getenv("CHROMIUM"); path != "" {
		return path, nil
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no Chromium in PATH; install it or name it in CHROMIUM")
}

// New opens a tab that closes with the test. Without a browser the test is skipped, unless BROWSER_TESTS=required.
func New(t testing.TB, options Options) *Page {
	t.Helper()
	wanted := os.Getenv("BROWSER_TESTS")
	if wanted == "off" {
		t.Skip("browser tests are off: BROWSER_TESTS=off")
	}
	zoom := options.Zoom
	if zoom == 0 {
		zoom = 100
	}
	browser, err := started(zoom)
	if err != nil && wanted != "required" {
		t.Skipf("needs a browser: %v", err)
	}
	if err != nil {
		t.Fatalf("needs a browser: %v", err)
	}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	p := &Page{t: t, ctx: ctx}
	p.watch()
	width, height := max(options.Width, 390), max(options.Height, 700)
	if options.Width == 0 {
		width, height = 1440, 900
	}
	p.zoom = zoom
	p.SetSize(width, height)
	p.SetDark(options.Dark)
	if options.NoJavaScript {
		p.must(chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
			return err
		})))
	}
	return p
}

// watch collects what a person would find in the console: errors, exceptions, refused policies, failed requests.
func (p *Page) watch() {
	console := chromedp.Console(p.ctx)
	failed := chromedp.Events(p.ctx, network.LoadingFailed)
	p.must(chromedp.Do(p.ctx))
	_, err := chromedp.Call(p.ctx, network.Enable, network.EnableParams{})
	p.must(err)
	go func() {
		for message, err := range console {
			if err != nil {
				return
			}
			if message.IsException() || message.Type == "error" || message.Type == "warning" || message.Source == "security" {
				p.note(string(message.Type) + ": " + message.Text)
			}
		}
	}()
	go func() {
		for event, err := range failed {
			if err != nil {
				return
			}
			if !event.Canceled {
				p.note("request failed: " + event.ErrorText)
			}
		}
	}()
}

func (p *Page) note(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.trouble = append(p.trouble, what)
}

func (p *Page) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *Page) within() (context.Context, context.CancelFunc) {
	return context.WithTimeout(p.ctx, patience)
}

// Trouble is what the console said since the last call: a good page says nothing.
func (p *Page) Trouble() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	said := p.trouble
	p.trouble = nil
	return said
}

// Open goes to an address and waits until it is loaded.
func (p *Page) Open(url string) {
	p.t.Helper()
	ctx, cancel := p.within()
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		p.t.Fatalf("open %s: %v", url, err)
	}
}

// SetCookie signs the tab in, or sets it up otherwise.
func (p *Page) SetCookie(url string, cookie *http.Cookie) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, network.SetCookie, network.SetCookieParams{Name: cookie.Name, Value: cookie.Value, URL: url})
	p.must(err)
}

// SetSize makes the window another size.
func (p *Page) SetSize(width, height int) {
	p.t.Helper()
	p.must(chromedp.Do(p.ctx, chromedp.EmulateViewport(int64(width), int64(height), chromedp.EmulateScale(float64(p.zoom)/100))))
}

// Click presses the first element that a CSS selector finds.
func (p *Page) Click(selector string) {
	p.t.Helper()
	ctx, cancel := p.within()
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS(selector))); err != nil {
		p.t.Fatalf("click %s: %v", selector, err)
	}
}

// Type types text into an element.
func (p *Page) Type(selector, text string) {
	p.t.Helper()
	ctx, cancel := p.within()
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.SendKeys(chromedp.CSS(selector), text)); err != nil {
		p.t.Fatalf("type into %s: %v", selector, err)
	}
}

// Keys that Press takes beside characters.
const (
	Enter     = kb.Enter
	Escape    = kb.Escape
	Tab       = kb.Tab
	ArrowDown = kb.ArrowDown
	ArrowUp   = kb.ArrowUp
)

// Press presses keys where the focus is.
func (p *Page) Press(keys string) {
	p.t.Helper()
	p.must(chromedp.Do(p.ctx, chromedp.KeyEvent(keys)))
}

// Text is what the first element that a CSS selector finds says, once there is one.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	quoted, err := json.Marshal(selector)
	p.must(err)
	p.WaitFor(fmt.Sprintf(`document.querySelector(%s) !== null`, quoted))
	return strings.TrimSpace(Eval[string](p, fmt.Sprintf(`document.querySelector(%s)?.innerText ?? ""`, quoted)))
}

// WaitFor waits until a JavaScript expression is true, also on a page that comes next.
func (p *Page) WaitFor(expression string) {
	p.t.Helper()
	ctx, cancel := p.within()
	defer cancel()
	for {
		_, err := chromedp.Run(ctx, chromedp.Poll[bool](expression))
		if err == nil {
			return
		}
		// A page that went away while we waited is no failure: the next one may have it.
		away := strings.Contains(err.Error(), "navigated or closed") || strings.Contains(err.Error(), "context")
		if ctx.Err() != nil || !away {
			p.t.Fatalf("wait for %s: %v", expression, err)
		}
	}
}

// Eval is what a JavaScript expression gives; a promise is awaited.
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	ctx, cancel := p.within()
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("evaluate %.80s: %v", expression, err)
	}
	return value
}

// Shot writes a picture of the window.
func (p *Page) Shot(path string) {
	p.t.Helper()
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	p.must(err)
	p.must(os.WriteFile(path, png, 0o600))
}
