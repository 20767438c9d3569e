// What a long list does less often: its modules are fetched when they are first needed. Only what has to be decided at
// once is decided here.
import { current } from "./grid.js"

const columns = () => import("./grid-columns.js")
const side = () => import("./grid-side.js")
const cells = () => import("./grid-cell.js")
const builder = () => import("./grid-builder.js")

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

// Cells that are marked, copied and pasted: whoever comes to one may
for (const type of ["focusin", "pointerover"]) document.addEventListener(type, (event) => live(event, "tbody tr[data-id]") && import("./grid-range.js"))

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
