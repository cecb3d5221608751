"""Judges how secrets are kept: out of version control, in a vault, encrypted, audited (2.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    BOTH,
    FAIL,
    Block,
    Code,
    Draft,
    Example,
    Infrastructure,
    Kubernetes,
    SecretHistory,
    Secrets,
    Signal,
    Source,
    Typed,
    as_flag,
    check,
    each,
    examined,
    failed,
    passed,
    stage_of_file,
    together,
    unsure,
    words,
)

from ._credentials import STRONG, deployed, doubted, exposed, gone_but_kept, live, ruled, searched, weak
from ._manifests import FALLBACK_KEY, PLAIN_PASSWORD, SENSITIVE, handed_over, in_place, plain, written_out
from .rotation import SECRETS

_PLAIN_CONFIG = f"""apiVersion: v1
kind: ConfigMap
metadata:
  name: db
data:
  POSTGRES_PASS{"WORD"}: kestrel
"""

_PLAIN_SECRET = f"""apiVersion: v1
kind: Secret
metadata:
  name: db
stringData:
  password: {STRONG}
"""
_ENVELOPE = "ENC[AES256_GCM,data:8sd7f8sdf7s8df=,iv:kjh3kjh4kj5h3=,tag:kj3h4k==,type:str]"


@check(
    "SEC-2.2.1",
    shows=BOTH,
    reads=[PLAIN_PASSWORD, FALLBACK_KEY],
    clean=[
        Example("a placeholder only", {".env.example": "DB_PASSWORD=changeme\n", "app.py": "import os\n"}),
        Example(
            "a sample key in a test", {"tests/test_pay.py": f"api_{'key'} = '{STRONG}{STRONG}'\n", "pay.py": "pass\n"}
        ),
        Example("an encrypted envelope", {"secret.enc.yaml": _PLAIN_SECRET.replace(STRONG, _ENVELOPE)}),
        Example("what a form's field has to be", {"Form.php": "return ['password' => 'required|string|min:8'];\n"}),
        Example("a name for a client", {"orders.ts": "const c = new ApiClient('OrderServiceClientV2Beta', opts)\n"}),
    ],
    flagged=[
        Example("a live password in .env", {".env": f"DB_PASS{'WORD'}={STRONG}\n"}),
        Example("the password of a ConfigMap", {"k8s/db.yaml": _PLAIN_CONFIG}),
        Example("any key of a Secret", {"k8s/mail.yaml": _PLAIN_SECRET.replace("password", "mail")}),
        Example("an argument of a client", {"mail.py": f"client = Client('mail', '{STRONG}{STRONG[::-1]}')\n"}),
        Example("in the middle of a name", {"services/mail.dist.yaml": f"api_{'token'}: {STRONG}\n"}),
    ],
    silent=[
        Example(
            "a word that may be one",
            {"compose.yaml": "services:\n  db:\n    environment:\n      DB_PASSWORD: kestrel\n"},
        )
    ],
)
def no_secret_in_version_control(
    secrets: Secrets, history: SecretHistory, kubernetes: Kubernetes, code: Code
) -> Iterator[Draft]:
    """Neither the tree nor any earlier commit holds a credential; without the whole history there is no pass."""
    here, before = live(secrets.found), live(history.found)
    objects = in_place(kubernetes, {c.source for c in here})
    if here:
        yield exposed(secrets, "in version control", "SEC-2.2.1", secrets.files, "files searched")
    if objects:
        yield deployed(objects, "in version control")
    if before:
        yield gone_but_kept(history, "SEC-2.2.1")
    if here or before or objects:
        return
    counts = (
        examined(secrets.files, "files"),
        *searched(history),
        examined(secrets.rules, "shapes of credentials"),
        *ruled(secrets, history),
    )
    doubtful = together(weak(secrets), plain(code))
    if not history.complete:
        mend = f" ({history.remedy})" if history.remedy else ""
        yield unsure(
            f"The tree holds none, and history was not searched whole: {history.reason or 'no reason given'}{mend}",
            *counts,
        )
    elif doubtful:
        yield unsure(f"{doubtful[0]} may hold a weak password", doubtful, *counts)
    elif why := doubted(secrets, history):
        yield unsure(why, *counts)
    elif secrets.files and history.commits:
        absent = f"; not in this clone are {each(history.absent)}" if history.absent else ""
        yield passed(f"Neither the tree nor its history holds a credential{absent}", *counts)


VAULT = Signal(
    id="security.vault",
    pattern=words("calls/vaults").pattern,
)
_OPERATORS = (
    "ExternalSecret",
    "ClusterExternalSecret",
    "SecretProviderClass",
    "VaultStaticSecret",
    "VaultDynamicSecret",
)
_VAULTS = ("secret", "kept", "lasting")
"""Kinds of what keeps secrets, and not only the keys to them."""
_EXTERNAL_SECRET = """apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: db
spec:
  secretStoreRef: {name: vault, kind: ClusterSecretStore}
  data:
    - secretKey: password
      remoteRef: {key: prod/db, property: password}
