-- +goose Up
-- Who looks after a failure, since which releases it is known, the trace that leads to it, and how many people met it. A
-- resolved failure is open again when a release that was not known at that time has it.
alter table error_report
  add assigned_to bigint references staff,
  add trace_id text not null default '' constraint error_report_trace_id check (trace_id ~ '^([0-9a-f]{32})?$'),
  add releases text[] not null default '{}' constraint error_report_releases check (cardinality(releases) <= 20);
update error_report set releases = array[release] where release <> '';

-- Opaque ids: the same person has the same one, and only the clinic's secret leads back.
create table error_report_person (
  error_report_id bigint not null references error_report on delete cascade,
  person text not null check (person ~ '^[0-9a-f]{16}$'),
  primary key (error_report_id, person)
);

-- What people were doing when something failed, in their own words. It stays in this database.
create table error_feedback (
  id bigint generated always as identity primary key,
  reference text not null check (length(reference) <= 40),
  error_report_id bigint references error_report on delete cascade,
  staff_id bigint references staff,
  said text not null constraint error_feedback_said check (btrim(said) <> '' and length(said) <= 2000),
  created_at timestamptz not null default now()
);
create index error_feedback_report_ix on error_feedback (error_report_id);
create index error_feedback_reference_ix on error_feedback (reference);
