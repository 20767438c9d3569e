// What just happened stays until it was read: at least six seconds, longer for longer sentences and with Undo, not while
// the pointer or the focus is on it. What went wrong stays until it is dismissed. A broken connection says so here.
const region = document.getElementById("flash")

function show(flash) {
  if (flash.dataset.shown !== undefined) return
  flash.dataset.shown = ""
  const dismiss = flash.querySelector("[data-flash-close]")
  if (dismiss) {
    dismiss.hidden = false
    dismiss.addEventListener("click", () => leave(flash))
  }
  if (flash.dataset.tone === "danger" || flash.dataset.tone === "warn") return

  let left = Math.max(6000, flash.textContent.length * 90) + (flash.querySelector("form") ? 6000 : 0)
  let since = Date.now()
  let timer = setTimeout(() => leave(flash), left)
  const pause = () => {
    clearTimeout(timer)
    left -= Date.now() - since
  }
  const go = () => {
    if (flash.matches(":hover, :focus-within")) return
    clearTimeout(timer)
    since = Date.now()
    timer = setTimeout(() => leave(flash), Math.max(left, 2000))
  }
  flash.addEventListener("pointerenter", pause)
  flash.addEventListener("focusin", pause)
  flash.addEventListener("pointerleave", go)
  flash.addEventListener("focusout", () => setTimeout(go))
}

function leave(flash) {
  flash.dataset.leaving = ""
  setTimeout(() => flash.remove(), 200)
}

function say(sentence) {
  if ([...region.querySelectorAll(".flash-message")].some((p) => p.textContent === sentence)) return
  const flash = document.createElement("div")
  flash.className = "flash"
  flash.dataset.flash = ""
  flash.dataset.tone = "danger"
  const words = document.createElement("p")
  words.className = "flash-message"
  words.textContent = sentence
  const dismiss = document.createElement("button")
  dismiss.type = "button"
  dismiss.className = "flash-close"
  dismiss.dataset.flashClose = ""
  dismiss.textContent = "×"
  dismiss.ariaLabel = "Dismiss"
  flash.append(words, dismiss)
  region.append(flash)
}

if (region) {
  const all = () => region.querySelectorAll("[data-flash]").forEach(show)
  new MutationObserver(all).observe(region, { childList: true })
  // A live region reads out what comes in later, so what the page came with is put in again.
  region.append(...region.childNodes)
  all()
  document.addEventListener("htmx:error", (event) => {
    if (event.detail?.ctx && event.detail.ctx.target?.id !== "grid") say("The server did not answer. Check the connection, then try again.")
  })
}
