package jobs

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"purplecross/db"
)

// links are what letters carry. A link holds a signature over the letter's Message-ID and nothing else: it is the same
// at every try, nobody can make one up, and it says nothing about anybody.
type links struct {
	base, secret string
}

// preferences is where the reader of a message chooses what to get; "" where there is nothing to choose.
func (l links) preferences(message db.Message) string {
	if l.base == "" || message.ClientID == nil {
		return ""
	}
	return l.base + "/preferences/" + l.token(message, actionPreferences)
}

// callback is where a provider says what became of a text message; "" where it could not reach us.
func (l links) callback(message db.Message) string {
	if l.base == "" {
		return ""
	}
	return l.base + "/texts/" + l.token(message, actionText)
}

// What a link is for.
const (
	actionPreferences = "preferences"
	actionText        = "text"
)

func (l links) token(message db.Message, action string) string {
	sum := hmac.New(sha256.New, []byte(l.secret))
	sum.Write([]byte(action + " " + orEmpty(message.MessageID)))
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil))
}
