"""What leaves the program: cells, columns, the page, the record, and that nothing is ever half written."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from core.data.formulas import bare_text, harmless_text
from core.evaluation.outcomes import outcomes
from core.job_context import Cancelled, QuietContext
from core.problems import ProblemCode, ProblemError
from core.project.items import item_columns, item_records
from core.project.labels import set_labels
from core.project.opening import Project, open_project
from core.project.runs import run_scores
from core.project.thresholds import current_threshold, set_threshold
from core.reports.assessment import assess
from core.reports.csv_text import cell_text, csv_bytes
from core.reports.export import ExportedFiles, export_run
from core.reports.files import write_atomically
from core.reports.histogram import HistogramWords, histogram_svg
from core.reports.judgement import judge
from core.reports.limits import limits
from core.reports.pictures import heat_colours, heat_overlay, heat_share
from core.reports.words import REPORT_WORDS, ReportWords
from core.training.evidence import load_evidence
from core.vocabulary import Label, Split
from tests.core.report_cases import DENT, FORMULA, IMAGE_RUN, MARKUP, TABLE_RUN, awkward_project
from tests.packaging_scripts import ROOT

# Section 5 of the product paper, word by word.
ITEM_HEADER = (
    "project,item_id,kind,file_name,relative_path,sha256,product,part_no,lot,serial,station,camera,shift,operator,captured_at,"
    "imported_at,split,group_id,label,defect_type,severity,labelled_by,labelled_at,second_label,second_by,run_id,detector,model_sha256,"
    "score,score_rounded,score_percentile_of_good,rank,t1,t2,verdict,outcome,region_count,largest_region_px,largest_region_mm2,peak_x,"
    "peak_y,top_columns,nearest_good_id,review_verdict,review_reason,reviewed_by,reviewed_at,comment,problem"
)
SUMMARY_HEADER = "metric,value,ci_low,ci_high,confidence,numerator,denominator,split,run_id,t1,t2,note"


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return awkward_project(tmp_path_factory.mktemp("반출"))


@pytest.fixture
def project(trained: Path, tmp_path: Path):
    """A copy that a test may change; the pictures stay where they are."""
    copy = tmp_path / trained.name
    shutil.copytree(trained, copy)
    with open_project(copy) as opened:
        yield opened


@pytest.fixture(scope="module")
def exported(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, ExportedFiles]:
    out = tmp_path_factory.mktemp("out")
    with open_project(trained) as opened:
        return {run: export_run(opened, run, out / str(run), QuietContext()) for run in (IMAGE_RUN, TABLE_RUN)}


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))


# --- cells -------------------------------------------------------------------------------------------------------------------------


@given(st.text())
def test_text_survives_being_made_harmless(text):
    harmless = harmless_text(text)
    assert not harmless.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r"))
    assert bare_text(harmless) == text


@given(st.sampled_from(["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "'=", "''-"]), st.text())
def test_formulas_and_their_look_alikes_come_back(start, rest):
    assert harmless_text(start + rest) == "'" + start + rest
    assert bare_text("'" + start + rest) == start + rest


def test_cells_are_spelt_for_machines():
    assert [cell_text(value) for value in (None, float("nan"), True, False, -3, 0.1 + 0.2, np.float64(1e-9), "양품", "-5")] == [
        "",
        "",
        "true",
        "false",
        "-3",
        "0.30000000000000004",
        "1e-09",
        "양품",
        "'-5",
    ]


def test_a_file_has_mark_crlf_and_survives_any_text():
    content = csv_bytes(["a", "b"], [["x,y", 'say "no"'], ["line\nbreak", "\udcff"]])
    assert content == b'\xef\xbb\xbfa,b\r\n"x,y","say ""no"""\r\n"line\nbreak",?\r\n'


# --- items.csv ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("run", [IMAGE_RUN, TABLE_RUN])
def test_items_have_the_columns_of_the_paper_in_order(exported, run):
    text = exported[run].items_csv.read_bytes().decode("utf-8-sig")
    assert text.split("\r\n", 1)[0] == ITEM_HEADER
    assert text.count("\n") == text.count("\r\n")
    ids = [int(row["item_id"]) for row in rows_of(exported[run].items_csv)]
    assert ids == sorted(set(ids))


