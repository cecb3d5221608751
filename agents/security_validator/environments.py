"""Judges whether each environment has secrets of its own, by what names and reads them (2.2.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from orchestrator import (
    ALL,
    BOTH,
    Code,
    Draft,
    Example,
    Files,
    Infrastructure,
    Kubernetes,
    Pipelines,
    Signal,
    Source,
    Typed,
    check,
    each,
    examined,
    failed,
    passed,
    stage_of_file,
    unsure,
)

_WHERE: Final = ("config", "infra", "ci", "source", "other")
OF_PRODUCTION = Signal(
    id="security.secret-of-production",
    pattern=r"(?:secret|vault|remoteRef|extract|dataFrom|valueFrom|keyvault|op://|password|token|"
    r"api_?key)(?:.{0,120}[^a-z0-9])?(?:prod|prd|production|live)(?![a-z0-9])",
    roles=_WHERE,
    kept=ALL,
)
"""A line that names a secret, or where one lies, of production."""
BY_STAGE = Signal(
    id="security.secret-by-stage",
    pattern=r"(?:\$\{?\(?|\$\{\{\s*|\{\{\s*|<%=\s*|[+&.]\s*)(?:var\.|local\.|terraform\.|parameters?\.|params?\.|"
    r"vars\.|inputs\.|this\.|props\.|Values\.|\.Values\.)?"
    r"(?:environment|env|stage|workspace|KAMAL_DESTINATION|destination|deployment_?env\w*)\b",
    roles=_WHERE,
    kept=ALL,
)
"""A name that is made of the environment's."""
SECRET_NAMED = Signal(
    id="security.secret-named",
    pattern=r"secretName|Secret\(|secrets?manager|secret_id|KeyVault/vaults|key_vault|keyvault|kamal secrets fetch|"
    r"remoteRef|vault-name|fromSecretName|"
    r"SecretsManager::Secret|secrets?[\"']?\s*:\s*[\"']?(?:dev|staging|stg|test|uat|qa|sandbox|prod|prd|live|production)/|"
    r"vault_database_secret_backend|vault \{|op read",
    roles=_WHERE,
    kept=ALL,
)
FIXED = Signal(
    id="security.secret-fixed",
    pattern=r"arn:aws:secretsmanager:[\w*-]{0,20}:\d{12}:secret:|\{\{resolve:(?:secretsmanager|ssm-secure):(?!\$)|"
    r"projects/[\w-]{1,40}/secrets/[\w-]{1,80}",
    roles=_WHERE,
    kept=ALL,
)
"""A secret by its whole name, whatever the environment."""
SHARED = Signal(
    id="security.secret-of-file",
    pattern=r"^(?:-\s*)?[\"']?(?:\w{0,20}secrets?\w{0,10}(?:Path|Name|Ref|Key|File)?|vault\w{0,10}(?:Path|Name|Key)|"
    r"env_file)[\"']?\s*[:=]\s*\S.{0,120}",
    roles=_WHERE,
    kept=ALL,
)
OF_CI = Signal(id="security.secret-of-ci", pattern=r"\bsecrets\.[A-Za-z_]\w{0,60}", roles=("ci",), kept=ALL)
STORE = Signal(
    id="security.secret-store",
    pattern=r"^[\"']?\w{0,30}(?:store|secret|vault|credential)\w{0,20}[\"']?\s*[:=]\s*[\"']?[\w./:-]{2,100}[\"']?\s*$",
    roles=_WHERE,
    kept=ALL,
)
"""Where a service takes its secrets from."""
READS = (STORE, OF_PRODUCTION, BY_STAGE, SECRET_NAMED, FIXED, SHARED, OF_CI)
_CALLED = {"production": "production", "rehearsal": "staging", "development": "development"}
_PRODUCTION = re.compile(r"(?<![a-z])(?:prod|prd|production|live)(?![a-z])", re.IGNORECASE)
_STAGING = re.compile(
    r"(?<![a-z])(?:staging|stage?|stg|pre-?prod|pre-?prd|pre-?live|pre-?production|non-?prod|uat|acceptance|qa|sit|int|"
    r"integration|tests?|testing|e2e|dev|devel|develop|development|sandbox|playground|scratch|demo|preview|nightly)(?![a-z])",
    re.IGNORECASE,
)
_OF_SECRETS = re.compile(r"secret|vault|credential", re.IGNORECASE)
_STAGED_SECRETS = Typed("resources/staged-secrets")
_STAGED = (
    'resource "aws_secretsmanager_secret" "db" {\n  name = "${terraform.workspace}/shop"\n}\n',
    'environment = "staging"\n',
    'environment = "production"\n',
)
_EXTERNAL = (
    "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: shop}\nspec:\n"
    "  secretStoreRef: {name: vault, kind: ClusterSecretStore}\n  dataFrom: [{extract: {key: %s/shop}}]\n"
)
_JOBS = "on: push\njobs:\n" + "".join(
    f"  {stage}:\n    environment: {stage}\n    steps:\n      - run: ./ship.sh\n"
    f"        env: {{TOKEN: '${{{{ secrets.%s }}}}'}}\n"
    for stage in ("staging", "production")
)


