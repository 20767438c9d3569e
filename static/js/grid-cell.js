// What can be done with a cell: narrow the list to its value or away from it, copy it, open its record. The menu opens
// with the right button, the menu key or Shift+F10. Others may add entries: grid:menu has the cell and the entries.
import { current } from "./grid.js"

const icon = () => document.createElement("span")
let opened

const said = (cell) => cell.innerText.trim().replace(/\s+/g, " ")
const head = (cell) => current().scroll.head.rows[0].cells[cell.cellIndex]
const label = (cell) => head(cell).querySelector(".grid-label").textContent

// narrow asks for the list by the cell's place: the server reads its value.
function narrow(cell, not) {
  const list = current()
  const open = new URLSearchParams(location.search).get("open")
  const href = list.scroll.address("/cell-filter", { record: cell.parentElement.dataset.id, column: head(cell).dataset.key, ...(not && { not: 1 }), ...(open && { open }) })
  return htmx.ajax("GET", href, { source: list.section, target: "#grid", swap: "outerMorph", push: "true" })
    .then(() => { current()?.focus.to(0); current()?.say(document.querySelector(".grid-count")?.textContent.trim()) })
}

const filterable = (cell) => head(cell).dataset.filterable !== undefined

export const only = (cell) => filterable(cell) && narrow(cell, false)

function entries(cell) {
  const value = said(cell)
  const words = value.length > 40 ? `${value.slice(0, 40)}…` : value
  const link = cell.parentElement.cells[0].querySelector("a[href]")
  const list = []
  if (filterable(cell)) {
    list.push([value ? `Only ${label(cell)}: ${words}` : `Only without ${label(cell)}`, () => narrow(cell, false), "Alt+F"])
    list.push([value ? `Without ${label(cell)}: ${words}` : `Only with ${label(cell)}`, () => narrow(cell, true)])
  }
  if (value) list.push(["Copy value", () => navigator.clipboard.writeText(value).then(() => current().say("Copied"))])
  if (link) list.push(["Open record", () => location.assign(link.href)])
  if (link) list.push(["Open record in a new tab", () => window.open(link.href, "_blank", "noopener")])
  if (cell.closest("[data-panels]")) list.push(["Open beside the list", () => import("./grid-side.js").then((side) => side.open(cell.parentElement.dataset.id)), "Alt+Enter"])
  dispatchEvent(new CustomEvent("grid:menu", { detail: { cell, entries: list } }))
  return list
}

export function menu(cell, at) {
  opened?.remove()
  if (cell.parentElement.dataset.gone !== undefined) return
  const { row } = cell.parentElement.dataset
  const place = { row: Number(cell.parentElement.getAttribute("aria-rowindex")) - 2, column: cell.cellIndex, id: row }
  const box = document.createElement("div")
  box.className = "grid-pop grid-cell-menu"
  box.id = "grid-cell-menu"
  box.popover = "auto"
  box.setAttribute("role", "menu")
  box.setAttribute("aria-label", `${label(cell)} of this row`)
  for (const [words, act, keys] of entries(cell)) {
    const item = document.createElement("button")
    item.type = "button"
    item.setAttribute("role", "menuitem")
    item.tabIndex = -1
    item.append(Object.assign(icon(), { textContent: words }))
    if (keys) {
      item.setAttribute("aria-keyshortcuts", keys)
      item.append(Object.assign(document.createElement("kbd"), { textContent: keys }))
    }
    item.addEventListener("click", () => { box.dataset.done = ""; box.hidePopover(); act() })
    box.append(item)
  }
  box.addEventListener("keydown", (event) => keys(box, event))
  box.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return
    box.remove()
    if (box.dataset.done === undefined || document.activeElement === document.body) current()?.focus.to(place.row, place.column)
  })
  document.getElementById("main").append(box)
  opened = box
  box.showPopover()
  const from = cell.getBoundingClientRect()
  const { width, height } = box.getBoundingClientRect()
  const x = at?.clientX ? at.clientX : from.left, y = at?.clientY ? at.clientY : from.bottom
  box.style.left = `${Math.max(Math.min(x, innerWidth - width - 8), 8)}px`
  box.style.top = `${Math.max(y + height > innerHeight - 8 ? y - height : y, 8)}px`
  box.querySelector("button")?.focus()
}

function keys(box, event) {
  const items = [...box.querySelectorAll("button")]
  const at = items.indexOf(document.activeElement)
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key]
  if (event.key === "Tab") box.hidePopover()
  if (to === undefined) return
  event.preventDefault()
  items.at(to % items.length)?.focus()
}
