"""Tells whether the internet reaches anything of a tree."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..domain.profile import ProfileFact
from ..estate.inventory import Part
from ..estate.nouns import Entries
from ..evidence.facts.infrastructure import Block, as_flag
from ..evidence.facts.kubernetes import Resource
from ._clues import Clue, Clues, no, unknown, yes

_HOSTED = (
    "Procfile", "fly.toml", "vercel.json", "netlify.toml", "wrangler.toml", "wrangler.jsonc", "firebase.json",
    "staticwebapp.config.json", "render.yaml", "railway.json", "railway.toml", "CNAME",
)  # fmt: skip
_OUTWARD = frozenset({"cdn", "site", "gateway", "web-app", "function"})
"""Kinds of entries that everybody reaches unless they say otherwise."""
_INWARD = re.compile(r"(?<![a-z])(internal|private|intranet)(?![a-z])", re.IGNORECASE)


def public(clues: Clues, found: Mapping[str, ProfileFact]) -> ProfileFact:
    """
    Whether the internet reaches it.

    *No* only where nothing answers anybody, or where every entry that is declared says that it is an inner one.
    """
    entries = clues.told(Entries)
    told = [(part, _is_public(part)) for part in entries.parts]
    open_ = [Clue(part.address, part.at) for part, answer in told if answer is True]
    hosted = clues.named(*_HOSTED)
    if open_ or (hosted and any(found[name].answer == "yes" for name in ("http_api", "frontend", "static_site"))):
        return yes(open_ + hosted)
    if found["static_site"].answer == "yes":
        return found["static_site"]
    if all(found[name].answer == "no" for name in ("service", "frontend", "static_site", "cloud", "kubernetes")):
        return no(f"nothing of it answers anybody: {found['service'].because}")
    inner = [part for part, answer in told if answer is False]
    if inner and all(answer is not None for _, answer in told if answer is not _BESIDE) and not entries.not_understood:
        return no(f"each of {len(inner)} entries is an inner one, {inner[0].address} for instance", [inner[0].at])
    return unknown("nothing says who can reach it", [Clue(part.address, part.at) for part, _ in told])


_BESIDE = "no entry of its own"


def _is_public(part: Part) -> bool | str | None:
    """Whether *part* is reached from outside; None where that cannot be told."""
    if part.thing.resource is not None:
        return _of_object(part.thing.resource)
    block = part.thing.block
    if block is None or part.kind in ("listener", "firewall", "controller", "name", "vpn", "files"):
        return _BESIDE
    said = _scheme(block)
    if said is not None:
        return said if said in (True, False) else None
    return part.kind in _OUTWARD or block.type in _OPEN_BY_DEFAULT or None


_OPEN_BY_DEFAULT = frozenset({
    "aws_lb", "aws_alb", "aws_elb", "AWS::ElasticLoadBalancing::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::LoadBalancer", "google_compute_global_forwarding_rule",
})  # fmt: skip


def _scheme(block: Block) -> bool | str | None:
    """Whether *block* says that it is open, or that it is an inner one; the words where they come to neither."""
    if block.get("internal") is not None:
        inner = as_flag(block.get("internal"))
        return str(block.get("internal")) if inner is None else not inner
    words = [block.get("load_balancing_scheme"), block.get("Scheme"), block.get("endpoint_configuration", 0, "types")]
    words.append(block.get("EndpointConfiguration", "Types"))
    said = " ".join(str(word) for word in words if word)
    if re.search(r"\$\{|\bvar\.|Ref|\[\[", said):
        return said
    return not re.search("internal(?!_managed_external)|private", said, re.IGNORECASE) if said else None


def _of_object(resource: Resource) -> bool | str | None:
    if resource.kind == "Service" and resource.get("spec", "type") not in ("LoadBalancer", "NodePort"):
        return _BESIDE
    if resource.kind not in ("Service", "Ingress", "Route"):
        return None if resource.kind != "Service" else _BESIDE
    notes = {str(k): str(v) for k, v in resource.section("metadata", "annotations").items()}
    said = [value for key, value in notes.items() if re.search("internal|scheme|load-balancer-type", key)]
    named = f"{resource.get('spec', 'ingressClassName', default='')} {notes.get('kubernetes.io/ingress.class', '')}"
    if any(value.lower() in ("true", "internal", "0.0.0.0/0") for value in said) or _INWARD.search(named):
        return False
    return None if resource.get("spec", "type") == "NodePort" else True


def works_with_secrets(clues: Clues, lines: list[Clue], published: bool) -> ProfileFact:
    """Whether it, or the pipeline that publishes it, works with secrets."""
    if lines:
        return yes(lines)
    pipelines = [file for file in clues.files.entries if file.role == "ci"]
    if published and pipelines and not clues.problems:
        return no(f"no secret in {len(pipelines)} files of pipelines but those that expire with a job")
    return unknown("secrets may be kept elsewhere")
