"""Judges feature flags: whether there are any, what they fall back to, and whom they can reach."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from orchestrator import (
    ALL,
    BOTH,
    PASS,
    Code,
    Draft,
    Example,
    Files,
    History,
    Manifest,
    Manifests,
    Pipelines,
    Places,
    Signal,
    Source,
    absent,
    check,
    each,
    examined,
    failed,
    many,
    passed,
    source_of,
    unsure,
    words,
)

from ._asking import (
    FOR_ALL_QUESTIONS,
    LISTED,
    NAME_ALONE,
    NOBODY,
    OPENED,
    SENT,
    SHOWN,
    past_their_day,
    unreported,
)

_SDKS = words("packages/feature-flags")
_USE = Signal(
    id="deployment.flag-use",
    pattern=r"([vV]ariation\(|is_?[eE]nabled\(|FunWithFlags\.|feature_?flags?\.evaluate|\bflags\.evaluate\(|->isActive\(|IsEnabledAsync\(|[fF]eature(_[eE]nabled|[eE]nabled\()|(boolean|number)_?(flag_?)?value\w*\(|flag_is_active|"
    r"switch_is_active|Flipper\.enabled|Flipper\[|\buseFlags?\(|useFeature\w*\(|has_?[fF]eature\(|get_?[tT]reatment\(|"
    r"check_?[gG]ate\(|Feature::active|FeatureManager|waffle)",
)  # fmt: skip
_ASLEEP = Signal(
    id="deployment.flag-asleep",
    pattern=r"\bno_?op_?(?:feature)?_?provider\b|(?i:\bNoOpFeatureProvider\b)|\.offline\(\s*true\s*\)|\boffline['\"]?\s*[:=]\s*true\b|"
    r"\boffline_?mode['\"]?\s*[:=(]\s*true\b",
)
"""A client that asks nobody: each flag is its default for ever."""
_LOADED = Signal(
    id="deployment.flag-library",
    pattern=r"launchdarkly|ldclient|unleash|flipper|open-?feature|flagsmith|growthbook|configcat|split(?:io|software)|waffle|"
    r"fun_?with_?flags|flagception|togglz|ff4j|FeatureManagement|optimizely|statsig|posthog|pennant|flipt|devcycle|"
    r"happykit|wagtailflags|go-?feature-?flag|rollout",
    roles=("source",),
)
_MAYBE = Signal(
    id="deployment.flag-perhaps",
    pattern=r"(?<![a-z])features?(?![a-z])|\b(?:allowed|allows|enabled|is_?active|is_?on|isOn|available|gate|toggle|switch)\w{0,12}"
    r"\(\s*['\"][\w.:-]{2,60}['\"]",
    comments=True,
)
"""What may ask a flag: something of others that is told a name, or a word for it."""
_POWERTOOLS = Signal(
    id="deployment.flag-powertools", pattern=r"lambda_powertools\.utilities\.feature_flags\b", roles=("source",)
)
"""A part of a larger library that evaluates flags."""
_FIREBASE = ("firebase*", "@firebase/*", "@react-native-firebase/*", "com.google.firebase*", "firebase.google.com*")
_REMOTE = Signal(
    id="deployment.flag-remote-config",
    pattern=r"\bgetRemoteConfig\(|\binitServerTemplate\(|\bremote_config\.(?:init_)?(?:get_)?server_template|"
    r"\bFirebaseRemoteConfig\.(?:getInstance|instance)\b|\bRemoteConfig\.remoteConfig\(",
    roles=("source",),
)
"""Where values of Firebase that are changed at run time are asked for."""
_OWN_FILE = re.compile(
    r"(^|/)(?:feature[-_]?)?(?:flags?|toggles?|switches|features?)(?:\.\w+|/\w+\.\w+)$", re.IGNORECASE
)
_SERVERS = words("packages/web-servers")
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
    reads=[_USE, _NAMED, _ASLEEP, _LOADED, _MAYBE, _POWERTOOLS, _REMOTE],
    clean=[
        Example("A flag service in use", {"requirements.txt": "flagsmith==4.0.0\n", "shop/cart.py": _FLAGSMITH}),
        Example("OpenFeature in use", {"package.json": _NPM, "cart.ts": _OPEN}),
        Example(
            "Remote Config of Firebase",
            {
                "package.json": '{"name": "a", "dependencies": {"firebase-admin": "^13.0.0"}}\n',
                "flags.ts": "const template = getRemoteConfig().initServerTemplate({ defaultConfig: off })\n",
            },
        ),
    ],
    flagged=[
        Example("A switch of a page", {"package.json": _NPM, "cart.ts": "setIsEnabled(data.enabled)\n"}),
        Example("A library that nothing asks", {"package.json": _NPM, "cart.ts": "export const cart = []\n"}),
        Example(
            "No flags of any sort",
            {"requirements.txt": "flask==3.1.0\n", "app.py": "from flask import Flask\n\napp = Flask(__name__)\n"},
        ),
    ],
    silent=[
        Example(
            "Experiments of its own",
            {"requirements.txt": "flask==3.1.0\n", "app.py": "if ExperimentManager(user).enrolled('a'):\n    pay()\n"},
        ),
        Example(
            "A client that asks nobody",
            {"package.json": _NPM, "cart.ts": _OPEN + "OpenFeature.setProvider(NOOP_PROVIDER)\n"},
        ),
        Example(
            "Offline",
            {
                "requirements.txt": "launchdarkly-server-sdk==9.11.0\n",
                "app.py": "client = LDClient(Config(KEY, offline=True))\nclient.variation('pay', user, False)\n",
            },
        ),
        Example(
            "A second server that asks none",
            {
                "package.json": _NPM,
                "cart.ts": _OPEN,
                "office/package.json": '{"name": "office", "dependencies": {"express": "^5.0.0"}}\n',
                "office/server.js": "app.listen(3100)\n",
            },
        ),
        Example(
            "Somebody else's gate",
            {
                "package.json": '{"name": "a", "dependencies": {"express": "5"}}',
                "a.ts": "if (allowed('returns')) { pay() }\n",
            },
        ),
        Example(
            "Flags of its own",
            {
                "requirements.txt": "flask==3.1.0\n",
                "app.py": "if settings.FEATURE_FLAGS['checkout-v2']:\n    checkout()\n",
            },
        ),
    ],
)
def flag_system(manifests: Manifests, code: Code, files: Files) -> Iterator[Draft]:
    """A feature flag library or service is among the dependencies, and the code of each package that serves asks it."""
    found = manifests.uses(_SDKS, development=False)
    found += manifests.uses("aws-lambda-powertools", development=False) if code[_POWERTOOLS] else []
    used = code[_USE].places.saying(lambda place: not _OF_A_PAGE.search(place.text))
    named = code[_NAMED]
    shipped = [m for m in manifests.files if m.role in ("source", "config", "infra", "other")]
    dependencies = sum(not d.development for m in shipped for d in m.dependencies)
    remote = code[_REMOTE].places if manifests.uses(*_FIREBASE, development=False) else ()
    asleep = code[_ASLEEP]
    own = [f for f in files.entries if f.role == "source" and _OWN_FILE.search(f.path)]
    if found and asleep:
        yield unsure("The client of the flags asks nobody: each flag is its default for ever", *asleep.first[:3])
    elif remote and not found:
        yield passed("Feature flags by Remote Config of Firebase", remote)
    elif found and used and (left := _left_out(manifests, used, files)):
        yield unsure(
            f"Feature flags by {found[0][1].package}; {left.path} serves, and nothing beside it asks a flag", used
        )
    elif found and used:
        yield passed(
            f"Feature flags by {found[0][1].package}, asked in {many(len(used.files), 'file')}",
            used,
            found[0][0].at(found[0][1]),
        )
    elif found and (code[_LOADED] or not code.files()):
        yield unsure(f"{found[0][1].package} is a dependency; no use of it was recognised", found[0][0].at(found[0][1]))
    elif found:
        yield failed(
            f"{found[0][1].package} is a dependency, and no file of the source loads it or asks a flag",
            found[0][0].at(found[0][1]),
            absent("a use of feature flags", examined(code.files(), "source files")),
            confidence="medium",
        )
    elif named or own:
        first = next((hit for hit in named.first if _SURELY.search(hit.text)), None) or next(iter(named.first), None)
        place = first or source_of(own[0])
        yield unsure("Flags of its own, as far as names tell; how they are switched is not known", place)
    elif code[_MAYBE]:
        yield unsure("No feature flag library; what asks for a feature by name may be one", code[_MAYBE].first[0])
    elif shipped and code.files():
        yield failed(
            "No feature flag library among the dependencies, and nothing in the source is named after one",
            absent("a feature flag", examined(dependencies, "dependencies"), examined(code.files(), "source files")),
            remedy="Add an OpenFeature client with a provider, or a table of flags read at run time, and ask it "
            "where the newest feature begins: one library with one question in the code satisfies this.",
            confidence="medium",
        )


def _left_out(manifests: Manifests, used: Places, files: Files) -> Manifest | None:
    """A package that serves by itself, beside which nothing asks a flag."""
    for manifest, _ in manifests.uses(_SERVERS, development=False):
        folder = manifest.path.rpartition("/")[0]
        if not folder or manifest.role != "source" or any(path.startswith(f"{folder}/") for path in used.files):
            continue
        if any(f.role == "source" and f.language and f.path.startswith(f"{folder}/") for f in files.entries):
            return manifest
    return None


_DEFAULTED = Signal(
    id="deployment.flag-default",
    pattern=r"(\b(bool|json|string|int)?_?variation(?:Ctx|Detail|DetailCtx)?|(\.|\b)(get|use|fetch)?_?(boolean|number|integer|double|float|string|object)_?"
    r"(flag_?)?value\w*|\b(?:unleash|flags?|features?|client|toggles?|c|\w*[fF]lags?)\??\.is_?[eE]nabled)\(.*,",
    kept=ALL,
)  # fmt: skip
_OFF = re.compile(r",\s*(default_?value\s*[=:]\s*)?(false|0|0\.0|\"\"|'')\s*[,)]", re.IGNORECASE)
_ON = re.compile(r",\s*(default_?value\s*[=:]\s*)?true\s*[,)]", re.IGNORECASE)
_OFF_BY_ITSELF = Signal(
    id="deployment.flag-off-by-itself",
    pattern=r"Flipper\.enabled\?|Flipper\[|flag_is_active\(|switch_is_active\(|FunWithFlags\.enabled\?|Feature::active\(",
    kept=ALL,
)
"""Questions to libraries of which a flag is off that nobody has switched on."""
_TURNED = Signal(
    id="deployment.flag-on-by-default",
    pattern=r"WAFFLE_(?:FLAG|SWITCH|SAMPLE)_DEFAULT\s*=\s*True|WAFFLE_CREATE_MISSING\w*\s*=\s*True",
    roles=("source", "config"),
)
_DEFINED = Signal(
    id="deployment.flag-defined", pattern=r"\bFeature::define\(|\bextends\s+Feature\b|\bfunction resolve\(", kept=ALL
)
"""Where Pennant is told what a flag is for whom nobody has decided it."""
_DEFINED_OFF = re.compile(r"fn\s*\([^)]{0,80}\)\s*(?::\s*bool\s*)?=>\s*false\b")
_TRIED = Signal(
    id="deployment.flag-tried",
    pattern=r"flag|toggle|unleash|flipper|feature|launchdarkly|is_?enabled",
    roles=("test",),
)
_TRIED_INSIDE = Signal(
    id="deployment.flag-tried-inside",
    pattern=r"(?:fn|def|func|void|fun|it|test)\b[ (]{1,3}['\"]?\w{0,40}(?:off|default|falls?_?back)\w{0,20}"
    r"(?:when|without|if|unreachable|away)\w{0,40}",
    roles=("source", "test"),
)


@check(
    "DEP-5.3.3",
    shows=PASS,
    reads=[_DEFAULTED, _OFF_BY_ITSELF, _TURNED, _TRIED, _TRIED_INSIDE, _DEFINED],
    clean=[
        Example(
            "Every flag falls back to off, as a test shows",
            {
                "package.json": _NPM,
                "cart.ts": _OPEN,
                "test/flags.test.ts": "test('flags', async () => {\n  expect(await flag('pay')).toBe(false)\n})\n",
            },
        ),
        Example(
            "Off unless somebody switches it on",
            {
                "Gemfile": "source 'https://rubygems.org'\ngem 'flipper'\n",
                "app/controllers/carts_controller.rb": "return unless Flipper.enabled?(:pay, Current.user)\n",
            },
        ),
        Example(
            "waffle",
            {
                "requirements.txt": "django-waffle==4.2.0\n",
                "shop/views.py": "def pay(request):\n    return flag_is_active(request, 'pay')\n",
                "shop/settings.py": "WAFFLE_FLAG_DEFAULT = False\n",
            },
        ),
    ],
    flagged=[
        Example(
            "One of two falls back to on", {"package.json": _NPM, "cart.ts": _OPEN + _OPEN.replace("false", "true")}
        ),
        Example("A default that is not a literal", {"package.json": _NPM, "cart.ts": _OPEN.replace("false", "preset")}),
        Example(
            "Pennant, with a flag that begins on for some",
            {
                "composer.json": '{"require": {"laravel/pennant": "^1.16"}}',
                "app/Flags.php": "<?php\nFeature::define('seats', fn (User $user) => crc32($user->id) % 100 < 25);\n",
                "app/Seats.php": "<?php\nif (Feature::active('seats')) {\n    seats();\n}\n",
            },
        ),
        Example(
            "A wrapper asks, and what cannot be known is on",
            {
                "go.mod": "module gate\n\ngo 1.24\n\nrequire github.com/launchdarkly/go-server-sdk/v7 v7.10.0\n",
                "flags.go": "package flags\n\nfunc Bool(name string) bool {\n"
                "\ton, _ := client.BoolVariationCtx(ctx, name, who, true)\n\treturn on\n}\n",
                "take.go": 'package api\n\nfunc take() {\n\tif flags.BoolValue(ctx, "doors", false) {\n\t}\n}\n',
                "flags_test.go": "package flags\n\nfunc TestFlags(t *testing.T) { flags.Bool(nil) }\n",
            },
        ),
        Example("Never tried without the service", {"package.json": _NPM, "cart.ts": _OPEN}),
        Example(
            "Flags that are on where nobody has said anything",
            {
                "requirements.txt": "django-waffle==4.2.0\n",
                "shop/views.py": "def pay(request):\n    return flag_is_active(request, 'pay')\n",
                "shop/settings.py": "WAFFLE_FLAG_DEFAULT = True\n",
            },
        ),
    ],
)
def defaults(manifests: Manifests, code: Code) -> Iterator[Draft]:
    """Every evaluation of a flag falls back to off, by its own default with a test of it, or by its library's."""
    asked, quiet = code[_DEFAULTED], code[_OFF_BY_ITSELF]
    if not (asked or quiet) or not manifests.uses(_SDKS, development=False):
        return
    on = asked.places.saying(lambda hit: _ON.search(hit.text))
    off = asked.places.saying(lambda hit: _OFF.search(hit.text))
    if code[_TURNED]:
        yield unsure("A flag that nobody has set is on", code[_TURNED].first[0])
    elif open_ := [h for h in code[_DEFINED].places if not _DEFINED_OFF.search(h.text)] if quiet else []:
        yield unsure(f"What a flag is that nobody has decided is worked out: {open_[0].text}", open_[0])
    elif not asked:
        yield passed(
            "Flags are off unless somebody switches them on", quiet.places, examined(quiet.total, "evaluations")
        )
    elif asked.total == off.total and (code[_TRIED] or code[_TRIED_INSIDE]):
        tried = next(iter((*code[_TRIED].first, *code[_TRIED_INSIDE].first)))
        yield passed(
            each(off).say("{all:flag evaluation} {falls} back to off"), tried, examined(off, "flag evaluations")
        )
    elif asked.total == off.total:
        yield unsure(each(off).say("{all:flag evaluation} {falls} back to off; no test asks without the service"))
    elif on:
        yield unsure(each(on).say("{share:flag evaluation} {falls} back to on", of=asked.total))
    else:
        yield unsure(
            f"The default of {asked.total - off.total:,} of {many(asked.total, 'flag evaluation')} is not a literal",
            asked.first[0],
        )


