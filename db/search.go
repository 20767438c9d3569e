package db

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// SearchResult is what the one search box found: whole households, the likeliest first.
type SearchResult struct {
	Hits []SearchHit
	Near bool // nothing held every word as typed; these come close
	More bool // there are more than the limit
}

// SearchHit is a household with what a person on the telephone asks for.
type SearchHit struct {
	ID            int64        `db:"id"`
	FirstName     string       `db:"first_name"`
	LastName      string       `db:"last_name"`
	SecondContact string       `db:"second_contact"`
	Mobile        string       `db:"mobile"`
	PhoneAlt      string       `db:"phone_alt"`
	Email         string       `db:"email"`
	Alert         string       `db:"alert"`
	Status        ClientStatus `db:"status"`
	LastVisitOn   *time.Time   `db:"last_visit_on"`
	NextVisitAt   *time.Time   `db:"next_visit_at"`
	Pets          []SearchPet  `db:"-"` // those that matched first
}

// Name is the account holder's full name.
func (h SearchHit) Name() string { return strings.TrimSpace(h.FirstName + " " + h.LastName) }

// SearchPet is a pet of a found household.
type SearchPet struct {
	ID       int64         `db:"id"`
	ClientID int64         `db:"client_id"`
	Name     string        `db:"name"`
	Species  Species       `db:"species"`
	Status   PatientStatus `db:"status"`
	Overdue  bool          `db:"overdue"` // care was due before today
	Matched  bool          `db:"matched"` // by its name or its chip
}

// How many candidates are read from each index, and weighed: enough for a real name, few enough that "a" answers at once.
const (
	searchByName  = 200
	searchByWord  = 1000
	searchWeighed = 400
)

// Search finds households that hold every word of q: in a name, a telephone, an e-mail, a postcode, a pet's name or
// a chip. Words of one or two letters must begin a name. When nothing does, it forgives typing mistakes.
func Search(ctx context.Context, conn Conn, q string, limit int) (SearchResult, error) {
	words, err := searchWords(ctx, conn, q)
	if err != nil || len(words) == 0 {
		return SearchResult{}, wrap(err, "search")
	}
	limit = min(max(limit, 1), 100)

	ids, err := exactIDs(ctx, conn, words, limit+1)
	if err != nil {
		return SearchResult{}, wrap(err, "search")
	}
	result := SearchResult{More: len(ids) > limit}
	if len(ids) == 0 && slices.ContainsFunc(words, mistakable) {
		result.Near = true
		if ids, err = nearIDs(ctx, conn, words, limit); err != nil {
			return SearchResult{}, wrap(err, "search near")
		}
	}
	result.Hits, err = searchHits(ctx, conn, ids[:min(len(ids), limit)], words)
	return result, wrap(err, "search")
}

// searchWords splits q as the search documents are written: without case and accents, and a telephone or chip number
// as its digits however it is spaced: "(970) 555-0167" is one word.
func searchWords(ctx context.Context, conn Conn, q string) ([]string, error) {
	if len(q) > 200 {
		q = strings.ToValidUTF8(q[:200], "")
	}
	q = strings.ToValidUTF8(strings.ReplaceAll(q, "\x00", ""), "")
	if strings.TrimSpace(q) == "" {
		return nil, nil
	}
	var plain string
	if err := conn.QueryRow(ctx, `select pc_norm($1)`, q).Scan(&plain); err != nil {
		return nil, err
	}

	var words []string
	digits := ""
	flush := func() {
		if digits != "" {
			words = append(words, nationalDigits(digits))
		}
		digits = ""
	}
	for _, word := range strings.Fields(plain) {
		if figures := phoneDigits(word); figures != "" {
			digits += figures
			continue
		}
		flush()
		if word = strings.Trim(word, ",;\"()"); word != "" {
			words = append(words, word)
		}
	}
	flush()
	return words[:min(len(words), 8)], nil
}

// phoneDigits is the digits of a word that holds nothing but a telephone's characters.
func phoneDigits(word string) string {
	if strings.Trim(word, "0123456789()+-./") != "" {
		return ""
	}
	return digitsOf(word)
}

// nationalDigits drops the trunk zero or the 1 of a full number, which the saved one may lack.
func nationalDigits(digits string) string {
	switch {
	case len(digits) == 11 && digits[0] == '1':
		return digits[1:]
	case len(digits) >= 7 && len(digits) < 15: // a chip keeps its zeros
		return strings.TrimLeft(digits, "0")
	}
	return digits
}

