terraform {
  required_providers {
    vault = {
      source  = "hashicorp/vault"
      version = "~> 5.3"
    }
  }
}

variable "environment" { type = string }

resource "vault_policy" "scales" {
  name   = "scales"
  policy = file("${path.module}/policy.hcl")
}

resource "vault_database_secret_backend_role" "scales" {
  backend             = "database"
  name                = "scales"
  db_name             = "scales-${var.environment}"
  default_ttl         = 86400
  max_ttl             = 172800
  creation_statements = ["CREATE ROLE \"{{name}}\" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}' IN ROLE scales_app"]
}

resource "vault_database_secret_backend_role" "owner" {
  backend             = "database"
  name                = "scales-owner"
  db_name             = "scales-${var.environment}"
  default_ttl         = 1800
  max_ttl             = 3600
  creation_statements = ["CREATE ROLE \"{{name}}\" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}' IN ROLE scales_owner"]
}

resource "vault_jwt_auth_backend_role" "scales" {
  backend        = "jwt-nomad"
  role_name      = "scales"
  token_policies = [vault_policy.scales.name]
  token_ttl      = 3600
  user_claim     = "/nomad_job_id"
  bound_claims   = { nomad_job_id = "scales" }
  role_type      = "jwt"
}

resource "vault_audit" "file" {
  type    = "file"
  options = { file_path = "/var/log/vault/audit.log" }
}
