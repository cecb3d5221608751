"""Reads a single command: what it builds, which kinds of test it runs, in which languages."""

from __future__ import annotations

import re
from collections.abc import Iterable

from orchestrator import words

KINDS = ("unit", "integration", "e2e")
_TEST = re.compile(
    rf"(?:{words('commands/test-runners').pattern})|"
    rf"(?:{words('commands/test-subcommands').pattern})[^|]{{0,200}}[ :=](?:test|tests|spec|e2e|eunit|unittest)\b|"
    r"\bgo (-\S+ )*(test|vet && go test)\b|\b(cargo|cross)( \+\S+)? (test|nextest)\b|^\$\{?\w+\}? test\b"
    r"|\bpython3? (-\S+ ){0,3}-m (pytest|unittest|nose2|tox|nox|behave|twisted\.trial)\b"
    r"|\b(cypress|cypress:run|playwright)\b[^|]{0,80} (run|run-ci|test)\b|\bnode\b[^|]{0,300} --test\b"
    r"|\bxcodebuild\b[^|]{0,300} test\b|\bfastlane (scan|test)\b|\bR CMD check\b|\brebar3 (eunit|ct)\b|--junit-?xml\b"
    r"|\bdocker[- ]compose\b[^|]{0,200}(--exit-code-from|--abort-on-container-exit)\b"
)
_JVM = re.compile(r"\b(mvnw?|gradlew?)\b")
_JVM_TESTS = re.compile(r"\s:?([\w-]+:)*(test|check|build|verify|install|deploy|package|ci|\w+Test|\w+Tests)\b")
_JVM_SKIPS = re.compile(r"-DskipTests(?!=false)|-Dmaven\.test\.skip(?!=false)|-x[ ,]*:?(\w+:)*test\b")
_BUILD = re.compile(
    rf"\b(?:{words('commands/builders').pattern})\b|"
    rf"(?:{words('commands/build-subcommands').pattern})(?: -\S+)* (?:build|bake|release|bud)\b|"
    r"^\$\{?\w+\}? build\b"
)
_JVM_BUILDS = re.compile(
    r"\s:?([\w-]+:)*(compile|package|verify|install|deploy|build|assemble|bootJar|jar|shadowJar)\b"
)
_KNOWN_ACTION = re.compile(
    r"^(actions/|docker/|github/codeql|ossf/|codecov/|coverallsapp/|aquasecurity/|peter-evans/|dependabot/|dessant/|"
    r"softprops/|pypa/gh-action|dtolnay/|ruby/setup|astral-sh/|pnpm/|hashicorp/setup|azure/setup|"
    r"google-github-actions/|"
    r"aws-actions/|sigstore/|anchore/|returntocorp/|semgrep/|snyk/|bridgecrewio/|checkmarx/|checkout$|restore_cache|"
    r"save_cache|store_|persist_to|attach_workspace|add_ssh_keys|setup_remote_docker|deploy:)",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"^(echo|printf|cat|git|rm|cp|mv|mkdir|ls|tar|sed|grep|awk|curl|wget|zip|unzip|find|export|set|chmod|"
    r"source|touch|then|"
    r"which|command|gh|jq)\b|^(test -|\[)"
)
_INSTALL = re.compile(
    r"\b((uv )?pip3?|pipx|npm|pnpm|yarn|bun|apt|apt-get|apk|brew|gem|cargo|go|poetry|conda|choco|dnf|yum|"
    r"bundle|dotnet tool)"
    r"( -\S+)* (install|i|add|ci|get|require|sync)\b"
)
_TARGET = re.compile(
    r"^(?:sudo )?(?:make|gmake|just|task|mage|invoke|inv|earthly|rake|nox -s|pre-commit run)\b(.{0,300})"
)
_SCRIPT = re.compile(
    r"^(?:\w+=\S* )*(?:(?:bash|sh|zsh|python3?|node|ruby|pwsh|source|\.|time|xvfb-run|sudo|bundle exec|"
    r"uv run|poetry run) (?:-\S+ )*)*"
    r"((?:\./)?[\w.-]*(?:/[\w.${} -]+?)?(?:\.(?:sh|py|js|ts|mjs|cjs|rb|ps1|bat))?)(?:\s|$)"
)
_OPAQUE = re.compile(
    r"^(make|gmake|just|task|mage|invoke|inv|earthly|dagger|rake|bundle exec rake|nix|bazel|npx|pnpm|yarn|npm|bun|"
    r"(sudo )?docker[- ]?(compose)?\b.{0,100}(build|run|up|exec)|(bash|sh|zsh|python3?|node|ruby|pwsh) \S*[/.]\S|"
    r"\.{0,2}/?[\w.-]+/\S|\S+\.(sh|ps1|bat)\b)"
)
_NAME_TESTS = frozenset(
    [
        "test",
        "tests",
        "testall",
        "unittest",
        "unittests",
        "spec",
        "specs",
        "unit",
        "e2e",
        "integration",
        "pytest",
        "cypress",
        "playwright",
        "acceptance",
        "cibuild",
    ]
)
_NAME_BUILDS = frozenset(
    ["build", "builds", "compile", "assemble", "dist", "bundle", "package", "bootstrap", "prepublish", "cibuild", "all"]
)
_NAME_NO_TEST = frozenset(
    [
        "lint",
        "build",
        "prepare",
        "setup",
        "deps",
        "clean",
        "bootstrap",
        "generate",
        "env",
        "image",
        "images",
        "data",
        "install",
        "fmt",
        "format",
        "fixtures",
        "watch",
        "types",
        "update",
        "publish",
        "local",
        "requirements",
        "open",
        "down",
        "stop",
        "serve",
        "up",
        "fix",
        "docs",
    ]
)
_CHECKER = re.compile(
    r"\b(eslint|prettier|stylelint|ruff|black|flake8|mypy|pylint|isort|pyright|tsc|markdownlint|jshint|"
    r"rubocop|standardrb|"
    r"brakeman|golangci-lint|gofmt|clippy|hadolint|shellcheck|yamllint|actionlint|commitlint|lint|"
    r"linkcheck|knip|codespell)\b"
)
_E2E = re.compile(
    r"e2e|end[-_ ]?to[-_ ]?end|cypress|playwright|selenium|acceptance|browser tests?|ui[-_ ]tests?|"
    r"testcafe|wdio|detox|protractor|"
    r"nightwatch|test:system",
    re.IGNORECASE,
)
_INTEGRATION = re.compile(
    r"integration|functional|\bapi[-_ :]?tests?\b|\btest:api\b|testcontainers|contract", re.IGNORECASE
)
_UNIT = re.compile(r"\bunit", re.IGNORECASE)
_RUNNER = frozenset({"npm", "pnpm", "yarn", "bun", "composer", "pipenv"})