_PERCENT = Signal(
    id="deployment.flag-percentage",
    pattern=r"(\"?fractional(Evaluation)?\"?\s*:|gradualRollout|flexibleRollout|enable_percentage_of|rollout_?percentage\W|\bpercent\s*<\s*\d|"
    r"Lottery::odds)",
    roles=("source", "config", "infra", "other"),
)  # fmt: skip
_STATE = Signal(
    id="deployment.flag-state",
    pattern=r"['\"]?state['\"]?\s*:\s*['\"](?:ENABLED|DISABLED)\b",
    roles=("source", "config", "infra", "other"),
)
_OF_FLAGS = re.compile(
    r"fractional|gradualRollout|flexibleRollout|enable_percentage_of|rollout_?percentage", re.IGNORECASE
)
"""What speaks of flags where no library of flags is known; a number below ten may be anything."""
_EVERYBODY = re.compile(r"[,:]\s*100\s*\]|percentage_of_\w{1,20}\(.{0,80},\s*(?:0|100)\s*\)")
_FLAGD = (
    '{\n  "flags": {\n    "checkout-v2": {\n      "state": "ENABLED",\n      "variants": {"on": true, "off": false},\n'
    '      "defaultVariant": "off",\n      "targeting": {\n        "fractional": [["on", 10], ["off", 90]]\n      }\n'
    "    }\n  }\n}\n"
)


