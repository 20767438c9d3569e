package jobs

import (
	"context"
	"errors"
	netmail "net/mail"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"
)

var anEnvelope = envelope{
	letter:    Letter{Subject: "Visit booked: Coco", Text: "text", HTML: "<p>html</p>"},
	from:      netmail.Address{Name: "Harbour Vets", Address: "desk@harbour.example"},
	to:        netmail.Address{Name: "Zoë Court", Address: "zoe@example.com"},
	messageID: "abc@harbour.example", dedupeKey: "visit_confirmation:1",
}

func TestEachRefusalHasWordsAndIsFinalOnlyWhereTryingAgainWouldNotHelp(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer func(*postOffice)
		reason string
		code   string
		final  bool
	}{
		{"full house", func(p *postOffice) { p.greeting = answer(421, 4, 3, 2) }, "The mail server takes no messages now.", "421", false},
		{"greylisted", func(p *postOffice) { p.address = answer(450, 4, 7, 1) }, "The mail server refused the message by its rules.", "450 4.7.1", false},
		{"busy", func(p *postOffice) { p.address = answer(451, 4, 3, 0) }, "The mail server asked to try again later.", "451 4.3.0", false},
		{"mailbox full", func(p *postOffice) { p.address = answer(452, 4, 2, 2) }, "The client's mailbox is full.", "452 4.2.2", false},
		{"no such person", func(p *postOffice) { p.address = answer(550, 5, 1, 1) }, "The client's e-mail address does not exist.", "550 5.1.1", true},
		{"spam, it thinks", func(p *postOffice) { p.after = answer(554, 5, 7, 1) }, "The mail server refused the message by its rules.", "554 5.7.1", true},
		{"hangs up", func(p *postOffice) { p.dropAtData = true }, "The mail server broke off the connection.", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			office := openPostOffice(t, "127.0.0.1:0")
			c.answer(office)
			server, err := parseServer(office.url, false)
			if err != nil {
				t.Fatal(err)
			}

			err = newMailRoom(server).send(t.Context(), anEnvelope)

			trouble := new(Trouble)
			if !errors.As(err, &trouble) {
				t.Fatalf("the answer is %v", err)
			}
			if trouble.Reason != c.reason || !strings.HasPrefix(trouble.Code, c.code) || trouble.Final != c.final {
				t.Errorf("it says %q, code %q, final %v", trouble.Reason, trouble.Code, trouble.Final)
			}
			if strings.Contains(trouble.Said(), "zoe") || strings.Contains(trouble.Said(), "server's own words") {
				t.Errorf("it repeats the server: %s", trouble.Said())
			}
		})
	}
}

func answer(code int, a, b, c int) *smtp.SMTPError {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{a, b, c}, Message: "<zoe@example.com> server's own words"}
}

func TestAHangingMailServerIsLeftWhenTheJobIsCancelled(t *testing.T) {
	office := openPostOffice(t, "127.0.0.1:0")
	office.hang = make(chan struct{})
	defer close(office.hang)
	server, err := parseServer(office.url, false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-office.hanging
		cancel()
	}()

	err = newMailRoom(server).send(ctx, anEnvelope)

	if err == nil || err.Error() != "Sending was interrupted." {
		t.Errorf("the answer is %v", err)
	}
}

func TestMailAddressesOfServers(t *testing.T) {
	for _, c := range []struct {
		address    string
		production bool
		want       mailServer
		refused    string
	}{
		{"smtp://mail.example", false, mailServer{host: "mail.example", port: 587, tls: "opportunistic"}, ""},
		{"smtp://u:p%40ss@mail.example:2525", true, mailServer{host: "mail.example", port: 2525, user: "u", password: "p@ss", tls: "mandatory"}, ""},
		{"smtps://mail.example", true, mailServer{host: "mail.example", port: 465, tls: "implicit"}, ""},
		{"smtp://127.0.0.1:25?tls=none", true, mailServer{host: "127.0.0.1", port: 25, tls: "none"}, ""},
		{"smtp://secret:hush@mail.example?tls=none", true, mailServer{}, "must not turn encryption off"},
		{"smtp://secret:hush@mail.example?tls=maybe", false, mailServer{}, "can be mandatory"},
		{"http://secret:hush@mail.example", false, mailServer{}, "must look like"},
		{"smtp://secret:hush@mail.example:99999", false, mailServer{}, "no valid port"},
	} {
		got, err := parseServer(c.address, c.production)
		switch {
		case c.refused == "" && (err != nil || got != c.want):
			t.Errorf("%s: %+v, %v", c.address, got, err)
		case c.refused != "" && (err == nil || !strings.Contains(err.Error(), c.refused) || strings.Contains(err.Error(), "hush")):
			t.Errorf("%s is answered %v", c.address, err)
		}
	}
}
