"""The kind of software is told from facts: yes with a place, no with a count, unknown where it cannot be told."""

from __future__ import annotations

import re

import pytest

from orchestrator.domain.profile import PROFILE_FACTS, Profile
from orchestrator.evidence.extract import extract
from orchestrator.evidence.tree import MemoryTree
from orchestrator.profiling import SIGNALS, profile

LIBRARY = {
    "pyproject.toml": (
        '[project]\nname = "lib"\nversion = "1"\ndependencies = ["requests"]\n[build-system]\nrequires = []\n'
    ),
    "src/lib/__init__.py": "from .server import serve\n",
    "src/lib/server.py": "def serve(handler):\n    HTTPServer(('', 0), handler).serve_forever()\n",
    "src/lib/client.py": "import requests\n\ndef get(url):\n    return requests.get(url, timeout=5)\n",
    "compose.yaml": "services:\n  db:\n    image: postgres:16\n",
    "mkdocs.yml": "site_name: lib\n",
    "docs/index.md": "# lib\n",
}
COMMAND = {
    "Cargo.toml": '[package]\nname = "find"\nversion = "1.0.0"\n[dependencies]\nclap = "4"\n',
    "Cargo.lock": "",
    "src/main.rs": 'fn main() { println!("found"); }\n',
}
DJANGO = {
    "manage.py": "import django\n",
    "requirements.txt": "Django==5.0\npsycopg==3.2\n",
    "shop/settings.py": (
        "INSTALLED_APPS = [\n    'django.contrib.auth',\n]\n"
        "MIDDLEWARE = ['django.contrib.sessions.middleware.SessionMiddleware']\n"
        "WSGI_APPLICATION = 'shop.wsgi.application'\nDATABASES = {'default': {'ENGINE': 'postgresql'}}\n"
    ),
    "shop/urls.py": "urlpatterns = [path('login/', LoginView.as_view()), path('orders/', orders)]\n",
    "orders/models.py": "class Customer(models.Model):\n    first_name = models.CharField()\n",
    "orders/migrations/0001_initial.py": (
        "from django.db import migrations, models\n\nclass Migration(migrations.Migration):\n"
        "    operations = [migrations.CreateModel(name='Customer', fields=[('id', models.AutoField())])]\n"
    ),
    "templates/home.html": "<h1>Shop</h1>\n",
    "Dockerfile": "FROM python:3.12\nEXPOSE 8000\nCMD gunicorn shop.wsgi\n",
}
EXPRESS = {
    "package.json": '{"name": "shop", "private": true, "dependencies": {"express": "5"}}',
    "app/server.js": "const app = require('express')()\napp.listen(8080)\n",
    "Dockerfile": "FROM node:22\nCMD node app/server.js\n",
}
TERRAFORM = {
    "main.tf": 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n',
    "data.tf": 'resource "aws_db_instance" "db" {\n  engine = "postgres"\n}\nresource "aws_s3_bucket" "logs" {\n}\n',
    "README.md": "# network\n",
}
SITE = {
    "_config.yml": "title: guide\n",
    "Gemfile": "gem 'jekyll'\n",
    "index.html": "<h1>Guide</h1>\n",
    "assets/menu.js": "document.querySelector('nav').hidden = false\n",
    "_posts/2024-01-01-a.md": "# Post\n",
}
MICROSERVICES = {
    **{
        f"k8s/{name}.yaml": (
            f"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  template:\n    spec:\n"
            f"      containers:\n        - name: {name}\n          image: example.com/{name}:1\n"
        )
        for name in ("cart", "orders", "payments")
    },
    "orders/main.go": (
        'package main\n\nfunc main() {\n\tconn, _ := grpc.NewClient(os.Getenv("CART_SERVICE_ADDR"))\n'
        '\thttp.ListenAndServe(":80", nil)\n}\n'
    ),
    "orders/go.mod": "module example.com/orders\n\nrequire google.golang.org/grpc v1.64.0\n",
    "orders/Dockerfile": "FROM golang\nEXPOSE 80\n",
    "cart/Dockerfile": "FROM golang\nEXPOSE 80\n",
    "payments/Dockerfile": "FROM golang\nEXPOSE 80\n",
}
SPA = {
    "package.json": '{"name": "ui", "private": true, "dependencies": {"react": "18", "react-dom": "18", "axios": "1"}}',
    "src/App.tsx": "export const App = () => <h1>Hi</h1>\naxios.get('https://api.example.com/items')\n",
    "index.html": "<div id=root></div>\n",
}
SERVERLESS = {
    "serverless.yml": "service: thumbs\nprovider:\n  name: aws\nfunctions:\n  a:\n    handler: handler.main\n",
    "handler.py": "import boto3\n\ndef lambda_handler(event, context):\n    return boto3.client('s3')\n",
    "requirements.txt": "boto3==1.34\n",
}
WORKER = {
    "Gemfile": "gem 'sidekiq'\ngem 'pg'\ngem 'redis'\n",
    "Procfile": "worker: bundle exec sidekiq\n",
    "app/jobs/a.rb": "class A < ApplicationJob\nend\nA.perform_later(1)\n",
}
MOBILE = {
    "package.json": '{"name": "app", "private": true, "dependencies": {"react-native": "0.74"}}',
    "android/app/src/main/AndroidManifest.xml": "<manifest/>",
    "App.tsx": "export default () => null\n",
}
EXPRESS = {
    "package.json": '{"name": "api", "version": "1", "main": "a.js", "dependencies": {"express": "4", "mongoose": "8"},'
    '"scripts": {"start": "node app.js"}}',
    "app.js": "const app = express()\napp.get('/items', list)\nmongoose.connect(url)\napp.listen(3000)\n",
}
EMPTY: dict[str, str] = {}


