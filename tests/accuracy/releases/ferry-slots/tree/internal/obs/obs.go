package obs

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.26.0"
	"go.opentelemetry.io/otel/trace"
)

var (
	requests = promauto.NewCounterVec(prometheus.CounterOpts{Name: "slots_http_requests_total", Help: "Requests."}, []string{"method", "route", "code"})
	latency  = promauto.NewHistogramVec(prometheus.HistogramOpts{Name: "slots_http_request_seconds", Help: "Time.", Buckets: []float64{.01, .025, .05, .1, .2, .4, .8, 2, 5}}, []string{"route"})
	Booked   = promauto.NewCounterVec(prometheus.CounterOpts{Name: "slots_booked_total", Help: "Slots booked."}, []string{"route"})
	Refused  = promauto.NewCounter(prometheus.CounterOpts{Name: "slots_refused_total", Help: "Bookings refused, deck full."})
	Metres   = promauto.NewCounter(prometheus.CounterOpts{Name: "slots_lane_metres_total", Help: "Lane metres sold."})
	Charged  = promauto.NewCounterVec(prometheus.CounterOpts{Name: "slots_tolls_charged_total", Help: "Tolls charged."}, []string{"outcome"})
)

type keys int

const (
	idKey keys = iota
	logKey
)

var secret = regexp.MustCompile(`(?i)token|authorization|password|key|driver|plate`)

// Logger writes JSON and blanks what names a person or opens a door.
func Logger(version string) *slog.Logger {
	level := slog.LevelInfo
	_ = level.UnmarshalText([]byte(os.Getenv("LOG_LEVEL")))
	h := slog.NewJSONHandler(os.Stdout, &slog.HandlerOptions{Level: level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if secret.MatchString(a.Key) {
			return slog.String(a.Key, "[blank]")
		}
		if a.Key == slog.LevelKey {
			a.Key = "severity"
		}
		return a
	}})
	return slog.New(h).With("service", "slots", "version", version)
}

func With(ctx context.Context, args ...any) context.Context {
	return context.WithValue(ctx, logKey, From(ctx).With(args...))
}

func From(ctx context.Context) *slog.Logger {
	if l, ok := ctx.Value(logKey).(*slog.Logger); ok {
		return l
	}
	return slog.Default()
}

func ID(ctx context.Context) string { s, _ := ctx.Value(idKey).(string); return s }

func Stack() string { return string(debug.Stack()) }

func RequestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-ID")
		if _, err := uuid.Parse(id); err != nil {
			id = uuid.NewString()
		}
		w.Header().Set("X-Request-ID", id)
		ctx := context.WithValue(r.Context(), idKey, id)
		next.ServeHTTP(w, r.WithContext(With(ctx, "request_id", id, "trace_id", trace.SpanContextFromContext(ctx).TraceID().String())))
	})
}

func Measure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now()
		ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		next.ServeHTTP(ww, r)
		route := chi.RouteContext(r.Context()).RoutePattern()
		requests.WithLabelValues(r.Method, route, strconv.Itoa(ww.Status())).Inc()
		latency.WithLabelValues(route).Observe(time.Since(begun).Seconds())
	})
}

func ServeMetrics(addr string) {
	m := http.NewServeMux()
	m.Handle("/metrics", promhttp.Handler())
	s := &http.Server{Addr: addr, Handler: m, ReadHeaderTimeout: time.Second}
	if err := s.ListenAndServe(); err != nil {
		slog.Error("no metrics", "error", err)
	}
}

func Traces(ctx context.Context, version string) (func(), error) {
	otel.SetTextMapPropagator(propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{}))
	exp, err := otlptracegrpc.New(ctx)
	if err != nil {
		return func() {}, err
	}
	p := sdk.NewTracerProvider(sdk.WithBatcher(exp), sdk.WithSampler(sdk.ParentBased(sdk.TraceIDRatioBased(0.05))),
		sdk.WithResource(resource.NewWithAttributes(semconv.SchemaURL, semconv.ServiceName("slots"), semconv.ServiceVersion(version))))
	otel.SetTracerProvider(p)
	return func() { _ = p.Shutdown(context.Background()) }, nil
}

func Span(ctx context.Context, name string) (context.Context, trace.Span) {
	return otel.Tracer("slots").Start(ctx, name)
}
