package db

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// EditedWording is how the clinic words a kind of message instead of the original; the zero value is not edited.
type EditedWording struct {
	Kind      MessageKind `db:"key"`
	Channel   Channel     `db:"channel"` // e-mail or text message; "" is e-mail
	Subject   string      `db:"subject"`
	Body      string      `db:"body"`
	Version   int         `db:"version"`
	UpdatedAt *time.Time  `db:"updated_at"`
	UpdatedBy string      `db:"updated_by"`
}

// Edited says whether there is a wording of the clinic's own.
func (w EditedWording) Edited() bool { return w.Body != "" }

const wordingColumns = `
	select w.key, w.channel::text, w.subject, w.body, w.version, w.updated_at, coalesce(s.display_name, '') as updated_by
	  from message_template w
	  left join staff s on s.id = w.updated_by
	 where w.active`

// GetWording reads how the clinic words a kind of message by e-mail or text message; one without a text when it has not
// been edited.
func GetWording(ctx context.Context, conn Conn, kind MessageKind, channel Channel) (EditedWording, error) {
	rows, _ := conn.Query(ctx, wordingColumns+` and w.key = $1 and w.channel = $2`, kind, Way{Channel: channel}.channel())
	wording, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[EditedWording])
	if errors.Is(err, pgx.ErrNoRows) {
		return EditedWording{Kind: kind, Channel: channel}, nil
	}
	return wording, wrap(err, "get wording of %s", kind)
}

// ListWordings reads all wordings of a channel that were edited.
func ListWordings(ctx context.Context, conn Conn, channel Channel) (map[MessageKind]EditedWording, error) {
	rows, _ := conn.Query(ctx, wordingColumns+` and w.channel = $1`, channel)
	wordings, err := pgx.CollectRows(rows, pgx.RowToStructByName[EditedWording])
	edited := map[MessageKind]EditedWording{}
	for _, wording := range wordings {
		edited[wording.Kind] = wording
	}
	return edited, wrap(err, "list wordings")
}

// SaveWording words a kind of message anew, over the version it was read at: 0 for one that was not edited. With an
// empty text it goes back to the original. Somebody else's change in between is ErrStale.
func SaveWording(ctx context.Context, conn Conn, wording EditedWording) error {
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		channel := Way{Channel: wording.Channel}.channel()
		before, err := GetWording(ctx, tx, wording.Kind, channel)
		if err != nil {
			return err
		}
		var id int64
		switch {
		case before.Version != wording.Version:
			return ErrStale
		case !wording.Edited() && !before.Edited():
			return nil
		case !wording.Edited():
			err = tx.QueryRow(ctx, `
				delete from message_template
				 where key = $1 and channel = $3 and version = $2
				returning id`, wording.Kind, wording.Version, channel).Scan(&id)
		default:
			err = tx.QueryRow(ctx, `
				insert into message_template (key, channel, subject, body, updated_by)
				values ($1, $6, $2, $3, nullif($5, 0))
				on conflict (key, channel) do update
				   set subject = excluded.subject, body = excluded.body, version = message_template.version + 1,
				       updated_at = now(), updated_by = excluded.updated_by
				 where message_template.version = $4
				returning id`, wording.Kind, wording.Subject, wording.Body, wording.Version, ActorFrom(ctx).StaffID, channel).Scan(&id)
		}
		if errors.Is(err, pgx.ErrNoRows) { // somebody was quicker
			return ErrStale
		}
		if err != nil {
			return err
		}
		diff := Diff{}
		if before.Subject != wording.Subject {
			diff["subject"] = [2]any{before.Subject, wording.Subject}
		}
		if before.Body != wording.Body {
			diff["body"] = [2]any{before.Body, wording.Body}
		}
		return Audit(ctx, tx, Audited{Action: "updated", Entity: "message_template", EntityID: id, Diff: diff})
	})
	return wrap(err, "save wording of %s", wording.Kind)
}
