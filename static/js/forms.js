// Three guards for forms that save something: leaving asks first when something typed would be lost, a second press of a
// button sends nothing twice, and a page that stood open for long sends nothing before its session is known to be there.
// data-guard="off" on a form is for one that saves as one types.
import { fetchSignedIn } from "./signed-in.js"

const guarded = "main form[method=post]:not([data-guard=off])"
let leavingFrom

const changed = (field) => {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked
  if (field.tagName === "SELECT") return [...field.options].some((o) => o.defaultSelected) && [...field.options].some((o) => o.selected !== o.defaultSelected)
  return ["INPUT", "TEXTAREA"].includes(field.tagName) && !["hidden", "submit", "file", "search"].includes(field.type) && field.value !== field.defaultValue
}
const dirty = (form) => form.dataset.touched !== undefined && ([...form.elements].some(changed) || form.querySelector("[aria-invalid=true]"))

document.addEventListener("input", (event) => {
  const form = event.target.form
  if (form?.matches(guarded)) form.dataset.touched = ""
})
// A link inside the form, such as Cancel, knows what it does.
document.addEventListener("click", (event) => {
  leavingFrom = event.target.closest?.("a[href]")?.closest("form")
})
window.addEventListener("beforeunload", (event) => {
  const lost = [...document.querySelectorAll(guarded)].some((form) => form !== leavingFrom && dirty(form))
  if (lost) event.preventDefault()
})

document.addEventListener("submit", (event) => {
  const form = event.target
  if (event.defaultPrevented || form.method !== "post" || form.dataset.sent === undefined) return
  event.preventDefault()
}, true)

const long = 10 * 60_000
let known = Date.now() // when somebody was signed in
document.addEventListener("submit", async (event) => {
  const form = event.target
  if (event.defaultPrevented || !form.matches("main form[method=post]") || !document.getElementById("person-menu") || Date.now() - known < long) return
  event.preventDefault()
  event.stopImmediatePropagation()
  const answer = await fetchSignedIn("/session", { headers: { "HX-Request": "true" } }).catch(() => null)
  if (answer?.status === 401) return // what was typed stays
  known = Date.now()
  form.requestSubmit(event.submitter)
}, true)
document.addEventListener("submit", (event) => {
  const form = event.target
  if (event.defaultPrevented || form.method !== "post") return
  delete form.dataset.touched
  form.dataset.sent = ""
  setTimeout(() => delete form.dataset.sent, 4000)
})
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent
})
