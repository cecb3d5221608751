package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/go-chi/httprate"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"

	"ferry.example/slots/internal/flags"
	"ferry.example/slots/internal/obs"
	"ferry.example/slots/internal/store"
)

var draining atomic.Bool

func Drain() { draining.Store(true) }

func New(ctx context.Context, db *store.Store, fl *flags.Flags) http.Handler {
	h := &handlers{db: db, fl: fl}
	r := chi.NewRouter()
	r.Use(obs.RequestID, obs.Measure, recoverer, headers)
	r.Get("/livez", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(200) })
	r.Get("/readyz", h.ready)
	r.Group(func(r chi.Router) {
		r.Use(middleware.Timeout(5*time.Second), middleware.Compress(5, "application/json"))
		r.Use(Authenticate(ctx), httprate.Limit(120, time.Minute, httprate.WithKeyFuncs(bySubject)))
		r.Route("/v1", func(r chi.Router) {
			r.Get("/sailings", h.sailings)
			r.With(Need("book")).Post("/sailings/{sailing}/bookings", h.book)
			r.With(Need("book")).Get("/bookings", h.list)
			r.With(Need("book")).Delete("/bookings/{id}", h.cancel)
			r.With(Need("gate")).Get("/gate/{plate}", h.gate)
		})
	})
	// the harbour master's spreadsheet fetches this each morning
	r.Get("/exports/manifest/{sailing}", h.manifest)
	return otelhttp.NewHandler(r, "http")
}

func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("X-Frame-Options", "DENY")
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

func recoverer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if v := recover(); v != nil {
				obs.From(r.Context()).Error("panic", "value", v, "stack", obs.Stack())
				answer(w, 500, map[string]string{"error": "internal"})
			}
		}()
		next.ServeHTTP(w, r)
	})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		slog.Warn("answer not written", "error", err)
	}
}
