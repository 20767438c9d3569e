// Package mailbox is the mail server of a developer's machine: a real SMTP server on loopback that delivers to nobody
// and keeps what it gets in a folder, where pages and tests read it. Several processes may share the folder.
package mailbox

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"

	"purplecross/internal/report"
)

const (
	kept     = 500      // messages; the oldest go first
	largest  = 10 << 20 // bytes of one message
	lookAway = 100 * time.Millisecond
)

// ErrNotFound says that no such message is in the mailbox.
var ErrNotFound = errors.New("no such message in the mailbox")

// Server is the mailbox: it takes messages by SMTP and shows them.
type Server struct {
	dir  string
	smtp *smtp.Server
	addr net.Addr
	log  *slog.Logger

	mutex   sync.Mutex
	arrived chan struct{} // closed at each arrival
}

// Start opens the mailbox in a folder, which is made when missing, and listens on a free port of 127.0.0.1.
func Start(dir string, log *slog.Logger) (*Server, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open mailbox: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open mailbox: %w", err)
	}

	s := &Server{dir: dir, addr: listener.Addr(), log: log, arrived: make(chan struct{})}
	s.smtp = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{server: s}, nil }))
	s.smtp.Domain = "mailbox.localhost"
	s.smtp.MaxMessageBytes = largest
	s.smtp.MaxRecipients = 100
	s.smtp.ReadTimeout, s.smtp.WriteTimeout = time.Minute, time.Minute
	s.smtp.EnableSMTPUTF8 = true
	s.smtp.ErrorLog = slog.NewLogLogger(log.Handler(), slog.LevelDebug)
	report.Go(context.Background(), "mailbox", "serve", func(context.Context) error {
		if err := s.smtp.Serve(listener); err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			return err
		}
		return nil
	})
	return s, nil
}

// URL is the mailbox as SMTP_URL.
func (s *Server) URL() string { return "smtp://" + s.addr.String() + "?tls=none" }

// Close stops listening. Messages stay in the folder.
func (s *Server) Close() error { return s.smtp.Close() }

// List is every message, newest first, without its parts.
func (s *Server) List() ([]Mail, error) {
	names, err := s.names()
	if err != nil {
		return nil, err
	}
	mails := make([]Mail, 0, len(names))
	for _, name := range slices.Backward(names) {
		mail, err := s.read(name, false)
		if errors.Is(err, ErrNotFound) {
			continue // deleted meanwhile
		}
		if err != nil {
			return nil, err
		}
		mails = append(mails, mail)
	}
	return mails, nil
}

// Get is one message with its parts and source.
func (s *Server) Get(id string) (Mail, error) { return s.read(id, true) }

// Delete removes one message.
func (s *Server) Delete(id string) error {
	path, err := s.path(id)
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil {
		return gone(err)
	}
	return nil
}

// Clear removes every message.
func (s *Server) Clear() error {
	names, err := s.names()
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := s.Delete(name); err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	return nil
}

// Wait answers the newest message that match accepts as soon as there is one.
func (s *Server) Wait(ctx context.Context, match func(Mail) bool) (Mail, error) {
	for {
		s.mutex.Lock()
		arrived := s.arrived
		s.mutex.Unlock()

		mails, err := s.List()
		if err != nil {
			return Mail{}, err
		}
		for _, mail := range mails {
			if match(mail) {
				return s.Get(mail.ID)
			}
		}
		select {
		case <-ctx.Done():
			return Mail{}, fmt.Errorf("wait for mail: %w", ctx.Err())
		case <-arrived:
		case <-time.After(lookAway): // another process may have put it there
		}
	}
}

// keep writes a message down under its moment, whole or not at all.
func (s *Server) keep(from string, to []string, source []byte) error {
	at := time.Now().UTC()
	id := at.Format("20060102T150405.000000000") + "-" + strings.ToLower(rand.Text()[:6])
	temporary := filepath.Join(s.dir, id+".part")
	head := fmt.Sprintf("Return-Path: <%s>\r\nDelivered-To: %s\r\nReceived: by mailbox.localhost; %s\r\n",
		from, strings.Join(to, ", "), at.Format(time.RFC1123Z))
	if err := os.WriteFile(temporary, append([]byte(head), source...), 0o600); err != nil {
		return err
	}
	if err := os.Rename(temporary, filepath.Join(s.dir, id+suffix)); err != nil {
		return err
	}

	s.mutex.Lock()
	close(s.arrived)
	s.arrived = make(chan struct{})
	s.mutex.Unlock()
	return s.forgetOldest()
}

func (s *Server) forgetOldest() error {
	names, err := s.names()
	if err != nil || len(names) <= kept {
		return err
	}
	for _, name := range names[:len(names)-kept] {
		if err := s.Delete(name); err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	return nil
}

const suffix = ".eml"

// ids are times with a random tail, so they sort by age and lead nowhere else.
var idForm = regexp.MustCompile(`^\d{8}T\d{6}\.\d{9}-[a-z2-7]{6}$`)

func (s *Server) path(id string) (string, error) {
	if !idForm.MatchString(id) {
		return "", ErrNotFound
	}
	return filepath.Join(s.dir, id+suffix), nil
}

// names are the ids in the folder, oldest first.
func (s *Server) names() ([]string, error) {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return nil, fmt.Errorf("read mailbox: %w", err)
	}
	names := make([]string, 0, len(entries))
	for _, entry := range entries {
		if id, is := strings.CutSuffix(entry.Name(), suffix); is && idForm.MatchString(id) {
			names = append(names, id)
		}
	}
	return names, nil
}

func gone(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return ErrNotFound
	}
	return fmt.Errorf("mailbox: %w", err)
}

// session is one conversation with a sender.
type session struct {
	server *Server
	from   string
	to     []string
}

func (c *session) Mail(from string, _ *smtp.MailOptions) error {
	c.from = from
	return nil
}

func (c *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.to = append(c.to, to)
	return nil
}

func (c *session) Data(r io.Reader) error {
	source, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := c.server.keep(c.from, c.to, source); err != nil {
		c.server.log.Error("mailbox cannot keep a message", "error", err)
		return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 3, 1}, Message: "No space for the message"}
	}
	return nil
}

func (c *session) Reset()        { c.from, c.to = "", nil }
func (c *session) Logout() error { return nil }
