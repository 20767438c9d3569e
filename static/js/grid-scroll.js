// Scrolls a list of any length as if all its rows were there: blocks of rows are fetched where the reader looks and the
// boxes of those left behind are used again. The scrolled box is never taller than CAP, since browsers end at some
// 33 million pixels (less when zoomed): beyond that its height is scaled, and yet a wheel moves as many pixels as ever.
import { fetchSignedIn } from "./signed-in.js"

const BLOCK = 25
const CAP = 4_000_000
const AHEAD = 2 // screens that are kept around what is seen

export class Scroller {
  constructor(section, tell) {
    this.section = section
    this.tell = tell // what became known: tell("rest" | "count" | "changed" | "rows", …)
    this.frame = section.querySelector(".grid-frame")
    this.table = this.frame.querySelector(":scope > table")
    this.head = this.table.tHead
    this.blocks = new Map() // number → { box, full, row }
    this.fetches = new Set()
    this.spare = []
    this.snap = ""
    this.total = Number(section.dataset.count)
    this.exact = section.hasAttribute("data-exact")
    this.columns = this.head.rows[0].cells.length
    this.ended = new AbortController()
    const rows = [...this.table.tBodies].flatMap((body) => "above" in body.dataset ? [] : [...body.rows])
    const above = [...this.table.querySelectorAll("[data-above] > tr")] // the groups that the first row stands in
    this.row = rows[0]?.getBoundingClientRect().height || 36
    this.tall = this.frame.clientHeight // read before anything is written: laying a list out twice takes longer than all else
    this.expected = this.frame.scrollTop // as far as is known; a morphed list keeps its frame where it was
    this.top = 0 // the true place of the frame's first pixel among all the rows
    this.off = 0 // true place − scrollTop
    this.measure()
    this.adopt(rows, Math.max(Number(section.dataset.first), 1) - 1, above)
    this.frame.addEventListener("scroll", () => this.scrolled(), { passive: true, signal: this.ended.signal })
    this.resized = new ResizeObserver(() => {
      this.tall = this.frame.clientHeight
      this.draw()
      this.tell("sized")
    })
    this.resized.observe(this.frame)
  }

  end() {
    this.ended.abort()
    this.resized.disconnect()
    clearTimeout(this.settling)
    clearTimeout(this.later)
    for (const fetching of this.fetches) fetching.control.abort()
  }

  // measure takes the heights anew: of all the rows, and of the box that stands for them.
  measure() {
    this.height = this.total * this.row
    this.sized = Math.min(this.height, CAP)
    this.headed = this.head.offsetHeight
    this.footed = this.table.tFoot?.offsetHeight ?? 0
    this.table.style.height = `${this.sized + this.headed + this.footed}px`
    this.table.setAttribute("aria-rowcount", this.exact ? this.total + 1 : -1)
  }

  get view() { return Math.max(this.tall - this.headed - this.footed, this.row) }
  get first() { return Math.floor(this.top / this.row + 0.01) } // the number of the first row in sight, from 0
  get shown() { return Math.max(Math.floor(this.view / this.row), 1) } // whole rows
  get last() { return Math.min(Math.ceil((this.top + this.view) / this.row - 0.3), this.total) }

  // adopt takes the rows that came with the page.
  adopt(rows, first, above) {
    for (const body of [...this.table.tBodies]) body.remove()
    for (let i = 0; i < rows.length;) {
      const number = Math.floor((first + i) / BLOCK)
      const skip = first + i - number * BLOCK
      const part = rows.slice(i, i + BLOCK - skip)
      const block = this.block(number)
      block.above = above
      above = grouped(above, part)
      block.box.replaceChildren(...part)
      block.box.style.paddingBlockStart = skip ? `${skip * this.row}px` : ""
      block.full = !skip && (part.length === BLOCK || (this.exact && first + i + part.length === this.total))
      block.some = true
      delete block.box.dataset.wait
      i += part.length
    }
    this.go(first, false)
  }

