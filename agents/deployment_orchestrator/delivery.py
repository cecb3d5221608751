"""Judges delivery: automated deployment, like environments, code for both, careful rollouts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from orchestrator import (
    BOTH,
    PASS,
    Block,
    CiJob,
    CiStep,
    Code,
    Deployment,
    Deployments,
    Documents,
    Draft,
    Example,
    FileEntry,
    Files,
    Infrastructure,
    Kubernetes,
    Manifests,
    Pipeline,
    Pipelines,
    Resource,
    Services,
    Signal,
    Source,
    as_number,
    check,
    deployments,
    deploys,
    each,
    examined,
    failed,
    is_file_elsewhere,
    names_deployment,
    passed,
    publishes,
    source_of,
    stage_of_file,
    unsure,
    work_of,
)

from . import _examples as ex
from ._likeness import IN_MEMORY, STORE_IMAGE, STORE_VERSION, differing
from ._types import ROLLOUTS
from ._workloads import Estate, titled

_CI = (
    "on:\n  push:\n    branches: [main]\njobs:\n  deploy:\n    environment: production\n"
    "    runs-on: ubuntu-latest\n    steps:\n"
)
_ARGO = (
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop}\nspec:\n"
    "  destination: {namespace: shop}\n  syncPolicy:\n    automated: {prune: true}\n"
)

PROJECT = Signal(
    id="deployment.project",
    pattern=r"^\W{0,3}(?:runtime|app|service|services|provider|functions|primary_region)\b\W{0,3}[:=]",
    roles=("config", "infra", "ci", "source", "other"),
)
"""What the file of a project that declares its infrastructure says first of all."""
_TWO = {
    f"apps/{name}/{file}": text
    for name in ("web", "api")
    for file, text in (
        ("package.json", f'{{"name": "{name}", "private": true, "dependencies": {{"express": "5"}}}}'),
        ("server.js", "const app = express()\napp.listen(3000)\n"),
    )
}


_PACKAGE = {
    "pyproject.toml": '[project]\nname = "sums"\nversion = "1"\n[build-system]\nrequires = []\n',
    "src/sums/__init__.py": "def add(a, b):\n    return a + b\n",
}
_PUBLISHED = (
    "on: release\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    steps:\n"
    "      - uses: pypa/gh-action-pypi-publish@release/v1\n"
)


@check(
    "DEP-5.1.4",
    shows=BOTH,
    clean=[
        Example(
            "A job that deploys",
            {".github/workflows/ci.yml": _CI + "      - run: helm upgrade --install shop ./chart\n"},
        ),
        Example("Argo CD follows the repository", {"argo/shop.yaml": _ARGO}),
        Example("A package is published by itself", {**_PACKAGE, ".github/workflows/publish.yml": _PUBLISHED}),
        Example(
            "A job for each of two services",
            {
                **_TWO,
                ".github/workflows/ci.yml": _CI
                + "      - run: fly deploy --app web\n      - run: fly deploy --app api\n",
            },
        ),
        Example(
            "One for all that is declared", {**_TWO, ".github/workflows/ci.yml": _CI + "      - run: sam deploy\n"}
        ),
        Example(
            "A chart of the tree, whatever is in it",
            {**_TWO, ".github/workflows/ci.yml": _CI + "      - run: helm upgrade --install shop ./chart\n"},
        ),
    ],
    silent=[
        Example("A pipeline that only tests", {".github/workflows/ci.yml": _CI + "      - run: make test\n"}),
        Example(
            "Only staging",
            {".github/workflows/ci.yml": _CI.replace("production", "staging") + "      - run: kubectl apply -f k8s\n"},
        ),
        Example(
            "A person must press sync",
            {"argo/shop.yaml": _ARGO.replace("    automated: {prune: true}\n", "    retry: {}\n")},
        ),
        Example(
            "A Cloud Build file, which says nothing of when it runs",
            {"cloudbuild.yaml": "steps:\n- name: gcr.io/k8s-skaffold/skaffold\n  args: [skaffold, run]\n"},
        ),
        Example(
            "A job for one of two services",
            {**_TWO, ".github/workflows/ci.yml": _CI + "      - run: fly deploy --app web\n"},
        ),
        Example(
            "A package that a person publishes",
            {**_PACKAGE, ".github/workflows/publish.yml": _PUBLISHED.replace("on: release", "on: workflow_dispatch")},
        ),
        Example(
            "One of two packages is published",
            {
                **_PACKAGE,
                "more/pyproject.toml": _PACKAGE["pyproject.toml"].replace("sums", "more"),
                ".github/workflows/publish.yml": _PUBLISHED,
            },
        ),
        Example(
            "A package is published, and a service stands beside it",
            {**_PACKAGE, **_TWO, ".github/workflows/publish.yml": _PUBLISHED},
        ),
        Example(
            "A branch is pushed, which somebody follows",
            {
                ".github/workflows/nightly.yml": "on: {schedule: [{cron: 0 2 * * *}]}\njobs:\n  deploy-nightly:\n"
                "    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n"
                "      - run: git push --force origin nightly\n"
            },
        ),
        Example("A command that nobody knows", {".github/workflows/ci.yml": _CI + "      - run: ./bin/roll shop\n"}),
        Example(
            "An infrastructure, and a page about what is done once",
            {
                "main.tf": 'resource "aws_s3_bucket" "a" {\n}\n',
                "docs/guides/provisioning.md": "# Provisioning an environment\n\n## Deploying apps\n\n"
                "Go to the server and manually add a credential.\n",
            },
        ),
        Example(
            "A job that deploys, and another that only says what it would do",
            {
                ".github/workflows/ci.yml": _CI + "      - run: helm upgrade --install shop ./chart\n",
                ".github/workflows/office.yml": _CI + "      - run: echo kubectl apply -f office/\n",
            },
        ),
        Example(
            "A job that deploys, and another that never runs",
            {
                ".github/workflows/ci.yml": _CI + "      - run: helm upgrade --install shop ./chart\n",
                ".github/workflows/office.yml": _CI.replace("  deploy:\n", "  office:\n    if: false\n")
                + "      - run: kubectl apply -f office/\n",
            },
        ),
        Example("A job for who knows which", {**_TWO, ".github/workflows/ci.yml": _CI + "      - run: fly deploy\n"}),
    ],
    flagged=[
        Example(
            "A page tells what to type",
            {
                "package.json": '{"name": "bookings", "private": true, "dependencies": {"express": "5"}}',
                "server.js": "const app = express()\napp.listen(3000)\n",
                "README.md": "# Bookings\n\n## Deploying\n\n1. ssh to bookings-1\n2. `git pull`\n"
                "3. `docker compose up -d`\n",
            },
        ),
        Example(
            "By hand, as a sentence says",
            {
                "package.json": '{"name": "bookings", "private": true, "dependencies": {"express": "5"}}',
                "server.js": "const app = express()\napp.listen(3000)\n",
                "docs/release.md": "# Release\n\nDeploying: run `scripts/deploy.sh` on your machine, as it says.\n",
            },
        ),
        Example(
            "A job that only says what it would do",
            {".github/workflows/ci.yml": _CI + "      - run: echo kubectl apply -f k8s/\n"},
        ),
    ],
)
def automated_deployment(
    pipelines: Pipelines,
    kubernetes: Kubernetes,
    services: Services,
    estate: Deployments,
    manifests: Manifests,
    documents: Documents,
    files: Files,
) -> Iterator[Draft]:
    """
    A pipeline job deploys each service to production, or a GitOps controller does so by itself.

    Of a package that is all there is, a job publishes it.
    """
    pipelines.seek("deploy", "publish")
    found = [d for d in deployments(pipelines) if not d.proposed]
    live = [d for d in found if not d.lower]
    started = [d for d in live if _starts_itself(d) and (not d.job.manual or _is_approved(d, found))]
    brought = [set(part.services) for part in estate.parts if part.at in {d.at for d in started}]
    known = set().union(*brought)
    left = [s for s in services.own if s.folder not in known] if all(brought) or len(services.own) > 1 else []
    places = _followed(kubernetes) if left or not started else []
    if started and left and not places:
        named = each(left, name=lambda service: service.address, at=lambda service: service.at)
        yield unsure(named.say("Job {job} deploys; no job is shown to deploy {}", job=started[0].job.id), started[0].at)
    elif (started or places) and (hands := _by_hand(documents)) is not None:
        yield unsure("Deployment is automated; a page tells how something is deployed by hand", hands, *places)
    elif (started or places) and (idle := _given_up(pipelines, found)):
        yield unsure(f"Deployment is automated; {idle.text}", idle, *[d.at for d in started], *places)
    elif started or places:
        yield passed("Deployment is automated", *[d.at for d in started], *places)
    elif live:
        by_hand = live[0].pipeline.triggers_of(live[0].job) <= {"manual"} or live[0].job.manual
        who = "a person starts it" if by_hand else "what starts it stands elsewhere"
        yield unsure(f"Job {live[0].job.id} deploys, and {who}", live[0].at)
    elif found:
        yield unsure(f"Job {found[0].job.id} deploys, and not to production as far as its names tell", found[0].at)
    elif published := _published(pipelines, services, manifests):
        doubt = _by_hand(documents) or _given_up(pipelines, [])
        told = f"{published.message}; {{}} tells otherwise"
        yield published if doubt is None else unsure(told.format(doubt.path), doubt)
    elif (hands := _by_hand(documents)) is not None and not any("other" in p.triggers for p in pipelines.files):
        text = "Nothing is seen to deploy by itself; a page tells how a person does it"
        stepwise = any(map(_is_program, files.entries)) and _PROVISIONS.search(f"{hands.path} {hands.text}") is None
        yield failed(text, hands, confidence="medium") if stepwise else unsure(text, hands)
    elif vain := _in_vain(pipelines):
        yield failed(
            each(vain, name=lambda one: one[1].id, at=lambda one: one[0].at(one[1])).say(
                "{Job|Jobs} {} {is} named after a deployment and {deploys} nothing"
            ),
            confidence="medium",
        )
    elif tried := next((a for a in pipelines.aside if a.what[:1] == "`" and names_deployment(a.what.strip("`"))), None):
        yield unsure(f"Nothing deploys: {tried.what} {tried.reason}", Source(path=tried.path, line=tried.line))


def _by_hand(documents: Documents) -> Source | None:
    """Where a page about deploying tells what a person types on machines, step by step."""
    for document, paragraph in documents.paragraphs("deploy", "release"):
        name = f"{document.path.rpartition('/')[2]} / {document.titled(paragraph)}"
        titled = _DEPLOYING.search(name) or _DEPLOYING.match(paragraph.text)
        if (
            titled
            and not _BACKWARDS.search(name)
            and _HANDS.search(paragraph.words)
            and not _ELSE.search(paragraph.words)
        ):
            return Source(path=document.path, line=paragraph.line, text=document.titled(paragraph)[:200])
    return None


_DEPLOYING = re.compile(r"\b(?:deploy(?:ing|ment)?|going live|rollout|releasing|shipping)\b", re.IGNORECASE)
_PROVISIONS = re.compile(
    r"provision|environment|infra|bootstrap|set-?up|install|onboard|migrat|guide|credential", re.IGNORECASE
)
"""Pages about what is done once, before anything is deployed."""
_BACKWARDS = re.compile(r"back|revert|undo|restor|emergenc|break[- ]?glass|local|develop", re.IGNORECASE)
_HANDS = re.compile(
    r"\bssh (?:to|into|on)?\b|\blog ?in to\b.{0,60}\b(?:ssh|server|machine|host|[\w-]+-\d)\b|"
    r"\bon your (?:machine|laptop|computer)\b|"
    r"\bby hand\b|\bmanually\b|\bscp \S|\bgit pull\b.{0,60}(?:restart|up -d|build)|\bcopy the \w+ to the server\b",
    re.IGNORECASE | re.DOTALL,
)
_ELSE = re.compile(
    r"\bemergenc|\bif the pipeline\b|\bfallback\b|\botherwise\b|\bnobody\b|\bnever\b|\bnot (?:be )?(?:deploy|by hand)",
    re.IGNORECASE,
)


def _in_vain(pipelines: Pipelines) -> list[tuple[Pipeline, CiJob]]:
    """The jobs for production or named after deployments whose steps all are known, and put nothing anywhere."""
    found = []
    for pipeline in pipelines.files:
        for job in pipeline.jobs:
            named = _NAMED_SO.search(job.id) or _NAMED_SO.search(job.stage) or job.environment.startswith("prod")
            unseen = any(c.calls in ("unread", "absent") for s in job.steps for c in s.commands)
            acts = any(map(_may_act, job.steps))
            if named and job.steps and not unseen and not acts and pipeline.triggers_of(job) - {"pull_request"}:
                found.append((pipeline, job))
    return found


def _given_up(pipelines: Pipelines, found: Sequence[Deployment]) -> Source | None:
    """What is to deploy in a pipeline that deploys nothing: it may be of something that nothing else deploys."""
    real = {deployment.at.path for deployment in found}
    for pipeline, job in _in_vain(pipelines):
        if pipeline.path not in real and _NAMED_SO.search(job.id):
            text = f"job {job.id} is named after a deployment and deploys nothing"
            return pipeline.at(job).model_copy(update={"text": text})
    for a in pipelines.aside:
        command = a.what.strip("`") if a.what[:1] == "`" else ""
        brings = names_deployment(command) if command else "deploy" in a.about and "undo" not in a.about
        if a.void and brings and a.path not in real:
            return Source(path=a.path, line=a.line, text=f"{a.what} {a.reason}"[:200])
    return None


def _is_program(file: FileEntry) -> bool:
    """Whether *file* is source of a product, and not of what is run to set it up."""
    return (
        file.role == "source" and bool(file.language) and file.language != "shell" and not _OF_TOOLS.search(file.path)
    )


_OF_TOOLS = re.compile(
    r"(^|/)(?:scripts?|tools?|bin|hack|ci|infra\w*|terraform|ansible|modules|lambdas?)/|\.(?:sh|tf|hcl)$"
)


def _may_act(step: CiStep) -> bool:
    """Whether *step* may put something somewhere: all but set-ups and commands that only say or look at things."""
    untold = bool(step.run) and step.commands_told is None
    brings = bool(step.uses) and not _READIES.match(step.uses)
    does = any(not _IDLE.fullmatch(command.plain.strip()) for command in step.commands)
    return deploys(step) or publishes(step) or work_of(step).opaque or untold or brings or does


_READIES = re.compile(
    r"actions/(?:checkout|cache|download-artifact|upload-artifact)@|"
    r"[\w.-]+/(?:setup-[\w-]+|login-action|login|auth|configure-[\w-]*credentials)@",
    re.IGNORECASE,
)
_IDLE = re.compile(
    r"(?:(?:echo|printf|sleep|ls|cat|pwd|date|whoami|set|cd|exit|test|grep)\b[^|;&$`]*|true|false|:|fi|done|else|then|#.*)?|"
    r"[^|;&$`]* (?:--version|--dry-run(?:=\w+)?|--help)(?: [^|;&$`]*)?"
)


_NAMED_SO = re.compile(r"(?:^|[-_ ])(?:deploy(?:ment)?|rollout|ship|go-live)(?:$|[-_ ])", re.IGNORECASE)


def _published(pipelines: Pipelines, services: Services, manifests: Manifests) -> Draft | None:
    """That the one package of a tree without services is published by a job that an event starts."""
    packages = [m for m in manifests.files if m.role == "source" and (m.library or m.command)]
    if not packages or services.parts or services.not_understood:
        return None
    found = [
        Deployment(pipeline, job, step)
        for pipeline in pipelines.files
        for job in pipeline.jobs
        for step in job.steps
        if publishes(step) and not job.after_failure
    ]
    started = [one for one in found if not one.proposed and not one.job.manual and _starts_itself(one)]
    if started and len(packages) == 1:
        jobs = each(dict.fromkeys(one.job.id for one in started))
        told = jobs.say("{Job|Jobs} {} {publishes} {package}", package=packages[0].title or packages[0].path)
        return passed(told, *(one.at for one in started))
    if started:
        text = f"Job {started[0].job.id} publishes, and which of {len(packages)} packages cannot be told"
        return unsure(text, started[0].at)
    return unsure(f"Job {found[0].job.id} publishes, and a person starts it", found[0].at) if found else None


def _followed(kubernetes: Kubernetes) -> list[Source]:
    """Where controllers are told to bring by themselves what the repository says."""
    synced = [
        a for a in kubernetes.of("Application", "ApplicationSet") if _automated(a) and not is_file_elsewhere(a.path)
    ]
    flux = [r for r in kubernetes.of("HelmRelease", "Kustomization") if "toolkit.fluxcd.io" in r.api_version]
    return [a.at("spec", "syncPolicy") for a in synced] + [f.at() for f in flux]


def _is_approved(deployment: Deployment, every: Sequence[Deployment]) -> bool:
    """Whether a person only lets go on what the same pipeline has brought to another stage by itself."""
    return any(
        one.lower and not one.job.manual and one.pipeline is deployment.pipeline and one.job.line < deployment.job.line
        for one in every
    )


def _starts_itself(deployment: Deployment) -> bool:
    """Whether an event starts it; Cloud Build keeps its triggers outside the file."""
    started = deployment.pipeline.triggers_of(deployment.job)
    return bool(started - {"manual"}) and deployment.pipeline.system != "cloudbuild"


_BASE = {"base/kustomization.yaml": "resources: [web.yaml]\n", "base/web.yaml": ex.WEB}
_OVERLAY = "resources: [../../base]\nreplicas: [{name: web, count: 2}]\n"
_PATCH = (
    "patches:\n  - target: {kind: Cluster, name: db}\n"
    '    patch: \'[{"op": "replace", "path": "/spec/imageName", "value": "ghcr.io/a/postgresql:12.22"}]\'\n'
)
_SHARED = {
    "chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "chart/values-staging.yaml": "replicas: 2\n",
    "chart/values-production.yaml": "replicas: 3\n",
}


@check(
    "DEP-5.1.5",
    shows=PASS,
    clean=[
        Example(
            "Overlays on one base",
            {
                **_BASE,
                "overlays/staging/kustomization.yaml": _OVERLAY,
                "overlays/production/kustomization.yaml": _OVERLAY,
            },
        ),
        Example(
            "One chart, values for each",
            _SHARED,
        ),
        Example(
            "One module, two environments",
            {
                "envs/staging/main.tf": 'module "shop" {\n  source = "../../modules/shop"\n}\n',
                "envs/prod/main.tf": 'module "shop" {\n  source = "../../modules/shop"\n}\n',
            },
        ),
    ],
    flagged=[
        Example(
            "Staging has an older database",
            {
                "base/kustomization.yaml": "resources: [db.yaml]\n",
                "base/db.yaml": "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: db}\n"
                "spec:\n  imageName: ghcr.io/cloudnative-pg/postgresql:17.2\n",
                "overlays/staging/kustomization.yaml": _OVERLAY + _PATCH,
                "overlays/production/kustomization.yaml": _OVERLAY,
            },
        ),
        Example(
            "Development keeps its rows in memory",
            {**_SHARED, "chart/values-dev.yaml": "env:\n  SPRING_DATASOURCE_URL: jdbc:h2:mem:dev\n"},
        ),
        Example(
            "Development has a stack of its own",
            {
                "infra/main.tf": 'resource "aws_ecs_service" "web" {\n}\n',
                "infra/env/staging.tfvars": "size = 2\n",
                "infra/env/production.tfvars": "size = 6\n",
                "infra-dev/main.tf": 'resource "aws_instance" "dev" {\n}\n',
            },
        ),
        Example(
            "Another version of the database",
            {
                "infra/env/staging.tfvars": 'engine_version = "14"\n',
                "infra/env/production.tfvars": 'engine_version = "17"\n',
            },
        ),
        Example("One environment", {**_BASE, "overlays/production/kustomization.yaml": _OVERLAY}),
        Example(
            "Two environments written twice",
            {
                "envs/staging/main.tf": 'resource "aws_s3_bucket" "a" {\n}\n',
                "envs/prod/main.tf": 'resource "aws_s3_bucket" "b" {\n}\n',
            },
        ),
    ],
    reads=[IN_MEMORY, STORE_IMAGE, STORE_VERSION],
)
def like_environments(
    kubernetes: Kubernetes, infrastructure: Infrastructure, files: Files, code: Code
) -> Iterator[Draft]:
    """Staging and production come from one definition with small differences."""
    shared: dict[str, dict[str | None, Source]] = {}
    for item in kubernetes.of("Kustomization"):
        for base in item.items("resources"):
            if isinstance(base, str) and base.startswith("../"):
                shared.setdefault(_base(item.path, base), {})[stage_of_file(item.path)] = item.at("resources")
    charts = {chart.path.rpartition("/")[0]: chart.path for chart in kubernetes.charts}
    for file in files.matching("*values*.y*ml") if charts else []:
        chart = charts.get(file.path.rpartition("/")[0])
        if chart:
            shared.setdefault(chart, {})[stage_of_file(file.name)] = source_of(file)
    for module in infrastructure.modules:
        if module.type.startswith("../"):
            shared.setdefault(_base(module.path, module.type), {})[stage_of_file(module.path)] = module.at()
    for file in files.matching("*.tfvars"):
        shared.setdefault(f"{file.path.rpartition('/')[0]}/*.tfvars", {})[stage_of_file(file.name)] = source_of(file)
    for name, by_environment in sorted(shared.items()):
        both = [by_environment.get("rehearsal"), by_environment.get("production")]
        places = [place for place in both if place is not None]
        if len(places) == 2 and (other := differing(code, infrastructure)) is not None:
            yield unsure(f"Staging and production share {name}, and another environment has what they do not", other)
            return
        if len(places) == 2:
            yield passed(f"Staging and production share {name}", *places)
            return


_BY_HAND = Signal(
    id="deployment.made-by-hand",
    pattern=r"\b(?:created|made|set up|configured|clicked(?: together)?|provisioned|changed)\b.{0,40}\b(?:by hand|"
    r"manually|in the (?:\w+ )?(?:console|portal))\b|\bby hand\b.{0,30}\bthe (?:\w+ )?(?:console|portal)\b|"
    r"\b(?:is|are) not (?:yet )?(?:in|part of|managed by|described (?:in|by|as)) (?:terraform|tofu|opentofu|pulumi|"
    r"cloudformation|bicep|the templates?|code)\b|\bthere is no code for (?:it|them)\b",
    roles=("docs",),
)
"""What a page says of resources that no code describes."""
_NONE_SO = re.compile(
    r"\b(?:nothing|none|never|nobody|no one|no resource|without|instead of|used to|until|formerly|must not|may not|"
    r"do not|don't|rather than|drift|refus\w+|forbid\w*|if|unless|when)\b",
    re.IGNORECASE,
)


@check(
    "DEP-5.1.6",
    shows=PASS,
    clean=[
        Example("Terraform", {"main.tf": ex.GROUP}),
        Example(
            "Nothing by hand",
            {
                "main.tf": ex.GROUP,
                "docs/infra.md": "# Infrastructure\n\nTerraform makes all of it; "
                "nothing is made by hand in the console.\n",
            },
        ),
        Example("Manifests", {"k8s/web.yaml": ex.WEB}),
        Example("Jobs of Nomad", {"shop.nomad.hcl": ex.NOMAD}),
        Example("Pulumi", {"infra/Pulumi.yaml": "name: shop\nruntime: python\n"}),
    ],
    flagged=[
        Example("Only the application of a platform", {"fly.toml": 'app = "shop"\nprimary_region = "ams"\n'}),
        Example(
            "A queue made by hand",
            {
                "main.tf": ex.GROUP,
                "docs/infra.md": "# Infrastructure\n\nThe queue was made by hand "
                "in the console in May and is not in Terraform.\n",
            },
        ),
        Example("Only a compose file", {"compose.yaml": "services:\n  web:\n    image: shop/web:1\n"}),
        Example("A project that is switched off", {"infra/Pulumi.yaml": "x-off:\n  name: shop\n  runtime: python\n"}),
    ],
    reads=[PROJECT, _BY_HAND],
)
def infrastructure_as_code(
    infrastructure: Infrastructure, kubernetes: Kubernetes, files: Files, code: Code
) -> Iterator[Draft]:
    """Terraform, CloudFormation, Pulumi, CDK or Kubernetes manifests are in the repository."""
    blocks = infrastructure.some
    workloads = [w for w in kubernetes.running_workloads if w.kind != "Pod"]
    says = code[PROJECT].places.files
    projects = [
        f
        for f in files.named(*_PROJECTS)
        if f.role not in ("test", "example", "vendored", "docs", "aside") and f.path in says
    ]
    bicep = [f for f in files.matching("*.bicep") if f.role not in ("test", "example", "vendored", "aside")]
    places = [b.at() for b in blocks] + [w.at() for w in workloads] + [source_of(f) for f in [*projects, *bicep]]
    if places and not blocks and not workloads and not bicep and all(f.name in _APPS for f in projects):
        yield unsure("The file of the platform describes the application, and nothing around it", *places)
    elif places and (outside := [hit for hit in code[_BY_HAND].first if not _NONE_SO.search(hit.text)]):
        yield unsure(f"Not all infrastructure is described as code: {outside[0].text[:100]}", *outside, places[0])
    elif places:
        yield passed(
            "Infrastructure is described as code",
            *places,
            examined(
                len(blocks) + len(workloads) + len(projects) + len(bicep), "cloud resources, workloads and projects"
            ),
        )


_ROLLOUT = ex.WEB.replace("apps/v1", "argoproj.io/v1alpha1").replace("kind: Deployment", "kind: Rollout")
_CANARY = "  strategy:\n    canary:\n      steps: [{setWeight: 10}, {pause: {duration: 5m}}, {setWeight: 50}]\n"


@check(
    "DEP-5.1.8",
    shows=BOTH,
    clean=[
        Example("Argo Rollouts with steps", {"k8s/web.yaml": _ROLLOUT + _CANARY + ex.SERVICE}),
        Example(
            "Flagger",
            {
                "k8s/web.yaml": ex.WEB + ex.SERVICE,
                "k8s/canary.yaml": "apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: {name: web}\nspec:\n"
                "  targetRef: {kind: Deployment, name: web}\n  analysis: {stepWeight: 10, maxWeight: 50}\n",
            },
        ),
        Example("Canaries of Nomad", {"shop.nomad.hcl": ex.NOMAD}),
        Example(
            "CodeDeploy in blue and green",
            {
                "main.tf": 'resource "aws_codedeploy_deployment_group" "web" {\n  deployment_style {\n'
                '    deployment_type = "BLUE_GREEN"\n  }\n}\n'
            },
        ),
    ],
    flagged=[
        Example(
            "All groups of Nomad at once",
            {
                "shop.nomad.hcl": ex.NOMAD.replace("max_parallel = 1", "max_parallel = 0").replace(
                    "canary       = 1", ""
                )
            },
        ),
        Example(
            "Stopped before the new one starts",
            {"k8s/web.yaml": ex.WEB + "  strategy: {type: Recreate}\n" + ex.SERVICE},
        ),
    ],
    silent=[
        Example("Rolling updates: the weights may live elsewhere", {"k8s/web.yaml": ex.WEB + ex.SERVICE}),
        Example(
            "One of two",
            {"k8s/web.yaml": _ROLLOUT + _CANARY + ex.SERVICE, "k8s/api.yaml": ex.renamed(ex.WEB + ex.SERVICE, "api")},
        ),
    ],
)
def careful_rollouts(kubernetes: Kubernetes, infrastructure: Infrastructure) -> Iterator[Draft]:
    """Serving workloads go out blue-green or as a canary; none is stopped before its successor starts."""
    estate = Estate(kubernetes)
    canaries = {str(c.get("spec", "targetRef", "name")) for c in kubernetes.of("Canary") if is_stepwise(c)}
    careful = [w for w in estate.serving if w.name in canaries or any(is_progressive(c) for c in w.copies)]
    halted = [w for w in estate.serving if any(c.get("spec", "strategy", "type") == "Recreate" for c in w.copies)]
    groups = [g for g in ROLLOUTS.among(infrastructure, "steered") if _shifts(g)]
    if halted:
        first = next(c for c in halted[0].copies if c.get("spec", "strategy", "type") == "Recreate")
        yield failed(
            f"The old version stops before the new one starts: {titled(halted)}",
            first.at("spec", "strategy"),
            examined(len(estate.serving), "workloads behind Services"),
        )
    elif len(careful) == len(estate.serving) and (careful or groups):
        yield passed(
            "New versions go out blue-green or as a canary",
            *[w.copies[0].at("spec", "strategy") for w in careful],
            *[g.at() for g in groups],
        )
    elif careful:
        yield unsure(
            titled(careful).say("{share:serving workload} {has} a canary or two colours", of=len(estate.serving))
        )


def is_progressive(resource: Resource) -> bool:
    """Whether a Rollout shifts traffic by steps or between two colours, or a group of Nomad starts with canaries."""
    if resource.origin == "nomad":
        first = as_number(resource.get("spec", "update", "canary"))
        return first is not None and first > 0
    strategy = resource.section("spec", "strategy")
    weights = [s.get("setWeight") for s in resource.items("spec", "strategy", "canary", "steps") if isinstance(s, dict)]
    known = [weight for weight in weights if weight is not None]
    shifting = bool(weights) and not (known and all(isinstance(w, int) and w >= _EVERYBODY for w in known))
    return resource.kind == "Rollout" and bool(strategy.get("blueGreen") or shifting)


def is_stepwise(canary: Resource) -> bool:
    """Whether an object of Flagger looks at the new version before everybody has it."""
    step = canary.get("spec", "analysis", "stepWeight")
    at_once = isinstance(step, int) and step >= _EVERYBODY
    return canary.get("spec", "skipAnalysis") is not True and not at_once


_EVERYBODY = 100


_PROJECTS = ("Pulumi.yaml", "Pulumi.yml", "cdk.json", "serverless.yml", "serverless.yaml", "fly.toml", "render.yaml")


_APPS = frozenset({"fly.toml"})
"""Say of one application how it runs, and of no database, network or secret beside it."""


def _automated(application: Resource) -> bool:
    policy = application.get("spec", "syncPolicy", "automated")
    inner = application.get("spec", "template", "spec", "syncPolicy", "automated")
    return isinstance(policy, dict) or isinstance(inner, dict)


def _base(path: str, relative: str) -> str:
    """*relative* seen from the folder of *path*."""
    parts = path.split("/")[:-1]
    for part in relative.rstrip("/").split("/")[:50]:
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts = [*parts, part]
    return "/".join(parts)


def _shifts(group: Block) -> bool:
    """Whether what *group* brings out goes to a part of its users first, or stands beside the old."""
    steps = re.search("Canary|Linear", str(ROLLOUTS.value(group, "steps")))
    return ROLLOUTS.says(group, "colours").value is True or steps is not None
