"""The deployments: which step brings which service to which environment."""

from __future__ import annotations

import pytest

from orchestrator.contract.testing import facts_of
from orchestrator.domain.derived import asked
from orchestrator.estate.deployments import Deployments
from orchestrator.estate.services import Services
from orchestrator.evidence.kind_signals import SIGNALS

SERVER = "const app = require('express')()\napp.listen(3000)\n"
NODE = '{"private": true, "name": "%s", "dependencies": {"express": "5"}}'
ONE = {"server.js": SERVER}
TWO = {
    f"apps/{name}/{file}": text
    for name in ("api", "web")
    for file, text in (("package.json", NODE % name), ("server.js", SERVER))
}
PIPELINE = "on: {push: {branches: [main]}}\njobs:\n"


def job(name: str, run: str, more: str = "") -> str:
    return f"  {name}:\n    runs-on: ubuntu-latest\n{more}    steps:\n      - run: {run}\n"


def of(services: dict[str, str], *jobs: str) -> Deployments:
    facts = facts_of({**services, ".github/workflows/cd.yml": PIPELINE + "".join(jobs)}, SIGNALS)
    return asked(Deployments, facts)


class TestDeployments:
    @pytest.mark.parametrize(
        ("services", "name", "run", "expected"),
        [
            (ONE, "out", "fly deploy", ("",)),
            (TWO, "api", "fly deploy", ("apps/api",)),
            (TWO, "deploy-web", "fly deploy", ("apps/web",)),
            (TWO, "out", "fly deploy --app api", ("apps/api",)),
            (TWO, "out", "fly deploy apps/web", ("apps/web",)),
            (TWO, "out", "kubectl apply -f k8s/", ("apps/api", "apps/web")),
            (TWO, "out", "kubectl --context prod apply -k k8s/prod", ("apps/api", "apps/web")),
            (TWO, "out", "helm upgrade --install shop ./chart", ("apps/api", "apps/web")),
            (TWO, "out", "helm upgrade --install shop bitnami/redis", ()),
            (TWO, "out", "fly deploy --app ${{ matrix.service }}", ("apps/api", "apps/web")),
            (TWO, "out", "fly deploy --region ${{ matrix.region }}", ()),
            (TWO, "out", "helmfile -e prod apply", ("apps/api", "apps/web")),
            (TWO, "out", "terraform -chdir=infra apply -auto-approve", ("apps/api", "apps/web")),
            (TWO, "out", "tofu apply", ("apps/api", "apps/web")),
            (TWO, "out", "skaffold run", ("apps/api", "apps/web")),
            (TWO, "out", "cdk deploy --all", ("apps/api", "apps/web")),
            (TWO, "out", "sam deploy", ("apps/api", "apps/web")),
            (TWO, "out", "serverless deploy", ("apps/api", "apps/web")),
            (TWO, "out", "pulumi up --yes", ("apps/api", "apps/web")),
            (TWO, "out", "argocd app sync shop", ("apps/api", "apps/web")),
            (TWO, "out", "kubectl set image deployment/web web=acme/web:2", ("apps/web",)),
            (TWO, "out", "kubectl rollout restart deployment/till", ()),
            (TWO, "out", "fly deploy --app apiary", ()),
            ({}, "out", "fly deploy", ()),
        ],
    )
    def test_which_services(self, services: dict[str, str], name: str, run: str, expected: tuple[str, ...]) -> None:
        """
        A step brings the services that it names; all of them where there is one or where it brings what is declared.
        """
        (part,) = of(services, job(name, run)).parts

        assert expected == part.services

    def test_what_nobody_can_tell(self) -> None:
        """
        A step that names none of several services is said with its place.
        """
        told = of(TWO, job("out", "fly deploy"), job("api", "fly deploy"))

        assert [".github/workflows/cd.yml:6"] == [str(p).partition(": ")[0] for p in told.not_understood]
        assert () == of({}, job("out", "fly deploy")).not_understood

    def test_where_to(self) -> None:
        """
        A service is brought to production by what says so, or says nothing else.
        """
        jobs = (
            job("api", "fly deploy", "    environment: production\n"),
            job("web", "fly deploy", "    environment: staging\n"),
            job("api-again", "fly deploy --app api"),
        )
        told = of(TWO, *jobs)
        api, web = asked(Services, facts_of(TWO, SIGNALS)).own

        assert [("job api", "production", "production"), ("job web", "staging", "rehearsal"),
                ("job api-again", "", None)] == [(p.address, p.environment, p.stage) for p in told.parts]  # fmt: skip
        assert ["job api", "job api-again"] == [p.address for p in told.bringing(api, to_production=True)]
        assert ["job web"] == [p.address for p in told.bringing(web)]
        assert [] == told.bringing(web, to_production=True)
