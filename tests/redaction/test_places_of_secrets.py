# A place is one line here, so that it is seen what stands where.
"""Tells what is withheld by its place in a line from what only looks as if it stood there."""

from __future__ import annotations

import pytest

from orchestrator.redaction import cut, redact
from tests.journal.matrix import P, S, T

SECRET = (
    # options and settings of commands
    f"mytool --{P} heron",
    f"mytool --{P}=heron x",
    f'mytool --{P} "he ron"',
    f"mytool --{P} \\\n   heron",
    "redis-server --requirepass heron",
    'CMD ["redis-server", "--requirepass", "heron"]',
    "command: [redis-server, --requirepass, heron]",
    "  - --requirepass\n  - heron",
    f"helm upgrade x --set image.tag=3,db.{P}=heron",
    f"kubectl create {S} generic x --from-literal=plain=heron",
    f"aws configure set aws_{S}_access_key heron",
    f"pulumi config set --{S} db{P.title()} heron",
    f"npm config set //registry.acme.io/:_auth{T.title()} heron",
    f"cf set-env app DB_{P.upper()} heron",
    f"gh auth login --with-{T} heron",
    "xfreerdp /password:heron",
    f"java -D{P}=heron -Ddb.{P}=heron -jar a.jar",
    f'ansible-playbook -e "db_{P}=heron" x.yml',
    f"RUN PG{P.upper()}=heron psql -h x",
    f"docker run -e DB_{P.upper()}=heron img",
    f"docker build --build-arg NPM_{T.upper()}=heron .",
    f"ENV DB_{P.upper()} heron",
    f'Environment="DB_{P.upper()}=heron"',
    # by the command itself
    "mysql -u root -pheron shop",
    "mysqldump -uroot -p'heron' db",
    "docker login -u x -p heron reg",
    "sshpass -pheron ssh x",
    "redis-cli -h x -a heron ping",
    '["redis-cli", "-a", "heron"]',
    "htpasswd -bc f user heron",
    "htpasswd -nb user heron",
    "az login --service-principal -u x -p heron",
    f"gh {S} set NAME -b heron",
    'gh secret set NAME --body="heron"',
    "vault kv put kv/x a=heron",
    "curl -u a:heron https://x",
    "curl -H 'Authorization: Bearer heronheron' x",
    "openssl enc -pass pass:heron -in f",
    "7z a -pheron x.7z",
    "unzip -P heron x.zip",
    "ldapsearch -x -D cn -w heron",
    "rabbitmqctl add_user shop heron",
    'echo "app:heron" | chpasswd',
    "sqlplus app/heron@db",
    "lftp -u user,heron host",
    "smbclient //h/s -U user%heron",
    "sqlcmd -S h -U sa -P heron -Q x",
    # connection strings and addresses
    f'c = "Server=db;User Id=sa;{P.title()}=heron;"',
    f'c = "{P.title()}=heron;Server=db;User Id=sa"',
    f"select dblink('host=x {P}=heron')",
    f"'{P}=heron host=x'",
    'odbc "DRIVER={x};SERVER=h;PWD=heron;"',
    f"jdbc:mysql://h/db?user=a&{P}=heron&x=1",
    "postgres://app:heron@db/x",
    "mongodb+srv://a:p@ss:heron@db/x",
    "amqp://a:he/heron#n@db:5672/",
    "redis://:heron@h:6379/0",
    f"https://x/y?access_{T}=heron",
    f"https://x/y#access_{T}=heron",
    "https://x/y?X-Amz-Signature=heron12345&z=1",
    "https://x/y?sig=heron12345%3D",
    "https://x/cb?code=heron1234",
    # statements
    f"ALTER ROLE app {P.upper()} 'heron';",
    "CREATE USER a IDENTIFIED BY 'heron';",
    "CREATE USER a IDENTIFIED BY heron;",
    f"SET {P.upper()} FOR 'a'@'b' = {P.upper()}('heron');",
    f"CREATE LOGIN x WITH {P.upper()} = N'heron';",
    # pairs, constants and sentences
    f'{{"name": "DB_{P.upper()}", "value": "heron"}}',
    f"- {{name: DB_{P.upper()}, value: heron}}",
    f"- name: DB_{P.upper()}\n  value: heron",
    f'<add key="Db{P.title()}" value="heron" />',
    f"<{P}>heron</{P}>",
    f"machine x login y {P} heron",
    f'process.env.DB_{P.upper()} || "heron"',
    f'os.environ.get("DB_{P.upper()}", "heron")',
    f'os.environ["DB_{P.upper()}"] or "heron"',
    f'var api{T.title()} string = "heron"',
    f'const API_{T.upper()}: &str = "heron";',
    f'#define API_{T.upper()} "heron"',
    f'public string Api{T.title()} {{ get; set; }} = "heron";',
    f"see {P}: heron22 now",
    f"the {P} is heron22!",
    f"sign in with `{P}: heron` first",
)
NONE = (
    f"{P}: String",
    f"{P.upper()}=${{VAR}} x",
    f"x --{P} ${P.upper()}",
    f"x --{P}-file /run/heron",
    f"x --{P}-stdin heron",
    f"adduser --disabled-{P} heron",
    f"use the --{P} option of heron",
    f"{P}: {{{{ .Values.heron }}}}",
    f"valueFrom: {{{S}KeyRef: {{name: heron, key: {P}}}}}",
    f"connect(host=h, {P}=pw, heron=1)",
    f"const {T} = process.env.HERON",
    f"--{T} ${{{{ {S}s.HERON }}}}",
    f"{P} = var.heron",
    f"def f(self, {T}: str) -> heron:",
    f"raise ValueError('Invalid {T}: heron expected')",
    f"the {T} is heron",
    f"{S}Name: heron",
    f"next_{T} = heron()",
    f'<input type="{P}" name="heron">',
    f"{{ {T}: data?.heron }}",
    f'{{"{T}": heron}}',
    f'import {{ {T} }} from "heron"',
    f"x --{T}=<heron>",
    f"docker login --{P} --username heron",
    f"{S}s: inherit",
    f"configure {P} heron validators",
    f'log.error("invalid {P} for user", "heron", dn)',
    "mysql -u root -p heron",
    "mysql -p$HERON db",
    "docker run -p 8080:80 heron",
    "mkdir -p heron",
    "curl -o heron:8 x",
    "htpasswd -c f heron heron",
    "https://h:8080/heron@x",
    "http://user:${HERON}@h",
    "http://%s:%s@heron",
    "https://x/y?code=heron",
    "git@github.com:heron/x",
    "an object identified by heron is kept",
    f"PWD=$(heron) {P.upper()}=$(heron)",
)  # fmt: skip


class TestPlaces:
    @pytest.mark.parametrize("text", SECRET)
    def test_withheld(self, text):
        """
        What stands where a secret stands is withheld, be it a plain word, and nothing else of the line's meaning.
        """
        said = redact(text)

        assert "heron" not in said
        assert "[withheld " in said
        assert said == redact(said)

    @pytest.mark.parametrize("text", NONE)
    def test_shown(self, text):
        """
        A reference, a type, a flag, a name and a sentence are shown.
        """
        assert text == redact(text)


class TestCut:
    @pytest.mark.parametrize("limit", range(10, 60, 7))
    def test_is_redacted_before(self, limit):
        """
        Of a token that the cut goes through, no part is shown.
        """
        head, body = "gh" + "p_", "q7Zk2Wm9Xc4Vb8Nt5Rj1Hg6Fd3Ls0PyTuEaQ"

        said = cut(f"see the {head}{body} there", limit)

        assert len(said) <= limit
        assert not any(body[:size] in said for size in (4, 8, 16))

    def test_what_holds_nothing_is_only_cut(self):
        """
        As a slice would.
        """
        assert "see the li" == cut("see the line", 10)
