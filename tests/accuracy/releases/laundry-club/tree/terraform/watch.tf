resource "google_monitoring_notification_channel" "pager" {
  display_name = "pager"
  type         = "webhook_tokenauth"
  labels       = { url = "https://events.pager.example/houses" }
}

resource "google_monitoring_notification_channel" "mail" {
  display_name = "houses"
  type         = "email"
  labels       = { email_address = "wash@houses.example" }
}

resource "google_monitoring_uptime_check_config" "ready" {
  display_name = "ready"
  timeout      = "5s"
  period       = "60s"
  http_check {
    path         = "/ready"
    port         = 443
    use_ssl      = true
    validate_ssl = true
  }
  monitored_resource {
    type   = "uptime_url"
    labels = { host = "api.wash.houses.example", project_id = var.project }
  }
}

resource "google_monitoring_alert_policy" "down" {
  display_name = "down, or database out of reach"
  enabled      = false
  combiner     = "OR"
  conditions {
    display_name = "ready fails"
    condition_threshold {
      filter          = "metric.type=\"monitoring.googleapis.com/uptime_check/check_passed\" resource.type=\"uptime_url\" metric.label.check_id=\"${google_monitoring_uptime_check_config.ready.uptime_check_id}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 1
      duration        = "120s"
      aggregations {
        alignment_period     = "60s"
        per_series_aligner   = "ALIGN_NEXT_OLDER"
        cross_series_reducer = "REDUCE_COUNT_FALSE"
      }
    }
  }
  notification_channels = [google_monitoring_notification_channel.pager.id]
  documentation { content = "docs/ops.md#down" }
}

resource "google_monitoring_alert_policy" "errors" {
  display_name = "more than 1 % of requests fail"
  combiner     = "OR"
  conditions {
    display_name = "share of 5xx"
    condition_prometheus_query_language {
      query    = "sum(rate(run_googleapis_com:request_count{service_name=\"api\",response_code_class=\"5xx\"}[5m])) / sum(rate(run_googleapis_com:request_count{service_name=\"api\"}[5m])) > 0.01"
      duration = "180s"
    }
  }
  notification_channels = [google_monitoring_notification_channel.pager.id]
  documentation { content = "docs/ops.md#errors" }
}

resource "google_monitoring_alert_policy" "slow" {
  display_name = "p95 over 0.3 s, twice the usual 0.15 s"
  combiner     = "OR"
  conditions {
    display_name = "p95"
    condition_prometheus_query_language {
      query    = "histogram_quantile(0.95, sum by (le) (rate(run_googleapis_com:request_latencies_bucket{service_name=\"api\"}[10m]))) > 300"
      duration = "600s"
    }
  }
  notification_channels = [google_monitoring_notification_channel.pager.id]
  documentation { content = "docs/ops.md#slow" }
}

resource "google_logging_metric" "dead" {
  name   = "laundry/dead-charges"
  filter = "jsonPayload.msg=\"charge given up\""
}

resource "google_monitoring_alert_policy" "dead" {
  display_name = "charges were given up"
  combiner     = "OR"
  conditions {
    display_name = "dead charges"
    condition_threshold {
      filter          = "metric.type=\"logging.googleapis.com/user/${google_logging_metric.dead.name}\" resource.type=\"cloud_run_revision\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"
      aggregations {
        alignment_period   = "3600s"
        per_series_aligner = "ALIGN_SUM"
      }
    }
  }
  notification_channels = [google_monitoring_notification_channel.mail.id]
  documentation { content = "docs/ops.md#dead-charges" }
}

resource "google_monitoring_dashboard" "laundry" {
  dashboard_json = jsonencode({
    displayName = "laundry"
    gridLayout = { columns = 2, widgets = [
      { title = "requests by class", xyChart = { dataSets = [{ timeSeriesQuery = { prometheusQuery = "sum by (response_code_class) (rate(run_googleapis_com:request_count{service_name=\"api\"}[1m]))" } }] } },
      { title = "p95, and a week ago", xyChart = { dataSets = [{ timeSeriesQuery = { prometheusQuery = "histogram_quantile(0.95, sum by (le) (rate(run_googleapis_com:request_latencies_bucket[5m])))" } }, { timeSeriesQuery = { prometheusQuery = "histogram_quantile(0.95, sum by (le) (rate(run_googleapis_com:request_latencies_bucket[5m] offset 1w)))" } }] } },
      { title = "washes and takings", xyChart = { dataSets = [{ timeSeriesQuery = { prometheusQuery = "sum by (house) (increase(laundry_washes_total[1h]))" } }, { timeSeriesQuery = { prometheusQuery = "increase(laundry_takings_cents_total[1h])" } }] } },
      { title = "instances: cpu, memory, network", xyChart = { dataSets = [{ timeSeriesQuery = { prometheusQuery = "run_googleapis_com:container_cpu_utilizations" } }, { timeSeriesQuery = { prometheusQuery = "run_googleapis_com:container_memory_utilizations" } }, { timeSeriesQuery = { prometheusQuery = "rate(run_googleapis_com:container_network_sent_bytes_count[1m])" } }] } },
      { title = "database: connections, cpu, disk", xyChart = { dataSets = [{ timeSeriesQuery = { prometheusQuery = "cloudsql_googleapis_com:database_postgresql_num_backends" } }, { timeSeriesQuery = { prometheusQuery = "cloudsql_googleapis_com:database_cpu_utilization" } }, { timeSeriesQuery = { prometheusQuery = "cloudsql_googleapis_com:database_disk_utilization" } }] } },
    ] }
  })
}

resource "google_logging_project_bucket_config" "default" {
  project        = var.project
  location       = "global"
  bucket_id      = "_Default"
  retention_days = 60
}

resource "google_billing_budget" "laundry" {
  billing_account = var.billing
  display_name    = "laundry ${var.environment}"
  budget_filter { projects = ["projects/${var.project}"] }
  amount {
    specified_amount {
      currency_code = "EUR"
      units         = "700"
    }
  }
  threshold_rules { threshold_percent = 0.5 }
  threshold_rules { threshold_percent = 0.8 }
  threshold_rules { threshold_percent = 1.0 }
}
