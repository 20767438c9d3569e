// The gallery without waiting: a link of the gallery or a changed control fetches what differs, the frame gets its new
// story, and the address says what is seen. Without this script the same links and the same form load whole pages.

import { keys } from "./gallery-keys.js";
import { live } from "./gallery-live.js";
import { copy, frame, here, main, narrow, nav, reload, root, search, still, store, stored, tell } from "./gallery-page.js";
import { counts, happened, panels, wanted } from "./gallery-panels.js";
import { fit, handled } from "./gallery-stage.js";
import { byTag, filter, mark, neighbour } from "./gallery-tree.js";

// Going somewhere

let asked; // The request under way; a newer one ends it.

async function go(address, { push = false, typing = false } = {}) {
  asked?.abort();
  const mine = (asked = new AbortController());
  let page;
  try {
    const answer = await fetch(address, { headers: { "X-Gallery-Part": "1" }, signal: mine.signal });
    if (typing && answer.status === 414) {
      asked = null;
      return tell("An address holds up to 4 kB. Shorten a text.");
    }
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.getElementById("g-main")) throw new Error("not a part");
  } catch {
    if (mine.signal.aborted) return;
    location.assign(address);
    return;
  }
  if (asked === mine) asked = null;
  const at = still ? address.replace(location.origin, "") : page.getElementById("g-main").dataset.address;
  if (push && at !== location.pathname + location.search) history.pushState(null, "", at);
  else history.replaceState(null, "", at);
  show(page, typing);
}

// settle makes a page of a file say what its address says: there is no server that would have.
function settle() {
  if (!still) return;
  const set = here().searchParams;
  const link = (a, key, value, on) => {
    const to = new URLSearchParams(set);
    if (value) to.set(`~${key}`, value);
    else to.delete(`~${key}`);
    a.href = `${location.pathname}?${to}`;
    if (on) a.setAttribute("aria-current", "true");
    else a.removeAttribute("aria-current");
  };
  for (const a of main().querySelectorAll(".g-tools [data-key]")) {
    const { key, value } = a.dataset, on = (set.get(`~${key}`) ?? "") === value;
    link(a, key, on && a.matches(".g-switched") ? "" : value, on);
  }
  const open = set.get("~panel") ?? "";
  for (const panel of main().querySelectorAll("[data-panel-of]")) panel.hidden = panel.dataset.panelOf !== `g-panel-${open}`;
  for (const tab of main().querySelectorAll(".g-panel-names a")) {
    const name = tab.id.replace("g-panel-", "");
    link(tab, "panel", name, name === open);
  }
  const view = frame(), width = set.get("~w");
  view.dataset.zoom = set.get("~zoom") ?? "";
  view.closest(".g-window").toggleAttribute("data-width", Boolean(width));
  if (width) view.setAttribute("width", width);
  else view.removeAttribute("width");
  const to = new URL(view.getAttribute("src"), location);
  to.search = String(new URLSearchParams([...set].filter(([key]) => key !== "~panel")));
  if (view.contentWindow.location.href !== to.href) view.contentWindow.location.replace(to.href);
  fit();
}

function show(page, typing) {
  const before = main().dataset.path;
  const next = page.getElementById("g-main");
  const focused = document.activeElement?.id;
  document.title = page.title;
  const open = new Set([...main().querySelectorAll(".g-row[open]")].map((row) => row.dataset.control));
  const drop = main().querySelector(".g-drop[open]")?.id;
  for (const part of main().querySelectorAll("[data-part]")) {
    const fresh = next.querySelector(`[data-part="${part.dataset.part}"]`);
    if (part.dataset.part === "panels" && typing && keep(part, fresh)) continue;
    part.replaceWith(fresh);
  }
  for (const name of ["data-address", "data-path", "data-title", "data-panels"]) copy(name, next, main());
  if (drop && main().querySelector(`#${drop}`)) main().querySelector(`#${drop}`).open = true;

  if (still) frame().setAttribute("src", next.querySelector("iframe").getAttribute("src"));
  const moved = before !== main().dataset.path;
  if (!moved) for (const row of main().querySelectorAll(".g-row")) row.open ||= open.has(row.dataset.control);
  if (still) settle();
  else fill(page.getElementById("g-next"), next.querySelector("iframe"), moved);
  if (moved || !typing) mark();
  enliven();
  wanted();
  if (focused && !document.activeElement?.id) document.getElementById(focused)?.focus({ preventScroll: true });
  if (moved || !typing) bringIntoTabs();
}

