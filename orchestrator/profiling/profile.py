"""Tells from facts what kind of software is under review."""

from __future__ import annotations

from collections.abc import Mapping

from ..domain.fact import Fact
from ..domain.profile import PROFILE_FACTS, Profile, ProfileFact
from ..estate.deployments import Deployments
from ..estate.environments import Environments
from ..evidence import kind_signals as signals
from ..evidence.facts.containers import Dockerfiles
from ..evidence.facts.infrastructure import Infrastructure
from ..evidence.facts.kubernetes import Kubernetes
from ..evidence.facts.pipelines import Pipelines
from . import _keeping as keeping
from . import _parts as parts
from . import _people as people
from . import _reach as reach
from . import _shape as shape
from . import _siblings as siblings
from ._clues import Clue, Clues, Setting, no, unknown, yes

KINDS = ("service", "frontend", "library", "cli", "static-site", "infrastructure", "mobile")


def profile(
    facts: Mapping[type[Fact], Fact], declared: Mapping[str, str | bool] | None = None, *, own: bool = False
) -> Profile:
    """
    Say what kind of software *facts* describe, and why.

    *No* makes criteria not applicable, so it is said only with a count of what was looked at; where a word of the
    thing was seen and no proof, the answer is *unknown*.

    Args:
        facts: Facts by type; the signals of this module must have been read with them.
        declared: What readiness.yaml says: ``kind``, or names of facts to yes, no or unknown (or a boolean).
        own: Whether that is the reviewed tree's own: it cannot deny what was detected, which takes criteria away.
    """
    declared = declared or {}
    clues = Clues(facts)
    answers = _answers(clues)
    unmade = next((str(p) for fact in facts.values() for p in fact.problems if not p.path), "")
    if unmade:
        answers = {name: unknown(unmade) if answer.answer == "no" else answer for name, answer in answers.items()}
    for name, value in declared.items():
        if name in PROFILE_FACTS:
            answer = ("yes" if value else "no") if isinstance(value, bool) else str(value).lower()
            if own and answer == "no" and answers[name].answer == "yes":
                answers[name] = answers[name].model_copy(update={"denied": True})
            elif answer in ("yes", "no", "unknown"):
                answers[name] = ProfileFact(
                    answer=answer,  # type: ignore[arg-type]  # told apart one line above
                    because=f"declared in readiness.yaml (otherwise {answers[name].answer}: {answers[name].because})",
                    sources=answers[name].sources,
                    declared=True,
                    detected=answers[name].answer,
                )
    sources = clues.sources
    kind = str(declared.get("kind", "")) or _kind(clues, answers)
    return Profile(
        kind=kind,
        languages=clues.files.languages("source"),
        scale="" if not clues.total else "small" if sources < 100 else "medium" if sources < 2_000 else "large",
        facts={name: answers[name] for name in PROFILE_FACTS},
    )


def _answers(clues: Clues) -> dict[str, ProfileFact]:
    library = shape.library(clues)
    service = shape.service(clues, library)
    mobile = shape.mobile(clues)
    command = shape.command(clues, service)
    apart = service.answer == "no" and mobile.answer == "no"
    published = apart and "yes" in (library.answer, command.answer)
    frontend = shape.frontend(clues, published, service)
    product = service.answer == "yes" or mobile.answer == "yes" or published
    static = shape.static_site(clues, frontend, product=product)
    if static.answer == "yes" and frontend.answer == "unknown":
        frontend = no(f"a site of static pages among {clues.total:,} files: {static.because}", static.sources)
    idle = all(f.answer == "no" for f in (service, frontend, mobile))
    declared = bool(clues.fact(Infrastructure).blocks) and not (clues.programs or clues.examples)
    setting = Setting(published, still=idle and (static.answer == "yes" or declared), reachable=not (published or idle))
    sql = parts.sql_database(clues, setting)
    database = parts.database(clues, sql, setting)
    kubernetes, cloud = parts.kubernetes(clues, service), parts.cloud(clues, service)
    authentication = people.authentication(clues, setting)
    jobs = parts.background_jobs(clues, setting)
    cache = parts.cache(clues, setting)
    oauth = people.oauth(clues, setting)
    cards, health = people.card_data(clues, setting), people.health_data(clues, setting)
    found = {
        "service": service,
        "http_api": shape.without_requests(clues, shape.http_api(clues, service), jobs),
        "frontend": frontend,
        "mobile": mobile,
        "library": library,
        "cli": command,
        "static_site": static,
        "database": database,
        "sql_database": sql,
        "migrations": parts.migrations(clues, database, sql),
        "cache": cache,
        "background_jobs": jobs,
        "containers": shape.containers(clues),
        "kubernetes": kubernetes,
        "cloud": cloud,
        "microservices": siblings.microservices(clues, service),
        "external_calls": parts.external_calls(clues, setting),
        "authentication": authentication,
        "passwords": people.passwords(clues, authentication, setting),
        "sessions": people.sessions(clues, setting),
        "oauth": oauth,
        "webhooks": people.webhooks(clues, setting),
        "personal_data": people.personal_data(clues, database, authentication, setting),
        "regulated_data": people.either(cards, health),
        "has_dependencies": _dependencies(clues),
        "stateful": keeping.stateful(clues, database, frontend, setting),
        "caching": keeping.caching(clues, cache, setting),
        "federation": people.federation(clues, oauth, authentication, setting),
        "card_data": cards,
        "health_data": health,
    }
    found["public"] = reach.public(clues, found)
    secret = clues.lines(signals.PIPELINE_SECRETS, "a secret of a pipeline")
    found["secrets"] = reach.works_with_secrets(clues, secret, published)
    found["traced"] = siblings.traced(clues)
    if not clues.total:
        found = {name: unknown("the tree holds no files") for name in found}
    found["deployed"] = _deployed(clues, found, published)
    return found


