// The gallery without waiting: a link of the gallery or a changed control fetches what differs, the frame gets its new
// story, and the address says what is seen. Without this script the same links and the same form load whole pages.

import { happened, panels, wanted } from "./gallery-panels.js";

const still = document.body.dataset.still !== undefined; // Files on a file server: nobody answers but with pages.
const root = new URL(document.body.dataset.root, location).pathname.replace(/\/index\.html$/, "");
const here = () => new URL(still ? location : main().dataset.address, location);
const main = () => document.getElementById("g-main");
const frame = () => document.getElementById("g-frame");
const search = document.getElementById("g-search");
const nav = document.getElementById("g-nav");
const narrow = matchMedia("(max-width: 52rem)");

// Going somewhere

let asked; // The request under way; a newer one ends it.

async function go(address, { push = false, typing = false } = {}) {
  asked?.abort();
  const mine = (asked = new AbortController());
  let page;
  try {
    const answer = await fetch(address, { headers: { "X-Gallery-Part": "1" }, signal: mine.signal });
    if (typing && answer.status === 414) return tell("An address holds up to 4 kB. Shorten a text.");
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.getElementById("g-main")) throw new Error("not a part");
  } catch {
    if (mine.signal.aborted) return;
    location.assign(address);
    return;
  }
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
  mark();
  enliven();
  wanted();
  if (focused && !document.activeElement?.id) document.getElementById(focused)?.focus({ preventScroll: true });
  bringIntoTabs();
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

function copy(name, from, to) {
  if (from.hasAttribute(name)) to.setAttribute(name, from.getAttribute(name));
  else to.removeAttribute(name);
}

// The frame

// said are the attributes by which the toolbar speaks to a frame.
const said = (element) => [...element.attributes].map((a) => a.name).filter((name) => name === "lang" || name === "dir" || (name.startsWith("data-") && !own.includes(name)));
const own = ["data-axe", "data-without", "data-watched"];

// fill puts the story into the document that is in the frame already: nothing is loaded twice.
function fill(template, box, moved) {
  const view = frame(), inside = view.contentDocument;
  for (const name of ["width", "title", "data-zoom"]) copy(name, box, view);
  copy("data-width", box.closest(".g-window"), view.closest(".g-window"));
  view.closest(".g-window").style.width = "";
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
  fit();
}

// What happens inside is told by the frame.
addEventListener("message", (event) => {
  if (event.source !== frame().contentWindow || event.origin !== location.origin || !event.data?.gallery) return;
  const { gallery: kind, text } = event.data;
  if (kind === "ready") return;
  happened(event.data);
  if (kind === "link" || kind === "form") tell(text);
});

let toldAt;
function tell(text) {
  const toast = document.getElementById("g-toast");
  toast.textContent = text;
  clearTimeout(toldAt);
  toldAt = setTimeout(() => (toast.textContent = ""), 5000);
}

// fit gives a frame its zoom, scales it down where it is wider than its room, and says how wide it is.
function fit() {
  const view = frame(), box = view.closest(".g-window"), stage = box.parentElement;
  const width = Number(view.getAttribute("width")), zoom = (Number(view.dataset.zoom) || 100) / 100;
  const style = getComputedStyle(stage);
  const room = stage.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - 16;
  const scale = width && width > room && room > 0 ? room / width : zoom;
  view.style.transform = scale === 1 ? "" : `scale(${scale})`;
  view.style.height = scale === 1 ? "" : `${100 / scale}%`;
  view.style.width = width || scale === 1 ? "" : `${100 / scale}%`;
  box.style.width = width ? `${Math.floor(width * scale) + 2}px` : "";
  const label = document.getElementById("g-size");
  label.textContent = `${view.clientWidth} px` + (scale === 1 ? "" : ` at ${Math.round(scale * 100)} %`);
  label.toggleAttribute("data-on", Boolean(width) || scale !== 1);
  const handle = document.getElementById("g-handle");
  handle.hidden = false;
  handle.setAttribute("aria-valuenow", view.clientWidth);
}

