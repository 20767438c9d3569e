// A page of a clinic that has pages recorded fetches the recorder when it is idle. It keeps what came before a failure, and one
// session in ten. What it sees is masked here before it is deflated, and once more by the server: every letter is a star,
// and of the attributes only those of this list stay.
const recorder = document.querySelector("meta[name=recorder]")

export function record(client) {
  const tag = document.createElement("script")
  tag.src = recorder.content
  tag.integrity = recorder.dataset.integrity
  tag.async = true
  tag.onload = () => {
    client.addEventProcessor((event) => (event.type === "replay_event" ? piece(event) : event))
    client.addIntegration(
      SentryReplay.replayIntegration({
        workerUrl: recorder.dataset.worker, maskAllText: true, maskAllInputs: true, blockAllMedia: true, networkCaptureBodies: false,
        slowClickTimeout: 0, beforeAddRecordingEvent: strip,
      }),
    )
  }
  document.head.append(tag)
}

const path = (address) => {
  try {
    return new URL(address, location.href).pathname
  } catch {
    return "/"
  }
}

// piece is what a piece says of itself.
function piece({ type, event_id, replay_id, segment_id, replay_type, timestamp, replay_start_timestamp, urls, error_ids, trace_ids }) {
  return {
    type, event_id, replay_id, segment_id, replay_type, timestamp, replay_start_timestamp, error_ids, trace_ids, urls: urls?.map(path), platform: "javascript",
  }
}

// Numbers of rrweb's events, nodes and sources of changes.
const whole = 2, change = 3, meta = 4, custom = 5
const mutation = 0, typed = 5

function strip(event) {
  const { data } = event
  if (event.type === whole) node(data.node)
  else if (event.type === meta) data.href = path(data.href)
  else if (event.type === custom) return own(event)
  else if (event.type === change && data.source === mutation) {
    data.texts?.forEach((text) => (text.value = stars(text.value)))
    data.attributes?.forEach((one) => attributes(one.attributes))
    data.adds?.forEach((added) => node(added.node))
  } else if (event.type === change && data.source === typed) data.text = stars(data.text)
  else if (event.type === change && data.source > 6 && data.source !== 12) return null
  return event.type > custom ? null : event
}

const stars = (text) => (typeof text === "string" ? text.replace(/\S/g, "*") : text)

// own is what the library adds: that there was a click, not what was clicked.
function own({ type, timestamp, data: { tag, payload } }) {
  if (tag !== "breadcrumb" && tag !== "performanceSpan") return null
  const { category, op, startTimestamp, endTimestamp, description } = payload
  return {
    type, timestamp,
    data: { tag, payload: { category, type: "default", timestamp: payload.timestamp, op, startTimestamp, endTimestamp, description: description && path(description) } },
  }
}

function node(of) {
  if (typeof of.textContent === "string") of.textContent = stars(of.textContent)
  if (of.attributes) attributes(of.attributes)
  of.childNodes?.forEach(node)
}

const allowed = /^(class|style|type|rel|role|dir|open|hidden|disabled|checked|selected|popover|multiple|colspan|rowspan|rows|cols|size|rr_(width|height|scrollLeft|scrollTop)|aria-(level|sort|current|expanded|selected|pressed|checked|hidden|busy|disabled|invalid)|data-[a-z-]+)$/
const plain = /^[a-z0-9 _-]{0,200}$/

function attributes(of) {
  for (const [name, value] of Object.entries(of)) {
    if (name === "href" && typeof value === "string" && path(value).startsWith("/static/css/")) of[name] = path(value)
    else if (name === "style" || name.startsWith("rr_")) continue // the server reads them by the number
    else if (!allowed.test(name) || (typeof value === "string" && !plain.test(value))) delete of[name]
    else if (name.startsWith("data-") && value) of[name] = /^[a-z-]{1,20}$/.test(value) ? value : ""
  }
}
