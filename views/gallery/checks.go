package gallery

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// ChecksFolder is where the tests leave what they found and the pictures that they took, below the program's source.
// It is no part of the program, and none of git's.
const ChecksFolder = ".gallery"

// Checks is what the last run of the tests found.
type Checks struct {
	Browser string              `json:"browser"` // In which the pictures were taken.
	Taken   time.Time           `json:"taken"`
	Known   bool                `json:"known"` // There were pictures of this browser and its fonts to compare with.
	Stories map[string]*Checked `json:"stories"`
}

// Checked is what was found in one story.
type Checked struct {
	Findings int     `json:"findings"` // Of axe, in light, in dark and in forced colours.
	Pictures []Taken `json:"pictures,omitempty"`
}

// Taken is a picture of a story, beside the one that was taken before.
type Taken struct {
	View   string `json:"view"` // "390-light".
	State  string `json:"state"`
	Pixels int    `json:"pixels,omitempty"` // That differ; of a picture whose predecessor is still here.
	Before bool   `json:"before,omitempty"` // The predecessor is still here.
}

// States of a picture.
const (
	TakenSame    = "same"
	TakenChanged = "changed"
	TakenNew     = "new"
)

// File is the name of the picture of a story, in a folder of such pictures.
func (t Taken) File(path string) string {
	return strings.ReplaceAll(path, "/", ".") + "." + t.View + ".png"
}

// Label is the view in words: "390 px, light".
func (t Taken) Label() string {
	width, theme, _ := strings.Cut(t.View, "-")
	return width + " px, " + theme
}

// ReadChecks reads what the tests left in a folder; nil when there is nothing.
func ReadChecks(folder string) *Checks {
	text, err := os.ReadFile(filepath.Join(folder, "checks.json"))
	if err != nil {
		return nil
	}
	var all Checks
	if json.Unmarshal(text, &all) != nil {
		return nil
	}
	return &all
}

// findings is how many things the tests found in a story; none without a run of them.
func (v *Visit) findings(s *story) int {
	if v.workshop.Checks == nil || v.workshop.Checks.Stories[s.path()] == nil {
		return 0
	}
	return v.workshop.Checks.Stories[s.path()].Findings
}

// taken lists the pictures of the story, those that changed first.
func (v *Visit) taken() (changed, same []Taken) {
	if v.workshop.Checks == nil || v.workshop.Checks.Stories[v.story.path()] == nil {
		return nil, nil
	}
	for _, t := range v.workshop.Checks.Stories[v.story.path()].Pictures {
		if t.State == TakenSame {
			same = append(same, t)
		} else {
			changed = append(changed, t)
		}
	}
	return changed, same
}

// changedStories lists the stories of which some picture changed or is new.
func (v *Visit) changedStories() []*story {
	var list []*story
	if v.workshop.Checks == nil {
		return nil
	}
	for _, s := range v.g.stories {
		if v.repainted(s) {
			list = append(list, s)
		}
	}
	return list
}

// repainted tells whether a picture of a story changed since the one that was committed.
func (v *Visit) repainted(s *story) bool {
	if v.workshop.Checks == nil || v.workshop.Checks.Stories[s.path()] == nil {
		return false
	}
	for _, t := range v.workshop.Checks.Stories[s.path()].Pictures {
		if t.State == TakenChanged {
			return true
		}
	}
	return false
}

// picture is the address of a picture of the story.
func (v *Visit) picture(folder string, t Taken) string {
	return v.workshop.Pictures + "/" + folder + "/" + t.File(v.story.path())
}

// toChanges is the address of another story's pictures.
func (v *Visit) toChanges(s *story) string {
	query := v.settingsQuery()
	query.Del("~q")
	query.Set("~panel", "changes")
	return v.at(s.path(), query)
}
