"""Aligned plain text: measured beside what was promised."""


class Table:
    """Rows under headings. The last column says whether a promise is kept."""

    def __init__(self, title, *headings):
        self.title = title
        self.rows = [(*headings, "")]

    def add(self, *entries, over=False):
        self.rows.append((*map(str, entries), "← over" if over else ""))

    def __str__(self):
        columns = list(zip(*self.rows, strict=True))
        widths = [max(map(len, column)) for column in columns]
        # Numbers to the right, words to the left.
        right = [
            all(entry[:1].isdigit() or not entry for entry in column[1:])
            for column in columns
        ]
        lines = [
            "  ".join(
                entry.rjust(width) if is_number else entry.ljust(width)
                for entry, width, is_number in zip(row, widths, right, strict=True)
            ).rstrip()
            for row in self.rows
        ]
        lines.insert(1, "-" * max(map(len, lines)))
        return "\n".join([self.title, "", *lines])


def ms(seconds):
    return f"{seconds * 1000:.1f}"
