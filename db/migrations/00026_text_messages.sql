-- +goose Up
-- Text messages: whether the clinic sends them, and which country a mobile without a country code is of.
alter table message_settings
  add column texts boolean not null default false,
  add column country_code text not null default '1',
  add constraint message_settings_country_code check (country_code ~ '^[1-9][0-9]{0,2}$');

-- The very number to which no text message can be sent: another one has not failed yet.
alter table client add column mobile_failed text not null default '';

-- What the provider calls a text message, and how many it is billed as.
alter table message add column segments int not null default 0 check (segments >= 0);
create unique index message_provider_ix on message (provider_id) where provider_id is not null;
