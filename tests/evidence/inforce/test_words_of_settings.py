"""Holds each word by which settings are told to a case of its own."""

from __future__ import annotations

import pytest

from orchestrator.evidence.facts.kubernetes import Resource
from orchestrator.evidence.inforce import compose
from orchestrator.evidence.inforce.calendars import of_schedule
from orchestrator.evidence.inforce.cluster import Cluster
from orchestrator.evidence.inforce.files import judge_of_settings
from orchestrator.evidence.inforce.idling import does_nothing
from orchestrator.evidence.inforce.outcomes import of_script, of_words
from orchestrator.evidence.inforce.probes import of_probe
from orchestrator.evidence.inforce.quantities import MOST_CPU, MOST_MEMORY, quantity
from orchestrator.evidence.inforce.scaling import of_numbers
from orchestrator.evidence.inforce.workloads import of_itself


def words(text: str) -> list[str]:
    return text.split()


class TestCommands:
    @pytest.mark.parametrize("word", words("true : echo printf pwd date whoami hostname uname id sleep env"))
    def test_always_succeed(self, word):
        """
        What only says something always succeeds.
        """
        assert of_words([word, "x=1"]).is_void
        assert of_words([f"{word}s", "x=1"])

    @pytest.mark.parametrize("word", words("exec command time nice sudo env busybox /bin/busybox"))
    def test_before_a_command(self, word):
        """
        A word before a command says nothing of its outcome.
        """
        assert of_words([word, "pg_isready"])
        assert "always fails" == of_words([word, "false"]).reason

    def test_alone(self):
        """
        A word that stands before commands, and has none, is itself one.
        """
        assert of_words(["time"])
        assert of_words(["exec"])

    @pytest.mark.parametrize("word", words("sh bash ash dash zsh ksh busybox"))
    def test_shells(self, word):
        """
        A shell is told a script.
        """
        assert of_words([word, "-c", "curl localhost || true"]).is_void
        assert of_words([word, "-c", "curl localhost || exit 1"])

    @pytest.mark.parametrize("word", words("if while until for case { ( function trap !"))
    def test_blocks(self, word):
        """
        Behind what opens a block nobody can tell from the beginning of a line whether it is reached.
        """
        assert of_script(f"{word} curl -f localhost; exit 0; fi")

    @pytest.mark.parametrize("word", words("--version --help -version -help"))
    def test_about_itself(self, word):
        """
        A program that is asked about itself always answers.
        """
        assert of_words(["curl", word]).is_void
        assert of_words(["curl", word, "localhost"])

    @pytest.mark.parametrize("script", ["exit 1; exit 0", "set -e; exit 0", "return 1; exit 0"])
    def test_before_the_end(self, script):
        """
        An exit is not the only one where another may come before it.
        """
        assert not of_script("exit 0")
        assert of_script(script).reason != "always succeeds"

    @pytest.mark.parametrize("word", words("true : false echo printf sleep exit date pwd hostname wait"))
    def test_do_nothing(self, word):
        """
        A container that waits or talks does no work.
        """
        assert does_nothing([word, "1"])
        assert does_nothing(["sh", "-c", f"{word} 1"])
        assert not does_nothing([f"{word}x", "1"])

    @pytest.mark.parametrize("word", words("sh bash ash dash zsh"))
    def test_shells_do_nothing(self, word):
        """
        A shell does what its script says.
        """
        assert does_nothing([word, "-c", "sleep 1"])
        assert not does_nothing([word, "-c", "nginx"])
        assert not does_nothing([word])
        assert not does_nothing([word, "-e"])

    @pytest.mark.parametrize("host", ["", "localhost", "127.0.0.1", "::1", "0.0.0.0"])
    def test_itself(self, host):
        """
        Names of a pod's own machine are no other host.
        """
        assert of_probe({"httpGet": {"host": host, "port": 80}}, {}, {})


_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class TestSchedules:
    @pytest.mark.parametrize(
        ("month", "days"),
        list(zip(words("jan feb mar apr may jun jul aug sep oct nov dec"), _LENGTHS, strict=True)),
    )
    def test_months(self, month, days):
        """
        Each month has its own last day, by its name and by its number.
        """
        number = words("jan feb mar apr may jun jul aug sep oct nov dec").index(month) + 1

        for name in (month, number):
            assert of_schedule(f"0 0 {days} {name} *")
            assert of_schedule(f"0 0 {days + 1} {name} *").is_void

    @pytest.mark.parametrize(
        ("field", "last"), [("{} * * * *", 59), ("0 {} * * *", 23), ("0 0 {} * *", 31), ("0 0 * {} *", 12)]
    )
    def test_ends(self, field, last):
        """
        The last number of a field comes, the next one does not.
        """
        assert of_schedule(field.format(last))
        assert of_schedule(field.format(last + 1)).is_void

    @pytest.mark.parametrize(
        ("field", "comes"),
        [
            *((field, True) for field in words("sun-mon mon-tue tue-wed wed-thu thu-fri fri-sat 7")),
            *((field, False) for field in words("mon-sun tue-mon wed-tue thu-wed fri-thu sat-fri 8")),
        ],
    )
    def test_weekdays(self, field, comes):
        """
        Days of the week follow each other from Sunday on.
        """
        assert comes is bool(of_schedule(f"0 0 * * {field}"))


