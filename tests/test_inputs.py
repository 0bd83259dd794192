"""Files, folders and catalogues to the documents of a run."""

from pathlib import Path

import pytest

from pipeline import inputs
from pipeline.errors import ReadError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text("We will meet.", "utf-8")
    (tmp_path / "in/b.txt").write_text("They will meet.", "utf-8")
    return tmp_path


def test_what_a_catalogue_lists_is_taken_once(folder: Path) -> None:
    catalogue = folder / "c.csv"
    catalogue.write_text("key;file;url\none;in/a.txt;\ntwo;;https://example.org\n", "utf-8")
    found = inputs.gather([catalogue, folder / "in"], {"EU"})
    assert [(job.key, job.path.name) for job in found.jobs] == [("one", "a.txt"), ("", "b.txt")]
    assert (found.unfetched, found.doubts) == (1, ())


def test_parties_that_nobody_knows_are_told(folder: Path) -> None:
    (folder / "c.csv").write_text("key,file,parties\none,in/a.txt,EU;XX9\n", "utf-8")
    (doubt,) = inputs.gather([folder / "c.csv"], {"EU"}).doubts
    assert "c.csv, entry one: the party 'XX9' is in no list of actors." in doubt


def test_nothing_to_read_is_an_error(folder: Path) -> None:
    (folder / "empty").mkdir()
    with pytest.raises(ReadError, match=r"no document in .*empty"):
        inputs.gather([folder / "empty"], ())
    (folder / "c.csv").write_text("url\nhttps://example.org\n", "utf-8")
    with pytest.raises(ReadError, match="only addresses"):
        inputs.gather([folder / "c.csv"], ())
