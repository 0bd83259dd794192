"""The command line as a user meets it: what it prints, what it writes, and its exit codes."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.dataset import load_dataset
from pipeline.errors import PipelineError

pytestmark = pytest.mark.model
#: Of the 144 commitments of `corpus/expected.json`: found, and found with their obligation. Raise them when they rise.
FOUND, FIRM = 110, 100
runner = CliRunner()


@pytest.fixture(scope="module")
def done(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The sample corpus run once, and what the run printed."""
    out = tmp_path_factory.mktemp("out")
    arguments = ["run", str(corpus / "catalogue.csv"), "--gazetteer", str(corpus / "actors.csv"), "--out", str(out)]
    result = runner.invoke(app, [*arguments, "--format", "parquet", "--format", "csv"])
    assert result.exit_code == 0, result.output
    return out, result.output


@pytest.mark.slow
def test_a_run_says_what_it_did_and_where_it_is(done: tuple[Path, str]) -> None:
    out, printed = done
    assert "14 documents" in printed and "0 failures" in printed
    assert str(out / "report.html") in printed and (out / "report.html").is_file()
    assert {"documents.parquet", "commitments.csv", "datapackage.json"} <= {p.name for p in out.iterdir()}


@pytest.mark.slow
def test_a_second_run_does_nothing_new(done: tuple[Path, str], corpus: Path) -> None:
    arguments = ["run", str(corpus / "catalogue.csv"), "--gazetteer", str(corpus / "actors.csv"), "--out", str(done[0])]
    result = runner.invoke(app, [*arguments, "--format", "parquet", "--format", "csv"])
    assert result.exit_code == 0 and "0 analysed, 0 failed, 14 unchanged" in result.output


@pytest.mark.slow
def test_what_the_sample_corpus_was_written_to_hold(done: tuple[Path, str], corpus: Path) -> None:
    """The facts of `corpus/expected.json` come out: all parties and dates, and at least as many commitments as pinned."""
    data = load_dataset(done[0])
    expected = json.loads((corpus / "expected.json").read_text("utf-8"))["documents"]
    documents = data.documents.set_index("key")
    found = firm = wanted = 0
    for key, facts in expected.items():
        assert documents.loc[key, "date"] == facts["date"]
        assert documents.loc[key, "parties"] == facts["parties"]
        mine = data.commitments[data.commitments["key"] == key]
        for c in facts["commitments"]:
            wanted += 1
            same = mine[mine["aim"].str.split().str[0] == c["aim"].split()[0]]
            found += len(same) > 0
            firm += (same["obligation"] == c["obligation"]).any()
    print(f"{found} of {wanted} commitments written into the sample documents were found, {firm} of them as firm as written")
    assert found >= FOUND and firm >= FIRM


def test_wrong_use_is_one_clear_error(tmp_path: Path) -> None:
    result = runner.invoke(app, ["run", str(tmp_path / "none"), "--out", str(tmp_path / "out")])
    assert isinstance(result.exception, PipelineError) and "There is no file or folder" in str(result.exception)


@pytest.mark.slow
def test_a_bad_file_is_a_failure_and_the_rest_goes_on(tmp_path: Path) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    (inputs / "good.txt").write_text("We will meet every year.\nWe intend to cooperate on space security.\n", "utf-8")
    (inputs / "bad.pdf").write_bytes(b"%PDF-1.7 truncated")
    result = runner.invoke(app, ["run", str(inputs), "--out", str(tmp_path / "out")])
    assert result.exit_code == 1 and "1 documents" in result.output and "1 failures" in result.output
    failure = load_dataset(tmp_path / "out").failures.iloc[0]
    assert failure["stage"] == "read" and failure["advice"]