@pytest.mark.parametrize("run", [IMAGE_RUN, TABLE_RUN])
def test_scores_verdicts_and_outcomes_are_those_of_the_project(trained, exported, run):
    rows = rows_of(exported[run].items_csv)
    with open_project(trained) as project:
        scores, threshold = run_scores(project, run), current_threshold(project, run)
        records = {record.id: record for record in item_records(project)}
    assert [int(row["item_id"]) for row in rows] == scores.item_id.tolist()
    assert [float(row["score"]) for row in rows] == scores.score.tolist()
    assert {(float(row["t1"]), float(row["t2"])) for row in rows} == {(threshold.t1, threshold.t2)}
    labels = [records[int(row["item_id"])].label for row in rows]
    assert [row["outcome"] for row in rows] == [str(word) for word in outcomes(labels, scores.score, threshold.t1, threshold.t2)]
    assert {"escape", "overkill", "in_review", "correct_ok", "correct_ng"} <= {row["outcome"] for row in rows}
    for row in rows:
        score = float(row["score"])
        assert row["verdict"] == ("OK" if score < threshold.t1 else "REVIEW" if score < threshold.t2 else "NG")
    by_rank = sorted(rows, key=lambda row: int(row["rank"]))
    assert [float(row["score"]) for row in by_rank] == sorted(scores.score.tolist(), reverse=True)


def test_percentiles_count_the_calibration_goods_below(exported):
    rows = rows_of(exported[TABLE_RUN].items_csv)
    good = [float(row["score"]) for row in rows if row["split"] == "calibration" and row["label"] == "good"]
    for row in rows:
        below = sum(score < float(row["score"]) for score in good)
        assert float(row["score_percentile_of_good"]) == pytest.approx(100 * below / len(good))


def test_pictures_are_named_portably_and_harmlessly(trained, exported):
    rows = rows_of(exported[IMAGE_RUN].items_csv)
    names = {row["file_name"] for row in rows}
    assert f"'{FORMULA}" in names
    assert "test/찍힘/01.png" in {row["relative_path"] for row in rows}  # composed, although the disk has it in pieces
    assert DENT not in exported[IMAGE_RUN].items_csv.read_text(encoding="utf-8-sig")
    assert {row["defect_type"] for row in rows} >= {"찍힘", MARKUP}
    assert {row["kind"] for row in rows} == {"image"}


def test_regions_point_at_the_defect(trained, exported):
    rows = {int(row["item_id"]): row for row in rows_of(exported[IMAGE_RUN].items_csv)}
    with open_project(trained) as project:
        for item_id, row in rows.items():
            evidence = load_evidence(project, IMAGE_RUN, item_id).map
            peak = np.unravel_index(np.argmax(evidence), evidence.shape)
            assert (int(row["peak_y"]), int(row["peak_x"])) == peak  # maps are as large as these pictures
            assert int(row["region_count"]) >= (1 if row["outcome"] == "correct_ng" else 0)
            assert int(row["largest_region_px"]) <= evidence.size


def test_rows_name_their_table_and_their_worst_columns(exported):
    rows = rows_of(exported[TABLE_RUN].items_csv)
    assert {row["file_name"] for row in rows} == {"공정.csv"}
    assert all(re.fullmatch(r"S7-\d{4}", row["serial"]) for row in rows)
    caught = [row for row in rows if row["outcome"] == "correct_ng"]
    assert caught
    for row in caught:
        name, share = row["top_columns"].split("; ")[0].split("=")
        assert name == "Torque"
        assert 0.5 < float(share) <= 1


@pytest.mark.parametrize("run", [IMAGE_RUN, TABLE_RUN])
def test_no_file_tells_where_the_project_lies(trained, exported, run):
    folder = exported[run].items_csv.parent
    for path in folder.iterdir():
        assert str(trained.parent) not in path.read_text(encoding="utf-8-sig")
    assert {path.name for path in folder.iterdir()} == {"items.csv", "summary.csv", "report.html", "run.json"}


