"""Searches log lines for what must not stand in them: passwords, tokens, personal numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    Code,
    Dockerfiles,
    Draft,
    Example,
    Files,
    Signal,
    check,
    each,
    examined,
    failed,
    passed,
    unsure,
)

from ._services import onstage, services
from .log_levels import DEBUG_CALL, ERROR_CALL, INFO_CALL, WARN_CALL

LOGGED_SECRET = Signal(
    id="monitoring.logged-secret",
    pattern=r"^.{0,60}?(?:\b(?i:log)|logger|logging|logrus|slog|klog|console|\bprint|System\.out)"
    r"(?:\(\))?(?:(?:\.|->|::)\w{1,12}[(\s]|\w{0,6}!?\(|\.?\s(?=[\"'`]))"
    r".{0,150}(?i:passw|secret|token|api_?key|private_?key|card_?number|credit_?card|cvv|ssn|authorization)\w{0,30}",
    kept=ALL,
)
LOGGED_PERSON = Signal(
    id="monitoring.logged-person",
    pattern=r"^.{0,60}?(?:\blog|logger|logging|logrus|slog|klog|console|\bprint|System\.out)(?:\(\))?(?:\.|->|::)?\w{0,12}[(\s]"
    r".{0,150}[.{,(\s>](e_?mail|phone|birth_?da\w{1,9}|ip_?address|full_?name|passport|iban|street|address)\w{0,10}\s{0,5}[)},\]]",
    kept=ALL,
)
_WRITTEN = r"(?:\blog\w*(?:\.|->)\w{1,10}\(|console\.\w{1,6}\(|System\.out\.print\w*\(|\bprint(?:ln)?\().{0,200}"
LOGGED_WHOLE = Signal(
    id="monitoring.logged-as-a-whole",
    pattern=_WRITTEN + r"(?:stringify\(\s*(?:req|request|ctx\.request)\.(?:body|headers)\b|"
    r"\$\{\s*(?:req|request)\.(?:body|headers)\s*\}|"
    r"getFirst\(\s*\"Authorization\"|getHeader\(\s*\"Authorization\"|headers(?:\.|\[[\"'])authorization\b)",
    kept=ALL,
)
REDACTION = Signal(
    id="monitoring.log-redaction",
    pattern=r"MaskingJsonGeneratorDecorator|\bReplaceAttr:\s*func|"
    r"class (?:Blank|Mask|Scrub|Redact|Sanitiz|Pii|Sensitive)\w*\((?:logging\.)?Filter\)|"
    r"config\.filter_parameters|\bredact\s{0,5}[:=(](?!\s{0,5}\[\s{0,5}\])|redact_?(fields|keys|paths|processor|filter|secrets|sensitive)|"
    r"before_send.{0,60}scrub|maskPattern|MaskingPattern|^.{0,80}?log.{0,80}(scrub|redact)(?!\s{0,5}[:=]\s{0,5}\[\s{0,5}\])|"
    r"^.{0,80}?(scrub|redact)\w{0,20}.{0,60}(processor|filter|log)",
    roles=("source", "config"),
)
_SETS_UP = re.compile(r"\bnew \w{0,40}Logger\(|\bcreate_?Logger\(|\breplacer\w{0,10}\b", re.IGNORECASE)
"""Makes the logger itself: what it names of secrets, it leaves out."""
_CALL = re.compile(
    r"(?:\blog(?:ger|ging|rus)?|slog|klog|console|_logger|LOG|\bprint|System\.out)(?:\(\))?(?:(?:\.|->|"
    r"::)\w+)*!?[(\s](.*)",
    re.IGNORECASE,
)
_TEXT = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`")
_FILLED = re.compile(r"[$#]?\{([^{}]*)\}")
_NAME = re.compile(r"[A-Za-z_$][\w$]*(?:(?:\.|->|::|\?\.)[A-Za-z_$][\w$]*|\[[:'\"]*[\w-]+['\"]*\])*(?!\w*\()")
_SECRET = re.compile(
    r"(?:^|.*[._\]>:\[][\"']?)(?:(?:\w+_)?(?:password|passwd|passphrase)|(?:\w*[a-z])?Password|pwd|client_?secret|"
    r"secret_?key|api_?secret|"
    r"(?:access|refresh|auth|bearer|session|id|api|csrf|reset)_?token|jwt|api_?key|private_?key|card_?number|"
    r"credit_?card(?:_?number)?|"
    r"cvv|cvc|ssn|social_security_number|authorization)[\])'\"]*$",
    re.IGNORECASE,
)
_OF_ONE = re.compile(
    r"(?:^|[._>:])(?:tpl|template|err(?:or)?|flag|has|is|show|hide|require[sd]?|forgot(?:ten)?|lost|"
    r"reset|change[sd]?|invalid|wrong|missing|expired)_?(?=[A-Z]|\w{0,30}(?<=_)pass)\w*pass",
    re.IGNORECASE,
)
"""What tells of a password and is none: ``notifs.TplForgotPassword``, ``ErrInvalidPassword``."""
_HARMLESS = re.compile(
    r"mask|redact|substr|slice|\blast|saniti|obfus|\bhash|len\(|length|\*\*\*|\bis (not )?none|!!|filter|\bbool|"
    r"presence|\bnil\?|has_?pass|fingerprint|[!=]==? ?(null|undefined|nil|\"\")",
    re.IGNORECASE,
)


@check(
    "OBS-4.1.7",
    shows=BOTH,
    clean=[
        Example(
            "fields are redacted and no call logs one",
            {
                "src/log.js": "const log = pino({ redact: ['req.headers.authorization', '*.password'] })\n",
                "src/user.js": "log.info('password changed for user %s', user.id)\n",
            },
        ),
    ],
    flagged=[
        Example("a password", {"src/login.js": "console.log(`login of ${name} with ${password}`)\n"}),
        Example(
            "where a customer lives",
            {
                "src/Ship.php": "<?php\n$this->log->info('ordered', ['order' => $order->id, 'email' => "
                "$order->person->email]);\n"
            },
        ),
        Example(
            "a member's mail address, in Ruby",
            {"app/offers.rb": 'Rails.logger.info "offer #{offer.id} from #{Current.user.email_address}"\n'},
        ),
        Example(
            "in a field of the record",
            {"tasks.py": 'log.warning("postponed", extra={"debit": debit.pk, "street": debit.tenant.street})\n'},
        ),
        Example("by its key", {"auth.py": 'log.info("login of %s with %s", body["name"], body["password"])\n'}),
        Example("a token as an argument", {"auth.py": 'logger.debug("new session %s", access_token)\n'}),
    ],
    silent=[
        Example(
            "all that was sent",
            {
                "src/log.js": "const log = pino({ redact: ['req.headers.authorization', 'body.password'] })\n"
                "app.post('/a', (req) => log.info(`new ${JSON.stringify(req.body)}`))\n"
            },
        ),
        Example(
            "words and harmless facts",
            {
                "auth.py": 'logger.info("password reset for %s", user.id)\nlogger.debug("token has %d bytes", '
                "len(access_token))\n"
                'logger.info("tokens used: %s", usage.total_tokens)\n',
                "src/pay.js": "logger.info(`charged card ending in ${cardNumber.substr(-4)}`)\n",
                "src/mail.go": 'package mail\n\nfunc f() {\n\tlog.Print("no template", tpl.ForgotPassword)\n}\n',
                "src/listen.go": 'package a\n\nfunc g() {\n\tlog.Print("listening on ", server.Address)\n}\n',
                "src/mailer.py": 'log.info("email sent to %s", user.id)\n',
                "src/wrap.ts": "export const log = new Logger({ jsonReplacerFn: (k, v) => "
                "(/token|authorization/i.test(k) ? '[hidden]' : v) });\n",
                "src/frontend/app.js": "console.log(`login with ${password}`)\n",
            },
        ),
    ],
    reads=[LOGGED_SECRET, LOGGED_WHOLE, LOGGED_PERSON, REDACTION, ERROR_CALL, WARN_CALL, INFO_CALL, DEBUG_CALL],
)
def secrets_in_logs(code: Code, files: Files, dockerfiles: Dockerfiles) -> Iterator[Draft]:
    """No log call names a variable with a password, token, key or card number, and the logger redacts such fields."""
    found = onstage(code[LOGGED_SECRET]).saying(lambda hit: logged_secret(hit.text) and not _SETS_UP.search(hit.text))
    calls = sum(code[signal].total for signal in (ERROR_CALL, WARN_CALL, INFO_CALL, DEBUG_CALL))
    if found:
        what = logged_secret(found[0].text)
        yield failed(
            each(found).like(f"'{what}' is written to the log", "{line|lines} {logs} something secret"),
            examined(code.files(), "source files"),
            confidence="medium",
        )
        return
    if whole := onstage(code[LOGGED_WHOLE]):
        yield unsure(f"All that was sent may be written to the log: {whole[0].text}", whole)
        return
    redacts, people = code[REDACTION].places, onstage(code[LOGGED_PERSON])
    if named := people.saying(lambda hit: logged_person(hit.text)):
        what = logged_person(named[0].text)
        yield failed(
            each(named).like(f"'{what}' is written to the log", "{line|lines} {logs} something about a person"),
            examined(code.files(), "source files"),
            confidence="medium",
        )
        return
    if redacts and people:
        yield unsure(f"Secrets are redacted, and this line may log personal data: {people[0].text}", people)
    elif redacts and calls and services(files, dockerfiles).coverage(redacts.files).whole:
        yield passed(
            f"Log fields are redacted, and no call logs a secret: {redacts[0].text}",
            redacts,
            examined(calls, "log calls"),
            confidence="medium",
        )


_PERSON = re.compile(
    r".*[._>\])](?:e_?mail(?:_?address)?|phone(?:_?number)?|street|(?:postal|home|street|shipping)?_?address|full_?name|birth_?da(?:te|y)|"
    r"date_of_birth|iban|passport(?:_?number)?)$",
    re.IGNORECASE,
)
_OF_MACHINES = re.compile(
    r"(?:server|listener?|socket|local|remote|bind|host|peer|contract|wallet|mac|memory|client|conn|node|net|addr)\w*(?:\.|->|::)\w*address$"
    r"|(?:^|[._>])(?:server|listen|bind|local|remote|ip|mac|memory|base|contract|wallet|smtp|from|sender|reply|support|admin)\w*$",
    re.IGNORECASE,
)


def logged_person(line: str) -> str:
    """The name of what a log call on *line* writes of a person, such as an address; empty where there is none."""
    return _named(line, _PERSON, _OF_MACHINES)


def logged_secret(line: str) -> str:
    """The name of the secret variable whose value a log call on *line* writes; empty where there is none."""
    return _named(line, _SECRET, _OF_ONE)


def _named(line: str, sought: re.Pattern[str], but: re.Pattern[str]) -> str:
    """The first name in a log call that *sought* matches and *but* does not."""
    call = _CALL.search(line)
    if not call or _HARMLESS.search(call[1]):
        return ""
    arguments = call[1]
    filled = " , ".join(
        part
        for text in _TEXT.finditer(arguments)
        for part in _FILLED.findall(next((g for g in text.groups() if g), ""))
    )
    for name in _NAME.findall(f"{_TEXT.sub(_kept, arguments)} , {filled}"):
        if sought.match(name) and not but.search(name):
            return str(name)
    return ""


def _kept(text: re.Match[str]) -> str:
    """A text inside brackets is a key, such as ``params["password"]``, and stays; others are prose."""
    before = text.string[text.start() - 1 : text.start()]
    return text[0] if before == "[" else " "
