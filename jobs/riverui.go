package jobs

import (
	"context"
	"log/slog"
	"net/http"
	"sync"

	"riverqueue.com/riverui"
)

// RiverUI is River's own pages under a path such as /admin/jobs, set up at the first request. It lets in everybody:
// who may see and act is for the caller to decide. Arguments of jobs are hidden in lists.
func (c *Client) RiverUI(prefix string) http.Handler {
	pages := sync.OnceValues(func() (http.Handler, error) {
		handler, err := riverui.NewHandler(&riverui.HandlerOpts{
			Endpoints:                riverui.NewEndpoints(c.river, nil),
			Logger:                   slog.New(warnings{c.log.Handler()}),
			Prefix:                   prefix,
			JobListHideArgsByDefault: true,
		})
		if err != nil {
			return nil, err
		}
		return handler, handler.Start(c.uiContext) // it counts in the background, until Stop
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler, err := pages()
		if err != nil {
			c.log.ErrorContext(r.Context(), "River's pages do not start", "error", err)
			http.Error(w, "River’s pages do not start. The log says why.", http.StatusInternalServerError)
			return
		}
		handler.ServeHTTP(w, r)
	})
}

// warnings passes on what is worth an operator's time: River's pages tell of every request.
type warnings struct{ slog.Handler }

// Enabled is true from warnings up.
func (w warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && w.Handler.Enabled(ctx, level)
}
