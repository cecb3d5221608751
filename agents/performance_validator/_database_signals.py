"""The traces that pools, eager loading, replicas and purges leave in source and configuration."""

from __future__ import annotations

from orchestrator import ALL, Signal, words

MYSQL = Signal(
    id="performance.mysql",
    words=(
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
    pattern=(
        r"\bpool_size\W{1,4}\S|\bmax_overflow\W{1,4}\d|maximum-?pool-?size\W{1,4}\S|"
        r"\bconnectionLimit\W{1,4}\d|connection_limit=\d|^\s*pool:\s*(?:<%|\d|\{.{0,60}max)|max_?pool_?size\W{1,4}\d|"
        rf"\bdefault_pool_size\s*=\s*\d|{words('resources/poolers').pattern}|"
        r"image:\s*\S*pgbouncer|\.MaxConns\s*=|\.max_connections\(\d|pool_max_conns="
    ),
    roles=("source", "config", "infra"),
)  # fmt: skip
GO_SQL = Signal(
    id="performance.go-sql-open",
    pattern=r"\b(?:ent)?sqlx?\.(?:Open|Connect)\(\"?(?!sqlite)",
    languages=("go",),
)
GO_POOLED = Signal(id="performance.go-pool-limit", words=("setmaxopenconns(",), languages=("go",))
QUERY_WATCHED = Signal(
    id="performance.queries-watched",
    pattern=r"(?:bullet|prosopite)\.raise\s*=\s*true|nplusone|preventLazyLoading|strict_loading_by_default\s*=\s*true",
    roles=("source", "test", "config"),
)
"""What looks at each request, or at each test, by itself."""
QUERY_COUNTED = Signal(
    id="performance.queries-counted",
    words=(
        "assertnumqueries", "django_assert_num_queries", "django_assert_max_num_queries", "exceed_query_limit",
        "make_database_queries", "assertmaxqueries", "expectsdatabasequerycount", "quickperf", "@expectselect",
        "assert_queries_count", "assert_no_queries", "n_plus_one_control", "perform_constant_number_of_queries",
    ),
    roles=("source", "test", "config"),
)  # fmt: skip
EAGER = Signal(
    id="performance.eager-loading",
    words=(
        "select_related(", "prefetch_related(", "joinedload(", "selectinload(", "subqueryload(", ".includes(:",
        ".preload(:", "eager_load(", "new dataloader", "dataloader(", "->with(", "entitygraph", "join fetch",
        ".include(x =>",
    ),
)  # fmt: skip
AUTOVACUUM_OFF = Signal(
    id="performance.autovacuum-off",
    pattern=r"\bautovacuum(?:_enabled)?\s*[=:]\s*['\"]?(?:off|false|0)\b",
    roles=("source", "config", "infra"),
)
STATISTICS = Signal(
    id="performance.statistics-kept",
    pattern=r"autovacuum_(?:vacuum|analyze|naptime|max)\w{0,40}\W{1,6}\d|\bVACUUM \(?ANALYZE|\bvacuumdb\b|"
    r"\bANALYZE TABLE\b|\bpg_repack\b",
    roles=("source", "config", "infra", "ci"),
)
READ_ROUTED = Signal(
    id="performance.reads-routed",
    pattern=(
        r"^DATABASE_ROUTERS\s*=\s*\[\s*['\"]|connects_to.{0,80}reading:|role: :reading|replication:\s*\{|use_replica|"
        r"using\(['\"]replica|read_?replica\w{0,20}\s*[=(:]|dbresolver\.(?:Config|Register)|RoutingDataSource|"
        r"\$replica\("
    ),
)  # fmt: skip
CACHED_QUERIES = Signal(
    id="performance.query-results-cached",
    pattern=(
        r"get_or_set\((?!.{0,200}(?:timeout|ttl)\s?=\s?(?:0\b|(\d{1,9})\s?-\s?\1\b))"
        r".{0,200}(?:timeout|ttl|,\s?\d{2,})|cache\.fetch.{0,200}expires_in: (?!nil)|"
        r"Cache::remember\([^,]{1,120},\s?[\w$]|"
        r"cache\.memoize\((?:timeout=)?\d|@cached\(.{0,80}(?:ttl|timeout|TTLCache)|cache\.wrap\(.{0,200}ttl"
    ),
)
ARCHIVED = Signal(
    id="performance.old-rows-expired",
    pattern=(
        r"\bPARTITION BY (?:RANGE|LIST|HASH)\b|expireAfterSeconds|\bpg_partman\b|partman\.create_parent|"
        r"(?:def|func|function|fun|void|task|async|Future<void>)\s+(?:\([^)]{0,60}\)\s*)?\W{0,2}\w{0,30}"
        r"(?:(?:purge|prune)_(?:expired|stale|outdated|events|logs|records|results|history|sessions)|"
        r"(?:purge|archive|delete|cleanup|remove|prune)_?old|delete_(?:expired|stale))\w{0,40}|"
        r"use (?:Mass)?Prunable|manage\.py clearsessions|func \([^)]{0,60}\) GarbageCollect\("
    ),
    roles=("source", "config", "infra"),
)  # fmt: skip
SCHEDULED = Signal(
    id="performance.scheduled-job",
    pattern=r"@shared_task|@\w{0,20}\.?task\b|@Scheduled|crontab|\bcron\b|\.schedule\(|add_job\(|periodic_task|"
    r"perform_later|sidekiq|ApplicationJob|Oban\.Worker|setInterval\(|time\.NewTicker|BackgroundService",
    kept=ALL,
)