// exactIDs are the households that hold every word, best first: whole words before beginnings before middles, active
// before inactive, recently seen before long ago.
func exactIDs(ctx context.Context, conn Conn, words []string, limit int) ([]int64, error) {
	args := []any{pgx.QueryExecModeExec} // planned with these words: a wide one must stop early, not build a bitmap
	arg := func(value any) string {
		args = append(args, value)
		return fmt.Sprintf("$%d", len(args)-1)
	}
	var holds, fit []string
	for _, word := range words {
		escaped := like.Replace(word)
		begins := arg("% " + escaped + "%")
		fit = append(fit, fmt.Sprintf("case when ' ' || c.search_doc || ' ' like %s then 2 when ' ' || c.search_doc like %s then 1 else 0 end",
			arg("% "+escaped+" %"), begins))
		if len([]rune(word)) > 2 {
			holds = append(holds, "c.search_doc like "+arg("%"+escaped+"%"))
		} else { // the index knows beginnings of words, but not the space before the first
			holds = append(holds, fmt.Sprintf("(c.search_doc like %s or c.search_doc like %s)", begins, arg(escaped+"%")))
		}
	}
	sources := []string{fmt.Sprintf("(select c.id from client c where c.status <> 'merged' and %s limit %d)", strings.Join(holds, " and "), searchByWord)}

	// Of one wide word only the first thousand are read: names that are it, or begin with it, come from their own
	// indexes, so that they are never missed.
	if len(words) == 1 {
		from, to := arg(words[0]), arg(words[0]+"\U0010FFFF")
		for _, named := range []string{"pc_norm(%s) = " + from, "pc_norm(%[1]s) ~>=~ " + from + " and pc_norm(%[1]s) ~<~ " + to} {
			sources = append(sources,
				fmt.Sprintf("(select c.id from client c where "+named+" and c.status <> 'merged' limit %d)", "c.last_name", searchByName),
				fmt.Sprintf("(select c.id from patient p join client c on c.id = p.client_id where "+named+" and c.status <> 'merged' limit %d)", "p.name", searchByName))
		}
	}

	rows, err := conn.Query(ctx, `
		with fitting as materialized (
		  select c.id, c.status, `+strings.Join(fit, " + ")+` as fit
		    from client c
		   where c.id in (`+strings.Join(sources, " union all ")+`)
		   order by fit desc, c.status, c.id desc
		   limit `+fmt.Sprint(searchWeighed)+`)
		select f.id
		  from fitting f
		  left join lateral (select max(p.last_visit_on) as last_visit_on from patient p where p.client_id = f.id) seen on true
		 order by f.fit desc, f.status, seen.last_visit_on desc nulls last, f.id desc
		 limit `+arg(limit), args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// searchHits reads the found households in their order, each with its pets.
func searchHits(ctx context.Context, conn Conn, ids []int64, words []string) ([]SearchHit, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := conn.Query(ctx, `
		select c.id, c.first_name, c.last_name, c.second_contact, c.mobile, c.phone_alt, c.email, c.alert, c.status::text,
		       (select max(p.last_visit_on) from patient p where p.client_id = c.id) as last_visit_on,
		       (select a.starts_at
		          from appointment a
		         where a.client_id = c.id and a.starts_at > now() and a.status in ('requested', 'booked', 'confirmed')
		         order by a.starts_at
		         limit 1) as next_visit_at
		  from unnest($1::bigint[]) with ordinality as found (id, place)
		  join client c on c.id = found.id
		 order by found.place`, ids)
	if err != nil {
		return nil, err
	}
	hits, err := pgx.CollectRows(rows, pgx.RowToStructByName[SearchHit])
	if err != nil {
		return nil, err
	}

	patterns := make([]string, 0, len(words))
	for _, word := range words {
		patterns = append(patterns, "% "+like.Replace(word)+"%")
	}
	rows, err = conn.Query(ctx, `
		select p.id, p.client_id, p.name, p.species::text, p.status::text,
		       p.status = 'active' and exists (
		         select 1 from reminder r where r.patient_id = p.id and r.status = 'open' and r.due_on < current_date) as overdue,
		       pc_norm(concat_ws(' ', '', p.name, p.microchip)) like any ($2::text[]) as matched
		  from patient p
		 where p.client_id = any ($1)
		 order by matched desc, p.status, lower(p.name), p.id`, ids, patterns)
	if err != nil {
		return nil, err
	}
	pets, err := pgx.CollectRows(rows, pgx.RowToStructByName[SearchPet])
	if err != nil {
		return nil, err
	}
	place := make(map[int64]int, len(hits))
	for i, hit := range hits {
		place[hit.ID] = i
	}
	for _, pet := range pets {
		hit := &hits[place[pet.ClientID]]
		hit.Pets = append(hit.Pets, pet)
	}
	return hits, nil
}
