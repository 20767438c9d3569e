-- +goose Up
-- What happens by the clock, a row a schedule: see jobs/schedules.go. The code says what it does and by which rule, and
-- writes that here when a worker starts; when it runs next is known only here, so a restart loses nothing. next_at
-- moves in the transaction that inserts the job.
create table job_schedule (
  id bigint generated always as identity primary key,
  name text not null unique check (name <> ''), about text not null,
  rule text not null, -- "every 5m", "daily 08:00", "mon thu 08:00", "monthly 1 08:00"
  zone text not null, -- whose wall clock the rule goes by
  misfire text not null check (misfire in ('once', 'skip')), -- a run that was missed: made up for once, or left out
  grace interval not null default '0', -- by so much a run may be late before it is left out
  next_at timestamptz not null,
  last_at timestamptz, last_due_at timestamptz, last_job_id bigint, -- the last run, and when it was to be
  skipped_at timestamptz, -- when a run was last left out
  paused_at timestamptz, paused_by bigint references staff on delete set null,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now()
);

-- How the queues fared, for the plots of the last day: each worker adds what it did to the ten minutes, a queue and a
-- kind a row; the tick adds how many jobs waited at most.
create table job_stat (
  at timestamptz not null, queue text not null, kind text not null,
  worked int not null default 0, failed int not null default 0, -- tries, and those of them that failed
  wait_ms bigint not null default 0, run_ms bigint not null default 0, -- sums over the tries
  primary key (at, queue, kind)
);
create table job_depth (
  at timestamptz not null, queue text not null, waiting int not null,
  primary key (at, queue)
);