function bringIntoTabs() {
  const tab = main().querySelector(".g-tabs [aria-current]"), tabs = tab?.closest(".g-tabs");
  if (tab) tabs.scrollLeft = tab.offsetLeft + tab.offsetWidth / 2 - tabs.clientWidth / 2;
}

// keep leaves the controls as they are while someone types, and brings over only what the server says about them. It
// can't when there are other controls than before.
function keep(part, fresh) {
  const rows = (of) => [...of.querySelectorAll("[data-control]")];
  const mine = rows(part), theirs = rows(fresh);
  if (!mine.length || mine.map((r) => r.dataset.control).join() !== theirs.map((r) => r.dataset.control).join()) return false;
  mine.forEach((row, i) => {
    copy("data-changed", theirs[i], row);
    for (const said of row.querySelectorAll(":scope > :is(.g-error, .g-undo)")) said.remove();
    row.append(...theirs[i].querySelectorAll(":scope > :is(.g-error, .g-undo)"));
  });
  part.querySelector(".g-panel-tabs").replaceWith(fresh.querySelector(".g-panel-tabs"));
  return true;
}

// The frame

// said are the attributes by which the toolbar speaks to a frame.
const said = (element) => [...element.attributes].map((a) => a.name).filter((name) => name === "lang" || name === "dir" || (name.startsWith("data-") && !own.includes(name)));
const own = ["data-axe", "data-without", "data-watched"];

// fill puts the story into the document that is in the frame already: nothing is loaded twice.
function fill(template, box, moved) {
  const view = frame(), inside = view.contentDocument;
  const sized = ["width", "data-zoom"].some((name) => box.getAttribute(name) !== view.getAttribute(name));
  for (const name of ["width", "title", "data-zoom"]) copy(name, box, view);
  copy("data-width", box.closest(".g-window"), view.closest(".g-window"));
  view.dataset.now = box.getAttribute("src");
  const story = inside?.getElementById("g-story");
  if (!story || !template || (moved && (story.dataset.whole ?? template.content.firstElementChild.dataset.whole) !== undefined)) {
    view.contentWindow.location.replace(box.getAttribute("src"));
    return;
  }
  for (const name of said(inside.documentElement)) if (!template.hasAttribute(name)) inside.documentElement.removeAttribute(name);
  for (const name of said(template)) copy(name, template, inside.documentElement);
  story.replaceWith(inside.adoptNode(template.content));
  inside.title = box.title;
  view.contentWindow.htmx?.process(inside.body);
  view.contentWindow.gallery?.apply();
  if (moved) view.contentWindow.scrollTo(0, 0);
  if (sized || moved) fit();
}

// What happens inside is told by the frame.
addEventListener("message", (event) => {
  if (event.source !== frame().contentWindow || event.origin !== location.origin || !event.data?.gallery) return;
  const { gallery: kind, text } = event.data;
  if (kind === "ready") return;
  happened(event.data);
  if (kind === "link" || kind === "form") tell(text);
});

// change goes to this address with another setting.
function change(key, value) {
  const to = here();
  if (value) to.searchParams.set(`~${key}`, value);
  else to.searchParams.delete(`~${key}`);
  return go(to.pathname + to.search).then(remember);
}

// Links, the form, the tree

function follow(event, address) {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return window.open(address, "_blank", "noopener");
  narrow.matches && nav.matches(":popover-open") && nav.hidePopover();
  const settings = new URL(address, location).pathname === location.pathname;
  go(address, { push: true }).then(() => settings && remember());
}

// The settings of the toolbar are this browser's until they are changed again. An address that says its own wins.
const passing = ["~q", "~seed", "~panel"];
function remember() {
  const query = new URLSearchParams([...here().searchParams].filter(([key]) => key[0] === "~" && !passing.includes(key)));
  store("settings", String(query));
}
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (link && "tag" in link.dataset) event.preventDefault();
  else if (link && !event.defaultPrevented && !event.button && !event.metaKey && !event.ctrlKey && !event.shiftKey && !("plain" in link.dataset)) {
    const to = new URL(link.href);
    if (to.origin === location.origin && (to.pathname === root || to.pathname.startsWith(`${root}/`)) && !to.hash) {
      event.preventDefault();
      follow(event, link.href);
    }
  }
  const tag = event.target.closest?.("[data-tag]");
  if (tag) byTag(tag.dataset.tag);
  const button = event.target.closest?.("[data-copy], [data-copy-link]");
  if (button) toClipboard("copyLink" in button.dataset ? location.href : document.getElementById(button.dataset.copy).textContent);
});

