"""Judges validation in the application, ahead of the database (section 6.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    PASS,
    Code,
    Draft,
    Example,
    Hits,
    Routes,
    Signal,
    Source,
    check,
    each,
    examined,
    many,
    passed,
    together,
    unsure,
)

VALIDATED = Signal(
    id="data.input-validated",
    pattern=(
        r"\.is_valid\(|class \w+\([\w., ]{0,80}(?:Serializer|BaseModel)\)|@Valid(?:ated)?\b|"
        r"\b(?:z|joi|yup|vine|v)\.object\(|\bvalidate:\"|binding:\"required|^\s*validates(?:_\w+)? |->validate\(|"
        r"extends FormRequest|AbstractValidator<|@Is(?:String|Email|NotEmpty|Int|UUID)\(|schema\.load\(|checkSchema\(|"
        r"\bbody\(['\"]\w+['\"]\)\s?\.|validate_required|ModelState\.IsValid|ajv\.compile"
    ),
    kept=ALL,
)  # fmt: skip

_INHERITS = Signal(
    id="data.model-of-ones-own",
    pattern=r"^class \w+\((?:\w+, )?(?!models\.|db\.)(?:\w+\.)?\w*(?:Model|Schema|Serializer)\b[\w., ]{0,80}\):",
    languages=("python",),
    kept=ALL,
)
"""Classes that validate their input if what they inherit from does."""


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
        Example("Models that inherit from one of their own", {
            "app/schema.py": "class ShopModel(BaseModel):\n    model_config = {'extra': 'forbid'}\n\n\n"
            + "".join(f"class Order{n}(ShopModel):\n    count: int\n\n\n" for n in "ABC"),
            "app/lines.py": "class LineModel(ShopModel):\n    sku: str\n\n\nclass Line(LineModel):\n    count: int\n",
            "app/routes.py": "app = FastAPI()\n\n\n"
            + "".join(f"@app.post('/r{n}')\ndef add{n}(order: OrderA): ...\n\n\n" for n in range(10)),
        }),
    ],
    flagged=[
        Example("Nothing is validated", {"app.py": "def create(request):\n    save(request.json)\n"}),
        Example("One place among many routes", {
            "app.js": "".join(f"app.post('/r{n}', handler);\n" for n in range(30)) + "const s = z.object({});\n",
        }),
        Example("Models that inherit from what validates nothing", {
            "app/schema.py": "class Order(BaseModel):\n    count: int\n\n\n"
            + "".join(f"class Row{n}(TableModel):\n    count: int\n\n\n" for n in "ABCD"),
            "app/routes.py": "app = FastAPI()\n\n\n"
            + "".join(f"@app.post('/r{n}')\ndef add{n}(order: RowA): ...\n\n\n" for n in range(10)),
        }),
    ],
    reads=[VALIDATED, _INHERITS],
)  # fmt: skip
def application_validates(code: Code, routes: Routes) -> Iterator[Draft]:
    """A validation library stands at the entry points; a handful of places for very many routes is not enough."""
    hits = code[VALIDATED]
    places = together(hits.places, _inheriting(hits, code[_INHERITS]))
    changing = [r for r in routes.routes if r.method in ("POST", "PUT", "PATCH", "ANY")]
    count = examined(places, "places where input is validated")
    enough = len(places) * 2 >= len(changing) if changing else len(places.files) >= 2
    if len(places) >= 3 and enough:
        text = "Input is validated in the application at {number:place} in {files:file}"
        yield passed(each(places).say(text, files=len(places.files)), count, confidence="medium")
    elif hits:
        routes_ = many(len(changing), "route that takes it|routes that take it")
        text = f"Input is validated at {many(places, 'place')}, for {routes_}"
        yield unsure(text, hits.first[0], count)


def _inheriting(hits: Hits, classes: Hits) -> list[Source]:
    """Those of *classes* that inherit, perhaps by way of others, from one of those that *hits* show to validate."""
    heirs: dict[str, list[Source]] = {}
    for hit in classes.first:
        for base in _WORD.findall(hit.text.partition("(")[2]):
            heirs.setdefault(base, []).append(hit)
    waiting = [name for hit in hits.first if (name := _name(hit))]
    found: dict[Source, None] = {}
    while waiting:
        more = heirs.pop(waiting.pop(), [])
        found.update(dict.fromkeys(more))
        waiting += [_name(hit) for hit in more]
    return sorted(found, key=lambda place: (place.path, place.line))


def _name(hit: Source) -> str:
    """The class that a line begins; empty where it begins none."""
    return hit.text.removeprefix("class ").partition("(")[0].strip() if hit.text.startswith("class ") else ""


_WORD = re.compile(r"\w+")
