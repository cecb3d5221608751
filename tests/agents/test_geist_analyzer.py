"""Three tables are read off the facts, and say no more than these show."""

from __future__ import annotations

from orchestrator.agents.geist_analyzer.geyser import SIGNALS as FORCES
from orchestrator.agents.geist_analyzer.geyser import geyser
from orchestrator.agents.geist_analyzer.ghost import ghost
from orchestrator.agents.geist_analyzer.gist import gist

from orchestrator.domain.derived import asked
from orchestrator.domain.fact import Fact
from orchestrator.domain.outcome import Exhibit
from orchestrator.domain.profile import Profile
from orchestrator.estate.data_stores import DataStores
from orchestrator.evidence.extract import extract
from orchestrator.evidence.tree import MemoryTree
from orchestrator.profiling import SIGNALS, profile


def deployment(name: str, *calls: str, replicas: int = 1, limits: str = "") -> str:
    called = [f"            - name: {c.upper()}_ADDR\n              value: {c}:80\n" for c in calls]
    environment = "".join(called)
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  replicas: {replicas}\n"
        f"  template:\n    spec:\n      containers:\n        - name: {name}\n          image: shop/{name}:1\n{limits}"
        + (f"          env:\n{environment}" if calls else "")
        + f"---\napiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\n"
    )


LIMITS = "          resources:\n            limits: {memory: 1Gi}\n"
SHOP = {
    "k8s/web.yaml": deployment("web", "cart", "pay", "mail", replicas=2, limits=LIMITS),
    "k8s/cart.yaml": deployment("cart", "pay"),
    "k8s/mail.yaml": deployment("mail", "pay", limits=LIMITS),
    "k8s/pay.yaml": deployment("pay", limits=LIMITS),
    "app.py": (
        "app = Flask(__name__)\n\n@app.route('/checkout', methods=['POST'])\ndef checkout():\n"
        "    rows = Order.objects.all()\n    requests.get(url)\n\n@app.route('/about')\ndef about(): ...\n\n"
        "@app.route('/login', methods=['POST'])\ndef login(): ...\n"
    ),
    "requirements.txt": "flask==3.0\nrequests==2.32\npsycopg==3.2\n",
    "tests/test_checkout.py": "def test_checkout():\n    pass\n",
}


def read(files: dict[str, str]) -> tuple[dict[type[Fact], Fact], Profile]:
    facts = extract(MemoryTree(files), (*SIGNALS, *FORCES))
    return facts, profile(facts)


def column(exhibit: Exhibit, number: int = 0) -> list[str]:
    return [row[number] for row in exhibit.rows]


class TestGhost:
    def test_assumptions_that_nothing_tests_are_listed(self) -> None:
        """
        A service without load test, staging, alerts, rollback and restore rests on each of these assumptions.
        """
        claims = column(ghost(*read(SHOP)))

        assert "It holds under the expected load" in claims
        assert "What works on staging works in production" in claims
        assert "Somebody hears of a failure" in claims
        assert "The release can be undone in time" in claims
        assert "A backup can be restored" in claims
        assert "Whether infrastructure code manages cloud resources" in claims

    def test_what_is_put_to_the_test_is_no_assumption(self) -> None:
        """
        A load test, a section about rollback and a restore step take their rows away.
        """
        more = {
            "k6/a.js": "import http from 'k6/http'\nexport default () => http.get('x')\n",
            "docs/rollback.md": "# Rollback\n\nBring the former version back with the deploy job and its tag. "
            "Wait until it answers, then tell the person on call and write down how long it took.\n",
            ".github/workflows/a.yml": "on: push\njobs:\n  a:\n    steps:\n      - run: pg_restore latest.dump\n",
        }
        table = ghost(*read({**SHOP, **more}))

        assert "The release can be undone in time" not in column(table)
        assert "A backup can be restored" not in column(table)
        assert ["1 load tests, and no result of one"] == [r[1] for r in table.rows if r[0].startswith("It holds under")]

    def test_unreadable_files_are_unknown(self) -> None:
        """
        What could not be parsed is named.
        """
        table = ghost(*read({**SHOP, "package.json": "{"}))

        assert ("Files that could not be read hold nothing of note", "package.json") in [r[:2] for r in table.rows]

    def test_a_library_rests_on_none_of_it(self) -> None:
        """
        What is not hosted has no staging and nobody on call.
        """
        files = {"pyproject.toml": '[project]\nname = "a"\n[build-system]\nrequires = []\n', "a.py": "def a(): ...\n"}

        assert ["Whether it, or the pipeline that publishes it, works with secrets"] == column(ghost(*read(files)))


