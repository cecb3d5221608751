"""Infrastructure code is read with lines, resolved as far as it says itself, and never trusted."""

from __future__ import annotations

import json

import pytest

from orchestrator import Block, Infrastructure
from orchestrator.evidence.facts.infrastructure import as_flag, as_number
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.infrastructure import InfrastructureReader
from orchestrator.evidence.tree import MemoryTree


def read(files: dict[str, str | bytes]) -> Infrastructure:
    fact = read_tree(MemoryTree(files), [InfrastructureReader()])[Infrastructure]
    assert isinstance(fact, Infrastructure)
    assert Infrastructure.model_validate_json(fact.model_dump_json()) == fact
    return fact


def only(files: dict[str, str | bytes]) -> Block:
    fact = read(files)
    assert not fact.problems
    assert 1 == len(fact.resources)
    return fact.resources[0]


DB = """\
resource "aws_db_instance" "main" {
  engine                  = "postgres"
  backup_retention_period = 7
  ratio                   = -1.5
  storage_encrypted       = true
  kms_key_id              = aws_kms_key.main.arn
  final                   = null
  identifier              = "db-${var.env}"
  subnets                 = ["a", var.b]
  tags = {
    Team   = "checkout"
    "cost" : 1
  }
  policy = <<-EOT
    {"a": 1}
  EOT
  timeouts {
    create = "1h"
  }
}
"""


class TestTerraform:
    def test_literals_are_values_and_expressions_stay_text(self):
        """
        A check sees 7, not '7', and sees an expression as its author wrote it.
        """
        block = only({"db.tf": DB})

        assert ("aws_db_instance", "main", 1) == (block.type, block.label, block.line)
        assert {
            "engine": "postgres",
            "backup_retention_period": 7,
            "ratio": -1.5,
            "storage_encrypted": True,
            "kms_key_id": "aws_kms_key.main.arn",
            "final": None,
            "identifier": "db-${var.env}",
            "subnets": ["a", "var.b"],
            "tags": {"Team": "checkout", "cost": 1},
            "policy": '    {"a": 1}',
            "timeouts": [{"create": "1h"}],
        } == block.body

    def test_every_entry_has_its_line(self):
        """
        A finding points at the attribute, also inside a map or a nested block.
        """
        block = only({"db.tf": DB})

        assert 3 == block.at("backup_retention_period").line
        assert 11 == block.at("tags", "Team").line
        assert 17 == block.at("timeouts", 0).line
        assert 18 == block.at("timeouts", 0, "create").line
        assert 1 == block.at("not_there").line

    def test_repeated_dynamic_and_labelled_blocks(self):
        """
        Blocks of one name become a list, dynamic ones among them, and labels wrap what they label.
        """
        block = only(
            {
                "a.tf": (
                    'resource "x" "y" {\n  rule {\n    n = 1\n  }\n  dynamic "rule" {\n    for_each = var.rules\n'
                    "    content {\n      n = rule.value\n    }\n  }\n"
                    '  provisioner "local-exec" {\n    command = "true"\n  }\n}\n'
                )
            }
        )

        assert [{"n": 1}, {"n": "rule.value"}] == block.nested("rule")
        assert [{"local-exec": {"command": "true"}}] == block.nested("provisioner")
        assert 8 == block.at("rule", 1, "n").line

    def test_other_kinds_of_blocks(self):
        """
        Modules carry their source, providers their name; all keep their keyword.
        """
        fact = read(
            {
                "m.tf": 'module "db" {\n  source = "./db"\n}\nprovider "aws" {\n  region = "eu-west-1"\n}\n'
                'data "aws_ami" "u" {}\nvariable "x" {}\nlocals {\n  a = 1\n}\noutput "o" {\n  value = 1\n}\n'
            }
        )

        assert [
            ("module", "./db", "db"),
            ("provider", "aws", "aws"),
            ("data", "aws_ami", "u"),
            ("variable", "", "x"),
            ("locals", "", ""),
            ("output", "", "o"),
        ] == [(b.block, b.type, b.label) for b in fact.blocks]
        assert not fact.resources

    def test_old_syntax(self):
        """
        Terraform 0.11 wrote every reference as a template, and maps as blocks.
        """
        block = only(
            {
                "a.tf": 'variable "d" {\n  default = 3\n}\nresource "x" "y" {\n  d = "${var.d}"\n'
                '  tags {\n    A = "1"\n  }\n}\n'
            }
        )

        assert {"d": 3, "tags": [{"A": "1"}]} == block.body

    def test_escapes(self):
        """
        Escapes are undone in literals, and blanks are kept.
        """
        block = only({"a.tf": 'resource "x" "y" {\n  a = "q\\"\\n\\u00e4$${b}  "\n  e = ""\n}\n'})

        assert {"a": 'q"\nä${b}  ', "e": ""} == block.body

    def test_json_form(self):
        """
        The JSON form gives the same blocks, with lines.
        """
        text = json.dumps(
            {"resource": {"aws_s3_bucket": {"logs": {"bucket": "l"}, "data": [{"bucket": "d"}]}}}, indent=1
        )
        fact = read({"main.tf.json": text})

        assert [("aws_s3_bucket", "logs", 4), ("aws_s3_bucket", "data", 8)] == [
            (b.type, b.label, b.line) for b in fact.resources
        ]
        assert 5 == fact.resources[0].at("bucket").line

    def test_tests_and_examples_are_left_out(self):
        """
        What is not production is not read.
        """
        fact = read({"examples/a/main.tf": DB, "tests/main.tf": DB, "vendor/x/main.tf": DB})

        assert (0, ()) == (fact.files, fact.blocks)


