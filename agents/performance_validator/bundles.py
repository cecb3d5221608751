"""Judges front-end builds: bundled, minified and split (section 3.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    BOTH,
    Code,
    Dockerfiles,
    Draft,
    Example,
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
    unsure,
)

from ._web import BY_ROUTE, at_work, front_ends, in_production

BUNDLES = re.compile(
    r"\bvite\b.*\bbuild\b|\bwebpack\b(?!-dev-server| serve)|\brollup\b|\besbuild\b.*--minify|\bparcel build\b|"
    r"\bnext build\b|"
    r"\bnuxi? (?:build|generate)\b|\breact-scripts build\b|\bng build\b|\bgatsby build\b|\bastro build\b|"
    r"\bvue-cli-service build\b|"
    r"\brspack\b.*\bbuild\b|\brsbuild build\b|\bember build\b|\bpreact build\b|\bremix\b.*\bbuild\b|"
    r"\breact-router build\b|"
    r"\bcraco build\b|\bnx (?:run-many|build)\b|\bsvelte-kit build\b|\bbun build\b.*--minify|\bqwik build\b|"
    r"\btsup\b.*--minify"
)  # fmt: skip
UNMINIFIED = re.compile(
    r"--mode[= ](?:development|dev)\b|--minify[= ]false|--configuration[= ]development|--optimization[= ]false|"
    r"--no-minify|"
    r"--no-optimization-minimize|\bNODE_ENV=development\b"
)  # fmt: skip
DEV_SERVER = re.compile(
    r"react-scripts start|webpack-dev-server|webpack serve|\bng serve\b|vue-cli-service serve|\bnext dev\b|"
    r"\bnuxt dev\b|gatsby develop|"
    r"\bvite(?:\s+(?:dev|serve)|\s*$|\s+--(?:host|port))|astro dev|parcel serve"
)  # fmt: skip
NO_MINIFY = Signal(
    id="performance.minify-off",
    pattern=(
        r"^(?:minify|minimize): false|^mode: ['\"]development['\"]|optimization: \{\s?minimize: false|"
        r"build: \{.{0,80}minify: false"
    ),
    languages=("javascript", "typescript"),
)
_BUILD_FILE = re.compile(
    r"(^|/)(vite\.config|webpack\.(?:config\.)?(?:prod|production)|rollup\.config|vue\.config)[\w.-]*\.[cm]?[jt]s$",
    re.IGNORECASE,
)
_ONLY_BUILD = re.compile(r"(^|/)(?:vite|rollup|vue)\.config\.[cm]?[jt]s$|(^|/)webpack\.", re.IGNORECASE)
"""Not ``vite.config.worker.ts``, which makes something beside the application."""
_APP = """{{
  "name": "shop",
  "dependencies": {{"react": "^19.0.0"}},
  "scripts": {{"build": "{build}", "start": "{start}"}}
}}
"""
_PLAIN = "export default {\n  build: {\n    minify: false,\n  },\n};\n"
_SMALL = {"web/src/App.jsx": "export default () => <main />;\n"}
_DEV_IMAGE = {"web/Dockerfile": 'FROM node:22\nCOPY . .\nCMD ["npm", "start"]\n'}


def _app(build: str, start: str = "node server.js", **more: str) -> dict[str, str]:
    return {"web/package.json": _APP.format(build=build, start=start), **more}


MIX_BUNDLES = Signal(
    id="performance.mix-bundles",
    pattern=r"\besbuild(?:\s\w{1,40})?\s--minify\b",
    roles=("source", "config"),
    languages=("elixir",),
)
_RAILS_BUNDLERS = ("jsbundling-rails", "vite_rails", "vite_ruby", "shakapacker", "webpacker")


@check(
    "PRF-3.4.2",
    shows=BOTH,
    reads=[NO_MINIFY, MIX_BUNDLES],
    clean=[
        Example("a production build", _app("tsc && vite build")),
        Example("Phoenix", {
            "mix.exs": 'defmodule Shop.MixProject do\n  use Mix.Project\n\n'
                       '  def project do\n    [app: :shop, aliases: [\n'
                       '      "assets.deploy": ["esbuild shop --minify", "phx.digest"]\n    ]]\n  end\nend\n',
        }),
    ],
    flagged=[
        Example("scripts of an import map, as they are", {
            "Gemfile": 'source "https://rubygems.org"\ngem "rails"\ngem "propshaft"\ngem "importmap-rails"\n',
        }),
        Example("a development build", _app("webpack --mode development")),
        Example("minification is switched off", _app("vite build", **{"web/vite.config.ts": _PLAIN})),
        Example("the image runs the development server", _app("vite build", "vite --host 0.0.0.0", **_DEV_IMAGE)),
    ],
    silent=[
        Example("an import map beside a bundler", {
            "Gemfile": 'source "https://rubygems.org"\ngem "rails"\ngem "importmap-rails"\ngem "jsbundling-rails"\n',
        }),
        Example("a build by means unknown", _app("make all")),
        Example("a worker that is built by itself", _app("make all", **{"web/vite.config.sw.js": _PLAIN})),
    ],
)  # fmt: skip
def bundled(manifests: Manifests, dockerfiles: Dockerfiles, code: Code, markup: Markup) -> Iterator[Draft]:
    """Every front end has a production build that bundles and minifies, and its image serves that build."""
    fronts = front_ends(manifests)
    off = code[NO_MINIFY].places.under(lambda path: _BUILD_FILE.search(path))
    bad = False
    for front, _ in fronts:
        command = _build_command(front)
        if UNMINIFIED.search(command):
            bad = True
            yield failed(
                f"{front.path} builds for development: {command[:80]}", front.at(), remedy="Build in production mode."
            )
    whole = off.under(lambda path: _ONLY_BUILD.search(path))
    for place in (whole or off)[:1]:
        bad = True
        if whole:
            yield failed("Minification is switched off in the production build", place)
        else:
            yield unsure("Minification is switched off in one of several builds", place)
    beside = {m.path.rpartition("/")[0]: m for m in manifests.files if m.path.endswith("package.json")}
    for file in dockerfiles.files:
        start = next((i for i in reversed(file.last_stage) if i.keyword in ("CMD", "ENTRYPOINT")), None)
        command = _command(start.value[:1_000], beside.get(file.path.rpartition("/")[0])) if start else ""
        aside = at_work(file.path) or "devcontainer" in file.path
        if start and DEV_SERVER.search(command) and not aside:
            bad = True
            message = f"{file.path} serves the front end with a development server: {command[:80]}"
            yield failed(message, file.at(start))
    built = [f for f, _ in fronts if BUNDLES.search(_build_command(f))]
    if bad:
        return
    if fronts and len(built) == len(fronts):
        yield passed(
            each(built, at=lambda f: f.at()).say("{number:front end} {is} bundled and minified by {its} build")
        )
    elif fronts:
        open_ends = [f for f, _ in fronts if f not in built]
        yield unsure(
            each(open_ends, at=lambda f: f.at()).say(
                "{share:front end} {is} built in a way that is not known", of=len(fronts)
            )
        )
    elif code[MIX_BUNDLES]:
        yield passed(
            "The scripts are bundled and minified when they are deployed", code[MIX_BUNDLES].places, confidence="medium"
        )
    elif (maps := manifests.uses("importmap-rails")) and not manifests.uses(*_RAILS_BUNDLERS):
        yield failed(
            "Nothing bundles or minifies the scripts: they are sent as they stand, by an import map or one by one",
            *(m.at(d) for m, d in maps[:1]),
            examined(len(manifests.files), "manifests"),
            confidence="medium",
        )
    else:
        raw = [p for p in markup.pages if p.raw_scripts]
        if raw:
            yield unsure(
                each(raw, at=lambda p: p.at(p.raw_line)).say(
                    "{number:page} {names} scripts that look neither bundled nor minified"
                )
            )


def _build_command(manifest: Manifest) -> str:
    """The commands of all its build scripts; ``npm run x`` is followed one step."""
    names = [
        n for n in manifest.scripts if n.startswith("build") and not re.search(r"dev|watch|debug|stage|server|test", n)
    ]
    commands = [manifest.scripts[n][:1_000] for n in names[:20]]
    called = {m for c in commands for m in re.findall(r"(?:npm|yarn|pnpm|bun)\s+(?:run\s+)?([\w:-]{1,60})", c)}
    followed = [manifest.scripts[c] for c in sorted(called - set(names)) if c in manifest.scripts]
    return " && ".join([*commands, *followed])[:2_000]


def _command(value: str, beside: Manifest | None) -> str:
    """What a CMD runs, with ``npm start`` looked up in the package.json beside the Dockerfile."""
    words = re.sub(r"[\[\]\",]+", " ", value).strip()
    called = re.match(r"(?:npm|yarn|pnpm|bun)\s+(?:run\s+)?([\w:-]{1,60})", words)
    return beside.scripts.get(called.group(1), words)[:1_000] if called and beside else words


SPLIT = Signal(
    id="performance.code-splitting",
    pattern=(
        r"(?:^|[\s(=>{:,])import\(\s?(?:/\*.{0,80}\*/\s?)?[`'\"./@]|\blazy\(|loadChildren\s?:|loadComponent\s?:|"
        r"defineAsyncComponent\(|"
        r"next/dynamic|\bloadable\(|require\.ensure"
    ),
    languages=("javascript", "typescript", "vue", "svelte"),
)  # fmt: skip
GLOB = Signal(
    id="performance.pages-by-glob",
    pattern=r"import\.meta\.glob\((?!.{0,200}eager)",
    languages=("javascript", "typescript", "vue", "svelte"),
)
"""Each file that it finds becomes a part of its own."""
SPLITTING = Signal(
    id="performance.split-without-npm",
    pattern=r"\besbuild\b.{0,120}--splitting\b|<BlazorWebAssemblyLazyLoad\s+Include=",
    roles=("source", "config", "other"),
)
"""Builds that need no package.json and load parts when they are asked for."""
IN_ONE = Signal(
    id="performance.parts-in-one",
    pattern=r"inlineDynamicImports\s?:\s?true|LimitChunkCountPlugin|maxChunks\s?:\s?1\b|codeSplitting\s?:\s?false",
)
"""Puts into one file what is imported on demand."""
MANY = 40
_LINE = "export default function Page() {\n  return <main>one of many</main>;\n}\n"
_COMPONENTS = {f"web/src/Page{n}.jsx": _LINE for n in range(MANY)}
_NEXT = _APP.replace("react", "next").format(build="next build", start="next start")


@check(
    "PRF-3.4.5",
    shows=BOTH,
    reads=[SPLIT, GLOB, SPLITTING, IN_ONE],
    clean=[
        Example("Phoenix, whose bundler splits", {
            "mix.exs": 'defmodule Shop.MixProject do\n  use Mix.Project\n\n'
                       '  def project do\n    [app: :shop, aliases: [\n'
                       '      "assets.deploy": ["esbuild shop --minify --splitting"]\n    ]]\n  end\nend\n',
            "assets/js/app.js": "const draw = async () => (await import('./chart.js')).draw();\n",
        }),
        Example("Blazor loads an assembly on demand", {
            "Web/Web.csproj": '<Project Sdk="Microsoft.NET.Sdk.BlazorWebAssembly">\n  <ItemGroup>\n'
                              '    <BlazorWebAssemblyLazyLoad Include="Keeper.wasm" />\n  </ItemGroup>\n</Project>\n',
        }),
        Example("each page by itself", _app("vite build", **_COMPONENTS, **{
            "web/src/app.js": "const pages = import.meta.glob('./Page*.jsx');\n",
        })),
        Example("routes load on demand", _app("vite build", **{
            "web/src/routes.jsx": "".join(f"const P{n} = lazy(() => import('./Page{n}.jsx'));\n" for n in range(4)),
        })),
        Example("the framework splits by route", {"web/package.json": _NEXT}),
    ],
    flagged=[Example("forty components in one bundle", _app("vite build", **_COMPONENTS))],
    silent=[
        Example("a small front end", _app("vite build", **_SMALL)),
        Example("all in one file again", _app("vite build", **{
            "web/src/routes.jsx": "".join(f"const P{n} = lazy(() => import('./Page{n}.jsx'));\n" for n in range(4)),
            "web/vite.config.js": "export default { build: { output: { inlineDynamicImports: true } } }\n",
        })),
    ],
)  # fmt: skip
def split_by_route(manifests: Manifests, code: Code, markup: Markup) -> Iterator[Draft]:
    """Front ends load routes or heavy parts on demand, by dynamic imports or by their framework."""
    fronts = front_ends(manifests)
    if not fronts:
        parts = code[SPLITTING].first
        blazor = [hit for hit in parts if "Blazor" in hit.text]
        if blazor or (parts and code[SPLIT]):
            yield passed("The build splits off what is loaded on demand", *(blazor or parts), confidence="medium")
        return
    framework = {m.path: m.at(d) for m, d in manifests.uses(BY_ROUTE) if in_production(m)}
    rest = [m for m, _ in fronts if m.path not in framework]
    folders = tuple(m.path.removesuffix("package.json") for m in rest)
    hits = code[SPLIT].places.under(lambda path: path.startswith(folders))
    if code[IN_ONE]:
        yield unsure("What is imported on demand is put into one file", code[IN_ONE].places)
    elif not rest:
        yield passed("The framework splits bundles by route", *framework.values())
    elif hits.total >= 3:
        yield passed(each(hits).say("{number:part} {is} imported on demand"), confidence="medium")
    elif globs := code[GLOB].places.under(lambda path: path.startswith(folders)):
        yield passed("Each page that a glob finds is imported on demand", globs, confidence="medium")
    elif hits:
        yield unsure(each(hits).say("{number:part} {is} imported on demand"))
    elif not code[SPLIT].places.exact:
        yield unsure(each(code[SPLIT].places).say("{number:part} {is} imported on demand, too many of them elsewhere"))
    elif len(rest) == len(fronts) and markup.components >= MANY:
        yield failed(
            f"{rest[0].path} has {many(markup.components, 'component')}, and none is imported on demand",
            rest[0].at(),
            examined(markup.components, "components"),
            confidence="medium",
            measure=measured("components, none of them imported on demand", markup.components),
        )
