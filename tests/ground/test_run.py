"""The runner counts right: what it says is what CI believes."""

from tests.run import Outcome, line, read_report, summary

REPORT = """<testsuites><testsuite>
  <testcase classname="tests.a" name="test_good"/>
  <testcase classname="tests.a" name="test_bad"><failure message="no"/></testcase>
  <testcase classname="tests.a" name="test_broken_fixture"><error message="no"/></testcase>
  <testcase classname="tests.a" name="test_left_out"><skipped message="no Valkey"/></testcase>
</testsuite></testsuites>"""


def test_report_is_counted(tmp_path):
    report = tmp_path / "unit.xml"
    report.write_text(REPORT)
    outcome = read_report("unit", report, 1, "")
    assert (outcome.passed, outcome.failed) == (1, 2)
    assert outcome.missing == ["tests.a.test_left_out: no Valkey"]


def test_run_without_a_report_has_failed(tmp_path):
    assert read_report("unit", tmp_path / "none.xml", 3, "Killed").failed == 1


def test_run_that_failed_outside_its_tests_has_failed(tmp_path):
    report = tmp_path / "unit.xml"
    report.write_text("<testsuites><testsuite/></testsuites>")
    assert read_report("unit", report, 5, "").failed == 1


def test_what_is_missing_fails_only_when_nothing_may_be_missing():
    outcome = Outcome("services", passed=2, missing=["no Valkey"])
    assert outcome.failures(strict=False) == 0
    assert outcome.failures(strict=True) == 1
    assert line(outcome, strict=False) == "services  ok        2 passed, 0 failed, 1 not run in 0 s"
    assert line(outcome, strict=True) == "services  FAILED    2 passed, 0 failed, 1 not run in 0 s"


def test_summary_ends_with_the_count_alone():
    outcomes = [Outcome("lint", passed=7), Outcome("services", passed=2, failed=1, missing=["no Valkey"])]
    assert summary(outcomes, strict=False).splitlines()[-1] == "9 passed, 1 failed"
    assert summary(outcomes, strict=True).splitlines()[-1] == "9 passed, 2 failed"
    assert "  not run: services: no Valkey" in summary(outcomes, strict=False).splitlines()
