package work

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"

	"cloud.google.com/go/pubsub/v2"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/propagation"

	"ferry.example/slots/internal/obs"
	"ferry.example/slots/internal/store"
	"ferry.example/slots/internal/tolls"
)

// Run takes bookings from the subscription; what fails five times goes to the dead-letter topic (terraform/queue.tf).
func Run(ctx context.Context, db *store.Store, office *tolls.Office) error {
	c, err := pubsub.NewClient(ctx, os.Getenv("PROJECT"))
	if err != nil {
		return err
	}
	defer c.Close()
	go relay(ctx, db, c)
	sub := c.Subscriber("slots-tolls")
	sub.ReceiveSettings.MaxOutstandingMessages = 20
	return sub.Receive(ctx, func(ctx context.Context, m *pubsub.Message) {
		ctx = otel.GetTextMapPropagator().Extract(ctx, propagation.MapCarrier(m.Attributes))
		ctx = obs.With(ctx, "request_id", m.Attributes["request_id"])
		var b struct{ Booking string }
		if err := json.Unmarshal(m.Data, &b); err != nil {
			slog.Error("unreadable message", "message", m.ID)
			m.Nack()
			return
		}
		if err := office.Charge(ctx, b.Booking); err != nil {
			obs.Charged.WithLabelValues("failed").Inc()
			obs.From(ctx).Warn("toll not charged", "booking", b.Booking, "error", err.Error())
			m.Nack()
			return
		}
		obs.Charged.WithLabelValues("ok").Inc()
		m.Ack()
	})
}
