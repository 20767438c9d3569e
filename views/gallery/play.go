package gallery

import "encoding/json"

// Step is one thing that a person does in a story, or must see. Elements are named as assistive technology knows them,
// by role and name; a script in the frame does the same steps for a designer and for the tests.
type Step struct {
	Do   string `json:"do"` // "click", "type", "press", "expect" or "gone".
	Role string `json:"role,omitempty"`
	Name string `json:"name,omitempty"`
	Text string `json:"text,omitempty"` // What is typed or pressed, or what the element must say.
}

// Click presses an element.
func Click(role, name string) Step { return Step{Do: "click", Role: role, Name: name} }

// Type puts the caret into a field and writes, in place of what is there.
func Type(role, name, text string) Step { return Step{Do: "type", Role: role, Name: name, Text: text} }

// Press presses a key where the focus is: "Escape".
func Press(key string) Step { return Step{Do: "press", Text: key} }

// Expect waits for an element to be there, and to say a text if one is given.
func Expect(role, name, text string) Step {
	return Step{Do: "expect", Role: role, Name: name, Text: text}
}

// Gone waits for an element not to be there.
func Gone(role, name string) Step { return Step{Do: "gone", Role: role, Name: name} }

// String says the step in words.
func (s Step) String() string {
	what := s.Role
	if s.Name != "" {
		what += " “" + s.Name + "”"
	}
	switch s.Do {
	case "click":
		return "Press the " + what
	case "type":
		return "Type “" + s.Text + "” into the " + what
	case "press":
		return "Press " + s.Text
	case "gone":
		return "See no " + what
	}
	if s.Text == "" {
		return "See the " + what
	}
	return "See the " + what + " say “" + s.Text + "”"
}

// steps is what the script in the frame reads.
func (v *Visit) steps() string {
	if v.story == nil || len(v.story.play) == 0 {
		return ""
	}
	text, _ := json.Marshal(v.story.play) // Words only: it can't fail.
	return string(text)
}

// played lists stories with steps: those of this component first, a few of others.
func (v *Visit) played() []*story {
	var mine, others []*story
	for _, s := range v.g.stories {
		switch {
		case len(s.play) == 0:
		case s.of == v.component:
			mine = append(mine, s)
		default:
			others = append(others, s)
		}
	}
	return append(mine, others...)
}
