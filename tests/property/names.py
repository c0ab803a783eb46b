#!/usr/bin/env python3
"""
Names decide nothing. names.py REPOSITORY MESHC [AREA/CASE...]

The input of every golden case and example is built twice: as it is, and with the names that people chose mirrored (a for z, b for
y, 0 for 9), so that what came first comes last. With the names mirrored back both must say the same: objects, whatever the
order of what they list, their files, and what is found, in whatever order.
"""

import collections
import concurrent.futures
import os
import pathlib
import re
import shutil
import string
import subprocess
import sys
import tempfile

# Words with a meaning of their own to Kubernetes, to a mesh or to meshc; those that are keys of the case come to them.
RESERVED = set("""
    v1 v2 v3 http https http2 grpc web tcp tls udp mongo mysql redis default cluster local svc global mesh gloo istio istiod system
    linkerd kube root cacerts ingressgateway eastwestgateway gateway topology kubernetes io identity destination proxy
    injector policy trust roots controller multicluster config sidecar pilot link probe remote access meshc clusters
    deployment discovery eastwest east west golden pause admin mc
    node cert manager kuma dns plane control all
""".split())
MIRROR = str.maketrans(string.ascii_lowercase + string.digits, string.ascii_lowercase[::-1] + string.digits[::-1])
NAME = re.compile(r"\b(?:name|namespace|clusterName|clusters?|namespaces|meshes)[\"']?: *(\[[^\]]*\]|[^\s,}]+)")
WORD = re.compile(r"[A-Za-z0-9]+")
# Names of matchers in one value, in the order of their policies.
LISTED = re.compile(r"(?<=name: \")[\w.-]+(?:,[\w.-]+)+(?=\")")
# What is worked out from names by a hash.
HASHED = re.compile(r"\b2[45]\d(?:\.\d+){3}\b|\b[0-9a-f]{16,64}\b|\b\d+ bytes\b")

EXCEPT = {
    # Addresses are worked out from names by a hash: two that are one are not two that are one.
    "findings/MSH0608/bad",
    # Of several meshes one is named, and what was found is found in all.
    "federation/trust-is-checked/in", "findings/MSH0614/bad", "linkerd/trust-generated/in",
    # Objects of one service are numbered, and what several services share is called after the first.
    "linkerd/access-by-address-alone/in", "linkerd/access-by-different-addresses/in", "linkerd/access-shared-ports/in",
}


