-- +goose Up

-- The columns of patients that are shown without being asked for are sorted by at once, also among a million: by their
-- index, ties by the key, as the grid asks for them.
create index patient_species_ix on patient (species, id);
create index patient_breed_ix on patient (breed_key, id);
create index patient_born_ix on patient (dob, id);
create index patient_weight_ix on patient (weight_g, id);
create index patient_status_ix on patient (status, id);
