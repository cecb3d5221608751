"""Tells what a tree is in the first place: service, front end, library, command or site."""

from __future__ import annotations

import re

from ..domain.profile import ProfileFact
from ..evidence import kind_signals as signals
from ..evidence.facts.containers import Dockerfiles
from ..evidence.facts.infrastructure import Infrastructure
from ..evidence.facts.kubernetes import SERVERS, Kubernetes
from ..evidence.facts.pipelines import Pipelines
from ..evidence.facts.routes import Routes
from ._clues import Clue, Clues, is_infrastructure, no, unknown, yes

_STATIC_TOOLS = (
    r"(^|/)(mkdocs\.ya?ml|docusaurus\.config\.[cm]?[jt]s|gatsby-config\.[cm]?[jt]s|\.?eleventy(\.config)?\.[cm]?js"
    r"|hugo\.(toml|yaml|json)|astro\.config\.[cm]?[jt]s|\.vuepress/config\.\w+|antora\.yml|pelicanconf\.py|book\.toml"
    r"|_config\.ya?ml|\.vitepress/config\.\w+)$"
)
_PLATFORM_FILES = (
    "Procfile", "fly.toml", "render.yaml", "app.yaml", "wrangler.toml", "wrangler.jsonc", "railway.json",
    "railway.toml", "serverless.yml", "serverless.yaml", "serverless.ts", "host.json", "zappa_settings.json",
)  # fmt: skip
_UNITS = r"\.chalice/config\.json$|(^|/)\.ebextensions/|(^|/)[\w.-]+\.service$|(^|/)ecosystem\.config\.[cm]?js$"


def library(clues: Clues) -> ProfileFact:
    """Whether a manifest declares a package for others to import."""
    own = [m for m in clues.manifests.files if m.role == "source"]
    found = [Clue(f"{m.path} declares the package {m.title or 'it'}", m.at()) for m in own if m.library]
    if found:
        return yes(found)
    if clues.manifests.problems or not clues.total:
        return unknown("a manifest could not be read" if clues.total else "the tree holds no files")
    return no(
        f"none of {len(own)} manifests declares a package for others"
        if own
        else f"no manifest among {clues.total:,} files"
    )


def command(clues: Clues, is_service: ProfileFact) -> ProfileFact:
    """Whether it is run at a prompt; a program that turned out to be a service is not a command for that alone."""
    own = [m for m in clues.manifests.files if m.role == "source" and m.command]
    explicit = [m for m in own if m.ecosystem in ("npm", "pypi", "rubygems", "packagist", "hex")]
    found = [Clue(f"{m.path} declares a command", m.at()) for m in explicit or own]
    parsers = clues.packages("command-lines")
    if explicit or (found and is_service.answer == "no") or (found and parsers):
        return yes(found + parsers)
    if is_service.answer == "yes":
        return no(f"none of {len(clues.manifests.files)} manifests declares a command beside the service")
    if found or clues.manifests.problems or not clues.total:
        return unknown("a program, and it cannot be told whether it is run at a prompt", found)
    return no(f"no command declared in {len(clues.manifests.files)} manifests among {clues.total:,} files")


def deployments(clues: Clues) -> list[Clue]:
    """Places that run something for as long as it lives, or whenever it is called."""
    kubernetes = clues.fact(Kubernetes)
    found = [Clue(f"{r.kind} {r.resource or r.path}", r.at("kind")) for r in kubernetes.written(*SERVERS)]
    found += [
        Clue(f"{r.kind} {r.resource or r.path}", r.at("kind")) for r in kubernetes.written("DaemonSet", "CronJob")
    ]
    found += [Clue(service.because, service.at) for service in clues.services.parts if service.kind == "image"]
    found += clues.named(*_PLATFORM_FILES)
    found += clues.matching(_UNITS, "a unit or platform file")
    return found + clues.resources("workloads")


def service(clues: Clues, is_library: ProfileFact) -> ProfileFact:
    """Whether a process is deployed that runs for long, or a function that is called."""
    if not clues.total:
        return unknown("the tree holds no files")
    if deployed := deployments(clues):
        return yes(deployed)
    started = [Clue(s.because, s.at) for s in clues.services.own]
    applications = clues.named("manage.py", "config.ru", "artisan", "wsgi.py", "asgi.py") + clues.packages("fullstack")
    published = is_library.answer == "yes"
    if started or (applications and not published):
        return yes(started + ([] if published else applications))
    if applications:
        return unknown("a published package that holds an application too", applications)
    if undecided := [Clue(s.because, s.at) for s in clues.services.open]:
        return unknown(undecided[0].text, undecided)
    if apart := [Clue(s.because, s.at) for s in clues.services.apart]:
        return no(f"{apart[0].text}; nothing of it is hosted among {clues.total:,} files", [apart[0].source])
    return _no_service(clues, published)