def test_an_unscored_item_is_never_ok(project: Project, tmp_path: Path):
    with project.write() as connection:
        connection.exec_driver_sql("DELETE FROM scores WHERE run_id = ? AND item_id = 1", (IMAGE_RUN,))
    row = rows_of(export_run(project, IMAGE_RUN, tmp_path / "out", QuietContext()).items_csv)[0]
    assert (row["score"], row["rank"], row["verdict"], row["outcome"]) == ("", "", "", "unscored")


# --- figures -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("run", [IMAGE_RUN, TABLE_RUN])
def test_assessment_equals_figures_from_the_items_table(trained, exported, run):
    rows = [row for row in rows_of(exported[run].items_csv) if row["split"] == "test"]
    with open_project(trained) as project:
        found = assess(project, run)
    labelled = [row for row in rows if row["label"] in {"good", "defective"}]
    assert found.auroc == pytest.approx(
        roc_auc_score([row["label"] == "defective" for row in labelled], [float(row["score"]) for row in labelled])
    )
    assert found.counts.escape.numerator == sum(row["outcome"] == "escape" for row in rows) == 1
    assert found.counts.overkill.numerator == sum(row["outcome"] == "overkill" for row in rows)
    assert found.n_good == sum(row["label"] == "good" for row in rows)
    assert found.n_unsure == (1 if run == IMAGE_RUN else 0)
    assert (found.pixel_auroc is not None) == (run == IMAGE_RUN)
    assert (found.aupro is not None) == (run == IMAGE_RUN)


def test_pixel_figures_find_the_squares(project: Project):
    found = assess(project, IMAGE_RUN)
    assert found.pixel_auroc > 0.9
    assert found.aupro > 0.7


def test_summary_repeats_the_assessment(trained, exported):
    text = exported[TABLE_RUN].summary_csv.read_bytes().decode("utf-8-sig")
    assert text.split("\r\n", 1)[0] == SUMMARY_HEADER
    rows = {row["metric"]: row for row in rows_of(exported[TABLE_RUN].summary_csv)}
    with open_project(trained) as project:
        found = assess(project, TABLE_RUN)
    escape = found.counts.escape
    assert float(rows["escape_rate"]["value"]) == escape.value
    assert float(rows["escape_rate"]["ci_high"]) == escape.interval().high
    assert (int(rows["escape_rate"]["numerator"]), int(rows["escape_rate"]["denominator"])) == (escape.numerator, escape.denominator)
    assert float(rows["auroc"]["value"]) == found.auroc
    assert int(rows["n_good"]["value"]) == found.n_good
    assert rows["aupro"]["value"] == ""
    assert "cost_per_1000" not in rows


def test_costs_are_summed_up_when_they_were_stated(project: Project, tmp_path: Path):
    costs = {"defect_rate": 0.01, "escape": 100.0, "overkill": 1.0, "review": 0.5}
    basis = {"split": "calibration", "n_good": 1, "n_defective": 1, "costs": costs}
    threshold = current_threshold(project, TABLE_RUN)
    set_threshold(project, TABLE_RUN, t1=threshold.t1, t2=threshold.t2, rule="cheapest", rule_value=None, basis=basis)
    rows = {row["metric"]: row for row in rows_of(export_run(project, TABLE_RUN, tmp_path / "out", QuietContext()).summary_csv)}
    counts = assess(project, TABLE_RUN).counts
    expected = 1000 * (0.01 * 100 * counts.escape.value + 0.99 * counts.overkill.value)
    expected += 1000 * 0.5 * (0.99 * counts.review_good.value + 0.01 * counts.review_defective.value)
    assert float(rows["cost_per_1000"]["value"]) == pytest.approx(expected)
    assert float(rows["escape_ppm"]["value"]) == pytest.approx(1e6 * 0.01 * counts.escape.value)
    per_escape = 1000 * 0.01 * 100
    at_most = expected + per_escape * (counts.escape.interval().high - counts.escape.value)
    told = float(rows["cost_per_1000"]["note"].partition(" to ")[2].split()[0])
    assert told == pytest.approx(at_most)


