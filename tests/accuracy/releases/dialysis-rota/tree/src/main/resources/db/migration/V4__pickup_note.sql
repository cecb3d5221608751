-- What: slots.pickup_note, nullable. Why: wheelchair or walking frame. Impact: catalogue change only, 5 ms on the staging copy (2026-11-20).
alter table slots add column pickup_note text check (length(pickup_note) <= 80);
