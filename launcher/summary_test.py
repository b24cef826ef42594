"""Tests of summary.py against reports as surefire 3.5 writes them."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path

import summary

PASSED = '<testcase name="sums" classname="io.hoptoll.LedgerTest" time="0.01"/>'
FAILED = '<testcase name="f" classname="T"><failure message="no" type="E">E: no</failure></testcase>'
BROKEN = '<testcase name="" classname="T"><error message="boom" type="E">E: boom</error></testcase>'
DISABLED = '<testcase name="d" classname="T"><skipped message="later"/></testcase>'


def aborted(said):
    thrown = "org.opentest4j.TestAbortedException"
    text = f"<![CDATA[{thrown}: {said}\n\tat T.aborts(T.java:8)\n]]>"
    return f'<testcase name="aborts" classname="T"><skipped type="{thrown}">{text}</skipped></testcase>'


class SummaryTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.tree = Path(directory.name)
        self.expected = self.tree / "expected.txt"
        self.expected.write_text("# nothing\n")

    def report(self, module, *cases):
        reports = self.tree / module / "target" / "surefire-reports"
        reports.mkdir(parents=True)
        (reports / "TEST-T.xml").write_text(f"<testsuite name='T'>{''.join(cases)}</testsuite>")

    def run_summary(self):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            status = summary.main(self.tree, self.expected)
        return status, out.getvalue().splitlines()

    def test_adds_modules_up_nested_ones_too(self):
        self.report("model", PASSED, PASSED)
        self.report("istio-samples/minimesh", PASSED)
        self.assertEqual((0, ["3 passed, 0 failed, 0 skipped"]), self.run_summary())

    def test_a_failure_and_an_error_are_named_and_fail(self):
        self.report("model", PASSED, FAILED, BROKEN)
        status, lines = self.run_summary()
        self.assertEqual(1, status)
        self.assertEqual(["failed: T.f", "failed: T.(class)", "1 passed, 2 failed, 0 skipped"], lines)

    def test_an_abort_fails_unless_its_reason_is_listed(self):
        self.report("model", PASSED, aborted("no BTF on this kernel"), aborted("Assumption failed: no BTF"))
        self.assertEqual(1, self.run_summary()[0])
        self.expected.write_text("no BTF  # containers\n")
        self.assertEqual((0, ["1 passed, 0 failed, 2 skipped"]), self.run_summary())

    def test_a_class_that_aborted_as_a_whole_is_not_lost(self):
        self.report("model", PASSED)
        self.report("bpf")
        status, lines = self.run_summary()
        self.assertEqual((1, "1 passed, 0 failed, 1 skipped"), (status, lines[-1]))
        self.assertIn("T: aborted before its first test", lines[0])

    def test_a_disabled_test_is_not_covered_by_another_reason(self):
        self.report("model", PASSED, DISABLED)
        self.expected.write_text("no BTF\n")
        status, lines = self.run_summary()
        self.assertEqual(1, status)
        self.assertIn("T.d: later", lines[0])

    def test_no_test_at_all_fails(self):
        self.assertEqual((1, ["0 passed, 0 failed, 0 skipped"]), self.run_summary())


if __name__ == "__main__":
    unittest.main()
