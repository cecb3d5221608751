"""Own labelled set: every file that is written is one that a run can rely on."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from orchestrator.catalogue.loader import catalogue

HERE = Path(__file__).parent / "cases"
FILES = sorted(HERE.glob("*/*.yaml"))
CASES = {path: yaml.safe_load(path.read_text()) for path in FILES}
ALLOWED = {
    "clean": {"pass"},
    "flagged": {"fail"},
    "unknown": {"unknown"},
    "masking": {"fail", "not pass"},
}
LEAST = {"clean": 3, "flagged": 3, "unknown": 2}


def cases():
    return [case for document in CASES.values() for case in document["cases"]]


class TestTheOwnSet:
    @pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
    def test_a_file_says_who_labelled_and_when(self, path):
        """
        Each file carries its labels' origin and speaks of one criterion of the catalogue, the one that names it.
        """
        document = CASES[path]

        assert {"by", "on"} == set(document["labelled"])
        assert path.stem in catalogue().criteria
        assert path.parent.name == path.stem.split("-")[0]
        assert {path.stem} == {case["criterion"] for case in document["cases"]}

    @pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
    def test_a_case_is_whole(self, path):
        """
        Each case has a kind that agrees with its answer, a sentence of reason and files that stay inside the tree.
        """
        for case in CASES[path]["cases"]:
            assert case["expected"] in ALLOWED[case["kind"]], case["case"]
            assert case["case"].startswith(f"{path.stem} "), case["case"]
            assert case["why"].endswith("."), case["case"]
            assert len(case["files"]) > 1, case["case"]
            outside = [name for name in case["files"] if name.startswith("/") or ".." in Path(name).parts]
            assert [] == outside, case["case"]
            assert all(isinstance(text, str) for text in case["files"].values()), case["case"]

    @pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
    def test_every_criterion_has_enough_of_each_kind(self, path):
        """
        Three clean, three flagged and two unknown cases; fewer only where the file's note says why.
        """
        document = CASES[path]
        kinds = Counter(case["kind"] for case in document["cases"])
        lacking = {kind for kind, least in LEAST.items() if kinds[kind] < least}

        assert not lacking or document.get("note"), f"{path.stem} lacks {sorted(lacking)}"

    @pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
    def test_every_clean_case_has_its_masking_twin(self, path):
        """
        A twin is the same tree with a part that does not hold: it names a clean case and differs from it.
        """
        by_name = {case["case"]: case for case in CASES[path]["cases"]}
        twins = {case["twin"]: case for case in by_name.values() if case["kind"] == "masking"}

        assert {case["case"] for case in by_name.values() if case["kind"] == "clean"} == set(twins)
        assert [] == [twin["case"] for name, twin in twins.items() if twin["files"] == by_name[name]["files"]]

    def test_names_are_unique(self):
        """
        A case is cited by its name alone.
        """
        names = Counter(case["case"] for case in cases())

        assert [] == [name for name, count in names.items() if count > 1]

    def test_a_third_expects_a_pass(self):
        """
        A judge that never passes anything must not do well on this set. A twin belongs to the case that it breaks.
        """
        expected = Counter(case["expected"] for case in cases() if case["kind"] != "masking")

        assert expected["pass"] * 3 >= expected.total()