// The handle at the frame's side: dragged, or moved by the arrow keys.
let dragged;
document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest?.("#g-handle");
  if (!handle || event.button) return;
  event.preventDefault();
  handle.setPointerCapture(event.pointerId);
  const box = frame().closest(".g-window").getBoundingClientRect();
  dragged = { from: event.clientX, width: frame().clientWidth, scale: box.width / frame().clientWidth };
  document.body.classList.add("g-dragging");
});
document.addEventListener("pointermove", (event) => {
  if (!dragged) return;
  // The frame stands in the middle: it grows to both sides.
  resize(dragged.width + ((event.clientX - dragged.from) * 2) / (dragged.scale || 1));
});
document.addEventListener("pointerup", () => {
  if (!dragged) return;
  dragged = null;
  document.body.classList.remove("g-dragging");
  keepWidth();
});
function resize(width) {
  frame().setAttribute("width", Math.round(Math.min(2560, Math.max(200, width))));
  frame().closest(".g-window").setAttribute("data-width", "");
  fit();
}
let widening;
function keepWidth(delay = 0) {
  clearTimeout(widening);
  widening = setTimeout(() => change("w", frame().getAttribute("width")), delay);
}
document.addEventListener("keydown", (event) => {
  if (event.target.id !== "g-handle" || !["ArrowLeft", "ArrowRight"].includes(event.key) || event.altKey) return;
  event.preventDefault();
  resize(frame().clientWidth + (event.key === "ArrowRight" ? 1 : -1) * (event.shiftKey ? 100 : 10));
  keepWidth(300);
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
function store(key, value) {
  try {
    localStorage.setItem(`gallery-${key}`, value);
  } catch {} // A browser that keeps nothing forgets.
}
function stored(key) {
  try {
    return localStorage.getItem(`gallery-${key}`) ?? "";
  } catch {
    return "";
  }
}

// What was seen lately stands at the head of the tree.
function seen() {
  const path = main().dataset.path;
  let list = stored("seen").split("\n").filter(Boolean);
  if (path.split("/").length === 3) {
    list = [path, ...list.filter((p) => p !== path)].slice(0, 6);
    store("seen", list.join("\n"));
  }
  const recent = nav.querySelector("[data-recent]");
  const others = list.filter((p) => p !== path && nav.querySelector(`[data-path="${CSS.escape(p)}"]`)).slice(0, 4);
  recent.hidden = others.length === 0 || Boolean(search.value);
  recent.querySelector("ul").replaceChildren(...others.map((p) => {
    const story = nav.querySelector(`[data-path="${CSS.escape(p)}"] a`), item = document.createElement("li"), link = document.createElement("a");
    link.href = story.href;
    link.textContent = `${story.closest(".g-component").querySelector("a > span").textContent} · ${story.firstChild.textContent}`;
    item.append(link);
    return item;
  }));
}

function mark() {
  const path = main().dataset.path;
  for (const link of nav.querySelectorAll("[aria-current]")) link.removeAttribute("aria-current");
  for (const item of nav.querySelectorAll(".g-component")) {
    const here = path === item.dataset.path || path.startsWith(`${item.dataset.path}/`);
    if (!search.value) item.toggleAttribute("data-open", here);
    if (!here) continue;
    const link = [...item.querySelectorAll("[data-path]"), item].find((i) => i.dataset.path === path)?.querySelector("a");
    link?.setAttribute("aria-current", "page");
    if (link) bringIntoNav(link);
  }
  keepSettings();
  seen();
}

// keepSettings gives the links of the tree the toolbar's settings.
let kept = "";
function keepSettings() {
  const now = here().searchParams;
  const query = String(new URLSearchParams([...now].filter(([key]) => key[0] === "~" && key !== "~q")));
  if (query === kept && !still) return;
  kept = query;
  for (const item of nav.querySelectorAll("[data-path]")) {
    item.querySelector("a").href = `${root}/${item.dataset.path}${still ? "/index.html" : ""}${query && `?${query}`}`;
  }
}

// bringIntoNav scrolls the tree, and nothing else, to a link.
function bringIntoNav(link) {
  const at = link.getBoundingClientRect(), room = nav.getBoundingClientRect();
  if (at.top < room.top) nav.scrollTop += at.top - room.top - 16;
  else if (at.bottom > room.bottom) nav.scrollTop += at.bottom - room.bottom + 16;
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
  if (tag) {
    search.value = search.value === tag.dataset.tag ? "" : tag.dataset.tag;
    filter();
  }
  const button = event.target.closest?.("[data-copy], [data-copy-link]");
  if (button) {
    const text = "copyLink" in button.dataset ? location.href : document.getElementById(button.dataset.copy).textContent;
    navigator.clipboard.writeText(text).then(() => tell("Copied"), () => tell("The browser does not let this page copy."));
  }
});

// The first letter goes at once, those that follow fast go together.
let soon, sent = 0;
function send(form, delay) {
  clearTimeout(soon);
  soon = setTimeout(() => {
    sent = performance.now();
    go(`${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`, { typing: true });
  }, performance.now() - sent < delay ? delay : 0);
}
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && "controls" in form.dataset) {
    if (event.target.closest("fieldset") && event.target.value) setAgain(event.target);
    send(form, 60);
  } else if (event.target === search) filter();
});
document.addEventListener("submit", (event) => {
  if ("controls" in event.target.dataset) {
    event.preventDefault();
    send(event.target, 0);
  } else if (event.target.contains(search)) {
    event.preventDefault();
    nav.querySelector(".g-component:not([data-away]) .g-stories > :not([data-away]) > a, .g-group[data-pages] .g-component:not([data-away]) > a")?.click();
  }
});

