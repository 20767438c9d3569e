package ui

// IconName names a picture of the set.
type IconName string

// The pictures, from Lucide (ISC licence, in static/vendor/README.md).
const (
	IconSearch       IconName = "search"
	IconCalendar     IconName = "calendar"
	IconPaw          IconName = "paw"
	IconPeople       IconName = "people"
	IconPerson       IconName = "person"
	IconPhone        IconName = "phone"
	IconMail         IconName = "mail"
	IconBell         IconName = "bell"
	IconCheck        IconName = "check"
	IconClose        IconName = "close"
	IconPlus         IconName = "plus"
	IconMinus        IconName = "minus"
	IconChevronDown  IconName = "chevron-down"
	IconChevronUp    IconName = "chevron-up"
	IconChevronLeft  IconName = "chevron-left"
	IconChevronRight IconName = "chevron-right"
	IconFirst        IconName = "first"
	IconLast         IconName = "last"
	IconArrowUp      IconName = "arrow-up"
	IconArrowDown    IconName = "arrow-down"
	IconAlert        IconName = "alert"
	IconInfo         IconName = "info"
	IconEdit         IconName = "edit"
	IconPrint        IconName = "print"
	IconMenu         IconName = "menu"
	IconFilter       IconName = "filter"
	IconSort         IconName = "sort"
	IconGroup        IconName = "group"
	IconColumns      IconName = "columns"
	IconClock        IconName = "clock"
	IconSun          IconName = "sun"
	IconMoon         IconName = "moon"
	IconScreen       IconName = "screen"
	IconMobile       IconName = "mobile"
	IconSignOut      IconName = "sign-out"
	IconDog          IconName = "dog"
	IconCat          IconName = "cat"
	IconRabbit       IconName = "rabbit"
	IconBird         IconName = "bird"
	IconReptile      IconName = "reptile"
	IconSmallMammal  IconName = "small-mammal"
	IconPawOther     IconName = "paw-other"
	IconExternal     IconName = "external"
	IconUpload       IconName = "upload"
	IconDownload     IconName = "download"
	IconUndo         IconName = "undo"
	IconRedo         IconName = "redo"
	IconRetry        IconName = "retry"
	IconQueue        IconName = "queue"
	IconHistory      IconName = "history"
	IconSettings     IconName = "settings"
	IconPalette      IconName = "palette"
	IconHome         IconName = "home"
	IconMore         IconName = "more"
	IconBug          IconName = "bug"
	IconDoor         IconName = "door"
	IconInbox        IconName = "inbox"
	IconBan          IconName = "ban"
	IconMerge        IconName = "merge"
	IconLock         IconName = "lock"
	IconPlay         IconName = "play"
	IconKeyboard     IconName = "keyboard"
	IconNote         IconName = "note"
	IconSyringe      IconName = "syringe"
	IconStethoscope  IconName = "stethoscope"
	IconWeight       IconName = "weight"
	IconTrash        IconName = "trash"
	IconEye          IconName = "eye"
	IconShield       IconName = "shield"
	IconCopy         IconName = "copy"
	IconLink         IconName = "link"
	IconPin          IconName = "pin"
	IconBoard        IconName = "board"
	IconChart        IconName = "chart"
	IconSheet        IconName = "sheet"
)

// Options lists every picture, in the order of the set.
func (IconName) Options() []IconName {
	return []IconName{"", IconSearch, IconCalendar, IconPaw, IconPeople, IconPerson, IconPhone, IconMail, IconBell, IconCheck, IconClose, IconPlus, IconMinus, IconChevronDown, IconChevronUp, IconChevronLeft, IconChevronRight, IconFirst, IconLast, IconArrowUp, IconArrowDown, IconAlert, IconInfo, IconEdit, IconPrint, IconMenu, IconFilter, IconSort, IconGroup, IconColumns, IconClock, IconSun, IconMoon, IconScreen, IconMobile, IconSignOut, IconDog, IconCat, IconRabbit, IconBird, IconReptile, IconSmallMammal, IconPawOther, IconExternal, IconUpload, IconDownload, IconUndo, IconRedo, IconRetry, IconQueue, IconHistory, IconSettings, IconPalette, IconHome, IconMore, IconBug, IconDoor, IconInbox, IconBan, IconMerge, IconLock, IconPlay, IconKeyboard, IconNote, IconSyringe, IconStethoscope, IconWeight, IconTrash, IconEye, IconShield, IconCopy, IconLink, IconPin, IconBoard, IconChart, IconSheet}
}

