"""Credentials that are given in another way than as a text to a name, and what only looks like them."""

from __future__ import annotations

import pytest

from orchestrator.redaction import find, spoken

P, T = "pass" + "word", "to" + "ken"
LONG = "f7Kq0Zr2" + "Lw9XbT4mVs6Hd1Gy"
TYPED = "Heron!7" + "quartz9"
FOUND = (
    f'var api{T.title()} string = "{LONG}"',
    f'const API_{T.upper()}: &str = "{LONG}";',
    f'static const char api_{T}[] = "{LONG}";',
    f'#define API_{T.upper()} "{LONG}"',
    f'client.setApi{T.title()}("{LONG}");',
    f"api_{T}: str = Field(default='{LONG}')",
    f"const a = process.env.MAIL_{T.upper()} || '{LONG}'",
    f"- name: LEDGER_{P.upper()}\n  value: {LONG}",
    f"- {{name: SECRET_FOR_LEDGER, value: {LONG}}}",
    f'"Server=db;User Id=sa;{P.title()}={TYPED};"',
    f"connect('host=x user=app {P}={TYPED}')",
    f'<add key="Api{T.title()}" value="{LONG}" />',
    f'<string name="mail_api_{T}">{LONG}</string>',
    f"<key>MailApi{T.title()}</key>\n<string>{LONG}</string>",
    f'buildConfigField "String", "API_{T.upper()}", "\\"{LONG}\\""',
    f"curl -u robot:{TYPED} https://x",
    f"curl -H 'X-Api-Key: {LONG}' https://x",
    f"tool --api-{T} {LONG}",
    f"CREATE USER 'a' IDENTIFIED BY '{TYPED}';",
    f"ENV MAIL_{T.upper()} {LONG}",
    f'api_{T} = \\"{LONG}\\"',
    f"'{P}' => 'Required|{TYPED}',",
    f'LATEST_API_{T.upper()} = "{LONG}"',
    f'HASH_SECRET = "{LONG}"',
    f'{T} = "qwqdSVUhn' + 'otClKkpESnnZ"',
)
LETTERS, VERSION, DOLLAR = "hViIMTl" + "oiODWAnn", "V6mQnBM" + "IdiX8WEc", "KjIg8xN$" + "be3nNy"
LIKE_OTHERS = (
    (f"jdbc:postgresql://db/shop?user=app&{P}={VERSION}", VERSION),
    (f"connect('DRIVER={{ODBC}};SERVER=db.x.net;UID=app;PWD={LETTERS}')", LETTERS),
    (f"curl -u robot:{LETTERS} https://x", LETTERS),
    (f"//registry.x.net/:_auth={LONG}", LONG),
    (f"MAIL_{P.upper()}={DOLLAR}", DOLLAR),
    (f"{P} = {VERSION}", VERSION),
)
NONE = (
    f'parser.add_argument("--{T}", type=str)',
    f'value={{config?.accessKeySecret ?? ""}} {P}',
    f"`curl -u username:{T}`,",
    "export DSN='https://19555c489ded4769978daae92f2346ca@errors.example.net/3'",
    f'"hashed_secret": "{LONG.lower()}"',
    f"<PublicKey{T.title()}>B77A5C561934E089</PublicKey{T.title()}>",
    f'One{P.title()} = "bada5566-a7aa-401f-bd96-45619a55120d"',
    f'csrf_{T} = "{LONG}"',
    f'fake_{T} = "{LONG}"',
    f'{T} = "kestrelsFlyHighAtNoonToday"',
    f"{P}: ${{MAIL_{P.upper()}}}",
    '("authtoken", "0004_alter_tokenproxy_options"),',
    f"'{P}' => 'required|string',",
    f"'{P}' => 'required|alpha_dash|min:8|max:255|confirmed',",
    f"'{P}' => 'required_with:email|min:8',",
    f'client.getApi{T.title()}("{LONG}");',
    f"{P} = P-256-with-SHA",
    f"{P}_authentication=scram-sha-256",
    f'"change_{P}": "5/m/user"',
    f"paths: ['*.{P}', '*.email']",
    f"{T} = 'RS256-SHA2'",
    f"MAIL_{P.upper()}=$MAIL",
    "//registry.x.net/:_auth=${NPM}",
    f"{P} = getHttpUrlOfShop",
    f'user.set{P.title()}("[PROTECTED-HERE]");',
    f'{P} = "<your-own-word>"',
)


def told(text: str) -> list[str]:
    data = text.encode()
    found = find(data)
    return [text[match.start : match.end] for match in (*found, *spoken(data, found))]


@pytest.mark.parametrize(("text", "value"), LIKE_OTHERS)
def test_like_something_else(text, value):
    """
    A value that begins as a version does, is all letters or has a dollar in it is one nevertheless.
    """
    assert [value] == told(text)


@pytest.mark.parametrize("text", FOUND)
def test_found(text):
    """
    However a program, a command or a file is written, what it gives to a name is found, and once.
    """
    (value,) = told(text)

    assert value in (LONG, TYPED, f"Required|{TYPED}") or text.endswith(f'"{value}"')


@pytest.mark.parametrize("text", NONE)
def test_not_found(text):
    """
    A reference, an argument, a number for a thing and the name of another thing are no credential.
    """
    assert [] == told(text)


@pytest.mark.parametrize(("value", "kinds"), [(TYPED, 1), ("heron", 0), ("changeme99", 0)])
def test_what_it_has_to_look_like(value, kinds):
    """
    What is withheld from a record because of its name alone is not yet a finding.
    """
    assert kinds == len(told(f"curl -u robot:{value} https://x"))
