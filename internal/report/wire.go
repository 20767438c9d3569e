package report

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// This file is the whole of what can leave: each type decodes to nothing unless its value is one that it knows. A key
// that does not stand here does not leave, whatever the SDK adds one day.

type wireHeader struct {
	EventID hexID  `json:"event_id"`
	SentAt  moment `json:"sent_at,omitzero"`
}

type wireEvent struct {
	EventID     hexID             `json:"event_id"`
	Type        string            `json:"type,omitempty"`
	Timestamp   moment            `json:"timestamp,omitzero"`
	Start       moment            `json:"start_timestamp,omitzero"`
	Platform    string            `json:"platform"`
	Level       level             `json:"level,omitempty"`
	ServerName  string            `json:"server_name"`
	Environment string            `json:"environment"`
	Release     string            `json:"release"`
	SDK         wireSDK           `json:"sdk"`
	Transaction words             `json:"transaction,omitempty"`
	Info        *wireInfo         `json:"transaction_info,omitempty"`
	Fingerprint []words           `json:"fingerprint,omitempty"`
	Tags        wireTags          `json:"tags,omitzero"`
	User        *wireUser         `json:"user,omitempty"`
	Exception   listed[wireError] `json:"exception,omitempty"`
	Contexts    wireContexts      `json:"contexts,omitzero"`
	Breadcrumbs listed[wireStep]  `json:"breadcrumbs,omitempty"`
	Debug       *wireDebug        `json:"debug_meta,omitempty"`
	Spans       []wireSpan        `json:"spans,omitempty"`
	Measured    wireMeasured      `json:"measurements,omitempty"`
}

// listed is a list that leaves as {"values": […]}, which some receivers insist on, and may come as either.
type listed[T any] []T

type values[T any] struct {
	Values []T `json:"values"`
}

// MarshalJSON writes the list.
func (l listed[T]) MarshalJSON() ([]byte, error) { return json.Marshal(values[T]{l}) }

// UnmarshalJSON reads it.
func (l *listed[T]) UnmarshalJSON(data []byte) error {
	var under values[T]
	if json.Unmarshal(data, &under) == nil {
		*l = under.Values
		return nil
	}
	var plain []T
	if err := json.Unmarshal(data, &plain); err != nil {
		return err
	}
	*l = plain
	return nil
}

func (l listed[T]) underValues() {}

// wireStep is what was done before a failure.
type wireStep struct {
	Timestamp moment `json:"timestamp"`
	Category  words  `json:"category,omitempty"`
	Message   words  `json:"message,omitempty"`
}

// wireDebug says which builds of minified scripts a stack has, so that Sentry finds their source maps.
type wireDebug struct {
	Images []wireImage `json:"images"`
}

type wireImage struct {
	Type string `json:"type"`
	File words  `json:"code_file"`
	ID   words  `json:"debug_id"`
}

// UnmarshalJSON takes nobody's word for a build: the ids are those of our own files.
func (*wireDebug) UnmarshalJSON([]byte) error { return nil }

// wireCheckIn is a job by the clock that began or ended.
type wireCheckIn struct {
	ID          hexID        `json:"check_in_id"`
	Monitor     words        `json:"monitor_slug"`
	Status      string       `json:"status"`
	Duration    float64      `json:"duration,omitempty"` // seconds
	Environment string       `json:"environment"`
	Release     string       `json:"release"`
	Config      *wireMonitor `json:"monitor_config,omitempty"`
}

type wireMonitor struct {
	Schedule   wireSchedule `json:"schedule"`
	Margin     int          `json:"checkin_margin"` // minutes
	MaxRuntime int          `json:"max_runtime"`    // minutes
	Zone       string       `json:"timezone,omitempty"`
}

type wireSchedule struct {
	Type  string `json:"type"`
	Value any    `json:"value"` // a number of units, or a crontab's line
	Unit  string `json:"unit,omitempty"`
}

// wireLogs are lines of the log: a level and words of the vocabulary.
type wireLogs struct {
	Items []wireLog `json:"items"`
}

type wireLog struct {
	Timestamp float64                  `json:"timestamp"`
	TraceID   hexID                    `json:"trace_id"`
	Level     level                    `json:"level"`
	Body      words                    `json:"body"`
	Facts     map[string]wireAttribute `json:"attributes,omitempty"`
}

// wireMetrics are numbers of ours: a name and words that are constants, and the trace that leads to what they measure.
type wireMetrics struct {
	Items []wireMetric `json:"items"`
}

type wireMetric struct {
	Timestamp float64                  `json:"timestamp"`
	TraceID   hexID                    `json:"trace_id"`
	SpanID    hexID                    `json:"span_id,omitempty"`
	Name      words                    `json:"name"`
	Type      string                   `json:"type"`
	Value     float64                  `json:"value"`
	Unit      string                   `json:"unit,omitempty"`
	Facts     map[string]wireAttribute `json:"attributes,omitempty"`
}

type wireAttribute struct {
	Value words  `json:"value"`
	Type  string `json:"type"`
}

