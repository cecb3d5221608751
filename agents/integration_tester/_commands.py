"""This is where the commands of a CI step are told apart: which build, which test, and which nobody can see into."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from orchestrator import CiStep, Manifests

KINDS = ("unit", "integration", "e2e")
_TEST = re.compile(
    r"\b(pytest|py\.test|nosetests|nose2|stestr|tox|nox|behave|phpunit|paratest|rspec|cucumber|jest|vitest|mocha|jasmine|"
    r"karma|ava|testcafe|wdio|codecept(js)?|gotestsum|ginkgo|ctest|bats|prove|newman|detox|nightwatch|protractor)\b"
    r"|\b(manage\.py|artisan|ng|rails|mix|deno|flutter|dart|swift|stack|cabal|meson|composer|ember|dune|sbt|forge|hatch|"
    r"pdm run|poe|bazel|bazelisk|buck2|lein|clojure|gulp|grunt|nx|turbo|lerna|vue-cli-service|react-scripts|craco|helm|"
    r"terraform|molecule|zig build|dotnet|bun|rake|rails db:test:prepare|lerna run|turbo run|nx run-many)\b[^|]{0,200}"
    r"[ :=](test|tests|spec|e2e|eunit|unittest)\b"
    r"|\bgo (-\S+ )*(test|vet && go test)\b|\b(cargo|cross)( \+\S+)? (test|nextest)\b|^\$\{?\w+\}? test\b"
    r"|\bpython3? (-\S+ ){0,3}-m (pytest|unittest|nose2|tox|nox|behave|twisted\.trial)\b|\bcoverage run\b"
    r"|\b(cypress|cypress:run|playwright)\b[^|]{0,80} (run|run-ci|test)\b|\bnode\b[^|]{0,300} --test\b"
    r"|\bxcodebuild\b[^|]{0,300} test\b|\bfastlane (scan|test)\b|\bR CMD check\b|\brebar3 (eunit|ct)\b|--junit-?xml\b"
    r"|\bdocker[- ]compose\b[^|]{0,200}(--exit-code-from|--abort-on-container-exit)\b|^sbt\b[^|]{0,100}\btest"
)
_JVM = re.compile(r"\b(mvnw?|gradlew?)\b")
_JVM_TESTS = re.compile(r"\s:?([\w-]+:)*(test|check|build|verify|install|deploy|package|ci|\w+Test|\w+Tests)\b")
_JVM_SKIPS = re.compile(r"-DskipTests(?!=false)|-Dmaven\.test\.skip(?!=false)|-x[ ,]*:?(\w+:)*test\b")
_BUILD = re.compile(
    r"\b(tsc|webpack|rollup|esbuild|hugo|sphinx-build|msbuild|goreleaser|kaniko|jekyll build|mkdocs build|"
    r"python3? -m build|setup\.py (sdist|bdist_wheel|build\w*)|(poetry|uv|hatch|flit|pdm|maturin|gem|go|cargo|cross|dotnet|swift|"
    r"flutter|bazel|bazelisk|buck2|podman|buildah|pack|ko|nix|skaffold|stack|cabal|zig|ng|vite|next|nuxt|gatsby|parcel|"
    r"react-scripts|docker( buildx| compose)?|docker-compose)( -\S+| --\S+)* (build|bake|release|bud)|cmake --build|ninja|"
    r"cargo check|dotnet (publish|pack)|mix (compile|release)|xcodebuild|gcloud builds submit|skaffold run|"
    r"(turbo|nx|lerna)\b.{0,80}\bbuild|sbt\b.{0,80}\b(compile|assembly|package)|assets:precompile|"
    r"helm (lint|package|template)|kustomize build|kubectl kustomize|terraform (validate|plan))\b|^\$\{?\w+\}? build\b"
)
_JVM_BUILDS = re.compile(
    r"\s:?([\w-]+:)*(compile|package|verify|install|deploy|build|assemble|bootJar|jar|shadowJar)\b"
)
_TEST_ACTION = re.compile(r"cypress-io/github-action|helm/chart-testing|VSTest@|DotNetCoreCLI@.*test", re.IGNORECASE)
_BUILD_ACTION = re.compile(
    r"docker/(build-push|bake)-action|jekyll-build-pages|goreleaser-action|kaniko|maturin-action|cibuildwheel|tauri-action|"
    r"electron-builder|(VSBuild|MSBuild|Gradle|Maven|Docker)@",
    re.IGNORECASE,
)
_WRAPPER = re.compile(
    r"/retry(@|$)|wretry|actions-rs/cargo|xvfb|android-emulator-runner|actions-yarn|codeclimate-action|Maven@|Gradle@"
)
_KNOWN_ACTION = re.compile(
    r"^(actions/|docker/|github/codeql|ossf/|codecov/|coverallsapp/|aquasecurity/|peter-evans/|dependabot/|dessant/|"
    r"softprops/|pypa/gh-action|dtolnay/|ruby/setup|astral-sh/|pnpm/|hashicorp/setup|azure/setup|google-github-actions/|"
    r"aws-actions/|sigstore/|anchore/|returntocorp/|semgrep/|snyk/|bridgecrewio/|checkmarx/|checkout$|restore_cache|"
    r"save_cache|store_|persist_to|attach_workspace|add_ssh_keys|setup_remote_docker|deploy:)",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"^(echo|printf|cat|git|rm|cp|mv|mkdir|ls|tar|sed|grep|awk|curl|wget|zip|unzip|find|export|set|chmod|source|touch|then|"
    r"which|command|gh|jq)\b|^(test -|\[)"
)
_INSTALL = re.compile(
    r"\b((uv )?pip3?|pipx|npm|pnpm|yarn|bun|apt|apt-get|apk|brew|gem|cargo|go|poetry|conda|choco|dnf|yum|bundle|dotnet tool)"
    r"( -\S+)* (install|i|add|ci|get|require|sync)\b"
)
_RUNNER = frozenset({"npm", "pnpm", "yarn", "bun", "composer", "pipenv"})
_BUILT_IN = frozenset(
    {"ci", "install", "i", "add", "publish", "audit", "version", "pack", "exec", "dlx", "dedupe", "config"}
)
_TARGET = re.compile(
    r"^(?:sudo )?(?:make|gmake|just|task|mage|invoke|inv|earthly|rake|nox -s|pre-commit run)\b(.{0,300})"
)
_SCRIPT = re.compile(
    r"^(?:\w+=\S* )*(?:(?:bash|sh|zsh|python3?|node|ruby|pwsh|source|\.|time|xvfb-run|sudo|bundle exec|uv run|poetry run) (?:-\S+ )*)*"
    r"((?:\./)?[\w.-]*(?:/[\w.${} -]+?)?(?:\.(?:sh|py|js|ts|mjs|cjs|rb|ps1|bat))?)(?:\s|$)"
)
_OPAQUE = re.compile(
    r"^(make|gmake|just|task|mage|invoke|inv|earthly|dagger|rake|bundle exec rake|nix|bazel|npx|pnpm|yarn|npm|bun|"
    r"(sudo )?docker[- ]?(compose)?\b.{0,100}(build|run|up|exec)|(bash|sh|zsh|python3?|node|ruby|pwsh) \S*[/.]\S|"
    r"\.{0,2}/?[\w.-]+/\S|\S+\.(sh|ps1|bat)\b)"
)
_NAME_TESTS = frozenset(
    ["test", "tests", "testall", "unittest", "unittests", "spec", "specs", "unit", "e2e", "integration", "pytest", "cypress", "playwright", "acceptance", "cibuild"]
)
_NAME_BUILDS = frozenset(["build", "builds", "compile", "assemble", "dist", "bundle", "package", "bootstrap", "prepublish", "cibuild", "all"])
_NAME_NO_TEST = frozenset(
    ["lint", "build", "prepare", "setup", "deps", "clean", "bootstrap", "generate", "env", "image", "images", "data", "install", "fmt", "format", "fixtures", "watch", "types", "update", "publish", "local", "requirements", "open", "down", "stop", "serve", "up", "fix", "docs"]
)
_CHECKER = re.compile(
    r"\b(eslint|prettier|stylelint|ruff|black|flake8|mypy|pylint|isort|pyright|tsc|markdownlint|jshint|rubocop|standardrb|"
    r"brakeman|golangci-lint|gofmt|clippy|hadolint|shellcheck|yamllint|actionlint|commitlint|lint|linkcheck|knip|codespell)\b"
)
_E2E = re.compile(
    r"e2e|end[-_ ]?to[-_ ]?end|cypress|playwright|selenium|acceptance|browser tests?|ui[-_ ]tests?|testcafe|wdio|detox|protractor|"
    r"nightwatch|test:system",
    re.IGNORECASE,
)
_INTEGRATION = re.compile(
    r"integration|functional|\bapi[-_ :]?tests?\b|\btest:api\b|testcontainers|contract", re.IGNORECASE
)
_UNIT = re.compile(r"\bunit", re.IGNORECASE)
_SWALLOWED = re.compile(r"\|\|\s*(true|:|echo\b.*|exit 0|/bin/true)\s*$|^set \+e\b")
_SPLIT = re.compile(r"&&|;|\|\||(?<!\|)\|(?!\|)")


@dataclass(frozen=True)
class Work:
    """What one step does, as far as its commands tell."""

    builds: bool = False
    tests: frozenset[str] = frozenset()
    """Kinds of test that it runs; empty where it runs none."""
    languages: frozenset[str] = frozenset()
    """Languages whose tests it runs; empty where any may be meant."""
    opaque: bool = False
    """It runs something that may build or test, and the pipeline does not say."""


class Commands:
    """Tells what steps do; knows the scripts that the tree's manifests name."""

    def __init__(self, manifests: Manifests, wrapped: Mapping[tuple[str, int], str]) -> None:
        self._scripts: dict[str, list[str]] = {}
        self._wrapped = wrapped
        for manifest in manifests.files:
            for name, command in manifest.scripts.items():
                self._scripts.setdefault(name, []).append(command)

    def work(self, path: str, step: CiStep, context: str = "") -> Work:
        """What *step* of the pipeline at *path* does; *context* is what its job is called."""
        text = step.run or (self._wrapped.get((path, step.line), "") if _WRAPPER.search(step.uses) else "")
        parts = list(self._parts(text))
        tested = [p for p, swallowed in parts if not swallowed and _tests(p)]
        kinds: set[str] = set()
        for part in tested:
            kinds |= _kinds_of(part, f"{step.name} {context}")
        if _TEST_ACTION.search(step.uses):
            kinds.add("e2e" if "cypress" in step.uses.lower() else "integration")
        opaque = _opaque_action(step.uses) or any(self._is_opaque(p) for p, _ in parts)
        return Work(
            builds=bool(_BUILD_ACTION.search(step.uses)) or any(_builds(p) for p, _ in parts),
            tests=frozenset(kinds),
            languages=frozenset(language for p in tested for language in _languages(p)),
            opaque=opaque and not kinds,
        )

    def _parts(self, text: str) -> Iterator[tuple[str, bool]]:
        """Each command with whether its failure is ignored, and what npm and its like run for it."""
        waiting = list(_split(text))
        seen: set[str] = set()
        room = len(waiting) + _MAX_FROM_SCRIPTS
        while waiting and room:
            room -= 1
            part, swallowed = waiting.pop(0)
            if _INSTALL.search(part):
                continue
            yield part, swallowed
            name = self._script(part)
            if name and name not in seen:
                seen.add(name)
                for command in self._scripts[name][:20]:
                    if _names_tests(name) and "no test specified" not in command:
                        yield f"npm-script {name}", swallowed
                    waiting.extend((p, swallowed or s) for p, s in _split(command))

    def _is_opaque(self, part: str) -> bool:
        """Whether the command may test without saying so: a target, a script, an image whose build is not here."""
        if not _OPAQUE.match(part) or _CHECKER.search(part) or _tests(part) or self._script(part):
            return False
        return "docker" in part or not _builds(part)

    def _script(self, part: str) -> str:
        words = part.split()[:12]
        tools = [n for n, word in enumerate(words) if word in _RUNNER]
        if not tools:
            return ""
        rest = words[tools[0] + 1 :]
        if not rest or rest[0] in _BUILT_IN:
            return ""
        wanted = ["test" if word == "t" else word for word in rest]
        return next((word for word in wanted if word in self._scripts), "")


