package handlers

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"purplecross/db"
	"purplecross/db/grid"
	"purplecross/views"
)

// shown is a page's lines: "cat" or "cat/2026-11" for the head of a group, "/patients/7" for a row.
func shown(doc *goquery.Document) []string {
	return doc.Find("#grid tbody:not([data-above]) tr").Map(func(_ int, tr *goquery.Selection) string {
		if path, head := tr.Attr("data-group"); head {
			return path
		}
		return tr.Find("th a").AttrOr("href", "")
	})
}

func TestWalkingThroughGroupsByLinksShowsEachLineOnce(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	for _, c2 := range []struct{ path, rows string }{
		{"/patients?group=species", `true`},
		{"/patients?group=-species,last_visit.year&sort=-weight", `true`},
		{"/patients?group=-last_visit.month&sort=-last_visit", `true`},
		{"/patients?group=species&closed=dog", `species <> 'dog'`},
		{"/patients?group=neutered,species&closed=not:yes,yes/cat", `neutered and species = 'cat'`},
		{"/patients?group=status&closed=all", `false`},
	} {
		var lines, rows []string
		heads := map[string]int{}
		for page := c2.path; page != ""; {
			doc := s.get(t, page)
			if first := doc.Find("#grid tbody:not([data-above]) tr").First().AttrOr("aria-rowindex", ""); first != strconv.Itoa(len(lines)+2) {
				t.Errorf("%s: %s begins with line %s after %d", c2.path, page, first, len(lines))
			}
			for _, line := range shown(doc) {
				if strings.HasPrefix(line, "/") {
					rows = append(rows, line)
				} else {
					heads[line]++
				}
				lines = append(lines, line)
			}
			page = doc.Find(".pager a[rel=next]").AttrOr("href", "")
		}
		var want int
		if err := c.pool.QueryRow(t.Context(), `select count(*) from patient where `+c2.rows).Scan(&want); err != nil {
			t.Fatal(err)
		}
		if unique := slices.Compact(slices.Sorted(slices.Values(rows))); len(rows) != want || len(unique) != want {
			t.Errorf("%s: %d rows, %d different ones, want %d", c2.path, len(rows), len(unique), want)
		}
		for head, n := range heads {
			if n != 1 {
				t.Errorf("%s: the head of %s stands %d times", c2.path, head, n)
			}
		}
		said := s.get(t, c2.path).Find("#grid").AttrOr("data-count", "")
		if said != strconv.Itoa(len(lines)) || len(heads) == 0 {
			t.Errorf("%s: %d lines, %d of them heads; the page says %s", c2.path, len(lines), len(heads), said)
		}
	}
}

func TestAHeadCountsItsRowsAndSumsThemUp(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	doc := s.get(t, "/patients?group=species&closed=all&foot=weight.max,name.count")
	rows, err := c.pool.Query(t.Context(), `select species::text, count(*), max(weight_g) from patient group by 1`)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for rows.Next() {
		var species string
		var count, weight int
		if err := rows.Scan(&species, &count, &weight); err != nil {
			t.Fatal(err)
		}
		n++
		head := doc.Find(`tr[data-group="` + species + `"]`)
		if said := head.Find(".grid-group-count").Text(); said != strconv.Itoa(count) {
			t.Errorf("%s counts %s, want %d", species, said, count)
		}
		want := strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", float64(weight)/1000), "0"), ".") + " kg"
		if said := head.Find("td[data-label=Weight]").Text(); said != want {
			t.Errorf("the heaviest %s is %s, want %s", species, said, want)
		}
	}
	if heads := doc.Find("tr[data-group]").Length(); heads != n || doc.Find("tr[data-id]").Length() != 0 {
		t.Errorf("%d heads of %d, %d rows", heads, n, doc.Find("tr[data-id]").Length())
	}
	var heaviest int
	if err := c.pool.QueryRow(t.Context(), `select max(weight_g) from patient`).Scan(&heaviest); err != nil {
		t.Fatal(err)
	}
	if said := doc.Find("#grid-sum-open-weight strong").Text(); said != strconv.FormatFloat(float64(heaviest)/1000, 'f', -1, 64)+" kg" {
		t.Errorf("below Weight stands %s, want %d g", said, heaviest)
	}
	if said := strings.TrimSpace(doc.Find("#grid-count").Text()); said != "100 patients" {
		t.Errorf("it counts %q", said)
	}
}