  block(number) {
    let block = this.blocks.get(number)
    if (block) return block
    const box = this.spare.pop() ?? document.createElement("tbody")
    box.setAttribute("role", "rowgroup")
    box.className = "grid-block"
    box.dataset.wait = ""
    box.replaceChildren()
    box.style.paddingBlockStart = ""
    block = { number, box, full: false }
    box.style.height = `${Math.min(BLOCK, Math.max(this.total - number * BLOCK, 0)) * this.row}px`
    this.blocks.set(number, block)
    this.table.append(box)
    return block
  }

  drop(number) {
    const { box } = this.blocks.get(number)
    this.blocks.delete(number)
    if (box.contains(document.activeElement)) this.frame.focus({ preventScroll: true })
    box.remove()
    if (this.spare.length < 12) this.spare.push(box)
  }

  // go brings a row to the top.
  go(row, settle = true) {
    this.top = Math.max(Math.min(row * this.row, this.height - this.view), 0)
    this.align()
    this.speed = 0
    this.draw()
    if (settle) this.settled()
  }

  // reveal scrolls no more than it must for a row to be seen.
  reveal(row) {
    const at = row * this.row
    const cover = this.cover ?? 0 // rows beneath the groups' heads that stay in sight
    if (at < this.top + cover * this.row) this.go(row - cover)
    else if (at + this.row > this.top + this.view) this.go(row - this.shown + 1)
  }

  // align puts the bar's thumb where the place is among all the rows; nothing moves on the screen.
  align() {
    const far = this.height - this.view
    const scale = this.height > this.sized && far > 0 ? (this.sized - this.view) / far : 1
    const at = Math.round(this.top * scale)
    if (at !== this.expected) {
      this.frame.scrollTop = at
      this.expected = this.frame.scrollTop
    }
    this.off = this.top - this.expected
  }

  scrolled() {
    const now = this.frame.scrollTop
    const moved = now - this.expected
    if (!moved) return
    const time = performance.now()
    this.speed = moved / Math.max(time - (this.moved ?? 0), 8)
    this.moved = time
    this.expected = now
    const jumped = Math.abs(moved) > 2 * this.tall
    if (this.height <= this.sized) this.top = now
    else if (jumped) this.top = (now / (this.sized - this.view)) * (this.height - this.view)
    else this.top += moved
    this.top = Math.max(Math.min(this.top, this.height - this.view), 0)
    this.off = this.top - now
    if (this.height > this.sized && (now < this.view || now > this.sized - 2 * this.view)) this.align()
    if (jumped) this.tell("jump", this.first)
    this.soon()
    clearTimeout(this.settling)
    this.settling = setTimeout(() => this.settled(), 150)
  }

  soon() {
    this.drawing ??= requestAnimationFrame(() => {
      this.drawing = null
      if (!this.ended.signal.aborted) this.draw()
    })
  }

  settled() {
    clearTimeout(this.settling)
    if (this.height > this.sized) this.align()
    this.speed = 0
    this.draw()
    this.tell("rest", this.first)
  }

  // draw places the blocks in sight, lets the others go and asks for what is missing.
  draw() {
    if (!this.tall || !this.total || this.turned) return
    const around = this.view * (Math.abs(this.speed) > 5 ? AHEAD : 0.5)
    const from = Math.max(Math.floor((this.top - (this.speed < 0 ? around : this.view * 0.5)) / this.row / BLOCK), 0)
    const to = Math.min(Math.floor((this.top + this.view + (this.speed > 0 ? around : this.view * 0.5)) / this.row / BLOCK), Math.ceil(this.total / BLOCK) - 1)
    for (const { number, full } of [...this.blocks.values()]) {
      const spare = full ? 2 : 0
      if (number < from - spare || number > to + spare) this.drop(number)
    }
    for (let number = from; number <= to; number++) this.block(number)
    for (const { number, box } of this.blocks.values()) box.style.top = `${this.headed + number * BLOCK * this.row - this.off}px`
    this.want(from, to)
  }

