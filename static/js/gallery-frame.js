// Inside of the gallery's frames, before every other script: what a story asks for is answered by the gallery, what
// would lead away is stopped, and all of it is told to the page around. It also measures, plays steps and runs axe.

const page = document.documentElement;
const story = () => document.getElementById("g-story");
const around = () => parent !== window && parent.gallery; // The page may be ready after its frame.
const tell = (kind, text) => (parent !== window ? parent.postMessage({ gallery: kind, text, at: Date.now() }, location.origin) : null);
const later = (ms, signal) =>
  new Promise((done, failed) => {
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", () => (clearTimeout(timer), failed(signal.reason)));
  });

// A file server knows no settings: what the address says is set here, if the page does not say it already.
for (const [key, value] of new URLSearchParams(location.search)) {
  if (key === "~dir") page.dir = value;
  else if (/^~[a-z]+$/.test(key)) page.dataset[key.slice(1)] ??= value;
}

// Requests

const real = window.fetch.bind(window);
const failure = '<div class="callout" data-tone="danger" role="alert"><p>Something went wrong on our side. Try again in a minute.</p></div>';

window.fetch = async (input, init = {}) => {
  const request = input instanceof Request ? input : null;
  const url = new URL(request ? request.url : input, location.href);
  const method = (init.method ?? request?.method ?? "GET").toUpperCase();
  const signal = init.signal ?? request?.signal;
  const body = init.body ?? null;
  const said = `${method} ${url.pathname}${url.search}`;
  tell("request", said + (body instanceof FormData || body instanceof URLSearchParams ? ` ${fields(body)}` : ""));
  const net = page.dataset.net;
  if (net === "slow") await later(3000, signal);
  if (net === "offline") {
    tell("answer", `${said}: no answer`);
    throw new TypeError("Failed to fetch");
  }
  if (net === "500" || net === "401") {
    tell("answer", `${said}: ${net}`);
    return new Response(net === "500" ? failure : "", { status: Number(net), headers: { "Content-Type": "text/html" } });
  }
  const mock = story().dataset.mock;
  const answer = mock && (await real(mock + url.pathname + url.search, { method, body, signal, headers: init.headers ?? request?.headers }));
  if (!answer || answer.status === 204) {
    tell("answer", `${said}: the story has no answer`);
    return new Response(null, { status: 204 });
  }
  tell("answer", `${said}: ${answer.status}`);
  return answer;
};

const fields = (data) => [...data].map(([name, value]) => `${name}=${value}`).join(", ");

// A form that asks whether to leave it would keep the frame from its next story.
addEventListener("beforeunload", (event) => event.stopImmediatePropagation(), true);

// Links and forms

addEventListener("click", (event) => {
  const copied = event.target.closest?.("[data-copy-of]");
  if (copied) around()?.copyCode(copied.dataset.copyOf, copied.dataset.kind);
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented) return;
  const href = link.getAttribute("href");
  event.preventDefault();
  if (link.target === "_top") {
    if (around()) around().follow(event, link.href);
    else location.assign(link.href);
  } else if (href.startsWith("#")) document.getElementById(href.slice(1))?.focus();
  else tell("link", `The link leads to ${href}`);
});

addEventListener("submit", async (event) => {
  if (event.defaultPrevented) return;
  event.preventDefault();
  const form = event.target, by = event.submitter;
  if (form.method === "dialog") return form.closest("dialog")?.close();
  const method = (by?.getAttribute("formmethod") || form.method).toUpperCase();
  const action = by?.getAttribute("formaction") || form.getAttribute("action") || "/";
  const data = new FormData(form, by);
  tell("form", `${method} ${action}${[...data].length ? `: ${fields(data)}` : ""}`);
  if (!action.startsWith("/") || !story().dataset.mock) return;
  const query = method === "GET" ? `?${new URLSearchParams(data)}` : "";
  try {
    const answer = await fetch(action.split("?")[0] + query, { method, body: method === "GET" ? null : new URLSearchParams(data) });
    if (answer.status === 204) return;
    story().innerHTML = await answer.text();
    window.htmx?.process(story());
    story().querySelector("[autofocus], [tabindex='-1'], h1")?.focus();
  } catch {
    tell("answer", `${method} ${action}: no answer`);
  }
});

