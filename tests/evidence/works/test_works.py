"""What steps do: one answer each, for whoever asks."""

from __future__ import annotations

import pytest

from orchestrator.evidence.facts.pipelines import CiCommand, CiJob, CiStep, Pipeline, Pipelines
from orchestrator.evidence.works.building import builds
from orchestrator.evidence.works.deploying import (
    deployments,
    deploys,
    goes_back,
    names_deployment,
    publishes_documents,
    throws_away,
)
from orchestrator.evidence.works.opaque import is_opaque, is_opaque_action
from orchestrator.evidence.works.publishing import publishes
from orchestrator.evidence.works.testing import tests as runs_tests
from orchestrator.evidence.works.trying import tries_out
from orchestrator.evidence.works.work import work_of


def step(*commands: str, uses: str = "", name: str = "", after_failure: bool = False, heeded: bool = True) -> CiStep:
    told = tuple(CiCommand(text=text, line=n) for n, text in enumerate(commands, 1))
    return CiStep(name=name, uses=uses, line=1, commands_told=told, after_failure=after_failure, heeded=heeded)


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("kubectl apply -f k8s", True),
        ("sudo kubectl -n shop apply -f k8s", True),
        ("KUBECONFIG=x kubectl apply -f k8s", True),
        ("kubectl config use-context shop", False),
        ("kubectl delete -f k8s", False),
        ("kubectl describe deployment web", False),
        ("helm upgrade --install shop ./chart", True),
        ("helm upgrade --install cert-manager jetstack/cert-manager", False),
        ("helm list", False),
        ("grep 'x' helm upgrade", False),
        ("git commit -m 'kubectl apply'", False),
        ("git push heroku main", True),
        ("gh pr comment --body kubectl apply", False),
        ("aws s3 sync dist s3://shop --delete", True),
        ("fastlane release", True),
        ("fastlane ios release", True),
        ("fastlane test", False),
        ("fastlane ios tests", False),
        ("./kubectl-apply", False),
    ],
)
def test_deploys(command: str, answer: bool) -> None:
    """
    Words of a command put something into service, or only look like it.
    """
    assert answer == names_deployment(CiCommand(text=command).plain.removeprefix("sudo ").removeprefix("KUBECONFIG=x "))
    assert answer == deploys(step(command))


class TestDeployments:
    def test_which(self) -> None:
        """
        Steps that deploy, by command or action, but not after a failure and not into what is thrown away.
        """
        jobs = (
            CiJob(id="live", steps=(step("make"), step("kubectl apply -f k8s"))),
            CiJob(id="pages", steps=(step(uses="actions/deploy-pages@v4"),)),
            CiJob(id="try", steps=(step("kind create cluster"), step("kubectl apply -f k8s"))),
            CiJob(id="undo", after_failure=True, steps=(step("kubectl apply -f k8s"),)),
            CiJob(id="late", steps=(step("kubectl apply -f k8s", after_failure=True),)),
        )
        pipeline = Pipeline(path=".github/workflows/ci.yml", system="github", triggers=("push",), jobs=jobs)

        assert ["live", "pages"] == [d.job.id for d in deployments(Pipelines(files=(pipeline,)))]
        assert throws_away(step("kind create cluster"))
        assert not throws_away(step("kubectl apply"))

    @pytest.mark.parametrize(
        ("job", "file", "lower"),
        [
            ({"id": "deploy"}, "ci.yml", False),
            ({"id": "deploy", "environment": "staging"}, "ci.yml", True),
            ({"id": "deploy-qa"}, "ci.yml", True),
            ({"id": "deploy"}, "staging.yml", True),
            ({"id": "deploy", "environment": "production"}, "staging.yml", False),
            ({"id": "release-staging"}, "ci.yml", False),
            ({"id": "deploy", "stage": "uat"}, "ci.yml", True),
        ],
    )
    def test_lower(self, job: dict[str, str], file: str, lower: bool) -> None:
        """
        Names say that it is not production, unless one says that it is.
        """
        made = CiJob.model_validate({**job, "steps": (step("fly deploy"),)})
        pipeline = Pipeline(path=file, system="github", triggers=("push",), jobs=(made,))

        assert [lower] == [d.lower for d in deployments(Pipelines(files=(pipeline,)))]

    @pytest.mark.parametrize(
        ("triggers", "starts", "proposed"),
        [
            (("pull_request",), (), True),
            (("push", "pull_request"), (), False),
            (("push", "pull_request"), ("pull_request",), True),
            ((), (), False),
        ],
    )
    def test_proposed(self, triggers: tuple[str, ...], starts: tuple[str, ...], proposed: bool) -> None:
        """
        What only proposals start is told by the job, and else by its pipeline.
        """
        job = CiJob(id="a", starts=starts, steps=(step("fly deploy"),))
        pipeline = Pipeline(path="a", system="github", triggers=triggers, jobs=(job,))

        assert [proposed] == [d.proposed for d in deployments(Pipelines(files=(pipeline,)))]


