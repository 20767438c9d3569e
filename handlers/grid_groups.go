package handlers

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/db/grid"
	"purplecross/views"
	"purplecross/views/ui"
)

// gridGrouped is what a page or a block of a grouped list shows: lines, some of them heads of groups.
type gridGrouped struct {
	lines *grid.Lines // nil while the groups are not known
	tally *grid.Tally // nil while what stands in the heads is not known
	items []gridItem
	above []gridItem // the heads of the groups that the first item stands in
	ids   []int64    // of the rows among the items
	total int        // lines, where the groups are known
}

// gridItem is a line: the head of a group, or a row.
type gridItem struct {
	group   *grid.Sum
	closed  bool
	counted bool
	line    int // from 0
	place   int // of a row in the answer, from 0
}

// tallied waits so long for groups and feet; nil when it takes longer, and then they are still being worked out. Without
// any patience it only looks whether they are known.
func (a *App) tallied(ctx context.Context, plan grid.Plan, patience time.Duration) (*grid.Tally, error) {
	if patience == 0 {
		if tally, fresh := a.Snapshots.Tally(plan); fresh {
			return tally, nil
		}
		return nil, nil //nolint:nilnil // not yet, and not begun
	}
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tally, err := a.Snapshots.TakeTally(waiting, a.Pool, plan)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return nil, nil //nolint:nilnil // not yet
	}
	return tally, err
}

// groupsOf are the groups as the snapshot has them, or as they are counted; known is false when that took too long.
func (a *App) groupsOf(ctx context.Context, asked grid.Question, plan grid.Plan, snapshot *grid.Snapshot, patience time.Duration) (groups []grid.Sum, tally *grid.Tally, known bool, err error) {
	if snapshot != nil {
		if len(asked.Foot) == 0 {
			return snapshot.Groups(), &grid.Tally{}, true, nil
		}
		if tally, fresh := a.Snapshots.Tally(plan); tally != nil && !fresh {
			return snapshot.Groups(), tally, true, nil // as old as the page that it is for
		}
		tally, err = a.tallied(ctx, plan, gridPatience)
		return snapshot.Groups(), tally, true, err
	}
	if tally, err = a.tallied(ctx, plan, patience); tally == nil {
		return nil, nil, false, err
	}
	return tally.Groups, tally, true, nil
}

// gridGroupedAnswer is a page of lines. The first page does not wait for the groups to be counted: with all of them
// open its heads follow from its rows.
func (a *App) gridGroupedAnswer(ctx context.Context, plan grid.Plan, question grid.Question, answer gridAnswer, fresh *grid.Snapshot, patience time.Duration) (gridAnswer, error) {
	if question.Place.At > 1 || question.Place.Last || question.Closed.Any() {
		patience = gridCounting
	}
	groups, tally, known, err := a.groupsOf(ctx, question, plan, fresh, patience)
	if err != nil {
		return answer, err
	}
	if !known {
		return a.gridFirstGroups(ctx, plan, question, answer)
	}
	lines := grid.NewLines(groups, len(question.Groups), question.Closed)
	from := max(question.Place.At-1, 0)
	if last := max(lines.Len()-gridRows, 0); question.Place.Last || from >= lines.Len() {
		from = last
	}
	if fresh == nil && from > gridCounted {
		if fresh, err = a.takeSnapshot(ctx, plan); err != nil {
			return answer, err
		}
	}
	grouped, rows, err := a.gridLines(ctx, plan, lines, fresh, from, gridRows)
	if err != nil {
		return answer, err
	}
	grouped.tally = tally
	answer.rows, answer.grouped = rows, grouped
	if len(question.Foot) > 0 {
		answer.tally = tally
	}
	answer.before, answer.after = from > 0, from+len(grouped.items) < lines.Len()
	answer.first, answer.count, answer.exact = from+1, lines.Records(), true
	return answer, nil
}