// A component may give the page another address: a frame keeps its own, which is its story's.
const move = history.replaceState.bind(history);
const at = (address) => move(null, "", address);
for (const name of ["pushState", "replaceState"]) {
  history[name] = (_state, _title, to) => tell("event", `The address becomes ${to}`);
}

// Events of the components' own making. htmx's are the requests above.
const dispatch = EventTarget.prototype.dispatchEvent;
EventTarget.prototype.dispatchEvent = function (event) {
  if (event instanceof CustomEvent && !event.type.startsWith("htmx")) tell("event", `${event.type} at ${named(this)}`);
  return dispatch.call(this, event);
};

const named = (element) => (element instanceof Element ? element.tagName.toLowerCase() + (element.id ? `#${element.id}` : "") : "the page");

// What the toolbar asks for

let paper = [];
function apply() {
  for (const styled of document.querySelectorAll("[data-letter]")) styled.style.cssText = styled.dataset.letter;
  print(page.dataset.print === "on");
  dates(page.dataset.locale);
  for (const figure of document.querySelectorAll("[data-anatomy]")) anatomy(figure);
  for (const button of document.querySelectorAll("[data-copy-of]")) button.hidden = parent === window;
  if (page.dataset.measure !== "on") unmeasure();
}

const holds = (outer, inner) => outer.left <= inner.left && outer.right >= inner.right && outer.top <= inner.top && outer.bottom >= inner.bottom;

// anatomy puts numbers on the parts of a story that are listed beside it.
function anatomy(figure) {
  const shown = figure.querySelector(".g-anatomy-view");
  const place = () => {
    for (const old of shown.querySelectorAll(".g-anatomy-mark")) old.remove();
    const room = shown.getBoundingClientRect(), marks = [];
    const boxes = [...figure.querySelectorAll("[data-g-part]")].map((item) => shown.querySelector(item.dataset.gPart)?.getBoundingClientRect());
    boxes.forEach((box, i) => {
      if (!box?.width) return;
      // Beside the part, or over or under it, where it hides no other part and no other number.
      const spots = [[box.left - 12, box.top + Math.min(box.height / 2, 18)], [box.left + 11, box.top - 12], [box.right + 12, box.top + Math.min(box.height / 2, 18)], [box.right - 11, box.top - 12], [box.left + 11, box.bottom + 12], [box.right - 11, box.bottom + 12]];
      const free = ([x, y]) => x - 12 > room.left && x + 12 < room.right && y - 12 > room.top && y + 12 < room.bottom &&
        !marks.some(([a, b]) => Math.hypot(a - x, b - y) < 24) &&
        !boxes.some((other, j) => other && j !== i && !holds(other, box) && x + 9 > other.left && x - 9 < other.right && y + 9 > other.top && y - 9 < other.bottom);
      const [x, y] = spots.find(free) ?? spots[0];
      marks.push([x, y]);
      const number = document.createElement("span");
      number.className = "g-anatomy-mark";
      number.textContent = i + 1;
      Object.assign(number.style, { left: `${x - room.left}px`, top: `${y - room.top}px` });
      shown.append(number);
    });
  };
  place();
  if (figure.dataset.anatomy) return;
  figure.dataset.anatomy = "placed";
  new ResizeObserver(place).observe(shown);
  figure.addEventListener("pointerover", (event) => mark(event.target.closest("[data-g-part]") && `.g-anatomy-view ${event.target.closest("[data-g-part]").dataset.gPart}`, false));
}

