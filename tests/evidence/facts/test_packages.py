"""Dependencies have the package URLs that the specification gives their ecosystems."""

from __future__ import annotations

import pytest
from packageurl import PackageURL

from orchestrator import CiStep, Dependency, Manifest, Manifests, Pipeline
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.manifests import ManifestsReader
from orchestrator.evidence.tree import MemoryTree


def purl(ecosystem: str, package: str, spec: str = "", origin: str = "") -> str:
    manifest = Manifest(path="manifest", ecosystem=ecosystem)
    return manifest.purl(Dependency(package=package, spec=spec, origin=origin))


NAMES = [
    ("npm", "lodash", "pkg:npm/lodash"),
    ("npm", "@angular/animation", "pkg:npm/%40angular/animation"),
    ("pypi", "Django_Allauth", "pkg:pypi/django-allauth"),
    ("go", "github.com/Gorilla/Context", "pkg:golang/github.com/gorilla/context"),
    ("go", "google.golang.org/genproto", "pkg:golang/google.golang.org/genproto"),
    ("go", "gopkg.in/yaml.v3", "pkg:golang/gopkg.in/yaml.v3"),
    ("cargo", "clap_derive", "pkg:cargo/clap_derive"),
    ("rubygems", "ruby-advisory-db-check", "pkg:gem/ruby-advisory-db-check"),
    ("maven", "org.apache.commons:commons-lang3", "pkg:maven/org.apache.commons/commons-lang3"),
    ("maven", "org.springframework.boot", "pkg:maven/org.springframework.boot/org.springframework.boot.gradle.plugin"),
    ("nuget", "EnterpriseLibrary.Common", "pkg:nuget/EnterpriseLibrary.Common"),
    ("packagist", "Guzzlehttp/Promises", "pkg:composer/guzzlehttp/promises"),
    ("hex", "phoenix_html", "pkg:hex/phoenix_html"),
    ("pub", "characters", "pkg:pub/characters"),
]
VERSIONS = [
    ("npm", "1.2.3", "1.2.3"),
    ("npm", "v1.2.3-beta.1", "1.2.3-beta.1"),
    ("npm", "1.2.3+build", "1.2.3%2Bbuild"),
    ("pypi", "==1.2.3", "1.2.3"),
    ("pypi", "1.2", "1.2"),
    ("go", "v1.2.3", "v1.2.3"),
    ("go", "v4.1.0+incompatible", "v4.1.0%2Bincompatible"),
    ("cargo", "=1.2.3", "1.2.3"),
    ("rubygems", "7.1", "7.1"),
    ("maven", "3.3.1", "3.3.1"),
    ("maven", "[3.3.1]", "3.3.1"),
    ("nuget", "13.0.3", "13.0.3"),
    ("packagist", "v6.4.1", "6.4.1"),
    ("hex", "== 1.7.0", "1.7.0"),
    ("pub", "1.0.0", "1.0.0"),
]
RANGES = [
    ("npm", ["^1.2.3", "~1.2.3", "1.x", "*", "latest", ">=1.2.3", "1.2.3 || 2.0.0", "1.2.3 - 2.0.0", "catalog:"]),
    ("pypi", [">=3", "==1.*", "~=1.2", "==1.2,!=1.3", "^3.11", "*"]),
    ("cargo", ["1.2.3", "^1", "*"]),
    ("rubygems", ["~> 7.1", ">= 1, < 2"]),
    ("maven", ["[1.0,2.0)", "1.+", "latest.release", "${spring}"]),
    ("nuget", ["1.*", "[1.0,2.0)"]),
    ("packagist", ["^6.4", "6.*", "dev-feature/x"]),
    ("hex", ["~> 1.7", ">= 0.0.0"]),
    ("pub", ["^1.0.0", "any", ">=1.0.0 <2.0.0"]),
]


