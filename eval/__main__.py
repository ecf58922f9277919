"""``python -m eval``: the same commands as ``groundwire eval``."""

import sys

import click

from eval.commands.group import eval_group
from rag.errors import GroundwireError


def main() -> None:
    """Run one command; a stated failure is one line on stderr and exit code 1."""
    try:
        eval_group(prog_name="python -m eval")
    except GroundwireError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
