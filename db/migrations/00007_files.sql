-- +goose Up
-- The records that work is about, in order, as they were chosen: a selection may be a million rows, and has to outlast a
-- restart.
create table work_target (
  work_id bigint not null references work on delete cascade,
  seq int not null,
  ids bigint[] not null,
  primary key (work_id, seq)
);

-- What work made, for its starter to fetch. The parts are written in one transaction, so that what is cut short leaves
-- nothing; a spreadsheet is compressed already.
create table work_file (
  work_id bigint primary key references work on delete cascade,
  resource text not null,                   -- the list that it is of: who fetches it must see that still
  name text not null,
  media_type text not null,
  bytes bigint not null,
  expires_at timestamptz not null
);
create table work_file_part (
  work_id bigint not null references work on delete cascade,
  seq int not null,
  part bytea not null,
  primary key (work_id, seq)
);
alter table work_file_part alter column part set storage external;
