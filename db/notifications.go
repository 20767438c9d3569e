package db

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// NotificationKind is what somebody is told of.
type NotificationKind string

// The kinds of notifications.
const (
	NoticeImportDone    NotificationKind = "import_done"
	NoticeReportReady   NotificationKind = "report_ready"
	NoticeExportReady   NotificationKind = "export_ready"
	NoticeEditDone      NotificationKind = "edit_done"
	NoticeWorkDone      NotificationKind = "work_done" // of no kind named here
	NoticeWorkFailed    NotificationKind = "work_failed"
	NoticeMessageFailed NotificationKind = "message_failed"
	NoticeJobFailed     NotificationKind = "job_failed"
	NoticeErrorAssigned NotificationKind = "error_assigned"
)

// NotificationTopic is the news that somebody's notifications have changed; its ids are those of the people.
const NotificationTopic = "notification"

// Notification is a piece of news for one person.
type Notification struct {
	ID        int64            `db:"id"`
	StaffID   int64            `db:"staff_id"`
	Kind      NotificationKind `db:"kind"`
	Subject   string           `db:"subject"` // the table of the record that it is about, "" for none
	SubjectID *int64           `db:"subject_id"`
	Href      string           `db:"href"`
	Sentence  string           `db:"sentence"`
	Many      string           `db:"many"`
	ManyHref  string           `db:"many_href"`
	Count     int              `db:"count"`
	CreatedAt time.Time        `db:"created_at"`
	UpdatedAt time.Time        `db:"updated_at"`
	ReadAt    *time.Time       `db:"read_at"`
}

// Says is its sentence, or what several in one say.
func (n Notification) Says() string {
	if n.Count > 1 && n.Many != "" {
		return strings.ReplaceAll(n.Many, "#", strconv.Itoa(n.Count))
	}
	return n.Sentence
}

// Leads is the address of its record, or of the list of several.
func (n Notification) Leads() string {
	if n.Count > 1 && n.ManyHref != "" {
		return n.ManyHref
	}
	return n.Href
}

// Notice is what to tell, and whom: staff by id, and everybody of some roles.
type Notice struct {
	Kind      NotificationKind
	Subject   string // the table of the record that it is about: who looks at the record has read it
	SubjectID int64
	Href      string // a page of ours; the record's own
	Sentence  string // without a client's name: it may be read over a shoulder

	// What is alike, and not yet read by somebody, is one line that counts: give it a name, what several say ("# messages
	// were not delivered") and the list that they lead to. Without a name it stands alone.
	Group, Many, ManyHref string

	To    []int64
	Roles []Role
}

// Notify tells people of something, in the transaction of what happened. Whoever left the clinic is told nothing.
func Notify(ctx context.Context, conn Conn, notice Notice) error {
	roles := make([]string, len(notice.Roles))
	for i, role := range notice.Roles {
		roles[i] = string(role)
	}
	rows, _ := conn.Query(ctx, `
		insert into notification as known (staff_id, kind, subject, subject_id, href, sentence, grouped, many, many_href)
		select id, $1, $2, nullif($3::bigint, 0), $4, $5, $6, $7, $8
		  from staff
		 where active and (id = any($9) or role::text = any($10))
		 order by id
		on conflict (staff_id, grouped) where grouped <> '' and read_at is null do update
		   set count = known.count + 1, href = excluded.href, sentence = excluded.sentence, many = excluded.many,
		       many_href = excluded.many_href, subject = excluded.subject, subject_id = excluded.subject_id,
		       updated_at = clock_timestamp()
		returning staff_id`,
		notice.Kind, notice.Subject, notice.SubjectID, notice.Href, notice.Sentence, notice.Group, notice.Many, notice.ManyHref,
		notice.To, roles)
	told, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err == nil && len(told) > 0 {
		err = Tell(ctx, conn, NotificationTopic, told...)
	}
	return wrap(err, "notify of %s", notice.Kind)
}

// unreadCounted is up to where unread notifications are counted.
const unreadCounted = 100

// CountUnread is how many notifications somebody has not read, a hundred at most.
func CountUnread(ctx context.Context, conn Conn, staffID int64) (int, error) {
	var unread int
	err := conn.QueryRow(ctx, `
		select count(*)
		  from (select from notification where staff_id = $1 and read_at is null limit $2) unread`, staffID, unreadCounted).Scan(&unread)
	return unread, wrap(err, "count unread notifications")
}

