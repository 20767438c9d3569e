// How a page tells the server of its failures: only words of a short list leave it, of a stack only our own files. Once
// Sentry is there (see tracing.js) it does the telling; before, and without it, this does.
const config = document.querySelector("meta[name=monitoring]")
const content = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? ""
const once = 60_000 // one of a kind in this time, also on the pages that follow in this tab
const said = new Map(remembered())
let waiting = [] // what could not be sent yet
let teller // Sentry, when it is there
let total = 0

const noise = /ResizeObserver loop|^Script error/
const listed = new Set(("a an and are as at be been before by can cannot could did do does for from has have in into is it its must no not of on or over than that the " +
  "this to too was with without Cannot Failed Unexpected Invalid Maximum Illegal Assignment access already aborted after argument array await assignment before call called " +
  "class component constant constructor context converting circular defined element end error event exceeded execute expected exist exists fetch fetching found function identifier " +
  "import initialization initialized input invalid iterable key length loading lost map maximum method missing module must network new node null number object once only operation out " +
  "parameter parse promise properties property range read reading rejected request response result same script selector set size stack string structure supported swap symbol " +
  "target timeout token transition type undefined unexpected URL valid value variable JSON HTTP NaN Node Element Document Promise Array String Map Set").split(" "))

// words keeps what stands in the list, and puts * for all else: numbers, names, all that was typed.
export const words = (text) =>
  String(text).slice(0, 400).replace(/[\p{L}\p{N}_@$#.-]*[\p{L}\p{N}_]|[^\s:,.;()[\]']/gu, (word) => (listed.has(word) ? word : "*")).replace(/\*(['\s]*\*)+/g, "*")

// file is the path of one of our own scripts, "" for any other.
export function file(address) {
  try {
    const url = new URL(address, location.href)
    return url.origin === location.origin && url.pathname.startsWith("/static/") ? url.pathname : ""
  } catch {
    return ""
  }
}

function frames(stack) {
  const lines = String(stack ?? "").split("\n").slice(0, 40)
  const found = []
  for (const line of lines) {
    const part = /^\s*(?:at )?(?:async )?(.*?)[ (@]*((?:https?:|\/)[^\s()]*?):(\d+):(\d+)\)?$/.exec(line)
    if (part && file(part[2])) found.unshift({ function: part[1].trim().slice(0, 80) || "?", filename: file(part[2]), lineno: +part[3], colno: +part[4] })
  }
  return found
}

const hex = (bytes) => [...crypto.getRandomValues(new Uint8Array(bytes))].map((b) => b.toString(16).padStart(2, "0")).join("")

// tell reports a failure, each kind once a minute, twenty a page.
export function tell(type, error, reference = content("reference")) {
  const message = String(error?.message ?? error ?? "")
  if (!config || noise.test(message) || total >= 20) return
  const stack = frames(error?.stack)
  const at = stack.at(-1)
  const kind = [type, type.startsWith("htmx") ? "" : words(message), at?.filename, at?.lineno].join("|")
  if (Date.now() - (said.get(kind) ?? -once) < once) return
  said.set(kind, Date.now())
  remember()
  total++
  const event = {
    event_id: hex(16), timestamp: Date.now() / 1000, level: "error", platform: "javascript", transaction: config.dataset.route,
    exception: { values: [{ type, value: words(message), stacktrace: { frames: stack } }] },
    tags: { reference }, contexts: trace(),
  }
  if (teller) teller.captureEvent(event)
  else send(event)
}

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem("told")) ?? []
  } catch {
    return []
  }
}

function remember() {
  for (const [kind, at] of said) if (Date.now() - at >= once) said.delete(kind)
  try {
    sessionStorage.setItem("told", JSON.stringify([...said]))
  } catch {
    // a browser that keeps nothing: each page tells once
  }
}

function trace() {
  const [trace_id] = content("sentry-trace").split("-")
  return trace_id ? { trace: { trace_id, span_id: hex(8) } } : {}
}

async function send(event) {
  const body = [{ event_id: event.event_id, dsn: config.content }, { type: "event" }, event].map((line) => JSON.stringify(line)).join("\n")
  try {
    const answer = await fetch("/monitoring", { method: "POST", body, keepalive: true, headers: { "Content-Type": "text/plain;charset=UTF-8" } })
    if (answer.status !== 429 && answer.status < 500) return
  } catch {
    // away: it waits
  }
  if (waiting.length < 10) waiting.push(event)
}

function again() {
  const late = waiting
  waiting = []
  late.forEach(send)
}
addEventListener("online", again)
document.addEventListener("htmx:after:request", () => waiting.length && again())

// hand lets Sentry do the telling from now on.
export function hand(sentry) {
  teller = sentry
}
