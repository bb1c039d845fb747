"""The table: one row for each tool in each case."""

from dataclasses import dataclass, field

HEADINGS = ["Case", "Tool", "Time", "Peak memory", "Zip", "Measured against"]


@dataclass
class Time:
    """Seconds: a mean, and a deviation where there was more than one run."""

    mean: float
    deviation: float | None = None

    def __str__(self):
        unit, scale = ("s", 1) if self.mean >= 1 else ("ms", 1000)
        text = f"{self.mean * scale:.{2 if unit == 's' else 1}f}"
        if self.deviation is not None:
            text += f" ± {self.deviation * scale:.{2 if unit == 's' else 1}f}"
        return f"{text} {unit}"


@dataclass
class Row:
    case: str
    tool: str
    time: Time | str = ""
    kibibytes: int | None = None
    zipped: int | None = None
    verdicts: list[str] = field(default_factory=list)

    def cells(self):
        memory = "" if self.kibibytes is None else f"{self.kibibytes / 1024:.0f} MiB"
        zipped = "" if self.zipped is None else f"{self.zipped:,} B"
        return [self.case, self.tool, str(self.time), memory, zipped, "; ".join(self.verdicts)]


def verdict(measure, ours, theirs, peer, limit, *, strictly=False):
    """What `ours` is of `theirs`, and whether that is at most `limit`, or below it."""
    ratio = ours / theirs
    is_met = ratio < limit if strictly else ratio <= limit
    sign = "<" if strictly else "≤"
    met = "met" if is_met else "**missed**"
    return f"{measure} {ratio:.3f} × {peer} ({sign} {limit:.4g}: {met})"


def markdown(rows):
    """The rows, with each case named once."""
    lines = [HEADINGS, ["---"] * 2 + ["---:"] * 3 + ["---"]]
    case = None
    for row in rows:
        cells = row.cells()
        if row.case == case:
            cells[0] = ""
        case = row.case
        lines.append(cells)
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
