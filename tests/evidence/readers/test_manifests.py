"""Manifests of every ecosystem come out in one shape, with the lock file that pins them."""

from __future__ import annotations

import time

import pytest

from orchestrator.evidence.facts.manifests import Manifest, Manifests
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.manifests import ManifestsReader
from orchestrator.evidence.tree import MemoryTree

POM = """<?xml version="1.0"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <parent>
    <groupId>org.springframework.boot</groupId>
    <artifactId>spring-boot-starter-parent</artifactId>
    <version>3.3.1</version>
  </parent>
  <artifactId>shop</artifactId>
  <version>1.0</version>
  <properties><pg>42.7.3</pg></properties>
  <dependencies>
    <dependency>
      <groupId>org.postgresql</groupId>
      <artifactId>postgresql</artifactId>
      <version>${pg}</version>
    </dependency>
    <dependency><groupId>junit</groupId><artifactId>junit</artifactId><scope>test</scope></dependency>
  </dependencies>
</project>
"""

CASES: dict[str, tuple[str, str, list[tuple[str, str, int, bool]]]] = {
    "package.json": (
        '{\n  "name": "shop",\n  "dependencies": {\n    "express": "^4.19.0"\n  },\n  "devDependencies": {\n'
        '    "jest": "29.7.0"\n  },\n  "scripts": {"start": "node ."}\n}\n',
        "npm",
        [("express", "^4.19.0", 4, False), ("jest", "29.7.0", 7, True)],
    ),
    "pyproject.toml": (
        '[project]\nname = "shop"\nversion = "1.0"\ndependencies = [\n  "flask>=3",\n]\n'
        "[project.optional-dependencies]\n"
        'dev = ["ruff"]\ns3 = ["boto3==1.34.1"]\n[dependency-groups]\ntest = ["pytest>=8"]\n',
        "pypi",
        [
            ("flask", ">=3", 5, False),
            ("ruff", "", 8, True),
            ("boto3", "==1.34.1", 9, False),
            ("pytest", ">=8", 11, True),
        ],
    ),
    "api/pyproject.toml": (
        '[tool.poetry]\nname = "api"\n[tool.poetry.dependencies]\npython = "^3.11"\n'
        'django = {version = "5.0", extras = ["argon2"]}\n'
        '[tool.poetry.group.dev.dependencies]\nblack = "*"\n',
        "pypi",
        [("django", "5.0", 5, False), ("black", "*", 7, True)],
    ),
    "setup.py": (
        "from setuptools import setup\nREQUIRED = [\n    'requests>=2',\n]\n"
        "setup(name='tool', version='1', install_requires=REQUIRED,\n"
        "      extras_require={'dev': ['pytest']}, entry_points={'console_scripts': ['tool=tool:main']})\n",
        "pypi",
        [("requests", ">=2", 3, False), ("pytest", "", 6, True)],
    ),
    "setup.cfg": (
        "[metadata]\nname = lib\n[options]\ninstall_requires =\n    attrs>=23\n",
        "pypi",
        [("attrs", ">=23", 5, False)],
    ),
    "requirements.txt": (
        "# runtime\nDjango==5.0.6 ; python_version > '3.8'\n-r base.txt\ncelery[redis]~=5.4\n",
        "pypi",
        [("Django", "==5.0.6", 2, False), ("celery", "~=5.4", 4, False)],
    ),
    "requirements-dev.txt": ("pytest==8.2.0\n", "pypi", [("pytest", "==8.2.0", 1, True)]),
    "Pipfile": (
        '[packages]\nflask = "*"\n[dev-packages]\npytest = "*"\n',
        "pypi",
        [("flask", "*", 2, False), ("pytest", "*", 4, True)],
    ),
    "go.mod": (
        "module example.com/shop\n\ngo 1.22\n\nrequire (\n\tgithub.com/lib/pq v1.10.9\n"
        "\tgolang.org/x/sys v0.20.0 // indirect\n)\n",
        "go",
        [("github.com/lib/pq", "v1.10.9", 6, False)],
    ),
    "Cargo.toml": (
        '[package]\nname = "shop"\nversion = "0.1.0"\n[dependencies]\naxum = "0.7"\n'
        'serde = { version = "1", features = [] }\n'
        '[dev-dependencies]\ninsta = "1"\n',
        "cargo",
        [("axum", "0.7", 5, False), ("serde", "1", 6, False), ("insta", "1", 8, True)],
    ),
    "Gemfile": (
        "gem 'rails', '~> 7.1'\ngroup :development, :test do\n  gem 'rspec-rails'\nend\ngem 'pg'\n"
        "gem 'debug', group: :development\n",
        "rubygems",
        [("rails", "~> 7.1", 1, False), ("rspec-rails", "", 3, True), ("pg", "", 5, False), ("debug", "", 6, True)],
    ),
    "tool.gemspec": (
        "Gem::Specification.new do |s|\n  s.name = 'tool'\n  s.add_dependency 'thor', '~> 1.3'\n"
        "  s.add_development_dependency 'rake'\nend\n",
        "rubygems",
        [("thor", "~> 1.3", 3, False), ("rake", "", 4, True)],
    ),
    "pom.xml": (
        POM,
        "maven",
        [
            ("org.springframework.boot:spring-boot-starter-parent", "3.3.1", 5, False),
            ("org.postgresql:postgresql", "42.7.3", 14, False),
            ("junit:junit", "", 17, True),
        ],
    ),
    "build.gradle.kts": (
        'plugins {\n  id("org.springframework.boot") version "3.3.0"\n}\ndependencies {\n'
        '  implementation("io.ktor:ktor-server-core:2.3.0")\n'
        '  testImplementation("junit:junit:4.13")\n}\n',
        "maven",
        [
            ("org.springframework.boot", "3.3.0", 2, False),
            ("io.ktor:ktor-server-core", "2.3.0", 5, False),
            ("junit:junit", "4.13", 6, True),
        ],
    ),
    "Shop.csproj": (
        '<Project Sdk="Microsoft.NET.Sdk.Web">\n  <ItemGroup>\n'
        '    <PackageReference Include="Npgsql" Version="8.0.3" />\n'
        "  </ItemGroup>\n</Project>\n",
        "nuget",
        [("Microsoft.NET.Sdk.Web", "", 1, False), ("Npgsql", "8.0.3", 3, False)],
    ),
    "composer.json": (
        '{\n  "name": "a/b",\n  "type": "project",\n  "require": {\n    "php": ">=8",\n'
        '    "laravel/framework": "^11"\n  }\n}\n',
        "packagist",
        [("laravel/framework", "^11", 6, False)],
    ),
    "mix.exs": (
        'defp deps do\n  [\n    {:phoenix, "~> 1.7"},\n    {:credo, "~> 1.7", only: [:dev, :test]}\n  ]\nend\n',
        "hex",
        [("phoenix", "~> 1.7", 3, False), ("credo", "~> 1.7", 4, True)],
    ),
    "pubspec.yaml": (
        "name: app\npublish_to: none\ndependencies:\n  http: ^1.2.0\ndev_dependencies:\n  test: any\n",
        "pub",
        [("http", "^1.2.0", 4, False), ("test", "any", 6, True)],
    ),
    "Package.swift": (
        "let package = Package(dependencies: [\n"
        '  .package(url: "https://github.com/vapor/vapor.git", from: "4.99.0"),\n])\n',
        "swift",
        [("vapor", "4.99.0", 2, False)],
    ),
}


