ALTER TABLE bookings DROP COLUMN danger_note;
