package mailbox

import (
	"errors"
	"log/slog"
	"net/smtp"
	"strings"
	"testing"
)

func open(t *testing.T, dir string) *Server {
	t.Helper()
	box, err := Start(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	return box
}

const inTwoParts = "From: =?utf-8?q?Harbour_V=C3=A9ts?= <desk@harbour.example>\r\nTo: zoe@example.com\r\nSubject: =?utf-8?q?Zo=C3=AB?=\r\n" +
	"Message-ID: <one@harbour.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n" +
	"--x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nHello Zo=C3=AB\r\n" +
	"--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hello Zoë</p>\r\n--x--\r\n"

func TestAMessageSentInOneProcessIsReadInAnother(t *testing.T) {
	dir := t.TempDir()
	worker, web := open(t, dir), open(t, dir)

	address := strings.TrimSuffix(strings.TrimPrefix(worker.URL(), "smtp://"), "?tls=none")
	err := smtp.SendMail(address, nil, "desk@harbour.example", []string{"zoe@example.com"}, []byte(inTwoParts))
	if err != nil {
		t.Fatal(err)
	}
	mail, err := web.Wait(t.Context(), func(m Mail) bool { return m.Subject == "Zoë" })
	if err != nil {
		t.Fatal(err)
	}

	if strings.TrimSpace(mail.Text) != "Hello Zoë" || strings.TrimSpace(mail.HTML) != "<p>Hello Zoë</p>" || mail.MessageID != "one@harbour.example" {
		t.Errorf("it reads %+v", mail)
	}
	if !strings.Contains(mail.Source, "Delivered-To: zoe@example.com") || mail.From != "Harbour Véts <desk@harbour.example>" {
		t.Errorf("from %q, source:\n%s", mail.From, mail.Source)
	}
	if err := web.Delete(mail.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := worker.Get(mail.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("a deleted message is answered %v", err)
	}
}

func TestTheMailboxKeepsTheNewestAndLeadsNowhereElse(t *testing.T) {
	box := open(t, t.TempDir())
	for range kept + 3 {
		if err := box.keep("a@example.com", []string{"b@example.com"}, []byte("Subject: x\r\n\r\nx\r\n")); err != nil {
			t.Fatal(err)
		}
	}

	mails, err := box.List()
	if err != nil || len(mails) != kept || mails[0].ID < mails[1].ID {
		t.Errorf("%d messages are listed (%v)", len(mails), err)
	}
	for _, id := range []string{"../../etc/passwd", "", "..", mails[0].ID + "/../x"} {
		if _, err := box.Get(id); !errors.Is(err, ErrNotFound) {
			t.Errorf("%q is answered %v", id, err)
		}
	}
	if err := box.Clear(); err != nil {
		t.Fatal(err)
	}
	if mails, _ = box.List(); len(mails) != 0 {
		t.Errorf("%d messages are left", len(mails))
	}
}