def answers(**named: str) -> dict[str, str]:
    """Fact to answer, from answer to the facts that have it."""
    return {fact: answer for answer, facts in named.items() for fact in facts.split()}


ARCHETYPES = {
    "library": (
        LIBRARY,
        "library",
        answers(
            yes="library external_calls has_dependencies",
            no=(
                "service http_api database frontend static_site deployed kubernetes cloud containers "
                "authentication cli migrations microservices"
            ),
        ),
    ),
    "command": (
        COMMAND,
        "cli",
        answers(
            yes="cli",
            no="library service database deployed sessions external_calls",
        ),
    ),
    "Django shop": (
        DJANGO,
        "service",
        answers(
            yes=(
                "service http_api database sql_database migrations authentication passwords sessions "
                "personal_data frontend containers deployed"
            ),
            no="library mobile microservices oauth",
            unknown="kubernetes cloud",
        ),
    ),
    "Terraform": (
        TERRAFORM,
        "infrastructure",
        answers(
            yes="cloud deployed database sql_database",
            no="service http_api cache authentication frontend static_site library",
            unknown="migrations",
        ),
    ),
    "static site": (
        SITE,
        "static-site",
        answers(
            yes="static_site deployed",
            no="service frontend database authentication kubernetes background_jobs",
        ),
    ),
    "microservices": (
        MICROSERVICES,
        "service",
        answers(
            yes="service kubernetes microservices http_api containers",
            no="database",
        ),
    ),
    "single-page application": (
        SPA,
        "frontend",
        answers(
            yes="frontend deployed external_calls",
            no="service http_api library",
        ),
    ),
    "serverless": (
        SERVERLESS,
        "service",
        answers(
            yes="service cloud external_calls deployed",
            no="kubernetes frontend",
        ),
    ),
    "worker": (
        WORKER,
        "service",
        answers(
            yes="service background_jobs sql_database cache stateful caching",
            no="kubernetes http_api",
            unknown="public",
        ),
    ),
    "mobile app": (
        MOBILE,
        "mobile",
        answers(
            yes="mobile",
            no="service library",
        ),
    ),
    "Express API": (
        EXPRESS,
        "service",
        answers(
            yes="service http_api database",
            no="sql_database migrations library cache",
        ),
    ),
    "nothing": (
        EMPTY,
        "unknown",
        dict.fromkeys(PROFILE_FACTS, "unknown"),
    ),
}


