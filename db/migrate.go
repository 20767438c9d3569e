package db

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrationLock is the advisory lock that one process at a time holds while it migrates. An arbitrary constant.
const migrationLock = 0x7075_7270_6c65 // "purple"

// Migrate brings the schema up to date, forward only. Several processes may start at once: one migrates, the others
// wait for it and find nothing to do. Each migration is one transaction.
func Migrate(ctx context.Context, pool *pgxpool.Pool) error {
	settings := pool.Config().ConnConfig
	settings.RuntimeParams["statement_timeout"] = "0" // a migration, and the wait for another's, take what they take

	lock, err := pgx.ConnectConfig(ctx, settings)
	if err != nil {
		return fmt.Errorf("connect to migrate: %w", err)
	}
	defer lock.Close(context.WithoutCancel(ctx)) // which also unlocks
	if _, err := lock.Exec(ctx, `select pg_advisory_lock($1)`, int64(migrationLock)); err != nil {
		return fmt.Errorf("wait for another migration: %w", err)
	}

	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	connection := stdlib.OpenDB(*settings)
	defer connection.Close()
	// Two branches number their migrations apart, and either may come first.
	provider, err := goose.NewProvider(goose.DialectPostgres, connection, files, goose.WithAllowOutofOrder(true))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return migrationError(err)
	}
	return nil
}

func migrationError(err error) error {
	if applying := new(goose.PartialError); errors.As(err, &applying) {
		switch sqlState(applying.Err) {
		case "0A000", "58P01":
			return cannotStart(err, "PostgreSQL has no extension btree_gist, pg_trgm or unaccent here. Install its contrib package (postgresql-contrib) and start again.")
		case "42501":
			return cannotStart(err, "The database user may not create tables or extensions. Let it own the database (alter database … owner to …) and start again.")
		}
		return fmt.Errorf("migrate %s: %w", path.Base(applying.Failed.Source.Path), applying.Err)
	}
	return fmt.Errorf("migrate: %w", err)
}

// PendingMigrations counts the migrations of this binary that the database has not had. A database that a newer
// binary migrated has none pending.
func PendingMigrations(ctx context.Context, conn Conn) (int, error) {
	rows, _ := conn.Query(ctx, `select version_id from goose_db_version where is_applied`)
	applied, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil && sqlState(err) != "42P01" { // 42P01: no table, so nothing applied
		return 0, wrap(err, "read migrations")
	}

	files, err := fs.ReadDir(migrations, "migrations")
	if err != nil {
		return 0, fmt.Errorf("read migrations: %w", err)
	}
	pending := 0
	for _, file := range files {
		number, _, _ := strings.Cut(file.Name(), "_")
		if version, err := strconv.ParseInt(number, 10, 64); err == nil && !slices.Contains(applied, version) {
			pending++
		}
	}
	return pending, nil
}

// Migrated says whether the database is up to date, for /readyz.
func Migrated(ctx context.Context, conn Conn) error {
	pending, err := PendingMigrations(ctx, conn)
	if err == nil && pending > 0 {
		err = fmt.Errorf("%d migrations are pending", pending)
	}
	return err
}
