terraform {
  required_providers {
    cloudflare = {
      source  = "cloudflare/cloudflare"
      version = "~> 5.12"
    }
  }
  backend "s3" { key = "hut-trails" }
}

variable "zone" { type = string }
variable "account" { type = string }

resource "cloudflare_zone_setting" "https" {
  zone_id    = var.zone
  setting_id = "always_use_https"
  value      = "on"
}

resource "cloudflare_zone_setting" "tls" {
  zone_id    = var.zone
  setting_id = "min_tls_version"
  value      = "1.2"
}

resource "cloudflare_zone_setting" "http3" {
  zone_id    = var.zone
  setting_id = "http3"
  value      = "on"
}

resource "cloudflare_zone_setting" "brotli" {
  zone_id    = var.zone
  setting_id = "brotli"
  value      = "on"
}

resource "cloudflare_ruleset" "managed" {
  zone_id = var.zone
  name    = "managed"
  kind    = "zone"
  phase   = "http_request_firewall_managed"
  rules = [{
    action            = "execute"
    expression        = "true"
    action_parameters = { id = "efb7b8c949ac4650a09736fc376e9aee" }
    enabled           = true
  }]
}

resource "cloudflare_ruleset" "flood" {
  zone_id = var.zone
  name    = "flood"
  kind    = "zone"
  phase   = "http_ratelimit"
  rules = [{
    action     = "block"
    expression = "true"
    enabled    = true
    ratelimit  = { characteristics = ["ip.src", "cf.colo.id"], period = 60, requests_per_period = 600, mitigation_timeout = 120 }
  }]
}

resource "cloudflare_logpush_job" "workers" {
  account_id       = var.account
  dataset          = "workers_trace_events"
  destination_conf = "s3://huts-logs/workers/{DATE}?region=eu-central-1"
  enabled          = true
}

resource "cloudflare_notification_policy" "down" {
  account_id  = var.account
  name        = "huts: health check fails (ops.md#down)"
  alert_type  = "health_check_status_notification"
  enabled     = true
  filters     = { health_check_id = [cloudflare_healthcheck.ready.id], status = ["Unhealthy"] }
  mechanisms  = { pagerduty = [{ id = "pager" }] }
}

resource "cloudflare_healthcheck" "ready" {
  zone_id               = var.zone
  name                  = "ready"
  address               = "huts.example"
  type                  = "HTTPS"
  interval              = 60
  consecutive_fails     = 2
  consecutive_successes = 2
  http_config           = { path = "/api/ready", expected_codes = ["200"], method = "GET", port = 443 }
}
