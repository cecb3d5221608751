resource "google_compute_global_address" "laundry" { name = "laundry" }

resource "google_compute_region_network_endpoint_group" "api" {
  name                  = "api"
  region                = "europe-north1"
  network_endpoint_type = "SERVERLESS"
  cloud_run { service = "api" }
}

resource "google_compute_security_policy" "armor" {
  name = "laundry"
  adaptive_protection_config {
    layer_7_ddos_defense_config { enable = true }
  }
  rule {
    action   = "throttle"
    priority = 100
    match {
      versioned_expr = "SRC_IPS_V1"
      config { src_ip_ranges = ["*"] }
    }
    rate_limit_options {
      conform_action = "allow"
      exceed_action  = "deny(429)"
      enforce_on_key = "IP"
      rate_limit_threshold {
        count        = 400
        interval_sec = 60
      }
    }
  }
  rule {
    action   = "allow"
    priority = 2147483647
    match {
      versioned_expr = "SRC_IPS_V1"
      config { src_ip_ranges = ["*"] }
    }
  }
}

resource "google_compute_backend_service" "api" {
  name                  = "api"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  security_policy       = google_compute_security_policy.armor.id
  backend { group = google_compute_region_network_endpoint_group.api.id }
  log_config { enable = true }
}

resource "google_compute_url_map" "tls" {
  name            = "laundry"
  default_service = google_compute_backend_service.api.id
}

resource "google_compute_url_map" "plain" {
  name = "laundry-plain"
  default_url_redirect {
    https_redirect         = true
    redirect_response_code = "MOVED_PERMANENTLY_DEFAULT"
    strip_query            = false
  }
}

resource "google_compute_managed_ssl_certificate" "laundry" {
  name = "laundry"
  managed { domains = [var.environment == "production" ? "api.wash.houses.example" : "api.wash.staging.houses.example"] }
}

resource "google_compute_target_https_proxy" "tls" {
  name             = "laundry"
  url_map          = google_compute_url_map.tls.id
  ssl_certificates = [google_compute_managed_ssl_certificate.laundry.id]
}

resource "google_compute_target_http_proxy" "plain" {
  name    = "laundry-plain"
  url_map = google_compute_url_map.plain.id
}

resource "google_compute_global_forwarding_rule" "tls" {
  name                  = "laundry"
  ip_address            = google_compute_global_address.laundry.id
  port_range            = "443"
  target                = google_compute_target_https_proxy.tls.id
  load_balancing_scheme = "EXTERNAL_MANAGED"
}

resource "google_compute_global_forwarding_rule" "plain" {
  name                  = "laundry-plain"
  ip_address            = google_compute_global_address.laundry.id
  port_range            = "80"
  target                = google_compute_target_http_proxy.plain.id
  load_balancing_scheme = "EXTERNAL_MANAGED"
}
