"""Puts the command together: imports a subcommand when it is used, turns mistakes into messages."""

from __future__ import annotations

import errno
import gc
import importlib
import os
import sys

import click

_COLLECTED = (100_000, 20, 20)
"""When garbage is looked for: what a command makes is mostly kept, and looking at all of it so often only costs."""

COMMANDS: dict[str, dict[str, str]] = {
    "Judge": {
        "review": "Review a release: evidence, verdict, record and report.",
        "resume": "Continue an interrupted run.",
    },
    "Look": {
        "show": "Show a run, or one criterion of it.",
        "runs": "List recorded runs and their trend; `runs prune` deletes old ones, `runs hold` keeps one.",
        "export": "Write a run's result as JSON, Markdown or HTML, or its record as one file.",
    },
    "Audit": {
        "verify": "Check that a record is what was written.",
        "replay": "Re-derive a recorded run, offline, and compare bytes; watch it again; or ask what if.",
        "diff": "Say what differs between two runs.",
        "sign": "Add a signature to a finished run's in-toto statement, with a timestamp on request; or make a key.",
        "anchor": "Record a run's head outside its folder.",
    },
    "Learn": {
        "explain": "Explain a criterion: why, what decides it, examples.",
        "criteria": "List the criteria.",
        "agents": "List the agents and their checks.",
    },
    "Set up": {
        "init": "Write a readiness.yaml for this repository.",
        "dismiss": "Say that a finding is none: `dismiss CRITERION@PLACE --reason …`.",
        "words": "Sign people's words: `words sign FILE`.",
        "config": "Bring a readiness.yaml into the form of today: `config migrate`.",
        "doctor": "Check that everything a review needs is there.",
    },
}


class Lazy(click.Group):
    """A group whose subcommands are modules of this room, imported when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for group in COMMANDS.values() for name in group]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"orchestrator.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, group in COMMANDS.items():
            with formatter.section(title):
                formatter.write_dl(list(group.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.list_commands(ctx) and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            hint = f"did you mean '{near[0]}'?" if near else "`gonogo --help` lists all"
            raise click.UsageError(f"no command '{args[0]}'; {hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(None, "--version", package_name="gonogo", message="gonogo %(version)s")
def app() -> None:
    """
    A release goes in, a verdict with evidence comes out: PRODUCTION READY or ROLLBACK.

    \b
    Start with:    gonogo review .
    Exit codes:    0 ready · 1 not ready · 2 usage or configuration · 3 could not judge
                   6 a person must decide · 7 record not genuine · 8 replay diverged · 130 interrupted
    """


def run() -> None:
    """Run the command line; what it says holds no credential of its environment."""
    from ..redaction import withholding
    from . import _stopping
    from ._guard import guard

    _open_streams()
    guard()
    gc.set_threshold(*_COLLECTED)
    _stopping.install()
    try:
        with withholding(environment=os.environ):
            code = _run()
    except KeyboardInterrupt:
        code = _stopping.CODE
    if code == _stopping.CODE:
        _stopping.leave()
    _stopping.at_once()
    gc.freeze()  # the interpreter looks for garbage once more when it ends, in all that goes with it anyway
    sys.exit(code)


def _run() -> int:
    """The exit code; every mistake of the user ends in a message and its exit code, never in a traceback."""
    try:
        code = app.main(prog_name="gonogo", standalone_mode=False)
    except click.ClickException as error:
        _say(f"error: {error.format_message()}", _usage(error))
        code = 2
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123  # the reader is gone; stays open until the process ends
        code = 141
    except Exception as error:  # noqa: BLE001  # our bug: shown with its traceback, credentials withheld
        from ..errors import OrchestratorError

        if isinstance(error, OSError) and error.errno in _FULL and error.filename is None:
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123  # what it still holds would fail again at the end
            _say(f"error: the output cannot be written: {error.strerror}\n help: `gonogo show` prints it again")
            return 2
        if not isinstance(error, OrchestratorError):
            import traceback

            _say("error: gonogo itself failed; this is our bug, and the traceback below is what we need to fix it")
            _say(traceback.format_exc())
            code = 1
        else:
            _say(f"error: {error}")
            code = error.exit_code
    return code if isinstance(code, int) else 0


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG)


def _open_streams() -> None:
    """
    Have streams that take all that is said, whatever a record or a tree made of it: what cannot be encoded is escaped.

    Where one is closed, put nothing: the next file to be opened would take its place and its text.
    """
    for number, mode in enumerate(("r", "w", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
            stream = open(number, mode, closefd=False)  # noqa: SIM115  # a standard stream is never closed
            setattr(sys, ("stdin", "stdout", "stderr")[number], stream)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # they are files of text


def _usage(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return f" help: {context.command_path} --help" if context else ""


def _say(*lines: str) -> None:
    from ..redaction import redact
    from ..report.visible import visible

    for line in lines:
        if line:
            click.echo("\n".join(visible(part) for part in redact(line).split("\n")), err=True)
