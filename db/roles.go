package db

// Role is what a person does at the clinic. Everybody has one.
type Role string

// The roles, as the staff_role type names them.
const (
	RoleReception Role = "reception"
	RoleNurse     Role = "nurse"
	RoleVet       Role = "vet"
	RoleManager   Role = "manager"
	RoleAdmin     Role = "admin"
	RoleDesigner  Role = "designer"
)

// Roles lists every role, the least able first.
var Roles = []Role{RoleDesigner, RoleReception, RoleNurse, RoleVet, RoleManager, RoleAdmin}

// Ability is something a role may do; every route asks for one.
type Ability string

// The abilities.
const (
	AblePublic      Ability = "public"       // anybody, signed in or not
	AbleSignedIn    Ability = "signed in"    // anybody signed in
	AbleDesk        Ability = "desk"         // search, clients, patients, appointments, board, calendar, messages, reminders
	AbleNotesRead   Ability = "notes read"   // read visit notes and treatments
	AbleNotesWrite  Ability = "notes write"  // write visit notes and treatments
	AbleNotesSign   Ability = "notes sign"   // sign visit notes
	AbleBulk        Ability = "bulk"         // bulk edits, merges and exports of whole lists
	AbleConfigure   Ability = "configure"    // imports, reports, templates, care protocols, opening hours, shared views
	AbleStaff       Ability = "staff"        // staff and the audit log
	AbleOperateRead Ability = "operate read" // see queues, errors, profiles, metrics
	AbleOperate     Ability = "operate"      // act on them
	AbleGallery     Ability = "gallery"      // the component gallery
)

var abilities = map[Role][]Ability{
	RoleReception: {AbleDesk, AbleNotesRead, AbleGallery},
	RoleNurse:     {AbleDesk, AbleNotesRead, AbleNotesWrite, AbleGallery},
	RoleVet:       {AbleDesk, AbleNotesRead, AbleNotesWrite, AbleNotesSign, AbleGallery},
	RoleManager:   {AbleDesk, AbleNotesRead, AbleBulk, AbleConfigure, AbleStaff, AbleOperateRead, AbleGallery},
	RoleAdmin:     {AbleDesk, AbleBulk, AbleConfigure, AbleStaff, AbleOperateRead, AbleOperate, AbleGallery},
	RoleDesigner:  {AbleGallery},
}

// Can says whether a role may do something. The zero role is nobody: public pages only.
func (r Role) Can(ability Ability) bool {
	switch ability {
	case AblePublic:
		return true
	case AbleSignedIn:
		return r != ""
	}
	for _, able := range abilities[r] {
		if able == ability {
			return true
		}
	}
	return false
}

// Word is the role as people say it.
func (r Role) Word() string {
	switch r {
	case RoleReception:
		return "Reception"
	case RoleNurse:
		return "Nurse"
	case RoleVet:
		return "Vet"
	case RoleManager:
		return "Manager"
	case RoleAdmin:
		return "Admin"
	case RoleDesigner:
		return "Designer"
	}
	return string(r)
}
