package db

import "context"

// EditedInBatch is how many records a batch has changed so far.
func EditedInBatch(ctx context.Context, conn Conn, batchID int64) (int, error) {
	var n int
	err := conn.QueryRow(ctx, `
		select count(*)
		  from edit
		 where batch_id = $1`, batchID).Scan(&n)
	return n, wrap(err, "count edits of batch %d", batchID)
}

// BatchOfWork is the batch of edits that work has made.
func BatchOfWork(ctx context.Context, conn Conn, workID int64) (int64, error) {
	var id int64
	err := conn.QueryRow(ctx, `
		select (asked ->> 'batch_id')::bigint
		  from work
		 where id = $1 and kind = 'edit'`, workID).Scan(&id)
	return id, wrap(err, "find edits of work %d", workID)
}
