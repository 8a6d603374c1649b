"""The gate that keeps the Korean translation complete."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path
from string import Formatter
from xml.etree import ElementTree

import pytest

from core.problems import WORDS
from core.wording import Translator
from tests.packaging_scripts import ROOT, load_script

translate = load_script("translate")
CATALOGUE = ROOT / "resources" / "translations" / "flawscope_ko.ts"
# product.md: one tool's "false positive" is another's passed bad part, so these words are never written.
FORBIDDEN = re.compile(
    r"false (positive|negative)|\b(positive|negative)s?\b|ground truth|\bcompliant\b|오탐|위양성|위음성|양성|음성|(?<!비)정상 부품|검증",
    re.IGNORECASE,
)


def messages() -> list[tuple[str, str, list[str]]]:
    found = []
    for context in ElementTree.parse(CATALOGUE).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            forms = [form.text or "" for form in translation.iter("numerusform")] or [translation.text or ""]
            found.append((context.findtext("name", ""), message.findtext("source", ""), forms))
    return found


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_catalogue_names_its_language() -> None:
    assert ElementTree.parse(CATALOGUE).getroot().get("language") == "ko_KR"  # lupdate silently skips a file without it


def test_collecting_again_changes_nothing(tmp_path: Path) -> None:
    again = tmp_path / CATALOGUE.name
    shutil.copy(CATALOGUE, again)
    translate.collect(again)
    assert again.read_text(encoding="utf-8") == CATALOGUE.read_text(encoding="utf-8"), "run packaging/translate.py"


def test_every_text_is_translated() -> None:
    assert translate.unfinished(CATALOGUE) == []
    assert len(messages()) > 100


def test_compiled_file_is_fresh(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.qm"
    translate.compile_catalogue(CATALOGUE, fresh)
    assert fresh.read_bytes() == CATALOGUE.with_suffix(".qm").read_bytes(), "run packaging/translate.py"


def test_translations_keep_the_arguments() -> None:
    wrong = [
        (source, form)
        for _, source, forms in messages()
        for form in forms
        if fields(form) != fields(source) or ("%n" in source) != ("%n" in form)
    ]
    assert wrong == []


def test_forbidden_words_are_not_used() -> None:
    wrong = [text for _, source, forms in messages() for text in (source, *forms) if FORBIDDEN.search(text)]
    assert wrong == []


def test_every_marked_text_is_collected() -> None:
    """lupdate passes over a plural whose count is more than a simple name, without a word."""
    collected = {(context, source) for context, source, _ in messages()}
    missed = []
    for name in translate.sources():
        for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"translate", "QT_TRANSLATE_NOOP"}:
                words = [argument.value for argument in node.args[:2] if isinstance(argument, ast.Constant)]
                if len(words) == 2 and tuple(words) not in collected:
                    missed.append(f"{name}:{node.lineno}")
    assert missed == []


def test_no_formatted_string_is_marked_for_translation() -> None:
    """An f-string inside translate() is extracted as literal text and never found at run time."""
    wrong = []
    for name in translate.sources():
        for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"translate", "QT_TRANSLATE_NOOP"}:
                wrong += [f"{name}:{node.lineno}" for argument in node.args[:2] if isinstance(argument, ast.JoinedStr)]
    assert wrong == []


@pytest.mark.parametrize("code", WORDS)
def test_every_problem_has_korean_words(code: str) -> None:
    sentence = WORDS[code]
    assert Translator("ko")("Problem", sentence) != sentence
