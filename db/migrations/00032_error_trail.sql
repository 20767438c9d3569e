-- +goose Up
-- The references that people were shown of late lead to a failure, not the last of them only; and what was done before
-- the latest one stands beside its stack.
alter table error_report
  add recent text[] not null default '{}' constraint error_report_recent check (cardinality(recent) <= 50),
  add trail text not null default '';
update error_report set recent = array[reference] where reference <> '';