@check(
    "DEP-5.3.4",
    shows=PASS,
    reads=[_PERCENT, _STATE, _USE, NOBODY, OPENED],
    clean=[
        Example("flagd splits users", {"flags/demo.flagd.json": _FLAGD, "cart.ts": _OPEN}),
        Example(
            "Flipper by percentage",
            {"app/flags.rb": "Flipper.enable_percentage_of_actors(:checkout, 10)\nFlipper.enabled?(:checkout)\n"},
        ),
    ],
    flagged=[
        Example("Only on and off", {"package.json": _NPM, "cart.ts": _OPEN}),
        Example(
            "Asked for nobody",
            {
                "flags/demo.flagd.json": _FLAGD,
                "cart.py": "on = client.get_boolean_value('pay', False, EvaluationContext())\n",
            },
        ),
        Example(
            "The next one is opened to all at once",
            {
                "app/flags.rb": "Flipper.enable_percentage_of_actors(:checkout, 10)\nFlipper.enabled?(:checkout)\n",
                "db/migrate/20261109100000_open.rb": "class Open < ActiveRecord::Migration[8.0]\n  def up\n"
                "    Flipper.enable(:invoices)\n  end\nend\n",
            },
        ),
    ],
)
def percentages(code: Code, manifests: Manifests) -> Iterator[Draft]:
    """A flag's rule splits users by percentage, and the code asks flags."""
    enabled = code[_STATE].places.saying(lambda hit: "ENABLED" in hit.text)
    off = [path for path in code[_STATE].paths if path not in enabled.files]
    rules = code[_PERCENT].places.saying(lambda hit: not _EVERYBODY.search(hit.text))
    rules = rules.under(lambda path: path not in off)
    library = manifests.uses(_SDKS, development=False)
    rules = rules.saying(lambda hit: library or _OF_FLAGS.search(hit.text))
    if rules and code[NOBODY]:
        yield unsure("A flag is asked for nobody, so that all are of the same share", code[NOBODY].first[0], rules)
    elif rules and (opened := code[OPENED].places.under(lambda path: "migrat" in path)):
        yield unsure("A flag is rolled out by percentage, and another is opened to all at once", opened, rules)
    elif rules and code[_USE]:
        yield passed("A flag is rolled out by percentage", rules, code[_USE].first[0])


