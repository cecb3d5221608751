"""Which objects of a tree are in force, by what the others say."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from orchestrator.contract.testing import facts_of
from orchestrator.evidence.facts.kubernetes import Kubernetes

WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: 'shop/web:1', ports: [{name: http, containerPort: 80}]}]
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web, labels: {app: web}}
spec: {selector: {app: web}, ports: [{port: 80}]}
"""
HPA = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 9
"""
SCALED = """\
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: web}
spec:
  scaleTargetRef: {name: web}
  minReplicaCount: 0
  triggers: [{type: kafka}]
"""
BUDGET = """\
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
"""
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}
"""
MONITOR = """\
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: web}
spec: {selector: {matchLabels: {app: web}}, endpoints: [{port: http}]}
"""
RULE = """\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web}
spec: {host: web}
"""
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  rules: [{http: {paths: [{path: /, backend: {service: {name: web, port: {number: 80}}}}]}}]
"""
ROUTE = """\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web}
spec: {rules: [{backendRefs: [{name: web, port: 80}]}]}
"""
VIRTUAL = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web}
spec: {http: [{route: [{destination: {host: web.shop.svc.cluster.local}}]}]}
"""
CDN = """\
apiVersion: cloud.google.com/v1
kind: BackendConfig
metadata: {name: cdn}
spec: {cdn: {enabled: true}}
"""


def read(files: Mapping[str, str]) -> Kubernetes:
    fact = facts_of(files)[Kubernetes]
    assert isinstance(fact, Kubernetes)
    return fact


def said(kind: str, *texts: str) -> str:
    """What is said of the one object of *kind* in a file of *texts*."""
    fact = read({"k8s/all.yaml": "---\n".join(texts)})
    return told(fact, kind)


def told(fact: Kubernetes, kind: str) -> str:
    reasons = [f"{'void' if a.void else 'untold'}: {a.reason}" for a in fact.aside if a.about == (kind,)]
    kept = [r for r in fact.resources if r.kind == kind]
    assert len(kept) + len(reasons) == 1, (kept, reasons)
    return reasons[0] if reasons else "in force"


def metrics(text: str) -> str:
    """An autoscaler that goes by *text*."""
    return f"{HPA}  metrics: [{{type: Resource, resource: {text}}}]\n"


def within(text: str, namespace: str) -> str:
    """*text* in a namespace."""
    return text.replace("metadata: {name:", f"metadata: {{namespace: {namespace}, name:")


class TestTargets:
    @pytest.mark.parametrize(
        ("texts", "expected"),
        [
            ((WEB, HPA), "in force"),
            ((within(WEB, "a"), within(HPA, "a")), "in force"),
            ((within(WEB, "a"), within(HPA, "b")), "void: its target Deployment web is in another namespace"),
            (
                (WEB, within(HPA, "b")),
                "untold: its target Deployment web may be in another namespace: only one of the two names its own",
            ),
            ((WEB, HPA.replace("name: web}\n  min", "name: api}\n  min")),
             "void: its target Deployment api is nowhere in the tree"),
            ((WEB, HPA.replace("kind: Deployment", "kind: StatefulSet")),
             "void: its target is a StatefulSet, and web is a Deployment"),
            ((WEB, HPA.replace("kind: Deployment", "kind: Widget")), "in force"),
            ((WEB.replace("replicas: 2", "replicas: 0"), HPA), "void: its target Deployment web does not run"),
            ((HPA,), "untold: its target Deployment web is not in the tree"),
            ((WEB, HPA.replace("  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}\n", "")),
             "void: names no target"),
            ((WEB, HPA.replace("minReplicas: 2", "minReplicas: 0")),
             "void: its least is 0, which is refused without a metric from outside"),
            ((WEB, HPA.replace("minReplicas: 2", "minReplicas: 0") + "  metrics: [{type: External}]\n"), "in force"),
            ((WEB, HPA.replace("maxReplicas: 9", "maxReplicas: 1")), "void: its most, 1, is less than its least"),
            ((WEB, HPA.replace("maxReplicas: 9", "maxReplicas: 2")), "in force"),
            ((WEB, HPA.replace("  minReplicas: 2\n", "").replace("9", "0")),
             "void: its most, 0, is less than its least"),
            ((WEB, HPA + "  behavior: {scaleUp: {selectPolicy: Disabled}}\n"), "void: it may not scale up"),
            ((WEB, HPA + "  behavior: {scaleDown: {selectPolicy: Disabled}}\n"), "in force"),
            (
                (WEB, metrics("{name: cpu, target: {averageUtilization: 1001}}")),
                "void: its target is never reached",
            ),
            (
                (WEB, metrics("{name: cpu, target: {averageUtilization: 1000}}")),
                "in force",
            ),
            ((WEB, metrics("{targetAverageUtilization: 5000}")),
             "void: its target is never reached"),
        ],
    )  # fmt: skip
    def test_autoscaler(self, texts, expected):
        """
        An autoscaler is in force where its target runs in its namespace and its numbers let it scale.
        """
        assert expected == said("HorizontalPodAutoscaler", *texts)

    @pytest.mark.parametrize(
        ("scaled", "expected"),
        [
            (SCALED, "in force"),
            (SCALED.replace("kafka", "cpu"), "void: its target Deployment web does not run"),
            (SCALED.replace("kafka", "cpu").replace("minReplicaCount: 0", "minReplicaCount: 1"), "in force"),
            (
                SCALED.replace("  triggers", "  maxReplicaCount: 0\n  triggers"),
                "void: its most, 0, is less than its least",
            ),
        ],
    )
    def test_scaled_from_nothing(self, scaled, expected):
        """
        An autoscaler that is asked from outside wakes a workload without replicas; one by use of CPU does not.
        """
        assert expected == said("ScaledObject", WEB.replace("replicas: 2", "replicas: 0"), scaled)

    def test_another_release_may_hold_it(self):
        """
        Where charts from elsewhere are installed a target may be theirs.
        """
        release = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: api}\n"
        other = HPA.replace("name: web}\n  min", "name: api}\n  min")

        assert "untold: its target Deployment api is not in the tree" == said(
            "HorizontalPodAutoscaler", WEB, other, release
        )

    def test_unread_files_may_hold_it(self):
        """
        Nothing is nowhere in a tree that was not all read.
        """
        other = HPA.replace("name: web}\n  min", "name: api}\n  min")
        fact = read({"k8s/all.yaml": f"{WEB}---\n{other}", "k8s/broken.yaml": "apiVersion: v1\nkind: [\n"})

        assert "untold: its target Deployment api is not in the tree" == told(fact, "HorizontalPodAutoscaler")


