"""The traces that pools, eager loading, replicas and purges leave in source and configuration."""

from __future__ import annotations

from orchestrator import Signal

MYSQL = Signal(
    id="performance.mysql",
    anchors=(
        "mysql2",
        "engine=innodb",
        "engine = innodb",
        "mysql+pymysql",
        "backends.mysql",
        "jdbc:mysql",
        "go-sql-driver/mysql",
    ),
    roles=("source", "config", "infra"),
)
POOLED = Signal(
    id="performance.connection-pool",
    anchors=(
        "pool_size", "max_overflow", "maximum-pool-size", "maximumpoolsize", "connectionlimit",
        "connection_limit=", "max_pool", "pool:", "pgbouncer", "aws_db_proxy", "maxpoolsize", "default_pool_size",
        "maxconns", "max_connections(", "max_conns",
    ),
    pattern=(
        r"\bpool_size\W{1,4}\S|\bmax_overflow\W{1,4}\d|maximum-?pool-?size\W{1,4}\S|"
        r"\bconnectionLimit\W{1,4}\d|connection_limit=\d|^\s*pool:\s*(?:<%|\d|\{.{0,60}max)|max_?pool_?size\W{1,4}\d|"
        r"\bdefault_pool_size\s*=\s*\d|resource \"aws_db_proxy\"|"
        r"image:\s*\S*pgbouncer|\.MaxConns\s*=|\.max_connections\(\d|pool_max_conns="
    ),
    roles=("source", "config", "infra"),
)  # fmt: skip
GO_SQL = Signal(
    id="performance.go-sql-open",
    anchors=("sql.open(", "sqlx.connect(", "sqlx.open("),
    pattern=r"\b(?:ent)?sqlx?\.(?:Open|Connect)\(\"?(?!sqlite)",
    languages=("go",),
)
GO_POOLED = Signal(id="performance.go-pool-limit", anchors=("setmaxopenconns(",), languages=("go",))
QUERY_WATCHED = Signal(
    id="performance.queries-watched",
    anchors=("bullet.raise", "prosopite.raise", "nplusone", "preventlazyloading", "strict_loading_by_default"),
    pattern=r"(?:bullet|prosopite)\.raise\s*=\s*true|nplusone|preventLazyLoading|strict_loading_by_default\s*=\s*true",
    roles=("source", "test", "config"),
)
"""What looks at each request, or at each test, by itself."""
QUERY_COUNTED = Signal(
    id="performance.queries-counted",
    anchors=(
        "assertnumqueries", "django_assert_num_queries", "django_assert_max_num_queries", "exceed_query_limit",
        "make_database_queries", "assertmaxqueries", "expectsdatabasequerycount", "quickperf", "@expectselect",
        "assert_queries_count", "assert_no_queries", "n_plus_one_control", "perform_constant_number_of_queries",
    ),
    roles=("source", "test", "config"),
)  # fmt: skip
EAGER = Signal(
    id="performance.eager-loading",
    anchors=(
        "select_related(", "prefetch_related(", "joinedload(", "selectinload(", "subqueryload(", ".includes(:",
        ".preload(:", "eager_load(", "new dataloader", "dataloader(", "->with(", "entitygraph", "join fetch",
        ".include(x =>",
    ),
)  # fmt: skip
AUTOVACUUM_OFF = Signal(
    id="performance.autovacuum-off",
    anchors=("autovacuum",),
    pattern=r"\bautovacuum(?:_enabled)?\s*[=:]\s*['\"]?(?:off|false|0)\b",
    roles=("source", "config", "infra"),
)
STATISTICS = Signal(
    id="performance.statistics-kept",
    anchors=("autovacuum_", "vacuum analyze", "vacuum (analyze", "vacuumdb", "analyze table", "pg_repack"),
    pattern=r"autovacuum_(?:vacuum|analyze|naptime|max)\w{0,40}\W{1,6}\d|\bVACUUM \(?ANALYZE|\bvacuumdb\b|"
    r"\bANALYZE TABLE\b|\bpg_repack\b",
    roles=("source", "config", "infra", "ci"),
)
READ_ROUTED = Signal(
    id="performance.reads-routed",
    anchors=(
        "database_routers", "connects_to", "connected_to(role: :reading", "replication:", "use_replica",
        "using('replica",
        'using("replica', "read_replica", "readreplica", "dbresolver.", "transactionroutingdatasource",
        "abstractroutingdatasource", "$replica(",
    ),
    pattern=(
        r"^DATABASE_ROUTERS\s*=\s*\[\s*['\"]|connects_to.{0,80}reading:|role: :reading|replication:\s*\{|use_replica|"
        r"using\(['\"]replica|read_?replica\w{0,20}\s*[=(:]|dbresolver\.(?:Config|Register)|RoutingDataSource|"
        r"\$replica\("
    ),
)  # fmt: skip
CACHED_QUERIES = Signal(
    id="performance.query-results-cached",
    anchors=("get_or_set(", "cache.fetch", "cache::remember", "@cacheable", "cache.memoize", "@cached(", "cache.wrap("),
    pattern=(
        r"get_or_set\(.{0,200}(?:timeout|ttl|,\s?\d{2,})|cache\.fetch.{0,200}expires_in: (?!nil)|"
        r"Cache::remember\([^,]{1,120},\s?[\w$]|"
        r"cache\.memoize\((?:timeout=)?\d|@cached\(.{0,80}(?:ttl|timeout|TTLCache)|cache\.wrap\(.{0,200}ttl"
    ),
)
ARCHIVED = Signal(
    id="performance.old-rows-expired",
    anchors=(
        "partition by", "expireafterseconds", "pg_partman", "create_parent(", "purge_", "purgeold", "archive_old",
        "archiveold", "delete_old", "deleteold", "cleanup_old", "cleanupold", "delete_expired", "remove_old",
        "prune_", "prunable", "clearsessions", "garbagecollect", "cleanup_query_results", "delete_stale",
    ),
    pattern=(
        r"\bPARTITION BY (?:RANGE|LIST|HASH)\b|expireAfterSeconds|\bpg_partman\b|partman\.create_parent|"
        r"(?:def|func|function|fun|void|task|async|Future<void>)\s+(?:\([^)]{0,60}\)\s*)?\W{0,2}\w{0,30}"
        r"(?:purge|archive|delete|cleanup|remove|prune)_?(?:old|expired|stale|outdated|"
        r"events|logs|records|results|history|sessions)\w{0,40}|"
        r"use (?:Mass)?Prunable|manage\.py clearsessions|func \([^)]{0,60}\) GarbageCollect\("
    ),
    roles=("source", "config", "infra"),
)  # fmt: skip
