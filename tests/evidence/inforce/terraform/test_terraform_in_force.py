"""What Terraform would make is in force, what it would not is void, and all else cannot be told."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator import Infrastructure
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.infrastructure import InfrastructureReader
from orchestrator.evidence.tree import MemoryTree

Files = dict[str, str | bytes]


def read(files: Files) -> Infrastructure:
    fact = read_tree(MemoryTree(files), [InfrastructureReader()])[Infrastructure]
    assert isinstance(fact, Infrastructure)
    assert Infrastructure.model_validate_json(fact.model_dump_json()) == fact
    return fact


def database(extra: str = "", label: str = "main") -> str:
    return f'resource "aws_db_instance" "{label}" {{\n{extra}\n}}\n'


def variable(name: str, body: str = "") -> str:
    return f'variable "{name}" {{\n{body}\n}}\n'


def call(source: str, extra: str = "", label: str = "db") -> str:
    return f'module "{label}" {{\n  source = "{source}"\n{extra}\n}}\n'


def said(files: Files) -> int | str | None:
    """How many databases there are; why not, where there are none: of what is void behind "void: "."""
    fact = read(files)
    found = fact.of("aws_db_instance")
    if found:
        assert not [a for a in fact.aside if "aws_db_instance" in a.about]
        return sum(block.copies for block in found)
    aside = next(a for a in fact.aside if "aws_db_instance" in a.about)
    assert "aws_db_instance.main" == aside.what
    return f"{'void' if aside.void else 'unknown'}: {aside.reason}"


PROVIDER = 'provider "aws" {\n  region = "eu-west-1"\n}\n'
OFF = variable("on", "  default = false")
ON = variable("on", "  default = true")
MAYBE = variable("on")
BY_ON = database("  count = var.on ? 1 : 0")
MODULE = "infra/modules/db/main.tf"

FORCES: list[tuple[Files, int | str]] = [
    # count
    ({"a.tf": database()}, 1),
    ({"a.tf": database("  count = 0")}, "void: has count = 0"),
    ({"a.tf": database("  count = 1")}, 1),
    ({"a.tf": database("  count = 3")}, 3),
    ({"a.tf": database("  count = null")}, 1),
    ({"a.tf": database('  count = "0"')}, "void: has count = 0, which is 0"),
    ({"a.tf": database('  count = "2"')}, 2),
    ({"a.tf": database("  count = 1 - 1")}, "void: has count = 1 - 1, which is 0"),
    ({"a.tf": database("  count = 2 - 1")}, 1),
    ({"a.tf": database("  count = -1")}, "unknown: has count = -1, which Terraform would refuse"),
    ({"a.tf": database("  count = 1.5")}, "unknown: has count = 1.5, which Terraform would refuse"),
    ({"a.tf": database("  count = false")}, "unknown: has count = False, which Terraform would refuse"),
    ({"a.tf": database("  count = length([])")}, "void: has count = length([]), which is 0"),
    ({"a.tf": database("  count = length(aws_eip.a)") + 'resource "aws_eip" "a" {\n  count = 2\n}\n'}, 2),
    (
        {"a.tf": database("  count = length(aws_eip.a)") + 'resource "aws_eip" "a" {\n  count = 0\n}\n'},
        "void: has count = length(aws_eip.a), which is 0",
    ),
    (
        {"a.tf": database("  count = length(aws_eip.a)") + 'resource "aws_eip" "a" {}\n'},
        "unknown: has count = length(aws_eip.a), which cannot be told",
    ),
    # for_each
    ({"a.tf": database("  for_each = {}")}, "void: has for_each = {}"),
    ({"a.tf": database("  for_each = toset([])")}, "void: has for_each = toset([]), which is empty"),
    ({"a.tf": database('  for_each = toset(["a", "b"])')}, 2),
    ({"a.tf": database("  for_each = { a = 1 }")}, 1),
    ({"a.tf": database("  for_each = 1")}, "unknown: has for_each = 1, which Terraform would refuse"),
    (
        {"a.tf": database("  for_each = toset(var.names)")},
        "unknown: has for_each = toset(var.names), which cannot be told",
    ),
    (
        {"a.tf": database("  for_each = { for n in [1, 2] : n => n if n > 2 }")},
        "void: has for_each = { for n in [1, 2] : n => n if n > 2 }, which is empty",
    ),
    ({"a.tf": database("  for_each = { for n in [1, 2] : n => n if n > 1 }")}, 1),
    ({"a.tf": database("  for_each = { a = var.unheard }")}, 1),
    (
        {"a.tf": database("  for_each = aws_eip.a") + 'resource "aws_eip" "a" {\n  for_each = { x = 1, y = 2 }\n}\n'},
        2,
    ),
    # variables
    ({"a.tf": OFF + BY_ON}, "void: has count = var.on ? 1 : 0, which is 0"),
    ({"a.tf": ON + BY_ON}, 1),
    ({"a.tf": MAYBE + BY_ON}, "unknown: has count = var.on ? 1 : 0, which cannot be told"),
    ({"a.tf": BY_ON}, "unknown: has count = var.on ? 1 : 0, which cannot be told"),
    (
        {
            "a.tf": variable("on", '  type    = bool\n  default = "false"')
            + database("  count = var.on == true ? 1 : 0")
        },
        "void: has count = var.on == true ? 1 : 0, which is 0",
    ),
    (
        {"a.tf": OFF + database("  count = local.n") + "locals {\n  n = var.on ? 1 : 0\n}\n"},
        "void: has count = local.n, which is 0",
    ),
    (
        {"a.tf": "locals {\n  a = local.b\n  b = local.a\n}\n" + database("  count = local.a")},
        "unknown: has count = local.a, which cannot be told",
    ),
    (
        {
            "a.tf": variable("db", "  type = object({ on = optional(bool, false) })\n  default = {}")
            + database("  count = var.db.on ? 1 : 0")
        },
        "void: has count = var.db.on ? 1 : 0, which is 0",
    ),
    ({"a.tf": OFF + BY_ON, "terraform.tfvars": "on = true\n"}, 1),
    ({"a.tf": ON + BY_ON, "terraform.tfvars": "on = false\n"}, "void: has count = var.on ? 1 : 0, which is 0"),
    ({"a.tf": ON + BY_ON, "terraform.tfvars": "on = false\n", "x.auto.tfvars": "on = true\n"}, 1),
    (
        {"a.tf": ON + BY_ON, "terraform.tfvars": "on = true\n", "terraform.tfvars.json": '{"on": false}'},
        "void: has count = var.on ? 1 : 0, which is 0",
    ),
    (
        {"a.tf": ON + BY_ON, "a.auto.tfvars": "on = true\n", "b.auto.tfvars": "on = false\n"},
        "void: has count = var.on ? 1 : 0, which is 0",
    ),
    (
        {"infra/a.tf": OFF + BY_ON, "terraform.tfvars": "on = true\n"},
        "unknown: has count = var.on ? 1 : 0, which cannot be told",
    ),
    ({"a.tf": OFF + BY_ON, "envs/prod.tfvars": "on = true\n"}, 1),
    ({"a.tf": ON + BY_ON, "envs/prod.tfvars": "on = false\n"}, "void: has count = var.on ? 1 : 0, which is 0"),
    (
        {"a.tf": ON + BY_ON, "envs/prod/terraform.tfvars": "on = false\n"},
        "void: has count = var.on ? 1 : 0, which is 0",
    ),
    (
        {"a.tf": OFF + BY_ON, "terraform.tfvars": "on = true\n", "prod.tfvars": "on = false\n"},
        "void: has count = var.on ? 1 : 0, which is 0",
    ),
    (
        {"a.tf": OFF + BY_ON, "envs/big.tfvars": "on = true\n"},
        "unknown: has count = var.on ? 1 : 0, which cannot be told",
    ),
    (
        {"a.tf": OFF + BY_ON, "envs/dev.tfvars": "on = true\n"},
        "unknown: has count = var.on ? 1 : 0, which cannot be told",
    ),
    (
        {"a.tf": OFF + BY_ON, "envs/dev.tfvars": "on = true\n", "envs/prod.tfvars": "n = 1\n"},
        "void: has count = var.on ? 1 : 0, which is 0",
    ),
    (
        {"a.tf": OFF + BY_ON, "envs/all.tfvars": "on = true\n", "envs/prod.tfvars": "n = 1\n"},
        "unknown: has count = var.on ? 1 : 0, which cannot be told",
    ),
    (
        {"a.tf": OFF + BY_ON, "prod-eu.tfvars": "on = true\n", "prod-us.tfvars": "on = false\n"},
        "unknown: has count = var.on ? 1 : 0, which cannot be told",
    ),
    ({"a.tf": OFF + BY_ON, "prod-eu.tfvars": "on = true\n", "prod-us.tfvars": "on = true\n"}, 1),
    # the name of production
    ({"a.tf": database('  count = terraform.workspace == "production" ? 2 : 0')}, 2),
    (
        {"a.tf": database('  count = terraform.workspace == "staging" ? 1 : 0')},
        'void: has count = terraform.workspace == "staging" ? 1 : 0, which is 0',
    ),
    ({"a.tf": variable("env") + database('  count = var.env == "prod" ? 1 : 0')}, 1),
    ({"a.tf": variable("env", '  default = "dev"') + database('  count = var.env == "prod" ? 1 : 0')}, 1),
    (
        {"a.tf": variable("env", '  default = "dev"') + database('  count = var.env == "dev" ? 1 : 0')},
        'void: has count = var.env == "dev" ? 1 : 0, which is 0',
    ),
    ({"a.tf": variable("env", '  default = "prod"') + database('  count = var.env == "prod" ? 1 : 0')}, 1),
    ({"a.tf": variable("size", '  default = "dev"') + database('  count = var.size == "dev" ? 1 : 0')}, 1),
    # modules
    ({"infra/main.tf": PROVIDER + call("./modules/db"), MODULE: database()}, 1),
    ({"infra/main.tf": PROVIDER, MODULE: database()}, "void: is in a module that no module block calls"),
    ({MODULE: database()}, "unknown: is in a module that no module block calls"),
    ({"infra/main.tf": PROVIDER, "modules/main.tf": database()}, "void: is in a module that no module block calls"),
    ({"infra/main.tf": PROVIDER, "tf-modules/a/m.tf": database()}, "void: is in a module that no module block calls"),
    ({"infra/main.tf": PROVIDER, "module/a/m.tf": database()}, "void: is in a module that no module block calls"),
    ({"infra/main.tf": PROVIDER, "modulesque/main.tf": database()}, 1),
    ({"infra/main.tf": PROVIDER, "old-modules/main.tf": database()}, 1),
    (
        {"infra/main.tf": PROVIDER + call("./modules/db", "  count = 0"), MODULE: database()},
        "void: is in a module whose call module.db has count = 0",
    ),
    ({"infra/main.tf": PROVIDER + call("./modules/db", "  count = 2"), MODULE: database("  count = 2")}, 4),
    (
        {"infra/main.tf": PROVIDER + call("./modules/db", "  for_each = {}"), MODULE: database()},
        "void: is in a module whose call module.db has for_each = {}",
    ),
    (
        {"infra/main.tf": PROVIDER + call("./modules/db", "  count = var.n"), MODULE: database()},
        "unknown: is in a module whose call module.db has count = var.n, which cannot be told",
    ),
    ({"infra/main.tf": PROVIDER + call("./modules/db") + call("./modules/db", label="more"), MODULE: database()}, 2),
    (
        {
            "infra/main.tf": PROVIDER + call("./modules/db", "  count = 0") + call("./modules/db", label="more"),
            MODULE: database(),
        },
        1,
    ),
    (
        {"infra/main.tf": PROVIDER + call("./modules/db", "  on = false"), MODULE: ON + BY_ON},
        "void: has count = var.on ? 1 : 0, which is 0",
    ),
    (
        {
            "infra/main.tf": PROVIDER + call("./modules/db", "  on = var.db"),
            MODULE: ON + BY_ON,
            "infra/v.tf": variable("db", "  default = false"),
        },
        "void: has count = var.on ? 1 : 0, which is 0",
    ),
    (
        {
            "infra/main.tf": PROVIDER + call("./modules/db", "  on = null"),
            MODULE: variable("on", "  default = false\n  nullable = false") + BY_ON,
        },
        "void: has count = var.on ? 1 : 0, which is 0",
    ),
    (
        {
            "infra/main.tf": PROVIDER + call("./modules/db"),
            MODULE: ON + BY_ON,
            "infra/terraform.tfvars": "on = false\n",
        },
        1,
    ),
    (
        {
            "infra/main.tf": PROVIDER + call("./modules/app", label="app"),
            "infra/modules/app/main.tf": call("../db"),
            MODULE: database(),
        },
        1,
    ),
    (
        {
            "infra/main.tf": PROVIDER + call("./modules/app", "  count = 0", "app"),
            "infra/modules/app/main.tf": call("../db"),
            MODULE: database(),
        },
        "void: is in a module that only modules call which nobody uses",
    ),
    (
        {"infra/main.tf": PROVIDER, "infra/modules/app/main.tf": call("../db"), MODULE: database()},
        "void: is in a module that only modules call which nobody uses",
    ),
    (
        {"infra/main.tf": PROVIDER, "infra/modules/app/main.tf": call("../db"), MODULE: database() + call("../app")},
        "void: is in a module that only modules call which nobody uses",
    ),
    (
        {"infra/main.tf": PROVIDER, MODULE: database() + call("./")},
        "void: is in a module that only modules call which nobody uses",
    ),
    (
        {"infra/main.tf": PROVIDER, MODULE: PROVIDER + database()},
        "unknown: is in a module that no module block calls, and that may be run by itself",
    ),
    ({"infra/main.tf": PROVIDER, "infra/db/main.tf": variable("size") + PROVIDER + database()}, 1),
    (
        {"infra/main.tf": PROVIDER, MODULE: database(), "infra/modules/db/.terraform.lock.hcl": "# kept by init\n"},
        "unknown: is in a module that no module block calls, and that may be run by itself",
    ),
    ({"infra/main.tf": PROVIDER, MODULE: 'terraform {\n  backend "s3" {}\n}\n' + database()}, 1),
    ({"infra/main.tf": PROVIDER, MODULE: database(), "infra/modules/db/terraform.tfvars": "a = 1\n"}, 1),
    (
        {"infra/main.tf": PROVIDER + call("git::https://git.example/infra.git//modules/db?ref=v1"), MODULE: database()},
        "unknown: is in a module that is called from elsewhere, in a version that cannot be told",
    ),
    (
        {"infra/main.tf": PROVIDER + 'module "db" {\n  source = = "x"\n}\n', MODULE: database()},
        "unknown: is in a module that no module block calls that could be read",
    ),
    ({"main.tf": PROVIDER, "db/main.tf": database()}, 1),
    (
        {"main.tf": PROVIDER, "db/main.tf": variable("size") + database()},
        "unknown: is in a module that no module block calls",
    ),
    ({"main.tf": PROVIDER, "db/main.tf": variable("size", "  default = 1") + database()}, 1),
    ({"infra/main.tf": PROVIDER, "db/main.tf": variable("size") + database()}, 1),
    # production among several
    (
        {
            "live/dev/main.tf": PROVIDER + call("../../modules/db", "  on = true"),
            "live/prod/main.tf": PROVIDER + call("../../modules/db", "  on = false"),
            "modules/db/main.tf": OFF + BY_ON,
        },
        "void: has count = var.on ? 1 : 0, which is 0",
    ),
    (
        {
            "live/dev/main.tf": PROVIDER + call("../../modules/db", "  on = false"),
            "live/prod/main.tf": PROVIDER + call("../../modules/db", "  on = true"),
            "modules/db/main.tf": OFF + BY_ON,
        },
        1,
    ),
    ({"live/dev/main.tf": PROVIDER + call("../../modules/db", "  on = true"), "modules/db/main.tf": OFF + BY_ON}, 1),
    # Terragrunt
    (
        {
            "live/terragrunt.hcl": 'terraform {\n  source = "../modules//db"\n}\ninputs = {\n  on = false\n}\n',
            "modules/db/main.tf": ON + BY_ON,
        },
        "void: has count = var.on ? 1 : 0, which is 0",
    ),
    (
        {
            "live/terragrunt.hcl": 'terraform {\n  source = "${get_repo_root()}/modules/db"\n}\n',
            "modules/db/main.tf": ON + BY_ON,
        },
        1,
    ),
    (
        {
            "live/terragrunt.hcl": 'include "root" {}\nterraform {\n  source = "../modules//db"\n}\n',
            "modules/db/main.tf": ON + BY_ON,
        },
        "unknown: has count = var.on ? 1 : 0, which cannot be told",
    ),
    (
        {"infra/main.tf": PROVIDER, "live/terragrunt.hcl": 'include "root" {}\n', MODULE: database()},
        "unknown: is in a module that no module block calls that could be read",
    ),
    (
        {"db/terragrunt.hcl": "inputs = {\n  on = false\n}\n", "db/main.tf": ON + BY_ON},
        "void: has count = var.on ? 1 : 0, which is 0",
    ),
    # overrides, and what is declared twice
    ({"a.tf": database(), "override.tf": database("  count = 0")}, "void: has count = 0"),
    ({"a.tf": database("  count = 0"), "b_override.tf": database("  count = 1")}, 1),
    ({"a.tf": OFF + BY_ON, "v_override.tf": ON}, 1),
    ({"a.tf": OFF + BY_ON, "v_override.tf.json": '{"variable": {"on": {"default": true}}}'}, 1),
    ({"override.tf": database()}, "unknown: overrides a block that is not there"),
    ({"a.tf": database(), "b.tf": database("  count = 0")}, "unknown: is declared twice, also at b.tf:1"),
    ({"a.tf": database(), "b/b.tf": database()}, 2),
    # JSON
    ({"a.tf.json": '{"resource": {"aws_db_instance": {"main": {"count": 0}}}}'}, "void: has count = 0"),
    (
        {"a.tf.json": '{"resource": {"aws_db_instance": {"main": {"count": "${1 - 1}"}}}}'},
        "void: has count = ${1 - 1}, which is 0",
    ),
    ({"a.tf.json": '{"resource": {"aws_db_instance": {"main": {"count": "${1 + 1}"}}}}'}, 2),
]


@pytest.mark.parametrize(("files", "expected"), FORCES, ids=range(len(FORCES)))
def test_what_is_made(files: Files, expected: int | str) -> None:
    """
    What count, modules, variables and overrides leave is in force; nothing else is, and it says why.
    """
    assert expected == said(files)


class TestForms:
    def test_each_form_of_a_block(self):
        """
        One database of two that is not encrypted is seen beside the other.
        """
        each = "  for_each = {\n    a = { on = true }\n    b = { on = false }\n  }\n"
        fact = read({"a.tf": database(each + '  storage_encrypted = each.value.on\n  identifier = "db-${each.key}"')})

        assert [(True, 1), (False, 1)] == [(b.flag("storage_encrypted"), b.copies) for b in fact.resources]
        assert ["db-${each.key}"] * 2 == [b.get("identifier") for b in fact.resources]
        assert [1, 1] == [b.line for b in fact.resources]

    def test_forms_that_differ_by_name_alone(self):
        """
        What differs by no more than its name is one thing, several times.
        """
        fact = read({"a.tf": database('  for_each = toset(["a", "b"])\n  identifier = "db-${each.key}"')})

        assert [(2, "db-${each.key}")] == [(b.copies, b.get("identifier")) for b in fact.resources]

    def test_calls_with_different_values(self):
        """
        A module that is called with and without encryption makes both.
        """
        module = variable("on", "  default = false") + database("  storage_encrypted = var.on")
        fact = read(
            {
                "infra/main.tf": PROVIDER + call("./modules/db", "  on = true") + call("./modules/db", label="more"),
                MODULE: module,
            }
        )

        assert [True, False] == [b.flag("storage_encrypted") for b in fact.of("aws_db_instance")]

    def test_one_call_that_cannot_be_told(self):
        """
        Beside a call that is in force, one that may not be is noted.
        """
        fact = read(
            {
                "infra/main.tf": PROVIDER + call("./modules/db") + call("./modules/db", "  count = var.more", "more"),
                MODULE: database(),
            }
        )

        assert 1 == len(fact.of("aws_db_instance"))
        assert [
            "aws_db_instance.main is in a module whose call module.more has count = var.more, which cannot be told"
        ] == [f"{a.what} {a.reason}" for a in fact.aside if a.what.startswith("aws") and not a.void]

    def test_many_calls(self):
        """
        Of more calls than are told apart the block stands as it is written, as often as it is made.
        """
        calls = "".join(call("./modules/db", f"  size = {n}", f"db{n}") for n in range(60))
        module = variable("size") + database("  allocated_storage = var.size")
        fact = read({"infra/main.tf": PROVIDER + calls, MODULE: module})

        assert ["var.size"] == [b.get("allocated_storage") for b in fact.of("aws_db_instance")]

    def test_endless_calls(self):
        """
        Modules that call each other many times over end.
        """
        level = "".join(call("../m{}", label=f"c{n}") for n in range(8))
        files: Files = {f"modules/m{n}/main.tf": level.replace("{}", str(n + 1)) for n in range(14)}
        files["main.tf"] = PROVIDER + call("./modules/m0")
        files["modules/m14/main.tf"] = database()

        assert 25 == said(files)

    def test_deep_calls(self):
        """
        What is called deeper than calls are followed cannot be told.
        """
        files: Files = {f"modules/m{n}/main.tf": call(f"../m{n + 1}") for n in range(14)}
        files["main.tf"] = PROVIDER + call("./modules/m0")
        files["modules/m14/main.tf"] = database()

        assert "unknown: is in a module of which it cannot be told whether it is used" == said(files)
        assert 1 == said({"main.tf": files["main.tf"], "modules/m0/main.tf": database()})


class TestDynamicBlocks:
    def dynamic(self, over: str, extra: str = "") -> dict[str, Any]:
        fact = read(
            {
                "a.tf": variable("rules", "  default = [22, 80]")
                + 'resource "aws_security_group" "a" {\n  dynamic "ingress" {\n'
                f"    for_each = {over}\n{extra}    content {{\n      from_port = ingress.value\n    }}\n  }}\n"
                "  ingress {\n    from_port = 443\n  }\n}\n"
            }
        )
        block = fact.of("aws_security_group")[0]
        asides = [f"{a.what} {a.reason}" for a in fact.aside if not a.void]
        return {"ports": [i["from_port"] for i in block.nested("ingress")], "asides": asides, "block": block}

    def test_known(self):
        """
        A dynamic block stands once for each element, with its line.
        """
        found = self.dynamic("var.rules")

        assert [22, 80, 443] == found["ports"]
        assert not found["asides"]
        assert [8, 8, 12] == [found["block"].at("ingress", n, "from_port").line for n in range(3)]

    def test_none(self):
        """
        One over nothing stands nowhere.
        """
        assert [443] == self.dynamic("[]")["ports"]

    @pytest.mark.parametrize("over", ["var.unheard", "range(0, 101)", "1"])
    def test_not_known(self, over):
        """
        One over what nobody knows, or over more than is unrolled, stands once as it is written, and is noted.
        """
        found = self.dynamic(over)

        assert ["ingress.value", 443] == found["ports"]
        assert ["aws_security_group.a has blocks ingress for an expression that cannot be told"] == found["asides"]

    def test_own_iterator(self):
        """
        Its iterator may have a name of its own.
        """
        fact = read(
            {
                "a.tf": 'resource "x" "y" {\n  dynamic "rule" {\n    for_each = { a = 1 }\n    iterator = each_rule\n'
                "    content {\n      name = each_rule.key\n    }\n  }\n}\n"
            }
        )

        assert [{"name": "a"}] == fact.resources[0].nested("rule")

    def test_nested(self):
        """
        Dynamic blocks inside dynamic blocks see both iterators.
        """
        fact = read(
            {
                "a.tf": 'resource "x" "y" {\n  dynamic "a" {\n    for_each = { p = [1, 2], q = [] }\n    content {\n'
                '      dynamic "b" {\n        for_each = a.value\n        content {\n'
                '          n = "${a.key}${b.value}"\n        }\n      }\n    }\n  }\n}\n'
            }
        )

        assert [{"b": [{"n": "p1"}, {"n": "p2"}]}, {"b": []}] == fact.resources[0].nested("a")


class TestBodies:
    def test_values_stand_for_expressions(self):
        """
        Flags, numbers and texts are seen as they will be, and in part where part of them is known.
        """
        body = (
            "  storage_encrypted = !var.plain\n  backup_retention_period = 7 * 5\n"
            '  identifier = "shop-${var.size}"\n  kms_key_id = aws_kms_key.main.arn\n  tags = local.tags\n'
        )
        fact = read(
            {
                "a.tf": variable("plain", "  default = false")
                + variable("size", '  default = "xl"')
                + 'locals {\n  tags = {\n    team = "a"\n    vpc  = aws_vpc.main.id\n  }\n}\n'
                + database(body)
            }
        )

        assert {
            "storage_encrypted": True,
            "backup_retention_period": 35,
            "identifier": "shop-xl",
            "kms_key_id": "aws_kms_key.main.arn",
            "tags": {"team": "a", "vpc": '${local.tags["vpc"]}'},
        } == fact.resources[0].body

    def test_texts_are_no_expressions(self):
        """
        What stands in quotes means itself.
        """
        fact = read({"a.tf": variable("a", "  default = 1") + database('  a = "var.a"\n  b = "1 - 1"\n')})

        assert {"a": "var.a", "b": "1 - 1"} == fact.resources[0].body

    def test_overridden_settings(self):
        """
        The setting of an override counts, at the place of its block; all blocks of one name give way together.
        """
        fact = read(
            {
                "a.tf": database("  storage_encrypted = true\n  s {\n    a = 1\n  }\n  s {\n    a = 2\n  }\n  b = 1"),
                "z_override.tf": "\n\n" + database("  storage_encrypted = false\n  s {\n    a = 3\n  }"),
            }
        )

        block = fact.resources[0]
        assert {"storage_encrypted": False, "s": [{"a": 3}], "b": 1} == block.body
        assert ("a.tf", 1) == (block.at("storage_encrypted").path, block.at("storage_encrypted").line)
        assert 9 == block.at("b").line


class TestMistakes:
    GOOD = database("", "good")

    @pytest.mark.parametrize(
        ("bad", "about"),
        [
            ('resource "aws_s3_bucket" "b" {\n  a = = 1\n}\n', ("aws_s3_bucket",)),
            ('resource "aws_s3_bucket" "b" {\n  a = "\n}\nresource "aws_eip" "c" {}\n', ("aws_s3_bucket",)),
            ('# none\nmodule "m" {\n  source = = 1\n}\n', ("module",)),
            ('data "aws_ami" "u" {\n  a = = 1\n}\n', ("data",)),
            ("/* a */ locals {\n  a = = 1\n}\n", ("locals",)),
            ("what is this\n", ()),
            ('}\nresource "aws_eip" "c" {}\n', ()),
        ],
    )
    def test_a_mistake_is_about_its_block(self, bad, about):
        """
        One bad line doubts the kinds of blocks that may stand there, and nothing else.
        """
        fact = read({"a.tf": bad + "\n" + self.GOOD, "b.tf": 'resource "aws_eip" "fine" {}\n'})

        assert [about] == [p.about for p in fact.problems]
        assert fact.of("aws_eip")

    def test_what_spoils_a_pass(self):
        """
        Who asked for other types is not told of it.
        """
        fact = read({"a.tf": 'resource "aws_s3_bucket" "b" {\n  a = = 1\n}\n'})

        fact.of("aws_db_instance")
        assert not fact.lacking(())
        fact.of("aws_s3_bucket")
        assert 1 == len(fact.lacking(()))


class TestBounds:
    def local(self, written: str, use: str = "local.v") -> Any:
        return read({"a.tf": f"locals {{\n  v = {written}\n}}\n" + database(f"  a = {use}")}).resources[0].get("a")

    @pytest.mark.parametrize(
        ("written", "placed"),
        [
            (f'"{"x" * 200}"', True),
            (f'"{"x" * 201}"', False),
            ("range(80)", True),
            ("range(81)", False),
            ('{ for n in range(40) : "k${n}" => n }', True),
            ('{ for n in range(41) : "k${n}" => n }', False),
            ("[[[[[1]]]]]", True),
            (f'[[[["{"x" * 201}"]]]]', False),
        ],
    )
    def test_what_is_put_in_place(self, written, placed):
        """
        Only short and shallow values stand for an expression, so that nothing grows.
        """
        assert placed is (self.local(written) != "local.v")

    @pytest.mark.parametrize(("length", "known"), [(3_900, True), (3_901, False)])
    def test_long_expressions(self, length, known):
        """
        What may have been cut when it was read is not worked out.
        """
        written = f'length("{"x" * (length - len("length(" + chr(34) * 2 + ")"))}")'

        assert length == len(written)
        assert known is (self.local("1", written) != written)

    @pytest.mark.parametrize(("calls", "apart"), [(24, True), (25, False)])
    def test_forms(self, calls, apart):
        """
        So many forms of one block are told apart, and no more.
        """
        text = "".join(call("./modules/db", f"  size = {n}", f"db{n}") for n in range(calls))
        fact = read(
            {"infra/main.tf": PROVIDER + text, MODULE: variable("size") + database("  allocated_storage = var.size")}
        )
        sizes = [b.get("allocated_storage") for b in fact.of("aws_db_instance")]

        assert (list(range(calls)) if apart else ["var.size"]) == sizes

    @pytest.mark.parametrize(("elements", "apart"), [(24, True), (25, False)])
    def test_forms_of_one_for_each(self, elements, apart):
        """
        Of more elements than are told apart, the block stands once, as often as it is made.
        """
        over = f'  for_each = {{ for n in range({elements}) : "k${{n}}" => n }}\n  allocated_storage = each.value'
        fact = read({"a.tf": database(over)})

        assert elements == sum(b.copies for b in fact.resources)
        assert (elements if apart else 1) == len(fact.resources)

    @pytest.mark.parametrize(("levels", "known"), [(10, True), (11, False)])
    def test_levels_of_modules(self, levels, known):
        """
        Calls are followed ten levels down.
        """
        files: Files = {f"modules/m{n}/main.tf": call(f"../m{n + 1}") for n in range(levels - 1)}
        files["main.tf"] = PROVIDER + call("./modules/m0")
        files[f"modules/m{levels - 1}/main.tf"] = database()

        assert known is (1 == said(files))

    @pytest.mark.parametrize(("number", "unrolled"), [(100, True), (101, False)])
    def test_dynamic_blocks(self, number, unrolled):
        """
        A hundred nested blocks are unrolled in one block.
        """
        text = (
            'resource "x" "y" {\n  dynamic "rule" {\n    for_each = range(%d)\n    content {\n      n = rule.value\n'
            "    }\n  }\n}\n"
        )
        fact = read({"a.tf": text % number})

        assert (number if unrolled else 1) == len(fact.resources[0].nested("rule"))
        assert unrolled is not bool(fact.aside)

    def test_forms_of_a_whole_tree(self):
        """
        A tree that would make thousands of forms keeps a part of them apart.
        """
        over = '  for_each = { for n in range(24) : "k${n}" => n }\n  allocated_storage = each.value'
        fact = read({"a.tf": "".join(database(over, f"d{n}") for n in range(120))})

        assert 120 * 24 == sum(b.copies for b in fact.resources)
        assert 1_500 < len(fact.resources) < 2_120
