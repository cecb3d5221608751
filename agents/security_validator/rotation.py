"""Judges whether secrets change and end (2.2.3, 2.2.8)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    Alerts,
    Block,
    Code,
    Draft,
    Example,
    Infrastructure,
    Kubernetes,
    Resource,
    Signal,
    Source,
    Typed,
    as_number,
    check,
    each,
    examined,
    failed,
    passed,
    unsure,
)

SECRETS = Typed("resources/secrets")
_ACCESS_KEYS = Typed("resources/access-keys")
_FUNCTIONS = Typed("resources/functions")
_KEYS = Typed("resources/keys")
_NOTICES = Typed("resources/event-subscriptions")
_ROTATIONS = Typed("resources/rotations")
_STORED = Typed("resources/stored-secrets")
_SUBSCRIPTIONS = Typed("resources/subscriptions")
_TOPICS = Typed("resources/topics")
_KMS = 'resource "aws_kms_key" "data" {\n  description = "data"\n%s}\n'
_SECRET = 'resource "aws_secretsmanager_secret" "db" {\n  name = "prod/db"\n}\n'
_LEASE = 'resource "vault_database_secret_backend_role" "svc" {\n  name = "svc"\n  default_ttl = %s\n}\n'
_ROTATION = (
    'resource "aws_secretsmanager_secret_rotation" "db" {\n  secret_id = aws_secretsmanager_secret.db.id\n'
    "  rotation_rules {\n    automatically_after_days = 30\n  }\n}\n"
)


KEPT_SECRET = Signal(
    id="security.kept-secret",
    pattern=r"with\s+secret\s+\\?\"(?!database/|aws/|pki|ssh/|rabbitmq/|transit/)[\w-]{1,40}/|"
    r"agent-inject-secret-[\w.-]{1,60}[\"']?:\s*[\"']?(?:kv|secret)/|"
    r"\bvault\s+kv\s+get\b",
    roles=("source", "config", "infra", "ci", "other"),
    kept=ALL,
)
"""A secret of Vault that somebody put there, and that nothing changes by itself."""
ROTATION_SAID = Signal(
    id="security.rotation-said",
    pattern=r"\brotat(?:es?|ed|ing|ions?)\b|\b(?:secrets?|keys?|tokens?|passwords?)\b.{0,80}\b(?:chang|renew|replac|swap|new)"
    r"\w{0,6}\b.{0,60}\b(?:year|quarter|month|january|july|april|october)",
    roles=("docs", "ci"),
    comments=True,
)
"""A word about rotation, anywhere: who rotates by hand writes of it."""


@check(
    "SEC-2.2.3",
    shows=BOTH,
    reads=[ROTATION_SAID, KEPT_SECRET],
    clean=[
        Example("rotated every 30 days", {"main.tf": _SECRET + _ROTATION + _KMS % "  enable_key_rotation = true\n"}),
        Example("short leases of a database", {"vault.tf": _LEASE % "3600"}),
        Example(
            "keys of a vault that rotate",
            {
                "main.tf": 'resource "azurerm_key_vault_key" "t" {\n  name = "t"\n  rotation_policy {\n'
                '    automatic {\n      time_before_expiry = "P30D"\n    }\n    expire_after = "P90D"\n  }\n}\n'
            },
        ),
    ],
    flagged=[
        Example("a key that is never rotated", {"main.tf": _KMS % ""}),
        Example(
            "a key of Alibaba's that is never rotated",
            {"main.tf": 'resource "alicloud_kms_key" "data" {\n  automatic_rotation = "Disabled"\n}\n'},
        ),
        Example("rotation switched off", {"main.tf": _KMS % "  enable_key_rotation = false\n"}),
        Example("rotated once in ten years", {"main.tf": _SECRET + _ROTATION.replace("30", "3650")}),
        Example("no rotation, and no word about one", {"main.tf": _SECRET}),
    ],
    silent=[
        Example("an asymmetric key cannot be rotated", {"main.tf": _KMS % '  key_usage = "SIGN_VERIFY"\n'}),
        Example("rotated every other year", {"main.tf": _SECRET + _ROTATION.replace("30", "730")}),
        Example(
            "a key of ten years",
            {
                "main.tf": 'resource "google_kms_crypto_key" "k" {\n  rotation_period = "63072000s"\n}\n'
                + _SECRET
                + _ROTATION
            },
        ),
        Example(
            "after days that nobody knows",
            {"main.tf": _SECRET + _ROTATION.replace("= 30", "= var.days") + 'variable "days" {\n  type = number\n}\n'},
        ),
        Example(
            "by a function of somebody else",
            {
                "main.tf": _SECRET
                + _ROTATION.replace("secret_id", 'rotation_lambda_arn = "arn:aws:lambda:eu:1:function:r"\n  secret_id')
            },
        ),
        Example(
            "rotation is done by hand",
            {
                "main.tf": _SECRET,
                "README.md": "# Shop\n\nAnn rotates the secrets each quarter.\n",
            },
        ),
        Example(
            "secrets of Vault beside short leases",
            {"vault.tf": _LEASE % "3600" + 'resource "vault_kv_secret_v2" "m" {\n  name = "mail"\n}\n'},
        ),
    ],
)
def secrets_are_rotated(infrastructure: Infrastructure, code: Code) -> Iterator[Draft]:
    """Each vault secret has a rotation, and encryption keys rotate by themselves."""
    keys = _KEYS.among(infrastructure)
    still = [k for k in keys if _never_rotates(k)]
    if still:
        yield failed(
            each(still, name=lambda k: k.address, at=lambda k: k.at()).say("{Key|Keys} {} {is} never rotated"),
            examined(len(keys), "encryption keys"),
            remedy="Set enable_key_rotation = true (AWS) or rotation_period (Google Cloud).",
        )
        return
    rotations = [r for r in _ROTATIONS.among(infrastructure) if _ROTATIONS.value(r, "function") != ""]
    seldom = [(b, days) for b in (*keys, *rotations) if (days := _days(b)) and days > _MOST_DAYS]
    if never := [(b, days) for b, days in seldom if b in rotations and days > _NO_SCHEDULE]:
        block, days = never[0]
        yield failed(f"{block.address} is rotated every {days:,.0f} days, which is no schedule", block.at())
        return
    if seldom:
        block, days = seldom[0]
        yield unsure(f"{block.address} is rotated every {days:,.0f} days, which is hardly a schedule", block.at())
        return
    secrets = SECRETS.among(infrastructure, "secret")
    others = _others(infrastructure, code)
    untold = next((why for r in rotations if (why := _untold(r, infrastructure))), "")
    named = " ".join(str(_ROTATIONS.value(r, "secret")) for r in rotations)
    without = [s for s in secrets if not re.search(rf"\b{re.escape(s.label)}\b", named)]
    kept = [place for holds, place in others if not holds]
    if untold and not without:
        yield unsure(untold, *(r.at() for r in rotations))
    elif bare := _without_policy(infrastructure, code):
        yield failed(
            each(bare, name=lambda k: k.address, at=lambda k: k.at()).say("{} {has} no rotation, beside one that has"),
            examined(len(others), "keys and secrets"),
        )
    elif (secrets or others) and not without and kept:
        yield unsure(each(kept).say("{number:secret} beside those that are rotated {has} no rotation here"))
    elif (secrets or others) and not without:
        yield passed(
            "Each secret of the vault has a rotation",
            *(r.at() for r in rotations),
            *(place for _, place in others),
            examined(len(secrets) + len(others), "secrets"),
        )
    elif without and not rotations and not code[ROTATION_SAID]:
        yield failed(
            each(without, name=lambda s: s.address, at=lambda s: s.at()).say(
                "{} {has} no rotation here, and nothing speaks of one"
            ),
            examined(len(secrets), "secrets"),
            confidence="medium",
        )
    elif without:
        yield unsure(
            each(without, name=lambda s: s.address, at=lambda s: s.at()).say("{} {has} no rotation here"),
            examined(len(secrets), "secrets"),
        )


_MOST_DAYS = 366
_NO_SCHEDULE = 3 * 366
_LEASE_DAYS = 7


def _untold(rotation: Block, infrastructure: Infrastructure) -> str:
    """Why nobody can tell what *rotation* does, or when; empty where that is known."""
    days = _ROTATIONS.value(rotation, "days")
    schedule = next((v for v in _schedules(rotation) if isinstance(v, str)), "")
    if days is not None and as_number(days) is None:
        return f"After how many days {rotation.address} is rotated ({days}) nobody knows here"
    if days is None and not re.search(r"^(?:rate|cron)\(", schedule):
        return f"When {rotation.address} is rotated is not said"
    function = str(_ROTATIONS.value(rotation, "function") or "")
    if function and not _is_own(function, infrastructure):
        return f"What changes the secret of {rotation.address} is a function of somebody else"
    return ""


def _schedules(rotation: Block) -> Iterator[object]:
    for part in (*rotation.nested("rotation_rules"), *rotation.nested("RotationRules")):
        yield part.get("schedule_expression") or part.get("ScheduleExpression")


def _is_own(function: str, infrastructure: Infrastructure) -> bool:
    """Whether a function that rotates is made here, or by the vault's own application."""
    if re.search(r"serverlessapplicationrepository|HostedRotation|Outputs\.RotationLambda", function):
        return True
    made = _FUNCTIONS.among(infrastructure)
    if function.startswith("module."):
        return bool(infrastructure.modules)
    if function.startswith(("data.", "arn:")):
        return False
    return any(re.search(rf"(?<![\w-]){re.escape(b.label)}(?![\w-])", function) for b in made)