@pytest.mark.slow
def test_failures_are_named_with_their_reasons_ten_of_them(tmp_path: Path) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    for i in range(12):
        (inputs / f"bad{i:02}.pdf").write_bytes(f"%PDF-1.7 truncated {i}".encode())
    result = runner.invoke(app, ["run", str(inputs), "--out", str(tmp_path / "out")])
    assert isinstance(result.exception, PipelineError) and "no document" in str(result.exception)
    assert not list((tmp_path / "out").glob("*.parquet"))
    (inputs / "good.txt").write_text("We will meet every year.\n", "utf-8")
    result = runner.invoke(app, ["run", str(inputs), "--out", str(tmp_path / "out")])
    assert result.exit_code == 1 and "bad09.pdf: the PDF is truncated" in result.output and "bad10" not in result.output
    assert "… and 2 more" in result.output and "the table failures" in result.output


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_what_no_document_can_be_analysed_with_is_one_error(tmp_path: Path, workers: str) -> None:
    (tmp_path / "in").mkdir()
    for name in "ab":
        (tmp_path / f"in/{name}.txt").write_text(f"We will meet in {name}.", "utf-8")
    (tmp_path / "model").mkdir()
    (tmp_path / "model/model.skops").write_bytes(b"damaged")
    (tmp_path / "actors.csv").write_text("id,kind\nXAA,state\n", "utf-8")
    (tmp_path / "areas.toml").write_text("damaged [", "utf-8")
    for option, name in (("--model", "model"), ("--gazetteer", "actors.csv"), ("--codebook", "areas.toml")):
        arguments = ["run", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--workers", workers]
        result = runner.invoke(app, [*arguments, option, str(tmp_path / name)])
        assert isinstance(result.exception, PipelineError) and name in str(result.exception)
        assert not list((tmp_path / "out").glob("*.parquet"))


def test_a_folder_without_documents_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    result = runner.invoke(app, ["run", str(tmp_path / "in"), "--out", str(tmp_path / "out")])
    assert isinstance(result.exception, PipelineError) and "There is no document in" in str(result.exception)
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_corrections_that_do_nothing_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("We will meet every year.\n", "utf-8")
    arguments = ["run", str(tmp_path / "a.txt"), "--out", str(tmp_path / "out")]
    assert runner.invoke(app, arguments).exit_code == 0
    (tmp_path / "out/corrections.csv").write_text("record_id,field,value,who,why\n0:1-2:tag,status,rejected,me,x\n", "utf-8")
    for command in (arguments, ["report", str(tmp_path / "out")]):
        assert "row 2: there is no record 0:1-2:tag" in runner.invoke(app, command).output


def test_wrong_files_say_what_is_expected(tmp_path: Path) -> None:
    out = str(tmp_path / "out.jsonl")
    for arguments, says in (
        (["show", str(tmp_path)], "pactscope run FOLDER"),
        (["code", str(tmp_path), "--out", out], "CSV or JSONL file"),
        (["train", "--labels", str(tmp_path / "none.csv")], "columns text and areas"),
        (["evaluate", str(tmp_path / "none.jsonl"), "--coded", out], "JSONL file of coded passages"),
        (["evaluate", str(tmp_path / "none.jsonl"), "--out", "x.pdf"], "ends in .html or .md"),
        (["codebook", "check", str(tmp_path)], "a TOML file"),
    ):
        error = runner.invoke(app, arguments).exception
        assert isinstance(error, PipelineError) and says in str(error) and "Errno" not in str(error)


def test_show_prints_structure_tags_and_commitments(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("Joint Statement\nArvenia and the European Union will hold a space dialogue by 2027.\n", "utf-8")
    result = runner.invoke(app, ["show", str(path)], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    assert "committed" in result.output and "space" in result.output and "by 2027" in result.output


def test_code_writes_one_line_a_passage(tmp_path: Path) -> None:
    path, out = tmp_path / "p.csv", tmp_path / "coded.jsonl"
    path.write_text('id;text;parties\na;We will deepen our dialogue on space security.;"EU;XAA"\nb;Thank you.;\n', "utf-8")
    result = runner.invoke(app, ["code", str(path), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "passage 'a': the party 'XAA' is in no list of actors" in result.output
    first, second = (json.loads(line) for line in out.read_text("utf-8").splitlines())
    assert first["commitments"][0]["aim"] == "deepen" and first["commitments"][0]["aim_start"] == 8
    assert first["commitments"][0]["party_ids"] == ["EU", "XAA"] and first["areas"][0]["area"] == "space"
    assert second["commitments"] == [] and second["areas"] == []


def test_the_codebook_that_comes_with_pactscope_is_sound() -> None:
    result = runner.invoke(app, ["codebook", "check"])
    assert result.exit_code == 0, result.output
