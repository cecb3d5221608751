-- routes, sailings, bookings, outbox, audit: the first schema.
CREATE TABLE routes (id smallint PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TABLE sailings (
    id uuid PRIMARY KEY,
    route_id smallint NOT NULL REFERENCES routes ON DELETE RESTRICT,
    leaves timestamptz NOT NULL,
    lane_metres integer NOT NULL CHECK (lane_metres BETWEEN 50 AND 4000),
    sold_metres integer NOT NULL DEFAULT 0 CHECK (sold_metres >= 0 AND sold_metres <= lane_metres * 102 / 100),
    UNIQUE (route_id, leaves)
);
CREATE INDEX sailings_leaves ON sailings (leaves);
CREATE TABLE bookings (
    id uuid PRIMARY KEY,
    sailing_id uuid NOT NULL REFERENCES sailings ON DELETE RESTRICT,
    haulier text NOT NULL,
    plate text NOT NULL,
    driver text NOT NULL,
    metres smallint NOT NULL CHECK (metres BETWEEN 4 AND 25),
    danger char(1) CHECK (danger BETWEEN '1' AND '9'),
    created_at timestamptz NOT NULL DEFAULT now(),
    cancelled_at timestamptz
);
CREATE INDEX bookings_by_haulier ON bookings (haulier, created_at DESC) WHERE cancelled_at IS NULL;
CREATE INDEX bookings_by_plate ON bookings (plate) WHERE cancelled_at IS NULL;
CREATE UNIQUE INDEX bookings_once ON bookings (sailing_id, plate) WHERE cancelled_at IS NULL;
CREATE TABLE outbox (id bigserial PRIMARY KEY, topic text NOT NULL, body jsonb NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE audit (
    id bigserial PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    who text NOT NULL,
    what text NOT NULL,
    on_id text NOT NULL,
    ip text NOT NULL,
    request_id text NOT NULL
);
REVOKE UPDATE, DELETE, TRUNCATE ON audit FROM slots_app;
