#!/usr/bin/env python3
"""Brings the translation files up to date with the sources: collects the texts, then compiles the Korean ones.

    .venv/bin/python packaging/translate.py

Texts that are new stand in `resources/translations/flawscope_ko.ts` as unfinished; translate them there and run this again.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "resources" / "translations"
LANGUAGES = ("ko",)


def sources(root: Path = ROOT) -> list[str]:
    """All files that may hold texts, relative to the root, in a stable order."""
    return sorted(path.relative_to(root).as_posix() for floor in ("core", "desktop") for path in (root / floor).rglob("*.py"))


def tool(name: str) -> str:
    """The path of one of PySide6's command line tools."""
    suffix = ".exe" if sys.platform == "win32" else ""
    return str(Path(sys.executable).parent / (name + suffix))


def collect(catalogue: Path) -> None:
    """Adds the texts of the sources to `catalogue`, and drops those that are gone."""
    command = [tool("pyside6-lupdate"), "-no-obsolete", "-locations", "none", *sources(), "-ts", str(catalogue)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def compile_catalogue(catalogue: Path, compiled: Path) -> None:
    """Writes the binary form that Qt loads."""
    command = [tool("pyside6-lrelease"), "-silent", str(catalogue), "-qm", str(compiled)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def unfinished(catalogue: Path) -> list[str]:
    """The texts that have no finished translation, as "context: text"."""
    missing = []
    for context in ElementTree.parse(catalogue).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            forms = [] if translation is None else [translation.text, *(form.text for form in translation.iter("numerusform"))]
            if translation is None or translation.get("type") or not any(text and text.strip() for text in forms):
                missing.append(f"{context.findtext('name')}: {message.findtext('source')}")
    return missing


def main() -> int:
    for language in LANGUAGES:
        catalogue = TRANSLATIONS / f"flawscope_{language}.ts"
        collect(catalogue)
        compile_catalogue(catalogue, catalogue.with_suffix(".qm"))
        missing = unfinished(catalogue)
        for line in missing:
            print(line)
        print(f"{catalogue.name}: {len(missing)} texts to translate")
    return 0


if __name__ == "__main__":
    sys.exit(main())
