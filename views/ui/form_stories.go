package ui

import "purplecross/views/gallery"

// FieldStories show lines of a form.
var FieldStories = gallery.Component[FieldProps]{
	Path:  "Forms/Field",
	View:  Field,
	Use:   []string{"One line: a name, a number, a date, a search."},
	Avoid: []string{"For text of several lines: a text area.", "For two to five known choices: radios."},
	Keys:  []gallery.Key{{Key: "Tab", Does: "Goes to the next field; hint and error are read out with the label."}},
	Anatomy: gallery.Anatomy{Of: "Hint, unit and error", Parts: []gallery.Part{
		{Name: "Label", Is: "What is asked, above the field. “required” or nothing stands behind it.", At: ".field-label"},
		{Name: "Hint", Is: "How to answer, before the answer: a format, where to find it.", At: ".field-hint"},
		{Name: "Input", Is: "As wide as what is meant to be typed.", At: ".input"},
		{Name: "Unit", Is: "Beside the number, so that nobody types it.", At: ".field-suffix"},
		{Name: "Error", Is: "What is wrong and what to do. It stands before the input, where one reads next.", At: ".field-error"},
	}},
	Stories: []gallery.Story[FieldProps]{
		{Name: "Empty", Args: FieldProps{Name: "last_name", Label: "Surname", Required: true}},
		{Name: "Filled", Args: FieldProps{Name: "first_name", Label: "First name", Value: "María José"}},
		{Name: "With a hint", Args: FieldProps{Name: "mobile", Label: "Mobile", Type: "tel", Hint: "With its area code.", Value: "(970) 555-0167"}},
		{Name: "Wrong", Args: FieldProps{Name: "email", Label: "E-mail", Type: "email", Value: "ana@", Error: "Enter one e-mail address, like name@example.com."}},
		{Name: "Hint, unit and error", Args: FieldProps{
			Name: "weight", Label: "Weight", Required: true, Hint: "As the scale says.", InputMode: "decimal", Value: "6,500", Suffix: "kg", Short: true,
			Error: "Enter a weight between 1 g and 1,500 kg.",
		}},
		{Name: "Short, with a unit", Args: FieldProps{Name: "weight", Label: "Weight", InputMode: "decimal", Value: "6.5", Suffix: "kg", Short: true}},
		{Name: "Suggestions", Args: FieldProps{Name: "breed", Label: "Breed", Options: []string{"Beagle", "Border Collie", "Boxer"}, Placeholder: "Beagle"}},
		{Name: "Date", Args: FieldProps{Name: "dob", Label: "Date of birth", Type: "date", Value: "2022-09-14", Short: true}},
		{Name: "Long words", Args: FieldProps{Name: "policy", Label: "The number of the policy as it is printed on the insurer's card, with the letters in front of it", Hint: "It is longer than you think, and it is never the number on the invoice.", Error: "That number is the number on the invoice. Look for the one on the card, and type it with the letters in front."}},
		{Name: "Password", Args: FieldProps{Name: "password", Label: "Password", Type: "password", Autocomplete: "current-password", Required: true}},
		{Name: "Search", Args: FieldProps{Name: "q", Label: "Whose visit is it?", Type: "search", Hint: "The pet's name, the owner's, or a telephone number."}},
		{Name: "Narrow", Narrow: true, Args: FieldProps{Name: "reason", Label: "Reason for the visit, in the client's own words", Hint: "It stands on the board.", Error: "Say why the visit is overbooked."}},
		{Name: "From right to left", Dir: "rtl", Args: FieldProps{Name: "name", Label: "الاسم", Value: "بندق", Suffix: "kg"}},
	},
}

// TextAreaStories show boxes for more than a line.
var TextAreaStories = gallery.Component[TextAreaProps]{
	Path:  "Forms/Text area",
	View:  TextArea,
	Use:   []string{"Notes and reasons."},
	Avoid: []string{"For one line: a field, in which Enter sends the form."},
	Keys:  []gallery.Key{{Key: "Enter", Does: "A new line"}, {Key: "Ctrl Enter", Does: "Sends the form, where it says so"}},
	Stories: []gallery.Story[TextAreaProps]{
		{Name: "Empty", Args: TextAreaProps{Name: "note", Label: "Note"}},
		{Name: "Filled", From: func(w *gallery.World) TextAreaProps {
			return TextAreaProps{Name: "plan", Label: "Plan", Hint: "What happens next, and when.", Value: w.Note(3)}
		}},
		{Name: "Wrong", Args: TextAreaProps{Name: "overbook_reason", Label: "Reason for overbooking", Rows: 2, Required: true, Error: "Say why this slot is overbooked."}},
		{Name: "Very long text", From: func(w *gallery.World) TextAreaProps {
			return TextAreaProps{Name: "history", Label: "History", Value: w.Note(40)}
		}},
		{Name: "From right to left", Dir: "rtl", Args: TextAreaProps{Name: "note", Label: "ملاحظة", Value: "محمد العلي: يأكل جيداً."}},
		{Name: "Narrow", Narrow: true, Args: TextAreaProps{Name: "note", Label: "What was found, and what was said", Hint: "The owner may read it one day."}},
	},
}

var speciesChoices = []Option{
	{Value: "dog", Label: "Dog", Group: "Often"},
	{Value: "cat", Label: "Cat", Group: "Often"},
	{Value: "rabbit", Label: "Rabbit", Group: "Now and then"},
	{Value: "reptile", Label: "Reptile", Group: "Now and then"},
	{Value: "horse", Label: "Horse: stable visits only", Group: "Now and then", Disabled: true},
}

