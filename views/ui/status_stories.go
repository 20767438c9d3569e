package ui

import (
	"time"

	"purplecross/views/gallery"
)

// BadgeStories show words with a meaning.
var BadgeStories = gallery.Component[BadgeProps]{
	Path:  "Status/Badge",
	View:  Badge,
	Use:   []string{"A mark on a record that is no state of it: an alert, a count."},
	Avoid: []string{"For states: Status, which knows their words and tones."},
	Stories: []gallery.Story[BadgeProps]{
		{Name: "Neutral", Args: BadgeProps{Label: "Walk-in"}},
		{Name: "Info", Args: BadgeProps{Label: "Confirmed", Tone: ToneInfo, Icon: IconCheck}},
		{Name: "OK", Args: BadgeProps{Label: "This device", Tone: ToneOK, Icon: IconCheck}},
		{Name: "Warn", Args: BadgeProps{Label: "Overdue", Tone: ToneWarn, Icon: IconClock}},
		{Name: "Danger", Args: BadgeProps{Label: "Bounced", Tone: ToneDanger, Icon: IconUndo}},
		{Name: "Accent", Args: BadgeProps{Label: "Selected", Tone: ToneAccent}},
		{Name: "Long label", Args: BadgeProps{Label: "Not sent: the owner opted out of e-mail", Tone: ToneWarn, Icon: IconBan}},
		{Name: "From right to left", Dir: "rtl", Args: BadgeProps{Label: "مؤكد", Tone: ToneInfo, Icon: IconCheck}},
	},
}

// StatusStories show the statuses of the schema.
var StatusStories = gallery.Component[StatusProps]{
	Path:   "Status/Status",
	View:   Status,
	Use:    []string{"The state of a visit, a message, a patient. The words are the house's."},
	Avoid:  []string{"For anything else worth a mark: a badge."},
	Mirror: "Waiting",
	Stories: []gallery.Story[StatusProps]{
		{Name: "Requested", Args: StatusProps{Value: "requested"}},
		{Name: "Booked", Args: StatusProps{Value: "booked"}},
		{Name: "Waiting", Args: StatusProps{Value: "arrived"}},
		{Name: "In room", Args: StatusProps{Value: "in_room"}},
		{Name: "Ready to go", Args: StatusProps{Value: "ready"}},
		{Name: "Completed", Args: StatusProps{Value: "completed"}},
		{Name: "No-show", Args: StatusProps{Value: "no_show"}},
		{Name: "Deceased", Args: StatusProps{Value: "deceased"}},
		{Name: "Not sent", Args: StatusProps{Value: "suppressed"}},
		{Name: "Not known yet", Args: StatusProps{Value: "awaiting_results"}},
	},
}

// AvatarStories show people in two letters.
var AvatarStories = gallery.Component[AvatarProps]{
	Path:   "Status/Avatar",
	View:   Avatar,
	Use:    []string{"Beside a person's name, in their hue."},
	Avoid:  []string{"In place of the name: two people share initials soon."},
	Mirror: "Three letters",
	Stories: []gallery.Story[AvatarProps]{
		{Name: "Purple", Args: AvatarProps{Initials: "AR", Name: "Dr Ana Reyes"}},
		{Name: "Blue", Args: AvatarProps{Initials: "BO", Hue: 1, Name: "Bo"}},
		{Name: "Olive", Args: AvatarProps{Initials: "CE", Hue: 4, Name: "Chidi Eze"}},
		{Name: "Red", Args: AvatarProps{Initials: "ŁŞ", Hue: 6, Name: "Łukasz Şahin"}},
		{Name: "Three letters", Args: AvatarProps{Initials: "MJV", Hue: 7, Name: "María José van der Berg"}},
		{Name: "One letter", Args: AvatarProps{Initials: "Q", Hue: 5, Name: "Q"}},
		{Name: "Another script", Args: AvatarProps{Initials: "山", Hue: 2, Name: "山田 美咲"}},
	},
}

// IconStories show the pictures.
var IconStories = gallery.Component[IconProps]{
	Path:   "Status/Icon",
	View:   Icon,
	Use:    []string{"Beside a word, to be found faster."},
	Avoid:  []string{"In place of a word, unless there is no room for it."},
	Mirror: "With a meaning",
	Stories: []gallery.Story[IconProps]{
		{Name: "Dog", Args: IconProps{Name: IconDog, Large: true}},
		{Name: "Small", Args: IconProps{Name: IconBell}},
		{Name: "With a meaning", Args: IconProps{Name: IconAlert, Label: "Alert", Large: true}},
	},
}

// TimeStories show moments as people say them.
var TimeStories = gallery.Component[TimeProps]{
	Path:   "Status/Time",
	View:   Time,
	Use:    []string{"Every moment on every page."},
	Avoid:  []string{"In an e-mail, which has no today: the whole date."},
	Mirror: "A little ago",
	Stories: []gallery.Story[TimeProps]{
		{Name: "Today", From: at(25*time.Minute, TimeProps{})},
		{Name: "Tomorrow", From: at(20*time.Hour, TimeProps{})},
		{Name: "Another day", From: at(9*24*time.Hour, TimeProps{})},
		{Name: "Day only", From: at(-70*24*time.Hour, TimeProps{Date: true})},
		{Name: "Clock only", From: at(3*time.Hour, TimeProps{Clock: true})},
		{Name: "A little ago", From: at(-4*time.Minute, TimeProps{Relative: true})},
		{Name: "Long ago", From: at(-90*24*time.Hour, TimeProps{Relative: true})},
	},
}

func at(from time.Duration, props TimeProps) func(*gallery.World) TimeProps {
	return func(w *gallery.World) TimeProps {
		props.At = w.Now.Add(from)
		return props
	}
}
