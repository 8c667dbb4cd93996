"""What the tests may need from outside, and the rule for skipping.

A test that needs a browser asks for `chromium`, one that needs the reference data asks for
`reference`; where these are missing it is skipped by name. With CANCERRES_NO_SKIPS=1 every other
skip is a failure.
"""

import os
import shutil
from pathlib import Path

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_REFERENCE = "CANCERRES_REFERENCE names no folder"


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of an installed Chromium."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    pytest.skip("Chromium is not installed")


@pytest.fixture(scope="session")
def reference() -> Path:
    """Folder of the reference data that the curated tables are checked against."""
    folder = os.environ.get("CANCERRES_REFERENCE", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip(NO_REFERENCE)
    return Path(folder)


def _refuse_skip(report) -> None:
    """Make a failure of a skip that continuous integration does not allow."""
    if (
        not report.skipped
        or hasattr(report, "wasxfail")
        or not os.environ.get("CANCERRES_NO_SKIPS")
    ):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if NO_REFERENCE not in reason:
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} may not be skipped here: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):  # noqa: ARG001
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):  # noqa: ARG001
    report = yield
    _refuse_skip(report)
    return report
