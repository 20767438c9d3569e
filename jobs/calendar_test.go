package jobs

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message/mail"
	"github.com/jackc/pgx/v5/pgxpool"

	"purplecross/db"
	"purplecross/db/dbtest"
)

// workWithLinks starts a client whose letters carry links.
func workWithLinks(t *testing.T, pool *pgxpool.Pool, smtpURL string) *Client {
	t.Helper()
	client, err := New(pool, Options{Work: true, SMTPURL: smtpURL, BaseURL: "https://harbour.example/", SecretKey: "key", Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = client.Stop(ctx)
	})
	return client
}

// attached is the calendar that a letter carries.
func attached(t *testing.T, source string) (kind string, lines []string) {
	t.Helper()
	reader, err := mail.CreateReader(strings.NewReader(source))
	if err != nil {
		t.Fatal(err)
	}
	for {
		part, err := reader.NextPart()
		if err != nil {
			t.Fatalf("no calendar is attached: %v", err)
		}
		if _, is := part.Header.(*mail.AttachmentHeader); !is {
			continue
		}
		var body strings.Builder
		buffer := make([]byte, 4096)
		for {
			n, err := part.Body.Read(buffer)
			body.Write(buffer[:n])
			if err != nil {
				break
			}
		}
		unfolded := strings.ReplaceAll(body.String(), "\r\n ", "")
		return part.Header.Get("Content-Type"), strings.Split(strings.TrimSuffix(unfolded, "\r\n"), "\r\n")
	}
}

func value(lines []string, name string) string {
	for _, line := range lines {
		if rest, is := strings.CutPrefix(line, name+":"); is {
			return rest
		}
	}
	return ""
}

func TestAVisitStaysOneEntryOfTheClientsCalendarUntilItIsCancelled(t *testing.T) {
	pool := dbtest.New(t)
	office := openPostOffice(t, "127.0.0.1:0")
	client := workWithLinks(t, pool, office.url)
	visit := bookVisit(t, pool)
	say := func(kind db.MessageKind, change string) (string, []string) {
		t.Helper()
		if _, err := pool.Exec(t.Context(), change); err != nil {
			t.Fatal(err)
		}
		untilStatus(t, pool, tell(t, pool, client, kind, visit).ID, db.MessageSent)
		letters := office.letters()
		return attached(t, letters[len(letters)-1])
	}

	kind, booked := say(db.MessageVisitConfirmation, `select 1`)
	if !strings.Contains(kind, "text/calendar") || !strings.Contains(kind, "method=PUBLISH") || value(booked, "METHOD") != "PUBLISH" {
		t.Errorf("it is sent as %q, method %q", kind, value(booked, "METHOD"))
	}
	var starts time.Time
	if err := pool.QueryRow(t.Context(), `select starts_at from appointment`).Scan(&starts); err != nil {
		t.Fatal(err)
	}
	if value(booked, "DTSTART") != starts.UTC().Format("20060102T150405Z") || value(booked, "SUMMARY") != "Coco: Vaccination" || value(booked, "LOCATION") != `Harbour Vets\, 1 Quay Street\, Boulder` {
		t.Errorf("the entry is %q", booked)
	}
	_, moved := say(db.MessageVisitMoved, `update appointment set starts_at = starts_at + interval '1 hour', ends_at = ends_at + interval '1 hour', version = version + 1`)
	kind, cancelled := say(db.MessageVisitCancelled, `update appointment set status = 'cancelled', cancelled_at = now(), version = version + 1`)
	for _, later := range [][]string{moved, cancelled} {
		if value(later, "UID") != value(booked, "UID") {
			t.Errorf("the visit's UID was %q and is %q", value(booked, "UID"), value(later, "UID"))
		}
	}
	if value(booked, "SEQUENCE") != "1" || value(moved, "SEQUENCE") != "2" || value(cancelled, "SEQUENCE") != "3" {
		t.Errorf("the changes count %s, %s, %s", value(booked, "SEQUENCE"), value(moved, "SEQUENCE"), value(cancelled, "SEQUENCE"))
	}
	if !strings.Contains(kind, "method=CANCEL") || value(cancelled, "METHOD") != "CANCEL" || value(cancelled, "STATUS") != "CANCELLED" {
		t.Errorf("cancelled it is %q: %q", kind, cancelled)
	}
}

func TestALetterCarriesAWayToEndLetters(t *testing.T) {
	pool := dbtest.New(t)
	office := openPostOffice(t, "127.0.0.1:0")
	client := workWithLinks(t, pool, office.url)
	message := untilStatus(t, pool, tell(t, pool, client, db.MessageVisitConfirmation, bookVisit(t, pool)).ID, db.MessageSent)

	source := office.letters()[0]
	link := regexp.MustCompile(`List-Unsubscribe: <https://harbour\.example/preferences/([A-Za-z0-9_-]{43})>`).FindStringSubmatch(strings.ReplaceAll(source, "\r\n ", " "))
	if link == nil || !strings.Contains(source, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n") {
		t.Fatalf("the letter has no way out: %.800s", source)
	}
	preferences, err := db.PreferencesByToken(t.Context(), pool, link[1])
	if err != nil || preferences.ClientID != *message.ClientID {
		t.Errorf("the link leads to client %d (%v)", preferences.ClientID, err)
	}
	if !strings.Contains(message.Body, "https://harbour.example/preferences/"+link[1]) {
		t.Error("the text does not tell the link")
	}
}

func TestALetterThatMentionsNobodyLeavesOutTheLink(t *testing.T) {
	nobody := db.Message{}
	if link := (links{base: "https://harbour.example", secret: "key"}).preferences(nobody); link != "" {
		t.Errorf("it is %q", link)
	}
}

func TestLongAndStrangeNamesStayWithinTheirCalendarLine(t *testing.T) {
	at := time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	facts := db.MessageFacts{Visits: []db.VisitFacts{{PatientName: strings.Repeat("Zoë;", 40) + "\nBEGIN:VEVENT", TypeName: "Check", StartsAt: at, EndsAt: at.Add(time.Hour)}}}

	_, source := calendar(db.MessageVisitReminder, facts, at)

	for line := range strings.SplitSeq(strings.TrimSuffix(source, "\r\n"), "\r\n") {
		if len(line) > 75 {
			t.Errorf("a line has %d octets: %s", len(line), line)
		}
	}
	if strings.Count(source, "\r\nBEGIN:VEVENT") != 1 {
		t.Error("a name began an entry of its own")
	}
	summary := value(strings.Split(strings.ReplaceAll(source, "\r\n ", ""), "\r\n"), "SUMMARY")
	if want := strings.Repeat(`Zoë\;`, 40) + `\nBEGIN:VEVENT: Check`; summary != want {
		t.Errorf("the summary is %q", summary)
	}
}