func TestAGroupClosesAndOpensByItsLink(t *testing.T) {
	s := newClinic(t).signIn(t, "reception")
	doc := s.get(t, "/patients?group=species&closed=dog")
	address := doc.Find(`tr[data-group=cat] a`).AttrOr("href", "")
	if address != "/patients?group=species&closed=cat,dog" {
		t.Fatalf("the head leads to %s", address)
	}
	doc = s.get(t, address)
	cat := doc.Find(`tr[data-group=cat]`)
	if cat.AttrOr("aria-expanded", "") != "false" || cat.AttrOr("aria-level", "") != "1" || doc.Find("table").AttrOr("role", "") != "treegrid" {
		t.Error("the closed group does not say that it is")
	}
	if href := cat.Find("a").AttrOr("href", ""); href != "/patients?group=species&closed=dog" {
		t.Errorf("the closed group leads to %s", href)
	}
	all := doc.Find("#grid-groups a:contains('Close all')").AttrOr("href", "")
	doc = s.get(t, all)
	if !strings.HasSuffix(doc.Find(`tr[data-group=cat] a`).AttrOr("href", ""), "closed=not:cat") {
		t.Errorf("opened alone, the group is %s", doc.Find(`tr[data-group=cat] a`).AttrOr("href", ""))
	}
}

func TestTheGroupFormAndAColumnsMenuGroup(t *testing.T) {
	s := newClinic(t).signIn(t, "reception")
	doc := s.get(t, "/patients?sort=-weight")
	response := s.submit(t, doc.Find("#grid-groups form"), url.Values{"outer": {"species"}, "inner": {"-last_visit.month"}})
	if address := response.Header.Get("Location"); response.StatusCode != http.StatusSeeOther || address != "/patients?sort=-weight&group=species,-last_visit.month" {
		t.Errorf("%s to %s", response.Status, address)
	}
	doc = s.get(t, "/patients?group=species")
	response = s.submit(t, doc.Find("#grid-groups form"), url.Values{"outer": {""}})
	if address := response.Header.Get("Location"); address != "/patients" {
		t.Errorf("grouped by nothing it is %s", address)
	}
	links := doc.Find("#grid-filter-last_visit .grid-links a").Map(func(_ int, a *goquery.Selection) string { return a.AttrOr("href", "") })
	if !slices.Contains(links, "/patients?group=-last_visit.month") {
		t.Errorf("the column's menu has %v", links)
	}
	doc = s.get(t, doc.Find("#grid-sum-weight a:contains('Average')").AttrOr("href", ""))
	if said := doc.Find("#grid-sum-open-weight").Text(); !strings.HasPrefix(strings.TrimSpace(said), "Average") || !strings.Contains(said, " kg") {
		t.Errorf("below Weight: %q", said)
	}
}

func TestTheFirstLinesDoNotNeedTheGroupsCounted(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	for _, query := range []string{"group=species,-last_visit.month", "group=-status&sort=-weight", "group=last_visit.year"} {
		values, _ := url.ParseQuery(query)
		question, _ := grid.Ask(&db.PatientsGrid, values)
		answer, err := c.app.gridFirstGroups(t.Context(), grid.NewPlan(question, c.app.today()), question, gridAnswer{})
		if err != nil {
			t.Fatal(err)
		}
		view := gridView{path: "/patients", question: question, answer: answer, list: views.PatientsList, today: c.app.today()}
		var got []string
		for _, row := range view.rows() {
			switch {
			case row.Group.Label == "":
				got = append(got, fmt.Sprintf("/patients/%d", row.ID))
			case !row.Group.Waiting || row.Group.Count != "":
				t.Errorf("%s: the head of %s counts %q", query, row.Group.Path, row.Group.Count)
			default:
				got = append(got, row.Group.Path)
			}
		}
		if want := shown(s.get(t, "/patients?"+query)); !slices.Equal(got, want) {
			t.Errorf("%s: before the groups are counted the lines are %v, want %v", query, got, want)
		}
	}
	foot := s.get(t, "/patients/foot?foot=weight.avg")
	if said := foot.Find("#grid-sum-open-weight strong").Text(); !strings.HasSuffix(said, " kg") {
		t.Errorf("asked for apart, the number is %q", said)
	}
}

