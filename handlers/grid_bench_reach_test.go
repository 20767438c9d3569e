package handlers

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"purplecross/internal/browser"
)

// reach goes to the last row, and turns the wheel in the middle, at each zoom.
func (g *gridBench) reach(row func(string, ...float64)) {
	for _, zoom := range []int{100, 200, 300} {
		p := g.tab(browser.Options{Width: 900, Height: 600, Zoom: zoom})
		if at := browser.Eval[float64](p, "devicePixelRatio"); int(at*100) != zoom {
			g.Fatalf("zoomed to %v, not %d %%", at, zoom)
		}
		total, last, most := reachAndWheel(g, p, g.clinic.url+"/patients?sort=-last_visit")
		p.Close()
		if last != total {
			g.Fatalf("at %d %% the last row in sight is %d of %d", zoom, last, total)
		}
		row(fmt.Sprintf("the last row in sight, %d %%", zoom), float64(last))
		row(fmt.Sprintf("rows that a notch of the wheel moves at most, %d %%", zoom), float64(most))
	}
}

// walkScript reads what the screen shows, screen by screen: for so many milliseconds, on from where it was.
const walkScript = `
window.walked = { ids: [], twice: 0, seen: 0, screens: 0 }
window.walk = async (millis, most) => {
  const frame = document.querySelector(".grid-frame"), until = performance.now() + millis
  const total = Math.min(Number(document.querySelector("table").getAttribute("aria-rowcount")) - 1, most)
  while (performance.now() < until && walked.seen < total) {
    do for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame) // in the first one the list hears of it
    while (document.querySelector("tbody[data-wait]"))
    const top = document.querySelector("thead").getBoundingClientRect().bottom - 1, bottom = frame.getBoundingClientRect().bottom + 1
    for (const tr of document.querySelectorAll("tbody tr[data-id]")) {
      const box = tr.getBoundingClientRect()
      if (box.top < top || box.bottom > bottom) continue
      const at = Number(tr.getAttribute("aria-rowindex")) - 2, id = Number(tr.dataset.id)
      if (walked.ids[at] === undefined) walked.seen++
      else if (walked.ids[at] !== id) walked.twice++
      walked.ids[at] = id
    }
    walked.screens++
    frame.scrollTop += frame.clientHeight - 120
  }
  return [walked.seen, total, walked.screens]
}
true`

// walk scrolls through all rows in a window as high as hundreds of them, and holds what was seen against the order that
// the database had when it began.
func (g *gridBench) walk(row func(string, ...float64)) {
	most := g.total
	if n, err := strconv.Atoi(os.Getenv("BENCH_WALK")); err == nil {
		most = min(n, most)
	}
	rows, err := g.clinic.pool.Query(g.Context(), `select id from patient order by name_key, id`)
	if err != nil {
		g.Fatal(err)
	}
	want, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		g.Fatal(err)
	}
	p := g.tab(browser.Options{Width: 1280, Height: 9000})
	p.Open(g.clinic.url + "/patients")
	p.WaitFor(standing)
	browser.Eval[bool](p, walkScript)

	stop, changes := make(chan struct{}), make(chan int)
	go func() { changes <- g.meddle(stop, want) }()
	began, seen := time.Now(), []int{0, 1, 0}
	for seen[0] < seen[1] {
		before := seen[0]
		seen = browser.Eval[[]int](p, fmt.Sprintf("walk(10000, %d)", most))
		g.Logf("%d of %d rows seen after %s", seen[0], seen[1], time.Since(began).Round(time.Second))
		if seen[0] == before {
			g.Fatal("no more rows come")
		}
	}
	took := time.Since(began)
	close(stop)
	changed := <-changes

	wrong := 0
	for from := 0; from < seen[1]; from += 100_000 {
		part := browser.Eval[[]int64](p, fmt.Sprintf("walked.ids.slice(%d, %d)", from, min(from+100_000, seen[1])))
		for i, id := range part {
			if id != want[from+i] {
				wrong++
			}
		}
	}
	twice := browser.Eval[int](p, "walked.twice")
	if wrong+twice > 0 {
		g.Errorf("%d rows showed another than they should, %d showed two", wrong, twice)
	}
	row("rows seen, each once and in its place", float64(seen[1]-wrong))
	row("changes by another connection meanwhile", float64(changed))
	row("seconds that it took", took.Seconds())
	row("rows a second", float64(seen[1])/took.Seconds())
	p.Close()
}