class TestVariables:
    USE = 'resource "x" "y" {\n  a = var.days\n}\n'
    DAYS = 'variable "days" {\n  default = 7\n}\n'

    def test_default_and_locals(self):
        """
        A literal default of the same folder is put in place, also through a local and from another file.
        """
        fact = read(
            {
                "a/main.tf": 'resource "x" "y" {\n  a = local.days\n  t = local.tags\n  u = local.gone\n}\n',
                "a/variables.tf": self.DAYS,
                "a/locals.tf": 'locals {\n  days = var.days\n  tags = {\n    team = "a"\n  }\n}\n',
                "b/main.tf": self.USE,
            }
        )

        assert {"a": 7, "t": {"team": "a"}, "u": "local.gone"} == fact.resources[0].body
        assert {"a": "var.days"} == fact.resources[1].body

    def test_values_that_terraform_loads_by_itself_win(self):
        """
        terraform.tfvars beats the default of its folder.
        """
        assert {"a": 30} == only({"m.tf": self.DAYS + self.USE, "terraform.tfvars": "days = 30\n"}).body

    @pytest.mark.parametrize(
        "other",
        [
            {"envs/prod.tfvars": "days = 30\n"},
            {"root/main.tf": 'module "m" {\n  source = "../app"\n  days = 30\n}\n'},
            {"envs/prod.tfvars.json": '{"days": 30}'},
        ],
    )
    def test_what_production_or_a_caller_sets(self, other):
        """
        A value that production's file or a caller sets wins over the default.
        """
        assert {"a": 30} == only({"app/main.tf": self.DAYS + self.USE, **other}).body

    @pytest.mark.parametrize(
        "other",
        [{"envs/small.tfvars": "days = 30\n"}, {"live/terragrunt.hcl": "inputs = {\n  days = 30\n}\n"}],
    )
    def test_what_something_overrides_is_not_known(self, other):
        """
        A value that some environment sets stays an expression: nobody is blamed for a default not in use.
        """
        assert {"a": "var.days"} == only({"app/main.tf": self.DAYS + self.USE, **other}).body

    def test_circles_and_growth(self):
        """
        Locals that name each other end, and a large value is not copied into thousands of places.
        """
        circle = read({"a.tf": 'locals {\n  a = local.b\n  b = local.a\n}\nresource "x" "y" {\n  v = local.a\n}\n'})
        large = 'locals {\n  big = "' + "q" * 3000 + '"\n}\nresource "x" "y" {\n'
        large += "".join(f"  k{n} = local.big\n" for n in range(3000)) + "}\n"

        assert {"v": "local.a"} == circle.resources[0].body
        assert len(read({"b.tf": large}).model_dump_json()) < 400_000


TEMPLATE = """\
AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Days: {Type: Number}
Resources:
  Db:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Snapshot
    Properties:
      BackupRetentionPeriod: !Ref Days
      StorageEncrypted: true
      Tags:
      - Key: team
        Value: !Sub '${Team}'
  Odd: 3
  Other:
    Type: !Ref Nothing
"""


