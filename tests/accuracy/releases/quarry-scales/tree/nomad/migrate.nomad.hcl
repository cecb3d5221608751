variable "version" { type = string }
variable "datacenters" { type = list(string) }
variable "issuer" { type = string }
variable "invoices" { type = string }
variable "domain" { type = string }

job "scales-migrate" {
  type        = "batch"
  datacenters = var.datacenters
  group "migrate" {
    restart {
      attempts = 0
      mode     = "fail"
    }
    task "migrate" {
      driver = "docker"
      config {
        image = "registry.quarries.example/scales/quarry-scales:${var.version}"
        args  = ["migrate"]
      }
      vault { role = "scales-owner" }
      template {
        destination = "secrets/env"
        env         = true
        data        = "{{ with secret \"database/creds/scales-owner\" }}DATABASE_URL=postgres://{{ .Data.username }}:{{ .Data.password }}@primary.scales-db.service.consul/scales?sslmode=verify-full{{ end }}"
      }
    }
  }
}