def texts(tree):
    for path in sorted(tree.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path, path.read_bytes().decode("utf-8", "surrogateescape")


def chosen(tree):
    """The words of the names that can be mirrored."""
    words, keys, others = set(), set(), set()
    for path, text in texts(tree):
        for value in NAME.findall(text):
            words.update(WORD.findall(value))
        keys.update(re.findall(r"([A-Za-z0-9]+)[\"']?:(?:\s|$)", text))
        others.update(word.lower() for word in WORD.findall(text) if not word.islower())  # SIMPLE, Fleet
    inventory = tree / "inventory"
    for path in inventory.iterdir() if inventory.is_dir() else []:
        words.update(WORD.findall(path.name))
    return {w for w in words - keys - others - RESERVED if len(w) > 1 and w.islower()}


def renamer(words):
    return lambda text: WORD.sub(lambda m: m[0].translate(MIRROR) if m[0] in words else m[0], text)


def mirror_tree(tree, to, rename):
    for path, text in texts(tree):
        target = to / rename(str(path.relative_to(tree)))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(rename(text).encode("utf-8", "surrogateescape"))
    for link in filter(pathlib.Path.is_symlink, tree.rglob("*")):
        (to / rename(str(link.relative_to(tree)))).symlink_to(os.readlink(link))


def build(meshc, tree):
    """File, or "findings", -> its text."""
    out = tree.parent / (tree.name + ".out")
    done = subprocess.run([meshc, "build", "--color=never", "--out-dir", out], cwd=tree, capture_output=True,
                          env={**os.environ, "LC_ALL": "C"})
    if done.returncode not in (0, 1, 3, 5, 6):
        sys.exit(f"meshc ended with {done.returncode}: {done.stderr.decode()}")
    result = {"findings": f"exit {done.returncode}\n" + (done.stderr + done.stdout).decode("utf-8", "surrogateescape")}
    result.update((str(path.relative_to(out)), text) for path, text in (texts(out) if out.exists() else []))
    return result


def nested(lines):
    """Lines by their indentation, siblings sorted: a key or an item with all that is below it."""
    found, at = [], 0
    while at < len(lines):
        indent, text = lines[at]
        end = at + 1
        while end < len(lines) and lines[end][0] > indent:
            end += 1
        below = lines[at + 1:end]
        if text.startswith("- "):
            below, text = [(indent + 2, text[2:]), *below], "-"
        found.append(text + ("{" + "|".join(nested(below)) + "}" if below else ""))
        at = end
    return sorted(found)


def of_object(text):
    return nested([(len(line) - len(line.lstrip()), line.strip()) for line in text.splitlines() if line.strip()])


def of_list(text):
    """A line each: MESHC.index, whose last column lists declarations, and the requirements, each of the first that asks."""
    requirements = text.startswith("# meshc requirements")
    rows = [line.rpartition("\t")[0] if requirements or "\tRequirements.meshc.dev\t" in line else line
            for line in text.splitlines()]
    return [",".join(sorted(re.split("[,\t]", row))) for row in rows]


def of_findings(text):
    """Code and words of each: which of two stands first in a sentence, and at which of them it is said, follows their names."""
    found = re.findall(r"^(?:error|warning|note)\[MSH\d+\].*", text, re.M)
    return [text.split("\n", 1)[0], *(" ".join(sorted(line.split())) for line in found)]


def normal(result, rename):
    shapes = {True: of_object, False: of_list}
    found = {}
    for name, text in result.items():
        text = HASHED.sub("#", LISTED.sub(lambda m: ",".join(sorted(m[0].split(","))), rename(text))).replace('"', "")
        shape = of_findings if name == "findings" else shapes[name.endswith(".yaml")]
        found[rename(name)] = collections.Counter(shape(text))
    return found


def differences(a, b):
    for name in sorted(a.keys() | b.keys()):
        one, other = a.get(name, collections.Counter()), b.get(name, collections.Counter())
        for line in sorted((one - other).elements()):
            yield f"{name}: - {line}"
        for line in sorted((other - one).elements()):
            yield f"{name}: + {line}"


def base_of(folder):
    case = folder / "case.yaml"
    found = re.search(r"^base: *(\S+)", case.read_text(), re.M) if case.exists() else None
    bases = folder.parent.parent / "bases"
    return bases / found[1] if found else bases.parent / "findings/base" if folder.parent.name == "findings" else None


def read_inputs(repository):
    """Name -> the folders that are laid over one another. What a script adds to is left out."""
    golden = repository / "golden"
    found = {}
    for folder in sorted(golden.glob("*/*")):
        for part in ("in", "before", "good", "bad"):
            if (folder / part).is_dir() and not (folder / f"{part}.sh").exists():
                base = base_of(folder)
                found[f"{folder.relative_to(golden)}/{part}"] = [*([base] if base else []), folder / part]
    for folder in sorted((repository / "examples").iterdir()):
        if folder.is_dir():
            found[f"examples/{folder.name}"] = [folder]
    return found


def judge(meshc, layers):
    with tempfile.TemporaryDirectory() as work:
        tree, mirrored = pathlib.Path(work) / "a", pathlib.Path(work) / "b"
        for layer in layers:
            shutil.copytree(layer, tree, symlinks=True, dirs_exist_ok=True)
        words = chosen(tree)
        back = renamer({w.translate(MIRROR) for w in words})
        mirror_tree(tree, mirrored, renamer(words))
        return list(differences(normal(build(meshc, tree), str), normal(build(meshc, mirrored), back)))


def main():
    repository, meshc = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    inputs = {name: layers for name, layers in read_inputs(repository).items()
              if not sys.argv[3:] or any(name.startswith(wanted) for wanted in sys.argv[3:])}
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, found in zip(inputs, pool.map(lambda layers: judge(meshc, layers), inputs.values())):
            if bool(found) != (name in EXCEPT):
                bad += 1
                print("\n".join(f"{name}: {line}" for line in found) or f"{name} is no exception any more")
    print(f"{len(inputs)} inputs, {bad} with a difference")
    sys.exit(bool(bad) or not inputs)


if __name__ == "__main__":
    main()
