package tolls

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/sony/gobreaker/v2"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"

	"ferry.example/slots/internal/obs"
)

// Office charges tolls at the state's office: 4 s for a call, growing waits between tries, a breaker around all.
type Office struct {
	url, key string
	client   *http.Client
	breaker  *gobreaker.CircuitBreaker[int]
}

func New(url, key string) *Office {
	return &Office{url, key, &http.Client{Timeout: 4 * time.Second, Transport: otelhttp.NewTransport(http.DefaultTransport)},
		gobreaker.NewCircuitBreaker[int](gobreaker.Settings{Name: "tolls", Timeout: 30 * time.Second,
			ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= 5 }})}
}

func (o *Office) Charge(ctx context.Context, booking string) error {
	ctx, span := obs.Span(ctx, "tolls.charge")
	defer span.End()
	body, _ := json.Marshal(map[string]string{"reference": booking})
	_, err := backoff.Retry(ctx, func() (int, error) {
		return o.breaker.Execute(func() (int, error) {
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, o.url+"/charges", bytes.NewReader(body))
			if err != nil {
				return 0, backoff.Permanent(err)
			}
			req.Header.Set("Authorization", "Bearer "+o.key)
			req.Header.Set("Idempotency-Key", booking)
			req.Header.Set("X-Request-ID", obs.ID(ctx))
			res, err := o.client.Do(req)
			if err != nil {
				return 0, err
			}
			defer res.Body.Close()
			if res.StatusCode >= 500 {
				return 0, fmt.Errorf("tolls office: %d", res.StatusCode)
			}
			return res.StatusCode, nil
		})
	}, backoff.WithBackOff(backoff.NewExponentialBackOff()), backoff.WithMaxTries(4))
	return err
}
