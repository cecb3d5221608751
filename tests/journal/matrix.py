# ruff: noqa: E501  # a place is one line here, so that it is seen what stands where
"""A repository with a secret in each place that a format has for one, in every style that people choose."""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from orchestrator.formats.tokens import SHAPES
from tests.formats.making import made
from tests.journal.canaries import TOKENS, Canary, Maker
from tests.repositories import SHOP, git, repository
from tests.words import SMALL_TEAM, in_days, words


class Place(NamedTuple):
    """A format's place for a secret: ``{V}`` is the secret, ``{B}`` its base64, ``{n}`` the file's own number."""

    name: str
    path: str
    text: str


P, S, T = "pass" + "word", "sec" + "ret", "to" + "ken"
"""Words that are put together here, so that no line of this file is a credential."""

PLACES = (
    # what kubernetes keeps secret
    Place("secret data", "k8s/s{n}.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: s{n}}\n# near-{n}\ndata:\n  a: {B}\n"),
    Place("secret stringData", "k8s/t{n}.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: t{n}}\n# near-{n}\nstringData:\n  plain: {Q}\n"),
    Place("secret in a list", "k8s/l{n}.yaml", "apiVersion: v1\nkind: List\n# near-{n}\nitems:\n  - apiVersion: v1\n    kind: Secret\n    metadata: {name: l{n}}\n    data:\n      b: {B}\n"),
    Place("second document", "k8s/m{n}.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m{n}}\n# near-{n}\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: n{n}}\nstringData:\n  x: {Q}\n"),
    Place("secret as JSON", "k8s/j{n}.json", '{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "near-{n}"},\n "data": {"c": "{B}"}}\n'),
    Place("helm template", "chart{n}/templates/secret.yaml", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {{ .Release.Name }}\n# near-{n}\ndata:\n  d: {B}\n"),
    Place("dockerconfigjson", "k8s/d{n}.yaml", "apiVersion: v1\nkind: Secret\ntype: kubernetes.io/dockerconfigjson\n# near-{n}\nmetadata: {name: d{n}}\ndata:\n  .dockerconfigjson: {D}\n"),
    Place("docker config", "docker{n}/config.json", '{"near-{n}": 1, "auths": {"r.acme.io": {\n"auth": "{A}"}}}\n'),
    Place("kubernetes env", "k8s/e{n}.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: e{n}}\n# near-{n}\nspec:\n  containers:\n    - name: a\n      image: a:1\n      env:\n        - name: LEDGER_" + P.upper() + "\n          value: {Q}\n"),
    Place("kubernetes args", "k8s/a{n}.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a{n}}\n# near-{n}\nspec:\n  containers:\n    - name: a\n      image: redis:7\n      args: ['--requirepass', {Q}]\n"),
    Place("configmap url", "k8s/c{n}.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c{n}}\n# near-{n}\ndata:\n  URL: postgres://app:{V}@db/app\n"),
    Place("configmap setting", "k8s/f{n}.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: f{n}}\n# near-{n}\ndata:\n  settings: |\n    level: info\n    db." + P + "={V}\n"),
    # infrastructure
    Place("variable, next line", "infra/v{n}.tf", '# near-{n}\nvariable "ledger_' + P + '_{n}" {\n  type = string\n  default = "{V}"\n}\n'),
    Place("sensitive variable", "infra/w{n}.tf", '# near-{n}\nvariable "ledger_{n}" {\n  sensitive = true\n  default   = "{V}"\n}\n'),
    Place("parameter", "infra/p{n}.tf", '# near-{n}\nresource "aws_ssm_parameter" "p{n}" {\n  name  = "/a"\n  type  = "SecureString"\n  value = "{V}"\n}\n'),
    Place("secrets manager", "infra/q{n}.tf", '# near-{n}\nresource "aws_secretsmanager_secret_version" "q{n}" {\n  ' + S + '_string = "{V}"\n}\n'),
    Place("key vault", "infra/r{n}.tf", '# near-{n}\nresource "azurerm_key_vault_secret" "r{n}" {\n  name = "a"\n  value = "{V}"\n}\n'),
    Place("secret manager", "infra/s{n}.tf", '# near-{n}\nresource "google_secret_manager_secret_version" "s{n}" {\n  ' + S + '_data = "{V}"\n}\n'),
    Place("master password", "infra/t{n}.tf", '# near-{n}\nresource "aws_db_instance" "t{n}" {\n  master_' + P + ' = "{V}"\n}\n'),
    Place("provider", "infra/u{n}.tf", '# near-{n}\nprovider "mysql" {\n  username = "a"\n  ' + P + ' = "{V}"\n}\n'),
    Place("output", "infra/x{n}.tf", '# near-{n}\noutput "x{n}" {\n  sensitive = true\n  value     = "{V}"\n}\n'),
    Place("task definition", "infra/y{n}.tf", '# near-{n}\nresource "aws_ecs_task_definition" "y{n}" {\n  container_definitions = jsonencode([{ environment = [\n    { name = "LEDGER_' + P.upper() + '", value = "{V}" }] }])\n}\n'),
    Place("tfvars", "infra/z{n}.auto.tfvars", "# near-{n}\nledger_" + P + '_{n} = "{V}"\n'),
    Place("state", "infra/state{n}.tfstate", '{"near-{n}": 1, "outputs": {"k": {\n"value": "{V}", "sensitive": true}}}\n'),
    Place("NoEcho", "cfn/a{n}.yaml", "Parameters:\n  P:\n    Type: String\n    NoEcho: true\n    # near-{n}\n    Default: {Q}\nResources:\n  B:\n    Type: AWS::S3::Bucket\n"),
    Place("SecretString", "cfn/b{n}.yaml", "Resources:\n  B:\n    Type: AWS::SecretsManager::Secret\n    Properties:\n      # near-{n}\n      SecretString: {Q}\n"),
    Place("SSM in a template", "cfn/c{n}.yaml", "Resources:\n  B:\n    Type: AWS::SSM::Parameter\n    Properties:\n      # near-{n}\n      Value: {Q}\n"),
    Place("MasterUserPassword", "cfn/d{n}.yaml", "Resources:\n  B:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      # near-{n}\n      MasterUser" + P.title() + ": {Q}\n"),
    Place("ECS environment", "cfn/e{n}.yaml", "Resources:\n  B:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n      # near-{n}\n      ContainerDefinitions:\n        - Environment:\n            - Name: LEDGER_" + P.upper() + "\n              Value: {Q}\n"),
    Place("ECS as JSON", "deploy/task{n}.json", '{"family": "near-{n}", "containerDefinitions": [{"environment": [\n{"name": "LEDGER_' + S.upper() + '",\n "value": "{V}"}]}]}\n'),
    # statements
    Place("ALTER ROLE", "migrations/{n}.sql", "-- near-{n}\nALTER ROLE app WITH LOGIN " + P.upper() + " '{V}';\n"),
    Place("CREATE USER", "migrations/{n}.sql", "-- near-{n}\nCREATE USER app IDENTIFIED BY '{V}';\n"),
    Place("SET PASSWORD", "migrations/{n}.sql", "-- near-{n}\nSET " + P.upper() + " FOR 'a'@'b' = '{V}';\n"),
    Place("dblink", "migrations/{n}.sql", "-- near-{n}\nSELECT * FROM dblink('host=x " + P + "={V}', 'select 1') AS t(a int);\n"),
    Place("subscription", "migrations/{n}.sql", "-- near-{n}\nCREATE SUBSCRIPTION s CONNECTION 'host=x user=a " + P + "={V} dbname=y' PUBLICATION p;\n"),
    Place("login of a server", "migrations/{n}.sql", "-- near-{n}\nCREATE LOGIN app WITH " + P.upper() + " = N'{V}';\n"),
    # Dockerfiles
    Place("ENV with =", "svc{n}/Dockerfile", "FROM a:1\n# near-{n}\nENV LEDGER_" + P.upper() + "={V} B=1\nLABEL near-{n}=1\n"),
    Place("ENV with a blank", "svc{n}/Dockerfile", "FROM a:1\n# near-{n}\nENV LEDGER_" + S.upper() + " {V}\n"),
    Place("ARG", "svc{n}/Dockerfile", "FROM a:1\n# near-{n}\nARG NPM_" + T.upper() + "={V}\n"),
    Place("PGPASSWORD", "svc{n}/Dockerfile", "FROM a:1\n# near-{n}\nRUN PG" + P.upper() + "={V} psql -h db -c 'select 1'\n"),
    Place("CMD as a list", "svc{n}/Dockerfile", 'FROM redis:7\n# near-{n}\nCMD ["redis-server", "--requirepass", "{V}"]\n'),
    Place("continued RUN", "svc{n}/Dockerfile", "FROM a:1\n# near-{n}\nRUN mytool \\\n    --" + P + " \\\n    {V} \\\n    --now\n"),
    # compose and its like
    Place("environment list", "c{n}/compose.yaml", "services:\n  a:\n    image: a:1\n    # near-{n}\n    environment:\n      - LEDGER_" + P.upper() + "={V}\n"),
    Place("environment map", "c{n}/compose.yaml", "services:\n  a:\n    image: a:1\n    # near-{n}\n    environment:\n      LEDGER_" + T.upper() + ": {Q}\n"),
    Place("compose command", "c{n}/compose.yaml", "services:\n  a:\n    image: redis:7\n    # near-{n}\n    command: redis-server --requirepass {V} --appendonly yes\n"),
    Place("compose list", "c{n}/compose.yaml", "services:\n  a:\n    image: redis:7\n    # near-{n}\n    command:\n      - redis-server\n      - --requirepass\n      - {Q}\n"),
    Place("env file", "cfg{n}/.env", "# near-{n}\nLEDGER_" + P.upper() + "={V}\n"),
    Place("quoted env file", "cfg{n}/prod.env", "# near-{n}\nexport LEDGER_" + S.upper() + "=\"{V}\"\n"),
    Place("properties", "cfg{n}/application.properties", "# near-{n}\nspring.datasource." + P + "={V}\n"),
    Place("YAML setting", "cfg{n}/application.yaml", "# near-{n}\nledger:\n  " + P + ": {Q}\n"),
    Place("JSON setting", "cfg{n}/appsettings.json", '{"near-{n}": 1,\n "Ledger": {"Client' + S.title() + '": "{V}"}}\n'),
    Place("TOML setting", "cfg{n}/settings.toml", "# near-{n}\n[ledger]\napi_" + T + " = \"{V}\"\n"),
    Place("INI setting", "cfg{n}/settings.ini", "; near-{n}\n[ledger]\n" + P + " = {V}\n"),
    Place("systemd", "cfg{n}/ledger.service", "[Service]\n# near-{n}\nEnvironment=\"LEDGER_" + P.upper() + "={V}\"\nExecStart=/bin/a\n"),
    Place("Procfile", "app{n}/Procfile", "# near-{n}\nweb: LEDGER_" + P.upper() + "={V} gunicorn a:b\n"),
    Place("app.json", "app{n}/app.json", '{"name": "near-{n}", "env": {"LEDGER_' + T.upper() + '": {\n"value": "{V}"}}}\n'),
    Place("serverless", "app{n}/serverless.yml", "service: near-{n}\nprovider:\n  name: aws\n  environment:\n    LEDGER_" + S.upper() + ": {Q}\n"),
    Place("web.config", "app{n}/web.config", '<configuration>\n<!-- near-{n} -->\n<add key="Ledger' + P.title() + '" value="{V}" />\n</configuration>\n'),
    Place("connection string", "app{n}/web.config", '<configuration>\n<!-- near-{n} -->\n<add name="Db" connectionString="Server=db;User Id=sa;' + P.title() + '={V};" />\n</configuration>\n'),
    Place("settings.xml", "app{n}/settings.xml", "<settings>\n<!-- near-{n} -->\n<server><" + P + ">{V}</" + P + "></server>\n</settings>\n"),
    Place("pgpass", "app{n}/.pgpass", "# near-{n}\ndb:5432:app:app:{V}\n"),
    Place("netrc", "app{n}/.netrc", "# near-{n}\nmachine api.acme.io login bot " + P + " {V}\n"),
    # CI
    Place("CI env", ".github/workflows/w{n}.yaml", "name: near-{n}\non: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n        env:\n          LEDGER_" + P.upper() + ": {Q}\n"),
    Place("CI step", ".github/workflows/x{n}.yaml", "name: near-{n}\non: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: docker login -u bot -p {V} r.acme.io\n"),
    Place("CI step of lines", ".github/workflows/y{n}.yaml", "name: near-{n}\non: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n          helm upgrade shop ./chart \\\n            --set db." + P + "={V} \\\n            --wait\n"),
    Place("GitLab variables", "ci/g{n}.yml", "# near-{n}\nvariables:\n  LEDGER_" + T.upper() + ": {Q}\njob:\n  script: [make]\n"),
    Place("Jenkins", "job{n}/Jenkinsfile", "// near-{n}\npipeline {\n  stages {\n    stage('a') {\n      steps {\n        sh 'mysql -uroot -p{V} shop'\n      }\n    }\n  }\n}\n"),
    Place("Makefile", "job{n}/Makefile", "# near-{n}\npush:\n\tsshpass -p {V} scp a b:\n"),
    Place("npm script", "job{n}/package.json", '{"name": "near-{n}", "version": "1.0.0", "scripts": {"deploy":\n"curl -u bot:{V} https://api.acme.io"}}\n'),
    # commands in scripts and documents
    *(
        Place(name, ("scripts/{n}.sh", "docs/{n}.md")[number % 2], "# near-{n}\n\n" + text + "\n")
        for number, (name, text) in enumerate(
            {
                "mysqldump": "mysqldump -u root -p{V} shop > a.sql",
                "--password": "mytool --" + P + " {V} --now",
                "--password=": "mytool --" + P + "={V} --now",
                "redis-cli": "redis-cli -h db -a {V} ping",
                "htpasswd": "htpasswd -bc /etc/users bot {V}",
                "openssl": "openssl enc -aes-256-cbc -in a -out b -pass pass:{V}",
                "from-literal": "kubectl create secret generic a --from-literal=plain={V}",
                "docker-password": "kubectl create secret docker-registry a --docker-" + P + "={V}",
                "aws configure": "aws configure set aws_" + S + "_access_key {V}",
                "az login": "az login --service-principal -u a -p {V} --tenant b",
                "gh secret set": "gh secret set NAME -b {V}",
                "vault kv put": "vault kv put kv/shop plain={V}",
                "docker -e": "docker run -e LEDGER_" + P.upper() + "={V} shop:1",
                "build-arg": "docker build --build-arg NPM_" + T.upper() + "={V} .",
                "git clone": "git clone https://bot:{V}@git.acme.io/a.git",
                "curl header": "curl -H 'Authorization: Bearer {V}' https://api.acme.io",
                "curl user": "curl -u bot:{V} https://api.acme.io",
                "token parameter": "curl 'https://api.acme.io/v1?access_" + T + "={V}&page=1'",
                "fragment": "open 'https://acme.io/done#access_" + T + "={V}'",
                "jdbc": "java -Durl='jdbc:mysql://db/shop?user=a&" + P + "={V}' -jar a.jar",
                "libpq": "psql 'host=db user=app " + P + "={V} dbname=shop'",
                "ODBC": "isql 'DRIVER={x};SERVER=db;UID=sa;PWD={V};'",
                "mongodb": "mongosh 'mongodb+srv://app:{V}@c0.acme.io/shop'",
                "amqp": "celery -b amqp://app:{V}@mq:5672/shop",
                "redis address": "redis-cli -u redis://:{V}@db:6379/0",
                "ldap": "ldapsearch -x -D cn=admin -w {V}",
                "sqlcmd": "sqlcmd -S db -U sa -P {V} -Q 'select 1'",
                "chpasswd": "echo 'app:{V}' | chpasswd",
                "sqlplus": "sqlplus app/{V}@db",
                "rabbitmq": "rabbitmqctl add_user shop {V}",
                "keytool": "keytool -genkey -storepass {V} -alias a",
                "ansible": "ansible-playbook -e 'db_" + P + "={V}' site.yml",
                "heroku": "heroku config:set LEDGER_" + T.upper() + "={V}",
                "system property": "java -Dledger." + P + "={V} -jar a.jar",
                "list of words": "run(['mytool', '--" + T + "', '{V}'])",
            }.items()
        )
    ),
    # program code
    Place("fallback in JavaScript", "src/a{n}.js", "// near-{n}\nconst a = process.env.LEDGER_" + P.upper() + " || '{V}'\n"),
    Place("fallback in Python", "src/b{n}.py", "# near-{n}\na = os.environ.get('LEDGER_" + P.upper() + "', '{V}')\n"),
    Place("constant in Go", "src/c{n}.go", "package a\n\n// near-{n}\nvar ledger" + T.title() + ' string = "{V}"\n'),
    Place("constant in Rust", "src/d{n}.rs", "// near-{n}\nconst LEDGER_" + T.upper() + ': &str = "{V}";\n'),
    Place("constant in C", "src/e{n}.c", "/* near-{n} */\n#define LEDGER_" + P.upper() + ' "{V}"\n'),
    Place("property in C#", "src/F{n}.cs", "// near-{n}\npublic string Ledger" + P.title() + ' { get; set; } = "{V}";\n'),
    Place("assignment", "src/g{n}.rb", "# near-{n}\nledger_" + P + ' = "{V}"\n'),
    # prose
    Place("heading", "docs/h{n}.md", "# Set LEDGER_" + P.upper() + "={V}\n\nnear-{n}\n"),
    Place("sentence", "docs/i{n}.md", "# How near-{n}\n\nSign in with `" + P + ": {V}` first.\n"),
)  # fmt: skip
"""Each is held to be read: ``near-{n}`` stands beside the secret, in a line of its own, and must come out."""

ANYWHERE = (
    Place("comment", "src/t{n}.py", "# near-{n}\n# see {V}\n"),
    Place("emphasis in a heading", "docs/u{n}.md", "# About _{V}_ and **more**\n\nnear-{n}\n"),
    Place("link", "docs/v{n}.md", "# near-{n}\n\n[here](https://acme.io/{V})\n"),
    Place("label", "svc{n}/Dockerfile", "FROM a:1\n# near-{n}\nLABEL a={V}\n"),
    Place("unknown instruction", "svc{n}/Dockerfile", "FROM a:1\n# near-{n}\n{V} a\n"),
    Place("job", ".github/workflows/z{n}.yaml", "name: near-{n}\non: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - name: go {V}\n        run: make\n"),
    Place("annotation", "k8s/u{n}.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: u{n}\n  # near-{n}\n  annotations: {a: '{V}'}\n"),
    Place("row", "migrations/{n}.sql", "-- near-{n}\nINSERT INTO t VALUES ('{V}');\n"),
    Place("broken YAML", "k8s/v{n}.yaml", "# near-{n}\nkind: [Deployment\n{V}: {\n"),
    Place("broken JSON", "deploy/w{n}.json", '{"near-{n}": 1\n"{V}" x\n'),
    Place("parts", "src/x{n}.js", "// near-{n}\nconst a = '{V1}' +\n  '{V2}'\n"),
    Place("continued", "scripts/y{n}.sh", "# near-{n}\nrun {V1}\\\n{V2}\n"),
    Place("dashboard", "grafana/dash{n}.json", '{"title": "near-{n}", "schemaVersion": 39, "panels": [{"type": "graph", "title": "  up   {V} ", "targets": [{"expr": "up"}]}]}\n'),
    Place("alert", "prometheus/r{n}.yaml", "groups:\n  - name: near-{n}\n    rules:\n      - alert: A\n        expr: up == 0\n        annotations: {summary: 'see {V}'}\n"),
    Place("table", "docs/t{n}.md", "# How near-{n}\n\n| a | b |\n| --- | --- |\n| c | {V} |\n"),
    Place("XML text", "app{n}/pom.xml", "<project>\n<!-- near-{n} -->\n<name>{V}</name>\n</project>\n"),
    Place("scenario", "features/{n}.feature", "Feature: near-{n}\n  Scenario: pay with _{V}_ at once\n"),
    Place("requirement", "docs/requirements/r{n}.md", "# Requirements of near-{n}\n\n- The shop MUST pay with _{V}_ at all times.\n"),
    Place("folded alert", "prometheus/f{n}.yaml", "groups:\n  - name: near-{n}\n    rules:\n      - alert: A\n        expr: up == 0\n        annotations:\n          summary: >-\n            go   to\n            {V}\n"),
    Place("note of a migration", "migrations/versions/{n}.py", '"""near-{n} brings {V} along"""\nrevision = "{n}"\ndown_revision = None\n\n\ndef upgrade():\n    op.execute("select 1")\n'),
    Place("far out", "src/z{n}.py", "# near-{n}\nx = '" + "y " * 90 + "{V}'\n"),
)  # fmt: skip
"""Where a token is told by its own shape."""


SAID = (
    Place("waiver", "reason", "password: {V}"),
    Place("waiver", "reason", "see postgres://app:{V}@db/app"),
    Place("waiver", "reason", "mytool --password {V}"),
    Place("waiver", "link", "https://acme.io/?token={V}"),
    Place("waiver", "link", "https://bot:{V}@acme.io/a"),
    Place("attestation", "reason", "LEDGER_PASSWORD={V} was set"),
    Place("attestation", "link", "https://acme.io/a?x=1&api_key={V}"),
)
"""What ``readiness.yaml`` says itself."""


CRITERIA = {"waiver": "INF-1.2.1", "attestation": "OBS-4.3.4"}


_BARE = b"(?<![A-Za-z0-9_-])"
"""How the pattern of a token begins that is told by its own shape, wherever it stands."""


class Planted(NamedTuple):
    """The repository, its secrets, and what must come out of each of its files for it to have been read."""

    folder: Path
    canaries: list[Canary]
    near: list[str]
    pairs: set[tuple[str, str]]
    """Kind and place of each."""
    files: dict[str, int]
    """How many lines each file has."""


_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"


def styles(chance: random.Random) -> dict[str, Callable[[], str]]:
    """What people take for a secret, each unlike any word of a language or of this repository."""

    def word(syllables: int) -> str:
        return "".join(chance.choice(_CONSONANTS) + chance.choice(_VOWELS) for _ in range(syllables))

    return {
        "random": lambda: "".join(chance.choices(string.ascii_letters + string.digits, k=20)) + "a1Z",
        "person": lambda: f"{word(3).title()}{word(3).title()}!{chance.randrange(10, 99)}",
        "name with digits": lambda: f"{word(4).title()}{chance.randrange(1950, 2030)}",
        "letters": lambda: word(6),
        "dashes": lambda: "-".join((word(3), word(3), word(3))),
        "short": lambda: f"{word(3)}{chance.randrange(10, 99)}",
        "capitals": lambda: word(5).upper() + "7",
        "long phrase": lambda: "_".join(word(3) for _ in range(5)),
    }


def planted(folder: Path, seed: int) -> Planted:
    """A service with a secret of each style in each of ``PLACES``, and a token in each of ``ANYWHERE``."""
    chance, make = random.Random(seed), Maker(seed)
    files: dict[str, str] = {}
    canaries: list[Canary] = []
    near: list[str] = []
    pairs: set[tuple[str, str]] = set()

    def put(place: Place, kind: str, text: str, core: str) -> None:
        number = len(near)
        canaries.append(Canary(f"{kind} in {place.name}", text, core))
        near.append(f"near-{number}")
        pairs.add((kind, place.name))
        path = place.path.replace("{n}", str(number))
        assert path not in files
        files[path] = _filled(place.text, text, number)
        if place.path.startswith("chart"):
            files[f"chart{number}/Chart.yaml"] = f"name: c{number}\nversion: 1.0.0\n"

    for place in PLACES:
        for kind, choose in styles(chance).items():
            value = choose()
            put(place, kind, value, value)
        token = make.token()
        put(place, token.kind, token.text, token.core)
    for place in ANYWHERE:
        for _ in TOKENS:
            token = make.token()
            put(place, token.kind, token.text, token.core)
    for number, shape in enumerate(s for s in SHAPES if s.text.startswith(_BARE)):
        text, secret = made(shape.text.decode(), chance)
        if text.isprintable() and not set(text) & set("'\"`\\"):
            put(ANYWHERE[number % len(ANYWHERE)], shape.kind, text, secret)
    readiness = ["agents: ['reader:Reader']", f"policy: {{name: 'ours {make.token().text}'}}"]
    said: dict[str, list[str]] = {"waiver": [], "attestation": []}
    for number, place in enumerate(SAID):
        for kind, choose in styles(chance).items():
            value = choose()
            canaries.append(Canary(f"{kind} in {place.name} {number}", value, value))
            case = "".join(chr(ord("a") + int(digit)) for digit in str(len(canaries)))
            taken = f"taken until the autumn, case {case}"
            text = place.text.replace("{V}", value)
            key = "reason" if place.name == "waiver" else "seen"
            more = {key: f"{taken}\n{text}", "link": "https://acme.io/a"}
            if place.path == "link":
                more = {key: taken, "link": text}
            statement = {"criterion": CRITERIA[place.name], "who": "dana", "on": in_days(-1)} | more
            said[place.name].append(json.dumps(statement))
    (folder.parent / "words.yaml").write_text(words(waivers=said["waiver"], attestations=said["attestation"]))
    (folder.parent / "team.yaml").write_text(SMALL_TEAM)
    repository(folder, SHOP | files | {"reader.py": READER, "readiness.yaml": "\n".join(readiness) + "\n"})
    for name in ("tag", "branch"):
        git(folder, name, make.token().text)
    canaries += make.made[-3:]
    return Planted(folder, canaries, near, pairs, {path: text.count("\n") for path, text in files.items()})


def _filled(text: str, value: str, number: int) -> str:
    auth = base64.b64encode(f"bot:{value}".encode()).decode()
    config = json.dumps({"auths": {"r.acme.io": {"username": "bot", P: value, "auth": auth}}})
    put = {
        "{n}": str(number),
        "{V1}": value[: len(value) // 2],
        "{V2}": value[len(value) // 2 :],
        "{V}": value,
        "{Q}": f'"{value}"',
        "{B}": base64.b64encode(value.encode()).decode(),
        "{D}": base64.b64encode(config.encode()).decode(),
        "{A}": auth,
    }
    for name, said in put.items():
        text = text.replace(name, said)
    return text


READER = '''"""Quotes every line of every planted file, one at a time, and says what it has read."""

import json
import os
import pathlib

from orchestrator import Agent, Source
from orchestrator.contract.checks import passed


class Reader(Agent):
    id = 'reader'
    criteria = ('DEP-5.2.1',)

    async def review(self, brief):
        files = json.loads(pathlib.Path(os.environ['PLANTED']).read_text())
        places = [Source(path=path, line=line) for path, lines in files.items() for line in range(1, lines + 1)]
        some = [places[at:at + 6] for at in range(0, len(places), 6)]
        return await brief.cite([('reader', passed('lines are quoted', *six, criterion='DEP-5.2.1')) for six in some])
'''
