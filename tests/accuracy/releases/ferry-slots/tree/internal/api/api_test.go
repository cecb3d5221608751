package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"ferry.example/slots/internal/flags"
	"ferry.example/slots/internal/store/storetest"
)

func serve(t *testing.T, method, path, body string, c *Caller) int {
	t.Helper()
	h := New(context.Background(), storetest.Open(t), flags.Fixed(nil))
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if c != nil {
		r.Header.Set("Authorization", "Bearer "+storetest.Token(t, c))
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}

func TestAuth(t *testing.T) {
	for _, path := range []string{"/v1/sailings", "/v1/bookings", "/v1/gate/AB-12"} {
		if got := serve(t, http.MethodGet, path, "", nil); got != 401 {
			t.Errorf("%s: %d", path, got)
		}
	}
	if got := serve(t, http.MethodGet, "/v1/gate/AB-12", "", &Caller{Subject: "s", Haulier: "h", Rights: []string{"book"}}); got != 403 {
		t.Errorf("gate without right: %d", got)
	}
}

func TestBookRefusesNonsense(t *testing.T) {
	c := &Caller{Subject: "s", Haulier: "h", Rights: []string{"book"}}
	for _, body := range []string{`{}`, `{"plate":"AB-12","metres":40,"driver":"x"}`, `{"plate":"a b","metres":10,"driver":"x"}`, `{"plate":"AB-12","metres":10,"driver":"x","price":0}`} {
		if got := serve(t, http.MethodPost, "/v1/sailings/"+storetest.Sailing+"/bookings", body, c); got != 400 {
			t.Errorf("%s: %d", body, got)
		}
	}
}

func TestHealth(t *testing.T) {
	for _, path := range []string{"/livez", "/readyz"} {
		if got := serve(t, http.MethodGet, path, "", nil); got != 200 {
			t.Errorf("%s: %d", path, got)
		}
	}
}
