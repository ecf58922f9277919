"""Where a report's numbers come from."""

import shutil
import subprocess

import pytest

from eval.provenance import provenance


def test_provenance_names_versions_and_knows_no_commit_outside_a_checkout(tmp_path):
    found = provenance(tmp_path)
    assert (found.commit, found.dirty) == (None, None)
    assert dict(found.libraries)["numpy"]
    assert len(found.code) == 64


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_provenance_names_the_commit_and_sees_changes_since_it(tmp_path):
    def git(*arguments):
        identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        subprocess.run(["git", "-C", str(tmp_path), *identity, *arguments], check=True, capture_output=True)

    (tmp_path / "eval").mkdir()
    (tmp_path / "eval" / "provenance.py").write_text("x = 1")
    git("init")
    git("add", ".")
    git("commit", "-m", "first")
    clean = provenance(tmp_path)
    assert (len(clean.commit or ""), clean.dirty) == (40, False)
    (tmp_path / "report.json").write_text("{}")
    assert provenance(tmp_path) == clean, "a report written beside the code is no change of it"
    (tmp_path / "eval" / "new.py").write_text("x = 2")
    assert provenance(tmp_path).dirty is True
