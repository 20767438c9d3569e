// A session that ended while its page was open: the sign-in comes up over the page, and what was being done is done
// after all. htmx's requests come here by rarely.js, those of a module by signed-in.js.
let asking

// signInAgain resolves to true once the same person is signed in again, to false when they would rather not.
export function signInAgain(form) {
  asking ??= ask(form).finally(() => (asking = undefined))
  return asking
}

async function ask(form) {
  form ??= await fetchForm()
  if (form === signedIn) return true // another tab was quicker
  if (!form) return false
  const email = form.elements.email
  const password = form.elements.password
  const known = document.getElementById("person-menu")?.dataset.email ?? ""
  email.value ||= known

  const dialog = document.createElement("dialog")
  dialog.className = "dialog"
  dialog.setAttribute("aria-labelledby", "sign-in-again-title")
  const body = document.createElement("div")
  body.className = "dialog-body"
  body.append(form)
  dialog.append(body)
  document.body.append(dialog)
  const before = document.activeElement
  dialog.showModal()
  ;(email.value ? password : email).focus()

  return new Promise((resolve) => {
    form.addEventListener("submit", async (event) => {
      event.preventDefault()
      event.stopPropagation()
      const wrong = await signIn(form)
      if (wrong) {
        const says = form.querySelector("[data-wrong]")
        says.textContent = wrong
        says.hidden = false
        password.value = ""
        password.focus()
        return
      }
      if (known && email.value.trim().toLowerCase() !== known.toLowerCase()) return location.reload() // somebody else's page now
      resolve(true)
      dialog.close()
    })
    dialog.addEventListener("close", () => {
      resolve(false)
      dialog.remove()
      before?.focus?.()
    })
  })
}

// signIn answers what went wrong, nothing when it went well.
async function signIn(form) {
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" })
    if (answer.type === "opaqueredirect") return ""
    if (answer.status === 429) return "Too many wrong passwords. Wait a quarter of an hour, or ask a manager to set a new one."
    return answer.status < 500 ? "The e-mail address or the password is not right." : "That did not work. Try again in a minute."
  } catch {
    return "The server did not answer. Check the connection, then try again."
  }
}

const read = (html) => new DOMParser().parseFromString(html, "text/html").querySelector("form[data-sign-in-again]")

const signedIn = Symbol("signed in")

async function fetchForm() {
  const answer = await fetch("/session", { headers: { "HX-Request": "true" } }).catch(() => null)
  if (answer?.ok) return signedIn
  return answer?.status === 401 ? read(await answer.text()) : null
}

const waiting = new Map() // what is to be done again, by the element that did it

// lost is a request of htmx's that was answered with 401.
export async function lost(ctx) {
  waiting.set(ctx.sourceElement, ctx)
  const back = await signInAgain(read(ctx.text))
  const again = [...waiting.values()]
  waiting.clear()
  if (back) again.forEach(repeat)
}

function repeat(ctx) {
  const { method, action, submitter } = ctx.request
  const { sourceElement: source, target, swap, select, push, replace } = ctx
  htmx.ajax(method, action, { source, target, swap, select, push, replace, event: { submitter } })
}
