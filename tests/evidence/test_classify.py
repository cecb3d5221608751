"""What a path says of a file: its language, and what it is for."""

from __future__ import annotations

import pytest

from orchestrator.evidence.classify import language, role

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
    "src/main/java/org/example/demo/App.java deploy/app.py",
    "infra": "Dockerfile main.tf k8s/run.sh deploy/run.ps1 helm/values.yaml",
    "vendored": "node_modules/left/index.js vendor/a.go tests/vendor/test_a.py",
    "test": "tests/test_app.py src/app.test.ts tests/logo.png tests/README.md",
    "generated": "dist/app.js package-lock.json api_pb2.py app.min.js",
    "ci": ".github/workflows/ci.yml .gitlab-ci.yml examples/.travis.yml Jenkinsfile",
    "example": "examples/app.py demo/Dockerfile config/prod.example.yaml",
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
    The first that fits of vendored, test, asset, generated, ci, example, infra, docs, source and config.
    """
    assert expected == role(path)
