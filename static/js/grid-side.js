// The record beside the list: opened, walked, edited and closed without the list being drawn anew. The address says
// which one is open, so reload and back find it.
import { current } from "./grid.js"
import { dressed } from "./sheet.js"
import { fetchSignedIn } from "./signed-in.js"

const marked = new CSSStyleSheet()
document.adoptedStyleSheets.push(marked)
const panel = () => document.getElementById("side")
const main = () => document.getElementById("main")
const typing = (element) => element.closest?.("input, textarea, select, [contenteditable]")

let asking
let top = 0 // how far a narrow page was scrolled when the panel covered the list

// href is the list's address with a record open, or with none.
function href(id) {
  const list = current()
  const url = new URL(list ? list.href(list.scroll.first) : location.href, location.href)
  url.searchParams.delete("open")
  const query = url.search + (id ? `${url.search ? "&" : "?"}open=${id}` : "")
  return url.pathname + query
}

// mark shows which row is open; rows come and go, so a rule says it.
function mark() {
  const id = panel()?.dataset.id
  marked.replaceSync(id ? `.grid tr[data-id="${id}"] > * { background: var(--accent-soft) !important; } @media (forced-colors: active) { .grid tr[data-id="${id}"] > * { border-block: 2px solid Highlight; } }` : "")
  for (const row of document.querySelectorAll("#grid tbody tr[aria-current]")) if (row.dataset.id !== id) row.removeAttribute("aria-current")
}

function put(html) {
  const template = document.createElement("template")
  template.innerHTML = html
  const made = template.content.querySelector("#side")
  const old = panel()
  if (old) old.replaceWith(made)
  else {
    top = scrollY
    main().append(made)
  }
  htmx.process(made)
  ready()
}

function ready() {
  const width = localStorage.getItem("side")
  if (width) wide(Number(width))
  mark()
}

export function adopt() {
  if (panel() && panel().dataset.live === undefined) {
    panel().dataset.live = ""
    ready()
  }
}

const lost = () => panel()?.querySelector("form[data-touched]") && !confirm("What you typed in the panel is not saved. Leave it?")

// show puts a record into the panel. how is push, replace, or nothing for the same one read again.
async function show(id, how) {
  asking?.abort()
  asking = new AbortController()
  const list = current()
  const section = document.getElementById("grid")
  const address = list ? list.scroll.address(`/${id}/panel`, list.scroll.snap ? { snap: list.scroll.snap } : {}) : `${section.dataset.path}/${id}/panel?${section.dataset.question}`
  try {
    const response = await fetchSignedIn(address, { signal: asking.signal, headers: { "HX-Request": "true" } })
    if (!response.ok) return say(response.status === 404 ? "This record is not there any more." : "The record can’t be read now. Try again.")
    const html = await response.text()
    await dressed()
    put(html)
  } catch (problem) {
    if (problem.name !== "AbortError") say("The record can’t be read now. Try again.")
    return
  }
  if (how === "push") {
    history.replaceState({ htmx: true }, "", location.href)
    history.pushState({ htmx: true }, "", href(id))
  } else if (how) history.replaceState({ htmx: true }, "", href(id))
  const at = Number(panel().dataset.at)
  if (at && list === current()) list?.scroll.reveal(at - 1)
  else if (list && !list.scroll.snap) list.scroll.take().then(() => placed(id))
}

// placed reads the panel again once the list's order is known: it says where the record stands then.
async function placed(id) {
  if (panel()?.dataset.id !== id || panel().dataset.editing !== undefined || !current()?.scroll.snap) return
  const focused = panel().contains(document.activeElement)
  await show(id)
  if (focused) focus()
}

function say(words) {
  const said = panel()?.querySelector(".side-said")
  if (said) said.textContent = words
  else current()?.say(words)
}

const focus = () => panel()?.querySelector("#side-title")?.focus({ preventScroll: true })

export async function open(id) {
  if (lost()) return
  hide()
  await show(id, panel() ? "replace" : "push")
  focus()
}

async function step(link) {
  if (!link || lost()) return
  const way = link.dataset.side
  const within = panel().contains(document.activeElement)
  await show(link.dataset.id, "replace")
  if (within) (panel().querySelector(`[data-side="${way}"]`) ?? panel().querySelector("#side-title")).focus({ preventScroll: true })
}

function close() {
  if (lost()) return
  asking?.abort()
  const { id } = panel().dataset
  panel().remove()
  mark()
  history.replaceState({ htmx: true }, "", href())
  dispatchEvent(new Event("resize"))
  scrollTo(0, top)
  const row = document.querySelector(`#grid tbody tr[data-id="${id}"]`)
  const list = current()
  if (!list) row?.querySelector("a")?.focus()
  else if (row) list.focus.to(Number(row.getAttribute("aria-rowindex")) - 2, list.focus.column)
  else back(list, id)
}

// back goes to the record's row, wherever the order has it by now.
async function back(list, id) {
  try {
    const response = await fetchSignedIn(list.scroll.address("/place", { record: id, ...(list.scroll.snap && { snap: list.scroll.snap }) }))
    const { at } = await response.json()
    if (at > 0 && list === current()) list.focus.to(at - 1, list.focus.column)
  } catch { /* the list stays where it is */ }
}

// edit puts the record's own form into the panel; its answer comes there too.
async function edit() {
  const response = await fetchSignedIn(panel().dataset.edit)
  if (!response.ok) return say("The form can’t be read now. Try again.")
  form(await response.text())
}

function form(html) {
  const page = new DOMParser().parseFromString(html, "text/html")
  const body = panel().querySelector(".side-body")
  const parts = [...page.querySelectorAll("#main > *")].filter((part) => !part.matches(".page-head, .crumbs"))
  body.replaceChildren(...parts)
  panel().dataset.editing = ""
  body.scrollTop = 0
  htmx.process(body)
  const first = body.querySelector("[aria-invalid=true], [role=alert][tabindex], .error-summary, form input:not([type=hidden]), form select")
  first?.focus()
}

