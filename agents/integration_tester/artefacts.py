"""Judges whether what a build produces carries a version and is kept (5.1.3)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from orchestrator import (
    ALL,
    BOTH,
    Code,
    Dockerfiles,
    Draft,
    Example,
    Files,
    Hits,
    Manifests,
    Pipelines,
    Signal,
    Source,
    check,
    deploys,
    each,
    failed,
    names_publication,
    passed,
    publishes,
    unsure,
)

from . import _examples as ex
from ._flow import Flow, Job, Step, flow_of
from ._parts import MEMBERS, parts, unreached

VERSIONED = Signal(
    id="integration.versioned-tag",
    pattern=r"type=(semver|sha|ref|pep440|match)|^tags:\s*[\"']?\$\{\{\s*(steps|needs)\.[\w.-]{1,80}\.(tags|tag|version)\b"
    r"|^(-\s{0,4})?(tags:|destination:|image:|--destination[= ])?\s{0,4}[\"']?"
    r"[^#:]{0,200}[\w} ]:v?\$[({]{0,3}\s{0,4}[^}]{0,60}"
    r"(sha\b|_sha|\.tag\b|tag_name|version|ref_name|github\.ref|build_?(id|num)|commit|run_number|semver)",
    roles=("ci",),
    kept=ALL,
)
LATEST = Signal(
    id="integration.latest-tag",
    pattern=r"^(-\s*)?(tags:|destination:)?\s*[\"']?[\w.${} /-]+:latest[\"']?$",
    roles=("ci",),
    kept=ALL,
)
PUSH = Signal(
    id="integration.image-push",
    pattern=r"push[:=]\s*[\"']?(true|\$)",
    roles=("ci",),
    kept=ALL,
)
TRIAL = Signal(
    id="integration.trial-index",
    pattern=r"test\.pypi\.org|testpypi|--snapshot\b|--skip[ =-][\w,]{0,60}publish|dry-?run['\"]?\s*:\s*['\"]?true"
    r"|args['\"]?\s*:\s*['\"]?(?:check|healthcheck|build|--help|--version)\b",
    roles=("ci",),
)
"""A package index that keeps nothing for long, or words by which nothing is published."""
DEFINED = Signal(
    id="integration.defined-variable",
    pattern=r"^-?\s*(?:export\s+|set\s+)?[\"']?(?-i:[A-Z][A-Z0-9_]{1,40})[\"']?\s*[:=].{0,200}"
    r"(?:sha|commit|version|tag|rev|build|describe|release|date|number|pipeline)",
    roles=("ci",),
    kept=ALL,
)
"""Lines on which a pipeline gives a variable a value of its own for each build."""
_NAME_OF = re.compile(r"-?\s*(?:export\s+|set\s+)?[\"']?([A-Za-z_]\w*)")
_ASSIGNS = re.compile(r"\b([A-Za-z_]\w*)=")
_IMAGE_ACTION = re.compile(
    r"docker/(build-push|bake)-action|kaniko|buildah-build|push-to-registry|docker-build-push", re.IGNORECASE
)
_NAMES_ITS_OWN = re.compile(
    r"\bfly(?:ctl)? deploy\b.{0,300}--image-label[= ][\"']?\$"
    r"|\bkamal (?:-\S+ )*(?:build (?:push|deliver)|deploy|redeploy|setup)\b"
    r"|\bsam package\b.{0,300}(?:\$|`)"
)
"""Tools that keep what they build under the commit, or under what they are told of it."""
_IMAGE_PUSH = re.compile(
    r"\b(docker|podman|buildah|crane|nerdctl)\b.{0,300}\bpush\b|\bdocker buildx (build|bake)\b.{0,500}--push|"
    r"\bimagetools create\b|\bgcloud builds submit\b.{0,200}(--tag|-t)\b|\baz acr build\b|\bko (build|"
    r"publish|apply)\b|\bskopeo\b.{0,200}\bcopy\b.{0,300} docker://\S+$"
)
_TAG = re.compile(r"(?<![\w:/])[\w.${}()/ -]{0,200}?[\w}]:(?P<tag>[\w.${}()'-]{1,120})(?=[\s\"']|$)")
_MOVING = re.compile(
    r"^[\"']?(latest|main|master|dev|develop|stable|edge|nightly|preview|staging|prod|production)[\"']?$"
)


_TWO = {
    **ex.APP,
    "Dockerfile": "FROM node:22\nCOPY package.json ./\nCOPY src src\n",
    "api/go.mod": "module api\n",
    "api/main.go": "package main\n",
    "api/Dockerfile": "FROM golang:1.24\nCOPY . .\n",
}


@check(
    "DEP-5.1.3",
    shows=BOTH,
    reads=[VERSIONED, LATEST, PUSH, TRIAL, DEFINED, MEMBERS],
    clean=[
        Example(
            "An image tagged with its commit",
            {".github/workflows/ci.yml": ex.ON_PUSH + "      - run: docker push registry.shop.dev/web:$GITHUB_SHA\n"},
        ),
        Example(
            "A tag that the pipeline makes of the commit",
            {
                ".github/workflows/ci.yml": ex.ON_PUSH
                + "      - run: |\n          LABEL=$(git rev-parse HEAD)\n          docker push shop/web:$LABEL\n"
            },
        ),
        Example(
            "Under its commit and as latest",
            {
                ".github/workflows/ci.yml": ex.ON_PUSH
                + "      - run: docker push shop/web:$GITHUB_SHA\n      - run: docker push shop/web:latest\n"
            },
        ),
        Example(
            "The action, with tags of the metadata action",
            {
                ".github/workflows/ci.yml": ex.ON_PUSH
                + "      - uses: docker/build-push-action@v6\n        with:\n          push: true\n"
                "          tags: ${{ steps.meta.outputs.tags }}\n"
            },
        ),
        Example(
            "An image of each of two applications",
            {
                **_TWO,
                ".github/workflows/ci.yml": ex.ON_PUSH
                + "".join(
                    f"      - run: docker build -t shop/{name}:$GITHUB_SHA {folder}\n"
                    f"      - run: docker push shop/{name}:$GITHUB_SHA\n"
                    for name, folder in (("web", "."), ("api", "api"))
                ),
            },
        ),
        Example(
            "A package",
            {
                ".github/workflows/release.yml": ex.ON_PUSH.replace("push", "{push: {tags: [v*]}}")
                + "      - uses: pypa/gh-action-pypi-publish@release/v1\n"
            },
        ),
    ],
    flagged=[
        Example(
            "Built, and not pushed",
            {".github/workflows/ci.yml": ex.ON_PUSH + "      - run: docker build -t web:latest .\n"},
        ),
        Example(
            "A package that is only installed",
            {".github/workflows/ci.yml": ex.ON_PUSH + "      - run: mvn -B install\n"},
        ),
        Example(
            "A second image of a folder that nothing pushes",
            {
                ".github/workflows/ci.yml": ex.ON_PUSH
                + "      - run: docker push shop/web:$GITHUB_SHA\n      - run: docker build -t nightly:1 nightly/\n"
            },
        ),
        Example(
            "Only ever latest",
            {".github/workflows/ci.yml": ex.ON_PUSH + "      - run: docker push registry.shop.dev/web:latest\n"},
        ),
        Example(
            "Only ever latest, by the action",
            {
                ".github/workflows/ci.yml": ex.ON_PUSH
                + "      - uses: docker/build-push-action@v6\n        with:\n          push: true\n"
                "          tags: shop/web:latest\n"
            },
        ),
        Example(
            "One image with its commit, another only ever as latest",
            {
                ".github/workflows/ci.yml": ex.ON_PUSH
                + "      - run: docker push shop/web:$GITHUB_SHA\n      - run: docker push shop/worker:latest\n"
            },
        ),
        Example(
            "A package, and an image only ever as latest",
            {
                ".github/workflows/ci.yml": ex.ON_PUSH
                + "      - uses: pypa/gh-action-pypi-publish@release/v1\n      - run: docker push shop/worker:latest\n"
            },
        ),
    ],
    silent=[
        Example(
            "An image of one of two applications",
            {
                **_TWO,
                ".github/workflows/ci.yml": ex.ON_PUSH
                + "      - run: |\n          docker build -t shop/web:$GITHUB_SHA .\n"
                "          docker push shop/web:$GITHUB_SHA\n",
            },
        ),
        Example(
            "Latest of what may be another image",
            {
                ".github/workflows/ci.yml": ex.ON_PUSH
                + "      - run: docker push $IMAGE:$GITHUB_SHA\n      - run: docker push shop/web:latest\n"
            },
        ),
        Example(
            "Tags of a step by the action, and latest beside them",
            {
                ".github/workflows/ci.yml": ex.ON_PUSH
                + "      - uses: docker/build-push-action@v6\n        with:\n          push: true\n"
                "          tags: ${{ steps.meta.outputs.tags }}\n      - run: docker push shop/web:latest\n"
            },
        ),
        Example(
            "A tag that a variable names",
            {".github/workflows/ci.yml": ex.ON_PUSH + "      - run: docker push $IMAGE\n"},
        ),
        Example(
            "A tag that a setting of the project names",
            {".github/workflows/ci.yml": ex.ON_PUSH + "      - run: docker push shop/web:$IMAGE_LABEL\n"},
        ),
        Example(
            "Published for a trial only",
            {
                ".github/workflows/release.yml": ex.ON_PUSH.replace("push", "{push: {tags: [v*]}}")
                + "      - uses: pypa/gh-action-pypi-publish@release/v1\n        with:\n"
                "          repository-url: https://test.pypi.org/legacy/\n"
            },
        ),
        Example(
            "Published for proposals only",
            {".github/workflows/pr.yml": ex.ON_PUSH.replace("push", "pull_request") + "      - run: npm publish\n"},
        ),
    ],
)
def versioned_and_stored(
    pipelines: Pipelines, code: Code, files: Files, manifests: Manifests, dockerfiles: Dockerfiles
) -> Iterator[Draft]:
    """A pipeline pushes an image under a tag that does not move, publishes a package or attaches files to a release."""
    flow = flow_of(pipelines)
    known = {found[1] for hit in code[DEFINED].first if (found := _NAME_OF.match(hit.text))}
    known |= {found for job in flow.jobs for s in job.steps for found in _ASSIGNS.findall(s.step.run)}
    marks = {s.id: code[s] for s in (VERSIONED, LATEST, PUSH)}
    kept: list[_Kept] = []
    moving: list[tuple[str, Source]] = []
    unclear: list[Source] = []
    images = _Images()
    for job in flow.jobs:
        if job.triggers <= {"pull_request"}:
            continue
        by_metadata = _by_metadata(job, code[VERSIONED])
        for step in job.steps:
            if publishes(step.step):
                if step.held(code[TRIAL]):
                    continue
                kept.append(_Kept(job, f"Job {job.job.id} publishes a versioned package or release", step.at))
            elif any(_NAMES_ITS_OWN.search(c.text) for c in step.step.commands):
                kept.append(_Kept(job, f"Job {job.job.id} builds an image under a tag of its own", step.at))
            elif _IMAGE_ACTION.search(step.step.uses) and not step.step.commands:
                inside = {name: step.held(hits) for name, hits in marks.items()}
                full = not all(hits.places.exact for hits in marks.values())
                if step.pipeline.path not in code[PUSH].places.files:
                    continue
                named = inside[VERSIONED.id] or by_metadata
                if named:
                    kept.append(_Kept(job, f"Job {job.job.id} pushes an image with a tag of its own", named[0]))
                    images.keep(*(hit.text for hit in inside[VERSIONED.id]))
                elif inside[LATEST.id] and inside[PUSH.id] and not full:
                    moving.append(
                        (f"Job {job.job.id} pushes {_image(inside[LATEST.id][0].text)}", inside[LATEST.id][0])
                    )
                    images.move(inside[LATEST.id][0].text, inside[LATEST.id][0])
                else:
                    unclear.append(step.at)
            else:
                lines = [c.text for c in step.step.commands if _IMAGE_PUSH.search(c.text)]
                lines = [
                    one for line in lines for one in (_named_before(job, line) if _ALL_TAGS.search(line) else [line])
                ]
                tags = [tag for line in lines for tag in _tags(line, known)]
                if any(not _MOVING.match(t) and t != "?" for t in tags):
                    kept.append(_Kept(job, f"Job {job.job.id} pushes an image with a tag of its own", step.at))
                    images.keep(*lines)
                elif tags and all(_MOVING.match(t) for t in tags):
                    moving.append((f"Job {job.job.id} pushes an image as {tags[0]}", step.at))
                    images.move(lines[0], step.at)
                elif tags:
                    unclear.append(step.at)
    others = images.others
    if kept and others and images.are_told:
        yield failed(
            each(others, name=lambda other: other[0], at=lambda other: other[1]).say(
                "{} {is} pushed under no tag that stays, unlike what else is built: the next build takes {its} place"
            )
        )
    elif kept and others:
        yield unsure(
            f"{others[0][0]} is pushed under no tag that stays, and what else is built may be another image",
            *(at for _, at in others),
        )
    elif kept and (left := _kept_nowhere(flow)) and not unclear:
        yield failed(
            each(left, name=lambda one: one[0], at=lambda one: one[1]).say("{} {is} built and pushed nowhere"),
            confidence="medium",
        )
    elif kept and (lost := unreached(parts(files, manifests, code), _working(kept), dockerfiles)):
        yield unsure(
            each(lost, name=lambda part: part.said).say(
                "{what}; what comes of {} is not seen to be kept", what=kept[0].what
            ),
            *dict.fromkeys(one.at for one in kept),
        )
    elif kept:
        yield passed(kept[0].what, *dict.fromkeys(one.at for one in kept))
    elif moving and not unclear:
        yield failed(
            each(moving, at=lambda push: push[1]).like(
                f"{moving[0][0]} and under no tag that stays: the next build takes its place"
            )
        )
    elif unclear:
        yield unsure("Images are pushed, and the pipeline does not say under which tags", *unclear)
    elif tried := [a for a in pipelines.aside if a.void and a.what[:1] == "`" and names_publication(a.what.strip("`"))]:
        yield failed(
            each(tried, at=lambda a: Source(path=a.path, line=a.line), name=lambda a: a.what).like(
                f"Nothing is published: {tried[0].what} {tried[0].reason}"
            )
        )
    elif built := _only_built(flow):
        yield failed(
            each(built, name=lambda job: job.job.id, at=lambda job: job.at).say(
                "{Job|Jobs} {} {builds} what nothing publishes, pushes or deploys"
            ),
            confidence="medium",
        )


class _Kept(NamedTuple):
    """One thing that a job keeps under a version."""

    job: Job
    what: str
    at: Source


def _working(kept: list[_Kept]) -> list[Step]:
    """The steps that make what is kept: those that build or pack in its jobs, or keep it themselves."""
    steps = {id(s): s for one in kept for s in one.job.steps if _makes(s) or s.work.builds or publishes(s.step)}
    held = {one.at for one in kept}
    return list(steps.values()) or [s for one in kept for s in one.job.steps if s.at in held]


def _only_built(flow: Flow) -> list[Job]:
    """The jobs that build for a commit, where every step is known and none keeps or deploys anything."""
    steps = [(job, s) for job in flow.jobs for s in job.steps]
    if any((s.work.opaque and not _makes(s)) or deploys(s.step) or _KEEPS.search(s.step.uses) for _, s in steps):
        return []
    if any(c.calls in ("unread", "absent") for _, s in steps for c in s.step.commands):
        return []
    if any("other" in job.root.triggers for job in flow.jobs):
        return []
    return [job for job in flow.jobs if job.on_commit and any(_makes(s) for s in job.steps)]


def _makes(step: Step) -> bool:
    """Whether *step* makes something that could be kept: an image, a package."""
    return any(_PACKS.search(c.text) for c in step.step.commands)


_PACKS = re.compile(
    r"\b(?:docker|podman|nerdctl|buildah)(?: buildx)? (?:build|bud)\b|\bgoreleaser\b|"
    r"\bmvnw?\b.{0,200}\b(?:package|install|verify)\b|"
    r"\bdotnet (?:pack|publish)\b|\bnpm pack\b|\bpython3? -m build\b|\bpoetry build\b|"
    r"\bcargo (?:package|build)\b.{0,80}--release"
)
_KEEPS = re.compile(
    r"upload|artifact|release|publish|push|store|archive|PublishPipelineArtifact|PublishBuildArtifacts", re.IGNORECASE
)


def _kept_nowhere(flow: Flow) -> list[tuple[str, Source]]:
    """The images of folders of their own that a commit has built, and that nothing pushes."""
    built: dict[str, Source] = {}
    pushed = ""
    for job in flow.jobs:
        for step in job.steps:
            for command in step.step.commands:
                text = command.text
                found = _BUILDS_FOLDER.search(text)
                if found and "--push" not in text and "$" not in found["name"] and job.triggers - {"pull_request"}:
                    built.setdefault(found["name"], step.at)
                elif re.search(r"\b(?:push|tag|copy|load)\b", text) and not re.search(r"\bdocker save\b|\bssh\b", text):
                    pushed += f" {text}"
    return [(name, at) for name, at in built.items() if name not in pushed]


_BUILDS_FOLDER = re.compile(
    r"\b(?:docker|podman|nerdctl)(?: buildx)? build\b.{0,200}\s(?:-t|--tag)[ =](?P<name>[\w./-]+)(?::\S+)?"
    r"(?:\s.{0,200})?\s(?:\./)?(?P<folder>[\w-]+(?:/[\w-]+)*)/?$"
)


class _Images:
    """Which images are pushed under tags that stay, and which under others."""

    def __init__(self) -> None:
        self._kept: set[str] = set()
        self._moving: list[tuple[str, Source]] = []
        self._unnamed = False

    def keep(self, *texts: str) -> None:
        """Those that *texts* name have a tag of their own; where none is named, it may be any."""
        found = {name for text in texts for name in _NAME.findall(text)}
        self._kept |= found
        self._unnamed = self._unnamed or not found

    def move(self, text: str, at: Source) -> None:
        """The first image that *text* names is pushed at *at* under a tag that moves."""
        self._moving += [(name, at) for name in _NAME.findall(text)[:1]]

    @property
    def are_told(self) -> bool:
        """Whether all of them have names, and none is a variable."""
        return not self._unnamed and not any("$" in name for name in (*self._kept, *(name for name, _ in self._moving)))

    @property
    def others(self) -> list[tuple[str, Source]]:
        """Those that nothing pushes under a tag that stays, as far as the names tell."""
        return [(name, at) for name, at in self._moving if name not in self._kept]


_NAME = re.compile(r"(?<![\w:/.$-])([\w.$][\w.${}/-]{0,200}):(?=[\w.$(-])")


def _tags(line: str, known: Collection[str]) -> list[str]:
    """The tags that a push names; a question mark where it names none that can be read, or one that a setting gives."""
    found = [m["tag"] for m in _TAG.finditer(_SLICE.sub(r"${\1}", line))]
    return ["?" if _is_open(t, known) else t for t in found if not t.startswith("//")] or ["?"]


_SLICE = re.compile(r"\$\{(\w+):\d+(?::\d+)?\}")
_ALL_TAGS = re.compile(r"\bpush\b.{0,80}(?:--all-tags|\s-a\b)")
_BUILT = re.compile(r"\b(?:docker|podman|nerdctl|buildah)\b.{0,40}\b(?:build|bud|tag)\b")


def _named_before(job: Job, line: str) -> list[str]:
    """The commands of *job* that give the image tags which *line* pushes with all of its tags."""
    name = line.split()[-1].strip("\"'")
    told = [c.text for s in job.steps for c in s.step.commands if _BUILT.search(c.text)]
    return [text for text in told if f"{name}:" in text]


def _is_open(tag: str, known: Collection[str]) -> bool:
    """Whether *tag* is one variable that neither the CI system nor the pipeline itself sets."""
    alone = re.fullmatch(r"[\"']?\$\{?([A-Za-z_]\w*)\}?[\"']?", tag)
    return alone is not None and not _PREDEFINED.match(alone[1]) and alone[1] not in known


_PREDEFINED = re.compile(
    r"(?:CI|GITHUB|BITBUCKET|CIRCLE|BUILDKITE|DRONE|TRAVIS|GIT|BUILD|SHORT_SHA|COMMIT|TAG_NAME|REVISION|BRANCH_NAME|"
    r"CODEBUILD|SEMAPHORE|APPVEYOR|CIRRUS|TEAMCITY)(?:_|$)|(?:SHA|VERSION|TAG|REVISION)$"
)


def _by_metadata(job: Job, versioned: Hits) -> list[Source]:
    """The places that tell the metadata action of the same job to make tags that do not move."""
    makers = [s for s in job.steps if "docker/metadata-action" in s.step.uses]
    return [h for s in makers for h in s.held(versioned) if h.text.startswith("type=")]


def _image(text: str) -> str:
    return text.partition("tags:")[2].strip() or text.strip("- \"'")
