package grid_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"purplecross/db/grid"
)

// pets is a small list with a column of every kind.
var pets = grid.Resource{
	Name: "pets", One: "pet", Many: "pets",
	From: "pet", Key: "id", Search: "doc", SearchLabel: "Name", Order: "name",
	Columns: []grid.Column{
		{Key: "name", Label: "Name", Kind: grid.Link, SQL: "name", InSearch: true, NotNull: true, Fixed: true, Width: 10},
		{Key: "species", Label: "Species", Kind: grid.Choice, SQL: "species", Shown: true, Width: 8, Choices: []grid.Chosen{
			{Value: "dog", Label: "Dog"}, {Value: "cat", Label: "Cat"}, {Value: "bird", Label: "Bird"},
		}},
		{Key: "weight", Label: "Weight", Kind: grid.Weight, SQL: "weight_g", Shown: true, Width: 6},
		{Key: "fee", Label: "Fee", Kind: grid.Money, SQL: "fee_cents", Width: 6},
		{Key: "visits", Label: "Visits", Kind: grid.Number, SQL: "visits", Width: 6},
		{Key: "born", Label: "Age", Asked: "Born", Kind: grid.Date, SQL: "born", Shown: true, Width: 9},
		{Key: "seen", Label: "Seen", Kind: grid.Time, SQL: "seen_at", Width: 9},
		{Key: "neutered", Label: "Neutered", Kind: grid.YesNo, SQL: "neutered", Width: 6},
		{Key: "vet", Label: "Vet", Kind: grid.Person, SQL: "vet_name", Filter: "vet_id", Width: 9, Choices: []grid.Chosen{
			{Value: "3", Label: "Dr Alder"}, {Value: "7", Label: "Dr Birch"},
		}},
		{Key: "mobile", Label: "Mobile", Kind: grid.Text, SQL: "mobile", Digits: true, InSearch: true, Width: 9},
		{Key: "note", Label: "Note", Kind: grid.Text, SQL: "note", NoSort: true, NoFilter: true, Width: 12},
		{Key: "salary", Label: "Salary", Kind: grid.Money, SQL: "salary", Width: 6, Needs: "staff"},
	},
}

var today = time.Date(2026, 11, 24, 0, 0, 0, 0, time.FixedZone("clinic", -7*3600))

func ask(t testing.TB, query string) (grid.Question, []grid.Refusal) {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return grid.Ask(&pets, values)
}

