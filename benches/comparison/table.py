"""The table: one row for each tool in each case."""

import statistics
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
class Pairs:
    """What two commands take, and the ratio of each pair of runs."""

    ours: Time
    theirs: Time
    ratios: list[float]

    def verdict(self, peer, limit):
        """What ours is of theirs, and whether that is at most `limit`."""
        ratio = statistics.median(self.ratios)
        met = "met" if ratio <= limit else "**missed**"
        between = f"{min(self.ratios):.2f} to {max(self.ratios):.2f}"
        return f"time {ratio:.2f} × {peer} ({between}; ≤ {limit:.4g}: {met})"


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


def below(measure, amount, limit, unit):
    """Whether an amount is below `limit`."""
    met = "met" if amount < limit else "**missed**"
    return f"{measure} {amount:.0f} {unit} (< {limit} {unit}: {met})"


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
