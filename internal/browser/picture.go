package browser

import (
	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Picture is the window's upper left part as a PNG, so many pixels wide and high.
func (p *Page) Picture(width, height int) []byte {
	p.t.Helper()
	ctx, cancel := p.within()
	defer cancel()
	fast := true
	taken, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{
		Clip: &page.Viewport{Width: float64(width), Height: float64(height), Scale: 1}, FromSurface: &fast, OptimizeForSpeed: &fast,
	})
	p.must(err)
	return taken.Data
}

// Version is the browser's name and number: "HeadlessChrome/156.0.8078.108".
func (p *Page) Version() string {
	p.t.Helper()
	version, err := chromedp.CallBrowser(p.ctx, browser.GetVersion, cdp.Empty{})
	p.must(err)
	return version.Product
}
