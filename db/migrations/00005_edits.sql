-- +goose Up
-- What was changed in lists, so that it can be taken back: one batch for what a person did at once (a cell, a paste, a
-- bulk edit), one row for each record that it changed. cells is {"column": {"field": [before, after]}}, with the fields
-- as the record's table has them; undone names the columns that were taken back.
create table edit_batch (
  id bigint generated always as identity primary key,
  list text not null, how text not null check (how in ('cell', 'paste', 'fill', 'clear', 'bulk')),
  staff_id bigint references staff, at timestamptz not null default now(), undone_at timestamptz
);
create index edit_batch_staff_ix on edit_batch (staff_id, list, id);

create table edit (
  batch_id bigint not null references edit_batch on delete cascade, record_id bigint not null,
  cells jsonb not null, undone text[] not null default '{}',
  was_updated_at timestamptz not null, -- what an undo brings back with the values
  version int not null,                -- of the record when the batch, its undo or its redo had last saved it
  primary key (batch_id, record_id)
);
