// A rectangle of a list's cells: marked with Shift and the arrows, Shift and a press, or by dragging; copied to a
// spreadsheet and pasted from one, filled down (Ctrl+D) and emptied (Delete). What a paste would change is shown first.
import { current } from "./grid.js"
import { dressed } from "./sheet.js"
import { fetchSignedIn } from "./signed-in.js"

const placeOf = (row) => Number(row.dataset.place ?? row.getAttribute("aria-rowindex") - 1)
const words = (n, one, many) => `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`

class Range {
  constructor(list, row = list.focus.row, column = list.focus.column) {
    this.list = list
    this.anchor = { row, column }
    this.to = { row, column }
    this.ended = new AbortController()
    list.range?.end()
    list.range = this
    dressed()
    list.scroll.frame.addEventListener("focusin", () => this.left(), { signal: this.ended.signal })
  }

  end() {
    this.ended.abort()
    if (this.list.range === this) this.list.range = null
    for (const cell of this.list.scroll.table.querySelectorAll("tbody [data-in]")) this.mark(cell, false)
  }

  // left forgets the rectangle once the focus goes elsewhere.
  left() {
    const { row, column } = this.list.focus
    if (row !== this.to.row || column !== this.to.column) this.end()
  }

  get edges() {
    const [top, bottom] = [this.anchor.row, this.to.row].toSorted((a, b) => a - b)
    const [left, right] = [this.anchor.column, this.to.column].toSorted((a, b) => a - b)
    return { top, bottom, left, right }
  }

  // stretch moves the corner that is not the anchor. In a grouped list it stays within rows that follow each other.
  stretch(row, column) {
    const { list } = this
    const { scroll, focus } = list
    const to = { row: Math.max(Math.min(row, scroll.total - 1), 0), column: Math.max(Math.min(column, scroll.columns - 1), 0) }
    if (!this.within(to.row)) return list.say("A group ends here.")
    this.to = to
    getSelection().removeAllRanges()
    focus.to(to.row, to.column)
    for (const box of scroll.table.tBodies) this.dress(box)
    const { top, bottom, left, right } = this.edges
    list.say(`${words(bottom - top + 1, "row", "rows")} by ${words(right - left + 1, "column", "columns")}`)
  }

  within(row) {
    if (!this.list.section.dataset.levels) return true
    for (let at = Math.min(row, this.anchor.row); at <= Math.max(row, this.anchor.row); at++) if (!this.list.scroll.at(at)?.dataset.id) return false
    return true
  }

  dress(box) {
    const { top, bottom, left, right } = this.edges
    for (const row of box.matches("tr") ? [box] : box.rows) {
      const at = Number(row.getAttribute("aria-rowindex")) - 2
      for (const cell of row.cells) this.mark(cell, row.dataset.id && at >= top && at <= bottom && cell.cellIndex >= left && cell.cellIndex <= right)
    }
  }

  mark(cell, on) {
    cell.toggleAttribute("data-in", Boolean(on))
    if (on) cell.setAttribute("aria-selected", "true")
    else cell.removeAttribute("aria-selected")
  }
}

const marked = (list) => list.range ?? new Range(list)

// said is what the server has to know of the cells.
async function said(list, more) {
  const { scroll } = list
  const { top, bottom, left, right } = marked(list).edges
  const head = scroll.head.rows[0].cells
  const rows = [scroll.at(top), scroll.at(bottom)]
  if (!scroll.snap) await scroll.take()
  return new URLSearchParams({
    query: list.section.dataset.question, snap: scroll.snap ?? "",
    first: rows[0] ? placeOf(rows[0]) : top + 1, last: rows[1] ? placeOf(rows[1]) : bottom + 1,
    from: head[left].dataset.key, to: head[right].dataset.key, ...more,
  })
}

async function ask(list, path, body) {
  const response = await fetchSignedIn(list.section.dataset.path + path, { method: "POST", body, headers: { "HX-Request": "true" } })
  const text = await response.text()
  if (!response.ok) throw new Error(response.headers.get("Content-Type")?.startsWith("text/plain") ? text : "", { cause: response.status })
  return text
}