def _split(text: str) -> Iterator[tuple[str, bool]]:
    for raw in text.replace("\\\n", " ").split("\n")[:400]:
        line = raw.strip()[:1_000]
        if not line or line.startswith("#"):
            continue
        swallowed = bool(_SWALLOWED.search(line))
        for part in _SPLIT.split(line):
            if part.strip():
                yield part.strip(), swallowed


def _tests(part: str) -> bool:
    if part.startswith("npm-script "):
        return True
    if _TALK.match(part) or _INSTALL.search(part):
        return False
    if _JVM.search(part):
        return bool(_JVM_TESTS.search(part)) and not _JVM_SKIPS.search(part)
    return bool(_TEST.search(part)) or any(_names_tests(name) for name in _names(part))


def _builds(part: str) -> bool:
    if _TALK.match(part):
        return False
    if _JVM.search(part):
        return bool(_JVM_BUILDS.search(part))
    named = any(_words(name) & _NAME_BUILDS for name in _names(part))
    return bool(_BUILD.search(part)) or named or part in ("make", "rake", "npm run build", "yarn build", "pnpm build")


def _names(part: str) -> Iterable[str]:
    """What a command calls by a name of the project's own: targets of make and its like, scripts of the tree, npm's scripts."""
    if target := _TARGET.match(part):
        return [w for w in target[1].split()[:10] if not w.startswith("-") and "=" not in w]
    words = part.split()[:8]
    if words and words[0] in _RUNNER:
        return [w for w in words[1:] if w.startswith(("build", "compile"))]
    script = _SCRIPT.match(part)
    if script and ("/" in script[1] or script[1].endswith((".sh", ".ps1", ".bat"))):
        return [script[1].rpartition("/")[2].partition(".")[0] or script[1]]
    return []