// setAgain turns "Not set" off when its value is typed.
function setAgain(input) {
  const unset = input.form.querySelector(`[type=checkbox][name="${CSS.escape(input.name)}.nil"]`);
  if (unset) unset.checked = false;
}

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (text) => words.every((word) => text.includes(word));
  let any = false;
  for (const group of nav.querySelectorAll(".g-group")) {
    const name = group.querySelector(".g-group-name").textContent;
    let shown = false;
    for (const item of group.querySelectorAll("[data-pages] .g-component")) {
      const found = has(`${name} ${item.textContent}`.toLowerCase());
      item.toggleAttribute("data-away", !found);
      shown ||= found;
    }
    for (const item of group.querySelectorAll(":scope:not([data-pages]) .g-component")) {
      const component = `${name} ${item.querySelector("a > span").textContent}`;
      let found = false;
      for (const story of item.querySelectorAll("[data-path]")) {
        const here = has(`${component} ${story.textContent} ${story.dataset.tags ?? ""}`.toLowerCase());
        story.toggleAttribute("data-away", !here);
        found ||= here;
      }
      item.toggleAttribute("data-away", !found);
      item.toggleAttribute("data-open", words.length ? found && !has(component.toLowerCase()) : main().dataset.path.startsWith(item.dataset.path));
      shown ||= found;
    }
    group.toggleAttribute("data-away", !shown);
    any ||= shown;
  }
  nav.querySelector(".g-nav-none").hidden = any;
  nav.querySelector("[data-recent]").hidden ||= words.length > 0;
}

// Keys

function keys(event) {
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
  const does = event.altKey ? (event.shiftKey ? shifted : alone)[event.code || event.key] : event.shiftKey && event.key !== "?" ? null : bare[event.key];
  if (!does) return;
  event.preventDefault();
  does();
}

