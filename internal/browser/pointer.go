package browser

import (
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// More keys that Press takes.
const (
	ArrowLeft  = kb.ArrowLeft
	ArrowRight = kb.ArrowRight
	PageDown   = kb.PageDown
	PageUp     = kb.PageUp
	Home       = kb.Home
	End        = kb.End
)

// PressCtrl presses keys while Ctrl is held.
func (p *Page) PressCtrl(keys string) {
	p.t.Helper()
	p.must(chromedp.Do(p.ctx, chromedp.KeyEvent(keys, chromedp.KeyModifiers(chromedp.ModifierCtrl))))
}

// PressShift presses keys while Shift is held.
func (p *Page) PressShift(keys string) {
	p.t.Helper()
	p.must(chromedp.Do(p.ctx, chromedp.KeyEvent(keys, chromedp.KeyModifiers(chromedp.ModifierShift))))
}

type enter struct {
	Type string `json:"type"`
	Key  string `json:"key"`
	Code string `json:"code"`
	Text string `json:"text,omitempty"`
	VK   int    `json:"windowsVirtualKeyCode"`
}

var sendKey = cdp.Command[enter, cdp.Empty]{Method: input.CommandDispatchKeyEvent}

// PressEnter presses Enter as a keyboard does: what the press moves the focus to gets no character of it. Press sends
// that apart.
func (p *Page) PressEnter() {
	p.t.Helper()
	for _, event := range []enter{{Type: "keyDown", Text: "\r"}, {Type: "keyUp"}} {
		event.Key, event.Code, event.VK = "Enter", "Enter", 13
		_, err := chromedp.Call(p.ctx, sendKey, event)
		p.must(err)
	}
}

// PressAlt presses keys while Alt is held.
func (p *Page) PressAlt(keys string) {
	p.t.Helper()
	p.must(chromedp.Do(p.ctx, chromedp.KeyEvent(keys, chromedp.KeyModifiers(chromedp.ModifierAlt))))
}

// wheel says both ways, also when one is zero: the driver's own parameters would leave it out, and be refused.
type wheel struct {
	Type   string  `json:"type"`
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	DeltaX float64 `json:"deltaX"`
	DeltaY float64 `json:"deltaY"`
}

var turnWheel = cdp.Command[wheel, cdp.Empty]{Method: input.CommandDispatchMouseEvent}

// Wheel turns the mouse's wheel at a place of the window, by so many pixels down.
func (p *Page) Wheel(x, y, down float64) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, turnWheel, wheel{Type: "mouseWheel", X: x, Y: y, DeltaY: down})
	p.must(err)
}

// Close closes the tab before its test ends.
func (p *Page) Close() { _ = chromedp.Cancel(p.ctx) }

// ForgetCache makes the tab fetch everything anew.
func (p *Page) ForgetCache() {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
	p.must(err)
}

// Before runs a script in every page that comes, before its own.
func (p *Page) Before(script string) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
	p.must(err)
}

// Heap is the megabytes that the page's scripts hold, after what they let go was collected.
func (p *Page) Heap() float64 {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, heapprofiler.CollectGarbage, cdp.Empty{})
	p.must(err)
	used, err := chromedp.Call(p.ctx, runtime.GetHeapUsage, cdp.Empty{})
	p.must(err)
	return used.UsedSize / 1e6
}
