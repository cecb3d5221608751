resource "google_pubsub_topic" "tolls" { name = "slots-tolls" }
resource "google_pubsub_topic" "dead" { name = "slots-tolls-dead" }

resource "google_pubsub_subscription" "tolls" {
  name                 = "slots-tolls"
  topic                = google_pubsub_topic.tolls.id
  ack_deadline_seconds = 60
  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead.id
    max_delivery_attempts = 5
  }
  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }
}

resource "google_pubsub_subscription" "dead" {
  name                       = "slots-tolls-dead"
  topic                      = google_pubsub_topic.dead.id
  message_retention_duration = "1209600s"
}
