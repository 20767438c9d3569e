package report

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	dice "math/rand/v2"
	"strings"

	"github.com/getsentry/sentry-go"
)

// traceRate is how many of the traces are kept: one in ten in production, all elsewhere.
func traceRate(environment string) float64 {
	if environment == "production" {
		return 0.1
	}
	return 1
}

// untraced are asked by machines, many times a minute.
var untraced = map[string]bool{"/static/*": true, "/healthz": true, "/readyz": true, "/metrics": true, "/monitoring": true, "/favicon.ico": true}

type incomingKey struct{}

// Continue remembers the sentry-trace header of a request. Request takes it up only when the trace is one of ours: its id
// is signed together with whether it is kept, so no stranger can name a trace, or have more of them kept.
func Continue(ctx context.Context, header string) context.Context {
	if header == "" || sending.Load() == nil {
		return ctx
	}
	return context.WithValue(ctx, incomingKey{}, header)
}

// traceOptions begin a trace, or take up the one that the page of the request has begun.
func traceOptions(ctx context.Context, pattern string) []sentry.SpanOption {
	if untraced[pattern] {
		return []sentry.SpanOption{sentry.WithSpanSampled(sentry.SampledFalse)}
	}
	if header, _ := ctx.Value(incomingKey{}).(string); header != "" {
		if kept, ours := ourTrace(header); ours {
			return []sentry.SpanOption{sentry.ContinueFromTrace(header), sentry.WithSpanSampled(sampledIf(kept))}
		}
	}
	kept := coin(traceRate(current().Environment))
	id := newTraceID(kept)
	return []sentry.SpanOption{sentry.WithSpanSampled(sampledIf(kept)), func(span *sentry.Span) { span.TraceID = id }}
}

func sampledIf(kept bool) sentry.Sampled {
	if kept {
		return sentry.SampledTrue
	}
	return sentry.SampledFalse
}

// coin falls on true this often.
func coin(rate float64) bool { return dice.Float64() < rate }

// newTraceID is eight random bytes and eight that sign them.
func newTraceID(kept bool) (id sentry.TraceID) {
	_, _ = rand.Read(id[:8])
	copy(id[8:], traceSignature(id[:8], kept))
	return id
}

func traceSignature(random []byte, kept bool) []byte {
	sum := hmac.New(sha256.New, []byte(current().SecretKey+" traces"))
	sum.Write(random)
	sum.Write([]byte{map[bool]byte{true: 1, false: 0}[kept]})
	return sum.Sum(nil)[:8]
}

// ourTrace reads "id-span-1" and says whether we made the id.
func ourTrace(header string) (kept, ours bool) {
	parts := strings.Split(header, "-")
	if len(parts) != 3 || len(parts[0]) != 32 || len(parts[1]) != 16 || (parts[2] != "0" && parts[2] != "1") {
		return false, false
	}
	id, err := hex.DecodeString(parts[0])
	if err != nil {
		return false, false
	}
	kept = parts[2] == "1"
	return kept, hmac.Equal(id[8:], traceSignature(id[:8], kept))
}

// PageTrace is what a page needs to continue the trace of the request that it came by; zero while nothing is sent.
type PageTrace struct {
	Trace       string // for <meta name="sentry-trace">
	Baggage     string // for <meta name="baggage">
	Route       string // the page's pattern, for the names of its traces
	Kept        bool   // whether the browser traces at all
	Release     string
	Environment string
}

// Page is the trace of the request under way. The baggage is written here: the library's would carry more.
func Page(ctx context.Context) PageTrace {
	span := sentry.SpanFromContext(ctx)
	if sending.Load() == nil || span == nil {
		return PageTrace{}
	}
	set := current()
	kept := span.Sampled == sentry.SampledTrue
	return PageTrace{
		Trace: span.ToSentryTrace(),
		Baggage: "sentry-trace_id=" + span.TraceID.String() + ",sentry-sampled=" + map[bool]string{true: "true", false: "false"}[kept] +
			",sentry-environment=" + set.Environment,
		Route: workOf(ctx).route, Kept: kept, Release: set.Release, Environment: set.Environment,
	}
}

// TraceID is the trace of the work under way, for a line in the log or a row in our own record; "" for none.
func TraceID(ctx context.Context) string {
	if span := sentry.SpanFromContext(ctx); span != nil && sending.Load() != nil {
		return span.TraceID.String()
	}
	return ""
}
