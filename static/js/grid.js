// A long list's comforts over its links and forms: it scrolls through all its rows, is walked by keyboard, shows what
// others change; Shift and a head adds to the order, and a menu closes when it has been used.
import { Focus } from "./grid-focus.js"
import { edits } from "./grid-keys.js"
import { Scroller } from "./grid-scroll.js"
import { listen } from "./live.js"

const within = (event) => event.target.closest?.("#grid")
const count = (n) => Number(n).toLocaleString("en-US")
const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
const narrow = (section) => getComputedStyle(section.querySelector("thead")).position === "absolute"

let list // the grid on this page, once it is alive

export const current = () => list

class List {
  constructor(section) {
    this.section = section
    section.dataset.live = ""
    this.place = section.querySelector(".grid-place-now")
    this.thumb = section.querySelector(".grid-thumb")
    this.scroll = new Scroller(section, (what, ...about) => this[what]?.(...about))
    this.focus = new Focus(this.scroll, (said) => this.say(said))
    this.fresh = new Set()
    this.where(this.scroll.first)
    this.place.hidden = false
    this.stop = listen(`list=${section.dataset.name}`, { list: (news) => this.news(news) }, () => this.news({ ids: null }))
    painted().then(() => this.scroll.take()) // which keeps a database busy
    if (section.querySelector("#grid-bulk")) import("./grid-select.js").then(({ Selection }) => { if (list === this) this.chosen = new Selection(this) })
    if (section.dataset.levels) import("./grid-groups.js").then(({ Groups }) => { if (list === this) this.groups = new Groups(this) })
    this.dragging = new AbortController()
    addEventListener("pointerup", () => this.hide(), { signal: this.dragging.signal })
  }

  end() {
    this.scroll.end()
    this.focus.end()
    this.groups?.end()
    this.chosen?.end()
    this.range?.end()
    this.stop()
    this.dragging.abort()
    clearTimeout(this.hiding)
    clearTimeout(this.reading)
  }

  say(words) {
    const said = this.section.querySelector("#grid-said")
    if (said && said.textContent !== words) said.textContent = words
  }

  // where writes the place under the rows and into the address, so that coming back finds it.
  where(first) {
    const { total, last, exact } = this.scroll
    this.place.textContent = total ? `${count(first + 1)}–${count(last)} of ${count(total)}${exact ? "" : "+"}${this.section.dataset.levels ? " lines" : ""}` : ""
  }

  sized() { this.where(this.scroll.first) }

  rest(first) {
    this.where(first)
    history.replaceState(history.state, "", this.href(first))
    dispatchEvent(new CustomEvent("grid:place", { detail: { first } }))
  }

  href(first) {
    const { path, question } = this.section.dataset
    const at = first > 0 ? `at=${first + 1}` : ""
    const panel = new URLSearchParams(location.search).get("open")
    const query = [question, at, panel && `open=${panel}`].filter(Boolean).join("&")
    return query ? `${path}?${query}` : path
  }

  // What the scroller tells.
  rows(box, focused) {
    this.section.querySelector("#grid-failed").hidden ||= !this.halved
    this.focus.dress(box, focused)
    this.groups?.soon()
    this.chosen?.dress(box)
    this.range?.dress(box)
  }

  count(total) {
    const said = this.section.querySelector("#grid-count")
    const noun = said?.textContent.trim().split(" ").at(-1)?.replace("…", "")
    if (said && noun) {
      said.removeAttribute("hx-get")
      said.textContent = `${count(total)} ${noun}`
    }
    this.where(this.scroll.first)
  }

  changed(n) {
    this.chosen?.learned()
    const link = this.section.querySelector("#grid-changed")
    link.hidden = !n || n === "0"
    link.href = this.href(this.scroll.first)
    link.lastElementChild.textContent = n === "0+" ? "Changed · Refresh" : `${n} changed · Refresh`
  }

  other() {
    this.chosen?.lose()
    this.changed("0+")
  }

  // failed says what keeps the list from what was asked; all that is there stays, and again asks anew.
  failed({ cause }, again = () => this.scroll.draw()) {
    const words = cause === 401 ? "You are signed out."
      : cause === 403 ? "You may not see this list any more."
      : cause ? "The server can’t read the list."
      : "The server did not answer. Check the connection, then try again."
    const bar = this.section.querySelector("#grid-failed")
    bar.firstElementChild.textContent = words
    bar.lastElementChild.hidden = cause === 403
    bar.hidden = false
    this.retry = again
    this.say(words)
  }

  // jump says where the thumb is while it is dragged.
  jump(first) {
    this.where(first)
    import("./grid-far.js").then(({ label }) => list === this && label(this, first))
  }

