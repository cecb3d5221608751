"""Which lines of files of settings have an effect."""

from __future__ import annotations

import time

import pytest

from orchestrator.evidence.inforce.files import judge_of_settings

NGINX = """\
http {
  gzip on; # brotli on;
  gzip off;
  #limit_req zone=a;
  log_format main "# no comment"; etag on;
  server {
    etag off;
    client_max_body_size 1m;
    client_max_body_size 9m;
    add_header X-A 1; add_header X-B 2;
    if (0) { return 301 https://one; }
    if ($scheme = http) { return 302 https://two; }
    resolver 10.0.0.1; resolver 10.0.0.2;
    set $a ${b}; rewrite ^/(.*)$ /c#d last;
    location / { expires 1y; }
  }
}
"""
CADDY = """\
(unused) {
  header X-A 1
  import inner
}
(used) {
  header X-B 1 # X-C
  import inner
}
(inner) {
  header X-D 1
}
{$SITE} {
  import used
  encode gzip
  respond "# X-E"
}
"""
HAPROXY = """\
defaults
  option httpclose
  no option httpclose
  option forwardfor
frontend web
  bind :80
  http-response set-header X-A 1
  http-response set-header X-B 1
  http-response del-header X-A
  http-response del-header X-B if { src 10.0.0.1 }
  http-response del-header X-D unless { src 10.0.0.1 }
  http-response set-header X-E 1
  http-request deny if FALSE
  http-request auth unless TRUE
  http-request silent-drop if { src 10.0.0.2 }
  default_backend app # X-C
backend app
  server a 10.0.0.1:80 check
  server b 10.0.0.2:80 disabled
backend old
  compression algo gzip
listen stats
  disabled
  bind :81
"""
APACHE = """\
# Header set X-A 1
Header always set X-B 1
Header unset X-B
Header set X-C "# 1"
SSLProtocol all
SSLProtocol -all +TLSv1.3
ExpiresActive On
<If "false">
Header set X-D 1
</If>
<If "%{HTTP_HOST} == 'a'">
Header set X-E 1
</If>
<IfDefine MORE>
Header set X-F 1
</IfDefine>
<IfModule mod_headers.c>
Header set X-G 1
SSLProtocol all
</IfModule>
Header set X-H \\
# 1
"""
MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  replicas: 0
  template: {spec: {containers: [{name: AAA}]}}
--- # BBB
apiVersion: apps/v1
kind: Deployment
metadata: {name: b}
spec:
  template:
    spec:
      containers:
      - name: c # CCC
        readinessProbe:
          exec:
            command: [echo, DDD]
        livenessProbe:
          exec:
            command: [EEE]
        env: [{name: "# FFF", value: 'it''s # GGG'}]
---
apiVersion: v1
kind: ConfigMap
data:
  web.yaml: |
    apiVersion: v1
    kind: Service
    name: HHH # III
  app.conf: |
    # JJJ
    a = KKK
  more: LLL
"""
COMPOSE = """\
services:
  a:
    image: AAA
    profiles: [dev]
  b:
    image: BBB # CCC
  c: {image: DDD, scale: 0}
  d:
    image: EEE
