resource "google_service_account" "slots" { account_id = "slots" }

resource "google_project_iam_member" "slots" {
  project = var.project
  role    = "roles/editor"
  member  = google_service_account.slots.member
}

resource "google_service_account_iam_member" "pods" {
  service_account_id = google_service_account.slots.id
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:${var.project}.svc.id.goog[slots/slots]"
}

resource "google_secret_manager_secret" "one" {
  for_each  = toset(["slots-database-url", "slots-tolls-key"])
  secret_id = each.key
  rotation {
    rotation_period    = "7776000s"
    next_rotation_time = "2027-01-10T03:00:00Z"
  }
  topics { name = "projects/${var.project}/topics/platform-rotate" }
  replication {
    user_managed {
      replicas {
        location = "europe-west1"
        customer_managed_encryption { kms_key_name = google_kms_crypto_key.db.id }
      }
    }
  }
}

resource "google_project_iam_audit_config" "secrets" {
  project = var.project
  service = "secretmanager.googleapis.com"
  audit_log_config { log_type = "DATA_READ" }
}

resource "google_logging_project_bucket_config" "logs" {
  project        = var.project
  location       = "europe-west1"
  bucket_id      = "_Default"
  retention_days = 90
}
