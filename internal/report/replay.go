package report

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"errors"
	"io"
)

// A session of a page that is recorded comes in pieces: what the piece is, and the recording, deflated. Both are read as
// what they are and built anew: every letter of a text is a star, and of the attributes those stay that our own style
// sheets name. What cannot be read, and what grows past all measure when it is inflated, is refused.

const (
	replayInflated = 20 << 20 // bytes that a piece may have when it is inflated
	replayIDs      = 100      // failures and traces that a piece may name
)

// replayEvent is what a page says of a piece.
type replayEvent struct {
	ID       hexID       `json:"replay_id"`
	Segment  bounded     `json:"segment_id"`
	Kind     replayKind  `json:"replay_type"`
	Time     moment      `json:"timestamp"`
	Start    moment      `json:"replay_start_timestamp"`
	URLs     []pageRoute `json:"urls"`
	ErrorIDs []hexID     `json:"error_ids"`
	TraceIDs []hexID     `json:"trace_ids"`
}

// wireReplay is a piece of a recorded session.
type wireReplay struct {
	Type        string     `json:"type"`
	EventID     hexID      `json:"event_id"`
	ID          hexID      `json:"replay_id"`
	Segment     bounded    `json:"segment_id"`
	Kind        replayKind `json:"replay_type"`
	Time        moment     `json:"timestamp"`
	Start       moment     `json:"replay_start_timestamp,omitzero"`
	URLs        []words    `json:"urls"`
	ErrorIDs    []hexID    `json:"error_ids"`
	TraceIDs    []hexID    `json:"trace_ids"`
	Platform    string     `json:"platform"`
	Environment string     `json:"environment"`
	Release     string     `json:"release"`
	SDK         wireSDK    `json:"sdk"`
	User        *wireUser  `json:"user,omitempty"`
}

type replayKind string

func (k *replayKind) UnmarshalJSON(data []byte) error {
	if *k = replayKind(oneOf(data, "session", "buffer")); *k == "" {
		*k = "session"
	}
	return nil
}

// replayed are the two halves of a piece, as they stand in one envelope.
type replayed struct{ event, recording []byte }

// send rebuilds a piece and puts it on its way. Without a DSN it goes nowhere: a recording is of use in Sentry only.
func (r replayed) send(of *work) error {
	to := sending.Load()
	if to == nil || r.event == nil || r.recording == nil {
		return nil
	}
	var said replayEvent
	if json.Unmarshal(r.event, &said) != nil || said.ID == "" {
		return ErrEnvelope
	}
	recording, err := rebuildRecording(r.recording)
	if err != nil {
		return err
	}
	safe := wireReplay{
		Type: "replay_event", EventID: said.ID, ID: said.ID, Segment: said.Segment, Kind: said.Kind, Time: said.Time, Start: said.Start,
		URLs: []words{}, ErrorIDs: known(said.ErrorIDs), TraceIDs: known(said.TraceIDs),
		Platform: "javascript", Environment: to.door.environment, Release: to.door.release, SDK: wireSDK{Name: "purple-cross.report", Version: "1"},
	}
	for _, route := range said.URLs[:min(len(said.URLs), replayIDs)] {
		safe.URLs = append(safe.URLs, words(addressOf(string(route))))
	}
	if person := of.personID(); person != "" {
		safe.User = &wireUser{ID: words(person)}
	}
	about, err := json.Marshal(safe)
	if err != nil {
		return err
	}
	var envelope bytes.Buffer
	if err := errors.Join(writeLine(&envelope, wireHeader{EventID: said.ID}), writeItem(&envelope, "replay_event", about), writeItem(&envelope, "replay_recording", recording)); err != nil {
		return err
	}
	to.door.post(envelope.Bytes())
	return nil
}

// known are the ids that are ids, as many as a piece may name.
func known(said []hexID) []hexID {
	ids := []hexID{}
	for _, id := range said[:min(len(said), replayIDs)] {
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// rebuildRecording is a recording masked: a line that says which piece, and the deflated events.
func rebuildRecording(payload []byte) ([]byte, error) {
	head, body, found := bytes.Cut(payload, []byte("\n"))
	var header struct {
		Segment bounded `json:"segment_id"`
	}
	if !found || json.Unmarshal(head, &header) != nil {
		return nil, ErrEnvelope
	}
	var said io.Reader = bytes.NewReader(body)
	if len(body) > 0 && body[0] != '[' { // a browser that has no worker sends it as it is
		inflater, err := zlib.NewReader(said)
		if err != nil {
			return nil, ErrEnvelope
		}
		said = inflater
	}
	plain, err := io.ReadAll(io.LimitReader(said, replayInflated+1))
	if err != nil {
		return nil, ErrEnvelope
	}
	if len(plain) > replayInflated {
		return nil, ErrTooLarge
	}
	var events recorded
	if json.Unmarshal(plain, &events) != nil {
		return nil, ErrEnvelope
	}

	var out bytes.Buffer
	if err := writeLine(&out, header); err != nil {
		return nil, err
	}
	deflater := zlib.NewWriter(&out)
	if err := errors.Join(json.NewEncoder(deflater).Encode(events), deflater.Close()); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
