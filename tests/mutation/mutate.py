#!/usr/bin/env python3
"""
Do the tests notice when the compiler is wrong? mutate.py SOURCES WORK [-n N] [--seed S]

Changes N random conditions or constants in compiler/plan and compiler/target, one at a time, builds meshc and runs tests
until one fails: unit tests of the room, golden cases, laws and documents, and unit tests and golden cases once more
under the address sanitizer. It works on a copy of SOURCES in WORK. It fails when fewer than nine of ten mutants are
noticed, those apart that equivalent.txt names: it must say why no test can tell them from the original, and name only what
there is (--check, which builds nothing).
"""

import argparse
import concurrent.futures
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading

sys.dont_write_bytecode = True  # nothing is left beside the sources

from mutants import mutants  # noqa: E402

ROOMS = ("plan", "target")
NEEDED = 0.9
SECONDS = 180  # a test that takes longer has noticed, and so has one that takes more memory
MEMORY_MIB = 4096
OUT_OF_BOUNDS = re.compile("[<>0-9]")  # what the sanitizer is asked about
LIKELY = 40  # golden cases to begin with, before unit tests are linked
SANITIZED = {**os.environ, "ASAN_OPTIONS": f"detect_leaks=0:hard_rss_limit_mb={MEMORY_MIB}"}
COPIED = ("CMakeLists.txt", "README.md", "compiler", "schemas", "tests", "golden", "examples")
HERE = pathlib.Path(__file__).resolve().parent


def all_mutants(sources):
    compiler = sources / "compiler"
    files = sorted(path for room in ROOMS for path in (compiler / room).rglob("*.c"))
    return [m for path in files for m in mutants(str(path.relative_to(compiler)), path.read_text())]


def read_equivalents(path):
    """Paragraphs of four lines: `file function`, the line, the change, why nothing can tell."""
    text = "\n".join(line for line in path.read_text().splitlines() if not line.startswith("#"))
    found = {}
    for paragraph in filter(None, text.strip().split("\n\n")):
        lines = [line.strip() for line in paragraph.strip().splitlines()]
        if len(lines) < 4:
            sys.exit(f"{path.name}: a paragraph has a place, a line, a change and a reason:\n{paragraph}")
        file, _, function = lines[0].partition(" ")
        found[file, function, lines[1], lines[2]] = " ".join(lines[3:])
    return found


def check_equivalents(equivalents, candidates):
    """Nothing is excused that is not there any more."""
    stale = equivalents.keys() - {m.key() for m in candidates}
    for file, function, line, change in sorted(stale):
        print(f"equivalent.txt: {file} {function} has no `{line}` with `{change}`")
    return not stale


def copy_sources(sources, tree):
    """Only what differs, so that only that is built again."""
    def differs(path, copy):
        if path.is_symlink() or copy.is_symlink() or not copy.exists():
            return not os.path.lexists(copy) or os.readlink(path) != os.readlink(copy)
        return path.read_bytes() != copy.read_bytes()

    listed = subprocess.run(["git", "-C", sources, "ls-files", "-z", "-co", "--exclude-standard", "--", *COPIED],
                            check=True, capture_output=True, text=True).stdout.split("\0")
    wanted = {name for name in listed if name and os.path.lexists(sources / name)}
    for path in list(tree.rglob("*")) if tree.exists() else []:
        if (path.is_symlink() or path.is_file()) and str(path.relative_to(tree)) not in wanted:
            path.unlink()
    for name in sorted(wanted):
        if differs(sources / name, tree / name):
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(sources / name, tree / name, follow_symlinks=False)


