// What the gallery's modules share: the parts of its page, what this browser keeps, and a word to the person.

export const still = document.body.dataset.still !== undefined; // Files on a file server: nobody answers but with pages.
export const root = new URL(document.body.dataset.root, location).pathname.replace(/\/index\.html$/, "");
export const main = () => document.getElementById("g-main");
export const frame = () => document.getElementById("g-frame");
export const here = () => new URL(still ? location : main().dataset.address, location);
export const search = document.getElementById("g-search");
export const nav = document.getElementById("g-nav");
export const narrow = matchMedia("(max-width: 52rem)");

// reload loads the frame anew, with the story that it shows now: it may have been loaded with another one.
export function reload() {
  const inside = frame().contentWindow;
  if (frame().dataset.now) inside.gallery?.at(frame().dataset.now);
  inside.location.reload();
}

export function copy(name, from, to) {
  if (from.hasAttribute(name)) to.setAttribute(name, from.getAttribute(name));
  else to.removeAttribute(name);
}

export function store(key, value) {
  try {
    localStorage.setItem(`gallery-${key}`, value);
  } catch {} // A browser that keeps nothing forgets.
}

export function stored(key) {
  try {
    return localStorage.getItem(`gallery-${key}`) ?? "";
  } catch {
    return "";
  }
}

let toldAt;
export function tell(text) {
  const toast = document.getElementById("g-toast");
  toast.textContent = text;
  clearTimeout(toldAt);
  toldAt = setTimeout(() => (toast.textContent = ""), 5000);
}
