// A page that is traced (the server decides, one in ten in production) or recorded fetches Sentry once it stands and is idle. What
// it sends goes to our own /monitoring, and holds nothing that could name a person.
import { file, hand, words } from "./telling.js"

const config = document.querySelector("meta[name=monitoring]")

function start() {
  const { script, integrity, route, release, environment } = config.dataset
  const traced = "traced" in config.dataset
  const tag = document.createElement("script")
  tag.src = script
  tag.integrity = integrity
  tag.async = true
  tag.onload = () => {
    const sentry = globalThis.Sentry
    const client = sentry.init({
      dsn: config.content, tunnel: "/monitoring", release, environment,
      traceLifecycle: "static", tracesSampleRate: traced ? 1 : 0, tracePropagationTargets: [location.origin],
      replaysSessionSampleRate: 0.1, replaysOnErrorSampleRate: 1, transportOptions: { headers: { "Content-Type": "application/x-sentry-envelope" } },
      dataCollection: { userInfo: false, cookies: false, httpHeaders: false, urlQueryParams: false, httpBodies: [] },
      maxBreadcrumbs: 0, sendClientReports: false, defaultIntegrations: false,
      ignoreErrors: [/ResizeObserver loop/],
      integrations: traced
        ? [sentry.browserTracingIntegration({ beforeStartSpan: (options) => ({ ...options, name: route }), enableInp: false, instrumentNavigation: false })]
        : [],
      beforeSend: safe,
      beforeSendTransaction: safe,
    })
    hand(sentry)
    if ("recorder" in config.dataset) import("./recording.js").then(({ record }) => record(client))
  }
  document.head.append(tag)
}

// safe rebuilds what leaves from what may leave; the server does so once more.
function safe(event) {
  const { event_id, timestamp, start_timestamp, level, type, transaction, measurements, tags, exception, contexts, spans } = event
  const trace = contexts?.trace
  return {
    event_id, timestamp, start_timestamp, level, type, transaction, measurements, platform: "javascript",
    tags: { reference: tags?.reference, replayId: tags?.replayId },
    contexts: trace && { trace: { trace_id: trace.trace_id, span_id: trace.span_id, parent_span_id: trace.parent_span_id, op: trace.op, status: trace.status } },
    exception: exception && { values: exception.values.map((one) => ({ type: one.type, value: words(one.value ?? ""), stacktrace: one.stacktrace })) },
    spans: spans?.map((span) => ({
      trace_id: span.trace_id, span_id: span.span_id, parent_span_id: span.parent_span_id, op: span.op, status: span.status,
      start_timestamp: span.start_timestamp, timestamp: span.timestamp, data: {}, description: named(span),
    })),
  }
}

// named is the path that a span waited for, without what was asked there; the server puts the route in its place.
function named(span) {
  const said = span.description ?? ""
  const [method, address] = said.includes(" ") ? said.split(" ", 2) : ["", said]
  if (file(address)) return file(address)
  try {
    const url = new URL(address, location.href)
    return span.op === "http.client" && url.origin === location.origin ? `${method} ${url.pathname}` : ""
  } catch {
    return ""
  }
}

start()
