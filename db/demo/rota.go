package demo

import "time"

// rota gives seeded patients their visits: in the order in which they registered, over five years of weekdays, and
// nobody's at the same time as another's. Going forward in time as ids do is believable, and builds the exclusion
// constraints' indexes three times as fast as a random order does.
type rota struct {
	monday  time.Time // 8:00 on the first day
	streams [1 + len(returnAfter)]stream
	vets    int
}

// stream is a few vets who see every so many-th patient, some time after the patient registered.
type stream struct {
	firstVet, vets int
	every          int // one of so many patients
	patients       int // in the stream
	after          int // weekdays
}

type slot struct {
	starts time.Time
	vet    int // from 0
}

const (
	rotaDays   = 5 * 52 * 5 // weekdays
	newestDays = 20         // before the last of them nobody registers
	slotsADay  = 28         // of twenty minutes, from 8:00
)

// returnAfter is after how many weekdays patients come again, each for one in six.
var returnAfter = [...]int{15, 128, 261}

func newRota(now time.Time, patients int) rota {
	y, m, d := now.Date()
	weeksBack := rotaDays/5*7 + 7 + (int(now.Weekday())+6)%7
	r := rota{monday: time.Date(y, m, d-weeksBack, 8, 0, 0, 0, now.Location())}
	for i := range r.streams {
		s := stream{firstVet: r.vets, every: 1}
		if i > 0 {
			s.every, s.after = 6, returnAfter[i-1]
		}
		s.patients = patients/s.every + 1
		s.vets = (s.patients + s.slots(1) - 1) / s.slots(1)
		r.vets += s.vets
		r.streams[i] = s
	}
	return r
}

// slots is how many a number of vets have while patients register.
func (s stream) slots(vets int) int { return (rotaDays - newestDays) * slotsADay * vets }

// first is the first visit of the nth patient.
func (r *rota) first(n int) slot {
	at, _ := r.slot(r.streams[0], n)
	return at
}

// second is the nth patient's next visit, for the half who have had one by now.
func (r *rota) second(n int) (slot, bool) {
	if n%2 != 0 {
		return slot{}, false
	}
	return r.slot(r.streams[1+n%6/2], n/6)
}

func (r *rota) slot(s stream, n int) (slot, bool) {
	at := n*s.slots(s.vets)/s.patients + s.after*slotsADay*s.vets
	day, minutes := at/s.vets/slotsADay, at/s.vets%slotsADay*20
	y, m, d := r.monday.Date()
	return slot{starts: time.Date(y, m, d+day/5*7+day%5, 8, minutes, 0, 0, r.monday.Location()), vet: s.firstVet + at%s.vets}, day < rotaDays
}
