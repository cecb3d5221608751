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
        r"\bpool_?[sS]ize\W{1,4}[\w$]{1,80}|\bmax_overflow\W{1,4}\d{1,9}|"
        r"\b(?:setM|m)aximum-?[pP]ool-?[sS]ize\W{1,4}[\w$]{1,80}|[Mm]ax(?:imum)? [Pp]ool [Ss]ize=\w{1,9}|"
        r"\bconnectionLimit\W{1,4}[\w$]{1,80}|connection_limit=[\w$]{1,80}|"
        r"^\s*pool:\s*(?:\d{1,9}|<%|\{.{0,60}max\w{0,5}\W{1,4}\w{1,80})|\bmax_?[pP]ool_?[sS]ize\W{1,4}[\w$]{1,80}|"
        r"['\"]pool['\"]:\s?\{.{0,60}max_size\W{1,4}\w{1,80}|\bnew (?:pg\.)?Pool\(|"
        r"\bnew PrismaPg\(\{.{0,200}\bmax:\s?\w{1,80}|\bjdbc[./]max-size\W{1,3}\w{1,80}|"
        r"\bdefault_pool_size\s*=\s*\d{1,9}|\bMaxConns\b.{0,30}=\s?[\w$]{1,80}|"
        r"PoolOptions.{0,80}\.max_connections\(\w{1,80}\)|pool_max_conns=\w{1,80}|"
        r"^\s*max_connections:\s*(?:<%|\d{1,9}\s*$)"
    ),
    roles=("source", "config", "infra", "other"),
)
"""Sets the size of a pool of a client, or of a pooler."""
MANAGED = Signal(
    id="performance.managed-pooler",
    pattern=words("resources/poolers").pattern,
    roles=("source", "config", "infra"),
)
LIMITED = Signal(
    id="performance.server-limit",
    pattern=r"\bmax_connections['\"]?\s?[:=]\s?['\"]?\d{2}",
    roles=("source", "config", "infra", "other", "ci"),
)
NO_POOL = Signal(
    id="performance.no-pool",
    pattern=r"poolclass\s?=\s?(?:\w{1,20}\.){0,2}NullPool",
    languages=("python",),
)
DIRECT = Signal(
    id="performance.single-connection",
    pattern=(
        r"(?:\bpsycopg2?\.connect\(|\b(?:pymysql|MySQLdb|asyncpg|aiomysql|pyodbc)\.connect\(|"
        r"\bnew (?:pg\.)?Client\(|\bmysql2?\.createConnection\(|\bDriverManager\.getConnection\(|\bpgx\.Connect\(|"
        r"\bPG\.connect\(|\bnew PDO\(|\bnew mysqli\()"
    ),
    kept=ALL,
)
"""Opens one connection."""
PG_CLIENT = Signal(
    id="performance.pg-client",
    pattern=r"\bClient\b.{0,60}from ['\"]pg['\"]|(?:import pg\b|\bpg\b).{0,30}(?:from|require\()\s?['\"]pg['\"]",
    languages=("javascript", "typescript"),
)
"""The class of that name is one of node-postgres."""
WORKERS = Signal(
    id="performance.worker-processes",
    pattern=(
        r"(?:gunicorn|uvicorn|hypercorn|granian|uwsgi).{0,120}(?:--workers|--processes|\s-w)\b|WEB_CONCURRENCY|"
        r"^\s{0,8}workers\s?[=(]?\s?\S"
    ),
    roles=("source", "config", "infra", "other"),
    languages=(),
)
GO_SQL = Signal(
    id="performance.go-sql-open",
    pattern=r"\b(?:ent)?sqlx?\.(?:Open|Connect)\(\"?(?!sqlite)",
    languages=("go",),
)
GO_POOLED = Signal(
    id="performance.go-pool-limit", pattern=r"\bSetMaxOpenConns\([^()]{0,80}(?:\([^()]{0,80}\))?\)", languages=("go",)
)
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
    r"\bANALYZE TABLE\b|\bpg_repack\b|name\s?[=:]\s?['\"]autovacuum_(?:vacuum|analyze|naptime|max)\w{0,40}['\"]|"
    r"^autovacuum:\s?['\"]?(?:on|true)\b",
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
READ_ONLY = Signal(
    id="performance.read-only-database",
    pattern=r"^replica:\s?true\b|\bread_only:\s?true\b|['\"]MIRROR['\"]:|\bspring\.datasource\.read(?:er|only|-only)",
    roles=("source", "config"),
)
"""A database that the application knows as one to read from."""
READ_FROM = Signal(
    id="performance.read-from-replica",
    pattern=(
        r"\bdatabase_selector\b|role: :reading|\breading: :\w{1,40}|\b\w{0,30}Replica\.(?:all|one|get|aggregate)\(|"
        r"\.using\(['\"]replica|@Transactional\(readOnly = true|^DATABASE_ROUTERS\s?="
    ),
    roles=("source", "config"),
)
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
        r"part_config\b.{0,60}\bretention\b|"
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