@check(
    "SEC-2.2.4",
    shows=BOTH,
    reads=READS,
    clean=[
        Example(
            "a name by the workspace, for two of them",
            {"main.tf": _STAGED[0], "env/staging.tfvars": _STAGED[1], "env/production.tfvars": _STAGED[2]},
        ),
        Example(
            "a path for each overlay",
            {f"overlays/{stage}/secrets.yaml": _EXTERNAL % stage for stage in ("dev", "staging", "prod")},
        ),
        Example(
            "environments of the platform",
            {".github/workflows/ship.yml": _JOBS % ("STAGING_TOKEN", "PRODUCTION_TOKEN")},
        ),
        Example(
            "values that name a path each",
            {f"chart/values-{stage}.yaml": f"secrets: {stage}/shop\n" for stage in ("staging", "production")},
        ),
    ],
    flagged=[
        Example(
            "staging reads the path of production",
            {**{f"overlays/{stage}/secrets.yaml": _EXTERNAL % "prod" for stage in ("staging", "prod")}},
        ),
        Example(
            "a job of staging takes a secret of production",
            {".github/workflows/ship.yml": _JOBS % ("PROD_TOKEN", "PROD_TOKEN")},
        ),
        Example(
            "one path for all",
            {f"chart/values-{stage}.yaml": "secretPath: shared/shop\n" for stage in ("staging", "production")},
        ),
        Example(
            "a run of staging by a secret of production",
            {
                "run/staging.yaml": "env:\n"
                "  - {name: KEY, valueFrom: {secretKeyRef: {name: 'projects/shop-production/secrets/key'}}}\n"
            },
        ),
    ],
    silent=[
        Example(
            "folders of teams that refer to what each of them looks up",
            {
                f"environments/{team}/secrets.tf": 'data "aws_secretsmanager_secret" "accounts" {\n'
                '  name = "accounts"\n}\n\ndata "aws_secretsmanager_secret_version" "accounts" {\n'
                "  secret_id = data.aws_secretsmanager_secret.accounts.id\n}\n"
                for team in ("claims-sandbox", "maps-production", "tides-staging")
            },
        ),
        Example(
            "the sandbox of one team and the production of another",
            {f"teams/{team}/values.yaml": "secretPath: shared/shop\n" for team in ("tea-sandbox", "jam-production")},
        ),
        Example(
            "one store of production is that of staging",
            {
                "environments/staging.yaml": "secretStore: op-staging\ntillStore: op-staging\n",
                "environments/production.yaml": "secretStore: op-production\ntillStore: op-staging\n",
            },
        ),
        Example("production alone", {"overlays/prod/secrets.yaml": _EXTERNAL % "prod"}),
        Example("a name that nobody knows to differ", {"main.tf": _STAGED[0]}),
        Example(
            "one more secret by its whole name",
            {
                "main.tf": _STAGED[0] + 'locals {\n  pay = "arn:aws:secretsmanager:eu-1:000000000003:secret:pay"\n}\n',
                "env/staging.tfvars": _STAGED[1],
                "env/production.tfvars": _STAGED[2],
            },
        ),
    ],
)
def each_environment_has_its_own(
    code: Code, files: Files, kubernetes: Kubernetes, infrastructure: Infrastructure, pipelines: Pipelines
) -> Iterator[Draft]:
    """Each environment reads secrets under a name of its own, and none reads those of another."""
    crossed = [*_crossed(code), *_crossed_in_ci(code, pipelines)]
    if crossed:
        yield failed(
            each(crossed).say(
                "{number:place} outside production {reads} a secret of production, first {first}", first=crossed[0]
            )
        )
        return
    staged = code[BY_STAGE].places.files
    shared = [p for p in code[FIXED].places if p.path in staged and _PRODUCTION.search(p.text.replace("_", " "))]
    if shared:
        yield failed(
            each(shared).say("Every environment reads a secret of production: {first}", first=shared[0]),
            confidence="medium",
        )
        return
    if same := _same(code):
        yield failed(
            each(same).say("Several environments read one and the same secret: {first}", first=same[0]),
            confidence="medium",
        )
        return
    shown = [*_by_name(code, files, infrastructure), *_by_file(code, kubernetes), *_by_platform(code, pipelines)]
    fixed = [place for place in code[FIXED].places if stage_of_file(place.path) is None]
    if shown and (strange := _of_staging(code)):
        yield unsure(f"A file of production names a store of staging: {strange[0].text}", *strange)
    elif shown and fixed:
        yield unsure("A secret is read by its whole name, whatever the environment", *fixed)
    elif shown:
        yield passed(
            each(shown).say("Secrets are named by their environment in {number:place}, first {first}", first=shown[0]),
            examined(len(shown), "places that name secrets"),
            confidence="medium",
        )