// toClipboard copies a text, or one that is still to come: a browser lets a page copy only at once after it was pressed.
function toClipboard(text) {
  const blob = Promise.resolve(text).then((said) => new Blob([said], { type: "text/plain" }));
  navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]).then(() => tell("Copied"), () => tell("The browser does not let this page copy."));
}

// copyCode copies a story's call ("go"), or its HTML ("html"), as its Code panel has it: for the documentation's buttons.
function copyCode(path, kind) {
  toClipboard((async () => {
    const answer = await fetch(`${root}/${path}${still ? "/index.html" : "?~panel=code"}`, { headers: { "X-Gallery-Part": "1" } });
    return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(`g-code-${kind}`).textContent;
  })());
}

// A letter goes at once; those that come before it is answered go together.
let soon;
function send(form, delay) {
  clearTimeout(soon);
  soon = setTimeout(() => go(`${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`, { typing: true }), asked ? delay : 0);
}
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && "controls" in form.dataset) {
    if (event.target.closest("fieldset") && event.target.value) setAgain(event.target);
    send(form, 60);
  }
});
document.addEventListener("submit", (event) => {
  if (!("controls" in event.target.dataset)) return;
  event.preventDefault();
  send(event.target, 0);
});

// setAgain turns "Not set" off when its value is typed.
function setAgain(input) {
  const unset = input.form.querySelector(`[type=checkbox][name="${CSS.escape(input.name)}.nil"]`);
  if (unset) unset.checked = false;
}

// Keys

const press = (id) => document.getElementById(id)?.click();
const hide = (what) => {
  document.body.toggleAttribute(`data-no-${what}`);
  fit();
};
const onKey = keys({
  alone: {
    ArrowLeft: () => press("g-go-previous"), ArrowRight: () => press("g-go-next"),
    ArrowUp: () => neighbour(-1)?.click(), ArrowDown: () => neighbour(1)?.click(),
    KeyF: () => hide("chrome"), KeyS: () => hide("nav"), KeyA: () => hide("panels"), KeyT: () => hide("tools"),
    KeyD: () => press("g-side"), KeyR: () => again(),
  },
  shifted: { KeyL: () => press("g-copy-link"), KeyI: () => press("g-open"), KeyE: () => press("g-editor") },
  bare: {
    1: () => (nav.querySelector("[aria-current]") ?? nav.querySelector("a"))?.focus(),
    2: () => frame().focus(),
    3: () => document.getElementById("g-panel-body")?.focus(),
    m: () => press("g-set-measure"), o: () => press("g-set-outline"), g: () => press("g-set-grid"),
    "?": () => document.getElementById("g-keys").togglePopover(),
  },
});
document.addEventListener("keydown", onKey);

// again loads the frame anew, and stays where it is scrolled to.
function again() {
  const inside = frame().contentWindow, at = inside.scrollY;
  frame().addEventListener("load", () => frame().contentWindow.scrollTo(0, at), { once: true });
  reload();
}

// What only works with a script is shown by it.
function enliven() {
  document.body.classList.add("g-live");
  for (const button of document.querySelectorAll("[data-copy], [data-copy-link], [data-again], [data-side]")) button.hidden = false;
  panels();
}

// A menu closes when something else is pressed, or by Escape.
document.addEventListener("click", (event) => {
  for (const drop of document.querySelectorAll(".g-drop[open]")) if (!drop.contains(event.target)) drop.open = false;
  if (event.target.closest?.("[data-again]")) again();
  if (event.target.closest?.("[data-side]")) {
    document.body.toggleAttribute("data-below");
    store("below", document.body.hasAttribute("data-below") ? "1" : "");
    fit();
  }
});
document.addEventListener("keydown", (event) => {
  const drop = event.key === "Escape" && document.querySelector(".g-drop[open]");
  if (!drop) return;
  drop.open = false;
  drop.querySelector("summary").focus();
});

window.gallery = { follow, keys: onKey, copyCode };
addEventListener("popstate", () => go(location.href));
frame().addEventListener("load", () => {
  fit();
  wanted();
});
handled((width) => change("w", width));
document.body.toggleAttribute("data-below", stored("below") === "1");
if (still) for (const link of document.querySelectorAll(".g-top a")) link.href = String(link.href);
enliven();
counts();
mark();
bringIntoTabs();
filter();
settle();
if (stored("settings") && !/[?&](~|%7E)/i.test(location.search)) {
  go(location.pathname + (location.search ? `${location.search}&` : "?") + stored("settings"));
}
if (document.body.dataset.live) live(document.body.dataset.live, { redraw: () => go(location.pathname + location.search, { typing: true }), again });
