package views

import (
	"time"

	"purplecross/db"
	"purplecross/views/gallery"
)

// QueuesPageStories show the background work, calm and in trouble.
var QueuesPageStories = gallery.Component[QueuesPageProps]{
	Path:   "Operations/Queues",
	View:   QueuesPage,
	Covers: []string{"views.QueuesPart"},
	Stories: []gallery.Story[QueuesPageProps]{
		{Name: "Calm", From: func(w *gallery.World) QueuesPageProps {
			return QueuesPageProps{
				Worked: true,
				Plots:  []QueuePlot{plotSample()},
				Queues: []QueueRow{{Name: "email", About: "Messages to clients, one job each", Done: 1204}, {Name: "reports", About: "Exports and printed reports"}},
				Kinds:  []KindRow{{Kind: "send_message", Queue: "email", Done: 1204}},
				Schedules: []db.JobSchedule{
					{ID: 1, About: "Delete finished jobs beyond what their queue keeps", Rule: "every 10m", Misfire: "once", NextAt: w.Now.Add(4 * time.Minute), LastAt: new(w.Now.Add(-6 * time.Minute)), LastJobID: new(int64(812)), LastState: new("completed")},
					{ID: 2, About: "Send the day sheet", Rule: "mon tue wed 07:00", Zone: "America/Los_Angeles", Misfire: "skip", Grace: 2 * time.Hour, NextAt: w.Now.Add(15 * time.Hour)},
				},
				Workers: []WorkerRow{{
					JobWorker: db.JobWorker{ID: 3, Client: "a", Host: "clinic-server", PID: 4711, Version: "purple-cross@1f0c9ab2d3e4", StartedAt: w.Now.Add(-9 * time.Hour), SeenAt: w.Now, Alive: true, Leads: true},
					Running:   []RunningRow{storyRunning(w)},
				}},
			}
		}},
		{Name: "In trouble", From: func(w *gallery.World) QueuesPageProps {
			oldest, paused := w.Now.Add(-41*time.Minute), w.Now.Add(-50*time.Minute)
			return QueuesPageProps{
				Queues: []QueueRow{
					{Name: "email", About: "Messages to clients, one job each", Waiting: 87, Oldest: &oldest, Retrying: 12, GivenUp: 3, Done: 1204, PausedAt: &paused},
					{Name: "imports", About: "Reading clients and patients from files", Running: 1, Scheduled: 2},
				},
				Kinds: []KindRow{{Kind: "send_message", Queue: "email", Waiting: 87, Retrying: 12, GivenUp: 3, Done: 1204}, {Kind: "a_kind_of_an_older_release", Queue: "imports", Running: 1}},
				Dead:  []db.DeadLetters{deadLettersSample(w)},
				Schedules: []db.JobSchedule{
					{ID: 1, About: "End messages whose job is gone", Rule: "daily 02:30", Zone: "America/Los_Angeles", Misfire: "once", NextAt: oldest, PausedAt: &paused, PausedBy: new("Sam Reyes")},
					{ID: 2, About: "Send the day sheet", Rule: "monthly 1 07:00", Zone: "America/Los_Angeles", Misfire: "skip", Grace: 2 * time.Hour, NextAt: w.Now.Add(200 * time.Hour), SkippedAt: &oldest},
				},
				Workers: []WorkerRow{
					{JobWorker: db.JobWorker{ID: 4, Host: "clinic-server", PID: 4712, Version: "purple-cross@1f0c9ab2d3e4", StartedAt: paused, SeenAt: oldest}},
					{JobWorker: db.JobWorker{ID: 5, Host: "back-office", PID: 18, Version: "purple-cross@1f0c9ab2d3e4", StartedAt: paused, SeenAt: w.Now, Alive: true, RestingSince: &paused, RestedBy: "Sam Reyes"}},
					{JobWorker: db.JobWorker{ID: 3, Host: "back-office", PID: 17, Version: "purple-cross@1f0c9ab2d3e4", StartedAt: paused, SeenAt: oldest, LostAt: &oldest, JobsGivenBack: 4}},
				},
			}
		}},
		{Name: "Plots by kind", From: func(*gallery.World) QueuesPageProps {
			letters, tidying := plotSample(), plotSample()
			letters.Kind, tidying.Name, tidying.Kind = "send_message", "default", "trim_jobs"
			return QueuesPageProps{Worked: true, ByKind: true, Plots: []QueuePlot{letters, tidying}}
		}},
		{Name: "Nothing yet", Args: QueuesPageProps{Worked: true}},
	},
}

