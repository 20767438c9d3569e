package handlers

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/static"
	"purplecross/views"
)

const riverPrefix = "/admin/jobs"

// The policy for River's own pages: scripts from here only. Their notices write style elements as they go, so styles
// may be inline, which ours may not.
const riverPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"

// riverUI serves River's own pages, with our bar over them. The routes say who may look (GET) and who may act.
func (a *App) riverUI() echo.HandlerFunc {
	river := a.Jobs.RiverUI(riverPrefix)
	assets := &riverAssets{river: river}
	return func(c echo.Context) error {
		header := c.Response().Header()
		header.Set("Content-Security-Policy", riverPolicy)
		header.Set("X-Frame-Options", "DENY")

		request := c.Request()
		switch {
		case request.Method != http.MethodGet && request.Method != http.MethodHead:
			return a.riverAct(c, river)
		case strings.HasPrefix(request.URL.Path, riverPrefix+"/assets/"):
			return assets.serve(c)
		case strings.HasPrefix(request.URL.Path, riverPrefix+"/api/"):
			river.ServeHTTP(c.Response(), request)
			return nil
		}
		return a.riverPage(c, river)
	}
}

// riverPage puts our bar into River's page. A page without a place for it is passed on as it is.
func (a *App) riverPage(c echo.Context, river http.Handler) error {
	answer := capture(river, c.Request())
	page := answer.body.String()
	before, after, found := strings.Cut(page, "<body")
	attributes, after, closed := strings.Cut(after, ">")
	if answer.status != http.StatusOK || !found || !closed {
		return answer.pass(c)
	}

	ctx := views.WithSite(views.WithViewer(c.Request().Context(), viewer(c)), a.site(c))
	props := views.JobsBarProps{Path: c.Request().URL.Path}
	if word, is := strings.CutPrefix(props.Path, riverPrefix+"/jobs/"); is {
		if id, err := strconv.ParseInt(word, 10, 64); err == nil {
			names, err := db.JobNames(c.Request().Context(), a.Pool, []int64{id})
			if err != nil {
				return err
			}
			props.Job = names[id]
		}
	}
	var bar bytes.Buffer
	if err := views.JobsBar(props).Render(ctx, &bar); err != nil {
		return err
	}
	sheets := `<link rel="stylesheet" href="` + static.URL("css/tokens.css") + `"><link rel="stylesheet" href="` + static.URL("css/jobs-bar.css") + `">`
	return c.HTML(http.StatusOK, before+"<body"+attributes+">"+sheets+bar.String()+after)
}

// riverAct passes on an operator's act and notes who did it to which jobs. A cancelled or deleted job's message says so
// at once.
func (a *App) riverAct(c echo.Context, river http.Handler) error {
	request := c.Request()
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return echo.NewHTTPError(http.StatusBadRequest, "The request could not be read.").SetInternal(err)
	}
	request.Body = io.NopCloser(bytes.NewReader(body))
	answer := capture(river, request)
	if answer.status < 300 {
		if err := a.riverNote(request.Context(), request.URL.Path, body); err != nil {
			return err
		}
	}
	return answer.pass(c)
}

var riverActs = map[string]string{"cancel": "cancelled", "delete": "deleted", "retry": "retried", "pause": "paused", "resume": "resumed"}

func (a *App) riverNote(ctx context.Context, path string, body []byte) error {
	act := riverActs[path[strings.LastIndex(path, "/")+1:]]
	if act == "" {
		act = "updated"
	}
	if name, is := strings.CutPrefix(path, riverPrefix+"/api/queues/"); is {
		name, _, _ = strings.Cut(name, "/")
		return db.Audit(ctx, a.Pool, db.Audited{Action: act, Entity: "queue", Diff: db.Diff{"name": {nil, name}}})
	}
	var asked struct {
		IDs []json.Number `json:"ids"` // River's pages send them as strings
	}
	if err := json.Unmarshal(body, &asked); err != nil {
		return nil //nolint:nilerr // River has understood it, so it named no jobs
	}
	for _, number := range asked.IDs {
		id, err := number.Int64()
		if err != nil {
			continue
		}
		if err := db.Audit(ctx, a.Pool, db.Audited{Action: act, Entity: "job", EntityID: id}); err != nil {
			return err
		}
	}
	_, err := db.SettleOrphanedMessages(ctx, a.Pool)
	return err
}

// riverAssets are River's scripts and sheets: half a megabyte each, sent plain and without a word on keeping them.
// Their names carry a hash, so a browser may keep them for ever; the compressed copies stay in memory.
type riverAssets struct {
	river http.Handler
	kept  sync.Map // path → *riverAsset
}

type riverAsset struct {
	kind         string
	plain, small []byte
}

func (r *riverAssets) serve(c echo.Context) error {
	path := c.Request().URL.Path
	found, known := r.kept.Load(path)
	if !known {
		answer := capture(r.river, c.Request())
		kind := answer.header.Get("Content-Type")
		if c.Request().Method != http.MethodGet || answer.status != http.StatusOK || strings.HasPrefix(kind, "text/html") || answer.header.Get("Content-Range") != "" {
			return answer.pass(c)
		}
		small, err := gzipped(answer.body.Bytes())
		if err != nil {
			return err
		}
		found, _ = r.kept.LoadOrStore(path, &riverAsset{kind: kind, plain: answer.body.Bytes(), small: small})
	}

	file := found.(*riverAsset)
	header := c.Response().Header()
	header.Set("Cache-Control", "private, max-age=31536000, immutable")
	header.Add("Vary", "Accept-Encoding")
	if strings.Contains(c.Request().Header.Get("Accept-Encoding"), "gzip") {
		header.Set("Content-Encoding", "gzip")
		return c.Blob(http.StatusOK, file.kind, file.small)
	}
	return c.Blob(http.StatusOK, file.kind, file.plain)
}

func gzipped(body []byte) ([]byte, error) {
	var small bytes.Buffer
	writer, err := gzip.NewWriterLevel(&small, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := writer.Write(body); err != nil {
		return nil, err
	}
	err = writer.Close() // before the bytes are taken: it writes the last of them
	return small.Bytes(), err
}

// captured is an answer held back until we have looked at it.
type captured struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func capture(handler http.Handler, request *http.Request) *captured {
	answer := &captured{header: http.Header{}, status: http.StatusOK}
	handler.ServeHTTP(answer, request)
	return answer
}

// Header is the answer's.
func (a *captured) Header() http.Header { return a.header }

// WriteHeader keeps the status.
func (a *captured) WriteHeader(status int) { a.status = status }

// Write keeps the body.
func (a *captured) Write(body []byte) (int, error) { return a.body.Write(body) }

// pass sends the answer on as it is.
func (a *captured) pass(c echo.Context) error {
	header := c.Response().Header()
	for name, values := range a.header {
		header[name] = values
	}
	c.Response().WriteHeader(a.status)
	_, err := c.Response().Write(a.body.Bytes())
	return err
}
