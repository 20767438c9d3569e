// Edits a list's cell in one editor that floats over it, outside the rows, so that rows may come and go beneath. Enter
// saves and goes down, Tab saves and goes on, Escape leaves it; what was refused, or changed meanwhile, is said in it.
import { dressed } from "./sheet.js"
import { fetchSignedIn } from "./signed-in.js"

let open // { list, box, row, column, id }

export function edit(list) {
  const { row, column } = list.focus
  const tr = list.scroll.at(row)
  const key = list.scroll.head.rows[0].cells[column]?.dataset.key
  if (!tr || !key || open?.busy) return
  close()
  return begin(list, row, column, tr.dataset.id, key)
}

async function begin(list, row, column, id, key) {
  open = { list, row, column, id, busy: true }
  const mine = open
  try {
    const response = await fetchSignedIn(list.scroll.address("/cells", { record: id, column: key }), { headers: { "HX-Request": "true" } })
    await dressed()
    if (open !== mine) return
    if (!response.ok) throw new Error(response.status)
    show(await response.text())
  } catch {
    if (open === mine) open = null
    list.say("This value can't be edited now. Try again.")
  }
}

function show(html) {
  open.box?.remove()
  const template = document.createElement("template")
  template.innerHTML = html
  open.box = template.content.querySelector(".grid-editor")
  document.body.append(open.box)
  place()
  open.busy = false
  const field = value()
  field.focus()
  field.select?.()
  if ("strict" in field.dataset) unfold(true)
  const said = open.box.querySelector("[role=alert]")
  if (said) open.list.say(said.innerText)
}

const value = () => open.box.querySelector("[name=value]")

function place() {
  const cell = open.list.scroll.at(open.row)?.cells[open.column]
  if (!cell) return
  const at = cell.getBoundingClientRect()
  const { style } = open.box
  style.minWidth = `${Math.max(at.width, 220)}px`
  style.left = `${Math.max(Math.min(at.left, innerWidth - open.box.offsetWidth - 8), 8)}px`
  style.top = `${Math.max(Math.min(at.top - 1, innerHeight - open.box.offsetHeight - 8), 8)}px`
}

function close(back = true) {
  if (!open) return
  const { list, box, row, column } = open
  open = null
  box?.remove()
  if (back && box) list.focus.to(row, column)
}

async function save(step) {
  const mine = open
  if (!mine || mine.busy) return
  mine.busy = true
  const { list, box, id, row, column } = mine
  const form = box.querySelector("form")
  try {
    const response = await fetchSignedIn(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "HX-Request": "true" } })
    if (open !== mine) return
    const html = await response.text()
    if (response.status === 422 || response.status === 409) return show(html)
    if (!response.ok) throw new Error(response.status)
    replace(list, id, html)
    close(false)
    list.focus.to(row + step[0], column + step[1])
    list.say("Saved.")
  } catch {
    mine.busy = false
    list.say("It could not be saved. Check the connection, then press Enter again.")
  }
}

function replace(list, id, html) {
  const template = document.createElement("template")
  template.innerHTML = html
  const row = template.content.querySelector("tr")
  const old = list.scroll.table.querySelector(`tr[data-id="${id}"]`)
  if (!row || !old) return
  row.setAttribute("aria-rowindex", old.getAttribute("aria-rowindex"))
  list.row(old, row, false)
}

// The choices: filtered by what is typed, walked by arrows, taken with Enter.
const choices = () => [...open.box.querySelectorAll("[role=option]")].filter((option) => !option.hidden)

function unfold(all) {
  const box = open.box.querySelector("[role=listbox]")
  if (!box) return
  const typed = all ? "" : value().value.trim().toLowerCase()
  let shown = 0
  for (const option of box.children) {
    option.hidden = !option.textContent.toLowerCase().includes(typed)
    option.setAttribute("aria-selected", "false")
    shown += option.hidden ? 0 : 1
  }
  box.hidden = !shown
  value().setAttribute("aria-expanded", String(shown > 0))
  value().removeAttribute("aria-activedescendant")
  const now = value().value.trim().toLowerCase()
  const first = all ? choices().find((option) => option.textContent.trim().toLowerCase() === now) : typed && "strict" in value().dataset && choices()[0]
  if (first) mark(first)
}

function mark(option) {
  for (const other of choices()) other.setAttribute("aria-selected", String(other === option))
  value().setAttribute("aria-activedescendant", option.id)
  option.scrollIntoView({ block: "nearest" })
}

function walk(step) {
  const folded = open.box.querySelector("[role=listbox]").hidden
  if (folded) unfold(true)
  const all = choices()
  if (folded && all.some((option) => option.ariaSelected === "true")) return // it stands on what is there
  const now = all.findIndex((option) => option.ariaSelected === "true")
  if (all.length) mark(all[(now + step + all.length + (now < 0 && step < 0 ? 1 : 0)) % all.length])
}

function take() {
  const option = choices().find((option) => option.ariaSelected === "true")
  const box = open.box.querySelector("[role=listbox]")
  if (option && !box.hidden) value().value = option.textContent.trim()
}

document.addEventListener("keydown", (event) => {
  if (!open?.box?.contains(event.target) || event.isComposing) return
  const typing = event.target === value()
  const steps = { Enter: [1, 0], Tab: [0, event.shiftKey ? -1 : 1] }
  if (event.key === "Escape") close()
  else if (open.busy) return
  else if (typing && open.box.querySelector("[role=listbox]") && ["ArrowDown", "ArrowUp"].includes(event.key)) walk(event.key === "ArrowDown" ? 1 : -1)
  else if (typing && event.key === "Tab" && open.box.querySelector(".grid-editor-conflict")) return
  else if (typing && steps[event.key] && !(event.key === "Enter" && event.shiftKey && event.target.tagName === "TEXTAREA")) {
    take()
    save(steps[event.key])
  } else return event.stopPropagation()
  event.preventDefault()
  event.stopPropagation()
}, true)

document.addEventListener("input", (event) => {
  if (open?.box?.contains(event.target)) unfold()
})
document.addEventListener("submit", (event) => {
  if (!open?.box?.contains(event.target)) return
  event.preventDefault()
  save([1, 0])
}, true)
document.addEventListener("pointerdown", (event) => {
  if (!open?.box || event.target.closest("dialog")) return
  if (!open.box.contains(event.target)) return close(false)
  const option = event.target.closest("[role=option]")
  if (!option) return
  event.preventDefault()
  mark(option)
  take()
  save([1, 0])
}, true)
document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-grid-keep]") || !open) return
  const { list, id } = open
  close()
  list.scroll.again([id])
})
document.addEventListener("scroll", () => open?.box && place(), { capture: true, passive: true })
addEventListener("resize", () => open?.box && place())

// revert takes back, or does again, this person's last change in the list.
export async function revert(list, how) {
  try {
    const response = await fetchSignedIn(`/edits/${how}`, { method: "POST", body: new URLSearchParams({ list: list.section.dataset.name }), headers: { "HX-Request": "true" } })
    if (!response.ok) throw new Error(response.status)
    document.getElementById("flash").insertAdjacentHTML("beforeend", await response.text())
    list.news({ ids: null })
  } catch { list.say("It could not be undone now. Try again.") }
}
