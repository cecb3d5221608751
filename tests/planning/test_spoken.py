"""Where words stand: who signed the commit that brought them, what is handed in with them, who changed what."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from orchestrator.catalogue.loader import catalogue
from orchestrator.domain.person import Word
from orchestrator.domain.said import SaidWord
from orchestrator.errors import ConfigError
from orchestrator.evidence.git import Git
from orchestrator.identities import Known, People, Person
from orchestrator.planning.organisation import Organisation, organisation
from orchestrator.planning.words import changed, proof, signers
from tests.identities.keys import key
from tests.repositories import git, repository, write
from tests.rules.test_words import TODAY

FILE = "readiness.yaml"
ENTRY = "attestations:\n  - criterion: CMP-8.1.8\n    who: dana\n    seen: Counsel read the page.\n"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def known(keys: Path) -> Known:
    people = {name: Person(addresses=(f"{name}@shop.example",), keys=(key(keys, name),)) for name in ("dana", "rui")}
    return Known(People(people=people))


def commit(shop: Path, files: dict[str, str], author: str = "ann@example.com", signed: Path | None = None) -> str:
    """A commit of *files*, signed by the private key in *signed*."""
    write(shop, files)
    git(shop, "add", "--all")
    how = ["-c", f"user.email={author}", "-c", "user.name=x"]
    if signed is not None:
        how += ["-c", "gpg.format=ssh", "-c", f"user.signingKey={signed}", "-c", "commit.gpgSign=true"]
    words = ["commit", "-q", "--allow-empty", "-m", "more", f"--author=x <{author}>"]
    git(shop, *how, *words)
    return git(shop, "rev-parse", "HEAD")


class TestSigners:
    def who(self, shop: Path, known: Known, first: int = 2, last: int = 0) -> str:
        data = (shop / FILE).read_bytes()
        return signers(Git(shop), git(shop, "rev-parse", "HEAD"), FILE, data, known)(first, last).person

    def test_signed(self, tmp_path, keys, known):
        """
        The lines of an entry come from a commit that a person whom the policy knows has signed.
        """
        shop = repository(tmp_path / "shop", {"app.py": "pass\n"})
        commit(shop, {FILE: ENTRY}, signed=keys / "dana")

        assert "dana" == self.who(shop, known)

    def test_touched_since(self, tmp_path, keys, known):
        """
        A line of it that anybody changed since is nobody's any more; what others wrote elsewhere does not matter.
        """
        shop = repository(tmp_path / "shop", {"app.py": "pass\n"})
        commit(shop, {FILE: ENTRY + "# end\n"}, signed=keys / "dana")
        commit(shop, {FILE: "version: 1\n" + ENTRY + "# end\n"})

        assert "dana" == self.who(shop, known, 3, 5)
        commit(shop, {FILE: "version: 1\n" + ENTRY.replace("page.", "page twice.") + "# end\n"})
        assert "" == self.who(shop, known, 3, 5)
        commit(shop, {FILE: "version: 1\n" + ENTRY + "# end\n"}, signed=keys / "rui")
        assert "" == self.who(shop, known, 3, 5)

    @pytest.mark.parametrize("how", ["unsigned", "stranger"])
    def test_by_nobody(self, tmp_path, keys, known, how):
        """
        A commit that nobody signed, or somebody whom the policy does not know, shows nothing.
        """
        shop = repository(tmp_path / "shop", {"app.py": "pass\n"})
        if how == "stranger":
            key(tmp_path, "mallory")
        commit(shop, {FILE: ENTRY}, "dana@shop.example", tmp_path / "mallory" if how == "stranger" else None)

        assert "" == self.who(shop, known)

    def test_a_signature_of_another_commit(self, tmp_path, keys, known):
        """
        A signature that was cut from one commit and put into another is of something else.
        """
        shop = repository(tmp_path / "shop", {"app.py": "pass\n"})
        name = commit(shop, {FILE: ENTRY}, signed=keys / "dana")
        body = Git(shop).run("cat-file", "commit", name).stdout.replace(b"\n\nmore", b"\n\nless")
        forged = git(shop, "hash-object", "-t", "commit", "-w", "--stdin", text=body)
        git(shop, "reset", "-q", "--hard", forged)

        assert "" == self.who(shop, known)

    @pytest.mark.parametrize("text", ["a: &x 1\n", "b: [*x]\n", "<<: *x\n"])
    def test_an_entry_that_stands_for_another(self, tmp_path, keys, known, text):
        """
        Where an entry can stand for lines elsewhere, who signed its own lines shows nothing.
        """
        shop = repository(tmp_path / "shop", {"app.py": "pass\n"})
        commit(shop, {FILE: ENTRY + text}, signed=keys / "dana")

        assert "" == self.who(shop, known)


class TestProof:
    """What is handed in with a word."""

    def fault(self, folder: Path, shop: Path, name: str, sha256: str) -> str:
        return proof(folder, shop, Git(shop))(SaidWord(criterion="X-1", file=name, sha256=sha256))

    def test_its_bytes(self, tmp_path):
        """
        It is the file that was seen, byte for byte, beside the file that the word stands in.
        """
        shop = repository(tmp_path / "shop", {"drill.pdf": "drill"})
        (tmp_path / "drill.pdf").write_text("drill")
        right = hashlib.sha256(b"drill").hexdigest()

        assert "" == self.fault(tmp_path, shop, "drill.pdf", right)
        assert "" == self.fault(tmp_path, shop, "drill.pdf", right.upper())
        assert "not the file with that digest" in self.fault(tmp_path, shop, "drill.pdf", "")
        assert "cannot be read" in self.fault(tmp_path, shop, "nothing.pdf", right)
        assert "cannot be read" in self.fault(tmp_path, shop, ".", right)

    def test_nothing_of_the_tree(self, tmp_path):
        """
        The reviewed tree cannot vouch for itself, whichever way its file is named.
        """
        shop = repository(tmp_path / "shop", {"drill.pdf": "drill"})
        (tmp_path / "way").symlink_to(shop)
        right = hashlib.sha256(b"drill").hexdigest()

        for name in ("shop/drill.pdf", "way/drill.pdf", str(shop / "drill.pdf")):
            assert "reviewed repository" in self.fault(tmp_path, shop, name, right)


class TestChanged:
    def said(self, person: str, criterion: str = "OBS-4.3.4") -> Word:
        return Word(
            kind="attestation",
            criterion=criterion,
            person=person,
            proof="key",
            said="s",
            on=TODAY,
            until=TODAY,
            where="",
        )

    def test_since_the_base(self, tmp_path, known):
        """
        Of those who speak of critical criteria it is told which files they changed since the base, by any address.
        """
        shop = repository(tmp_path / "shop", {"app.py": "pass\n"})
        base = commit(shop, {"old.md": "1\n"}, "dana@shop.example")
        commit(shop, {"ops/röta.md": "1\n"}, "Dana@shop.example")
        commit(shop, {"other.md": "1\n"}, "rui@shop.example")
        head = commit(shop, {"third.md": "1\n"}, "mallory@elsewhere.example")
        said = [self.said("dana"), self.said("rui", "CMP-8.1.8")]

        def told(start: str) -> dict[str, tuple[str, ...]]:
            return changed(Git(shop), start, head, said, catalogue(), known)

        assert {"dana": ("ops/röta.md",)} == told(base)
        assert {"dana": ("old.md", "ops/röta.md")} == told("")
        assert {} == changed(Git(shop), "", head, [self.said("rui", "CMP-8.1.8")], catalogue(), known)
        assert {} == changed(None, "", "", said, catalogue(), known)

    def test_in_a_merge(self, tmp_path, known):
        """
        What he brought in by a merge is his change as well.
        """
        shop = repository(tmp_path / "shop", {"app.py": "pass\n"})
        git(shop, "checkout", "-q", "-b", "side")
        commit(shop, {"side.md": "1\n"}, "mallory@elsewhere.example")
        git(shop, "checkout", "-q", "main")
        commit(shop, {"main.md": "1\n"}, "mallory@elsewhere.example")
        git(shop, "-c", "user.email=dana@shop.example", "merge", "-q", "--no-ff", "-m", "m", "side")
        git(shop, "commit", "-q", "--amend", "--no-edit", "--author=x <dana@shop.example>")
        head = git(shop, "rev-parse", "HEAD")

        assert "side.md" in changed(Git(shop), "", head, [self.said("dana")], catalogue(), known)["dana"]


class TestOrganisation:
    """What holds for every review of a user."""

    def file(self, home: Path, text: str) -> dict[str, str]:
        folder = home / ".config" / "gonogo"
        folder.mkdir(parents=True)
        (folder / "config.yaml").write_text(text)
        return {"HOME": str(home)}

    def test_nothing(self, tmp_path):
        """
        Without a configuration nothing holds.
        """
        assert Organisation() == organisation({"HOME": str(tmp_path)}) == organisation({})

    def test_own_configuration(self, tmp_path):
        """
        Paths lie beside the configuration; the name of a policy that ships is one.
        """
        found = organisation(self.file(tmp_path, "policy: org.yaml\nwords: [a.yaml, /b/c.yaml]\n"))
        folder = tmp_path / ".config" / "gonogo"

        assert str(folder / "org.yaml") == found.policy
        assert (str(folder / "a.yaml"), "/b/c.yaml") == found.words
        assert "small-team" == organisation(self.file(tmp_path / "other", "policy: small-team\n")).policy

    def test_the_environment_outweighs_it(self, tmp_path):
        """
        What the environment says is used instead.
        """
        home = self.file(tmp_path, "policy: org.yaml\nwords: [a.yaml]\n")
        said = {"GONOGO_POLICY": "p.yaml", "GONOGO_WORDS": f"x.yaml{os.pathsep}y.yaml"}

        assert Organisation(policy="p.yaml", words=("x.yaml", "y.yaml")) == organisation({**home, **said})

    def test_a_mistake(self, tmp_path):
        """
        A mistake in it is told with its place.
        """
        with pytest.raises(ConfigError) as caught:
            organisation(self.file(tmp_path, "polcy: x\n"))

        assert "unknown key 'polcy'" in caught.value.what
        assert "config.yaml:1" in caught.value.where