const press = (id) => document.getElementById(id)?.click();
const hide = (what) => {
  document.body.toggleAttribute(`data-no-${what}`);
  fit();
};
// Keys with Alt, by their place on the keyboard: with Alt some keyboards write other letters.
const alone = {
  ArrowLeft: () => press("g-go-previous"), ArrowRight: () => press("g-go-next"),
  ArrowUp: () => component(-1), ArrowDown: () => component(1),
  KeyF: () => hide("chrome"), KeyS: () => hide("nav"), KeyA: () => hide("panels"), KeyT: () => hide("tools"),
  KeyD: () => press("g-side"), KeyR: () => again(),
};
const shifted = { KeyL: () => press("g-copy-link"), KeyI: () => press("g-open"), KeyE: () => press("g-editor") };
const bare = {
  1: () => (nav.querySelector("[aria-current]") ?? nav.querySelector("a"))?.focus(),
  2: () => frame().focus(),
  3: () => document.getElementById("g-panel-body")?.focus(),
  m: () => press("g-set-measure"), o: () => press("g-set-outline"), g: () => press("g-set-grid"),
  "?": () => document.getElementById("g-keys").togglePopover(),
};

// again loads the frame anew, and stays where it is scrolled to.
function again() {
  const inside = frame().contentWindow, at = inside.scrollY;
  frame().addEventListener("load", () => frame().contentWindow.scrollTo(0, at), { once: true });
  inside.location.reload();
}

// component goes to the neighbouring component's first story.
function component(by) {
  const all = [...nav.querySelectorAll(".g-component:not([data-away])")];
  const path = main().dataset.path;
  const at = all.findIndex((item) => path === item.dataset.path || path.startsWith(`${item.dataset.path}/`));
  const next = at < 0 ? all[0] : all[at + by];
  next?.querySelector(".g-stories a")?.click();
}

document.addEventListener("keydown", keys);
search.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    search.value = "";
    filter();
    search.blur();
  } else if (event.key === "ArrowDown") {
    event.preventDefault();
    visible()[0]?.focus();
  }
});
nav.addEventListener("keydown", (event) => {
  if (event.altKey || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  event.preventDefault();
  const links = visible(), at = links.indexOf(document.activeElement);
  (links[at + (event.key === "ArrowDown" ? 1 : -1)] ?? search).focus();
});
const visible = () => [...nav.querySelectorAll("a")].filter((link) => link.offsetParent);

// What only works with a script is shown by it.
function enliven() {
  document.body.classList.add("g-live");
  for (const button of document.querySelectorAll("[data-copy], [data-copy-link], [data-again], [data-side]")) button.hidden = false;
  panels(main(), frame, { tell, stored, store });
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

// In development the page follows its files: styles at once, words and scripts by drawing anew.
async function live(address, before) {
  await new Promise((done) => setTimeout(done, 400));
  let now = before;
  if (!document.hidden) {
    try {
      now = await (await fetch(address)).json();
    } catch {} // The program is being built again.
    if (before && now.style !== before.style) restyle(now.style);
    if (before && now.script !== before.script) again();
    if (before && now.page !== before.page) {
      await go(location.pathname + location.search, { typing: true });
      setTimeout(() => go(location.pathname + location.search, { typing: true }), 700); // The words may be written after their file.
    }
  }
  live(address, now);
}
function restyle(version) {
  for (const page of [document, frame().contentDocument]) {
    for (const sheet of page.querySelectorAll("link[rel=stylesheet]")) {
      const next = sheet.cloneNode();
      next.href = `${sheet.href.split("?")[0]}?${version}`;
      next.addEventListener("load", () => sheet.remove(), { once: true });
      sheet.after(next);
    }
  }
}

window.gallery = { follow, keys };
addEventListener("popstate", () => go(location.href));
frame().addEventListener("load", () => {
  fit();
  wanted();
});
const sizes = new ResizeObserver(() => fit());
sizes.observe(frame().closest(".g-stage"));
document.body.toggleAttribute("data-below", stored("below") === "1");
if (still) for (const link of document.querySelectorAll(".g-top a")) link.href = String(link.href);
enliven();
mark();
bringIntoTabs();
filter();
settle();
if (stored("settings") && !/[?&](~|%7E)/i.test(location.search)) {
  go(location.pathname + (location.search ? `${location.search}&` : "?") + stored("settings"));
}
if (document.body.dataset.live) live(document.body.dataset.live);
