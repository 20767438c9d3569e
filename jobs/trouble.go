package jobs

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/textproto"
	"regexp"
	"strconv"
	"strings"
	"syscall"

	"github.com/wneessen/go-mail"
)

// troubleOf puts what the mail library or the network said into words.
func troubleOf(err error) *Trouble {
	if trouble := new(Trouble); errors.As(err, &trouble) {
		return trouble
	}
	if refused := new(mail.SendError); errors.As(err, &refused) && refused.ErrorCode() != 0 {
		return refusal(refused.ErrorCode(), refused.EnhancedStatusCode())
	}
	if said := new(textproto.Error); errors.As(err, &said) {
		return unwelcome(said.Code, enhanced.FindString(said.Msg))
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, net.ErrClosed) {
		return &Trouble{Reason: "Sending was interrupted.", cause: context.Canceled}
	}
	return &Trouble{Reason: silence(err)}
}

var enhanced = regexp.MustCompile(`^[45]\.\d{1,3}\.\d{1,3}\b`)

// refusal is the server's answer to a letter: 4xx asks for patience, 5xx is final.
func refusal(code int, detail string) *Trouble {
	trouble := &Trouble{Code: strings.TrimSpace(strconv.Itoa(code) + " " + detail), Final: code >= 500}
	class, subject, _ := strings.Cut(detail, ".")
	switch {
	case class == "5" && (subject == "1.1" || subject == "1.2" || subject == "1.3" || subject == "1.6" || subject == "1.10" || subject == "2.1"):
		trouble.Reason, trouble.NoSuch = "The client's e-mail address does not exist.", true
	case subject == "2.2":
		trouble.Reason = "The client's mailbox is full."
	case strings.HasPrefix(subject, "7."):
		trouble.Reason = "The mail server refused the message by its rules."
	case code == 552 || subject == "3.4":
		trouble.Reason = "The message is too large for the mail server."
	case !trouble.Final:
		trouble.Reason = "The mail server asked to try again later."
	case code == 550 || code == 551 || code == 553:
		trouble.Reason = "The mail server does not accept the client's e-mail address."
	default:
		trouble.Reason = "The mail server refused the message."
	}
	return trouble
}

// unwelcome is the server's answer before it heard of a letter: that says something about us, not about the client,
// and somebody will put it right, so it is never final.
func unwelcome(code int, detail string) *Trouble {
	trouble := &Trouble{Code: strings.TrimSpace(strconv.Itoa(code) + " " + detail)}
	switch code {
	case 454, 530, 534, 535, 538:
		trouble.Reason = "The mail server did not accept our user name and password."
	default:
		trouble.Reason = "The mail server takes no messages now."
	}
	return trouble
}

// silence is trouble without an answer.
func silence(err error) string {
	var (
		lookup      *net.DNSError
		certificate *tls.CertificateVerificationError
		authority   x509.UnknownAuthorityError
		record      tls.RecordHeaderError
		network     net.Error
	)
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "The mail server is not there: the connection was refused."
	case errors.As(err, &lookup):
		return "The mail server's name is not known."
	case errors.As(err, &certificate), errors.As(err, &authority):
		return "The mail server's certificate is not valid."
	case errors.As(err, &record):
		return "The mail server does not speak TLS on this port."
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return "The mail server did not answer in time."
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "The mail server broke off the connection."
	case strings.Contains(err.Error(), "STARTTLS"): // the library has no type for it
		return "The mail server offers no encryption, and we must not do without."
	case strings.Contains(err.Error(), "AUTH"), strings.Contains(err.Error(), "auth"):
		return "The mail server offers no way to sign in that is safe to use."
	case errors.Is(err, mail.ErrNoActiveConnection):
		return "The mail server broke off the connection."
	}
	return "The mail server cannot be reached."
}
