// Walks a list by keyboard as the grid pattern of WAI-ARIA has it: one cell is in the tab order, arrows move it, links in
// cells are reached with Enter. What one types goes to the first row whose sorted value begins so.
const pause = 700 // milliseconds between typed letters of one word

export class Focus {
  constructor(scroll, say) {
    this.scroll = scroll
    this.say = say
    this.row = scroll.first
    this.column = 0
    this.ended = new AbortController()
    const { table, frame } = scroll
    frame.tabIndex = -1
    for (const box of table.tBodies) this.dress(box, false)
    const options = { signal: this.ended.signal }
    frame.addEventListener("keydown", (event) => this.key(event), options)
    frame.addEventListener("focusin", (event) => this.entered(event), options)
    frame.addEventListener("pointerdown", (event) => this.pressed(event), options)
  }

  end() {
    this.ended.abort()
    clearTimeout(this.forgetting)
  }

  // dress prepares rows that have come: their links leave the tab order, the current cell enters it.
  dress(box, focused) {
    for (const inner of box.querySelectorAll("a, button, input, time[tabindex]")) inner.tabIndex = -1
    const cell = this.cell()
    if (!cell || !box.contains(cell)) return
    cell.tabIndex = 0
    const waiting = document.activeElement === this.scroll.frame || document.activeElement === document.body && this.held
    if (focused || (waiting && this.held)) cell.focus({ preventScroll: true })
  }

  cell() { return this.scroll.at(this.row)?.cells[this.column] }

  entered(event) {
    const cell = event.target.closest("tbody :is(th, td)")
    if (!cell) return
    this.held = true
    if (event.target === cell) this.is(cell)
  }

  pressed(event) {
    const cell = event.target.closest("tbody :is(th, td)")
    if (!cell || event.target.closest("a, button, input, select")) return
    this.is(cell)
    cell.focus({ preventScroll: true })
  }

  is(cell) {
    const row = Number(cell.parentElement.getAttribute("aria-rowindex")) - 2
    if (row < 0) return
    const before = this.cell()
    if (before && before !== cell) before.tabIndex = -1
    this.row = row
    this.column = cell.cellIndex
    cell.tabIndex = 0
  }

  // to moves to a row and column, wherever they are.
  to(row, column = this.column) {
    const before = this.cell()
    if (before) before.tabIndex = -1
    this.row = Math.max(Math.min(row, this.scroll.total - 1), 0)
    this.column = Math.max(Math.min(column, this.scroll.columns - 1), 0)
    this.scroll.reveal(this.row)
    this.held = true
    const cell = this.cell()
    if (!cell) {
      this.scroll.frame.focus({ preventScroll: true })
      return this.say(`Row ${this.row + 1}`)
    }
    cell.tabIndex = 0
    cell.focus({ preventScroll: true })
    cell.scrollIntoView({ block: "nearest", inline: "nearest" })
  }

  key(event) {
    if (event.defaultPrevented || event.isComposing || event.altKey) return
    if (event.target.closest("input, select, textarea, thead, tfoot")) return
    const page = this.scroll.shown
    const whole = event.ctrlKey || event.metaKey
    const steps = {
      ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1],
      PageDown: [page, 0], PageUp: [-page, 0],
    }
    const step = steps[event.key]
    if (step && !event.shiftKey && !whole) this.to(this.row + step[0], this.column + step[1])
    else if (event.key === "Home" && !event.shiftKey) whole ? this.to(0, 0) : this.to(this.row, 0)
    else if (event.key === "End" && !event.shiftKey) whole ? this.to(this.scroll.total - 1, this.scroll.columns - 1) : this.to(this.row, this.scroll.columns - 1)
    else if (event.key === "Enter" && !whole) this.follow(event)
    else if (event.key === "Escape" && event.target.closest("a, button")) this.cell()?.focus({ preventScroll: true })
    else if (event.key.length === 1 && event.key !== " " && !whole && !"/?".includes(event.key)) this.type(event.key)
    else if (event.key === " " && this.typed) this.type(" ")
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  follow(event) {
    if (event.target.closest("a, button")) return event.target.click()
    this.cell()?.querySelector("a, button")?.click()
  }

  // type goes to the first row whose value of the sorted column is what was typed, or comes after it.
  type(letter) {
    clearTimeout(this.forgetting)
    this.forgetting = setTimeout(() => { this.typed = "" }, pause)
    this.typed = (this.typed ?? "") + letter
    clearTimeout(this.seeking)
    const { typed } = this
    this.seeking = setTimeout(() => import("./grid-far.js").then(({ seek }) => seek(this, typed)), 120)
  }
}
