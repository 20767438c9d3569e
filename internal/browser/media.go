package browser

import (
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// SetDark sets what the system prefers.
func (p *Page) SetDark(dark bool) {
	p.t.Helper()
	p.setMedia(dark, false)
}

// SetForcedColours makes the system choose every colour, as some people need it to.
func (p *Page) SetForcedColours() {
	p.t.Helper()
	p.setMedia(false, true)
}

func (p *Page) setMedia(dark, forced bool) {
	p.t.Helper()
	scheme := map[bool]string{true: "dark", false: "light"}[dark]
	colours := map[bool]string{true: "active", false: "none"}[forced]
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}, {Name: "forced-colors", Value: colours},
	}})
	p.must(err)
}
