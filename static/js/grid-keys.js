// What begins an edit in a list: Enter, F2 or a double press on a cell that can be edited, and Ctrl+Z. The editor itself
// is fetched when it is first needed.
const editor = () => import("./grid-edit.js")

export function edits(current) {
  const cellOf = (event) => current()?.section.dataset.editable !== undefined && event.target.closest?.("#grid .grid-block :is(th, td)")
  const can = (cell) => cell && cell.parentElement.dataset.id && "edit" in (current().scroll.head.rows[0].cells[cell.cellIndex]?.dataset ?? {}) && !("gone" in cell.parentElement.dataset)
  const begin = async (event, act) => {
    event.preventDefault()
    event.stopPropagation()
    const list = current()
    act(await editor(), list)
  }

  document.addEventListener("keydown", (event) => {
    if (!current() || event.isComposing || event.altKey || event.target.closest?.("input, textarea, select, dialog")) return
    const cell = cellOf(event)
    const whole = event.ctrlKey || event.metaKey
    if ((event.key === "Enter" && !whole || event.key === "F2") && event.target === cell && can(cell)) begin(event, (m, list) => m.edit(list))
    else if (whole && event.key.toLowerCase() === "z" && "editable" in current().section.dataset) begin(event, (m, list) => m.revert(list, event.shiftKey ? "redo" : "undo"))
    else if (whole && event.key.toLowerCase() === "y" && "editable" in current().section.dataset) begin(event, (m, list) => m.revert(list, "redo"))
  }, true)
  document.addEventListener("dblclick", (event) => {
    const cell = cellOf(event)
    if (!can(cell) || event.target.closest("a, button")) return
    current().focus.is(cell)
    begin(event, (m, list) => m.edit(list))
  })
  document.addEventListener("focusin", (event) => can(cellOf(event)) && editor())
  document.addEventListener("submit", (event) => {
    const how = current() && event.target.dataset.gridUndo
    if (how) begin(event, (m, list) => m.revert(list, how))
  }, true)
}