func TestAQuestionHasOneFormAndIsSaidInWords(t *testing.T) {
	for _, c := range []struct{ query, form, words string }{
		{"species=dog", "species=dog", "Species is dog"},
		{"species=cat,dog,cat", "species=dog,cat", "Species is dog or cat"},
		{"species=not:bird,empty", "species=not:bird,empty", "Species is not bird or empty"},
		{"vet=7", "vet=7", "Vet is Dr Birch"},
		{"name=lu", "name=contains:lu", "Name contains “lu”"},
		{"name=not:starts:Lu%20_", "name=not:starts:Lu+_", "Name does not start with “Lu _”"},
		{"name=is:a:b", "name=is:a:b", "Name is “a:b”"},
		{"name=empty", "name=empty", "Name is empty"},
		{"weight=gte:020.50", "weight=gte:20.5", "Weight is at least 20.5 kg"},
		{"weight=20..", "weight=gte:20", "Weight is at least 20 kg"},
		{"weight=..4", "weight=lte:4", "Weight is at most 4 kg"},
		{"weight=-0", "weight=0", "Weight is 0 kg"},
		{"weight=10..20", "weight=10..20", "Weight is between 10 and 20 kg"},
		{"fee=lt:12.50", "fee=lt:12.5", "Fee is less than 12.5"},
		{"visits=not:empty", "visits=not:empty", "Visits is not empty"},
		{"born=2019-01-01..2020-12-31", "born=2019-01-01..2020-12-31", "Born is between 1 Jan 2019 and 31 Dec 2020"},
		{"born=2019-01-01..", "born=2019-01-01..", "Born is on or after 1 Jan 2019"},
		{"born=over:012y", "born=over:12y", "Born is over 12 years ago"},
		{"seen=today", "seen=today", "Seen is today"},
		{"seen=last:30d", "seen=last:30d", "Seen is in the last 30 days"},
		{"seen=not:over:1y", "seen=not:over:1y", "Seen is not over a year ago"},
		{"neutered=yes", "neutered=yes", "Neutered is yes"},
		{"mobile=(970)%20555", "mobile=contains:(970)+555", "Mobile contains “(970) 555”"},
		{"any=weight(20..),species(dog)", "any=weight(gte:20),species(dog)", "Weight is at least 20 kg, or Species is dog"},
		{
			"any=species(dog),all(name(is:a\\(b),born(over:1y))", "any=species(dog),all(name(is:a%5C(b),born(over:1y))",
			"Species is dog, or (Name is “a(b”, and Born is over a year ago)",
		},
		{"none=species(dog),species(dog)", "none=species(dog)", "None of: Species is dog"},
		{"weight=gte:2&species=dog&weight=lt:5&weight=gte:2", "species=dog&weight=gte:2&weight=lt:5", "Species is dog|Weight is at least 2 kg|Weight is less than 5 kg"},
		{"q=+luna++court+", "q=luna+court", ""},
		{"sort=-weight,name,-weight", "sort=-weight,name", ""},
		{"sort=name&cols=name,species,weight,born&at=1", "", ""},
		{"cols=weight,name", "cols=name,weight", ""},
		{"cols=name:12,species,weight:6,born", "cols=name:12,species,weight,born", ""},
		{"cols=weight:40,name:4,weight:7", "cols=name:4,weight:40", ""},
		{"pin=born,species,name,fee", "pin=species,born", ""},
		{"density=compact&pin=species&cols=name,species,fee:9", "cols=name,species,fee:9&pin=species&density=compact", ""},
		{"density=comfortable", "", ""},
		{"after=4&before=9&at=51", "before=9&at=51", ""},
		{"before=end&before=9", "before=end", ""},
	} {
		question, refused := ask(t, c.query)
		if len(refused) > 0 {
			t.Errorf("%s: refused: %v", c.query, refused)
			continue
		}
		if form := question.Encode(); form != c.form {
			t.Errorf("%s: is %s, want %s", c.query, form, c.form)
		}
		var words []string
		for _, node := range question.Filter {
			words = append(words, node.Words())
		}
		if said := strings.Join(words, "|"); said != c.words {
			t.Errorf("%s: says %s, want %s", c.query, said, c.words)
		}
		again, refused := ask(t, c.form)
		if len(refused) > 0 || again.Encode() != c.form {
			t.Errorf("%s: read again it is %s, %v", c.form, again.Encode(), refused)
		}
	}
}

func TestWhatIsNotUnderstoodIsNamedAndTheRestKept(t *testing.T) {
	for _, c := range []struct{ query, said string }{
		{"colour=red", "There is no column “colour” in this list. There are name, species"},
		{"id;drop table pet=1", "There is no column"},
		{"species=dragon", "Species is never “dragon”. It takes dog, cat, bird, empty."},
		{"species=dog'); drop table pet--", "Species is never “dog'); drop table pet--”."},
		{"vet=9 or 1=1", "Vet is never “9 or 1=1”."},
		{"name=like:x", "Name cannot be asked “like”. It takes contains:, starts:"},
		{"weight=contains:2", "Weight cannot be asked “contains”."},
		{"weight=heavy", "Weight takes numbers; “heavy” is none."},
		{"weight=1e9", "Weight takes numbers;"},
		{"weight=1.2345", "Weight has 3 decimals; “1.2345” has more."},
		{"visits=1.5", "Visits has no decimals"},
		{"weight=1..2 or 1=1", "Weight takes numbers;"},
		{"born=2019-02-30", "Born takes days like 2026-11-24; “2019-02-30” is none."},
		{"born=last:soon", "Born takes a length of time like 30d"},
		{"born=over:9999y", "Born takes 200 years at most."},
		{"neutered=maybe", "Neutered is not “maybe”. It takes yes, no, or empty."},
		{"mobile=abc", "Mobile is compared by its digits; “abc” has none."},
		{"name=contains:", "Name is compared with nothing."},
		{"name=" + strings.Repeat("x", 201), "Name is compared with more than 200 characters."},
		{"name=%00", "“name” holds characters that are not text."},
		{"name=%ff", "“name” holds characters that are not text."},
		{"note=x", "Note cannot be filtered."},
		{"any=species(dog", "“any=species(dog” cannot be read"},
		{"any=", "“any=” cannot be read"},
		{"any=species(dragon),weight(1)", "Species is never “dragon”."},
		{"all=any(any(any(any(species(dog)))))", "Groups stand in one another 4 deep at most."},
		{"sort=colour", "There is no column “colour” to sort by."},
		{"sort=name;drop", "There is no column “name;drop” to sort by."},
		{"sort=note", "Note cannot be sorted by."},
		{"cols=name,password", "There is no column “password” to show."},
		{"cols=name,weight:3", "Weight can be 4 to 40 wide; “3” is not."},
		{"cols=name,weight:-9", "There is no column “weight:-9” to show."},
		{"pin=colour", "There is no column “colour” to pin."},
		{"pin=species,weight,fee,visits,born", "4 columns can be pinned at most."},
		{"density=tiny", "Rows are comfortable or compact, not “tiny”."},
		{"move=up:weight", "“move=up:weight” is no way to move a column"},
		{"at=-4", "“at=-4” is no place in a list"},
		{"after=x", "“after=x” is no place in a list"},
		{"set=colour&value=x", "There is no column “colour”"},
		{"set=weight&from=x", "Weight takes numbers"},
	} {
		key, value, _ := strings.Cut(c.query, "=")
		values, err := url.ParseQuery(c.query)
		if err != nil { // a semicolon, say: as Go's servers never hand it on
			values = url.Values{key: {value}}
		}
		values.Add("visits", "gte:3")
		question, refused := grid.Ask(&pets, values)
		if len(refused) == 0 || !strings.HasPrefix(refused[0].Sentence, c.said) {
			t.Errorf("%s: says %v, want %s", c.query, refused, c.said)
		}
		if form := question.Encode(); !strings.Contains(form, "visits=gte:3") {
			t.Errorf("%s: only %q was kept", c.query, form)
		}
	}
}

