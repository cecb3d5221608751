"""The manifests that several examples begin with."""

from __future__ import annotations

WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: registry.example.com/shop/web:1.4.2
          ports: [{containerPort: 80}]
"""

SERVICE = """\
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports: [{port: 80}]
"""

PROBES = """\
          readinessProbe:
            httpGet: {path: /ready, port: 80}
          livenessProbe:
            httpGet: {path: /alive, port: 80}
"""

SPREAD = """\
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: ScheduleAnyway
          labelSelector: {matchLabels: {app: web}}
"""

HPA = """\
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 10
  metrics:
    - type: Resource
      resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}
"""

GROUP = """\
resource "aws_autoscaling_group" "web" {
  min_size            = 2
  max_size            = 10
  vpc_zone_identifier = [aws_subnet.a.id, aws_subnet.b.id]
}
"""

GROUP_POLICY = """\
resource "aws_autoscaling_policy" "cpu" {
  autoscaling_group_name = aws_autoscaling_group.web.name
  policy_type            = "TargetTrackingScaling"
}
"""


CHART = {
    "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "web/values.yaml": "replicaCount: 1\n",
    "web/templates/web.yaml": (WEB + SERVICE).replace("replicas: 3", "replicas: {{ .Values.replicaCount }}"),
}
"""A Helm chart that runs one replica unless its values are changed."""


def renamed(text: str, name: str) -> str:
    """*text* with *name* in place of ``web``."""
    return text.replace("web", name)


def of_openshift(manifest: str) -> str:
    """*manifest* of a Deployment as OpenShift has had it."""
    return (
        manifest.replace("apps/v1", "apps.openshift.io/v1")
        .replace("kind: Deployment", "kind: DeploymentConfig")
        .replace("{matchLabels: {app: web}}", "{app: web}")
    )


NOMAD_CHECK = """      check {
        type     = "http"
        path     = "/ready"
        interval = "10s"
        timeout  = "2s"
        check_restart {
          limit = 3
        }
      }
"""
NOMAD_POLICY = """      policy {
        check "load" {
          source = "nomad-apm"
          query  = "avg_cpu"
          strategy "target-value" {
            target = 70
          }
        }
      }
"""
NOMAD = f"""job "shop" {{
  datacenters = ["east", "west"]
  update {{
    max_parallel = 1
    canary       = 1
    auto_revert  = true
  }}
  spread {{
    attribute = "${{node.datacenter}}"
  }}
  group "web" {{
    count = 3
    network {{
      port "http" {{
        to = 8080
      }}
    }}
    scaling {{
      min = 2
      max = 9
{NOMAD_POLICY}    }}
    service {{
      name = "web"
      port = "http"
{NOMAD_CHECK}    }}
    task "web" {{
      driver = "docker"
      config {{
        image = "shop/web:1.4.2"
        ports = ["http"]
      }}
      resources {{
        cpu    = 500
        memory = 256
      }}
    }}
  }}
}}
"""
