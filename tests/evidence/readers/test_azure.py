"""Azure's languages as the estate sees them: what is made, when and how often, and what nobody can tell."""

from __future__ import annotations

import json
from typing import Any

import pytest

from orchestrator.contract.testing import facts_of
from orchestrator.domain.derived import asked
from orchestrator.estate.data_stores import DataStores
from orchestrator.estate.nouns import Buckets, Entries
from orchestrator.evidence.facts.infrastructure import Infrastructure

STORE = "resource store 'Microsoft.Storage/storageAccounts@2023-01-01' = %s\n"


def read(files: dict[str, str]) -> Infrastructure:
    found = facts_of(files)[Infrastructure]
    assert isinstance(found, Infrastructure)
    return found


def made(files: dict[str, str]) -> list[str]:
    return [f"{block.block} {block.address}" for block in read(files).blocks]


def store(body: str, before: str = "") -> Infrastructure:
    return read({"main.bicep": before + STORE % body})


def template(resources: Any, **more: Any) -> dict[str, str]:
    schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
    return {"azuredeploy.json": json.dumps({"$schema": schema, **more, "resources": resources}, indent=1)}


class TestBicep:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("3", 3),
            ("size", 3),
            ("size * 2 - 1", 5),
            ("size / 2", 1),
            ("size % 2", 1),
            ("size > 2", True),
            ("size >= 4", False),
            ("size < 4", True),
            ("size <= 2", False),
            ("stage == 'production'", True),
            ("stage == 'dev'", False),
            ("stage != 'dev' && size == 3", True),
            ("size == 4 || size == 3", True),
            ("given == 4 && false", False),
            ("given == 4 || true", True),
            ("given == 4", "[given == 4]"),
            ("given", "[given]"),
            ("given ? 1 : 2", "[given ? 1 : 2]"),
            ("true ? given : 2", "[true ? given : 2]"),
            ("false ? given : 2", 2),
            ("!empty(names)", True),
            ("length(names)", 2),
            ("names[1]", "b"),
            ("names[2]", "[names[2]]"),
            ("first(names)", "a"),
            ("last(names)", "b"),
            ("contains(names, 'b')", True),
            ("contains('Cab', 'c')", True),
            ("options.inner.on", True),
            ("options.other", "[options.other]"),
            ("union(options, { x: 1 })", {"inner": {"on": True}, "x": 1}),
            ("'${size}-${names[0]}-${true}'", "3-a-true"),
            ("format('{0}/{1}', size, 'x')", "3/x"),
            ("toUpper('a')", "A"),
            ("toLower(3)", "[toLower(3)]"),
            ("null ?? 'x'", "x"),
            ("uniqueString('x')", "[uniqueString('x')]"),
            ("size / 0", "[size / 0]"),
            ("circle", "[circle]"),
            ("[for n in names: { name: n }]", [{"name": "a"}, {"name": "b"}]),
            ("[for i in range(0, 2): i]", [0, 1]),
            ("[for i in range(0, 1000): i]", "[[for i in range(0, 1000): i]]"),
            ("map(names, n => n)", "[map(names, n => n)]"),
            ("{ ...options, y: 2 }", {"inner": {"on": True}, "y": 2}),
            ("{ ...given, y: 2 }", "[{...[given]}]"),
            ("[...names]", "[...]"),
        ],
    )
    def test_values(self, text: str, value: object) -> None:
        before = (
            "param stage string = 'dev'\nparam size int = 3\nparam given int\nvar names = ['a', 'b']\n"
            "var options = { inner: { on: true } }\nvar circle = round\nvar round = circle\n"
        )
        (block,) = store(f"{{\n  name: 'store'\n  properties: {{ x: {text} }}\n}}", before).blocks

        assert value == block.body["properties"]["x"]

    def test_a_resource_with_its_lines(self) -> None:
        (block,) = store("{\n  name: 'store'\n  properties: {\n    minimumTlsVersion: 'TLS1_2'\n  }\n}").blocks

        assert "store (Microsoft.Storage/storageAccounts)" == block.address
        assert "main.bicep:4" == str(block.at("properties", "minimumTlsVersion"))

    @pytest.mark.parametrize(
        ("condition", "kept", "void"),
        [
            ("true", 1, None),
            ("false", 0, True),
            ("on", 0, True),
            ("!on", 1, None),
            ("stage == 'prod'", 1, None),
            ("stage == 'dev'", 0, True),
            ("given", 0, False),
            ("given && false", 0, True),
        ],
    )
    def test_conditions(self, condition: str, kept: int, void: bool | None) -> None:
        before = "param stage string\nparam on bool = false\nparam given bool\n"
        found = store(f"if ({condition}) {{\n  name: 'x'\n}}", before)

        assert kept == len(found.blocks)
        assert [void] * (1 - kept) == [aside.void for aside in found.aside]

    @pytest.mark.parametrize(
        ("over", "kept", "void"),
        [
            ("[]", 0, [True]),
            ("['a', 'b']", 2, []),
            ("given", 0, [False]),
            ("range(0, 101)", 0, [False]),
            ("range(0, 100)", 100, []),
        ],
    )
    def test_loops(self, over: str, kept: int, void: list[bool]) -> None:
        found = store(f"[for name in {over}: {{\n  name: string(name)\n}}]", "param given array\n")

        assert kept == len(found.blocks)
        assert void == [aside.void for aside in found.aside]

    def test_each_copy_has_a_condition_of_its_own(self) -> None:
        found = store("[for (name, i) in ['a', 'b']: if (i > 0) {\n  name: name\n}]")

        assert ["b"] == [block.body["name"] for block in found.blocks]
        assert [True] == [aside.void for aside in found.aside]

    def test_what_is_in_a_resource_that_is_not_made_is_not_made(self) -> None:
        inner = "{\n  name: 'x'\n  resource blobs 'blobServices' = {\n    name: 'default'\n  }\n}"

        assert [
            "resource store (Microsoft.Storage/storageAccounts)",
            "resource blobs (Microsoft.Storage/storageAccounts/blobServices)",
        ] == made({"main.bicep": STORE % inner})
        assert [] == made({"main.bicep": STORE % f"if (false) {inner}"})

    def test_what_exists_is_read_and_not_made(self) -> None:
        text = "resource kept 'Microsoft.KeyVault/vaults@2023-07-01' existing = {\n  name: 'kept'\n}\n"

        assert ["data kept (Microsoft.KeyVault/vaults)"] == made({"main.bicep": text})

    @pytest.mark.parametrize(
        ("call", "kept"),
        [
            ("= { params: { on: true } }", 1),
            ("= { params: { on: false } }", 0),
            ("= { params: {} }", 0),
            ("= if (false) { params: { on: true } }", 0),
            ("= [for n in [1, 2]: { params: { on: true, name: 'n${n}' } }]", 2),
            ("= [for n in []: { params: { on: true } }]", 0),
        ],
    )
    def test_a_module_is_made_as_it_is_called(self, call: str, kept: int) -> None:
        inner = "param on bool = false\nparam name string = 'x'\n" + STORE % "if (on) {\n  name: name\n}"
        files = {"main.bicep": f"module store 'parts/store.bicep' {call}\n", "parts/store.bicep": inner}

        assert kept == len(read(files).blocks)

    def test_modules_that_call_each_other_are_read_once_each(self) -> None:
        files = {
            "a.bicep": "module b 'b.bicep' = { name: 'b' }\n" + STORE % "{ name: 'a' }",
            "b.bicep": "module a 'a.bicep' = { name: 'a' }\n" + STORE % "{ name: 'b' }",
        }
        found = read(files)

        assert {"a", "b"} == {block.body["name"] for block in found.blocks}
        assert [False] == [aside.void for aside in found.aside]

    def test_a_module_that_is_not_there_could_be_anything(self) -> None:
        (aside,) = read({"main.bicep": "module gone './gone.bicep' = { name: 'gone' }\n"}).aside

        assert (False, ()) == (aside.void, aside.about)
        assert "module ./gone.bicep is not in the tree" == aside.reason

    def test_a_module_of_a_registry_is_known_by_its_name(self) -> None:
        text = "module db 'br/public:avm/res/sql/server:0.1.0' = {\n  params: { administratorLogin: 'x' }\n}\n"
        (block,) = read({"main.bicep": text}).blocks

        assert ("br/public:avm/res/sql/server", {"administratorLogin": "x"}) == (block.type, block.body)
        assert ["relational"] == [part.kind for part in asked(DataStores, facts_of({"main.bicep": text})).parts]

    @pytest.mark.parametrize(
        ("name", "value", "kept"),
        [
            ("main.parameters.json", True, 1),
            ("main.parameters.json", "${ON=true}", 1),
            ("main.parameters.json", "${ON=false}", 0),
            ("main.parameters.json", "${ON}", 0),
            ("main.parameters.dev.json", True, 0),
            ("other.parameters.json", True, 0),
        ],
    )
    def test_files_of_parameters(self, name: str, value: object, kept: int) -> None:
        schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#"
        given = json.dumps({"$schema": schema, "parameters": {"on": {"value": value}}})
        files = {"main.bicep": "param on bool = false\n" + STORE % "if (on) {\n  name: 'x'\n}", name: given}

        assert kept == len(read(files).blocks)

    @pytest.mark.parametrize(
        ("name", "said", "kept"),
        [
            ("prod.bicepparam", "using './main.bicep'\nparam on = true\n", 1),
            ("env/prod.bicepparam", "using '../main.bicep'\nparam on = true\n", 1),
            ("prod.bicepparam", "using './main.bicep'\nparam on = bool(readEnvironmentVariable('ON', 'true'))\n", 0),
            ("prod.bicepparam", "using './other.bicep'\nparam on = true\n", 0),
            ("dev.bicepparam", "using './main.bicep'\nparam on = true\n", 0),
            ("prod.bicepparam", "using none\nparam on = true\n", 0),
        ],
    )
    def test_files_of_parameters_in_bicep(self, name: str, said: str, kept: int) -> None:
        """
        A file of parameters names the template that it is for; what it computes is not known.
        """
        files = {"main.bicep": "param on bool = false\n" + STORE % "if (on) {\n  name: 'x'\n}", name: said}

        assert kept == len(read(files).blocks)

    def test_a_default_that_is_overridden_is_not_taken(self) -> None:
        files = {
            "main.bicep": "param on bool = true\n" + STORE % "if (on) {\n  name: 'x'\n}",
            "prod.bicepparam": "using 'main.bicep'\nparam on = false\n",
        }

        assert () == read(files).blocks

    def test_a_mistake_doubts_its_own_type_alone(self) -> None:
        text = (
            STORE % "{\n  name: = 'x'\n}" + "resource db 'Microsoft.Sql/servers/databases@2023' = {\n  name: 'db'\n}\n"
        )
        facts = facts_of({"main.bicep": text})

        assert ["db (Microsoft.Sql/servers/databases)"] == [part.address for part in asked(DataStores, facts).parts]
        assert () == asked(DataStores, facts).lacking(())
        assert 1 == len(asked(Buckets, facts).lacking(()))


