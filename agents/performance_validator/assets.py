"""Judges images and what a page loads first (section 3.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    Code,
    Draft,
    Example,
    FileEntry,
    Files,
    Manifest,
    Manifests,
    Markup,
    Signal,
    check,
    each,
    examined,
    failed,
    many,
    measured,
    passed,
    source_of,
    unsure,
    words,
)

from ._web import in_production

OLD = frozenset({".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tiff"})
MODERN = frozenset({".webp", ".avif", ".svg"})
LARGE, NOTABLE = 500_000, 200_000
"""Bytes; the larger takes two and a half seconds on a slow mobile line of 1.6 Mbit/s."""
LEAST = 60
"""Bytes; no picture of these formats is smaller, whatever its name says."""
_SERVED = re.compile(
    r"(^|/)(public|static|assets|images?|img|media|wwwroot|webapp|resources/(static|public)|src|app|frontend|"
    r"client|web)/",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(^|/)(docs?|documentation|\.github|screenshots?|examples?|samples?|demos?|tests?|fixtures?|seeds?|e2e|"
    r"design|store|mockups?|"
    r"android|ios|resources/(drawable|mipmap)[\w-]*|base_?media)/|(og|opengraph|social|twitter|share|"
    r"screenshot)[-_]?[^/]*$",
    re.IGNORECASE,
)
_PUBLIC = re.compile(r"(?:public|static|assets|wwwroot|www|htdocs)/", re.IGNORECASE)
"""At the top of a tree a folder of nothing but pictures is for its README, unless it is one of these."""
PIPELINE = words("packages/image-converters")
_HEAVY = "x" * 540_000


MADE = Signal(
    id="performance.modern-images-made",
    pattern=(
        r"\bformat:\s?:(?:webp|avif)\b|\btype=['\"]image/(?:avif|webp)['\"]|\.toFormat\(['\"](?:webp|avif)|\.(?:webp|avif)\(\s?[{)]|"
        r"\bformats:\s?\[.{0,40}image/(?:avif|webp)"
    ),
    roles=("source", "config"),
)
"""Makes pictures of modern formats, or offers them beside others."""
_ASKED_FOR = re.compile(r"type=['\"]image/")


def _page(images: str, head: str = "") -> str:
    return (
        f'<!doctype html>\n<html lang="en">\n<head><title>Shop</title>{head}</head>\n<body>\n{images}</body>\n</html>\n'
    )


@check(
    "PRF-3.4.1",
    shows=BOTH,
    reads=[MADE],
    clean=[
        Example("modern formats", {f"public/img/{n}.webp": "x" * 30_000 for n in "abcd"}),
        Example(
            "each photograph has a modern twin",
            {f"public/{n}.{kind}": "x" * 40_000 for n in "abc" for kind in ("jpg", "avif")},
        ),
        Example(
            "what people upload is made into WebP",
            {
                "app/models/listing.rb": "class Listing < ApplicationRecord\n"
                "  has_one_attached(:photo) { |p| p.variant :card, "
                "resize_to_limit: [480, 480], format: :webp }\nend\n"
            },
        ),
        Example(
            "next/image makes AVIF",
            {"next.config.js": "module.exports = {\n  images: { formats: ['image/avif', 'image/webp'] },\n}\n"},
        ),
    ],
    flagged=[Example("a heavy photograph", {"public/img/hero.jpg": _HEAVY, "public/img/logo.svg": "<svg/>"})],
    silent=[
        Example("heavy sources that an image component converts", {
            "public/img/hero.jpg": _HEAVY,
            "package.json": '{"name": "shop", "dependencies": {"next": "^15", "sharp": "^0.33"}}\n',
        }),
        Example("a page asks for AVIF, which somebody makes", {
            "web/src/Box.tsx": 'export const Box = ({ n }) => <picture>\n'
            '  <source srcSet={`/boxes/${n}.avif`} type="image/avif" />\n</picture>;\n',
        }),
        Example("a picture for the README", {"media/overview.png": _HEAVY, "src/app.py": "print(1)\n"}),
        Example("a screenshot of the documentation", {"docs/img/screenshot.png": _HEAVY}),
        Example("small icons only", {"static/favicon.png": "x" * 900}),
    ],
)  # fmt: skip
def image_formats(files: Files, manifests: Manifests, code: Code) -> Iterator[Draft]:
    """Committed images of the front end are WebP, AVIF or small; heavy PNG and JPEG files have a modern twin."""
    images = [
        f for f in files.entries
        if f.role == "asset" and f.suffix in OLD | MODERN and f.size >= LEAST and not f.is_set_aside
        and _SERVED.search(f.path) and not _ASIDE.search(f.path)
    ]  # fmt: skip
    used = {f.path.partition("/")[0] for f in files.entries if f.role != "asset"}
    images = [f for f in images if f.path.partition("/")[0] in used or _PUBLIC.match(f.path)]
    modern = [f for f in images if f.suffix in (".webp", ".avif")]
    twins = {_stem(f) for f in modern}
    old = [f for f in images if f.suffix in OLD and _stem(f) not in twins]
    heavy = sorted((f for f in old if f.size >= LARGE), key=lambda f: -f.size)
    notable = [f for f in old if NOTABLE <= f.size < LARGE]
    makers = [m.at(d) for m, d in manifests.uses(PIPELINE) if in_production(m)]
    heaviest = max((round(f.size / 1000, 1) for f in old), default=None)
    measure = measured("heaviest PNG or JPEG", heaviest, "kB", at_most=LARGE // 1000)
    if heavy and makers:
        yield unsure(
            each(heavy, at=source_of).say(
                "{number:PNG or JPEG image} {exceeds} {size} kB; a library may convert {it}", size=LARGE // 1000
            ),
            *makers,
            measure=measure,
        )
    elif heavy:
        yield failed(
            each(heavy, at=source_of).say(
                "{share:image} {is} PNG or JPEG above {size} kB without a WebP or AVIF twin, the heaviest {most} MB",
                of=len(images),
                size=LARGE // 1000,
                most=f"{heavy[0].size / 1e6:,.1f}",
            ),
            examined(len(images), "images"),
            confidence="medium",
            measure=measure,
        )
    elif notable:
        text = "{number:PNG or JPEG image} {has} between {least} and {most} kB"
        said = each(notable, at=source_of).say(text, least=NOTABLE // 1000, most=LARGE // 1000)
        yield unsure(said, measure=measure)
    elif len(modern) >= 3 and sum(f.size for f in old if f.size > 10_000) <= sum(f.size for f in modern) / 10:
        yield passed(
            each(modern, at=source_of).say("{share:image} {is} WebP or AVIF, and no other is heavy", of=len(images)),
            examined(len(images), "images"),
            confidence="medium",
            measure=measure,
        )
    elif code[MADE] and not old:
        made = code[MADE].places.saying(lambda hit: bool(modern) or not _ASKED_FOR.search(hit.text))
        if made:
            yield passed(f"Pictures are made in modern formats: {made[0].text[:80]}", made, confidence="medium")
        else:
            asked = code[MADE].places
            yield unsure(f"Modern formats are asked for, and what makes them is not seen: {asked[0].text[:80]}", asked)


def _stem(file: FileEntry) -> str:
    name = file.name.lower()
    while name.rpartition(".")[2] in ("webp", "avif", "png", "jpg", "jpeg", "gif"):
        name = name.rpartition(".")[0]
    return name


LAZY = Signal(
    id="performance.lazy-content",
    words=(
        "intersectionobserver", "lazysizes", "react-lazy-load", "next/image", "gatsby-plugin-image",
        "ngoptimizedimage", "lazyload", "ngsrc", "nuxt-img", "loading: :lazy", "loading: 'lazy'",
    ),
    kept=ALL,
)  # fmt: skip
_EAGER = "".join(f'<img src="/p/{n}.jpg" alt="Product {n}">\n' for n in range(8))


@check(
    "PRF-3.4.4",
    shows=BOTH,
    reads=[LAZY],
    clean=[Example("all but the first are lazy", {"public/index.html": _page(
        '<img src="/a.jpg" alt="">\n' + "".join(f'<img src="/{n}.jpg" alt="" loading="lazy">\n' for n in "bcd"))})],
    flagged=[Example("eight at once", {"public/index.html": _page(_EAGER)})],
    silent=[
        Example("one lazy frame of a page, and four pages with a picture each that is not", {
            "public/index.html": _page('<iframe src="/m" title="Map" loading="lazy"></iframe>\n'),
            **{f"public/{n}.html": _page(f'<img src="/{n}.jpg" alt="">\n') for n in "abcd"},
        }),
        Example("one lazy picture of a front end of thirty components", {
            **{f"web/src/Part{n}.jsx": "export default () => <section>part</section>;\n" for n in range(30)},
            "web/src/Photo.jsx": 'export default ({ src }) => <img src={src} alt="" loading="lazy" />;\n',
        }),
        Example("one picture", {"public/index.html": _page('<img src="/a.jpg" alt="">\n')}),
        Example("a library may do it", {"public/index.html": _page(_EAGER), "src/app.js": "import 'lazysizes';\n"}),
    ],
)  # fmt: skip
def lazy_loading(markup: Markup, code: Code) -> Iterator[Draft]:
    """Pages with many images ask for most of them lazily."""
    pages = [p for p in markup.pages if p.images + p.frames]
    total, lazy = sum(p.images + p.frames for p in pages), sum(p.lazy for p in pages)
    eager = sorted((p for p in pages if p.images + p.frames >= 6 and not p.lazy), key=lambda p: -(p.images + p.frames))
    default = code[LAZY].places.saying(lambda s: BY_DEFAULT.search(s.text))
    share = measured("images and frames that load lazily", round(lazy * 100 / total, 1) if total else None, "%")
    if default.total >= 3 and total == lazy:
        yield passed("Images go through a component that is lazy by default", default, confidence="medium")
    elif _mostly(lazy, total, len(pages)) and not eager and markup.files <= total * _FILES:
        first = [p.at(p.lazy_line) for p in pages if p.lazy]
        yield passed(
            f"{lazy:,} of {many(total, 'image or frame|images and frames')} {'loads' if lazy == 1 else 'load'} lazily",
            *first,
            examined(len(pages), "pages"),
            confidence="medium",
            measure=share,
        )
    elif lazy or code[LAZY]:
        places = [p.at(p.lazy_line) for p in pages if p.lazy] or code[LAZY].places
        more = "" if lazy else "; whether code loads them when they come into view cannot be told"
        asking = f"{lazy:,} of {many(total, 'image or frame|images and frames')} ask to be loaded lazily{more}"
        yield unsure(asking, *places, measure=share)
    elif eager:
        worst = eager[0]
        yield failed(
            each(eager, at=lambda p: p.at(p.eager_line)).say(
                "{path} loads {once:image or frame|images and frames} at once; none of {total} is lazy",
                path=worst.path,
                once=worst.images + worst.frames,
                total=f"{total:,}",
            ),
            examined(len(pages), "pages with images"),
            confidence="medium",
            measure=share,
        )


_FILES = 20
"""Of so many files with markup one image tells something of the others, which may be made by code."""


def _mostly(lazy: int, total: int, pages: int) -> bool:
    """Whether all but the first of a page, or all but a few, load lazily."""
    return lazy > 0 and lazy * 2 >= total and total - lazy <= max(pages, total // 4)


BY_DEFAULT = re.compile(r"next/image|gatsby-plugin-image|ngsrc|NgOptimizedImage", re.IGNORECASE)
INLINER = Signal(
    id="performance.critical-css",
    pattern=(
        r"new (?:Critters|Beasties)|(?:critters|beasties|penthouse)\(|optimizeCss:\s?true|inlineCss:\s?true|"
        r"inlineCritical\"?:\s?(?:true|false)|inlineStylesheets:\s?['\"]always|critical\.generate\("
    ),
    roles=("source", "config"),
    kept=ALL,
)  # fmt: skip
_BUILDS = re.compile(r"build|ng deploy", re.IGNORECASE)
_ANGULAR = '{"name": "shop", "dependencies": {"@angular/core": "^19.0.0"}, "scripts": {"build": "ng build"}}\n'
_INLINED = _page("<main>", "<style>" + "main { margin: 0 auto; max-width: 40rem; } " * 12 + "</style>")
_NOT_INLINED = '{"projects": {"shop": {"optimization": {"styles": {"minify": true,\n"inlineCritical": false}}}}}\n'


@check(
    "PRF-3.4.6",
    shows=BOTH,
    reads=[INLINER],
    clean=[
        Example("an inliner in the build", {"vite.config.js": "export default { plugins: [beasties()] };\n"}),
        Example("Angular does it unless told otherwise", {"package.json": _ANGULAR}),
        Example("every page carries its styles", {"public/index.html": _INLINED}),
    ],
    flagged=[
        Example("switched off", {"package.json": _ANGULAR, "angular.json": _NOT_INLINED}),
        Example("nothing but a style sheet that blocks", {
            "public/index.html": _page("<main>", '<link rel="stylesheet" href="/app.css">'),
        }),
    ],
    silent=[
        Example("a build may inline it", {
            "public/index.html": _page("<main>", '<link rel="stylesheet" href="/app.css">'),
            "package.json": '{"name": "shop", "dependencies": {"react": "^19"}, "scripts": {"build": "vite build"}}\n',
        }),
        Example("some styles are inlined", {
            "public/index.html": _page("<main>", '<style>main { margin: 0 }</style><link rel="stylesheet" href="/a">'),
        }),
        Example("nothing builds with Angular", {"package.json": _ANGULAR.replace("ng build", "true").replace(
            '"build"', '"start"'
        )}),
    ],
)  # fmt: skip
def critical_styles(code: Code, manifests: Manifests, markup: Markup) -> Iterator[Draft]:
    """The build inlines first-screen styles, or the pages carry them."""
    off = code[INLINER].places.saying(lambda s: re.search(r"inlineCritical\"?:\s?false", s.text))
    on = code[INLINER].places.without(off)
    angular = [
        m.at(d)
        for m, d in manifests.uses("@angular/core")
        if _major(d.spec) >= 12 and in_production(m) and any(map(_BUILDS.search, [*m.scripts, *m.scripts.values()]))
    ]
    pages = [p for p in markup.pages if p.kind == "page"]
    carrying = [p for p in pages if p.inline_style >= 400 and not p.sheets]
    if off:
        yield failed("Inlining of first-screen styles is switched off", off[0], off)
    elif on:
        yield passed("The build inlines first-screen styles", on)
    elif angular:
        yield passed("Angular's build inlines first-screen styles unless told otherwise", *angular, confidence="medium")
    elif pages and len(carrying) == len(pages):
        yield passed(each(carrying, at=lambda p: p.at()).say("{all:page} {carries} {its} styles"), confidence="medium")
    elif pages and all(p.sheets and not p.inline_style for p in pages) and not any(map(_is_built, manifests.files)):
        yield failed(
            each(pages, at=lambda p: p.at()).say(
                "{all:page} {waits} for a style sheet, and {has} no styles of {its} own"
            ),
            examined(len(pages), "pages"),
            confidence="medium",
        )


def _is_built(manifest: Manifest) -> bool:
    """Whether a build of the front end may change its pages."""
    return manifest.ecosystem == "npm" and any(_BUILDS.search(f"{n} {c}") for n, c in manifest.scripts.items())


def _major(spec: str) -> int:
    match = re.search(r"\d{1,4}", spec)
    return int(match.group()) if match else 0
