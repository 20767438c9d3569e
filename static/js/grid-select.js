// Chooses rows of a list: each, a stretch of them, or all of the answer, seen or not. They are kept as stretches of places
// in the snapshot that the page holds, so that a million are no more to keep or to send than one.
const count = (n) => n.toLocaleString("en-US")

let kept // what was chosen when the list was drawn anew: { of, snap, stretches, all }

export class Selection {
  constructor(list) {
    this.list = list
    this.form = list.section.querySelector("#grid-bulk")
    this.stretches = [] // [first, last] places from 0, in order and apart
    this.snap = ""
    this.ended = new AbortController()
    if (!this.form) return
    const options = { signal: this.ended.signal }
    const { section, scroll } = list
    section.addEventListener("click", (event) => this.click(event), options)
    scroll.frame.addEventListener("keydown", (event) => this.key(event), { capture: true, ...options })
    this.form.querySelector("[data-clear]").addEventListener("click", () => this.choose([], scroll.row), options)
    this.form.querySelector("[data-clear]").hidden = false
    for (const box of scroll.table.tBodies) this.dress(box)
    this.show()
    this.learned()
  }

  end() {
    this.ended.abort()
    if (this.form) kept = { of: this.of(), snap: this.snap, stretches: this.stretches, all: this.all() }
  }

  of() {
    const { path, question } = this.list.section.dataset
    return `${path}?${question}`
  }

  get size() { return this.stretches.reduce((sum, [first, last]) => sum + last - first + 1, 0) }
  all() { return this.size > 0 && this.size === records(this.list.scroll) }
  has(place) { return this.stretches.some(([first, last]) => first <= place && place <= last) }

  // learned hears which snapshot the page holds: what was chosen in it before the list was drawn anew is so still, and
  // all stays all.
  learned() {
    const { snap, total } = this.list.scroll
    if (!kept || !snap || !this.form) return
    const { of, stretches, all, snap: before } = kept
    kept = null
    if (of !== this.of() || !stretches.length) return
    if (all) this.choose([[0, total - 1]])
    else if (snap === before) this.choose(stretches)
    else this.list.say("The list was read again, so nothing is chosen now.")
  }

  lose() {
    if (!this.stretches.length) return
    this.choose([])
    this.list.say("The list is another by now, so nothing is chosen any more.")
  }

  click(event) {
    const pick = event.target.closest?.(".grid-pick")
    const row = event.target.closest?.("tbody tr[data-id]")
    if (pick?.id === "grid-pick-all") return this.choose(this.all() ? [] : [[0, records(this.list.scroll) - 1]])
    if (!row || (!pick && !(event.ctrlKey || event.metaKey)) || (!pick && event.target.closest("a, button, input, select"))) return
    const place = placeOf(row)
    if (pick) row.cells[0].focus({ preventScroll: true })
    if (event.shiftKey && this.anchor !== undefined) this.stretch(place)
    else this.toggle(place)
  }

  key(event) {
    const { focus, scroll } = this.list
    if (event.defaultPrevented || event.altKey || event.target.closest("input:not(.grid-pick), select, textarea, thead")) return
    const whole = event.ctrlKey || event.metaKey
    if (event.key === " " && !focus.typed) {
      const row = focus.cell()?.closest("tr[data-id]")
      if (row && event.shiftKey && this.anchor !== undefined) this.stretch(placeOf(row))
      else if (row) this.toggle(placeOf(row))
    } else if (event.key.toLowerCase() === "a" && whole && !event.shiftKey) this.choose([[0, records(scroll) - 1]])
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  toggle(place) {
    this.anchor = place
    const on = !this.has(place)
    this.choose(on ? joined([...this.stretches, [place, place]]) : without(this.stretches, place))
  }

  // stretch chooses every row from the one that was chosen last to this one.
  stretch(place) {
    this.choose(joined([...this.stretches, [Math.min(this.anchor, place), Math.max(this.anchor, place)]]))
  }

  async choose(stretches) {
    const { scroll } = this.list
    if (stretches.length && !scroll.snap) await scroll.take()
    if (stretches.length && !scroll.snap) {
      this.show()
      return this.list.say("Rows can be chosen once the list has been counted. Try again in a moment.")
    }
    if (stretches.at(-1)?.[1] >= records(scroll)) stretches = stretches.filter(([first]) => first < records(scroll)).map(([first, last]) => [first, Math.min(last, records(scroll) - 1)])
    this.stretches = stretches
    this.snap = scroll.snap
    for (const box of scroll.table.tBodies) this.dress(box)
    this.show()
    this.list.say(stretches.length ? `${count(this.size)} chosen` : "Nothing is chosen")
  }

  // dress marks rows that have come.
  dress(box) {
    if (!this.form) return
    for (const row of box.matches("tr") ? [box] : box.rows) {
      const on = this.has(placeOf(row))
      row.setAttribute("aria-selected", on)
      const pick = row.querySelector(".grid-pick")
      if (pick) {
        pick.checked = on
        pick.tabIndex = -1
      }
    }
  }

  // show says how many are chosen, in the bar and in the form.
  show() {
    const size = this.size
    const all = this.list.section.querySelector("#grid-pick-all")
    if (all) {
      all.checked = this.all()
      all.indeterminate = size > 0 && !all.checked
    }
    this.form.toggleAttribute("data-some", size > 0)
    this.form.elements.snap.value = this.snap
    this.form.elements.rows.value = this.stretches.map(([first, last]) => (first === last ? `${first + 1}` : `${first + 1}-${last + 1}`)).join(",")
    this.form.elements.all.checked = false
    this.form.querySelector(".grid-bulk-count").textContent = `${count(size)} chosen`
  }
}

function joined(stretches) {
  const all = []
  for (const [first, last] of stretches.toSorted((a, b) => a[0] - b[0])) {
    const before = all.at(-1)
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last)
    else all.push([first, last])
  }
  return all
}

// records is how many rows there are, without the heads of groups.
const records = (scroll) => scroll.records ?? scroll.total

// placeOf is a row's number among the rows, from 0: in a grouped list other lines stand between them.
const placeOf = (row) => Number(row.dataset.place ?? row.getAttribute("aria-rowindex") - 1) - 1

function without(stretches, place) {
  return stretches.flatMap(([first, last]) => {
    if (place < first || place > last) return [[first, last]]
    return [[first, place - 1], [place + 1, last]].filter(([from, to]) => from <= to)
  })
}
