package db

import (
	"context"
	"crypto/sha256"

	"github.com/jackc/pgx/v5"
)

// Preferences is what a household chose to get, as the reader of one of its letters may see it.
type Preferences struct {
	ClientID int64  `db:"client_id"`
	Email    string `db:"email"` // where it goes
	Mobile   string `db:"mobile"`
	ByEmail  bool   `db:"by_email"`
	BySMS    bool   `db:"by_sms"`
}

// PreferencesByToken reads them by the link of a letter; ErrNotFound when no letter carries it. The link of a household
// that was merged leads to the one that has its records now.
func PreferencesByToken(ctx context.Context, conn Conn, token string) (Preferences, error) {
	hash := sha256.Sum256([]byte(token))
	rows, _ := conn.Query(ctx, `
		select c.id as client_id, c.email, c.mobile, c.email_opt_out_at is null as by_email, c.sms_opt_out_at is null as by_sms
		  from message m
		  join client told on told.id = m.client_id
		  join client c on c.id = coalesce(told.merged_into, told.id)
		 where m.token_hash = $1 and m.token_action = 'preferences'`, hash[:])
	preferences, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Preferences])
	return preferences, wrap(err, "find preferences by link")
}

// SavePreferences notes what the reader of a letter wants to get from now on. Saving the same again changes nothing.
func SavePreferences(ctx context.Context, conn Conn, preferences Preferences) error {
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		before, err := oneClient(ctx, tx, `select `+clientColumns+` from client where id = $1 for update`, preferences.ClientID)
		if err != nil {
			return err
		}
		if (before.EmailOptOutAt == nil) == preferences.ByEmail && (before.SMSOptOutAt == nil) == preferences.BySMS {
			return nil
		}
		after, err := oneClient(ctx, tx, `
			update client
			   set email_opt_out_at = case when $2 then null else coalesce(email_opt_out_at, now()) end,
			       sms_opt_out_at = case when $3 then null else coalesce(sms_opt_out_at, now()) end,
			       version = version + 1, updated_at = now()
			 where id = $1
			returning `+clientColumns, preferences.ClientID, preferences.ByEmail, preferences.BySMS)
		if err != nil {
			return err
		}
		return Audit(ctx, tx, Audited{Action: "updated", Entity: "client", EntityID: after.ID, ClientID: after.ID, Diff: DiffOf(before, after)})
	})
	return wrap(err, "save preferences of client %d", preferences.ClientID)
}

// SetMessageToken keeps the hash of the link by which a letter's reader chooses what to get ("preferences"), or by
// which a provider says what became of a text message ("text"): a stolen table opens nothing.
func SetMessageToken(ctx context.Context, tx Conn, id int64, token, action string) error {
	hash := sha256.Sum256([]byte(token))
	_, err := tx.Exec(ctx, `
		update message
		   set token_hash = $2, token_action = $3
		 where id = $1`, id, hash[:], action)
	return wrap(err, "set link of message %d", id)
}