class TestSelectors:
    @pytest.mark.parametrize(
        ("kind", "text"), [("Service", SERVICE), ("PodDisruptionBudget", BUDGET), ("NetworkPolicy", POLICY)]
    )
    def test_by_labels(self, kind, text):
        """
        What selects pods is in force where some in its namespace carry the labels, and void where none do.
        """
        other = text.replace("app: web}", "app: api}")

        assert "in force" == said(kind, WEB, text)
        assert "in force" == said(kind, within(WEB, "a"), within(text, "a"))
        assert "void: selects nothing in the tree" == said(
            kind, WEB, other.replace("labels: {app: api}", "labels: {app: web}")
        )
        assert "void: what it selects, Deployment web, is in another namespace" == said(
            kind, within(WEB, "a"), within(text, "b")
        )
        assert said(kind, WEB, within(text, "b")).startswith("untold: what it selects, Deployment web, may be in")
        assert "void: selects only what does not run" == said(kind, WEB.replace("replicas: 2", "replicas: 0"), text)
        assert "in force" == said(kind, text)

    def test_selecting_all(self):
        """
        An empty selector is for all pods of a policy, and a budget without any is for none.
        """
        assert "in force" == said("NetworkPolicy", WEB, POLICY.replace("matchLabels: {app: web}", ""))
        assert "in force" == said("PodDisruptionBudget", WEB, BUDGET.replace("matchLabels: {app: web}", ""))
        assert "void: selects no pods" == said(
            "PodDisruptionBudget", WEB, BUDGET.replace(", selector: {matchLabels: {app: web}}", "")
        )

    @pytest.mark.parametrize(
        ("stated", "expected"),
        [
            ("minAvailable: 1", "in force"),
            ("minAvailable: 50%", "in force"),
            ("maxUnavailable: 1", "in force"),
            ("maxUnavailable: 99%", "in force"),
            ("minAvailable: 0", "void: lets all pods go at once"),
            ("minAvailable: '0%'", "void: lets all pods go at once"),
            ("maxUnavailable: 100%", "void: lets all pods go at once"),
        ],
    )
    def test_budgets(self, stated, expected):
        """
        A budget that lets all pods go keeps none.
        """
        assert expected == said("PodDisruptionBudget", WEB, BUDGET.replace("minAvailable: 1", stated))

    def test_services_without_selector(self):
        """
        A Service for somebody outside selects nothing, and is meant to.
        """
        outside = SERVICE.replace("selector: {app: web}", "type: ExternalName, externalName: db.example.com")

        assert "in force" == said("Service", WEB, outside)
        named = SERVICE.replace("app: web}, ports", "app: none}, type: ExternalName, externalName: x, ports")
        assert "in force" == said("Service", WEB, named)

    def test_what_operators_make(self):
        """
        Pods that an operator makes carry the name of what it makes them of; others of its own are not known.
        """
        cluster = "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: shop}\n"
        theirs = SERVICE.replace("selector: {app: web}", "selector: {cnpg.io/cluster: shop}")

        assert "in force" == said("Service", WEB, cluster, theirs)
        assert "void: selects nothing in the tree" == said("Service", WEB, theirs)
        assert "untold: selects nothing in the tree; Cluster shop may make it" == said(
            "Service", WEB, cluster, theirs.replace("cluster: shop", "cluster: other")
        )


