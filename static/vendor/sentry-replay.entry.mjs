// What records a session; it finds the client that sentry.min.js made, being of the same version.
export { replayIntegration } from "@sentry/replay"
