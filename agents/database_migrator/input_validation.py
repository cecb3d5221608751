"""Judges validation in the application, ahead of the database (section 6.3)."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrator import PASS, Code, Draft, Example, Routes, Signal, check, each, examined, many, passed, unsure

VALIDATED = Signal(
    id="data.input-validated",
    pattern=(
        r"\.is_valid\(|class \w+\([\w., ]{0,80}(?:Serializer|BaseModel)\)|@Valid(?:ated)?\b|"
        r"\b(?:z|joi|yup|vine|v)\.object\(|\bvalidate:\"|binding:\"required|^\s*validates(?:_\w+)? |->validate\(|"
        r"extends FormRequest|AbstractValidator<|@Is(?:String|Email|NotEmpty|Int|UUID)\(|schema\.load\(|checkSchema\(|"
        r"\bbody\(['\"]\w+['\"]\)\s?\.|validate_required|ModelState\.IsValid|ajv\.compile"
    ),
)  # fmt: skip


@check(
    "DAT-6.3.5",
    shows=PASS,
    clean=[
        Example("Each model validates itself", {
            "app/models/user.rb": "class User < ApplicationRecord\n  validates :email, presence: true\n"
            "  validates :name, length: {maximum: 80}\n"
            "  validates :age, numericality: true\nend\n",
            "app/models/team.rb": "class Team < ApplicationRecord\n  validates :title, presence: true\nend\n",
        }),
    ],
    flagged=[
        Example("Nothing is validated", {"app.py": "def create(request):\n    save(request.json)\n"}),
        Example("One place among many routes", {
            "app.js": "".join(f"app.post('/r{n}', handler);\n" for n in range(30)) + "const s = z.object({});\n",
        }),
    ],
    reads=[VALIDATED],
)  # fmt: skip
def application_validates(code: Code, routes: Routes) -> Iterator[Draft]:
    """A validation library stands at the entry points; a handful of places for very many routes is not enough."""
    hits = code[VALIDATED]
    changing = [r for r in routes.routes if r.method in ("POST", "PUT", "PATCH", "ANY")]
    count = examined(hits.places, "places where input is validated")
    enough = hits.total * 2 >= len(changing) if changing else hits.files >= 2
    if hits.total >= 3 and enough:
        text = "Input is validated in the application at {number:place} in {files:file}"
        yield passed(each(hits.places).say(text, files=hits.files), count, confidence="medium")
    elif hits:
        routes_ = many(len(changing), "route that takes it|routes that take it")
        text = f"Input is validated at {many(hits.places, 'place')}, for {routes_}"
        yield unsure(text, hits.first[0], count)
