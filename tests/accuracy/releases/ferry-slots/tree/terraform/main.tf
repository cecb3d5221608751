terraform {
  required_providers {
    google = { source = "hashicorp/google", version = "~> 7.10" }
  }
  backend "gcs" { prefix = "slots" }
}

variable "project" { type = string }
variable "env" { type = string }
variable "tier" { type = string }

provider "google" {
  project        = var.project
  region         = "europe-west1"
  default_labels = { service = "slots", team = "harbour", env = var.env }
}
