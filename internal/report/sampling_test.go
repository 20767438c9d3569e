package report

import (
	"strings"
	"testing"

	"github.com/getsentry/sentry-go"
)

func TestOneTraceInTenIsKeptInProductionAndAllInStaging(t *testing.T) {
	for environment, rate := range map[string]float64{"production": 0.1, "staging": 1} {
		if got := sampler(environment)(sentry.SamplingContext{}); got != rate || traceRate(environment) != rate {
			t.Errorf("%s keeps %v", environment, got)
		}
		for _, parent := range []sentry.Sampled{sentry.SampledTrue, sentry.SampledFalse} {
			if got := sampler(environment)(sentry.SamplingContext{ParentSampled: parent}); (got == 1) != (parent == sentry.SampledTrue) {
				t.Errorf("%s keeps %v of a trace that was %v", environment, got, parent)
			}
		}
	}
}

func TestAStrangerCannotHaveATraceKept(t *testing.T) {
	settings.Store(&Options{SecretKey: "key"})
	defer settings.Store(nil)
	dropped := newTraceID(false).String()
	for header, ours := range map[string]bool{
		newTraceID(true).String() + "-0123456789abcdef-1": true, dropped + "-0123456789abcdef-0": true, dropped + "-0123456789abcdef-1": false,
		strings.Repeat("0123456789abcdef", 2) + "-0123456789abcdef-1": false, "970-555-1": false,
	} {
		if _, got := ourTrace(header); got != ours {
			t.Errorf("%s is taken for ours: %v", header, got)
		}
	}
}
