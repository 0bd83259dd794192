"""One spaCy component a file; `register` makes their factories known to spaCy."""


def register() -> None:
    """Registers the factories `pact_…`; importing a component's module alone does the same for that component."""
    from pipeline.components import (  # noqa: F401
        actors,
        areas,
        boundaries,
        commitments,
        damage,
        instruments,
        mechanisms,
        quotations,
    )
