// One stream of news for a page, open only while the page is looked at: browsers share few connections among all tabs.
// Where streams don't come through, poll is called instead now and then.
export function listen(query, hear, poll) {
  let source = null, asking = null, failures = 0
  const ended = new AbortController()
  const stream = document.querySelector("meta[name=events]")?.content // a story has none

  const open = () => {
    if (!stream || source || document.hidden || ended.signal.aborted) return
    source = new EventSource(`${stream}?${query}`)
    source.onopen = () => {
      failures = 0
      clearInterval(asking)
      asking = null
      poll?.() // what happened before anybody listened
    }
    source.onerror = () => {
      if (++failures < 3 && source.readyState !== EventSource.CLOSED) return
      close()
      asking ??= setInterval(() => !document.hidden && poll?.(), 10_000)
      setTimeout(open, 60_000)
    }
    for (const [event, heard] of Object.entries(hear)) source.addEventListener(event, (message) => heard(JSON.parse(message.data)))
  }
  const close = () => { source?.close(); source = null }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return close()
    open()
  }, { signal: ended.signal })
  addEventListener("pagehide", close, { signal: ended.signal })
  open()
  return () => { ended.abort(); close(); clearInterval(asking) }
}
