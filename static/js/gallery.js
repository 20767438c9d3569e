// The gallery without waiting: a link of the gallery or a changed control fetches what differs, the frame gets its new
// story, and the address says what is seen. Without this script the same links and the same form load whole pages.

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
  show(page, typing);
  const at = main().dataset.address;
  if (push && at !== location.pathname + location.search) history.pushState(null, "", at);
  else history.replaceState(null, "", at);
}

function show(page, typing) {
  const before = main().dataset.path;
  const next = page.getElementById("g-main");
  const focused = document.activeElement?.id;
  document.title = page.title;
  const open = new Set([...main().querySelectorAll(".g-row[open]")].map((row) => row.dataset.control));
  for (const part of main().querySelectorAll("[data-part]")) {
    const fresh = next.querySelector(`[data-part="${part.dataset.part}"]`);
    if (part.dataset.part === "panels" && typing && keep(part, fresh)) continue;
    part.replaceWith(fresh);
  }
  for (const name of ["data-address", "data-path", "data-title", "data-panels"]) copy(name, next, main());

  const moved = before !== main().dataset.path;
  if (!moved) for (const row of main().querySelectorAll(".g-row")) row.open ||= open.has(row.dataset.control);
  fill(page.getElementById("g-next"), next.querySelector("iframe"), moved);
  mark();
  enliven();
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

const said = ["lang", "dir", "data-theme", "data-text", "data-motion", "data-outline"];

// fill puts the story into the document that is in the frame already: nothing is loaded twice.
function fill(template, box, moved) {
  const view = frame(), inside = view.contentDocument;
  for (const name of ["width", "title"]) copy(name, box, view);
  copy("data-width", box.closest(".g-window"), view.closest(".g-window"));
  if (moved || box.hasAttribute("width")) view.closest(".g-window").removeAttribute("style");
  const story = inside?.getElementById("g-story");
  if (!story) {
    view.contentWindow.location.replace(box.getAttribute("src"));
    return;
  }
  for (const name of said) copy(name, template, inside.documentElement);
  story.replaceWith(inside.adoptNode(template.content));
  inside.title = box.title;
  view.contentWindow.htmx?.process(inside.body);
  if (moved) view.contentWindow.scrollTo(0, 0);
  fit();
}

// watch stops what would lead out of the frame, and says what it would have been.
function watch() {
  const inside = frame().contentDocument;
  if (!inside?.getElementById("g-story") || inside.documentElement.dataset.watched !== undefined) return;
  inside.documentElement.dataset.watched = "";
  inside.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented) return;
    const href = link.getAttribute("href");
    event.preventDefault();
    if (link.target === "_top") follow(event, link.href);
    else if (href.startsWith("#")) inside.getElementById(href.slice(1))?.focus();
    else tell(`The link leads to ${href}`);
  });
  inside.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target, by = event.submitter;
    if (form.method === "dialog") return form.closest("dialog")?.close();
    const fields = [...new FormData(form, by)].map(([name, value]) => `${name}=${value}`).join(", ");
    tell(`${(by?.formMethod || form.method).toUpperCase()} ${by?.getAttribute("formaction") || form.getAttribute("action") || "this address"}${fields && `: ${fields}`}`);
  });
  inside.addEventListener("htmx:config:request", (event) => {
    event.preventDefault();
    const { method, action } = event.detail.ctx.request;
    tell(`htmx: ${method} ${action}`);
  });
  inside.addEventListener("keydown", keys);
}

let toldAt;
function tell(text) {
  const toast = document.getElementById("g-toast");
  toast.textContent = text;
  clearTimeout(toldAt);
  toldAt = setTimeout(() => (toast.textContent = ""), 5000);
}

// fit scales a frame down that is wider than its room, and says how wide it is.
function fit() {
  const view = frame(), box = view.closest(".g-window"), stage = box.parentElement;
  const width = Number(view.getAttribute("width"));
  const style = getComputedStyle(stage);
  const room = stage.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - 2;
  const scale = width > room && room > 0 ? room / width : 1;
  view.style.transform = scale < 1 ? `scale(${scale})` : "";
  view.style.height = scale < 1 ? `${100 / scale}%` : "";
  if (width) box.style.width = scale < 1 ? `${Math.floor(width * scale) + 2}px` : "";
  const label = document.getElementById("g-size");
  label.textContent = `${view.clientWidth} px` + (scale < 1 ? ` at ${Math.round(scale * 100)} %` : "");
  label.toggleAttribute("data-on", Boolean(width) || Boolean(box.style.width));
}

// Links, the form, the tree

function follow(event, address) {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return window.open(address, "_blank", "noopener");
  narrow.matches && nav.matches(":popover-open") && nav.hidePopover();
  go(address, { push: true });
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
}

// keepSettings gives the links of the tree the toolbar's settings.
let kept = "";
function keepSettings() {
  const now = new URL(main().dataset.address, location).searchParams;
  const query = String(new URLSearchParams([...now].filter(([key]) => key[0] === "~" && key !== "~q")));
  if (query === kept) return;
  kept = query;
  for (const item of nav.querySelectorAll("[data-path]")) {
    item.querySelector("a").href = `/gallery/${item.dataset.path}${query && `?${query}`}`;
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
  if (link && !event.defaultPrevented && !event.button && !event.metaKey && !event.ctrlKey && !event.shiftKey && !("plain" in link.dataset)) {
    const to = new URL(link.href);
    if (to.origin === location.origin && /^\/gallery(\/|$)/.test(to.pathname) && !to.hash) {
      event.preventDefault();
      follow(event, link.href);
    }
  }
  const button = event.target.closest?.("[data-copy], [data-copy-link]");
  if (button) {
    const text = "copyLink" in button.dataset ? location.href : document.getElementById(button.dataset.copy).textContent;
    navigator.clipboard.writeText(text).then(() => tell("Copied"), () => tell("The browser does not let this page copy."));
  }
});

let soon;
function send(form, delay) {
  clearTimeout(soon);
  soon = setTimeout(() => {
    go(`${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`, { typing: true });
  }, delay);
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
    nav.querySelector(".g-component:not([data-away]) .g-stories > :not([data-away]) > a")?.click();
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
    for (const item of group.querySelectorAll(".g-component")) {
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
}

// Keys

function keys(event) {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if ((event.key === "k" && (event.metaKey || event.ctrlKey)) || (event.key === "/" && !typing && !event.metaKey && !event.ctrlKey)) {
    event.preventDefault();
    if (narrow.matches && !nav.matches(":popover-open")) nav.showPopover();
    window.focus();
    search.focus();
    search.select();
    return;
  }
  if (event.altKey && !event.ctrlKey && !event.metaKey && !typing) {
    const to = { ArrowLeft: "#g-go-previous", ArrowRight: "#g-go-next" }[event.key];
    if (to || event.key === "ArrowUp" || event.key === "ArrowDown") event.preventDefault();
    if (to) document.querySelector(to)?.click();
    else if (event.key === "ArrowUp") component(-1);
    else if (event.key === "ArrowDown") component(1);
  }
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
  for (const button of document.querySelectorAll("[data-copy], [data-copy-link]")) button.hidden = false;
  watch();
}

addEventListener("popstate", () => go(location.href));
frame().addEventListener("load", () => {
  watch();
  fit();
});
const sizes = new ResizeObserver(() => fit());
sizes.observe(frame().closest(".g-stage"));
sizes.observe(frame().closest(".g-window"));
enliven();
mark();
bringIntoTabs();
filter();
