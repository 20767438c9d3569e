-- +goose Up
-- A report that is made and e-mailed by the clock, as a manager set it. next_at moves in the transaction that asks for the
-- report, so it is asked for once, however many workers look, and a restart loses nothing.
create table report_schedule (
  id bigint generated always as identity primary key,
  report text not null check (report <> ''),
  span text not null constraint report_schedule_span check (span in ('day', 'day_before', 'day_after', 'week_before', 'month_before', 'week')),
  vet_id bigint references staff,
  format text not null constraint report_schedule_format check (format in ('pdf', 'xlsx', 'csv')),
  weekdays int[] not null constraint report_schedule_weekdays check (cardinality(weekdays) <= 7 and weekdays <@ '{0,1,2,3,4,5,6}'), -- Sunday is 0
  monthday int constraint report_schedule_monthday check (monthday between 1 and 28), -- every month has the 28th
  minute int not null constraint report_schedule_minute check (minute between 0 and 1439), -- of the clinic's day
  zone text not null, -- whose clocks it goes by
  next_at timestamptz not null,
  last_due_at timestamptz, last_work_id bigint references work on delete set null, skipped_at timestamptz,
  paused_at timestamptz,
  created_by bigint references staff on delete set null, version int not null default 1,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  constraint report_schedule_days check ((monthday is null) = (cardinality(weekdays) > 0))
);
create index report_schedule_due_ix on report_schedule (next_at) where paused_at is null;

create table report_recipient (
  schedule_id bigint not null references report_schedule on delete cascade,
  staff_id bigint not null references staff on delete cascade,
  primary key (schedule_id, staff_id)
);

-- The work whose file a message carries, and who of the clinic gets it.
alter table message
  add column work_id bigint references work on delete set null,
  add column staff_id bigint references staff on delete set null;
