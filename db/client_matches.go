package db

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"
)

// ClientLike is what is known of a household that may be on file already.
type ClientLike struct {
	FirstName, LastName, Mobile, PhoneAlt, Email, Pet string
	Except                                            int64 // the household itself, when it is being changed
}

// ClientMatch is a household that may be the same one.
type ClientMatch struct {
	ID            int64  `db:"id"`
	FirstName     string `db:"first_name"`
	LastName      string `db:"last_name"`
	SecondContact string `db:"second_contact"`
	Mobile        string `db:"mobile"`
	Email         string `db:"email"`
	Pets          string `db:"pets"` // "Coco, Max"
	SamePhone     bool   `db:"same_phone"`
	SameEmail     bool   `db:"same_email"`
	SimilarName   bool   `db:"similar_name"`
	SamePet       bool   `db:"same_pet"`
}

// Name is the account holder's full name.
func (m ClientMatch) Name() string { return strings.TrimSpace(m.FirstName + " " + m.LastName) }

// Strong says that it is most likely the same household: ask before adding another.
func (m ClientMatch) Strong() bool {
	return m.SamePhone || m.SameEmail || m.SimilarName && m.SamePet
}

// MatchingClients are up to five households that share a telephone or an e-mail address with the described one, have
// a similar name, or a pet of the same name whose owner has the same first name (a surname is easily misheard).
func MatchingClients(ctx context.Context, conn Conn, described ClientLike) ([]ClientMatch, error) {
	phones := []string{}
	for _, number := range []string{described.Mobile, described.PhoneAlt} {
		if digits := digitsOf(number); len(digits) >= 7 {
			phones = append(phones, digits[max(0, len(digits)-10):])
		}
	}
	rows, err := conn.Query(ctx, `
		with described as materialized (
		  select pc_norm(btrim(@first)) as first, pc_norm(btrim(@last)) as last, pc_norm(btrim(@first || ' ' || @last)) as name,
		         lower(btrim(@email)) as email, pc_norm(btrim(@pet)) as pet),
		possible as (
		  select id from client where mobile <> '' and right(pc_digits(mobile), 10) = any (@phones::text[])
		  union
		  select id from client where phone_alt <> '' and right(pc_digits(phone_alt), 10) = any (@phones::text[])
		  union
		  select c.id from client c, described d where c.email <> '' and d.email <> '' and lower(c.email) = d.email
		  union
		  (select c.id from client c, described d
		    where c.status <> 'merged' and length(d.first) > 1 and length(d.last) > 2 and d.name <% c.search_doc
		    limit 200)
		  union
		  (select p.client_id from patient p, described d
		    where d.pet <> '' and d.name <> '' and pc_norm(p.name) = d.pet
		    limit 1000)),
		compared as (
		  select c.id, c.status, c.first_name, c.last_name, c.second_contact, c.mobile, c.email,
		         right(pc_digits(c.mobile), 10) = any (@phones::text[]) or right(pc_digits(c.phone_alt), 10) = any (@phones::text[]) as same_phone,
		         d.email <> '' and lower(c.email) = d.email as same_email,
		         d.first <> '' and d.last <> '' and similarity(pc_norm(c.first_name || ' ' || c.last_name), d.name) >= 0.6 as similar_name,
		         d.first <> '' and pc_norm(c.first_name) = d.first or d.last <> '' and pc_norm(c.last_name) = d.last as one_name,
		         d.pet <> '' and exists (select 1 from patient p where p.client_id = c.id and pc_norm(p.name) = d.pet) as same_pet
		    from possible
		    join client c using (id), described d
		   where c.status <> 'merged' and c.id <> @except)
		select id, first_name, last_name, second_contact, mobile, email, same_phone, same_email, similar_name, same_pet,
		       coalesce((select string_agg(p.name, ', ' order by p.status, lower(p.name)) from patient p where p.client_id = compared.id), '') as pets
		  from compared
		 where same_phone or same_email or similar_name or (same_pet and one_name)
		 order by same_phone desc, same_email desc, (similar_name and same_pet) desc, similar_name desc, status, id
		 limit 5`,
		pgx.NamedArgs{
			"first": described.FirstName, "last": described.LastName, "email": described.Email, "pet": described.Pet,
			"phones": phones, "except": described.Except,
		})
	if err != nil {
		return nil, wrap(err, "match clients")
	}
	matches, err := pgx.CollectRows(rows, pgx.RowToStructByName[ClientMatch])
	return matches, wrap(err, "match clients")
}