const selectNotifications = `
	select id, staff_id, kind, subject, subject_id, href, sentence, many, many_href, count, created_at, updated_at, read_at
	  from notification`

// ListNotifications are somebody's, the latest first.
func ListNotifications(ctx context.Context, conn Conn, staffID int64, unreadOnly bool, limit int) ([]Notification, error) {
	rows, _ := conn.Query(ctx, selectNotifications+`
		 where staff_id = $1 and (read_at is null or not $2)
		 order by updated_at desc, id desc
		 limit $3`, staffID, unreadOnly, limit)
	notifications, err := pgx.CollectRows(rows, pgx.RowToStructByName[Notification])
	return notifications, wrap(err, "list notifications")
}

// GetNotification is one of somebody's; another's is not found.
func GetNotification(ctx context.Context, conn Conn, staffID, id int64) (Notification, error) {
	rows, _ := conn.Query(ctx, selectNotifications+`
		 where staff_id = $1 and id = $2`, staffID, id)
	notification, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Notification])
	return notification, wrap(err, "get notification %d", id)
}

// ReadNotification marks one of somebody's as read.
func ReadNotification(ctx context.Context, conn Conn, staffID, id int64) error {
	return readNotifications(ctx, conn, staffID, `id = $2`, id)
}

// ReadNotifications marks somebody's as read, up to a moment: what came after it they have not seen.
func ReadNotifications(ctx context.Context, conn Conn, staffID int64, until time.Time) error {
	return readNotifications(ctx, conn, staffID, `updated_at <= $2`, until)
}

// ReadNotificationsOf marks as read what somebody was told of a record that they look at.
func ReadNotificationsOf(ctx context.Context, conn Conn, staffID int64, subject string, subjectID int64) error {
	return readNotifications(ctx, conn, staffID, `subject = $2 and subject_id = $3 and count = 1`, subject, subjectID)
}

func readNotifications(ctx context.Context, conn Conn, staffID int64, which string, args ...any) error {
	read, err := conn.Exec(ctx, `
		update notification
		   set read_at = clock_timestamp()
		 where staff_id = $1 and read_at is null and `+which, append([]any{staffID}, args...)...)
	if err == nil && read.RowsAffected() > 0 {
		err = Tell(ctx, conn, NotificationTopic, staffID)
	}
	return wrap(err, "read notifications")
}

// UnreadNotification marks one of somebody's as not read. One whose likes have come again stays read: they are a newer line.
func UnreadNotification(ctx context.Context, conn Conn, staffID, id int64) error {
	changed, err := conn.Exec(ctx, `
		update notification n
		   set read_at = null
		 where staff_id = $1 and id = $2 and read_at is not null
		   and (grouped = '' or not exists (
		     select from notification newer where newer.staff_id = $1 and newer.grouped = n.grouped and newer.read_at is null))`, staffID, id)
	if err == nil && changed.RowsAffected() > 0 {
		err = Tell(ctx, conn, NotificationTopic, staffID)
	}
	return wrap(err, "unread notification %d", id)
}

// How long notifications are kept, and how many of a person's.
const (
	KeepRead          = 30 * 24 * time.Hour
	KeepUnread        = 90 * 24 * time.Hour
	KeptNotifications = 200
)

// ForgetNotifications deletes old ones, and the oldest of whoever has too many.
func ForgetNotifications(ctx context.Context, conn Conn) error {
	_, err := conn.Exec(ctx, `
		delete from notification
		 where read_at < clock_timestamp() - $1 * interval '1 second'
		    or updated_at < clock_timestamp() - $2 * interval '1 second'
		    or id in (
		      select id
		        from (select id, row_number() over (partition by staff_id order by updated_at desc, id desc) as place from notification) placed
		       where place > $3)`, KeepRead.Seconds(), KeepUnread.Seconds(), KeptNotifications)
	if err != nil {
		return wrap(err, "forget notifications")
	}
	_, err = conn.Exec(ctx, `delete from job_noticed where finalized_at < clock_timestamp() - interval '2 days'`)
	return wrap(err, "forget noticed jobs")
}
