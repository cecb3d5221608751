"""Tests are counted by kind and language, and what is demanded of coverage is found."""

from __future__ import annotations

import time

import pytest

from orchestrator.evidence.facts.testsuites import TestSuites
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.testsuites import TestSuitesReader
from orchestrator.evidence.tree import MemoryTree

SUITES = [
    ("tests/test_a.py", "def test_a():\n    pass\n\nasync def test_b():\n    pass\n", ("unit", "python", 2)),
    ("shop/tests.py", "class T:\n    def test_a(self):\n        pass\n", ("unit", "python", 1)),
    ("tests/integration/test_a.py", "def test_a():\n    pass\n", ("integration", "python", 1)),
    ("tests/test_b.py", "def test_a(self):\n    self.client.get('/')\n", ("integration", "python", 1)),
    ("src/a.test.ts", "it('a', () => {})\ntest.each([1])('b', () => {})\nxit('c')\n", ("unit", "typescript", 2)),
    ("cypress/e2e/a.cy.ts", "it('logs in', () => { cy.visit('/') })\n", ("e2e", "typescript", 1)),
    ("e2e/a.spec.ts", "import { test } from '@playwright/test'\ntest('a', async () => {})\n", ("e2e", "typescript", 1)),
    (
        "e2e/a11y.spec.ts",
        "import AxeBuilder from '@axe-core/playwright'\ntest('a', a)\n",
        ("accessibility", "typescript", 1),
    ),
    (
        "tests/visual/a.spec.ts",
        "test('a', async () => { expect(page).toHaveScreenshot() })\n",
        ("visual", "typescript", 1),
    ),
    ("tests/contract/a.test.js", "it('keeps the pact', () => {})\n", ("contract", "javascript", 1)),
    ("tests/smoke/test_up.py", "def test_up():\n    pass\n", ("smoke", "python", 1)),
    ("load/locustfile.py", "from locust import HttpUser\n", ("load", "python", 0)),
    ("k6/home.js", "import http from 'k6/http'\n", ("load", "javascript", 0)),
    ("a_test.go", "func TestA(t *testing.T) {}\nfunc helper() {}\n", ("unit", "go", 1)),
    ("src/test/java/ATest.java", "class A {\n  @Test\n  void a() {}\n}\n", ("unit", "java", 1)),
    ("src/test/java/AIT.java", "class A {\n  @Test\n  void a() {}\n}\n", ("integration", "java", 1)),
    ("spec/models/a_spec.rb", "describe A do\n  it 'works' do\n  end\nend\n", ("unit", "ruby", 1)),
    ("spec/requests/a_spec.rb", "it 'works' do\nend\n", ("integration", "ruby", 1)),
    ("tests/ATest.php", "public function testA()\n", ("unit", "php", 1)),
    ("tests/ATests.cs", "  [Fact]\n  public void A() {}\n", ("unit", "csharp", 1)),
    ("src/lib.rs", "#[cfg(test)]\nmod tests {\n    #[test]\n    fn a() {}\n}\n", ("unit", "rust", 1)),
    ("test/a_test.exs", '  test "works" do\n', ("unit", "elixir", 1)),
    ("features/login.feature", "Feature: a\n  Scenario: b\n", ("e2e", "gherkin", 1)),
    ("tests/conftest.py", "import pytest\n", None),
    ("tests/helpers.js", "export const a = 1\n", None),
    ("vendor/a_test.go", "func TestA(t *testing.T) {}\n", None),
]

