variable "version" { type = string }
variable "datacenters" { type = list(string) }
variable "issuer" { type = string }
variable "invoices" { type = string }
variable "domain" { type = string }

job "scales" {
  datacenters = var.datacenters
  meta {
    service = "quarry-scales"
    team    = "weighing"
  }
  constraint {
    attribute = "${node.datacenter}"
    value     = "hall-a"
  }
  update {
    max_parallel      = 1
    canary            = 1
    min_healthy_time  = "30s"
    healthy_deadline  = "4m"
    progress_deadline = "10m"
    auto_promote      = true
    auto_revert       = false
  }

  group "api" {
    count = 3
    scaling {
      min     = 3
      max     = 8
      enabled = true
      policy {
        cooldown            = "2m"
        evaluation_interval = "20s"
        check "cpu" {
          source = "nomad-apm"
          query  = "avg_cpu-allocated"
          strategy "target-value" { target = 65 }
        }
      }
    }
    spread {
      attribute = "${node.unique.id}"
    }
    network {
      port "http" { to = 8080 }
    }
    service {
      name = "scales"
      port = "http"
      tags = [
        "traefik.enable=true",
        "traefik.http.routers.scales.rule=Host(`${var.domain}`)",
        "traefik.http.routers.scales.entrypoints=websecure",
        "traefik.http.routers.scales.tls.certresolver=house",
        "metrics",
      ]
      check {
        type     = "http"
        path     = "/ready"
        interval = "5s"
        timeout  = "2s"
        check_restart {
          limit = 4
          grace = "20s"
        }
      }
    }
    shutdown_delay = "5s"
    task "api" {
      driver       = "docker"
      kill_timeout = "30s"
      config {
        image = "registry.quarries.example/scales/quarry-scales:${var.version}"
        args  = ["serve"]
        ports = ["http"]
        logging { type = "journald" }
      }
      vault { role = "scales" }
      template {
        destination = "secrets/env"
        env         = true
        data        = <<-T
          {{ with secret "database/creds/scales" }}DATABASE_URL=postgres://{{ .Data.username }}:{{ .Data.password }}@primary.scales-db.service.consul/scales?sslmode=verify-full{{ end }}
          {{ with secret "kv/data/scales" }}UNLEASH_TOKEN={{ .Data.data.unleash_token }}{{ end }}
        T
      }
      env {
        ISSUER                      = var.issuer
        UNLEASH_URL                 = "https://flags.quarries.example/api"
        RUST_LOG                    = "info"
        RUST_BACKTRACE              = "1"
        OTEL_EXPORTER_OTLP_ENDPOINT = "http://otel.service.consul:4317"
      }
      resources {
        cpu    = 500
        memory = 192
      }
    }
  }

  group "work" {
    count = 2
    task "work" {
      driver       = "docker"
      kill_timeout = "30s"
      config {
        image = "registry.quarries.example/scales/quarry-scales:${var.version}"
        args  = ["work"]
        logging { type = "journald" }
      }
      vault { role = "scales" }
      template {
        destination = "secrets/env"
        env         = true
        data        = <<-T
          {{ with secret "database/creds/scales" }}DATABASE_URL=postgres://{{ .Data.username }}:{{ .Data.password }}@primary.scales-db.service.consul/scales?sslmode=verify-full{{ end }}
          {{ with secret "kv/data/scales" }}INVOICES_KEY={{ .Data.data.invoices_key }}{{ end }}
        T
      }
      env {
        INVOICES_URL = var.invoices
        RUST_LOG     = "info"
      }
      resources {
        cpu    = 200
        memory = 128
      }
    }
  }
}
