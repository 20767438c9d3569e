// What goes wrong in a page waits here, twenty failures at most, until telling.js is fetched, which tells the server: scripts
// and promises that fail, and htmx's requests that never came back.
const noted = []
let telling

function note(type, error, reference) {
  if (noted.push([type, error, reference ?? undefined]) > 20) noted.pop()
  telling ??= import("./telling.js").then(
    ({ tell }) => {
      while (noted.length) tell(...noted.shift())
      telling = undefined
    },
    () => (telling = undefined), // the connection is away: with the next one
  )
}
addEventListener("online", () => noted.length && note(...noted.shift()))

addEventListener("error", (event) => event.error && note(event.error.name, event.error))
addEventListener("unhandledrejection", (event) => {
  if (event.reason?.name !== "AbortError") note(event.reason?.name ?? "UnhandledRejection", event.reason)
})
document.addEventListener("htmx:error", ({ detail: { ctx, error } }) => {
  if (!ctx) note("htmx", error)
  else if (ctx.response) note("htmx swap", error, ctx.response.headers.get("X-Request-Id"))
  else note(error?.name === "AbortError" || ctx.request?.signal?.reason === "timeout" ? "htmx timeout" : "htmx network", error)
})
// Our own server has reported its failures itself; a proxy's are seen from here only.
document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  if (ctx.response.status >= 500 && !ctx.response.headers.get("X-Request-Id")) note("htmx answer", "unexpected response")
})
