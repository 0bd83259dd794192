"""What all tests share: the folder of real documents, the trained pipeline, and skips that say why."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("PACTSCOPE_SHARED", ROOT.parent / "shared")).resolve()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skips, with its reason, every test marked `shared` where the shared folder is absent."""
    if (SHARED / "realdocs").is_dir():
        return
    reason = f"the shared folder of real documents is not at {SHARED}; set PACTSCOPE_SHARED to run this test"
    for item in items:
        if item.get_closest_marker("shared"):
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def shared() -> Path:
    return SHARED


@pytest.fixture(scope="session")
def corpus() -> Path:
    return ROOT / "corpus"