func TestAFormOfOneColumnBecomesItsParameter(t *testing.T) {
	for _, c := range []struct{ query, form string }{
		{"set=species&value=dog&value=cat", "species=dog,cat"},
		{"species=bird&set=species", ""},
		{"set=species&op=not:is&value=dog", "species=not:dog"},
		{"set=name&op=starts&value=+Lu+", "name=starts:Lu"},
		{"set=name&op=not:contains&value=a", "name=not:contains:a"},
		{"set=name&op=not:empty&value=", "name=not:empty"},
		{"set=weight&from=2&to=", "weight=gte:2"},
		{"set=weight&from=&to=5.5", "weight=lte:5.5"},
		{"set=weight&from=2&to=5", "weight=2..5"},
		{"set=weight&from=2&to=2", "weight=2"},
		{"set=born&op=over:1y&from=2020-01-01", "born=over:1y"},
		{"set=born&op=is&from=2020-01-01&to=", "born=2020-01-01.."},
		{"set=neutered&value=no", "neutered=no"},
		{"set=weight&from=9&weight=lt:3&species=dog&sort=-born&after=7", "species=dog&weight=gte:9&sort=-born"},
		{"show=name&show=fee", "cols=name,fee"},
		{"width-weight=12&width-name=", "cols=name,species,weight:12,born"},
		{"cols=name:20,fee:9&width-fee=&width-name=12", "cols=name:12,fee"},
		{"move=left:weight", "cols=name,weight,species,born"},
		{"move=right:weight", "cols=name,species,born,weight"},
		{"move=4:species", "cols=name,weight,born,species"},
		{"move=left:species", ""},
		{"move=9:born&pin=species", "pin=species"},
		{"move=2:born&pin=species", "cols=name,species,born,weight&pin=species"},
		{"cols=name,fee&show=name&show=species&show=weight&show=born", ""},
	} {
		question, refused := ask(t, c.query)
		if len(refused) > 0 || !question.FromForm || question.Encode() != c.form {
			t.Errorf("%s: is %s (%v), want %s", c.query, question.Encode(), refused, c.form)
		}
	}
}

func TestAStartingQuestionIsWhatABareAddressAsks(t *testing.T) {
	list := pets
	list.Start = "neutered=yes"
	bare, _ := grid.Ask(&list, url.Values{})
	if len(bare.Filter) != 1 || bare.Encode() != "" {
		t.Errorf("bare: %d parts, %q", len(bare.Filter), bare.Encode())
	}
	everything := bare.Everything().Encode()
	if everything != "sort=name" {
		t.Errorf("everything is %q, which must differ from the bare address", everything)
	}
	again, _ := grid.Ask(&list, url.Values{"sort": {"name"}})
	if again.Narrowed() {
		t.Error("everything, read again, is narrowed")
	}
}

