package report

import "strings"

// vocabulary is every word that the text of an unknown error may keep: Go's runtime, the standard library, PostgreSQL
// and the nouns and verbs of our own code. Lower case only, and no word that is a name.
var vocabulary = func() map[string]bool {
	known := map[string]bool{}
	for word := range strings.FieldsSeq(`
		a an and are as at be been before but by can cannot could did do does during for from had has have if in into is
		it its more most must no nor not of off on one only or other out over since so some such than that the their then
		there these this to too two under until was were when which while with within without would

		add apply assemble assign audit begin block bulk call cancel change check checked claim close collect commit
		compare complete connect convert copy count create decode delete deliver destroy dial drop edit encode enqueue
		exceeded execute exists expected expired exported fail failed failure fetch fill find finish format found
		generate get give given handle hash import insert invoke keep list listen load lock look make match merge migrate
		move notify open parse plan prepare print process publish push put query queue read receive record recover refuse
		refused register release reload remind remove render replace request reset resolve respond restart retry return
		revoke rollback run save scan schedule seed select send set show sign sort start stop store stream submit sum
		suppress sync take touch truncate undo unlock unmarshal marshal unused update upload use validate verify wait
		walk work write wrong

		ability action actor address alert answer appointment appointments argument arguments array attempt attachment
		background balance base batch binary bit blank board body boolean booking bookings buffer button byte bytes cache
		calendar care catalog cell certificate channel channels character characters chart client clients clinic clock
		closed column columns command component concurrent config configuration connection connections constraint content
		context cookie cookies credentials cursor data database date day days deadlock default detail device directory
		division document domain duplicate duration element empty encoding end entry envelope environment error errors
		event exclusion expression extra field fields file files filter float flush folder foreign form fragment frame
		function goroutine grid group handler header headers heap hex host hour hours household households id ids index
		input instance int integer interface internal interval invalid item items job jobs key keys kind label language
		length level limit line lines link locale location log login long loop mail mailbox map mapping memory merged
		message messages metadata method migration migrations minute missing mode month name named names network nil node
		note notes null number numbers object offset opening operator option options order owner pack packet page pages
		pair panic parameter parameters part password patient patients payload peer permission person phone pointer pool
		port position preview primary privilege progress protocol provider question range rate reader reason
		receiver recipient reference region relation reminder reminders report reports reset response result results role
		roles room rooms root route row rows rule runtime sample schema scope script search second section sender
		sequence serialization server session sessions setting settings shared shift signal signature size slice slot slots
		snapshot socket sorted source space species split staff stale state statement static status stopped storage string
		structure style subject subscription suffix summary syntax system table tables tag target task template templates
		text thread time timed timeout timezone title token topic trace transaction transport treatment treatments tree
		trigger tuple type types unique unit unknown update url user username value values variable vector version view
		views violates violation visit visits waiting warning weight worker workers writer year zero zone

		access already available aborted allocate allowed another array assertion attempted bad bounds broken busy canceled
		cancelled capacity channel concurrent conn copy corrupt current deadline deep denied dereference done eof
		exhausted fatal full illegal impossible incompatible incorrect infinite insufficient large late length lost malformed
		many maximum minimum mismatch modified negative nested new next nonexistent old overflow own partial pending pipe
		possible previous read ready recursive redirect required resolved resource retries reused same short slow stack tcp
		temporarily temporary terminated terminating tls unavailable underflow unexpected unhandled unmatched unreachable
		unrecognized unsupported used valid wrapped

		CSV EOF HTML HTTP HTTPS ID IP JSON PDF RFC SMTP SQL SQLSTATE TCP TLS URI URL UTC UTF
	`) {
		known[word] = true
	}
	return known
}()
