package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/golang-migrate/migrate/v4"
	_ "github.com/golang-migrate/migrate/v4/database/pgx/v5"
	_ "github.com/golang-migrate/migrate/v4/source/file"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

var (
	ErrNone = errors.New("none")
	ErrFull = errors.New("full")
)

type Store struct{ pool *pgxpool.Pool }

type Who struct{ Subject, IP, Request string }

type Wanted struct {
	Sailing                uuid.UUID
	Haulier, Plate, Driver string
	Danger                 string
	Metres                 int
	Overbook               bool
}

type Booking struct {
	ID      uuid.UUID `json:"id"`
	Route   string    `json:"route"`
	Leaves  time.Time `json:"leaves"`
	Metres  int       `json:"metres"`
	Plate   string    `json:"plate"`
	sailing uuid.UUID
}

// Open makes a pool of at most 12 connections: 12 serving pods and 4 workers stay below the 250 of the instance.
func Open(ctx context.Context, url string) (*Store, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("database url: %w", err)
	}
	cfg.MaxConns, cfg.MinConns = 12, 2
	cfg.MaxConnLifetime, cfg.MaxConnIdleTime = 30*time.Minute, 5*time.Minute
	cfg.ConnConfig.ConnectTimeout = 3 * time.Second
	cfg.ConnConfig.RuntimeParams["statement_timeout"] = "4000"
	cfg.ConnConfig.RuntimeParams["lock_timeout"] = "2000"
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	return &Store{pool}, err
}

func (s *Store) Close()                         { s.pool.Close() }
func (s *Store) Ping(ctx context.Context) error { return s.pool.Ping(ctx) }

// Migrate is safe to start twice: the driver holds an advisory lock.
func Migrate(url, source string) error {
	m, err := migrate.New(source, url)
	if err != nil {
		return err
	}
	if err := m.Up(); err != nil && !errors.Is(err, migrate.ErrNoChange) {
		return err
	}
	return nil
}

func (s *Store) Sailings(ctx context.Context) ([]map[string]any, error) {
	rows, err := s.pool.Query(ctx, `SELECT s.id, s.leaves, r.name AS route, s.lane_metres - s.sold_metres AS free
		FROM sailings s JOIN routes r ON r.id = s.route_id WHERE s.leaves BETWEEN now() AND now() + interval '14 days' ORDER BY s.leaves`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToMap)
}

func (s *Store) Book(ctx context.Context, w Wanted, who Who) (b Booking, err error) {
	share := 100
	if w.Overbook {
		share = 102
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `UPDATE sailings SET sold_metres = sold_metres + $2
			WHERE id = $1 AND leaves > now() AND sold_metres + $2 <= lane_metres * $3 / 100 RETURNING leaves, (SELECT name FROM routes WHERE id = route_id)`,
			w.Sailing, w.Metres, share).Scan(&b.Leaves, &b.Route)
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrFull
		}
		if err != nil {
			return err
		}
		b.ID, b.Metres, b.Plate = uuid.New(), w.Metres, w.Plate
		if _, err := tx.Exec(ctx, `INSERT INTO bookings (id, sailing_id, haulier, plate, driver, metres, danger) VALUES ($1, $2, $3, $4, $5, $6, nullif($7, ''))`,
			b.ID, w.Sailing, w.Haulier, w.Plate, w.Driver, w.Metres, w.Danger); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO outbox (topic, body) VALUES ('tolls', jsonb_build_object('booking', $1::text))`, b.ID); err != nil {
			return err
		}
		return audit(ctx, tx, who, "booking.create", b.ID.String())
	})
	return b, err
}

func (s *Store) Bookings(ctx context.Context, haulier string) ([]Booking, error) {
	rows, err := s.pool.Query(ctx, `SELECT id, sailing_id, metres, plate FROM bookings WHERE haulier = $1 AND cancelled_at IS NULL ORDER BY created_at DESC LIMIT 200`, haulier)
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (b Booking, err error) {
		return b, row.Scan(&b.ID, &b.sailing, &b.Metres, &b.Plate)
	})
	if err != nil {
		return nil, err
	}
	for i := range found {
		err := s.pool.QueryRow(ctx, `SELECT s.leaves, r.name FROM sailings s JOIN routes r ON r.id = s.route_id WHERE s.id = $1`, found[i].sailing).Scan(&found[i].Leaves, &found[i].Route)
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (s *Store) Cancel(ctx context.Context, id uuid.UUID, haulier string, who Who) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `WITH gone AS (UPDATE bookings SET cancelled_at = now() WHERE id = $1 AND haulier = $2 AND cancelled_at IS NULL RETURNING sailing_id, metres)
			UPDATE sailings SET sold_metres = sold_metres - gone.metres FROM gone WHERE sailings.id = gone.sailing_id`, id, haulier)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return ErrNone
		}
		return audit(ctx, tx, who, "booking.cancel", id.String())
	})
}

func (s *Store) Gate(ctx context.Context, plate string, who Who) (b Booking, err error) {
	err = s.pool.QueryRow(ctx, `SELECT b.id, b.metres, b.plate, s.leaves, r.name FROM bookings b JOIN sailings s ON s.id = b.sailing_id JOIN routes r ON r.id = s.route_id
		WHERE b.plate = $1 AND b.cancelled_at IS NULL AND s.leaves BETWEEN now() AND now() + interval '6 hours' ORDER BY s.leaves LIMIT 1`, plate).
		Scan(&b.ID, &b.Metres, &b.Plate, &b.Leaves, &b.Route)
	if errors.Is(err, pgx.ErrNoRows) {
		return b, ErrNone
	}
	if err == nil {
		err = audit(ctx, s.pool, who, "gate.ask", b.ID.String())
	}
	return b, err
}

func (s *Store) Manifest(ctx context.Context, sailing uuid.UUID) ([]map[string]any, error) {
	rows, err := s.pool.Query(ctx, `SELECT plate, driver, haulier, metres, danger FROM bookings WHERE sailing_id = $1 AND cancelled_at IS NULL ORDER BY danger NULLS LAST, plate`, sailing)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToMap)
}

// Purge blanks drivers and plates 90 days after the sailing.
func (s *Store) Purge(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, `UPDATE bookings b SET driver = '-', plate = '-' FROM sailings s WHERE s.id = b.sailing_id AND s.leaves < now() - interval '90 days' AND b.driver <> '-'`)
	return err
}

// Relay hands outbox rows to publish, oldest first, and deletes those that were taken; several workers do not meet.
func (s *Store) Relay(ctx context.Context, publish func(ctx context.Context, topic string, body []byte) error) (n int, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT id, topic, body::text FROM outbox ORDER BY id LIMIT 50 FOR UPDATE SKIP LOCKED`)
		if err != nil {
			return err
		}
		type row struct {
			ID          int64
			Topic, Body string
		}
		found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
		if err != nil {
			return err
		}
		for _, r := range found {
			if err := publish(ctx, r.Topic, []byte(r.Body)); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `DELETE FROM outbox WHERE id = $1`, r.ID); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

type execer interface {
	Exec(ctx context.Context, sql string, args ...any) (tag pgconnTag, err error)
}

func audit(ctx context.Context, db execer, who Who, what, on string) error {
	_, err := db.Exec(ctx, `INSERT INTO audit (who, what, on_id, ip, request_id) VALUES ($1, $2, $3, $4, $5)`, who.Subject, what, on, who.IP, who.Request)
	return err
}
