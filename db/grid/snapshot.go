package grid

import (
	"context"
	"encoding/binary"
	"hash/crc64"
	"math"
	"strconv"
	"time"
)

// Snapshot is the whole answer of a question as it stood at one moment: the keys of its rows, in order. It holds no
// values: rows are read by their keys when they are shown, as they are then and as their reader may see them.
type Snapshot struct {
	ID    string // of what it holds: equal in every process that read the same answer
	Key   string // the question
	Taken time.Time

	groups []Sum // of a grouped question, from the same moment

	seq   int64    // the news that was known before it was read
	small []uint32 // the keys; half the room, as long as they all fit
	large []int64
}

var fingerprints = crc64.MakeTable(crc64.ECMA)

// Len is the number of rows.
func (s *Snapshot) Len() int { return len(s.small) + len(s.large) }

// bytes is the room it takes.
func (s *Snapshot) bytes() int64 { return int64(4*cap(s.small)+8*cap(s.large)+120*cap(s.groups)) + 256 }

// At is the key of the row at a place, from 0.
func (s *Snapshot) At(i int) int64 {
	if s.large != nil {
		return s.large[i]
	}
	return int64(s.small[i])
}

// Block is the keys of up to n rows from a place on, from 0.
func (s *Snapshot) Block(from, n int) []int64 {
	from = min(max(from, 0), s.Len())
	ids := make([]int64, 0, min(n, s.Len()-from))
	for i := from; i < min(from+n, s.Len()); i++ {
		ids = append(ids, s.At(i))
	}
	return ids
}

// Groups are the groups of a grouped question as they were when the snapshot was taken.
func (s *Snapshot) Groups() []Sum { return s.groups }

// Place is where a row stands, from 0; -1 when it doesn't.
func (s *Snapshot) Place(id int64) int {
	for i, key := range s.small {
		if int64(key) == id {
			return i
		}
	}
	for i, key := range s.large {
		if key == id {
			return i
		}
	}
	return -1
}

func (s *Snapshot) add(id int64) {
	if s.large == nil {
		if id >= 0 && id <= math.MaxUint32 {
			s.small = append(s.small, uint32(id))
			return
		}
		s.large = make([]int64, 0, 2*cap(s.small))
		for _, key := range s.small {
			s.large = append(s.large, int64(key))
		}
		s.small = nil
	}
	s.large = append(s.large, id)
}

// sealed gives the snapshot its name.
func (s *Snapshot) sealed() *Snapshot {
	sum, chunk := crc64.Checksum([]byte(s.Key), fingerprints), make([]byte, 0, 8<<10)
	for i := range s.Len() {
		if chunk = binary.LittleEndian.AppendUint64(chunk, uint64(s.At(i))); len(chunk) == cap(chunk) {
			sum, chunk = crc64.Update(sum, fingerprints, chunk), chunk[:0]
		}
	}
	s.ID = strconv.FormatUint(crc64.Update(sum, fingerprints, chunk), 36)
	return s
}

// Key is what makes two questions have one answer: the list, the filter and the order as this day reads them, not the
// columns or the place.
func (p Plan) Key() string {
	q := p.question
	q.Columns, q.Widths, q.Pins, q.Density, q.Place, q.View = nil, nil, nil, Comfortable, Place{}, 0
	q.Closed, q.Foot = Closed{}, nil
	q.Order = q.Sorted()
	return q.Resource.Name + "?" + joined(q.Fields()) + "@" + p.today.Format(time.DateOnly)
}

// Snapshot reads the keys of the whole answer; nil when they are more than at most.
func (p Plan) Snapshot(ctx context.Context, conn Conn, atMost int) (*Snapshot, error) {
	s := &Snapshot{Key: p.Key(), Taken: time.Now()}
	tx, err := conn.Begin(ctx)
	if err != nil {
		return nil, wrap(err, "snapshot %s", p)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	if _, err := tx.Exec(ctx, "set transaction isolation level repeatable read, read only"); err != nil {
		return nil, wrap(err, "snapshot %s", p)
	}
	for _, segment := range segments(p.question.terms(), nil, false) {
		c := newComposer(p.question.Resource, p.today)
		where := p.where(c, segment.where(c)...)
		rows, err := tx.Query(ctx, "select "+c.resource.Key+c.from(where, segment.order)+where+"\n order by "+segment.order, c.args...)
		if err != nil {
			return nil, wrap(err, "snapshot %s", p)
		}
		for rows.Next() {
			id, err := strconv.ParseInt(string(rows.RawValues()[0]), 10, 64) // the Exec mode's values are text
			if err != nil {
				rows.Close()
				return nil, wrap(err, "snapshot %s", p)
			}
			if s.add(id); s.Len() > atMost {
				rows.Close()
				return nil, nil //nolint:nilnil // too large to keep is no mistake
			}
		}
		if err := rows.Err(); err != nil {
			return nil, wrap(err, "snapshot %s", p)
		}
	}
	if len(p.question.Groups) > 0 {
		p.question.Foot = nil
		tally, err := p.Tally(ctx, tx)
		if err != nil {
			return nil, err
		}
		s.groups = tally.Groups
	}
	return s.sealed(), nil
}
