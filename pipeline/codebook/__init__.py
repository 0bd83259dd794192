"""The codebook as data: areas and their terms (`load_codebook`, `check`); other parts are imported from their own modules."""

from pipeline.codebook.areas import Area, Codebook, Hit, Term, check, load_codebook

__all__ = ["Area", "Codebook", "Hit", "Term", "check", "load_codebook"]
