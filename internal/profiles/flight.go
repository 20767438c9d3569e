package profiles

import (
	"bytes"
	"crypto/rand"
	"errors"
	"log/slog"
	"runtime/trace"
	"slices"
	"sync"
	"time"
)

// The flight recorder keeps the last seconds of what the scheduler, the collector and the network did, and is read when a
// request was slow: by then it is too late to begin.

const (
	// Slow is how long a request takes that is worth a recording.
	Slow = time.Second
	// recordingsKept is how many stay, the latest; each has up to some megabytes.
	recordingsKept = 5
	// recordingsEvery is how often one is taken: slow requests come together, and one recording has them all.
	recordingsEvery = time.Minute
	// flightBytes bounds what is held in memory all the time.
	flightBytes = 8 << 20
)

// Flight is a recording of what led up to a slow request.
type Flight struct {
	ID    string // as the request's report names it
	Route string
	Ended time.Time
	Took  time.Duration // the request
	Data  []byte        // for go tool trace
}

var flights struct {
	sync.Mutex
	recorder *trace.FlightRecorder
	kept     []Flight
	last     time.Time
	writing  bool
}

// Fly starts the flight recorder; Land stops it.
func Fly() error {
	flights.Lock()
	defer flights.Unlock()
	if flights.recorder != nil {
		return nil
	}
	recorder := trace.NewFlightRecorder(trace.FlightRecorderConfig{MinAge: 5 * time.Second, MaxBytes: flightBytes})
	if err := recorder.Start(); err != nil {
		return err
	}
	flights.recorder, flights.last = recorder, time.Time{}
	return nil
}

// Land stops the flight recorder. What was kept stays.
func Land() {
	flights.Lock()
	recorder := flights.recorder
	flights.recorder = nil
	flights.Unlock()
	if recorder != nil {
		recorder.Stop()
	}
}

// Flying says whether it records.
func Flying() bool {
	flights.Lock()
	defer flights.Unlock()
	return flights.recorder != nil
}

var errNotNow = errors.New("no recording is taken now")

// Reserve answers the id of a recording of a request that was slow, and what takes it: call that in the background.
func Reserve(route string, took time.Duration) (id string, take func() error, err error) {
	flights.Lock()
	defer flights.Unlock()
	if flights.recorder == nil || flights.writing || time.Since(flights.last) < recordingsEvery || took < Slow {
		return "", nil, errNotNow
	}
	flights.writing, flights.last = true, time.Now()
	recorder, flight := flights.recorder, Flight{ID: "flight-" + rand.Text()[:10], Route: route, Ended: time.Now(), Took: took}
	return flight.ID, func() error { return keepFlight(recorder, flight) }, nil
}

func keepFlight(recorder *trace.FlightRecorder, flight Flight) error {
	var data bytes.Buffer
	_, err := recorder.WriteTo(&data)
	flights.Lock()
	defer flights.Unlock()
	flights.writing = false
	if err != nil {
		return err
	}
	flight.Data = data.Bytes()
	flights.kept = append(flights.kept, flight)
	flights.kept = slices.Delete(flights.kept, 0, max(0, len(flights.kept)-recordingsKept))
	slog.Info("a flight recording was kept", "id", flight.ID)
	return nil
}

// Flights is every recording kept, the latest first.
func Flights() []Flight {
	flights.Lock()
	defer flights.Unlock()
	all := slices.Clone(flights.kept)
	slices.Reverse(all)
	return all
}

// GetFlight is one recording.
func GetFlight(id string) (Flight, bool) {
	for _, flight := range Flights() {
		if flight.ID == id {
			return flight, true
		}
	}
	return Flight{}, false
}
