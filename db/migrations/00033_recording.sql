-- +goose Up
-- Whether pages may be recorded, masked, so that what led to a failure can be seen: only where the clinic has said yes,
-- and not of who has said no.
alter table clinic add records_pages boolean not null default false;
alter table staff add recorded boolean not null default true;
