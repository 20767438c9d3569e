package db

import "context"

// Way is how a message reaches a household.
type Way struct {
	Channel Channel
	Address string // an e-mail address, or a telephone number in E.164
}

// Way is by text message where the household prefers that, else by e-mail; by the other where one does not reach it.
// The zero Way reaches nobody: Unreachable says why.
func (h Household) Way() Way {
	email, text := h.whyNoEmail() == "", h.whyNoText() == ""
	switch {
	case text && (h.Preferred == ChannelSMS || !email):
		return Way{ChannelSMS, E164(h.Mobile, h.CountryCode)}
	case email:
		return Way{ChannelEmail, h.Email}
	}
	return Way{}
}

// channel is the one that a message is written down with; e-mail where none reaches the household.
func (w Way) channel() Channel {
	if w.Channel == "" {
		return ChannelEmail
	}
	return w.Channel
}

// Unreachable is the sentence that says why no message can reach the household, "" when one can. Somebody has to call.
func (h Household) Unreachable() string {
	email, text := h.whyNoEmail(), h.whyNoText()
	switch {
	case email == "" || text == "":
		return ""
	case !h.Texts:
		return email
	}
	return email + " " + text
}

func (h Household) whyNoEmail() string {
	switch {
	case h.EmailOptedOut:
		return "The client has asked for no e-mail."
	case h.Email == "":
		return "The client has no e-mail address."
	case h.EmailBounced:
		return "Earlier e-mail to this address came back."
	}
	return ""
}

func (h Household) whyNoText() string {
	switch {
	case !h.Texts:
		return "The clinic sends no text messages."
	case h.SMSOptedOut:
		return "The client has asked for no text messages."
	case h.Mobile == "":
		return "The client has no mobile number."
	case E164(h.Mobile, h.CountryCode) == "":
		return "The client’s mobile number is not complete."
	case h.MobileFailed:
		return "Earlier text messages to this number came to nothing."
	}
	return ""
}

// MarkMobileFailed notes that no text message can be sent to a household's number. It does nothing when the household
// has another number by now.
func MarkMobileFailed(ctx context.Context, tx Conn, clientID int64, number string) error {
	client, err := oneClient(ctx, tx, `select `+clientColumns+` from client where id = $1 for update`, clientID)
	if err != nil {
		return wrap(err, "mark mobile of client %d failed", clientID)
	}
	var country string
	if err := tx.QueryRow(ctx, `select country_code from message_settings`).Scan(&country); err != nil {
		return wrap(err, "read country code")
	}
	if E164(client.Mobile, country) != number {
		return nil
	}
	changed, err := tx.Exec(ctx, `
		update client
		   set mobile_failed = mobile, updated_at = now()
		 where id = $1 and mobile_failed <> mobile`, clientID)
	if err != nil || changed.RowsAffected() == 0 {
		return wrap(err, "mark mobile of client %d failed", clientID)
	}
	return Audit(ctx, tx, Audited{
		Action: "updated", Entity: "client", EntityID: clientID, ClientID: clientID,
		Diff: Diff{"mobile_failed": {nil, client.Mobile}},
	})
}
