// What few pages need is fetched when one does: tracing, the bell and the search box's keys once the page stands and is
// idle, the sign-in when a session ended, the feedback when something failed.
function later(then) {
  const idle = globalThis.requestIdleCallback ?? ((then) => setTimeout(then, 200))
  const wait = () => idle(then, { timeout: 3000 })
  if (document.readyState === "complete") wait()
  else addEventListener("load", wait)
}
if (document.querySelector("meta[name=monitoring]")?.dataset.script) later(() => import("./tracing.js"))
if (document.querySelector("[data-bell]")) later(() => import("./bell.js"))
const search = () => import("./search.js")
if (document.querySelector("[data-search]")) later(search)
document.addEventListener("focusin", (event) => event.target.closest("[data-search]") && search())

document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail
  if (ctx.response?.status !== 401 || !ctx.text.includes("data-sign-in-again")) return
  event.preventDefault()
  import("./session.js").then((session) => session.lost(ctx))
})

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-feedback]")
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  import("./feedback.js").then((feedback) => feedback.ask(link), () => (location.href = link.href))
})
