"""What the readers of Dockerfiles and compose files make of odd and malformed files."""

from __future__ import annotations

import time

from orchestrator.contract.testing import facts_of
from orchestrator.evidence.facts.containers import Compose, Dockerfile, Dockerfiles


def read(text: str, name: str = "Dockerfile") -> Dockerfiles:
    fact = facts_of({name: text})[Dockerfiles]
    assert isinstance(fact, Dockerfiles)
    return fact


def only(text: str) -> Dockerfile:
    return read(text).files[0]


class TestDockerfiles:
    def test_stages_and_lines(self):
        """
        Each FROM begins a stage; the last one is the image.
        """
        file = only("ARG V=1\nFROM a AS build\nRUN make\n\n# last\nfrom b\nCOPY --from=build /x /x\nUSER 10\n")

        assert [("ARG", 0), ("FROM", 0), ("RUN", 0), ("FROM", 1), ("COPY", 1), ("USER", 1)] == [
            (i.keyword, i.stage) for i in file.instructions
        ]
        assert ["FROM", "COPY", "USER"] == [i.keyword for i in file.last_stage]
        assert 6 == file.last_stage[0].line

    def test_continued_lines(self):
        """
        Comments and empty lines inside a continued instruction are none of it; Windows line ends do not matter.
        """
        file = only("FROM a\r\nRUN one \\\r\n  # no\r\n\r\n  && two \\  \r\n  && three\r\nUSER x\r\n")

        assert ["a", "one && two && three", "x"] == [i.value for i in file.instructions]
        assert [1, 2, 7] == [i.line for i in file.instructions]

    def test_escape_directive(self):
        """
        The escape directive changes what continues a line; a backslash is then just a backslash.
        """
        file = only("# escape=`\nFROM a\nRUN dir `\n  C:\\\nCOPY x C:\\\n")

        assert ["a", "dir C:\\", "x C:\\"] == [i.value for i in file.instructions]

    def test_heredocs(self):
        """
        The lines of a heredoc are not instructions; ``<<`` that nothing closes is not a heredoc.
        """
        file = only(
            "FROM a\nRUN <<EOF\nFROM nothing\n  apt-get update\nEOF\nCOPY <<-'A' <<B /x/\none\n\tA\ntwo\nB\n"
            "RUN cat <<<word\nRUN echo $((1<<N))\nUSER x\n"
        )

        assert [
            "a",
            "<<EOF FROM nothing; apt-get update",
            "<<-'A' <<B /x/ one; two",
            "cat <<<word",
            "echo $((1<<N))",
            "x",
        ] == [i.value for i in file.instructions]

    def test_onbuild(self):
        """
        ONBUILD keeps the instruction that it postpones as its value.
        """
        assert ("ONBUILD", "USER root") == (only("FROM a\nONBUILD USER root").instructions[1].keyword, "USER root")

    def test_malformed_is_a_problem(self):
        """
        A word that is not an instruction, and a file without FROM, are said with their line.
        """
        assert 2 == read("FROM a\nRUNN x\n").problems[0].line
        assert "without FROM" in read("RUN x\n").problems[0].reason
        assert read("\\\n\\\n").problems
        assert read("FROM a\nRUN x \\").files

    def test_names(self):
        """
        Suffixes and prefixes are known; templates, notes and development containers are not Dockerfiles.
        """
        files = dict.fromkeys(("Dockerfile.prod", "web.Dockerfile", "Containerfile"), "FROM a\n")
        others = dict.fromkeys(("Dockerfile.md", "Dockerfile.j2", ".devcontainer/Dockerfile"), "x\n")
        fact = facts_of({**files, **others})[Dockerfiles]

        assert isinstance(fact, Dockerfiles)
        assert ["Containerfile", "Dockerfile.prod", "web.Dockerfile"] == [f.path for f in fact.files]
        assert () == fact.problems

    def test_hostile_files_stay_linear(self):
        """
        A hundred thousand heredocs and one endless line take no time.
        """
        started = time.process_time()
        for text in ("RUN <<X\n" * 200_000, "X\nRUN <<X\n" * 1, "RUN a\\\n" * 300_000, "RUN " + "<<A" * 500_000):
            read("FROM a\n" + text)

        assert time.process_time() - started < 10


class TestCompose:
    def test_services(self):
        """
        A compose file is a document with services; each entry knows its line.
        """
        fact = facts_of({"docker-compose.yml": "services:\n  web:\n    image: a\n"})[Compose]

        assert isinstance(fact, Compose)
        assert "a" == fact.files[0].get("services", "web", "image")
        assert 3 == fact.files[0].at("services", "web", "image").line

    def test_odd_files(self):
        """
        What has no services is none; what is malformed is a problem; compose files of tests are left out.
        """
        fact = facts_of(
            {
                "compose.yaml": "- a\n",
                "compose.b.yaml": "services: [\n",
                "docker-compose.test.yml": "services: {a: {}}\n",
            }
        )[Compose]

        assert isinstance(fact, Compose)
        assert () == fact.files
        assert ["compose.b.yaml"] == [p.path for p in fact.problems]
