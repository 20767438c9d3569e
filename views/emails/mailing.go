package emails

import (
	"fmt"
	"strings"

	"purplecross/db"
)

// MailingBeginning is what a message to many begins as: its writer says the rest.
var MailingBeginning = Wording{Subject: "A message from {clinic} about {pet}", Body: "{greeting}\n\n\n\nIf you have a question, {reach}."}

// MailingTextBeginning is the same for a text message.
var MailingTextBeginning = Wording{Body: "{clinic}:  To answer, {reach}. Answer STOP for no more texts."}

// CheckMailing says what is wrong with a message to many and with its text message: "subject", "body" and "text".
func CheckMailing(letter Wording, text string) db.Invalid {
	wrong := letter.placeholders(db.MessageMailing)
	if wrong["subject"] == "" && strings.ContainsAny(letter.Subject, "\r\n") {
		wrong["subject"] = "The subject is one line."
	}
	if wrong["body"] == "" && strings.Join(strings.Fields(letter.Body), " ") == strings.Join(strings.Fields(MailingBeginning.Body), " ") {
		wrong["body"] = "Write what the clients are to know."
	}
	if said := (Wording{Subject: "-", Body: text}).placeholders(db.MessageMailing)["body"]; said != "" {
		wrong["text"] = said
	} else if strings.Join(strings.Fields(text), " ") == strings.Join(strings.Fields(MailingTextBeginning.Body), " ") {
		wrong["text"] = "Write what the clients are to know."
	} else if length := len([]rune(text)); length > longestText {
		wrong["text"] = fmt.Sprintf("This is %d characters long, and %d are the most.", length, longestText)
	}
	for field, said := range wrong {
		if strings.HasPrefix(said, "Write something here") {
			wrong[field] = "Write something here."
		}
	}
	return wrong
}
