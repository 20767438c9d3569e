package db

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Story is one piece of news: which rows of which table another transaction, of any process, has changed.
type Story struct {
	Topic string  // the table, or what Tell was given
	IDs   []int64 // of the rows; none when they are too many to name, or when news may have been missed
}

// Missed is the topic of the story that follows a lost connection: anything may have changed meanwhile.
const Missed = "*"

// newsWaiting is how many stories a reader may be behind before it is told that it missed some.
const newsWaiting = 256

// News listens to the database for everybody in this process, over one connection of its own.
type News struct {
	log     *slog.Logger
	mu      sync.Mutex
	readers map[*newsReader]struct{}
	stop    context.CancelFunc
	done    chan struct{}
}

type newsReader struct {
	topics  []string
	stories chan Story
	missed  bool
}

// ListenForNews begins to listen and keeps at it through lost connections, until Close.
func ListenForNews(pool *pgxpool.Pool, log *slog.Logger) *News {
	ctx, stop := context.WithCancel(context.Background())
	news := &News{log: log, readers: map[*newsReader]struct{}{}, stop: stop, done: make(chan struct{})}
	config := pool.Config().ConnConfig.Copy()
	config.Tracer = nil
	listening := make(chan struct{})
	go news.keepListening(ctx, config, listening)
	select { // what changes after this is heard
	case <-listening:
	case <-time.After(5 * time.Second):
	}
	return news
}

// Close ends the listening.
func (n *News) Close() {
	n.stop()
	<-n.done
	n.mu.Lock()
	defer n.mu.Unlock()
	for reader := range n.readers {
		close(reader.stories)
		delete(n.readers, reader)
	}
}

func (n *News) keepListening(ctx context.Context, config *pgx.ConnConfig, listening chan struct{}) {
	defer close(n.done)
	heard := false
	for ctx.Err() == nil {
		err := n.listen(ctx, config, func() {
			if heard {
				n.spread(Story{Topic: Missed})
			} else {
				heard = true
				close(listening)
			}
		})
		if ctx.Err() != nil {
			return
		}
		n.log.Warn("news from the database broke off", "error", err)
		n.spread(Story{Topic: Missed})
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

// listen hears one connection to its end.
func (n *News) listen(ctx context.Context, config *pgx.ConnConfig, ready func()) error {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "listen news"); err != nil {
		return err
	}
	ready()
	for {
		heard, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		n.spread(readStory(heard.Payload))
	}
}

func readStory(payload string) Story {
	topic, list, _ := strings.Cut(payload, " ")
	story := Story{Topic: topic}
	for word := range strings.SplitSeq(list, ",") {
		if id, err := strconv.ParseInt(word, 10, 64); err == nil {
			story.IDs = append(story.IDs, id)
		}
	}
	return story
}

// spread hands a story to those who read its topic. Nobody is waited for: who is too far behind has missed something
// and is told so.
func (n *News) spread(story Story) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for reader := range n.readers {
		if story.Topic != Missed && !slices.Contains(reader.topics, story.Topic) {
			continue
		}
		tell := story
		if reader.missed {
			tell = Story{Topic: Missed}
		}
		select {
		case reader.stories <- tell:
			reader.missed = false
		default:
			reader.missed = true
		}
	}
}

// Read subscribes to topics; the caller says when it has read enough.
func (n *News) Read(topics ...string) (stories <-chan Story, enough func()) {
	reader := &newsReader{topics: topics, stories: make(chan Story, newsWaiting)}
	n.mu.Lock()
	n.readers[reader] = struct{}{}
	n.mu.Unlock()
	return reader.stories, func() {
		n.mu.Lock()
		delete(n.readers, reader)
		n.mu.Unlock()
	}
}

// Tell spreads news of something that is no row of a listed table; inside a transaction, when that is committed.
func Tell(ctx context.Context, conn Conn, topic string, ids ...int64) error {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = strconv.FormatInt(id, 10)
	}
	_, err := conn.Exec(ctx, "select pg_notify('news', $1)", topic+" "+strings.Join(words, ","))
	return wrap(err, "tell of %s", topic)
}
