package jobs

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/xuri/excelize/v2"

	"purplecross/db"
	"purplecross/db/dbtest"
	"purplecross/jobs/sheets"
)

// asManager is a context of somebody who may see reports.
func asManager(t *testing.T, pool *pgxpool.Pool) (context.Context, int64) {
	t.Helper()
	id := employ(t, pool, db.RoleManager)
	return db.WithActor(t.Context(), db.Actor{StaffID: id, Name: "Somebody"}), id
}

// onVisitsDay is the day of the one visit that bookVisit writes down.
func onVisitsDay(t *testing.T, pool *pgxpool.Pool) time.Time {
	t.Helper()
	var at time.Time
	if err := pool.QueryRow(t.Context(), `select starts_at from appointment`).Scan(&at); err != nil {
		t.Fatal(err)
	}
	at = at.UTC() // the zone of a client without one
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
}

func reportBytes(t *testing.T, pool *pgxpool.Pool, work int64) []byte {
	t.Helper()
	var content bytes.Buffer
	if err := db.CopyWorkFile(t.Context(), pool, work, &content); err != nil {
		t.Fatal(err)
	}
	return content.Bytes()
}

func TestAReportIsMadeAsEachKindOfFile(t *testing.T) {
	pool := dbtest.New(t)
	ctx, _ := asManager(t, pool)
	bookVisit(t, pool)
	if _, err := pool.Exec(ctx, `update patient set name = '=1+1'`); err != nil {
		t.Fatal(err)
	}
	client := work(t, pool, "")
	day := onVisitsDay(t, pool)
	q := db.ReportQuestion{Kind: db.ReportDaySheet, First: day, Last: day}

	made := map[sheets.Format][]byte{}
	for _, format := range []sheets.Format{sheets.CSV, sheets.XLSX, sheets.PDF} {
		id, err := client.StartReport(ctx, AskReport(q, format))
		if err != nil {
			t.Fatal(err)
		}
		done := untilWork(t, pool, id, db.WorkDone)
		if done.Done != 1 || !strings.HasPrefix(done.Outcome, "1 line.") {
			t.Errorf("%s: %d lines, %q", format, done.Done, done.Outcome)
		}
		file, err := db.GetWorkFile(ctx, pool, id)
		if err != nil || file.Name != "day-sheet-"+day.Format(time.DateOnly)+"."+string(format) || time.Until(file.ExpiresAt) < 29*24*time.Hour {
			t.Errorf("%s: %+v %v", format, file, err)
		}
		made[format] = reportBytes(t, pool, id)
	}

	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(made[sheets.CSV], []byte("\uFEFF")))).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][1] != "'=1+1" || rows[1][3] != "Zoë Court" {
		t.Errorf("the CSV is %q (%v)", rows, err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(made[sheets.XLSX]))
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := book.GetCellValue("Day sheet", "D2"); got != "Zoë Court" {
		t.Errorf("the spreadsheet has %q", got)
	}
	if pdf := made[sheets.PDF]; !bytes.HasPrefix(pdf, []byte("%PDF-")) || !bytes.Contains(pdf, []byte("%%EOF")) {
		t.Error("the PDF is none")
	}
}

