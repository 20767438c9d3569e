// Keys that press things: <a data-hotkey="g p">, <input data-hotkey="/">. "?" lists them. Never while one types, and a
// person may switch them off, because speech and shaky hands press single keys by accident (WCAG 2.1.4).
const patience = 1200 // milliseconds between the keys of a sequence
const list = document.getElementById("shortcuts")
let pressed = []
let waiting

const on = () => localStorage.getItem("shortcuts") !== "off"
const typing = (element) => element.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")
const targets = () => [...document.querySelectorAll("[data-hotkey]")].filter((e) => !e.disabled && !e.closest("[hidden]"))

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  if (typing(event.target) || !on() || document.querySelector("dialog[open]")) return
  if (event.key === "?" && list) {
    event.preventDefault()
    return open()
  }
  if (event.key.length !== 1) return

  pressed.push(event.key)
  let sequence = pressed.join(" ")
  if (!targets().some((e) => e.dataset.hotkey.startsWith(sequence))) {
    pressed = [event.key]
    sequence = event.key
  }
  clearTimeout(waiting)
  waiting = setTimeout(() => (pressed = []), patience)

  const target = targets().find((e) => e.dataset.hotkey === sequence)
  if (!target) return
  event.preventDefault()
  pressed = []
  if (target.matches("input, textarea, select")) {
    target.focus()
    target.select?.()
  } else {
    target.click()
  }
})

function open() {
  const rows = new Map()
  for (const target of targets()) rows.set(target.dataset.hotkey, nameOf(target))
  rows.set("?", "This list")
  list.querySelector("[data-shortcuts]").replaceChildren(...[...rows].map(([keys, name]) => row(keys, name)))
  list.querySelector("[data-shortcuts-on]").checked = on()
  list.showModal()
}

const nameOf = (element) => (element.getAttribute("aria-label") || element.labels?.[0]?.textContent || element.textContent).trim()

function row(keys, name) {
  const box = document.createElement("div")
  const term = document.createElement("dt")
  const value = document.createElement("dd")
  box.className = "shortcut"
  value.className = "keys"
  term.textContent = name
  value.append(
    ...keys.split(" ").map((key) => {
      const cap = document.createElement("kbd")
      cap.textContent = key
      return cap
    }),
  )
  box.append(term, value)
  return box
}

for (const button of document.querySelectorAll("[data-shortcuts-open]")) {
  button.hidden = !list
  button.addEventListener("click", () => {
    button.closest("[popover]")?.hidePopover()
    open()
  })
}
list?.querySelector("[data-shortcuts-on]").addEventListener("change", (event) => {
  localStorage.setItem("shortcuts", event.target.checked ? "on" : "off")
})