@pytest.mark.parametrize(
    ("made", "answer"),
    [
        (step("npm publish"), True),
        (step("echo npm publish"), False),
        (step("aws s3 cp dist/shop.tar.gz s3://releases/shop-$VERSION.tar.gz"), True),
        (step("aws s3 cp dist/shop.tar.gz s3://releases/shop.tar.gz"), False),
        (step("aws s3 cp records.csv s3://reports/$DAY/records.csv"), False),
        (step("pip install twine upload"), False),
        (step("gradlew publish"), True),
        (step(uses="pypa/gh-action-pypi-publish@v1"), True),
        (step(uses="EnricoMi/publish-unit-test-result-action@v2"), False),
        (step(uses="NuGetCommand@2"), True),
        (step("nuget restore", uses="NuGetCommand@2"), False),
        (step("nuget push", uses="NuGetCommand@2"), True),
        (step("npm publish", after_failure=True), False),
        (step("ls"), False),
    ],
)
def test_publishes(made: CiStep, answer: bool) -> None:
    """
    A package or release is published by a command or an action that does it.
    """
    assert answer == publishes(made)


@pytest.mark.parametrize(
    ("made", "answer"),
    [
        (step("helm rollback web"), True),
        (step("ls", name="Rollback"), True),
        (step(name="Rollback"), False),
        (step("python manage.py migrate --rollback"), False),
        (step("ls"), False),
    ],
)
def test_goes_back(made: CiStep, answer: bool) -> None:
    """
    What returns to the former version says so; going back in a schema is another thing.
    """
    assert answer == goes_back(made)


@pytest.mark.parametrize(
    ("made", "answer"),
    [
        (step("curl --fail https://shop.example/health"), True),
        (step("curl https://shop.example/health"), False),
        (step("curl --fail https://hooks.slack.com/x/health"), False),
        (step("make it", name="Smoke tests"), True),
        (step(name="Smoke tests"), False),
        (step("kubectl apply -f k8s", name="Smoke tests"), False),
        (step("curl --fail https://shop.example/health", after_failure=True), False),
    ],
)
def test_tries_out(made: CiStep, answer: bool) -> None:
    """
    A step that asks what runs whether it works, by its command or by its name and some command.
    """
    assert answer == tries_out(made)


def test_tries_out_by_script() -> None:
    """
    A script that is called like it must be there, do something, and be heeded.
    """
    call = CiCommand(text="./smoke-test.sh", calls="followed")
    inside = CiCommand(text="python ask.py", path="smoke-test.sh")

    assert tries_out(CiStep(commands_told=(call, inside)))
    assert not tries_out(CiStep(commands_told=(call,)))
    assert not tries_out(CiStep(commands_told=(call, inside.model_copy(update={"text": "ls"}))))
    assert not tries_out(CiStep(commands_told=(call.model_copy(update={"calls": "absent"}),)))
    assert not tries_out(CiStep(commands_told=(call.model_copy(update={"heeded": False}), inside)))


@pytest.mark.parametrize(
    ("text", "calls", "answer"),
    [
        ("pytest", "", (True, False, False)),
        ("make test", "", (True, False, False)),
        ("make test", "unread", (True, False, False)),
        ("make test", "absent", (False, False, True)),
        ("make test", "followed", (False, False, False)),
        ("make build", "", (False, True, False)),
        ("make build", "absent", (False, False, True)),
        ("make build", "followed", (False, False, False)),
        ("./ci.sh", "unread", (False, False, True)),
        ("./ci.sh", "followed", (False, False, False)),
        ("npx eslint .", "", (False, False, False)),
        ("npm ci", "", (False, False, True)),
        ("mvn verify", "", (True, True, False)),
        ("mvn verify -DskipTests", "", (False, True, False)),
        ("docker build .", "", (False, True, True)),
        ("echo pytest", "", (False, False, False)),
        ("CI=1 xvfb-run pytest", "", (True, False, False)),
    ],
)
def test_by_name(text: str, calls: str, answer: tuple[bool, bool, bool]) -> None:
    """
    A name tells what a call does only where nothing else does, and nothing where it is not there.
    """
    command = CiCommand(text=text, calls=calls)

    assert answer == (runs_tests(command), builds(command), is_opaque(command))


