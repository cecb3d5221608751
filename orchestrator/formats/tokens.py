"""This is where the formats of tokens stand, as those who issue them have made them known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Confidence = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class Shape:
    """Plain words to search for, and the pattern that is tried from ``back`` bytes before each of them."""

    kind: str
    words: tuple[bytes, ...]
    pattern: re.Pattern[bytes]
    back: int = 0
    confidence: Confidence = "high"


def _shape(
    kind: str, words: str, pattern: str, *, back: int = 0, confidence: Confidence = "high", whole: bool = True
) -> Shape:
    """A shape; *whole* keeps it from matching inside a longer run of letters, digits, ``_`` and ``-``."""
    text = rf"(?<![A-Za-z0-9_-]){pattern}(?![A-Za-z0-9_-])" if whole else pattern
    return Shape(kind, tuple(w.lower().encode() for w in words.split()), re.compile(text.encode()), back, confidence)


def _loose(kind: str, words: str, pattern: str) -> Shape:
    """A shape whose pattern says by itself where it begins and ends."""
    return _shape(kind, words, pattern, whole=False)


_NEAR = r"[^\n]{0,40}?[\"'`=:\s]"

_ANY_TOKEN = r"(?i:bearer|basic|token)[ \t]{1,4}([A-Za-z0-9._~+/=-]{16,2000})"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_LOOSE_HEX = r"([0-9a-f]{40}|[0-9a-f]{32})(?![0-9a-fA-F])"

SHAPES: tuple[Shape, ...] = (
    _shape("aws-access-key", "AKIA ASIA", r"A[KS]IA[A-Z2-7]{16}"),
    _shape("aws-access-key", "AKIA ASIA", r"A[KS]IA[A-Z0-9]{16}", confidence="medium"),
    _shape(
        "aws-secret-key",
        "secret_access_key secret_key secretaccesskey secretkey",
        r"(?i:secret_?(?:access_?)?key)[\"'\]]{0,2}[ \t]{0,20}(?:=>|:=|[:=,])[ \t]{0,20}[\"']?([A-Za-z0-9/+]{40})"
        r"(?![A-Za-z0-9/+=])",
        whole=False,
    ),
    _shape("google-api-key", "AIza", r"AIza[0-9A-Za-z_-]{35}"),
    _shape("google-service-account", "private_key_id", r"private_key_id[\"']\s{0,9}:\s{0,9}[\"']([0-9a-f]{40})"),
    _shape("google-oauth-secret", "GOCSPX-", r"GOCSPX-[\w-]{28}"),
    _shape("google-oauth-token", "ya29.", r"ya29\.[\w-]{30,300}"),
    _shape("firebase-server-key", ":APA91b", r"AAAA[\w-]{7}:APA91b[\w-]{100,200}", back=11),
    _loose("azure-storage-key", "AccountKey=", r"(?i:AccountKey)=([A-Za-z0-9+/]{86}==)"),
    _loose(
        "data-protection-key",
        "masterKey",
        r"masterKey\b[^<>]{0,200}>\s{0,99}(?:<!--[^>]{0,300}-->\s{0,99})?<value>([A-Za-z0-9+/]{60,200}={0,2})</value>",
    ),
    _loose("azure-shared-access-key", "SharedAccessKey=", r"(?i:SharedAccessKey)=([A-Za-z0-9+/]{42,44}={0,2})"),
    _shape("azure-client-secret", "Q~", r"[A-Za-z0-9_.~-]{3}\dQ~[A-Za-z0-9_.~-]{31,34}", back=4, whole=False),
    _shape("github-token", "ghp_ gho_ ghu_ ghs_ ghr_", r"gh[pousr]_[A-Za-z0-9]{36,255}"),
    _shape("github-token", "github_pat_", r"github_pat_[A-Za-z0-9_]{82}"),
    _shape("gitlab-token", "glpat- gldt- glrt- glptt- glft-", r"gl(?:pat|dt|rt|ptt|ft)-[\w-]{20,64}"),
    _shape("slack-token", "xoxb- xoxp- xoxa- xoxr- xoxs- xoxe-", r"xox[abprse]-[0-9A-Za-z-]{20,250}"),
    _shape("slack-token", "xapp-", r"xapp-\d-[A-Z0-9]{8,14}-\d{8,16}-[0-9a-f]{64}"),
    _loose("slack-webhook", "slack.com/services/", r"slack\.com/services/(T\w{6,14}/B\w{6,14}/\w{18,40})"),
    _loose("discord-webhook", "/api/webhooks/", r"/api/webhooks/(\d{16,20}/[\w-]{60,80})"),
    _loose("discord-token", "discord", rf"(?i:discord){_NEAR}([MNO][\w-]{{23,27}}\.[\w-]{{6}}\.[\w-]{{27,40}})"),
    _shape("telegram-token", ":AA", r"\d{8,10}:AA[\w-]{33}", back=10),
    _shape("telegram-token", ":AA", r"\d{9}:AA[\w-]{33}", back=9),
    _shape("stripe-key", "sk_live_ rk_live_", r"[sr]k_live_[A-Za-z0-9]{16,128}"),
    _shape("stripe-test-key", "sk_test_ rk_test_", r"[sr]k_test_[A-Za-z0-9]{16,128}", confidence="medium"),
    _shape("stripe-webhook-secret", "whsec_", r"whsec_[A-Za-z0-9+/=]{24,64}"),
    _shape("square-token", "sq0atp- sq0csp-", r"sq0(?:atp-[\w-]{22}|csp-[\w-]{43})"),
    _shape("square-token", "EAAA", r"EAAA[\w-]{60}"),
    _shape("braintree-token", "access_token$production$", r"access_token\$production\$[a-z0-9]{16}\$[0-9a-f]{32}"),
    _shape("shopify-token", "shpat_ shpca_ shppa_ shpss_", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    _shape("twilio-key", "twilio", rf"(?i:twilio){_NEAR}((?:SK)?[0-9a-f]{{32}})(?![0-9a-fA-F])", whole=False),
    _shape("sendgrid-key", "SG.", r"SG\.[\w-]{22}\.[\w-]{43}"),
    _shape("mailgun-key", "key-", r"key-[0-9a-f]{32}"),
    _shape("mailchimp-key", "-us", r"[0-9a-f]{32}-us\d{1,2}", back=32),
    _shape("npm-token", "npm_", r"npm_[A-Za-z0-9]{36}"),
    _shape("npm-token", ":_authToken=", r"(?i::_authToken=)[\"']?([A-Za-z0-9+/=_-]{16,200})", whole=False),
    _shape("pypi-token", "pypi-AgEI", r"pypi-AgEI[\w-]{50,400}"),
    _shape("rubygems-key", "rubygems_", r"rubygems_[0-9a-f]{48}"),
    _shape("docker-hub-token", "dckr_pat_ dckr_oat_", r"dckr_[po]at_[\w-]{20,40}"),
    _shape("heroku-key", "HRKU-", r"HRKU-[\w-]{30,70}"),
    _loose("heroku-key", "heroku", rf"(?i:heroku){_NEAR}({_UUID})"),
    _shape("digitalocean-token", "dop_v1_ doo_v1_ dor_v1_", r"do[por]_v1_[0-9a-f]{64}"),
    _loose("datadog-key", "datadog dd_api_key dd_app_key", rf"(?i:datadog|dd_ap[ip]_key){_NEAR}{_LOOSE_HEX}"),
    _shape("new-relic-key", "NRAK- NRII- NRIQ-", r"NR(?:AK-[A-Z0-9]{27}|I[IQ]-[\w-]{32})"),
    _shape("new-relic-key", "NRAL", r"[0-9a-f]{36}NRAL", back=36),
    _shape("grafana-token", "glsa_ glc_", r"gl(?:sa_[A-Za-z0-9]{32}_[0-9a-fA-F]{8}|c_[A-Za-z0-9+/=]{32,400})"),
    _shape("sentry-token", "sntrys_ sntryu_", r"sntry[su]_[A-Za-z0-9+/=_]{40,400}"),
    _shape("vault-token", "hvs. hvb.", r"hv[sb]\.[\w-]{24,300}"),
    _shape("terraform-cloud-token", ".atlasv1.", r"[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,80}", back=14),
    _shape("databricks-token", "dapi", r"dapi[0-9a-f]{32}(?:-\d)?"),
    _shape("atlassian-token", "ATATT3", r"ATATT3[\w=-]{150,250}"),
    _shape("postman-key", "PMAK-", r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
    _shape("linear-key", "lin_api_", r"lin_api_[A-Za-z0-9]{40}"),
    _shape("doppler-token", "dp.pt. dp.st.", r"dp\.[ps]t\.(?:[\w-]{2,35}\.)?[A-Za-z0-9]{40,44}"),
    _shape("openai-key", "sk-proj- sk-svcacct- sk-admin-", r"sk-(?:proj|svcacct|admin)-[\w-]{40,200}"),
    _shape("openai-key", "T3BlbkFJ", r"sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}", back=23),
    _shape("anthropic-key", "sk-ant-", r"sk-ant-[\w-]{32,200}"),
    _shape("huggingface-token", "hf_", r"hf_[A-Za-z]{34}"),
    _loose(
        "private-key",
        "LS0tLS1CRUdJTi",
        r"LS0tLS1CRUdJTi(?:BQUklWQVRFIEtFW|BSU0EgUFJJVkFURSBLRV|BFQyBQUklWQVRFIEtFW|BPUEVOU1NIIFBSSVZBVEUgS0VZ|"
        r"BEU0EgUFJJVkFURSBLRV)[A-Za-z0-9+/]{60,12000}={0,2}",
    ),
    _shape("age-key", "AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[A-Z0-9]{58}"),
    _shape("json-web-token", "eyJ", r"eyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{20,1000}", confidence="medium"),
    _shape(
        "authorization-header",
        "authorization",
        r"(?i:authorization)[\"']?\]?[ \t]{0,4}[:=,][ \t]{0,4}[\"'`]?" + _ANY_TOKEN,
        confidence="medium",
        whole=False,
    ),
    _shape(
        "session-cookie",
        "cookie",
        r"(?i:cookie)[\"']?[ \t]{0,4}[:=,][ \t]{0,4}[\"'`]?[\w.-]{1,60}+=([\w%.+/-]{16,500}+)",
        confidence="medium",
        whole=False,
    ),
)  # fmt: skip
