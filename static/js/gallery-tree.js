// The tree of all stories: what of it a search leaves, where in it one is, and what was seen lately.

import { here, main, nav, root, search, still, store, stored } from "./gallery-page.js";

// mark says in the tree what is seen.
export function mark() {
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

// filter leaves of the tree what has every word of the search, and none with a minus before it.
export function filter() {
  const all = search.value.toLowerCase().split(/\s+/).filter((word) => word && word !== "-");
  const words = all.filter((word) => word[0] !== "-"), without = all.filter((word) => word[0] === "-").map((word) => word.slice(1));
  const has = (text) => words.every((word) => text.includes(word)) && !without.some((word) => text.includes(word));
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
  nav.querySelector("[data-recent]").hidden ||= all.length > 0;
  for (const tag of nav.querySelectorAll("[data-tag]")) {
    const word = tag.dataset.tag;
    const state = all.includes(word) ? "with" : all.includes(`-${word}`) ? "without" : "";
    tag.dataset.state = state;
    tag.title = state === "with" ? `Only ${word}: press for all but these` : state === "without" ? `Without ${word}: press for all` : `Only ${word}`;
  }
}

// byTag searches for a tag, then for all without it, then for all.
export function byTag(tag) {
  const now = search.value.trim();
  search.value = now === tag ? `-${tag}` : now === `-${tag}` ? "" : tag;
  filter();
}

// neighbour is the first story of the component so many places on.
export function neighbour(by) {
  const all = [...nav.querySelectorAll(".g-component:not([data-away])")];
  const path = main().dataset.path;
  const at = all.findIndex((item) => path === item.dataset.path || path.startsWith(`${item.dataset.path}/`));
  const next = at < 0 ? all[0] : all[at + by];
  return next?.querySelector(".g-stories a");
}

// best is what Enter opens.
const best = ".g-component:not([data-away]) .g-stories > :not([data-away]) > a, .g-group[data-pages] .g-component:not([data-away]) > a";
const visible = () => [...nav.querySelectorAll("[data-path] > a")].filter((link) => link.offsetParent);

search.addEventListener("input", filter);
search.form.addEventListener("submit", (event) => {
  event.preventDefault();
  nav.querySelector(best)?.click();
});
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
