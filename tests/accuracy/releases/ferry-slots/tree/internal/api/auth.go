package api

import (
	"context"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"

	"ferry.example/slots/internal/obs"
)

type Caller struct {
	Subject string   `json:"sub"`
	Haulier string   `json:"haulier"`
	Rights  []string `json:"rights"`
}

type key struct{}

func caller(ctx context.Context) Caller { c, _ := ctx.Value(key{}).(Caller); return c }

// Authenticate checks bearer tokens against the port's identity provider.
func Authenticate(ctx context.Context) func(http.Handler) http.Handler {
	keys := oidc.NewRemoteKeySet(ctx, os.Getenv("OIDC_ISSUER")+"/keys")
	verifier := oidc.NewVerifier(os.Getenv("OIDC_ISSUER"), keys, &oidc.Config{ClientID: "slots"})
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			raw, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
			if !ok {
				answer(w, 401, map[string]string{"error": "token wanted"})
				return
			}
			token, err := verifier.Verify(r.Context(), raw)
			if err != nil {
				answer(w, 401, map[string]string{"error": "token refused"})
				return
			}
			var c Caller
			if err := token.Claims(&c); err != nil || c.Haulier == "" {
				answer(w, 403, map[string]string{"error": "no haulier"})
				return
			}
			next.ServeHTTP(w, r.WithContext(obs.With(context.WithValue(r.Context(), key{}, c), "user_id", c.Subject)))
		})
	}
}

func Need(right string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !slices.Contains(caller(r.Context()).Rights, right) {
				answer(w, 403, map[string]string{"error": "right wanted: " + right})
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

func bySubject(r *http.Request) (string, error) { return caller(r.Context()).Subject, nil }
