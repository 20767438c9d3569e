package browser

import (
	"context"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/chromedp"
)

// ClickNamed presses what assistive technology knows by this role and name: ClickNamed("button", "Book visit").
func (p *Page) ClickNamed(role, name string) {
	p.t.Helper()
	ctx, cancel := p.within()
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Click("", named(role, name))); err != nil {
		p.t.Fatalf("click the %s %q: %v", role, name, err)
	}
}

// TypeNamed types into the field that has this name: TypeNamed("textbox", "Surname", "Court").
func (p *Page) TypeNamed(role, name, text string) {
	p.t.Helper()
	ctx, cancel := p.within()
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.SendKeys("", text, named(role, name))); err != nil {
		p.t.Fatalf("type into the %s %q: %v", role, name, err)
	}
}

// named finds an element in the accessibility tree, as a person with a screen reader would.
func named(role, name string) chromedp.QueryOption {
	return chromedp.ByFunc(func(ctx context.Context, t *chromedp.Target, root *chromedp.Node) ([]cdp.NodeID, error) {
		tree, err := cdp.Call(ctx, t, accessibility.QueryAXTree, accessibility.QueryAXTreeParams{NodeID: root.NodeID, Role: role, AccessibleName: name})
		if err != nil {
			return nil, err
		}
		for _, node := range tree.Nodes {
			if node.Ignored {
				continue
			}
			pushed, err := cdp.Call(ctx, t, dom.PushNodesByBackendIDsToFrontend, dom.PushNodesByBackendIDsToFrontendParams{
				BackendNodeIDs: []cdp.BackendNodeID{node.BackendDOMNodeID},
			})
			return pushed.NodeIDs, err
		}
		return nil, nil
	})
}