def _no_service(clues: Clues, published: bool) -> ProfileFact:
    machines = clues.resources("machines")
    if machines:
        return unknown("machines or clusters are declared, and what runs on them is not", machines)
    if not published and (servers := clues.packages("web-servers")):
        return unknown("a server's package, and nothing that starts one", servers)
    made = clues.named("cdk.json", "Pulumi.yaml", "sst.config.ts", "cdktf.json")
    if made and not published and clues.programs and not clues.packages("frontends"):
        return unknown("a program declares what runs, and what that is cannot be read", made)
    still = clues.fact(Infrastructure).files or clues.matching(_STATIC_TOOLS, "a site") or clues.named("index.html")
    if clues.problems or not (clues.readable or still):
        return unknown(clues.unreadable)
    weak = clues.words(signals.WEAK_SERVER, "words of a server")
    programs = any(m.command or m.library for m in clues.manifests.files if m.role == "source")
    if weak and not programs:
        return unknown("words of a server, and nothing that starts one", weak)
    return no(
        f"no Dockerfile that serves, Procfile, workload, function or server start among {clues.total:,} files, "
        f"{clues.sources:,} of them source"
    )


def http_api(clues: Clues, is_service: ProfileFact) -> ProfileFact:
    """Whether it answers HTTP or RPC."""
    if is_service.answer == "no":
        return no(f"no service: {is_service.because}")
    routes = clues.fact(Routes)
    found = [Clue(f"{r.method} {r.path}", r.source) for r in routes.routes if r.method != "PAGE"][:5]
    found += [Clue("an API description", s) for s in routes.specifications[:3]]
    if is_service.answer == "unknown":
        return unknown("it cannot be told whether it is a service", found)
    found += clues.lines(signals.LISTEN, "a server is started") + clues.lines(signals.APPLICATION, "an application")
    found += [
        Clue(f"{r.kind} {r.resource}", r.at("kind")) for r in clues.fact(Kubernetes).written("Service", "Ingress")
    ]
    found += clues.packages("web-servers")
    found += clues.lines(signals.FUNCTION, "a function that a platform calls") if routes.routes else []
    for dockerfile in clues.fact(Dockerfiles).written:
        found += [
            Clue(f"EXPOSE {i.value[:40]}", dockerfile.at(i)) for i in dockerfile.last_stage if i.keyword == "EXPOSE"
        ]
    if found:
        return yes(found)
    return unknown("a service, and no route, port or server package was recognised")


def without_requests(clues: Clues, answers_http: ProfileFact, jobs: ProfileFact) -> ProfileFact:
    """Whether it answers HTTP or RPC, once it is known that it works through jobs and holds no word of a request."""
    if answers_http.answer != "unknown" or jobs.answer != "yes" or clues.problems or not clues.readable:
        return answers_http
    if clues.services.open or clues.services.not_understood or clues.words(signals.WEAK_HTTP, ""):
        return answers_http
    if clues.words(signals.WEAK_SERVER, "") or clues.lines(signals.WEB, "") or clues.resources("workloads"):
        return answers_http
    return no(f"jobs only ({jobs.because}); no route, port or word of a request in {clues.sources:,} source files")


_MARKUP = (
    r"\.(html?|erb|haml|slim|hbs|ejs|pug|jinja2?|j2|twig|cshtml|razor|heex|eex|mustache|gohtml|ftl|jsp|blade\.php)$"
)


