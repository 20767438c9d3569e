// What a long list does less often: its modules are fetched when they are first needed. Only what has to be decided at
// once is decided here.
import { current } from "./grid.js"

const columns = () => import("./grid-columns.js")
const side = () => import("./grid-side.js")
const cells = () => import("./grid-cell.js")
const builder = () => import("./grid-builder.js")
const ranges = () => import("./grid-range.js")

const live = (event, selector) => current() && event.target.closest?.(`#grid ${selector}`)

document.addEventListener("pointerdown", (event) => {
  if (event.button || event.pointerType === "touch" && !event.target.closest?.(".grid-edge")) return
  const edge = live(event, ".grid-edge")
  const head = !edge && live(event, "thead th")
  if (edge) event.preventDefault()
  if (edge) columns().then((module) => module.drag(edge, event))
  else if (head && !event.target.closest("button")) columns().then((module) => module.carry(head, event))
})
document.addEventListener("dragstart", (event) => {
  if (live(event, "thead a")) event.preventDefault()
})
document.addEventListener("dblclick", (event) => {
  const edge = live(event, ".grid-edge")
  if (edge) columns().then((module) => module.fit(edge.closest("th")))
})
document.addEventListener("click", (event) => {
  const arranges = live(event, "[data-fit], [data-edge]")
  if (arranges) columns().then((module) => module.chosen(arranges))
  const builds = event.target.closest?.("a[data-builder]")
  if (builds && current() && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault()
    builder().then((module) => module.open(builds.href))
  }
})

// Cells that are marked, copied and pasted
const body = "tbody :is(th, td)"
const editable = () => "editable" in current().section.dataset
const focused = () => current() && document.activeElement?.matches?.(`#grid ${body}`) && !document.querySelector("dialog[open]")
document.addEventListener("keydown", (event) => {
  const cell = !event.altKey && !event.isComposing && live(event, body)
  if (!cell || event.target !== cell) return
  const list = current(), whole = event.ctrlKey || event.metaKey
  let act
  if (event.shiftKey && event.key.startsWith("Arrow")) act = (range) => range.step(list, event.key, whole)
  else if (whole && event.key.toLowerCase() === "d" && editable()) act = (range) => range.fill(list)
  else if (event.key === "Delete" && !whole && editable()) act = (range) => range.clear(list)
  if (!act) return
  event.preventDefault()
  event.stopPropagation()
  ranges().then(act)
}, true)
document.addEventListener("copy", (event) => {
  if (!focused() || !getSelection().isCollapsed) return
  event.preventDefault()
  if (!current().range || !navigator.clipboard?.write) return event.clipboardData.setData("text/plain", document.activeElement.innerText.trim())
  ranges().then((range) => range.copy(current()))
})
document.addEventListener("paste", (event) => {
  const text = focused() && editable() && event.clipboardData.getData("text/plain")
  if (!text) return
  event.preventDefault()
  ranges().then((range) => range.paste(current(), text))
})
document.addEventListener("pointerdown", (event) => {
  const cell = !event.button && event.pointerType !== "touch" && live(event, body)
  if (!cell || event.target.closest("input, select, textarea, button")) return
  const list = current(), at = Number(cell.parentElement.getAttribute("aria-rowindex")) - 2
  if (event.shiftKey && !event.target.closest("a")) {
    event.preventDefault()
    event.stopPropagation()
    return ranges().then((range) => range.stretch(list, at, cell.cellIndex))
  }
  const ended = new AbortController()
  const end = () => ended.abort()
  for (const type of ["pointerup", "pointercancel"]) addEventListener(type, end, { signal: ended.signal })
  list.scroll.frame.addEventListener("pointerover", (event) => {
    const to = live(event, body)
    if (!to || to === cell) return
    end()
    ranges().then((range) => range.drag(list, cell, to))
  }, { signal: ended.signal })
}, true)

// The record beside the list
const opens = (event) => event.altKey && event.key === "Enter"
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return
  const edge = live(event, ".grid-edge")
  const cell = live(event, "tbody :is(th, td)")
  if (edge && !event.altKey && !event.ctrlKey && event.key !== "Tab") {
    event.preventDefault()
    columns().then((module) => module.key(edge, event.key, event.shiftKey))
  } else if (cell && opens(event) && live(event, "tbody tr").closest("[data-panels]")) {
    event.preventDefault()
    side().then((module) => module.open(cell.parentElement.dataset.id))
  } else if (cell && (event.key === "ContextMenu" || event.shiftKey && event.key === "F10")) {
    event.preventDefault()
    cells().then((module) => module.menu(cell))
  } else if (cell && event.altKey && event.key.toLowerCase() === "f") {
    event.preventDefault()
    cells().then((module) => module.only(cell))
  }
}, true)
document.addEventListener("contextmenu", (event) => {
  const cell = live(event, "tbody :is(th, td)")
  if (!cell || event.shiftKey || event.target.closest("input, textarea, select")) return // Shift: the browser's own
  event.preventDefault()
  cells().then((module) => module.menu(cell, event))
})

let hovered
document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return
  const row = live(event, "[data-panels], #grid[data-panels] tbody tr") && event.target.closest("tbody tr[data-id]")
  if (row === hovered) return
  hovered = row
  if (row) side().then((module) => row === hovered && module.offer(row))
})

const woken = () => {
  if (document.getElementById("side")) side().then((module) => module.adopt())
  if (document.getElementById("builder")) builder()
}
document.addEventListener("htmx:after:swap", woken)
woken()
