package jobs

import (
	"context"
	"errors"
	"strconv"
	"time"

	"purplecross/db"
	"purplecross/jobs/texts"
	"purplecross/views/emails"
)

// A provider tells within seconds what became of a text message. One that we handed over without hearing its answer is
// given this long to say so, before it is handed over again.
const untilHeard = 2 * time.Minute

// WriteText words the text message that a message of this kind would be, on the facts as given.
func WriteText(kind db.MessageKind, wording emails.Wording, facts db.MessageFacts, now time.Time) string {
	return LetterOf(kind, wording, facts, now).TextMessage()
}

// heldForWord is how long a text message is held back because its provider may have it already: its process was killed
// or the answer was lost. Without an address to be called back at, nothing would be heard, and it is sent again.
func (w *messageSender) heldForWord(message db.Message) time.Duration {
	if message.Channel != string(db.ChannelSMS) || message.Status != db.MessageSending || message.SendingAt == nil || w.links.base == "" {
		return 0
	}
	return time.Until(message.SendingAt.Add(untilHeard)) // by the database's clock, as sending_at is
}

// text hands the message to the provider and notes what it calls it.
func (w *messageSender) text(ctx context.Context, a *attempt, letter *Letter) error {
	if w.texts == nil {
		return &Trouble{Reason: "No provider of text messages is set up (SMS_URL)."}
	}
	var err error
	letter.ProviderID, err = w.texts.Send(ctx, texts.Text{To: a.way.Address, Body: letter.Text, Callback: w.links.callback(a.message)})
	if err != nil {
		return textTrouble(err)
	}
	return nil
}

// textTrouble puts what a provider or the network said into words.
func textTrouble(err error) *Trouble {
	refusal := new(texts.Refusal)
	switch {
	case errors.Is(err, texts.ErrUnsent) && errors.Is(err, context.Canceled):
		return &Trouble{Reason: "Sending was interrupted.", cause: context.Canceled}
	case errors.Is(err, texts.ErrUnsent):
		return &Trouble{Reason: "The provider of text messages cannot be reached."}
	case !errors.As(err, &refusal):
		return &Trouble{Reason: "The provider of text messages did not say whether it took the message.", Unclear: true}
	}
	trouble := &Trouble{Code: strconv.Itoa(refusal.Status), By: "provider"}
	if refusal.Code != 0 {
		trouble.Code = strconv.Itoa(refusal.Code)
	}
	switch {
	case texts.OptedOut(refusal.Code):
		trouble.Reason, trouble.Final, trouble.OptedOut = "The client told the provider to stop text messages.", true, true
	case texts.NoSuchNumber(refusal.Code):
		trouble.Reason, trouble.Final, trouble.NoSuch = "The client’s number cannot get text messages.", true, true
	case refusal.Status == 401 || refusal.Status == 403 || refusal.Status == 404:
		trouble.Reason = "The provider of text messages did not accept our account."
	case refusal.Status == 429:
		trouble.Reason = "The provider of text messages asked to try again later."
	case refusal.Status >= 500 || refusal.Status < 400:
		trouble.Reason = "The provider of text messages is out of order."
	default:
		trouble.Reason, trouble.Final = "The provider refused the text message.", true
	}
	return trouble
}