_TARGET = Signal(
    id="deployment.flag-target",
    pattern=r"(\"var\"\s*:\s*\"(\$flagd\.)?(e?mail|user|targetingKey|country|tenant|org|plan|role|segment|group|account)|"
    r"Flipper\.enable_(actor|group)|flag_is_active\(request|\buserWithId\b)",
    roles=("source", "config", "infra", "other"),
)
_TARGETED = _FLAGD.replace(
    '"fractional": [["on", 10], ["off", 90]]', '"if": [{"ends_with": [{"var": "email"}, "@shop.example"]}, "on"]'
)
_WHOM = (
    r"(?:user|keeper|customer|member|tenant|account|context|ctx|evalCtx|who|caller|session|current|person|org|school|"
    r"properties)"
)
_WITH_CONTEXT = Signal(
    id="deployment.flag-context",
    pattern=rf"([vV]ariation|BooleanValue|boolean_value|[iI]s_?[eE]nabled|IsEnabledAsync|evaluate)\w*\(.*,.*{_WHOM}|"
    rf"Flipper\.enabled\?\([^,]+,|FunWithFlags\.enabled\?\(.*\bfor:|flag_is_active\(\s*request|"
    rf"(?:UnleashContext|EvaluationContext|LDContext|Context)\b.{{0,60}}(?:builder|new|\.user|userId|user_id|targeting)|"
    rf"\.WithTargeting\b|ITargetingContextAccessor|Feature::for\(|context=\{{|->isActive\([^,)]+,",
)
_BY_CONSTRAINT = Signal(
    id="deployment.flag-constraint",
    pattern=r"constraint['\"]?\s*:\s*.{0,40}\b(?:user|role|tenant|group|email)|\"var\"\s*:\s*\[?\"?\w|\bsegments?['\"]?\s*:|"
    r"conditions['\"]?\s*:|\bin\b.{0,20}\bvar\b",
    roles=("config", "infra", "other", "source"),
)
_PROVIDED = re.compile(
    r"unleash|launchdarkly|ldclient|flagsmith|growthbook|configcat|split|optimizely|statsig|posthog|devcycle|waffle|flipper|"
    r"fun_with_flags|pennant|FeatureManagement",
    re.IGNORECASE,
)
"""Services and libraries whose own desk has the rules for chosen people."""
_OF_A_FLAG = re.compile(r"flag|feature|toggle|switch|unleash|flipper|growthbook", re.IGNORECASE)
"""Files whose conditions and segments are those of flags, and not of a load test, a bucket or a cluster."""
_SPOKEN = Signal(
    id="deployment.flags-spoken-of",
    pattern=rf"(?:{_PROVIDED.pattern}|\bflags?\b|\bswitch(?:es)?\b|\btoggles?\b)",
    roles=("docs", "other"),
    kept=ALL,
)
_CHOSEN = r"(?:for|by|per|each) (?:each )?(?:current )?user|group|segment|tenant|tester|customer|member|plan"
_OF_EVERY_CALL = re.compile(
    r"flags?|features?|clients?|contexts?|propert(?:y|ies)|build(?:er)?|true|false|null|names?|named|string|return|public|"
    r"private|enabled|isenabled|variation|with|this|self|value|await|const|user|current|import|from|using|http"
)


