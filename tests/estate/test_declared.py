"""What a tree declares, by noun, and what nobody has sorted."""

from __future__ import annotations

import pytest

from orchestrator.contract.testing import facts_of
from orchestrator.domain.derived import asked
from orchestrator.estate import modules
from orchestrator.estate.data_stores import DataStores
from orchestrator.estate.declared import Declared
from orchestrator.estate.nouns import Buckets, Entries, Identities, LogStores, Queues
from orchestrator.estate.types import MODULE, known
from orchestrator.estate.workloads import Workloads
from orchestrator.evidence.facts.infrastructure import Infrastructure

STATEFUL = (
    "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: db}}\nspec:\n  template:\n    spec:\n"
    "      containers: [{{name: db, image: '{image}'}}]\n{volume}"
)
CLAIM = "  volumeClaimTemplates: [{metadata: {name: data}}]\n"
COMPOSE = "services:\n  db:\n    image: {image}\n    volumes: ['{volume}:/data']\nvolumes: {{kept: {{}}}}\n"


def declared(files):
    return asked(Declared, facts_of(files))


def parts(kind, files):
    return [(part.kind, part.address) for part in asked(kind, facts_of(files)).parts]


class TestSorted:
    @pytest.mark.parametrize(
        ("noun", "line", "kind"),
        [
            (DataStores, 'resource "google_spanner_instance" "x" {}', "relational"),
            (Buckets, 'resource "alicloud_oss_bucket" "x" {}', ""),
            (Queues, 'resource "azurerm_servicebus_queue" "x" {}', "queue"),
            (LogStores, 'resource "aws_cloudtrail" "x" {}', "audit"),
            (Entries, 'resource "aws_lambda_function_url" "x" {}', "function"),
            (Workloads, 'resource "digitalocean_app" "x" {}', "service"),
            (Identities, 'resource "google_project_iam_member" "x" {}', "grant"),
        ],
    )
    def test_each_noun_of_any_cloud(self, noun, line, kind):
        """
        A resource is a part of its noun, and of no other.
        """
        found = asked(noun, facts_of({"main.tf": line + "\n"}))

        assert [kind] == [part.kind for part in found.parts]
        assert () == found.not_understood
        others = [DataStores, Buckets, Queues, LogStores, Entries, Workloads, Identities]
        assert [] == [part for other in others if other is not noun for part in parts(other, {"main.tf": line + "\n"})]

    def test_one_resource_of_two_nouns(self):
        """
        A web app runs a program and takes requests.
        """
        files = {"main.tf": 'resource "azurerm_linux_web_app" "x" {\n  https_only = true\n}\n'}

        assert [("web-app", "azurerm_linux_web_app.x")] == parts(Workloads, files) == parts(Entries, files)

    def test_none_of_it(self):
        """
        Declared zero times, it is none.
        """
        files = {"main.tf": 'resource "aws_sqs_queue" "x" {\n  count = 0\n}\n'}

        assert [] == parts(Queues, files)


