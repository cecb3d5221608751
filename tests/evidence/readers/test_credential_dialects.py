"""Checks that a credential is told in whatever dialect it is written, and that what only looks like one is not."""

# ruff: noqa: E501, UP031  # rows of a table, each a file as it stands

from __future__ import annotations

import base64
import random
import string

import pytest

from orchestrator import Secrets
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.secrets import SecretsReader
from orchestrator.evidence.tree import MemoryTree

R = random.Random(7)
A = "".join(R.choice(string.ascii_letters + string.digits) for _ in range(32))
PW = "k3Jx9" + "QwzLm7Tb2Vn"


def b(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


G = "ghp" + "_aZ3kQ9xW7bV2mN8cR5tY1uJ6hF4gD0sLpEoi"
WRITTEN = {
    "second argument": ("shop/mail.py", f"client = Client('mail', '{A}')\n"),
    "argument on a line of its own": ("src/m.ts", f"const mail = new MailClient(\n  'mail',\n  \"{A}\",\n)\n"),
    "argument behind a name": ("m.go", f'c := mail.NewClient(host, "{A}")\n'),
    "login": ("m.py", f'smtp.login("robot@x.io", "{PW}")\n'),
    "connection of a driver": ("A.java", f'Connection c = DriverManager.getConnection(url, "app", "{PW}");\n'),
    "stringData of a Secret": (
        "k8s/s.yaml",
        f"apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData:\n  mail: {A}\n",
    ),
    "data of a Secret": (
        "k8s/s2.yaml",
        f"apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ndata:\n  mail: {b(A)}\n",
    ),
    "Secret as JSON": ("k8s/s3.json", f'{{"kind": "Secret", "data": {{"mail": "{b(A)}"}}}}\n'),
    "dist in the middle of a name": ("services/mail.dist.yaml", f"api_token: {A}\n"),
    "SSM parameter": (
        "deploy/param.tf",
        f'resource "aws_ssm_parameter" "pay" {{\n  name  = "/till/payment_api_key"\n  type  = "SecureString"\n  value = "{A[:22]}"\n}}\n',
    ),
    "SSM parameter of CloudFormation": (
        "deploy/p.yaml",
        f"Resources:\n  Pay:\n    Type: AWS::SSM::Parameter\n    Properties:\n      Name: /till/payment_api_key\n      Type: String\n      Value: {A[:22]}\n",
    ),
    "secret of a key vault": (
        "deploy/kv.tf",
        f'resource "azurerm_key_vault_secret" "pay" {{\n  name  = "pay"\n  value = "{A}"\n}}\n',
    ),
    "secret of a secrets manager": (
        "deploy/sm.yaml",
        f"Resources:\n  Pay:\n    Type: AWS::SecretsManager::Secret\n    Properties:\n      SecretString: {A}\n",
    ),
    "split": ("a.py", f'token = "{G[:20]}" + "{G[20:]}"\n'),
    "b64env": (".env", f"CONFIG={b('TOKEN=' + G)}\n"),
    "propcont": ("app.properties", f"db.password=\\\n  {PW}\n"),
    "xml": ("conf.xml", f"<datasource><user>a</user><password>{PW}</password></datasource>\n"),
    "xmlattr": ("server.xml", f'<Resource name="jdbc/x" username="a" password="{PW}"/>\n'),
    "plist": ("Info.plist", f"<plist><dict><key>ApiToken</key>\n<string>{A}</string></dict></plist>\n"),
    "netrc": (".netrc", f"machine api.x.io\nlogin robot\npassword {PW}\n"),
    "netrc1": ("deploy/netrc", f"machine api.x.io login robot password {PW}\n"),
    "docker": (".docker/config.json", '{"auths": {"registry.x.io": {"auth": "%s"}}}\n' % b("robot:" + PW)),
    "kubeconfig": ("kubeconfig", f"apiVersion: v1\nkind: Config\nusers:\n- name: a\n  user:\n    token: {A}\n"),
    "kubeconfig2": (
        "deploy/kubeconfig.yaml",
        f"apiVersion: v1\nkind: Config\nusers:\n- name: a\n  user:\n    client-key-data: {b('-----BEGIN RSA PRIVATE' + ' KEY-----' + chr(10) + A * 4 + chr(10) + A * 3 + chr(10) + '-----END RSA PRIVATE' + ' KEY-----')}\n",
    ),
    "tfvars": ("prod.tfvars", f'db_password = "{PW}"\n'),
    "tfstate": (
        "terraform.tfstate",
        f'{{"resources": [{{"type": "aws_db_instance", "instances": [{{"attributes": {{"password": "{PW}"}}}}]}}]}}\n',
    ),
    "ipynb": (
        "n.ipynb",
        '{"cells": [{"cell_type": "code", "source": ["import os\\n", "token = \\"%s\\"\\n"], "outputs": []}]}\n' % A,
    ),
    "ipynbout": (
        "n2.ipynb",
        '{"cells": [{"cell_type": "code", "source": ["print(t)"], "outputs": [{"text": ["%s\\n"]}]}]}\n' % G,
    ),
    "sqlseed": ("seed.sql", f"INSERT INTO settings (name, value) VALUES ('smtp_password', '{PW}');\n"),
    "sqluser": ("users.sql", f"CREATE USER app WITH PASSWORD '{PW}';\n"),
    "heredoc": ("setup.sh", f"cat > /etc/app.env <<EOF\nDB_PASSWORD={PW}\nEOF\n"),
    "userdata": (
        "cf.yaml",
        f"Resources:\n  I:\n    Properties:\n      UserData:\n        Fn::Base64: |\n          #!/bin/bash\n          export DB_PASSWORD={PW}\n",
    ),
    "userdatab64": (
        "cf2.yaml",
        f"Resources:\n  I:\n    Properties:\n      UserData: {b('#!/bin/bash' + chr(10) + 'export DB_PASSWORD=' + PW)}\n",
    ),
    "postman": (
        "api.postman_collection.json",
        '{"auth": {"type": "bearer", "bearer": [{"key": "token", "value": "%s", "type": "string"}]}}\n' % A,
    ),
    "http": ("api.http", f"GET https://x.io/a\nAuthorization: Bearer {A}\n"),
    "idea": (
        ".idea/dataSources.xml",
        f"<data-source><jdbc-url>jdbc:postgresql://h/db?user=a&amp;password={PW}</jdbc-url></data-source>\n",
    ),
    "gitmodules": (".gitmodules", f'[submodule "x"]\n  url = https://robot:{PW}@git.x.io/a.git\n'),
    "gitcred": (".git-credentials", f"https://robot:{PW}@git.x.io\n"),
    "npmrc": (".npmrc", f"//registry.x.io/:_authToken={A}\n"),
    "maven": (
        "settings.xml",
        f"<servers><server><id>a</id><username>b</username><password>{PW}</password></server></servers>\n",
    ),
    "ecs": ("ecs.yaml", f"Environment:\n  - Name: LEDGER_PASSWORD\n    Value: {PW}\n"),
    "ansible": ("group_vars/all.yml", f"vault_db_password: {PW}\n"),
    "csv": ("data/t.csv", f"name,token\na,{G}\n"),
    "wpconfig": ("wp-config.php", f"define('DB_PASSWORD', '{PW}');\n"),
    "htpasswd": ("etc/app.ini", f"[smtp]\nuser=a\npass={PW}\n"),
    "composer": ("auth.json", '{"http-basic": {"repo.x.io": {"username": "a", "password": "%s"}}}\n' % PW),
    "cargo": (".cargo/credentials.toml", f'[registry]\ntoken = "{A}"\n'),
    "rails": ("config/master.key", f"{''.join(R.choice('0123456789abcdef') for _ in range(32))}\n"),
}
HARMLESS = {
    "sops": (
        "s.enc.yaml",
        "apiVersion: v1\nkind: Secret\nstringData:\n  mail: ENC[AES256_GCM,data:8sd7f8sdf7s8df=,iv:kjh3kjh4kj5h3=,tag:kj3h4k==,type:str]\nsops:\n  mac: ENC[AES256_GCM,data:x9d8f7s9d8f7=,type:str]\n",
    ),
    "sealed": (
        "sealed.yaml",
        "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nspec:\n  encryptedData:\n    password: AgBy3i4OJSWK%sPiTySZZA9rO43cGDEq\n"
        % (A * 4),
    ),
    "vault": ("v.yml", "db_password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6233663231333061\n"),
    "placeholder": (
        "k/s.yaml",
        "apiVersion: v1\nkind: Secret\nstringData:\n  mail: ${MAIL_TOKEN}\n  pay: <PAY_TOKEN>\n  x: changeme\n",
    ),
    "public": (
        "k/p.yaml",
        "apiVersion: v1\nkind: Secret\nstringData:\n  username: app-user-01-prod\n  host: db-1.eu-west-1.rds.amazonaws.com\n  bucket: my-bucket-2024-prod1\n",
    ),
    "publicb64": (
        "k/pb.yaml",
        f"apiVersion: v1\nkind: Secret\ndata:\n  username: {b('app-user-01-prod')}\n  region: {b('eu-west-1')}\n  mode: {b('standalone')}\n",
    ),
    "ssm ami": (
        "p.tf",
        'resource "aws_ssm_parameter" "ami" {\n  name  = "/images/base"\n  type  = "String"\n  value = "ami-0f3a9c2d7be41e08a"\n}\n',
    ),
    "ssm ref": (
        "p2.tf",
        'resource "aws_ssm_parameter" "k" {\n  name  = "/x/api_key"\n  type  = "SecureString"\n  value = random_password.k.result\n}\n',
    ),
    "laravel": ("Req.php", "return ['password' => 'required|string|min:8|confirmed', 'token' => 'required|string'];\n"),
    "laravel, joined to a number": ("Reg.php", "return ['password' => 'bail|required|min:' . config('least', 8)];\n"),
    "laravel's route": (
        "routes/api.php",
        "Route::post('change-password', 'Api\\ApiV1Dot1Controller@accountChangePassword')->middleware($m);\n",
    ),
    "made small": (
        "public/app.js",
        "if(!n.ok())return!0;t.password=e,t.checkPasswordOnly=!0;try{await n.go()}catch(e){}\n",
    ),
    "uuid": ("ids.cs", 'const string BluePassword = "6f9619ff-8b86-d011-b42d-00c04fc964ff";\n'),
    "i18n": ("app/en.yml", 'password: "Your password must have 8 characters"\n'),
    "awsdoc": (
        "a.py",
        'client = boto3.client("s3", "AKIA' + 'IOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")\n',
    ),
    "pos host": ("a.go", 'c := redis.NewClient("tcp", "cache-01.prod.internal:6379")\n'),
    "pos name": ("a.py", 's = Session("my_service_name", "eu-west-1")\nclient = Client("orders", "v1beta1Orders")\n'),
    "pos url": ("a.ts", 'const c = new ApiClient("https://api.x.io/v1", "application/json")\n'),
    "pos arn": (
        "a2.py",
        'x = Client("arn:aws:iam::123456789012:role/OrdersProd1", "arn:aws:sqs:eu-west-1:123456789012:OrdersQueue1")\n',
    ),
    "pos login": ("a3.py", 'client.login("user", os.environ["PW"])\nlogin("username", "password")\n'),
    "pos camel": ("a4.ts", 'const c = createClient("OrderServiceClientFactoryV2Beta", opts)\n'),
    "hash": ("h.php", '$password = "$2y$10$abcdefghijklmnopqrstuv";\n'),
    "ghex": ("README2.py", 'x = "ghp_' + "x" * 36 + '"\n'),
}


UNSURE = {
    "ci": ("ci/deploy.sh", f"export API_TOKEN={A}\n"),
    "template": (".env.dist", f"API_TOKEN={A}\n"),
    "rule of a scanner": ("q.yaml", f"rules:\n  - name: aws\n    pattern: x\ntoken: {G}\n"),
    "token in a test": ("tests/test_a.py", f"x = '{G}'\n"),
}


def found_in(path: str, text: str) -> list[tuple[str, str]]:
    fact = read_tree(MemoryTree({path: text}), [SecretsReader()])[Secrets]
    assert isinstance(fact, Secrets)
    assert not any(value in fact.model_dump_json() for value in (A, PW, G))
    return [(c.kind, c.confidence) for c in fact.found]


class TestDialects:
    @pytest.mark.parametrize("name", WRITTEN)
    def test_is_one(self, name):
        """
        Whoever reads the file calls it a credential, and it may open something.
        """
        assert [c for c in found_in(*WRITTEN[name]) if c[1] != "low"]

    @pytest.mark.parametrize("name", HARMLESS)
    def test_is_none(self, name):
        """
        An envelope, a reference, a rule for a form, an id, a sample or a name is none, and not worth a look either.
        """
        assert [] == found_in(*HARMLESS[name])

    @pytest.mark.parametrize("name", UNSURE)
    def test_is_worth_a_look(self, name):
        """
        What stands where it may be meant for show is told, and fails nothing.
        """
        assert ["low"] == [confidence for _, confidence in found_in(*UNSURE[name])]
