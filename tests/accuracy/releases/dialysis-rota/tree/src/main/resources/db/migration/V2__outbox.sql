-- What: outbox for pick-ups. Why: a slot and its pick-up are saved together or not at all. Impact: new table.
create table outbox (
    id bigint generated always as identity primary key,
    topic text not null,
    body jsonb not null,
    at timestamptz not null default now()
);
