package db

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// SavedView is a question of a list under a name, as one person sees it.
type SavedView struct {
	ID       int64  `db:"id"`
	Resource string `db:"resource"` // the list's name
	Name     string `db:"name"`
	Query    string `db:"query"` // the question as an address has it
	OwnerID  int64  `db:"owner_id"`
	Owner    string `db:"owner"`
	Shared   bool   `db:"shared"` // with the clinic
	Default  bool   `db:"is_default"`
	Version  int    `db:"version"`
}

// ChangedBy says whether somebody may rename, change or delete the view: a shared one is changed by those who set the
// clinic up, a personal one by its owner.
func (v SavedView) ChangedBy(staffID int64, role Role) bool {
	if v.Shared {
		return role.Can(AbleConfigure)
	}
	return v.OwnerID == staffID
}

// selectSavedView reads views as the person $1 may see them: their own and the shared ones.
const selectSavedView = `
	select v.id, v.resource, v.name, v.query, v.owner_id, s.display_name as owner, v.shared, v.version,
	       d.view_id is not null as is_default
	  from saved_view v
	  join staff s on s.id = v.owner_id
	  left join saved_view_default d on d.view_id = v.id and d.staff_id = $1
	 where (v.owner_id = $1 or v.shared)`

// ListSavedViews reads the views of a list that a person may use, their own first.
func ListSavedViews(ctx context.Context, conn Conn, staffID int64, resource string) ([]SavedView, error) {
	rows, _ := conn.Query(ctx, selectSavedView+`
		   and v.resource = $2
		   and v.deleted_at is null
		 order by v.shared, lower(v.name), v.id`, staffID, resource)
	views, err := pgx.CollectRows(rows, pgx.RowToStructByName[SavedView])
	return views, wrap(err, "list views of %s", resource)
}

// GetSavedView reads a view that a person may use; anybody else's is not there.
func GetSavedView(ctx context.Context, conn Conn, staffID, id int64) (SavedView, error) {
	view, err := oneSavedView(ctx, conn, staffID, id, "v.deleted_at is null")
	return view, wrap(err, "get view %d", id)
}

// GetDeletedView reads a view that was deleted and can be restored.
func GetDeletedView(ctx context.Context, conn Conn, staffID, id int64) (SavedView, error) {
	view, err := oneSavedView(ctx, conn, staffID, id, "v.deleted_at is not null")
	return view, wrap(err, "get deleted view %d", id)
}

func oneSavedView(ctx context.Context, conn Conn, staffID, id int64, state string) (SavedView, error) {
	rows, _ := conn.Query(ctx, selectSavedView+`
		   and v.id = $2
		   and `+state, staffID, id)
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[SavedView])
}

// AddSavedView saves a new view of its owner.
func AddSavedView(ctx context.Context, conn Conn, view SavedView) (SavedView, error) {
	var added SavedView
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		var id int64
		err := tx.QueryRow(ctx, `
			insert into saved_view (resource, name, query, owner_id, shared)
			values ($1, $2, $3, $4, $5)
			returning id`, view.Resource, strings.TrimSpace(view.Name), view.Query, view.OwnerID, view.Shared).Scan(&id)
		if err != nil {
			return err
		}
		if view.Default {
			if err := SetDefaultView(ctx, tx, view.OwnerID, id); err != nil {
				return err
			}
		}
		if added, err = oneSavedView(ctx, tx, view.OwnerID, id, "v.deleted_at is null"); err != nil {
			return err
		}
		return auditSavedView(ctx, tx, "created", SavedView{ID: id}, added)
	})
	return added, wrap(err, "add view of %s", view.Resource)
}

// CopySavedView makes a personal copy of a view that a person may use.
func CopySavedView(ctx context.Context, conn Conn, staffID, id int64) (SavedView, error) {
	var added SavedView
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		view, err := oneSavedView(ctx, tx, staffID, id, "v.deleted_at is null")
		if err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, `
			select lower(name)
			  from saved_view
			 where owner_id = $1
			   and resource = $2
			   and deleted_at is null`, staffID, view.Resource)
		taken, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return err
		}
		added, err = AddSavedView(ctx, tx, SavedView{
			Resource: view.Resource, Name: copyName(view.Name, taken), Query: view.Query, OwnerID: staffID,
		})
		return err
	})
	return added, wrap(err, "copy view %d", id)
}

