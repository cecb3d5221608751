"""Judges how known vulnerabilities are found, closed and reported (2.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    PASS,
    CiStep,
    Code,
    Documents,
    Draft,
    Entries,
    Example,
    FileEntry,
    Files,
    Infrastructure,
    Kubernetes,
    Manifest,
    Manifests,
    Pipeline,
    Pipelines,
    Routes,
    Services,
    Signal,
    Source,
    check,
    each,
    examined,
    failed,
    passed,
    source_of,
    unsure,
)

from ._headers import ANY_HEADERS, FRAME, HEADERS_OFF, HELMET, RAILS, RAILS_OWN, READS, SNIFF, lost, of_one, spring
from ._lines import broken, production
from ._watching import ENTRIES, KNOWN, Entry, entries, looks_through

_UPDATERS = (
    ".github/dependabot.yml",
    ".github/dependabot.yaml",
    "renovate.json",
    "renovate.json5",
    ".renovaterc",
    ".renovaterc.json",
    ".renovaterc.json5",
    ".github/renovaterc.json",
    ".github/.renovaterc.json",
    ".github/.renovaterc.json5",
    ".github/renovate.json",
    ".github/renovate.json5",
    ".gitlab/renovate.json",
    ".gitlab/renovate.json5",
)
_SCANNER = re.compile(
    r"\bpip-audit\b|\bnpm audit\b|\byarn (?:npm )?audit\b|\bpnpm audit\b|\bbundle(?:r)?[- ]audit\b|"
    r"\bcargo[- ](?:audit|deny)\b|\bgovulncheck\b|\bosv-scanner\b|"
    r"\bsnyk (?:test|monitor)\b|snyk/actions|\bsafety (?:check|scan)\b|dependency-check|"
    r"dependency-review-action|trivy (?:fs|repo|filesystem)|"
    r"trivy-action|\bgrype (?:dir|sbom)|composer audit|dotnet list .{0,40}--vulnerable|"
    r"rustsec/audit-check|EmbarkStudios/cargo-deny-action|google/osv-scanner",
    re.IGNORECASE,
)
_HARMLESS = re.compile(
    r"--exit-code[ =]0\b|dependency-check\.skip=true|-DskipDependencyCheck|--audit-level[ =]none|--dry-run\b|"
    r"dependencyCheck\.skip=true|\b(?:pip-audit|npm audit|snyk|trivy|grype|cargo audit|govulncheck|"
    r"osv-scanner)\b.{0,20}--(?:help|version)\b"
)
"""What makes a scan one that finds nothing, or stops nothing."""
RENOVATE_OFF = Signal(
    id="security.renovate-off",
    pattern=r"^[{\s]*[\"']?enabled[\"']?\s*:\s*false\b|^[{\s]*[\"']?enabledManagers[\"']?\s*:\s*\[\s*\]",
    roles=("config", "ci", "other", "source"),
    kept=ALL,
)
RENOVATE_PART = Signal(
    id="security.renovate-part",
    pattern=r"[\"'](?:packageRules|lockFileMaintenance|vulnerabilityAlerts|match\w{4,30}|docker\w{0,20}|npm|"
    r"pip\w{0,20}|maven|gradle|"
    r"github-actions|major|minor|patch|digest|pin|dependencyDashboard\w{0,20}|description)[\"']\s*:",
    roles=("config", "ci", "other", "source"),
    kept=ALL,
)
"""What may be switched off by itself, with what is said beside it."""
ALLOWED = Signal(
    id="security.dependabot-allow",
    pattern=r"^-?\s*allow:\s*$",
    roles=("config", "ci", "other"),
)
ALLOWED_TYPE = Signal(
    id="security.dependabot-allow-type",
    words=("dependency-type:",),
    roles=("config", "ci", "other"),
)
IGNORES_ALL = Signal(
    id="security.dependabot-ignores-all",
    pattern=r"dependency-name:\s*[\"']?\*[\"']?\s*(?:[}\]\s]*$)",
    roles=("config", "ci", "other"),
)
IGNORED_KINDS = Signal(
    id="security.dependabot-ignored-kinds",
    words=("update-types:", "versions:"),
    roles=("config", "ci", "other"),
)
_BOT = "version: 2\nupdates:\n  - package-ecosystem: %s\n    directory: /\n    schedule: {interval: weekly}\n"
_SKIPPED = """pipeline {
  agent any
  stages {
    stage('Scan') { steps { sh 'mvn org.owasp:dependency-check-maven:check -Ddependency-check.skip=true' } }
  }
}
"""
_PACKAGE = {"package.json": '{"name": "a", "dependencies": {"express": "^5.0.0"}}\n'}


@check(
    "SEC-2.4.1",
    shows=BOTH,
    reads=[ENTRIES, ALLOWED, ALLOWED_TYPE, IGNORES_ALL, IGNORED_KINDS, RENOVATE_OFF, RENOVATE_PART],
    clean=[
        Example("Dependabot watches npm", {**_PACKAGE, ".github/dependabot.yml": _BOT % "npm"}),
        Example(
            "an entry for each of many folders",
            {
                **_PACKAGE,
                "pay/go.mod": "module pay\n\nrequire github.com/jackc/pgx/v5 v5.7.0\n",
                ".github/dependabot.yml": _BOT % "npm"
                + "".join(f"  - package-ecosystem: npm\n    directory: /{n}\n" for n in range(9))
                + "  - package-ecosystem: gomod\n    directory: /pay\n",
            },
        ),
        Example(
            "an audit in CI",
            {
                **_PACKAGE,
                ".github/workflows/ci.yml": "on: push\n"
                "jobs:\n  a:\n    steps:\n      - run: npm audit --audit-level=high\n",
            },
        ),
        Example(
            "an audit of one folder, and one of all",
            {
                **_PACKAGE,
                "office/package.json": _PACKAGE["package.json"],
                ".github/workflows/ci.yml": "on: push\njobs:\n  a:\n    steps:\n      - run: npm audit\n"
                "      - run: trivy fs --exit-code 1 .\n",
            },
        ),
        Example(
            "Dependabot, told of the folder first",
            {
                **_PACKAGE,
                ".github/dependabot.yml": "version: 2\nupdates:\n  - directory: /\n    package-ecosystem: npm\n",
            },
        ),
    ],
    silent=[
        Example("nothing scans, and nothing is built here", _PACKAGE),
        Example(
            "the pipeline scans nothing, and the host of the repository may send alerts",
            {**_PACKAGE, ".github/workflows/ci.yml": "on: push\njobs:\n  a:\n    steps:\n      - run: npm test\n"},
        ),
        Example(
            "GitLab may scan by a policy of the group",
            {**_PACKAGE, ".gitlab-ci.yml": "test:\n  script:\n    - npm test\n"},
        ),
        Example(
            "a script beside the product that Dependabot is not told of",
            {
                **_PACKAGE,
                "scripts/report/requirements.txt": "requests==2.32.0\n",
                ".github/dependabot.yml": _BOT % "npm",
            },
        ),
        Example("nothing depends on anything", {".woodpecker.yml": "steps:\n  - name: a\n    commands: [make]\n"}),
        Example(
            "Dependabot watches one package only",
            {**_PACKAGE, ".github/dependabot.yml": _BOT % "npm" + "    allow:\n      - dependency-name: eslint\n"},
        ),
        Example(
            "an audit of one of two applications",
            {
                **_PACKAGE,
                "office/package.json": _PACKAGE["package.json"],
                ".github/workflows/ci.yml": "on: push\njobs:\n  a:\n    steps:\n      - run: npm audit\n",
            },
        ),
        Example(
            "an audit of one of two ecosystems",
            {
                **_PACKAGE,
                "requirements.txt": "requests==2.32.0\n",
                ".github/workflows/ci.yml": "on: push\njobs:\n  a:\n    steps:\n      - run: npm audit\n",
            },
        ),
        Example(
            "Dependabot watches one of two applications",
            {**_PACKAGE, "office/package.json": _PACKAGE["package.json"], ".github/dependabot.yml": _BOT % "npm"},
        ),
        Example(
            "a scan that somebody has to start",
            {**_PACKAGE, ".gitlab-ci.yml": "scan:\n  when: manual\n  script:\n    - npm audit\n"},
        ),
    ],
    flagged=[
        Example(
            "the pipeline scans nothing, and what keeps the repository watches nothing by itself",
            {**_PACKAGE, ".woodpecker.yml": "steps:\n  - name: test\n    image: node:22\n    commands: [npm test]\n"},
        ),
        Example(
            "a scan that is skipped",
            {**_PACKAGE, "Jenkinsfile": _SKIPPED},
        ),
        Example("Renovate is switched off", {**_PACKAGE, "renovate.json": '{\n  "enabled": false\n}\n'}),
        Example(
            "Dependabot watches a folder that is not there",
            {**_PACKAGE, ".github/dependabot.yml": (_BOT % "npm").replace("directory: /", "directory: /web")},
        ),
        Example(
            "Dependabot watches a folder that is not there, as it says first",
            {
                **_PACKAGE,
                ".github/dependabot.yml": "version: 2\nupdates:\n  - directory: /web\n    package-ecosystem: npm\n",
            },
        ),
        Example(
            "likewise, of a module that has no dependencies yet",
            {"go.mod": "module a\n\ngo 1.23\n", ".github/dependabot.yml": (_BOT % "gomod").replace("/\n", "/no\n")},
        ),
        Example(
            "Dependabot ignores every dependency",
            {**_PACKAGE, ".github/dependabot.yml": _BOT % "npm" + "    ignore: [{dependency-name: '*'}]\n"},
        ),
        Example("Dependabot watches something else", {**_PACKAGE, ".github/dependabot.yml": _BOT % "github-actions"}),
    ],
)
def dependencies_are_scanned(files: Files, pipelines: Pipelines, manifests: Manifests, code: Code) -> Iterator[Draft]:
    """A bot or a step of the pipeline looks through the dependencies of every ecosystem in use."""
    steps = [
        (p, s)
        for p, j, s in pipelines.steps()
        if not j.manual
        and j.heeded
        and any(map(_scans, s.enforced.split("\n")))
        and not set(p.triggers) <= {"manual", "call"}
    ]
    bots = [f for f in files.entries if f.path in _UPDATERS]
    used = [m for m in manifests.files if m.role in ("source", "config", "infra", "other") and m.ecosystem in KNOWN]
    watch = entries(code)
    chosen = code[ALLOWED].places.under(lambda path: path == bots[0].path and not code[ALLOWED_TYPE])
    ignoring = code[IGNORES_ALL].places.under(lambda path: path == bots[0].path and not code[ALLOWED])
    if steps:
        yield _by_the_pipeline(steps, used, bots, [] if chosen or ignoring else watch, code)
        return
    renovate = [f for f in bots if "renovate" in f.name]
    off = [place for f in renovate for place in code[RENOVATE_OFF].within(f.path) if _is_of_all(place, code)]
    if off:
        yield failed("Renovate is switched off, and nothing else watches the dependencies", off[0])
    elif renovate:
        yield passed("Renovate watches the dependencies", source_of(renovate[0]))
    elif bots:
        depending = [m for m in used if m.dependencies]
        missing = sorted({m.ecosystem for m in depending if not any(entry.is_for(m) for entry in watch)})
        aside = {m.ecosystem for m in depending} - {m.ecosystem for m in depending if not _BESIDE.search(m.path)}
        seen = {m.ecosystem for m in used if any(entry.watches(m) for entry in watch)}
        astray = sorted({m.ecosystem for m in used if any(entry.is_for(m) for entry in watch)} - seen)
        left = [m for m in depending if m.ecosystem in seen and _is_left_out(m, watch)]
        if chosen:
            yield unsure("Dependabot watches only the packages that its allow list names", chosen[0])
        elif ignoring and not code[IGNORED_KINDS]:
            yield failed("Dependabot ignores every dependency", source_of(bots[0]))
        elif astray:
            yield failed(
                f"Dependabot watches folders without a manifest of {', '.join(astray)}",
                source_of(bots[0]),
            )
        elif missing and set(missing) <= aside:
            text = f"Dependabot does not watch {', '.join(missing)} of scripts beside the product; alerts may be sent"
            yield unsure(text, source_of(bots[0]))
        elif missing:
            yield failed(f"Dependabot does not watch {', '.join(missing)}", source_of(bots[0]), confidence="medium")
        elif left:
            named = each(left, name=lambda m: m.path, at=lambda m: m.at())
            yield unsure(named.say("Dependabot is not told of {}"), source_of(bots[0]))
        elif any(entry.ecosystem in _PACKAGES for entry in watch):
            yield passed(
                "Dependabot watches the dependencies of each ecosystem",
                source_of(bots[0]),
                examined(len({m.ecosystem for m in depending}), "ecosystems"),
            )
    elif not any(map(_scans, _lines_of(pipelines))) and _is_all_known(pipelines) and _depends(manifests):
        ran = [p.at() for p in pipelines.files]
        if _is_skipped(pipelines) or not any(_HOSTED.match(f.path) for f in files.entries):
            yield failed(
                "No step of the pipelines looks through the dependencies, and no bot watches them",
                *ran,
                examined(len(ran), "pipelines"),
                remedy="Add Dependabot or Renovate, or a step that audits each ecosystem and stops the pipeline.",
                confidence="medium",
            )
        else:
            yield unsure(
                "No step of the pipelines looks through the dependencies, and no bot of the tree watches them; alerts "
                "of the repository's host, which are switched on in its settings, cannot be seen here",
                *ran,
            )


def _by_the_pipeline(
    steps: list[tuple[Pipeline, CiStep]], used: list[Manifest], bots: list[FileEntry], watch: list[Entry], code: Code
) -> Draft:
    """Whether steps of the pipeline, with the bots, look through what each manifest declares."""
    renovate = [f for f in bots if "renovate" in f.name and not code[RENOVATE_OFF].within(f.path)]
    scanning = [step for _, step in steps]
    left = [
        m
        for m in used
        if m.dependencies and not renovate and not looks_through(scanning, _SCANNER, m) and _is_left_out(m, watch)
    ]
    at = [pipeline.at(step) for pipeline, step in steps]
    if left:
        named = each(left, name=lambda m: m.path, at=lambda m: m.at())
        return unsure(named.say("The pipeline scans dependencies; those of {} are not seen to be"), *at)
    return passed("The pipeline scans dependencies", *at, *(source_of(f) for f in bots))


def _is_left_out(manifest: Manifest, watch: list[Entry]) -> bool:
    """Whether *manifest* is one of the product and no entry of Dependabot watches it."""
    return not _BESIDE.search(manifest.path) and not any(entry.watches(manifest) for entry in watch)


_PACKAGES = ("npm", "pip", "uv", "poetry", "gomod", "cargo", "bundler", "maven", "gradle", "nuget", "composer")
_HOSTED = re.compile(
    r"\.github/|\.gitlab(?:/|-ci\.ya?ml$)|bitbucket-pipelines\.ya?ml$|\.?azure-pipelines|\.azure(?:devops)?/|"
    r"\.vsts|codecatalyst/",
    re.IGNORECASE,
)
"""Files of hosts that watch dependencies where a setting, of which the tree has nothing, says so."""
_BESIDE = re.compile(
    r"(?:^|/)(?:scripts?|tools?|hack|docs?|examples?|samples?|bench(?:marks?)?|contrib)/", re.IGNORECASE
)


def _depends(manifests: Manifests) -> bool:
    """Whether something of the product depends on what others publish."""
    return any(m.dependencies and m.ecosystem in KNOWN and not _BESIDE.search(m.path) for m in manifests.files)


def _is_skipped(pipelines: Pipelines) -> bool:
    """Whether a step names a scan and takes its effect from it."""
    return any(_SCANNER.search(line) for line in _lines_of(pipelines))


def _lines_of(pipelines: Pipelines) -> list[str]:
    """All that steps say, a line each, whether or not anybody heeds it."""
    return [line for _, _, step in pipelines.steps() for line in step.said.split("\n")]


def _is_all_known(pipelines: Pipelines) -> bool:
    """Whether something is built or tested here, and no pipeline calls or includes what is not in the tree."""
    called = [s for _, _, s in pipelines.steps() if re.search(r"\.ya?ml@", s.uses)]
    return bool(list(pipelines.steps())) and not called and not pipelines.aside and not pipelines.problems


def _is_of_all(place: Source, code: Code) -> bool:
    """Whether what is switched off at *place* is the whole bot, and no part of its settings just before."""
    return not code[RENOVATE_PART].within(place.path, place.line - 6, place.line)


_NODE = '{"name": "%s", "private": true, "dependencies": {"express": "5"}}'
_EXPRESS = "const app = express()\n%s\napp.get('/items', list)\napp.listen(3000)\n"
_ASP = ("Web", "Api")
_HELMET = "const helmet = require('helmet')\napp.use(helmet())"


@check(
    "SEC-2.4.6",
    shows=BOTH,
    reads=READS,
    clean=[
        Example("helmet", {"server.js": "const helmet = require('helmet')\napp.use(helmet())\n"}),
        Example(
            "nginx", {"nginx.conf": "add_header X-Frame-Options DENY;\nadd_header X-Content-Type-Options nosniff;\n"}
        ),
        Example(
            "each of two servers, and a worker beside them",
            {
                **{f"apps/{name}/package.json": _NODE % name for name in ("web", "api", "worker")},
                "apps/web/server.js": _EXPRESS % _HELMET,
                "apps/api/server.js": _EXPRESS % _HELMET,
                "apps/worker/Dockerfile": "FROM node:22\nCMD node worker.js\n",
                "apps/worker/worker.js": "queue.process(mail)\n",
            },
        ),
        Example(
            "Spring Security by itself",
            {
                "src/main/java/Guard.java": "@Bean\nSecurityFilterChain chain(HttpSecurity http) {\n"
                "  return http.authorizeHttpRequests(a -> a.anyRequest().authenticated()).build();\n}\n"
            },
        ),
        Example("Phoenix", {"lib/web/router.ex": "pipeline :browser do\n  plug :put_secure_browser_headers\nend\n"}),
        Example(
            "Ktor",
            {
                "src/main/kotlin/Main.kt": "install(DefaultHeaders) {\n"
                '  header("X-Frame-Options", "DENY")\n  header("X-Content-Type-Options", "nosniff")\n}\n'
            },
        ),
        Example(
            "axum",
            {
                "src/main.rs": "app.layer(SetResponseHeaderLayer::overriding(header::X_FRAME_OPTIONS, "
                'HeaderValue::from_static("DENY")))\n.layer(SetResponseHeaderLayer::overriding('
                'header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")))\n'
            },
        ),
        Example("Rails by itself", {"config/application.rb": "    config.load_defaults 8.0\n"}),
    ],
    flagged=[
        Example("frames allowed from anywhere", {"site/settings.py": "X_FRAME_OPTIONS = 'ALLOWALL'\n"}),
        Example(
            "a location of nginx with a header of its own",
            {
                "nginx.conf": "server {\n  add_header X-Frame-Options DENY;\n"
                "  add_header X-Content-Type-Options nosniff;\n"
                "  location /a {\n    add_header Cache-Control no-store;\n  }\n}\n"
            },
        ),
        Example(
            "Spring Security without headers",
            {
                "src/main/java/Guard.java": "SecurityFilterChain c(HttpSecurity http) {\n"
                "  return http.headers(h -> h.disable()).build();\n}\n"
            },
        ),
        Example(
            "nothing that sends any",
            {
                "server.js": _EXPRESS % "",
                "k8s/web.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n"
                "  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n"
                "    spec: {containers: [{name: web, image: 'shop/web:1'}]}\n",
            },
        ),
        Example("Rails without headers", {"config/initializers/h.rb": "c.action_dispatch.default_headers.clear\n"}),
    ],
    silent=[
        Example(
            "one server of two sends them",
            {
                "apps/web/package.json": _NODE % "web",
                "apps/web/server.js": _EXPRESS % _HELMET,
                "apps/api/package.json": _NODE % "api",
                "apps/api/server.js": _EXPRESS % "",
            },
        ),
        Example(
            "a filter in one project of two",
            {
                **{f"src/{name}/{name}.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web">\n</Project>\n' for name in _ASP},
                **{f"src/{name}/Program.cs": "var b = WebApplication.CreateBuilder(args);\n" for name in _ASP},
                **{f"src/{name}/Home.cs": '[HttpGet("/orders")]\npublic Task Orders() => All();\n' for name in _ASP},
                "src/Web/Headers.cs": 'var h = c.Response.Headers;\nh.Append("X-Frame-Options", "DENY");\n'
                'h.Append("X-Content-Type-Options", "nosniff");\n',
            },
        ),
        Example(
            "frames allowed for everybody",
            {
                "server.js": "app.use((q, s, next) => {\n  s.set('Content-Security-Policy', 'frame-ancestors *')\n"
                "  s.set('X-Content-Type-Options', 'nosniff')\n  next()\n})\n"
            },
        ),
        Example(
            "the headers of one download",
            {
                "files.go": "package files\n\nfunc serve(h http.Header) {\n"
                '\th.Set("X-Frame-Options", "DENY")\n\th.Set("X-Content-Type-Options", "nosniff")\n}\n'
            },
        ),
        Example("helmet is not even imported", {"server.js": "/*\napp.use(helmet())\n*/\n"}),
        Example(
            "Rails with headers of its own",
            {
                "config/application.rb": "config.load_defaults 8.0\n"
                "config.action_dispatch.default_headers = { 'A' => 'b' }\n"
            },
        ),
    ],
)
def security_headers_are_sent(
    code: Code,
    services: Services,
    routes: Routes,
    entries: Entries,
    kubernetes: Kubernetes,
    infrastructure: Infrastructure,
) -> Iterator[Draft]:
    """Responses carry X-Frame-Options (or frame-ancestors) and X-Content-Type-Options."""
    off = production(code[HEADERS_OFF])
    if off:
        yield broken("A security header is switched off", off)
        return
    imported = bool(code[HELMET])
    frame = production(code[FRAME]).saying(lambda s: imported or "helmet" not in s.text)
    sniff = production(code[SNIFF]).saying(lambda s: imported or "helmet" not in s.text)
    others = services.beside(frame, routes) or services.beside(sniff, routes)
    if frame and sniff and others:
        named = each(others, name=lambda service: service.address, at=lambda service: service.at)
        yield unsure(named.say("{path} sends security headers; {} {is} not shown to", path=frame[0].path), frame[0])
    elif frame and sniff and (loses := lost(code, frame) or lost(code, sniff)):
        yield failed("A location of nginx adds a header of its own, and so loses the security headers", loses)
    elif frame and sniff and (own := of_one(frame, code) or of_one(sniff, code)):
        yield unsure("Some responses carry security headers; whether all of them do cannot be told", own)
    elif frame and sniff:
        yield passed(
            "Responses carry X-Frame-Options and X-Content-Type-Options", frame[0], sniff[0], confidence="medium"
        )
    elif (chain := spring(code)) and (beside := services.beside(chain, routes)):
        named = each(beside, name=lambda service: service.address, at=lambda service: service.at)
        yield unsure(
            named.say("Spring Security sends headers in {path}; {} {is} not shown to", path=chain[0].path), chain[0]
        )
    elif chain:
        text = "Spring Security sends X-Frame-Options and X-Content-Type-Options by default"
        yield passed(text, chain[0], confidence="medium")
    elif (rails := production(code[RAILS])) and not code[RAILS_OWN]:
        yield passed("Rails sends X-Frame-Options and X-Content-Type-Options by default", rails[0], confidence="medium")
    elif (bare := [r for r in routes.routes if r.framework in _BARE]) and len(bare) == len(routes.routes):
        fronts = [
            p for p in entries.parts if p.kind != "web-app" and not (p.address.startswith("Service ") and not p.kind)
        ]
        runs = kubernetes.of("Deployment", "StatefulSet", "Rollout") or infrastructure.some
        if runs and not fronts and not code[ANY_HEADERS] and not entries.problems and not routes.problems:
            yield failed(
                each(bare, at=lambda r: r.source).say("Nothing in the tree sends a security header with {all:route}"),
                examined(len(bare), "routes"),
                confidence="medium",
            )


_BARE = (
    "express",
    "fastify",
    "koa",
    "fastapi",
    "flask",
    "go",
    "gin",
    "chi",
    "echo",
    "axum",
    "actix",
    "ktor",
    "net/http",
    "gorilla",
    "hono",
)
"""Frameworks that send no security header by themselves."""
_POLICY = (
    "# Security policy\n\nPlease report holes to security@acme.test. We answer within two working days "
    "and publish a fix " + "as soon as it has been tested. " * 3
)


@check(
    "SEC-2.4.7",
    shows=PASS,
    clean=[Example("SECURITY.md", {"SECURITY.md": _POLICY})],
    flagged=[
        Example("no word about it", {"README.md": "# App\n\nRun it.\n"}),
        Example("an empty file", {"SECURITY.md": "# Security\n"}),
    ],
)
def finders_know_where_to_report(documents: Documents, files: Files) -> Iterator[Draft]:
    """A disclosure policy with something in it, or a security.txt, is part of the repository."""
    written = {d.path: d for d in documents.every() if d.words >= 15}
    places = [
        f for f in files.named("SECURITY.md", "SECURITY.rst", "SECURITY.txt", "SECURITY.adoc") if _of_the_project(f)
    ]
    policies = [f for f in places if f.path in written or f.suffix == ".txt"]
    if policies:
        yield passed("A policy says how to report a vulnerability", *(source_of(f) for f in policies))


def _of_the_project(file: FileEntry) -> bool:
    return file.role not in ("vendored", "test", "example", "generated", "aside") and file.path.count("/") <= 2


def _scans(line: str) -> bool:
    """Whether an action or a command looks through dependencies, and can fail of it."""
    return bool(_SCANNER.search(line)) and not _HARMLESS.search(line)