// gridLines reads the lines from one on.
func (a *App) gridLines(ctx context.Context, plan grid.Plan, lines *grid.Lines, snapshot *grid.Snapshot, from, n int) (*gridGrouped, []grid.Row, error) {
	grouped := &gridGrouped{lines: lines, total: lines.Len()}
	for _, head := range lines.Above(from) {
		grouped.above = append(grouped.above, gridItem{group: head.Group, closed: head.Closed, counted: true, line: head.Number})
	}
	for number := from; number < min(from+n, lines.Len()); number++ {
		line := lines.At(number)
		grouped.items = append(grouped.items, gridItem{group: line.Group, closed: line.Closed, counted: true, line: number, place: line.Place})
	}
	var err error
	if grouped.ids, err = a.gridRuns(ctx, plan, lines.Runs(from, n), snapshot); err != nil {
		return nil, nil, err
	}
	rows, err := plan.Rows(ctx, a.Pool, grouped.ids)
	return grouped, rows, err
}

// gridRuns are the keys of the rows of some groups' stretches. Where the answer's order is not known yet, rows of few
// groups are found by what their group is, over the index of the order inside it.
func (a *App) gridRuns(ctx context.Context, plan grid.Plan, runs []grid.Run, snapshot *grid.Snapshot) ([]int64, error) {
	var ids []int64
	if snapshot == nil && len(runs) > 2 {
		if first, last := runs[0], runs[len(runs)-1]; last.From+last.N-first.From == rowsOf(runs) {
			stretch, err := plan.From(first.From+1).Keys(ctx, a.Pool, rowsOf(runs))
			return padded(stretch.IDs, rowsOf(runs)), err
		}
	}
	for _, run := range runs {
		if snapshot != nil {
			ids = append(ids, snapshot.Block(run.From, run.N)...)
			continue
		}
		stretch, err := plan.Inside(run.Group.Path, run.From-run.First+1).Keys(ctx, a.Pool, run.N)
		if err != nil {
			return nil, err
		}
		ids = append(ids, padded(stretch.IDs, run.N)...)
	}
	return ids, nil
}

func rowsOf(runs []grid.Run) int {
	n := 0
	for _, run := range runs {
		n += run.N
	}
	return n
}

// padded keeps the lines of rows that left their group since it was counted.
func padded(ids []int64, n int) []int64 {
	return append(ids, make([]int64, max(n-len(ids), 0))...)
}

// gridFirstGroups is the first page while the groups are still being counted: heads stand where a row's group differs
// from the one before it.
func (a *App) gridFirstGroups(ctx context.Context, plan grid.Plan, question grid.Question, answer gridAnswer) (gridAnswer, error) {
	stretch, err := a.gridFirstRows(ctx, plan)
	if err != nil {
		return answer, err
	}
	paths, err := plan.Paths(ctx, a.Pool, stretch.IDs)
	if err != nil {
		return answer, err
	}
	grouped, levels := &gridGrouped{}, len(question.Groups)
	var path []string
	for place, id := range stretch.IDs {
		sum, there := paths[id]
		if !there {
			continue
		}
		for level := 1; level <= levels; level++ {
			if !slices.Equal(sum.Path[:level], path[:min(level, len(path))]) {
				head := &grid.Sum{Path: sum.Path[:level], Label: sum.Labels[level-1]}
				grouped.items = append(grouped.items, gridItem{group: head, line: len(grouped.items)})
				path = sum.Path[:level]
			}
		}
		path = sum.Path
		grouped.items = append(grouped.items, gridItem{line: len(grouped.items), place: place})
		grouped.ids = append(grouped.ids, id)
	}
	if len(grouped.items) > gridRows {
		grouped.items, stretch.After = grouped.items[:gridRows], true
		grouped.ids = grouped.ids[:len(slices.DeleteFunc(slices.Clone(grouped.items), func(i gridItem) bool { return i.group != nil }))]
	}
	answer.rows, err = plan.Rows(ctx, a.Pool, grouped.ids)
	answer.grouped, answer.first, answer.after = grouped, 1, stretch.After
	if !answer.after {
		answer.count, answer.exact = len(grouped.ids), true
	}
	return answer, err
}

