// Ways that lead far in a list: what is typed goes to the first row that begins so, and a label beside the bar's thumb
// says where one is while it is dragged. Fetched when somebody first goes far.
import { fetchSignedIn } from "./signed-in.js"

const count = (n) => n.toLocaleString("en-US")

// seek goes to the first row whose value of the sorted column is what was typed, or comes after it.
export async function seek(focus, typed) {
  focus.asking?.abort()
  focus.asking = new AbortController()
  const { snap } = focus.scroll
  try {
    const response = await fetchSignedIn(focus.scroll.address("/place", { typed, ...(snap && { snap }) }), { signal: focus.asking.signal })
    if (!response.ok) return
    const { at } = await response.json()
    if (at > 0) {
      focus.scroll.go(at - 1)
      focus.to(at - 1)
    }
    focus.say(at > 0 ? `${typed}: row ${at}` : `Nothing to be found by typing in this order.`)
  } catch { /* typed on */ }
}

// label shows where the thumb is, without asking for anything but the labels, once.
export async function label(list, first) {
  const { scroll, thumb } = list
  clearTimeout(list.hiding)
  list.hiding = setTimeout(() => list.hide(), 900)
  const box = scroll.frame.getBoundingClientRect()
  const part = first / Math.max(scroll.total - scroll.shown, 1)
  thumb.style.left = `${box.right}px`
  thumb.style.top = `${box.top + scroll.headed + part * (box.height - scroll.headed)}px`
  thumb.hidden = false
  const say = () => {
    const words = list.labels?.[Math.floor((first / scroll.total) * list.labels.length)]
    thumb.textContent = words ? `${words} · ${count(first + 1)}` : count(first + 1)
  }
  say()
  if (list.labels || !scroll.snap) return
  list.labels = []
  try {
    const response = await fetch(scroll.address("/labels", { snap: scroll.snap }))
    if (response.ok) list.labels = await response.json()
    say()
  } catch { /* the number says it too */ }
}