  hide() { this.thumb.hidden = true }

  // row puts a changed row in its old one's place, and marks it for a moment.
  row(old, row, same) {
    if (same) return
    const cell = [...old.cells].indexOf(document.activeElement?.closest("td, th"))
    old.replaceWith(row)
    row.dataset.fresh = ""
    this.focus.dress(row, false)
    this.chosen?.dress(row)
    this.range?.dress(row)
    if (cell >= 0) row.cells[cell]?.focus({ preventScroll: true })
    dispatchEvent(new CustomEvent("grid:row", { detail: { row } }))
  }

  // news names rows that changed somewhere, or says that any may have: those on the screen are read again.
  news({ ids }) {
    const seen = [...this.scroll.table.querySelectorAll("tbody tr[data-id]")].map((tr) => tr.dataset.id)
    const hit = ids ? ids.map(String).filter((id) => seen.includes(id)) : this.scroll.seen().map((tr) => tr.dataset.id)
    for (const id of hit) this.fresh.add(id)
    clearTimeout(this.reading)
    this.reading = setTimeout(() => {
      const all = [...this.fresh].slice(0, 100)
      this.fresh.clear()
      if (all.length) this.scroll.again(all)
      else this.scroll.peek()
    }, 250)
  }

  // turn shows the first rows of another order at once; its heads and menus follow when they have been painted.
  async turn(source, href, question) {
    this.section.classList.add("htmx-request")
    try {
      await this.scroll.turn(question)
      await painted()
    } catch (problem) {
      if (problem.name === "AbortError") return
    }
    htmx.ajax("GET", href, { source: source.isConnected ? source : this.section, target: "#grid", swap: "outerMorph", push: "true" })
  }

  // again asks for the list as it is now, at the same place, or for another.
  again(href = this.href(this.scroll.first), push) {
    htmx.ajax("GET", href, { source: this.section, target: "#grid", swap: "outerMorph", push })
  }
}

function wake() {
  const section = document.getElementById("grid")
  if (list?.section === section && section && "live" in section.dataset) return
  const sorting = list?.section === section && list.sorting !== section?.dataset.sorting
  list?.end()
  list = null
  if (!section?.dataset.path || !section.querySelector(".grid-foot") || section.querySelector("[data-still]")) return
  if (narrow(section)) return
  list = new List(section)
  list.sorting = section.dataset.sorting
  if (sorting) list.say(`Sorted by ${list.sorting}. ${section.querySelector("#grid-count")?.textContent.trim() ?? ""}`)
}

document.addEventListener("click", (event) => {
  if (list && within(event) && event.target.closest("#grid-failed button")) return list.retry()
  const link = within(event) && event.target.closest("a[href]")
  if (!link) return
  if (link.id === "grid-changed" && list) {
    event.preventDefault()
    event.stopPropagation()
    return list.again()
  }
  link.closest("[popover]")?.hidePopover()
  if (event.ctrlKey || event.metaKey) return
  const also = event.shiftKey && link.dataset.also
  const to = new URL(also || link.href, location)
  const turns = list && !list.section.dataset.levels && to.pathname === list.section.dataset.path && unsorted(to.search) === unsorted(list.section.dataset.question)
  if (!also && (event.shiftKey || !turns)) return
  event.preventDefault()
  event.stopPropagation()
  if (turns) list.turn(link, to.href, to.search.slice(1).replace(/&?open=\d+$/, ""))
  else htmx.ajax("GET", to.href, { source: link, target: "#grid", swap: "outerMorph", push: "true" })
}, true)

const unsorted = (query) => {
  const parts = new URLSearchParams(query)
  parts.delete("sort")
  parts.delete("open")
  return parts.toString()
}

// What htmx asked for and did not get leaves the list as it is.
const trouble = (ctx, cause) => {
  list.halved = list.scroll.stay() // rows in one order, heads in another
  list.failed({ cause }, () => list.again(ctx.request.action, "true"))
}
document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  if (!list || ctx.target !== list.section || ctx.text.includes('id="grid"')) return
  ctx.status = "" // nothing is swapped, and the address stays
  trouble(ctx, ctx.response.status)
})
document.addEventListener("htmx:error", ({ detail: { ctx } }) => list && ctx?.target === list.section && !ctx.response && trouble(ctx))

document.addEventListener("submit", (event) => {
  if (within(event)) event.target.closest("[popover]")?.hidePopover()
})

document.addEventListener("htmx:after:swap", () => wake())
addEventListener("resize", () => {
  const section = document.getElementById("grid")
  if (section && list && narrow(section)) list.again() // turns to cards, a page of them
  else if (section && !list) wake()
})
wake()
edits(current)
