-- what: quarries, customers, weighings by year, jobs, audit. why: first version. impact: none, empty.
create table quarries (id uuid primary key, name text not null unique);
create table customers (id uuid primary key, number text not null unique, name text not null);
create table weighings (
    id uuid not null primary key,
    quarry_id uuid not null references quarries on delete restrict,
    customer_id uuid not null references customers on delete restrict,
    plate text not null,
    kilos integer not null check (kilos between 500 and 60000),
    empty_kilos integer not null check (empty_kilos between 500 and 30000),
    net_kilos integer not null check (net_kilos > 0 and net_kilos <= kilos),
    goods text not null,
    scale text not null,
    at timestamptz not null default now(),
    voided_at timestamptz
);
create table jobs (
    weighing_id uuid primary key references weighings on delete cascade,
    tries smallint not null default 0 check (tries >= 0),
    not_before timestamptz not null default now()
);
create index jobs_due on jobs (not_before);
create table audit (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    who text not null,
    what text not null,
    on_id text not null,
    ip text not null,
    request_id text not null
);
create index audit_at on audit (at);
revoke update, delete, truncate on audit from scales_app;
create function drop_weighings_before(y integer) returns void language sql as $$ delete from weighings where at < make_timestamptz(y, 1, 1, 0, 0, 0) $$;