@check(
    "DEP-5.3.5",
    shows=PASS,
    reads=[_TARGET, _WITH_CONTEXT, _BY_CONSTRAINT, _STATE, _SPOKEN, NOBODY, NAME_ALONE, FOR_ALL_QUESTIONS],
    clean=[
        Example(
            "A rule for some users, and their context in the question",
            {"flags/demo.flagd.json": _TARGETED, "cart.ts": _OPEN.replace("false)", "false, { email: user.email })")},
        ),
        Example(
            "A service that is told who asks, and by what it switches",
            {
                "docs/flags.md": "# Flags\n\nUnleash switches them by shop, the first five first.\n",
                "package.json": '{"name": "a", "dependencies": {"unleash-client": "^6.6.0"}}\n',
                "cart.ts": "if (flags.isEnabled('pay', { userId: user.id, properties: { shop: user.shop } })) pay()\n",
            },
        ),
        Example(
            "Flipper, with whoever is signed in",
            {
                "docs/flags.md": "# Flags\n\nFlipper, by current user or for a group of them.\n",
                "Gemfile": "source 'https://rubygems.org'\ngem 'flipper'\n",
                "app/controllers/carts_controller.rb": "return unless Flipper.enabled?(:pay, Current.user)\n",
            },
        ),
        Example(
            "A context of its own",
            {
                "docs/flags.md": "# Flags\n\nLaunchDarkly, by plan of the user.\n",
                "requirements.txt": "launchdarkly-server-sdk==9.11.0\n",
                "pay.py": "context = Context.builder(user.key).set('plan', user.plan).build()\n"
                "client.variation('pay', context, False)\n",
            },
        ),
    ],
    flagged=[
        Example("No context", {"flags/demo.flagd.json": _TARGETED, "cart.ts": _OPEN}),
        Example(
            "Context for one flag, and none for another",
            {
                "flags/demo.flagd.json": _TARGETED,
                "cart.ts": _OPEN.replace("false)", "false, { email: user.email })")
                + _OPEN.replace("checkout-v2", "pay"),
            },
        ),
        Example(
            "A service that is told a name alone",
            {
                "package.json": '{"name": "a", "dependencies": {"unleash-client": "^6.6.0"}}\n',
                "cart.ts": "if (flags.isEnabled('pay')) pay()\n",
            },
        ),
        Example(
            "Somebody who signs in, and no flags",
            {
                "store.go": "package store\n\nfunc add() {\n\tuser, err := CreateUserWithIdentity(ctx, &u)\n"
                "\tok := evaluate(ctx, user)\n}\n"
            },
        ),
        Example(
            "A service that is told who asks, a word in a load test, and no rule",
            {
                "package.json": '{"name": "a", "dependencies": {"unleash-client": "^6.6.0"}}\n',
                "cart.ts": "if (flags.isEnabled('pay', { userId: user.id, properties: { shop: user.shop } })) pay()\n",
                "load/monday.yml": "config:\n  ensure:\n    conditions: [{expression: 'vusers.failed < 1'}]\n",
                "docs/alarms.md": "# Alarms\n\nGroup by service, then switch `pay` off in Unleash.\n",
            },
        ),
        Example("Context, and no service that has rules", {"cart.ts": "if (isEnabled('pay', user)) pay()\n"}),
    ],
)
def targeting(code: Code, manifests: Manifests) -> Iterator[Draft]:
    """The code hands over who is asking, to a targeting rule of the tree or to a service that has such rules."""
    told = code[_WITH_CONTEXT]
    library = manifests.uses(_SDKS, development=False)
    provided = [(m, d) for m, d in library if _PROVIDED.search(d.package.replace("-", "_"))]
    stated = code[_STATE].places.files
    ruled = [hit for hit in code[_TARGET].first if library or hit.path in stated]
    ruled += [hit for hit in code[_BY_CONSTRAINT].first if library and _OF_A_FLAG.search(hit.path)]
    alone = [*code[NOBODY].first, *([] if code[FOR_ALL_QUESTIONS] else code[NAME_ALONE].first)]
    if told and (ruled or provided) and alone:
        yield unsure(f"A flag is asked without who asks: {alone[0].text[:100]}", alone[0], told.first[0])
    elif told and ruled:
        yield passed("Flags can be switched for chosen users", ruled[0], told.first[0])
    elif told and provided:
        manifest, dependency = provided[0]
        text = f"Who is asking is handed to {dependency.package}, "
        if spoken := _spoken_of(told.first, code):
            text += f"which switches flags for chosen users: {spoken.text[:80]}"
            yield passed(text, told.first[0], manifest.at(dependency), spoken, confidence="medium")
        else:
            yield unsure(f"{text}and no rule is seen that asks for it", told.first[0], manifest.at(dependency))


