package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-playground/validator/v10"
	"github.com/google/uuid"

	"ferry.example/slots/internal/flags"
	"ferry.example/slots/internal/obs"
	"ferry.example/slots/internal/store"
)

type handlers struct {
	db *store.Store
	fl *flags.Flags
}

var (
	check = validator.New(validator.WithRequiredStructEnabled())
	plate = regexp.MustCompile(`^[A-Z0-9-]{4,12}$`)
)

type wanted struct {
	Plate  string `json:"plate" validate:"required,min=4,max=12"`
	Metres int    `json:"metres" validate:"required,gte=4,lte=25"`
	Driver string `json:"driver" validate:"required,max=80"`
	Danger string `json:"danger" validate:"omitempty,oneof=1 2 3 4 5 6 7 8 9"`
}

func (h *handlers) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), time.Second)
	defer cancel()
	if err := h.db.Ping(ctx); err != nil || draining.Load() {
		answer(w, 503, map[string]string{"status": "unavailable"})
		return
	}
	answer(w, 200, map[string]string{"status": "ok"})
}

func (h *handlers) sailings(w http.ResponseWriter, r *http.Request) {
	found, err := h.db.Sailings(r.Context())
	h.reply(w, r, found, err)
}

func (h *handlers) book(w http.ResponseWriter, r *http.Request) {
	sailing, err := uuid.Parse(chi.URLParam(r, "sailing"))
	var in wanted
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4096))
	dec.DisallowUnknownFields()
	if err != nil || dec.Decode(&in) != nil || check.Struct(in) != nil || !plate.MatchString(in.Plate) {
		answer(w, 400, map[string]string{"error": "sailing, plate, metres or driver"})
		return
	}
	c := caller(r.Context())
	ctx, span := obs.Span(r.Context(), "book")
	defer span.End()
	b, err := h.db.Book(ctx, store.Wanted{Sailing: sailing, Haulier: c.Haulier, Plate: in.Plate, Metres: in.Metres, Driver: in.Driver, Danger: in.Danger,
		Overbook: h.fl.On(ctx, "overbook-two-percent", c.Haulier)}, who(r))
	if errors.Is(err, store.ErrFull) {
		obs.Refused.Inc()
		answer(w, 409, map[string]string{"error": "deck is full"})
		return
	}
	if err == nil {
		obs.Booked.WithLabelValues(b.Route).Inc()
		obs.Metres.Add(float64(in.Metres))
	}
	h.reply(w, r, b, err)
}

func (h *handlers) list(w http.ResponseWriter, r *http.Request) {
	found, err := h.db.Bookings(r.Context(), caller(r.Context()).Haulier)
	h.reply(w, r, found, err)
}

func (h *handlers) cancel(w http.ResponseWriter, r *http.Request) {
	id, err := uuid.Parse(chi.URLParam(r, "id"))
	if err != nil {
		answer(w, 400, map[string]string{"error": "id"})
		return
	}
	h.reply(w, r, map[string]bool{"cancelled": true}, h.db.Cancel(r.Context(), id, caller(r.Context()).Haulier, who(r)))
}

func (h *handlers) gate(w http.ResponseWriter, r *http.Request) {
	p := chi.URLParam(r, "plate")
	if !plate.MatchString(p) {
		answer(w, 400, map[string]string{"error": "plate"})
		return
	}
	found, err := h.db.Gate(r.Context(), p, who(r))
	h.reply(w, r, found, err)
}

func (h *handlers) manifest(w http.ResponseWriter, r *http.Request) {
	sailing, err := uuid.Parse(chi.URLParam(r, "sailing"))
	if err != nil {
		answer(w, 400, map[string]string{"error": "sailing"})
		return
	}
	found, err := h.db.Manifest(r.Context(), sailing)
	h.reply(w, r, found, err)
}

func (h *handlers) reply(w http.ResponseWriter, r *http.Request, body any, err error) {
	switch {
	case errors.Is(err, store.ErrNone):
		answer(w, 404, map[string]string{"error": "not found"})
	case err != nil:
		obs.From(r.Context()).Error("request failed", "error", err.Error(), "stack", obs.Stack())
		answer(w, 500, map[string]string{"error": "internal"})
	default:
		answer(w, 200, body)
	}
}

func who(r *http.Request) store.Who {
	return store.Who{Subject: caller(r.Context()).Subject, IP: r.Header.Get("X-Client-IP"), Request: obs.ID(r.Context())}
}
