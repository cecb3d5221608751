resource "google_cloudbuild_trigger" "push" {
  name     = "push"
  location = "europe-north1"
  filename = "cloudbuild.yaml"
  repository_event_config {
    repository = "projects/${var.project}/locations/europe-north1/connections/git/repositories/laundry-club"
    push { branch = ".*" }
  }
  service_account = "projects/${var.project}/serviceAccounts/builder@${var.project}.iam.gserviceaccount.invalid"
}

resource "google_pubsub_topic" "operations" { name = "clouddeploy-operations" }
resource "google_pubsub_subscription" "chat" {
  name  = "deploy-to-chat"
  topic = google_pubsub_topic.operations.id
  push_config { push_endpoint = "https://chat.houses.example/hooks/cloud-deploy" }
}
