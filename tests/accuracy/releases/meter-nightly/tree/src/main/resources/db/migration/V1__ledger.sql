-- What: ledger of files and usage by day. Why: nights can be begun again. Impact: empty database.
create table files (
    day date not null,
    name text not null,
    finished_at timestamptz,
    primary key (day, name)
);
create table usage (
    day date not null,
    meter char(10) not null check (meter ~ '^[0-9]{10}$'),
    watt_hours bigint not null,
    file text not null,
    primary key (day, meter)
) partition by range (day);
create function drop_usage_before(d date) returns void language plpgsql as $$
declare p record;
begin
    for p in select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'usage'::regclass and right(c.relname, 6) < to_char(d, 'YYYYMM') loop
        execute format('drop table %I', p.relname);
    end loop;
end $$;