def _crossed(code: Code) -> list[Source]:
    """Where a file of staging or development names a secret of production; it is none of production's, and counts."""
    elsewhere = [
        Source(path=aside.path, line=aside.line)
        for aside in code[OF_PRODUCTION].aside
        if aside.void and aside.reason.endswith("which is not production")
    ]
    return [
        *(place for place in elsewhere if stage_of_file(place.path) in ("rehearsal", "development")),
        *(
            place
            for place in code[OF_PRODUCTION].places
            if stage_of_file(place.path) in ("rehearsal", "development")
            and not _STAGING.search(_PRODUCTION.sub("", place.text))
        ),
    ]


def _crossed_in_ci(code: Code, pipelines: Pipelines) -> list[Source]:
    """Where a job for staging or development takes a secret that bears production's name."""
    found: list[Source] = []
    for pipeline in pipelines.files:
        starts = sorted(job.line for job in pipeline.jobs if not job.path)
        for job in pipeline.jobs:
            if job.path or not _STAGING.search(job.environment) or _PRODUCTION.search(job.environment):
                continue
            if not any(step.said for step in job.steps):
                continue  # it takes nothing that it does something with
            end = next((line for line in starts if line > job.line), 1_000_000)
            taken = code[OF_CI].within(pipeline.path, job.line, end - 1)
            found += [p for p in taken if any(_PRODUCTION.search(w.replace("_", " ")) for w in _NAMES.findall(p.text))]
    return found


_NAMES = re.compile(r"\bsecrets\.(\w{1,60})")


def _of_staging(code: Code) -> list[Source]:
    """Where a file of production takes secrets from a place that bears another stage's name."""
    return [
        place
        for place in code[STORE].places
        if stage_of_file(place.path) == "production"
        and _STAGING.search(place.text)
        and not _PRODUCTION.search(place.text)
    ]