  // want fetches the blocks that are missing, as stretches of up to four: those in sight, and once they are drawn the ones
  // around, which would make the first frame twice as dear. While the thumb is dragged over thousands of rows only the
  // places where it rests are fetched.
  want(from, to) {
    for (const fetching of this.fetches) {
      if (fetching.to < from || fetching.from > to) fetching.control.abort()
    }
    const missing = []
    for (let number = from; number <= to; number++) {
      if (!this.blocks.get(number).full && ![...this.fetches].some((f) => f.from <= number && number <= f.to && !f.control.signal.aborted)) missing.push(number)
    }
    if (!missing.length) return
    clearTimeout(this.later)
    const wait = 60 - (performance.now() - (this.fetched ?? -60))
    if (Math.abs(this.speed) > 40 && wait > 0) {
      this.later = setTimeout(() => this.draw(), wait)
      return
    }
    this.fetched = performance.now()
    const seen = [Math.floor(this.top / this.row / BLOCK), Math.floor((this.top + this.view) / this.row / BLOCK)]
    const now = missing.filter((number) => number >= seen[0] && number <= seen[1])
    const after = missing.filter((number) => !now.includes(number))
    for (const stretch of stretches(now.length ? now : after)) this.fetch(stretch[0], stretch.at(-1))
  }

  address(path, parameters, question = this.section.dataset.question) {
    const query = new URLSearchParams(parameters)
    const { path: base } = this.section.dataset
    return `${base}${path}?${question ? `${question}&` : ""}${query}`
  }

  async fetch(from, to) {
    const fetching = { from, to, control: new AbortController() }
    this.fetches.add(fetching)
    try {
      const block = `${from * BLOCK + 1}-${(to - from + 1) * BLOCK}`
      const response = await fetchSignedIn(this.address("/rows", { block, ...(this.snap && { snap: this.snap }) }), { signal: fetching.control.signal, headers: { "HX-Request": "true" } })
      if (!response.ok) throw new Error(String(response.status), { cause: response.status })
      const html = await response.text()
      if (fetching.control.signal.aborted) return
      this.learn(response)
      this.fill(from, to, html)
      this.failed = 0
      this.soon()
    } catch (problem) {
      if (problem.name !== "AbortError" && !this.ended.signal.aborted) this.fails(problem)
    } finally {
      this.fetches.delete(fetching)
    }
  }

  // turn shows the first rows of the same list in another order, before the list itself comes.
  async turn(question) {
    this.turning?.abort()
    const { signal } = this.turning = new AbortController()
    const response = await fetchSignedIn(this.address("/rows", { block: `1-${BLOCK}` }, question), { signal, headers: { "HX-Request": "true" } })
    const html = await response.text()
    if (!response.ok || this.ended.signal.aborted) return
    for (const fetching of this.fetches) fetching.control.abort()
    this.turned = true // until the list itself is here
    this.section.dataset.question = question
    this.snap = ""
    for (const number of [...this.blocks.keys()]) if (number) this.drop(number)
    const { box } = this.block(0)
    box.style.top = `${this.headed}px`
    this.top = this.expected = this.frame.scrollTop = 0
    this.fill(0, 0, html)
  }

  // stay keeps those rows where the list did not come.
  stay() {
    const { turned } = this
    this.turned = false
    this.draw()
    return turned
  }

  fill(from, to, html) {
    let { rows, above } = parseRows(html)
    for (let number = from; number <= to; number++) {
      const block = this.blocks.get(number)
      const part = rows.slice((number - from) * BLOCK, (number - from + 1) * BLOCK)
      const start = above
      above = grouped(above, part)
      if (!block) continue
      block.above = start
      const focused = block.box.contains(document.activeElement)
      block.box.replaceChildren(...part)
      block.box.style.paddingBlockStart = ""
      block.full = true
      delete block.box.dataset.wait
      delete block.box.dataset.failed
      this.tell("rows", block.box, focused)
    }
  }

  // fails says so where the rows would be, and tries again, sooner at first.
  fails(problem) {
    this.failed = (this.failed ?? 0) + 1
    this.tell("failed", problem)
    for (const { box, full } of this.blocks.values()) if (!full) box.dataset.failed = ""
    if (problem.cause && problem.cause < 500) return
    clearTimeout(this.retrying)
    this.retrying = setTimeout(() => !this.ended.signal.aborted && this.draw(), Math.min(500 * 2 ** this.failed, 15000))
  }