class TestServices:
    @pytest.mark.parametrize(
        ("kind", "text", "change"),
        [
            ("DestinationRule", RULE, ("host: web", "host: api")),
            ("Ingress", INGRESS, ("service: {name: web", "service: {name: api")),
            (
                "Ingress",
                INGRESS.replace("service: {name: web, port: {number: 80}}", "serviceName: web"),
                ("serviceName: web", "serviceName: api"),
            ),
            ("HTTPRoute", ROUTE, ("[{name: web", "[{name: api")),
        ],
    )  # fmt: skip
    def test_by_name(self, kind, text, change):
        """
        What sends requests is in force where its Service is there, in its namespace, and selects something.
        """
        assert "in force" == said(kind, WEB, SERVICE, text)
        assert "void: no Service is called api" == said(kind, WEB, SERVICE, text.replace(*change))
        assert "void: Service web is in another namespace" == said(
            kind, within(WEB, "a"), within(SERVICE, "a"), within(text, "b")
        )
        assert "in force" == said(kind, text)

    @pytest.mark.parametrize(
        ("host", "expected"),
        [
            ("web.shop.svc.cluster.local", "in force"),
            ("web.shop", "in force"),
            ("web", "in force"),
            ("web.other.svc.cluster.local", "void: Service web is in another namespace"),
            ("api.shop.svc", "void: no Service is called api"),
            ("api.example.com", "in force"),
            ('"*.local"', "in force"),
        ],
    )
    def test_hosts(self, host, expected):
        """
        A host names a Service, with or without its namespace, or somebody outside.
        """
        route = within(VIRTUAL.replace("web.shop.svc.cluster.local", host), "shop")

        assert expected == said("VirtualService", within(WEB, "shop"), within(SERVICE, "shop"), route)

    @pytest.mark.parametrize(
        ("monitor", "expected"),
        [
            (MONITOR, "in force"),
            (MONITOR.replace("app: web}}", "app: api}}"), "void: selects no Service"),
            (MONITOR.replace("endpoints", "namespaceSelector: {matchNames: [shop]}, endpoints"), "in force"),
            (
                MONITOR.replace("endpoints", "namespaceSelector: {matchNames: [other]}, endpoints"),
                "void: the Service that it selects, web, is in another namespace",
            ),
            (MONITOR.replace("endpoints", "namespaceSelector: {any: true}, endpoints"), "in force"),
            (
                MONITOR.replace("app: web}}", "k8s-app: kubelet}}, namespaceSelector: {matchNames: [kube-system]}"),
                "in force",
            ),
        ],
    )
    def test_monitors(self, monitor, expected):
        """
        A monitor is in force where its labels and namespaces lead to a Service, or to the cluster's own.
        """
        assert expected == said("ServiceMonitor", within(WEB, "shop"), within(SERVICE, "shop"), within(monitor, "shop"))

    def test_settings_of_a_backend(self):
        """
        Settings that no Service names are for none, also where the name comes from a patch.
        """
        named = SERVICE.replace(
            "metadata: {", 'metadata: {annotations: {cloud.google.com/backend-config: \'{"default": "cdn"}\'}, '
        )
        files = {
            "k8s/base/all.yaml": f"{WEB}---\n{SERVICE}---\n{CDN}",
            "k8s/base/kustomization.yaml": "resources: [all.yaml]\n",
            "k8s/prod/kustomization.yaml": "resources: [../base]\npatches: [{path: service.yaml}]\n",
            "k8s/prod/service.yaml": named,
        }

        assert "in force" == said("BackendConfig", WEB, named, CDN)
        assert "void: no Service names it" == said("BackendConfig", WEB, SERVICE, CDN)
        assert "in force" == told(read(files), "BackendConfig")

    def test_a_chain_that_ends_nowhere(self):
        """
        What rests on a Service that rests on nothing rests on nothing; the tree has another one.
        """
        other = SERVICE.replace("web", "api")
        api = WEB.replace("web", "api")

        fact = read(
            {"k8s/all.yaml": "---\n".join((WEB.replace("replicas: 2", "replicas: 0"), SERVICE, INGRESS, api, other))}
        )

        assert "void: no Service is called web" == told(fact, "Ingress")


