-- +goose Up
-- A long piece of work that somebody waits for: how far it is, what it says, whether it is to stop. Its job has only
-- this row's id for an argument: what was asked may name a client, and arguments are shown to operators. The row is
-- updated several times a second, so it keeps room for its next version and no index on what changes.
create table work (
  id bigint generated always as identity primary key,
  kind text not null check (kind <> ''),
  title text not null check (title <> ''),        -- without a client's name
  unit text not null default 'rows',              -- what is counted
  started_by bigint references staff on delete set null,
  asked jsonb,                                    -- for the worker alone
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  done bigint not null default 0 check (done >= 0),
  total bigint check (total >= 0),                -- null: not known
  resumed_at timestamptz, resumed_from bigint not null default 0, -- the try that runs: when it began, and with how many done
  outcome text not null default '',               -- a sentence, once it is over
  result_href text not null default '', result_label text not null default '',
  cancel_requested_at timestamptz,
  river_job_id bigint,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(), finished_at timestamptz,
  constraint work_finished check ((finished_at is not null) = (state in ('done', 'failed', 'cancelled')))
) with (fillfactor = 70);
create index work_started_by_ix on work (started_by, id desc);

create table work_log (
  work_id bigint not null references work on delete cascade,
  seq int not null,
  at timestamptz not null default clock_timestamp(),
  words text not null,
  primary key (work_id, seq)
);
