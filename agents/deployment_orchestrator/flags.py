"""Judges feature flags: whether there are any, what they fall back to, and whom they can reach."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    PASS,
    Code,
    Draft,
    Example,
    Manifests,
    Pipelines,
    Signal,
    absent,
    check,
    each,
    examined,
    failed,
    many,
    passed,
    unsure,
    words,
)

_SDKS = words("packages/feature-flags")
_USE = Signal(
    id="deployment.flag-use",
    pattern=r"([vV]ariation\(|is_?[eE]nabled\(|[fF]eature(_[eE]nabled|[eE]nabled\()|(boolean|number)_?(flag_?)?value\w*\(|flag_is_active|"
    r"switch_is_active|Flipper\.enabled|Flipper\[|\buseFlags?\(|useFeature\w*\(|has_?[fF]eature\(|get_?[tT]reatment\(|"
    r"check_?[gG]ate\(|Feature::active|FeatureManager|waffle)",
)  # fmt: skip
_NAMED = Signal(
    id="deployment.flag-named",
    pattern=r"feature[-_ ]?(flag|toggle|switch|gate)|flag_?service|toggle_?service|(is|has)_?feature|feature_?enabled|"
    r"experiment_?(?:enrol|manager|config)|dynamic_?config|rollout_?percent|"
    r"(?-i:\bFEATURE_[A-Z][A-Z_]{2,60}\s*=)",
    roles=("source", "config", "infra"),
    comments=True,
)
_OF_A_PAGE = re.compile(r"\bset[A-Z]\w{0,30}nabled\(|\buseState\b|\b(?:checked|disabled)=")
"""What switches a part of a page and asks nobody: ``setIsEnabled(data.enabled)``."""
_SURELY = re.compile(r"feature[-_ ]?(flag|toggle|switch|gate)|FEATURE_", re.IGNORECASE)
_FLAGSMITH = (
    "from flagsmith import Flagsmith\n\nflags = Flagsmith(key).get_environment_flags()\n"
    "if flags.is_feature_enabled('checkout-v2'):\n    checkout()\n"
)
_OPEN = 'const on = await client.getBooleanValue("checkout-v2", false)\n'
_NPM = '{"name": "shop", "dependencies": {"@openfeature/server-sdk": "^1.20.0", "express": "^5.0.0"}}\n'


@check(
    "DEP-5.3.1",
    shows=BOTH,
    reads=[_USE, _NAMED],
    clean=[
        Example("A flag service in use", {"requirements.txt": "flagsmith==4.0.0\n", "shop/cart.py": _FLAGSMITH}),
        Example("OpenFeature in use", {"package.json": _NPM, "cart.ts": _OPEN}),
    ],
    flagged=[
        Example(
            "No flags of any sort",
            {"requirements.txt": "flask==3.1.0\n", "app.py": "from flask import Flask\n\napp = Flask(__name__)\n"},
        )
    ],
    silent=[
        Example(
            "Experiments of its own",
            {"requirements.txt": "flask==3.1.0\n", "app.py": "if ExperimentManager(user).enrolled('a'):\n    pay()\n"},
        ),
        Example("A switch of a page", {"package.json": _NPM, "cart.ts": "setIsEnabled(data.enabled)\n"}),
        Example("A library that nothing asks", {"package.json": _NPM, "cart.ts": "export const cart = []\n"}),
        Example(
            "Flags of its own",
            {
                "requirements.txt": "flask==3.1.0\n",
                "app.py": "if settings.FEATURE_FLAGS['checkout-v2']:\n    checkout()\n",
            },
        ),
    ],
)
def flag_system(manifests: Manifests, code: Code) -> Iterator[Draft]:
    """A feature flag library or service is among the dependencies, and the code asks it."""
    found = manifests.uses(_SDKS, development=False)
    used = code[_USE].places.saying(lambda place: not _OF_A_PAGE.search(place.text))
    named = code[_NAMED]
    shipped = [m for m in manifests.files if m.role in ("source", "config", "infra", "other")]
    dependencies = sum(not d.development for m in shipped for d in m.dependencies)
    if found and used:
        yield passed(
            f"Feature flags by {found[0][1].package}, asked in {many(len(used.files), 'file')}",
            used,
            found[0][0].at(found[0][1]),
        )
    elif found:
        yield unsure(f"{found[0][1].package} is a dependency; no use of it was recognised", found[0][0].at(found[0][1]))
    elif named:
        first = next((hit for hit in named.first if _SURELY.search(hit.text)), named.first[0])
        yield unsure("Flags of its own, as far as names tell; how they are switched is not known", first)
    elif dependencies and code.files():
        yield failed(
            "No feature flag library among the dependencies, and nothing in the source is named after one",
            absent("a feature flag", examined(dependencies, "dependencies"), examined(code.files(), "source files")),
            confidence="medium",
        )


_DEFAULTED = Signal(
    id="deployment.flag-default",
    pattern=r"(\b(bool|json|string|int)?_?variation|(\.|\b)(get|use|fetch)?_?(boolean|number|integer|double|float|string|object)_?"
    r"(flag_?)?value\w*)\(.*,",
    kept=ALL,
)  # fmt: skip
_OFF = re.compile(r",\s*(default_?value\s*[=:]\s*)?(false|0|0\.0|\"\"|'')\s*[,)]", re.IGNORECASE)
_ON = re.compile(r",\s*(default_?value\s*[=:]\s*)?true\s*[,)]", re.IGNORECASE)


@check(
    "DEP-5.3.3",
    shows=PASS,
    reads=[_DEFAULTED],
    clean=[Example("Every flag falls back to off", {"package.json": _NPM, "cart.ts": _OPEN})],
    flagged=[
        Example(
            "One of two falls back to on", {"package.json": _NPM, "cart.ts": _OPEN + _OPEN.replace("false", "true")}
        ),
        Example("A default that is not a literal", {"package.json": _NPM, "cart.ts": _OPEN.replace("false", "preset")}),
    ],
)
def defaults(manifests: Manifests, code: Code) -> Iterator[Draft]:
    """Every evaluation of a flag falls back to off."""
    asked = code[_DEFAULTED]
    if not asked or not manifests.uses(_SDKS, development=False):
        return
    on = asked.places.saying(lambda hit: _ON.search(hit.text))
    off = asked.places.saying(lambda hit: _OFF.search(hit.text))
    if asked.total == off.total:
        yield passed(each(off).say("{all:flag evaluation} {falls} back to off"), examined(off, "flag evaluations"))
    elif on:
        yield unsure(each(on).say("{share:flag evaluation} {falls} back to on", of=asked.total))
    else:
        yield unsure(
            f"The default of {asked.total - off.total:,} of {many(asked.total, 'flag evaluation')} is not a literal",
            asked.first[0],
        )


_PERCENT = Signal(
    id="deployment.flag-percentage",
    pattern=r"(\"?fractional(Evaluation)?\"?\s*:|gradualRollout|flexibleRollout|enable_percentage_of|rollout_?percentage\W|"
    r"Lottery::odds)",
    roles=("source", "config", "infra", "other"),
)  # fmt: skip
_STATE = Signal(
    id="deployment.flag-state",
    pattern=r"['\"]?state['\"]?\s*:\s*['\"](?:ENABLED|DISABLED)\b",
    roles=("source", "config", "infra", "other"),
)
_EVERYBODY = re.compile(r"[,:]\s*100\s*\]|percentage_of_\w{1,20}\(.{0,80},\s*(?:0|100)\s*\)")
_FLAGD = (
    '{\n  "flags": {\n    "checkout-v2": {\n      "state": "ENABLED",\n      "variants": {"on": true, "off": false},\n'
    '      "defaultVariant": "off",\n      "targeting": {\n        "fractional": [["on", 10], ["off", 90]]\n      }\n'
    "    }\n  }\n}\n"
)


@check(
    "DEP-5.3.4",
    shows=PASS,
    reads=[_PERCENT, _STATE, _USE],
    clean=[
        Example("flagd splits users", {"flags/demo.flagd.json": _FLAGD, "cart.ts": _OPEN}),
        Example(
            "Flipper by percentage",
            {"app/flags.rb": "Flipper.enable_percentage_of_actors(:checkout, 10)\nFlipper.enabled?(:checkout)\n"},
        ),
    ],
    flagged=[Example("Only on and off", {"package.json": _NPM, "cart.ts": _OPEN})],
)
def percentages(code: Code) -> Iterator[Draft]:
    """A flag's rule splits users by percentage, and the code asks flags."""
    enabled = code[_STATE].places.saying(lambda hit: "ENABLED" in hit.text)
    off = [path for path in code[_STATE].paths if path not in enabled.files]
    rules = code[_PERCENT].places.saying(lambda hit: not _EVERYBODY.search(hit.text))
    rules = rules.under(lambda path: path not in off)
    if rules and code[_USE]:
        yield passed("A flag is rolled out by percentage", rules, code[_USE].first[0])


