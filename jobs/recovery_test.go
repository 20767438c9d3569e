package jobs

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"purplecross/db/dbtest"
)

// How long it takes is logged; that it is the lease that finds them, and not River's rescue after an hour, is plain
// from the deadline of until.
func TestAKilledWorkersJobsRunAgainAndAPausedOneIsNotRobbed(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	errands := newErrands(t, pool)
	paused := startWorker(t, pool, "")
	errands.begun(t, 3, paused)
	paused.signal(t, syscall.SIGSTOP)
	victim := startWorker(t, pool, "")
	errands.begun(t, 100, victim)
	survivor := startWorker(t, pool, "")

	victim.signal(t, syscall.SIGKILL)
	killed := time.Now()

	until(t, "another worker has begun all of the victim's errands", func() bool {
		return errands.count(t, `select count(*) from errand_run where pid = $1 and attempt = 2`, survivor.Process.Pid) == 100
	})
	t.Logf("all 100 ran again %s after the kill", time.Since(killed).Round(100*time.Millisecond))
	// The paused one was silent for longer than the victim.
	if robbed := errands.count(t, `select count(*) from errand_run where attempt > 1 and job_id in (select job_id from errand_run where pid = $1)`, paused.Process.Pid); robbed != 0 {
		t.Errorf("%d errands of a paused worker ran twice", robbed)
	}
	if explained := errands.count(t, `
		select count(*) from river_job
		 where kind = 'errand' and attempt = 2 and errors[1]->>'error' like 'the worker process was lost: %'`); explained != 100 {
		t.Errorf("%d errands say why they run again", explained)
	}
	if noted := errands.count(t, `select sum(jobs_given_back)::int from job_worker where lost_at is not null and pid = $1`, victim.Process.Pid); noted != 100 {
		t.Errorf("%d jobs are noted as given back", noted)
	}

	paused.signal(t, syscall.SIGCONT)
	errands.openGate(t)
	until(t, "every errand is done", func() bool {
		return errands.count(t, `select count(*) from river_job where kind = 'errand' and state = 'completed'`) == 103
	})
	if runs := errands.count(t, `select count(*) from errand_run`); runs != 203 {
		t.Errorf("103 errands, 100 of them interrupted, began %d times", runs)
	}
}

func TestGracefulStopOnSIGTERMGivesLongJobsBackAsTheyWere(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	errands := newErrands(t, pool)
	worker := startWorker(t, pool, "")
	errands.begun(t, 20, worker)

	worker.signal(t, syscall.SIGTERM)

	if code := worker.ProcessState.ExitCode(); code != 0 {
		t.Errorf("the worker ended with %d", code)
	}
	untouched := errands.count(t, `
		select count(*) from river_job
		 where kind = 'errand' and state = 'available' and attempt = 0 and coalesce(cardinality(errors), 0) = 0`)
	if untouched != 20 {
		t.Errorf("%d of 20 errands wait as if they had never begun", untouched)
	}
	if leases := errands.count(t, `select count(*) from job_worker`); leases != 0 {
		t.Error("a worker that stopped in order leaves its lease")
	}
}

func TestEveryMessageIsSentThoughWorkersAreKilledAgainAndAgain(t *testing.T) {
	t.Parallel()
	count, kills := sized(t, "JOBS_TEST_MESSAGES", 60), sized(t, "JOBS_TEST_KILLS", 3)
	pool := dbtest.New(t)
	office := openPostOffice(t, "127.0.0.1:0")
	tellMany(t, pool, count)

	began, memory := time.Now(), 0
	worker := startWorker(t, pool, office.url)
	for kill := range kills {
		goal := count * (kill + 1) / (kills + 2)
		untilSettled(t, "more letters have gone out", func() (bool, int) { n := office.count(); return n > goal, n })
		memory = max(memory, worker.peak(t))
		worker.signal(t, syscall.SIGKILL)
		worker = startWorker(t, pool, office.url)
	}

	var last int
	untilSettled(t, "every message is sent", func() (bool, int) {
		var sent int
		if err := pool.QueryRow(t.Context(), `select count(*) from message where status = 'sent'`).Scan(&sent); err != nil {
			t.Fatal(err)
		}
		last = sent
		return sent == count, sent
	})
	memory = max(memory, worker.peak(t))
	t.Logf("%.0f messages a second with the kills; a worker has %d MB of memory at its peak", float64(count)/time.Since(began).Seconds(), memory)
	copies := map[string]int{}
	for _, letter := range office.letters() {
		_, id, _ := strings.Cut(letter, "Message-ID: <")
		id, _, _ = strings.Cut(id, ">")
		copies[id]++
	}
	twins := len(office.letters()) - len(copies)
	t.Logf("%d messages, %d kills: %d twins under the Message-ID of the first", count, kills, twins)
	if len(copies) != count || last != count {
		t.Errorf("%d of %d messages went out", len(copies), count)
	}
	// Between the mail server's yes and our note of it no sender can know; at most what was at work at a kill.
	if twins > kills*Email.Workers {
		t.Errorf("%d letters went out twice", twins)
	}
}

// untilSettled is until for long work: the deadline begins anew with every step forward.
func untilSettled(t *testing.T, what string, so func() (bool, int)) {
	t.Helper()
	_, before := so()
	for done := false; !done; {
		until(t, what+", or more of it", func() bool {
			var now int
			if done, now = so(); now > before {
				before = now
				return true
			}
			return done
		})
	}
}
