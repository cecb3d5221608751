package main

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"ferry.example/slots/internal/api"
	"ferry.example/slots/internal/flags"
	"ferry.example/slots/internal/obs"
	"ferry.example/slots/internal/store"
	"ferry.example/slots/internal/tolls"
	"ferry.example/slots/internal/work"
)

var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	log := obs.Logger(version)
	slog.SetDefault(log)
	done, err := obs.Traces(ctx, version)
	if err != nil {
		log.Error("no traces", "error", err)
	}
	defer done()
	if err := run(ctx, os.Args[1:]); err != nil {
		log.Error("stopped", "error", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 1 && args[0] == "migrate" {
		return store.Migrate(os.Getenv("DATABASE_URL"), "file:///migrations")
	}
	db, err := store.Open(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		return err
	}
	defer db.Close()
	if len(args) == 1 && args[0] == "purge" {
		return db.Purge(ctx)
	}
	fl := flags.New(ctx)
	office := tolls.New(os.Getenv("TOLLS_URL"), os.Getenv("TOLLS_KEY"))
	go obs.ServeMetrics(":9090")
	if len(args) == 1 && args[0] == "work" {
		return work.Run(ctx, db, office)
	}
	srv := &http.Server{
		Addr:              ":8080",
		Handler:           api.New(ctx, db, fl),
		ReadHeaderTimeout: 2 * time.Second,
		ReadTimeout:       5 * time.Second,
		WriteTimeout:      10 * time.Second,
		IdleTimeout:       60 * time.Second,
	}
	go func() {
		<-ctx.Done()
		api.Drain()
		time.Sleep(8 * time.Second) // until the balancer has noticed
		c, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		_ = srv.Shutdown(c)
	}()
	if err := srv.ListenAndServe(); err != http.ErrServerClosed {
		return err
	}
	return nil
}
