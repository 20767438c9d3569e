// Package texts sends text messages. Sender is all that the rest of the house knows of a provider; Provider is one of
// the shape that Twilio gave to the trade: a form by POST with basic authentication, an answer with the provider's own
// name of the message, and signed calls back on what became of it. Phone is a provider for a developer's machine.
package texts

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the providers' own choice for their signatures
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Text is one text message.
type Text struct {
	To       string // E.164
	Body     string
	Callback string // where the provider says what became of it; "" for nowhere
}

// Sender hands text messages to a provider.
type Sender interface {
	// Send answers the provider's own name of the message. Every other outcome is a *Refusal, or an error of the network
	// after which nobody knows whether the provider has it.
	Send(ctx context.Context, text Text) (id string, err error)
}

// Refusal is a provider's answer that it did not take a message. Its own words are left out: they quote numbers.
type Refusal struct {
	Status int // of HTTP
	Code   int // the provider's, 0 when it gave none
}

// Error has the numbers alone.
func (r *Refusal) Error() string {
	return fmt.Sprintf("the provider of text messages refused: %d, code %d", r.Status, r.Code)
}

// ErrUnsent says that a message did not reach the provider, so that another try cannot double it.
var ErrUnsent = errors.New("the provider of text messages was not reached")

// Provider is a Sender over HTTP.
type Provider struct {
	address    string
	user, pass string
	from       string
	client     *http.Client
}

// How long a provider may take to answer.
const patience = 20 * time.Second

// New reads an address like https://account:token@api.provider.example/Accounts/account/Messages.json?from=+19705550100
// where from is the clinic's number, or the name of the provider's own pool of numbers. Errors never repeat it: it holds
// a password.
func New(address string, production bool) (*Provider, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Hostname() == "" || (parsed.Scheme != "https" && parsed.Scheme != "http") || parsed.User == nil {
		return nil, errors.New("SMS_URL must look like https://account:token@provider.example/path?from=%2B19705550100")
	}
	ip := net.ParseIP(parsed.Hostname())
	if parsed.Scheme == "http" && production && (ip == nil || !ip.IsLoopback()) {
		return nil, errors.New("SMS_URL must use https in production")
	}
	p := &Provider{from: parsed.Query().Get("from"), user: parsed.User.Username()}
	p.pass, _ = parsed.User.Password()
	// A plus sign that nobody wrote as %2B reads as a space.
	if p.from = strings.TrimSpace(p.from); p.from != "" && strings.Trim(p.from, "0123456789") == "" {
		p.from = "+" + p.from
	}
	if p.from == "" || p.user == "" || p.pass == "" {
		return nil, errors.New("SMS_URL needs an account, a token and ?from=, the number that texts come from")
	}
	parsed.User, parsed.RawQuery = nil, ""
	p.address = parsed.String()
	p.client = &http.Client{
		Timeout: patience,
		// A message must not follow a provider's redirect to somebody else.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return p, nil
}

// Send hands over one message.
func (p *Provider) Send(ctx context.Context, text Text) (string, error) {
	form := url.Values{"To": {text.To}, "Body": {text.Body}}
	if strings.HasPrefix(p.from, "+") {
		form.Set("From", p.from)
	} else {
		form.Set("MessagingServiceSid", p.from)
	}
	if text.Callback != "" {
		form.Set("StatusCallback", text.Callback)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.address, strings.NewReader(form.Encode()))
	if err != nil {
		return "", errors.Join(ErrUnsent, err)
	}
	request.SetBasicAuth(p.user, p.pass)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "application/json")

	answer, err := p.client.Do(request)
	if err != nil {
		if dialing := new(net.OpError); errors.As(err, &dialing) && dialing.Op == "dial" {
			return "", errors.Join(ErrUnsent, err)
		}
		return "", err
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 64<<10))
	var said struct {
		SID  string `json:"sid"`
		Code int    `json:"code"`
	}
	unread := json.NewDecoder(bytes.NewReader(body)).Decode(&said)
	switch {
	case answer.StatusCode >= 300:
		return "", &Refusal{Status: answer.StatusCode, Code: said.Code}
	case err != nil:
		return "", err
	case unread != nil || said.SID == "":
		return "", errors.New("the provider's answer has no name of the message")
	}
	return said.SID, nil
}

// Signature is what a provider signs a call back with: over the address that it calls and the form that it sends.
func Signature(token, address string, form url.Values) string {
	sum := hmac.New(sha1.New, []byte(token))
	sum.Write([]byte(address))
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range form[name] {
			sum.Write([]byte(name + value))
		}
	}
	return base64.StdEncoding.EncodeToString(sum.Sum(nil))
}

// Signed says whether a call back comes from the provider.
func (p *Provider) Signed(address string, form url.Values, signature string) bool {
	return hmac.Equal([]byte(Signature(p.pass, address, form)), []byte(signature))
}

// SignatureHeader carries the signature.
const SignatureHeader = "X-Twilio-Signature"

// Outcome is what a call back says of a message.
type Outcome struct {
	ID     string // the provider's
	Status string // "queued", "sent", "delivered", "undelivered", "failed"
	Code   int    // why it failed, 0 for no reason
}

// OutcomeOf reads a call back's form.
func OutcomeOf(form url.Values) Outcome {
	code, _ := strconv.Atoi(form.Get("ErrorCode"))
	return Outcome{ID: form.Get("MessageSid"), Status: form.Get("MessageStatus"), Code: code}
}

// The providers' codes that say something about a number or its owner for good.
var (
	noNumber = []int{21211, 21214, 21217, 21407, 21612, 21614, 30005, 30006}
	optedOut = []int{21610}
)

// NoSuchNumber says whether a code means that no text message ever reaches the number: it is none, or no mobile's.
func NoSuchNumber(code int) bool { return slices.Contains(noNumber, code) }

// OptedOut says whether a code means that the number's owner asked the provider for no more.
func OptedOut(code int) bool { return slices.Contains(optedOut, code) }
