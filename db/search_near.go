package db

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// nearIDs are the households that come close to every word, closest first: the index brings candidates, the number of
// slips decides.
func nearIDs(ctx context.Context, conn Conn, words []string, limit int) ([]int64, error) {
	args := []any{pgx.QueryExecModeExec}
	arg := func(value string) string {
		args = append(args, value)
		return fmt.Sprintf("$%d", len(args)-1)
	}
	var holds []string
	scores := []string{"0::real"}
	for i, word := range words {
		if name, _, address := strings.Cut(word, "@"); address && name != "" {
			word, words[i] = name, name // every address has its end in common with many
		}
		letters := []rune(word)
		if len(letters) > 5 {
			place := arg(word)
			holds = append(holds, place+" <% c.search_doc")
			scores = append(scores, "word_similarity("+place+", c.search_doc)")
			continue
		}
		// Trigrams tell short words apart badly and dearly: those that begin alike are compared below.
		begins := like.Replace(string(letters[:min(len(letters), 2)])) + "%"
		holds = append(holds, fmt.Sprintf("(c.search_doc like %s or c.search_doc like %s)", arg(begins), arg("% "+begins)))
	}

	type candidate struct {
		ID  int64  `db:"id"`
		Doc string `db:"search_doc"`
	}
	var candidates []candidate
	err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `set local pg_trgm.word_similarity_threshold = 0.5`); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `
			select c.id, c.search_doc
			  from client c
			 where c.status <> 'merged' -- word for word the index's predicate, or the query reads the whole table
			   and `+strings.Join(holds, " and ")+`
			 order by `+strings.Join(scores, " + ")+` desc, c.status
			 limit 3000`, args...)
		if err != nil {
			return err
		}
		candidates, err = pgx.CollectRows(rows, pgx.RowToStructByName[candidate])
		return err
	})
	if err != nil {
		return nil, err
	}

	type near struct {
		id    int64
		slips int
	}
	var found []near
	for _, c := range candidates {
		if slips, close := slipsIn(words, strings.Fields(c.Doc)); close {
			found = append(found, near{c.ID, slips})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int { return cmp.Compare(a.slips, b.slips) })
	ids := make([]int64, 0, limit)
	for _, f := range found[:min(len(found), limit)] {
		ids = append(ids, f.id)
	}
	return ids, nil
}

// mistakable says that a word is long enough to be told apart from its neighbours when a letter is wrong.
func mistakable(word string) bool {
	letters := len([]rune(word))
	return letters > 6 || letters > 2 && strings.Trim(word, "0123456789") != ""
}

// slipsIn adds up how far each typed word is from the closest written one. One slip is forgiven in three letters.
func slipsIn(typed, written []string) (slips int, close bool) {
	for _, word := range typed {
		letters := []rune(word)
		best := len(letters)
		for _, w := range written {
			other := []rune(w)
			best = min(best, slipsBetween(letters, other))
			if len(other) > len(letters) { // still typing: compare with as much of it
				best = min(best, slipsBetween(letters, other[:len(letters)]))
			}
		}
		if best > max(1, len(letters)/3) {
			return 0, false
		}
		slips += best
	}
	return slips, true
}

// slipsBetween counts the letters to add, drop, change or swap with their neighbour between two words: the optimal
// string alignment distance (Damerau 1964).
func slipsBetween(a, b []rune) int {
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			changed := 1
			if a[i-1] == b[j-1] {
				changed = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+changed)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(b)]
}
