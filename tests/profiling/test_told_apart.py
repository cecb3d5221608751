"""Questions of the profile that are answered for the nearest neighbours of one another: yes, no, or nobody can tell."""

from __future__ import annotations

import pytest

from orchestrator.evidence.extract import extract
from orchestrator.evidence.tree import MemoryTree
from orchestrator.profiling import SIGNALS, profile

NODE = {
    "package.json": '{"name": "shop", "private": true, "dependencies": {"express": "5"}}',
    "server.js": "const app = express()\napp.get('/cart', show)\napp.listen(3000)\n",
}
COMMAND = {"go.mod": "module example.com/find\n\nrequire github.com/spf13/cobra v1.8.0\n"}
RUST = {
    "Cargo.toml": '[package]\nname = "shop"\nversion = "0.1.0"\n[lib]\n[[bin]]\nname = "shop"\n'
    '[dependencies]\naxum = "0.7"\n',
    "src/lib.rs": "pub fn total() {}\n",
}
PAGE = {"index.html": "<h1>Shop</h1>\n", "CNAME": "shop.example.org\n"}
BALANCER = 'resource "aws_lb" "%s" {\n  internal = %s\n}\n'
CLAIM = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: pages}\n"
DEPLOYED = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec:\n  template:\n    spec:\n      containers:\n"
    "      - name: shop\n        image: example.org/shop:1\n        env: [{name: OTHER, value: '%s'}]\n"
)
SERVICE = (
    "apiVersion: v1\nkind: Service\nmetadata:\n  name: shop\n"
    "  annotations: {networking.gke.io/load-balancer-type: %s}\n"
    "spec: {type: LoadBalancer, selector: {app: shop}}\n"
)
LIBRARY = {
    "pyproject.toml": '[project]\nname = "sums"\nversion = "1"\n[build-system]\nrequires = []\n',
    "src/sums/__init__.py": "def add(a, b):\n    return a + b\n",
}
CI = "on: push\njobs:\n  test:\n    steps:\n      - run: pytest\n        env: {KEY: '${{ secrets.%s }}'}\n"


def debugged(address: str) -> str:
    return f'package main\n\nfunc main() {{\n\tgo http.ListenAndServe("{address}", nil)\n\tcmd.Execute()\n}}\n'