// send posts a form of the panel and takes its answer: done, or the same form with what is wrong with it.
async function send(sent, submitter) {
  const { id, href: page } = panel().dataset
  const body = new URLSearchParams(new FormData(sent, submitter))
  let response
  try {
    response = await fetchSignedIn(submitter?.getAttribute("formaction") || sent.action, { method: "POST", body })
  } catch {
    delete sent.dataset.sent
    return say("Not saved: the clinic’s server can’t be reached. Try again.")
  }
  const html = await response.text()
  if (!panel() || panel().dataset.id !== id) return
  if (response.ok && response.redirected) {
    const to = new URL(response.url)
    if (to.pathname !== page) return location.assign(response.url)
    flash(html)
    delete sent.dataset.touched
    await show(id, "replace")
    focus()
    current()?.scroll.again([id])
    return
  }
  delete sent.dataset.sent
  if (response.status === 401) return say("Not saved: you are signed out. Save again to sign in.")
  if (new DOMParser().parseFromString(html, "text/html").querySelector("#main form")) return form(html)
  const said = new DOMParser().parseFromString(html, "text/html").querySelector("#main")
  say(said?.innerText.trim().replace(/\s+/g, " ") || "That did not work. Open the whole page and try there.")
}

function flash(html) {
  const said = new DOMParser().parseFromString(html, "text/html").getElementById("flash")
  const here = document.getElementById("flash")
  if (!said || !here) return
  here.replaceChildren(...said.childNodes)
}

document.addEventListener("submit", (event) => {
  const sent = event.target
  if (!panel()?.contains(sent) || sent.method !== "post" || event.defaultPrevented) return
  event.preventDefault()
  send(sent, event.submitter)
})

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("#side a[href]")
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return
  const act = { close, edit, previous: () => step(link), next: () => step(link) }[link.dataset.side]
  const cancels = panel().dataset.editing !== undefined && link.closest("form") && new URL(link.href).pathname === panel().dataset.href
  if (!act && !cancels) return
  event.preventDefault()
  event.stopPropagation()
  if (act) act()
  else show(panel().dataset.id, "replace").then(focus)
}, true)

document.addEventListener("keydown", (event) => {
  if (!panel() || event.defaultPrevented || event.isComposing || document.querySelector("dialog[open], [popover]:popover-open")) return
  const within = panel().contains(event.target)
  const plain = within && !typing(event.target) && !event.altKey && !event.ctrlKey && !event.metaKey
  const walk = event.altKey && { ArrowUp: "previous", ArrowDown: "next" }[event.key] || plain && { k: "previous", j: "next" }[event.key.toLowerCase()]
  if (walk && panel().dataset.editing === undefined) {
    event.preventDefault()
    event.stopPropagation()
    step(panel().querySelector(`a[data-side="${walk}"]`))
  } else if (event.key === "Escape" && within) {
    event.preventDefault()
    if (panel().dataset.editing === undefined) close()
    else if (!lost()) show(panel().dataset.id, "replace").then(focus)
  }
}, true)

// The panel's edge
function wide(rems) {
  const width = Math.min(Math.max(Math.round(rems), 20), 60)
  main().style.setProperty("--side", `${width}rem`)
  panel()?.querySelector(".side-edge")?.setAttribute("aria-valuenow", width)
  localStorage.setItem("side", width)
}

document.addEventListener("keydown", (event) => {
  const edge = event.target.closest?.(".side-edge")
  const by = edge && { ArrowLeft: 2, ArrowRight: -2 }[event.key]
  if (!by) return
  event.preventDefault()
  wide(Number(edge.getAttribute("aria-valuenow")) + by)
})
document.addEventListener("pointerdown", (event) => {
  const edge = event.target.closest?.(".side-edge")
  if (!edge || event.button) return
  event.preventDefault()
  const unit = parseFloat(getComputedStyle(document.documentElement).fontSize)
  const ended = new AbortController()
  addEventListener("pointermove", (moved) => wide((innerWidth - moved.clientX) / unit), { signal: ended.signal })
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => ended.abort(), { signal: ended.signal })
})

// The button on the row that one points at
let button
export async function offer(row) {
  await dressed()
  if (!row.matches(":hover") || !row.isConnected || row.dataset.gone !== undefined) return
  if (!button) {
    button = document.createElement("button")
    button.type = "button"
    button.className = "button side-offer"
    button.tabIndex = -1
    button.dataset.size = "small"
    button.setAttribute("aria-label", "Open beside the list (Alt+Enter)")
    button.title = "Open beside the list (Alt+Enter)"
    button.textContent = "Open"
    button.addEventListener("click", () => open(button.dataset.id))
    document.addEventListener("scroll", hide, true)
  }
  main().append(button)
  const box = row.cells[0].getBoundingClientRect()
  button.dataset.id = row.dataset.id
  button.style.left = `${box.right}px`
  button.style.top = `${box.top + box.height / 2}px`
  button.hidden = false
}

function hide() { if (button) button.hidden = true }

document.addEventListener("pointerover", (event) => {
  if (!event.target.closest?.("#grid tbody tr, .side-offer")) hide()
})

// After the list was drawn anew its address says nothing of the panel, or of one that is closed by now.
document.addEventListener("htmx:after:swap", () => {
  if (!document.getElementById("grid")) return
  const open = new URLSearchParams(location.search).get("open")
  const id = panel()?.dataset.id ?? null
  if (open !== id) history.replaceState({ htmx: true }, "", href(id))
  mark()
})
adopt()
