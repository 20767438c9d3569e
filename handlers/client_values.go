package handlers

import (
	"errors"
	"strings"
	"time"
	"unicode"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/views/ui"
)

var clientFields = []string{
	"first_name", "last_name", "second_contact", "mobile", "phone_alt", "email", "address", "city", "region", "postcode",
	"alert", "preferred", "status", "sms_opt_out", "email_opt_out",
}

// clientValues is a household as its form holds it.
func clientValues(client db.Client) map[string]string {
	values := map[string]string{
		"first_name": client.FirstName, "last_name": client.LastName, "second_contact": client.SecondContact,
		"mobile": ui.Phone(client.Mobile), "phone_alt": ui.Phone(client.PhoneAlt), "email": client.Email,
		"address": client.Address, "city": client.City, "region": client.Region, "postcode": client.Postcode,
		"alert": client.Alert, "preferred": string(client.Preferred), "status": string(client.Status),
		"sms_opt_out": "", "email_opt_out": "",
	}
	if client.SMSOptOutAt != nil {
		values["sms_opt_out"] = "true"
	}
	if client.EmailOptOutAt != nil {
		values["email_opt_out"] = "true"
	}
	return values
}

// clientFrom is the household that a form describes, over what is saved, and what is wrong with it.
func clientFrom(values map[string]string, saved db.Client, now time.Time) (db.Client, db.Invalid) {
	client := saved
	client.FirstName, client.LastName, client.SecondContact = values["first_name"], values["last_name"], values["second_contact"]
	client.Mobile, client.PhoneAlt, client.Email = db.NormalPhone(values["mobile"]), db.NormalPhone(values["phone_alt"]), values["email"]
	client.Address, client.City, client.Region, client.Postcode = values["address"], values["city"], values["region"], values["postcode"]
	client.Alert, client.Preferred, client.Status = values["alert"], db.Channel(values["preferred"]), db.ClientStatus(values["status"])
	client.SMSOptOutAt = ticked(values["sms_opt_out"], saved.SMSOptOutAt, now)
	client.EmailOptOutAt = ticked(values["email_opt_out"], saved.EmailOptOutAt, now)
	return client, client.Check()
}

// ticked is when a box was ticked first, nil when it is not.
func ticked(value string, since *time.Time, now time.Time) *time.Time {
	switch {
	case value != "true":
		return nil
	case since != nil:
		return since
	}
	return &now
}

// readNewClient reads the form of a new household, its pet's fields with their prefix.
func readNewClient(c echo.Context) map[string]string {
	values := readValues(c, clientFields, "")
	for field, value := range readValues(c, patientFields, "pet_") {
		values["pet_"+field] = value
	}
	return values
}

// firstPet is the pet on the form of a new household; nil when none is described.
func firstPet(values map[string]string, today time.Time) (*db.Patient, db.Invalid) {
	given := map[string]string{}
	described := false
	for _, field := range patientFields {
		given[field] = values["pet_"+field]
		described = described || given[field] != "" && field != "sex"
	}
	if !described {
		return nil, db.Invalid{}
	}
	pet, wrong := patientFrom(given, db.Patient{}, today)
	if err := db.ForPet(wrong.Err()); err != nil {
		errors.As(err, &wrong)
	}
	return &pet, wrong
}

func clientLike(values map[string]string) db.ClientLike {
	return db.ClientLike{
		FirstName: values["first_name"], LastName: values["last_name"], Mobile: values["mobile"], PhoneAlt: values["phone_alt"],
		Email: values["email"], Pet: values["pet_name"],
	}
}

// valuesOfSearch carries what was typed into the search box to the form of a new household: an address with @ is the
// e-mail, digits are the mobile, the last other word is the surname.
func valuesOfSearch(typed string) map[string]string {
	values := map[string]string{}
	var names, digits []string
	for _, word := range strings.Fields(typed) {
		switch {
		case strings.Contains(word, "@"):
			values["email"] = word
		case strings.Trim(word, "0123456789()+-./") == "":
			digits = append(digits, word)
		default:
			names = append(names, capitalised(strings.Trim(word, ",;")))
		}
	}
	values["mobile"] = ui.Phone(strings.Join(digits, " "))
	if len(names) > 0 {
		values["first_name"] = strings.Join(names[:len(names)-1], " ")
		values["last_name"] = names[len(names)-1]
	}
	return values
}

// capitalised makes a word that was typed in small letters a name.
func capitalised(word string) string {
	letters := []rune(word)
	if len(letters) == 0 || word != strings.ToLower(word) {
		return word
	}
	return string(unicode.ToUpper(letters[0])) + string(letters[1:])
}
