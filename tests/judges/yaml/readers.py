"""Reads the YAML files that standard input names, one a line, as the version of YAML in the argument has it: 1.1 or 1.2.
Answers a line of JSON each. What JSON has no form for, and keys that are no text, show their type."""
import json
import sys


def reader(version):
    if version == "1.1":
        import yaml
        return lambda file: yaml.load(file, yaml.SafeLoader)
    import ruamel.yaml
    return ruamel.yaml.YAML(typ="safe", pure=True).load


def typed(value):
    if isinstance(value, dict):
        return {key if isinstance(key, str) else f"{type(key).__name__} {key}": typed(v) for key, v in value.items()}
    if isinstance(value, list):
        return [typed(v) for v in value]
    return value if value is None or isinstance(value, (str, bool, int, float)) else f"{type(value).__name__} {value}"


def answer(load, path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.dumps(typed(load(file)), allow_nan=False)
    except Exception as error:
        return json.dumps({"not read": str(error)})


load = reader(sys.argv[1])
for line in sys.stdin:
    print(answer(load, line.rstrip("\n")))
