"""Labelled things are read where they lie, and what is malformed is told with its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.accuracy.laid import a_case, a_release, write
from tools.accuracy.filling import filled
from tools.accuracy.labels import Fault
from tools.accuracy.reading import NotLabelled, read


class TestFilled:
    @pytest.mark.parametrize(
        ("hole", "value"),
        [
            ("<<alnum 32>>", r"[A-Za-z0-9]{32}"),
            ("<<hex 40>>", r"[0-9a-f]{40}"),
            ("<<base64 40>>", r"[A-Za-z0-9+/]{40}"),
            ("<<upper 16>>", r"[A-Z0-9]{16}"),
            ("<<digits 8>>", r"[0-9]{8}"),
            ("<<lower 12>>", r"[a-z]{12}"),
            ("<<letters 12>>", r"<<letters 12>>"),
            ("<<hex 12>", r"<<hex 12>"),
        ],
    )
    def test_has_the_form(self, hole: str, value: str) -> None:
        """
        A hole takes a value of its alphabet and length; whatever else begins like one stays.
        """
        assert re.fullmatch(f'KEY = "{value}" # <<', filled(f'KEY = "{hole}" # <<', "a case"))

    def test_is_the_same_every_time(self) -> None:
        """
        One seed gives one text, another seed another, and two holes of one text two values.
        """
        text = "<<alnum 32>> <<alnum 32>>"

        assert filled(text, "a") == filled(text, "a")
        assert filled(text, "a") != filled(text, "b")
        assert 2 == len(set(filled(text, "a").split()))


class TestCases:
    def test_are_those_of_every_list(self, tmp_path: Path) -> None:
        """
        Each list of a folder is read, and no other YAML; each case knows its files.
        """
        write(tmp_path / "SEC" / "SEC-2.2.1.yaml", [a_case("a/one"), a_case("b/two", kind="typed")])
        write(tmp_path / "more.yml", [a_case("c/three")])
        write(tmp_path / "values.yaml", {"replicas": 2})
        write(tmp_path / "empty.yaml", [])
        write(tmp_path / ".hidden" / "x.yaml", [a_case("d")])
        found = read(tmp_path).cases

        assert [("a/one", "a"), ("b/two", "typed"), ("c/three", "c")] == [(c.name, c.case.group) for c in found]
        assert re.fullmatch(r'API_TOKEN = "\w{32}"\n', str(found[0].files["shop/mail.py"]))
        assert found[0].files != found[1].files

    def test_words_are_words(self, tmp_path: Path) -> None:
        """
        ``on``, ``no`` and a day are what stands there, as their authors write them without quotes.
        """
        (tmp_path / "a.yaml").write_text(
            "- case: no\n  criterion: SEC-2.2.1\n  expected: not pass\n  files: {a.py: yes}\n"
            "  labelled: {by: a reader, on: 2026-11-30}\n"
        )
        found = read(tmp_path / "a.yaml").cases[0]

        assert ("no", {"a.py": "yes"}) == (found.name, found.files)
        assert found.case.labelled is not None
        assert "2026-11-30" == found.case.labelled.on

    def test_share_what_is_said_of_all(self, tmp_path: Path) -> None:
        """
        Who labelled them stands once above the cases of a file; a case may say otherwise.
        """
        other = {"by": "another", "on": "2026-11-29"}
        body = {
            "labelled": {"by": "a reader", "on": "2026-11-30"},
            "note": "few",
            "cases": [a_case("a"), a_case("b", labelled=other)],
        }
        write(tmp_path / "a.yaml", body)

        assert ["a reader", "another"] == [c.case.labelled.by for c in read(tmp_path).cases if c.case.labelled]

    def test_of_one_name_are_numbered(self, tmp_path: Path) -> None:
        """
        No case hides another of the same name.
        """
        write(tmp_path / "a.yaml", [a_case("x"), a_case("x"), a_case("x")])

        assert ["x", "x (2)", "x (3)"] == [case.name for case in read(tmp_path).cases]

    def test_lie_in_folders(self, tmp_path: Path) -> None:
        """
        A path names a folder or a file beside the list, which is read in place; what is written there is added.
        """
        (tmp_path / "rules" / "bad" / "infra").mkdir(parents=True)
        (tmp_path / "rules" / "bad" / "infra" / "main.tf").write_text("# one\n")
        (tmp_path / "rules" / "bad" / "a.bin").write_bytes(b"\xff\x00")
        (tmp_path / "rules" / "Dockerfile").write_text("FROM scratch\n")
        folder = a_case("a", path="rules/bad", files={"b.py": "x"})
        write(tmp_path / "cases.yaml", [folder, a_case("b", path="rules/Dockerfile", files={})])
        whole, single = read(tmp_path).cases

        assert {"infra/main.tf": "# one\n", "a.bin": b"\xff\x00", "b.py": "x"} == whole.files
        assert {"Dockerfile": "FROM scratch\n"} == single.files

    @pytest.mark.parametrize(
        ("body", "said"),
        [
            ([a_case(expected="perhaps")], r"a\.yaml: case 'pinned/base image' expected: Input should be"),
            ([a_case(files={})], r"case 'pinned/base image' : .*has no files"),
            ([a_case(wrong=1)], r"wrong: Extra inputs"),
        ],
    )
    def test_says_where_it_is_malformed(self, tmp_path: Path, body: object, said: str) -> None:
        """
        The file, the case and the field are named.
        """
        write(tmp_path / "a.yaml", body)

        with pytest.raises(NotLabelled, match=said):
            read(tmp_path)

    @pytest.mark.parametrize(("text", "said"), [("- case: [", "a.yaml: "), (None, "is not there")])
    def test_says_what_is_no_list(self, tmp_path: Path, text: str | None, said: str) -> None:
        """
        What is no YAML, or not there, is told with its place.
        """
        if text is not None:
            (tmp_path / "a.yaml").write_text(text)

        with pytest.raises(NotLabelled, match=said):
            read(tmp_path / "a.yaml")

    def test_says_which_path_is_not_there(self, tmp_path: Path) -> None:
        """
        A path that leads nowhere is no empty tree.
        """
        write(tmp_path / "a.yaml", [a_case(path="gone")])

        with pytest.raises(NotLabelled, match="names gone, which is not there"):
            _ = read(tmp_path).cases[0].files


class TestReleases:
    def test_are_folders_with_labels(self, tmp_path: Path) -> None:
        """
        A release is read with its labels and faults, and its tree holds no cases, whatever lies in it.
        """
        folder = a_release(tmp_path, SEC_2_2_1="shown", INF_1_1_1="broken")
        write(folder / "tree" / "fixtures" / "cases.yaml", [a_case()])
        write(folder / "faults" / "1.yaml", {"criterion": "SEC-2.2.1", "what": "a token", "files": {"a.py": "x"}})
        found = read(tmp_path)
        release = found.releases[0]

        assert () == found.cases
        assert ("small-shop", {"SEC-2.2.1": "shown", "INF-1.1.1": "broken"}) == (
            release.name,
            {criterion: label.label for criterion, label in release.labels.labels.items()},
        )
        assert ["small-shop/1"] == [fault.name for fault in found.faults]
        assert {**release.files, "a.py": "x"} == found.faults[0].files
        assert "shop/app.py" in release.files

    def test_have_names_of_their_own(self, tmp_path: Path) -> None:
        """
        Two of one name would be one in every table.
        """
        a_release(tmp_path / "a")
        a_release(tmp_path / "b")

        with pytest.raises(NotLabelled, match="2 releases of the name 'small-shop'"):
            read(tmp_path)


class TestFault:
    TREE = {"a.py": "one\n", "b.py": "two\n"}

    @pytest.mark.parametrize(
        ("files", "left"),
        [
            ({"a.py": "three\n"}, {"a.py": "three\n", "b.py": "two\n"}),
            ({"a.py": None}, {"b.py": "two\n"}),
            ({"c.py": "new\n"}, {"a.py": "one\n", "b.py": "two\n", "c.py": "new\n"}),
        ],
    )
    def test_changes_the_tree(self, files: dict[str, str | None], left: dict[str, str]) -> None:
        """
        A file is written anew, taken away or added.
        """
        assert left == Fault(criterion="SEC-2.2.1", what="x", files=files).applied(self.TREE)

    @pytest.mark.parametrize(
        ("files", "said"), [({"z.py": None}, "no z.py"), ({"a.py": "one\n"}, "nothing is changed")]
    )
    def test_is_one(self, files: dict[str, str | None], said: str) -> None:
        """
        What takes away what is not there, or changes nothing, is no fault.
        """
        with pytest.raises(ValueError, match=said):
            Fault(criterion="SEC-2.2.1", what="x", files=files).applied(self.TREE)
