package ui

import (
	"github.com/a-h/templ"

	"purplecross/views/gallery"
)

// ButtonStories show everything that is pressed.
var ButtonStories = gallery.Component[ButtonProps]{
	Path:  "Actions/Button",
	View:  Button,
	Use:   []string{"To do something: save, book, check in.", "One primary button on a screen: the next step."},
	Avoid: []string{"For going somewhere, in text: a link.", "For a choice between values: radios or a select."},
	Keys:  []gallery.Key{{Key: "Enter, Space", Does: "Presses it. As a link, Enter only."}},
	Anatomy: gallery.Anatomy{Of: "With a key", Parts: []gallery.Part{
		{Name: "Label", Is: "A verb and its object, in sentence case. It says what will have happened.", At: ".button-label"},
		{Name: "Icon", Is: "At most one, before the label. It never stands for the label, unless there is no room and a tooltip says it.", At: ".icon"},
		{Name: "Button", Is: "44 pixels high on touch, 36 with a mouse. Its ground says how loud it is.", At: ".button"},
	}},
	Narrow: "Long label",
	Stories: []gallery.Story[ButtonProps]{
		{Name: "Plain", Args: ButtonProps{Label: "Edit patient", Icon: IconEdit}},
		{Name: "Primary", Args: ButtonProps{Label: "Book visit", Kind: ButtonPrimary, Icon: IconPlus}},
		{Name: "Danger", Args: ButtonProps{Label: "Cancel visit", Kind: ButtonDanger}},
		{Name: "Quiet", Args: ButtonProps{Label: "Show all", Kind: ButtonQuiet}},
		{Name: "Small", Args: ButtonProps{Label: "Check in", Small: true}},
		{Name: "Icon only", Args: ButtonProps{Label: "Print", Icon: IconPrint, IconOnly: true}},
		{Name: "Disabled", Args: ButtonProps{Label: "Sign note", Kind: ButtonPrimary, Disabled: true}},
		{Name: "Link", Args: ButtonProps{Label: "Open household", Href: "#household"}},
		{Name: "With a key", Args: ButtonProps{Label: "Edit patient", Hotkey: "e", Icon: IconEdit}},
		{Name: "Long label", Args: ButtonProps{Label: "Send the discharge notes to the owner and to the referring clinic"}},
		{Name: "From right to left", Dir: "rtl", Args: ButtonProps{Label: "حجز زيارة", Icon: IconPlus, Kind: ButtonPrimary}},
		{Name: "Small and disabled", Args: ButtonProps{Label: "Check in", Small: true, Disabled: true}},
	},
}

// ActionsStories show rows of buttons.
var ActionsStories = gallery.Component[ActionsProps]{
	Path:   "Actions/Actions",
	View:   Actions,
	Use:    []string{"At the end of a form: the verb first, then Cancel."},
	Avoid:  []string{"For more than three: put the rest on the record's own page."},
	Narrow: "Too many for the line",
	Mirror: "At the end",
	Stories: []gallery.Story[ActionsProps]{
		{Name: "Of a form", Args: ActionsProps{Items: []templ.Component{
			Button(ButtonProps{Label: "Save patient", Kind: ButtonPrimary}), Button(ButtonProps{Label: "Cancel", Href: "#cancel"}),
		}}},
		{Name: "At the end", Args: ActionsProps{End: true, Items: []templ.Component{
			Button(ButtonProps{Label: "Keep visit"}), Button(ButtonProps{Label: "Cancel visit", Kind: ButtonDanger}),
		}}},
		{Name: "Too many for the line", Args: ActionsProps{Items: []templ.Component{
			Button(ButtonProps{Label: "Book visit"}), Button(ButtonProps{Label: "Write note"}), Button(ButtonProps{Label: "Add treatment"}),
			Button(ButtonProps{Label: "Print card"}), Button(ButtonProps{Label: "Send message"}), Button(ButtonProps{Label: "Move to another household"}),
		}}},
	},
}

// KbdStories show keys.
var KbdStories = gallery.Component[KbdProps]{
	Path:   "Actions/Key",
	View:   Kbd,
	Use:    []string{"Beside what a key does, to be learnt in passing."},
	Avoid:  []string{"For keys that everybody knows."},
	Mirror: "Two keys",
	Stories: []gallery.Story[KbdProps]{
		{Name: "One key", Args: KbdProps{Keys: "/"}},
		{Name: "Two keys", Args: KbdProps{Keys: "g p"}},
		{Name: "A named key", Args: KbdProps{Keys: "Esc"}},
	},
}