// icons holds the inside of each 24 by 24 drawing; stroke and size come from the style sheet.
var icons = map[IconName]string{
	IconSearch:       `<path d="m21 21-4.34-4.34"/><circle cx="11" cy="11" r="8"/>`,
	IconCalendar:     `<path d="M8 2v3M16 2v3"/><rect x="3" y="3" width="18" height="18" rx="2"/><path d="M3 9h18"/>`,
	IconPaw:          `<circle cx="11" cy="4" r="2"/><circle cx="18" cy="8" r="2"/><circle cx="20" cy="16" r="2"/><path d="M9 10a5 5 0 0 1 5 5v3.5a3.5 3.5 0 0 1-6.84 1.045Q6.52 17.48 4.46 16.84A3.5 3.5 0 0 1 5.5 10Z"/>`,
	IconPeople:       `<path d="M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2M16 3.128a4 4 0 0 1 0 7.744M22 21v-2a4 4 0 0 0-3-3.87"/><circle cx="9" cy="7" r="4"/>`,
	IconPerson:       `<path d="M19 21v-2a4 4 0 0 0-4-4H9a4 4 0 0 0-4 4v2"/><circle cx="12" cy="7" r="4"/>`,
	IconPhone:        `<path d="M13.832 16.568a1 1 0 0 0 1.213-.303l.355-.465A2 2 0 0 1 17 15h3a2 2 0 0 1 2 2v3a2 2 0 0 1-2 2A18 18 0 0 1 2 4a2 2 0 0 1 2-2h3a2 2 0 0 1 2 2v3a2 2 0 0 1-.8 1.6l-.468.351a1 1 0 0 0-.292 1.233 14 14 0 0 0 6.392 6.384"/>`,
	IconMail:         `<path d="m22 7-8.991 5.727a2 2 0 0 1-2.009 0L2 7"/><rect x="2" y="4" width="20" height="16" rx="2"/>`,
	IconBell:         `<path d="M10.268 21a2 2 0 0 0 3.464 0M3.262 15.326A1 1 0 0 0 4 17h16a1 1 0 0 0 .74-1.673C19.41 13.956 18 12.499 18 8A6 6 0 0 0 6 8c0 4.499-1.411 5.956-2.738 7.326"/>`,
	IconCheck:        `<path d="M20 6 9 17l-5-5"/>`,
	IconClose:        `<path d="M18 6 6 18M6 6l12 12"/>`,
	IconPlus:         `<path d="M5 12h14M12 5v14"/>`,
	IconMinus:        `<path d="M5 12h14"/>`,
	IconChevronDown:  `<path d="m6 9 6 6 6-6"/>`,
	IconChevronUp:    `<path d="m18 15-6-6-6 6"/>`,
	IconChevronLeft:  `<path d="m15 18-6-6 6-6"/>`,
	IconChevronRight: `<path d="m9 18 6-6-6-6"/>`,
	IconFirst:        `<path d="m17 18-6-6 6-6M7 6v12"/>`,
	IconLast:         `<path d="m7 18 6-6-6-6M17 6v12"/>`,
	IconArrowUp:      `<path d="m5 12 7-7 7 7M12 19V5"/>`,
	IconArrowDown:    `<path d="M12 5v14M19 12l-7 7-7-7"/>`,
	IconAlert:        `<path d="m21.73 18-8-14a2 2 0 0 0-3.48 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.73-3M12 9v4M12 17h.01"/>`,
	IconInfo:         `<circle cx="12" cy="12" r="10"/><path d="M12 16v-4M12 8h.01"/>`,
	IconEdit:         `<path d="M21.174 6.812a1 1 0 0 0-3.986-3.987L3.842 16.174a2 2 0 0 0-.5.83l-1.321 4.352a.5.5 0 0 0 .623.622l4.353-1.32a2 2 0 0 0 .83-.497zM15 5l4 4"/>`,
	IconPrint:        `<path d="M6 18H4a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2h16a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2h-2M6 9V3a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v6"/><rect x="6" y="14" width="12" height="8" rx="1"/>`,
	IconMenu:         `<path d="M4 5h16M4 12h16M4 19h16"/>`,
	IconFilter:       `<path d="M2 5h20M6 12h12M9 19h6"/>`,
	IconSort:         `<path d="m21 16-4 4-4-4M17 20V4M3 8l4-4 4 4M7 4v16"/>`,
	IconGroup:        `<path d="M12.83 2.18a2 2 0 0 0-1.66 0L2.6 6.08a1 1 0 0 0 0 1.83l8.58 3.91a2 2 0 0 0 1.66 0l8.58-3.9a1 1 0 0 0 0-1.83zM2 12a1 1 0 0 0 .58.91l8.6 3.91a2 2 0 0 0 1.65 0l8.58-3.9A1 1 0 0 0 22 12M2 17a1 1 0 0 0 .58.91l8.6 3.91a2 2 0 0 0 1.65 0l8.58-3.9A1 1 0 0 0 22 17"/>`,
	IconColumns:      `<rect width="18" height="18" x="3" y="3" rx="2"/><path d="M9 3v18M15 3v18"/>`,
	IconClock:        `<circle cx="12" cy="12" r="10"/><path d="M12 6v6l4 2"/>`,
	IconSun:          `<circle cx="12" cy="12" r="4"/><path d="M12 2v2M12 20v2M4.93 4.93l1.41 1.41M17.66 17.66l1.41 1.41M2 12h2M20 12h2M6.34 17.66l-1.41 1.41M19.07 4.93l-1.41 1.41"/>`,
	IconMoon:         `<path d="M20.985 12.486a9 9 0 1 1-9.473-9.472c.405-.022.617.46.402.803a6 6 0 0 0 8.268 8.268c.344-.215.825-.004.803.401"/>`,
	IconScreen:       `<rect width="20" height="14" x="2" y="3" rx="2"/><line x1="8" x2="16" y1="21" y2="21"/><line x1="12" x2="12" y1="17" y2="21"/>`,
	IconMobile:       `<rect width="14" height="20" x="5" y="2" rx="2" ry="2"/><path d="M12 18h.01"/>`,
	IconSignOut:      `<path d="m16 17 5-5-5-5M21 12H9M9 21H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h4"/>`,
	IconDog:          `<path d="M11.25 16.25h1.5L12 17zM16 14v.5M4.42 11.247A13.152 13.152 0 0 0 4 14.556C4 18.728 7.582 21 12 21s8-2.272 8-6.444a11.702 11.702 0 0 0-.493-3.309M8 14v.5M8.5 8.5c-.384 1.05-1.083 2.028-2.344 2.5-1.931.722-3.576-.297-3.656-1-.113-.994 1.177-6.53 4-7 1.923-.321 3.651.845 3.651 2.235A7.497 7.497 0 0 1 14 5.277c0-1.39 1.844-2.598 3.767-2.277 2.823.47 4.113 6.006 4 7-.08.703-1.725 1.722-3.656 1-1.261-.472-1.855-1.45-2.239-2.5"/>`,
	IconCat:          `<path d="M12 5c.67 0 1.35.09 2 .26 1.78-2 5.03-2.84 6.42-2.26 1.4.58-.42 7-.42 7 .57 1.07 1 2.24 1 3.44C21 17.9 16.97 21 12 21s-9-3-9-7.56c0-1.25.5-2.4 1-3.44 0 0-1.89-6.42-.5-7 1.39-.58 4.72.23 6.5 2.23A9.04 9.04 0 0 1 12 5ZM8 14v.5M16 14v.5M11.25 16.25h1.5L12 17l-.75-.75Z"/>`,
	IconRabbit:       `<path d="M13 16a3 3 0 0 1 2.24 5M18 12h.01M18 21h-8a4 4 0 0 1-4-4 7 7 0 0 1 7-7h.2L9.6 6.4a1 1 0 1 1 2.8-2.8L15.8 7h.2c3.3 0 6 2.7 6 6v1a2 2 0 0 1-2 2h-1a3 3 0 0 0-3 3M20 8.54V4a2 2 0 1 0-4 0v3M7.612 12.524a3 3 0 1 0-1.6 4.3"/>`,
	IconBird:         `<path d="M16 7h.01M3.4 18H12a8 8 0 0 0 8-8V7a4 4 0 0 0-7.28-2.3L2 20M20 7l2 .5-2 .5M10 18v3M14 17.75V21M7 18a6 6 0 0 0 3.84-10.61"/>`,
	IconReptile:      `<path d="m12 10 2 4v3a1 1 0 0 0 1 1h2a1 1 0 0 0 1-1v-3a8 8 0 1 0-16 0v3a1 1 0 0 0 1 1h2a1 1 0 0 0 1-1v-3l2-4h4ZM4.82 7.9 8 10M15.18 7.9 12 10M16.93 10H20a2 2 0 0 1 0 4H2"/>`,
	IconSmallMammal:  `<path d="M13 22H4a2 2 0 0 1 0-4h12M13.236 18a3 3 0 0 0-2.2-5M16 9h.01M16.82 3.94a3 3 0 1 1 3.237 4.868l1.815 2.587a1.5 1.5 0 0 1-1.5 2.1l-2.872-.453a3 3 0 0 0-3.5 3M17 4.988a3 3 0 1 0-5.2 2.052A7 7 0 0 0 4 14.015 4 4 0 0 0 8 18"/>`,
	IconPawOther:     `<circle cx="11" cy="4" r="2"/><circle cx="18" cy="8" r="2"/><circle cx="20" cy="16" r="2"/><path d="M9 10a5 5 0 0 1 5 5v3.5a3.5 3.5 0 0 1-6.84 1.045Q6.52 17.48 4.46 16.84A3.5 3.5 0 0 1 5.5 10Z"/>`,
	IconExternal:     `<path d="M15 3h6v6M10 14 21 3M18 13v6a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h6"/>`,
	IconUpload:       `<path d="M12 3v12M17 8l-5-5-5 5M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4"/>`,
	IconDownload:     `<path d="M12 15V3M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4M7 10l5 5 5-5"/>`,
	IconRedo:         `<path d="m15 14 5-5-5-5M20 9H9.5A5.5 5.5 0 0 0 4 14.5A5.5 5.5 0 0 0 9.5 20H13"/>`,
	IconUndo:         `<path d="M9 14 4 9l5-5M4 9h10.5a5.5 5.5 0 0 1 5.5 5.5a5.5 5.5 0 0 1-5.5 5.5H11"/>`,
	IconRetry:        `<path d="M21 12a9 9 0 1 1-9-9c2.52 0 4.93 1 6.74 2.74L21 8M21 3v5h-5"/>`,
	IconQueue:        `<path d="M11 5h10M11 12h10M11 19h10M4 4h1v5M4 9h2M6.5 20H3.4c0-1 2.6-1.925 2.6-3.5a1.5 1.5 0 0 0-2.6-1.02"/>`,
	IconHistory:      `<path d="M3 12a9 9 0 1 0 9-9 9.75 9.75 0 0 0-6.74 2.74L3 8M3 3v5h5M12 7v5l4 2"/>`,
	IconSettings:     `<path d="M14 17H5M19 7h-9"/><circle cx="17" cy="17" r="3"/><circle cx="7" cy="7" r="3"/>`,
	IconPalette:      `<path d="M12 22a1 1 0 0 1 0-20 10 9 0 0 1 10 9 5 5 0 0 1-5 5h-2.25a1.75 1.75 0 0 0-1.4 2.8l.3.4a1.75 1.75 0 0 1-1.4 2.8z"/><circle cx="13.5" cy="6.5" r=".5" fill="currentColor"/><circle cx="17.5" cy="10.5" r=".5" fill="currentColor"/><circle cx="6.5" cy="12.5" r=".5" fill="currentColor"/><circle cx="8.5" cy="7.5" r=".5" fill="currentColor"/>`,
	IconHome:         `<path d="M15 21v-8a1 1 0 0 0-1-1h-4a1 1 0 0 0-1 1v8M3 10a2 2 0 0 1 .709-1.528l7-6a2 2 0 0 1 2.582 0l7 6A2 2 0 0 1 21 10v9a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z"/>`,
	IconMore:         `<circle cx="12" cy="12" r="1"/><circle cx="19" cy="12" r="1"/><circle cx="5" cy="12" r="1"/>`,
	IconBug:          `<path d="M12 20v-9M14 7a4 4 0 0 1 4 4v3a6 6 0 0 1-12 0v-3a4 4 0 0 1 4-4zM14.12 3.88 16 2M21 21a4 4 0 0 0-3.81-4M21 5a4 4 0 0 1-3.55 3.97M22 13h-4M3 21a4 4 0 0 1 3.81-4M3 5a4 4 0 0 0 3.55 3.97M6 13H2M8 2l1.88 1.88M9 7.13V6a3 3 0 1 1 6 0v1.13"/>`,
	IconDoor:         `<path d="M10 21H2M10 3H7a2 2 0 00-2 2v16M14 12h.01M19 21V5a2 2 0 00-1.675-1.974l-6.163-1.013A1 1 0 0010 3v18a1 1 0 001.124.992zM22 21h-3"/>`,
	IconInbox:        `<polyline points="22 12 16 12 14 15 10 15 8 12 2 12"/><path d="M5.45 5.11 2 12v6a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2v-6l-3.45-6.89A2 2 0 0 0 16.76 4H7.24a2 2 0 0 0-1.79 1.11z"/>`,
	IconBan:          `<circle cx="12" cy="12" r="10"/><path d="M4.929 4.929 19.07 19.071"/>`,
	IconMerge:        `<path d="m8 6 4-4 4 4M12 2v10.3a4 4 0 0 1-1.172 2.872L4 22M20 22l-5-5"/>`,
	IconLock:         `<rect width="18" height="11" x="3" y="11" rx="2" ry="2"/><path d="M7 11V7a5 5 0 0 1 10 0v4"/>`,
	IconPlay:         `<path d="M5 5a2 2 0 0 1 3.008-1.728l11.997 6.998a2 2 0 0 1 .003 3.458l-12 7A2 2 0 0 1 5 19z"/>`,
	IconKeyboard:     `<path d="M10 8h.01M12 12h.01M14 8h.01M16 12h.01M18 8h.01M6 8h.01M7 16h10M8 12h.01"/><rect width="20" height="16" x="2" y="4" rx="2"/>`,
	IconNote:         `<path d="M6 22a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h8a2.4 2.4 0 0 1 1.704.706l3.588 3.588A2.4 2.4 0 0 1 20 8v12a2 2 0 0 1-2 2zM14 2v5a1 1 0 0 0 1 1h5M10 9H8M16 13H8M16 17H8"/>`,
	IconSyringe:      `<path d="m18 2 4 4M17 7l3-3M19 9 8.7 19.3c-1 1-2.5 1-3.4 0l-.6-.6c-1-1-1-2.5 0-3.4L15 5M9 11l4 4M5 19l-3 3M14 4l6 6"/>`,
	IconStethoscope:  `<path d="M11 2v2M5 2v2M5 3H4a2 2 0 0 0-2 2v4a6 6 0 0 0 12 0V5a2 2 0 0 0-2-2h-1M8 15a6 6 0 0 0 12 0v-3"/><circle cx="20" cy="10" r="2"/>`,
	IconWeight:       `<circle cx="12" cy="5" r="3"/><path d="M6.5 8a2 2 0 0 0-1.905 1.46L2.1 18.5A2 2 0 0 0 4 21h16a2 2 0 0 0 1.925-2.54L19.4 9.5A2 2 0 0 0 17.48 8Z"/>`,
	IconTrash:        `<path d="M10 11v6M14 11v6M19 6v14a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V6M3 6h18M8 6V4a2 2 0 0 1 2-2h4a2 2 0 0 1 2 2v2"/>`,
	IconEye:          `<path d="M2.062 12.348a1 1 0 0 1 0-.696 10.75 10.75 0 0 1 19.876 0 1 1 0 0 1 0 .696 10.75 10.75 0 0 1-19.876 0"/><circle cx="12" cy="12" r="3"/>`,
	IconShield:       `<path d="M20 13c0 5-3.5 7.5-7.66 8.95a1 1 0 0 1-.67-.01C7.5 20.5 4 18 4 13V6a1 1 0 0 1 1-1c2 0 4.5-1.2 6.24-2.72a1.17 1.17 0 0 1 1.52 0C14.51 3.81 17 5 19 5a1 1 0 0 1 1 1zM9 12l2 2 4-4"/>`,
	IconCopy:         `<rect width="14" height="14" x="8" y="8" rx="2" ry="2"/><path d="M4 16c-1.1 0-2-.9-2-2V4c0-1.1.9-2 2-2h10c1.1 0 2 .9 2 2"/>`,
	IconLink:         `<path d="M10 13a5 5 0 0 0 7.54.54l3-3a5 5 0 0 0-7.07-7.07l-1.72 1.71M14 11a5 5 0 0 0-7.54-.54l-3 3a5 5 0 0 0 7.07 7.07l1.71-1.71"/>`,
	IconPin:          `<path d="M20 10c0 4.993-5.539 10.193-7.399 11.799a1 1 0 0 1-1.202 0C9.539 20.193 4 14.993 4 10a8 8 0 0 1 16 0"/><circle cx="12" cy="10" r="3"/>`,
	IconBoard:        `<rect width="18" height="18" x="3" y="3" rx="2"/><path d="M21 9H3M21 15H3"/>`,
	IconChart:        `<path d="M6 22a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h8a2.4 2.4 0 0 1 1.704.706l3.588 3.588A2.4 2.4 0 0 1 20 8v12a2 2 0 0 1-2 2zM14 2v5a1 1 0 0 0 1 1h5M8 18v-1M12 18v-6M16 18v-3"/>`,
	IconSheet:        `<path d="M6 22a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h8a2.4 2.4 0 0 1 1.704.706l3.588 3.588A2.4 2.4 0 0 1 20 8v12a2 2 0 0 1-2 2zM14 2v5a1 1 0 0 0 1 1h5M8 13h2M14 13h2M8 17h2M14 17h2"/>`,
}