class Bench:
    """Two builds of the copy, plain and sanitized, and the tests that look at them."""

    def __init__(self, sources, work, jobs):
        self.tree, self.build, self.jobs = work / "tree", work / "build", jobs
        self.killers = work / "killers"
        copy_sources(sources, self.tree)
        self.asan = work / "asan"
        self.configure(self.build)
        self.configure(self.asan, "-DMESHC_SANITIZE=address,undefined", "-DMESHC_ARENA_DEBUG=ON")
        self.tools = {room: [f"{room}_{path.stem}" for path in sorted((self.tree / "tests/unit" / room).glob("*_test.c"))]
                      for room in (*ROOMS, "report")}
        self.run_or_die(["cmake", "--build", self.build, "-j", str(jobs)])
        names = self.run_or_die(["ctest", "--test-dir", self.build, "-N", "-L", "golden"]).splitlines()
        self.cases = [line.split(": golden/")[1] for line in names if ": golden/" in line and "/complete" not in line]

    def run_or_die(self, argv):
        done = subprocess.run(argv, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{done.stdout}{done.stderr}")
        return done.stdout

    def configure(self, build, *options):
        self.run_or_die(["cmake", "-S", self.tree, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
                         "-DCMAKE_C_FLAGS=-O0 -g0 -w", "-DMESHC_WERROR=OFF", "--log-level=WARNING", *options])

    def compile(self, build, targets):
        if not targets:
            return True
        done = subprocess.run(["cmake", "--build", build, "-j", str(self.jobs), "--target", *targets],
                              capture_output=True, text=True)
        return done.returncode == 0

    def passes(self, argv):
        def limit():
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            if not sanitized:  # which maps more than it uses
                resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_MIB << 20, MEMORY_MIB << 20))

        sanitized = any(str(word).startswith(f"{self.asan}/") for word in argv)
        child = subprocess.Popen([str(word) for word in argv], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL, start_new_session=True, preexec_fn=limit,
                                 env=SANITIZED if sanitized else None)
        try:
            return child.wait(SECONDS) == 0
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            return False

    def first_failure(self, tests):
        """(name, argv)s -> the name of one that fails, or None; no test is started after that."""
        noticed = threading.Event()

        def attempt(test):
            if noticed.is_set() or self.passes(test[1]):
                return None
            noticed.set()
            return test[0]

        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            return next(filter(None, pool.map(attempt, tests)), None)

    def units(self, build, rooms):
        return [(f"unit {name}", [build / "tests" / name]) for room in rooms for name in self.tools[room]]

    def golden(self, build):
        """Those that noticed before come first."""
        past = self.killers.read_text().split() if self.killers.exists() else []
        score = {case: past.count(case) for case in set(past)}
        runner, meshc = self.build / "tests/golden_runner", build / "meshc"
        return [(case, [runner, meshc, self.tree, case]) for case in sorted(self.cases, key=lambda c: -score.get(c, 0))]

    def laws(self, room):
        tests, meshc, tools = self.tree / "tests", self.build / "meshc", self.build / "tests"
        found = [("readme", [tests / "readme.sh", self.tree, meshc]),
                 ("names", [tests / "property/names.py", self.tree, meshc]),
                 ("nothing_lost", [tests / "property/nothing_lost.sh", meshc, tools])]
        return [("merge_law", [tools / "merge_law_test", "60"]), *found] if room == "plan" else found

    def stages(self, room):
        """Cheap first: (build, targets, tests)."""
        above = ("report", "target") if room == "plan" else ("report",)
        tools = {rooms: [tool for r in rooms for tool in self.tools[r]] for rooms in ((room,), above)}
        likely, others = (golden := self.golden(self.build))[:LIKELY], golden[LIKELY:]
        yield self.build, ["meshc"], likely
        yield self.build, tools[room,], self.units(self.build, (room,))
        yield self.build, [], others
        yield self.build, tools[above], self.units(self.build, above)
        yield self.build, ["merge_law_test"], self.laws(room)
        yield self.asan, ["meshc", *tools[room,]], [*self.units(self.asan, (room,)), *self.golden(self.asan)]

    def check_original(self):
        """Who fails anyway notices nothing."""
        seen = set()
        for build, targets, tests in (stage for room in ROOMS for stage in self.stages(room)):
            new = [test for test in tests if not (str(test) in seen or seen.add(str(test)))]
            failed = "the build" if not self.compile(build, targets) else self.first_failure(new)
            if failed:
                sys.exit(f"without a mutation, {failed} fails")

    def judge(self, mutant):
        """The test that noticed, "" when none did, None when it does not compile."""
        path = self.tree / "compiler" / mutant.file
        original = path.read_text()
        path.write_text(original[:mutant.start] + mutant.new + original[mutant.end:])
        try:
            room = mutant.file.split("/")[0]
            if not self.compile(self.build, [f"room_{room}"]):
                return None
            for build, targets, tests in self.stages(room):
                if build == self.asan and not OUT_OF_BOUNDS.match(mutant.change):
                    continue
                if not self.compile(build, targets):
                    return None
                noticed = self.first_failure(tests)
                if noticed:
                    with self.killers.open("a") as killers:
                        killers.write(noticed + "\n" if "/" in noticed else "")
                    return noticed
            return ""
        finally:
            path.write_text(original)


def show(mutant, verdict):
    print(f"{verdict}: {mutant.file}:{mutant.number} {mutant.function}: {mutant.change}\n\t{mutant.line}", flush=True)


def pick(candidates, equivalents, options):
    if options.again:
        wanted = set(options.again.read_text().splitlines())
        return [m for m in candidates if "\t".join(m.key()) in wanted and m.key() not in equivalents], None
    order = [m for m in random.Random(options.seed).sample(candidates, len(candidates)) if m.key() not in equivalents]
    return order, options.n


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sources", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("-n", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-j", type=int, default=2)
    parser.add_argument("--check", action="store_true", help="only: is equivalent.txt up to date?")
    parser.add_argument("--again", type=pathlib.Path, help="only the mutants of this list, as WORK/survivors is one")
    options = parser.parse_args()
    sources = options.sources.resolve()
    candidates = all_mutants(sources)
    equivalents = read_equivalents(HERE / "equivalent.txt")
    if not check_equivalents(equivalents, candidates):
        sys.exit(1)
    if options.check:
        print(f"{len(candidates)} mutants, {len(equivalents)} of them equivalent")
        return
    options.work.mkdir(parents=True, exist_ok=True)
    order, enough = pick(candidates, equivalents, options)
    bench = Bench(sources, options.work.resolve(), options.j)
    bench.check_original()
    judged, survivors = 0, []
    for mutant in order:
        if judged == enough:
            break
        noticed = bench.judge(mutant)
        if noticed is None:
            continue
        judged += 1
        show(mutant, f"{judged} noticed by {noticed}" if noticed else f"{judged} SURVIVED")
        if not noticed:
            survivors.append(mutant)
            (options.work / "survivors").write_text("".join("\t".join(m.key()) + "\n" for m in survivors))
    for mutant in survivors:
        show(mutant, "survived")
    print(f"{judged} mutants of {len(candidates)}, seed {options.seed}: {judged - len(survivors)} noticed, "
          f"{len(survivors)} survived; {len(equivalents)} are known as equivalent and left out")
    sys.exit(judged == 0 or judged - len(survivors) < NEEDED * judged)


if __name__ == "__main__":
    main()