def _spoken_of(told: Sequence[Source], code: Code) -> Source | None:
    """A line of a document that says by which part of what is *told* flags are switched."""
    given = {word for hit in told for word in re.findall(r"[a-z]{4,40}", hit.text.lower())}
    parts = sorted(word.removesuffix("y") for word in given if not _OF_EVERY_CALL.fullmatch(word))
    named = re.compile(rf"\b(?:{'|'.join([_CHOSEN, *parts])})(?:y|ies|s)?\b", re.IGNORECASE)
    for hit in code[_SPOKEN].first:
        _, *after = _SPOKEN_WORD.split(hit.text)
        if any(map(named.search, after)):
            return hit
    return None


_SPOKEN_WORD = re.compile(_SPOKEN.pattern, re.IGNORECASE)


_EXPERIMENT = Signal(
    id="deployment.experiment",
    pattern=r"(use_?experiment\(|get_?experiment\(|run_?experiment|\.experiment\(|\bab_test\(|field_test\(|trackingCallback|"
    r"on_experiment_viewed)",
)
_EXPERIMENT_SDKS = words("packages/experiments")


@check(
    "DEP-5.3.6",
    shows=PASS,
    reads=[_EXPERIMENT, SHOWN, SENT],
    clean=[
        Example(
            "An experiment in the code",
            {
                "Gemfile": "source 'https://rubygems.org'\ngem 'field_test'\n",
                "app/models/page.rb": "variant = field_test(:button)\n",
            },
        )
    ],
    flagged=[
        Example("Only the library", {"Gemfile": "source 'https://rubygems.org'\ngem 'field_test'\n"}),
        Example(
            "What was shown is not reported",
            {
                "package.json": '{"name": "a", "dependencies": {"@growthbook/growthbook": "^1.3.0"}}\n',
                "gb.ts": "export const gb = new GrowthBook({\n  trackingCallback: (experiment, result) => {\n"
                "    void experiment\n  },\n})\n",
            },
        ),
    ],
)
def experiments(manifests: Manifests, code: Code) -> Iterator[Draft]:
    """An experiment library is a dependency, and the code assigns variants with it."""
    found = manifests.uses(_EXPERIMENT_SDKS, development=False)
    if found and (silent := list(unreported(code))):
        yield unsure("Which variant somebody was shown is reported nowhere", *silent)
    elif found and code[_EXPERIMENT]:
        yield passed(
            "The code runs experiments", code[_EXPERIMENT].places, found[0][0].at(found[0][1]), confidence="medium"
        )