class TestNotUnderstood:
    @pytest.mark.parametrize(
        ("files", "form", "said"),
        [
            ({"a.tf": 'resource "aws_starlight" "x" {}\n'}, "type", "a.tf:1: nobody has said what type aws_starlight"),
            ({"a.tf": 'module "x" {\n  source = "acme/db/aws"\n}\n'}, "module", "what module acme/db/aws is"),
            ({"a.tf": 'module "x" {\n}\n'}, "module", "what module without a source is"),
            ({"a.tf": 'module "x" {\n  source = "../db"\n}\n'}, "module", "module ../db is not in the tree"),
            ({"a.tf": 'resource "helm_release" "x" {\n  chart = "acme/ledger"\n}\n'}, "chart", "what chart ledger is"),
            ({"a.tf": 'resource "helm_release" "x" {\n}\n'}, "type", "what type helm_release is"),
            ({"k/a.yaml": "apiVersion: acme.io/v1\nkind: Ledger\n"}, "object", "acme.io/v1, kind: Ledger"),
            ({"k/a.yaml": STATEFUL.format(image="acme/ledger:1", volume=CLAIM)}, "image", "image acme/ledger:1"),
            ({"compose.yaml": COMPOSE.format(image="acme/ledger", volume="kept")}, "image", "image acme/ledger is"),
            ({"t.yaml": "Resources:\n  X:\n    Type: AWS::CloudFormation::Stack\n"}, "type", "CloudFormation::Stack"),
        ],
    )  # fmt: skip
    def test_is_counted_by_form(self, files, form, said):
        """
        What nobody has sorted could be a data store, and says where it stands.
        """
        told = declared(files)

        assert [form] == [one.form for one in told.unsorted]
        assert said in str(told.unsorted[0].problem)
        assert 1 == len(asked(DataStores, facts_of(files)).not_understood)

    def test_an_image_could_be_no_queue(self):
        """
        An image that keeps data could be a data store alone.
        """
        files = {"k/a.yaml": STATEFUL.format(image="acme/ledger:1", volume=CLAIM)}

        assert () == asked(Queues, facts_of(files)).not_understood

    @pytest.mark.parametrize(
        "files",
        [
            {"k/a.yaml": STATEFUL.format(image="acme/ledger:1", volume="")},
            {"compose.yaml": COMPOSE.format(image="acme/ledger", volume="./src")},
            {"compose.yaml": COMPOSE.format(image="acme/ledger\n    build: .", volume="kept")},
            {"k/a.yaml": STATEFUL.format(image="grafana/grafana:11", volume=CLAIM)},
            {"a.tf": 'module "x" {\n  source = "./db"\n}\n', "db/main.tf": "locals {\n}\n"},
            {"live/a.tf": 'module "x" {\n  source = "../db"\n}\n', "db/main.tf": "locals {\n}\n"},
            {"db/a.tf": 'module "x" {\n  source = "../"\n}\n', "main.tf": "locals {\n}\n"},
            {"a.tf": 'resource "helm_release" "x" {\n  chart = "./charts/shop"\n}\n'},
            {"a.tf": 'module "x" {\n  source = "terraform-aws-modules/vpc/aws"\n}\n'},
        ],
    )
    def test_what_is_in_order(self, files):
        """
        What keeps nothing, is built of the tree, or is known to be something else, is understood.
        """
        assert () == declared(files).unsorted

    def test_a_template_that_cannot_be_filled_in(self):
        """
        A template that did not become YAML could hold anything.
        """
        files = {
            "c/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
            "c/templates/a.yaml": "apiVersion: v1\nkind: Service\nspec: [{{ .Values.x }\n  : ]\n",
        }

        assert ["template"] == [one.form for one in declared(files).unsorted]


class TestSelfRun:
    @pytest.mark.parametrize(
        ("image", "kind"),
        [
            ("postgres:17", "relational"),
            ("docker.io/bitnami/postgresql@sha256:abc", "relational"),
            ("mcr.microsoft.com/mssql/server:2022-latest", "relational"),
            ("localhost:5000/mongo:8", "document"),
        ],
    )
    def test_by_image(self, image, kind):
        """
        An image is known by the end of its name, without registry, port, tag and digest.
        """
        files = {"k/a.yaml": STATEFUL.format(image=image, volume="")}

        assert [(kind, "StatefulSet db")] == parts(DataStores, files)

    def test_jobs_that_use_a_database_run_none(self):
        """
        A job with the image of a database dumps or restores one.
        """
        job = (
            STATEFUL.format(image="postgres:17", volume="").replace("apps/v1", "batch/v1").replace("StatefulSet", "Job")
        )

        assert [] == parts(DataStores, {"k/a.yaml": job})

    @pytest.mark.parametrize(
        ("dockerfile", "expected"),
        [
            ("FROM postgres:17\nCOPY init.sql /x/\n", [("relational", "compose service db")]),
            ("FROM acme/base:1\n", []),
            ("FROM $BASE\n", []),
        ],
    )
    def test_an_image_built_upon_one(self, dockerfile, expected):
        """
        A database with settings of one's own is a database.
        """
        compose = "services:\n  db:\n    build: ./db\n    volumes: ['kept:/x']\nvolumes:\n  kept:\n"

        assert expected == parts(DataStores, {"compose.yaml": compose, "db/Dockerfile": dockerfile})

    def test_compose_beside_a_cluster_is_for_developers(self):
        """
        Where something else runs programs, compose files are not what runs; where nothing else does, they are.
        """
        compose = {"compose.yaml": COMPOSE.format(image="postgres:17", volume="kept")}
        cluster = {"k/a.yaml": STATEFUL.format(image="acme/shop:1", volume="")}
        machine = {"main.tf": 'resource "aws_instance" "x" {}\n'}

        assert [("relational", "compose service db")] == parts(DataStores, compose)
        assert [("relational", "compose service db")] == parts(DataStores, compose | machine)
        assert [] == parts(DataStores, compose | cluster)