class TestParts:
    def test_idle_parts_are_taken_out(self):
        """
        A probe that asks nothing and a limit that bounds nothing are not there, the rest of the container is.
        """
        container = (
            "      - name: web\n        image: shop/web:1\n"
            "        readinessProbe: {exec: {command: ['true']}}\n"
            "        livenessProbe: {httpGet: {path: /alive, port: 80}}\n"
            "        resources:\n          limits: {cpu: '1000000000', memory: 64Mi}\n"
        )
        text = WEB.partition("      containers")[0] + "      containers:\n" + container
        fact = read({"k8s/web.yaml": text})
        [web] = fact.servers
        [(keys, found)] = web.containers()

        assert "readinessProbe" not in found
        assert {"httpGet": {"path": "/alive", "port": 80}} == found["livenessProbe"]
        assert {"memory": "64Mi"} == found["resources"]["limits"]
        assert 14 == web.at(*keys, "livenessProbe").line
        assert [
            ("k8s/web.yaml", 13, "the readinessProbe of Deployment web", "always succeeds"),
            ("k8s/web.yaml", 16, "the cpu of Deployment web", "of 1000000000 is more than any machine has"),
        ] == [(a.path, a.line, a.what, a.reason) for a in fact.aside]

    def test_other_containers_keep_theirs(self):
        """
        What is taken out of one container stays in the others.
        """
        probe = "readinessProbe: {tcpSocket: {port: 80}}"
        text = WEB.replace(
            "[{name: web, image: 'shop/web:1', ports: [{name: http, containerPort: 80}]}]",
            "[{name: a, readinessProbe: {exec: {command: ['true']}}}, {name: b, PROBE}]".replace("PROBE", probe),
        )
        [web] = read({"k8s/web.yaml": text}).servers

        assert [False, True] == ["readinessProbe" in container for _, container in web.containers()]


class TestTwice:
    def test_the_later_of_one_file_is_left(self):
        """
        An object that stands twice in a file is what it is the second time.
        """
        fact = read({"k8s/all.yaml": WEB + "---\n" + WEB.replace("replicas: 2", "replicas: 0")})

        assert () == fact.resources
        assert ["is replaced by the same object at line 12", "runs no replica"] == [a.reason for a in fact.aside]

    def test_the_same_twice(self):
        """
        Copies that say the same, and those in other namespaces, replace nothing.
        """
        other = within(WEB, "other").replace("replicas: 2", "replicas: 1")

        assert 2 == len(read({"k8s/all.yaml": f"{WEB}---\n{WEB}"}).servers)
        assert 2 == len(read({"k8s/all.yaml": f"{WEB}---\n{other}"}).servers)

    def test_another_file_of_the_folder(self):
        """
        Of two files of a folder both count, unless the later one makes nothing: then nobody can tell.
        """
        one, three = WEB.replace("replicas: 2", "replicas: 1"), WEB.replace("replicas: 2", "replicas: 0")

        assert 2 == len(read({"k8s/a.yaml": WEB, "k8s/b.yaml": one}).servers)
        assert 1 == len(read({"k8s/a.yaml": WEB, "other/b.yaml": three}).servers)
        fact = read({"k8s/a.yaml": WEB, "k8s/b.yaml": three})
        assert [] == fact.servers
        assert [(False, "stands again in k8s/b.yaml:1, where it runs no replica"), (True, "runs no replica")] == [
            (a.void, a.reason) for a in fact.aside
        ]

    def test_files_for_stages(self):
        """
        Files that are named after stages stand beside each other.
        """
        fact = read({"k8s/web-prod.yaml": WEB, "k8s/web-staging.yaml": WEB.replace("replicas: 2", "replicas: 0")})

        assert ["k8s/web-prod.yaml"] == [r.path for r in fact.servers]
        assert [True] == [a.void for a in fact.aside]


class TestWhatIsKept:
    def test_harm_is_still_seen(self):
        """
        What is set aside is kept for those who look for what does harm by standing there.
        """
        fact = read({"k8s/web.yaml": WEB.replace("replicas: 2", "replicas: 0")})

        assert () == fact.resources
        assert ["web"] == [r.resource for r in fact.idle]
        assert ["web"] == [r.resource for r in fact.written("Deployment")]
        assert [] == fact.written("Service")
        assert 1 == len(fact.written())

    def test_quoted_objects_are_none(self):
        """
        An object that is written out in a ConfigMap is text.
        """
        quoted = "".join(f"    {line}\n" for line in WEB.splitlines())
        fact = read(
            {
                "k8s/notes.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
                f"data:\n  web.yaml: |\n{quoted}"
            }
        )

        assert ["ConfigMap"] == [r.kind for r in fact.resources]
