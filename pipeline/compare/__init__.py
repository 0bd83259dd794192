"""Comparisons: functions from the tables of a dataset to tables that answer a question.

Each takes a loaded dataset (or frames by table name), says its method and source, works on an empty and a one-document
dataset, and gives the same result whatever the order of the rows. Nothing here loads spaCy.

>>> from pipeline.dataset import load_dataset                      # doctest: +SKIP
>>> area_profile(load_dataset("out"), by="partner")                # doctest: +SKIP
"""

from pipeline.compare.alignment import align, align_pair
from pipeline.compare.distance import newick, novelty, template_distance, template_tree
from pipeline.compare.drafts import draft_against_final
from pipeline.compare.due import due_ledger
from pipeline.compare.firmness import firmness, firmness_counts, who_is_bound
from pipeline.compare.gap import announced_areas, announcement_gap
from pipeline.compare.headings import announced_headings
from pipeline.compare.keyness import keyness
from pipeline.compare.mechanisms import mechanism_grid, mechanism_table
from pipeline.compare.networks import actor_network, instrument_network
from pipeline.compare.profile import area_profile, areas_over_time
from pipeline.compare.wording import marked, redline

__all__ = [
    "actor_network",
    "align",
    "align_pair",
    "announced_areas",
    "announced_headings",
    "announcement_gap",
    "area_profile",
    "areas_over_time",
    "draft_against_final",
    "due_ledger",
    "firmness",
    "firmness_counts",
    "instrument_network",
    "keyness",
    "marked",
    "mechanism_grid",
    "mechanism_table",
    "newick",
    "novelty",
    "redline",
    "template_distance",
    "template_tree",
    "who_is_bound",
]
