-- What: a partition for each month of 2026 and 2027. Why: purge drops whole months. Impact: new tables.
do $$
declare m date := date '2026-01-01';
begin
    while m < date '2028-01-01' loop
        execute format('create table usage_%s partition of usage for values from (%L) to (%L)', to_char(m, 'YYYYMM'), m, m + interval '1 month');
        m := m + interval '1 month';
    end loop;
end $$;
