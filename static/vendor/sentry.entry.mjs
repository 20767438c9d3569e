// The parts of @sentry/browser that a page needs; README.md says how they become sentry.min.js.
export { init, captureEvent, browserTracingIntegration } from "@sentry/browser"