def of(files: dict[str, str], declared: dict[str, str | bool] | None = None, *, own: bool = False) -> Profile:
    return profile(extract(MemoryTree(files), SIGNALS), declared, own=own)


class TestProfile:
    @pytest.mark.parametrize("name", ARCHETYPES)
    def test_archetypes(self, name: str) -> None:
        """
        Each common sort of repository comes out as what it is.
        """
        files, kind, expected = ARCHETYPES[name]
        found = of(files)

        assert kind == found.kind
        assert expected == {fact: found.answer(fact) for fact in expected}

    @pytest.mark.parametrize("name", ARCHETYPES)
    def test_every_answer_has_its_reason(self, name: str) -> None:
        """
        A yes has a place, a no counts what was looked at, and every fact is answered.
        """
        found = of(ARCHETYPES[name][0])

        assert list(PROFILE_FACTS) == list(found.facts)
        assert [] == [n for n, fact in found.facts.items() if fact.answer == "yes" and not fact.sources]
        assert [] == [
            n for n, f in found.facts.items() if f.answer == "no" and not re.search(r"\d|other product", f.because)
        ]

    def test_what_is_declared_wins_and_says_so(self) -> None:
        """
        readiness.yaml decides, and the report says that it did and what was seen otherwise.
        """
        found = of(COMMAND, {"kind": "service", "service": True, "database": "unknown", "cli": "no", "nonsense": True})

        assert "service" == found.kind
        assert ["yes", "unknown", "no"] == [found.answer(n) for n in ("service", "database", "cli")]
        assert found.facts["service"].declared
        assert "declared in readiness.yaml (otherwise no: no " in found.facts["service"].because
        assert not found.facts["mobile"].declared
        assert "no" == found.facts["service"].detected

    def test_a_tree_cannot_deny_what_was_seen_in_it(self) -> None:
        """
        The reviewed tree may say what nobody could tell, and more than was seen; against what was seen it has no say.
        """
        found = of(COMMAND, {"cli": "no", "service": True, "oauth": "no"}, own=True)

        assert ["yes", "yes", "no"] == [found.answer(n) for n in ("cli", "service", "oauth")]
        assert [True, False, False] == [found.facts[n].denied for n in ("cli", "service", "oauth")]

    @pytest.mark.parametrize(
        ("extra", "fact"),
        [
            ({"package.json": "{"}, "library"),
            ({"package.json": "{"}, "has_dependencies"),
            ({"package.json": "{"}, "service"),
            ({"app.py": "app = Flask(__name__)\n", "auth.py": "def login(name): ...\n"}, "authentication"),
            ({"src/store.py": "HOST = 'postgres'\n", "app.py": "app = Flask(__name__)\n"}, "sql_database"),
            ({"app.rb": "use Rack\nRails.cache.fetch('a') { 1 }\n", "Gemfile": "gem 'rails'\n"}, "cache"),
            ({"src/a.c": "int main() {}", "src/b.c": "int b;", "src/c.py": ""}, "cache"),
        ],
    )
    def test_no_is_not_said_where_it_cannot_be_told(self, extra: dict[str, str], fact: str) -> None:
        """
        An unreadable manifest, an unknown language or a mere word of the thing leaves it unknown.
        """
        assert "unknown" == of(extra).answer(fact)

    def test_a_published_server_is_left_open(self) -> None:
        """
        A package with a command that starts a server may well be hosted: neither yes nor no.
        """
        files = {**LIBRARY, "pyproject.toml": LIBRARY["pyproject.toml"] + '[project.scripts]\nlib = "lib:serve"\n'}

        assert "unknown" == of(files).answer("service")
        assert "yes" == of({**files, "Procfile": "web: lib serve\n"}).answer("service")

    def test_tests_and_examples_are_no_evidence(self) -> None:
        """
        What stands in tests, examples and vendored code does not make a library a service.
        """
        aside = {
            f"{folder}/{path}": text for folder in ("tests", "examples", "vendor") for path, text in DJANGO.items()
        }
        found = of({**LIBRARY, **aside})

        assert "library" == found.kind
        assert [] == [n for n in ("service", "database", "authentication", "containers") if found.answer(n) != "no"]

    def test_images_of_others_are_not_looked_into(self) -> None:
        """
        Absence in this tree tells nothing about what runs if that is built elsewhere.
        """
        images = "".join(f"  part{n}:\n    image: example.com/part{n}:1\n    ports: ['{n}:{n}']\n" for n in range(3))
        found = of({"compose.yaml": f"services:\n{images}", "setup.py": "print('installed')\n"})

        assert "unknown" == found.answer("authentication")
        assert "unknown" == found.answer("frontend")
        assert "3 images run whose source is not in the tree" == found.facts["authentication"].because
        assert "unknown" == found.answer("containers")

    def test_scripts_of_the_documentation_are_documentation(self) -> None:
        """
        What makes the documentation is not what is released; a folder of that name further down may be.
        """
        call = "import requests\n\nrequests.get(URL)\n"

        assert "no" == of({"app.py": "print('hello')\n", "docs/authors.py": call}).answer("external_calls")
        assert "yes" == of({"app.py": "print('hello')\n", "app/docs/authors.py": call}).answer("external_calls")

    def test_private_folders_of_tests_are_tests(self) -> None:
        """
        A leading underscore does not make a folder of tests production code.
        """
        tests = {f"_integration-test/a{n}.py": "import requests\n\nrequests.get(URL)\n" for n in range(3)}
        found = of({"app.py": "print('hello')\n", **tests})

        assert {"python": 1} == found.languages
        assert "no" == found.answer("external_calls")

    def test_a_cluster_of_a_template_runs_what_is_built_elsewhere(self) -> None:
        """
        A cluster in CloudFormation is Kubernetes, and without source nobody can say that one service runs on it.
        """
        stack = "Resources:\n  Shop:\n    Type: AWS::EKS::Cluster\n  Mail:\n    Type: AWS::Lambda::Function\n"
        found = of({"stack.yaml": stack})

        assert "yes" == found.facts["kubernetes"].answer
        assert "unknown" == found.facts["microservices"].answer

    def test_words_inside_words_are_no_words(self) -> None:
        """
        "textureDispose" holds the letters of a cache server and says nothing about one.
        """
        found = of({**EXPRESS, "app/scene.js": "texture.addEventListener('dispose', onTextureDispose)\n"})

        assert "no" == found.facts["cache"].answer

    def test_a_sign_in_by_hand_is_a_sign_in(self) -> None:
        """
        A sign-in through others that no library does is one too, and a password that is hashed is kept.
        """
        login = "location.replace(`${provider}?client_id=${id}&response_type=token`)\n"
        found = of({**EXPRESS, "app/login.js": login, "app/user.js": "row.set(security.hash(clearTextPassword))\n"})

        assert "yes" == found.facts["oauth"].answer
        assert "yes" == found.facts["passwords"].answer

    def test_webhooks_that_are_sent_are_not_received(self) -> None:
        """
        Routes that edit a list of webhooks say that the service sends them.
        """
        edited = "urlpatterns = [\n    path('webhooks/', v.all),\n    path('webhooks/<int:pk>/', v.one),\n]\n"

        assert "unknown" == of({**DJANGO, "shop/urls.py": edited}).answer("webhooks")
        assert "yes" == of({**DJANGO, "shop/urls.py": "urlpatterns = [path('webhooks/stripe/', v)]\n"}).answer(
            "webhooks"
        )

    def test_a_permission_of_browsers_is_no_payment(self) -> None:
        """
        What pages may not do says nothing of card data.
        """
        policy = "Rails.application.config.permissions_policy do |policy|\n  policy.payment :none\nend\n"

        assert "no" == of({**DJANGO, "config/initializers/policy.rb": policy}).answer("regulated_data")

    def test_scale_and_languages(self) -> None:
        """
        Source files are counted by language, and their number is the scale.
        """
        found = of({f"src/a{n}.py": "" for n in range(150)} | {"b.go": "package b\n"})

        assert {"python": 150, "go": 1} == found.languages
        assert "medium" == found.scale
