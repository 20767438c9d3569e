// Long work on a page moves as it does: the server says that it moved, and its part of the page is asked for again.
import { listen } from "./live.js"

let followed = "", stop

function follow() {
  const parts = [...document.querySelectorAll("[data-work]")]
  const query = parts.map((part) => `work=${part.dataset.work}`).join("&")
  if (query === followed) return
  stop?.()
  stop = null
  followed = query
  if (!query) return
  const moved = (ids) => {
    for (const part of document.querySelectorAll("[data-work]")) {
      if (!ids || ids.includes(Number(part.dataset.work))) part.dispatchEvent(new CustomEvent("moved"))
    }
  }
  stop = listen(query, { work: ({ ids }) => moved(ids) }, () => moved())
}

document.addEventListener("htmx:after:swap", follow)
follow()
