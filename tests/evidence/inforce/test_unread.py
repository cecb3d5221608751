"""What files of data and settings keep where nobody reads it."""

from __future__ import annotations

import time

import pytest

from orchestrator.evidence.inforce.files import judge_of_settings
from orchestrator.evidence.inforce.springs import of_profiles
from tests.evidence.inforce.saying import said

PIPELINE = "service: {pipelines: {traces: {receivers: [otlp], processors: [batch], exporters: [otlp]}}}\n"
IDLE = "is part of no pipeline of the collector"
ALL = "ignores every dependency"
DEV = "is only for the profile dev"
STAGE = "is in a stage that the image takes nothing from"
BOT = "version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n"


class TestKeys:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("x-disabled:\n  here: 1\nb: 2\n", "stands under x-disabled, which nothing reads"),
            ("x-disabled:\n  a: 1\nhere: 2\n", ""),
            ("x-off:\n  a: 1\n---\nhere: 2\n", ""),
            ("_old:\n  here: 1\n", "stands under _old, which nothing reads"),
            ('"x-a":\n  here: 1\n', "stands under x-a, which nothing reads"),
            ("disabled:\n  here: 1\n", "stands under disabled, which nothing reads"),
            ("ignore:\n  here: 1\n", ""),
            ("folder:\n  here: 1\n", ""),
            ("x-base: &base\n  here: 1\na:\n  <<: *base\n", ""),
            ("x-base: &base\n  here: 1\na:\n  <<: *bases\n", "stands under x-base, which nothing reads"),
            ("a: {<<: *base}\nx-base: &base {here: 1}\n", ""),
            ("openapi: 3.1.0\nx-google-backend:\n  here: 1\n", ""),
            ("text: |\n  here: 1\n", "stands in a text under text, and nobody is known to read it"),
            ("text: |\n  only words here\n", ""),
            ("text: |\n  here: 1\nb: 2\n", ""),
            ("apiVersion: v1\ntext: |\n  here: 1\n", ""),
            ("text:\n  here: 1\n", ""),
        ],
    )
    def test_yaml(self, text: str, expected: str) -> None:
        """
        An extension counts where another part refers to it, and a file that is one text for whoever reads it.
        """
        assert expected == said(text, "conf/loki.yaml")

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ('{\n  "//": {\n    "here": 1\n  },\n  "b": 2\n}', "stands under //, which nothing reads"),
            ('{\n  "//": {\n    "a": 1\n  },\n  "here": 2\n}', ""),
            ('{\n  "_comment": "here"\n}', "stands under _comment, which nothing reads"),
            ('{"//": "a note", "here": 2}', ""),
            ('{\n  "here": "http://a"\n}', ""),
            ('["//",\n "here"]', ""),
            ('{"//": {\n"here"', ""),
        ],
    )
    def test_json(self, text: str, expected: str) -> None:
        """
        Comments are written under keys in JSON.
        """
        assert expected == said(text, "flags/demo.json")

    @pytest.mark.parametrize("text", ["x-a: &a 1\n" * 300, "*a " * 100_000 + "\nx-a: &a 1\n", "a: |\n" * 50_000])
    def test_hostile_files(self, text: str) -> None:
        """
        Their time does not grow with their square.
        """
        began = time.process_time()
        said(f"{text}here", "a.yaml")

        assert 5 > time.process_time() - began