class TestBounds:
    def test_what_grows_tenfold_with_each_name_is_not_known(self) -> None:
        """
        A list of ten lists, each of which is ten times the one before, and so on, would be compared for ever.
        """
        grown = "".join(f"var v{n + 1} = [{', '.join([f'v{n}'] * 10)}]\n" for n in range(12))
        found = store("if (v12 == v12) {\n  name: 'x'\n}", f"var v0 = 'a'\n{grown}")

        assert [False] == [aside.void for aside in found.aside]

    def test_files_that_deploy_each_other_many_times_end(self) -> None:
        """
        Ten files of which each deploys the next one four times are a million deployments, of which some are made.
        """
        files = {
            f"m{n}.bicep": "".join(f"module a{i} 'm{n + 1}.bicep' = {{ name: 'a{i}' }}\n" for i in range(4))
            for n in range(10)
        }
        found = read({**files, "m10.bicep": STORE % "{ name: 'x' }"})

        assert any("too many others" in aside.reason and not aside.void for aside in found.aside)


class TestTemplates:
    def test_what_it_declares(self) -> None:
        files = template(
            [
                {
                    "type": "Microsoft.Storage/storageAccounts",
                    "apiVersion": "2023-01-01",
                    "name": "[variables('name')]",
                    "properties": {
                        "minimumTlsVersion": "[if(equals(parameters('stage'), 'prod'), 'TLS1_2', 'TLS1_0')]"
                    },
                    "resources": [{"type": "blobServices", "name": "default"}],
                },
                {"type": "Microsoft.Sql/servers", "name": "gone", "condition": "[parameters('on')]"},
                {"type": "Microsoft.Sql/servers", "name": "each", "copy": {"name": "c", "count": 2}},
                {"type": "Microsoft.Sql/servers", "name": "none", "copy": {"name": "c", "count": 0}},
            ],
            parameters={"stage": {"type": "string"}, "on": {"type": "bool", "defaultValue": False}},
            variables={"name": "[concat('a', 'b')]"},
        )
        found = read(files)

        assert [
            "Microsoft.Storage/storageAccounts",
            "Microsoft.Storage/storageAccounts/blobServices",
            "Microsoft.Sql/servers",
        ] == [block.type for block in found.blocks]
        assert [1, 1, 2] == [block.copies for block in found.blocks]
        assert ("ab", "TLS1_2") == (
            found.blocks[0].body["name"],
            found.blocks[0].body["properties"]["minimumTlsVersion"],
        )
        assert ("azuredeploy.json", 16) == (found.blocks[0].path, found.blocks[0].line)
        assert ["gone", "none"] == [aside.what.partition(" ")[0] for aside in found.aside]
        assert all(aside.void for aside in found.aside)

    def test_what_bicep_was_turned_into_is_not_read_again(self) -> None:
        resources = [{"type": "Microsoft.Storage/storageAccounts", "name": "x"}]
        text = STORE % "{\n  name: 'x'\n}"

        assert 1 == len(made({"azuredeploy.bicep": text, **template(resources)}))
        assert 2 == len(made({"main.bicep": text, **template(resources)}))

    def test_other_json_is_none(self) -> None:
        assert [] == made({"a.json": json.dumps({"about": "deploymentTemplate.json", "resources": [{"type": "a/b"}]})})

    @pytest.mark.parametrize("resources", [None, 3, "x", [None, 3, {"type": 3}], {"a": None}])
    def test_what_is_no_resource_is_passed_over(self, resources: object) -> None:
        assert [] == made(template(resources))


