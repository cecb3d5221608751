"""Judges how secrets are kept: out of version control, in a vault, encrypted, audited (2.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    BOTH,
    FAIL,
    Block,
    Code,
    Credential,
    Draft,
    Example,
    Files,
    Infrastructure,
    Kubernetes,
    SecretHistory,
    Secrets,
    Signal,
    Source,
    Typed,
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
from ._lines import at_work, broken, production
from ._manifests import EVERYBODYS, FALLBACK_KEY, PLAIN_PASSWORD, SENSITIVE, handed_over, in_place, plain, written_out
from ._vaults import READS, VAULT_IN_CLEAR, audited, encrypted, written_in_apps
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
    reads=[PLAIN_PASSWORD, EVERYBODYS, FALLBACK_KEY],
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
            "the word with which everybody begins, in what is deployed",
            {"deploy/values.yaml": f"web:\n  secretKey: change{'me'}\n"},
        ),
        Example(
            "a word that may be one",
            {"compose.yaml": "services:\n  db:\n    environment:\n      DB_PASSWORD: kestrel\n"},
        ),
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
VAULT_IN_SETTINGS = Signal(
    id="security.vault-in-settings",
    pattern=r"\{\{-?\s*with\s+secret\s+\\?\"|\bkamal\s+secrets\s+fetch\b|\bkeyVaultUrl\s*:|secrets_store_secrets|"
    r"\bfromSecretsManager\(|\bfromSecretNameV2\(|"
    r"\bfromSsmParameter\(|@Microsoft\.KeyVault\(|\{\{resolve:secretsmanager:|\bop\s+(?:read|run|inject)\b|"
    r"vault\.hashicorp\.com/agent-inject-secret|"
    r"\baz\.getSecret\(|hashicorp/vault-action|azure/get-keyvault-secrets|"
    r"google-github-actions/get-secretmanager-secrets|"
    r"aws-actions/aws-secretsmanager-get-secrets|\bdoppler\s+run\b|\binfisical\s+run\b|\bbws\s+(?:run|secret)\b|"
    r"spring\.cloud\.vault|"
    r"\bvalueFrom\s*=\s*.{0,20}(?:secretsmanager|ssm)",
    roles=("config", "infra", "ci", "source", "other"),
)
"""Where what starts a program reads its secrets out of a vault."""
_OPERATORS = (
    "ExternalSecret",
    "ClusterExternalSecret",
    "SecretProviderClass",
    "VaultStaticSecret",
    "VaultDynamicSecret",
)
_VAULTS = ("secret", "dated", "kept", "lasting")
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


_CHART = {
    "Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
    "templates/secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: shop}\nstringData:\n"
    "  password: {{ .Values.mailPassword | quote }}\n",
}
_DEFAULTS = f"mailPass{'word'}: {STRONG}\n"
_OF_CHART = "A chart for others to install has a credential among its defaults; whether one is run with it is not here"


def _is_default(credential: Credential, files: Files) -> bool:
    """Whether a credential stands in the values of a chart that is for others."""
    return credential.source.path in _VALUES and _is_for_others(files)


def _is_for_others(files: Files) -> bool:
    """Whether the whole tree is one chart, and so what is run with it is told by those who install it."""
    return any(file.path == "Chart.yaml" for file in files.entries)


_VALUES = ("values.yaml", "values.yml")
_SETTINGS = 'resource "azurerm_linux_web_app" "shop" {\n  app_settings = {\n    "MAIL_PASS' + 'WORD" = "%s"\n  }\n}\n'


@check(
    "SEC-2.2.2",
    shows=BOTH,
    reads=[VAULT, VAULT_IN_SETTINGS],
    clean=[
        Example("an external secret", {"k8s/secret.yaml": _EXTERNAL_SECRET}),
        Example(
            "a template of Nomad",
            {
                "job.nomad.hcl": 'job "a" {\n  group "a" {\n    task "a" {\n      vault {}\n      template {\n'
                '        data = "T={{ with secret \\"kv/data/a\\" }}{{ .Data.data.t }}{{ end }}"\n      }\n'
                "    }\n  }\n}\n"
            },
        ),
        Example(
            "references of a container app",
            {
                "app.bicep": "resource a 'Microsoft.App/containerApps@2024-03-01' = {\n  name: 'a'\n  properties: {\n"
                "    configuration: {\n      secrets: [\n        {\n          name: 'sql'\n"
                "          keyVaultUrl: 'https://a.vault.azure.net/secrets/sql'\n        }\n      ]\n    }\n  }\n}\n"
            },
        ),
        Example("a store that Kamal asks", {".kamal/secrets": "S=$(kamal secrets fetch --adapter 1password A B)\n"}),
        Example("read from the vault in code", {"app/db.py": "import hvac\n\nclient = hvac.Client(url=URL)\n"}),
    ],
    flagged=[
        Example(
            "the values of a chart that the pipeline installs",
            {**{f"deploy/{path}": text for path, text in _CHART.items()}, "deploy/values.yaml": _DEFAULTS},
        ),
        Example("the value stands in the manifest", {"k8s/secret.yaml": _PLAIN_SECRET}),
        Example(
            "a vault for one part, a value that is written out for another",
            {
                "app/db.py": "import hvac\n\nclient = hvac.Client(url=URL)\n",
                "compose.yaml": f"services:\n  mail:\n    environment:\n      MAIL_PASS{'WORD'}: {STRONG}\n",
            },
        ),
        Example("settings of an application", {"app.tf": _SETTINGS % STRONG}),
    ],
    silent=[
        Example("the defaults of a chart that others install", {**_CHART, "values.yaml": _DEFAULTS}),
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
    kubernetes: Kubernetes, infrastructure: Infrastructure, code: Code, secrets: Secrets, files: Files
) -> Iterator[Draft]:
    """Secrets come from a vault; a Kubernetes Secret with its value written out is the opposite."""
    plain = [(r, key) for r in kubernetes.written("Secret") for key in written_out(r)]
    if plain and _is_for_others(files) and all(r.path.startswith("templates/") for r, _ in plain):
        yield unsure(_OF_CHART, *(r.at(*key) for r, key in plain))
        return
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
    named = together(asked, production(code[VAULT_IN_SETTINGS])).saying(infrastructure.makes)
    places = together([r.at() for r in operators], [b.at() for b in vaults], named)
    beside = live(secrets.found)
    in_clear = [c for c in beside if c.role in _OF_DEPLOYMENTS and not at_work(c.source.path)]
    if deployed_in_clear := [c for c in in_clear if not _is_default(c, files)]:
        yield failed(
            each(deployed_in_clear, at=lambda c: c.source).say(
                "{number:credential} {stands} in the clear in what is deployed, first in {first}, and not in a vault",
                first=deployed_in_clear[0].source,
            ),
            examined(secrets.files, "files searched"),
            confidence="high" if deployed_in_clear[0].confidence == "high" else "medium",
        )
        return
    if written := written_in_apps(infrastructure):
        yield failed("A container app has a secret with its value in place, and not from a vault", *written)
        return
    filled = [
        r
        for r in kubernetes.written("Secret")
        if any(map(SENSITIVE.search, (*r.section("data"), *r.section("stringData"))))
    ]
    given = handed_over(kubernetes)
    if in_clear:
        yield unsure(_OF_CHART, *(c.source for c in in_clear))
    elif places and beside:
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


_OF_DEPLOYMENTS = ("infra", "config", "ci")
"""Roles of the files that say with what a release runs."""
_PARAMETERS = Typed("resources/parameters")
_SECRET = 'resource "aws_secretsmanager_secret" "db" {\n  name = "prod/db"\n%s}\n'
_PARAMETER = 'resource "aws_ssm_parameter" "%s" {\n  type = "String"\n  value = var.v\n}\n'


@check(
    "SEC-2.2.6",
    shows=BOTH,
    reads=[VAULT_IN_CLEAR],
    clean=[
        Example("a vault with a key of its own", {"main.tf": _SECRET % "  kms_key_id = aws_kms_key.s.arn\n"}),
        Example(
            "parameters that are secure",
            {"main.tf": (_PARAMETER % "db_password").replace('"String"', '"SecureString"')},
        ),
        Example(
            "secrets of Google under a key of one's own",
            {
                "main.tf": 'resource "google_secret_manager_secret" "db" {\n  secret_id = "db"\n'
                "  replication {\n    auto {\n      customer_managed_encryption {\n"
                "        kms_key_name = google_kms_crypto_key.s.id\n"
                "      }\n    }\n  }\n}\n"
            },
        ),
        Example("a vault of Azure", {"main.tf": 'resource "azurerm_key_vault" "main" {\n  name = "shop"\n}\n'}),
    ],
    flagged=[
        Example("a password as a plain parameter", {"main.tf": _PARAMETER % "db_password"}),
        Example(
            "a store that is asked in the clear",
            {
                "k8s/store.yaml": "apiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata: {name: v}\nspec:\n"
                "  provider:\n    vault: {server: 'http://vault.shop.test:8200', path: kv}\n"
            },
        ),
        Example("a vault that answers in the clear", {"vault.hcl": 'listener "tcp" {\n  tls_disable = 1\n}\n'}),
        Example("a value that is written out", {"app.tf": _SETTINGS % STRONG}),
    ],
    silent=[
        Example("the defaults of a chart that others install", {**_CHART, "values.yaml": _DEFAULTS}),
        Example("a plain parameter that is not a secret", {"main.tf": _PARAMETER % "zone"}),
        Example(
            "a cluster that says nothing",
            {"main.tf": _SECRET % "  kms_key_id = k.arn\n" + 'resource "aws_eks_cluster" "c" {\n  name = "c"\n}\n'},
        ),
    ],
)
def secrets_are_encrypted(
    infrastructure: Infrastructure, kubernetes: Kubernetes, secrets: Secrets, code: Code, files: Files
) -> Iterator[Draft]:
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
    in_clear = [c for c in live(secrets.found) if c.role in _OF_DEPLOYMENTS and not at_work(c.source.path)]
    if written := [c for c in in_clear if not _is_default(c, files)]:
        yield failed(
            each(written, at=lambda c: c.source).say(
                "{number:credential} {stands} in the clear in what is deployed, first in {first}",
                first=written[0].source,
            ),
            examined(secrets.files, "files searched"),
            confidence="high" if written[0].confidence == "high" else "medium",
        )
        return
    if in_place_of_apps := written_in_apps(infrastructure):
        yield failed("A container app has a secret with its value in place", *in_place_of_apps)
        return
    if clear := production(code[VAULT_IN_CLEAR]):
        yield broken("Secrets travel in the clear: a vault answers without TLS", clear)
        return
    if in_clear:
        yield unsure(_OF_CHART, *(c.source for c in in_clear))
        return
    stores = encrypted(infrastructure, kubernetes)
    if bare := [store for store in stores if store.holds is False]:
        yield failed(
            each(bare, name=lambda s: s.name, at=lambda s: s.at).say("{} {holds} or {hands} over secrets in the clear"),
            examined(len(stores), "stores of secrets"),
        )
    elif stores and all(store.holds for store in stores):
        yield passed(
            each(stores, name=lambda s: s.name, at=lambda s: s.at).say(
                "{} {encrypts} the secrets, and {is} reached over TLS only"
            ),
            examined(len(stores), "stores of secrets"),
        )


def _holds_secret(parameter: Block) -> bool:
    name = f"{parameter.label} {_PARAMETERS.value(parameter, 'name') or ''}"
    return re.search(r"passw|secret|token|api[_-]?key|private[_-]?key|credential", name, re.IGNORECASE) is not None


_TRAIL = 'resource "aws_cloudtrail" "all" {\n  name = "all"\n  s3_bucket_name = "logs"\n%s}\n'
_WIDE = "  is_multi_region_trail = true\n"
_AZURE = """resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'shop'
}
resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'audit'
  scope: vault
  properties: {
    logs: [
      { category: 'AuditEvent', enabled: %s }
    ]
  }
}
"""
_GOOGLE = """resource "google_secret_manager_secret" "db" {
  secret_id = "db"
}
resource "google_project_iam_audit_config" "secrets" {
  service = "secretmanager.googleapis.com"
  audit_log_config {
    log_type = "DATA_READ"
%s  }
}
"""


@check(
    "SEC-2.2.7",
    shows=BOTH,
    reads=READS,
    clean=[
        Example("a trail over the vault's account", {"main.tf": _SECRET % "" + _TRAIL % _WIDE}),
        Example(
            "an audit device",
            {
                "vault.tf": 'resource "vault_mount" "kv" {\n  path = "kv"\n}\n'
                'resource "vault_audit" "file" {\n  type = "file"\n}\n'
            },
        ),
        Example("a vault of Azure", {"vault.bicep": _AZURE % "true"}),
        Example("the secrets of Google", {"main.tf": _GOOGLE % ""}),
    ],
    flagged=[
        Example("the trail is off", {"main.tf": _SECRET % "" + _TRAIL % "  enable_logging = false\n"}),
        Example(
            "a trail of writes alone",
            {
                "main.tf": _SECRET % ""
                + _TRAIL % (_WIDE + '  event_selector {\n    read_write_type = "WriteOnly"\n  }\n')
            },
        ),
        Example("a vault of Azure that keeps nothing", {"vault.bicep": _AZURE % "false"}),
        Example("the device is taken away", {"up.sh": "vault secrets enable kv\nvault audit disable file\n"}),
    ],
    silent=[
        Example("the trail may stand elsewhere", {"main.tf": _SECRET % ""}),
        Example("one reader is spared", {"main.tf": _GOOGLE % '    exempted_members = ["user:a@shop.test"]\n'}),
        Example(
            "a second vault of another kind",
            {"main.tf": _SECRET % "" + _TRAIL % _WIDE, "vault/up.sh": "vault secrets enable -path=kv kv-v2\n"},
        ),
    ],
)
def reads_of_secrets_are_audited(infrastructure: Infrastructure, code: Code) -> Iterator[Draft]:
    """A trail or an audit device records each read of a secret, of every vault in use."""
    vaults = audited(infrastructure, code)
    if off := [vault for vault in vaults if vault.holds is False]:
        yield failed(
            each(off, name=lambda v: v.name, at=lambda v: v.because or v.at).say(
                "Reads of the secrets in {} leave no record"
            ),
            examined(len(vaults), "vaults"),
        )
    elif vaults and all(vault.holds for vault in vaults):
        places = [vault.because for vault in vaults if vault.because]
        yield passed(
            each(vaults, name=lambda v: v.name).say("Reads of the secrets in {} are recorded"),
            *places,
            examined(len(vaults), "vaults"),
        )
    elif len(vaults) > 1 and any(vault.holds for vault in vaults):
        untold = [vault for vault in vaults if not vault.holds]
        yield unsure(
            each(untold, name=lambda v: v.name, at=lambda v: v.at).say(
                "Whether reads of the secrets in {} are recorded cannot be told"
            )
        )
