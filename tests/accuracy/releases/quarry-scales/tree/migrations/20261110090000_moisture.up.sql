-- what: weighings.moisture, per mille, nullable. why: wet sand. impact: catalogue only, 8 ms on the copy; 1.30 ignores it.
alter table weighings add column moisture smallint check (moisture between 0 and 400);