def tests(part: str) -> bool:
    if part.startswith("npm-script "):
        return True
    if _TALK.match(part) or _INSTALL.search(part):
        return False
    if _JVM.search(part):
        return bool(_JVM_TESTS.search(part)) and not _JVM_SKIPS.search(part)
    return bool(_TEST.search(part)) or any(names_tests(name) for name in _names(part))


def builds(part: str) -> bool:
    if _TALK.match(part):
        return False
    if _JVM.search(part):
        return bool(_JVM_BUILDS.search(part))
    named = any(_words(name) & _NAME_BUILDS for name in _names(part))
    return bool(_BUILD.search(part)) or named or part in ("make", "rake", "npm run build", "yarn build", "pnpm build")


def _names(part: str) -> Iterable[str]:
    """What a command calls by a name of the project's own: targets of make and its like, scripts of the tree."""
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


def names_tests(name: str) -> bool:
    words = _words(name)
    return name == "check" or (bool(words & _NAME_TESTS) and not words & _NAME_NO_TEST)


def kinds_of(part: str, names: str) -> set[str]:
    """The kinds of test that a command runs, told from its words, and from what its step and job are called."""
    words = (("e2e", _E2E), ("integration", _INTEGRATION), ("unit", _UNIT))
    found = {kind for kind, pattern in words if pattern.search(part)}
    found = found or {kind for kind, pattern in words[:2] if pattern.search(names)}
    if found:
        return found
    if re.search(r"\bmvnw?\b.* test\b", part):
        return {"unit"}
    browser = languages(part) & {"javascript", "typescript"}
    return {"unit", "integration"} if browser else set(KINDS)


_LANGUAGES = (
    ("python", r"pytest|py\.test|nose|tox\b|nox\b|unittest|manage\.py|behave|coverage run|stestr|hatch|--junitxml"),
    ("javascript", r"jest|vitest|karma|jasmine|\bava\b|cypress|playwright|testcafe|wdio|\bng |node |deno|grunt|gulp|"
                   r"mocha|npm-script|nx |turbo|lerna|react-scripts|vue-cli|bun "),
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


def languages(part: str) -> set[str]:
    found = [name for name, pattern in _LANGUAGES if re.search(pattern, part)]
    if found == ["go"] and "..." not in part:
        return {"one package of go"}
    return {language for name in found for language in FAMILIES.get(name, (name,))}


def is_opaque_action(uses: str) -> bool:
    return (
        bool(uses)
        and not _KNOWN_ACTION.search(uses)
        and not re.search(r"setup|cache|checkout|upload|download|login", uses)
    )


def installs(part: str) -> bool:
    """Whether the command only fetches packages, whatever they are called."""
    return bool(_INSTALL.search(part))


def is_opaque(part: str) -> bool:
    """Whether the command may test without saying so: a target, a script, an image whose build is not here."""
    if not _OPAQUE.match(part) or _CHECKER.search(part) or tests(part):
        return False
    return "docker" in part or not builds(part)
