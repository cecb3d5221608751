package store

import "github.com/jackc/pgx/v5/pgconn"

type pgconnTag = pgconn.CommandTag
