-- +goose Up
-- A file is kept until it is imported or its time is over, so that any worker reads it, goes on in it, and hands out
-- the rows that it refused. It is compressed by PostgreSQL.
alter type import_status add value if not exists 'stopped' before 'committed';
alter type import_status add value if not exists 'undoing' before 'undone';

alter table import_batch
  add column source text not null default '' check (length(source) <= 40), -- whose numbers they are: before each external_ref
  add column header text[] not null default '{}',
  add column bytes bigint not null default 0,
  add column lines int not null default 0,        -- about how many rows, before they are counted
  add column waiting int not null default 0,      -- rows that may be somebody here already
  add column done int not null default 0,         -- rows that the import has behind it: where it goes on
  add column checked jsonb,                       -- what the dry run found
  add column kept int not null default 0,         -- records that the undo left because they were changed since
  add column trouble text not null default '',    -- a sentence: why the file could not be read on
  add column work_id bigint references work on delete set null,
  add column version int not null default 1;

create table import_file (
  batch_id bigint primary key references import_batch on delete cascade,
  expires_at timestamptz not null
);
create table import_file_part (
  batch_id bigint not null references import_batch on delete cascade,
  seq int not null,
  part bytea not null,
  primary key (batch_id, seq)
);

-- Which column is which, by the headings of a file: the next one of the same system is read in the same way.
create table import_mapping (
  header_key bytea primary key check (length(header_key) = 32),
  kind text not null, source text not null default '',
  columns jsonb not null,                         -- {"field": "heading"}
  used_at timestamptz not null default now(), used_by bigint references staff
);

-- What there is to say about a row: why it is refused, or what is set right.
create table import_issue (
  id bigint generated always as identity primary key,
  batch_id bigint not null references import_batch on delete cascade,
  line int not null, refused boolean not null,
  column_name text not null default '', value text not null default '', reason text not null, code text not null default ''
);
insert into import_issue (batch_id, line, refused, column_name, value, reason, code)
select r.batch_id, r.line, r.action = 'error', coalesce(i ->> 'column', ''), coalesce(left(i ->> 'value', 200), ''), coalesce(i ->> 'reason', ''), coalesce(i ->> 'code', '')
  from import_row r
  cross join lateral jsonb_array_elements(r.issues) i;
create index import_issue_line_ix on import_issue (batch_id, line, id);
create index import_issue_list_ix on import_issue (batch_id desc, line, id);
alter table import_row drop column issues;
alter table import_row drop constraint import_row_action_check;
alter table import_row add constraint import_row_action_check check (action in ('new', 'update', 'duplicate', 'skip', 'error', 'waiting'));
-- What a person put in place of a row's cells: {"3": "new value"}, by the column's place from 0.
alter table import_row add column fixed jsonb;

-- A record of the file that may be one of ours, and what a person decided.
create table import_duplicate (
  id bigint generated always as identity primary key,
  batch_id bigint not null references import_batch on delete cascade,
  entity text not null check (entity in ('client', 'patient')),
  ref text not null, line int not null,
  incoming jsonb not null,                        -- as the file has it
  other_id bigint not null,                       -- ours
  why text not null default '',
  choice text check (choice in ('existing', 'new', 'skip')),
  chosen_by bigint references staff, chosen_at timestamptz,
  unique (batch_id, entity, ref)
);

-- What an import did, so that it can be taken back: the row as it was (null: there was none), and a sum of it as the
-- import left it. kept: somebody changed it since.
create table import_change (
  batch_id bigint not null references import_batch on delete cascade,
  entity text not null, entity_id bigint not null,
  seq bigint generated always as identity,
  before jsonb, after_sum text not null default '', kept boolean not null default false,
  primary key (batch_id, entity, entity_id)
);
create index import_change_order_ix on import_change (batch_id, entity, seq desc) where not kept;

alter table appointment add column external_ref text, add column import_batch_id bigint references import_batch;
create unique index appointment_external_ref_key on appointment (external_ref) where external_ref is not null;
alter table treatment add column external_ref text;
create unique index treatment_external_ref_key on treatment (external_ref) where external_ref is not null;
