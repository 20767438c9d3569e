// The search box as a combobox: suggestions are real links, chosen with the arrow keys while the caret stays in the box.
// Enter without a choice sends the form, Escape closes the drawer and then empties the box.
for (const form of document.querySelectorAll("[data-search]")) {
  const input = form.querySelector("input[name=q]")
  const drawer = form.querySelector(".suggestions")
  if (!input || !drawer) continue
  const options = () => [...drawer.querySelectorAll("a[href]")]
  const chosen = () => drawer.querySelector("[aria-selected=true]")

  const said = document.createElement("p")
  said.className = "sr-only"
  said.role = "status"
  form.append(said)
  drawer.role = "listbox"
  drawer.ariaLabel = "Suggestions"
  input.role = "combobox"
  input.ariaAutoComplete = "list"
  input.setAttribute("aria-controls", drawer.id)

  const state = () => {
    const open = form.contains(document.activeElement) && drawer.dataset.closed === undefined && drawer.childElementCount > 0
    input.ariaExpanded = String(open)
    if (!open) choose(null)
  }
  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false")
    input.removeAttribute("aria-activedescendant")
    if (!option) return
    option.ariaSelected = "true"
    option.scrollIntoView({ block: "nearest" })
    input.setAttribute("aria-activedescendant", option.id)
  }
  const close = () => {
    drawer.dataset.closed = ""
    state()
  }

  // Whatever the server sent, its links become the options and what stands around them steps aside.
  new MutationObserver(() => {
    for (const element of drawer.querySelectorAll("ul, ol, li, div, section, h2, h3, p")) element.role ||= "presentation"
    options().forEach((option, i) => {
      option.role = "option"
      option.id = `${drawer.id}-${i}`
      option.tabIndex = -1
    })
    const count = options().length
    said.textContent = input.value.trim() === "" ? "" : count === 1 ? "1 suggestion" : `${count} suggestions`
    state()
  }).observe(drawer, { childList: true })

  input.addEventListener("input", () => {
    delete drawer.dataset.closed
    if (input.value.trim() === "") drawer.replaceChildren()
    choose(null)
  })
  input.addEventListener("keydown", (event) => {
    const all = options()
    const at = all.indexOf(chosen())
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault()
      delete drawer.dataset.closed
      const step = event.key === "ArrowDown" ? 1 : -1
      const to = at < 0 && step < 0 ? all.length - 1 : at + step
      choose(all[to] ?? null)
      state()
    } else if (event.key === "Escape" && input.ariaExpanded === "true") {
      event.preventDefault()
      close()
    }
  })
  form.addEventListener("submit", (event) => {
    if (!chosen()) return
    event.preventDefault()
    chosen().click()
  })
  form.addEventListener("focusin", state)
  form.addEventListener("focusout", () => setTimeout(state))
  state()

  // What was typed before this or htmx came to the box is asked for when both have.
  const ask = () => document.activeElement === input && input.value && input.dispatchEvent(new Event("input"))
  if ("htmxPowered" in input.dataset) ask()
  else new MutationObserver((_, seen) => (seen.disconnect(), ask())).observe(input, { attributeFilter: ["data-htmx-powered"] })
}
