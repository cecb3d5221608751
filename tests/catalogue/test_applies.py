"""Whether a criterion applies follows from what the software is: small trees, each beside one of another sort."""

from __future__ import annotations

import pytest

from orchestrator.catalogue import condition
from orchestrator.catalogue.loader import catalogue
from orchestrator.domain.profile import Profile
from orchestrator.evidence.extract import extract
from orchestrator.evidence.tree import MemoryTree
from orchestrator.profiling import SIGNALS, profile

FLASK = {
    "requirements.txt": "flask==3.1.0\ngunicorn==23.0.0\n",
    "shop/app.py": "app = Flask(__name__)\n\n\n@app.get('/prices')\ndef prices():\n    return {'a': 1}\n",
    "Dockerfile": "FROM python:3.13\nCMD gunicorn shop.app:app\n",
}
PHOTOS = {
    **FLASK,
    "main.tf": 'resource "aws_s3_bucket" "photos" {\n  bucket = "photos"\n}\n',
    "shop/photos.py": "def keep(photo):\n    s3.put_object(Bucket='photos', Key=photo.name, Body=photo.body)\n",
}
EXPRESS = {
    "package.json": '{"name": "shop", "private": true, "dependencies": {"express": "5"}}',
    "src/server.js": "const app = require('express')()\napp.get('/cart', show)\napp.listen(8080)\n",
    "Dockerfile": "FROM node:22\nCMD node src/server.js\n",
}
LIBRARY = {
    "pyproject.toml": '[project]\nname = "sums"\nversion = "1"\n[build-system]\nrequires = []\n',
    "src/sums/__init__.py": "def add(a, b):\n    return a + b\n",
    ".github/workflows/ci.yml": "on: push\njobs:\n  test:\n    steps:\n      - run: pytest\n",
}
PUBLISHED = {
    ".github/workflows/publish.yml": "on: release\njobs:\n  publish:\n    steps:\n"
    "      - uses: pypa/gh-action-pypi-publish@v1\n        with:\n          password: ${{ secrets.PYPI_TOKEN }}\n"
}
PHONE = {
    "app/build.gradle.kts": 'plugins { id("com.android.application") }\n',
    "app/src/main/AndroidManifest.xml": '<manifest><application android:usesCleartextTraffic="true"/></manifest>\n',
    "app/src/main/java/Login.kt": 'val answer = URL("http://api.example.org/login").readText()\n',
}
LAMP = {**PHONE, "app/src/main/java/Login.kt": 'fun shine(lamp: Lamp) = lamp.turn("on")\n'}
PAGE = {"index.html": "<h1>Shop</h1>\n", "CNAME": "shop.example.org\n"}
FOLLOWED = {
    **PAGE,
    "index.html": '<script src="https://www.googletagmanager.com/a"></script>\n<form><input type="email"></form>\n',
}
CARDS = {**FLASK, "schema.sql": "CREATE TABLE cards (\n  id int PRIMARY KEY,\n  card_number text\n);\n"}
PATIENTS = {**FLASK, "schema.sql": "CREATE TABLE visits (\n  id int PRIMARY KEY,\n  patient_id int\n);\n"}
HOSTED = {
    "package.json": '{"name": "ui", "private": true, "dependencies": {"react": "19", "react-dom": "19"}}',
    "src/App.tsx": "export const App = () => <h1>Hi</h1>\n",
    "index.html": "<div id=root></div>\n",
    "vercel.json": "{}\n",
}
WORKER = {
    "Gemfile": "gem 'sidekiq'\n",
    "Procfile": "worker: bundle exec sidekiq\n",
    "app/jobs/totals.rb": "class Totals < ApplicationJob\n  def perform(day)\n    add_up(day)\n  end\nend\n",
}
SIGNED_IN = {**FLASK, "shop/login.py": "@app.post('/login')\ndef login():\n    return current_user\n"}
BY_OTHERS = {
    **SIGNED_IN,
    "shop/others.py": "who = requests.get('https://graph.facebook.com/me?access_token=' + token, timeout=5)\n",
}
INNER = {
    **EXPRESS,
    "src/App.tsx": HOSTED["src/App.tsx"],
    "k8s/shop.yaml": "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: shop\n"
    "spec:\n  ingressClassName: internal\n",
}
OUTER = {**INNER, "k8s/shop.yaml": INNER["k8s/shop.yaml"].replace("internal", "nginx")}
BACKUPS = [f"INF-1.3.{n}" for n in range(1, 10)] + [f"DAT-6.1.{n}" for n in range(1, 10)]
TRACES = [f"OBS-4.4.{n}" for n in range(1, 8)]


def of(files: dict[str, str]) -> Profile:
    return profile(extract(MemoryTree(files), SIGNALS))


def ruled_out(found: Profile, criteria: list[str]) -> list[str]:
    known = catalogue()
    return [id_ for id_ in criteria if condition.not_applicable(known[id_].applies, found)]


class TestApplies:
    @pytest.mark.parametrize(
        ("criteria", "concerned", "others"),
        [
            (BACKUPS, PHOTOS, FLASK),
            (TRACES, {**EXPRESS, "src/prices.js": "axios.get('http://prices.shop.svc/all')\n"}, EXPRESS),
            (TRACES, {**EXPRESS, "src/prices.js": "axios.get(process.env.PRICES_URL + '/all')\n"}, EXPRESS),
            (["SEC-2.2.3"], {**LIBRARY, **PUBLISHED}, LIBRARY),
            (["SEC-2.3.1"], PHONE, LAMP),
            (["DEP-5.2.4", "DEP-5.4.3", "DEP-5.4.9", "SEC-2.2.4"], PHONE, LIBRARY),
            (["PRF-3.2.2", "PRF-3.2.3"], {**FLASK, "shop/rates.py": "RATES = TTLCache(100, 60)\n"}, FLASK),
            (["CMP-8.1.1", "CMP-8.1.4"], FOLLOWED, PAGE),
            (["CMP-8.3.7"], PATIENTS, CARDS),
            (["CMP-8.3.1", "CMP-8.3.2"], CARDS, FLASK),
            (["SEC-2.1.9"], BY_OTHERS, SIGNED_IN),
            (["SEC-2.1.1"], {"main.tf": 'resource "aws_vpc" "main" {\n}\n'}, LIBRARY),
            (["CST-7.2.1", "CST-7.2.2", "CST-7.2.4"], HOSTED, LIBRARY),
            (["INF-1.1.8"], EXPRESS, WORKER),
            (["OBS-4.3.2", "OBS-4.3.3", "DEP-5.4.5"], WORKER, PAGE),
            (["SEC-2.3.9", "PRF-3.2.4"], OUTER, INNER),
            (["SEC-2.4.5", "CMP-8.2.7"], WORKER, LIBRARY),
        ],
    )
    def test_is_told_from_what_the_software_is(self, criteria, concerned, others):
        """
        Whom a criterion concerns carries it, and the next of kin, whom it does not, does not.
        """
        assert [] == ruled_out(of(concerned), criteria)
        assert criteria == ruled_out(of(others), criteria)

    def test_what_is_published_is_delivered(self):
        """
        A library reaches its users as well as a service does: by hand or not, tested or not, with tokens that may much.
        """
        assert [] == ruled_out(of(LIBRARY), ["DEP-5.1.4", "DEP-5.1.7", "SEC-2.2.5"])
