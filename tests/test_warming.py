"""What a first question would load can be loaded ahead of it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from rag import Archive
from rag.errors import ModelError

LOADED = """
import sys
from rag import Archive
with Archive.open(sys.argv[1]) as archive:
    archive.warm_up()
    import onnxruntime
    from py3langid.langid import LanguageIdentifier
    def loading(*given, **options):
        raise AssertionError("loaded late")
    onnxruntime.InferenceSession = LanguageIdentifier.from_model_file = loading
    before = {name.partition(".")[0] for name in sys.modules}
    print(archive.ask("Castle Hill tunnel: breakthrough date?").refusal)
    print({name.partition(".")[0] for name in sys.modules} - before)
"""


def test_the_first_question_after_it_loads_no_network_and_no_library(seeded: Archive) -> None:
    command = [sys.executable, "-c", LOADED, str(seeded.folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("None\nset()\n", "")


def test_an_empty_archive_has_nothing_to_find_and_is_warm(archive: Archive) -> None:
    archive.warm_up()


def test_a_model_that_cannot_be_used_is_told(seeded: Archive) -> None:
    with Archive.open(seeded.folder, model="openai:m") as archive, pytest.raises(ModelError, match="OPENAI_API_KEY"):
        archive.warm_up()


def embeddings(request: Request) -> Response:
    """A vector for each text."""
    asked = request.get_json()["input"]
    data = [{"object": "embedding", "index": index, "embedding": [3, 4]} for index, _ in enumerate(asked)]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    return Response(
        json.dumps({"object": "list", "model": "m", "data": data, "usage": usage}), mimetype="application/json"
    )


def test_an_embedder_elsewhere_is_sent_nothing(
    httpserver: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", httpserver.url_for("/v1"))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    httpserver.expect_request("/v1/embeddings").respond_with_handler(embeddings)
    (tmp_path / "ferry.txt").write_text("Ferry runs aground\n\nA ferry ran aground off Lindmouth on Monday.")
    with Archive.open(tmp_path / "archive", embeddings="openai:small") as archive:
        archive.ingest([tmp_path / "ferry.txt"])
        before = len(httpserver.log)
        archive.warm_up()
        assert len(httpserver.log) == before > 0
