"""Which steps ask what runs whether it works, which go back where it does not, and in what order."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.evidence.facts.pipelines import CiCommand, CiStep, Fallen
from orchestrator.evidence.inforce.shell import Manner
from orchestrator.evidence.readers.ci._running import Notes, shell
from orchestrator.evidence.works.deploying import deploys, goes_back
from orchestrator.evidence.works.trying import tried_out_within, tries_out, undone_within, walked_within


def step(run: str, **about: Any) -> CiStep:
    """A step as readers tell it."""
    return shell(CiStep(run=run, line=1, **about), Manner(), Notes("ci.yml"))


ASKS = [
    ("curl -fsS https://shop.example/health", True),
    ('curl -fsS "$BASE/ready"', True),
    ('curl -fsS --retry 5 "${SITE_URL}/up"', True),
    ("curl -sS https://shop.example/health", False),
    ("code=$(curl -s -o /dev/null -w '%{http_code}' https://shop.example)\n[ \"$code\" = 200 ] || exit 1", True),
    ("code=$(curl -s -o /dev/null -w '%{http_code}' https://shop.example)\necho $code", False),
    ("curl -fsS http://localhost:8080/health", False),
    ('curl -fsS -d "{}" "$CHAT_URL"', False),
    ("pytest tests/e2e --base-url=$BASE", True),
    ("./gradlew journeys -Pbase=https://shop.example", True),
    ("BASE=https://shop.example cargo test --test journeys", True),
    ("BASE=http://localhost:80 cargo test --test journeys", False),
    ("pytest tests/unit", False),
    ("npx playwright test smoke/", False),
    ("curl -fsS https://shop.example/health || true", False),
]


@pytest.mark.parametrize(("run", "asks"), ASKS)
def test_asks(run: str, asks: bool) -> None:
    """
    A step tries out what runs if something in it asks an address, and fails with the answer.
    """
    assert asks == tries_out(step(run))


@pytest.mark.parametrize(("run", "asks"), [("npx playwright test smoke/", True), ("npm test", False)])
def test_told_by_its_environment(run: str, asks: bool) -> None:
    """
    Tests from end to end ask the address that the step's variables name.
    """
    assert asks == tries_out(step(run, addresses=("BASE_URL",)))


@pytest.mark.parametrize(
    ("run", "within"),
    [
        ("kamal deploy\ncurl -fsS $BASE/up", True),
        ("curl -fsS $BASE/up\nkamal deploy", False),
        ("curl -fsS $BASE/up", False),
        ("kamal deploy\ncurl -fsS $BASE/up || true", False),
    ],
)
def test_after_its_own_deployment(run: str, within: bool) -> None:
    """
    What a step has put into service is tried out by what stands behind.
    """
    assert within == (tried_out_within(step(run)) is not None)


@pytest.mark.parametrize(
    ("run", "walked"),
    [
        ("sam deploy\nBASE=$1 pytest tests/e2e", True),
        ("sam deploy\ncurl -fsS $BASE/up", False),
        ("pytest tests/e2e\nsam deploy", False),
        ("sam deploy\npytest tests/e2e || true", False),
        ("pytest tests/e2e", False),
    ],
)
def test_walked(run: str, walked: bool) -> None:
    """
    Journeys are walked behind the deployment, with heed.
    """
    assert walked == (walked_within(step(run)) is not None)


UNDONE = [
    ("curl -fsS $BASE/up || kamal rollback $BEFORE", True),
    ("if ! curl -fsS $BASE/up; then nomad job revert shop 3; exit 1; fi", True),
    ('if ! curl -fsS $BASE/up; then wrangler versions deploy -y "$old@100%"; exit 1; fi', True),
    ('if ! curl -fsS $BASE/up; then wrangler versions deploy -y "$new@100%"; exit 1; fi', False),
    ("if ! npm run lint; then kamal rollback $BEFORE; exit 1; fi\ncurl -fsS $BASE/up", False),
    ("curl -fsS $BASE/up && kamal rollback $BEFORE", False),
    ("curl -fsS $BASE/up || echo kamal rollback", False),
]


@pytest.mark.parametrize(("run", "undone"), UNDONE)
def test_undone(run: str, undone: bool) -> None:
    """
    A step goes back for what it tries out if the way back stands where that has failed.
    """
    assert undone == (undone_within(step(run)) is not None)


@pytest.mark.parametrize(
    ("told", "deployed", "back"),
    [
        (CiCommand(text="flyctl deploy --image $x"), True, False),
        (CiCommand(text="flyctl deploy --image $x", path="ops/back"), False, True),
        (CiCommand(text="flyctl deploy --image $x", path="ops/feedback"), True, False),
        (CiCommand(text="flyctl deploy --image $before", instead=Fallen(first=1, last=1)), False, True),
        (CiCommand(text="flyctl deploy --image $next", instead=Fallen(first=1, last=1)), False, False),
        (CiCommand(text="./rollback.sh", calls="absent"), False, False),
        (CiCommand(text="mix ecto.rollback --all"), False, False),
    ],
)
def test_forward_and_back(told: CiCommand, deployed: bool, back: bool) -> None:
    """
    The same command brings a version forward or back, by where it stands and what it names.
    """
    made = CiStep(commands_told=(told,))

    assert (deployed, back) == (deploys(made), goes_back(made))


@pytest.mark.parametrize(
    ("run", "deployed"),
    [
        ("kustomize edit set image shop=$IMAGE\ngit commit -am next\ngit push", True),
        ("kustomize edit set image shop=$IMAGE", False),
        ("git push\nkustomize edit set image shop=$IMAGE", False),
        ("git commit -am next\ngit push", False),
    ],
)
def test_handed_over(run: str, deployed: bool) -> None:
    """
    A version that is written into a repository and pushed is in the hands of who follows that.
    """
    assert deployed == deploys(step(run))