func TestEveryLinkOfAQuestionKeepsTheViewThatItBeganWith(t *testing.T) {
	starting := pets
	starting.Start = "neutered=yes"
	for _, c := range []struct {
		list        *grid.Resource
		query, form string
		everything  string
	}{
		{&pets, "view=12&species=dog", "species=dog&view=12", "sort=name&view=12"},
		{&pets, "view=none&species=dog", "species=dog&view=none", "view=none"},
		{&starting, "view=none", "neutered=yes&view=none", "sort=name&view=none"},
	} {
		values, _ := url.ParseQuery(c.query)
		question, refused := grid.Ask(c.list, values)
		if len(refused) > 0 || question.Encode() != c.form || question.Everything().Encode() != c.everything {
			t.Errorf("%s is %q, everything %q (%v)", c.query, question.Encode(), question.Everything().Encode(), refused)
		}
	}
	if _, refused := grid.Ask(&pets, url.Values{"view": {"mine"}}); len(refused) != 1 {
		t.Errorf("view=mine: %v", refused)
	}
}

func TestAColumnIsHiddenFromWhoMayNotSeeIt(t *testing.T) {
	list := pets.For(func(string) bool { return false })
	for _, query := range []url.Values{{"salary": {"1"}}, {"sort": {"salary"}}, {"cols": {"salary"}}} {
		if _, refused := grid.Ask(&list, query); len(refused) != 1 || strings.Contains(refused[0].Sentence[25:], "salary") {
			t.Errorf("%v: %v", query, refused)
		}
	}
	if _, refused := grid.Ask(&pets, url.Values{"salary": {"1"}}); len(refused) != 0 {
		t.Errorf("with the ability: %v", refused)
	}
}

func TestEverythingTypedIsAnArgument(t *testing.T) {
	question, refused := ask(t, "q=luna%25'--&name=is:x'%3Bdrop&species=dog&weight=gte:6.5&born=over:1y&seen=today&any=mobile(555),none(note_)")
	if len(refused) != 1 { // note_ is no column: the group goes, the rest stays
		t.Fatal(refused)
	}
	statement, args := grid.NewPlan(question, today).Statement(51)
	want := `select id
  from pet
 where doc like pc_norm($1)
   and (pc_norm(name) = pc_norm($2) and doc like pc_norm($3))
   and (species) in ($4)
   and (weight_g) >= $5::bigint
   and (born) < $6::date
   and ((seen_at) >= $7::timestamptz and (seen_at) < $8::timestamptz)
 order by (pc_norm(name) collate "C"), id
 limit $9`
	if statement != want {
		t.Errorf("got\n%s\nwant\n%s", statement, want)
	}
	for i, value := range []any{`%luna\%'--%`, "x';drop", "%drop%", "dog", int64(6500), "2025-11-24", "2026-11-24T00:00:00-07:00", "2026-11-25T00:00:00-07:00", 51} {
		if args[i+1] != value {
			t.Errorf("$%d is %v, want %v", i+1, args[i+1], value)
		}
	}
}

// FuzzQuestion holds that any address is answered or refused, that an answered one has one form which reads back as it
// was, and that nothing of it stands in the SQL.
func FuzzQuestion(f *testing.F) {
	for _, seed := range []string{
		"", "q=lu&sort=-weight,name&cols=name,fee&at=51&after=9", "species=not:dog,empty&weight=1..2&born=..today&seen=next:2w",
		"any=species(dog),all(name(is:a\\(b\\)),none(weight(lt:4)))", "set=name&op=starts&value=x", "show=name&show=fee", "name=%25_%5C",
		"view=12", "view=none&at=7", "view=12&sort=name&view=x",
		"group=-species,born.year&closed=not:cat,cat/2024&foot=weight.avg,born.min&at=9", "outer=vet&inner=-seen.week&closed=all",
		"cols=name:12,fee,weight:40&pin=fee,weight&density=compact", "move=3:born&width-fee=9&pin=species", "view=12", "view=none&at=7", "view=12&sort=name&view=x",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		question, _ := grid.Ask(&pets, values)
		form := question.Encode()
		values, err = url.ParseQuery(form)
		if err != nil {
			t.Fatalf("%q has the form %q: %v", query, form, err)
		}
		again, refused := grid.Ask(&pets, values)
		if len(refused) > 0 || again.Encode() != form {
			t.Fatalf("%q is %q, and that is %q (%v)", query, form, again.Encode(), refused)
		}
		statement, args := grid.NewPlan(question, today).Statement(51)
		if strings.ContainsAny(statement, ";\\%") || strings.Count(statement, "'") > 40 || len(args) < 2 {
			t.Fatalf("%q became %s", query, statement)
		}
		for _, node := range question.Filter {
			_ = node.Words()
		}
	})
}