// because says why something did not work: what the server says, or that it was not reached.
function because(list, problem, otherwise) {
  const sentence = problem.cause && problem.message || otherwise
  list.say(sentence)
  flash(`<div class="flash" data-tone="warn" data-flash><p class="flash-message"></p><button class="flash-close" type="button" data-flash-close>×</button></div>`, sentence)
}

function flash(html, sentence) {
  const template = document.createElement("template")
  template.innerHTML = html
  if (sentence) template.content.querySelector(".flash-message").textContent = sentence
  document.getElementById("flash").append(template.content)
}

// begin marks from one cell; press and drag go on from the cell that has the focus.
const begin = (list, row, column) => new Range(list, row, column)
const stretch = (list, row, column) => marked(list).stretch(row, column)

function step(list, key, whole) {
  const { to } = marked(list)
  const far = whole ? Infinity : 1
  const [down, right] = { ArrowDown: [far, 0], ArrowUp: [-far, 0], ArrowRight: [0, far], ArrowLeft: [0, -far] }[key]
  stretch(list, to.row + down, to.column + right)
}

// drag marks from a cell to the one under the pointer, until that is let go.
function drag(list, from, to) {
  const at = (cell) => [Number(cell.parentElement.getAttribute("aria-rowindex")) - 2, cell.cellIndex]
  begin(list, ...at(from))
  stretch(list, ...at(to))
  const ended = new AbortController()
  const over = (event) => {
    const cell = event.target.closest?.("#grid .grid-block :is(th, td)")
    if (cell && list.range) stretch(list, ...at(cell))
  }
  list.scroll.frame.addEventListener("pointerover", over, { signal: ended.signal })
  addEventListener("selectstart", (event) => event.preventDefault(), { signal: ended.signal })
  addEventListener("pointerup", () => ended.abort(), { signal: ended.signal })
  addEventListener("pointercancel", () => ended.abort(), { signal: ended.signal })
}

// copy puts the cells on the clipboard, as text and as a table: all of them, those too that are not drawn.
async function copy(list) {
  const { top, bottom, left, right } = marked(list).edges
  const text = said(list).then((body) => ask(list, "/copies", body))
  try {
    const kinds = { "text/plain": text.then((tsv) => new Blob([tsv], { type: "text/plain" })), "text/html": text.then((tsv) => new Blob([tableOf(tsv)], { type: "text/html" })) }
    await navigator.clipboard.write([new ClipboardItem(kinds)])
    list.say(`Copied ${words(bottom - top + 1, "row", "rows")} by ${words(right - left + 1, "column", "columns")}.`)
  } catch (problem) {
    const first = await text.then(() => problem, (refused) => refused)
    because(list, first, "It could not be copied. Allow the clipboard for this page, then try again.")
  }
}

// tableOf is tab-separated text as the table that spreadsheets and letters take.
function tableOf(tsv) {
  const table = document.createElement("table")
  let row = table.insertRow(), cell = ""
  const end = () => { row.insertCell().textContent = cell; cell = "" }
  for (let at = 0, quoted = false; at < tsv.length; at++) {
    const c = tsv[at]
    if (c === '"' && quoted && tsv[at + 1] === '"') { cell += '"'; at++ }
    else if (c === '"' && (quoted || cell === "")) quoted = !quoted
    else if (c === "\t" && !quoted) end()
    else if (c === "\n" && !quoted) { end(); row = table.insertRow() }
    else cell += c
  }
  end()
  return table.outerHTML
}

// paste shows what would change, then changes it.
async function paste(list, text) {
  try {
    const html = await ask(list, "/pastes/new", await said(list, { text }))
    await dressed()
    show(list, html)
  } catch (problem) { because(list, problem, "It could not be pasted now. Check the connection, then try again.") }
}

