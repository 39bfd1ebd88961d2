"""What was measured, as a table, and whether it is within its bounds."""

from statistics import median


def milliseconds(samples):
    return f"{median(samples):.1f} ms"


class Report:
    def __init__(self):
        self._rows = []
        self.is_red = False

    def ratio(self, what, ours, theirs, peer, bound=None):
        """`ours` in units of `theirs`; without a bound it is told and not judged."""
        value = median(ours) / median(theirs)
        self._row(what, milliseconds(ours), f"{peer} {milliseconds(theirs)}", f"{value:.2f} x", value, bound, "x")

    def difference(self, what, ours, theirs, peer, bound):
        value = median(ours) - median(theirs)
        self._row(what, milliseconds(ours), f"{peer} {milliseconds(theirs)}", f"+{value:.2f} ms", value, bound, "ms")

    def slope(self, what, samples, bound):
        """How much slower the last runs are than the first, by the line that half of all pairs are above."""
        slopes = [
            (late - early) / (j - i)
            for i, early in enumerate(samples) for j, late in enumerate(samples) if j > i
        ]
        value = 100 * median(slopes) * (len(samples) - 1) / median(samples)
        self._row(what, milliseconds(samples), "", f"{value:+.1f} %", value, bound, "%")

    def amount(self, what, value, bound, unit):
        self._row(what, f"{value:.2f} {unit}", "", f"{value:.2f} {unit}", value, bound, unit)

    def failure(self, what, problem):
        self.is_red = True
        self._rows.append((what, "-", "", "-", "", "FAILED"))
        print(f"bench: {what}: {problem}", flush=True)

    def _row(self, what, ours, theirs, shown, value, bound, unit):
        if bound is None:
            verdict = ""
        else:
            verdict = "ok" if value <= bound else "ABOVE"
            self.is_red = self.is_red or value > bound
        limit = "" if bound is None else f"<= {bound} {unit}"
        self._rows.append((what, ours, theirs, shown, limit, verdict))
        print(f"bench: {what}: {ours}  {theirs}  {shown}  {verdict}", flush=True)

    def __str__(self):
        table = [("measured", "skiff", "beside", "result", "bound", "")] + self._rows
        widths = [max(len(row[column]) for row in table) for column in range(6)]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in table]
        return "\n".join(lines)
