// Dialogs and menus of older browsers, and their closing: <button data-dialog-open="id">, <button data-dialog-close>,
// a press beside them, and Escape for an open <details class="menu-details">.
document.addEventListener("click", (event) => {
  const opens = event.target.closest?.("[data-dialog-open]")
  if (opens) {
    const dialog = document.getElementById(opens.dataset.dialogOpen)
    if (dialog?.showModal) {
      event.preventDefault()
      dialog.showModal()
    }
  }
  if (event.target.closest?.("[data-dialog-close]")) event.target.closest("dialog")?.close()
  if (event.target.matches?.("dialog[open]") && beside(event.target, event)) event.target.close()

  for (const menu of document.querySelectorAll("details.menu-details[open]")) {
    if (!menu.contains(event.target)) menu.open = false
  }
})

function beside(dialog, event) {
  const box = dialog.getBoundingClientRect()
  const keyboard = event.clientX === 0 && event.clientY === 0
  return !keyboard && (event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom)
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return
  for (const menu of document.querySelectorAll("details.menu-details[open]")) {
    menu.open = false
    menu.querySelector("summary").focus()
  }
})
