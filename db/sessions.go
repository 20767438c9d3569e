package db

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"net/netip"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// SessionLife is how long a session lives after they were last used; a shared computer left alone over a weekend asks again.
const SessionLife = 7 * 24 * time.Hour

// Session is a signed-in device.
type Session struct {
	ID         int64       `db:"id"`
	StaffID    int64       `db:"staff_id"`
	UserAgent  string      `db:"user_agent"`
	IP         *netip.Addr `db:"ip"`
	CreatedAt  time.Time   `db:"created_at"`
	LastSeenAt time.Time   `db:"last_seen_at"`
	ExpiresAt  time.Time   `db:"expires_at"`
}

// StartSession signs a person in on a device and returns the token for its cookie, which is kept nowhere else.
func StartSession(ctx context.Context, conn Conn, staffID int64, userAgent string, ip netip.Addr) (token string, err error) {
	token = rand.Text() + rand.Text()
	hash := sha256.Sum256([]byte(token))
	if len(userAgent) > 300 {
		userAgent = userAgent[:300]
	}
	err = InTx(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `
			insert into session (token_hash, staff_id, user_agent, ip, expires_at)
			values ($1, $2, $3, $4, now() + $5)`,
			hash[:], staffID, userAgent, nullAddr(ip), SessionLife); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update staff set last_login_at = now() where id = $1`, staffID); err != nil {
			return err
		}
		return Audit(ctx, tx, Audited{Action: "signed in", Entity: "staff", EntityID: staffID})
	})
	return token, wrap(err, "start session")
}

// SessionByToken finds who is signed in by a cookie's token, and keeps the session alive: written at most once a
// minute, so that reading a page stays a read.
func SessionByToken(ctx context.Context, conn Conn, token string) (Session, Staff, error) {
	hash := sha256.Sum256([]byte(token))
	var session Session
	rows, _ := conn.Query(ctx, `
		select id, staff_id, user_agent, ip, created_at, last_seen_at, expires_at
		from session
		where token_hash = $1 and expires_at > now()`, hash[:])
	session, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Session])
	if err != nil {
		return Session{}, Staff{}, wrap(err, "find session")
	}
	person, err := GetStaff(ctx, conn, session.StaffID)
	if err != nil {
		return Session{}, Staff{}, wrap(err, "find session")
	}
	if !person.Active {
		return Session{}, Staff{}, wrap(ErrNotFound, "find session")
	}
	if time.Since(session.LastSeenAt) > time.Minute {
		if _, err := conn.Exec(ctx, `update session set last_seen_at = now(), expires_at = now() + $2 where id = $1`, session.ID, SessionLife); err != nil {
			return Session{}, Staff{}, wrap(err, "keep session")
		}
	}
	return session, person, nil
}

// SessionsOf lists a person's signed-in devices, the last used first.
func SessionsOf(ctx context.Context, conn Conn, staffID int64) ([]Session, error) {
	rows, _ := conn.Query(ctx, `
		select id, staff_id, user_agent, ip, created_at, last_seen_at, expires_at
		from session
		where staff_id = $1 and expires_at > now()
		order by last_seen_at desc, id desc`, staffID)
	sessions, err := pgx.CollectRows(rows, pgx.RowToStructByName[Session])
	return sessions, wrap(err, "list sessions")
}

// EndSession signs one of a person's devices out.
func EndSession(ctx context.Context, conn Conn, staffID, id int64) error {
	tag, err := conn.Exec(ctx, `delete from session where id = $1 and staff_id = $2`, id, staffID)
	if err == nil && tag.RowsAffected() == 0 {
		err = ErrNotFound
	}
	return wrap(err, "end session")
}

// EndOtherSessions signs a person out everywhere but here.
func EndOtherSessions(ctx context.Context, conn Conn, staffID, keep int64) (ended int64, err error) {
	tag, err := conn.Exec(ctx, `delete from session where staff_id = $1 and id <> $2`, staffID, keep)
	return tag.RowsAffected(), wrap(err, "end other sessions")
}

// The limits on wrong passwords within a quarter of an hour. One address may serve a whole clinic, so it gets more.
const (
	signInWindow      = 15 * time.Minute
	signInsPerEmail   = 10
	signInsPerAddress = 50
)

// TrySignIn says whether a password may be tried for an e-mail address from an address. The try counts as a wrong one
// from now on, until SignInSucceeded forgets it: a thousand tries at once are then no way around the limit.
func TrySignIn(ctx context.Context, conn Conn, email string, ip netip.Addr) (allowed bool, err error) {
	hash := sha256.Sum256([]byte(normalEmail(email)))
	tag, err := conn.Exec(ctx, `
		insert into sign_in_failure (email_hash, ip)
		select $1, $2
		where (select count(*) from sign_in_failure where email_hash = $1 and at > now() - $3::interval) < $4
		  and (select count(*) from sign_in_failure where ip = $2 and at > now() - $3::interval) < $5`,
		hash[:], nullAddr(ip), signInWindow, signInsPerEmail, signInsPerAddress)
	return tag.RowsAffected() == 1, wrap(err, "count a try to sign in")
}

// SignInSucceeded forgets an e-mail address's wrong passwords.
func SignInSucceeded(ctx context.Context, conn Conn, email string) error {
	hash := sha256.Sum256([]byte(normalEmail(email)))
	_, err := conn.Exec(ctx, `delete from sign_in_failure where email_hash = $1`, hash[:])
	return wrap(err, "forget failed sign-ins")
}

// SweepSessions removes expired sessions and failures that no longer count.
func SweepSessions(ctx context.Context, conn Conn) error {
	if _, err := conn.Exec(ctx, `delete from session where expires_at < now()`); err != nil {
		return wrap(err, "sweep sessions")
	}
	_, err := conn.Exec(ctx, `delete from sign_in_failure where at < now() - $1::interval`, signInWindow)
	return wrap(err, "sweep failed sign-ins")
}

func normalEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

func nullAddr(ip netip.Addr) *netip.Addr {
	if !ip.IsValid() {
		return nil
	}
	return &ip
}
