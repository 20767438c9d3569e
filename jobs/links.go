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
	return l.base + "/preferences/" + l.token(message)
}

func (l links) token(message db.Message) string {
	sum := hmac.New(sha256.New, []byte(l.secret))
	sum.Write([]byte("preferences " + orEmpty(message.MessageID)))
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil))
}