def test_one_serial_number_is_one_part(project: Project):
    before = assess(project, TABLE_RUN)
    chosen = [
        record for record in item_records(project) if record.split is Split.TEST and record.label is Label.GOOD and record.kind == "row"
    ]
    with project.write() as connection:
        for record in chosen[:3]:
            connection.exec_driver_sql("UPDATE items SET serial = 'same' WHERE id = ?", (record.id,))
    after = assess(project, TABLE_RUN)
    assert after.n_good == before.n_good - 2
    assert after.auroc == before.auroc


# --- run.json ----------------------------------------------------------------------------------------------------------------------


def test_the_record_names_items_thresholds_and_the_other_files(trained, exported):
    files = exported[IMAGE_RUN]
    record = json.loads(files.run_json.read_text(encoding="utf-8"))
    for name, digest in record["files"].items():
        assert hashlib.sha256((files.run_json.parent / name).read_bytes()).hexdigest() == digest
    assert set(record["files"]) == {"items.csv", "summary.csv", "report.html"}
    assert record["parameters"]["epochs"] == 2
    assert record["snapshot"]["counts"]["train"]["good"] > 0
    with open_project(trained) as project:
        newest = current_threshold(project, IMAGE_RUN)
        assert record["project_id"] == project.project_id
    assert [kept["rule"] for kept in record["thresholds"]] == ["good_only", "hand"]
    assert (record["thresholds"][-1]["t1"], record["thresholds"][-1]["t2"]) == (newest.t1, newest.t2)


