package db

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// WorkResult is how work ended: a sentence, and where what it made is.
type WorkResult struct {
	Outcome string // "12,000 rows are in the file."
	Href    string // "" for nothing to look at
	Label   string // of the link: "Download patients.xlsx"
}

// TakeWork begins a try at work and reads what is asked into asked. It is false when there is nothing to do any more:
// cancelled before, or over.
func TakeWork(ctx context.Context, conn Conn, id, jobID int64, asked any) (Work, bool, error) {
	var what []byte
	err := conn.QueryRow(ctx, `
		update work
		   set state = 'running', resumed_at = clock_timestamp(), resumed_from = done, river_job_id = $2,
		       updated_at = clock_timestamp()
		 where id = $1 and state in ('queued', 'running')
		returning coalesce(asked, 'null')`, id, jobID).Scan(&what)
	if errors.Is(err, pgx.ErrNoRows) {
		return Work{}, false, nil
	}
	if err == nil && asked != nil {
		err = json.Unmarshal(what, asked)
	}
	if err == nil {
		err = Tell(ctx, conn, WorkTopic, id)
	}
	if err != nil {
		return Work{}, false, wrap(err, "take work %d", id)
	}
	work, err := GetWork(ctx, conn, id)
	return work, err == nil, err
}

// MoveWork writes down how far work is and what it said meanwhile, tells it, and answers whether it is to stop. With
// nothing new it only asks that.
func MoveWork(ctx context.Context, conn Conn, id, done int64, total *int64, lines []WorkLine, moved bool) (cancel bool, err error) {
	if !moved {
		err = conn.QueryRow(ctx, `
			select cancel_requested_at is not null
			  from work
			 where id = $1`, id).Scan(&cancel)
		return cancel, wrap(err, "look at work %d", id)
	}
	err = InTx(ctx, conn, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `
			update work
			   set done = $2, total = $3, updated_at = clock_timestamp()
			 where id = $1
			returning cancel_requested_at is not null`, id, done, total).Scan(&cancel)
		if err != nil {
			return err
		}
		if err := logWork(ctx, tx, id, lines); err != nil {
			return err
		}
		return Tell(ctx, tx, WorkTopic, id)
	})
	return cancel, wrap(err, "move work %d", id)
}

func logWork(ctx context.Context, conn Conn, id int64, lines []WorkLine) error {
	at, words := make([]time.Time, len(lines)), make([]string, len(lines))
	for i, line := range lines {
		at[i], words[i] = line.At, line.Words
	}
	if len(lines) == 0 {
		return nil
	}
	_, err := conn.Exec(ctx, `
		insert into work_log (work_id, seq, at, words)
		select $1, coalesce((select max(seq) from work_log where work_id = $1), 0) + n, at, words
		  from unnest($2::timestamptz[], $3::text[]) with ordinality as line (at, words, n)`, id, at, words)
	return err
}

// EndWork ends work that is not over yet, and tells it: to the pages that show it, and to whoever started it.
func EndWork(ctx context.Context, conn Conn, id int64, state WorkState, result WorkResult) error {
	return wrap(InTx(ctx, conn, func(tx pgx.Tx) error {
		ended, err := tx.Exec(ctx, `
			update work
			   set state = $2, outcome = $3, result_href = $4, result_label = $5,
			       finished_at = clock_timestamp(), updated_at = clock_timestamp()
			 where id = $1 and state in ('queued', 'running')`, id, state, result.Outcome, result.Href, result.Label)
		if err != nil || ended.RowsAffected() == 0 {
			return err
		}
		return tellWorkEnded(ctx, tx, id)
	}), "end work %d", id)
}

func tellWorkEnded(ctx context.Context, tx Conn, id int64) error {
	work, err := GetWork(ctx, tx, id)
	if err == nil {
		err = notifyWork(ctx, tx, work)
	}
	if err == nil {
		err = Tell(ctx, tx, WorkTopic, id)
	}
	return err
}

// PauseWork gives work back to its queue: it goes on with the next try.
func PauseWork(ctx context.Context, conn Conn, id int64, line string) error {
	_, err := conn.Exec(ctx, `
		update work
		   set state = 'queued', updated_at = clock_timestamp()
		 where id = $1 and state = 'running' and cancel_requested_at is null`, id)
	if err == nil {
		err = logWork(ctx, conn, id, []WorkLine{{At: time.Now(), Words: line}})
	}
	if err == nil {
		err = Tell(ctx, conn, WorkTopic, id)
	}
	return wrap(err, "pause work %d", id)
}

// SettleWork ends work whose job is over without a word of it, as one that an operator deleted, and forgets what ended
// longer ago than keep.
func SettleWork(ctx context.Context, conn Conn, keep time.Duration) error {
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `
			update work w
			   set state = case when w.cancel_requested_at is null then 'failed' else 'cancelled' end,
			       outcome = 'Its job ended without a word. Start it again.',
			       finished_at = clock_timestamp(), updated_at = clock_timestamp()
			  from work waiting
			  left join river_job j on j.id = waiting.river_job_id
			 where w.id = waiting.id
			   and waiting.state in ('queued', 'running') and waiting.river_job_id is not null
			   and (j.id is null or j.state in ('cancelled', 'discarded', 'completed'))
			returning w.id`)
		settled, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		for _, id := range settled {
			if err == nil {
				err = tellWorkEnded(ctx, tx, id)
			}
		}
		return err
	})
	if err != nil {
		return wrap(err, "settle work")
	}
	_, err = conn.Exec(ctx, `
		delete from work
		 where finished_at < clock_timestamp() - $1 * interval '1 second'`, keep.Seconds())
	return wrap(err, "forget old work")
}
