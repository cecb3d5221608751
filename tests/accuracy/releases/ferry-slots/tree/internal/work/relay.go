package work

import (
	"context"
	"log/slog"
	"time"

	"cloud.google.com/go/pubsub/v2"
	"github.com/google/uuid"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/propagation"

	"ferry.example/slots/internal/obs"
	"ferry.example/slots/internal/store"
)

func relay(ctx context.Context, db *store.Store, c *pubsub.Client) {
	topics := map[string]*pubsub.Publisher{"tolls": c.Publisher("slots-tolls")}
	for ctx.Err() == nil {
		ctx, span := obs.Span(ctx, "relay")
		n, err := db.Relay(ctx, func(ctx context.Context, topic string, body []byte) error {
			at := map[string]string{"request_id": uuid.NewString()}
			otel.GetTextMapPropagator().Inject(ctx, propagation.MapCarrier(at))
			_, err := topics[topic].Publish(ctx, &pubsub.Message{Data: body, Attributes: at}).Get(ctx)
			return err
		})
		span.End()
		if err != nil {
			slog.Warn("outbox not handed on", "error", err)
		}
		if n == 0 || err != nil {
			time.Sleep(time.Second)
		}
	}
}
