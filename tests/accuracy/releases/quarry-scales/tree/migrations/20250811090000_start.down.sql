drop function drop_weighings_before;
drop table audit, jobs, weighings, customers, quarries;
