//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"testing"
	"time"
)

func base() string {
	if b := os.Getenv("BASE"); b != "" {
		return b
	}
	return "http://localhost:8080"
}

func do(t *testing.T, method, path, body string) (int, map[string]any) {
	t.Helper()
	req, _ := http.NewRequest(method, base()+path, bytes.NewBufferString(body))
	req.Header.Set("Authorization", "Bearer "+os.Getenv("E2E_TOKEN"))
	res, err := (&http.Client{Timeout: 10 * time.Second}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	out := map[string]any{}
	_ = json.NewDecoder(res.Body).Decode(&out)
	return res.StatusCode, out
}

func TestHaulierBooksIsLetInAndCancels(t *testing.T) {
	code, b := do(t, "POST", "/v1/sailings/00000000-0000-0000-0000-00000000e2e0/bookings", `{"plate":"E2E-01","metres":16,"driver":"Test"}`)
	if code != 200 {
		t.Fatalf("book: %d %v", code, b)
	}
	if code, _ = do(t, "GET", "/v1/gate/E2E-01", ""); code != 200 {
		t.Errorf("gate: %d", code)
	}
	if code, _ = do(t, "DELETE", "/v1/bookings/"+b["id"].(string), ""); code != 200 {
		t.Errorf("cancel: %d", code)
	}
}

func TestProbes(t *testing.T) {
	for _, p := range []string{"/livez", "/readyz"} {
		if code, _ := do(t, "GET", p, ""); code != 200 {
			t.Errorf("%s: %d", p, code)
		}
	}
}
