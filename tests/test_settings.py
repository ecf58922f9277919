"""Settings come from the option, then the environment, then ``.env``."""

from pathlib import Path

import pytest

from rag.settings import DEFAULT_MODEL, archive_folder, model_name, setting


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_an_option_comes_before_the_environment_and_that_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("GROUNDWIRE_MODEL=from:file\n")
    assert model_name(None) == "from:file"
    monkeypatch.setenv("GROUNDWIRE_MODEL", "from:environment")
    assert model_name(None) == "from:environment"
    assert model_name("from:option") == "from:option"


def test_without_a_model_and_without_a_key_nothing_is_sent_anywhere() -> None:
    assert model_name(None) == "extractive"


def test_a_key_alone_chooses_a_small_openai_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    assert model_name(None) == DEFAULT_MODEL


def test_an_empty_variable_counts_as_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "")
    assert setting("OPENAI_API_KEY") is None
    assert model_name(None) == "extractive"


def test_the_archive_is_where_it_is_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert archive_folder(None).name == "archive"
    monkeypatch.setenv("GROUNDWIRE_ARCHIVE", str(tmp_path / "news"))
    assert archive_folder(None) == tmp_path / "news"
    assert archive_folder("other") == Path("other")
