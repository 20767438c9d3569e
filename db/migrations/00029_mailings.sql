-- +goose Up
-- What a person writes to many households at once. It is worded once; a message of it is one household's, and the pets
-- that it was about are its items. A mailing that was stopped sends no more.
create table mailing (
  id bigint generated always as identity primary key,
  list text not null, subject text not null, body text not null, text_body text not null,
  staff_id bigint references staff, at timestamptz not null default now(), stopped_at timestamptz
);
alter table message add column mailing_id bigint references mailing;
create index message_mailing_ix on message (mailing_id, client_id) where mailing_id is not null;
alter table message add constraint message_mailing_household check (mailing_id is null or client_id is not null);
alter table message_item drop constraint message_item_of_one;
alter table message_item add constraint message_item_of_one check (num_nonnulls(appointment_id, reminder_id) <= 1);