class TestAmounts:
    @pytest.mark.parametrize(
        ("suffix", "factor"),
        [
            *zip(("n", "u", "m", "", "k", "M", "G", "T", "P", "E"), (10.0**n for n in range(-9, 19, 3)), strict=True),
            *zip(words("Ki Mi Gi Ti Pi Ei"), (2.0**n for n in range(10, 61, 10)), strict=True),
        ],
    )
    def test_suffixes(self, suffix, factor):
        """
        Each suffix has its factor.
        """
        assert 3 * factor == pytest.approx(quantity(f"3{suffix}"))

    @pytest.mark.parametrize(("name", "most"), [("cpu", MOST_CPU), ("memory", MOST_MEMORY)])
    def test_the_largest_machine(self, name, most):
        """
        A pod may ask for all that the largest machine has, and for no more.
        """
        assert of_itself(_asking({"requests": {name: most}}))
        assert of_itself(_asking({"requests": {name: most + most / 1000}})).is_void


def _asking(resources: object) -> Resource:
    body = {"spec": {"template": {"spec": {"containers": [{"resources": resources}]}}}}
    return Resource(path="a.yaml", kind="Deployment", body=body)


class TestNodes:
    @pytest.mark.parametrize(
        ("label", "runs"),
        [
            ("non-existing", False),
            ("nonexistent", False),
            ("example.com/does-not-exist", False),
            ("doesnotexist", False),
            ("no-such", False),
            ("never", False),
            ("nowhere", False),
            ("disable", False),
            ("disabled", False),
            ("a.disabled.b", False),
            ("a_never_b", False),
            ("disabled-b", False),
            ("nevermore", True),
            ("whenever", True),
            ("gpu", True),
        ],
    )
    def test_that_there_are_not(self, label, runs):
        """
        A label that says that no node has it is what people switch workloads off by.
        """
        body = {"spec": {"template": {"spec": {"nodeSelector": {label: "true"}}}}}

        assert runs is bool(of_itself(Resource(path="a.yaml", kind="DaemonSet", body=body)))


class TestProfiles:
    @pytest.mark.parametrize(
        "profile",
        words(
            "dev develop development debug test tests testing local ci e2e tools manual donotstart never disabled off"
        )
        + words("demo seed profiling"),
    )
    def test_of_those_at_work(self, profile):
        """
        A profile for those who work on it is not production's.
        """
        assert compose.of_service({"profiles": [profile]}).is_void

    @pytest.mark.parametrize("profile", [*words("prod production live default all full"), "*"])
    def test_of_all(self, profile):
        """
        A profile for production, or for all, is.
        """
        assert compose.of_service({"profiles": [profile]})


class TestScaling:
    def test_both_ends(self):
        """
        One replica at least is what autoscalers have, and the most may be the least.
        """
        scaler = {"minReplicas": 1, "maxReplicas": 1}
        keda = {"minReplicaCount": 3, "maxReplicaCount": 3}

        assert of_numbers(Resource(path="a", kind="HorizontalPodAutoscaler", body={"spec": scaler}))
        assert of_numbers(Resource(path="a", kind="ScaledObject", body={"spec": keda}))
        assert not of_numbers(Resource(path="a", kind="ScaledObject", body={"spec": {**keda, "maxReplicaCount": 2}}))
        assert not of_numbers(Resource(path="a", kind="HorizontalPodAutoscaler", body={"spec": {"minReplicas": 0}}))

    def test_a_service_for_somebody_outside(self):
        """
        A name for somebody outside selects nobody, whatever selector it has.
        """
        outside = {"spec": {"type": "ExternalName", "selector": {"app": "none"}}}
        web = Resource(path="a", kind="Pod", resource="web", body={"metadata": {"labels": {"app": "web"}}})
        cluster = Cluster([web], [], lambda r: r.namespace, closed=True)

        assert cluster.judge(Resource(path="a", kind="Service", body=outside))
        assert not cluster.judge(Resource(path="a", kind="Service", body={"spec": {"selector": {"app": "none"}}}))