func TestBlocksOfLinesAreThePagesLines(t *testing.T) {
	s := newClinic(t).signIn(t, "reception")
	question := "group=species,-last_visit.year&closed=dog"
	var want []string
	for page := "/patients?" + question; page != ""; {
		doc := s.get(t, page)
		want = append(want, shown(doc)...)
		page = doc.Find(".pager a[rel=next]").AttrOr("href", "")
	}
	for _, snapshot := range []bool{false, true} {
		if snapshot {
			s.do(t, http.MethodGet, "/patients/snapshot?"+question, nil)
		}
		var got []string
		for from := 1; from <= len(want); from += 25 {
			response := s.do(t, http.MethodGet, fmt.Sprintf("/patients/rows?%s&block=%d-25", question, from), nil)
			count, records := response.Header.Get("Grid-Count"), response.Header.Get("Grid-Records")
			if snapshot && (count != strconv.Itoa(len(want)) || records != "100") {
				t.Errorf("%s lines, %s records; want %d, 100", count, records, len(want))
			}
			doc := parse(t, response)
			doc.Find("[data-above] tr").Each(func(_ int, tr *goquery.Selection) {
				if path := tr.AttrOr("data-group", "-"); !slices.Contains(want[:from], path) {
					t.Errorf("block %d begins in %s, which is not above it", from, path)
				}
			})
			got = append(got, doc.Find("tbody:not([data-above]) tr").Map(func(_ int, tr *goquery.Selection) string {
				return tr.AttrOr("data-group", tr.Find("th a").AttrOr("href", ""))
			})...)
		}
		if !slices.Equal(got, want) {
			t.Errorf("blocks, from a snapshot: %t, are %v, want %v", snapshot, got, want)
		}
	}
}

func TestAFileOfAGroupedListIsInItsOrder(t *testing.T) {
	s := newClinic(t).signIn(t, "manager")
	response := s.do(t, http.MethodGet, "/patients/export.csv?group=-status&closed=all&cols=name,weight", nil)
	defer response.Body.Close()
	reader := csv.NewReader(response.Body)
	lines, err := reader.ReadAll()
	if err != nil || len(lines) != 101 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	at := slices.Index(lines[0], "Status")
	if at < 0 {
		t.Fatalf("it has the columns %v", lines[0])
	}
	var order []string
	for _, line := range lines[1:] {
		order = append(order, line[at])
	}
	if groups := slices.Compact(slices.Clone(order)); len(groups) != len(slices.Compact(slices.Sorted(slices.Values(order)))) {
		t.Errorf("its groups are %v", groups)
	}
}

// Of a long list the numbers are begun when a page with scripts has been drawn. One without has a link that waits for them.
func TestWithoutScriptsALinkWaitsForTheNumbersOfALongList(t *testing.T) {
	c := newClinic(t)
	morePatients(t, c, gridCounted)
	s := c.signIn(t, "reception")
	for _, query := range []string{"group=species&foot=weight.avg", "foot=weight.avg"} {
		page := s.get(t, "/patients?"+query)
		if waiting := page.Find("#grid-sums").Text(); !strings.Contains(waiting, "…") {
			t.Errorf("%s: the first page says %q", query, waiting)
		}
		link, _ := goquery.NewDocumentFromReader(strings.NewReader(page.Find("noscript").Text()))
		href, _ := link.Find(".grid-working a").Attr("href")
		page = s.get(t, href)
		if numbers := page.Find("#grid-sums strong").Text(); !strings.HasSuffix(numbers, "kg") || strings.Contains(page.Find("noscript").Text(), "grid-working") {
			t.Errorf("%s: after waiting the numbers are %q", href, numbers)
		}
	}
}