def read(files: dict[str, str]) -> Manifests:
    fact = read_tree(MemoryTree(files), [ManifestsReader()])[Manifests]
    assert isinstance(fact, Manifests)
    return fact


def one(files: dict[str, str], path: str) -> Manifest:
    return next(m for m in read(files).files if m.path == path)


class TestManifestsReader:
    @pytest.mark.parametrize("path", CASES)
    def test_every_ecosystem_comes_out_in_one_shape(self, path: str) -> None:
        """
        Dependencies are told with version, line and whether they are for development only.
        """
        text, ecosystem, dependencies = CASES[path]
        found = read({path: text})

        assert () == found.problems
        assert ecosystem == found.files[0].ecosystem
        assert dependencies == [(d.package, d.spec, d.line, d.development) for d in found.files[0].dependencies]

    @pytest.mark.parametrize(
        ("manifest", "lock"),
        [
            ("package.json", "package-lock.json"),
            ("package.json", "pnpm-lock.yaml"),
            ("pyproject.toml", "uv.lock"),
            ("Pipfile", "Pipfile.lock"),
            ("go.mod", "go.sum"),
            ("Cargo.toml", "Cargo.lock"),
            ("Gemfile", "Gemfile.lock"),
            ("composer.json", "composer.lock"),
            ("mix.exs", "mix.lock"),
            ("pubspec.yaml", "pubspec.lock"),
        ],
    )
    def test_a_lock_file_beside_a_manifest_pins_it(self, manifest: str, lock: str) -> None:
        """
        The lock file of the same ecosystem and folder is matched, and only that.
        """
        text = CASES[manifest][0]

        assert f"a/{lock}" == one({f"a/{manifest}": text, f"a/{lock}": "x"}, f"a/{manifest}").lock
        assert "" == one({f"a/{manifest}": text, f"b/{lock}": "x"}, f"a/{manifest}").lock

    def test_a_workspace_shares_the_lock_file_of_its_root(self) -> None:
        """
        A lock file above pins what its workspace names, and nothing else.
        """
        root = '{"name": "root", "private": true, "workspaces": ["packages/*"]}'
        part = '{"name": "part"}'
        files = {"package.json": root, "yarn.lock": "x", "packages/a/package.json": part, "tools/b/package.json": part}

        assert "yarn.lock" == one(files, "packages/a/package.json").lock
        assert "" == one(files, "tools/b/package.json").lock

    def test_a_compiled_list_is_its_own_lock_file(self) -> None:
        """
        A list with hashes, or one that a compiler wrote, pins itself and the list it was written from.
        """
        files = {
            "requirements.in": "flask\n",
            "requirements.txt": "# autogenerated by pip-compile\nflask==3.0.3 \\\n    --hash=sha256:aa\n",
            "loose/requirements.txt": "flask\n",
        }

        assert "requirements.txt" == one(files, "requirements.in").lock
        assert "requirements.txt" == one(files, "requirements.txt").lock
        assert "" == one(files, "loose/requirements.txt").lock

    @pytest.mark.parametrize(
        ("files", "path", "library", "command"),
        [
            ({"package.json": '{"name": "a", "version": "1", "exports": "./a.js"}'}, "package.json", True, False),
            (
                {"package.json": '{"name": "a", "version": "1", "main": "a.js", "scripts": {"start": "node a"}}'},
                "package.json",
                False,
                False,
            ),
            (
                {"package.json": '{"name": "a", "version": "1", "exports": "./a.js", "private": true}'},
                "package.json",
                False,
                False,
            ),
            ({"package.json": '{"name": "a", "bin": "a.js"}'}, "package.json", False, True),
            (
                {
                    "pyproject.toml": '[project]\nname = "a"\n[build-system]\nrequires = []\n[project.scripts]\n'
                    'a = "a:b"\n'
                },
                "pyproject.toml",
                True,
                True,
            ),
            ({"pyproject.toml": '[project]\nname = "a"\n'}, "pyproject.toml", False, False),
            ({"setup.py": CASES["setup.py"][0]}, "setup.py", True, True),
            ({"go.mod": "module a\n", "a.go": "package a\n"}, "go.mod", True, False),
            (
                {"go.mod": "module a\n", "cmd/a/main.go": "package main\n", "internal/b.go": "package b\n"},
                "go.mod",
                False,
                True,
            ),
            ({"go.mod": "module a\n", "server.go": "package main\n"}, "go.mod", False, True),
            ({"Cargo.toml": '[package]\nname = "a"\n', "src/main.rs": "fn main() {}"}, "Cargo.toml", False, True),
            ({"Cargo.toml": '[package]\nname = "a"\n', "src/lib.rs": "pub fn a() {}"}, "Cargo.toml", True, False),
            ({"a.gemspec": CASES["tool.gemspec"][0]}, "a.gemspec", True, False),
        ],
    )
    def test_what_a_manifest_offers_is_told(
        self, files: dict[str, str], path: str, library: bool, command: bool
    ) -> None:
        """
        A package for others and a command are told apart from an application.
        """
        found = one(files, path)

        assert (library, command) == (found.library, found.command)

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("package.json", "{"),
            ("package.json", "[]"),
            ("package.json", '{"a":' * 20_000),
            ("pyproject.toml", "[project\n"),
            ("pyproject.toml", "a = " + "[" * 5_000),
            ("pyproject.toml", "a = " + "9" * 10_000),
            ("Cargo.toml", "[package]\nname = \n"),
            ("setup.cfg", "no section\n"),
            ("setup.py", "def ("),
            ("setup.py", "x = " + "(" * 5_000),
            ("setup.py", "x = " + "-" * 20_000 + "1"),
            ("pom.xml", "<project><dependencies></project>"),
            ("pom.xml", '<!DOCTYPE p [<!ENTITY a "b">]><project>&a;</project>'),
            ("pom.xml", '<!DOCTYPE p [<!ENTITY a SYSTEM "file:///etc/passwd">]><project>&a;</project>'),
            ("pom.xml", "<a>" * 5_000),
            ("pom.xml", '<?xml version="1.0" encoding="nope"?><project/>'),
            ("a.csproj", "not xml"),
            ("pubspec.yaml", "- a\n"),
            ("pubspec.yaml", "a: &a [*a]\nb: [\n"),
        ],
    )
    def test_what_cannot_be_read_is_a_problem(self, path: str, text: str) -> None:
        """
        Malformed and hostile manifests are told, never crash, and never count as a manifest without dependencies.
        """
        found = read({path: text})

        assert 1 == len(found.problems), found
        assert () == found.files

    @pytest.mark.parametrize("path", [*CASES, "gradle/libs.versions.toml"])
    def test_long_hostile_text_is_read_in_linear_time(self, path: str) -> None:
        """
        No manifest makes the review hang.
        """
        started = time.process_time()
        for filler in (
            "a" * 900_000,
            "\n" * 900_000,
            '"' * 900_000,
            "gem 'a', " * 100_000,
            " " * 900_000,
            "{:a, " * 150_000,
        ):
            read({path: filler})

        assert 20 > time.process_time() - started

    def test_values_of_other_shapes_are_passed_over(self) -> None:
        """
        A manifest whose entries are of unexpected types loses these, and nothing else.
        """
        text = '{"name": 3, "dependencies": ["a"], "devDependencies": {"b": {"c": 1}}, "workspaces": {"packages": 1}}'
        toml = (
            '[project]\nname = ["a"]\ndependencies = {a = 1}\n[dependency-groups]\na = [{include-group = "b"}, "c"]\n'
        )

        assert ["b"] == [d.package for d in one({"package.json": text}, "package.json").dependencies]
        assert ["c"] == [d.package for d in one({"pyproject.toml": toml}, "pyproject.toml").dependencies]