// copyName is the first name of a copy that is free, within the 60 characters that a name has.
func copyName(name string, taken []string) string {
	used := make(map[string]bool, len(taken))
	for _, other := range taken {
		used[other] = true
	}
	for n := 1; ; n++ {
		end := " (copy)"
		if n > 1 {
			end = fmt.Sprintf(" (copy %d)", n)
		}
		begin := []rune(name)
		begin = begin[:min(len(begin), 60-len(end))]
		if copied := strings.TrimSpace(string(begin)) + end; !used[strings.ToLower(copied)] {
			return copied
		}
	}
}

// SaveSavedView saves a view's name, question and sharing over the version that was read.
func SaveSavedView(ctx context.Context, conn Conn, staffID int64, view SavedView) (SavedView, error) {
	var after SavedView
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		before, err := oneSavedView(ctx, tx, staffID, view.ID, "v.deleted_at is null")
		if err != nil {
			return err
		}
		after = before
		after.Name, after.Query, after.Shared, after.Version = strings.TrimSpace(view.Name), view.Query, view.Shared, view.Version+1
		tag, err := tx.Exec(ctx, `
			update saved_view
			   set name = $3, query = $4, shared = $5, version = version + 1, updated_at = now()
			 where id = $1
			   and version = $2
			   and deleted_at is null`, view.ID, view.Version, after.Name, after.Query, after.Shared)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return ErrStale
		}
		return auditSavedView(ctx, tx, "updated", before, after)
	})
	return after, wrap(err, "save view %d", view.ID)
}

// SetDefaultView makes a view the one that its list begins with for a person.
func SetDefaultView(ctx context.Context, conn Conn, staffID, id int64) error {
	_, err := conn.Exec(ctx, `
		insert into saved_view_default (staff_id, resource, view_id)
		select $1, v.resource, v.id
		  from saved_view v
		 where v.id = $2
		on conflict (staff_id, resource) do update set view_id = excluded.view_id`, staffID, id)
	return wrap(err, "make view %d a default", id)
}

// UnsetDefaultView lets the list begin as it is again.
func UnsetDefaultView(ctx context.Context, conn Conn, staffID, id int64) error {
	_, err := conn.Exec(ctx, `
		delete from saved_view_default
		 where staff_id = $1
		   and view_id = $2`, staffID, id)
	return wrap(err, "make view %d no default", id)
}

// DeleteSavedView takes a view away until it is restored. Whoever begins with it keeps that choice for then.
func DeleteSavedView(ctx context.Context, conn Conn, view SavedView) error {
	return markSavedView(ctx, conn, view, "deleted", `
		update saved_view
		   set deleted_at = now(), version = version + 1, updated_at = now()
		 where id = $1
		   and deleted_at is null`)
}

// RestoreSavedView brings a deleted view back. A view that has got its name meanwhile is in the way.
func RestoreSavedView(ctx context.Context, conn Conn, view SavedView) error {
	return markSavedView(ctx, conn, view, "restored", `
		update saved_view
		   set deleted_at = null, version = version + 1, updated_at = now()
		 where id = $1
		   and deleted_at is not null`)
}

func markSavedView(ctx context.Context, conn Conn, view SavedView, action, sql string) error {
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, sql, view.ID)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return ErrNotFound
		}
		return auditSavedView(ctx, tx, action, view, view)
	})
	return wrap(err, "view %d is to be %s", view.ID, action)
}

// auditSavedView writes down what is done to views that are shared, before or after. The question itself may hold what
// somebody searched for, a client's name perhaps, so the log only says that it changed.
func auditSavedView(ctx context.Context, conn Conn, action string, before, after SavedView) error {
	if !before.Shared && !after.Shared {
		return nil
	}
	diff := Diff{}
	if action == "updated" {
		diff = DiffOf(before, after)
		if _, changed := diff["query"]; changed {
			diff["query"] = [2]any{"•••", "•••"}
		}
	}
	return Audit(ctx, conn, Audited{Action: action, Entity: "saved_view", EntityID: after.ID, Diff: diff})
}
