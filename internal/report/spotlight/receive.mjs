// Shows on a developer's machine what leaves, as Spotlight (Sentry's own viewer for development) reads it, a line for each
// item. Its parser is used as a library: its server listens on all addresses and calls home.
//
//	npm install --prefix internal/report/spotlight
//	node internal/report/spotlight/receive.mjs        # PORT=8969
//	SENTRY_DSN=http://key@127.0.0.1:8969/1 SENTRY_ALWAYS=true go run .
//
// GET /items answers all that came, as JSON; DELETE /items forgets it.
import { createServer } from "node:http"
import { inflateSync } from "node:zlib"
import { createSpotlightBuffer, pushToSpotlightBuffer } from "@spotlightjs/spotlight/sdk"

const port = Number(process.env.PORT ?? 8969)
const spotlightBuffer = createSpotlightBuffer()
let items = []

const trace = (item) => item.contexts?.trace?.trace_id ?? item.items?.[0]?.trace_id ?? item.trace_ids?.[0] ?? ""

// What each type says, as Spotlight's own formatters find it.
const says = {
  event: (item) => item.exception.values.map((one) => `${one.type}: ${one.value}`).join(", ") + ` (${item.platform}, ${item.transaction})`,
  transaction: (item) => `${item.contexts.trace.op} ${item.transaction}, ${item.spans?.length ?? 0} spans (${item.platform})`,
  log: (item) => item.items.map((line) => `${line.level} ${line.body}`).join(", "),
  trace_metric: (item) => item.items.map((one) => `${one.name} ${one.value} ${one.unit}`).join(", "),
  check_in: (item) => `${item.monitor_slug} ${item.status}`,
  feedback: (item) => `${item.contexts.feedback.message} (${item.contexts.feedback.associated_event_id ?? "no event"})`,
  replay_event: (item) => `${item.replay_id} piece ${item.segment_id}, ${item.replay_type}, ${item.urls.join(" ")}, ${item.error_ids.length} errors`,
  replay_recording: (raw) => {
    const body = raw.subarray(raw.indexOf(10) + 1)
    return `${JSON.parse(inflateSync(body)).length} events of rrweb, ${body.length} bytes`
  },
}

function note(type, item) {
  let words
  try {
    words = says[type](item)
  } catch (problem) {
    words = `not readable: ${problem.message}`
  }
  items.push({ type, says: words, trace: trace(item), item: Buffer.isBuffer(item) ? {} : item })
  console.log(type.padEnd(16), trace(item).slice(0, 8).padEnd(9), words)
}

// apart takes the recordings out of an envelope: Spotlight reads every item as JSON, which they are not.
function apart(body) {
  const recordings = [], rest = [body.subarray(0, body.indexOf(10) + 1)]
  for (let at = body.indexOf(10) + 1; at < body.length; ) {
    const payload = body.indexOf(10, at) + 1
    const { type, length } = JSON.parse(body.subarray(at, payload))
    const end = payload + length
    if (type === "replay_recording") recordings.push(body.subarray(payload, end))
    else rest.push(body.subarray(at, end + 1))
    at = end + 1
  }
  return { recordings, rest: Buffer.concat(rest) }
}

function take(request, whole) {
  const { recordings, rest } = apart(whole)
  const container = pushToSpotlightBuffer({ body: rest, spotlightBuffer, contentType: request.headers["content-type"], userAgent: request.headers["user-agent"] })
  for (const [{ type }, item] of container?.getParsedEnvelope()?.envelope[1] ?? []) note(type, item)
  for (const recording of recordings) note("replay_recording", recording)
}

createServer((request, response) => {
  const pieces = []
  request.on("data", (piece) => pieces.push(piece))
  request.on("end", () => {
    if (request.method === "POST" && /^\/api\/\d+\/envelope\/$/.test(request.url)) take(request, Buffer.concat(pieces))
    else if (request.method === "DELETE" && request.url === "/items") items = []
    else if (request.method !== "GET" || request.url !== "/items") response.statusCode = 404
    response.setHeader("Content-Type", "application/json")
    response.end(request.method === "GET" ? JSON.stringify(items) : "{}")
  })
}).listen(port, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${port}`))
