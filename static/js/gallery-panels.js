// The gallery's panels that only live: what axe finds, what happens in the frame, and steps being played.

import { frame, main, reload, store, stored } from "./gallery-page.js";

const log = []; // Of this visit, the newest last.
const ours = () => frame().contentWindow.gallery;
const $ = (selector) => main().querySelector(selector);

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// panels brings the panel to life that stands in the page now.
export function panels() {
  for (const plain of main().querySelectorAll("[data-without-script]")) plain.hidden = true;
  for (const head of main().querySelectorAll(".g-axe-head")) head.hidden = false;
  if ($("[data-actions-panel]")) for (const entry of log) write(entry);
}

// wanted does what the open panel does by itself, once the story is drawn.
export function wanted() {
  const path = main().dataset.path;
  if (path !== wanted.path) {
    wanted.path = path;
    log.length = 0;
    $("[data-actions-list]")?.replaceChildren();
    steps.at = 0;
  }
  if ($("[data-axe-panel]")) {
    clearTimeout(wanted.soon);
    wanted.soon = setTimeout(check, 300);
  }
}

// Actions

const kinds = { request: "Request", answer: "Answer", form: "Form", link: "Link", event: "Event" };

export function happened(entry) {
  log.push(entry);
  if (log.length > 200) log.shift();
  if ($("[data-actions-panel]")) write(entry);
  const tab = document.getElementById("g-panel-actions");
  tab?.setAttribute("data-count", log.length);
}

function write({ gallery, text, at }) {
  const list = $("[data-actions-list]");
  list.append(element("li", { "data-kind": gallery },
    element("time", {}, new Date(at).toLocaleTimeString("en-GB")), element("b", {}, kinds[gallery] ?? gallery), element("span", {}, text)));
  list.closest(".g-panel").scrollTop = list.scrollHeight;
}

// Accessibility

async function check() {
  const panel = $("[data-axe-found]"), path = main().dataset.path;
  if (!panel) return;
  panel.replaceChildren(element("p", { class: "g-soft" }, "Checking…"));
  let found;
  try {
    found = await ours().axe();
  } catch (error) {
    if (path === main().dataset.path) panel.replaceChildren(element("p", { class: "g-error" }, `The check failed: ${error.message}.`));
    return;
  }
  if (path !== main().dataset.path || !panel.isConnected) return;
  note(path, found);
  const accepted = [...main().querySelectorAll("[data-axe-panel] .g-terms dt code")].map((code) => code.textContent);
  if (!found.length) return panel.replaceChildren(element("p", { class: "g-fine" }, "Nothing found. 105 rules were tried, in this theme and at this width."));
  panel.replaceChildren(element("ul", { class: "g-found" }, ...found.map((f) => finding(f, accepted.includes(f.rule)))));
}

function finding(f, accepted) {
  return element("li", { "data-impact": f.impact, ...(accepted && { "data-accepted": "" }) },
    element("p", {}, element("b", {}, f.help), " ", element("a", { href: f.more, target: "_blank", rel: "noopener", "data-plain": "" }, f.rule)),
    ...f.nodes.map((n) => element("button", { type: "button", class: "g-node", title: n.why, onclick: () => ours().mark(n.at) },
      element("code", {}, n.html), element("span", { class: "g-soft" }, n.why.replace(/^Fix (any|all) of the following:\s*/, "")))));
}

// The number of findings stands beside each story, from the last check in this browser.
function results() {
  try {
    return JSON.parse(stored("axe") || "{}");
  } catch {
    return {};
  }
}
function note(path, found) {
  const all = results();
  all[path] = found.reduce((n, f) => n + f.nodes.length, 0);
  store("axe", JSON.stringify(all));
  counts();
}
export function counts() {
  const all = results();
  for (const item of document.querySelectorAll("#g-nav [data-path]")) {
    const n = all[item.dataset.path];
    if (n === undefined || item.classList.contains("g-component")) continue;
    const link = item.querySelector("a");
    let badge = link.querySelector(".g-badge");
    if (!n) badge?.remove();
    else {
      badge ??= link.appendChild(element("span", { class: "g-badge" }));
      badge.textContent = n;
      badge.title = n === 1 ? "1 finding" : `${n} findings`;
    }
  }
}

// checkAll goes through every story in the frame, one after the other.
async function checkAll(button) {
  const paths = [...document.querySelectorAll("#g-nav .g-stories [data-path]")].map((item) => item.dataset.path);
  const view = frame(), inside = view.contentDocument, here = main().dataset.path;
  const panel = $("[data-axe-found]");
  let total = 0;
  button.disabled = true;
  for (const [i, path] of paths.entries()) {
    if (here !== main().dataset.path) break;
    panel.replaceChildren(element("p", {}, `${i + 1} of ${paths.length}: ${path}`), element("progress", { max: paths.length, value: i, "aria-label": "Stories checked" }));
    const answer = await fetch(`${document.body.dataset.root}/${path}`, { headers: { "X-Gallery-Part": "1" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    inside.getElementById("g-story").replaceWith(inside.adoptNode(page.getElementById("g-next").content));
    const found = await ours().axe();
    total += found.length;
    note(path, found);
  }
  button.disabled = false;
  if (here !== main().dataset.path) return;
  reload();
  panel.replaceChildren(element("p", { class: "g-fine" }, `${paths.length} stories were checked: ${total === 0 ? "nothing found" : `${total} findings, counted in the tree`}.`));
}

// Playing

const steps = { at: 0 };

function itemOf(i, state, wrong) {
  const item = main().querySelectorAll(".g-step-item")[i];
  if (!item) return;
  item.dataset.state = state;
  item.querySelector(".g-error")?.remove();
  if (wrong) item.append(element("p", { class: "g-error" }, `${wrong[0].toUpperCase()}${wrong.slice(1)}.`));
}

async function anew() {
  for (const item of main().querySelectorAll(".g-step-item")) delete item.dataset.state;
  for (const error of main().querySelectorAll(".g-step-item .g-error")) error.remove();
  steps.at = 0;
  const view = frame();
  await new Promise((done) => {
    view.addEventListener("load", done, { once: true });
    reload();
  });
  await ours().settled;
}

const listed = () => JSON.parse($("[data-play-panel]").dataset.steps);

async function run() {
  await anew();
  for (const [i] of listed().entries()) if (!(await one(i))) break;
}

async function one(i) {
  itemOf(i, "now");
  const wrong = await ours().step(listed()[i]);
  itemOf(i, wrong ? "failed" : "done", wrong);
  return !wrong;
}

// A picture before is shown as far as the slider says.
document.addEventListener("input", (event) => {
  const compared = event.target.closest?.(".g-compare-by")?.previousElementSibling;
  compared?.style.setProperty("--at", `${event.target.value}%`);
});

document.addEventListener("click", async (event) => {
  const on = (selector) => event.target.closest?.(selector);
  if (on("[data-axe-run]")) check();
  else if (on("[data-axe-all]")) checkAll(event.target);
  else if (on("[data-actions-clear]")) {
    log.length = 0;
    $("[data-actions-list]").replaceChildren();
  } else if (on("[data-play-run]")) run();
  else if (on("[data-play-step]")) {
    if (steps.at === 0 || steps.at >= listed().length) await anew();
    if (await one(steps.at)) steps.at++;
    else steps.at = 0;
  }
});