class TestTools:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (f"processors:\n  here:\n    a: 1\n  batch:\n{PIPELINE}", IDLE),
            (f"processors:\n  batch:\n    here: 1\n{PIPELINE}", ""),
            (f"extensions:\n  here:\n    a: 1\n{PIPELINE}", ""),
            (f"connectors:\n  here:\n    a: 1\n{PIPELINE}", IDLE),
            ("processors:\n  here:\n    a: 1\n", ""),
            (f"processors: {{here: {{a: 1}}, batch: {{}}}}\n{PIPELINE}", ""),
            (f"processors: {{here: {{a: 1}}}}\n{PIPELINE}", IDLE),
            ("processors:\n  here:\n    a: 1\nservice: {pipelines: {}}\n", ""),
            ("config:\n  exporters:\n    here: 1\n  service: {pipelines: {logs: {exporters: [otlp]}}}\n", IDLE),
        ],
    )
    def test_collectors(self, text: str, expected: str) -> None:
        """
        A component of a collector counts as part of a pipeline; where none is told, whoever adds it knows.
        """
        assert expected == said(text, "otel/collector.yaml")

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (f"{BOT}    ignore: [{{dependency-name: '*'}}]\n", ALL),
            (f"{BOT}    ignore: [{{dependency-name: 'a'}}]\n", ""),
            (f"{BOT}    ignore: [{{dependency-name: '*', update-types: ['version-update:semver-major']}}]\n", ""),
            (f"{BOT}    ignore: '*'\n", ""),
            (f"{BOT}  - package-ecosystem: pip\n    ignore: [{{dependency-name: '*'}}]\n", ""),
        ],
    )
    def test_dependabot(self, text: str, expected: str) -> None:
        """
        An entry that ignores every dependency proposes nothing.
        """
        assert expected == said(text, ".github/dependabot.yml", "npm")
        assert "" == said(text, "conf/other.yml", "npm")

    @pytest.mark.parametrize(
        ("path", "text", "expected"),
        [
            ("application.yml", "spring:\n  config:\n    activate:\n      on-profile: dev\nhere: 1\n", DEV),
            ("application.yml", "spring:\n  profiles: dev\nhere: 1\n", DEV),
            ("application.yml", "spring.config.activate.on-profile: dev\nhere: 1\n", DEV),
            ("application.yml", "spring:\n  config:\n    activate:\n      on-profile: prod\nhere: 1\n", ""),
            ("application.yml", "spring:\n  profiles:\n    active: dev\nhere: 1\n", ""),
            ("application.yml", "a: 1\n---\nspring:\n  profiles: dev\n---\nhere: 1\n", ""),
            ("application.properties", "spring.config.activate.on-profile=dev\nhere=1\n", DEV),
            ("application.properties", "spring.profiles: dev\nhere=1\n", DEV),
            ("application.properties", "a=1\n#---\nspring.config.activate.on-profile = dev\n#---\nhere=1\n", ""),
            ("application.properties", "here=1\n!---\nspring.config.activate.on-profile = dev\n", ""),
            ("application.properties", "spring.profiles.active=dev\nhere=1\n", ""),
            ("application.properties", "# here\n", "is commented out"),
        ],
    )
    def test_springs_profiles(self, path: str, text: str, expected: str) -> None:
        """
        A document of settings is void where only another stage activates it.
        """
        assert expected == said(text, f"src/main/resources/{path}")

    @pytest.mark.parametrize(
        ("text", "expected"),
        [("dev", False), ("dev, test", False), ("dev, prod", True), ("!prod", True), ("dev & x", True), ("", True)],
    )
    def test_several_profiles(self, text: str, expected: bool) -> None:
        """
        One of them that may be production's is enough; what is said of their relation is not followed.
        """
        assert expected is bool(of_profiles(text))

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("FROM a\nRUN here\n", ""),
            ("FROM a AS x\nRUN here\nFROM b\n", STAGE),
            ("FROM a AS x\nRUN here\nFROM x\n", ""),
            ("FROM a AS X\nRUN here\nFROM b\nCOPY --from=x /a /a\n", ""),
            ("FROM a\nRUN here\nFROM b\nCOPY --from=0 /a /a\n", ""),
            ("FROM a\nRUN here\nFROM b\nCOPY --from=1 /a /a\n", STAGE),
            ("FROM a AS x\nRUN here\nFROM b AS y\nCOPY --from=x a a\nFROM y\n", ""),
            ("FROM a AS x\nRUN here\nFROM b AS y\nCOPY --from=x a a\nFROM c\n", STAGE),
            ("FROM a AS x\nRUN here\nFROM b\nRUN --mount=type=bind,from=x,target=/a b\n", ""),
            ("FROM --platform=$BUILDPLATFORM a AS x\nRUN here\nFROM x\n", ""),
            ("FROM a AS x\nFROM b\nRUN here\n", ""),
            ("ARG A=x\nFROM a AS x\nRUN here\nFROM $A\n", ""),
        ],
    )
    def test_stages_of_an_image(self, text: str, expected: str) -> None:
        """
        A stage counts where the last one takes something from it, by others or directly.
        """
        assert expected == said(text, "Dockerfile")

    def test_a_stage_may_be_asked_for(self) -> None:
        """
        Another file that says the name of a stage may build it.
        """
        judge = judge_of_settings(b"FROM a AS web\nRUN b\nFROM c\n", "Dockerfile")

        assert judge is not None
        assert "web" == judge.judge(0, 1).unless

    def test_settings_beside_workflows(self) -> None:
        """
        What has no jobs is for something that a workflow runs.
        """
        assert "" == said("here: 1\n", ".github/workflows/kind/cluster.yml")

    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            (".github/workflows/off/ci.yml", "lies where GitHub looks for no workflow"),
            (".github/workflows/ci.yml.txt", "lies where GitHub looks for no workflow"),
            (".github/workflows/ci.yaml", ""),
            (".github/workflows/ui/Dockerfile", ""),
            (".github/dependabot.yml", ""),
        ],
    )
    def test_beside_workflows(self, path: str, expected: str) -> None:
        """
        GitHub takes files for workflows that lie in their folder itself.
        """
        assert expected == said("permissions: here\njobs: {}\n", path)


