"""Tests that their own file has runners leave out, in the ways of each language."""

from __future__ import annotations

import pytest

from orchestrator.evidence.facts.testsuites import TestSuites
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.testsuites import TestSuitesReader
from orchestrator.evidence.tree import MemoryTree


def counted(path: str, text: str) -> tuple[int, int]:
    """How many tests count, and how many files have one that is skipped."""
    fact = read_tree(MemoryTree({path: text}), [TestSuitesReader()])[TestSuites]
    assert isinstance(fact, TestSuites)
    return sum(suite.cases for suite in fact.suites), len(fact.skipped)


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("tests/test_a.py", "pytestmark = pytest.mark.skip\ndef test_a(): ...\ndef test_b(): ...\n", (0, 1)),
        ("tests/test_a.py", "pytestmark = [pytest.mark.skip(reason='x')]\ndef test_a(): ...\n", (0, 1)),
        ("tests/test_a.py", "pytestmark = pytest.mark.skipif(WINDOWS)\ndef test_a(): ...\n", (1, 0)),
        ("tests/test_a.py", "pytest.skip('x', allow_module_level=True)\ndef test_a(): ...\n", (0, 1)),
        ("tests/test_a.py", "pytestmark = pytest.mark.skip\npytestmark = []\ndef test_a(): ...\n", (1, 0)),
        ("tests/test_a.py", "pytestmark = pytest.mark.skip\ndel pytestmark\ndef test_a(): ...\n", (1, 0)),
        ("tests/test_a.py", '"""\npytestmark = pytest.mark.skip\n"""\ndef test_a(): ...\n', (1, 0)),
        ("tests/test_a.py", "raise SkipTest('x')\ndef test_a(): ...\n", (0, 1)),
        ("tests/test_a.py", "@pytest.mark.skip\ndef test_a(): ...\n\ndef test_b(): ...\n", (1, 1)),
        ("tests/test_a.py", "@other\n@pytest.mark.skip('x')\n@more(1)\nasync def test_a(): ...\n", (0, 1)),
        ("tests/test_a.py", "@pytest.mark.skipif(x)\ndef test_a(): ...\n", (1, 0)),
        ("tests/test_a.py", "@unittest.skip('x')\nclass TestA:\n    def test_a(self): ...\n", (0, 1)),
        ("tests/test_a.py", "@skip('x')\nclass TestA:\n    x = 1\n\nclass TestB:\n    def test_a(self): ...\n", (1, 0)),
        ("src/test/java/ATest.java", "class ATest {\n  @Test\n  @Disabled\n  void a() {}\n}\n", (0, 1)),
        ("src/test/java/ATest.java", "class ATest {\n  @Ignore\n  @Test\n  void a() {}\n}\n", (0, 1)),
        ("src/test/java/ATest.java", "@Disabled\nclass ATest {\n  @Test\n  void a() {}\n}\n", (0, 1)),
        (
            "src/test/java/ATest.java",
            "class ATest {\n  @Test\n  void a() {}\n\n  @Disabled\n  void b() {}\n}\n",
            (1, 0),
        ),
        ("tests/ATests.cs", 'class A {\n  [Fact(Skip = "x")]\n  public void B() {}\n}\n', (0, 1)),
        ("tests/ATests.cs", "class A {\n  [Fact]\n  public void B() {}\n}\n", (1, 0)),
        ("tests/a.rs", "#[test]\n#[ignore]\nfn a() {}\n\n#[test]\nfn b() {}\n", (1, 1)),
        ("a_test.go", "package a\n\nfunc TestA(t *testing.T) {\n\tt.Skip()\n\tx()\n}\n", (0, 1)),
        ("a_test.go", "package a\n\nfunc TestA(t *testing.T) {\n\tif short {\n\t\tt.Skip()\n\t}\n\tx()\n}\n", (1, 0)),
        ("spec/a_spec.rb", "describe 'a' do\n  it 'b' do\n    skip\n    c\n  end\nend\n", (0, 1)),
        ("spec/a_spec.rb", "describe 'a' do\n  it 'b' do\n    skip 'x' if late\n    c\n  end\nend\n", (1, 0)),
        ("tests/ATest.php", "<?php\nclass A {\n  function testA() {\n    $this->markTestSkipped();\n  }\n}\n", (0, 1)),
        ("src/a.test.js", "it('a', () => {})\nit.skip('b', () => {})\n", (1, 0)),
    ],
)
def test_skipped(path: str, text: str, expected: tuple[int, int]) -> None:
    """
    A mark on the file, the class or the test leaves it out; one with a condition, or of another test, does not.
    """
    assert expected == counted(path, text)
