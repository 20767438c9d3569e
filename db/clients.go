package db

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
)

// ClientStatus says whether a household still comes.
type ClientStatus string

// The statuses of a household.
const (
	ClientActive   ClientStatus = "active"
	ClientInactive ClientStatus = "inactive"
	ClientMerged   ClientStatus = "merged" // into another one, which holds its records now
)

// Channel is a way to reach a household.
type Channel string

// The channels.
const (
	ChannelEmail  Channel = "email"
	ChannelSMS    Channel = "sms"
	ChannelPhone  Channel = "phone"
	ChannelLetter Channel = "letter"
)

// Channels lists every channel.
var Channels = []Channel{ChannelEmail, ChannelSMS, ChannelPhone, ChannelLetter}

// Client is a household: the account holder and whoever shares the pets. Only the surname is always there.
type Client struct {
	ID             int64        `db:"id"`
	FirstName      string       `db:"first_name"`
	LastName       string       `db:"last_name"`
	SecondContact  string       `db:"second_contact"`
	Mobile         string       `db:"mobile"` // E.164 where it is plainly North American, else as typed
	PhoneAlt       string       `db:"phone_alt"`
	Email          string       `db:"email"`
	Address        string       `db:"address"`
	City           string       `db:"city"`
	Region         string       `db:"region"`
	Postcode       string       `db:"postcode"`
	Alert          string       `db:"alert"`
	Preferred      Channel      `db:"preferred"`
	SMSOptOutAt    *time.Time   `db:"sms_opt_out_at"`
	EmailOptOutAt  *time.Time   `db:"email_opt_out_at"`
	EmailBouncedAt *time.Time   `db:"email_bounced_at"`
	Status         ClientStatus `db:"status"`
	MergedInto     *int64       `db:"merged_into"`
	ExternalRef    *string      `db:"external_ref"` // the number in the system that this household was imported from
	Version        int          `db:"version"`
	CreatedAt      time.Time    `db:"created_at"`
	UpdatedAt      time.Time    `db:"updated_at"`
}

const clientColumns = `id, first_name, last_name, second_contact, mobile, phone_alt, email, address, city, region, postcode, alert,
	preferred, sms_opt_out_at, email_opt_out_at, email_bounced_at, status, merged_into, external_ref, version, created_at, updated_at`

// Name is the account holder's full name.
func (c Client) Name() string { return strings.TrimSpace(c.FirstName + " " + c.LastName) }

// GetClient reads one household.
func GetClient(ctx context.Context, conn Conn, id int64) (Client, error) {
	client, err := oneClient(ctx, conn, `select `+clientColumns+` from client where id = $1`, id)
	return client, wrap(err, "get client %d", id)
}

// AddClient adds a household.
func AddClient(ctx context.Context, conn Conn, client Client) (Client, error) {
	client = client.tidy()
	if err := client.Check().Err(); err != nil {
		return Client{}, err
	}
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		added, err := oneClient(ctx, tx, `
			insert into client (first_name, last_name, second_contact, mobile, phone_alt, email, address, city, region, postcode,
			                    alert, preferred, sms_opt_out_at, email_opt_out_at)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
			returning `+clientColumns,
			client.FirstName, client.LastName, client.SecondContact, client.Mobile, client.PhoneAlt, client.Email, client.Address, client.City,
			client.Region, client.Postcode, client.Alert, client.Preferred, client.SMSOptOutAt, client.EmailOptOutAt)
		if err != nil {
			return err
		}
		client = added
		return Audit(ctx, tx, Audited{Action: "created", Entity: "client", EntityID: client.ID, ClientID: client.ID})
	})
	return client, wrap(err, "add client")
}

