"""Settings from a file, their errors, and what changes their id."""

from pathlib import Path

import pytest

from pipeline.errors import SettingsError
from pipeline.settings import Settings, load_settings


def write(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, "utf-8")
    return path


def test_paths_count_from_the_folder_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("id,name\n", "utf-8")
    assert load_settings(write(tmp_path, 'gazetteers = ["mine.csv"]')).gazetteers == (tmp_path.resolve() / "mine.csv",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colour = 1", "unknown setting 'colour'"),
        ("stretch_chars = 3", "stretch_chars is 3"),
        ('stretch_chars = "many"', "wrong type"),
        ("= 1", "not valid TOML"),
        ('codebook = "none.toml"', "no file"),
    ],
)
def test_bad_settings_say_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        load_settings(write(tmp_path, text))


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path / "none.toml")


def test_id_follows_the_content_of_files_not_their_names(tmp_path: Path) -> None:
    one, two, three = (tmp_path / f"{n}.csv" for n in "abc")
    one.write_text("id\nXAA\n", "utf-8")
    two.write_text("id\nXAA\n", "utf-8")
    three.write_text("id\nXAB\n", "utf-8")
    ids = [Settings(gazetteers=(p,)).settings_id for p in (one, two, three)]
    assert ids[0] == ids[1] != ids[2]
    assert Settings().settings_id == Settings().settings_id != Settings(stretch_chars=2000).settings_id
