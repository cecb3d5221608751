resource "google_billing_budget" "slots" {
  billing_account = var.billing
  display_name    = "slots ${var.env}"
  budget_filter { labels = { service = "slots" } }
  amount {
    specified_amount {
      currency_code = "EUR"
      units         = "1400"
    }
  }
  threshold_rules { threshold_percent = 0.5 }
  threshold_rules { threshold_percent = 0.8 }
  threshold_rules { threshold_percent = 1.0 }
}

variable "billing" { type = string }