class TestProse:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("# Privacy\n\nWrite here.\n", ""),
            ("# Privacy\n\nStatus: superseded\n\nWrite here.\n", "it says 'Status: superseded'"),
            ("Status: superseded\n\n# Privacy\n\nWrite here.\n", "it says 'Status: superseded'"),
            ("# A\n\n## B\n\nThis section is obsolete.\n\nWrite here.\n", "it says 'This section is obsolete'"),
            (
                "# A\n\n## B\n\nThis section is obsolete.\n\n### C\n\nWrite here.\n",
                "it says 'This section is obsolete'",
            ),
            ("# A\n\n## B\n\nThis section is obsolete.\n\n## C\n\nWrite here.\n", ""),
            ("# A\n\n## B (withdrawn)\n\nWrite here.\n", "its heading says 'withdrawn'"),
            ("# A\n\nWrite here.\n\n## B\n\nx\n\nNone of this is done.\n", "it says 'None of this is'"),
            ("# A\n\n~~Write here.~~ Or there.\n", "is commented out"),
            ("# A\n\n~~Or then.~~ Write here.\n", ""),
            ("# A\n\n<!-- Write here. -->\n", "is commented out"),
            ("# A\n\n<!-- Write\n here. -->\n", "is commented out"),
            ("# A\n\n<!-- Write\n -->\n here.\n", ""),
            ("# A\n\n<!-- Write here.\n", "is commented out"),
            ("# A\n\n```\nWrite here.\n```\n", "stands in a block of code"),
            ("# A\n\n```\nWrite.\n```\n\nWrite here.\n", ""),
            ("# A\n\n~~~\nWrite here.\n", "stands in a block of code"),
            ("# A\n\n- [ ] Write here.\n- Tell.\n", "is a box that nobody has ticked"),
            ("# A\n\n- [ ] Write\n  here.\n- Tell.\n- Ask.\n", "is a box that nobody has ticked"),
            ("# A\n\n- [x] Write here.\n- [ ] Tell.\n", ""),
            ("# A\n\n- [ ] Tell.\n\nWrite here.\n", ""),
            ("= A\n\n== B (obsolete)\n\nWrite here.\n", "its heading says 'obsolete'"),
        ],
    )
    def test_a_line(self, text: str, expected: str) -> None:
        """
        A line of a document counts while the document, its section and the line itself hold.
        """
        assert expected == said(text, "docs/privacy.md")
