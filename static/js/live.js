// One stream of news for a page, whoever on it listens, and open only while the page is looked at: browsers share few
// connections among all tabs. Where streams don't come through, poll is called instead now and then.
const readers = new Set()
let source = null, asked = "", asking = null, failures = 0, due

const polled = () => readers.forEach(({ poll }) => poll?.())

export function listen(query, hear, poll) {
  const reader = { query, hear, poll }
  readers.add(reader)
  soon()
  return () => { readers.delete(reader); soon() }
}

// soon asks for what is listened to: once, though the parts of a page come alive one after the other.
function soon() {
  clearTimeout(due)
  due = setTimeout(open, 300)
}

function open() {
  const stream = document.querySelector("meta[name=events]")?.content // a story has none
  const query = [...readers].map((reader) => reader.query).join("&")
  if (source && query === asked) return
  close()
  if (!query) { clearInterval(asking); asking = null }
  if (!stream || !query || document.hidden) return
  asked = query
  const opened = source = new EventSource(`${stream}?${query}`)
  opened.onopen = () => {
    failures = 0
    clearInterval(asking)
    asking = null
    polled() // what happened before anybody listened
  }
  opened.onerror = () => {
    if (++failures < 3 && opened.readyState !== EventSource.CLOSED) return
    close()
    asking ??= setInterval(() => !document.hidden && polled(), 10_000)
    setTimeout(open, 60_000)
  }
  for (const { hear } of readers) {
    for (const [event, heard] of Object.entries(hear)) opened.addEventListener(event, (message) => heard(JSON.parse(message.data)))
  }
}

function close() { source?.close(); source = null }

document.addEventListener("visibilitychange", () => document.hidden ? close() : open())
addEventListener("pagehide", close)
