"""What a path says of a file: its language, and what it is for."""

from __future__ import annotations

import pytest

from orchestrator.evidence.classify import aside_by, language, role
from orchestrator.evidence.tree import entry
from orchestrator.vocabulary import Folder, folders

LANGUAGES = {
    "python": "a/app.py typings/app.pyi",
    "javascript": "a.js App.jsx a.mjs a.cjs",
    "typescript": "a.ts App.tsx a.mts a.cts",
    "vue": "App.vue",
    "svelte": "App.svelte",
    "go": "main.go",
    "java": "Main.java",
    "kotlin": "Main.kt build.gradle.kts",
    "scala": "Main.scala",
    "groovy": "Main.groovy",
    "ruby": "app.rb show.html.erb db.rake",
    "php": "index.php",
    "csharp": "Program.cs",
    "fsharp": "Program.fs",
    "rust": "main.rs",
    "c": "main.c main.h",
    "cpp": "a.cc a.cpp a.cxx a.hpp",
    "swift": "App.swift",
    "objective-c": "App.m",
    "dart": "main.dart",
    "elixir": "app.ex mix.exs",
    "erlang": "app.erl",
    "clojure": "core.clj",
    "haskell": "Main.hs",
    "lua": "init.lua",
    "perl": "run.pl App.pm",
    "r": "model.r MODEL.R",
    "shell": "run.sh run.bash",
    "powershell": "run.ps1",
    "sql": "schema.sql",
    "html": "a.html a.htm a.jinja a.jinja2 a.j2 a.hbs a.ejs a.pug a.haml a.slim a.cshtml",
    "css": "a.css a.scss a.sass a.less",
    "protobuf": "api.proto",
    "graphql": "schema.graphql",
    "": "README.md .py py. Makefile archive.tar.gz a.py/LICENSE",
}
ROLES = {
    "asset": """
        logo.png a.jpg a.jpeg a.gif a.webp a.avif a.svg a.ico a.bmp a.tiff a.woff a.woff2 a.ttf a.otf a.eot a.mp3 a.mp4
        a.webm a.ogg a.wav a.pdf a.zip a.gz a.tgz a.bz2 a.xz a.7z a.jar a.war a.class a.exe a.dll a.so a.dylib a.a a.o
        a.bin a.dat a.db a.sqlite a.pyc a.wasm
    """,
    "docs": "a.md a.mdx a.rst a.adoc a.txt README LICENSE CHANGELOG CONTRIBUTING SECURITY .github/CODEOWNERS readme "
    "docs/conf.py documentation/make.py site/index.html a/wiki/look.css man/nav.js",
    "config": "a.yaml a.yml a.json a.toml a.ini a.cfg a.conf a.properties prod.env a.xml flake.lock .editorconfig",
    "source": "src/app.py site/build.py Makefile Rakefile Gemfile Vagrantfile "
    "src/main/java/org/example/demo/App.java deploy/app.py services/legacy/app.py internal/archive/tar.go",
    "infra": "envs/test/main.tf envs/sandbox/main.tf k8s/overlays/demo/web.yaml "
    "services/legacy/Dockerfile apps/archive/k8s/web.yaml "
    "Dockerfile main.tf k8s/run.sh deploy/run.ps1 helm/values.yaml",
    "vendored": "node_modules/left/index.js vendor/a.go tests/vendor/test_a.py",
    "test": "tests/test_app.py src/app.test.ts tests/logo.png tests/README.md",
    "generated": "dist/app.js package-lock.json api_pb2.py app.min.js web/fontello/config.json",
    "ci": ".github/workflows/ci.yml .gitlab-ci.yml Jenkinsfile",
    "example": "environments/demo/app.py examples/app.py demo/Dockerfile config/prod.example.yaml .semgrep/a.py",
    "aside": "docs/k8s/web.yaml docs/Dockerfile docs/package.json archive/runbook.md docs/archive/rollback.md "
    "legacy/app.py k8s/legacy/web.yaml grafana/old/shop.json db/archive/001.sql attic/Dockerfile "
    "old/.gitlab-ci.yml public/.htaccess.example Makefile.bak examples/.travis.yml",
    "other": "LICENCE data.parquet bin/run",
}


@pytest.mark.parametrize(("expected", "path"), [(name, p) for name, those in LANGUAGES.items() for p in those.split()])
def test_language(expected: str, path: str) -> None:
    """
    The ending says the language, in capitals as well; a name that is nothing but an ending says none.
    """
    assert expected == language(path)


@pytest.mark.parametrize(("expected", "path"), [(name, p) for name, those in ROLES.items() for p in those.split()])
def test_role(expected: str, path: str) -> None:
    """
    The first that fits of vendored, test, asset, generated, aside, ci, example, infra, docs, source and config.
    """
    assert expected == role(path)


class TestSetAside:
    @pytest.mark.parametrize("row", folders(), ids=lambda row: row.word)
    def test_each_word(self, row: Folder) -> None:
        """
        The line of a word is set aside by it, and not with another word in its place; what only has the word is not.
        """
        assert entry(row.line, 1).is_set_aside
        assert row.line.startswith(aside_by(row.line))
        assert not entry(row.line.replace(row.word, ".yaml" if row.counts_for == "names" else "shop"), 1).is_set_aside
        assert not entry(row.unlike, 1).is_set_aside
        assert row.word.strip("~") in row.unlike.lower() or row.counts_for == "names"

    @pytest.mark.parametrize("row", folders(), ids=lambda row: row.word)
    def test_what_is_named_is_not(self, row: Folder) -> None:
        """
        What something that is in force takes from there is what it would be anywhere else.
        """
        assert "aside" != role(row.line, named=True)

    @pytest.mark.parametrize(
        ("path", "is_aside"),
        [
            ("archive/img/a.webp", True),
            ("public/archive/a.webp", False),
            ("testdata/load/shop.js", True),
            ("internal/web/testdata/shop.js", False),
            ("legacy/tests/test_app.py", True),
            ("tests/test_app.py", False),
            ("examples/app.py", False),
        ],
    )
    def test_what_keeps_its_role(self, path: str, is_aside: bool) -> None:
        """
        An image and a test stay what they are, and are set aside all the same; an example is one anyway.
        """
        assert "aside" != role(path)
        assert is_aside == entry(path, 1).is_set_aside

    @pytest.mark.parametrize(
        ("folder", "path"),
        [
            ("legacy/", "legacy/src/app.py"),
            ("k8s/old/", "k8s/old/deeper/web.yaml"),
            ("docs/", "docs/legacy/web.yaml"),
            ("envs/test/legacy/", "envs/test/legacy/main.tf"),
            ("", "envs/sandbox/main.tf"),
            ("sandbox/", "sandbox/envs/dev/main.tf"),
            ("docs/legacy/", "docs/legacy/web.md"),
            ("web.yaml.BAK", "web.yaml.BAK"),
            ("", "k8s/gold/web.yaml"),
            ("", "legacy"),
            ("", "src/legacy/web.yaml"),
            ("", ".bak"),
        ],
    )
    def test_by_what(self, folder: str, path: str) -> None:
        """
        The outermost folder that says so is told, or the path where its own name does.
        """
        assert folder == aside_by(path)
