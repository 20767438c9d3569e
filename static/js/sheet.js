// The style sheet of records and of a list's larger forms, which a list does without until one is opened.
const href = new URL("../css/record.css", import.meta.url).pathname
let coming

export function dressed() {
  if (document.querySelector(`link[rel="stylesheet"][href="${href}"]`)) return coming
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href })
  document.head.append(link)
  return coming = new Promise((loaded) => { link.onload = link.onerror = loaded })
}