# --- report.html -------------------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.attributes: dict[str, dict[str, str | None]] = {}
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.setdefault(tag, dict(attrs))
        self.links += [value or "" for name, value in attrs if name in {"src", "href"}]
        if tag not in {"meta", "img", "br", "line", "rect"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in {"line", "rect"}:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


@pytest.mark.parametrize("run", [IMAGE_RUN, TABLE_RUN])
def test_the_page_needs_nothing_else_and_runs_nothing(exported, run):
    page = Page(exported[run].report_html.read_text(encoding="utf-8"))
    assert page.open == []
    assert "script" not in page.tags
    assert all(link.startswith("data:image/") for link in page.links)
    assert "svg" in page.tags
    assert MARKUP in page.text  # shown as text
    assert "T1" in page.text
    assert "T2" in page.text


def test_every_escape_stands_there_with_picture_and_heatmap(exported):
    page = Page(exported[IMAGE_RUN].report_html.read_text(encoding="utf-8"))
    shown = [
        row
        for row in rows_of(exported[IMAGE_RUN].items_csv)
        if row["split"] == "test" and row["outcome"] in {"escape", "overkill", "in_review"}
    ]
    for row in shown:
        assert f"item {row['item_id']}" in page.text
    assert len(shown) >= 3
    assert len([link for link in page.links if link.startswith("data:image/jpeg")]) == 2 * len(shown)


def test_rows_stand_there_with_their_columns(exported):
    page = Page(exported[TABLE_RUN].report_html.read_text(encoding="utf-8"))
    escape = next(row for row in rows_of(exported[TABLE_RUN].items_csv) if row["outcome"] == "escape")
    assert f"serial number {escape['serial']}" in page.text or escape["serial"] in page.text
    assert "Torque" in page.text
    assert "Nm" in page.text
    assert "usual range" in page.text


def test_the_page_says_the_counts_in_words(trained, exported):
    page = Page(exported[TABLE_RUN].report_html.read_text(encoding="utf-8"))
    with open_project(trained) as project:
        counts = assess(project, TABLE_RUN).counts
    interval = counts.escape.interval()
    assert f"escape: {counts.defective_ok}" in page.text
    assert f"good, passed: {counts.good_ok}" in page.text
    assert f"{counts.escape.numerator} of {counts.escape.denominator} = {100 * counts.escape.value:.3g} %" in page.text
    assert f"95 %: {100 * interval.low:.3g} to {100 * interval.high:.3g} %" in page.text
    assert "broken.png" in page.text  # what was left out, and why
    assert "0 bytes" in page.text


def test_the_page_is_written_in_korean_too(project: Project, tmp_path: Path):
    files = export_run(project, TABLE_RUN, tmp_path / "out", QuietContext(), language="ko")
    page = Page(files.report_html.read_text(encoding="utf-8"))
    assert page.attributes["html"]["lang"] == "ko"
    assert ReportWords("ko")("escapes") in page.text
    assert ReportWords("ko").of("Word", "defective") in page.text


def test_a_picture_that_is_gone_is_said_to_be_gone(trained, tmp_path: Path):
    work = tmp_path / "work"
    shutil.copytree(trained.parent, work)
    with open_project(work / trained.name) as project:
        with project.write() as connection:
            connection.exec_driver_sql("UPDATE sources SET path = ? WHERE kind = 'image'", (str(work / "부품 사진"),))
        escape = next(
            row for row in rows_of(export_run(project, IMAGE_RUN, tmp_path / "a", QuietContext()).items_csv) if row["outcome"] == "escape"
        )
        (record,) = item_records(project, [int(escape["item_id"])])
        record.path.unlink()
        page = Page(export_run(project, IMAGE_RUN, tmp_path / "b", QuietContext()).report_html.read_text(encoding="utf-8"))
    assert "does not exist" in page.text
    assert str(work) not in page.text


def test_limits_are_found_by_the_program(project: Project):
    def sentences() -> str:
        judgement = judge(project, TABLE_RUN)
        return " ".join(limits(project, judgement, assess(project, TABLE_RUN), ReportWords("en")))

    before = sentences()
    assert "a true escape rate of up to" in before
    assert "needed to show an escape rate of at most 1 %" in before
    assert "No production defect rate" in before
    assert "come from one lot" not in before
    columns = item_columns(project)
    is_test = columns.is_row & (columns.split == Split.TEST)
    with project.write() as connection:
        connection.exec_driver_sql("UPDATE items SET lot = 'L77' WHERE kind = 'row'")
    assert "All test parts come from one lot (L77)." in sentences()
    trained_on = columns.id[columns.is_row & (columns.split == Split.TRAIN)]
    set_labels(project, [int(trained_on[0])], Label.DEFECTIVE, defect_type="burr")
    assert "No defect of type burr is among the test parts." in sentences()
    set_labels(project, columns.id[is_test & (columns.label == Label.DEFECTIVE)].tolist(), Label.NONE)
    after = sentences()
    assert "nothing is known about escapes" in after
    assert "Test labels changed after the run was trained" in after


def test_every_word_of_the_report_is_used():
    sources = [ROOT / "resources" / "report" / "report.html", *(ROOT / "core" / "reports").glob("*.py")]
    text = "".join(path.read_text(encoding="utf-8") for path in sources if path.name != "words.py")
    built = {f"{name}_meaning" for name in ("escape", "overkill", "review")}
    unused = [key for key in REPORT_WORDS if f'"{key}"' not in text and f"'{key}'" not in text and key not in built]
    assert unused == []


# --- files -------------------------------------------------------------------------------------------------------------------------


def test_an_export_replaces_whole_files_and_leaves_no_others(project: Project, tmp_path: Path):
    first = export_run(project, TABLE_RUN, tmp_path / "out", QuietContext())
    before = first.items_csv.read_bytes()
    threshold = current_threshold(project, TABLE_RUN)
    set_threshold(project, TABLE_RUN, t1=threshold.t2, t2=threshold.t2, rule="hand", rule_value=None, basis={})
    second = export_run(project, TABLE_RUN, tmp_path / "out", QuietContext())
    assert second == first
    assert second.items_csv.read_bytes() != before
    assert len(list((tmp_path / "out").iterdir())) == 4


def test_two_exports_of_the_same_state_are_the_same_tables(project: Project, tmp_path: Path):
    first = export_run(project, TABLE_RUN, tmp_path / "a", QuietContext())
    second = export_run(project, TABLE_RUN, tmp_path / "b", QuietContext())
    assert first.items_csv.read_bytes() == second.items_csv.read_bytes()
    assert first.summary_csv.read_bytes() == second.summary_csv.read_bytes()


def test_a_cancelled_export_writes_nothing(project: Project, tmp_path: Path):
    context = QuietContext()
    context.cancelled = True
    with pytest.raises(Cancelled):
        export_run(project, IMAGE_RUN, tmp_path / "out", context)
    assert not (tmp_path / "out").exists()


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path: Path):
    target = tmp_path / "items.csv"
    target.mkdir()  # what a file cannot replace
    (target / "inside").touch()
    with pytest.raises(OSError):
        write_atomically(target, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["items.csv"]


def test_an_export_into_a_file_is_refused_in_words(project: Project, tmp_path: Path):
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    with pytest.raises(ProblemError) as refused:
        export_run(project, TABLE_RUN, tmp_path / "taken", QuietContext())
    assert refused.value.problem.code is ProblemCode.NOT_A_FOLDER


def test_unknown_and_unfinished_runs_are_refused(project: Project, tmp_path: Path):
    with pytest.raises(ProblemError) as unknown:
        export_run(project, 99, tmp_path / "out", QuietContext())
    assert unknown.value.problem.code is ProblemCode.RUN_UNKNOWN
    with project.write() as connection:
        connection.exec_driver_sql("UPDATE runs SET state = 'cancelled' WHERE id = ?", (TABLE_RUN,))
    with pytest.raises(ProblemError) as unfinished:
        assess(project, TABLE_RUN)
    assert unfinished.value.problem.code is ProblemCode.RUN_NOT_DONE


# --- pictures ----------------------------------------------------------------------------------------------------------------------


def test_one_heat_scale_for_the_whole_run():
    assert heat_share(np.array([-1.0, 0.0, 2.0, 6.0]), 2.0).tolist() == [0.0, 0.0, 0.5, 0.75]
    colours = heat_colours(np.linspace(0, 1, 50)).astype(int)
    luminance = colours @ [0.299, 0.587, 0.114]
    assert np.all(np.diff(luminance) > 0)  # more evidence is never darker


def test_the_overlay_glows_where_the_evidence_is():
    picture = np.full((40, 60, 3), 90, dtype=np.uint8)
    evidence = np.zeros((20, 30), dtype=np.float32)
    evidence[5:8, 20:24] = 50
    change = np.abs(heat_overlay(picture, evidence, 1.0).astype(int) - 90).sum(axis=2)
    assert change[12, 43] > 100
    assert change[35, 5] == 0


def test_histogram_bars_add_up_and_thresholds_stand_in_place():
    words = HistogramWords(good="good", defective="<b>", score="score", title="t")
    good, defective = np.arange(50.0), np.arange(40.0, 60.0)
    svg = histogram_svg(good, defective, t1=45.0, t2=48.0, words=words)
    assert svg is not None
    assert sum(int(count) for count in re.findall(r"<title>(\d+)</title>", svg)) == 70
    assert "&lt;b&gt;" in svg
    lines = [float(x) for x in re.findall(r'<line x1="([\d.]+)" y1="12"', svg)]
    assert len(lines) == 2
    assert lines[0] < lines[1]
    assert histogram_svg(np.empty(0), np.empty(0), t1=0.0, t2=0.0, words=words) is None
    assert "T1 = T2" in (histogram_svg(np.array([3.0]), np.empty(0), t1=3.0, t2=3.0, words=words) or "")
    for score in (0.0, 0.5, 1e20, -3e-12):
        just_above = float(np.nextafter(score, np.inf))  # where a threshold stands above goods that are all alike
        assert "T1 = T2" in (histogram_svg(np.full(6, score), np.empty(0), t1=just_above, t2=just_above, words=words) or "")