def _without_policy(infrastructure: Infrastructure, code: Code) -> list[Block]:
    """Keys of Azure that have no rotation, where others have one and nothing is said of rotation by hand."""
    keys = _STORED.among(infrastructure, "key")
    bare = [key for key in keys if not _STORED.parts(key, "policy")]
    return bare if len(bare) < len(keys) and not code[ROTATION_SAID] else []


def _others(infrastructure: Infrastructure, code: Code) -> list[tuple[bool, Source]]:
    """What other vaults keep, and whether each changes by itself: keys of Azure, leases of Vault, secrets of others."""
    found: list[tuple[bool, Source]] = []
    for key in _STORED.among(infrastructure, "key"):
        policies = _STORED.parts(key, "policy")
        found.append((any(_STORED.within(key, part, "automatic") for part in policies), key.at()))
    for role in infrastructure.of("vault_database_secret_backend_role", "vault_aws_secret_backend_role"):
        lease = as_number(role.get("default_ttl") or role.get("default_sts_ttl"))
        found.append((lease is not None and 0 < lease <= _LEASE_DAYS * 86_400, role.at()))
    found += [(False, secret.at()) for secret in _STORED.among(infrastructure, "secret")]
    found += [(False, m.at()) for m in infrastructure.of("vault_mount") if str(m.get("type")).startswith("kv")]
    return found + ([(False, place) for place in code[KEPT_SECRET].places] if found else [])