// SelectStories show choices of one from a list.
var SelectStories = gallery.Component[SelectProps]{
	Path:   "Forms/Select",
	View:   Select,
	Use:    []string{"Six and more choices that people know by name."},
	Avoid:  []string{"For up to five: radios show them all at once.", "For hundreds: a field with suggestions."},
	Keys:   []gallery.Key{{Key: "↑ ↓", Does: "The choice before or after"}, {Key: "Letters", Does: "The choice that begins so"}},
	Mirror: "Nothing chosen",
	Stories: []gallery.Story[SelectProps]{
		{Name: "Nothing chosen", Args: SelectProps{Name: "species", Label: "Species", Blank: "Choose a species", Options: speciesChoices, Required: true}},
		{Name: "Chosen", Args: SelectProps{Name: "species", Label: "Species", Value: "cat", Options: speciesChoices}},
		{Name: "Wrong", Args: SelectProps{Name: "species", Label: "Species", Blank: "Choose a species", Options: speciesChoices, Error: "Choose a species."}},
		{Name: "Long labels", Args: SelectProps{Name: "type", Label: "Type of visit", Value: "a", Options: []Option{{Value: "a", Label: "Second opinion with radiographs from the referring clinic, sedation possible, 60 minutes"}}}},
		{Name: "Narrow", Narrow: true, Args: SelectProps{Name: "species", Label: "Species of the patient", Options: speciesChoices, Value: "dog"}},
	},
}

// CheckboxStories show yes and no.
var CheckboxStories = gallery.Component[CheckboxProps]{
	Path:  "Forms/Checkbox",
	View:  Checkbox,
	Use:   []string{"Something is so, or is not."},
	Avoid: []string{"For one of two opposites that both need a word: radios."},
	Keys:  []gallery.Key{{Key: "Space", Does: "Turns it on or off"}},
	Stories: []gallery.Story[CheckboxProps]{
		{Name: "Off", Args: CheckboxProps{Name: "email_opt_out", Label: "Wants no e-mail"}},
		{Name: "On, with a hint", Args: CheckboxProps{Name: "dob_estimated", Label: "The date is estimated", Hint: "The age is then shown as “about 3 y”.", Checked: true}},
		{Name: "Wrong", Args: CheckboxProps{Name: "create_anyway", Label: "Create anyway: this is another household", Error: "Tick the box to add a second household with this telephone."}},
		{Name: "Long label, narrow", Narrow: true, Args: CheckboxProps{Name: "sure", Label: "This is another household, although the name, the telephone and the pet are the same"}},
		{Name: "From right to left", Dir: "rtl", Args: CheckboxProps{Name: "sms", Label: "رسائل نصية", Checked: true}},
	},
}

var sexChoices = []Option{{Value: "female", Label: "Female"}, {Value: "male", Label: "Male"}, {Value: "unknown", Label: "Not known"}}

// RadiosStories show choices of one from a few.
var RadiosStories = gallery.Component[RadiosProps]{
	Path:   "Forms/Radios",
	View:   Radios,
	Use:    []string{"One of up to five choices."},
	Avoid:  []string{"For more: a select.", "For yes or no: a checkbox."},
	Keys:   []gallery.Key{{Key: "↑ ↓ ← →", Does: "The choice before or after"}, {Key: "Tab", Does: "The group, then on to the next field"}},
	Mirror: "Beside each other",
	Stories: []gallery.Story[RadiosProps]{
		{Name: "One below the other", Args: RadiosProps{Name: "sex", Legend: "Sex", Value: "female", Options: sexChoices}},
		{Name: "Beside each other", Args: RadiosProps{Name: "sex", Legend: "Sex", Value: "male", Options: sexChoices, Inline: true}},
		{Name: "One cannot be chosen", Args: RadiosProps{Name: "send", Legend: "Send the reminder by", Hint: "The owner opted out of text messages.", Value: "email", Options: []Option{{Value: "email", Label: "E-mail"}, {Value: "sms", Label: "Text message", Disabled: true}}}},
		{Name: "Wrong", Args: RadiosProps{Name: "sex", Legend: "Sex", Options: sexChoices, Error: "Choose one. “Not known” is fine."}},
		{Name: "Narrow", Narrow: true, Args: RadiosProps{Name: "sex", Legend: "Sex", Options: sexChoices, Inline: true, Value: "female"}},
	},
}

// ErrorSummaryStories show what stands on top of a form that was not saved.
var ErrorSummaryStories = gallery.Component[ErrorSummaryProps]{
	Path:  "Forms/Error summary",
	View:  ErrorSummary,
	Use:   []string{"At the top of a form that came back."},
	Avoid: []string{"For a failure of the server: a problem."},
	Keys:  []gallery.Key{{Key: "Enter", Does: "On a line of it: goes to the field"}},
	Anatomy: gallery.Anatomy{Of: "Several", Parts: []gallery.Part{
		{Name: "Heading", Is: "That something is to be checked; never that something failed.", At: ".error-summary-title"},
		{Name: "Links", Is: "One for each field, in the field's own words. It leads there and puts the cursor in.", At: "li a"},
	}},
	Narrow: "Several",
	Mirror: "Several",
	Stories: []gallery.Story[ErrorSummaryProps]{
		{Name: "One field", Args: ErrorSummaryProps{Errors: map[string]string{"name": "Enter the pet's name."}}},
		{Name: "Several", Args: ErrorSummaryProps{Errors: map[string]string{"name": "Enter the pet's name.", "weight": "Enter a weight between 1 g and 1,500 kg.", "microchip": "Another patient has this microchip number."}}},
		{Name: "The form as a whole", Args: ErrorSummaryProps{Title: "The visit is not booked", Errors: map[string]string{"": "Dr Reyes is booked from 14:30 to 15:00. The next free time is 15:10."}}},
	},
}