def _words(name: str) -> set[str]:
    return set(re.split(r"[-_:./]", name.lower()))


def _names_tests(name: str) -> bool:
    words = _words(name)
    return name == "check" or (bool(words & _NAME_TESTS) and not words & _NAME_NO_TEST)


def _kinds_of(part: str, names: str) -> set[str]:
    """The kinds of test that a command runs, told from its words, and from what its step and job are called."""
    words = (("e2e", _E2E), ("integration", _INTEGRATION), ("unit", _UNIT))
    found = {kind for kind, pattern in words if pattern.search(part)}
    found = found or {kind for kind, pattern in words[:2] if pattern.search(names)}
    if found:
        return found
    if re.search(r"\bmvnw?\b.* test\b", part):
        return {"unit"}
    browser = _languages(part) & {"javascript", "typescript"}
    return {"unit", "integration"} if browser else set(KINDS)


_MAX_FROM_SCRIPTS = 80
_LANGUAGES = (
    ("python", r"pytest|py\.test|nose|tox\b|nox\b|unittest|manage\.py|behave|coverage run|stestr|hatch|--junitxml"),
    ("javascript", r"jest|vitest|mocha|karma|jasmine|\bava\b|cypress|playwright|testcafe|wdio|\bng |node |deno|grunt|gulp|npm-script|"
                   r"nx |turbo|lerna|react-scripts|vue-cli|bun "),
    ("go", r"\bgo (-\S+ )*test|gotestsum|ginkgo"),
    ("rust", r"cargo|cross |^\$\{?\w+\}? test"),
    ("java", r"mvn|gradle|sbt"),
    ("ruby", r"rspec|rails|rake|cucumber"),
    ("php", r"phpunit|paratest|artisan|composer|codecept\b"),
    ("csharp", r"dotnet"),
    ("elixir", r"\bmix "),
    ("swift", r"xcodebuild|\bswift "),
    ("dart", r"flutter|\bdart "),
)  # fmt: skip
FAMILIES = {
    "javascript": ("javascript", "typescript"),
    "java": ("java", "kotlin", "scala", "groovy"),
    "csharp": ("csharp", "fsharp"),
}


def _languages(part: str) -> set[str]:
    found = [name for name, pattern in _LANGUAGES if re.search(pattern, part)]
    if found == ["go"] and "..." not in part:
        return {"one package of go"}
    return {language for name in found for language in FAMILIES.get(name, (name,))}


def _opaque_action(uses: str) -> bool:
    return (
        bool(uses)
        and not _KNOWN_ACTION.search(uses)
        and not re.search(r"setup|cache|checkout|upload|download|login", uses)
    )
