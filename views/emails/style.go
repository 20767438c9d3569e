package emails

import "github.com/a-h/templ"

// Inline styles for a light page: some mail programs read nothing else. darkSheet turns them for those that can.
const (
	pageStyle   templ.SafeCSS = "margin:0;padding:0;background:#f4f2f7;color:#221f2b;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5;"
	outerStyle  templ.SafeCSS = "width:100%;border-collapse:collapse;background:#f4f2f7;"
	gutterStyle templ.SafeCSS = "padding:24px 12px;"
	cardStyle   templ.SafeCSS = "width:100%;max-width:560px;margin:0 auto;border-collapse:separate;background:#ffffff;border:1px solid #e1dce8;border-radius:10px;"
	headStyle   templ.SafeCSS = "padding:18px 28px;border-bottom:1px solid #e1dce8;font-weight:600;color:#5b2a86;"
	bodyStyle   templ.SafeCSS = "padding:24px 28px;"
	footStyle   templ.SafeCSS = "padding:18px 28px;border-top:1px solid #e1dce8;font-size:14px;color:#615a6e;"
	titleStyle  templ.SafeCSS = "margin:0 0 16px;font-size:22px;line-height:1.3;font-weight:650;"
	textStyle   templ.SafeCSS = "margin:0 0 16px;"
	factsStyle  templ.SafeCSS = "width:100%;margin:0 0 20px;border-collapse:collapse;"
	termStyle   templ.SafeCSS = "padding:7px 16px 7px 0;text-align:left;vertical-align:top;font-weight:400;white-space:nowrap;color:#615a6e;border-top:1px solid #e1dce8;"
	valueStyle  templ.SafeCSS = "padding:7px 0;width:100%;text-align:left;vertical-align:top;font-weight:600;border-top:1px solid #e1dce8;"
	goneStyle   templ.SafeCSS = "padding:7px 0;width:100%;text-align:left;vertical-align:top;text-decoration:line-through;color:#615a6e;border-top:1px solid #e1dce8;"
	buttonStyle templ.SafeCSS = "display:inline-block;padding:10px 18px;border-radius:8px;background:#5b2a86;color:#ffffff;font-weight:600;text-decoration:none;"
	linkStyle   templ.SafeCSS = "display:inline-block;padding:4px 0;color:#5b2a86;"
)

// darkSheet needs !important to win over inline styles.
const darkSheet = `<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .pc-page { background: #17141d !important; color: #ece8f2 !important; }
  .pc-card { background: #221e2a !important; border-color: #3b3547 !important; }
  .pc-head { color: #cfaef0 !important; border-color: #3b3547 !important; }
  .pc-foot, .pc-line { border-color: #3b3547 !important; }
  .pc-quiet { color: #aaa2b8 !important; }
  .pc-button { background: #cfaef0 !important; color: #221f2b !important; }
  .pc-link { color: #cfaef0 !important; }
}
</style>`
