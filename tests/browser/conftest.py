"""A real browser that remembers what went wrong, and a JupyterLab for it to open."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

# No service of the browser itself may ask for the network: a test counts what a page asks for.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AT_HOME = {"127.0.0.1", "localhost", "", None}  # a file, a blob and a data address have no host
QUIET = "@jupyterlab/apputils-extension/notification.jupyterlab-settings"
TOKEN = "browser-tests"
SECONDS = 60


@dataclass
class Watch:
    """What a page did besides showing itself.

    Attributes
    ----------
    errors : list of str
        Errors on the console and exceptions that nobody caught.
    outside : list of str
        Addresses beyond this machine that were asked for; each request was refused.
    """

    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


@dataclass
class Lab:
    """A running JupyterLab.

    Attributes
    ----------
    root : pathlib.Path
        Folder that it shows.
    address : str
        Where it listens.
    """

    root: Path
    address: str

    def page(self, notebook: str) -> str:
        """Address of a notebook in the root, alone on the page."""
        return f"{self.address}/doc/tree/{notebook}?token={TOKEN}&reset"


@pytest.fixture(scope="session")
def browser(chromium) -> Iterator:
    """Headless Chromium, driven by Playwright."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def watched(browser) -> Iterator:
    """A page as a projector shows it (1280 x 720), and what it does: ``page, watch = watched``."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page, watch = context.new_page(), Watch()
    page.on("console", lambda said: said.type == "error" and watch.errors.append(said.text))
    page.on("pageerror", lambda error: watch.errors.append(str(error)))
    page.route(lambda address: urlsplit(address).hostname not in AT_HOME, _refuse(watch))
    yield page, watch
    context.close()


@pytest.fixture(scope="session")
def lab(chromium, tmp_path_factory) -> Iterator[Lab]:  # noqa: ARG001 -- no server without browser
    """JupyterLab on this machine, without any setting of the person who runs the tests."""
    home = tmp_path_factory.mktemp("lab")
    root = home / "root"
    root.mkdir()
    quiet = home / "jupyter_config_dir" / "lab" / "user-settings" / QUIET
    quiet.parent.mkdir(parents=True)
    quiet.write_text('{"fetchNews": "false", "checkForUpdates": false}')
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = Lab(root, f"http://127.0.0.1:{port}")
    with (home / "log.txt").open("wb") as log:
        command = [*_command(port), f"--ServerApp.root_dir={root}"]
        process = subprocess.Popen(command, cwd=home, env=_clean(home), stdout=log, stderr=log)
        try:
            _wait_for(running, process, home / "log.txt")
            yield running
        finally:
            process.terminate()
            process.wait(SECONDS)


def _refuse(watch: Watch) -> Callable:
    """Make the answer to a request that leaves this machine."""

    def refuse(route) -> None:
        watch.outside.append(route.request.url)
        route.abort()

    return refuse


def _command(port: int) -> list[str]:
    """The server, which opens no browser of its own."""
    return [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={TOKEN}",
    ]


def _clean(home: Path) -> dict[str, str]:
    """The environment with every folder for settings inside the test's own."""
    folders = (
        "HOME",
        "IPYTHONDIR",
        "JUPYTER_CONFIG_DIR",
        "JUPYTER_DATA_DIR",
        "JUPYTER_RUNTIME_DIR",
    )
    own = {name: str(home / name.lower()) for name in folders}
    paths = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, **own, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def _wait_for(lab: Lab, process: subprocess.Popen, log: Path) -> None:
    """Wait until the server answers."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(f"{lab.address}/api?token={TOKEN}", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"JupyterLab does not answer:\n{log.read_text()}")