def _days(block: Block) -> float | None:
    """How many days lie between two rotations by *block*, where it says so."""
    asked = _KEYS if block in _KEYS else _ROTATIONS
    seconds = as_number(str(asked.value(block, "seconds") or "").removesuffix("s"))
    return as_number(asked.value(block, "days")) if seconds is None else seconds / 86_400


def _never_rotates(key: Block) -> bool:
    """Whether a key could rotate by itself and does not; only those that encrypt both ways can."""
    able = all(_KEYS.says(key, what).value for what in ("purpose", "shape"))
    return able and _KEYS.says(key, "rotates").value is False


_KEY_VAULT = 'resource "azurerm_key_vault_secret" "db" {\n  name = "db"\n  value = var.p\n%s}\n'
_CERTIFICATE = "apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: web}\nspec: {secretName: web-tls}\n"
_EXPIRY_ALERT = (
    "groups:\n  - name: certs\n    rules:\n      - alert: CertificateExpiresSoon\n"
    "        expr: certmanager_certificate_expiration_timestamp_seconds - time() < 14 * 86400\n        for: 1h\n"
)


@check(
    "SEC-2.2.8",
    shows=BOTH,
    clean=[
        Example(
            "certificates that expire, and an alert",
            {"k8s/cert.yaml": _CERTIFICATE, "prometheus/rules.yaml": _EXPIRY_ALERT},
        )
    ],
    flagged=[
        Example("a secret for ever", {"main.tf": _KEY_VAULT % ""}),
        Example(
            "a certificate of a hundred years beside another one",
            {
                "k8s/cert.yaml": _CERTIFICATE
                + "---\n"
                + _CERTIFICATE.replace("web", "signing").rstrip("}\n")
                + ", duration: 876000h}\n",
                "prometheus/rules.yaml": _EXPIRY_ALERT,
            },
        ),
        Example(
            "a key of a technical user",
            {"user.tf": 'resource "aws_iam_access_key" "web" {\n  user = aws_iam_user.web.name\n}\n'},
        ),
    ],
    silent=[
        Example("expiry without an alert", {"main.tf": _KEY_VAULT % '  expiration_date = "2027-01-01T00:00:00Z"\n'})
    ],
)
def secrets_expire_with_a_warning(
    infrastructure: Infrastructure, kubernetes: Kubernetes, alerts: Alerts
) -> Iterator[Draft]:
    """Secrets and keys have a lifetime, and an alert rule watches it."""
    lasting = SECRETS.among(infrastructure, "lasting", "key")
    endless = [b for b in lasting if SECRETS.value(b, "ends") is None and not SECRETS.parts(b, "rotation")]
    if endless:
        yield failed(
            each(endless, name=lambda b: b.address, at=lambda b: b.at()).say("{} never {expires}"),
            examined(len(lasting), "keys and secrets"),
        )
        return
    certificates = kubernetes.of("Certificate")
    if ages := [c for c in certificates if _hours(c) > _MOST_HOURS]:
        yield failed(
            each(ages, name=lambda c: f"Certificate {c.resource}", at=lambda c: c.at("spec", "duration")).say(
                "{} {lasts} for more than three years"
            ),
            examined(len(certificates), "certificates"),
        )
        return
    if keys := _ACCESS_KEYS.among(infrastructure):
        yield failed(
            each(keys, name=lambda k: k.address, at=lambda k: k.at()).say("{} {is} a key that never expires"),
            examined(len(keys), "access keys"),
            remedy="Let the service take a role, whose credentials end by themselves.",
        )
        return
    dated = SECRETS.among(infrastructure, "dated")
    ending = [s for s in dated if SECRETS.value(s, "ends")]
    if ending and len(ending) < len(dated):
        endless = [s for s in dated if s not in ending]
        yield failed(
            each(endless, name=lambda s: s.address, at=lambda s: s.at()).say(
                "{} never {expires}, beside one that does"
            ),
            examined(len(dated), "secrets"),
        )
        return
    told = [s for s in dated if SECRETS.value(s, "topics") and SECRETS.value(s, "rotation")]
    heard = (
        _hear_of_expiry(infrastructure)
        if lasting
        else [s.at() for s in told]
        if _is_heard(told, infrastructure)
        else []
    )
    if dated and len(told) == len(dated) == len(ending) and heard and not lasting:
        yield passed("Each secret expires, and what is told before reaches somebody", *heard, confidence="medium")
        return
    if lasting and heard:
        yield passed(
            "Each secret expires, and an event tells of it before",
            *(SECRETS.place(b, "ends") for b in lasting),
            *heard,
            confidence="medium",
        )
        return
    rules = [r for r in alerts.rules if re.search(r"expir", f"{r.title} {r.plain}", re.IGNORECASE)]
    limited = [r.at() for r in certificates] + [SECRETS.place(b, "ends") for b in lasting]
    if rules and limited:
        yield passed(
            f"Certificates and secrets expire, and {rules[0].title} warns before",
            rules[0].source,
            *limited,
            confidence="medium",
        )


_MOST_HOURS = 3 * 366 * 24
_HOURS = re.compile(r"(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?")


def _hours(certificate: Resource) -> float:
    """For how many hours a certificate is good; those of cert-manager's own default for none."""
    found = _HOURS.fullmatch(str(certificate.get("spec", "duration") or ""))
    hours, minutes, seconds = (float(part or 0) for part in found.groups()) if found else (0.0, 0.0, 0.0)
    return hours + minutes / 60 + seconds / 3_600


def _hear_of_expiry(infrastructure: Infrastructure) -> list[Source]:
    """Where events of Azure say before that what a vault keeps is about to end."""
    return [b.at() for b in _NOTICES.among(infrastructure) if "NearExpiry" in str(b.body)]


def _is_heard(told: list[Block], infrastructure: Infrastructure) -> bool:
    """Whether somebody listens to the topic of each of the secrets that are *told* of."""
    heard = " ".join(str(_SUBSCRIPTIONS.value(s, "topic")) for s in _SUBSCRIPTIONS.among(infrastructure))
    topics = [_TOPICS.named(str(SECRETS.value(secret, "topics"))) for secret in told]
    return bool(topics) and all(names and re.search(rf"\b{re.escape(names[0])}\b", heard) for names in topics)
