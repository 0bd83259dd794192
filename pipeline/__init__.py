"""Pactscope: who commits to do what, with whom, how firmly and by when, in documents of security cooperation.

>>> from pipeline import Analyser, load_dataset
>>> Analyser().analyse("statement.html").commitments      # one file
>>> load_dataset("out").commitments                       # a folder written by `pactscope run`
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.analyse import Analyser
    from pipeline.dataset import load_dataset
    from pipeline.settings import Settings, load_settings

__version__ = "0.1.0"
__all__ = ["Analyser", "Settings", "load_dataset", "load_settings"]

_WHERE = {"Analyser": "analyse", "Settings": "settings", "load_settings": "settings", "load_dataset": "dataset"}


def __getattr__(name: str) -> Any:
    """Loads a public name when it is first used, so that importing the package stays light."""
    import importlib

    if name not in _WHERE:
        raise AttributeError(f"module 'pipeline' has no attribute {name!r}")
    return getattr(importlib.import_module(f"pipeline.{_WHERE[name]}"), name)
