-- +goose Up
-- Which rows a statement changed, told to every process that listens: lists on screens show them, and results that were
-- worked out before know that they are old. Ids only; a star stands for more of them than a message should carry.
-- +goose StatementBegin
create function pc_news() returns trigger language plpgsql as $$
declare
  ids text;
  n int;
begin
  select count(*), string_agg(id::text, ',') into n, ids from (select id from changed limit 201) few;
  if n > 0 then
    perform pg_notify('news', tg_table_name || ' ' || case when n > 200 then '*' else ids end);
  end if;
  return null;
end $$;

do $$
declare
  noun text;
begin
  foreach noun in array array['client', 'patient', 'appointment', 'reminder', 'message', 'staff', 'treatment', 'import_batch', 'error_report',
    'appointment_type', 'room', 'care_protocol'] loop
    execute format('create trigger %I after insert on %I referencing new table as changed for each statement execute function pc_news()', noun || '_added_news', noun);
    execute format('create trigger %I after update on %I referencing new table as changed for each statement execute function pc_news()', noun || '_changed_news', noun);
    execute format('create trigger %I after delete on %I referencing old table as changed for each statement execute function pc_news()', noun || '_removed_news', noun);
  end loop;
end $$;
-- +goose StatementEnd
