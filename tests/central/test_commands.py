"""Every command of central with bad input: no traceback, the right exit code, and a sentence that says what to do.

Past 400 lines because its tables list every command once, and what is missing in them must be seen.
"""

import fcntl
import io
import logging
import os
import re
import shutil
import socket
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from central.__main__ import CATALOGUE, EXIT_CANNOT, STOPPED, main
from central.jobs import staff
from central.logs import say_logs
from central.rules import audit as audit_rules
from central.saying import REFUSED, refused, why
from central.settings import CentralSettings
from central.store.database import StoreUnavailable

USAGE = 2
ANYBODY = ["--login", "chen", "--name", "陈", "--role", "intake"]
GOODS = ["--item", "i", "--what-zh", "证", "--what-en", "Card", "--number", "1"]
NT, NT2 = ["--region", "sh", "--terminal", "NT-1"], ["--region", "sh", "--terminal", "NT-2"]
CODE = ["--name", "x", "--number", "310101194905150023"]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A central's folder beside a backup of it, a file, a folder that is not central's and an export of the audit."""
    root = tmp_path_factory.mktemp("commands")
    folder = ["--folder", str(root / "central")]
    assert main(["code", *folder, *NT, "--site", "s"]) == 0
    assert main(["backup", *folder, "--to", str(root / "backup")]) == 0
    assert main(["audit", "export", *folder, "--file", str(root / "audit"), "--key", str(root / "key")]) == 0
    (root / "file").write_text("x")
    (root / "empty").write_text("")
    (root / "other").mkdir()
    (root / "other" / "x").write_text("x")
    return root


@pytest.fixture
def root(begun: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The same; nothing waits on the standard input, and nothing that is refused leaves anything behind."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    before = sorted(path.name for path in begun.iterdir())
    yield begun
    assert sorted(path.name for path in begun.iterdir()) == before


def words(root: Path, told: Sequence[str]) -> list[str]:
    """The words of a command: `~` is the folder beside central's, `@` is central's own."""
    return [
        f"{root}{word[1:]}" if word.startswith("~") else str(root / "central") if word == "@" else word for word in told
    ]


def said(capsys: pytest.CaptureFixture[str], code: int, expected: int, *parts: str) -> str:
    out, err = capsys.readouterr()
    assert code == expected, err
    assert out == ""
    assert "Traceback" not in err
    for part in parts:
        assert part in err
    last = err.strip().splitlines()[-1]
    assert len(last.split()) > 3, "a bare word says nothing"
    return err


REFUSALS: list[tuple[list[str], str, str]] = [
    # wrong folders
    *(
        (told, "~/none", "is that the folder")
        for told in (
            ["keys", "list", "--folder", "~/none"],
            ["withdraw", "--folder", "~/none", *NT],
            ["ticket", "--folder", "~/none", *NT, *GOODS, "--door", "1"],
            ["backup", "--folder", "~/none", "--to", "~/none"],
            ["audit", "export", "--folder", "~/none", "--file", "~/none"],
            ["export-person", "--folder", "~/none", "--into", "~/none", "--why", "w"],
            ["carried", "--folder", "~/none", "~/file"],
            ["publish", "--folder", "~/none", "--catalogue", "~/none"],
            ["staff", "list", "--folder", "~/none"],
            ["staff", "reset", "--folder", "~/none", "--login", "chen"],
        )
    ),
    (["keys", "list", "--folder", "~/file"], "~/file", "it is a file"),
    (["staff", "add", "--folder", "~/file", *ANYBODY], "~/file", "is a file"),
    (["code", "--folder", "~/file", *NT, "--site", "s"], "~/file", "is a file"),
    (["code", "--folder", "~/file/below", *NT, "--site", "s"], "~/file", "a folder is needed"),
    (["idcode", "--folder", "~/file", *CODE], "~/file", "is a file"),
    (["serve", "--folder", "~/file", "--port", "0"], "~/file", "is a file"),
    (["restore", "--folder", "~/file", "--from", "~/backup", "--keys", "~/central/keys"], "~/file", "is a file"),
    # staff
    (["staff", "add", "--folder", "@", "--login", "Chen!", "--name", "x", "--role", "admin"], "Chen!", "a login has"),
    (["staff", "add", "--folder", "@", "--login", "rule", "--name", "x", "--role", "admin"], "rule", "a login has"),
    (["staff", "add", "--folder", "@", "--login", "chen", "--name", "", "--role", "admin"], "chen", "--name"),
    (["staff", "add", "--folder", "@", *ANYBODY, "--role", "admin"], "chen", "stand alone"),
    (["staff", "add", "--folder", "@", *ANYBODY, "--region", ""], "chen", "--region"),
    (["staff", "add", "--folder", "@", *ANYBODY, "--password-stdin"], "--password-stdin", "first line"),
    *(
        (["staff", what, "--folder", "@", "--login", "nobody"], "nobody", "`staff list`")
        for what in ("disable", "enable")
    ),
    # a person
    (["export-person", "--folder", "@", "--into", "~/none", "--why", "w"], "number", "pipe it in"),
    (["export-person", "--folder", "@", "--into", "~/other", "--why", "w"], "~/other", "name a new folder"),
    (
        ["export-person", "--folder", "@", "--into", "~/file/x", "--why", "w", "--number", "1"],
        "~/file/x", "a folder is needed",
    ),
    # the audit
    (["audit", "export", "--folder", "@", "--file", "~/file"], "~/file", "Name another place"),
    (["audit", "export", "--folder", "@", "--file", "~/none/a"], "~/none/a", "written rightly"),
    (["audit", "export", "--folder", "@", "--file", "~/none", "--of-region", "xx"], "xx", "leave --of-region out"),
    (["audit", "verify", "--file", "~/none", "--key", "~/key"], "~/none", "written rightly"),
    (["audit", "verify", "--file", "~/other", "--key", "~/key"], "~/other", "Name the file"),
    (["audit", "verify", "--file", "~/empty", "--key", "~/key"], "~/empty", "audit export --file"),
    (["audit", "verify", "--file", "~/audit", "--key", "~/file"], "~/file", "audit export --key"),
    (["audit", "verify", "--file", "~/audit", "--key", "~/none"], "~/none", "written rightly"),
    # backup and restore
    (["backup", "--folder", "@", "--to", "~/file"], "~/file", "a folder is needed"),
    (["backup", "--folder", "@", "--to", "~/other"], "~/other", "--to"),
    (["restore", "--folder", "~/none", "--from", "~/other", "--keys", "~/central/keys"], "~/other", "`backup` wrote"),
    (["restore", "--folder", "~/none", "--from", "~/file", "--keys", "~/central/keys"], "~/file", "`backup` wrote"),
    (["restore", "--folder", "~/none", "--from", "~/backup", "--keys", "~/none"], "~/none", "--keys names"),
    (["restore", "--folder", "@", "--from", "~/backup", "--keys", "~/central/keys"], "@", "an empty folder"),
    # keys and carried letters
    (["keys", "retire", "--folder", "@", "--kid", "x"], "x", "`keys list`"),
    (["keys", "switch", "--folder", "@", "--use", "seal"], "no key is announced", "announce one first"),
    (["carried", "--folder", "@", "~/none"], "none", "written rightly"),
    (["carried", "--folder", "@", "~/file"], "file", "copy it again"),
    (["carried", "--folder", "@", "--answers", "~/none", "~/file"], "~/none", "No letter was taken in"),
    # the catalogue
    (["publish", "--folder", "@", "--catalogue", "~/none"], "~/none", "name the one"),
    (["publish", "--folder", "@", "--catalogue", "~/other"], "~/other", "name the folder"),
    # terminals
    (["withdraw", "--folder", "@", *NT2], "NT-2", "`code` lets one in"),
    (["idcode", "--folder", "@", "--name", "x", "--number", "123"], "--number", "18 characters"),
    (["idcode", "--folder", "@", *CODE, "--address", "x" * 9000], "too much", "shorten"),
    # serving
    (["serve", "--folder", "@", "--port", "0", "--catalogue", "~/none"], "~/none", "--catalogue names"),
    (["serve", "--folder", "@", "--port", "0", "--workers", "2"], "PostgreSQL", "--database"),
    (["serve", "--folder", "@", "--port", "0", "--blobs", "x"], "@", "s3://bucket/prefix"),
]  # fmt: skip


@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: " ".join(word[:12] for word in row[0] if word != "--folder"))
def test_what_cannot_be_done_is_refused_with_which_what_and_what_next(
    root: Path, capsys: pytest.CaptureFixture[str], row: tuple[list[str], str, str]
) -> None:
    told, which, do = row
    code = main(words(root, told))
    said(capsys, code, EXIT_CANNOT, *words(root, [which]), do)
    shutil.rmtree(root / "none", ignore_errors=True)  # an empty folder that a restore would have filled


MISTYPED: list[tuple[list[str], str]] = [
    ([], "command"),
    (["bogus"], "bogus"),
    (["staff"], "what"),
    (["staff", "add", "--folder", "@"], "--login"),
    (["code", "--folder", "@", *NT, "--site", "s", "--nope"], "--nope"),
    (["code", "--folder", "@", "--region", " ", "--terminal", "x", "--site", "s"], "--region"),
    (["ticket", "--folder", "@", *NT, *GOODS, "--door", "x"], "--door"),
    (["idcode", "--folder", "@", *CODE, "--birth", "1.5.49"], "write it as 1949-05-15"),
    (["idcode", "--folder", "@", *CODE, "--minutes", "-1"], "--minutes"),
    (["idcode", "--folder", "@", *CODE, "--minutes", "9" * 30], "1 to 100000"),
    (["idcode", "--folder", "@", "--number", "1", "--name", "\udcff"], "not text in UTF-8"),
    (["staff", "add", "--folder", "@", *ANYBODY, "--role", "intake", "--region", "\udcff"], "not text in UTF-8"),
    (["keys", "switch", "--folder", "@", "--use", "seal", "--days", "x"], "1 to 3650"),
    (["keys", "switch", "--folder", "@", "--use", "x"], "--use"),
    (["carried", "--folder", "@"], "file"),
    (["serve", "--folder", "@", "--port", "99999"], "0 to 65535"),
    (["serve", "--folder", "@", "--workers", "0"], "1 to 256"),
    (["serve", "--folder", "@", "--keep", "x=1"], "withdrawn"),
    (["serve", "--folder", "@", "--database", "mysql://u:secret@h/x"], "postgresql://user@host/name"),
    (["serve", "--folder", "@", "--database", "postgresql://u@h:port/x"], "postgresql://user@host/name"),
    (["serve", "--folder", "@", "--oidc", "~/none"], "written rightly"),
    (["serve", "--folder", "@", "--oidc", "~/file"], "no JSON"),
]


@pytest.mark.parametrize(("told", "which"), MISTYPED, ids=lambda told: " ".join(told)[-40:] if told else "nothing")
def test_what_is_mistyped_is_told_with_how_it_is_written(
    root: Path, capsys: pytest.CaptureFixture[str], told: list[str], which: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words(root, told))
    err = said(capsys, int(ended.value.code or 0), USAGE, which)
    assert "secret" not in err.splitlines()[-1]


@pytest.mark.parametrize("stdin", [None, io.StringIO("\n"), io.StringIO(" \n")])
@pytest.mark.parametrize(
    "told",
    [["export-person", "--into", "~/none", "--why", "w"], ["staff", "add", *ANYBODY, "--password-stdin"]],
    ids=["export-person", "staff"],
)
def test_where_nothing_is_typed_nothing_is_done(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, told: list[str], stdin: object
) -> None:
    monkeypatch.setattr(sys, "stdin", stdin)
    said(capsys, main([*words(root, told), "--folder", str(root / "central")]), EXIT_CANNOT)


def test_what_is_piped_in_must_be_text(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\n"), "utf-8"))
    code = main(words(root, ["export-person", "--folder", "@", "--into", "~/none", "--why", "w"]))
    said(capsys, code, EXIT_CANNOT, "UTF-8")


def test_a_number_is_piped_in_and_a_stranger_s_is_said_to_be_one(
    begun: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("310101194905150023\n"))
    into = tmp_path / "person"
    assert main(["export-person", "--folder", str(begun / "central"), "--into", str(into), "--why", "w"]) == 0
    assert "nothing is kept about this number" in capsys.readouterr().out
    assert (into / "person.json").exists()


def test_a_port_and_an_address_that_are_not_to_be_had_are_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = ["--folder", str(root / "central")]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said(capsys, main(["serve", *folder, "--port", port]), EXIT_CANNOT, port, "another program listens")
    code = main(["serve", *folder, "--host", "192.0.2.1", "--behind-proxy", "--port", "0"])
    said(capsys, code, EXIT_CANNOT, "192.0.2.1", "--host")


@pytest.mark.parametrize(
    "told", [["serve", "--port", "0"], ["restore", "--from", "~/backup", "--keys", "~/central/keys"]]
)
def test_a_folder_that_a_central_serves_from_is_let_alone(
    root: Path, capsys: pytest.CaptureFixture[str], told: list[str]
) -> None:
    with (root / "central" / "serve.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code = main([*words(root, told), "--folder", str(root / "central")])
    said(capsys, code, EXIT_CANNOT, str(root / "central"), "end ")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else for a moment")
@pytest.mark.parametrize(
    "told",
    [
        ["staff", "list"], ["keys", "list"], ["backup", "--to", "~/b"], ["serve", "--port", "0"],
        ["code", *NT, "--site", "s"],
    ],
    ids=lambda told: told[0],
)  # fmt: skip
def test_another_account_is_told_to_be_the_right_one(
    root: Path, capsys: pytest.CaptureFixture[str], told: list[str]
) -> None:
    os.seteuid(65534)
    try:
        code = main([*words(root, told), "--folder", str(root / "central")])
    finally:
        os.seteuid(0)
    said(capsys, code, EXIT_CANNOT, str(root / "central"), "this account may not")


@pytest.mark.parametrize(
    ("text", "which"),
    [("departments: [3", "departments.yaml:2"), ("departments: 3", "departments"), ("depatments: {}", "depatments")],
)
def test_a_file_of_departments_that_is_wrong_is_named_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, which: str
) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "departments.yaml").write_text(text)
    said(capsys, main(["staff", "list", "--folder", str(tmp_path)]), EXIT_CANNOT, str(tmp_path), which)


@pytest.mark.parametrize(
    ("url", "do"), [("mysql://u:secret@h/x", "expected"), ("postgresql://u:secret@127.0.0.1:1/x", "does not answer")]
)
def test_a_database_that_is_none_is_told_without_its_password(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, url: str, do: str
) -> None:
    monkeypatch.setenv("NUANTING_DATABASE", url)
    err = said(capsys, main(["staff", "list", "--folder", str(root / "central")]), EXIT_CANNOT, "NUANTING_DATABASE", do)
    assert "secret" not in err


def every_command(capsys: pytest.CaptureFixture[str], *group: str) -> Iterator[list[str]]:
    """As the help lists them."""
    with pytest.raises(SystemExit):
        main([*group, "--help"])
    told = capsys.readouterr().out
    listed = re.search(r"\{([a-z,-]+)\}", told)
    if "--folder" in told or listed is None:
        yield list(group)
        return
    for name in listed[1].split(","):
        yield from every_command(capsys, *group, name)


def test_every_command_is_told_in_the_same_way_which_central(capsys: pytest.CaptureFixture[str]) -> None:
    commands = list(every_command(capsys))
    assert len(commands) > 20
    commands.remove(["audit", "verify"])  # needs none
    for command in commands:
        with pytest.raises(SystemExit):
            main([*command, "--folder", "f", "--blobs", "s3://b/x", "--database", "mysql://u@h/x"])
        assert "--database: postgresql://user@host/name is expected" in capsys.readouterr().err, command


def test_what_is_told_by_hand_holds_before_what_the_environment_names(
    begun: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[CentralSettings] = []

    def looked_at(settings: CentralSettings) -> None:
        seen.append(settings)
        raise StoreUnavailable("enough")

    monkeypatch.setattr("central.__main__.open_central", looked_at)
    monkeypatch.setenv("NUANTING_DATABASE", "postgresql://u@other/x")
    monkeypatch.setenv("NUANTING_BLOBS", "s3://other/x")
    where = ["--folder", str(begun / "central"), "--database", "postgresql://u@h/x", "--blobs", "s3://b/x"]
    for command in (["publish", "--catalogue", "c"], ["carried", "letter", "--catalogue", "c"], ["staff", "list"]):
        assert main([*command, *where]) == EXIT_CANNOT
        assert (seen[-1].database, seen[-1].blobs) == ("postgresql+psycopg://u@h/x", "s3://b/x")
    assert [each.catalogue for each in seen] == [CATALOGUE, Path("c"), CATALOGUE]  # worked by until one is published


def test_an_answer_that_nobody_reads_is_told_of_what_was_done(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = ["keys", "list", "--folder", str(root / "central")]
    with Path("/dev/full").open("w", encoding="utf-8") as full, monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", full)
        code = main(told)
    said(capsys, code, EXIT_CANNOT, "it was done", "No space left")
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", None)
        code = main(told)
    said(capsys, code, EXIT_CANNOT, "it was done")
    narrow = io.TextIOWrapper(io.BytesIO(), "ascii")
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", narrow)
        assert main(told) == 0


def test_a_hand_that_stops_a_command_sees_no_traceback(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped() -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.stdin, "readline", stopped, raising=False)
    code = main(words(root, ["export-person", "--folder", "@", "--into", "~/none", "--why", "w"]))
    said(capsys, code, STOPPED, "before it was done")


def test_every_word_with_which_rules_refuse_has_its_sentence() -> None:
    source = Path(staff.__file__).read_text("utf-8")
    raised = {part.split('"')[0] for part in source.split('StaffRefused("')[1:]}
    assert len(raised) == 9
    assert raised <= REFUSED.keys()
    found = Path(audit_rules.__file__).read_text("utf-8").split('yield Fault(line, "')[1:]
    assert {part.split('"')[0] for part in found} <= REFUSED.keys()
    assert refused("new.word") == "new.word"
    assert all(len(sentence.split()) > 8 for sentence in REFUSED.values())


@pytest.mark.parametrize(
    ("said_by_it", "do"),
    [
        ("database or disk is full", "Make room"),
        ("attempt to write a readonly database", "the one that central runs as"),
        ("database is locked", "in a moment"),
        ("FATAL: password authentication failed for user", "NUANTING_DATABASE"),
        ('FATAL: database "x" does not exist', "make it"),
        ("something nobody foresaw 310101194905150023", "Is the disk or PostgreSQL well?"),
    ],
)
def test_a_store_that_refuses_is_told_by_what_to_do_and_not_in_its_own_words(said_by_it: str, do: str) -> None:
    failed = StoreUnavailable("OperationalError")
    failed.__cause__ = Exception(said_by_it)
    told = why(failed, Path("/var/lib/central"))
    assert "/var/lib/central" in told
    assert do in told
    assert "310101" not in told


def test_a_region_that_central_does_not_know_is_asked_about(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = ["code", "--folder", "@", "--terminal", "NT-1", "--site", "s", "--region"]
    assert main(words(root, [*told, "上海"])) == 0
    said = capsys.readouterr()
    assert len(said.out.split()) == 1  # the code is made all the same: the first terminal of a district may be first
    assert "no region 上海" in said.err
    assert "sh-310101 (Huangpu" in said.err
    assert main(words(root, [*told, "sh-310101"])) == 0
    assert capsys.readouterr().err == ""
    somebody = ["staff", "add", "--folder", "@", "--login", "wen", "--name", "Wen", "--role", "reviewer", "--region"]
    assert main(words(root, [*somebody, "sh-999999"])) == 0
    assert "no region sh-999999" in capsys.readouterr().err


def test_what_was_never_an_audit_is_refused_in_one_line(
    begun: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, key, wrong = tmp_path / "audit", tmp_path / "key", tmp_path / "letters"
    assert main(["audit", "export", "--folder", str(begun / "central"), "--file", str(whole), "--key", str(key)]) == 0
    wrong.write_text("a line of another file\n" * 60)
    capsys.readouterr()
    assert main(["audit", "verify", "--file", str(wrong), "--key", str(key)]) == EXIT_CANNOT
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_backup_of_an_empty_central_says_so(begun: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", "--folder", str(begun / "central"), "--to", str(tmp_path / "copy")]) == 0
    assert "no letters yet" in capsys.readouterr().out


def test_a_command_logs_warnings_and_no_daily_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.root, "handlers", [])
    monkeypatch.setattr(logging.root, "level", logging.WARNING)
    told = io.StringIO()
    say_logs(told, logging.WARNING)
    logging.getLogger("central.working").info("works by edition 1")
    logging.getLogger("central.working").warning("an edition is not worked by")
    assert "works by" not in told.getvalue()
    assert "not worked by" in told.getvalue()