_TARGET = Signal(
    id="deployment.flag-target",
    pattern=r"(\"var\"\s*:\s*\"(\$flagd\.)?(e?mail|user|targetingKey|country|tenant|org|plan|role|segment|group|account)|"
    r"Flipper\.enable_(actor|group)|flag_is_active\(request|userWithId)",
    roles=("source", "config", "infra", "other"),
)
_TARGETED = _FLAGD.replace(
    '"fractional": [["on", 10], ["off", 90]]', '"if": [{"ends_with": [{"var": "email"}, "@shop.example"]}, "on"]'
)
_WITH_CONTEXT = Signal(
    id="deployment.flag-context",
    pattern=r"(([vV]ariation|BooleanValue|boolean_value|isEnabled)\(.*(user|context|ctx|evalCtx)|Flipper\.enabled\?\([^,]+,|"
    r"flag_is_active\(\s*request)",
)  # fmt: skip


@check(
    "DEP-5.3.5",
    shows=PASS,
    reads=[_TARGET, _WITH_CONTEXT],
    clean=[
        Example(
            "A rule for some users, and their context in the question",
            {"flags/demo.flagd.json": _TARGETED, "cart.ts": _OPEN.replace("false)", "false, { email: user.email })")},
        )
    ],
    flagged=[Example("No context", {"flags/demo.flagd.json": _TARGETED, "cart.ts": _OPEN})],
)
def targeting(code: Code) -> Iterator[Draft]:
    """A targeting rule chooses users, and the code hands it who is asking."""
    if code[_TARGET] and code[_WITH_CONTEXT]:
        yield passed("Flags can be switched for chosen users", code[_TARGET].first[0], code[_WITH_CONTEXT].first[0])