class TestKnown:
    def test_a_whole_name_counts_before_the_beginning_of_one(self):
        """
        What begins like something irrelevant can be a part all the same.
        """
        role, other = known("aws_iam_role"), known("aws_iam_account_alias")

        assert role is not None
        assert other is not None
        assert ({"identities": "identity"}, {}) == (role.kinds, other.kinds)
        assert known("aws_starlight") is None

    @pytest.mark.parametrize(
        ("source", "name"),
        [
            ("terraform-aws-modules/rds/aws", "terraform-aws-modules/rds/aws"),
            ("terraform-aws-modules/rds/aws//modules/db_instance", "terraform-aws-modules/rds/aws"),
            ("registry.terraform.io/terraform-aws-modules/rds/aws", "terraform-aws-modules/rds/aws"),
            ("git::https://github.com/terraform-aws-modules/terraform-aws-rds?ref=6", "terraform-aws-modules/rds/aws"),
            ("github.com/terraform-aws-modules/terraform-aws-rds", "terraform-aws-modules/rds/aws"),
            ("git@github.com:terraform-aws-modules/terraform-aws-rds.git", "terraform-aws-modules/rds/aws"),
        ],
    )  # fmt: skip
    def test_a_module_by_any_of_its_sources(self, source, name):
        """
        The registry and the repository behind it name one module.
        """
        assert name == modules.registered(source)
        assert known(name, MODULE) is not None

    @pytest.mark.parametrize(
        ("source", "local"), [("./db", True), ("../db", True), ("${path.module}/db", True), ("acme/db/aws", False)]
    )
    def test_a_folder_is_read_with_the_tree(self, source, local):
        """
        A module in a folder is no stranger.
        """
        assert local is modules.is_local(source)


class TestConcerns:
    @pytest.mark.parametrize(
        ("about", "expected"),
        [
            ((), True),
            (("aws_db_instance",), True),
            (("aws_sqs_queue",), False),
            (("aws_starlight",), True),
            (("data",), False),
            (("provider",), False),
            (("module",), True),
            (("Secret",), False),
            (("HorizontalPodAutoscaler",), False),
            (("Secret", "aws_starlight"), True),
            (("CronJob",), False),
            (("Deployment",), True),
            (("Pod",), True),
            (("Cluster",), True),
            (("Route",), False),
            (("Starlight",), True),
            (("Microsoft.Sql/servers/databases",), True),
            (("Microsoft.Network/virtualNetworks",), False),
            (("data", "module"), True),
            (("output", "locals"), False),
        ],
    )
    def test_what_could_be_one(self, about, expected):
        """
        A doubt about a type matters to the noun of that type, and to all where the type is unknown.
        """
        assert expected is DataStores().concerns(about)

    @pytest.mark.parametrize(
        ("kind", "noun"),
        [("CronJob", Workloads), ("Route", Entries), ("Service", Entries), ("Role", Identities), ("Bucket", Buckets)],
    )
    def test_an_object_without_its_group(self, kind, noun):
        """
        A kind of object could be what any of the groups that have it mean by it, and nothing else.
        """
        every = [DataStores, Buckets, Queues, LogStores, Entries, Workloads, Identities]

        assert [noun] == [one for one in every if one().concerns((kind,))]


