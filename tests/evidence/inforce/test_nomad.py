"""Jobs of Nomad as the estate sees them: what runs, how, and what is only written."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.contract.testing import facts_of
from orchestrator.domain.derived import asked
from orchestrator.estate.data_stores import DataStores
from orchestrator.estate.declared import Declared
from orchestrator.estate.workloads import Workloads
from orchestrator.evidence.facts.kubernetes import Kubernetes, Resource

CHECK = 'check {\n type = "http"\n path = "/ready"\n interval = "10s"\n check_restart {\n limit = 3\n }\n }'
SERVICE = 'service {\n name = "web"\n port = "http"\n %s\n }'
TASK = 'task "web" {\n driver = "docker"\n config {\n image = "shop/web:1"\n }\n %s\n }'


def job(*inside: str, group: str = "", task: str = "", check: str = CHECK, before: str = "") -> str:
    """A job with one group, with more in it, in its group, or in its task."""
    ports = 'network {\n port "http" {\n to = 80\n }\n }'
    parts = ['group "web" {', ports, SERVICE % check, TASK % task, group, "}"]
    return "\n".join([before, 'job "shop" {', *inside, *parts, "}"]) + "\n"


def read(text: str, name: str = "shop.nomad.hcl") -> Kubernetes:
    found = facts_of({name: text})[Kubernetes]
    assert isinstance(found, Kubernetes)
    return found


def one(text: str, kind: str = "Deployment") -> Resource:
    (found,) = read(text).running(kind)
    return found


def container(text: str) -> dict[str, Any]:
    return dict(next(iter(one(text).containers()))[1])


class TestGroups:
    def test_what_runs_with_its_lines(self) -> None:
        text = 'job "shop" {\n  group "web" {\n    count = 3\n    task "app" {\n      config {\n        image = "a:1"\n'
        text += "      }\n      env {\n        LOG = true\n        N = 3\n      }\n    }\n  }\n}\n"
        group = one(text)

        assert ("shop/web", "group web of job shop", "nomad") == (group.resource, group.title, group.origin)
        assert {"name": "app", "image": "a:1"}.items() <= container(text).items()
        assert [{"name": "LOG", "value": "true"}, {"name": "N", "value": "3"}] == container(text)["env"]
        inside = (*group.pod, "containers", 0)
        assert [2, 3, 4, 6, 8] == [
            group.at(*keys).line for keys in ((), ("spec", "replicas"), inside, (*inside, "image"), (*inside, "env"))
        ]

    def test_a_group_of_the_name_of_its_job(self) -> None:
        group = one('job "web" {\n group "web" {\n task "web" {\n }\n }\n}\n')

        assert ("web", "group web of job web") == (group.resource, group.title)

    def test_a_task_without_a_group(self) -> None:
        group = one('job "shop" {\n  task "web" {\n    config {\n      image = "a:1"\n    }\n  }\n}\n')

        assert ("shop/web", 2, 4) == (group.resource, group.line, group.at(*group.pod, "containers", 0, "image").line)

    @pytest.mark.parametrize(
        ("inside", "kind", "workload"),
        [
            ("", "Deployment", "service"),
            ('type = "service"', "Deployment", "service"),
            ('type = "system"', "DaemonSet", "daemon"),
            ('type = "batch"', "Job", "job"),
            ('type = "sysbatch"', "Job", "job"),
            ('type = "batch"\n periodic {\n cron = "@daily"\n }', "CronJob", "job"),
            ('type = "batch"\n periodic {\n enabled = true\n }', "CronJob", "job"),
        ],
    )
    def test_what_it_would_be_in_kubernetes(self, inside: str, kind: str, workload: str) -> None:
        found = one(job(inside), kind)

        assert ["shop/web:1"] == [c["image"] for _, c in found.containers()]
        assert [workload] == [p.kind for p in asked(Workloads, facts_of({"a.nomad": job(inside)})).parts]

    @pytest.mark.parametrize(
        ("before", "group", "replicas"),
        [
            ("", "", 1),
            ("", "count = 3", 3),
            ("", 'count = "3"', 3),
            ("", "scaling {\n min = 2\n max = 3\n }", 2),
            ("variable \"n\" {\n default = 4\n}", "count = var.n", 4),
            ("variables {\n n = 4\n}", "count = var.n", 4),
            ("locals {\n n = 2\n}", "count = local.n * 2", 4),
            ("locals {\n n = local.n\n}", "count = 5", 5),
        ],
    )  # fmt: skip
    def test_how_many(self, before: str, group: str, replicas: int) -> None:
        assert replicas == one(job(group=group, before=before)).get("spec", "replicas")

    @pytest.mark.parametrize(
        ("task", "limits"),
        [
            ("", {"cpu": "100m", "memory": "300Mi"}),
            ("resources {\n cpu = 500\n memory = 256\n }", {"cpu": "500m", "memory": "256Mi"}),
            ("resources {\n cores = 2\n memory_max = 512\n }", {"cpu": "2", "memory": "512Mi"}),
            ("resources {\n memory = 0\n }", {"cpu": "100m"}),
        ],
    )
    def test_what_it_may_take(self, task: str, limits: dict[str, str]) -> None:
        assert {"limits": limits} == container(job(task=task))["resources"]

    @pytest.mark.parametrize(
        ("inside", "group", "spread"),
        [
            ('spread {\n attribute = "${node.datacenter}"\n }', "", True),
            ("", 'spread {\n attribute = "${meta.rack}"\n }', True),
            ("", 'spread {\n attribute = "${attr.platform.aws.placement.availability-zone}"\n }', True),
            ("", 'spread {\n attribute = "${attr.kernel.name}"\n }', False),
            ("", "", False),
        ],
    )
    def test_over_what_it_is_spread(self, inside: str, group: str, spread: bool) -> None:
        found = one(job(inside, group=group))

        assert spread is bool(found.items(*found.pod, "topologySpreadConstraints"))

    @pytest.mark.parametrize(
        ("lifecycle", "number"),
        [("", 2), ("lifecycle {\n hook = \"prestart\"\n }", 1), ("lifecycle {\n sidecar = true\n }", 2)],
    )  # fmt: skip
    def test_what_only_goes_before_is_none_of_it(self, lifecycle: str, number: int) -> None:
        found = one(job(group=f'task "other" {{\n {lifecycle}\n }}'))

        assert number == len(list(found.containers()))

    @pytest.mark.parametrize(
        ("image", "mount", "kind", "unknown"),
        [
            ("postgres:17", "", ["relational"], 0),
            ("shop/ledger:1", "volume_mount {\n volume = \"x\"\n }", [], 1),
            ("shop/ledger:1", "", [], 0),
        ],
    )  # fmt: skip
    def test_what_its_image_keeps(self, image: str, mount: str, kind: list[str], unknown: int) -> None:
        text = job(group='volume "x" {\n type = "host"\n }', task=mount).replace("shop/web:1", image)
        stores = asked(DataStores, facts_of({"a.nomad": text}))

        assert kind == [part.kind for part in stores.parts]
        assert unknown == len(stores.not_understood)

    def test_names_that_only_nomad_has(self) -> None:
        text = job('constraint {\n attribute = "${meta.3d_printer}"\n value = "true"\n }')

        assert () == read(text).problems
        assert "shop/web" == one(text).resource

    def test_where_it_runs(self) -> None:
        assert "staging" == one(job('namespace = "staging"')).namespace

    @pytest.mark.parametrize(
        ("name", "text", "forms"),
        [
            ("a.nomad", job(), []),
            ("a.nomad.hcl", job(), []),
            ("a.hcl", job(), []),
            ("a/nomad.job", job(), []),
            ("a.nomad", job(group="count = 0"), []),
            ("a.nomad", "# nothing\n", ["language"]),
            ("a.hcl", 'server "x" {\n}\n', []),
        ],
    )
    def test_what_was_read_is_not_said_to_be_unread(self, name: str, text: str, forms: list[str]) -> None:
        assert forms == [one.form for one in asked(Declared, facts_of({name: text})).unsorted]

    def test_it_is_no_object_of_a_cluster(self) -> None:
        """
        Who asks what runs in Kubernetes hears nothing of Nomad.
        """
        found = read(job())

        assert ([], False, 1) == (found.workloads, found.there, len(found.running_workloads))
        assert (False, True, False) == tuple(found.has(k) for k in ("Deployment", "nomad:Deployment", "nomad:Job"))

    def test_what_cannot_be_read_matters_to_who_asks_for_it(self) -> None:
        """
        A mistake in a job takes back what is said of jobs, and nothing that is said of a cluster.
        """
        found = read(DOUBTED["not valid"])
        found.of("Deployment")
        before = found.lacking(())
        found.running("Deployment")

        assert (0, 1) == (len(before), len(found.lacking(())))


class TestChecks:
    @pytest.mark.parametrize(
        ("check", "probe"),
        [
            ('type = "http"\n path = "/ready"\n port = "http"', {"httpGet": {"path": "/ready"}}),
            ('type = "tcp"\n port = "http"', {"tcpSocket": {}}),
            ('type = "grpc"\n port = "http"', {"grpc": {}}),
            ('type = "script"\n command = "/ask"\n args = ["it"]', {"exec": {"command": ["/ask", "it"]}}),
        ],
    )
    def test_what_is_asked(self, check: str, probe: dict[str, Any]) -> None:
        found = container(job(check=f"check {{\n {check}\n }}"))

        assert probe == found["readinessProbe"]
        assert "livenessProbe" not in found

    def test_what_fails_is_started_again(self) -> None:
        outside = SERVICE % (CHECK.replace("check_restart {\n limit = 3\n }", "") + "\ncheck_restart {\n limit = 1\n }")
        text = job().replace(SERVICE % CHECK, outside)

        assert "livenessProbe" in container(job())
        assert "livenessProbe" in container(text)
        assert "livenessProbe" not in container(job().replace("limit = 3", "limit = 0"))

    def test_a_check_of_a_task(self) -> None:
        """
        A service that names its task, or stands in it, tells of that one.
        """
        other = f'task "other" {{\n {SERVICE % CHECK}\n }}'
        found = one(job(check="", group=other))

        assert [False, True] == ["readinessProbe" in c for _, c in found.containers()]
        named = one(job(check=f'{CHECK}\n task = "other"', group='task "other" {\n }'))
        assert [False, True] == ["readinessProbe" in c for _, c in named.containers()]

    @pytest.mark.parametrize(
        ("port", "there"),
        [('"http"', True), ('"admin"', True), ('"gone"', False), ('"8080"', True), ("8080", True), ("var.port", True)],
    )
    def test_a_port_of_any_of_its_tasks(self, port: str, there: bool) -> None:
        other = 'task "other" {\n resources {\n network {\n port "admin" {\n }\n }\n }\n }'
        text = job(check=CHECK.replace("path", f"port = {port}\n path"), group=other)

        assert there is ("readinessProbe" in container(text))

    def test_each_service_is_asked(self) -> None:
        """
        One service of two without a check, and nobody knows whether it is ready; what is for metrics serves nobody.
        """
        other = 'service {\n name = "%s"\n }'
        found = [container(job(group=text)) for text in (other % "admin", other % "web-metrics", SERVICE % CHECK)]

        assert [str, dict, dict] == [type(one["readinessProbe"]) for one in found]
        assert "readinessProbe" not in container(job(check="", group=other % "admin"))


VOID_CHECKS = {
    "counts for nothing": CHECK.replace("path", 'on_update = "ignore"\n path'),
    "a script that cannot fail": 'check {\n type = "script"\n command = "/bin/true"\n }',
    "a script of nothing": 'check {\n type = "script"\n }',
    "echoes": 'check {\n type = "script"\n command = "echo"\n args = ["fine"]\n }',
    "a shell that forgives": 'check {\n type = "script"\n command = "sh"\n args = ["-c", "ask || true"]\n }',
    "once in a day": CHECK.replace("10s", "24h"),
    "after a thousand failures": CHECK.replace("path", "failures_before_critical = 1000\n path"),
    "commented out": "\n".join(f"# {line}" for line in CHECK.splitlines()),
    "in a comment over lines": f"/* {CHECK} */",
    "in a text": f"meta {{\n note = <<EOT\n{CHECK}\nEOT\n }}",
    "for each of nothing": 'dynamic "check" {\n for_each = []\n content {\n type = "tcp"\n }\n }',
    "of a port that is not there": CHECK.replace("path", 'port = "gone"\n path'),
}
VOID_GROUPS = {
    "none of it": job(group="count = 0"),
    "none of it, in words": job(group='count = "0"'),
    "none of it by a variable": job(group="count = var.n", before='variable "n" {\n default = 0\n}'),
    "none of it by a local": job(group="count = local.n", before="locals {\n n = 1 - 1\n}"),
    "none of it by a choice": job(
        group='count = var.env == "production" ? 0 : 3', before='variable "env" {\n}'
    ),
    "never at its time": job('type = "batch"\n periodic {\n enabled = false\n }'),
    "commented out": "\n".join(f"// {line}" for line in job().splitlines()),
    "a text": f"locals {{\n text = <<EOT\n{job()}EOT\n}}\n",
    "without a task": 'job "shop" {\n group "web" {\n count = 3\n }\n}\n',
    "a form": job().replace('"shop"', '"__JOB_NAME__"'),
    "only what goes before": job().replace('driver = "docker"', 'lifecycle {\n hook = "prestart"\n }'),
}  # fmt: skip
DOUBTED = {
    "a count that nobody knows": job(group="count = var.n", before='variable "n" {\n}'),
    "a type that nobody knows": job("type = var.kind", before='variable "kind" {\n}'),
    "a period that nobody knows": job(
        'type = "batch"\n periodic {\n enabled = var.on\n }', before='variable "on" {\n}'
    ),
    "groups that an expression makes": 'job "shop" {\n dynamic "group" {\n for_each = var.x\n labels = ["a"]\n'
    ' content {\n count = 1\n task "a" {\n }\n }\n }\n}\n',
    "not valid": 'job "shop" {\n group "web" {\n count = = 3\n }\n}\n',
}  # fmt: skip


class TestInForce:
    @pytest.mark.parametrize("way", list(VOID_CHECKS))
    def test_a_check_that_finds_nothing_out_is_none(self, way: str) -> None:
        found = container(job(check=VOID_CHECKS[way]))

        assert {"readinessProbe", "livenessProbe"}.isdisjoint(found)

    @pytest.mark.parametrize("way", list(VOID_GROUPS))
    def test_a_group_that_does_not_run_is_none(self, way: str) -> None:
        found = read(VOID_GROUPS[way])

        assert ([], []) == (found.running_workloads, [aside for aside in found.aside if not aside.void])

    @pytest.mark.parametrize("way", list(DOUBTED))
    def test_what_cannot_be_told_doubts_what_runs(self, way: str) -> None:
        facts = facts_of({"shop.nomad.hcl": DOUBTED[way]})
        kubernetes, workloads = facts[Kubernetes], asked(Workloads, facts)
        assert isinstance(kubernetes, Kubernetes)

        assert [] == kubernetes.running_workloads
        assert [*kubernetes.doubted(()), *kubernetes.lacking(())]
        assert [*workloads.doubted(()), *workloads.lacking(())]

    @pytest.mark.parametrize(
        ("scaling", "kept", "void"),
        [
            ("min = 1\n max = 3\n policy {\n check \"a\" {\n query = \"avg_cpu\"\n }\n }", 1, []),
            ("max = 3\n enabled = false\n policy {\n check \"a\" {\n query = \"avg_cpu\"\n }\n }", 0, [True]),
            ("max = 3\n enabled = var.on\n policy {\n check \"a\" {\n query = \"avg_cpu\"\n }\n }", 0, [False]),
            ("max = 3\n policy {\n }", 0, [True]),
            ("max = 3", 0, [True]),
        ],
    )  # fmt: skip
    def test_an_autoscaler(self, scaling: str, kept: int, void: list[bool]) -> None:
        found = read(job(group=f"scaling {{\n {scaling}\n }}"))

        assert kept == len(found.running("HorizontalPodAutoscaler"))
        assert void == [aside.void for aside in found.aside]

    @pytest.mark.parametrize(
        ("query", "watched"), [("avg_cpu", "cpu"), ("max_memory", "memory"), ("queue_length", None)]
    )
    def test_what_an_autoscaler_watches(self, query: str, watched: str | None) -> None:
        text = job(group=f'scaling {{\n max = 3\n policy {{\n check "a" {{\n query = "{query}"\n }}\n }}\n }}')
        scaler = one(text, "HorizontalPodAutoscaler")

        assert watched == scaler.get("spec", "metrics", 0, "resource", "name")
        assert (1, 3, "shop/web") == tuple(
            scaler.get("spec", *keys) for keys in (("minReplicas",), ("maxReplicas",), ("scaleTargetRef", "name"))
        )

    @pytest.mark.parametrize(
        ("inside", "group", "update", "strategy"),
        [
            ("", "", {}, "RollingUpdate"),
            ("update {\n auto_revert = true\n }", "", {"auto_revert": True}, "RollingUpdate"),
            ("update {\n auto_revert = true\n }", "update {\n auto_revert = false\n }", {}, "RollingUpdate"),
            ("", "update {\n canary = 2\n }", {"canary": 2}, "RollingUpdate"),
            ("update {\n max_parallel = 0\n }", "", {"max_parallel": 0}, "Recreate"),
        ],
    )
    def test_how_a_new_version_goes_out(self, inside: str, group: str, update: dict[str, Any], strategy: str) -> None:
        """
        A group says more of it than its job does, and Nomad the rest.
        """
        found = one(job(inside, group=group))
        default = {"max_parallel": 1, "health_check": "checks", "auto_revert": False, "canary": 0}

        assert {**default, **update} == found.get("spec", "update")
        assert strategy == found.get("spec", "strategy", "type")

    @pytest.mark.parametrize(
        ("update", "void"),
        [
            ("auto_revert = true", []),
            ("auto_revert = var.back", [False]),
            ("canary = var.first", [False]),
            ("max_parallel = 0\n auto_revert = true", [True]),
            ("max_parallel = 0", []),
        ],
    )
    def test_what_of_an_update_does_nothing(self, update: str, void: list[bool]) -> None:
        text = job(f"update {{\n {update}\n }}", before='variable "back" {\n}\nvariable "first" {\n}')

        assert void == [aside.void for aside in read(text).aside]

    def test_whatever_stands_where_something_else_belongs(self) -> None:
        """
        No shape of a file stops the reading of it.
        """
        for text in (
            'job "x" {\n group = 7\n}\n', 'job "x" {\n group "a" {\n task = 7\n}\n}\n', "job x {\n task {\n }\n}\n",
            job(task="resources = 7\n env = 7"), job(group="network = 7\n volume = 7"), job(check="check = 7"),
            job(group="scaling = 7"), job("update = 7\n spread = 7\n periodic = 7"), job(group='service "a" {\n }'),
            job(group="scaling {\n policy = 7\n min = \"a\"\n }"),
        ):  # fmt: skip
            assert not [problem for problem in read(text).problems if "mistake" in problem.reason]
