package jobs

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message/mail"
	"github.com/jackc/pgx/v5"

	"purplecross/db"
	"purplecross/db/dbtest"
)

func TestAVaccinationCertificateIsSentAsAPDFOfWhatWasGiven(t *testing.T) {
	pool, office := dbtest.New(t), openPostOffice(t, "127.0.0.1:0")
	bookVisit(t, pool)
	client := work(t, pool, office.url)
	var patient int64
	if err := pool.QueryRow(t.Context(), `select id from patient`).Scan(&patient); err != nil {
		t.Fatal(err)
	}
	send := func() (message db.Message, err error) {
		err = db.InTx(t.Context(), pool, func(tx pgx.Tx) (err error) {
			if message, err = db.AddCertificateMessage(t.Context(), tx, patient, time.Now()); err != nil {
				return err
			}
			return client.EnqueueMessage(t.Context(), tx, message.ID)
		})
		return message, err
	}
	if _, err := send(); err == nil || !strings.Contains(err.Error(), "No vaccination is on record.") {
		t.Errorf("a certificate of nothing is answered %v", err)
	}
	_, err := pool.Exec(t.Context(), `
		insert into treatment (patient_id, kind, product, lot, given_on, next_due)
		values ($1, 'vaccination', 'Nobivac 🐾 Rabies', 'A12', '2026-03-01', '2027-03-01'), ($1, 'medication', 'Carprofen', '', '2026-03-01', null)`, patient)
	if err != nil {
		t.Fatal(err)
	}

	message, err := send()
	if err != nil {
		t.Fatal(err)
	}

	message = untilStatus(t, pool, message.ID, db.MessageSent)
	if message.Subject != "Vaccination certificate of Coco" {
		t.Errorf("its subject is %q", message.Subject)
	}
	reader, err := mail.CreateReader(strings.NewReader(office.letters()[0]))
	if err != nil {
		t.Fatal(err)
	}
	for {
		part, err := reader.NextPart()
		if err != nil {
			t.Fatalf("no PDF is attached: %v", err)
		}
		header, is := part.Header.(*mail.AttachmentHeader)
		if !is {
			continue
		}
		name, _ := header.Filename()
		file, err := io.ReadAll(part.Body)
		if err != nil || name != "vaccinations.pdf" || !bytes.HasPrefix(file, []byte("%PDF-")) || !bytes.Contains(file, []byte("%%EOF")) || len(file) > 200_000 {
			t.Errorf("%s of %d bytes is attached (%v)", name, len(file), err)
		}
		break
	}
	facts, err := db.GetCertificateFacts(t.Context(), pool, patient)
	if err != nil || len(facts.Vaccinations) != 1 || facts.Vaccinations[0].Lot != "A12" {
		t.Errorf("it lists %+v (%v)", facts.Vaccinations, err)
	}
}
