"""Whether reports are what their formats say. Arguments: the JSON Schema of SARIF, files that are named *.FORMAT."""
import json
import re
import sys
import xml.etree.ElementTree as xml

import jsonschema

with open(sys.argv[1], encoding="utf-8") as schema_file:
    SARIF = jsonschema.Draft4Validator(json.load(schema_file))


def check_json(text):
    document = json.loads(text)
    assert document["schema"] == "meshc.dev/report/v1"


def check_sarif(text):
    document = json.loads(text)
    SARIF.validate(document)
    (run,) = document["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == sorted(set(rules)), rules
    prints = [r["partialFingerprints"]["meshcFinding/v1"] for r in run["results"]]
    assert len(prints) == len(set(prints)), "two results with one fingerprint"
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"], result
        assert result["locations"], result


def check_junit(text):
    root = xml.fromstring(text)
    assert root.tag == "testsuites"
    cases = failures = 0
    for suite in root:
        names = [case.get("name") for case in suite]
        assert suite.tag == "testsuite" and len(names) == len(set(names)), names
        assert int(suite.get("tests")) == len(names)
        assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))
        cases += len(names)
        failures += int(suite.get("failures"))
    assert cases > 0 and cases == int(root.get("tests")) and failures == int(root.get("failures"))


def check_github(text):
    *commands, last = text.splitlines()
    assert re.fullmatch(r"meshc [a-z]+: \d+ errors?, \d+ warnings?, \d+ notes?(; .*)?", last), last
    ranks = []
    for line in commands:
        found = re.fullmatch(r"::(error|warning|notice) (?:[A-Za-z]+=[^:,]*,)*title=MSH\d{4} [a-z0-9-]+::.*", line)
        assert found, line
        ranks.append(["error", "warning", "notice"].index(found[1]))
    assert ranks == sorted(ranks)


def check_gitlab(text):
    items = json.loads(text)
    assert len({item["fingerprint"] for item in items}) == len(items)
    for item in items:
        assert set(item) == {"description", "check_name", "fingerprint", "severity", "location"}, item
        assert item["severity"] in ("info", "minor", "major", "critical"), item
        assert item["location"]["lines"]["begin"] >= 1 and not item["location"]["path"].startswith(("/", "./")), item


def check_markdown(text):
    assert re.match(r"<!-- meshc:[a-z]+ -->\n", text)
    assert len(text) <= 65000
    assert text.count("<details>") == text.count("</details>")


def check(path):
    with open(path, encoding="utf-8", newline="") as f:
        text = f.read()
    assert "##[" not in text and "\x1b" not in text
    globals()["check_" + path.rpartition(".")[2]](text)


def main():
    bad = 0
    for path in sys.argv[2:]:
        try:
            check(path)
        except Exception as e:  # whatever it is, the report is not what it should be
            print(f"{path}: {type(e).__name__}: {str(e)[:2000]}")
            bad += 1
    print(f"{len(sys.argv) - 2} reports, {bad} bad")
    return bad > 0


sys.exit(main())
