"""Judges whether secrets change and end (2.2.3, 2.2.8)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    BOTH,
    Alerts,
    Block,
    Draft,
    Example,
    Infrastructure,
    Kubernetes,
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
_KEYS = Typed("resources/keys")
_ROTATIONS = Typed("resources/rotations")
_KMS = 'resource "aws_kms_key" "data" {\n  description = "data"\n%s}\n'
_SECRET = 'resource "aws_secretsmanager_secret" "db" {\n  name = "prod/db"\n}\n'
_ROTATION = (
    'resource "aws_secretsmanager_secret_rotation" "db" {\n  secret_id = aws_secretsmanager_secret.db.id\n'
    "  rotation_rules {\n    automatically_after_days = 30\n  }\n}\n"
)


@check(
    "SEC-2.2.3",
    shows=BOTH,
    clean=[
        Example("rotated every 30 days", {"main.tf": _SECRET + _ROTATION + _KMS % "  enable_key_rotation = true\n"})
    ],
    flagged=[
        Example("a key that is never rotated", {"main.tf": _KMS % ""}),
        Example("rotation switched off", {"main.tf": _KMS % "  enable_key_rotation = false\n"}),
    ],
    silent=[
        Example("an asymmetric key cannot be rotated", {"main.tf": _KMS % '  key_usage = "SIGN_VERIFY"\n'}),
        Example("rotated once in ten years", {"main.tf": _SECRET + _ROTATION.replace("30", "3650")}),
        Example(
            "a key of ten years",
            {
                "main.tf": 'resource "google_kms_crypto_key" "k" {\n  rotation_period = "315360000s"\n}\n'
                + _SECRET
                + _ROTATION
            },
        ),
        Example("rotation may be done by hand", {"main.tf": _SECRET}),
    ],
)
def secrets_are_rotated(infrastructure: Infrastructure) -> Iterator[Draft]:
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
    rotations = _ROTATIONS.among(infrastructure)
    seldom = [(b, days) for b in (*keys, *rotations) if (days := _days(b)) and days > _MOST_DAYS]
    if seldom:
        block, days = seldom[0]
        yield unsure(f"{block.address} is rotated every {days:,.0f} days, which is hardly a schedule", block.at())
        return
    secrets = SECRETS.among(infrastructure, "secret")
    named = " ".join(str(_ROTATIONS.value(r, "secret")) for r in rotations)
    without = [s for s in secrets if not re.search(rf"\b{re.escape(s.label)}\b", named)]
    if secrets and not without:
        yield passed(
            "Each secret of the vault has a rotation",
            *(r.at() for r in rotations),
            examined(len(secrets), "secrets"),
        )
    elif without:
        yield unsure(
            each(without, name=lambda s: s.address, at=lambda s: s.at()).say("{} {has} no rotation here"),
            examined(len(secrets), "secrets"),
        )


_MOST_DAYS = 366


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
    flagged=[Example("a secret for ever", {"main.tf": _KEY_VAULT % ""})],
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
    rules = [r for r in alerts.rules if re.search(r"expir", f"{r.title} {r.plain}", re.IGNORECASE)]
    limited = [r.at() for r in kubernetes.of("Certificate")] + [SECRETS.place(b, "ends") for b in lasting]
    if rules and limited:
        yield passed(
            f"Certificates and secrets expire, and {rules[0].title} warns before",
            rules[0].source,
            *limited,
            confidence="medium",
        )