COVERAGE = [
    (".coveragerc", "[report]\nfail_under = 85\n", ("threshold", 85.0, 2)),
    ("pyproject.toml", "[tool.coverage.report]\nfail_under = 92.5\n", ("threshold", 92.5, 2)),
    (".github/workflows/a.yml", "      - run: pytest --cov --cov-fail-under=80\n", ("threshold", 80.0, 1)),
    (".github/workflows/b.yml", "      - run: pytest --cov=app\n", ("report", None, 1)),
    (
        "jest.config.js",
        "module.exports = {\n  coverageThreshold: {\n    global: {\n      branches: 50,\n      lines: 90,\n",
        ("threshold", 90.0, 5),
    ),
    (
        "package.json",
        '{\n  "jest": {\n    "coverageThreshold": {"global": {"lines": 75}}\n  }\n}\n',
        ("threshold", 75.0, 3),
    ),
    (".nycrc", '{\n  "check-coverage": true,\n  "lines": 70\n}\n', ("threshold", 70.0, 3)),
    (".nycrc", '{"lines": 70}', None),
    (
        "codecov.yml",
        "coverage:\n  status:\n    project:\n      default:\n        target: 88%\n",
        ("threshold", 88.0, 5),
    ),
    (
        "codecov.yml",
        "coverage:\n  status:\n    project:\n      default:\n        target: auto\n",
        ("threshold", None, 5),
    ),
    ("pom.xml", "<plugin>jacoco\n<limit>\n<minimum>0.85</minimum>\n", ("threshold", 85.0, 3)),
    ("pom.xml", "<plugin>other\n<minimum>0.85</minimum>\n", None),
    ("build.gradle", "jacocoTestCoverageVerification {\n  minimum = 0.6\n}\n", ("threshold", 60.0, 2)),
    ("spec/spec_helper.rb", "SimpleCov.minimum_coverage 95\n", ("threshold", 95.0, 1)),
    ("Makefile", "COVERAGE_THRESHOLD ?= 80\n", ("threshold", 80.0, 1)),
    (".testcoverage.yml", "threshold:\n  total: 77\n", ("threshold", 77.0, 2)),
    ("mix.exs", "  test_coverage: [summary: [threshold: 66]],\n", ("threshold", 66.0, 1)),
    ("setup.cfg", "# fail_under = 85\n", None),
    ("coverage.xml", '<?xml version="1.0"?>\n<coverage version="7" line-rate="0.912">\n', ("report", 91.2, 0)),
    ("coverage/lcov.info", "SF:a\nLF:10\nLH:9\nend_of_record\nSF:b\nLF:10\nLH:10\n", ("report", 95.0, 0)),
    ("jacoco.xml", '<report><counter type="LINE" missed="1" covered="3"/></report>', ("report", 75.0, 0)),
    ("coverage-summary.json", '{"total": {"lines": {"pct": 81.5}}}', ("report", 81.5, 0)),
    ("tests/fixtures/coverage.xml", '<coverage line-rate="0.9">', None),
    ("coverage.xml", "nothing of it", None),
]


def read(files: dict[str, str]) -> TestSuites:
    fact = read_tree(MemoryTree(files), [TestSuitesReader()])[TestSuites]
    assert isinstance(fact, TestSuites)
    return fact


class TestTestSuitesReader:
    @pytest.mark.parametrize(("path", "text", "expected"), SUITES)
    def test_a_test_file_has_a_kind(self, path: str, text: str, expected: tuple[str, str, int] | None) -> None:
        """
        Kind, language and number of cases are told; helpers and other people's tests are not tests.
        """
        found = read({path: text}).suites

        assert ([expected] if expected else []) == [(s.kind, s.language, s.cases) for s in found]

    @pytest.mark.parametrize(
        "text",
        [
            '"""\ndef test_a():\n    assert go()\n"""\n',
            "if False:\n    def test_a():\n        assert go()\n",
            "raise SystemExit\ndef test_a():\n    assert go()\n",
            "def test_a():\n    assert go()\ndel test_a\n",
            "def run():\n    def test_a():\n        assert go()\n",
            "class A:\n    def go(self):\n        pass\ndef run():\n    def test_a():\n        assert go()\n",
            "import os\nif os.environ.get('USE_TESTS'):\n    def test_a():\n        assert go()\n",
        ],
    )
    def test_tests_that_nobody_comes_to(self, text: str) -> None:
        """
        What stands in a text, behind a false condition or the end of the module, or is deleted is no test.
        """
        assert () == read({"tests/test_a.py": text}).suites

    @pytest.mark.parametrize(("path", "text", "expected"), COVERAGE)
    def test_what_is_demanded_of_coverage(
        self, path: str, text: str, expected: tuple[str, float | None, int] | None
    ) -> None:
        """
        Thresholds and reported figures are told in percent, with their place.
        """
        found = read({path: text}).coverage

        assert ([expected] if expected else []) == [(r.kind, r.percent, r.source.line) for r in found]

    @pytest.mark.parametrize(
        ("path", "text", "expected"),
        [
            (
                "jest.config.js",
                "module.exports = {\n  coverageThreshold: {\n    global: {\n      lines: 70,\n    },\n"
                "    './src/payments/': {\n      lines: 95,\n    },\n  },\n}\n",
                [(70.0, "", 4), (95.0, "./src/payments/", 7)],
            ),
            (
                "vitest.config.ts",
                "coverage: {\n  thresholds: {\n    'src/orders/**': {\n      statements: 90,\n    },\n    lines: 60,\n"
                "  },\n}\n",
                [(90.0, "src/orders/**", 4), (60.0, "", 6)],
            ),
            (
                "codecov.yml",
                "coverage:\n  status:\n    project:\n      default:\n        target: 70%\n      payments:\n"
                "        target: 95%\n        paths: [src/payments, src/orders]\n",
                [(70.0, "", 5), (95.0, "src/payments, src/orders", 7)],
            ),
            (
                ".testcoverage.yml",
                "threshold:\n  total: 60\noverride:\n  - path: ^pkg/pay\n    threshold: 95\n"
                "  - path: ^pkg/x\n    threshold: no\n",
                [(60.0, "", 2), (95.0, "^pkg/pay", 4)],
            ),
        ],
    )
    def test_a_threshold_of_some_paths_says_of_which(
        self, path: str, text: str, expected: list[tuple[float, str, int]]
    ) -> None:
        """
        What is demanded of the whole is told from what is demanded of chosen files.
        """
        assert expected == [(r.percent, r.about, r.source.line) for r in read({path: text}).coverage]

    def test_hostile_text_is_read_in_linear_time(self) -> None:
        """
        No test file and no coverage file makes the review hang.
        """
        started = time.process_time()
        paths = ("tests/test_a.py", "a.test.ts", "a_test.go", "Makefile", "coverage.xml", "lcov.info")
        fillers = (
            "\n" * 900_000,
            " " * 900_000,
            "def " * 200_000,
            "it " * 300_000,
            "pytest " * 100_000,
            "<coverage " * 90_000,
        )
        for filler in fillers:
            read(dict.fromkeys(paths, filler))

        assert 30 > time.process_time() - started