def frontend(clues: Clues, published: bool, is_service: ProfileFact) -> ProfileFact:
    """Whether people use it in a browser."""
    if not clues.total:
        return unknown("the tree holds no files")
    found = [] if published and is_service.answer != "yes" else clues.packages("frontends")
    found = found or _bundled(clues)
    components = [
        f for f in clues.files.entries if f.role == "source" and f.suffix in (".jsx", ".tsx", ".vue", ".svelte")
    ]
    views = clues.matching(
        rf"^(?!.*(^|/)(e?mails?|mailers?|mjml|newsletters?|notifications)/)(.*/)?(templates?|views|pages|public|wwwroot|"
        rf"static|web|www|webapp)/.*{_MARKUP}",
        "a page template",
    )
    if published and is_service.answer != "yes":
        looked = f"{len(components)} components and {len(views)} templates in {clues.sources:,} source files"
        return no(f"published as a package, not hosted as a user interface ({looked})")
    if found and (components or views or is_service.answer != "yes" or clues.files.languages("source").get("html")):
        return yes(found)
    if is_service.answer == "yes" and (answered := views + pages(clues)):
        return yes(answered)
    if clues.named("index.html") and is_service.answer != "yes":
        return unknown("an index.html without a front end's packages", clues.named("index.html"))
    if found or components or views:
        return unknown("files of a browser interface, and nothing that serves them", found + views)
    if clues.problems:
        return unknown("part of the tree could not be read")
    if clues.elsewhere and is_service.answer != "no":
        return unknown(clues.unreadable)
    return no(f"no front end package, component or page template among {clues.total:,} files")


def pages(clues: Clues) -> list[Clue]:
    """Where source answers requests with pages: through what renders them, or written out beside a route."""
    routed = {route.file for route in clues.fact(Routes).routes if route.method != "PAGE"}
    written = [c for c in clues.lines(signals.PAGE_TEXT, "a page in source") if c.source.path in routed]
    return clues.lines(signals.PAGES, "an answer of HTML") + written


def _bundled(clues: Clues) -> list[Clue]:
    """Front end packages among build dependencies, as Svelte and Vue projects keep them."""
    frameworks = ("svelte", "@sveltejs/kit", "vue", "react-dom", "@angular/core", "vite")
    private = [m for m in clues.manifests.files if m.role == "source" and m.ecosystem == "npm" and not m.library]
    return [
        Clue(f"package {d.package}", m.at(d))
        for m in private
        for d in m.dependencies
        if d.package in frameworks[:5] and d.development
    ]


def static_site(clues: Clues, interface: ProfileFact, *, product: bool) -> ProfileFact:
    """Whether it is a site of static pages; the documentation of another product is not one."""
    if not clues.total:
        return unknown("the tree holds no files")
    found = clues.matching(_STATIC_TOOLS, "a site generator's configuration")
    found += clues.packages("static-sites")
    pages = clues.named("CNAME") + [c for c in clues.named("index.html") if "/" not in c.source.path]
    if product:
        return no(f"another product; {len(found)} files configure its documentation" if found else "another product")
    if interface.answer == "yes" and not found:
        return no(f"a front end built of {clues.programs:,} source files, no site generator", interface.sources)
    if found or (pages and clues.files.languages("source").get("html", 0) * 2 >= clues.sources):
        return yes(found or pages)
    if pages:
        return unknown("an index.html or CNAME, and no generator", pages)
    return no(f"no site generator's configuration and no index.html among {clues.total:,} files")


def mobile(clues: Clues) -> ProfileFact:
    """Whether it is or contains an app for phones."""
    if not clues.total:
        return unknown("the tree holds no files")
    found = clues.packages("mobile-apps")
    found += clues.matching(r"(^|/)AndroidManifest\.xml$|\.xcodeproj/project\.pbxproj$|(^|/)Podfile$", "an app project")
    if found:
        return yes(found)
    return no(f"no app project or mobile package among {clues.total:,} files and {clues.dependencies:,} dependencies")


def containers(clues: Clues) -> ProfileFact:
    """Whether it builds container images."""
    if not clues.total:
        return unknown("the tree holds no files")
    found = clues.dockerfiles() + clues.named(".ko.yaml", "project.toml")
    for pipeline, _, step in clues.fact(Pipelines).steps():
        text = step.said
        if re.search(
            r"docker(/| )build|build-push-action|buildx build|jib|kaniko|buildah|spring-boot:build-image|pack build",
            text,
        ):
            found.append(Clue("a pipeline builds an image", pipeline.at(step)))
    if found:
        return yes(found)
    if clues.fact(Dockerfiles).problems:
        return unknown("a Dockerfile could not be read")
    if run := [Clue(f"image {i}", s) for i, s in clues.all_images if not is_infrastructure(i)]:
        return unknown(f"{run[0].text} is run, and nothing here tells where it is built", run)
    return no(f"no Dockerfile and no image build among {clues.total:,} files")