  // learn takes what every answer says of the whole: which snapshot it is from, how long that is, what changed since.
  learn(response) {
    const snap = response.headers.get("Grid-Snapshot")
    if (!snap || this.turned) return
    if (this.snap && snap !== this.snap) this.tell("other")
    this.snap = this.section.dataset.live = snap
    const total = Number(response.headers.get("Grid-Count"))
    this.records = Number(response.headers.get("Grid-Records") ?? total)
    if (total !== this.total || !this.exact) {
      this.total = total
      this.exact = true
      this.measure()
      for (const { number, box } of this.blocks.values()) {
        box.style.height = `${Math.min(BLOCK, Math.max(total - number * BLOCK, 0)) * this.row}px`
        if (number * BLOCK >= total) this.drop(number)
      }
      this.top = Math.max(Math.min(this.top, this.height - this.view), 0)
      this.align()
      this.refill()
      this.tell("count", this.records)
    }
    this.tell("changed", response.headers.get("Grid-Changed"))
  }

  // take asks for the whole answer's snapshot: from then on its rows keep their places.
  async take() {
    try {
      const response = await fetch(this.address("/snapshot", {}), { signal: this.ended.signal })
      if (response.ok) this.learn(response)
    } catch { /* blocks are found without it */ }
  }

  // peek asks only what changed.
  async peek() {
    try {
      const response = await fetch(this.address("/snapshot", this.snap ? { snap: this.snap } : {}), { signal: this.ended.signal })
      if (response.ok) this.learn(response)
    } catch { /* the next news will say */ }
  }

  // again reads rows that are on the screen and changed.
  async again(ids) {
    if (!ids.length) return
    try {
      const response = await fetch(this.address("/rows", { ids: ids.join(","), ...(this.snap && { snap: this.snap }) }), { signal: this.ended.signal })
      if (!response.ok) return
      for (const row of parseRows(await response.text()).rows) {
        const old = this.table.querySelector(`tr[data-id="${row.dataset.id}"]`)
        if (!old) continue
        const same = plain(old) === plain(row)
        const index = old.getAttribute("aria-rowindex")
        if (index) row.setAttribute("aria-rowindex", index)
        this.tell("row", old, row, same)
      }
      this.tell("changed", response.headers.get("Grid-Changed"))
    } catch { /* the next news will bring them */ }
  }

  // refill reads the blocks again whose groups' heads lack their numbers.
  refill() {
    for (const block of this.blocks.values()) if (block.box.querySelector("[data-group][data-wait]")) block.full = false
    this.draw()
  }

  holding(row) { return this.blocks.get(Math.floor(row / BLOCK)) }

  // at finds the row of a number, where it is drawn.
  at(row) {
    const block = this.blocks.get(Math.floor(row / BLOCK))
    return block && [...block.box.rows].find((tr) => Number(tr.getAttribute("aria-rowindex")) === row + 2)
  }

  seen() {
    const from = this.top - this.row, to = this.top + this.view
    return [...this.table.querySelectorAll("tbody tr[data-id]")].filter((tr) => {
      const at = (Number(tr.getAttribute("aria-rowindex")) - 2) * this.row
      return at > from && at < to
    })
  }
}

function stretches(numbers) {
  const found = []
  for (const number of numbers) {
    const last = found.at(-1)
    if (last && last.at(-1) === number - 1 && last.length < 4) last.push(number)
    else found.push([number])
  }
  return found
}

// plain is a row as it came, without what walking it and htmx have set.
const plain = (row) => row.innerHTML.replace(/ (tabindex="-?\d"|data-htmx-powered="true")/g, "")

function parseRows(html) {
  const template = document.createElement("template")
  template.innerHTML = html
  const all = [...template.content.querySelectorAll("tr")]
  const above = all.filter((tr) => tr.parentElement.matches("[data-above]"))
  return { rows: all.slice(above.length), above }
}

// grouped is which groups' heads stand above what follows rows.
function grouped(above, rows) {
  for (const tr of rows) if (tr.dataset.group !== undefined) above = [...above.slice(0, Number(tr.dataset.level) - 1), tr]
  return above
}