func TestWhoMayNotSeeReportsAnyMoreGetsNone(t *testing.T) {
	pool := dbtest.New(t)
	ctx, person := asManager(t, pool)
	bookVisit(t, pool)
	client := work(t, pool, "")
	day := onVisitsDay(t, pool)
	var id int64
	err := db.InTx(ctx, pool, func(tx pgx.Tx) (err error) {
		if id, err = startReport(ctx, tx, client.river, AskReport(db.ReportQuestion{Kind: db.ReportDaySheet, First: day, Last: day}, sheets.CSV)); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update staff set role = 'reception' where id = $1`, person)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if failed := untilWork(t, pool, id, db.WorkFailed); !strings.Contains(failed.Outcome, "may not see reports") {
		t.Errorf("it says %q", failed.Outcome)
	}
}

// scheduled writes down a report of each day at seven by the clocks of Los Angeles, for a manager, due at a moment.
func scheduled(t *testing.T, pool *pgxpool.Pool, reader int64, due time.Time) int64 {
	t.Helper()
	id, err := db.SaveReportSchedule(t.Context(), pool, db.ReportSchedule{
		Report: db.ReportDaySheet, Span: db.SpanSameDay, Format: "csv", Weekdays: []int{0, 1, 2, 3, 4, 5, 6}, Minute: 7 * 60,
		Zone: dbtest.Zone, NextAt: due, StaffIDs: []int64{reader},
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestAReportByTheClockIsInTheInboxOnceWithItsFile(t *testing.T) {
	pool := dbtest.New(t)
	_, manager := asManager(t, pool)
	bookVisit(t, pool)
	office := openPostOffice(t, "127.0.0.1:0")
	due := time.Now().Add(-time.Minute).Truncate(time.Second)
	schedule := scheduled(t, pool, manager, due)

	work(t, pool, office.url) // two workers on one database
	work(t, pool, office.url)
	until(t, "the report is in the inbox", func() bool { return len(office.letters()) > 0 })
	saved, err := db.GetReportSchedule(t.Context(), pool, schedule)
	if err != nil || !saved.NextAt.After(time.Now()) || saved.LastDueAt == nil || !saved.LastDueAt.Equal(due) || saved.LastWorkID == nil {
		t.Fatalf("after it ran: %+v %v", saved, err)
	}
	untilWork(t, pool, *saved.LastWorkID, db.WorkDone)

	var runs, messages int
	err = pool.QueryRow(t.Context(), `select (select count(*) from work where kind = 'report'), (select count(*) from message where kind = 'report')`).Scan(&runs, &messages)
	if err != nil || runs != 1 || messages != 1 {
		t.Errorf("it was made %d times, for %d letters (%v)", runs, messages, err)
	}
	letters := office.letters()
	if len(letters) != 1 {
		t.Fatalf("%d letters went out", len(letters))
	}
	names, said := partsOf(t, letters[0])
	wanted := "day-sheet-" + due.In(losAngeles(t)).Format(time.DateOnly) + ".csv"
	if len(names) != 1 || names[0] != wanted {
		t.Errorf("it carries %q, want %q", names, wanted)
	}
	if !strings.Contains(said, "It is attached as "+wanted) || strings.Contains(said, "Court") {
		t.Errorf("the letter says %q", said)
	}
}

func losAngeles(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(dbtest.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// partsOf are the names of what a letter carries, and its plain text.
func partsOf(t *testing.T, source string) (names []string, text string) {
	t.Helper()
	letter, err := mail.ReadMessage(strings.NewReader(source))
	if err != nil {
		t.Fatal(err)
	}
	var walk func(kind string, body io.Reader)
	walk = func(kind string, body io.Reader) {
		media, options, err := mime.ParseMediaType(kind)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(media, "multipart/") {
			return
		}
		parts := multipart.NewReader(body, options["boundary"])
		for {
			part, err := parts.NextPart()
			if err == io.EOF {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if part.FileName() != "" {
				names = append(names, part.FileName())
				continue
			}
			content, err := io.ReadAll(part)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(part.Header.Get("Content-Type"), "text/plain") {
				text = string(content)
			}
			walk(part.Header.Get("Content-Type"), bytes.NewReader(content))
		}
	}
	walk(letter.Header.Get("Content-Type"), letter.Body)
	return names, text
}

func TestTwoTicksAtOnceAskForAReportOnce(t *testing.T) {
	pool := dbtest.New(t)
	_, manager := asManager(t, pool)
	client := insertOnly(t, pool)
	now := time.Now()
	scheduled(t, pool, manager, now.Add(-time.Minute))
	tick := &ticker{pool: pool, log: quiet}

	first, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := tick.tickReports(t.Context(), first, client.river, now); err != nil { // holds its row
		t.Fatal(err)
	}
	err = db.InTx(t.Context(), pool, func(second pgx.Tx) error { return tick.tickReports(t.Context(), second, client.river, now) })
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = db.InTx(t.Context(), pool, func(third pgx.Tx) error { return tick.tickReports(t.Context(), third, client.river, now) })
	if err != nil {
		t.Fatal(err)
	}

	var asked int
	if err := pool.QueryRow(t.Context(), `select count(*) from work where kind = 'report'`).Scan(&asked); err != nil || asked != 1 {
		t.Errorf("it was asked for %d times (%v)", asked, err)
	}
}

func TestAReportThatIsADayLateIsLeftOut(t *testing.T) {
	pool := dbtest.New(t)
	_, manager := asManager(t, pool)
	client := insertOnly(t, pool)
	now := time.Now()
	id := scheduled(t, pool, manager, now.Add(-25*time.Hour))
	err := db.InTx(t.Context(), pool, func(tx pgx.Tx) error {
		return (&ticker{pool: pool, log: quiet}).tickReports(t.Context(), tx, client.river, now)
	})
	if err != nil {
		t.Fatal(err)
	}
	saved, err := db.GetReportSchedule(t.Context(), pool, id)
	if err != nil || saved.SkippedAt == nil || saved.LastWorkID != nil || !saved.NextAt.After(now) {
		t.Errorf("%+v %v", saved, err)
	}
}

func TestAReportByTheClockKeepsItsHourWhenTheClocksChange(t *testing.T) {
	schedule := db.ReportSchedule{Weekdays: []int{0, 1, 2, 3, 4, 5, 6}, Minute: 2*60 + 30, Zone: dbtest.Zone, Span: db.SpanDayBefore}
	zone := losAngeles(t)
	for _, one := range []struct{ now, next string }{
		{"2026-03-07T12:00:00-08:00", "2026-03-08T03:00:00-07:00"}, // 02:30 is jumped over: the moment of the jump
		{"2026-03-08T12:00:00-07:00", "2026-03-09T02:30:00-07:00"},
		{"2026-10-31T12:00:00-07:00", "2026-11-01T02:30:00-08:00"},
		{"2026-11-01T12:00:00-08:00", "2026-11-02T02:30:00-08:00"},
	} {
		now, _ := time.Parse(time.RFC3339, one.now)
		next, err := NextReport(schedule, now)
		if err != nil || next.Format(time.RFC3339) != one.next {
			t.Errorf("after %s: %s (%v), want %s", one.now, next.Format(time.RFC3339), err, one.next)
		}
		first, last := schedule.Span.Days(next.In(zone))
		if want := next.In(zone).AddDate(0, 0, -1).Format(time.DateOnly); first.Format(time.DateOnly) != want || !last.Equal(first) {
			t.Errorf("at %s it is of %s to %s", one.next, first.Format(time.DateOnly), last.Format(time.DateOnly))
		}
	}
}
