"""Lists assumptions that nothing in the tree has put to the test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from orchestrator import (
    PROFILE_FACTS,
    Alerts,
    Dashboards,
    Documents,
    Exhibit,
    Files,
    History,
    Kubernetes,
    LoadTests,
    Manifests,
    Migrations,
    Pipelines,
    Profile,
    TestSuites,
    each,
    many,
    stage_of,
    stage_of_file,
)

from ._facts import Facts, fact

_FAKES = (
    "wiremock*", "toxiproxy*", "nock", "msw", "vcr*", "responses", "respx", "pact*", "@pact-foundation/*", "webmock",
    "mockserver*", "org.wiremock:*", "com.github.tomakehurst:*", "testcontainers*", "org.testcontainers:*", "httpretty",
)  # fmt: skip


class Assumption(NamedTuple):
    """What is taken for granted, what was looked at, and what would put it to the test."""

    claim: str
    looked: str
    test: str


def ghost(facts: Facts, profile: Profile) -> Exhibit:
    """Every assumption that the release rests on and that nothing in the tree confirms."""
    found = [*_untested(facts, profile), *_unread(facts), *_unknown(profile)]
    return Exhibit(
        title="Ghost: what nobody has confirmed",
        note=f"{len(found)} assumptions that nothing in the tree puts to the test; that they are wrong is not said.",
        columns=("assumption", "what was looked at", "what would put it to the test"),
        rows=tuple((a.claim, a.looked, a.test) for a in found),
    )


def _untested(facts: Facts, profile: Profile) -> Iterator[Assumption]:
    suites = fact(facts, TestSuites)
    tests = f"{sum(s.files for s in suites.suites):,} test files"
    if profile.is_("service"):
        yield from _under_load(facts, tests)
        yield from _staging(facts)
        yield from _noticed(facts)
        if not fact(facts, Documents).about("rollback", "roll back", "roll-back", "revert"):
            looked = f"no section about rollback in {len(fact(facts, Documents).files):,} documents"
            yield Assumption(
                "The release can be undone in time", looked, "Undo a release on staging, timed, and note it"
            )
    if profile.is_("database") and not _mentions(facts, r"\brestore\b|pg_restore|mongorestore|point-in-time"):
        looked = f"no pipeline step of {len(fact(facts, Pipelines).steps()):,} and no section restores anything"
        yield Assumption("A backup can be restored", looked, "Restore the latest backup into scratch space, timed")
    if profile.is_("migrations"):
        count = len(fact(facts, Migrations).files)
        looked = f"{count:,} migrations, none of which says how large the tables are"
        test = "Run the pending migrations on a copy of production's data"
        yield Assumption("Migrations finish in time at production's size", looked, test)
    if profile.is_("external_calls") and not fact(facts, Manifests).uses(*_FAKES):
        looked = f"no stand-in for other people's APIs among {_dependencies(facts):,} dependencies"
        test = "Answer late, wrongly and not at all from a stand-in such as WireMock or Toxiproxy"
        yield Assumption("It bears with other people's APIs when they fail", looked, test)
    if profile.is_("frontend") and not suites.of("e2e"):
        yield Assumption("What users do works in a browser", f"no browser test among {tests}", "Drive the main paths")
    if profile.is_("frontend") and not suites.of("accessibility"):
        looked = f"no accessibility test among {tests}"
        yield Assumption("People with assistive technology can use it", looked, "Run axe over the main pages")


def _under_load(facts: Facts, tests: str) -> Iterator[Assumption]:
    load, suites = fact(facts, LoadTests), fact(facts, TestSuites)
    if not load.scripts and not suites.of("load"):
        test = "Run k6 or Locust at twice the expected peak"
        yield Assumption("It holds under the expected load", f"no load test among {tests}", test)
    elif not load.results:
        looked = f"{len(load.scripts) or len(suites.of('load')):,} load tests, and no result of one"
        yield Assumption("It holds under the expected load", looked, "Run the load test and keep its report")


def _staging(facts: Facts) -> Iterator[Assumption]:
    names = [job.environment for p in fact(facts, Pipelines).files for job in p.jobs if job.environment]
    paths = [f.path for f in fact(facts, Files).entries if f.role in ("infra", "config")]
    spaces = [r.namespace for r in fact(facts, Kubernetes).resources if r.namespace]
    told = [(name, stage_of(name)) for name in [*names, *spaces]] + [(path, stage_of_file(path)) for path in paths]
    staging = next((name for name, stage in told if stage == "rehearsal"), "")
    live = next((name for name, stage in told if stage == "production"), "")
    test = "Compare versions, sizes and settings of both environments"
    if staging and live:
        looked = f"both are described ({staging}; {live}), and nothing compares them"
    elif staging:
        looked = f"{staging} is described, production is not"
    else:
        looked = f"no staging among {len(names):,} environments of pipelines and {len(paths) + len(spaces):,} settings"
        test = "Set up a staging environment from the same code, and compare it with production"
    yield Assumption("What works on staging works in production", looked, test)


def _noticed(facts: Facts) -> Iterator[Assumption]:
    rules, routes = fact(facts, Alerts).rules, fact(facts, Alerts).routes
    if rules and routes:
        return
    boards = len(fact(facts, Dashboards).files)
    seen = f"{many(len(rules), 'alert rule')}, {many(len(routes), 'route to people')}, {many(boards, 'dashboard')}"
    yield Assumption("Somebody hears of a failure", seen, "Break something on staging and wait for the page")


def _unread(facts: Facts) -> Iterator[Assumption]:
    """Files that could not be parsed: what stands in them is unknown to every check."""
    problems = sorted({(str(p), f.name) for f in facts.values() for p in f.problems})
    files = sorted({text.partition(": ")[0].partition(":")[0] for text, _ in problems})
    if files:
        test = "Mend these files, or exclude them from the release"
        yield Assumption("Files that could not be read hold nothing of note", str(each(files)), test)
    history = fact(facts, History)
    if history.available and not history.complete:
        test = "Review a full clone"
        yield Assumption("What older commits hold is harmless", history.reason or "the history is cut short", test)


def _unknown(profile: Profile) -> Iterator[Assumption]:
    for name, meaning in PROFILE_FACTS.items():
        known = profile.facts.get(name)
        if known is None or known.answer == "unknown":
            because = known.because if known else "not looked at"
            yield Assumption(f"Whether {meaning}", because, f"Say it in readiness.yaml: profile: {name}: yes or no")


def _mentions(facts: Facts, pattern: str) -> bool:
    compiled = re.compile(pattern, re.IGNORECASE)
    if any(compiled.search(f"{s.name} {s.said}") for _, _, s in fact(facts, Pipelines).steps()):
        return True
    return bool(fact(facts, Documents).about("restore", "disaster recovery"))


def _dependencies(facts: Facts) -> int:
    return sum(len(m.dependencies) for m in fact(facts, Manifests).files)