class TestFiles:
    @pytest.mark.parametrize(
        "path",
        [
            "nginx.conf",
            "web/my-nginx.conf.template".replace(".conf.template", ".template"),
            "nginx.tmpl",
            "nginx.prod",
            "nginx/shop.conf",
            "docker/my-nginx/conf.d/shop.conf",
            "sites-available/shop",
            "etc/sites-enabled/shop.conf",
            "haproxy.cfg",
            "lb/haproxy.conf",
            "my.haproxy.tmpl",
            "haproxy/a/web.cfg",
            "Caddyfile",
            "web/Caddyfile.prod",
            "shop.caddy",
            "shop.Caddyfile",
            ".htaccess",
            "httpd.conf",
            "apache.conf",
            "apache2.conf",
            "httpd-ssl.conf",
            "vhost.conf",
            "my-vhosts.conf",
            "apache/shop.conf",
            "apache2/conf/shop.inc",
            "httpd/shop.conf",
            "Dockerfile",
            "Containerfile",
            "web.dockerfile",
            "web.Containerfile",
            ".env",
            "a.yaml",
            "a.yml",
        ],
    )
    def test_whose_comments_are_known(self, path):
        """
        A comment is one in each of them, whoever reads it.
        """
        judge = judge_of_settings(b"# AAA\nb { c; }\n", path)
        assert judge is not None

        assert judge.judge(2, 5).is_void

    @pytest.mark.parametrize("suffix", words(".toml .env .conf .cnf .neon .properties .ini .cfg .tf .tfvars .hcl"))
    def test_by_ending(self, suffix):
        """
        A line that begins with a hash is a comment in each of them.
        """
        judge = judge_of_settings(b"# AAA\n", f"a{suffix}")
        assert judge is not None

        assert judge.judge(2, 5).is_void

    @pytest.mark.parametrize("suffix", words(".xml .config .csproj .props .targets .html .htm .plist .svg"))
    def test_markup(self, suffix):
        """
        So is what stands in the comment of markup, up to its end.
        """
        judge = judge_of_settings(b"<!--A-->B", f"a{suffix}")
        assert judge is not None

        assert judge.judge(4, 5).is_void
        assert judge.judge(7, 8).is_void
        assert judge.judge(8, 9)

    @pytest.mark.parametrize(
        "name",
        words("SSLEngine ServerTokens ServerSignature TraceEnable ExpiresActive SSLProtocol SSLCipherSuite")
        + words("SSLHonorCipherOrder KeepAlive HostnameLookups RewriteEngine FileETag Timeout"),
    )
    def test_apache_sets_once(self, name):
        """
        Of what Apache sets once the last line counts.
        """
        judge = judge_of_settings(f"{name} A\n{name} B\n".encode(), ".htaccess")
        assert judge is not None

        assert judge.judge(0, 3).is_void
        assert judge.judge(len(name) + 3, len(name) + 6)

    @pytest.mark.parametrize(
        "name", words("client_max_body_size expires keepalive_timeout proxy_cache server_tokens ssl_session_timeout")
    )
    def test_nginx_sets_once(self, name):
        """
        Of what nginx sets once the last line of a block counts.
        """
        judge = judge_of_settings(f"{name} 1;\n{name} 2;\n".encode(), "nginx.conf")
        assert judge is not None

        assert judge.judge(0, 3).is_void
        assert judge.judge(len(name) + 4, len(name) + 7)

    @pytest.mark.parametrize(
        "section",
        words("global defaults frontend backend listen peers resolvers mailers cache userlist program ring")
        + words("http-errors log-forward fcgi-app crt-store"),
    )
    def test_sections_of_haproxy(self, section):
        """
        A section ends where the next one begins.
        """
        judge = judge_of_settings(f"listen a\n  disabled\n{section} b\n  AAA\n".encode(), "haproxy.cfg")
        assert judge is not None
        place = len("listen a\n  disabled\n") + len(section) + 5

        assert "is in a section that is disabled" != judge.judge(place, place + 3).reason

    def test_entries_of_haproxy(self):
        """
        A backend is unused only where something could use it.
        """
        for entry, used in (("frontend", False), ("listen", False), ("defaults", True)):
            text = f"{entry} a\n  bind :80\nbackend b\n  AAA\n"
            judge = judge_of_settings(text.encode(), "haproxy.cfg")
            assert judge is not None

            assert used is bool(judge.judge(text.index("AAA"), len(text) - 1))