// wireFeedback says that a person wrote something about a failure. What they wrote stays in our database.
type wireFeedback struct {
	Message words `json:"message"`
	Event   hexID `json:"associated_event_id,omitempty"`
}

// wireMeasured are the times that a page took, by names of a closed list.
type wireMeasured map[string]wireMeasure

type wireMeasure struct {
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
}

type wireSDK struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type wireInfo struct {
	Source source `json:"source,omitempty"`
}

type wireTags struct {
	Reference words `json:"reference,omitempty"`
	Snapshot  words `json:"flight_recording,omitempty"` // of a slow request, at /admin/profiles
	Origin    hexID `json:"origin_trace,omitempty"`     // of the click that a job's second try goes back to
	Section   words `json:"section,omitempty"`
	Action    words `json:"action,omitempty"`
}

type wireUser struct {
	ID words `json:"id,omitempty"`
}

type wireError struct {
	Type       words      `json:"type"`
	Value      words      `json:"value"`
	Stacktrace *wireStack `json:"stacktrace,omitempty"`
}

type wireStack struct {
	Frames []wireFrame `json:"frames"`
}

type wireFrame struct {
	Function words  `json:"function,omitempty"`
	Module   words  `json:"module,omitempty"`
	Filename words  `json:"filename,omitempty"`
	Line     lineNo `json:"lineno,omitempty"`
	Column   lineNo `json:"colno,omitempty"`
	InApp    bool   `json:"in_app"`
}

type wireContexts struct {
	Trace    *wireTrace    `json:"trace,omitempty"`
	Feedback *wireFeedback `json:"feedback,omitempty"`
}

type wireTrace struct {
	TraceID  hexID  `json:"trace_id,omitempty"`
	SpanID   hexID  `json:"span_id,omitempty"`
	ParentID hexID  `json:"parent_span_id,omitempty"`
	Op       words  `json:"op,omitempty"`
	Status   status `json:"status,omitempty"`
}

type wireSpan struct {
	TraceID     hexID  `json:"trace_id"`
	SpanID      hexID  `json:"span_id"`
	ParentID    hexID  `json:"parent_span_id,omitempty"`
	Op          words  `json:"op,omitempty"`
	Description words  `json:"description,omitempty"`
	Status      status `json:"status,omitempty"`
	Start       moment `json:"start_timestamp"`
	End         moment `json:"timestamp"`
}

// words are a text that this package vouched for.
type words string

func (w *words) UnmarshalJSON(data []byte) error {
	*w = words(vouched(plain(data)))
	return nil
}

// hexID is an id of 16 or 32 hexadecimal digits, with a letter among them: a telephone number is none.
type hexID string

func (h *hexID) UnmarshalJSON(data []byte) error {
	*h = ""
	id := plain(data)
	isHex := strings.Trim(id, "0123456789abcdef") == ""
	if isHex && (len(id) == 32 || len(id) == 16 && strings.ContainsAny(id, "abcdef")) {
		*h = hexID(id)
	}
	return nil
}

// moment is a time near now.
type moment struct{ time.Time }

func (m *moment) UnmarshalJSON(data []byte) error {
	var at time.Time
	if seconds, err := strconv.ParseFloat(string(data), 64); err == nil { // as browsers say it
		at = time.UnixMicro(int64(min(max(seconds, 0), 1e11) * 1e6))
	} else if err := json.Unmarshal(data, &at); err != nil {
		return err
	}
	if distance := time.Since(at); distance > -24*time.Hour && distance < 24*time.Hour {
		m.Time = at.UTC()
	}
	return nil
}

// lineNo is a line of a source file.
type lineNo int

func (l *lineNo) UnmarshalJSON(data []byte) error {
	var number int
	if err := json.Unmarshal(data, &number); err != nil {
		return err
	}
	if number > 0 && number < 100_000 {
		*l = lineNo(number)
	}
	return nil
}

type level string

func (l *level) UnmarshalJSON(data []byte) error {
	*l = level(oneOf(data, "info", "warning", "error", "fatal"))
	return nil
}

type source string

func (s *source) UnmarshalJSON(data []byte) error {
	*s = source(oneOf(data, "route", "task", "custom"))
	return nil
}

type status string

func (s *status) UnmarshalJSON(data []byte) error {
	*s = status(oneOf(data, "ok", "cancelled", "canceled", "unknown", "invalid_argument", "deadline_exceeded", "not_found", "already_exists",
		"permission_denied", "resource_exhausted", "failed_precondition", "aborted", "out_of_range", "unimplemented", "internal_error", "unavailable",
		"data_loss", "unauthenticated"))
	return nil
}

func oneOf(data []byte, allowed ...string) string {
	said := plain(data)
	for _, known := range allowed {
		if said == known {
			return known
		}
	}
	return ""
}

// plain is the string in data; "" when it holds anything else.
func plain(data []byte) string {
	var said string
	if json.Unmarshal(data, &said) != nil {
		return ""
	}
	return said
}
