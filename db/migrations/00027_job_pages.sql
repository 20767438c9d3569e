-- +goose Up
-- A worker that takes no more jobs, because an administrator said so: before a deployment, or to leave a machine alone.
alter table job_worker
  add column resting_since timestamptz,
  add column rested_by bigint references staff on delete set null;

-- How many jobs waited at most, a kind a row; '' is the queue as a whole, whose most is not the sum of its kinds' most.
alter table job_depth add column kind text not null default '';
alter table job_depth drop constraint job_depth_pkey, add primary key (at, queue, kind);

-- What a job does for whom is looked up from the job.
create index work_job_ix on work (river_job_id) where river_job_id is not null;