_EXPERIMENT = Signal(
    id="deployment.experiment",
    pattern=r"(use_?experiment\(|get_?experiment\(|run_?experiment|\.experiment\(|\bab_test\(|field_test\(|trackingCallback|"
    r"on_experiment_viewed)",
)
_EXPERIMENT_SDKS = words("packages/experiments")


@check(
    "DEP-5.3.6",
    shows=PASS,
    reads=[_EXPERIMENT],
    clean=[
        Example(
            "An experiment in the code",
            {
                "Gemfile": "source 'https://rubygems.org'\ngem 'field_test'\n",
                "app/models/page.rb": "variant = field_test(:button)\n",
            },
        )
    ],
    flagged=[Example("Only the library", {"Gemfile": "source 'https://rubygems.org'\ngem 'field_test'\n"})],
)
def experiments(manifests: Manifests, code: Code) -> Iterator[Draft]:
    """An experiment library is a dependency, and the code assigns variants with it."""
    found = manifests.uses(_EXPERIMENT_SDKS, development=False)
    if found and code[_EXPERIMENT]:
        yield passed(
            "The code runs experiments", code[_EXPERIMENT].places, found[0][0].at(found[0][1]), confidence="medium"
        )


_STALE = re.compile(
    r"find-code-references|piranha|(stale|expired|obsolete|unused)[-_ ]?(feature[-_ ]?)?(flag|toggle)", re.IGNORECASE
)


@check(
    "DEP-5.3.7",
    shows=PASS,
    clean=[
        Example(
            "A job that reports stale flags",
            {
                ".github/workflows/flags.yml": "on:\n  schedule:\n    - cron: 0 6 * * 1\njobs:\n  stale:\n"
                "    runs-on: ubuntu-latest\n    steps:\n      - run: python tools/stale_flags.py --fail-after 90\n"
            },
        )
    ],
    flagged=[
        Example(
            "No such job",
            {".github/workflows/ci.yml": "on: push\njobs:\n  test:\n    steps:\n      - run: make test\n"},
        )
    ],
)
def stale_flags(pipelines: Pipelines) -> Iterator[Draft]:
    """A pipeline step looks for flags that are no longer needed."""
    for pipeline, _, step in pipelines.steps():
        if step.enforced.strip() and _STALE.search(f"{step.name} {step.enforced[:2_000]}"):
            yield passed("A pipeline looks for obsolete flags", pipeline.at(step), confidence="medium")
            return