def _same(code: Code) -> list[Source]:
    """Where files of two environments say word for word the same of where secrets lie, and name none."""
    seen: dict[tuple[str, str], dict[str, Source]] = {}
    for place in code[SHARED].places:
        stage = stage_of_file(place.path)
        value = place.text.partition(":" if ":" in place.text else "=")[2].strip().strip("\"'")
        for said in re.findall(r"[\w./-]+", value) if value.startswith("[") else [value]:
            if (
                stage
                and not _REFERENCE.match(said)
                and _OF_SECRETS.search(f"{place.text.partition(':')[0]} {said}")
                and re.search(r"[\w-]+[/.][\w-]+", said)
            ):
                name = _STAGING.sub("", _PRODUCTION.sub("", place.path.rpartition("/")[0]))
                seen.setdefault((name, said), {}).setdefault(stage, place)
    return [place for stages in seen.values() if len(stages) > 1 for place in stages.values()]


_REFERENCE = re.compile(r"(?:data|var|local|module|each|self|(?:aws|azurerm|google|vault)_\w{1,80})\.[\w.-]{1,120}$")
"""What Terraform says of something else in the same folder; what that is called stands there."""


def _stages(files: Files) -> set[str]:
    """The environments that have a file of settings of their own."""
    told = [
        f.path
        for f in files.entries
        if f.role in ("config", "infra", "ci", "other", "source") and _SETTING.search(f.path)
    ]
    return {stage for path in told if (stage := stage_of_file(path))}


_SETTING = re.compile(r"\.(?:tfvars|bicepparam|ya?ml|json|toml|env|hcl|tf|ts)$|(?:^|/)\.kamal/")


def _by_name(code: Code, files: Files, infrastructure: Infrastructure) -> list[Source]:
    """The lines that make a name of the environment's, where there are two of these; none if one secret has another."""
    if len(_stages(files)) < 2:
        return []
    found = [
        place
        for place in code[SECRET_NAMED].places.saying(infrastructure.makes)
        if code[BY_STAGE].within(place.path, place.line, place.line + (_NEAR if _OPENS.search(place.text) else 0))
    ]
    without = [
        b for b in _STAGED_SECRETS.among(infrastructure) if not code[BY_STAGE].within(b.path, b.line, b.line + _NEAR)
    ]
    return [] if without else found


_NEAR = 4
_OPENS = re.compile(r"[{:(\[]\s*$|Type:\s|\{\s*name:")


def _by_file(code: Code, kubernetes: Kubernetes) -> list[Source]:
    """The references in files of two environments that each name their own; none if one names none."""
    stages: dict[str, Source] = {}
    for place in (*code[SHARED].places, *code[SECRET_NAMED].places):
        stage = stage_of_file(place.path)
        if stage and _names(stage, place.text):
            stages.setdefault(stage, place)
    for secret in kubernetes.written("ExternalSecret"):
        stage = stage_of_file(secret.path)
        if stage and _names(stage, str(secret.body)):
            stages.setdefault(stage, secret.at())
    return list(stages.values()) if "production" in stages and len(stages) > 1 else []


def _names(stage: str, text: str) -> bool:
    """Whether *text* names *stage* and no other."""
    own, other = (_PRODUCTION, _STAGING) if stage == "production" else (_STAGING, _PRODUCTION)
    return own.search(text) is not None and other.search(text) is None


def _by_platform(code: Code, pipelines: Pipelines) -> list[Source]:
    """The jobs that name an environment of the platform, which keeps secrets for each; none if only one is named."""
    named: dict[str, Source] = {}
    for pipeline in pipelines.files:
        if pipeline.system != "github" or pipeline.path not in code[OF_CI].places.files:
            continue
        for job in pipeline.jobs:
            if not any(step.said for step in job.steps):
                continue
            if _PRODUCTION.search(job.environment):
                named.setdefault("production", pipeline.at(job))
            elif _STAGING.search(job.environment):
                named.setdefault(job.environment, pipeline.at(job))
    return list(named.values()) if "production" in named and len(named) > 1 else []
