package jobs

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"purplecross/db"
	"purplecross/db/dbtest"
)

func TestMain(m *testing.M) {
	workerMain()
	dbtest.Main(m)
}

var quiet = slog.New(slog.DiscardHandler)

// bookVisit writes down a household with one pet and a visit in two days, and answers the visit's id.
func bookVisit(t *testing.T, pool *pgxpool.Pool) int64 {
	t.Helper()
	var id int64
	err := pool.QueryRow(t.Context(), `
		with clinic as (
		  insert into clinic (name, phone, email, address)
		  values ('Harbour Vets', '(970) 555-0100', 'desk@harbour.example', '1 Quay Street, Boulder')
		  on conflict do nothing
		), vet as (
		  insert into staff (email, display_name, initials, role, password_hash)
		  values ('lund@harbour.example', 'Dr Lund', 'DL', 'vet', '')
		  returning id
		), kind as (
		  insert into appointment_type (name, minutes)
		  values ('Vaccination', 20)
		  returning id
		), client as (
		  insert into client (first_name, last_name, email)
		  values ('Zoë', 'Court', 'zoe@example.com')
		  returning id
		), patient as (
		  insert into patient (client_id, name, species)
		  select id, 'Coco', 'dog' from client
		  returning id, client_id
		)
		insert into appointment (client_id, patient_id, type_id, vet_id, starts_at, ends_at)
		select patient.client_id, patient.id, kind.id, vet.id, date_trunc('hour', now()) + interval '2 days',
		       date_trunc('hour', now()) + interval '2 days 20 minutes'
		  from patient, kind, vet
		returning id`).Scan(&id)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// tell writes a message about the visit and gives it its job, as booking does.
func tell(t *testing.T, pool *pgxpool.Pool, client *Client, kind db.MessageKind, visit int64) db.Message {
	t.Helper()
	var message db.Message
	err := db.InTx(t.Context(), pool, func(tx pgx.Tx) (err error) {
		if message, _, err = db.AddVisitMessage(t.Context(), tx, kind, visit); err != nil {
			return err
		}
		return client.EnqueueMessage(t.Context(), tx, message.ID)
	})
	if err != nil {
		t.Fatal(err)
	}
	return read(t, pool, message.ID)
}

// tellMany writes so many households' confirmations down, each with its job. No reminder is due yet.
func tellMany(t *testing.T, pool *pgxpool.Pool, count int) {
	t.Helper()
	bookVisit(t, pool)
	client := insertOnly(t, pool)
	const bite = 500
	for from := 1; from <= count; from += bite {
		rows, _ := pool.Query(t.Context(), `
			with client as (
			  insert into client (first_name, last_name, email)
			  select 'Zoë', 'Court', 'zoe' || n || '@example.com' from generate_series($1::int, $2) n
			  returning id
			), patient as (
			  insert into patient (client_id, name, species)
			  select id, 'Coco', 'dog' from client
			  returning id, client_id
			)
			insert into appointment (client_id, patient_id, type_id, starts_at, ends_at)
			select patient.client_id, patient.id, kind.id, now() + interval '5 days', now() + interval '5 days 20 minutes'
			  from patient, appointment_type kind
			returning id`, from, min(from+bite-1, count))
		visits, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			t.Fatal(err)
		}
		for _, visit := range visits {
			tell(t, pool, client, db.MessageVisitConfirmation, visit)
		}
	}
}

func read(t *testing.T, pool *pgxpool.Pool, id int64) db.Message {
	t.Helper()
	message, err := db.GetMessage(context.WithoutCancel(t.Context()), pool, id)
	if err != nil {
		t.Fatal(err)
	}
	return message
}

// work starts a client that works the queues until the test ends.
func work(t *testing.T, pool *pgxpool.Pool, smtpURL string) *Client {
	t.Helper()
	client, err := New(pool, Options{Work: true, SMTPURL: smtpURL, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := client.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	return client
}

// insertOnly is the client of a web process.
func insertOnly(t *testing.T, pool *pgxpool.Pool) *Client {
	t.Helper()
	client, err := New(pool, Options{Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// until asks again and again until it is so.
func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-ctx.Done():
			t.Fatalf("it never came about that %s", what)
		case <-tick.C:
		}
	}
}

func untilStatus(t *testing.T, pool *pgxpool.Pool, id int64, status db.MessageStatus) db.Message {
	t.Helper()
	var message db.Message
	until(t, "the message is "+string(status), func() bool {
		message = read(t, pool, id)
		return message.Status == status
	})
	return message
}

func jobState(t *testing.T, pool *pgxpool.Pool, id int64) string {
	t.Helper()
	var state string
	if err := pool.QueryRow(t.Context(), `select state from river_job where id = $1`, id).Scan(&state); err != nil {
		t.Fatal(err)
	}
	return state
}

// postOffice is a mail server that answers as it is told.
type postOffice struct {
	url string

	mutex             sync.Mutex
	taken             []string // sources of the letters it said yes to
	refuses           string   // an address that it does not know
	greeting, address *smtp.SMTPError
	after             error // said after the letter was taken
	hang              chan struct{}
	hanging           chan struct{}
	dropAtData        bool
	conns             []net.Conn
}

// openPostOffice listens on an address of loopback; port 0 is any.
func openPostOffice(t *testing.T, address string) *postOffice {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	p := &postOffice{url: "smtp://" + listener.Addr().String(), hanging: make(chan struct{}, 10)}
	server := smtp.NewServer(smtp.BackendFunc(func(conn *smtp.Conn) (smtp.Session, error) {
		p.mutex.Lock()
		defer p.mutex.Unlock()
		if p.greeting != nil {
			return nil, p.greeting
		}
		p.conns = append(p.conns, conn.Conn())
		return &counter{office: p, conn: conn}, nil
	}))
	server.ErrorLog = slog.NewLogLogger(quiet.Handler(), slog.LevelDebug)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return p
}

func (p *postOffice) letters() []string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return append([]string(nil), p.taken...)
}

func (p *postOffice) count() int {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return len(p.taken)
}

// hangUpOnAll ends every conversation, as a server does that was restarted.
func (p *postOffice) hangUpOnAll() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for _, conn := range p.conns {
		_ = conn.Close()
	}
}

// counter is one conversation.
type counter struct {
	office *postOffice
	conn   *smtp.Conn
}

func (c *counter) Mail(string, *smtp.MailOptions) error { return nil }
func (c *counter) Reset()                               {}
func (c *counter) Logout() error                        { return nil }

func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.office.mutex.Lock()
	defer c.office.mutex.Unlock()
	if c.office.refuses != "" && to == c.office.refuses {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such person"}
	}
	if c.office.address != nil {
		return c.office.address
	}
	return nil
}

func (c *counter) Data(r io.Reader) error {
	source, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if c.office.hang != nil {
		c.office.hanging <- struct{}{}
		<-c.office.hang
	}
	c.office.mutex.Lock()
	defer c.office.mutex.Unlock()
	if c.office.dropAtData {
		_ = c.conn.Conn().Close()
		return errors.New("gone")
	}
	c.office.taken = append(c.office.taken, string(source))
	return c.office.after
}
