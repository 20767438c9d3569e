-- +goose Up
-- The processes that work the queues, a row a lease: see jobs/liveness. Whoever holds the advisory lock that goes with
-- id, or renews seen_at, lives; of whoever does neither the others take the jobs back, and say so in lost_at.
create table job_worker (
  id int generated always as identity primary key,
  client text not null check (client <> ''), -- the last of river_job.attempted_by
  host text not null, pid int not null, version text not null, queues text[] not null,
  started_at timestamptz not null default now(), seen_at timestamptz not null default now(),
  lost_at timestamptz, jobs_given_back int not null default 0
) with (fillfactor = 50); -- seen_at changes each second, in place
