"""Hostile files: the names that readers look for, with content that should never stand in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_PATHS = (
    "k8s/web.yaml k8s/web.json .github/workflows/ci.yaml .github/actions/x/action.yml .gitlab-ci.yml Jenkinsfile "
    "azure-pipelines.yml .circleci/config.yml .travis.yml bitbucket-pipelines.yml cloudbuild.yaml buildspec.yml "
    "skaffold.yaml .buildkite/pipeline.yml docker-compose.yml Dockerfile charts/web/Chart.yaml "
    "charts/web/values.yaml charts/web/templates/web.yaml kustomization.yaml infra/main.tf prod.tfvars "
    "terragrunt.hcl main.tf.json infra/stack.yaml infra/template.json serverless.yml package.json "
    "package-lock.json yarn.lock pnpm-lock.yaml pyproject.toml setup.py setup.cfg requirements.txt Pipfile "
    "poetry.lock pom.xml build.gradle gradle/libs.versions.toml Gemfile Gemfile.lock shop.gemspec go.mod go.sum "
    "Cargo.toml Cargo.lock composer.json composer.lock shop.csproj Directory.Packages.props mix.exs pubspec.yaml "
    "Package.swift db/migrate/20260101000000_a.rb db/schema.rb db/structure.sql shop/migrations/0001_initial.py "
    "alembic/versions/abc_a.py migrations/001_a.sql src/main/resources/db/migration/V1__a.sql "
    "src/main/resources/db/changelog/db.changelog-master.xml src/main/resources/db/changelog/a.yaml "
    "prisma/schema.prisma prisma/migrations/1_a/migration.sql migrations/20260101-a.js src/migrations/1-a.ts "
    "database/migrations/2026_01_01_000000_a.php priv/repo/migrations/1_a.exs Migrations/20260101_A.cs "
    "migrations/0002_b.up.sql migrations/0002_b.down.sql models.py app/models/user.rb src/main/java/User.java "
    "app.py src/app.js src/App.tsx main.go src/main.rs config/routes.rb app.php Program.cs lib/a.ex urls.py "
    "index.html templates/a.html a.vue style.css a.erb script.sh prometheus/alerts.yml grafana/dash.json "
    "grafana/dash.ndjson infra/monitor.tf alertmanager.yml openapi.yaml openapi.json README.md docs/runbook.md "
    "docs/a.rst CODEOWNERS tests/test_a.py src/a.spec.ts a_test.go spec/a_spec.rb load/k6.js locustfile.py "
    "jmeter/a.jmx artillery.yml load/summary.json lighthouserc.json budget.json webpack.config.js vite.config.ts "
    "gunicorn.conf.py Procfile nginx.conf .coveragerc coverage.xml codecov.yml jest.config.js tox.ini "
    "sonar-project.properties .nycrc .env application.properties application.yml config/database.yml "
    "config/app.ini appsettings.json .npmrc renovate.json .github/dependabot.yml Makefile postgresql.conf "
    "redis.conf fly.toml otel-collector.yaml data.json a.proto"
)
NAMES = _PATHS.split()
"""A file for every reader, by the name that it looks for."""

_WORDS = (
    "name version scripts dependencies packages workspaces panels resource provider variable terraform Resources "
    "apiVersion kind metadata spec items data on jobs steps stages image services include extends rules groups alert "
    "expr labels route openapi paths project tool databaseChangeLog patches workflows commands ci assert metrics "
    "root_group jest exclude"
)
KEYS = _WORDS.split()
"""Words that some reader asks a document for."""
_OBJECTS = (
    "Deployment Service Ingress CronJob Secret NetworkPolicy PrometheusRule HorizontalPodAutoscaler ConfigMap List"
)
KINDS = _OBJECTS.split()

_MALFORMED = {
    ".yaml": "kind: Deployment\napiVersion: apps/v1\nspec: [unclosed\n  - x: : y\n",
    ".json": '{"name": "a", "panels": [1, 2,, "\\ud800"}',
    ".toml": '[project\nname = "a\n',
    ".xml": "<project><dependencies><a></project>",
    ".sql": "CREATE TABLE ((( ;; ' unclosed \n/* never closed",
    ".py": "def f(:\n    operations = [\n'''",
    ".rb": "class A < ActiveRecord::Migration[7.0\n  def change\n    create_table :a do |t|\n <<~SQL\n",
    ".js": 'export function up(knex { return knex.schema.`${ "\\',
    ".tf": 'resource "aws_s3_bucket" "a" {\n  x = "${\n',
    ".html": "<img <input <label 'unclosed <!-- <script",
    "Dockerfile": 'FROM\nRUN <<EOF\nCMD ["a"\nCOPY --from\n\\',
    ".cfg": "no section\n[metadata\n= x\n",
}


def malformed(name: str) -> bytes:
    """What breaks the parser that *name* leads to."""
    ending = next((e for e in _MALFORMED if name.endswith(e) or (e == ".yaml" and name.endswith(".yml"))), ".cfg")
    return _MALFORMED[ending].encode()


def alias_bomb() -> bytes:
    """Thirteen lines of YAML that stand for a billion entries."""
    letters = "bcdefghijklm"
    lines = [f"{c}: &{c} [{','.join(['*' + chr(ord(c) - 1)] * 9)}]" for c in letters]
    return "\n".join(["a: &a [x, x, x]", *lines]).encode()


def entity_bomb() -> bytes:
    """A billion laughs."""
    inner = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    return f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">{inner}]><project>&m;</project>'.encode()


def nested(size: int) -> Mapping[str, bytes]:
    """*size* bytes of openings, in every format that can open something."""
    openings = {
        "k8s/{}.yaml": ("[", "{", "- ", "? ", "!a "),
        "{}.tf": ("[", "${", "(", "a {\n", "!"),
        "src/{}.py": ("(", "[", "not ", "f(", "lambda:"),
        "grafana/{}.json": ("[", '{"panels":', '"'),
        "db/{}.sql": ("(", "CREATE TABLE a (", "/*", "$$", "CASE WHEN "),
        "{}/pom.xml": ("<a>", "<!--", "<![CDATA["),
        "{}/Dockerfile": ("RUN <<A\n", "RUN a \\\n", "["),
        "{}/pyproject.toml": ("[", "a.", "a = ["),
        "docs/{}.md": ("> ", "# ", "[", "* "),
        "pages/{}.html": ("<div>", "<input ", "<", "<script>"),
        "src/{}.js": ("(", "`${", "{", "<A b={"),
    }
    files = {
        path.format(f"n{number}"): opening.encode() * (size // len(opening))
        for path, choices in openings.items()
        for number, opening in enumerate(choices)
    }
    files["deep.yaml"] = b"".join(b" " * n + b"a:\n" for n in range(1_400))
    files["src/deep.py"] = b"".join(b" " * n + b"if a:\n" for n in range(1_400))
    files["k8s/keys.yaml"] = (
        b"".join(b" " * n + b"k" * 900 + b":\n" for n in range(95)) + b" " * 96 + b"[1" + b",1" * 90_000 + b"]"
    )
    files["keys.tf"] = b'resource "a" "b" {\n' + b"k" * 200_000 + b" = [" + b"{}," * 60_000 + b"]\n}\n"
    return files


def bait(length: int) -> Iterator[tuple[str, bytes]]:
    """Lines that make a careless pattern try everything: for each language, one file of them."""
    pieces = (
        "a", " ", "\t", "a ", "a.", "a=", "'", '"', "\\", "a,", "(", "x(", "<", "$", "{", "/", "-", "0", "a:", "://",
        "password", "password = ", "secret: '", "https://a:", "cookie: a", "authorization: ", "eyJa.", "@app.route(",
        "SELECT * FROM ", "except Exception", "console.log(", "logger.info(", "router.get(", "process.env.", "retry",
        "-----BEGIN PRIVATE KEY-----", "http://", "image: ", "def a(", "import a", "FROM a", "a/", "../",
    )  # fmt: skip
    text = "\n".join(piece * (length // len(piece)) + end for piece in pieces for end in ("", "!", '"'))
    for name in NAMES:
        yield name, text.encode()
