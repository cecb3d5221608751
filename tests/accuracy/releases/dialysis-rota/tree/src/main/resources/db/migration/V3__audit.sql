-- What: audit trail, chained by hash, insert only. Why: health data act, § 22. Impact: new table, 0.1 ms more per write.
create table audit (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    who text not null,
    what text not null,
    kind text not null,
    on_id text not null,
    before text,
    after text,
    ip inet not null,
    request_id text,
    chain text not null
);
create index audit_by_object on audit (kind, on_id, at);
create function audit_chain() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(7301);
    new.chain := encode(sha256(convert_to(coalesce((select chain from audit order by id desc limit 1), '') || new.who || new.what || new.on_id || new.at, 'UTF8')), 'hex');
    return new;
end $$;
create trigger audit_chain before insert on audit for each row execute function audit_chain();
create function audit_frozen() returns trigger language plpgsql as $$ begin raise exception 'audit is insert only'; end $$;
create trigger audit_frozen before update or delete on audit for each row execute function audit_frozen();
