package texts

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"purplecross/internal/report"
)

// Phone is every client's telephone on a developer's machine: a provider on loopback that delivers to nobody, keeps
// what it gets in a folder, and calls back as a real one does. Several processes may share the folder.
type Phone struct {
	dir    string
	server *http.Server
	addr   net.Addr
	log    *slog.Logger
	calls  sync.WaitGroup
	client *http.Client
}

// The account of a machine that delivers to nobody: what it guards is worth nothing.
const (
	phoneAccount = "development"
	phoneToken   = "development"
	phoneNumber  = "+15550100100"
	keptTexts    = 500
)

// Kept is a text message that came to the phone.
type Kept struct {
	ID   string    `json:"id"`
	At   time.Time `json:"at"`
	From string    `json:"from"`
	To   string    `json:"to"`
	Body string    `json:"body"`
}

// StartPhone opens the phone in a folder, which is made when missing, and listens on a free port of 127.0.0.1.
func StartPhone(dir string, log *slog.Logger) (*Phone, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open phone: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open phone: %w", err)
	}
	p := &Phone{dir: dir, addr: listener.Addr(), log: log, client: &http.Client{Timeout: 5 * time.Second}}
	p.server = &http.Server{Handler: http.HandlerFunc(p.take), ReadHeaderTimeout: 5 * time.Second}
	report.Go(context.Background(), "phone", "serve", func(context.Context) error {
		if err := p.server.Serve(listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	return p, nil
}

// URL is the phone as SMS_URL.
func (p *Phone) URL() string {
	return "http://" + phoneAccount + ":" + phoneToken + "@" + p.addr.String() + "/Messages.json?from=" + url.QueryEscape(phoneNumber)
}

// Close stops listening and waits for its calls. Messages stay in the folder.
func (p *Phone) Close() error {
	err := p.server.Close()
	p.calls.Wait()
	return err
}

func (p *Phone) take(w http.ResponseWriter, r *http.Request) {
	user, pass, _ := r.BasicAuth()
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil || r.Method != http.MethodPost || user != phoneAccount || pass != phoneToken {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	kept := Kept{
		ID: "SM" + time.Now().UTC().Format("20060102150405.000000000") + strings.ToLower(rand.Text()[:6]),
		At: time.Now(), From: r.PostForm.Get("From"), To: r.PostForm.Get("To"), Body: r.PostForm.Get("Body"),
	}
	if err := p.keep(kept); err != nil {
		p.log.Error("phone cannot keep a message", "error", err)
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(map[string]string{"sid": kept.ID, "status": "queued"})
	if callback := r.PostForm.Get("StatusCallback"); callback != "" {
		p.calls.Go(func() {
			p.call(callback, url.Values{"MessageSid": {kept.ID}, "MessageStatus": {"delivered"}, "To": {kept.To}})
		})
	}
}

// call tells the house something, signed as a provider's calls are.
func (p *Phone) call(address string, form url.Values) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set(SignatureHeader, Signature(phoneToken, address, form))
	answer, err := p.client.Do(request)
	if err != nil {
		p.log.Warn("phone cannot call back", "error", err)
		return
	}
	_ = answer.Body.Close()
}

// Answer lets the client of a kept message answer it, at the house's own address.
func (p *Phone) Answer(ctx context.Context, base, id, body string) error {
	kept, err := p.read(id)
	if err != nil {
		return err
	}
	p.call(base+"/texts", url.Values{
		"MessageSid": {"SM" + strings.ToLower(rand.Text())}, "From": {kept.To}, "To": {kept.From}, "Body": {body},
	})
	return ctx.Err()
}

// ErrNotFound says that no such message is in the phone.
var ErrNotFound = errors.New("no such message in the phone")

func (p *Phone) keep(kept Kept) error {
	content, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	temporary := filepath.Join(p.dir, kept.ID+".part")
	if err := os.WriteFile(temporary, content, 0o600); err != nil {
		return err
	}
	if err := os.Rename(temporary, filepath.Join(p.dir, kept.ID+".json")); err != nil {
		return err
	}
	names, err := p.names()
	if err != nil || len(names) <= keptTexts {
		return err
	}
	for _, name := range names[:len(names)-keptTexts] {
		_ = os.Remove(filepath.Join(p.dir, name))
	}
	return nil
}

func (p *Phone) names() ([]string, error) {
	entries, err := os.ReadDir(p.dir)
	if err != nil {
		return nil, fmt.Errorf("read phone: %w", err)
	}
	names := make([]string, 0, len(entries))
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), ".json") {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

func (p *Phone) read(id string) (Kept, error) {
	if strings.ContainsAny(id, `/\`) {
		return Kept{}, ErrNotFound
	}
	content, err := os.ReadFile(filepath.Join(p.dir, id+".json"))
	if errors.Is(err, os.ErrNotExist) {
		return Kept{}, ErrNotFound
	}
	var kept Kept
	if err == nil {
		err = json.Unmarshal(content, &kept)
	}
	return kept, err
}

// List is every message, newest first.
func (p *Phone) List() ([]Kept, error) {
	names, err := p.names()
	if err != nil {
		return nil, err
	}
	texts := make([]Kept, 0, len(names))
	for _, name := range slices.Backward(names) {
		kept, err := p.read(strings.TrimSuffix(name, ".json"))
		if errors.Is(err, ErrNotFound) {
			continue // deleted meanwhile
		}
		if err != nil {
			return nil, err
		}
		texts = append(texts, kept)
	}
	return texts, nil
}

// Clear removes every message.
func (p *Phone) Clear() error {
	names, err := p.names()
	for _, name := range names {
		err = errors.Join(err, os.Remove(filepath.Join(p.dir, name)))
	}
	return err
}
