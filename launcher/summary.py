"""The closing line of `hoptoll test`: counts the cases of all surefire reports under a tree.

    summary.py TREE EXPECTED-ABORTS

Exit status 1 when a test failed, when none passed, or when one was skipped for a reason that
EXPECTED-ABORTS does not list (one reason's beginning a line; '#' starts a comment).
"""

import sys
import xml.etree.ElementTree as xml
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Count:
    passed: int = 0
    failed: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)

    def add(self, case: xml.Element) -> None:
        name = f"{case.get('classname', '?')}.{case.get('name') or '(class)'}"
        if (skip := case.find("skipped")) is not None:
            self.skipped.append((name, reason_of(skip)))
        elif case.find("failure") is not None or case.find("error") is not None:
            self.failed.append(name)
        else:
            self.passed += 1


def reason_of(skip: xml.Element) -> str:
    """The test's own words: @Disabled's are the message, an abort's follow the exception's name."""
    first_line = (skip.text or "").strip().partition("\n")[0]
    said = skip.get("message") or first_line.removeprefix(f"{skip.get('type')}: ")
    return said.removeprefix("Assumption failed: ") or "no reason given"


def count(tree: Path) -> Count:
    total = Count()
    for report in sorted(tree.glob("**/target/*-reports/TEST-*.xml")):
        suite = xml.parse(report).getroot()
        cases = list(suite.iter("testcase"))
        for case in cases:
            total.add(case)
        if not cases:  # all that surefire writes of a class that aborted in @BeforeAll
            total.skipped.append((suite.get("name", "?"), "aborted before its first test"))
    return total


def expected_reasons(file: Path) -> list[str]:
    lines = (line.partition("#")[0].strip() for line in file.read_text().splitlines())
    return [line for line in lines if line]


def main(tree: Path, expected_file: Path) -> int:
    total = count(tree)
    expected = tuple(expected_reasons(expected_file))
    unexpected = [(n, why) for n, why in total.skipped if not why.startswith(expected)]
    for name in total.failed:
        print(f"failed: {name}")
    for name, why in unexpected:
        print(f"skipped, which {expected_file.name} does not allow: {name}: {why}")
    print(f"{total.passed} passed, {len(total.failed)} failed, {len(total.skipped)} skipped")
    return 1 if total.failed or unexpected or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
