// The style sheet of records, which a list does without until one stands beside it or is changed in it.
let coming

export function dressed() {
  const href = document.querySelector("#grid[data-panels]")?.dataset.panels
  if (!href || document.querySelector(`link[rel="stylesheet"][href="${href}"]`)) return coming
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href })
  document.head.append(link)
  return coming = new Promise((loaded) => { link.onload = link.onerror = loaded })
}
