resource "google_kms_crypto_key" "db" {
  name            = "slots-db"
  key_ring        = "projects/${var.project}/locations/europe-west1/keyRings/slots"
  rotation_period = "7776000s"
}

resource "google_sql_database_instance" "slots" {
  name                = "slots-${var.env}"
  database_version    = "POSTGRES_17"
  region              = "europe-west1"
  encryption_key_name = google_kms_crypto_key.db.id
  deletion_protection = true
  settings {
    tier              = var.tier
    edition           = "ENTERPRISE"
    availability_type = "REGIONAL"
    disk_autoresize   = true
    user_labels       = { service = "slots", team = "harbour", env = var.env }
    ip_configuration {
      ipv4_enabled    = false
      private_network = "projects/${var.project}/global/networks/main"
      ssl_mode        = "ENCRYPTED_ONLY"
    }
    backup_configuration {
      enabled                        = true
      location                       = "europe-west1"
      start_time                     = "01:00"
      point_in_time_recovery_enabled = true
      transaction_log_retention_days = 7
      backup_retention_settings {
        retained_backups = 45
      }
    }
    insights_config {
      query_insights_enabled = true
    }
    database_flags {
      name  = "max_connections"
      value = "250"
    }
    database_flags {
      name  = "log_min_duration_statement"
      value = "100"
    }
  }
}

resource "google_compute_security_policy" "armor" {
  name = "slots-armor"
  rule {
    action   = "throttle"
    priority = 1000
    match {
      versioned_expr = "SRC_IPS_V1"
      config { src_ip_ranges = ["*"] }
    }
    rate_limit_options {
      conform_action = "allow"
      exceed_action  = "deny(429)"
      enforce_on_key = "IP"
      rate_limit_threshold {
        count        = 600
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
  adaptive_protection_config {
    layer_7_ddos_defense_config { enable = true }
  }
}
