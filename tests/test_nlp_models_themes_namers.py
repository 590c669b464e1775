"""Namers: what a server of OpenAI's protocol is asked, and what becomes of its answers."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pandas as pd
import pytest

from nlp.models.themes.namers import NamerChoice, load_namer
from nlp.topics.names.written import heading, write_labels


class Server(ThreadingHTTPServer):
    """Answers every question alike, and remembers what it was asked."""

    def __init__(self, answer, status=200):
        self.answer, self.status, self.asked = answer, status, []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, dict(self.headers), json.loads(body)))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.answer.encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def serve():
    servers = []

    def start(answer, status=200):
        servers.append(Server(answer, status))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return servers[-1]

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def saying(label):
    return json.dumps({"choices": [{"message": {"content": label}}]})


def choice(url, kind="openai", model="tiny"):
    return NamerChoice(kind=kind, model=model, url=url, seconds=5.0, max_words=4)


def test_the_server_gets_keywords_masked_texts_and_the_key(serve, monkeypatch):
    monkeypatch.setenv("VOC_NAMER_KEY", "secret")
    server = serve(saying("Late parcels"))
    namer = load_namer(choice(server.url))
    assert namer.name(["parcel", "late"], ["Late again, [NAME]!\nTwo weeks."], "en") == "Late parcels"
    ((path, headers, body),) = server.asked
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer secret"
    assert (body["model"], body["temperature"]) == ("tiny", 0)
    asked = body["messages"][0]["content"]
    assert "Keywords: parcel, late" in asked
    assert "- Late again, [NAME]! Two weeks." in asked
    assert "ISO code en" in asked


@pytest.mark.parametrize(
    ("answer", "status"), [("", 500), ("no json", 200), ("{}", 200), ('{"choices": []}', 200), ("[1]", 200)]
)
def test_a_server_that_fails_names_nothing(serve, answer, status):
    assert load_namer(choice(serve(answer, status).url)).name(["a"], ["b"], "en") is None


def test_a_server_that_is_not_there_names_nothing():
    assert load_namer(choice("http://127.0.0.1:9/v1")).name(["a"], ["b"], "en") is None


def test_no_namer_is_none_at_all():
    assert load_namer(choice("", kind="")) is None


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (choice("file:///etc/passwd"), "needs .topic_namer. url"),
        (choice("", kind="magic"), "unknown topic namer 'magic'; known: openai, text2text"),
        (choice("", kind="text2text", model="/nowhere"), "found no model '/nowhere'"),
    ],
)
def test_a_namer_that_cannot_be_built_says_why(wanted, words):
    with pytest.raises(ValueError, match=words):
        load_namer(wanted)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('"Late parcels."', "Late parcels"),
        ("「送货太慢」", "送货太慢"),
        ("تأخير التوصيل", "تأخير التوصيل"),
        (None, None),
        ("", None),
        ("...", None),
        ("Here is the heading:\nLate parcels", None),
        ("The customers complain that all of their parcels came late", None),
        ("Calls from [NAME]", None),
        ("a\u202eb", None),
        ("x" * 81, None),
    ],
)
def test_heading_takes_headings_only(written, expected):
    assert heading(written) == expected


def described(*labels):
    ids = [f"t{i}" for i in range(len(labels))]
    return pd.DataFrame(
        {
            "topic_id": ids, "label": labels, "label_language": "en", "keywords": [["parcel"]] * len(ids),
            "example_texts": [["a"]] * len(ids),
        }
    )  # fmt: skip


def test_labels_are_written_once_each(serve):
    texts = pd.DataFrame({"text_id": ["a"], "text": ["late"]})
    namer = load_namer(choice(serve(saying("Late parcels")).url))
    named = write_labels(described("Parcel", "Box", None), texts, known=["Other"], namer=namer)
    assert named["label"].tolist()[:2] == ["Late parcels", "Box"]
    assert named["label"].isna().tolist() == [False, False, True]


def test_a_label_that_another_topic_has_is_not_given_again(serve):
    texts = pd.DataFrame({"text_id": ["a"], "text": ["late"]})
    namer = load_namer(choice(serve(saying("Late parcels")).url))
    named = write_labels(described("Parcel"), texts, known=["late parcels!"], namer=namer)
    assert named["label"].tolist() == ["Parcel"]


@pytest.fixture
def tiny_model(tmp_path):
    """A sequence-to-sequence model of a few weights, made here."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration

    words = {word: i for i, word in enumerate(["<pad>", "</s>", "<unk>", "late", "parcel"])}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    )
    fast.save_pretrained(tmp_path)
    config = T5Config(
        vocab_size=5, d_model=8, d_kv=4, d_ff=8, num_layers=1, num_heads=2, decoder_start_token_id=0,
        pad_token_id=0, eos_token_id=1,
    )  # fmt: skip
    T5ForConditionalGeneration(config).save_pretrained(tmp_path)
    return tmp_path


def test_text2text_writes_with_a_model_of_a_folder(tiny_model):
    namer = load_namer(choice("", kind="text2text", model=str(tiny_model)))
    assert isinstance(namer.name(["parcel"], ["late parcel"], "en"), str)