TOLD: list[tuple[str, str, dict[str, str]]] = [
    # one deployable, whose requests are traced into what it calls; a plain one that calls nobody
    ("microservices", "unknown", {**NODE, "trace.js": "const {NodeSDK} = require('@opentelemetry/sdk-node')\n"}),
    ("microservices", "unknown", {**NODE, "deploy/app.yaml": "env: {OTEL_EXPORTER_OTLP_ENDPOINT: 'http://o:4317'}\n"}),
    ("microservices", "unknown", {**NODE, "main.tf": 'resource "aws_lambda_function" "f" {\n  tracing_config {}\n}\n'}),
    ("microservices", "no", {**NODE, "trace.js": "trace('cart')\n"}),
    # what a program declares may be a service; a program beside no such one is none
    ("service", "unknown", {"build.sbt": "", "src/main/scala/Night.scala": "object Night\n", "cdk/cdk.json": "{}"}),
    ("service", "unknown", {"Night.py": "print(1)\n", "infra/Pulumi.yaml": "name: night\nruntime: python\n"}),
    ("service", "no", {"src/main/scala/Night.scala": "object Night\n"}),
    # accounts that an identity provider keeps
    ("passwords", "unknown", {**NODE, "keycloak/realm.json": '{"realm": "shop"}'}),
    ("passwords", "unknown", {**NODE, "main.tf": 'resource "aws_cognito_user_pool" "p" {\n}\n'}),
    ("passwords", "unknown", {**NODE, "deploy/kratos.yml": "selfservice: {}\n"}),
    ("passwords", "no", {**NODE, "deploy/realty.json": "{}"}),
    # sessions by settings, or kept by a framework without a line
    ("sessions", "unknown", {**NODE, "config/framework.yaml": "framework:\n  session:\n    handler_id: x\n"}),
    (
        "sessions",
        "unknown",
        {**NODE, "src/main/resources/application.properties": "server.servlet.session.timeout=30m\n"},
    ),
    ("sessions", "unknown", {**NODE, "composer.json": '{"require": {"laravel/framework": "^11"}}', "a.php": "<?php\n"}),
    ("sessions", "yes", {**NODE, "Guard.java": "class Guard { void a() { http.formLogin(withDefaults()); } }\n"}),
    ("sessions", "no", {**NODE, "config/framework.yaml": "framework:\n  cache: {}\n"}),
    # others tell it what has become of something, under any name
    ("webhooks", "unknown", {**NODE, "pay.js": "app.post('/payments/events', told)\n"}),
    ("webhooks", "unknown", {**NODE, "pay.js": "app.post('/pay/callback', told)\n"}),
    ("webhooks", "no", {**NODE, "pay.js": "app.get('/payments/events', list)\n"}),
    ("webhooks", "no", {**NODE, "pay.js": "app.post('/payments', pay)\n"}),
    # work that waits in a table, or in somebody else's queue
    ("background_jobs", "unknown", {**NODE, "db/1.sql": "CREATE TABLE outbox (id int PRIMARY KEY);\n"}),
    ("background_jobs", "unknown", {**NODE, "work.js": "sqs.send(new ReceiveMessageCommand({QueueUrl}))\n"}),
    ("background_jobs", "no", {**NODE, "db/1.sql": "CREATE TABLE carts (id int PRIMARY KEY);\n"}),
    # what is taken from others without a package
    ("has_dependencies", "unknown", {"main.go": "package main\n", "Dockerfile": "FROM golang:1.23\n"}),
    ("has_dependencies", "no", {"main.go": "package main\n", "Dockerfile": "FROM scratch\n"}),
    (
        "has_dependencies",
        "unknown",
        {
            "main.go": "package main\n",
            ".github/workflows/ci.yml": CI.replace("run: pytest", "uses: actions/checkout@v4"),
        },
    ),
    ("authentication", "unknown", {**NODE, "who.js": "const who = req.get('X-Forwarded-Email')\n"}),
    ("federation", "unknown", {**NODE, "who.js": "const keys = createRemoteJWKSet(jwks, key)\njwt.verify(t, keys)\n"}),
    ("health_data", "unknown", {**NODE, "meal.js": "const allergies = child.allergies\n"}),
    ("health_data", "no", {**NODE, "meal.js": "const dishes = child.dishes\n"}),
    ("caching", "unknown", {**NODE, "page.js": "export const revalidate = 60\n"}),
    # a debugger's listener is no service; a library's program that answers is one
    ("service", "no", {**COMMAND, "main.go": debugged("localhost:6060")}),
    ("service", "no", {**COMMAND, "main.go": debugged("127.0.0.1:6060")}),
    (
        "service",
        "yes",
        {**RUST, "src/main.rs": "async fn main() {\n    axum::serve(listener, app).await.unwrap();\n}\n"},
    ),
    ("service", "no", {**RUST, "src/main.rs": 'fn main() {\n    println!("found");\n}\n'}),
    # an image built upon a cache is one, and no service of one's own
    ("cache", "yes", {**NODE, "cache/Dockerfile": 'FROM redis:7\nCMD ["redis-server", "/etc/redis.conf"]\n'}),
    ("cache", "no", {**NODE, "web/Dockerfile": 'FROM node:22\nCMD ["node", "server.js"]\n'}),
    (
        "microservices",
        "no",
        {
            **NODE,
            "Dockerfile": "FROM node:22\nEXPOSE 3000\n",
            "cache/Dockerfile": "FROM redis:7\nEXPOSE 6379\n",
            "compose.yaml": "services:\n  web:\n    build: .\n  cache:\n    build: ./cache\n",
        },
    ),
    # siblings that live elsewhere
    ("microservices", "yes", {**NODE, "prices.js": "axios.get('http://prices.shop.svc.cluster.local/all')\n"}),
    ("microservices", "yes", {**NODE, "k8s/shop.yaml": DEPLOYED % "http://prices.shop.svc:8080"}),
    ("microservices", "yes", {**NODE, "k8s/shop.yaml": DEPLOYED % "http://prices:8080"}),
    ("microservices", "no", {**NODE, "k8s/shop.yaml": DEPLOYED % "http://otel-collector.ops.svc:4318"}),
    ("microservices", "no", {**NODE, "k8s/shop.yaml": DEPLOYED % "redis://redis.shop.svc:6379"}),
    ("microservices", "no", {**NODE, "k8s/shop.yaml": DEPLOYED % "https://api.example.org"}),
    ("microservices", "unknown", {**NODE, "prices.js": "fetch(`${process.env.PRICES_URL}/all`)\n"}),
    ("microservices", "unknown", {**NODE, "prices.js": "const at = process.env.PRICES_SERVICE_ADDR\n"}),
    ("microservices", "no", {**NODE, "pay.js": "fetch(process.env.STRIPE_API_URL)\n"}),
    ("microservices", "no", {**NODE, "pay.js": "fetch('https://api.example.org/all')\n"}),
    (
        "microservices",
        "yes",
        {
            **NODE,
            "compose.yaml": "services:\n  web:\n    build: .\n    environment:\n      PRICES: http://prices:8080\n",
        },
    ),
    (
        "microservices",
        "no",
        {
            **NODE,
            "compose.yaml": "services:\n  web:\n    build: .\n    environment: {MAIL: 'http://mail:8025'}\n"
            "  mail:\n    image: axllent/mailpit:v1.18\n",
        },
    ),
    # what is kept
    ("stateful", "no", NODE),
    ("stateful", "yes", {**NODE, "photos.js": "const upload = multer({ dest: 'photos/' })\n"}),
    ("stateful", "unknown", {**NODE, "main.tf": 'resource "aws_s3_bucket" "photos" {}\n'}),
    ("stateful", "no", {**NODE, "main.tf": 'resource "aws_s3_bucket" "access_logs" {}\n'}),
    ("stateful", "no", {**NODE, "main.tf": 'resource "aws_elasticache_cluster" "sums" {}\n'}),
    ("stateful", "yes", {**NODE, "main.tf": 'resource "aws_efs_file_system" "photos" {}\n'}),
    ("stateful", "yes", {**NODE, "k8s/claim.yaml": CLAIM}),
    ("stateful", "unknown", {**NODE, "Dockerfile": "FROM node:22\nVOLUME /photos\nEXPOSE 3000\n"}),
    ("stateful", "unknown", {**NODE, "photos.js": "fs.writeFile(path, body, done)\n"}),
    (
        "stateful",
        "yes",
        {
            **NODE,
            "compose.yaml": "services:\n  web:\n    build: .\n    volumes: ['photos:/photos']\nvolumes: {photos: {}}\n",
        },
    ),
    (
        "stateful",
        "no",
        {
            **NODE,
            "compose.yaml": "services:\n  web:\n    build: .\n    volumes: ['node_modules:/app/node_modules']\n"
            "volumes: {node_modules: {}}\n",
        },
    ),
    (
        "stateful",
        "no",
        {**LIBRARY, "src/sums/put.py": "def put(s3, body):\n    s3.put_object(Bucket='a', Body=body)\n"},
    ),
    # copies that go stale
    ("caching", "no", NODE),
    ("caching", "yes", {**NODE, "rates.js": "const rates = new LRUCache({ max: 100 })\n"}),
    ("caching", "yes", {**NODE, "nginx.conf": "location / {\n  proxy_cache answers;\n}\n"}),
    ("caching", "no", {**NODE, "nginx.conf": "location / {\n  proxy_cache off;\n}\n"}),
    ("caching", "yes", {**NODE, "main.tf": 'resource "aws_cloudfront_distribution" "site" {\n}\n'}),
    ("caching", "unknown", {**NODE, "rates.js": "const rate = rateCache.get(currency)\n"}),
    # who reaches it
    ("public", "unknown", NODE),
    ("public", "yes", {**NODE, "main.tf": BALANCER % ("main", "false")}),
    ("public", "yes", {**NODE, "main.tf": 'resource "aws_lb" "main" {\n}\n'}),
    ("public", "no", {**NODE, "main.tf": BALANCER % ("main", "true")}),
    ("public", "unknown", {**NODE, "main.tf": BALANCER % ("main", "true") + BALANCER % ("other", "var.inner")}),
    ("public", "yes", {**NODE, "main.tf": BALANCER % ("main", "true") + BALANCER % ("other", "false")}),
    ("public", "yes", {**NODE, "k8s/shop.yaml": SERVICE % "External"}),
    ("public", "no", {**NODE, "k8s/shop.yaml": SERVICE % "Internal"}),
    ("public", "yes", {**NODE, "fly.toml": "app = 'shop'\n"}),
    ("public", "yes", PAGE),
    ("public", "no", LIBRARY),
    # who is followed, and who signs people in
    ("personal_data", "no", PAGE),
    ("personal_data", "yes", {**PAGE, "index.html": "<script>gtag('config', 'G-1')</script>\n<form></form>\n"}),
    ("personal_data", "yes", {**PAGE, "index.html": '<form><input type="email" required></form>\n'}),
    ("personal_data", "no", {**PAGE, "index.html": '<form><input type="search"></form>\n'}),
    (
        "personal_data",
        "unknown",
        {"mkdocs.yml": "site_name: shop\nextra:\n  analytics:\n    provider: google\n", "docs/index.md": "# Shop\n"},
    ),
    ("federation", "no", {**NODE, "login.js": "app.post('/login', login)\n"}),
    ("federation", "yes", {**NODE, "login.js": "app.post('/login', login)\nFB.login(done)\n"}),
    ("federation", "unknown", {**NODE, "login.js": "app.post('/login', login)\nconst at = 'https://shop.okta.com'\n"}),
    # cards are no health data
    ("card_data", "yes", {**NODE, "schema.sql": "CREATE TABLE cards (\n  card_number text\n);\n"}),
    ("health_data", "no", {**NODE, "schema.sql": "CREATE TABLE cards (\n  card_number text\n);\n"}),
    ("regulated_data", "yes", {**NODE, "schema.sql": "CREATE TABLE cards (\n  card_number text\n);\n"}),
    ("health_data", "yes", {**NODE, "schema.sql": "CREATE TABLE visits (\n  patient_id int\n);\n"}),
    ("card_data", "no", {**NODE, "schema.sql": "CREATE TABLE visits (\n  patient_id int\n);\n"}),
    ("regulated_data", "yes", {**NODE, "schema.sql": "CREATE TABLE visits (\n  patient_id int\n);\n"}),
    ("regulated_data", "no", NODE),
    ("card_data", "unknown", {**NODE, "pay.js": "const card = order.cardNumber\n"}),
    ("health_data", "unknown", {**NODE, "visits.js": "const list = visits.of(patientId)\n"}),
    # secrets of pipelines
    ("secrets", "unknown", LIBRARY),
    ("secrets", "yes", {**LIBRARY, ".github/workflows/ci.yml": CI % "PYPI_TOKEN"}),
    ("secrets", "no", {**LIBRARY, ".github/workflows/ci.yml": CI % "GITHUB_TOKEN"}),
    # what works through jobs alone answers nobody
    (
        "http_api",
        "no",
        {"requirements.txt": "celery==5\n", "Procfile": "worker: celery -A a worker\n", "a.py": "x = 1\n"},
    ),
    (
        "http_api",
        "unknown",
        {
            "requirements.txt": "celery==5\n",
            "Procfile": "web: ./start\nworker: celery -A a worker\n",
            "a.py": "x = 1\n",
        },
    ),
    (
        "http_api",
        "unknown",
        {
            "requirements.txt": "celery==5\n",
            "Procfile": "worker: celery -A a worker\n",
            "a.py": "def handle(request):\n    return 1\n",
        },
    ),
]


@pytest.mark.parametrize(("fact", "expected", "files"), TOLD)
def test_told_apart(fact: str, expected: str, files: dict[str, str]) -> None:
    """
    What differs in one line is answered by that line, and what nobody can tell is unknown.
    """
    found = profile(extract(MemoryTree(files), SIGNALS))

    assert expected == found.answer(fact), found.facts[fact].because
