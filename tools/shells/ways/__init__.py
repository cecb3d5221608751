"""Every way that is known to make a thing void, by language."""

from __future__ import annotations

from .._way import Way
from . import (
    _alerts,
    _bicep,
    _code,
    _documents,
    _kubernetes,
    _manifests,
    _nomad,
    _paths,
    _pipelines,
    _python,
    _sql,
    _terraform,
    _yaml,
)

GROUPS: dict[str, tuple[Way, ...]] = {
    "code": (*_code.WAYS, *_python.WAYS),
    "pipelines": _pipelines.WAYS,
    "terraform": (*_terraform.WAYS, *_nomad.WAYS, *_bicep.WAYS),
    "kubernetes": _kubernetes.WAYS,
    "alerts": _alerts.WAYS,
    "sql": _sql.WAYS,
    "documents": _documents.WAYS,
    "manifests": (*_yaml.WAYS, *_manifests.WAYS),
    "paths": _paths.WAYS,
}
