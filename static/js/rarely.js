// What few pages need is fetched when one does: tracing once the page stands and is idle, the sign-in when a session ended,
// the feedback when something failed.
if (document.querySelector("meta[name=monitoring]")?.dataset.script) {
  const idle = globalThis.requestIdleCallback ?? ((then) => setTimeout(then, 200))
  const later = () => idle(() => import("./tracing.js"), { timeout: 3000 })
  if (document.readyState === "complete") later()
  else addEventListener("load", later)
}

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
