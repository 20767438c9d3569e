package db

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	oldestMajor   = 15               // multirange and merge are old enough; older servers lack unique nulls not distinct
	connectWithin = 10 * time.Second // then the server counts as unreachable
	statementTime = "60s"            // a page never waits longer; bulk work sets its own: set local statement_timeout = 0
)

// StartError is a reason not to start, said in one sentence to the person at the terminal.
type StartError struct {
	Said  string
	Cause error // for the log; nil when the sentence is all there is
}

func (e *StartError) Error() string { return e.Said }
func (e *StartError) Unwrap() error { return e.Cause }

func cannotStart(cause error, format string, args ...any) error {
	return &StartError{Said: fmt.Sprintf(format, args...), Cause: cause}
}

// Open connects a pool to url, whose sessions keep clinicTZ as their time zone: in SQL, a date is a day of the clinic.
// The tracer may be nil. The error is a *StartError.
func Open(ctx context.Context, url, clinicTZ string, tracer pgx.QueryTracer) (*pgxpool.Pool, error) {
	config, err := poolConfig(url, clinicTZ)
	if err != nil {
		return nil, err
	}
	config.ConnConfig.Tracer = tracer
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, cannotStart(err, "The settings of the connection to PostgreSQL do not work: %s.", err)
	}

	within, cancel := context.WithTimeout(ctx, connectWithin)
	defer cancel()
	if err := checkServer(within, pool); err != nil {
		pool.Close()
		return nil, err
	}
	return pool, nil
}

func poolConfig(url, clinicTZ string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, cannotStart(err, "DATABASE_URL is not an address of PostgreSQL. It looks like postgres://user:password@host:5432/database.")
	}
	if !strings.Contains(url, "pool_max_conns") {
		config.MaxConns = 20 // pgx's own is the number of cores: too few for a web process that also works the queue
	}
	config.ConnConfig.ConnectTimeout = min(max(config.ConnConfig.ConnectTimeout, 5*time.Second), connectWithin)
	setting := config.ConnConfig.RuntimeParams
	setting["timezone"] = clinicTZ
	setting["statement_timeout"] = statementTime
	setting["idle_in_transaction_session_timeout"] = "5min"
	setting["jit"] = "off" // it costs a page's query up to 700 ms on tables not yet analysed, and gains it nothing
	if setting["application_name"] == "" {
		setting["application_name"] = "purple-cross"
	}
	return config, nil
}

func checkServer(ctx context.Context, pool *pgxpool.Pool) error {
	server := address(pool.Config())
	var number int
	var version string
	err := pool.QueryRow(ctx, `select current_setting('server_version_num')::int, current_setting('server_version')`).Scan(&number, &version)
	if err != nil {
		return unreachable(err, server, pool.Config().ConnConfig)
	}
	if number/10_000 < oldestMajor {
		return cannotStart(nil, "Purple Cross needs PostgreSQL %d or newer, and %s runs %s.", oldestMajor, server, version)
	}
	return nil
}

func unreachable(err error, server string, config *pgx.ConnConfig) error {
	switch sqlState(err) {
	case "28000", "28P01":
		return cannotStart(err, "PostgreSQL at %s refused the user %s. Correct the user or the password in DATABASE_URL.", server, config.User)
	case "3D000":
		return cannotStart(err, "PostgreSQL at %s has no database %s. Create it (createdb %s) or correct DATABASE_URL.", server, config.Database, config.Database)
	case "22023":
		return cannotStart(err, "PostgreSQL at %s does not know the time zone %s. Correct CLINIC_TZ.", server, config.RuntimeParams["timezone"])
	case "53300":
		return cannotStart(err, "PostgreSQL at %s has no connection left for Purple Cross. Raise its max_connections, or stop other programs.", server)
	case "57P03":
		return cannotStart(err, "PostgreSQL at %s is starting or stopping. Try again in a moment.", server)
	}
	if errors.Is(err, context.Canceled) {
		return err
	}
	if refused := new(pgconn.PgError); errors.As(err, &refused) {
		return cannotStart(err, "PostgreSQL at %s refused the connection (%s, SQLSTATE %s).", server, refused.Message, refused.Code)
	}
	return cannotStart(err, "PostgreSQL at %s does not answer. Start it, or correct DATABASE_URL.", server)
}

// address is where the pool connects to, without user or password.
func address(config *pgxpool.Config) string {
	if strings.HasPrefix(config.ConnConfig.Host, "/") {
		return config.ConnConfig.Host
	}
	return fmt.Sprintf("%s:%d", config.ConnConfig.Host, config.ConnConfig.Port)
}
