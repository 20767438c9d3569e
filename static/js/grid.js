// A long list's comforts over its links and forms: Shift and a head adds to the order, a menu closes when it has been
// used, and a new answer begins at its first row.
const grid = (event) => event.target.closest?.("#grid")

document.addEventListener("click", (event) => {
  const link = grid(event) && event.target.closest("a[href]")
  if (!link) return
  link.closest("[popover]")?.hidePopover()
  if (!event.shiftKey || !link.dataset.also || event.ctrlKey || event.metaKey) return
  event.preventDefault()
  event.stopPropagation()
  htmx.ajax("GET", link.dataset.also, { source: link, target: "#grid", swap: "outerMorph", push: "true" })
}, true)

document.addEventListener("submit", (event) => {
  if (grid(event)) event.target.closest("[popover]")?.hidePopover()
})

// A search or a filter that is typed keeps the caret; the rows begin at the top.
document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx.target?.id === "grid") document.querySelector(".grid-frame")?.scrollTo(0, 0)
})
