-- What: centres, patients, slots. Why: first version. Impact: empty database.
create table centres (
    id integer primary key,
    name text not null unique,
    chairs integer not null check (chairs between 1 and 60)
);
create table patients (
    id uuid primary key,
    insurance_no char(10) not null unique,
    given_name text not null,
    family_name text not null,
    born_on date not null check (born_on > date '1900-01-01'),
    subject text not null unique,
    centre_id integer not null references centres on delete restrict,
    dry_weight_kg text,
    left_on date,
    version integer not null default 0
);
create index patients_of_centre on patients (centre_id) where left_on is null;
create table addresses (
    patient_id uuid primary key references patients on delete cascade,
    street text not null,
    town text not null
);
create table slots (
    id uuid primary key,
    patient_id uuid not null,
    centre_id integer not null,
    day date not null,
    shift smallint not null check (shift between 1 and 3),
    chair smallint not null check (chair between 1 and 60),
    pickup boolean not null default false,
    unique (centre_id, day, shift, chair),
    unique (patient_id, day)
);
create table consents (
    id bigint generated always as identity primary key,
    patient_id uuid not null references patients on delete cascade,
    what text not null check (what in ('sms', 'research')),
    given boolean not null,
    at timestamptz not null default now()
);
create index consents_of_patient on consents (patient_id, at);