// gridFirstRows are those that the answer begins with: of its first group, where that fills the page.
func (a *App) gridFirstRows(ctx context.Context, plan grid.Plan) (grid.Stretch, error) {
	group, err := plan.FirstGroup(ctx, a.Pool)
	if err != nil {
		return grid.Stretch{}, err
	}
	if group == nil {
		return plan.From(1).Keys(ctx, a.Pool, gridRows)
	}
	if stretch, err := plan.Inside(group, 1).Keys(ctx, a.Pool, gridRows); err != nil || stretch.After {
		return stretch, err
	}
	return plan.From(1).Keys(ctx, a.Pool, gridRows)
}

// gridGroupedRows answers a block of lines, with the heads of the groups that it begins in.
func (a *App) gridGroupedRows(c echo.Context, asked gridAsked, snapshot *grid.Snapshot, from rowsFrom, list views.List) error {
	ctx := c.Request().Context()
	groups, tally, known, err := a.groupsOf(ctx, asked.question, asked.plan, snapshot, gridCounting)
	switch {
	case errors.Is(err, grid.ErrTooManyGroups):
		return echo.NewHTTPError(http.StatusBadRequest, tooManyGroups)
	case err != nil:
		return err
	case !known:
		return echo.NewHTTPError(http.StatusServiceUnavailable, "The groups are still being counted.")
	}
	lines := grid.NewLines(groups, len(asked.question.Groups), asked.question.Closed)
	grouped, rows, err := a.gridLines(ctx, asked.plan, lines, snapshot, from.first-1, from.n)
	if err != nil {
		return err
	}
	grouped.tally = tally
	a.sayHeld(c, asked, snapshot)
	view := gridView{
		path: strings.TrimSuffix(c.Request().URL.Path, rowsPath), question: asked.question, list: list, today: a.today(),
		answer: gridAnswer{rows: rows, first: from.first, grouped: grouped},
	}
	return a.fragment(c, ui.GridRows(ui.GridRowsProps{Label: list.Title, Columns: view.columns(), Rows: view.rows(), Above: view.above(), First: from.first, Grouped: true}))
}

// heldLines are the lines of the snapshot that a page holds.
func heldLines(asked gridAsked, snapshot *grid.Snapshot) *grid.Lines {
	return grid.NewLines(snapshot.Groups(), len(asked.question.Groups), asked.question.Closed)
}

// groupLabels are the groups at regular lines, for the label beside the scroll bar.
func groupLabels(asked gridAsked, snapshot *grid.Snapshot) []string {
	lines := heldLines(asked, snapshot)
	labels := []string{}
	every := max((lines.Len()+labelsAtOnce-1)/labelsAtOnce, 1)
	for number := 0; number < lines.Len(); number += every {
		line := lines.At(number)
		group := line.Inside
		if line.Group != nil {
			group = line.Group
		}
		var words []string
		for level := range group.Path {
			words = append(words, groupWords(asked.question, &grid.Sum{Path: group.Path[:level+1], Label: labelAt(lines, number, group, level)}))
		}
		labels = append(labels, strings.Join(words, " · "))
	}
	return labels
}

// labelAt is what a group of an outer level is labelled, which its own head says.
func labelAt(lines *grid.Lines, number int, group *grid.Sum, level int) string {
	if level == len(group.Path)-1 {
		return group.Label
	}
	if above := lines.Above(number); level < len(above) {
		return above[level].Group.Label
	}
	return ""
}

// groupPlace is the line of the first group whose words begin as somebody typed, from 1; 0 for none.
func groupPlace(asked gridAsked, snapshot *grid.Snapshot, typed string) int {
	typed = strings.ToLower(typed)
	return 1 + heldLines(asked, snapshot).Find(func(group *grid.Sum) bool {
		return strings.HasPrefix(strings.ToLower(groupWords(asked.question, group)), typed)
	})
}

// groupWords is what a group is called.
func groupWords(question grid.Question, group *grid.Sum) string {
	level := question.Groups[len(group.Path)-1]
	return level.Says(question.Resource.Column(level.Key), group.Path[len(group.Path)-1], group.Label)
}

const tooManyGroups = "These are more than 50,000 groups. Group by a longer span of time, or narrow the list first."