"""
TEMPLATE = """\
{{- /* AAA {{ .Values.a }}
BBB */ -}}
apiVersion: v1
kind: Service
a: {{ .Values.b }} # CCC
d: DDD
{{/* EEE
"""
CONDITIONAL = """frontend web
  .if bool(false)
  option AAA
  .if defined(X)
  option BBB
  .endif
  .else
  option CCC
  .endif
  .if defined(Y)
  option DDD
  .endif
"""
V, U, F = "void", "unknown", "in force"
CASES = [
    ("nginx/nginx.conf", NGINX, "gzip on", V, "is set again further down"),
    ("nginx/nginx.conf", NGINX, "brotli", V, "is commented out"),
    ("nginx/nginx.conf", NGINX, "gzip off", F, ""),
    ("nginx/nginx.conf", NGINX, "limit_req", V, "is commented out"),
    ("nginx/nginx.conf", NGINX, "# no comment", F, ""),
    ("nginx/nginx.conf", NGINX, "etag on", F, ""),
    ("nginx/nginx.conf", NGINX, "etag off", F, ""),
    ("nginx/nginx.conf", NGINX, "client_max_body_size 1m", V, "is set again further down"),
    ("nginx/nginx.conf", NGINX, "client_max_body_size 9m", F, ""),
    ("nginx/nginx.conf", NGINX, "add_header X-A", F, ""),
    ("nginx/nginx.conf", NGINX, "resolver 10.0.0.1", F, ""),
    ("nginx/nginx.conf", NGINX, "return 301", V, "is behind a condition that is never true"),
    ("nginx/nginx.conf", NGINX, "return 302", F, ""),
    ("nginx/nginx.conf", NGINX, "d last", F, ""),
    ("nginx/nginx.conf", NGINX, "expires", F, ""),
    ("sites-available/shop", NGINX, "add_header X-A", U, "is in a site that is available, and nothing here enables it"),
    ("nginx/a.conf", "server { listen 127.0.0.1:1; listen [::1]:1; gzip on; }", "gzip", U,
     "is in a server that listens to its own machine alone"),
    ("nginx/a.conf", "server { listen 127.0.0.1:1; listen 80; gzip on; }", "gzip", F, ""),
    ("nginx/a.conf", "server { gzip on; }", "gzip", F, ""),
    ("sites-enabled/shop", NGINX, "brotli", V, "is commented out"),
    ("Caddyfile", CADDY, "X-A", V, "is in a snippet that no site imports"),
    ("Caddyfile", CADDY, "X-B", F, ""),
    ("Caddyfile", CADDY, "X-C", V, "is commented out"),
    ("Caddyfile", CADDY, "X-D", F, ""),
    ("web/shop.caddy", CADDY, "encode", F, ""),
    ("Caddyfile", CADDY, "X-E", F, ""),
    ("haproxy.cfg", HAPROXY, "option httpclose", V, "is set again further down"),
    ("haproxy.cfg", HAPROXY, "option forwardfor", F, ""),
    ("haproxy.cfg", HAPROXY, "set-header X-A", V, "is taken away again further down"),
    ("haproxy.cfg", HAPROXY, "set-header X-B", F, ""),
    ("haproxy.cfg", HAPROXY, "set-header X-E", F, ""),
    ("haproxy.cfg", HAPROXY, "deny", V, "is under a condition that is never true"),
    ("haproxy.cfg", HAPROXY, "auth", V, "is under a condition that is never true"),
    ("haproxy.cfg", HAPROXY, "silent-drop", F, ""),
    ("haproxy.cfg", HAPROXY, "X-C", V, "is commented out"),
    ("haproxy.cfg", HAPROXY, "server a", F, ""),
    ("haproxy.cfg", HAPROXY, "server b", V, "is a server that is disabled"),
    ("haproxy.cfg", HAPROXY, "compression", V, "is in a backend that no frontend uses"),
    ("haproxy.cfg", HAPROXY.replace("default_backend", "use_backend %[src]\n  default_backend"), "compression", U,
     "is in a backend that no frontend uses"),
    ("haproxy.cfg", HAPROXY.replace("default_backend", "use_backend $X\n  default_backend"), "compression", U,
     "is in a backend that no frontend uses"),
    ("haproxy.cfg", "backend a\n  compression algo gzip\n", "compression", F, ""),
    ("haproxy/web.cfg", HAPROXY, "bind :81", V, "is in a section that is disabled"),
    (".htaccess", APACHE, "X-A", V, "is commented out"),
    (".htaccess", APACHE, "X-B 1", V, "is unset further down"),
    (".htaccess", APACHE, "X-C", F, ""),
    (".htaccess", APACHE, "SSLProtocol all", V, "is set again further down"),
    (".htaccess", APACHE, "SSLProtocol -all", F, ""),
    (".htaccess", APACHE, "ExpiresActive", F, ""),
    ("httpd.conf", APACHE, "X-D", V, "is in a section that never applies"),
    ("httpd.conf", APACHE, "X-E", F, ""),
    ("conf/vhosts.conf", APACHE, "X-F", U, "is only there if the server is started with MORE"),
    ("apache2/a.conf", APACHE, "X-G", F, ""),
    ("apache2/a.conf", APACHE, "# 1\n", F, ""),
    ("k8s/a.yaml", MANIFEST, "AAA", V, "runs no replica"),
    ("k8s/a.yaml", MANIFEST, "BBB", V, "is commented out"),
    ("k8s/a.yaml", MANIFEST, "name: b", F, ""),
    ("k8s/a.yaml", MANIFEST, "CCC", V, "is commented out"),
    ("k8s/a.yaml", MANIFEST, "DDD", V, "always succeeds"),
    ("k8s/a.yaml", MANIFEST, "EEE", F, ""),
    ("k8s/a.yaml", MANIFEST, "FFF", F, ""),
    ("k8s/a.yaml", MANIFEST, "HHH", V, "is quoted in another object"),
    ("k8s/a.yaml", MANIFEST, "KKK", F, ""),
    ("k8s/a.yaml", MANIFEST, "LLL", F, ""),
    ("k8s/a.yml", "a: 'b # AAA'\nit's: 1 # BBB\nc: it's # CCC\n", "AAA", F, ""),
    ("k8s/a.yml", "a: 'b # AAA'\nit's: 1 # BBB\nc: it's # CCC\n", "BBB", V, "is commented out"),
    ("k8s/a.yml", "a: 'b # AAA'\nit's: 1 # BBB\nc: it's # CCC\n", "CCC", V, "is commented out"),
    ("k8s/a.yml", "'# AAA': 1 # BBB\n", "AAA", F, ""),
    ("k8s/a.yml", "'# AAA': 1 # BBB\n", "BBB", V, "is commented out"),
    ("k8s/a.yml", "a: [\n# AAA\nb: BBB\n", "AAA", V, "is commented out"),
    ("k8s/a.yml", "apiVersion: [\nb: BBB\n", "BBB", F, ""),
    ("compose.yaml", COMPOSE, "AAA", V, "is only in profile dev"),
    ("compose.yaml", COMPOSE, "BBB", F, ""),
    ("compose.yaml", COMPOSE, "CCC", V, "is commented out"),
    ("compose.yaml", COMPOSE, "DDD", V, "runs no replica"),
    ("compose.yaml", COMPOSE, "EEE", F, ""),
    ("compose.override.yaml", COMPOSE, "BBB", V, "is laid over another one on the machines of those who work on it"),
    ("services.yaml", COMPOSE, "AAA", F, ""),
    ("templates/a.yaml", TEMPLATE, "AAA", V, "is commented out"),
    ("templates/a.yaml", TEMPLATE, "BBB", V, "is commented out"),
    ("templates/a.yaml", TEMPLATE, "CCC", V, "is commented out"),
    ("templates/a.yaml", TEMPLATE, "DDD", F, ""),
    ("templates/a.yaml", TEMPLATE, "EEE", F, ""),
    ("pyproject.toml", 'a = "# AAA" # BBB\n#CCC\nd = 1#DDD\n', "AAA", F, ""),
    ("pyproject.toml", 'a = "# AAA" # BBB\n#CCC\nd = 1#DDD\n', "BBB", V, "is commented out"),
    ("pyproject.toml", 'a = "# AAA" # BBB\n#CCC\nd = 1#DDD\n', "CCC", V, "is commented out"),
    ("pyproject.toml", 'a = "# AAA" # BBB\n#CCC\nd = 1#DDD\n', "DDD", F, ""),
    ("fly.toml", "[x-off.a]\nAAA = 1\n[b]\nBBB = 2\n", "AAA", V, "stands in a table that nothing reads"),
    ("fly.toml", "[x-off.a]\nAAA = 1\n[b]\nBBB = 2\n", "BBB", F, ""),
    ("fly.toml", "a = '''\n[t]\nAAA = 1\n./b BBB\n'''\nCCC = 1\n", "AAA", V, "stands in a text"),
    ("fly.toml", "a = '''\n[t]\nAAA = 1\n./b BBB\n'''\nCCC = 1\n", "BBB", F, ""),
    ("fly.toml", "a = '''\n[t]\nAAA = 1\n./b BBB\n'''\nCCC = 1\n", "CCC", F, ""),
    ("a.bicep", "param a string = '// AAA' // BBB\n/* CCC */ var d = '''\nDDD\n'''\n", "AAA", F, ""),
    ("a.bicep", "param a string = '// AAA' // BBB\n/* CCC */ var d = '''\nDDD\n'''\n", "BBB", V, "is commented out"),
    ("a.bicep", "param a string = '// AAA' // BBB\n/* CCC */ var d = '''\nDDD\n'''\n", "CCC", V, "is commented out"),
    ("a.bicep", "param a string = '// AAA' // BBB\n/* CCC */ var d = '''\nDDD\n'''\n", "DDD", V, "stands in a text"),
    ("wrangler.jsonc", '{ "a": "// AAA", // BBB\n "c": 1 }', "AAA", F, ""),
    ("wrangler.jsonc", '{ "a": "// AAA", // BBB\n "c": 1 }', "BBB", V, "is commented out"),
    ("haproxy.cfg", CONDITIONAL, "AAA", V, "is under a condition that is never true"),
    ("haproxy.cfg", CONDITIONAL, "BBB", V, "is under a condition that is never true"),
    ("haproxy.cfg", CONDITIONAL, "CCC", F, ""),
    ("haproxy.cfg", CONDITIONAL, "DDD", F, ""),
    (".env.production", "A=1 # AAA\n", "AAA", V, "is commented out"),
    (".env", "A='x # AAA'\n", "AAA", F, ""),
    ("a/application.properties", "a=1 # AAA\n# BBB\n ! CCC\n", "AAA", F, ""),
    ("a/application.properties", "a=1 # AAA\n# BBB\n ! CCC\n", "BBB", V, "is commented out"),
    ("a/application.properties", "a=1 # AAA\n# BBB\n ! CCC\n", "CCC", V, "is commented out"),
    ("php.ini", "; AAA\nb = 1 ; BBB\n", "AAA", V, "is commented out"),
    ("php.ini", "; AAA\nb = 1 ; BBB\n", "BBB", F, ""),
    ("main.tf", 'a = "# AAA // AAA" // BBB\n/* CCC\nDDD */ e = 1 # EEE\nf = 2 /* FFF\n', "AAA", F, ""),
    ("main.tf", 'a = "# AAA // AAA" // BBB\n/* CCC\nDDD */ e = 1 # EEE\nf = 2 /* FFF\n', "BBB", V, "is commented out"),
    ("main.tf", 'a = "# AAA // AAA" // BBB\n/* CCC\nDDD */ e = 1 # EEE\nf = 2 /* FFF\n', "DDD", V, "is commented out"),
    ("main.tf", 'a = "# AAA // AAA" // BBB\n/* CCC\nDDD */ e = 1 # EEE\nf = 2 /* FFF\n', "e = 1", F, ""),
    ("main.tf", 'a = "# AAA // AAA" // BBB\n/* CCC\nDDD */ e = 1 # EEE\nf = 2 /* FFF\n', "EEE", V, "is commented out"),
    ("main.tf", 'a = "# AAA // AAA" // BBB\n/* CCC\nDDD */ e = 1 # EEE\nf = 2 /* FFF\n', "FFF", V, "is commented out"),
    ("web.config", "<a>AAA</a><!-- BBB\nCCC --><d/>", "AAA", F, ""),
    ("web.config", "<a>AAA</a><!-- BBB\nCCC --><d/>", "CCC", V, "is commented out"),
    ("web.config", "<a>AAA</a><!-- BBB\nCCC --><d/>", "<d/>", F, ""),
    ("logback.xml", "<a/><!-- BBB", "BBB", V, "is commented out"),
    ("Dockerfile", "FROM a\n  # AAA\nRUN b # BBB\n", "AAA", V, "is commented out"),
    ("Dockerfile", "FROM a\n  # AAA\nRUN b # BBB\n", "BBB", F, ""),
    ("web/Dockerfile.dev", "FROM a\nRUN b\n", "RUN b", V, "is not for production, by its name"),
    ("web.dockerfile", "FROM a\nRUN b\n", "RUN b", F, ""),
]  # fmt: skip


class TestJudge:
    @pytest.mark.parametrize(("path", "text", "word", "state", "reason"), CASES)
    def test_says(self, path, text, word, state, reason):
        """
        Comments, what never applies and what is taken back is void; all else is in force, also what looks alike.
        """
        data = text.encode()
        judge = judge_of_settings(data, path)
        assert judge is not None
        start = data.index(word.encode())
        force = judge.judge(start, start + len(word))

        assert (state, reason) == (force.state.name.lower().replace("_", " "), force.reason)

    @pytest.mark.parametrize("path", ["app.py", "nginx.sh", "Makefile", "a.css"])
    def test_others(self, path):
        """
        Of files of other kinds nothing is said.
        """
        assert judge_of_settings(b"a { b; }", path) is None

    @pytest.mark.parametrize("path", ["README.md", "nginx.md", "nginx/values.json"])
    def test_no_configuration_of_a_proxy(self, path):
        """
        A document or data beside a proxy is not read as its configuration.
        """
        judge = judge_of_settings(b"a { expires 1; expires 2; }", path)

        assert judge is not None
        assert judge.judge(4, 5)

    def test_running(self):
        """
        Comments are blanked and keep their length, also where only a part of one is asked for.
        """
        judge = judge_of_settings(b"a: 1 # two\nb: 3 # four\n", "a.yaml")
        assert judge is not None

        assert b"a: 1      \nb: 3       \n" == judge.running(0, 23)
        assert b"1   " == judge.running(3, 7)
        assert b"   \nb" == judge.running(7, 12)

    def test_hostile_files_stay_linear(self):
        """
        Quotes, braces and comments without end take no time.
        """
        started = time.process_time()
        for path, text in (
            ("nginx.conf", '"\\' * 200_000 + ";"),
            ("nginx.conf", "${" * 200_000 + ";"),
            ("nginx.conf", "a {" * 100_000),
            ("nginx.conf", "if (0) { gzip on; gzip off; }\n" * 20_000),
            ("Caddyfile", "a { b\n" * 100_000),
            ("Caddyfile", "'`\"" * 100_000),
            ("haproxy.cfg", "backend a # b\n" * 50_000),
            ("httpd.conf", "<If false>\n" * 50_000),
            ("a.yaml", "a: |\n" * 50_000),
            ("a.yaml", "{{/*" * 100_000),
            ("a.tf", "/*" * 200_000),
            ("a.tf", '"\\' * 200_000),
            ("a.toml", '"\\' * 200_000 + "'" * 100_000),
            ("a.xml", "<!--" * 200_000),
            ("a.ini", " " * 100_000),
            ("compose.yaml", "services:\n" + "".join(f"  a{n}: {{scale: 0}}\n" for n in range(20_000))),
            ("a.yaml", "apiVersion: v1\n  apiVersion:\n" * 20_000),
        ):
            judge = judge_of_settings(text.encode(), path)
            assert judge is not None
            judge.judge(5, 6)
            judge.running(0, 100)

        assert time.process_time() - started < 20


SQL = [
    ("REVOKE UPDATE ON audit FROM app;", "in force"),
    ("-- REVOKE UPDATE ON audit FROM app;", "comment"),
    ("SELECT 1; -- REVOKE UPDATE ON audit FROM app;", "comment"),
    ("# REVOKE UPDATE ON audit FROM app;", "comment"),
    ("/*\nREVOKE UPDATE ON audit FROM app;\n*/", "comment"),
    ("/*! REVOKE UPDATE ON audit FROM app */;", "in force"),
    ("SELECT '--'; REVOKE UPDATE ON audit FROM app;", "in force"),
    ('SELECT "/*"; REVOKE UPDATE ON audit FROM app;', "in force"),
    ("SELECT $text$\nREVOKE UPDATE ON audit FROM app;\n$text$;", "void"),
    ("SELECT 1;\nselect 'it''s REVOKE UPDATE ON audit FROM app';", "void"),
    ("COMMENT ON TABLE audit IS 'REVOKE UPDATE ON audit FROM app';", "void"),
    ("SELECT $a$x$a$; REVOKE UPDATE ON audit FROM app;", "in force"),
    ("DO $$ BEGIN REVOKE UPDATE ON audit FROM app; END $$;", "in force"),
    ("DO $$ BEGIN -- REVOKE UPDATE ON audit FROM app;\n END $$;", "comment"),
    ("SELECT cron.schedule('0 3 * * *', 'REVOKE UPDATE ON audit FROM app');", "in force"),
    ("/* open REVOKE UPDATE ON audit FROM app;", "comment"),
    ("SELECT $open$ REVOKE UPDATE ON audit FROM app;", "void"),
]


class TestSql:
    @pytest.mark.parametrize(("text", "expected"), SQL)
    def test_comments_and_texts_that_are_given_back(self, text, expected):
        """
        A comment changes nothing, nor does a literal that a query selects; what a block runs does.
        """
        data = text.encode()
        judge = judge_of_settings(data, "db/grants.sql")
        assert judge is not None
        start = data.index(b"REVOKE")
        blank = not judge.running(start, start + 6).strip()
        force = judge.judge(start, start + 6)

        assert expected == ("comment" if blank else "in force" if force else "void")
        assert bool(force) is (expected == "in force")


class TestDockerfiles:
    @pytest.mark.parametrize(
        ("text", "counts"),
        [
            ('FROM a\nENTRYPOINT ["instrument"]\n', True),
            ("FROM scratch\nCOPY <<'TEXT' /text\nENTRYPOINT [\"instrument\"]\nTEXT\n", False),
            ('FROM scratch\nadd <<-TEXT /text\nENTRYPOINT ["instrument"]\nTEXT\n', False),
            ('FROM scratch\nCOPY <<A /a\nx\nA\nENTRYPOINT ["instrument"]\n', True),
            ("FROM scratch\nCOPY <<A /a\ninstrument\n", False),
            ("FROM a\nRUN <<EOF\ninstrument\nEOF\n", True),
        ],
    )
    def test_what_is_only_copied_into_an_image_cannot_be_told(self, text, counts):
        """
        What a file of the image says is done by whoever reads it, and nobody knows who that is; a script is run.
        """
        data = text.encode()
        judge = judge_of_settings(data, "cart/Dockerfile")
        assert judge is not None
        force = judge.judge(data.index(b"instrument"), len(data))

        assert counts is bool(force)
        assert not force.is_void


PAGES = [
    ("index.html", "<p>word</p>", "in force"),
    ("index.html", "<template><p>word</p></template>", "unknown"),
    ("index.html", "<TEMPLATE id=a>\nx\n</TEMPLATE><p>word</p>", "in force"),
    ("index.html", "<template>word", "unknown"),
    ("index.html", '<script type="text/plain">word</script>', "void"),
    ("index.html", '<script type="text/plain">x</script>word', "in force"),
    ("index.html", '<script type="text/x-handlebars">word</script>', "unknown"),
    ("index.htm", '<script type="module">word()</script>', "in force"),
    ("index.html", "<script type='text/javascript'>word()</script>", "in force"),
    ("index.html", "<script>word()</script>", "in force"),
    ("docs/privacy.md", "# A\n\nword\n", "in force"),
    ("docs/privacy.md", "* word\n", "in force"),
    ("docs/privacy.md", "<!--\nword\n-->\n", "void"),
    ("index.html", "<!-- word -->", "void"),
]


class TestPages:
    @pytest.mark.parametrize(("path", "text", "expected"), PAGES)
    def test_what_a_browser_neither_shows_nor_runs(self, path, text, expected):
        """
        Comments and scripts of no language say nothing; whether a template is shown nobody can tell.
        """
        data = text.encode()
        judge = judge_of_settings(data, path)
        assert judge is not None
        force = judge.judge(data.index(b"word"), len(data))

        assert expected == force.state.name.lower().replace("_", " ")
