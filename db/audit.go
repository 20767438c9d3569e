package db

import (
	"context"
	"encoding/json"
	"net/netip"
	"reflect"
	"strings"
	"time"
)

// Actor is who makes a change, as the audit log names them: a signed-in person, or a job.
type Actor struct {
	StaffID   int64 // 0 for the system
	Name      string
	RequestID string
	IP        netip.Addr
}

type actorKey struct{}

// WithActor says who acts in ctx.
func WithActor(ctx context.Context, actor Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, actor)
}

// ActorFrom is who acts in ctx; the system when nobody is named.
func ActorFrom(ctx context.Context) Actor {
	if actor, named := ctx.Value(actorKey{}).(Actor); named {
		return actor
	}
	return Actor{Name: "system"}
}

// Diff is what a change did: column → [before, after].
type Diff map[string][2]any

// DiffOf compares two rows of one struct type by their db tags, leaving out the columns that every save moves.
func DiffOf[T any](before, after T) Diff {
	diff := Diff{}
	b, a := reflect.ValueOf(before), reflect.ValueOf(after)
	for i := range b.NumField() {
		column, _, _ := strings.Cut(b.Type().Field(i).Tag.Get("db"), ",")
		switch column {
		case "", "-", "version", "updated_at", "search_doc":
			continue
		}
		x, y := b.Field(i).Interface(), a.Field(i).Interface()
		if t, isTime := x.(time.Time); isTime && t.Equal(y.(time.Time)) {
			continue
		}
		if !reflect.DeepEqual(x, y) {
			diff[column] = [2]any{x, y}
		}
	}
	return diff
}

// Audited is one change for the log.
type Audited struct {
	Action   string // "created", "updated", "cancelled": a past participle
	Entity   string // the noun, as its table is called
	EntityID int64
	ClientID int64 // the household it belongs to, 0 for none
	Diff     Diff
}

// Audit writes the change to the log. Call it in the transaction of the change.
func Audit(ctx context.Context, conn Conn, change Audited) error {
	actor := ActorFrom(ctx)
	var diff []byte
	if len(change.Diff) > 0 {
		var err error
		if diff, err = json.Marshal(change.Diff); err != nil {
			return wrap(err, "audit %s %d", change.Entity, change.EntityID)
		}
	}
	var ip *netip.Addr
	if actor.IP.IsValid() {
		ip = &actor.IP
	}
	_, err := conn.Exec(ctx, `
		insert into audit_log (staff_id, actor, action, entity, entity_id, client_id, diff, request_id, ip)
		values (nullif($1, 0), $2, $3, $4, $5, nullif($6, 0), $7, $8, $9)`,
		actor.StaffID, actor.Name, change.Action, change.Entity, change.EntityID, change.ClientID, diff, actor.RequestID, ip)
	return wrap(err, "audit %s %d", change.Entity, change.EntityID)
}

// AuditAll writes many changes to the log in one statement.
func AuditAll(ctx context.Context, conn Conn, changes []Audited) error {
	actor := ActorFrom(ctx)
	var ip *netip.Addr
	if actor.IP.IsValid() {
		ip = &actor.IP
	}
	type line struct {
		Action   string `json:"action"`
		Entity   string `json:"entity"`
		EntityID int64  `json:"entity_id"`
		ClientID int64  `json:"client_id"`
		Diff     Diff   `json:"diff"`
	}
	lines := make([]line, len(changes))
	for i, change := range changes {
		lines[i] = line(change)
	}
	document, err := json.Marshal(lines)
	if err != nil {
		return wrap(err, "audit %d changes", len(changes))
	}
	_, err = conn.Exec(ctx, `
		insert into audit_log (staff_id, actor, action, entity, entity_id, client_id, diff, request_id, ip)
		select nullif($2, 0), $3, action, entity, entity_id, nullif(client_id, 0), diff, $4, $5
		  from jsonb_to_recordset($1::jsonb) as l (action text, entity text, entity_id bigint, client_id bigint, diff jsonb)
		 order by entity_id`, string(document), actor.StaffID, actor.Name, actor.RequestID, ip)
	return wrap(err, "audit %d changes", len(changes))
}
