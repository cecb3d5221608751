"""Judges how audit records are made: what is recorded, and with whom, what, when and where."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    PASS,
    Code,
    Draft,
    Example,
    Manifests,
    Places,
    Schema,
    Signal,
    Table,
    check,
    examined,
    failed,
    passed,
    together,
    unsure,
    words,
)

_LIBRARIES = words("packages/audit-libraries")
AUDIT_USE = Signal(
    id="monitoring.audit-library-used",
    pattern=words("calls/audit-calls").pattern,
)
AUDIT_ENDED = Signal(
    id="monitoring.audit-ended",
    pattern=r"\bauditlog\.unregister\(|\breversion\.unregister\(|PaperTrail\.enabled\s*=\s*false|\bAUDITLOG_DISABLED\s*=\s*True",
)
AUDIT_CALL = Signal(
    id="monitoring.audit-call",
    pattern=r"^(?!.*\b(def|func|function|class)\b).*(\baudit_?(log|event|trail|record|entry)?(ger)?(\.|::|->)"
    r"(log|record|create|write|emit|track|info|append)\w*\s*\(|\baudit_?(log|event|trail|record|entry)\s*\(|"
    r"Audit(Log|Event|Entry|Record)(\s*\(|\.(create|objects))|record_event\()",
    kept=ALL,
)
AUDIT_WRITTEN = Signal(
    id="monitoring.audit-record-written",
    pattern=r"\binsert\s+into\s+[\"'`\[\w.]{0,60}(?:audit|activity_?log)|"
    r"(?:audit|activity_?log)\w{0,30}(?:\.objects)?(?:\.|->|::)(?:bulk_?)?(?:create|insert|add|save|store|build|new)\w{0,12}[!(\s]|"
    r"^(?!.*\b(?:class|def|func|fun|function|interface|record|struct|trait|extends|type|import|public|private)\b)"
    r".*(?:\bnew\s+|[&%(=\s]|^)(?:\w{1,30}\.)?(?-i:Audit(?:Log|Event|Entry|Record|Trail)?|ActivityLog)\s?[({]|"
    r"\b(?:into|insert(?:_all)?!?)\s?[(\s][%\"'`]?\w{0,20}(?:audit|activity_?log)|\baudit\w{0,20}[\"'`]\)(?:\.|->)insert|"
    r"\bfrom\s+\S{0,40}\baudit\w{0,20}\.models\s+import\b|\brepo\.insert!?\(%\w{0,20}(?:event|entry|record)\{",
    kept=ALL,
)
"""What writes a record of its own into a table of audit records."""
AUDIT_SENT = Signal(
    id="monitoring.audit-record-sent",
    pattern=r"logger\w{0,10}\(.{0,60}audit|(?:publish|send|emit|produce|enqueue|dispatch)\w{0,20}[!(\s].{0,80}audit",
    kept=ALL,
)
"""What hands a record on to a log or a queue of audit records."""
SAME_FOR_ALL = Signal(
    id="monitoring.audit-record-of-nobody",
    pattern=r"(?:audit|record)\w{0,20}(?:(?:\.|->|::)\w{1,20})?\((?:.{0,200},\s{0,3})?[\"'`](?:0\.0\.0\.0|127\.0\.0\.1|::1?|localhost|unknown|"
    r"[\w-]{0,30}[-_](?:service|app|server|api|backend)|service|app|server|api|backend|anonymous|nobody)[\"'`]\s{0,3}[,)]",
    kept=ALL,
)
"""A call that gives each record the same actor or address, whoever has asked."""
AUDIT_READ = Signal(
    id="monitoring.audit-of-reading",
    pattern=r"LogAccessMixin|(audit|record_event).{0,120}\b(read|view|access|export|download|list)|"
    r"pgaudit\.log\s*[=:]?\s*['\"]?(all|read)",
    roles=("source", "config", "infra"),
)
_ONLY_NAMES = re.compile(r"auditlog\.middleware", re.IGNORECASE)
"""It says who did what is recorded, and records nothing itself."""
_DELETED = re.compile(r"delet|remov|destroy|purge|revoke", re.IGNORECASE)
_CHANGED = re.compile(r"updat|chang|creat|edit|modif|grant", re.IGNORECASE)
_KEPT = {
    "shop/audit.py": "def log(action, user):\n"
    '    db.execute("insert into audit_events (actor, action) values (%s, %s)", [user, action])\n',
}
_DJANGO = {"requirements.txt": "django-auditlog==3.0\n", "shop/models.py": "auditlog.register(Order)\n"}


@check(
    "DAT-6.4.1",
    shows=PASS,
    clean=[
        Example(
            "changes by the library, reads by its mixin",
            {**_DJANGO, "shop/views.py": "class OrderView(LogAccessMixin, DetailView):\n    model = Order\n"},
        ),
        Example(
            "calls at each operation",
            {
                "shop/service.py": 'audit.log("order.update", user)\naudit.log("order.delete", user)\n'
                'audit.log("orders.export", user)\n',
                **_KEPT,
            },
        ),
    ],
    flagged=[
        Example("changes only", _DJANGO),
        Example(
            "what would keep the records returns at once",
            {
                "shop/service.py": 'audit.log("order.update", user)\naudit.log("order.delete", user)\n'
                'audit.log("orders.export", user)\n',
                "shop/audit.py": _KEPT["shop/audit.py"].replace("    db", "    return\n    db"),
            },
        ),
    ],
    reads=[AUDIT_USE, AUDIT_CALL, AUDIT_ENDED, AUDIT_READ, AUDIT_WRITTEN, AUDIT_SENT],
)
def operations_recorded(code: Code, manifests: Manifests) -> Iterator[Draft]:
    """Changing, deleting and reading of data leave an audit record."""
    ended = code[AUDIT_ENDED]
    used, read = (
        code[AUDIT_USE].places.saying(
            lambda hit: (
                not _ONLY_NAMES.search(hit.text)
                and (not ended or (hit.path not in ended.paths and "Middleware" not in hit.text))
            )
        ),
        code[AUDIT_READ].places,
    )
    library = manifests.uses(_LIBRARIES, development=False)
    calls = code[AUDIT_CALL].places
    changed = calls.saying(lambda hit: _CHANGED.search(hit.text))
    deleted = calls.saying(lambda hit: _DELETED.search(hit.text))
    writes = used if used and library else together(changed, deleted) if changed and deleted else Places()
    if writes and read and not used and not (code[AUDIT_WRITTEN] or code[AUDIT_SENT]):
        text = f"Records of changes, deletions and reads are asked for ({writes[0].text}); nothing is seen to keep them"
        yield unsure(text, writes, read[0])
    elif writes and read:
        yield passed("Changes, deletions and reads leave audit records", writes, read[0], confidence="medium")
    elif writes:
        yield unsure(
            f"Changes and deletions are recorded ({writes[0].text}); of reading data it cannot be seen", writes
        )
    elif calls:
        yield unsure(f"Some operations are recorded: {calls[0].text}", calls)


_ACTOR = re.compile(
    r"user|actor|whodunn?it|account|member|moderator|admin|principal|operator|performe[dr]|created_by|done_by|changed_by"
    r"|author|login|staff|employee|(^|_)(who|by|sub|agent)$",
    re.IGNORECASE,
)
_ACTION = re.compile(
    r"action|event|operation|verb|activity|change_?type|^(what|act|deed|did|op|kind|type|method)$", re.IGNORECASE
)
_TIME = re.compile(
    r"_at$|time|date|created|occurred|timestamp|\bwhen\b|^(ts|at|day|moment|happened)$|_(on|ts)$|(?-i:[a-z](?:At|On)$)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(^|_)ip(v4|v6)?($|_)|ip_?addr|remote|address|source_?ip|client_?ip|host|^(from|where|origin|came_from)(_ip)?$|(?-i:[a-z]Ip$)",
    re.IGNORECASE,
)
_ANYTHING = re.compile(r"meta|context|payload|details?|data|json|extra|properties", re.IGNORECASE)
_AUDIT_TABLE = re.compile(r"audit_?(log|event|trail|record|entry|entries|s)?\b|^audit|activity_?logs?$", re.IGNORECASE)
_TABLE = (
    "CREATE TABLE audit_events (\n  id bigint PRIMARY KEY,\n  actor_id bigint NOT NULL,\n  action text NOT "
    "NULL,\n%s  occurred_at timestamptz NOT NULL\n);\n"
)
_RECORDED = {
    "db/schema.sql": _TABLE % "  ip_address inet NOT NULL,\n",
    "shop/audit.py": "def record(db, actor, action, ip):\n"
    '    db.execute("insert into audit_events (actor_id, action, ip_address) values (%s, %s, %s)", [actor, action, ip])'
    "\n",
}


@check(
    "DAT-6.4.3",
    shows=BOTH,
    clean=[
        Example("who, what, when, where", _RECORDED),
    ],
    flagged=[Example("from where is missing", {"db/schema.sql": _TABLE % ""})],
    silent=[
        Example("it may stand in the details", {"db/schema.sql": _TABLE % "  metadata jsonb,\n"}),
        Example("nothing writes into it", {"db/schema.sql": _RECORDED["db/schema.sql"]}),
        Example(
            "one call has no user and no address",
            {**_RECORDED, "shop/export.py": 'audit.record(db, "system", "orders.exported", "0.0.0.0")\n'},
        ),
        Example(
            "the service stands for whoever has asked",
            {
                **_RECORDED,
                "src/Orders.java": "class Orders {\n  void read(Request req) {\n"
                '    audit.record("shop-service", "order.read", req.getRemoteAddr());\n  }\n}\n',
            },
        ),
    ],
    reads=[AUDIT_WRITTEN, SAME_FOR_ALL],
)
def fields_of_the_record(schema: Schema, code: Code) -> Iterator[Draft]:
    """The audit table has columns for user, action, time and IP address, and code fills them from what was asked."""
    written, same = code[AUDIT_WRITTEN].places, code[SAME_FOR_ALL].places
    tables = [table for table in schema.tables if _is_audit(table) and len(table.columns) >= 3]
    for table in tables:
        missing = [what for what, pattern in _FIELDS.items() if not any(pattern.search(c.title) for c in table.columns)]
        if not missing and not written:
            yield unsure(f"Table {table.title} has a column for all four, and nothing is seen to fill them", table.at())
        elif not missing and same:
            text = f"Table {table.title} has a column for all four; {same[0].path} fills one with the same each time"
            yield unsure(text, same, table.at())
        elif not missing:
            yield passed(
                f"Table {table.title} records who, what, when and from which address",
                *(table.at(c) for c in table.columns if _ADDRESS.search(c.title)),
                written[0],
                examined(len(table.columns), "columns"),
            )
        elif table.framework not in _EXPLICIT:
            yield unsure(f"Model {table.title} has no field for {' or '.join(missing)}; a base class may", table.at())
        elif _open(table):
            yield unsure(
                f"Table {table.title} has no column for {' or '.join(missing)}; its free-form column may", table.at()
            )
        else:
            yield failed(
                f"Table {table.title} has no column for {' or '.join(missing)}",
                table.at(),
                examined(len(table.columns), "columns"),
                confidence="medium",
            )


_EXPLICIT = frozenset({"sql", "rails", "prisma", "ecto", "liquibase", "ef-core", "laravel", "doctrine", "alembic"})
"""Schemas that name each column themselves; a model of the others may inherit some."""
_FIELDS = {"the user": _ACTOR, "the action": _ACTION, "the time": _TIME, "the IP address": _ADDRESS}


def _is_audit(table: Table) -> bool:
    """Whether *table* is called after audit records; a model of Django by the application that it is of."""
    of_app = table.framework == "django" and re.search(r"(^|/)audit\w*/models", table.path) is not None
    return of_app or _AUDIT_TABLE.search(table.title) is not None


def _open(table: Table) -> bool:
    return any(_ANYTHING.search(c.title) or "json" in c.type.lower() for c in table.columns)


ACTOR_MIDDLEWARE = Signal(
    id="monitoring.audit-middleware",
    pattern=r"AuditlogMiddleware|^\s*audited\b",
)


@check(
    "DAT-6.4.3",
    shows=PASS,
    clean=[
        Example(
            "django-auditlog with its middleware",
            {**_DJANGO, "shop/settings.py": 'MIDDLEWARE = ["auditlog.middleware.AuditlogMiddleware"]\n'},
        ),
        Example(
            "audited",
            {"Gemfile": 'gem "audited"\n', "app/models/order.rb": "class Order < ApplicationRecord\n  audited\nend\n"},
        ),
    ],
    flagged=[Example("without the middleware there is no actor", _DJANGO)],
    reads=[ACTOR_MIDDLEWARE],
)
def library_records_actor(code: Code, manifests: Manifests) -> Iterator[Draft]:
    """The audit library in use records user, action, time and address by itself."""
    library = manifests.uses("django-auditlog", "audited", development=False)
    hits = code[ACTOR_MIDDLEWARE].places
    if library and hits:
        manifest, dependency = library[0]
        yield passed(f"{dependency.package} records user, action, time and address", hits[0], manifest.at(dependency))


RESTORE = Signal(
    id="monitoring.audit-restore",
    pattern=r"\.reify\b|history\.as_of\(|\.revision_at\(|event_?store|@?EventSourc|eventsourcing",
)


@check(
    "DAT-6.4.7",
    shows=PASS,
    clean=[
        Example(
            "versions are kept and brought back",
            {
                "Gemfile": 'gem "paper_trail"\n',
                "app/models/order.rb": "class Order < ApplicationRecord\n  has_paper_trail\nend\n",
                "lib/restore.rb": "def restore(order, time)\n  order.versions.last.reify\nend\n",
            },
        ),
    ],
    flagged=[
        Example(
            "kept only",
            {
                "Gemfile": 'gem "paper_trail"\n',
                "app/models/order.rb": "class Order < ApplicationRecord\n  has_paper_trail\nend\n",
            },
        )
    ],
    reads=[RESTORE, AUDIT_USE],
)
def state_from_records(code: Code, manifests: Manifests) -> Iterator[Draft]:
    """Old states are kept by a versioning library, and code brings them back."""
    kept, restored = code[AUDIT_USE].places, code[RESTORE].places
    if manifests.uses(_LIBRARIES, development=False) and kept and restored:
        yield passed(
            f"Earlier states are kept and brought back: {restored[0].text}", restored[0], kept[0], confidence="medium"
        )
