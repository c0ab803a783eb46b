#!/usr/bin/env python3
"""
Judges what gcovr counted: judge.py COVERAGE.json UNCOVERED.txt

Fails where the tests run fewer than 90 of 100 lines or 80 of 100 branches of compiler/, and where UNCOVERED.txt does not give
a reason for each function that no test enters and each file that stays far below, or gives one for what is covered by now.
A branch that only memory running out takes counts like any other: allocation never returns without memory, so there are
hardly any.
"""

import json
import pathlib
import sys

NEEDED = {"lines": 0.90, "branches": 0.80}
FAR_BELOW = {"lines": 0.80, "branches": 0.65}
FEW = 10  # lines or branches of a file that say nothing as a share


def counts(file):
    """What there is and what was run, of lines and of branches."""
    lines = [line for line in file["lines"] if not line["gcovr/noncode"]]
    branches = [branch for line in lines for branch in line["branches"]]
    return {"lines": (len(lines), sum(line["count"] > 0 for line in lines)),
            "branches": (len(branches), sum(branch["count"] > 0 for branch in branches))}


def is_low(run, shares, what):
    total, hit = run[what]
    return hit < shares[what] * total


def read_reasons(path):
    """`FILE: reason` and `FILE FUNCTION: reason`, below compiler/."""
    reasons = {}
    for line in path.read_text().splitlines():
        if line and not line.startswith("#"):
            what, colon, reason = line.partition(": ")
            if not colon or not reason.strip() or what in reasons:
                sys.exit(f"{path}: no reason, or a second one: {line}")
            reasons[what] = reason
    return reasons


def find_uncovered(files, shares):
    """What is not covered -> how it is said."""
    found = {}
    for file in files:
        name, run = file["file"].removeprefix("compiler/"), counts(file)
        for function in file["functions"]:
            if function["execution_count"] == 0:
                found[f"{name} {function['name']}"] = "never entered"
        if any(run[what][0] > FEW and is_low(run, shares, what) for what in shares):
            found[name] = ", ".join(f"{run[what][1]} of {run[what][0]} {what}" for what in shares)
    return found


def main():
    files = json.loads(pathlib.Path(sys.argv[1]).read_text())["files"]
    reasons = read_reasons(pathlib.Path(sys.argv[2]))
    uncovered, excusable = find_uncovered(files, FAR_BELOW), find_uncovered(files, NEEDED)
    sums = {what: tuple(map(sum, zip(*(counts(file)[what] for file in files)))) for what in NEEDED}
    wrong = [f"{sys.argv[2]}: `{what}` is covered by now, or gone" for what in sorted(reasons.keys() - excusable.keys())]
    wrong += [f"{what}: {uncovered[what]}, and {sys.argv[2]} does not say why"
              for what in sorted(uncovered.keys() - reasons.keys())]
    wrong += [f"too few {what} are run: at least {100 * NEEDED[what]:.0f} %" for what in NEEDED if is_low(sums, NEEDED, what)]
    for what in sorted(excusable.keys() & reasons.keys()):
        print(f"{what} ({excusable[what]}): {reasons[what]}")
    print("\n".join(wrong), end="\n" if wrong else "")
    print(", ".join(f"{what} {100 * hit / total:.1f} % ({hit} of {total}; at least {100 * NEEDED[what]:.0f} %)"
                    for what, (total, hit) in sums.items()))
    sys.exit(bool(wrong) or not files)


if __name__ == "__main__":
    main()