class TestFamilies:
    def test_a_module_tells_what_is_said_outright(self):
        """
        Of a database behind a module its own words count.
        """
        module = 'module "x" {\n  source = "terraform-aws-modules/rds/aws"\n  backup_retention_period = %s\n}\n'
        kept, none = (asked(DataStores, facts_of({"a.tf": module % days})).parts[0].keeping for days in ("35", "0"))

        assert (35, True) == (kept.retention.value, kept.backups.value)
        assert (0, False) == (none.retention.value, none.backups.value)

    def test_production(self):
        """
        Folder and name tell what nobody depends on; caches are no databases, and an index is beside them.
        """
        line = 'resource "%s" "%s" {}\n'
        files = {
            "prod/a.tf": line % ("aws_docdb_cluster", "orders") + line % ("aws_docdb_cluster", "orders-dev")
            + line % ("aws_dax_cluster", "orders") + line % ("aws_kendra_index", "orders"),
            "staging/a.tf": line % ("aws_docdb_cluster", "orders"),
        }  # fmt: skip
        stores = asked(DataStores, facts_of(files))

        assert 5 == len(stores.parts)
        assert ["aws_docdb_cluster.orders"] == [store.address for store in stores.databases]
        assert ["aws_kendra_index.orders"] == [store.address for store in stores.beside]


class TestPrograms:
    GROUP = 'resource "aws_autoscaling_group" "web" {\n  vpc_zone_identifier = ["a", "b"]\n%s}\n'

    @pytest.mark.parametrize("name", ["Pulumi.yaml", "infra/cdk.json", "cdktf.json", "cdk8s.yaml", "sst.config.ts"])
    def test_a_pass_over_all_of_something_is_none_beside_a_program(self, name):
        """
        A program that declares resources could declare another of any kind: with its place and why.
        """
        facts = facts_of({name: "name: shop\n", "main.tf": self.GROUP % ""})
        infrastructure = asked(Infrastructure, facts)
        infrastructure.of("aws_autoscaling_group")
        (doubt,) = infrastructure.doubted(())
        (problem,) = asked(DataStores, facts).lacking(())

        assert (name, name) == (doubt.path, problem.path)
        assert "is told only by running it" in doubt.reason == problem.reason
        assert [] == list(asked(DataStores, facts).doubted(()))

    @pytest.mark.parametrize("name", ["tests/Pulumi.yaml", "examples/cdk.json", "attic/cdk.json"])
    def test_but_of_one_that_is_no_part_of_the_release(self, name):
        """
        An example's program declares nothing of the release.
        """
        infrastructure = asked(Infrastructure, facts_of({name: "name: shop\n", "main.tf": self.GROUP % ""}))
        infrastructure.of("aws_autoscaling_group")

        assert () == infrastructure.doubted(())

    @pytest.mark.parametrize(("kind", "doubts"), [("variable", 0), ("provider", 0), ("resource", 1), ("ephemeral", 1)])
    def test_what_only_terraform_has(self, kind, doubts):
        """
        No program declares a variable of Terraform.
        """
        infrastructure = asked(Infrastructure, facts_of({"cdk.json": "{}", "main.tf": self.GROUP % ""}))
        infrastructure.of_kind(kind)

        assert doubts == len(infrastructure.doubted(()))

    def test_who_needs_any_resource_is_told(self):
        """
        Who asks for nothing in particular has seen enough.
        """
        infrastructure = asked(Infrastructure, facts_of({"cdk.json": "{}", "main.tf": self.GROUP % ""}))

        assert 1 == len(infrastructure.some)
        assert () == infrastructure.doubted(())