"""


@check(
    "SEC-2.2.2",
    shows=BOTH,
    reads=[VAULT],
    clean=[
        Example("an external secret", {"k8s/secret.yaml": _EXTERNAL_SECRET}),
        Example("read from the vault in code", {"app/db.py": "import hvac\n\nclient = hvac.Client(url=URL)\n"}),
    ],
    flagged=[Example("the value stands in the manifest", {"k8s/secret.yaml": _PLAIN_SECRET})],
    silent=[
        Example("filled in from elsewhere", {"k8s/secret.yaml": _PLAIN_SECRET.replace(STRONG, '"${DB_PASSWORD}"')}),
        Example("nothing about secrets", {"app.py": "print('hello')\n"}),
        Example("a vault of another kind", {"app/make.php": "<?php\n$this->fillVaultTemplateEntries();\n"}),
        Example(
            "a vault for one part, a stand-in in the manifest for another",
            {
                "app/db.py": "import hvac\n\nclient = hvac.Client(url=URL)\n",
                "k8s/assistant.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: assistant}\nspec:\n  containers:\n"
                "    - name: assistant\n      env:\n        - {name: MAPS_API_KEY, value: MAPS_API_KEY_VAL}\n",
            },
        ),
        Example(
            "a vault for one part, a template for another",
            {
                "app/db.py": "import hvac\n\nclient = hvac.Client(url=URL)\n",
                "k8s/secret.yaml": _PLAIN_SECRET.replace(STRONG, '"${DB_PASSWORD}"'),
            },
        ),
    ],
)
def secrets_live_in_a_vault(
    kubernetes: Kubernetes, infrastructure: Infrastructure, code: Code, secrets: Secrets
) -> Iterator[Draft]:
    """Secrets come from a vault; a Kubernetes Secret with its value written out is the opposite."""
    plain = [(r, key) for r in kubernetes.written("Secret") for key in written_out(r)]
    if plain:
        secret, key = plain[0]
        yield failed(
            each(plain, at=lambda one: one[0].at(*one[1])).like(
                f"Secret {secret.resource or 'without a name'} holds the value of {key[1]} in the manifest"
            ),
            examined(len(kubernetes.written("Secret")), "Kubernetes secrets"),
            remedy="Replace it by an ExternalSecret, and change the value: version control has it.",
        )
        return
    operators, vaults = kubernetes.of(*_OPERATORS), SECRETS.among(infrastructure, *_VAULTS)
    asked = code[VAULT].places.saying(lambda place: not place.worded)
    places = together([r.at() for r in operators], [b.at() for b in vaults], asked)
    beside = live(secrets.found)
    filled = [
        r
        for r in kubernetes.written("Secret")
        if any(map(SENSITIVE.search, (*r.section("data"), *r.section("stringData"))))
    ]
    given = handed_over(kubernetes)
    if places and beside:
        yield unsure(f"There is a vault, and {beside[0].source} holds a credential beside it", places[0])
    elif places and filled:
        yield unsure(
            f"There is a vault, and Secret {filled[0].resource} is filled in by a template or by hand beside it",
            places[0],
            *(r.at() for r in filled),
        )
    elif places and given:
        yield unsure(
            f"There is a vault, and {given[0]} gives a container a password or key beside it", places[0], *given
        )
    elif places:
        yield passed(
            each(places).say("Secrets are read from a vault in {number:place}, first {first}", first=places[0])
        )


_ONE = {".env.production": f"DB_PASS{'WORD'}={STRONG}\n"}
_ENVIRONMENTS = {"production": "production", "rehearsal": "staging", "development": "development"}
"""What people call each stage."""


@check(
    "SEC-2.2.4",
    shows=FAIL,
    clean=[
        Example("each its own", {**_ONE, ".env.staging": f"DB_PASS{'WORD'}={STRONG[::-1]}\n"}),
        Example("only one environment", _ONE),
    ],
    flagged=[Example("one password for both", {**_ONE, ".env.staging": _ONE[".env.production"]})],
)
def environments_share_no_secret(secrets: Secrets) -> Iterator[Draft]:
    """The same credential does not stand in the files of two environments."""
    seen: dict[tuple[str, str, int], dict[str, Source]] = {}
    for credential in secrets.found:
        stage = stage_of_file(credential.source.path)
        if stage is not None and credential.role not in ("docs", "vendored", "test"):
            same = seen.setdefault((credential.kind, credential.digest, credential.length), {})
            same.setdefault(_ENVIRONMENTS[stage], credential.source)
    shared = [places for places in seen.values() if len(places) > 1]
    if shared:
        both, places = " and ".join(shared[0]), list(shared[0].values())
        yield failed(
            each(shared, at=lambda _: places).like(
                f"{both.capitalize()} have a credential in common: {places[0]} and {places[1]}"
            )
        )


_PARAMETERS = Typed("resources/parameters")
_SECRET = 'resource "aws_secretsmanager_secret" "db" {\n  name = "prod/db"\n%s}\n'
_PARAMETER = 'resource "aws_ssm_parameter" "%s" {\n  type = "String"\n  value = var.v\n}\n'


@check(
    "SEC-2.2.6",
    shows=BOTH,
    clean=[Example("a vault with a key of its own", {"main.tf": _SECRET % "  kms_key_id = aws_kms_key.s.arn\n"})],
    flagged=[Example("a password as a plain parameter", {"main.tf": _PARAMETER % "db_password"})],
    silent=[Example("a plain parameter that is not a secret", {"main.tf": _PARAMETER % "zone"})],
)
def secrets_are_encrypted(infrastructure: Infrastructure) -> Iterator[Draft]:
    """Secrets lie encrypted: parameters that hold one are SecureString, and the vault has a key."""
    parameters = _PARAMETERS.among(infrastructure)
    plain = [p for p in parameters if _PARAMETERS.says(p, "plain").value and _holds_secret(p)]
    if plain:
        yield failed(
            each(plain, name=lambda p: p.address, at=lambda p: _PARAMETERS.place(p, "plain")).say(
                "{Parameter|Parameters} {} {holds} a secret and {is} not encrypted"
            ),
            examined(len(parameters), "parameters"),
            remedy='Set type = "SecureString" and a kms key.',
        )
        return
    secrets = SECRETS.among(infrastructure, "secret")
    keyed = [s for s in secrets if SECRETS.value(s, "key")]
    if secrets and len(keyed) == len(secrets):
        yield passed(
            "Each secret lies in the vault under a key of its own; the vault answers over TLS only",
            *(SECRETS.place(s, "key") for s in keyed),
            examined(len(secrets), "secrets"),
        )


def _holds_secret(parameter: Block) -> bool:
    name = f"{parameter.label} {_PARAMETERS.value(parameter, 'name') or ''}"
    return re.search(r"passw|secret|token|api[_-]?key|private[_-]?key|credential", name, re.IGNORECASE) is not None


_TRAILS = Typed("resources/audit-trails")
_TRAIL = 'resource "aws_cloudtrail" "all" {\n  name = "all"\n  s3_bucket_name = "logs"\n%s}\n'


@check(
    "SEC-2.2.7",
    shows=BOTH,
    clean=[
        Example(
            "a trail over the vault's account", {"main.tf": _SECRET % "" + _TRAIL % "  is_multi_region_trail = true\n"}
        ),
        Example("an audit device", {"vault.tf": 'resource "vault_audit" "file" {\n  type = "file"\n}\n'}),
    ],
    flagged=[Example("the trail is off", {"main.tf": _SECRET % "" + _TRAIL % "  enable_logging = false\n"})],
    silent=[Example("the trail may stand elsewhere", {"main.tf": _SECRET % ""})],
)
def reads_of_secrets_are_audited(infrastructure: Infrastructure) -> Iterator[Draft]:
    """A trail or an audit device records each read of a secret."""
    trails = _TRAILS.among(infrastructure, "trail")
    off = [t for t in trails if _TRAILS.says(t, "runs").value is False]
    if off:
        yield failed(f"{off[0].address} does not log", _TRAILS.place(off[0], "runs"), examined(len(trails), "trails"))
        return
    devices = _TRAILS.among(infrastructure, "device")
    wide = [t for t in trails if _TRAILS.says(t, "everywhere").value and not _passes_calls_over(t)]
    if devices:
        yield passed("The vault has an audit device", *(d.at() for d in devices))
    elif wide and SECRETS.among(infrastructure, "secret"):
        yield passed(f"{wide[0].address} records calls to the vault in every region", *(t.at() for t in wide))


def _passes_calls_over(trail: Block) -> bool:
    """Whether what a trail selects leaves out the calls that manage things, of which reads of secrets are some."""
    selectors = _TRAILS.parts(trail, "selectors")
    return bool(selectors) and all(as_flag(_TRAILS.within(trail, s, "manages")) is False for s in selectors)
