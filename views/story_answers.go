package views

import (
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"purplecross/db"
	"purplecross/views/gallery"
)

// storyWorld is the world in which answers are made up: that of every story, in its own corner.
func storyWorld() *gallery.World { return gallery.NewWorld(1, "answers") }

// pickerMock finds the households of the search's stories.
var pickerMock = gallery.Mock{
	"GET /appointments/new": func(r *http.Request) templ.Component {
		query := r.FormValue("q")
		return PickerPart(PickerPageProps{Query: query, Result: db.SearchResult{Hits: storyFound(query)}})
	},
}

var pickerPlay = []gallery.Step{
	gallery.Type("searchbox", "Whose visit is it?", "coco"),
	gallery.Expect("link", "Courtney Reilly", ""),
	gallery.Type("searchbox", "Whose visit is it?", "zzz"),
	gallery.Expect("main", "", "Nobody found"),
	gallery.Expect("link", "Add client", ""),
}

func storyFound(query string) []db.SearchHit {
	query = strings.ToLower(strings.TrimSpace(query))
	if query == "" {
		return nil
	}
	return slices.DeleteFunc(storyHits(storyWorld()), func(hit db.SearchHit) bool {
		text := hit.FirstName + " " + hit.LastName + " " + hit.Mobile
		for _, pet := range hit.Pets {
			text += " " + pet.Name
		}
		return !strings.Contains(strings.ToLower(text), query)
	})
}

// boardMock takes a visit on by the step that was pressed.
var boardMock = gallery.Mock{
	"GET /": func(*http.Request) templ.Component { return BoardPart(storyBoard(0, "")) },
	"POST /appointments/{id}/{step}": func(r *http.Request) templ.Component {
		return BoardPart(storyBoard(parseStoryID(r.PathValue("id")), r.PathValue("step")))
	},
}

var boardPlay = []gallery.Step{
	gallery.Click("button", "Check in"),
	gallery.Expect("table", "", "Waiting"),
}

func storyBoard(id int64, step string) BoardPageProps {
	w := storyWorld()
	props := BoardPageProps{Day: w.Day(0), Hours: dayHours(w), Visits: busyDay(w), Vets: dayVets}
	next := map[string]db.AppointmentStatus{
		"check-in": db.AppointmentArrived, "rooming": db.AppointmentInRoom, "readiness": db.AppointmentReady, "completion": db.AppointmentCompleted,
	}
	for i, visit := range props.Visits {
		if visit.ID == id && next[step] != "" {
			props.Visits[i].Status = next[step]
			props.Visits[i].ArrivedAt = &w.Now
		}
	}
	return props
}

func parseStoryID(text string) int64 {
	var id int64
	for _, r := range text {
		if r >= '0' && r <= '9' {
			id = id*10 + int64(r-'0')
		}
	}
	return id
}

// signInMock knows nobody.
var signInMock = gallery.Mock{
	"POST /session": func(r *http.Request) templ.Component {
		return gallery.Status(http.StatusUnprocessableEntity, SignInForm(SignInPageProps{
			Email: r.PostFormValue("email"), Error: "The e-mail address or the password is not right.",
		}))
	},
}

var signInPlay = []gallery.Step{
	gallery.Type("textbox", "E-mail", "ana@example.org"),
	gallery.Type("textbox", "Password", "not hers"),
	gallery.Click("button", "Sign in"),
	gallery.Expect("heading", "You are not signed in", ""),
	gallery.Expect("textbox", "E-mail", "ana@example.org"),
}

// matchesMock finds a household as soon as a name or a telephone number is typed.
var matchesMock = gallery.Mock{
	"POST /clients/matches": func(r *http.Request) templ.Component {
		if r.PostFormValue("last_name")+r.PostFormValue("mobile") == "" {
			return ClientMatches(ClientMatchesProps{})
		}
		return ClientMatches(ClientMatchesProps{Matches: storyMatches(storyWorld())})
	},
}

var matchesPlay = []gallery.Step{
	gallery.Type("textbox", "Surname", "O'Reilly"),
	gallery.Expect("link", "Courtney O'Reilly", ""),
}

// bookingMock answers a change of the kind, the vet or the day with other times.
var bookingMock = gallery.Mock{
	"GET /appointments/new": func(r *http.Request) templ.Component {
		props := booking(storyWorld())
		props.Ask.TypeID, props.Ask.VetID = parseStoryID(r.FormValue("type")), parseStoryID(r.FormValue("vet"))
		if props.Ask.VetID != 0 {
			props.Slots = slices.DeleteFunc(props.Slots, func(s db.Slot) bool { return s.VetID == nil || *s.VetID != props.Ask.VetID })
		}
		return BookingPart(props)
	},
}
