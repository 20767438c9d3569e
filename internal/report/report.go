// Package report is the one door through which failures are told: first to our own database, then, with a DSN, to
// Sentry. It is the only importer of sentry-go. A report says what happened, never to whom:
//
//   - nothing is collected by itself: no header, no body, no address, no user;
//   - words come from constants in the code, or from a closed vocabulary (see Words);
//   - whatever still leaves is rebuilt from an allow-list at the door, and what the door cannot read does not leave.
//
// Without a DSN nothing leaves, and a request costs a few nanoseconds more.
package report

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/getsentry/sentry-go"
)

// flushWithin is how long Close waits for the last reports to be sent.
const flushWithin = 5 * time.Second

// text is words of the programmer's. Because the type is not exported, only an untyped constant becomes one:
// report.Capture(ctx, err, "clients", "load "+name) does not compile.
type text string

// Options say where reports go and what stands on each.
type Options struct {
	DSN         string // "" for nowhere: failures stay in our database
	Environment string // development, staging or production; in development nothing is sent
	Release     string // "" for what the build says
	SecretKey   string // keys the opaque ids of people
	Force       bool   // send from development too
}

var errNoDSN = errors.New("SENTRY_DSN is not a DSN. It looks like https://key@host/number; copy it from the project's settings")

// sender is what Init made; nil while nothing is sent.
type sender struct {
	client *sentry.Client
	hub    *sentry.Hub
	door   *door
}

var (
	sending  atomic.Pointer[sender]
	settings atomic.Pointer[Options]
)

// Init is called once, before anything that can fail. The error is a sentence for the operator.
func Init(options Options) error {
	if options.Release == "" {
		options.Release = builtRelease()
	}
	settings.Store(&options)
	sendable := options.Environment == "production" || options.Environment == "staging" || options.Force
	if options.DSN == "" || !sendable {
		return nil
	}
	made, err := newSender(options, http.DefaultTransport)
	if err != nil {
		return err
	}
	sending.Store(made)
	return nil
}

func newSender(options Options, network http.RoundTripper) (*sender, error) {
	gate, err := newDoor(options, network)
	if err != nil {
		return nil, errNoDSN
	}
	client, err := sentry.NewClient(sentry.ClientOptions{
		Dsn:                    options.DSN,
		Environment:            options.Environment,
		Release:                options.Release,
		ServerName:             serverName,
		EnableTracing:          true,
		TracesSampler:          sampler(options.Environment),
		MaxSpans:               500,
		Transport:              gate,
		DataCollection:         collectNothing(),
		MaxBreadcrumbs:         -1,
		Integrations:           func([]sentry.Integration) []sentry.Integration { return nil },
		DisableClientReports:   true,
		DisableTelemetryBuffer: true, // its ring drops the oldest in a burst
	})
	if err != nil {
		return nil, errNoDSN
	}
	return &sender{client: client, hub: sentry.NewHub(client, sentry.NewScope()), door: gate}, nil
}

// collectNothing turns every automatic collection off. Nil and empty differ: both collect.
func collectNothing() *sentry.DataCollection {
	off := &sentry.KeyValueCollectionBehavior{Mode: sentry.CollectionOff}
	return &sentry.DataCollection{
		UserInfo:    sentry.Set(false),
		Cookies:     off,
		HTTPHeaders: &sentry.HeaderCollectionConfig{Request: off, Response: off},
		HTTPBodies:  []sentry.BodyType{},
		QueryParams: off,
	}
}

// sampler traces one in ten in production, and all elsewhere. Whoever continues one of our own traces brings its
// decision along: see traceOptions and Job.
func sampler(environment string) sentry.TracesSampler {
	return func(context sentry.SamplingContext) float64 {
		if context.ParentSampled != sentry.SampledUndefined {
			return map[bool]float64{true: 1, false: 0}[context.ParentSampled == sentry.SampledTrue]
		}
		return traceRate(environment)
	}
}

// Close writes and sends what is left. Stop the server and the queue before.
func Close() error {
	records.flush()
	if to := sending.Swap(nil); to != nil {
		if !to.client.Flush(flushWithin) {
			slog.Warn("some reports could not be sent in time", "waiting", to.door.waiting.Load())
		}
		to.client.Close()
	}
	return nil
}

// Release is what runs here, as reports name it.
func Release() string { return current().Release }

func current() Options {
	if set := settings.Load(); set != nil {
		return *set
	}
	return Options{Environment: "development", Release: builtRelease()}
}

// builtRelease names the commit that the binary was built from, when the build says so.
func builtRelease() string {
	if built, ok := debug.ReadBuildInfo(); ok {
		revision := slices.IndexFunc(built.Settings, func(s debug.BuildSetting) bool { return s.Key == "vcs.revision" })
		if revision >= 0 && len(built.Settings[revision].Value) >= 12 {
			return "purple-cross@" + built.Settings[revision].Value[:12]
		}
	}
	return "purple-cross@dev"
}

// NewReference is what a person reads out when something failed: it leads to the report, and to the line in the log.
func NewReference() string {
	letters := rand.Text()
	for !strings.ContainsAny(letters[:12], "234567") { // which IsReference tells it from a name by
		letters = rand.Text()
	}
	return letters[:4] + "-" + letters[4:8] + "-" + letters[8:12]
}

// Capture reports an error and returns the reference to show. Section and action are constants, like "clients" and
// "create". An error of nobody's (the visitor went away) is not reported, and has no reference.
func Capture(ctx context.Context, err error, section, action text) string {
	if err == nil || errors.Is(err, context.Canceled) {
		return ""
	}
	return capture(ctx, occurrence{err: err, section: section, action: action, level: sentry.LevelError, stack: callers(2)})
}

// E wraps an error in a constant that may be reported, and remembers where.
func E(doing text, err error) error {
	if err == nil {
		return nil
	}
	return &explained{doing: doing, err: err, stack: callers(2)}
}

type explained struct {
	doing text
	err   error
	stack []frame
}

func (e *explained) Error() string { return string(e.doing) + ": " + e.err.Error() }
func (e *explained) Unwrap() error { return e.err }

// With prepares ctx for another goroutine: spans of two goroutines in one hub get mixed up.
func With(ctx context.Context) context.Context {
	if to := sending.Load(); to != nil {
		return sentry.SetHubOnContext(ctx, hubOf(ctx, to).Clone())
	}
	return ctx
}

// Go runs do in a goroutine of its own, and reports it when it fails or panics.
func Go(ctx context.Context, section, action text, do func(ctx context.Context) error) {
	ctx = With(ctx)
	go func() {
		defer func() {
			if value := recover(); value != nil {
				capture(ctx, occurrence{err: &panicked{value}, section: section, action: action, level: sentry.LevelFatal, stack: callers(3)})
			}
		}()
		if err := do(ctx); err != nil {
			Capture(ctx, err, section, action)
		}
	}()
}

func hubOf(ctx context.Context, to *sender) *sentry.Hub {
	if hub := sentry.GetHubFromContext(ctx); hub != nil {
		return hub
	}
	return to.hub
}

// panicked is a recovered panic as an error.
type panicked struct{ value any }

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.value) }
func (p *panicked) Unwrap() error {
	err, _ := p.value.(error)
	return err
}
