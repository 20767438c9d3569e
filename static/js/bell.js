// The bell counts as news comes, whatever page is open; the page of the news adds it.
import { listen } from "./live.js"

const bell = document.querySelector("[data-bell]")
const said = document.querySelector("[data-bell-said]")

function ring({ unread }) {
  const before = Number(bell.dataset.bell)
  if (unread === before) return
  const count = unread > 99 ? "99+" : String(unread)
  bell.dataset.bell = unread
  const shown = bell.querySelector("[data-bell-count]")
  shown.hidden = !unread
  shown.textContent = unread ? count : ""
  bell.querySelector("[data-bell-words]").textContent = unread ? `, ${count} unread` : ""
  if (unread > before) said.textContent = `${count} unread ${unread === 1 ? "notification" : "notifications"}`
  document.getElementById("notification-list")?.dispatchEvent(new CustomEvent("news"))
}

if (bell) listen("bell", { bell: ring })