// print shows the rules for paper on the screen.
function print(on) {
  if (on && !paper.length) {
    const walk = (rules) => {
      for (const rule of rules) {
        if (rule instanceof CSSMediaRule && /^(only )?(print|screen)\b/.test(rule.media.mediaText)) {
          paper.push([rule, rule.media.mediaText]);
          rule.media.mediaText = rule.media.mediaText.startsWith("print") ? "all" : "not all";
        }
        if (rule.cssRules) walk(rule.cssRules);
      }
    };
    for (const sheet of document.styleSheets) walk(sheet.cssRules);
  } else if (!on) {
    for (const [rule, media] of paper) rule.media.mediaText = media;
    paper = [];
  }
}

// dates says moments as another place does, to see whether they fit.
function dates(locale) {
  if (!locale) return;
  const withYear = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone: "America/Denver" });
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: "short", timeZone: "America/Denver" });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
  for (const time of story()?.querySelectorAll("time[datetime]") ?? []) {
    const at = new Date(time.dateTime);
    if (isNaN(at) || time.dataset.said) continue;
    time.dataset.said = time.textContent;
    const plain = time.textContent.trim();
    time.textContent = (/^\d\d:\d\d$/.test(plain) ? clock : time.dateTime.length === 10 ? day : withYear).format(at);
  }
  const number = new Intl.NumberFormat(locale);
  const texts = document.createTreeWalker(story(), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (/\b\d{1,3}(,\d{3})+\b|\b\d+\.\d\b/.test(text.data) && !text.parentElement.closest("time, input, textarea, code")) {
      text.data = text.data.replace(/\b\d{1,3}(,\d{3})+\b|\b\d+\.\d\b/g, (n) => number.format(Number(n.replaceAll(",", ""))));
    }
  }
}

// Measuring

let ruler;
function unmeasure() {
  ruler?.remove();
  ruler = null;
}