def _dependencies(clues: Clues) -> ProfileFact:
    own = [m for m in clues.manifests.files if m.role == "source"]
    declared = [m for m in own if m.dependencies]
    if declared:
        first = declared[0]
        count = sum(len(m.dependencies) for m in declared)
        return yes([Clue(f"{count:,} dependencies in {len(declared)} manifests", first.at(first.dependencies[0]))])
    if clues.manifests.problems:
        return unknown("a manifest could not be read")
    if clues.fact(Infrastructure).blocks:
        return unknown("no package manifest; modules and providers were not told apart")
    if taken := _taken(clues):
        return unknown(f"{taken[0].text}, and no package", taken)
    return no(f"no dependency in {len(own)} manifests among {clues.total:,} files")


def _taken(clues: Clues) -> list[Clue]:
    """What is taken from others and is no package: images that others build upon, and actions of pipelines."""
    based = [
        Clue(f"the image {stage.value[:60]}", dockerfile.at(stage))
        for dockerfile in clues.fact(Dockerfiles).written
        for stage in dockerfile.instructions
        if stage.keyword == "FROM" and stage.value.split()[:1] not in ([], ["scratch"])
    ]
    used = [
        Clue(f"the action {step.uses[:60]}", pipeline.at(step))
        for pipeline, _, step in clues.fact(Pipelines).steps()
        if step.uses and not step.uses.startswith(".")
    ]
    return based + used


def _deployed(clues: Clues, found: Mapping[str, ProfileFact], published: bool) -> ProfileFact:
    """Whether anything runs or is hosted; a package is neither, and its documentation does not make it so."""
    for name in ("service", "static_site", "cloud", "kubernetes"):
        if found[name].answer == "yes":
            return found[name]
    if published:
        return no(f"published for others to install; nothing of it is hosted ({found['service'].because})")
    if found["frontend"].answer == "yes":
        return found["frontend"]
    hosted = clues.named("netlify.toml", "vercel.json", "firebase.json", "staticwebapp.config.json")
    deploys = [
        Clue(f"{deployment.address} deploys to {deployment.environment or 'somewhere'}", deployment.at)
        for deployment in clues.told(Deployments).parts
    ]
    deploys += [
        Clue(f"a job names environment {environment.name}", environment.at)
        for environment in clues.told(Environments).parts
        if "job" in environment.forms and environment.name != "test"
    ]
    if hosted or deploys:
        return yes(hosted + deploys)
    return unknown("nothing says where it runs" if clues.total else "the tree holds no files")


def _kind(clues: Clues, found: Mapping[str, ProfileFact]) -> str:
    """The one word for it."""
    declared = clues.fact(Infrastructure).blocks or clues.fact(Kubernetes).written()
    if (
        declared
        and not (clues.programs or clues.examples)
        and (found["cloud"].answer == "yes" or found["kubernetes"].answer == "yes")
    ):
        return "infrastructure"
    if found["mobile"].answer == "yes" and found["service"].answer != "yes":
        return "mobile"
    if found["service"].answer == "yes":
        return "service"
    if found["static_site"].answer == "yes":
        return "static-site"
    own = [m for m in clues.manifests.files if m.role == "source"]
    libraries, commands = sum(m.library for m in own), sum(m.command for m in own)
    if found["library"].answer == "yes" and libraries > commands:
        return "library"
    if found["cli"].answer == "yes":
        return "cli"
    if found["library"].answer == "yes":
        return "library"
    if found["frontend"].answer == "yes":
        return "frontend"
    if found["cloud"].answer == "yes" or found["kubernetes"].answer == "yes":
        return "infrastructure"
    return "unknown"
