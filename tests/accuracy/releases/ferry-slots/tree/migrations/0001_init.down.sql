DROP TABLE audit; DROP TABLE outbox; DROP TABLE bookings; DROP TABLE sailings; DROP TABLE routes;
