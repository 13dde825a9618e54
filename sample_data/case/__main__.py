"""Command line: make a case and say where it lies, never what is in it.

python -m sample_data.case --seed 7 --difficulty 2 [--kind rule] [--folder FOLDER] [--truth]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from data_access.training import Kind
from data_access.training_file import KEY
from sample_data.case import make
from sample_data.case.planted import DIFFICULTIES


def main(arguments: list[str] | None = None) -> int:
    """Print the folder of the case; with --truth the key for the instructor as well."""
    parser = argparse.ArgumentParser(prog="python -m sample_data.case", description="Make a training case.")
    parser.add_argument("--seed", type=_seed, required=True, help="a number from 0; the same gives the same case")
    parser.add_argument("--difficulty", type=int, choices=DIFFICULTIES, default=2)
    parser.add_argument("--kind", choices=[kind.value for kind in Kind], help="default: drawn by the seed")
    parser.add_argument("--folder", type=Path, help="default: the folder cases in SATRACE_DATA or the data folder")
    parser.add_argument("--truth", action="store_true", help="print the key too: what was planted, and the reference")
    options = parser.parse_args(arguments)
    try:
        path = make(options.folder, seed=options.seed, difficulty=options.difficulty, kind=options.kind)
    except OSError as error:
        print(f"The case cannot be written: {error}. Name another folder by --folder.", file=sys.stderr)
        return 1
    print(path)
    if options.truth:
        print((path / KEY).read_text(encoding="utf-8"))
    return 0


def _seed(text: str) -> int:
    seed = int(text)
    if seed < 0:
        raise ValueError(text)
    return seed


if __name__ == "__main__":
    sys.exit(main())
