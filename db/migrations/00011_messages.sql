-- +goose Up
-- Who worded a message and when; a kind without a row has the wording that the program brings.
alter table message_template
  add column version int not null default 1,
  add column updated_at timestamptz not null default now(),
  add column updated_by bigint references staff;

-- What the test of a wording says, as it was typed: such a message goes to a person of the clinic.
alter table message add column template_key text not null default '';
