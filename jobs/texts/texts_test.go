package texts

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestAddressesOfProviders(t *testing.T) {
	for _, c := range []struct {
		address    string
		production bool
		from       string
		refused    string
	}{
		{"https://AC1:hush@api.example/2010-04-01/Accounts/AC1/Messages.json?from=%2B19705550100", true, "+19705550100", ""},
		{"https://AC1:hush@api.example/Messages.json?from=+19705550100", true, "+19705550100", ""},
		{"https://AC1:hush@api.example/Messages.json?from=MG12", true, "MG12", ""},
		{"http://AC1:hush@127.0.0.1:9/Messages.json?from=MG12", true, "MG12", ""},
		{"http://AC1:hush@api.example/Messages.json?from=MG12", true, "", "must use https"},
		{"https://AC1:hush@api.example/Messages.json", false, "", "needs an account, a token and ?from="},
		{"https://api.example/Messages.json?from=MG12", false, "", "must look like"},
		{"smtp://AC1:hush@api.example?from=MG12", false, "", "must look like"},
	} {
		p, err := New(c.address, c.production)
		switch {
		case c.refused == "" && (err != nil || p.from != c.from || strings.Contains(p.address, "hush")):
			t.Errorf("%s: %+v, %v", c.address, p, err)
		case c.refused != "" && (err == nil || !strings.Contains(err.Error(), c.refused) || strings.Contains(err.Error(), "hush")):
			t.Errorf("%s is answered %v", c.address, err)
		}
	}
}

// The example of Twilio's own documentation of its signatures.
func TestASignatureIsThatOfTheProvidersDocumentation(t *testing.T) {
	form := url.Values{
		"CallSid": {"CA1234567890ABCDE"}, "Caller": {"+14158675309"}, "Digits": {"1234"}, "From": {"+14158675309"}, "To": {"+18005551212"},
	}
	const address, token = "https://mycompany.com/myapp.php?foo=1&bar=2", "12345"
	if got := Signature(token, address, form); got != "RSOYDt4T1cUTdK1PDd93/VVr8B8=" {
		t.Errorf("the signature is %s", got)
	}
	p := &Provider{pass: token}
	if !p.Signed(address, form, "RSOYDt4T1cUTdK1PDd93/VVr8B8=") || p.Signed(address+"x", form, "RSOYDt4T1cUTdK1PDd93/VVr8B8=") || p.Signed(address, form, "") {
		t.Error("a call is taken for another's, or another's for the provider's")
	}
}

func TestATextIsHandedOverAsAFormAndNamedByTheProvider(t *testing.T) {
	var got url.Values
	var user, pass string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		got = r.PostForm
		user, pass, _ = r.BasicAuth()
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"sid": "SM123", "status": "queued"}`)
	}))
	defer server.Close()
	p, err := New(strings.Replace(server.URL, "http://", "http://AC1:secret@", 1)+"/Messages.json?from=%2B19705550100", false)
	if err != nil {
		t.Fatal(err)
	}

	id, err := p.Send(t.Context(), Text{To: "+19705550167", Body: "See you soon: Zoë & Coco", Callback: "https://clinic.example/texts/abc"})

	want := url.Values{"To": {"+19705550167"}, "From": {"+19705550100"}, "Body": {"See you soon: Zoë & Coco"}, "StatusCallback": {"https://clinic.example/texts/abc"}}
	if err != nil || id != "SM123" || user != "AC1" || pass != "secret" || got.Encode() != want.Encode() {
		t.Errorf("%q by %s: %v (%v)", id, user, got, err)
	}
}

func TestWhatAProviderDoesNotTakeIsToldApart(t *testing.T) {
	answer := func(status int, body string) error {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}))
		defer server.Close()
		p, err := New(strings.Replace(server.URL, "http://", "http://AC1:secret@", 1)+"?from=MG1", false)
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.Send(t.Context(), Text{To: "+19705550167", Body: "Hello"})
		return err
	}
	refusal := new(Refusal)
	if err := answer(400, `{"code": 21211, "message": "'+19705550167' is not a valid phone number"}`); !errors.As(err, &refusal) ||
		refusal.Code != 21211 || !NoSuchNumber(refusal.Code) || strings.Contains(err.Error(), "555") {
		t.Errorf("a number that is none is answered %v", err)
	}
	if err := answer(400, `{"code": 21610}`); !errors.As(err, &refusal) || !OptedOut(refusal.Code) || NoSuchNumber(refusal.Code) {
		t.Errorf("an owner who wants none is answered %v", err)
	}
	if err := answer(503, `<html>`); !errors.As(err, &refusal) || refusal.Status != 503 || refusal.Code != 0 {
		t.Errorf("a provider in trouble is answered %v", err)
	}
	if err := answer(302, ``); !errors.As(err, &refusal) || refusal.Status != 302 {
		t.Errorf("a provider that sends us elsewhere is answered %v", err)
	}
	if err := answer(200, `{}`); err == nil || errors.As(err, &refusal) && refusal.Status == 200 || errors.Is(err, ErrUnsent) {
		t.Errorf("an answer without a name is answered %v", err)
	}
	p, _ := New("http://AC1:secret@127.0.0.1:1/?from=MG1", false) // nobody listens there
	if _, err := p.Send(t.Context(), Text{To: "+19705550167", Body: "Hello"}); !errors.Is(err, ErrUnsent) {
		t.Errorf("a provider that is away is answered %v", err)
	}
}

func TestThePhoneOfADevelopersMachineKeepsTextsAndCallsBack(t *testing.T) {
	phone, err := StartPhone(t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer phone.Close()
	provider, err := New(phone.URL(), true)
	if err != nil {
		t.Fatal(err)
	}
	called := make(chan Outcome, 1)
	house := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		if provider.Signed("http://"+r.Host+r.URL.Path, r.PostForm, r.Header.Get(SignatureHeader)) {
			called <- OutcomeOf(r.PostForm)
		}
	}))
	defer house.Close()

	id, err := provider.Send(t.Context(), Text{To: "+19705550167", Body: "See you soon", Callback: house.URL + "/texts/abc"})
	if err != nil {
		t.Fatal(err)
	}
	if outcome := <-called; outcome.ID != id || outcome.Status != "delivered" {
		t.Errorf("it says %+v of %s", outcome, id)
	}
	kept, err := phone.List()
	if err != nil || len(kept) != 1 || kept[0].Body != "See you soon" || kept[0].To != "+19705550167" || kept[0].From != phoneNumber {
		t.Errorf("it kept %+v (%v)", kept, err)
	}
	if err := phone.Clear(); err != nil {
		t.Error(err)
	}
	if kept, _ := phone.List(); len(kept) != 0 {
		t.Error("it is not empty")
	}
}