class TestElsewhere:
    @pytest.mark.parametrize(
        ("files", "forms"),
        [
            ({"infra/main.bicep": "resource x 'Acme.Future/things@2022-05-01' = {}\n"}, ["type"]),
            ({"infra/main.bicep": "resource x 'Microsoft.Sql/servers@2022-05-01' = {}\n"}, []),
            ({"infra/Pulumi.yaml": "name: shop\n"}, ["language"]),
            ({"job.nomad.hcl": "job {}\n"}, ["language"]),
            ({"tests/infra/main.bicep": "resource x 'Microsoft.Sql/servers@2022-05-01' = {}\n"}, []),
            ({"k/kustomization.yaml": "resources: ['https://github.com/acme/base?ref=v1']\n"}, ["remote"]),
            ({"k/kustomization.yaml": "resources: [../base, web.yaml]\n"}, []),
            ({"c/Chart.yaml": "name: c\ndependencies: [{name: ledger, repository: 'https://x.io'}]\n"}, ["chart"]),
            ({"c/Chart.yaml": "name: c\ndependencies: [{name: ledger, repository: 'file://../l'}]\n"}, []),
            ({"c/Chart.yaml": "name: c\ndependencies: [{name: ledger}, 7]\n"}, []),
            (
                {
                    "c/Chart.yaml": "name: c\n"
                    "dependencies: [{name: ledger, repository: 'https://x.io', condition: ledger.enabled}]\n",
                    "c/values.yaml": "ledger: {enabled: false}\n",
                },
                [],
            ),
        ],
    )
    def test_what_is_declared_where_nobody_reads(self, files, forms):
        """
        Languages that are not read, and what is fetched from elsewhere, could be anything.
        """
        assert forms == [one.form for one in declared(files).unsorted]

    def test_a_database_that_a_chart_brings_along(self):
        """
        A chart that depends on a database runs one.
        """
        files = {"c/Chart.yaml": "name: c\ndependencies: [{name: postgresql, repository: 'oci://x.io/charts'}]\n"}

        assert [("relational", "chart postgresql")] == parts(DataStores, files)


CRD = "apiVersion: acme.io/v1\nkind: Ledger\n"
CLASS = "apiVersion: storage.k8s.io/v1\nkind: StorageClass\n"
RELEASE = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: db}\nspec:\n  %s\n"
APPLICATION = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: db}\nspec:\n  source: {%s}\n"