class TestPurl:
    @pytest.mark.parametrize(("ecosystem", "package", "expected"), NAMES)
    def test_is_spelled_as_its_type_demands(self, ecosystem, package, expected):
        """
        Type, namespace, name and letters are those of the specification, and are read back to the same.
        """
        found = purl(ecosystem, package)

        assert expected == found
        assert found == PackageURL.from_string(found).to_string()
        assert [] == list(PackageURL.from_string(found).validate(strict=True))

    @pytest.mark.parametrize(("ecosystem", "spec", "version"), VERSIONS)
    def test_has_a_version_that_is_pinned(self, ecosystem, spec, version):
        """
        An exact version belongs to it, whatever sign its ecosystem writes before.
        """
        package = {"maven": "a:b", "packagist": "a/b"}.get(ecosystem, "a")

        assert f"{purl(ecosystem, package)}@{version}" == purl(ecosystem, package, spec)

    @pytest.mark.parametrize(("ecosystem", "spec"), [(name, spec) for name, specs in RANGES for spec in specs])
    def test_has_no_version_of_a_range(self, ecosystem, spec):
        """
        A range is not a version, and what its ecosystem reads as one is none either.
        """
        package = {"maven": "a:b", "packagist": "a/b"}.get(ecosystem, "a")

        assert "@" not in purl(ecosystem, package, spec)
        assert purl(ecosystem, package, spec)

    @pytest.mark.parametrize(
        ("ecosystem", "spec"),
        [
            ("npm", "file:../shared"),
            ("npm", "workspace:*"),
            ("npm", "link:../x"),
            ("npm", "git+https://git.example.com/a.git"),
            ("npm", "user/repo"),
            ("pypi", "@ https://example.com/a.whl"),
            ("pypi", "../lib"),
            ("cargo", "../core"),
            ("pub", "../core"),
        ],
    )
    def test_is_empty_for_what_comes_from_elsewhere(self, ecosystem, spec):
        """
        What a path or an address leads to is not the package of that name in the registry.
        """
        assert "" == purl(ecosystem, "a", spec)

    def test_an_alias_is_the_package_that_is_installed(self):
        """
        npm can install one package under the name of another.
        """
        assert "pkg:npm/%40scope/real@1.2.3" == purl("npm", "fake", "npm:@scope/real@1.2.3")
        assert "pkg:npm/real" == purl("npm", "fake", "npm:real@^1")

    @pytest.mark.parametrize(
        "address",
        [
            "https://github.com/Alamofire/Alamofire.git",
            "https://github.com/Alamofire/Alamofire",
            "git@github.com/Alamofire/Alamofire.git",
            "https://someone:word@github.com/Alamofire/Alamofire/",
        ],
    )
    def test_swift_has_no_registry(self, address):
        """
        There a package is told by the address of its repository, without whoever is named in it.
        """
        found = purl("swift", "Alamofire", "5.4.3", address)

        assert "pkg:swift/github.com/Alamofire/Alamofire" == found
        assert "" == purl("swift", "Alamofire", "5.4.3")

    @pytest.mark.parametrize(
        ("ecosystem", "package"),
        [("npm", ""), ("npm", "@"), ("npm", "/"), ("maven", ":"), ("maven", "a:"), ("maven", "${group}:a"),
         ("packagist", "php"), ("go", "/"), ("other", "a"), ("npm", " "), ("pypi", "\x00")],
    )  # fmt: skip
    def test_what_is_no_package_has_none(self, ecosystem, package):
        """
        Whatever a manifest writes as a name is answered: with a package URL that can be read back, or with nothing.
        """
        found = purl(ecosystem, package)

        assert not found or PackageURL.from_string(found).to_string() == found

    def test_of_a_manifest(self):
        """
        Every dependency of a manifest that was read has its own.
        """
        text = 'let p = Package(dependencies: [\n  .package(url: "https://github.com/vapor/vapor.git")])\n'
        fact = read_tree(MemoryTree({"Package.swift": text}), [ManifestsReader()])[Manifests]

        assert isinstance(fact, Manifests)
        assert ["pkg:swift/github.com/vapor/vapor"] == [m.purl(d) for m in fact.files for d in m.dependencies]


class TestActions:
    @pytest.mark.parametrize(
        ("uses", "expected"),
        [
            ("actions/checkout@v4", "pkg:github/actions/checkout@v4"),
            ("GitHub/codeql-action/init@v3", "pkg:github/github/codeql-action@v3#init"),
            ("org/flows/.github/workflows/ci.yml@main", "pkg:github/org/flows@main#.github/workflows/ci.yml"),
            ("./.github/actions/build", ""),
            ("docker://alpine:3.8", ""),
            ("docker/image@sha256:abc", ""),
            ("", ""),
        ],
    )
    def test_of_github(self, uses, expected):
        """
        An action is a repository at a revision, and what lies below.
        """
        step = CiStep(uses=uses)

        assert expected == Pipeline(path="a", system="github").purl(step)
        assert "" == Pipeline(path="a", system="drone").purl(step)