class TestNested:
    @staticmethod
    def _deploying(properties: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {"type": "Microsoft.Resources/deployments", "name": "inner", "properties": properties, **more}

    @staticmethod
    def _store(**more: Any) -> dict[str, Any]:
        return {"type": "Microsoft.Storage/storageAccounts", "name": "s", **more}

    @pytest.mark.parametrize(
        ("scope", "given", "kept", "void"),
        [
            ({}, False, 1, []),
            ({"expressionEvaluationOptions": {"scope": "outer"}}, True, 1, []),
            ({"expressionEvaluationOptions": {"scope": "inner"}}, True, 1, []),
            ({"expressionEvaluationOptions": {"scope": "inner"}}, False, 0, [True]),
            ({"expressionEvaluationOptions": {"scope": "inner"}}, "[parameters('unsaid')]", 0, [False]),
            ({"expressionEvaluationOptions": {"scope": "inner"}}, None, 0, [True]),
        ],
    )
    def test_a_template_within_one(self, scope: dict[str, Any], given: object, kept: int, void: list[bool]) -> None:
        """
        What is written out within a deployment is made; its names are those of the whole, unless it says otherwise.
        """
        inner = {
            "parameters": {"on": {"type": "bool", "defaultValue": False}},
            "resources": [self._store(condition="[parameters('on')]")],
        }
        passed = {} if given is None else {"parameters": {"on": {"value": given}}}
        files = template(
            [self._deploying({"template": inner, **passed, **scope})],
            parameters={"on": {"type": "bool", "defaultValue": True}, "unsaid": {"type": "bool"}},
        )
        found = read(files)

        assert kept == len(found.blocks)
        assert void == [aside.void for aside in found.aside]

    @pytest.mark.parametrize(
        ("more", "kept", "void"),
        [
            ({}, 1, []),
            ({"condition": False}, 0, [True]),
            ({"copy": {"name": "c", "count": 0}}, 0, [True]),
            ({"copy": {"name": "c", "count": 3}}, 1, []),
            ({"condition": "[parameters('unsaid')]"}, 0, [False]),
        ],
    )
    def test_a_deployment_that_is_not_made_makes_nothing(
        self, more: dict[str, Any], kept: int, void: list[bool]
    ) -> None:
        files = template([self._deploying({"template": {"resources": [self._store()]}}, **more)])
        found = read(files)

        assert kept == len(found.blocks)
        assert void == [aside.void for aside in found.aside]

    @pytest.mark.parametrize(
        ("link", "kept"),
        [
            ({"relativePath": "nested/store.json"}, ["s"]),
            ({"relativePath": "./nested/store.json"}, ["s"]),
            ({"uri": "[uri(parameters('_artifactsLocation'), 'nested/store.json')]"}, ["s"]),
            ({"uri": "[concat(parameters('base'), '/nested/store.json', parameters('token'))]"}, ["s"]),
            ({"uri": "[variables('url')]"}, ["s"]),
            ({"uri": "[variables('unsaid')]"}, []),
            ({"uri": "[concat(parameters('base'), 'nested/', 'gone.json')]"}, []),
            ({"uri": "https://templates.example.com/nested/store.json"}, []),
            ({"relativePath": "gone.json"}, []),
            ({"id": "[resourceId('Microsoft.Resources/templateSpecs/versions', 'x', '1')]"}, []),
            ({}, []),
        ],
    )
    def test_a_template_that_is_linked_to(self, link: dict[str, Any], kept: list[str]) -> None:
        """
        One that lies beside it is deployed with what it is given; one that is not there could be anything.
        """
        store = self._store(condition="[parameters('on')]")
        linked = template([store], parameters={"on": {"type": "bool", "defaultValue": False}})["azuredeploy.json"]
        deployment = self._deploying({"templateLink": link, "parameters": {"on": {"value": True}}})
        variables = {"url": "[concat(parameters('base'), 'nested/store.json')]"}
        found = read({**template([deployment], variables=variables), "nested/store.json": linked})

        assert kept == [block.label for block in found.blocks]
        assert (0 if kept else 1) == len([a for a in found.aside if not a.void and not a.about])
        assert [] == [block for block in found.blocks if "deployments" in block.type]

    def test_one_within_the_other_without_end(self) -> None:
        """
        So many levels are read; what lies deeper could be anything.
        """
        inner: dict[str, Any] = self._deploying({"template": {"resources": [self._store()]}})
        for _ in range(8):
            inner = self._deploying({"template": {"resources": [self._store(), inner]}})
        found = read(template([inner]))

        assert 8 == sum(block.copies for block in found.blocks)
        assert [False] == [aside.void for aside in found.aside]


class TestEstate:
    def test_one_row_of_the_vocabulary_is_all_that_a_type_takes(self) -> None:
        """
        What a type is, and what its settings are, stands in a row: nothing else knows its name.
        """
        text = (
            "resource till 'Microsoft.Web/sites@2023-01-01' = {\n  name: 'till'\n  properties: {\n    httpsOnly: %s\n"
            "    siteConfig: {\n      minTlsVersion: '1.2'\n    }\n  }\n}\nparam given bool\n"
        )
        for written, told in (("true", True), ("false", False), ("given", None)):
            (part,) = asked(Entries, facts_of({"main.bicep": text % written})).parts

            assert told is part.says("secure").value
            assert part.says("tls").value is True

    def test_a_type_that_nobody_has_sorted_could_be_anything(self) -> None:
        text = "resource x 'Microsoft.Future/things@2030-01-01' = {\n  name: 'x'\n}\n"
        facts = facts_of({"main.bicep": text})

        assert 1 == len(asked(Buckets, facts).not_understood)
        assert 1 == len(asked(DataStores, facts).not_understood)
