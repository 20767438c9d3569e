package jobs

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

const (
	// A connection waits this long for the next letter. Servers hang up on idle ones after minutes, some after seconds.
	keepIdle = 10 * time.Second
	// Servers end a conversation after some hundreds of letters; so do we, at a moment of our own choosing.
	lettersEach = 100
)

// mailRoom keeps connections to the mail server open between letters: most of a letter's time is the greeting, the
// encryption and the signing in. One letter has a connection for itself, so there are as many as jobs at once at most.
type mailRoom struct {
	server mailServer

	mutex  sync.Mutex
	idle   []*line // the last used last
	closed bool
	dialed int // so far
}

// line is one connection, signed in.
type line struct {
	client  *mail.Client
	talk    *smtp.Client
	conn    *heard
	letters int
	expiry  *time.Timer // while it is idle
}

func newMailRoom(server mailServer) *mailRoom { return &mailRoom{server: server} }

// deliver hands a letter to the server, on a connection that is there or a new one.
func (r *mailRoom) deliver(ctx context.Context, message *mail.Msg) error {
	on, err := r.take(ctx)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = on.conn.Close() }) // a hanging server must not outlast the job
	err = on.client.SendWithSMTPClient(on.talk, message)
	on.letters++
	switch undisturbed := stop(); {
	case err != nil:
		_ = on.conn.Close() // what a server in trouble would say to a farewell is not worth waiting for
		return errors.Join(err, on.conn.trouble())
	case undisturbed && on.letters < lettersEach:
		r.put(on)
	default:
		on.hangUp()
	}
	return nil
}

// take is the connection used last that still answers, or a new one.
func (r *mailRoom) take(ctx context.Context) (*line, error) {
	for {
		r.mutex.Lock()
		if len(r.idle) == 0 {
			r.dialed++
			r.mutex.Unlock()
			return r.dial(ctx)
		}
		on := r.idle[len(r.idle)-1]
		r.idle = r.idle[:len(r.idle)-1]
		r.mutex.Unlock()
		if on.expiry.Stop() && on.answers(ctx) {
			return on, nil
		}
		_ = on.conn.Close()
	}
}

// answers asks the server whether it is still there: it may have hung up meanwhile.
func (l *line) answers(ctx context.Context) bool {
	stop := context.AfterFunc(ctx, func() { _ = l.conn.Close() })
	defer stop()
	return l.talk.UpdateDeadline(patience) == nil && l.talk.Noop() == nil
}

func (r *mailRoom) put(on *line) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.closed {
		on.hangUp()
		return
	}
	on.expiry = time.AfterFunc(keepIdle, func() {
		r.mutex.Lock()
		at := slices.Index(r.idle, on)
		if at >= 0 {
			r.idle = slices.Delete(r.idle, at, at+1)
		}
		r.mutex.Unlock()
		if at >= 0 {
			on.hangUp()
		}
	})
	r.idle = append(r.idle, on)
}

// close takes leave of the server.
func (r *mailRoom) close() {
	r.mutex.Lock()
	idle := r.idle
	r.idle, r.closed = nil, true
	r.mutex.Unlock()
	for _, on := range idle {
		on.expiry.Stop()
		on.hangUp()
	}
}

// hangUp says goodbye, within a second.
func (l *line) hangUp() {
	_ = l.talk.UpdateDeadline(time.Second)
	_ = l.talk.Quit()
	_ = l.conn.Close()
}

// dial opens a connection and signs in.
func (r *mailRoom) dial(ctx context.Context) (*line, error) {
	on := &line{}
	// The library looks at the context only until it is connected; the greeting may hang too.
	stop := func() bool { return true }
	connect := func(dialing context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(dialing, network, address)
		if err != nil {
			return nil, err
		}
		on.conn = &heard{Conn: conn}
		stop = context.AfterFunc(ctx, func() { _ = conn.Close() })
		if r.server.tls != "implicit" {
			return on.conn, nil
		}
		secure := tls.Client(on.conn, &tls.Config{ServerName: r.server.host, MinVersion: tls.VersionTLS12})
		return secure, secure.HandshakeContext(dialing)
	}
	var err error
	if on.client, err = mail.NewClient(r.server.host, append(r.server.options(), mail.WithDialContextFunc(connect))...); err != nil {
		return nil, &Trouble{Reason: "The mail server's address (SMTP_URL) cannot be used."}
	}
	on.talk, err = on.client.DialToSMTPClientWithContext(ctx)
	if !stop() && err == nil {
		err = context.Canceled
	}
	if err != nil && on.conn != nil {
		_ = on.conn.Close()
		err = errors.Join(err, on.conn.trouble())
	}
	return on, err
}

// heard is a connection that remembers what went wrong on it: the library's errors do not say.
type heard struct {
	net.Conn
	wrong atomic.Pointer[error]
}

// Read notes what goes wrong.
func (h *heard) Read(b []byte) (int, error) { n, err := h.Conn.Read(b); return n, h.note(err) }

// Write notes what goes wrong.
func (h *heard) Write(b []byte) (int, error) { n, err := h.Conn.Write(b); return n, h.note(err) }

func (h *heard) note(err error) error {
	if err != nil {
		h.wrong.CompareAndSwap(nil, &err)
	}
	return err
}

// trouble is what went wrong first, nil when nothing did.
func (h *heard) trouble() error {
	if wrong := h.wrong.Load(); wrong != nil {
		return *wrong
	}
	return nil
}