class TestCloudFormation:
    def test_resources_are_properties_with_lines(self):
        """
        Properties and policies lie side by side, intrinsic functions stay visible, lines are those of the file.
        """
        block = only({"deploy/stack.yaml": TEMPLATE})

        assert ("cloudformation", "AWS::RDS::DBInstance", "Db", 5) == (block.tool, block.type, block.label, block.line)
        assert {"!Ref": "Days"} == block.get("BackupRetentionPeriod")
        assert "Snapshot" == block.get("DeletionPolicy")
        assert [7, 9, 13] == [
            block.at(*keys).line for keys in (("DeletionPolicy",), ("BackupRetentionPeriod",), ("Tags", 0, "Value"))
        ]
        assert "Db (AWS::RDS::DBInstance)" == block.address

    def test_json(self):
        """
        JSON templates are found by what stands in them.
        """
        text = json.dumps({"Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "q"}}}}, indent=1)

        assert 6 == only({"stack.json": text}).at("QueueName").line

    @pytest.mark.parametrize(
        "text",
        [
            "Resources: [AWS::S3::Bucket]\n",
            "Resources:\n  A: AWS::X\n",
            "- AWS::A\n- Resources\n",
            "# AWS:: Resources\n",
        ],
    )
    def test_what_only_looks_like_a_template(self, text):
        """
        Other YAML that mentions AWS is nobody's template and no problem.
        """
        fact = read({"notes.yaml": text})

        assert (0, (), ()) == (fact.files, fact.blocks, fact.problems)


class TestHostileFiles:
    @pytest.mark.parametrize(
        ("path", "data", "line"),
        [
            ("a.tf", b'resource "x" "y" {\n  a = = 3\n}\n', 2),
            ("a.tf", b'resource "x" {\n  a = "\n', 1),
            ("a.tf", b"a = \xff\xfe\n", 1),
            ("a.tf", b"\n" * 1_100_000, 1),
            ("a.tf", b"a = " + b"[" * 50_000 + b"]" * 50_000 + b"\n", 1),
            ("a.tf", b"a {\n" * 500 + b"}\n" * 500, 62),
            ("a.tf.json", b'{"resource": ', 1),
            ("a.tf.json", b"[1]", 1),
            ("a.tf.json", b'{"resource": ' + b'{"a":' * 300 + b"1" + b"}" * 301, 1),
            ("s.yaml", b"Resources:\n  A: {Type: AWS::X, b: [\n", 3),
            (
                "s.yaml",
                b"a: &a [x,x,x,x,x,x,x,x,x,x]\n"
                + b"".join(b"%c: &%c [%s]\n" % (98 + n, 98 + n, b",".join([b"*%c" % (97 + n)] * 10)) for n in range(8))
                + b"Resources: {A: {Type: AWS::X}}\n",
                7,
            ),
        ],
    )
    def test_a_problem_and_nothing_else(self, path, data, line):
        """
        Malformed, deep, huge or expanding files become a problem at a line; nothing is raised and nothing is read.
        """
        fact = read({path: data})

        assert [path] == [problem.path for problem in fact.problems]
        assert abs(line - fact.problems[0].line) <= 1
        assert not fact.resources

    def test_blocks_beside_an_error_are_kept(self):
        """
        One broken block hides no other: what can be read may still fail, and passes are spoiled by the problem.
        """
        fact = read({"a.tf": DB + 'resource "x" "y" {\n  a = = 3\n}\n'})

        assert ["aws_db_instance"] == [b.type for b in fact.resources]
        assert 1 == len(fact.problems)

    @pytest.mark.parametrize(
        "text", ["{{ if }}", "}", "{", "a b c {", '"', "<<", "resource {}", "resource 1 2 {}", "= 3"]
    )
    def test_fragments(self, text):
        """
        No fragment raises.
        """
        assert read({"a.tf": text}).files <= 1


def test_numbers_and_flags_in_any_spelling():
    """
    '7' is seven, 'true' is true, an expression is neither.
    """
    assert [7.0, 7.5, None, None, None] == [as_number(v) for v in ("7", 7.5, "var.x", True, 10**400)]
    assert [True, False, None, None] == [as_flag(v) for v in ("true", False, "var.x", 1)]
    assert [True, False, False, None] == [as_flag(v) for v in ("1", "0", "False", "no")]
