"""Write docs/measured.md, its charts and docs/scale.md from what the benches have printed.

    .venv/bin/python -m bench.ground.book

What a bench printed is kept in docs/measured/NAME.md by ``python -m bench``, below a line that says when and where.
docs/measured/exhaustive.md is kept by hand.
"""

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bench.ground import scale
from bench.ground.chart import chart
from bench.ground.tables import rows
from bench.ground.targets import CHAPTERS, Chapter

ROOT: Final = Path(__file__).parents[2]
KEPT: Final = ROOT / "docs" / "measured"
_INTRODUCTION: Final = """\
# Measured

`make bench` writes this page, its charts and [scale.md](scale.md): nobody edits them. Servers, database and callers
share the machine, so compare ratios, and figures of one run. A line in a chart is a target.

"""


def main() -> None:
    """Write the pages."""
    kept = {
        one.bench: file.read_text(encoding="utf-8")
        for one in CHAPTERS
        if (file := KEPT / f"{one.bench}.md").exists()
    }
    for one in CHAPTERS:
        if one.bench in kept:
            drawn = chart(one.title, one.targets, list(rows(kept[one.bench])))
            (KEPT / f"{one.bench}.svg").write_text(drawn, encoding="utf-8")
    by_hand = (KEPT / "exhaustive.md").read_text(encoding="utf-8")
    (ROOT / "docs" / "measured.md").write_text(page(kept, by_hand), encoding="utf-8")
    if kept.keys() >= scale.NEEDED:
        (ROOT / "docs" / "scale.md").write_text(scale.page(kept), encoding="utf-8")


def page(kept: Mapping[str, str], by_hand: str) -> str:
    """Return docs/measured.md: ``kept`` is what each bench printed, by its name; ``by_hand`` comes last."""
    runs = dict.fromkeys(text.partition("\n")[0] for text in kept.values())
    where = "".join(
        f"* {run}: {', '.join(name for name, text in kept.items() if text.startswith(run))}\n" for run in runs
    )
    return "\n".join(
        [_INTRODUCTION + where, *(_chapter(one, kept.get(one.bench)) for one in CHAPTERS), by_hand]
    )


def _chapter(one: Chapter, text: str | None) -> str:
    head = f"## {one.title}\n\n[bench/{one.bench}.py](../bench/{one.bench}.py): {_sentence(one.bench)}\n"
    if text is None:
        return f"{head}\nNot measured yet.\n"
    table = list(rows(text))
    verdicts = "\n".join(f"* {target.verdict(table)}" for target in one.targets)
    printed = text.partition("\n")[2].strip()
    picture = f"![{one.title}: each figure below that has a target](measured/{one.bench}.svg)"
    return f"{head}\n{picture}\n\n{verdicts}\n\n{printed}\n"


def _sentence(bench: str) -> str:
    """Return the first line of the bench's docstring."""
    source = (ROOT / "bench" / f"{bench}.py").read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0].replace("``", "`")


if __name__ == "__main__":
    main()
