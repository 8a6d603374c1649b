"""Text that a spreadsheet would take for a formula: exports put an apostrophe before it, imports take it off again."""

from __future__ import annotations

from typing import Final

_RISKY: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


def harmless_text(text: str) -> str:
    """`text` with an apostrophe before it if its first character could start a formula."""
    return f"'{text}" if _is_risky(text) else text


def bare_text(text: str) -> str:
    """Inverse of `harmless_text`."""
    return text[1:] if text.startswith("'") and _is_risky(text) else text


def _is_risky(text: str) -> bool:
    # Apostrophes before a formula count as risky too: else taking one off could not tell whose it is.
    return text.lstrip("'").startswith(_RISKY)