class TestGeyser:
    def test_forces_have_a_count_and_a_place(self) -> None:
        """
        Missing limits, single instances, fan-out, unbounded reads and calls without a timeout are told with places.
        """
        table = geyser(*read(SHOP))

        assert [
            "1 of 4 containers without limits: cart",
            "3 of 4 servers with one instance: Deployment cart, Deployment mail and Deployment pay",
            "web calls 3 others: cart, mail and pay",
            "3 others call pay: cart, mail and web",
            "1 read without a bound in 1 file",
            "1 call without a timeout in 1 file",
            "no package that limits requests among 3 dependencies",
            "no timeout of a server or pool is set in the tree",
        ] == column(table)
        assert "app.py:5" == table.rows[4][2]

    def test_what_is_bounded_is_no_force(self) -> None:
        """
        Limits, autoscalers, bounded reads and timeouts are not listed.
        """
        files = {
            "k8s/web.yaml": deployment("web", limits=LIMITS),
            "k8s/hpa.yaml": (
                "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: web}\n"
                "spec:\n  scaleTargetRef: {kind: Deployment, name: web}\n  minReplicas: 2\n  maxReplicas: 9\n"
            ),
            "a.py": "rows = Order.objects.all()[:50]\nrequests.get(url, timeout=3)\nx = Order.objects.all().count()\n",
        }

        assert [] == [f for f in column(geyser(*read(files))) if not f.startswith("no ")]

    def test_managed_stores_and_queues(self) -> None:
        """
        Stores in one zone and queues without a place for what fails are forces, of whichever cloud they are.
        """
        files = {
            "db.tf": (
                'resource "aws_db_instance" "orders" {}\nresource "aws_db_instance" "spread" {\n  multi_az = true\n}\n'
                'resource "azurerm_mysql_flexible_server" "mails" {}\n'
                'resource "aws_db_instance" "read" {\n  replicate_source_db = "orders"\n}\n'
            ),
            "queues.tf": (
                'resource "aws_sqs_queue" "mails" {}\nresource "aws_sqs_queue" "mails_dead" {}\n'
                'resource "aws_sqs_queue" "kept" {\n  redrive_policy = "x"\n}\n'
                'resource "azurerm_servicebus_queue" "always" {}\n'
            ),
        }
        facts, profile = read(files)
        table = geyser(facts, profile, asked(DataStores, facts))

        assert [
            "1 queue without a dead-letter queue",
            "2 managed stores in one zone: orders and mails",
        ] == [f for f in column(table) if not f.startswith("no ")]


class TestGist:
    def test_critical_paths_come_first_with_their_tests(self) -> None:
        """
        Orders and logins are listed with the tests that are named after them; a page that only reads is left out.
        """
        facts, _ = read(SHOP)
        table = gist(facts)

        assert [("checkout", "POST /checkout"), ("login", "POST /login")] == [row[:2] for row in table.rows]
        assert ["tests/test_checkout.py", "none by name"] == column(table, 3)
        assert table.note.startswith("2 critical paths among 3 routes; 1 have no test that is named after them")

    def test_a_command_stands_in_for_paths(self) -> None:
        """
        What people run is listed when nothing answers requests.
        """
        facts, _ = read({"Cargo.toml": '[package]\nname = "find"\n', "src/main.rs": "fn main() {}"})

        assert [("command", "find")] == [row[:2] for row in gist(facts).rows]

    def test_nothing_is_made_up_about_nothing(self) -> None:
        """
        Facts that were not extracted give empty tables.
        """
        assert [] == column(gist({}))
        assert [] == column(geyser({}, Profile()))