// SaveClient saves a household's form over the version it was read at; ErrStale when somebody saved it since. A save
// that changes nothing writes nothing. A new e-mail address has not bounced yet.
func SaveClient(ctx context.Context, conn Conn, client Client) (Client, error) {
	client = client.tidy()
	if err := client.Check().Err(); err != nil {
		return Client{}, err
	}
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		before, err := oneClient(ctx, tx, `select `+clientColumns+` from client where id = $1 for update`, client.ID)
		if err != nil {
			return err
		}
		if before.Version != client.Version {
			return ErrStale
		}
		if before.Status == ClientMerged {
			return Invalid{"": "This household was merged into another one. Change that one instead."}
		}
		if client.Email != before.Email {
			client.EmailBouncedAt = nil
		}
		if len(DiffOf(before, client)) == 0 {
			client = before
			return nil
		}
		after, err := oneClient(ctx, tx, `
			update client
			   set first_name = $3, last_name = $4, second_contact = $5, mobile = $6, phone_alt = $7, email = $8, address = $9,
			       city = $10, region = $11, postcode = $12, alert = $13, preferred = $14, sms_opt_out_at = $15,
			       email_opt_out_at = $16, email_bounced_at = $17, status = $18,
			       version = version + 1, updated_at = now()
			 where id = $1 and version = $2
			returning `+clientColumns,
			client.ID, client.Version, client.FirstName, client.LastName, client.SecondContact, client.Mobile, client.PhoneAlt, client.Email,
			client.Address, client.City, client.Region, client.Postcode, client.Alert, client.Preferred, client.SMSOptOutAt,
			client.EmailOptOutAt, client.EmailBouncedAt, client.Status)
		if err != nil {
			return err
		}
		client = after
		return Audit(ctx, tx, Audited{Action: "updated", Entity: "client", EntityID: after.ID, ClientID: after.ID, Diff: DiffOf(before, after)})
	})
	return client, wrap(err, "save client %d", client.ID)
}

var emailForm = regexp.MustCompile(`^[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+$`) // as client_email_form

// Check says what is missing or wrong in a household's form.
func (c Client) Check() Invalid {
	c = c.tidy()
	wrong := Invalid{}
	if c.LastName == "" {
		wrong["last_name"] = sentences["client_last_name_given"][1]
	}
	if c.Email != "" && !emailForm.MatchString(c.Email) {
		wrong["email"] = sentences["client_email_form"][1]
	}
	if c.Status == ClientMerged {
		wrong["status"] = "Choose active or inactive."
	}
	for _, field := range []struct {
		name, value string
		most        int
	}{
		{"first_name", c.FirstName, 100},
		{"last_name", c.LastName, 100},
		{"second_contact", c.SecondContact, 200},
		{"mobile", c.Mobile, 40},
		{"phone_alt", c.PhoneAlt, 40},
		{"email", c.Email, 254},
		{"address", c.Address, 300},
		{"city", c.City, 100},
		{"region", c.Region, 100},
		{"postcode", c.Postcode, 20},
		{"alert", c.Alert, 500},
	} {
		wrong.tooLong(field.name, field.value, field.most)
	}
	return wrong
}

// tidy is the client as it is saved: trimmed, numbers in one form, choices chosen.
func (c Client) tidy() Client {
	for _, text := range []*string{&c.FirstName, &c.LastName, &c.SecondContact, &c.Email, &c.Address, &c.City, &c.Region, &c.Postcode, &c.Alert} {
		*text = strings.TrimSpace(*text)
	}
	c.Mobile, c.PhoneAlt = NormalPhone(c.Mobile), NormalPhone(c.PhoneAlt)
	if c.Preferred == "" {
		c.Preferred = ChannelEmail
	}
	if c.Status == "" {
		c.Status = ClientActive
	}
	return c
}

// NormalPhone is a telephone number in E.164 where it is plainly a North American one, else as it was typed.
func NormalPhone(typed string) string {
	typed = strings.TrimSpace(typed)
	if strings.Trim(typed, "0123456789()+-./ \u00a0") != "" {
		return typed
	}
	digits := digitsOf(typed)
	abroad := strings.HasPrefix(typed, "+") && !strings.HasPrefix(digits, "1")
	if len(digits) == 11 && digits[0] == '1' {
		digits = digits[1:]
	}
	if abroad || len(digits) != 10 || digits[0] < '2' {
		return typed
	}
	return "+1" + digits
}

func digitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

// tooLong adds a sentence when value has more than most characters.
func (v Invalid) tooLong(field, value string, most int) {
	if letters := utf8.RuneCountInString(value); letters > most && v[field] == "" {
		v[field] = fmt.Sprintf("This has %d characters; %d is the most.", letters, most)
	}
}

func oneClient(ctx context.Context, conn Conn, sql string, args ...any) (Client, error) {
	rows, err := conn.Query(ctx, sql, args...)
	if err != nil {
		return Client{}, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Client])
}
