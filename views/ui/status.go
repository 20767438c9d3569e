package ui

import "strings"

// statuses gives every status of the schema and of River its word, icon and tone. What waits for a person is amber, what
// went wrong is red, what is under way is blue, what is well is green; what needs nobody is grey.
var statuses = map[string]BadgeProps{
	// Visits.
	"requested": {Label: "Requested", Tone: ToneWarn, Icon: IconInbox},
	"booked":    {Label: "Booked", Icon: IconCalendar},
	"confirmed": {Label: "Confirmed", Tone: ToneInfo, Icon: IconCheck},
	"arrived":   {Label: "Waiting", Tone: ToneWarn, Icon: IconClock},
	"in_room":   {Label: "In room", Tone: ToneInfo, Icon: IconDoor},
	"ready":     {Label: "Ready to go", Tone: ToneOK, Icon: IconPaw},
	"completed": {Label: "Completed", Icon: IconCheck},
	"cancelled": {Label: "Cancelled", Icon: IconClose},
	"no_show":   {Label: "No-show", Tone: ToneDanger, Icon: IconAlert},
	// Notes.
	"draft":  {Label: "Draft", Tone: ToneWarn, Icon: IconEdit},
	"signed": {Label: "Signed", Tone: ToneOK, Icon: IconLock},
	// Reminders and error reports.
	"open":      {Label: "Open", Tone: ToneWarn, Icon: IconBell},
	"satisfied": {Label: "Done", Tone: ToneOK, Icon: IconCheck},
	"lapsed":    {Label: "Lapsed", Icon: IconHistory},
	"resolved":  {Label: "Resolved", Tone: ToneOK, Icon: IconCheck},
	"ignored":   {Label: "Ignored", Icon: IconClose},
	// Messages.
	"queued":     {Label: "Queued", Icon: IconClock},
	"sending":    {Label: "Sending", Tone: ToneInfo, Icon: IconQueue},
	"sent":       {Label: "Sent", Tone: ToneOK, Icon: IconMail},
	"delivered":  {Label: "Delivered", Tone: ToneOK, Icon: IconCheck},
	"bounced":    {Label: "Bounced", Tone: ToneDanger, Icon: IconUndo},
	"failed":     {Label: "Failed", Tone: ToneDanger, Icon: IconAlert},
	"suppressed": {Label: "Not sent", Tone: ToneWarn, Icon: IconBan},
	"received":   {Label: "Received", Tone: ToneInfo, Icon: IconInbox},
	"logged":     {Label: "Logged", Icon: IconEdit},
	// Patients and clients.
	"active":   {Label: "Active", Icon: IconCheck},
	"inactive": {Label: "Inactive", Icon: IconMinus},
	"deceased": {Label: "Deceased", Icon: IconMinus},
	"rehomed":  {Label: "Rehomed", Icon: IconHome},
	"merged":   {Label: "Merged", Icon: IconMerge},
	// Imports.
	"uploaded":   {Label: "Uploaded", Icon: IconUpload},
	"mapped":     {Label: "Mapped", Icon: IconColumns},
	"validating": {Label: "Checking", Tone: ToneInfo, Icon: IconClock},
	"validated":  {Label: "Checked", Tone: ToneInfo, Icon: IconCheck},
	"committing": {Label: "Importing", Tone: ToneInfo, Icon: IconClock},
	"committed":  {Label: "Imported", Tone: ToneOK, Icon: IconCheck},
	"stopped":    {Label: "Stopped", Tone: ToneWarn, Icon: IconAlert},
	"undoing":    {Label: "Being undone", Tone: ToneInfo, Icon: IconClock},
	"undone":     {Label: "Undone", Icon: IconUndo},
	// Jobs.
	"available": {Label: "Next in line", Tone: ToneInfo, Icon: IconQueue},
	"pending":   {Label: "Pending", Icon: IconClock},
	"scheduled": {Label: "Scheduled", Icon: IconCalendar},
	"running":   {Label: "Running", Tone: ToneInfo, Icon: IconPlay},
	"retryable": {Label: "Will retry", Tone: ToneWarn, Icon: IconRetry},
	"discarded": {Label: "Given up", Tone: ToneDanger, Icon: IconAlert},
}

// StatusWord is the word for a status: "In room" for "in_room".
func StatusWord(status string) string { return statusBadge(status).Label }

// statusBadge spells a status it does not know, so that a new one is at least readable.
func statusBadge(status string) BadgeProps {
	if badge, known := statuses[status]; known {
		return badge
	}
	return BadgeProps{Label: sentence(strings.ReplaceAll(status, "_", " "))}
}
