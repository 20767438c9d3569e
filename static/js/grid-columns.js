// Makes columns wider and puts them in another order, by pointer and by keyboard. Nothing is fetched while one drags: a
// rule of a style sheet of its own says how wide the column is. In the end the list is asked for once, so that the
// address, and all links of the list, say it too.
import { current } from "./grid.js"

const MIN = 4, MAX = 40
const sheet = new CSSStyleSheet()
document.adoptedStyleSheets.push(sheet)

const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize)
const heads = () => [...current().scroll.head.rows[0].cells]
const clamp = (width) => Math.min(Math.max(Math.round(width), MIN), MAX)

let sizing // the column being resized: { edge, key, was, widths }

// begin notes how wide all columns are on the screen now: where there was room they had grown.
function begin(edge) {
  const cells = heads()
  const unit = rem()
  const widths = cells.map((th) => th.getBoundingClientRect().width / unit)
  sizing = { edge, at: cells.indexOf(edge.closest("th")), widths, was: [...widths], key: edge.closest("th").dataset.key }
  edge.dataset.active = ""
}

// draw shows the widths as they are set so far.
function draw() {
  let left = 0
  const rules = heads().map((th, i) => {
    const pinned = th.dataset.pin !== undefined
    const rule = `.grid tr > :nth-child(${i + 1}) { --w: ${sizing.widths[i]}; flex-grow: 0; ${pinned ? `--left: ${left};` : ""} }`
    left += sizing.widths[i]
    return rule
  })
  sheet.replaceSync(rules.join("\n"))
  const width = clamp(sizing.widths[sizing.at])
  sizing.edge.setAttribute("aria-valuenow", width)
  sizing.edge.setAttribute("aria-valuetext", `${width} wide`)
}

function size(width) {
  sizing.widths[sizing.at] = Math.min(Math.max(width, MIN), MAX)
  draw()
}

function forget() {
  if (sizing) delete sizing.edge.dataset.active
  sizing = null
  sheet.replaceSync("")
}

// ask asks for the list arranged so; the server writes the proper address.
function ask(parameters, focus) {
  const list = current()
  const href = list.href(list.scroll.first)
  const source = list.section
  return htmx.ajax("GET", `${href}${href.includes("?") ? "&" : "?"}${new URLSearchParams(parameters)}`, { source, target: "#grid", swap: "outerMorph", push: "true" })
    .then(() => { forget(); if (focus) document.getElementById(focus)?.focus() })
}

// done keeps the widths: those of all columns, where they had grown into the room.
function done(focus) {
  if (!sizing) return
  const { at, widths, was } = sizing
  if (clamp(widths[at]) === clamp(was[at])) return forget()
  const cells = heads()
  const grown = cells.some((th, i) => Math.round(was[i]) > Number(th.dataset.w))
  const parameters = cells.filter((_, i) => i === at || grown).map((th) => [`width-${th.dataset.key}`, clamp(widths[cells.indexOf(th)])])
  current().say(`${cells[at].querySelector(".grid-label").textContent} is ${clamp(widths[at])} wide`)
  return ask(parameters, focus && sizing.edge.id)
}

export function drag(edge, event) {
  begin(edge)
  const unit = rem()
  const from = event.clientX
  const start = sizing.widths[sizing.at]
  const way = getComputedStyle(edge).direction === "rtl" ? -1 : 1
  const ended = new AbortController()
  const options = { signal: ended.signal }
  addEventListener("pointermove", (moved) => {
    if (moved.buttons & 1) return size(start + way * (moved.clientX - from) / unit)
    ended.abort() // it was let go before this module came
    done()
  }, options)
  addEventListener("pointerup", () => { ended.abort(); done() }, options)
  addEventListener("pointercancel", () => { ended.abort(); forget() }, options)
  addEventListener("keydown", (pressed) => { if (pressed.key === "Escape") { ended.abort(); forget() } }, options)
}

// key resizes by arrows: Enter or leaving keeps it, Escape does not.
export function key(edge, pressed, shift) {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1 }[pressed]
  if (pressed === "Escape") {
    const was = sizing?.was[sizing.at]
    forget()
    if (was) edge.setAttribute("aria-valuenow", clamp(was))
    return document.getElementById(`grid-open-${edge.closest("th").dataset.key}`)?.focus()
  }
  if (pressed === "Enter" || pressed === " ") return done(true)
  if (!step && pressed !== "Home" && pressed !== "End") return
  if (sizing?.edge !== edge) {
    begin(edge)
    edge.addEventListener("blur", () => done(), { once: true })
  }
  const width = clamp(sizing.widths[sizing.at])
  size(pressed === "Home" ? MIN : pressed === "End" ? MAX : width + step * (shift ? 4 : 1))
}

// fit makes a column as wide as its head and the rows that are drawn need.
export function fit(th) {
  const at = heads().indexOf(th) + 1
  sheet.replaceSync(`.grid tr > :nth-child(${at}) { flex: none; contain: none; inline-size: max-content; } .grid tr > :nth-child(${at}) * { max-inline-size: none; }`)
  const widest = Math.max(...[...current().scroll.table.querySelectorAll(`tr > :nth-child(${at})`)].map((cell) => cell.getBoundingClientRect().width))
  sheet.replaceSync("")
  return ask([[`width-${th.dataset.key}`, Math.min(Math.max(Math.ceil(widest / rem() + 0.1), MIN), MAX)]])
}

// chosen is an entry of a column's menu.
export function chosen(button) {
  button.closest("[popover]")?.hidePopover()
  const th = heads().find((head) => head.dataset.key === (button.dataset.fit ?? button.dataset.edge))
  if (!th) return
  if (button.dataset.fit) return fit(th)
  th.querySelector(".grid-edge").focus()
  current().say("Left and right arrows change the width, Enter keeps it.")
}

// carry takes a head to another place, once the pointer has moved far enough to mean it.
export function carry(th, event) {
  const from = { x: event.clientX, y: event.clientY }
  const ended = new AbortController()
  const options = { signal: ended.signal }
  let target, moving = false
  const mark = (place) => {
    if (target) delete target.th.dataset.drop
    target = place
    if (target) target.th.dataset.drop = target.after ? "after" : "before"
  }
  const end = () => { ended.abort(); mark(null); delete th.dataset.carried }
  addEventListener("pointermove", (moved) => {
    if (!(moved.buttons & 1)) return end() // it was let go before this module came
    if (!moving && Math.abs(moved.clientX - from.x) < 8) return
    moving = true
    th.dataset.carried = ""
    const over = document.elementFromPoint(moved.clientX, moved.clientY)?.closest?.("#grid thead th")
    const box = over?.getBoundingClientRect()
    mark(over && over !== th ? { th: over, after: moved.clientX > box.left + box.width / 2 } : null)
  }, options)
  addEventListener("pointerup", () => {
    const cells = heads()
    const to = target && cells.indexOf(target.th) + (target.after ? 1 : 0)
    const was = cells.indexOf(th)
    end()
    if (moving) addEventListener("click", (click) => { click.preventDefault(); click.stopPropagation() }, { capture: true, once: true, signal: AbortSignal.timeout(50) })
    const place = to > was ? to : to + 1
    if (to !== null && to !== undefined && place !== was + 1) ask([["move", `${place}:${th.dataset.key}`]], `grid-sort-${th.dataset.key}`)
  }, options)
  addEventListener("pointercancel", end, options)
  addEventListener("keydown", (pressed) => { if (pressed.key === "Escape") end() }, options)
}