func storyRunning(w *gallery.World) RunningRow {
	message := int64(77)
	return RunningRow{
		RunningJob: db.RunningJob{ID: 813, Kind: "send_message", Client: "a", Since: w.Now.Add(-2 * time.Second)},
		Name:       db.JobName{ID: 813, Kind: "send_message", Message: &message, Tells: db.MessageVisitReminder, Patient: w.Pet(), Client: w.Person()},
	}
}

// JobActionPageStories act on many jobs.
var JobActionPageStories = gallery.Component[JobActionPageProps]{
	Path: "Operations/Act on many jobs",
	View: JobActionPage,
	Stories: []gallery.Story[JobActionPageProps]{
		{Name: "Nothing asked yet", Args: JobActionPageProps{Queues: []string{"email", "reports"}, Kinds: []string{"export_list", "send_message"}}},
		{Name: "Counted", Args: JobActionPageProps{
			Queues: []string{"email", "reports"}, Kinds: []string{"export_list", "send_message"}, Act: "retry", State: "discarded", Kind: "send_message",
			Looked: true, Count: 1204, UpTo: 9000,
		}},
		{Name: "None matches", Args: JobActionPageProps{Queues: []string{"email"}, Act: "delete", State: "cancelled", Looked: true}},
		{Name: "Makes no sense", Args: JobActionPageProps{Queues: []string{"email"}, Act: "delete", State: "running", Error: "Jobs that are running cannot be deleted."}},
	},
}

// DeadJobPageStories put a job's arguments right.
var DeadJobPageStories = gallery.Component[DeadJobPageProps]{
	Path: "Operations/Dead job",
	View: DeadJobPage,
	Stories: []gallery.Story[DeadJobPageProps]{
		{Name: "As it was", From: storyDeadJob},
		{Name: "No arguments of this kind", From: func(w *gallery.World) DeadJobPageProps {
			props := storyDeadJob(w)
			props.Arguments, props.Error = `{"message": 77}`, `Enter the arguments as JSON with the fields of this kind, like {"message_id":0}.`
			return props
		}},
	},
}

func storyDeadJob(w *gallery.World) DeadJobPageProps {
	return DeadJobPageProps{
		Job:  db.DeadJob{ID: 907, Kind: "send_message", Queue: "email", LastError: "The mail server is not there: the connection was refused."},
		Name: storyRunning(w).Name, Arguments: `{"message_id": 77}`,
	}
}

// plotSample is a day of letters, with a rush at noon.
func plotSample() QueuePlot {
	plot := QueuePlot{Name: "email"}
	for i := 30; i < 110; i++ {
		rush := float64(40 - min(i-70, 70-i)*min(i-70, 70-i)/40)
		plot.Worked[i], plot.WaitMS[i], plot.RunMS[i] = max(rush, 4), max(rush*rush/8, 6), 120
	}
	plot.Waiting[70], plot.Waiting[71] = 34, 12
	return plot
}

func deadLettersSample(w *gallery.World) db.DeadLetters {
	return db.DeadLetters{
		Key: "3f2a", Queue: "email", Kind: "send_message", Count: 3, FirstAt: w.Now.Add(-26 * time.Hour), LastAt: w.Now.Add(-2 * time.Hour),
		Cause: "The mail server is not there: the connection was refused.", JobIDs: []int64{907, 905, 811},
	}
}

// DeadLettersPageStories show what was given up for one cause.
var DeadLettersPageStories = gallery.Component[DeadLettersPageProps]{
	Path: "Operations/Dead letters",
	View: DeadLettersPage,
	Stories: []gallery.Story[DeadLettersPageProps]{
		{Name: "Mail server away", From: func(w *gallery.World) DeadLettersPageProps {
			return DeadLettersPageProps{Dead: deadLettersSample(w)}
		}},
		{Name: "Dismissed without a note", From: func(w *gallery.World) DeadLettersPageProps {
			return DeadLettersPageProps{Dead: deadLettersSample(w), NoteError: "Say why nobody needs these jobs."}
		}},
	},
}

// JobsBarStories show the bar over River's own pages, as a manager sees it.
var JobsBarStories = gallery.Component[JobsBarProps]{
	Path:   "Operations/Jobs bar",
	View:   JobsBar,
	Use:    []string{"Over River's own pages, so that they have a way back and the names of our jobs."},
	Avoid:  []string{"On our own pages: they have a page head."},
	Narrow: "A message’s job",
	Mirror: "A message’s job",
	Stories: []gallery.Story[JobsBarProps]{
		{Name: "Jobs", Args: JobsBarProps{Path: "/admin/jobs/"}},
		{Name: "A message’s job", From: func(w *gallery.World) JobsBarProps {
			return JobsBarProps{Path: "/admin/jobs/jobs/813", Job: storyRunning(w).Name}
		}},
	},
}
