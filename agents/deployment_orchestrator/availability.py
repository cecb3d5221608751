"""Judges high availability: single instances, standbys of databases, and where sessions live."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from orchestrator import (
    ALL,
    BOTH,
    FAIL,
    PASS,
    Block,
    Code,
    DataStore,
    DataStores,
    Draft,
    Example,
    Infrastructure,
    Kubernetes,
    Manifests,
    Places,
    Resource,
    Routes,
    Services,
    Several,
    Signal,
    Source,
    Workloads,
    as_number,
    check,
    each,
    examined,
    failed,
    is_file_elsewhere,
    measured,
    passed,
    unsure,
    words,
)

from . import _examples as ex
from ._clouds import Clouds
from ._types import SCALED, SCALERS, TARGETS
from ._workloads import KNATIVE, Estate, addressed, databases, knative, titled
from .health import apart, spread_over_zones

_RDS = 'resource "aws_db_instance" "main" {\n  engine   = "postgres"\n  multi_az = true\n}\n'
_SQL = 'resource "google_sql_database_instance" "main" {\n  settings {\n    availability_type = "REGIONAL"\n  }\n}\n'
_POSTGRES = ex.renamed(ex.WEB + ex.SERVICE, "db").replace("shop/db:1.4.2", "library/postgres:17")


@check(
    "INF-1.2.1",
    shows=BOTH,
    clean=[
        Example("Three replicas over zones", {"k8s/web.yaml": ex.WEB + ex.SPREAD + ex.SERVICE}),
        Example("Three of a group of Nomad over its datacenters", {"shop.nomad.hcl": ex.NOMAD}),
        Example(
            "An autoscaler with a floor of two",
            {"k8s/web.yaml": ex.WEB.replace("  replicas: 3\n", "") + ex.SPREAD + ex.SERVICE + ex.HPA},
        ),
    ],
    flagged=[
        Example("One replica", {"k8s/web.yaml": (ex.WEB + ex.SERVICE).replace("replicas: 3", "replicas: 1")}),
        Example("No count stated, which means one", {"k8s/w.yaml": ex.WEB.replace("  replicas: 3\n", "") + ex.SERVICE}),
        Example("One of a group of Nomad", {"shop.nomad.hcl": ex.NOMAD.replace("= 3", "= 1").replace("= 2", "= 1")}),
        Example("A database in one zone", {"main.tf": _RDS.replace("true", "false")}),
        Example(
            "A broker of one pod behind them",
            {
                "k8s/web.yaml": ex.WEB + ex.SPREAD + ex.SERVICE,
                "k8s/rabbit.yaml": ex.renamed(ex.WEB, "rabbit")
                .replace("shop/rabbit:1.4.2", "rabbitmq:4.0")
                .replace("replicas: 3", "replicas: 1"),
            },
        ),
        Example("One task on ECS", {"main.tf": 'resource "aws_ecs_service" "web" {\n  desired_count = 1\n}\n'}),
    ],
    silent=[
        Example(
            "One task to begin with, and a target that scales it",
            {
                "main.tf": 'resource "aws_ecs_service" "web" {\n  desired_count = 1\n}\n'
                'resource "aws_appautoscaling_target" "web" {\n  min_capacity = 2\n}\n'
            },
        ),
        Example("Two replicas, zones unsaid", {"k8s/web.yaml": ex.WEB + ex.SERVICE}),
        Example(
            "The overlay for production sets the count",
            {
                "base/web.yaml": (ex.WEB + ex.SERVICE).replace("replicas: 3", "replicas: 1"),
                "prod/kustomization.yaml": "resources: [../base]\nreplicas: [{name: web, count: 4}]\n",
            },
        ),
        Example(
            "Staging may be small", {"staging/w.yaml": (ex.WEB + ex.SERVICE).replace("replicas: 3", "replicas: 1")}
        ),
        Example("A database in two zones is only a part", {"main.tf": _RDS}),
        Example("A chart whose values choose the count", ex.CHART),
        Example(
            "Spread in the cluster, beside a scaling group of which it is not said",
            {
                "k8s/web.yaml": ex.WEB + ex.SPREAD + ex.SERVICE,
                "asg.tf": 'resource "aws_autoscaling_group" "till" {\n  max_size = 4\n}\n',
            },
        ),
        Example(
            "A database that runs elsewhere",
            {"k8s/web.yaml": ex.WEB + ex.SPREAD + ex.SERVICE, "requirements.txt": "psycopg==3.2.0\n"},
        ),
    ],
)
def single_instances(
    kubernetes: Kubernetes,
    infrastructure: Infrastructure,
    manifests: Manifests,
    workloads: Workloads,
    stores: DataStores,
) -> Iterator[Draft]:
    """Every component in the request path runs at least twice, and over several zones."""
    estate = Estate(kubernetes)
    every = estate.behind_services
    alone = [w for w in every if estate.replicas(w) in (0, 1)]
    pods = [w for w in estate.stores if estate.replicas(w) == 1]
    known = [count for w in every if (count := estate.replicas(w)) is not None]
    fewest = measured("fewest replicas behind a Service", min(known, default=None), at_least=2)
    zonal = [store for store in stores.parts if _single_zone(store)]
    if alone:
        yield failed(
            titled(alone, at=lambda w: w.copies[0].at("spec", "replicas")).say(
                "{share:workload behind Services} {runs} a single replica: {}", of=len(every)
            ),
            examined(len(every), "workloads behind Services"),
            remedy="Run at least two replicas of each, or give it an autoscaler with a floor of two.",
            measure=fewest,
        )
    if pods and every:
        yield failed(
            titled(pods, at=lambda w: w.copies[0].at("spec", "replicas")).say("{} {runs} as a single pod"),
            examined(len(estate.stores), "stores and brokers in pods"),
        )
    if lone := _single_tasks(infrastructure):
        yield failed(
            addressed(lone, at=lambda b: SCALED.place(b, "count")).say("{} {runs} a single task"),
            remedy=f"Set {SCALED.spelt(lone[0], 'count')} to two or more, in subnets of several zones.",
        )
    if zonal:
        yield failed(
            _stores(zonal).say("{} {stands} in a single zone"),
            examined(len(infrastructure.some), "cloud resources"),
        )
    several = [w for w in every if (estate.replicas(w) or 0) >= 2]
    spread = all(spread_over_zones(c.section(*c.pod)) for w in every for c in w.copies)
    if not every or not spread or len(several) < len(every) or zonal or lone or pods:
        return
    elsewhere = [w for w in workloads.elsewhere if w.says("spread").value is not True]
    drivers = manifests.uses(_DRIVERS, development=False)
    seen = any(_standby(store) is True for store in stores.databases)
    if elsewhere:
        yield unsure(apart(elsewhere).say("{} {is} not shown to run several times over zones"))
    elif drivers and not seen and not databases(kubernetes):
        yield unsure(
            f"The workloads are spread; where the database of {drivers[0][1].package} runs is not known",
            drivers[0][0].at(drivers[0][1]),
        )
    else:
        yield passed(
            titled(every).say("{all:workload behind Services} {runs} two or more replicas over zones"),
            examined(len(every), "workloads behind Services"),
            measure=fewest,
        )


_SPREAD_RUN = (
    'resource "google_cloud_run_v2_service" "web" {\n  template {\n    scaling {\n'
    "      min_instance_count = %d\n    }\n  }\n}\n"
)
_LAMBDA = 'resource "aws_lambda_function" "f" {\n  function_name = "f"\n}\n'


@check(
    "INF-1.2.1",
    shows=PASS,
    clean=[
        Example("Cloud Run twice, and a regional database", {"main.tf": _SPREAD_RUN % 2 + _SQL}),
        Example(
            "Functions and a table, which lie in all zones",
            {"main.tf": _LAMBDA + 'resource "aws_dynamodb_table" "t" {\n}\n'},
        ),
        Example(
            "Tasks in two zones, and a database with a standby",
            {
                "main.tf": _RDS + 'resource "aws_subnet" "s" {\n  for_each = { a = "10.0.1.0/24", b = "10.0.2.0/24" }\n'
                '  availability_zone = "eu-central-1${each.key}"\n}\n'
                'resource "aws_ecs_service" "web" {\n  desired_count = 3\n  load_balancer {\n'
                "    container_port = 80\n  }\n"
                "  network_configuration {\n    subnets = [for s in aws_subnet.s : s.id]\n  }\n}\n"
            },
        ),
    ],
    flagged=[
        Example("One at least", {"main.tf": _SPREAD_RUN % 1 + _SQL}),
        Example("A database in one zone", {"main.tf": _SPREAD_RUN % 2 + _SQL.replace("REGIONAL", "ZONAL")}),
        Example(
            "A cache of one node",
            {"main.tf": _SPREAD_RUN % 2 + _SQL + 'resource "aws_elasticache_cluster" "c" {\n  engine = "redis"\n}\n'},
        ),
        Example("No database is seen", {"main.tf": _SPREAD_RUN % 2, "requirements.txt": "psycopg==3.2.0\n"}),
        Example("A machine beside them", {"main.tf": _SPREAD_RUN % 2 + _SQL + 'resource "aws_instance" "m" {\n}\n'}),
    ],
)
def services_of_clouds(
    infrastructure: Infrastructure,
    kubernetes: Kubernetes,
    manifests: Manifests,
    workloads: Workloads,
    stores: DataStores,
) -> Iterator[Draft]:
    """Each service of a cloud runs twice over zones, functions do by themselves, and each store has a standby."""
    clouds = Clouds(infrastructure)
    estate = Estate(kubernetes)
    run = knative(kubernetes)
    named = {one.address for one in (*clouds.serving, *clouds.workers)} | {f"{s.kind} {s.resource}" for s in run}
    parts = [
        w
        for w in workloads.parts
        if w.production and w.address not in named and w.kind not in ("function", "job", "cluster")
    ]
    functions = [w for w in workloads.parts if w.production and w.kind == "function"]
    single = [store for store in stores.parts if store.production and _standby(store) is not True]
    if parts or estate.serving or single or not (clouds.serving or functions or run):
        return
    if any(not _is_of_cloud_run(s) or (as_number(s.get(*KNATIVE, _LEAST)) or 0) < 2 for s in run):
        return
    every = [*clouds.serving, *clouds.workers]
    if any(one.spread is not True or (one.least or 0) < 2 for one in every):
        return
    if not stores.parts and manifests.uses(_DRIVERS, development=False):
        return
    yield passed(
        f"Services and functions run in several zones, and each of {len(stores.parts)} data stores has a standby",
        *(one.spread_at for one in every),
        *(w.at for w in functions),
        *(s.at(*KNATIVE) for s in run),
        *(store.says("standby").at for store in stores.parts),
        examined(len(every) + len(functions) + len(run) + len(stores.parts), "services, functions and data stores"),
    )


_LEAST = "autoscaling.knative.dev/minScale"


def _is_of_cloud_run(service: Resource) -> bool:
    """Whether *service* of Knative is one of Cloud Run, which runs in all zones of its region."""
    return "run.googleapis.com" in str(service.get("metadata"))[:10_000] + str(service.get(*KNATIVE))[:10_000]


@check(
    "INF-1.2.2",
    shows=FAIL,
    clean=[
        Example("A standby in another zone", {"main.tf": _RDS + _SQL}),
        Example(
            "A replica needs no standby",
            {"main.tf": 'resource "aws_db_instance" "r" {\n  replicate_source_db = "m"\n}\n'},
        ),
        Example(
            "Nor does one of Azure",
            {
                "main.bicep": "resource r 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {\n  name: 'far'\n"
                "  properties: { createMode: 'Replica' }\n}\n"
            },
        ),
    ],
    flagged=[
        Example("No standby", {"main.tf": _RDS.replace("true", "false")}),
        Example("The default has none", {"main.tf": _RDS.replace("  multi_az = true\n", "")}),
        Example("A zonal Cloud SQL instance", {"main.tf": _SQL.replace("REGIONAL", "ZONAL")}),
        Example(
            "One instance of an operator's cluster",
            {
                "k8s/db.yaml": "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: db}\nspec: "
                "{instances: 1}\n"
            },
        ),
        Example(
            "One of Zalando's",
            {
                "k8s/db.yaml": "apiVersion: acid.zalan.do/v1\nkind: postgresql\nmetadata: {name: db}\nspec: "
                "{numberOfInstances: 1}\n"
            },
        ),
        Example("PostgreSQL as one pod", {"k8s/db.yaml": _POSTGRES.replace("replicas: 3", "replicas: 1")}),
    ],
    silent=[
        Example("A development folder", {"envs/dev/main.tf": _RDS.replace("true", "false")}),
        Example(
            "One pod that asks a database for its numbers",
            {
                "k8s/db.yaml": _POSTGRES.replace("replicas: 3", "replicas: 1").replace(
                    "library/postgres:17", "percona/mongodb_exporter:0.47"
                )
            },
        ),
    ],
)
def standbys(stores: DataStores, kubernetes: Kubernetes) -> Iterator[Draft]:
    """Each database has a standby that could be promoted; whether that was tried is not judged here."""
    alone = [store for store in stores.databases if _single_zone(store)]
    if alone:
        yield failed(
            _stores(alone).say("{} {has} no standby to promote"),
            examined(len(stores.databases), "databases"),
            measure=measured("databases without a standby", len(alone), at_most=0),
        )
    single = [
        d for d in databases(kubernetes) if d.get("spec", "replicas") in (None, 1) and not d.open("spec", "replicas")
    ]
    if single:
        names = {d.title for d in single}
        yield failed(
            each(
                single,
                name=lambda d: d.title,
                at=lambda d: d.at("spec", "replicas"),
                number=len(names),
            ).say("{} {is a database|are databases} in one pod, so there is no standby to promote"),
            measure=measured("databases in one pod", len(names), at_most=0),
        )


_EXPRESS = Signal(
    id="deployment.express-session",
    pattern=r"\b(express)?session\(\s*(\{|$)",
    languages=("javascript", "typescript"),
)
_IMPORTED = Signal(
    id="deployment.express-session-import",
    pattern=r"(?:from|require\()\s*['\"]express-session['\"]",
    languages=("javascript", "typescript"),
)
_STORE = Signal(
    id="deployment.session-store",
    pattern=r"\bstore\s*[:=]",
    languages=("javascript", "typescript"),
)
_SHARED = Signal(
    id="deployment.shared-sessions",
    pattern=r"(SESSION_ENGINE\s*=.*(db|cache|signed_cookies)|"
    r"session_store[ (]+:(cookie|active_record|redis|cache|mem_cache|dynamo)"
    r"|SESSION_(TYPE|DRIVER)\W{1,8}(redis|memcached|database|sqlalchemy|mongodb|cookie|dynamodb)"
    r"|store-type\W{1,3}(redis|jdbc|mongodb|hazelcast))",
    roles=("source", "config"),
)
_LOCAL = Signal(
    id="deployment.local-sessions",
    pattern=r"(SESSION_ENGINE\s*=.*(file|locmem)|session_store[ (]+:(memory|file)|"
    r"\bSESSION_(?:TYPE|DRIVER)[\"'\]]{0,2}\s*=\s*[\"'](?:filesystem|file|array)\b|"
    r"^SESSION_(?:TYPE|DRIVER)\s*[:=]\s*(?:filesystem|file|array)\b"
    r"|\bnew\s+(session\.)?MemoryStore\(|\bmemstore\.New)",
    roles=("source", "config"),
    kept=ALL,
)
_IN_PROCESS = Signal(
    id="deployment.sessions-in-process",
    pattern=r"\b(?:sessions?|baskets?|carts?)(?:By\w{1,20}|_by_\w{1,20}|Store)?\s*(?::\s*[^=]{1,80})?:?=\s*"
    r"(?:new Map\b|map\[|make\(map\b|\{\}|dict\(|defaultdict\()"
    r"|\bMemoryStore\(session\)|'driver'\s*=>\s*'(?:file|array)'",
    kept=ALL,
)
"""What keeps sessions, or what they are for, in the memory or on the disk of one process."""
_ANY = Signal(id="deployment.any-session", words=("session",), roles=("source", "config"))
_NO_CACHE = Signal(
    id="deployment.cache-of-one-process",
    pattern=r"cache\.backends\.(?:dummy|locmem)\.",
)
_RAILS_CACHE = Signal(
    id="deployment.rails-cache-of-one-machine",
    pattern=r"\bcache_store\s{0,3}=\s{0,3}:(?:file_store|memory_store|null_store)\b",
    languages=("ruby",),
    kept=ALL,
)
_IN_CACHE = Signal(
    id="deployment.sessions-in-cache",
    pattern=r"SESSION_ENGINE\s*=.*backends\.(?:cache|cached_db)\b",
)
_ONLY_IF = Signal(
    id="deployment.session-condition",
    pattern=r"^(?:if|elif)\b.{1,120}(?:SESSION_|\bDEBUG\b)",
    languages=("python", "ruby"),
    kept=ALL,
)
_EXPRESS_APP = "const session = require('express-session')\napp.use(session({\n  secret: key,\n"
_PACKAGE = '{"name": "shop", "dependencies": {"express-session": "^1.18.0"}}\n'


@check(
    "INF-1.2.4",
    shows=BOTH,
    reads=[
        _EXPRESS,
        _IMPORTED,
        _STORE,
        _RAILS_CACHE,
        _SHARED,
        _LOCAL,
        _IN_PROCESS,
        _ANY,
        _ONLY_IF,
        _NO_CACHE,
        _IN_CACHE,
    ],
    clean=[
        Example(
            "Sessions in the database",
            {"shop/settings.py": 'SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"\n'},
        ),
        Example(
            "Sticky routing",
            {"k8s/web.yaml": ex.WEB + ex.SERVICE.replace("  ports", "  sessionAffinity: ClientIP\n  ports")},
        ),
        Example(
            "Spring Session in Redis",
            {"src/main/resources/application.properties": "spring.session.store-type=redis\n"},
        ),
    ],
    flagged=[
        Example("Sessions in the process", {"package.json": _PACKAGE, "app.js": _EXPRESS_APP + "}))\n"}),
        Example(
            "Sessions of Rails in a cache of files",
            {
                "config/initializers/session_store.rb": "Rails.application.config.session_store :cache_store, "
                "key: '_s'\n",
                "config/environments/production.rb": "Rails.application.configure do\n  config.cache_store = "
                ":file_store, 'tmp'\nend\n",
            },
        ),
        Example(
            "Sessions in local files",
            {"shop/settings.py": 'SESSION_ENGINE = "django.contrib.sessions.backends.file"\n'},
        ),
    ],
    silent=[
        Example(
            "A store that is not told", {"package.json": _PACKAGE, "app.js": _EXPRESS_APP + "  store: sessions,\n}))\n"}
        ),
        Example(
            "Sessions of one application in the database, of another in its memory",
            {
                "shop/settings.py": 'SESSION_ENGINE = "django.contrib.sessions.backends.db"\n',
                "office/main.go": "package main\n\nvar sessions = map[string]string{}\n",
            },
        ),
        Example(
            "One of two applications says where",
            {
                **{
                    f"{name}/package.json": f'{{"name": "{name}", "private": true, "dependencies": {{"koa": "2"}}}}'
                    for name in ("shop", "office")
                },
                **{
                    f"{name}/server.js": "router.get('/', c => c.session.id)\napp.listen(3000)\n"
                    for name in ("shop", "office")
                },
                "shop/.env.production": "SESSION_DRIVER=redis\n",
            },
        ),
        Example("No sessions", {"app.js": "app.listen(80)\n"}),
        Example("A container to develop in", {".devcontainer/run.sh": 'setenv "SESSION_DRIVER" "database"\n'}),
        Example("A file to be copied that names a database", {".env.example": "SESSION_DRIVER=database\n"}),
        Example("A file to be copied", {".env.example": "SESSION_DRIVER=file\n"}),
        Example("A command's own", {"app/Console/Setup.php": "<?php\nputenv('SESSION_DRIVER=array');\n"}),
        Example(
            "Local files only where somebody asks for them",
            {
                "shop/settings.py": "if SESSION_PATH is not None:\n"
                "    SESSION_ENGINE = 'django.contrib.sessions.backends.file'\n"
            },
        ),
        Example(
            "One sticky Service of two",
            {
                "k8s/a.yaml": ex.WEB
                + ex.SERVICE
                + ex.SERVICE.replace("  ports", "  sessionAffinity: ClientIP\n  ports").replace("name: web", "name: b")
            },
        ),
    ],
)
def sessions(
    code: Code,
    manifests: Manifests,
    kubernetes: Kubernetes,
    infrastructure: Infrastructure,
    services: Services,
    routes: Routes,
    workloads: Workloads,
) -> Iterator[Draft]:
    """Sessions live in a shared store or a cookie, or the load balancer pins them; not in one process."""
    every = code[_LOCAL].places.under(lambda path: not is_file_elsewhere(path))
    conditions = {(c.path, c.line + n) for c in code[_ONLY_IF].first for n in (1, 2)}
    local = every.saying(lambda h: (h.path, h.line) not in conditions and not _TO_BE_COPIED.search(h.path))
    imported = manifests.uses("express-session", development=False) or code[_IMPORTED]
    express = code[_EXPRESS].places if imported else Places()
    stores = code[_STORE].places
    bare = express.under(lambda path: path not in stores.files) if stores.exact else Places()
    in_cache = [hit for hit in code[_SHARED].places if "cache_store" in hit.text]
    alone = code[_RAILS_CACHE].places.under(lambda path: not _OF_DEVELOPERS.search(path)) if in_cache else Places()
    if local:
        yield failed("Sessions are kept on one instance", local[0], local)
    elif alone:
        yield failed("Sessions are kept in a cache that no other instance sees", alone[0], alone)
    elif every:
        yield unsure(f"A setting decides whether sessions are kept on one instance: {every[0].text[:100]}", every[0])
    elif bare:
        yield failed("express-session without a store keeps sessions in the memory of one process", bare[0], bare)
    elif code[_NO_CACHE] and code[_IN_CACHE] and not any("_db" in hit.text for hit in code[_IN_CACHE].first):
        yield unsure(
            f"Sessions are kept in a cache that others do not see: {code[_NO_CACHE].first[0].text}",
            code[_NO_CACHE].first[0],
        )
    elif shared := code[_SHARED].places.under(
        lambda path: not is_file_elsewhere(path) and not _TO_BE_COPIED.search(path) and ".devcontainer/" not in path
    ):
        text = "Sessions are kept where every instance reaches them"
        inside = code[_IN_PROCESS].places
        if inside:
            yield unsure(f"{text}; others may be kept in one process: {inside[0].text[:100]}", inside[0], shared)
        else:
            yield _of_each(text, shared, code, services, routes)
    elif sticky := _sticky(kubernetes, infrastructure, workloads):
        yield _of_each("Sessions are pinned to an instance by sticky routing", Places(sticky), code, services, routes)


def _of_each(text: str, found: Places, code: Code, services: Services, routes: Routes) -> Draft:
    """That *text* holds, where no service with sessions lies outside of where it was *found*."""
    having = {service.folder for path in code[_ANY].places.files if (service := services.of_file(path))}
    others = [service for service in services.beside(found, routes) if service.folder in having]
    if others:
        named = each(others, name=lambda service: service.address, at=lambda service: service.at)
        return unsure(named.say("{text}; of {} it cannot be seen", text=text), found)
    return passed(text, found)


def _sticky(kubernetes: Kubernetes, infrastructure: Infrastructure, workloads: Workloads) -> list[Source]:
    """Where routing pins sessions, if each way of it that is here does."""
    services = [s for s in kubernetes.of("Service") if s.section("spec", "selector") and not is_file_elsewhere(s.path)]
    pinned = [s for s in services if s.get("spec", "sessionAffinity") == "ClientIP"]
    ingresses = [i for i in kubernetes.of("Ingress") if not is_file_elsewhere(i.path)]
    cookies = [i for i in ingresses if i.get("metadata", "annotations", _AFFINITY) == "cookie"]
    groups = [g for g in TARGETS.among(infrastructure) if not is_file_elsewhere(g.path)]
    kept = [g for g in groups if TARGETS.says(g, "pinned").value and TARGETS.says(g, "pins").value is not False]
    places: list[Source] = []
    if pinned and len(pinned) == len(services):
        places += [s.at("spec", "sessionAffinity") for s in pinned]
    if cookies and len(cookies) == len(ingresses):
        places += [i.at("metadata", "annotations", _AFFINITY) for i in cookies]
    if (services or ingresses) and not places:
        return []
    if len(kept) < len(groups) or (places and not groups and workloads.elsewhere):
        return []
    return places + [TARGETS.place(g, "pinned") for g in kept]


_OF_DEVELOPERS = re.compile(r"environments/(?:development|test|staging)\b")
_TO_BE_COPIED = re.compile(r"[.-](?:example|sample|dist|template|tmpl)\b", re.IGNORECASE)
_DRIVERS = words("packages/server-databases")
_AFFINITY = "nginx.ingress.kubernetes.io/affinity"


def _single_zone(store: DataStore) -> bool:
    """Whether a database or cache has no standby, by what it says or by its provider's default."""
    return store.production and _standby(store) is False