_STALE = re.compile(
    r"find-code-references|piranha|(stale|expired|obsolete|unused)[-_ ]?(feature[-_ ]?)?(flag|toggle)", re.IGNORECASE
)
_STALE_JOB = {
    ".github/workflows/flags.yml": "on:\n  schedule:\n    - cron: 0 6 * * 1\njobs:\n  stale:\n"
    "    runs-on: ubuntu-latest\n    steps:\n      - run: python tools/stale_flags.py --fail-after 90\n"
}


@check(
    "DEP-5.3.7",
    shows=PASS,
    reads=[LISTED],
    clean=[
        Example("A job that reports stale flags", _STALE_JOB),
        Example("and a list of them", {**_STALE_JOB, "flags.yaml": "pay: {owner: ida, expires: 2027-02-01}\n"}),
    ],
    flagged=[
        Example("One is long past its day", {**_STALE_JOB, "flags.yaml": "pay: {expires: 2024-08-01, exempt: true}\n"}),
        Example(
            "No such job",
            {".github/workflows/ci.yml": "on: push\njobs:\n  test:\n    steps:\n      - run: make test\n"},
        ),
    ],
)
def stale_flags(pipelines: Pipelines, code: Code, history: History) -> Iterator[Draft]:
    """A pipeline step looks for flags that are no longer needed, and none is listed whose day has come."""
    late = past_their_day(code, history)
    for pipeline, _, step in pipelines.steps():
        if step.enforced.strip() and _STALE.search(f"{step.name} {step.enforced[:2_000]}"):
            if late:
                text = f"A pipeline looks for obsolete flags and leaves one whose day has come: {late[0].text[:100]}"
                yield unsure(text, late[0], pipeline.at(step))
            else:
                yield passed("A pipeline looks for obsolete flags", pipeline.at(step), confidence="medium")
            return