addEventListener("pointermove", (event) => {
  if (page.dataset.measure !== "on" || !(event.target instanceof Element) || !story()?.contains(event.target)) return unmeasure();
  const box = event.target.getBoundingClientRect(), style = getComputedStyle(event.target);
  if (!ruler) {
    ruler = document.createElement("div");
    ruler.className = "g-ruler";
    ruler.append(document.createElement("span"));
    document.body.append(ruler);
  }
  const px = (name) => Math.round(parseFloat(style[name])) || 0;
  const sides = (of) => {
    const all = ["Top", "Right", "Bottom", "Left"].map((side) => px(of + side));
    return all.some(Boolean) ? ` · ${of} ${all.join(" ")}` : "";
  };
  Object.assign(ruler.style, { left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px`, height: `${box.height}px` });
  ruler.toggleAttribute("data-below", box.top < 60);
  ruler.firstChild.textContent = `${named(event.target)} ${round(box.width)} × ${round(box.height)}${sides("padding")}${sides("margin")} · ${round(parseFloat(style.fontSize))} px text`;
}, { passive: true });

const round = (n) => Math.round(n * 10) / 10;

// Accessibility

let axeReady;
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

async function axe() {
  axeReady ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = page.dataset.axe;
    script.onload = done;
    script.onerror = () => failed(new Error("axe could not be loaded"));
    document.head.append(script);
  });
  await axeReady;
  const off = Object.fromEntries(page.dataset.without.split(" ").map((rule) => [rule, { enabled: false }]));
  const result = await window.axe.run(story(), { runOnly: rules, rules: off, resultTypes: ["violations"], preload: false });
  return result.violations.map((v) => ({
    rule: v.id, impact: v.impact, help: v.help, more: v.helpUrl,
    nodes: v.nodes.map((n) => ({ at: n.target.flat(3).join(" "), html: n.html.slice(0, 200), why: n.failureSummary })),
  }));
}

// mark outlines an element, and brings it into view if so wanted.
function mark(selector, into = true) {
  for (const old of document.querySelectorAll("[data-g-marked]")) old.removeAttribute("data-g-marked");
  const found = selector && document.querySelector(selector);
  found?.setAttribute("data-g-marked", "");
  if (into) found?.scrollIntoView({ block: "center" });
}

// Playing

const roles = {
  button: "button, input[type=submit], input[type=button], summary", link: "a[href]", heading: "h1, h2, h3, h4, h5, h6",
  textbox: "textarea, input:not([type]), input[type=text], input[type=email], input[type=tel], input[type=password], input[type=url]",
  searchbox: "input[type=search]", checkbox: "input[type=checkbox]", radio: "input[type=radio]", spinbutton: "input[type=number]",
  combobox: "select", option: "option", list: "ul, ol", listitem: "li", table: "table", row: "tr", cell: "td", dialog: "dialog[open]",
  status: "output", img: "img", alert: "none-but-by-role", form: "form", main: "main", region: "section[aria-label]",
};

function name(element) {
  const by = element.getAttribute("aria-labelledby");
  if (by) return by.split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
  return element.getAttribute("aria-label") || (element.labels?.length ? [...element.labels].map(words).join(" ") : "") ||
    words(element) || element.title || element.placeholder || element.value || "";
}
// words are an element's, without what is hidden from assistive technology.
function words(element) {
  const copy = element.cloneNode(true);
  for (const hidden of copy.querySelectorAll("[aria-hidden=true], [hidden], input, select, textarea")) hidden.remove();
  return copy.textContent;
}
const plain = (text) => text.replace(/\s+/g, " ").trim();

function find({ role, name: wanted }) {
  const all = [...document.querySelectorAll(`[role="${role}"], ${roles[role] ?? "none"}`)];
  return all.find((e) => (!e.hasAttribute("role") || e.getAttribute("role") === role) && e.checkVisibility() && (!wanted || plain(name(e)).startsWith(wanted)));
}

async function until(condition, patience = 4000) {
  const end = performance.now() + patience;
  for (;;) {
    const found = condition();
    if (found) return found;
    if (performance.now() > end) return null;
    await later(30);
  }
}

// step does one step, and answers with what is wrong, or "".
async function step(s) {
  const what = `${s.role}${s.name ? ` “${s.name}”` : ""}`;
  if (s.do === "press") {
    const target = document.activeElement ?? document.body;
    for (const type of ["keydown", "keyup"]) target.dispatchEvent(new KeyboardEvent(type, { key: s.text, bubbles: true, cancelable: true }));
    return "";
  }
  if (s.do === "gone") return (await until(() => !find(s))) ? "" : `the ${what} is still there`;
  const element = await until(() => find(s));
  if (!element) return `there is no ${what}`;
  const box = element.getBoundingClientRect();
  if (box.top < 0 || box.bottom > innerHeight) element.scrollIntoView({ block: "nearest" }); // It would move the page around, too.
  if (s.do === "click") {
    element.focus();
    element.click();
  } else if (s.do === "type") {
    element.focus();
    if (element.type === "checkbox" || element.type === "radio") element.checked = true;
    else element.value = s.text;
    for (const type of ["input", "change"]) element.dispatchEvent(new Event(type, { bubbles: true }));
  } else if (s.text) {
    const says = () => plain(`${element.isConnected ? "" : ""}${(find(s) ?? element).innerText ?? ""} ${(find(s) ?? element).value ?? ""}`);
    if (!(await until(() => says().includes(s.text)))) return `the ${what} says “${says().slice(0, 120)}”`;
  }
  return "";
}

// play does all steps, and says how each went.
async function play(steps, each = () => {}) {
  const said = [];
  for (const [i, s] of steps.entries()) {
    const wrong = await step(s);
    said.push(wrong);
    each(i, wrong);
    if (wrong) break;
  }
  return said;
}

// settled is when the story's own scripts have begun: htmx does so in a timer after the document is there.
const settled = new Promise((done) => addEventListener("DOMContentLoaded", () => (apply(), setTimeout(done))));
settled.then(() => {
  page.dataset.watched = "";
  tell("ready", "");
});
window.gallery = { axe, mark, step, play, apply, at, settled };
addEventListener("keydown", (event) => around() && around().keys(event));
