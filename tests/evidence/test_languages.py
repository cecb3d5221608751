"""Words of a language are found in files of that language."""

from __future__ import annotations

import pytest

from orchestrator import in_their_language, words
from orchestrator.domain.fact import Source
from orchestrator.domain.places import Places

CALLS = words("calls/tracers")


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("Program.cs", "services.WithTracing(t => t)", True),
        ("server/tools/attachments.ts", 'withTracing("create", save)', False),
        ("server/tracer.ts", "require('dd-trace').init()", True),
        ("mail/trace.kt", "val provider = SdkTracerProvider.builder()", True),
        ("bin/start.sh", "opentelemetry-instrument python app.py", True),
        ("Dockerfile", 'CMD ["ddtrace-run", "python", "app.py"]', True),
    ],
)
def test_language(path: str, text: str, expected: bool) -> None:
    """
    A call counts in its own language, those like it, and files that may hold any.
    """
    places = Places([Source(path=path, line=1, text=text)])

    assert expected == bool(in_their_language(places, CALLS))
