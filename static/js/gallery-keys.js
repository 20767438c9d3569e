// The keys of the gallery, which its frame hands on. What each does, the page says.

import { narrow, nav, search } from "./gallery-page.js";

// keys is what a page and its frame do with a key.
export const keys = (bound) => (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  const command = event.metaKey || event.ctrlKey;
  if ((event.key === "k" && command) || (event.key === "/" && !typing && !command && !event.altKey)) {
    event.preventDefault();
    if (narrow.matches && !nav.matches(":popover-open")) nav.showPopover();
    window.focus();
    search.focus();
    search.select();
    return;
  }
  if (typing || command) return;
  // Keys with Alt, by their place on the keyboard: with Alt some keyboards write other letters.
  const { alone, shifted, bare } = bound;
  const does = event.altKey ? (event.shiftKey ? shifted : alone)[event.code || event.key] : event.shiftKey && event.key !== "?" ? null : bare[event.key];
  if (!does) return;
  event.preventDefault();
  does();
};
