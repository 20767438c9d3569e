// Draws the form that puts filters together anew after each step and while one types, in a dialog over the list or on
// its own page. The form sends all of itself; the server answers with it.
import { dressed } from "./sheet.js"
import { fetchSignedIn } from "./signed-in.js"

let asking
let later

const form = () => document.getElementById("builder")

function address(submitter) {
  const query = new URLSearchParams(new FormData(form(), submitter))
  return `${form().getAttribute("action")}?${query}`
}

async function draw(submitter) {
  clearTimeout(later)
  asking?.abort()
  asking = new AbortController()
  const was = document.activeElement?.id
  const { signal } = asking
  let html
  try {
    const response = await fetchSignedIn(address(submitter), { signal, headers: { "HX-Request": "true", "HX-Target": "form#builder" } })
    if (response.status === 401) return
    html = await response.text()
  } catch { return }
  if (signal.aborted || !form()) return
  const made = new DOMParser().parseFromString(html, "text/html").getElementById("builder")
  if (!made) return
  if (submitter) replace(made, was, submitter)
  else refresh(made, was)
}

function replace(made, was, submitter) {
  const path = submitter.value.split(":")[1] ?? "f"
  form().replaceWith(made)
  const group = submitter.value.startsWith("remove:") ? path.slice(0, path.lastIndexOf(".")) : path
  const target = made.querySelector("[data-fresh]") ?? document.getElementById(was) ?? document.getElementById(`builder-add-${group}`)
  target?.focus()
}

// refresh keeps what is being typed into: only what is said changes, unless a column was chosen.
function refresh(made, was) {
  const shape = (of) => [...of.querySelectorAll(".builder-condition, .builder-group")].map((part) => part.dataset.kind ?? part.dataset.how).join()
  const columns = (of) => [...of.querySelectorAll(".builder-column")].map((select) => select.value).join()
  if (shape(made) === shape(form()) && columns(made) === columns(form())) {
    form().querySelector(".builder-says").replaceChildren(...made.querySelector(".builder-says").childNodes)
    return
  }
  form().replaceWith(made)
  document.getElementById(was)?.focus()
}

document.addEventListener("submit", (event) => {
  if (event.target !== form() || event.submitter?.value === "apply") return
  event.preventDefault()
  event.stopPropagation()
  draw(event.submitter)
}, true)

document.addEventListener("input", (event) => {
  if (event.target.form !== form() || !form()) return
  clearTimeout(later)
  later = setTimeout(() => draw(), event.target.matches("select, [type=checkbox]") ? 0 : 250)
})

document.addEventListener("click", (event) => {
  const dialog = event.target.closest?.("[data-builder-close]")?.closest("dialog")
  if (!dialog) return
  event.preventDefault()
  dialog.close()
})

export async function open(href) {
  for (const menu of document.querySelectorAll("[popover]:popover-open")) menu.hidePopover()
  const from = document.getElementById("grid-open-filters")
  let response
  try {
    response = await fetchSignedIn(href, { headers: { "HX-Request": "true", "HX-Target": "form#builder" } })
  } catch { return location.assign(href) }
  if (response.status === 401) return
  if (!response.ok) return location.assign(href)
  await dressed()
  const dialog = document.createElement("dialog")
  dialog.className = "dialog builder-dialog"
  dialog.setAttribute("aria-labelledby", "builder-title")
  dialog.innerHTML = `<div class="dialog-head"><h2 id="builder-title">Filter</h2></div><div class="dialog-body"></div>`
  dialog.querySelector(".dialog-body").innerHTML = await response.text()
  dialog.addEventListener("close", () => { dialog.remove(); from?.focus() })
  document.body.append(dialog)
  dialog.showModal()
  const first = dialog.querySelector(".builder-column") ?? dialog.querySelector(".builder-head select")
  first?.focus()
}
