// "Say what you were doing" beside a reference: the form comes up over the page, so that nothing on it is lost.
export async function ask(link) {
  const answer = await fetch(link.href, { headers: { "HX-Request": "true" } }).catch(() => null)
  const form = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("form[data-feedback-form]")
  if (form) open(form, link)
  else location.href = link.href
}

function open(form, link) {
  const dialog = document.createElement("dialog")
  dialog.className = "dialog"
  dialog.setAttribute("aria-label", "What were you doing?")
  const body = document.createElement("div")
  body.className = "dialog-body"
  const cancel = document.createElement("button")
  cancel.type = "button"
  cancel.className = "button"
  cancel.dataset.dialogClose = ""
  cancel.textContent = "Cancel"
  form.querySelector(".actions").append(cancel)
  body.append(form)
  dialog.append(body)
  document.body.append(dialog)
  dialog.addEventListener("close", () => dialog.remove())
  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    event.stopPropagation()
    const sent = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "HX-Request": "true" } }).catch(() => null)
    if (!sent?.ok) return form.submit() // the page says what is wrong
    const thanks = document.createElement("span")
    thanks.className = "problem-feedback"
    thanks.role = "status"
    thanks.textContent = "Thank you. It was sent."
    link.replaceWith(thanks)
    dialog.close()
  })
  dialog.showModal()
}
