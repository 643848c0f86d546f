"""A whole exam that is killed in the middle, here and on a cluster: nothing is half, nothing is lost."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pikepdf
import pytest

from generator.exam.plan import load_exam
from generator.exam.roster import copies
from generator.exam.run import Request, run
from tests.clusters import cluster_of_two, workers_of
from tests.exam.files import exam

ROOT = Path(__file__).parents[2]
EPOCH = {"SOURCE_DATE_EPOCH": "1700000000"}
STUDENTS = 10


def command(folder: Path, out: Path, *more: str) -> list[str]:
    words = ["exam", folder / "midterm.toml", "--copies", STUDENTS, "--output", out, "--bank", *more]
    return [sys.executable, "-m", "generator", *map(str, words)]


def hashes(out: Path) -> dict[str, str]:
    """All that an exam leaves, but for the workshop, by content."""
    files = (p for p in sorted(out.rglob("*")) if p.is_file() and ".work" not in p.relative_to(out).parts)
    return {str(p.relative_to(out)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def require_whole(out: Path) -> int:
    """Every file that has its name can be read to the end; how many there are."""
    files = [p for p in out.rglob("*") if p.is_file() and p.suffix != ".part" and ".tex-" not in str(p)]
    for path in files:
        match path.suffix:
            case ".pdf":
                with pikepdf.open(path) as document:
                    assert len(document.pages) > 0
            case ".json":
                json.loads(path.read_text("utf-8"))
            case ".xml":
                ET.parse(path)
            case ".zip":
                with zipfile.ZipFile(path) as package:
                    assert package.testzip() is None
            case ".tex":
                assert path.read_text("utf-8").rstrip()
    return len(files)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> dict[str, str]:
    place = tmp_path_factory.mktemp("undisturbed")
    exam(place)
    subprocess.run(command(place, place / "out", "-j", "2"), cwd=ROOT, env=os.environ | EPOCH, check=True,
                   capture_output=True)  # fmt: skip
    return hashes(place / "out")


def kill_when(process: subprocess.Popen[bytes], ready) -> bool:
    """Kill a process and all its children at a moment; whether the moment came before its end."""
    while process.poll() is None:
        if ready():
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return True
        time.sleep(0.005)
    return False


def texts(out: Path) -> int:
    return len(list(out.glob(".work/texts/*/record.json")))


MOMENTS = {
    "while papers are derived": lambda out: texts(out) >= 3,
    "while TeX runs": lambda out: any(out.glob(".work/pdf/.tex-*")) and texts(out) == STUDENTS,
    "while PDFs are split": lambda out: len(list(out.glob("*/*.pdf"))) >= 5,
}


@pytest.mark.slow
@pytest.mark.tex
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_exam_goes_on_to_the_same_bytes(tmp_path, undisturbed, moment):
    exam(tmp_path)
    out, quiet = tmp_path / "out", subprocess.DEVNULL
    process = subprocess.Popen(
        command(tmp_path, out, "-j", "2"), cwd=ROOT, env=os.environ | EPOCH, stdout=quiet, stderr=quiet,
        start_new_session=True,
    )  # fmt: skip
    assert kill_when(process, lambda: MOMENTS[moment](out))
    assert not (out / "manifest.json").exists()
    assert require_whole(out) >= 3
    kept = {p: p.stat().st_mtime_ns for p in out.glob(".work/texts/*/record.json")}
    subprocess.run(command(tmp_path, out, "-j", "2"), cwd=ROOT, env=os.environ | EPOCH, check=True,
                   capture_output=True)  # fmt: skip
    assert all(p.stat().st_mtime_ns == then for p, then in kept.items())  # nobody was worked out twice
    assert hashes(out) == undisturbed
    require_whole(out)


@pytest.mark.slow
@pytest.mark.tex
@pytest.mark.filterwarnings("ignore")
def test_an_exam_on_a_cluster_that_loses_a_worker(tmp_path, undisturbed, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH["SOURCE_DATE_EPOCH"])
    exam(tmp_path)
    out, killed = tmp_path / "out", []
    with cluster_of_two(tmp_path, EPOCH) as address:

        def lose_one(what: str, done: int, of: int) -> None:
            if done == 1 and not killed:
                killed.append(workers_of(address)[0])
                os.kill(killed[0], signal.SIGKILL)

        one = load_exam(tmp_path / "midterm.toml")
        run(one, Request(copies(STUDENTS), out, cluster=address, banks=True), lose_one)
    assert len(killed) == 1
    assert hashes(out) == undisturbed
