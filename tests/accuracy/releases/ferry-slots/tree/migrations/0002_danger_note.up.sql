-- Adds bookings.danger_note, nullable. Why: harbour rule 14 wants the UN number. Instant, former release ignores it.
ALTER TABLE bookings ADD COLUMN danger_note text CHECK (length(danger_note) <= 60);
