"""The tokens of data stores, queues and the back ends that are rented with them."""

from __future__ import annotations

from ._shape import loose, named, token

SHAPES = (
    token("databricks-token", "dapi dkea", r"d(?:api|kea)[0-9a-f]{32}(?:-\d)?", "betterleaks.databricks-api-token"),
    token(
        "planetscale-token",
        "pscale_tkn_ pscale_pw_ pscale_oauth_",
        r"pscale_(?:tkn|pw|oauth)_[\w=.-]{32,64}",
        "betterleaks.planetscale-password",
    ),
    token("supabase-token", "sbp_", r"sbp_(?:oauth_|v0_)?[a-z0-9_]{40}", "betterleaks.supabase-management-token"),
    token("supabase-token", "sb_secret_", r"sb_secret_[\w-]{31}", "betterleaks.supabase-project-api-key"),
    token("neon-key", "napi_", r"napi_[A-Za-z0-9]{64}", "betterleaks.neon-api-key"),
    token(
        "mongodb-atlas-secret", "mdb_sa_sk_", r"mdb_sa_sk_[\w-]{40}", "betterleaks.mongodb-atlas-service-account-secret"
    ),
    token(
        "cockroach-key", "CCDB1_", r"CCDB1_[A-Za-z0-9]{22}_[A-Za-z0-9]{40}", "betterleaks.cockroachlabs-cloud-api-key"
    ),
    token("clickhouse-key", "4b1d", r"4b1d[A-Za-z0-9]{38}", "betterleaks.clickhouse-cloud-api-secret-key"),
    token(
        "astra-token",
        "AstraCS:",
        r"AstraCS:[A-Za-z0-9]{20,40}(?::[a-f0-9]{64})?",
        "betterleaks.datastax-astra-application-token",
    ),
    token("elastic-key", "essu_", r"essu_[\w-]{60,200}={0,2}", "betterleaks.elastic-cloud-api-key"),
    token("aiven-token", "AVNS_", r"AVNS_[\w-]{15,30}", "https://aiven.io/docs/platform/howto/create-service-users"),
    named("aiven-token", "aiven", r"[A-Za-z0-9/+=]{372}", "betterleaks.aiven-auth-token", confidence="high"),
    named(
        "confluent-secret", "confluent", r"cflt[A-Za-z0-9+/]{60}|[A-Za-z0-9/+]{64}", "betterleaks.confluent-secret-key"
    ),
    named(
        "influxdb-token",
        "influx",
        r"[\w-]{86}==|[A-Za-z0-9+/=_-]{88,100}",
        "betterleaks.influxdb-api-token",
        confidence="high",
    ),
    named("snowflake-token", "snowflake", r"[\w-]{100,500}", "betterleaks.snowflake-programmatic-access-token.1"),
    named(
        "upstash-token",
        "upstash",
        r"A[A-Za-z0-9+/_-]{30,95}={0,2}",
        "betterleaks.upstash-redis-rest-token.1",
    ),
    named(
        "couchbase-key", "couchbase capella", r"[A-Za-z0-9+/]{60,120}={0,2}", "betterleaks.couchbase-capella-api-key"
    ),
    named("cloudinary-secret", "cloudinary", r"[\w-]{27}|[A-Za-z0-9]{32}", "betterleaks.cloudinary-api-secret"),
    loose(
        "cloudinary-secret",
        "cloudinary://",
        r"(?i:cloudinary)://\d{10,20}:([\w-]{20,40})@",
        "https://cloudinary.com/documentation/cloudinary_get_started",
    ),
    token("temporal-key", "tmprl_", r"tmprl_[\w-]{20,300}", "https://docs.temporal.io/cloud/api-keys"),
    token(
        "hasura-key",
        "hasura-admin-secret",
        r"hasura-admin-secret[\"']?[ \t]{0,4}[:=][ \t]{0,4}[\"']?([\w-]{20,100})",
        "https://hasura.io/docs/2.0/auth/authentication/admin-secret-access",
    ),
    loose(
        "data-protection-key",
        "masterKey",
        r"masterKey\b[^<>]{0,200}>\s{0,99}(?:<!--[^>]{0,300}-->\s{0,99})?<value>([A-Za-z0-9+/]{60,200}={0,2})</value>",
        "https://learn.microsoft.com/en-us/aspnet/core/security/data-protection",
    ),
)
