package db_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"purplecross/db"
	"purplecross/db/dbtest"
)

// hear waits for the next story.
func hear(t *testing.T, stories <-chan db.Story) db.Story {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	select {
	case story := <-stories:
		return story
	case <-ctx.Done():
		t.Fatal("no news came")
		return db.Story{}
	}
}

func TestNewsNameTheRowsThatOthersChanged(t *testing.T) {
	pool := dbtest.New(t)
	news := db.ListenForNews(pool, slog.New(slog.DiscardHandler))
	t.Cleanup(news.Close)
	stories, enough := news.Read("client")
	defer enough()

	var ids []int64
	for _, statement := range []string{
		`with added as (insert into client (last_name) values ('Alder'), ('Birch') returning id) select array_agg(id order by id) from added`,
		`with changed as (update client set city = 'Durango' where last_name = 'Birch' returning id) select array_agg(id) from changed`,
		`with gone as (delete from client where last_name = 'Alder' returning id) select array_agg(id) from gone`,
	} {
		if err := pool.QueryRow(t.Context(), statement).Scan(&ids); err != nil {
			t.Fatal(err)
		}
		story := hear(t, stories)
		if slices.Sort(story.IDs); story.Topic != "client" || !slices.Equal(story.IDs, ids) {
			t.Errorf("the story is %v, of %v", story, ids)
		}
	}
	if _, err := pool.Exec(t.Context(), `insert into client (last_name) select 'Client ' || n from generate_series(1, 500) n`); err != nil {
		t.Fatal(err)
	}
	if story := hear(t, stories); len(story.IDs) > 0 {
		t.Errorf("%d ids were named of 500", len(story.IDs))
	}
}

func TestALostConnectionIsToldAndNewsGoOn(t *testing.T) {
	pool := dbtest.New(t)
	news := db.ListenForNews(pool, slog.New(slog.DiscardHandler))
	t.Cleanup(news.Close)
	stories, enough := news.Read("client")
	defer enough()

	if _, err := pool.Exec(t.Context(), `select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen news' and datname = current_database()`); err != nil {
		t.Fatal(err)
	}
	for range 2 { // it breaks off, and it is back
		if story := hear(t, stories); story.Topic != db.Missed {
			t.Fatalf("the story is %v", story)
		}
	}
	if err := db.Tell(t.Context(), pool, "client", 7); err != nil {
		t.Fatal(err)
	}
	if story := hear(t, stories); !slices.Equal(story.IDs, []int64{7}) {
		t.Errorf("the story is %v", story)
	}
}