class TestUses:
    def test_prefixes_and_case(self) -> None:
        """
        A name may end in a star, and case is ignored.
        """
        found = read({"requirements.txt": CASES["requirements.txt"][0], "requirements-dev.txt": "pytest\n"})

        assert ["Django"] == [d.package for _, d in found.uses("django")]
        assert ["celery"] == [d.package for _, d in found.uses("cel*")]
        assert [] == found.uses("pytest", development=False)


GEMS = [
    ('if false\n  gem "audited"\nend\n', []),
    ('unless true\n  gem "audited"\nend\n', []),
    ('=begin\ngem "audited"\n=end\n', []),
    ("TEXT = <<~'TEXT'\n  gem \"audited\"\nTEXT\n", []),
    ('gem "audited" # gem "other"\n', [("audited", False)]),
    ('if ENV["ENABLE_IT"] == "yes"\n  gem "audited"\nend\n', [("audited", True)]),
    (
        'if ENV["EDGE"] == "yes"\n  gem "rails", "8"\nelse\n  gem "rails", "7"\nend\ngem "puma"\n',
        [("rails", False), ("rails", False), ("puma", False)],
    ),
    ("if RUBY_VERSION >= '3.4'\n  gem 'csv'\nend\n", [("csv", False)]),
    ('platforms :ruby do\n  gem "pg"\nend\ngem "puma"\n', [("pg", False), ("puma", False)]),
]


class TestGemsInForce:
    @pytest.mark.parametrize(("text", "expected"), GEMS)
    def test_only_what_bundler_comes_to_is_installed(self, text: str, expected: list[tuple[str, bool]]) -> None:
        """
        A gem that is never reached is none; one that a setting decides about is not known to be there in production.
        """
        fact = read_tree(MemoryTree({"Gemfile": text}), [ManifestsReader()])[Manifests]
        assert isinstance(fact, Manifests)

        assert expected == [(gem.package, gem.development) for gem in fact.files[0].dependencies]
