package jobs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
)

// mailServer is where mail goes: SMTP_URL, read.
type mailServer struct {
	host           string // empty: there is none
	port           int
	user, password string
	tls            string // "mandatory", "opportunistic", "none" or "implicit"
}

// parseServer reads smtp://user:password@host:port?tls=… or smtps://…. Its errors never repeat the address: it holds
// a password.
func parseServer(address string, production bool) (mailServer, error) {
	if address == "" {
		return mailServer{}, nil
	}
	parsed, err := url.Parse(address)
	if err != nil || parsed.Hostname() == "" || (parsed.Scheme != "smtp" && parsed.Scheme != "smtps") {
		return mailServer{}, errors.New("SMTP_URL must look like smtp://user:password@mail.example:587")
	}

	s := mailServer{host: parsed.Hostname(), user: parsed.User.Username(), tls: parsed.Query().Get("tls")}
	s.password, _ = parsed.User.Password()
	local := isLoopback(s.host)
	port := "587"
	switch {
	case parsed.Scheme == "smtps":
		s.tls, port = "implicit", "465"
	case s.tls == "" && production && !local:
		s.tls = "mandatory"
	case s.tls == "":
		s.tls = "opportunistic"
	}
	if parsed.Port() != "" {
		port = parsed.Port()
	}
	if s.port, err = strconv.Atoi(port); err != nil || s.port < 1 || s.port > 65535 {
		return mailServer{}, errors.New("SMTP_URL has no valid port")
	}
	switch s.tls {
	case "mandatory", "implicit":
	case "opportunistic", "none":
		if production && !local {
			return mailServer{}, errors.New("SMTP_URL must not turn encryption off in production: use tls=mandatory, or smtps://")
		}
	default:
		return mailServer{}, errors.New("tls in SMTP_URL can be mandatory, opportunistic, none or implicit")
	}
	return s, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// envelope is a letter ready to go.
type envelope struct {
	letter    Letter
	from, to  netmail.Address
	messageID string
	dedupeKey string
	optOut    string // where one POST ends messages like this, "" for none
	trace     string // of the job, "" for none
}

// A mail server gets this long for each: to let us in, and to take the letter.
const patience = 20 * time.Second

// send hands one letter to the mail server. A nil error means that the server has taken it; every other is a *Trouble.
func (r *mailRoom) send(ctx context.Context, e envelope) error {
	if r.server.host == "" {
		return &Trouble{Reason: "No mail server is set up (SMTP_URL)."}
	}
	message, err := compose(e)
	if err != nil {
		return err
	}
	err = r.deliver(ctx, message)
	if message.IsDelivered() {
		return nil // what went wrong after the server said yes changes nothing
	}
	return troubleOf(err)
}

func (s mailServer) options() []mail.Option {
	options := []mail.Option{
		mail.WithPort(s.port),
		mail.WithTimeout(patience),
		mail.WithoutNoop(),
	}
	switch s.tls {
	case "mandatory":
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	case "opportunistic":
		options = append(options, mail.WithTLSPolicy(mail.TLSOpportunistic))
	case "none":
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	case "implicit":
		options = append(options, mail.WithSSL())
	}
	if s.user != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.user), mail.WithPassword(s.password))
	}
	return options
}

func compose(e envelope) (*mail.Msg, error) {
	message := mail.NewMsg(mail.WithNoDefaultUserAgent())
	message.FromMailAddress(&e.from)
	message.ToMailAddress(&e.to)
	message.Subject(e.letter.Subject)
	message.SetMessageIDWithValue(e.messageID)
	message.SetDate()
	message.SetGenHeader("Auto-Submitted", "auto-generated")
	message.SetGenHeader("X-Auto-Response-Suppress", "All")
	message.SetGenHeader("X-Purple-Cross-Message", e.dedupeKey)
	if e.trace != "" {
		message.SetGenHeader("X-Purple-Cross-Trace", e.trace)
	}
	if e.optOut != "" { // RFC 8058: the mail program shows a button, and one POST does it
		message.SetGenHeader("List-Unsubscribe", "<"+e.optOut+">")
		message.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	message.SetBodyString(mail.TypeTextPlain, e.letter.Text)
	message.AddAlternativeString(mail.TypeTextHTML, e.letter.HTML)
	if len(e.letter.Certificate) > 0 {
		err := message.AttachReader("vaccinations.pdf", bytes.NewReader(e.letter.Certificate), mail.WithFileContentType("application/pdf"))
		if err != nil {
			return nil, err
		}
	}
	if e.letter.Calendar != "" {
		kind := mail.ContentType("text/calendar; charset=utf-8; method=" + e.letter.Method)
		if err := message.AttachReader("visit.ics", strings.NewReader(e.letter.Calendar), mail.WithFileContentType(kind)); err != nil {
			return nil, err
		}
	}
	if file := e.letter.Attached; file != nil {
		if err := message.AttachReader(file.Name, bytes.NewReader(file.Bytes), mail.WithFileContentType(mail.ContentType(file.MediaType))); err != nil {
			return nil, err
		}
	}
	if _, err := message.GetSender(false); err != nil {
		return nil, &Trouble{Reason: "The clinic's own e-mail address cannot be written on a letter."}
	}
	if _, err := message.GetRecipients(); err != nil {
		return nil, &Trouble{Reason: "The client's e-mail address cannot be written on a letter.", Final: true}
	}
	return message, nil
}

// Trouble is why a letter did not go, in words for the clinic's staff. Servers' own words are left out: they quote
// addresses.
type Trouble struct {
	Reason string // a sentence
	Code   string // "550 5.1.1", "" when the server did not say
	Final  bool   // trying again would not help
	NoSuch bool   // the address does not exist
	By     string // who said so; "" is the mail server

	OptedOut bool  // its owner wants no text messages
	Unclear  bool  // it may have gone out all the same
	cause    error // context.Canceled when we broke it off ourselves: River then counts no try
}

// Error is the reason with its code.
func (t *Trouble) Error() string { return t.Said() }

// Unwrap is what River looks for to tell a try that was cut short from one that failed.
func (t *Trouble) Unwrap() error { return t.cause }

// Said is the reason with its code.
func (t *Trouble) Said() string {
	if t.Code == "" {
		return t.Reason
	}
	by := t.By
	if by == "" {
		by = "mail server"
	}
	return fmt.Sprintf("%s (The %s answered %s.)", t.Reason, by, t.Code)
}
