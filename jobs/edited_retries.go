package jobs

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"purplecross/db"
)

// argumentsOf makes the arguments of each kind, to be read into.
var argumentsOf = map[string]func() any{
	SendMessage{}.Kind(): func() any { return new(SendMessage) },
	ExportList{}.Kind():  func() any { return new(ExportList) },
	EditMany{}.Kind():    func() any { return new(EditMany) },
	ActOnJobs{}.Kind():   func() any { return new(ActOnJobs) },
}

// rawArgs are arguments as they were typed.
type rawArgs struct {
	kind string
	json json.RawMessage
}

// Kind is that of the job they were of.
func (r rawArgs) Kind() string { return r.kind }

// MarshalJSON is what was typed.
func (r rawArgs) MarshalJSON() ([]byte, error) { return r.json, nil }

// RetryEdited puts a new job with other arguments in the place of one that was given up, and answers its id. It is
// db.Invalid when the arguments are not those of the kind.
func (c *Client) RetryEdited(ctx context.Context, tx pgx.Tx, id int64, arguments string) (int64, error) {
	dead, err := db.GetDeadJob(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	typed, wrong := readArguments(dead.Kind, arguments)
	if wrong != "" {
		return 0, db.Invalid{"arguments": wrong}
	}
	inserted, err := c.river.InsertTx(ctx, tx, rawArgs{dead.Kind, typed}, &river.InsertOpts{
		Queue: dead.Queue, MaxAttempts: dead.MaxAttempts, Priority: dead.Priority,
	})
	if err != nil {
		return 0, fmt.Errorf("retry job %d with other arguments: %w", id, err)
	}
	if dead.Kind == (SendMessage{}).Kind() {
		var send SendMessage
		if err := json.Unmarshal(typed, &send); err != nil {
			return 0, err
		}
		if err := db.SetMessageJob(ctx, tx, send.MessageID, inserted.Job.ID); err != nil {
			return 0, err
		}
	}
	if _, err := c.river.JobDeleteTx(ctx, tx, id); err != nil {
		return 0, fmt.Errorf("replace job %d: %w", id, err)
	}
	if _, err := db.SettleOrphanedMessages(ctx, tx); err != nil {
		return 0, err
	}
	return inserted.Job.ID, db.Audit(ctx, tx, db.Audited{
		Action: "retried with other arguments", Entity: "job", EntityID: id,
		Diff: db.Diff{"arguments": {string(dead.Args), string(typed)}, "new job": {nil, inserted.Job.ID}},
	})
}

// readArguments reads what was typed as the arguments of a kind. The sentence says what is wrong.
func readArguments(kind, typed string) (json.RawMessage, string) {
	into := any(&struct{}{}) // of a kind without any
	if make, known := argumentsOf[kind]; known {
		into = make()
	}
	decoder := json.NewDecoder(bytes.NewReader([]byte(typed)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil || decoder.More() {
		shape, _ := json.Marshal(into)
		return nil, "Enter the arguments as JSON with the fields of this kind, like " + string(shape) + "."
	}
	read, err := json.Marshal(into)
	if err != nil {
		return nil, "These arguments cannot be written down."
	}
	return read, ""
}
