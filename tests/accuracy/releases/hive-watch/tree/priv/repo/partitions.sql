create function readings_make_partition(d date) returns void language plpgsql as $$
declare m date := date_trunc('month', d);
begin
  execute format('create table if not exists readings_%s partition of readings for values from (%L) to (%L)', to_char(m, 'YYYYMM'), m, m + interval '1 month');
end $$;
