"""Charts in notebooks without a network."""

from __future__ import annotations

from typing import Any

import altair as alt
import vl_convert

_NAME = "pactscope"
#: What JupyterLab and VS Code draw themselves; they know version 5, and no chart here uses what came later.
_MIME, _SCHEMA = "application/vnd.vegalite.v5+json", "https://vega.github.io/schema/vega-lite/v5.json"


def use_offline() -> None:
    """Shows all charts of this notebook without a network, from here on.

    Altair's own way fetches its library from a server. This one leaves the drawing to JupyterLab or VS Code, with tooltips, and
    adds an SVG picture for all that cannot draw: exported pages, viewers of notebooks.
    """
    alt.renderers.register(_NAME, _bundle)
    alt.renderers.enable(_NAME)


def _bundle(spec: dict[str, Any], **_: Any) -> dict[str, Any]:
    picture = vl_convert.vegalite_to_svg(spec)
    says = f"<chart: {spec.get('description', '')}>"
    return {_MIME: spec | {"$schema": _SCHEMA}, "image/svg+xml": picture, "text/plain": says}