// meddle inserts, changes and deletes rows all over the list until it is stopped, and says how many.
func (g *gridBench) meddle(stop <-chan struct{}, ids []int64) (changes int) {
	for {
		select {
		case <-stop:
			return changes
		case <-time.After(20 * time.Millisecond):
		}
		some := make([]int64, 4)
		for i := range some {
			some[i] = ids[rand.IntN(len(ids))]
		}
		tag, err := g.clinic.pool.Exec(g.Context(), `
			with added as (insert into patient (client_id, name, species) select client_id, 'Aaa ' || id, 'cat' from patient where id = any ($1) returning 1),
			     renamed as (update patient set name = 'Zzz ' || id where id = any ($2) returning 1),
			     deleted as (
			       delete from patient p where id = any ($3)
			          and not exists (select from appointment where patient_id = p.id) and not exists (select from treatment where patient_id = p.id)
			          and not exists (select from reminder where patient_id = p.id) and not exists (select from message where patient_id = p.id)
			          and not exists (select from visit_note where patient_id = p.id)
			       returning 1)
			select from added union all select from renamed union all select from deleted`, some[:1], some[1:2], some[2:])
		if err == nil {
			changes += int(tag.RowsAffected())
		} else if g.Context().Err() == nil {
			g.Log("a change was refused: ", err)
		}
	}
}

// reachAndWheel opens a list, turns the wheel in places and goes to its end. It answers how many rows there are, which is
// the last one in sight there, and how many a notch moved at most.
func reachAndWheel(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, p *browser.Page, url string,
) (total, last, most int) {
	t.Helper()
	p.Open(url)
	p.WaitFor(standing)
	total = browser.Eval[int](p, `document.querySelector("table").getAttribute("aria-rowcount") - 1`)
	first := `Number((` + inSight + `)[0]?.[0])`
	x, y := browser.Eval[float64](p, frame+`.getBoundingClientRect().left + 100`), browser.Eval[float64](p, frame+`.getBoundingClientRect().bottom - 30`)
	for _, part := range []float64{0.5, 0.9} {
		there := fmt.Sprintf(`Math.abs(%s / %d - %f) < 0.01`, first, total, part)
		p.WaitFor(fmt.Sprintf(`%s && %s || (%s.scrollTop = %s.scrollHeight * %f, false)`, standing, there, frame, frame, part)) // the wheel's glide may still go on
		at := browser.Eval[int](p, first)
		for range 5 {
			p.Wheel(x, y, 100)
			p.WaitFor(fmt.Sprintf(`%s && %s > %d`, standing, first, at))
			now := browser.Eval[int](p, first)
			most = max(most, now-at)
			at = now
		}
	}
	browser.Eval[bool](p, frame+`.focus(), true`)
	p.PressCtrl(browser.End)
	p.WaitFor(fmt.Sprintf(`document.activeElement?.closest("tr")?.getAttribute("aria-rowindex") === "%d"`, total+1))
	p.Wheel(x, y, 5000)
	p.WaitFor(standing)
	seen := browser.Eval[[][2]string](p, inSight)
	if len(seen) == 0 {
		t.Fatalf("no row is in sight at the end")
	}
	last, _ = strconv.Atoi(seen[len(seen)-1][0])
	return total, last, most
}

// middle is how long the middle of some measurements is.
func middle(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}
