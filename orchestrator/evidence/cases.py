"""Tells a test file from a helper by its cases, and its kind by where it lies and what it uses."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ..host.late import late
from . import judged
from .anywhere import Anywhere
from .inforce.code import judge_of_tests
from .inforce.force import IN_FORCE, Force, void
from .skipped import skipping
from .tree import FileEntry, SourceFile

_MAY_BE_VOID = late(rb"^(?:if|while|try|raise|exit|quit|sys\.exit|os\._exit|del)\b", re.MULTILINE)
"""What stands at the margin of a module of Python of which not all can be reached; other modules are not parsed."""
KINDS = ("unit", "integration", "e2e", "smoke", "load", "accessibility", "contract", "visual")

_JS = (
    rb"^[ \t]*(?:(?:QUnit|t|Deno)\.)?(?:it|test|specify)(?:\.(?:only|each|concurrent|serial|for|parallel))?[ \t]*[(`<]"
)
_JVM = (
    rb"^[ \t]*@(?:Test|ParameterizedTest|RepeatedTest|Property|TestFactory)\b"
    rb"|^[ \t]*(?:test|it|should)\(\"|^[ \t]*def \"|^[ \t]*(?:it|\"[^\"\n]{1,200}\") should "
)
_PHP = (
    rb"^[ \t]*(?:public[ \t]+)?function[ \t]+test\w*[ \t]*\(|^[ \t]*(?:it|test)\("
    rb"|^[ \t]*\*[ \t]*@test\b|^[ \t]*#\[Test\]"
)
_XUNIT = rb"^[ \t]*\[(?:Fact|Theory|Test|TestMethod|TestCase|DataTestMethod)\b|^[ \t]*\[<(?:Fact|Theory|Test)>\]"
_C = rb"^[ \t]*(?:TEST|TEST_F|TEST_P|TYPED_TEST|TEST_CASE|SCENARIO|BOOST_AUTO_TEST_CASE)[ \t]*\("
_CASE = {
    language: re.compile(pattern, re.MULTILINE)
    for language, pattern in {
        "python": rb"^[ \t]*(?:async[ \t]+)?def[ \t]+test\w*[ \t]*\(|^[ \t]*>>> ",
        "javascript": _JS,
        "typescript": _JS,
        "go": rb"^func[ \t]+(?:\([^)\n]{1,100}\)[ \t]*)?(?:Test|Fuzz)\w*[ \t]*\(|^[ \t]*It\(",
        "java": _JVM,
        "kotlin": _JVM,
        "scala": _JVM,
        "groovy": _JVM,
        "ruby": rb"^[ \t]*(?:it|specify|scenario|test|example)[ \t]*[('\"{]|^[ \t]*def[ \t]+test_",
        "php": _PHP,
        "csharp": _XUNIT,
        "fsharp": _XUNIT,
        "rust": rb"^[ \t]*#\[(?:\w{1,40}::)?(?:test|rstest|test_case|quickcheck|proptest)\b",
        "swift": rb"^[ \t]*(?:override[ \t]+)?func[ \t]+test\w*[ \t]*\(|^[ \t]*@Test\b",
        "dart": rb"^[ \t]*(?:test|testWidgets|blocTest)(?:<[^>\n]{1,60}>)?[ \t]*\(",
        "elixir": rb"^[ \t]*(?:test|property)[ \t]+\"",
        "erlang": rb"^\w{1,100}_test_?\(\)",
        "clojure": rb"^[ \t]*\(deftest",
        "haskell": rb"^[ \t]*(?:it|prop|testCase|testProperty)[ \t]+\"",
        "lua": rb"^[ \t]*it\(",
        "r": rb"^[ \t]*test_that\(",
        "perl": rb"^[ \t]*(?:subtest|is|ok|like|is_deeply)\b",
        "c": _C,
        "cpp": _C,
        "shell": rb"^[ \t]*@test[ \t]|^[ \t]*(?:function[ \t]+)?test_?\w+[ \t]*\(\)",
        "powershell": rb"^[ \t]*It[ \t]+['\"]",
        "gherkin": rb"^[ \t]*(?:Scenario|Scenario Outline|Scenario Template|Example):",
        "jmeter": rb"<(?:ThreadGroup|HTTPSamplerProxy)\b",
    }.items()
}
_OTHER_LANGUAGES = {".feature": "gherkin", ".jmx": "jmeter", ".bats": "shell", ".t": "perl"}
_NAMED = late(
    r"(^|/)(tests?\.(py|[cm]?[jt]sx?)|locustfile[\w-]*\.py|[^/]*Tests?\.php|smoke[\w-]*\.(sh|py|[jt]s)|k6[^/]*\.[jt]s)$"
    r"|(^|/)(k6|locust|gatling|load[-_]?gen\w*|(load|perf|performance)[-_]?tests?)/"
)
_LOAD = late(
    r"(^|/)(load|stress|soak|perf|performance|k6|gatling|jmeter|locust|artillery)/"
    r"|(load|stress|soak|perf|performance)[-_]?tests?\b|locustfile"
)


def _paths(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives))


def _content(*alternatives: str) -> Anywhere:
    return Anywhere("|".join(alternatives).encode())


_BY_PATH = (
    ("visual", _paths(r"(^|[/._-])(visual|screenshots?|percy|chromatic|backstop\w*|storyshots)([/._-]|$)")),
    ("accessibility", _paths(r"(^|[/._-])(a11y|accessibility|axe|pa11y)([/._-]|$)")),
    (
        "contract",
        _paths(
            r"(^|[/._-])(contracts?|pacts?|consumer|provider)[-_](tests?|specs?)([/._-]|$)", r"(^|/)(pacts?|contract)/"
        ),
    ),
    ("smoke", _paths(r"(^|[/._-])(smoke\w*|sanity)([/._-]|$)")),
    (
        "e2e",
        _paths(
            r"(^|[/._-])(e2e|end[-_]?to[-_]?end|cypress|playwright|acceptance|ui[-_]tests?|selenium|androidtest|"
            r"journeys?)([/._-]|$)",
            r"(tests?|spec)/(system|features?)/",
            r"\.(cy\.[jt]sx?|feature)$",
        ),
    ),
    (
        "integration",
        _paths(
            r"(^|[/._-])(integration\w*|functional|api[-_]?tests?|component[-_]tests?)([/._-]|$)",
            r"(tests?|spec)/(requests|api)/",
            r"(^|/)tests/[^/]+\.rs$",
            r"IT\.(java|kt|scala|groovy)$",
            r"integrationtests?\.\w+$",
        ),
    ),
)
_MARKS = (
    ("load", _content(r"['\"]k6(?:/http|/metrics)?['\"]", r"\bfrom locust import", r"io\.gatling", r"<ThreadGroup")),
    (
        "accessibility",
        _content(
            r"jest-axe|vitest-axe|axe-core|cypress-axe|axe-playwright",
            r"toHaveNoViolations|checkA11y|AxeBuilder|\bpa11y\b",
        ),
    ),
    (
        "contract",
        _content(r"@pact-foundation|au\.com\.dius\.pact|from pact import|pact/dsl", r"PactNet|\bschemathesis\b"),
    ),
    ("visual", _content(r"toHaveScreenshot\(|toMatchImageSnapshot|percySnapshot|eyesOpen\(")),
    (
        "e2e",
        _content(
            r"@playwright/test|from playwright|\bcy\.visit\(|\bpuppeteer\b",
            r"selenium[.-]?webdriver|org\.openqa\.selenium|from selenium|Capybara",
            r"XCUIApplication|by\.element\(|device\.launchApp",
            r"use Wallaby|com\.microsoft\.playwright|Microsoft\.Playwright|Laravel\\Dusk|chromedp",
        ),
    ),
    (
        "integration",
        _content(
            r"testcontainers|@SpringBootTest|@DataJpaTest|@WebMvcTest|WebApplicationFactory",
            r"\bsupertest\b|\bfrisby\b|\bTestClient\(|\.test_client\(|httptest\.New(?:TLS)?Server",
            r"\bself\.client\.(?:get|post|put|patch|delete)\(|pytest\.mark\.integration|go:build integration",
            r"ActionDispatch::IntegrationTest|type: :request",
            r"\bConnCase\b|Phoenix\.ConnTest|\bWebTestCase\b|RefreshDatabase|@nestjs/testing|sqlx::test|tower::ServiceExt",
        ),
    ),
)


@dataclass(frozen=True)
class Seen:
    """
    A test file: its kind and language, how many cases it holds and the line of the first.

    Of cases that do not count, *aside* is what is to be said of the first one, which stands in line *aside_line*.
    """

    kind: str
    language: str
    cases: int
    line: int
    aside: Force = IN_FORCE
    aside_line: int = 0


def is_candidate(file: FileEntry) -> bool:
    """Whether *file* may hold tests, told from its path."""
    language = file.language or _OTHER_LANGUAGES.get(file.suffix, "")
    if file.role in ("vendored", "generated", "docs", "asset") or file.is_set_aside or language not in _CASE:
        return False
    return file.role == "test" or language in ("rust", "gherkin", "jmeter") or bool(_NAMED.search(file.path))


def look(source: SourceFile) -> Seen | None:
    """What kind of tests *source* holds, or None where it holds none (a helper, a fixture)."""
    language = source.file.language or _OTHER_LANGUAGES.get(source.file.suffix, "")
    cases, first, left_out = 0, None, None
    why = IN_FORCE
    force = _of_python(source) if language == "python" else _of_others(source, language)
    skipped = skipping(source, language)
    for match in _CASE[language].finditer(source.data):
        told = skipped(match) and force(match)
        if told:
            first = first or match
            cases += 1
        elif left_out is None or (why.is_void and not told.is_void):
            left_out, why = match, told
    kind = _kind(source, bool(first or left_out))
    if first is None and left_out is None and kind != "load":
        return None
    return Seen(kind, language, cases, _line(source.data, first), why, _line(source.data, left_out))


def _line(data: bytes, match: re.Match[bytes] | None) -> int:
    return data.count(b"\n", 0, match.start() if match else 0) + 1


def _of_python(source: SourceFile) -> Callable[[re.Match[bytes]], Force]:
    """What is to be said of a test of Python; one in a docstring is meant to stand there."""
    judge = judged.python(source)
    doubted = _MAY_BE_VOID.search(source.data) is not None

    def force(match: re.Match[bytes]) -> Force:
        if match.group().lstrip().startswith(b">>>"):
            return IN_FORCE
        at = match.end() - 1
        inside = _is_inside(source.data, match)
        if judge.is_text(at):
            return void("stands in a comment or a text")
        if (doubted or inside) and not (reached := judge.reaches(at)):
            return reached
        return void("stands in another function") if inside and judge.is_nested(at) else IN_FORCE

    return force


_IN_COMMENTS = late(rb"\s*(?:\*|#\[)")
"""How tests begin that a comment or an attribute makes to one."""


def _of_others(source: SourceFile, language: str) -> Callable[[re.Match[bytes]], Force]:
    """
    What is to be said of a test in another language.

    What other files may call counts, since runners of tests find tests by more than their names; only a script that is
    no module is not looked into by others.
    """
    judge = judge_of_tests(source.data, source.path, language, judged.judge(source))

    def force(match: re.Match[bytes]) -> Force:
        if judge is None or _IN_COMMENTS.match(match.group()):
            return IN_FORCE
        told = judge.reaches(match.end() - len(match.group().lstrip()))
        return IN_FORCE if told.unless and language not in ("javascript", "typescript") else told

    return force


_OF_A_METHOD = 4
"""How far to the right a method of a class stands at most; what stands further may be inside of one."""


def _is_inside(data: bytes, match: re.Match[bytes]) -> bool:
    """Whether a test of Python may lie in another function: it is indented, and no class stands above it."""
    indent = len(match.group()) - len(match.group().lstrip())
    if not indent:
        return False
    if indent > _OF_A_METHOD:
        return True
    above = max(data.rfind(word, 0, match.start()) for word in (b"\nclass ", b"\ndef ", b"\nasync def "))
    return not data.startswith(b"\nclass ", above) and (above >= 0 or not data.startswith(b"class "))


_LOOKED_AT = 100_000
"""Bytes of a test in which it is looked for what the test uses."""


def _kind(source: SourceFile, tested: bool) -> str:
    path = source.path
    data = source.data[:_LOOKED_AT]
    lower = source.lower[:_LOOKED_AT]
    load = _MARKS[0][1].stands_in(data, lower)
    if load or (tested and _LOAD.search(path.lower())):
        return "load"
    if not tested:
        return ""
    for kind, pattern in _BY_PATH:
        if pattern.search(path) or pattern.search(path.lower()):
            return kind
    for kind, mark in _MARKS[1:]:
        if mark.stands_in(data, lower):
            return kind
    return "unit"
