"""Judges caches of the application: what they hold, and for how long (section 3.2)."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrator import (
    BOTH,
    Code,
    Dockerfiles,
    Documents,
    Draft,
    Example,
    Signal,
    check,
    each,
    failed,
    many,
    passed,
    unsure,
)

from ._read_through import ASKED, LIVES, QUERIED, SET_UP, enough, kept_reads, of_values
from ._web import at_work

CACHED = Signal(
    id="performance.cached-operation",
    words=(
        "cache_page(", "@cached(", "cache.memoize", "cache.cached(", "get_or_set(", "cache.fetch", "@cacheable",
        "@cacheresult", "caffeine.newbuilder", "cachebuilder.newbuilder", "cachemanager.wrap", "cache.wrap(",
        "new lrucache(", "new nodecache(", "unstable_cache(", "cacheinterceptor", "apicache.middleware",
        "groupcache.newgroup", "ristretto.newcache", "bigcache.new", "freecache.newcache", "cache::remember",
        "getorcreateasync(", "[outputcache", "[responsecache", "cachex.fetch", "ttlcache(", "moka::",
        "caches_action", "caches_page", "{% cache ", "<% cache ",
    ),
    roles=("source",),
)  # fmt: skip
DUMMY = Signal(
    id="performance.dummy-cache",
    pattern=r"backend.{1,40}DummyCache|cache_store\s?=\s?:null_store|(?<!mailer\.)perform_caching = false|CACHE_TYPE",
)
STORES = (
    r"\bcaches?\.set\(|\bcache_?\w{0,20}\.put\(|redis\w{0,20}\.set\(|rdb\.set\(|memcached?\w{0,20}\.set\(|"
    r"cache\.write\(|cache\.fetch\b"
)
LIFETIME = (
    r"expir|ttl|timeout|max_?age|\b[ep]x\s?[=:]|['\"][EP]X['\"]|time\.(?:second|minute|hour)|duration|"
    r"\.(?:minutes?|hours?|days?)\b"
)
KEPT = Signal(
    id="performance.cache-write-with-lifetime",
    pattern=(
        rf"^(?=.*(?:{LIFETIME})).*?(?:{STORES})|(?:setex|psetex)\(|expireAfter(?:Write|Access)\(|\bTTLCache\(|"
        r"cache_page\(\s?\d|stdTTL:\s?[1-9]"
    ),
)
BARE = Signal(
    id="performance.cache-write-without-lifetime",
    pattern=rf"^(?!.*(?:{LIFETIME}|,\s?[1-9][\d_]{{0,9}}\s?\))).*?(?:{STORES})",
)
FOREVER = Signal(
    id="performance.cache-forever",
    pattern=(
        r"cache.{0,80}(?:timeout|ttl)=None|['\"]TIMEOUT['\"]:\s?None|cache.{0,80}expires_in: nil|"
        r"NodeCache\(.{0,60}stdTTL: 0"
    ),
)
EVICT = Signal(
    id="performance.cache-eviction",
    words=(
        "cache.delete", "cache.clear", "cache.expire", "cache.del(", "cache.evict", "cache.invalidate",
        "cache.remove", "cache.forget", "@cacheevict", "cache_clear(", "delete_memoized", "delete_pattern",
        "redis.del", "redis.delete", "redis.expire", "redis.unlink", "expire_fragment", "expire_page",
        "cachex.del", "invalidatequeries", "revalidatetag", "revalidatepath", "cache::forget", "cacheevict(",
        "invalidateall(",
    ),
)  # fmt: skip
IN_PROCESS = Signal(
    id="performance.cache-in-process",
    words=(
        "caffeine.newbuilder(", "cachebuilder.newbuilder(", "new nodecache(", "new lrucache(", "lrucache(", "ttlcache(",
        "lru.new", "ristretto.newcache", "bigcache.new", "freecache.newcache", "moka::", "imemorycache", "locmemcache",
        "type: caffeine", "new quicklru(", "concurrentmapcachemanager",
    ),
    roles=("source", "config"),
)  # fmt: skip
"""Keeps values in the process that answers."""
DROPPED = Signal(
    id="performance.cache-entry-dropped",
    pattern=r"\w\.invalidate(?:All)?\(|@CacheEvict|\b\w{0,20}[cC]ache\.(?:del|delete|remove|Remove|evict|clear|reset)\(",
)
"""Takes a value out of a cache because it has changed."""
_VIEWS = {
    "shop/views.py": "@cache_page(300)\ndef index(request): ...\n\n\n@cache_page(60)\ndef top(request): ...\n",
    "shop/reports.py": "def totals():\n    return cache.get_or_set('totals', add_up, timeout=900)\n",
}
_DUMMY = 'CACHES = {"default": {\n    "BACKEND": "django.core.cache.backends.dummy.DummyCache",\n}}\n'
_OFF = "Rails.application.configure do\n  config.perform_caching = false\nend\n"
_TWO = {
    "shop/Dockerfile": "FROM python:3.13\nCOPY . .\n",
    "search/Dockerfile": "FROM python:3.13\nCOPY . .\n",
    "search/app.py": "def find(q):\n    return db.query(q)\n",
}
ONE_OF_FORTY = {
    "app/Top.php": "<?php\n$top = Cache::remember('top', 300, function () {\n  return DB::table('a')->get();\n});\n",
    "app/Sales.php": "<?php\n" + "".join(f"$rows{n} = DB::table('sales{n}')->get();\n" for n in range(40)),
}


@check(
    "PRF-3.2.1",
    shows=BOTH,
    reads=[CACHED, DUMMY, ASKED, LIVES, QUERIED, SET_UP],
    clean=[
        Example("views and a report are cached", _VIEWS),
        Example(
            "a query in Elixir",
            {
                "lib/app.ex": "defmodule App do\n  def start do\n    [{Cachex, name: :hives, options: [expiration: "
                "[default: :timer.seconds(60)]]}]\n  end\nend\n",
                "lib/hives.ex": "defmodule Hives do\n  def week(id) do\n    Cachex.fetch!(:hives, id, fn ->\n"
                "      Repo.all(from r in Reading, where: r.hive_id == ^id)\n    end)\n  end\nend\n",
            },
        ),
        Example(
            "a query in Symfony",
            {
                "src/ShopController.php": "<?php\nclass Shop {\n  function index() {\n"
                "    $p = $this->cache->get('products', function (ItemInterface $item) {\n"
                "      $item->expiresAfter(300);\n"
                "      return $this->products->onSale();\n    });\n    return $p;\n  }\n}\n"
            },
        ),
    ],
    flagged=[
        Example("production names a cache that keeps nothing", {**_VIEWS, "shop/settings/production.py": _DUMMY}),
        Example("caching is off in production", {"config/environments/production.rb": _OFF}),
    ],
    silent=[
        Example(
            "a cache of tokens",
            {
                "src/Tokens.java": "class Tokens {\n  Cache<String, Token> tokens = "
                "Caffeine.newBuilder().expireAfterWrite(ofSeconds(60)).build();\n"
                "  Token find(String s) { return db.query(s); }\n}\n"
            },
        ),
        Example(
            "a cache in the browser of each visitor",
            {
                "public/js/lib/typeahead.js": "var kept = new LruCache({ max: 10, ttl: 300000 });\n"
                "function ask(url) { return kept.get(url) || fetch(url); }\n"
            },
        ),
        Example("one cached call proves little", {"shop/sums.py": "x = cache.get_or_set('totals', add_up, 900)\n"}),
        Example(
            "only mails are not cached",
            {"config/environments/production.rb": _OFF.replace("config.", "config.action_mailer.")},
        ),
        Example("the dummy cache of a development setting", {"shop/settings/dev.py": _DUMMY}),
        Example("one of two services caches", {**_VIEWS, **_TWO}),
        Example("one query of forty", ONE_OF_FORTY),
    ],
)
def cached_operations(code: Code, dockerfiles: Dockerfiles) -> Iterator[Draft]:
    """Costly work is wrapped in cache calls, in each service, by a cache that keeps something in production."""
    dummies = code[DUMMY].places.under(lambda path: not at_work(path))
    for dummy in dummies[:1]:
        yield failed(
            "Caching is switched off in production settings",
            dummy,
            remedy="Name a real cache backend in production settings.",
        )
    hits = code[CACHED]
    kept = [read for read in kept_reads(code) if read.queried and read.lives is not None]
    if not (hits or kept) or dummies:
        return
    folders = {f.path.rpartition("/")[0] for f in dockerfiles.written} - {""}
    paths = {*hits.paths, *(read.at.path for read in kept)}
    without = sorted(d for d in folders if not any(path.startswith(f"{d}/") for path in paths))
    places = hits.places
    if kept and enough(kept, code) and not (len(folders) > 1 and without):
        yield passed(
            f"What is asked of a database or a service sits behind a cache: {kept[0].at.text[:80]}",
            *(read.at for read in kept),
            confidence="medium",
        )
    elif kept and not enough(kept, code):
        text = "{number:read} {is} kept in a cache, of {asked:query|queries}; whether this is what costs most is open"
        yield unsure(each(kept, at=lambda read: read.at).say(text, asked=code[QUERIED].total))
    elif hits.total < 3 or hits.files < 2:
        yield unsure(
            each(places).say(
                "{number:cached operation} in {files:file}; whether this is what costs most is open", files=hits.files
            )
        )
    elif len(folders) > 1 and without:
        yield unsure(f"Operations are cached, though none in {each(without)}", places)
    else:
        yield passed(
            each(places).say("{number:operation} in {files:file} {sits} behind a cache", files=hits.files),
            confidence="medium",
        )


@check(
    "PRF-3.2.2",
    shows=BOTH,
    reads=[KEPT, BARE, FOREVER, EVICT, DUMMY, IN_PROCESS, DROPPED, ASKED, LIVES, QUERIED, SET_UP],
    clean=[
        Example(
            "each write carries a lifetime",
            {"app/cache.py": "def put(k, v):\n    redis.setex(k, 300, v)\n    cache.set(k, v, timeout=60)\n"},
        ),
        Example(
            "the rules are written down",
            {
                "docs/caching.md": "# Cache invalidation\n\n"
                + "Product pages live for ten minutes and are deleted on each write. " * 5
            },
        ),
    ],
    flagged=[
        Example(
            "kept for ever, and nothing ever deletes it",
            {"app/prices.py": "def price(sku):\n    cache.set(sku, look_up(sku), timeout=None)\n"},
        )
    ],
    silent=[
        Example(
            "kept for ever, and deleted when it changes",
            {"app/prices.py": "cache.set(sku, price, timeout=None)\n\n\ndef changed(sku):\n    cache.delete(sku)\n"},
        ),
        Example(
            "buckets of a limit on requests",
            {
                "src/Throttle.java": "class Throttle {\n  LoadingCache<String, Bucket> kept = Caffeine.newBuilder()\n"
                "    .expireAfterAccess(Duration.ofMinutes(5)).build(this::fresh);\n}\n"
            },
        ),
        Example("a write whose lifetime cannot be seen", {"app/prices.py": "redis.set(sku, price)\n"}),
        Example(
            "the only lifetime is one of a limit on requests",
            {
                "src/app.module.ts": "@Module({ imports: [\n  CacheModule.register({ isGlobal: true }),\n"
                "  Other,\n  More,\n  Third,\n  Fourth,\n  Fifth,\n  Sixth,\n"
                "  ThrottlerModule.forRoot([{ ttl: 60_000, limit: 120 }]),\n] })\n",
                "src/day.service.ts": "export class Days {\n  day(d: string) {\n    return this.cache.wrap(d, () =>\n"
                "      this.db.booking.findMany({ where: { day: d } }))\n  }\n}\n",
            },
        ),
        Example(
            "what changed is dropped in one process of many",
            {
                "src/Prices.java": "class Prices {\n"
                "  Cache<String, Price> prices = Caffeine.newBuilder().expireAfterWrite(ofSeconds(60)).build();\n"
                "  void changed(String sku) {\n    prices.invalidate(sku);\n  }\n}\n"
            },
        ),
    ],
)
def lifetimes(code: Code, documents: Documents) -> Iterator[Draft]:
    """Each cached value has a lifetime or is deleted when it changes."""
    kept, bare, evict = of_values(code[KEPT].places), of_values(code[BARE].places), code[EVICT]
    forever = code[FOREVER]
    reads = kept_reads(code)
    endless = [read for read in reads if read.lives is None]
    if forever and not evict:
        yield failed(
            each(forever.places).say("{number:cached value} never {expires}, and nothing in the source deletes {it}"),
            remedy="Give each value a lifetime, or delete it where the data behind it changes.",
        )
        return
    written = documents.about(
        "cache invalidation", "caching strategy", "cache strategy", "invalidation strategy", minimum=40
    )
    if written:
        yield passed("Rules for invalidation are written down", *(d.at(h) for d, h in written))
    elif kept and (dummies := code[DUMMY].places.under(lambda path: not at_work(path))):
        yield unsure("A cache that keeps nothing is set up, whatever is written to it", dummies[0])
    elif (kept or reads) and code[IN_PROCESS] and code[DROPPED]:
        yield unsure(
            "What has changed is dropped from the cache of one process; how long others keep it is not decided by that",
            code[DROPPED].first[0],
            code[IN_PROCESS].first[0],
        )
    elif endless:
        yield unsure(
            each(endless, at=lambda read: read.at).say(
                "{share:kept read} {has} no lifetime that is to be seen", of=len(reads)
            )
        )
    elif reads and not bare and not forever:
        lived = [read.lives for read in reads if read.lives is not None]
        yield passed(
            each(reads, at=lambda read: read.at).say("{all:kept read} {carries} a lifetime"),
            *lived[:1],
            confidence="medium",
        )
    elif kept and not bare and not forever:
        yield passed(each(kept).say("{all:cache write} {carries} a lifetime"), confidence="medium")
    elif kept or bare or evict:
        yield unsure(
            f"A lifetime is seen at {kept.total:,} of {many(kept.total + bare.total, 'cache write')}, beside "
            f"{many(evict.total, 'call')} to evict",
            bare,
            kept,
            evict.places,
        )
