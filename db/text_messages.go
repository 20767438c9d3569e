package db

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// TextOutcome is what a provider says became of a text message.
type TextOutcome struct {
	ProviderID string
	Delivered  bool
	Failed     bool   // it will not be delivered
	Reason     string // a sentence, of one that failed
	NoSuch     bool   // the number never gets text messages
	OptedOut   bool   // its owner wants none
}

// NoteTextOutcome writes down what a provider says of the text message with this link; ErrNotFound when there is none.
// A message that we handed over without hearing the answer is known to be out by it. Hearing the same again, or out of
// order, changes nothing.
func NoteTextOutcome(ctx context.Context, conn Conn, token string, outcome TextOutcome) error {
	hash := sha256.Sum256([]byte(token))
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		var id int64
		err := tx.QueryRow(ctx, `
			select id
			  from message
			 where token_hash = $1 and token_action = 'text'
			   for update`, hash[:]).Scan(&id)
		if err != nil {
			return err
		}
		message, err := GetMessage(ctx, tx, id)
		if err != nil || message.Status == MessageDelivered || message.Status == MessageBounced {
			return err
		}
		status := MessageSent
		switch {
		case outcome.Failed:
			status = MessageBounced
		case outcome.Delivered:
			status = MessageDelivered
		}
		_, err = tx.Exec(ctx, `
			update message
			   set status = $2::message_status, status_reason = $3, provider_id = coalesce(provider_id, nullif($4, '')),
			       sent_at = coalesce(sent_at, clock_timestamp()), updated_at = now()
			 where id = $1`, id, status, outcome.Reason, outcome.ProviderID)
		if err != nil || !outcome.Failed || message.ClientID == nil {
			return err
		}
		if err := noteNumber(ctx, tx, message, outcome); err != nil {
			return err
		}
		return NeedCall(ctx, tx, id)
	})
	return wrap(err, "note what became of a text message")
}

func noteNumber(ctx context.Context, tx pgx.Tx, message Message, outcome TextOutcome) error {
	if outcome.NoSuch {
		if err := MarkMobileFailed(ctx, tx, *message.ClientID, message.ToAddr); err != nil {
			return err
		}
	}
	if outcome.OptedOut {
		return OptOutOfTexts(ctx, tx, *message.ClientID, true)
	}
	return nil
}

// OptOutOfTexts notes that a household wants no text messages from now on, or wants them again.
func OptOutOfTexts(ctx context.Context, conn Conn, clientID int64, out bool) error {
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		client, err := GetClient(ctx, tx, clientID)
		if err != nil {
			return err
		}
		return SavePreferences(ctx, tx, Preferences{ClientID: clientID, ByEmail: client.EmailOptOutAt == nil, BySMS: !out})
	})
	return wrap(err, "opt client %d out of text messages", clientID)
}

// ReceivedText is a text message from a client.
type ReceivedText struct {
	ProviderID string
	From       string // E.164
	Body       string
}

// ReceiveText writes down what somebody wrote to the clinic, once however often the provider brings it, for each
// household with that mobile; for none when nobody has it. The words by which everybody ends and begins text messages
// do so.
func ReceiveText(ctx context.Context, conn Conn, text ReceivedText) error {
	if text.ProviderID == "" || text.From == "" {
		return Invalid{"": "The message has no sender, or no name."}
	}
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `
			select id
			  from client
			 where mobile <> '' and right(pc_digits(mobile), 10) = right(pc_digits($1), 10) and status <> 'merged'
			 order by id
			 limit 10`, text.From)
		clients, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return err
		}
		if len(clients) == 0 {
			clients = []int64{0}
		}
		for _, client := range clients {
			if err := receive(ctx, tx, client, text); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap(err, "receive a text message")
}

func receive(ctx context.Context, tx pgx.Tx, client int64, text ReceivedText) error {
	var id int64
	err := tx.QueryRow(ctx, `
		insert into message (direction, kind, client_id, channel, to_addr, body, status, dedupe_key)
		values ('in', $1, nullif($2::bigint, 0), 'sms', $3, $4, 'received', $5)
		on conflict (dedupe_key) do nothing
		returning id`, MessageFromClient, client, text.From, text.Body, fmt.Sprintf("%s:%s:%d", MessageFromClient, text.ProviderID, client)).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && client == 0 {
		return nil // brought before, or from a stranger
	}
	if err != nil {
		return err
	}
	switch strings.ToUpper(strings.Trim(strings.TrimSpace(text.Body), ".!")) {
	case "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT":
		return OptOutOfTexts(ctx, tx, client, true)
	case "START", "UNSTOP", "YES":
		return OptOutOfTexts(ctx, tx, client, false)
	}
	return nil
}
