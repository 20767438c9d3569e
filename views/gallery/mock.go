package gallery

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"
)

// Mock answers what a story asks for, by the pattern that a route would have: "GET /search/suggestions",
// "POST /clients/{id}". An answer knows the request's path, query and form, and nothing else of who asks.
type Mock map[string]func(r *http.Request) templ.Component

// with is the mock with another's answers before its own.
func (m Mock) with(other Mock) Mock {
	all := maps.Clone(m)
	if all == nil {
		all = Mock{}
	}
	maps.Copy(all, other)
	return all
}

// Status is an answer with another status than 200: 422 for a form that is wrong.
func Status(code int, view templ.Component) templ.Component { return answer{view, code} }

type answer struct {
	templ.Component
	status int
}

// Answer is what a mock said.
type Answer struct {
	Status int
	HTML   string
}

// maxBody is the most that a story's form may send.
const maxBody = 64 << 10

// Answer answers a request that the story made. The path is that of the story, then that of what it asked for:
// "visit/booking/new/appointments". What the story has no answer for is 204.
func (g *Gallery) Answer(r *http.Request, path string) (Answer, error) {
	parts := strings.SplitN(strings.Trim(path, "/"), "/", 4)
	if len(parts) < 3 {
		return Answer{}, ErrNotFound
	}
	at, found := g.find(strings.Join(parts[:3], "/"))
	if !found || at.story == nil {
		return Answer{}, ErrNotFound
	}
	asked := "/"
	if len(parts) == 4 {
		asked += parts[3]
	}
	if r.Body != nil {
		r.Body = http.MaxBytesReader(nil, r.Body, maxBody)
	}
	if err := r.ParseForm(); err != nil {
		return Answer{}, ErrTooLong
	}
	// What a mock is given is made anew: no cookie, no header but htmx's, no address.
	bare, err := http.NewRequestWithContext(context.Background(), r.Method, (&url.URL{Path: asked, RawQuery: r.URL.RawQuery}).String(), http.NoBody)
	if err != nil {
		return Answer{}, ErrNotFound
	}
	bare.Form, bare.PostForm = r.Form, r.PostForm
	for name, values := range r.Header {
		if strings.HasPrefix(name, "Hx-") {
			bare.Header[name] = values
		}
	}
	return g.answer(at.story, bare)
}

func (g *Gallery) answer(s *story, r *http.Request) (said Answer, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			said, err = Answer{http.StatusInternalServerError, "<p>" + templ.EscapeString(fmt.Sprint("The mock panicked: ", cause)) + "</p>"}, nil
		}
	}()
	mux := http.NewServeMux()
	var view templ.Component
	for pattern, respond := range s.mock {
		mux.HandleFunc(pattern, func(_ http.ResponseWriter, r *http.Request) { view = respond(r) })
	}
	mux.ServeHTTP(discarded{http.Header{}}, r)
	if view == nil {
		return Answer{Status: http.StatusNoContent}, nil // The script in the frame says so in the Actions panel.
	}

	said.Status = http.StatusOK
	if with, ok := view.(answer); ok {
		said.Status = with.status
	}
	ctx := context.Background()
	if g.Context != nil {
		ctx = g.Context(ctx, NewWorld(defaultSeed, s.path()))
	}
	var b bytes.Buffer
	if err := view.Render(ctx, &b); err != nil {
		return Answer{}, errors.Join(errors.New("the mock can't be drawn"), err)
	}
	said.HTML = b.String()
	return said, nil
}

// discarded takes what a ServeMux says by itself: that nothing matches.
type discarded struct{ header http.Header }

func (d discarded) Header() http.Header       { return d.header }
func (discarded) Write(p []byte) (int, error) { return len(p), nil }
func (discarded) WriteHeader(int)             {}

// answered lists what the stories of a component are answered.
func (v *Visit) answered() []string {
	all := Mock{}
	for _, s := range v.component.stories {
		all = all.with(s.mock)
	}
	return sortedKeys(all)
}