function show(list, html) {
  document.getElementById("paste")?.remove()
  const dialog = Object.assign(document.createElement("dialog"), { className: "dialog grid-paste-dialog", id: "paste" })
  dialog.innerHTML = html
  const title = Object.assign(document.createElement("h2"), { id: "paste-title" })
  title.textContent = dialog.querySelector("form").dataset.title
  const head = Object.assign(document.createElement("div"), { className: "dialog-head" })
  head.append(title)
  dialog.prepend(head)
  dialog.setAttribute("aria-labelledby", "paste-title")
  const { row, column } = list.focus
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-dialog-close]")) return
    event.preventDefault()
    dialog.close()
  })
  dialog.addEventListener("close", () => { dialog.remove(); list.focus.to(row, column) })
  dialog.addEventListener("submit", (event) => {
    event.preventDefault()
    event.stopPropagation()
    const body = new URLSearchParams(new FormData(event.target))
    dialog.close()
    change(list, body)
  })
  document.body.append(dialog)
  dialog.showModal()
  dialog.querySelector("button:not([data-dialog-close]), [data-dialog-close]").focus()
}

async function change(list, body) {
  try {
    flash(await ask(list, "/pastes", body))
    list.news({ ids: null })
  } catch (problem) { because(list, problem, "It could not be saved. Check the connection, then try again.") }
}

// fill gives the first row's values to the rows below it; with one row marked, those of the row above.
async function fill(list) {
  const range = marked(list)
  const { top, bottom } = range.edges
  const body = await said(list, { how: "fill" })
  if (top === bottom) body.set("first", Math.max(Number(body.get("first")) - 1, 1))
  change(list, body)
}

const clear = async (list) => change(list, await said(list, { how: "clear" }))

// What begins all this.
const live = (event, selector) => current() && event.target.closest?.(`#grid ${selector}`)
const body = "tbody :is(th, td)"
const editable = () => "editable" in current().section.dataset
const focused = () => current() && document.activeElement?.matches?.(`#grid ${body}`) && !document.querySelector("dialog[open]")
document.addEventListener("keydown", (event) => {
  const cell = !event.altKey && !event.isComposing && live(event, body)
  if (!cell || event.target !== cell) return
  const list = current(), whole = event.ctrlKey || event.metaKey
  let act
  if (event.shiftKey && event.key.startsWith("Arrow")) act = () => step(list, event.key, whole)
  else if (whole && event.key.toLowerCase() === "d" && editable()) act = () => fill(list)
  else if (event.key === "Delete" && !whole && editable()) act = () => clear(list)
  if (!act) return
  event.preventDefault()
  event.stopPropagation()
  act()
}, true)
document.addEventListener("copy", (event) => {
  if (!focused() || !getSelection().isCollapsed) return
  event.preventDefault()
  if (!current().range || !navigator.clipboard?.write) return event.clipboardData.setData("text/plain", document.activeElement.innerText.trim())
  copy(current())
})
document.addEventListener("paste", (event) => {
  const text = focused() && editable() && event.clipboardData.getData("text/plain")
  if (!text) return
  event.preventDefault()
  paste(current(), text)
})
document.addEventListener("pointerdown", (event) => {
  const cell = !event.button && event.pointerType !== "touch" && live(event, body)
  if (!cell || event.target.closest("input, select, textarea, button")) return
  const list = current(), at = Number(cell.parentElement.getAttribute("aria-rowindex")) - 2
  if (event.shiftKey && !event.target.closest("a")) {
    event.preventDefault()
    event.stopPropagation()
    return stretch(list, at, cell.cellIndex)
  }
  const ended = new AbortController()
  const end = () => ended.abort()
  for (const type of ["pointerup", "pointercancel"]) addEventListener(type, end, { signal: ended.signal })
  list.scroll.frame.addEventListener("pointerover", (event) => {
    const to = live(event, body)
    if (!to || to === cell) return
    end()
    drag(list, cell, to)
  }, { signal: ended.signal })
}, true)
