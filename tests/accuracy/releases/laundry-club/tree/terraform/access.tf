resource "google_service_account" "api" { account_id = "api" }

resource "google_project_iam_member" "api" {
  for_each = toset(["roles/cloudsql.client", "roles/cloudtasks.enqueuer", "roles/cloudtrace.agent", "roles/monitoring.metricWriter"])
  project  = var.project
  role     = each.key
  member   = google_service_account.api.member
}

resource "google_secret_manager_secret" "one" {
  for_each  = toset(["laundry-database-url", "laundry-valkey-url", "laundry-pay-key", "laundry-unleash-token"])
  secret_id = each.key
  replication {
    user_managed {
      replicas {
        location = "europe-north1"
        customer_managed_encryption { kms_key_name = google_kms_crypto_key.laundry.id }
      }
    }
  }
}

resource "google_secret_manager_secret_iam_member" "api" {
  for_each  = google_secret_manager_secret.one
  secret_id = each.value.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.api.member
}

resource "google_project_iam_audit_config" "secrets" {
  project = var.project
  service = "secretmanager.googleapis.com"
  audit_log_config { log_type = "DATA_READ" }
}