def called(target: str, inside: str, path: str = "Makefile") -> list[CiCommand]:
    """A call of *target*, and the command that it comes to."""
    return [CiCommand(text=f"make {target}", line=1, calls="followed"), CiCommand(text=inside, path=path)]


class TestWork:
    @pytest.mark.parametrize(
        ("commands", "told"),
        [
            ([CiCommand(text="pytest", line=3)], (False, True, False, 3)),
            ([CiCommand(text="pytest", heeded=False)], (False, False, True, 1)),
            ([CiCommand(text="go build ./...", line=4)], (True, False, False, 4)),
            ([CiCommand(text="go build ./...", heeded=False)], (False, False, True, 1)),
            ([CiCommand(text="pip install pytest")], (False, False, False, 1)),
            (called("test", "tap x"), (False, True, False, 1)),
            (called("test", "ls"), (False, False, False, 1)),
            (called("test", "tap x", path=""), (False, False, False, 1)),
            (called("build", "zz"), (True, False, False, 1)),
            (called("build", "npx eslint"), (False, False, False, 1)),
        ],
    )
    def test_of_commands(self, commands: list[CiCommand], told: tuple[bool, bool, bool, int]) -> None:
        """
        What is heeded counts; a call by a telling name counts where what it runs does anything.
        """
        work = work_of(CiStep(line=1, commands_told=tuple(commands)))

        assert told == (work.builds, bool(work.tests), work.ignored, work.line)

    def test_others(self) -> None:
        """
        After a failure nothing counts; actions do; tests may come before a deployment in one step.
        """
        assert not work_of(step("pytest", after_failure=True)).tests
        assert {"e2e"} == work_of(step(uses="cypress-io/github-action@v6")).tests
        assert not work_of(step(uses="cypress-io/github-action@v6", heeded=False)).tests
        assert work_of(step(uses="docker/build-push-action@v6")).builds
        assert work_of(step("pytest", "fly deploy")).tests_first
        assert not work_of(step("fly deploy", "pytest")).tests_first
        assert not work_of(step("pytest")).tests_first

    @pytest.mark.parametrize(
        ("uses", "opaque"),
        [("", False), ("actions/checkout@v4", False), ("corp/build@v1", True), ("x/setup-y@v1", False)],
    )
    def test_opaque_actions(self, uses: str, opaque: bool) -> None:
        """
        Of an action that nobody knows it cannot be told what it does.
        """
        assert opaque == is_opaque_action(uses)


@pytest.mark.parametrize(
    ("paths", "title", "job", "uses", "answer"),
    [
        (("docs/**",), "", "deploy", "peaceiris/actions-gh-pages@v4", True),
        (("docs/**", "mkdocs.yml", "*.md"), "", "deploy", "amondnet/vercel-action@v25", True),
        (("docs/**", "src/**"), "", "deploy", "peaceiris/actions-gh-pages@v4", False),
        ((), "Publish docs", "deploy", "actions/deploy-pages@v4", True),
        ((), "", "docs", "actions/deploy-pages@v4", True),
        ((), "", "documentation", "amondnet/vercel-action@v25", False),
        ((), "", "pages", "actions/deploy-pages@v4", False),
        ((), "", "docs", "actions/checkout@v4", False),
        ((), "Build dockets", "deploy", "actions/deploy-pages@v4", False),
    ],
)
def test_documents(paths: tuple[str, ...], title: str, job: str, uses: str, answer: bool) -> None:
    """
    What only changes of documents start, or what brings pages under the name of documents, is no deployment.
    """
    one = CiJob(id=job, line=1, steps=(step(uses=uses),))
    pipeline = Pipeline(path="a.yml", system="github", title=title, triggers=("push",), paths=paths, jobs=(one,))

    assert answer == publishes_documents(pipeline, one)
    assert (uses != "actions/checkout@v4" and not answer) == bool(deployments(Pipelines(files=(pipeline,))))