LEFT_OUT = [
    ("src/a.test.js", "/*\nit('a', () => {})\n*/\n", True),
    ("src/a.test.js", "const text = `\nit('a', () => {})\n`\n", True),
    ("src/a.test.js", "if (false) {\n  it('a', () => {})\n}\n", True),
    ("src/a.test.js", "async function unused() {\n  it('a', () => {})\n}\n", True),
    ("src/a.test.js", "process.exit(0)\nit('a', () => {})\n", True),
    ("src/a.test.js", "if (process.env.ENABLE_IT === 'yes') {\n  it('a', () => {})\n}\n", False),
    ("src/a.test.ts", "describe('x', () => {\n  return\n  it('a', () => {})\n})\n", True),
    ("spec/a_spec.rb", "[].each do |x|\n  it 'works' do\n  end\nend\n", True),
    ("spec/a_spec.rb", "__END__\nit 'works' do\nend\n", True),
    ("a_test.go", "package a\n\n/*\nfunc TestA(t *testing.T) {}\n*/\n", True),
    ("src/test/java/ATest.java", "class A {\n/*\n  @Test\n  void a() {}\n*/\n}\n", True),
    ("tests/ATests.cs", "class A {\n#if false\n  [Fact]\n  public void A() {}\n#endif\n}\n", True),
    ("tests/test_a.py", "class A:\n    def unused(self):\n        def test_a():\n            pass\n", True),
    ("tests/test_a.py", "if False:\n    def test_a():\n        pass\n", True),
    ("tests/test_a.py", 'TEXT = """\ndef test_a():\n    pass\n"""\n', True),
]
COUNTED = [
    ("src/a.test.js", "if (process.env.NODE_ENV !== 'production') {\n  it('a', () => {})\n}\n"),
    ("src/a.test.js", "import { suite } from 'x'\nsuite(() => {\n  it('a', () => {})\n})\n"),
    ("src/a.test.js", "function cases() {\n  it('a', () => {})\n}\ncases()\n"),
    ("src/a.test.js", "it('a', () => {\n"),
    ("main_test.go", "package main\n\nfunc TestA(t *testing.T) {}\n"),
    ("a_test.go", 'package a\n\nfunc shared() {\n\tIt("a", func() {})\n}\n'),
    ("tests/ATest.php", "<?php\nclass ATest {\n  /**\n   * @test\n   */\n  public function a() {}\n}\n"),
    ("tests/test_a.py", "class A:\n    class B:\n        def test_a(self):\n            pass\n"),
    ("tests/test_a.py", "def f():\n    '''\n    >>> f()\n    '''\n"),
    ("src/lib.rs", "#[cfg(test)]\nmod tests {\n    #[test]\n    fn a() {}\n}\n"),
    ("test/a.bats", '@test "a" {\n  true\n}\n'),
]


class TestWhatIsInForce:
    @pytest.mark.parametrize(("path", "text", "void"), LEFT_OUT)
    def test_a_test_that_nobody_runs_is_none(self, path: str, text: str, void: bool) -> None:
        """
        What is commented out, never reached, told in a text or behind a flag is not counted, and noted with its reason.
        """
        fact = read({path: text})

        assert () == fact.suites
        assert [(path, void)] == [(aside.path, aside.void) for aside in fact.aside]
        assert all(aside.reason and aside.line for aside in fact.aside)

    @pytest.mark.parametrize(("path", "text"), COUNTED)
    def test_a_test_that_runs_is_counted(self, path: str, text: str) -> None:
        """
        Tests run in development, and what a runner may find by its name or by a comment is found.
        """
        fact = read({path: text})

        assert [1] == [suite.cases for suite in fact.suites]
        assert () == fact.aside

    def test_of_several_the_first_that_cannot_be_told_is_named(self) -> None:
        """
        One that is void keeps nobody from counting the others, and one that cannot be told is the more important.
        """
        behind = "if (process.env.ENABLE_IT === 'yes') {\n  it('b', () => {})\n}\n"
        fact = read({"src/a.test.js": "/*\nit('a', () => {})\n*/\n" + behind + "it('c', () => {})\n"})

        assert [1] == [suite.cases for suite in fact.suites]
        assert [(5, False)] == [(aside.line, aside.void) for aside in fact.aside]
