// The comforts of a grouped list: the groups that the first rows stand in stay in sight above them; a group opens and
// closes without the reader losing the place; arrows open, close and lead to a group's head.
let kept // what the list that is replaced leaves to the next one

export class Groups {
  constructor(list) {
    this.list = list
    this.scroll = list.scroll
    this.levels = Number(list.section.dataset.levels)
    this.stuck = document.createElement("div")
    this.stuck.className = "grid-stuck"
    this.stuck.ariaHidden = "true"
    this.stuck.hidden = true
    this.stuck.innerHTML = `<table role="presentation"><tbody role="presentation"></tbody></table>`
    this.scroll.frame.prepend(this.stuck)
    this.ended = new AbortController()
    const { frame } = this.scroll
    const { signal } = this.ended
    frame.addEventListener("scroll", () => this.soon(), { passive: true, signal })
    frame.addEventListener("keydown", (event) => this.key(event), { capture: true, signal })
    frame.addEventListener("click", (event) => this.click(event), { capture: true, signal })
    document.addEventListener("htmx:before:swap", () => this.stuck.remove(), { signal })
    document.addEventListener("htmx:after:swap", () => this.scroll.refill(), { signal }) // the feet have come
    this.resume()
    this.draw()
  }

  end() {
    this.ended.abort()
    this.stuck.remove()
  }

  // resume takes up where the list was before a group was opened or closed.
  resume() {
    const { scroll, list } = this
    if (kept && kept.first === scroll.first) {
      scroll.top = Math.max(Math.min(scroll.top + kept.rest, scroll.height - scroll.view), 0)
      scroll.align()
      scroll.draw()
    }
    if (kept) {
      history.replaceState(history.state, "", kept.href)
      if (kept.focused) list.focus.to(kept.line, 0)
      list.say(kept.said)
    }
    kept = undefined
  }

  soon() {
    this.drawing ??= requestAnimationFrame(() => {
      this.drawing = null
      if (!this.ended.signal.aborted) this.draw()
    })
  }

  // chain is the heads of the groups that a line stands in, the outermost first; its own among them.
  chain(line) {
    const block = this.scroll.holding(line)
    if (!block) return []
    let heads = block.above ?? []
    for (const tr of block.box.rows) {
      if (Number(tr.getAttribute("aria-rowindex")) > line + 2) break
      if (tr.dataset.group !== undefined) heads = [...heads.slice(0, Number(tr.dataset.level) - 1), tr]
    }
    return heads
  }

  // draw shows them: the inner group is that of the row beneath the outer one's head.
  draw() {
    const { scroll, stuck } = this
    const first = scroll.first
    const outer = this.chain(first)[0]
    const heads = outer && scroll.top > 0 ? [outer] : []
    if (heads.length && this.levels > 1) {
      const below = this.chain(first + 1)
      if (below[0]?.dataset.group === outer.dataset.group && below[1]) heads.push(below[1])
    }
    const shown = heads.map((tr) => `${tr.dataset.group} ${tr.ariaExpanded} ${tr.textContent}`).join("\n")
    stuck.hidden = !heads.length
    scroll.cover = heads.length
    if (this.shown === shown) return
    this.shown = shown
    stuck.style.insetBlockStart = `${scroll.headed}px`
    stuck.firstChild.firstChild.replaceChildren(...heads.map((tr) => {
      const copy = tr.cloneNode(true)
      copy.setAttribute("role", "presentation")
      for (const name of ["aria-level", "aria-expanded"]) copy.setAttribute(`data-${name}`, tr.getAttribute(name))
      for (const inner of copy.querySelectorAll("[tabindex], a")) inner.tabIndex = -1
      return copy
    }))
  }

  click(event) {
    const link = event.target.closest("a.grid-group")
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return
    event.preventDefault()
    event.stopPropagation()
    this.toggle(link.closest("tr"), !link.closest(".grid-stuck") && Boolean(link.closest("th").contains(document.activeElement)))
  }

  // toggle opens or closes a group. Its head keeps its place, or comes to the top from above it.
  toggle(tr, focused = true) {
    const { scroll, list } = this
    const line = Number(tr.getAttribute("aria-rowindex")) - 2
    const first = Math.max(Math.min(scroll.first, line - Number(tr.dataset.level) + 1), 0) // beneath the outer head
    const words = tr.querySelector("strong").textContent
    kept = {
      first, line, focused,
      rest: first === scroll.first ? scroll.top - first * scroll.row : 0,
      said: `${words} ${tr.ariaExpanded === "true" ? "closed" : "opened"}`,
    }
    const [path, query = ""] = tr.querySelector("a.grid-group").getAttribute("href").split("?")
    const rest = query.split("&").filter((part) => part && !part.startsWith("at="))
    if (first > 0) rest.push(`at=${first + 1}`)
    const href = rest.length ? `${path}?${rest.join("&")}` : path
    kept.href = href
    htmx.ajax("GET", href, { source: list.section, target: "#grid", swap: "outerMorph" })
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    const cell = event.target.closest("tbody :is(th, td)")
    if (!cell || cell.cellIndex > 0 || event.target.closest("input, select, textarea")) return
    const tr = cell.parentElement
    const open = tr.ariaExpanded === "true"
    const head = tr.dataset.group !== undefined
    if (event.key === "ArrowRight" && head && !open || event.key === "ArrowLeft" && head && open) this.toggle(tr)
    else if (event.key === "ArrowLeft") {
      const above = this.chain(Number(tr.getAttribute("aria-rowindex")) - 2).at(head ? -2 : -1)
      if (!above) return
      this.list.focus.to(Number(above.getAttribute("aria-rowindex")) - 2, 0)
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
}
