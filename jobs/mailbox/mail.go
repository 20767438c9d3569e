package mailbox

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // other programs' mail may come in any
	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-message/textproto"
)

// Mail is a message in the mailbox.
type Mail struct {
	ID        string
	At        time.Time // when it came
	From      string    // as its header says
	To        string    // as its header says
	Subject   string
	MessageID string // without angle brackets
	Size      int64  // bytes

	// Only Get fills these.
	Text   string
	HTML   string
	Source string
}

// Header is the value of a header of the source, "" when it has none; only for a message from Get.
func (m Mail) Header(name string) string {
	header, err := textproto.ReadHeader(bufio.NewReader(strings.NewReader(m.Source)))
	if err != nil {
		return ""
	}
	return header.Get(name)
}

func (s *Server) read(id string, whole bool) (Mail, error) {
	path, err := s.path(id)
	if err != nil {
		return Mail{}, err
	}
	file, err := os.Open(path)
	if err != nil {
		return Mail{}, gone(err)
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return Mail{}, gone(err)
	}
	at, err := time.Parse("20060102T150405.000000000", id[:len("20060102T150405.000000000")])
	if err != nil {
		return Mail{}, ErrNotFound
	}

	m := Mail{ID: id, At: at, Size: info.Size()}
	if !whole {
		head, err := textproto.ReadHeader(bufio.NewReader(file))
		if err != nil {
			m.Subject = "(unreadable)"
			return m, nil //nolint:nilerr // a message that is no message is listed all the same
		}
		m.take(mail.Header{Header: message.Header{Header: head}})
		return m, nil
	}
	source, err := io.ReadAll(file)
	if err != nil {
		return Mail{}, fmt.Errorf("mailbox: %w", err)
	}
	m.Source = string(source)
	m.parse(source)
	return m, nil
}

func (m *Mail) take(head mail.Header) {
	m.From, m.To = people(head, "From"), people(head, "To")
	m.Subject, _ = head.Subject()
	m.MessageID, _ = head.MessageID()
}

// people are the names and addresses of a header, or the header as it is when they cannot be read.
func people(head mail.Header, name string) string {
	addresses, err := head.AddressList(name)
	if err != nil {
		return head.Get(name)
	}
	said := make([]string, 0, len(addresses))
	for _, address := range addresses {
		if address.Name == "" {
			said = append(said, address.Address)
		} else {
			said = append(said, address.Name+" <"+address.Address+">")
		}
	}
	return strings.Join(said, ", ")
}

// parse finds the first text and the first HTML part. What cannot be read stays in the source.
func (m *Mail) parse(source []byte) {
	reader, err := mail.CreateReader(bytes.NewReader(source))
	if err != nil && !message.IsUnknownCharset(err) {
		m.Subject = "(unreadable)"
		return
	}
	m.take(reader.Header)
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) || (err != nil && !message.IsUnknownCharset(err)) {
			return
		}
		inline, is := part.Header.(*mail.InlineHeader)
		if !is {
			continue
		}
		kind, _, _ := inline.ContentType()
		body, err := io.ReadAll(part.Body)
		if err != nil {
			continue
		}
		switch {
		case kind == "text/plain" && m.Text == "":
			m.Text = string(body)
		case kind == "text/html" && m.HTML == "":
			m.HTML = string(body)
		}
	}
}
