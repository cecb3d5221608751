"""Measures what the checks say of everything that is labelled: ``python -m tools.accuracy [FOLDER]``."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Collection
from pathlib import Path

from . import trees
from .answers import Answer, Labelled, answers
from .forked import each
from .masking import masking
from .numbers import accepted, counted, keep, lowered, most
from .page import document, text
from .reading import OWN, Corpus, NotLabelled, read
from .renaming import renaming
from .trials import Tried

DOCS = Path(__file__).parents[2] / "docs"
HEAD = """\
# Accuracy

Written by `make accuracy`, with `accuracy.json` beside it. Every tree is judged as the one commit of a repository, and
nothing outside it is asked. A failure is right where a reader expects one, a pass where he expects one; of what is
neither shown nor broken both are wrong. Precision is the share of what is said that is right, recall the share of what
is expected that is said. The targets: no wrong pass; precision 1.00 and recall 0.95 on the own set; 0.97 and 0.80 on
others, the rest unknown. The sets, and how to add to them, are in [Contributing](../CONTRIBUTING.md#labels).

"""


def measured(
    corpus: Corpus, own: bool, trials: Collection[str] = ("masking", "renaming"), only: tuple[str, ...] = ("",)
) -> tuple[list[Answer], dict[str, Tried]]:
    """
    All answers about *corpus*, and what came of its trees beside others and in other forms.

    Args:
        corpus: What is labelled.
        own: Whether it is ours: then the examples of checks are tried as well by themselves.
        trials: Which of them are tried.
        only: How the criteria begin that are asked about.
    """
    corpus = corpus.only(only)
    things: list[Labelled] = [*corpus.cases, *corpus.releases]
    said = [answer for some in each(answers, things) for answer in some]
    cases, examples = trees.cases(corpus), trees.examples(only)
    beside = [*cases, *(tree for tree in examples if own or tree.side == "clean")]
    again = [*cases, *trees.releases(corpus), *(examples if own else ())]
    tried = {}
    if "masking" in trials:
        tried["masking"] = masking(beside, accepted("masking"))
    if "renaming" in trials:
        tried["renaming"] = renaming(again, accepted("renaming"))
    return said, tried


def main(words: list[str]) -> int:
    """
    Measure the folder or list of *words*, or the own set, and print it.

    ``OUT=FOLDER`` takes page and document; those of the own set go to ``docs`` without it. ``TRIALS=masking`` tries
    less, ``TRIALS=`` nothing but the labels. ``ONLY="OBS DEP-5.1"`` asks about criteria that begin so, and with labels
    alone where ``TRIALS`` does not say what else. ``LOWER=1`` writes down what may be wrong at most from now on, and
    ``NUMBERS=1`` what is wrong now.

    Returns:
        1 where the judging broke on anything; 2 where what is there has not the form of labels; else 0.
    """
    own = not words
    try:
        corpus = read(Path(words[0]) if words else OWN)
        only = tuple(os.environ.get("ONLY", "").split())
        trials = os.environ.get("TRIALS", "" if only else "masking renaming")
        said, tried = measured(corpus, own, trials.split(), only or ("",))
    except NotLabelled as error:
        print(f"accuracy: {error}", file=sys.stderr)
        return 2
    page = text(said, tried)
    print(page, end="")
    whole = own and not only and "TRIALS" not in os.environ
    out = os.environ.get("OUT", str(DOCS) if whole else "")
    if out:
        Path(out).mkdir(parents=True, exist_ok=True)
        Path(out, "accuracy.md").write_text(HEAD + page, encoding="utf-8")
        Path(out, "accuracy.json").write_text(json.dumps(document(said, tried), indent=1) + "\n", encoding="utf-8")
    if whole and "NUMBERS" in os.environ:
        keep(counted(said, tried))
    elif whole and "LOWER" in os.environ:
        keep(lowered(most(), counted(said, tried)))
    crashed = [a.name for a in said if a.crash] + [
        kind for trial in tried.values() for kind in trial.counts() if kind.startswith("crashed")
    ]
    if crashed:
        print(f"the judging broke on {len(crashed):,}: {', '.join(crashed[:10])}", file=sys.stderr)
    return 1 if crashed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
