"""The tokens of what watches systems, and of what counts their visitors."""

from __future__ import annotations

from ._shape import UUID, named, near, token

SHAPES = (
    near("datadog-key", "datadog dd_api_key dd_app_key", r"[0-9a-f]{40}|[0-9a-f]{32}", "betterleaks.datadog-api-key"),
    token(
        "datadog-key", "ddapp_", r"ddapp_[A-Za-z0-9]{34}", "https://docs.datadoghq.com/account_management/api-app-keys"
    ),
    token(
        "new-relic-key",
        "NRAK- NRII- NRIQ- NRBR- NRJS-",
        r"NR(?:AK-[A-Z0-9]{27}|I[IQ]-[\w-]{32}|JS-[a-f0-9]{19}|BR-[a-f0-9]{19})",
        "betterleaks.new-relic-user-api-key",
    ),
    token(
        "new-relic-key",
        "NRAL",
        r"[0-9a-f]{36}NRAL",
        "https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys",
        back=36,
    ),
    token(
        "grafana-token",
        "glsa_ glc_",
        r"gl(?:sa_[A-Za-z0-9]{32}_[0-9a-fA-F]{8}|c_[A-Za-z0-9+/=]{32,400})",
        "betterleaks.grafana-service-account-token",
    ),
    token("grafana-token", "eyJrIjoi", r"eyJrIjoi[A-Za-z0-9+/]{40,380}={0,2}", "betterleaks.grafana-api-key"),
    token("sentry-token", "sntrys_ sntryu_", r"sntry[su]_[A-Za-z0-9+/=_]{40,400}", "betterleaks.sentry-org-token"),
    named("sentry-token", "sentry", r"[a-f0-9]{64}", "betterleaks.sentry-access-token"),
    token(
        "dynatrace-token",
        "dt0c01. dt0s16. dt0s02. dt0s01. dt0s08. dt0e01. dt0e03.",
        r"dt0(?:c01|e0[13]|s(?:0[128]|16))\.[A-Za-z0-9-]{8,24}\.[A-Za-z0-9]{64}",
        "betterleaks.dynatrace-api-token",
    ),
    named("honeycomb-key", "honeycomb", r"[a-f0-9]{32}|[A-Za-z0-9]{22}", "betterleaks.honeycomb-api-key"),
    token(
        "honeycomb-key",
        "hcaik_ hcxik_ hcamk_",
        r"hc(?:ai|xi|am)k_[a-z0-9]{58}",
        "https://docs.honeycomb.io/configure/environments/manage-api-keys",
    ),
    named(
        "sumologic-key", "sumo_ sumologic", r"su[A-Za-z0-9]{12}|[A-Za-z0-9]{64}", "betterleaks.sumologic-access-token"
    ),
    named(
        "splunk-token",
        "splunk",
        UUID,
        "https://docs.splunk.com/Documentation/Splunk/latest/Data/UsetheHTTPEventCollector",
    ),
    named("pagerduty-key", "pagerduty", r"[a-z0-9]{32}", "https://developer.pagerduty.com/docs/authentication"),
    near(
        "pagerduty-key",
        "pagerduty",
        r"u\+[A-Za-z0-9_+-]{18}",
        "betterleaks.pagerduty-authorization-token.1",
    ),
    named("opsgenie-key", "opsgenie", UUID, "betterleaks.opsgenie-api-key.1"),
    token("rootly-key", "rootly_", r"rootly_[a-f0-9]{64}", "betterleaks.rootly-api-key.1"),
    named("rollbar-token", "rollbar", r"[a-f0-9]{32}", "https://docs.rollbar.com/docs/access-tokens"),
    named("bugsnag-key", "bugsnag", r"[a-f0-9]{32}", "https://docs.bugsnag.com/api"),
    token("posthog-key", "phx_ phs_", r"ph[xs]_[\w-]{41,49}", "betterleaks.posthog-personal-api-key"),
    token("segment-token", "sgp_", r"sgp_[A-Za-z0-9]{64}", "betterleaks.segment-public-api-token.1"),
    named(
        "segment-token",
        "segment_ segmentwrite segmentio",
        r"[A-Za-z0-9]{32}",
        "https://segment.com/docs/connections/find-writekey",
    ),
    named("amplitude-key", "amplitude", r"[a-f0-9]{32}", "betterleaks.amplitude-secret-key"),
    named("mixpanel-secret", "mixpanel", r"[a-f0-9]{32}", "https://developer.mixpanel.com/reference/service-accounts"),
    named(
        "fullstory-key",
        "fullstory",
        r"(?:na1|eu1)\.[A-Za-z0-9+/=]{20,200}",
        "betterleaks.fullstory-api-key",
        confidence="high",
    ),
    named("finnhub-key", "finnhub", r"[a-z0-9]{20}", "betterleaks.finnhub-access-token"),
    named("virustotal-key", "virustotal", r"[a-f0-9]{64}", "betterleaks.virustotal-api-key.1"),
    named("shodan-key", "shodan", r"[A-Za-z0-9]{32}", "https://developer.shodan.io/api/requirements"),
    named("abuseipdb-key", "abuseipdb", r"[a-f0-9]{80}", "betterleaks.abuseipdb-api-key.1"),
    token("maxmind-key", "_mmk", r"[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk", "betterleaks.maxmind-license-key", back=36),
    token(
        "adafruit-key",
        "aio_",
        r"aio_[A-Za-z0-9]{28}",
        "https://learn.adafruit.com/all-the-internet-of-things-episode-four-adafruit-io",
    ),
    named("adafruit-key", "adafruit", r"[a-z0-9_-]{32}", "betterleaks.adafruit-api-key"),
    named("meraki-key", "meraki", r"[0-9a-f]{40}", "betterleaks.cisco-meraki-api-key"),
    token(
        "mapbox-token",
        "sk.eyJ1Ijo",
        r"sk\.eyJ1Ijo[\w-]{40,200}\.[\w-]{22}",
        "https://docs.mapbox.com/help/dive-deeper/access-tokens",
    ),
    named("openweather-key", "openweather", r"[a-z0-9]{32}", "betterleaks.openweather-api-key"),
    token("wakatime-key", "waka_", rf"waka_(?:{UUID}|[a-z0-9]{{36,64}})", "betterleaks.wakatime-api-key.2"),
)