_INSTANCES = {
    "Cluster": (("spec", "instances"), 1),
    "postgresql": (("spec", "numberOfInstances"), None),
    "MariaDB": (("spec", "replicas"), 1),
    "InnoDBCluster": (("spec", "instances"), None),
}
"""Databases that an operator runs, where each says how many copies of itself there are, and how many it has else."""


def _standby(store: DataStore) -> bool | None:
    """Whether *store* has a copy of itself that takes over; where an operator runs it, by its number of instances."""
    resource = store.thing.resource
    if resource is None:
        said = store.says("standby").value
        return None if said is None else bool(said)
    keys, default = _INSTANCES.get(resource.kind, ((), None))
    if not keys or resource.open(*keys):
        return None
    count = as_number(resource.get(*keys)) if resource.get(*keys) is not None else default
    return None if count is None else count > 1


def _standby_at(store: DataStore) -> Source:
    resource = store.thing.resource
    keys, _ = _INSTANCES.get(resource.kind, ((), None)) if resource is not None else ((), None)
    return resource.at(*keys) if resource is not None and keys else store.says("standby").at


def _single_tasks(infrastructure: Infrastructure) -> list[Block]:
    """Services that are told to run one task, where nothing in the tree scales tasks."""
    if SCALERS.among(infrastructure, "bounds"):
        return []
    services = [s for s in SCALED.among(infrastructure, "service") if not is_file_elsewhere(s.path)]
    return [
        s
        for s in services
        if as_number(SCALED.value(s, "count")) == 1 and SCALED.says(s, "everywhere").value is not True
    ]


def _stores(stores: Sequence[DataStore]) -> Several:
    """Data stores by their addresses, at the place where each could have a standby."""
    return each(stores, name=lambda s: s.address, at=_standby_at)
