"""Charts: functions from the frames of `pipeline.compare` and `pipeline.evaluate` to Altair charts.

Each takes the frame of the comparison that it is named after and `names` (ids to words, see `names_of`), says in its title,
subtitle and tooltips what it shows, is the same whatever the order of the rows, and says so where there is nothing to show.
`chart.save("figure.svg")` (png, pdf; html with `inline=True`) works offline.

>>> data, names = load_dataset("out"), names_of(data, load_codebook())       # doctest: +SKIP
>>> area_heat_map(compare.area_profile(data), names=names).save("areas.svg")  # doctest: +SKIP
"""

from pipeline.charts.areas import area_heat_map, area_profile_bars, areas_over_time
from pipeline.charts.changes import announced, draft_against_final
from pipeline.charts.commitments import due_timeline, firmness_bars, firmness_means, who_is_bound
from pipeline.charts.grids import actor_network, mechanism_map
from pipeline.charts.judged import area_scores, confusion, learning_curve, reliability
from pipeline.charts.names import names_of
from pipeline.charts.notebook import use_offline
from pipeline.charts.style import Chart, Names, theme
from pipeline.charts.texts import alignment_map, keyness_bars, novelty, template_map, template_tree

__all__ = [
    "Chart",
    "Names",
    "actor_network",
    "alignment_map",
    "announced",
    "area_heat_map",
    "area_profile_bars",
    "area_scores",
    "areas_over_time",
    "confusion",
    "draft_against_final",
    "due_timeline",
    "firmness_bars",
    "firmness_means",
    "keyness_bars",
    "learning_curve",
    "mechanism_map",
    "names_of",
    "novelty",
    "reliability",
    "template_map",
    "template_tree",
    "theme",
    "use_offline",
    "who_is_bound",
]