class TestEmbedded:
    @pytest.mark.parametrize(
        ("text", "forms"),
        [
            (f"yaml_body = <<-EOT\n{CRD}EOT\n", ["object"]),
            (f"yaml_body = <<-EOT\n{CLASS}EOT\n", []),
            (f"yaml_body = <<-EOT\n{CLASS}---\n{CRD}EOT\n", ["object"]),
            ('yaml_body = file("${path.module}/class.yaml")\n', []),
            ("yaml_body = local.rendered\n", ["object"]),
            ("", ["object"]),
        ],
    )
    def test_objects_in_terraform(self, text, forms):
        """
        What stands in a text is an object like any other, and what a file holds is read with the tree.
        """
        files = {"a.tf": f'resource "kubectl_manifest" "x" {{\n{text}}}\n'}

        assert forms == [one.form for one in declared(files).unsorted]

    def test_an_object_as_a_value(self):
        """
        A manifest as a mapping names its object outright.
        """
        manifest = (
            'resource "kubernetes_manifest" "x" {\n  manifest = {\n    apiVersion = "%s"\n    kind = "%s"\n  }\n}\n'
        )

        assert [("relational", "kubernetes_manifest.x")] == parts(
            DataStores, {"a.tf": manifest % ("postgresql.cnpg.io/v1", "Cluster")}
        )
        assert ["object"] == [one.form for one in declared({"a.tf": manifest % ("acme.io/v1", "Cluster")}).unsorted]

    @pytest.mark.parametrize(
        "text",
        [
            RELEASE % "chart: {spec: {chart: postgresql}}",
            RELEASE % "chartRef: {kind: OCIRepository, name: postgresql}",
            APPLICATION % "chart: postgresql, repoURL: 'https://x.io'",
        ],
    )
    def test_charts_that_an_object_has_installed(self, text):
        """
        A release of a chart is what the chart is.
        """
        assert [("relational", text.split("kind: ")[1].split("\n")[0] + " db")] == parts(
            DataStores, {"k/db.yaml": text}
        )

    @pytest.mark.parametrize(
        ("sources", "found"),
        [
            ({"OCIRepository": "url: oci://ghcr.io/acme/charts/postgresql/"}, ["relational"]),
            ({"OCIRepository": "url: oci://ghcr.io/acme/charts/reloader"}, []),
            ({"HelmChart": "chart: reloader"}, ["relational"]),
            ({"GitRepository": "url: https://x.io/reloader"}, ["relational"]),
        ],
    )
    def test_a_chart_that_a_source_holds(self, sources, found):
        """
        A release is of what its source holds, whatever that is called; another source says nothing of it.
        """
        source = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: %s\nmetadata: {name: postgresql}\nspec: {%s}\n"
        files = {f"k/{kind}.yaml": source % (kind, spec) for kind, spec in sources.items()}
        release = {"k/db.yaml": RELEASE % "chartRef: {kind: OCIRepository, name: postgresql}"}

        assert found == [kind for kind, _ in parts(DataStores, files | release)]

    def test_a_chart_of_which_there_are_two(self):
        """
        Where two sources of one name hold different charts, it could be anything.
        """
        source = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: {name: db}\nspec: {url: %s}\n"
        files = {f"k/{name}.yaml": source % f"oci://x.io/{name}" for name in ("postgresql", "reloader")}
        release = {"k/db.yaml": RELEASE % "chartRef: {kind: OCIRepository, name: db}"}

        assert ["object"] == [one.form for one in declared(files | release).unsorted]

    @pytest.mark.parametrize(
        ("text", "form"),
        [
            (RELEASE % "chartRef: {kind: OCIRepository, name: ledger}", "chart"),
            (RELEASE % "interval: 1h", "object"),
            (APPLICATION % "path: apps/db", "object"),
        ],
    )
    def test_a_release_of_nobody_knows_what(self, text, form):
        """
        Another chart, or what lies in another repository, could be anything.
        """
        assert [form] == [one.form for one in declared({"k/db.yaml": text}).unsorted]


ARGO = "apiVersion: argoproj.io/v1alpha1\nkind: {kind}\nmetadata: {{name: shop}}\nspec:\n{body}"
SET = "  generators: [{{list: {{elements: [{{env: live}}]}}}}]\n  template:\n    spec:\n      source: {source}\n"
LIVE = {"deploy/overlays/live/web.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"}


class TestOfTheTree:
    @pytest.mark.parametrize(
        ("kind", "body", "unsorted"),
        [
            ("Application", "  source: {repoURL: a, path: deploy/overlays/live}\n", 0),
            ("Application", "  sources: [{repoURL: a, path: ./deploy/overlays/live}, {repoURL: a, ref: values}]\n", 0),
            ("Application", "  source: {repoURL: a, path: deploy/elsewhere}\n", 1),
            ("Application", "  source: {repoURL: a}\n", 1),
            ("Application", "  source: {repoURL: a, chart: nobody-knows, path: deploy}\n", 1),
            ("ApplicationSet", SET.format(source="{repoURL: a, path: 'deploy/overlays/{{env}}'}"), 0),
            ("ApplicationSet", SET.format(source="{repoURL: a, path: 'charts/{{env}}'}"), 1),
            ("ApplicationSet", SET.format(source="{repoURL: a, path: 'deploy/{{env}}/web/{{env}}'}"), 1),
        ],
    )
    def test_what_argo_applies_from_this_tree_is_read_with_it(self, kind, body, unsorted):
        found = declared({**LIVE, "argo/app.yaml": ARGO.format(kind=kind, body=body)})

        assert unsorted == len(found.unsorted)
