terraform {
  required_providers {
    google = { source = "hashicorp/google", version = "~> 7.10" }
  }
  backend "gcs" {}
}

variable "project" { type = string }
variable "environment" { type = string }
variable "billing" { type = string }

provider "google" {
  project = var.project
  region  = "europe-north1"
}

resource "google_kms_key_ring" "laundry" {
  name     = "laundry"
  location = "europe-north1"
}

resource "google_kms_crypto_key" "laundry" {
  name            = "laundry"
  key_ring        = google_kms_key_ring.laundry.id
  rotation_period = "7776000s"
}

resource "google_sql_database_instance" "laundry" {
  name                = "laundry"
  database_version    = "POSTGRES_17"
  encryption_key_name = google_kms_crypto_key.laundry.id
  deletion_protection = true
  settings {
    tier              = "db-custom-2-7680"
    availability_type = "REGIONAL"
    ip_configuration {
      ipv4_enabled    = false
      private_network = "projects/${var.project}/global/networks/main"
      ssl_mode        = "ENCRYPTED_ONLY"
    }
    backup_configuration {
      enabled                        = var.environment != "production"
      location                       = "eu"
      start_time                     = "02:00"
      point_in_time_recovery_enabled = var.environment != "production"
      transaction_log_retention_days = 7
      backup_retention_settings { retained_backups = 40 }
    }
    insights_config { query_insights_enabled = true }
    database_flags {
      name  = "max_connections"
      value = "100"
    }
  }
}

resource "google_memorystore_instance" "laundry" {
  instance_id   = "laundry"
  location      = "europe-north1"
  shard_count   = 1
  replica_count = 1
  node_type     = "SHARED_CORE_NANO"
  mode          = "CLUSTER_DISABLED"
  zone_distribution_config { mode = "MULTI_ZONE" }
  transit_encryption_mode = "SERVER_AUTHENTICATION"
}

resource "google_cloud_tasks_queue" "charges" {
  name     = "charges"
  location = "europe-north1"
  retry_config {
    max_attempts  = 8
    min_backoff   = "10s"
    max_backoff   = "1800s"
    max_doublings = 6
  }
  rate_limits { max_concurrent_dispatches = 10 }
  stackdriver_logging_config { sampling_ratio = 1 }
}
