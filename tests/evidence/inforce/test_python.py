"""Lines of Python that run are told from those that only stand there."""

from __future__ import annotations

import pytest

from orchestrator.evidence.inforce.code.python import PythonJudge
from orchestrator.evidence.inforce.force import Force, State, any_of

_WORD = "Limiter("


def judged(text: str, word: str = _WORD) -> Force:
    """The force of *word*, at the place in *text* where it counts most."""
    data, sought = text.encode("utf-8", "surrogateescape"), word.encode()
    judge = PythonJudge(data)
    forces = []
    at = data.find(sought)
    while at >= 0:
        forces.append(judge.judge(at, at + len(sought)))
        at = data.find(sought, at + 1)
    return any_of(forces)


IN_FORCE = {
    "plain": "limiter = Limiter(key_func=get_remote_address)\n",
    "in a function": "def create_app():\n    app = Flask(__name__)\n    Limiter(app)\n    return app\n",
    "in production": "if not DEBUG:\n    limiter = Limiter(app)\n",
    "where settings are no debugging ones": "if not settings.DEBUG:\n    limiter = Limiter(app)\n",
    "beside development": "if settings.DEBUG:\n    app.debug = True\nelse:\n    limiter = Limiter(app)\n",
    "for an environment": "if os.environ.get('ENV') == 'production':\n    limiter = Limiter(app)\n",
    "for other environments than development": "if os.environ['APP_ENV'] != 'development':\n    Limiter(app)\n",
    "for several environments": "if ENVIRONMENT in ('staging', 'production'):\n    Limiter(app)\n",
    "after a return that development takes": "def f(app):\n    if app.debug:\n        return\n    Limiter(app)\n",
    "on by default": "if os.environ.get('USE_LIMITS', '1') == '1':\n    Limiter(app)\n",
    "on by default, as a truth": "if env.bool('USE_LIMITS', default=True):\n    Limiter(app)\n",
    "not switched off by default": "if not os.environ.get('DISABLE_LIMITS', False):\n    Limiter(app)\n",
    "where an address is set": (
        "if os.environ.get('REDIS_URL'):\n    Limiter(app, storage_uri=os.environ['REDIS_URL'])\n"
    ),
    "where a name is set": "REDIS_URL = os.environ.get('REDIS_URL')\nif REDIS_URL:\n    Limiter(app)\n",
    "where a request decides": "def f(request):\n    if request.method == 'POST':\n        Limiter(app).check()\n",
    "with a constant that is true": "ON = True\nif ON:\n    limiter = Limiter(app)\n",
    "a name with two values": "ON = False\nON = find()\nif ON:\n    limiter = Limiter(app)\n",
    "a name that another function sets": (
        "ON = False\ndef f():\n    global ON\n    ON = True\nif ON:\n    Limiter(app)\n"
    ),
    "where a library is there": "try:\n    import x\nexcept ImportError:\n    x = None\nlimiter = Limiter(app)\n",
    "after a return of one branch": "def f(a):\n    if a:\n        return 1\n    return Limiter(app)\n",
    "after a loop that ends": "while True:\n    if go():\n        break\nlimiter = Limiter(app)\n",
    "after a raise that is caught": "try:\n    raise A\nexcept A:\n    pass\nLimiter(app)\n",
    "after a raise that is let go": "with suppress(A):\n    raise A\nLimiter(app)\n",
    "as a main program": "if __name__ == '__main__':\n    Limiter(app)\n",
    "at a route": "@app.get('/x')\n@limiter.Limiter('5/minute')\ndef _x():\n    return 1\n",
    "in a route": "@app.get('/x')\ndef _x():\n    return Limiter(app)\n",
    "in a handler": "@receiver(post_save)\ndef _saved(sender, **kwargs):\n    Limiter(app)\n",
    "in a method of a framework's class": "class A(View):\n    def _dispatch(self):\n        Limiter(app)\n",
    "in a mixin": "class AMixin:\n    def _dispatch(self):\n        Limiter(app)\n",
    "in a private function that is called": "def _f(app):\n    Limiter(app)\n\n\ndef create_app():\n    _f(App())\n",
    "in a nested function that is given back": (
        "def limit(f):\n    def inner(*a):\n        Limiter(a)\n    return inner\n"
    ),
    "in a private function named in a text": "TASKS = ['jobs._f']\ndef _f(app):\n    Limiter(app)\n",
    "in a class that is made": "class _A:\n    def __init__(self):\n        self.limiter = Limiter(app)\nA = _A()\n",
    "in a property": "class A:\n    @property\n    def _limiter(self):\n        return Limiter(app)\n",
    "in a private method that is called": (
        "class A:\n    def _f(self):\n        Limiter(app)\n    def f(self):\n        self._f()\n"
    ),
    "in a lambda": "limiter = LocalProxy(lambda: Limiter(app))\n",
    "set again after it was used": "limiter = Limiter(app)\napp.state.limiter = limiter\nlimiter = None\n",
    "set again by its own": "limiter = Limiter(app)\nlimiter = wrap(limiter)\n",
    "set first": "limiter = None\nlimiter = Limiter(app)\n",
    "another key is set": "app.config['A'] = Limiter(app)\napp.config['B'] = None\n",
    "another place is set": "app.a = Limiter(app)\napp.b = None\n",
    "set again in one case": "limiter = Limiter(app)\nif settings.TESTING:\n    limiter = None\n",
    "a part of another list is removed": "ITEMS = [Limiter(app)]\nOTHERS.remove('x')\n",
    "imported, with a way out": (
        "try:\n    from x import Limiter\nexcept ImportError:\n    Limiter = None\nLimiter(app)\n"
    ),
    "an own one that works": "def Limiter(app):\n    app.before_request(count)\n\n\nLimiter(app)\n",
    "switched on": "Limiter(app, enabled=True)\n",
    "beside a comment": "limiter = Limiter(app)  # as it should be\n",
    "beside a hash in a text": "go('#', Limiter(app))\n",
    "in a list comprehension": "limiters = [Limiter(app) for app in apps]\n",
    "in the choice that is made": "limiter = Limiter(app) if True else None\n",
    "in an f-string": "go(f'{Limiter(app)}')\n",
    "in odd bytes": "'\udcff'; limiter = Limiter(app)\n",
    "after a mark of its bytes": "\ufefflimiter = Limiter(app)\n",
    "with ends of lines of Windows": "x = 1\r\nlimiter = Limiter(app)\r\n",
    "with types as Python 3.12 has them": "class A[T: int](B):\n    limiter = Limiter(app)\ntype X = int\n",
    "where an object says": "def f(user):\n    if user.is_enabled:\n        Limiter(user)\n",
    "where something was worked out": "def f(a):\n    use_limits = g(a)\n    if use_limits:\n        Limiter(a)\n",
    "with a list that is filled": "ALL = []\nALL.append(1)\nif ALL:\n    Limiter(app)\n",
    "after a list is empty": "ALL = []\ndef f():\n    if not ALL:\n        return\n    Limiter(app)\n",
    "with less to log": "if settings.LOG_LEVEL != 'DEBUG':\n    Limiter(app)\n",
    "a constant that other settings may change": "ON = False\nfrom .local import *\nif ON:\n    Limiter(app)\n",
    "where a setting has to be made": "if not settings.LIMITS:\n    raise ValueError\nlimiter = Limiter(app)\n",
    "in a mode of a function": "def f(mode):\n    if mode == 'json':\n        return Limiter(app)\n",
    "where somebody has a profile": "def f(profile):\n    if profile is None:\n        return\n    Limiter(profile)\n",
    "with an argument": "def f(app=None):\n    if app:\n        Limiter(app)\n",
    "in all stages but one": "if os.environ['ENV'] != 'staging':\n    Limiter(app)\n",
    "several on a line": "x = 1; limiter = Limiter(app); y = 2\n",
}
VOID = {
    "a comment": "# limiter = Limiter(app)\n",
    "behind a line": "limiter = None  # Limiter(app)\n",
    "inside an expression": "limiter = find(\n    app,\n    # Limiter(app),\n)\n",
    "a docstring": 'def f():\n    """\n    limiter = Limiter(app)\n    """\n',
    "a bare text": "x = 1\n'''\nlimiter = Limiter(app)\n'''\n",
    "a program in a text": "EXAMPLE = '''\nfrom slowapi import Limiter\nlimiter = Limiter(app)\n'''\nprint(EXAMPLE)\n",
    "a line in a text": "EXAMPLE = 'limiter = Limiter(app)'\nprint(EXAMPLE)\n",
    "a printed call": "print('app.use(Limiter(app))')\n",
    "a call in a text": "USED = 'limits.Limiter(app)'\nprint(USED)\n",
    "if False": "if False:\n    limiter = Limiter(app)\n",
    "if 0": "if 0:\n    limiter = Limiter(app)\n",
    "if None": "if None:\n    limiter = Limiter(app)\n",
    "if an empty text": "if '':\n    limiter = Limiter(app)\n",
    "if an empty list": "if []:\n    limiter = Limiter(app)\n",
    "if not True": "if not True:\n    limiter = Limiter(app)\n",
    "if a sum of nothing": "if 1 - 1:\n    limiter = Limiter(app)\n",
    "if False and more": "def f(x):\n    if False and x:\n        Limiter(app)\n",
    "if more and False": "def f(x):\n    if x and False:\n        Limiter(app)\n",
    "if constants differ": "if 1 > 2:\n    limiter = Limiter(app)\n",
    "if texts differ": "if 'a' == 'b':\n    limiter = Limiter(app)\n",
    "not in a constant list": "if 'a' in ():\n    limiter = Limiter(app)\n",
    "if bool(0)": "if bool(0):\n    limiter = Limiter(app)\n",
    "for types only": "if TYPE_CHECKING:\n    limiter = Limiter(app)\n",
    "for types only, dotted": "if typing.TYPE_CHECKING:\n    limiter = Limiter(app)\n",
    "else of True": "if True:\n    pass\nelse:\n    limiter = Limiter(app)\n",
    "elif after True": "if True:\n    pass\nelif x:\n    limiter = Limiter(app)\n",
    "a constant": "USE_LIMITS = False\nif USE_LIMITS:\n    limiter = Limiter(app)\n",
    "a constant with a type": "USE_LIMITS: bool = False\nif USE_LIMITS:\n    limiter = Limiter(app)\n",
    "a constant of a constant": "OFF = False\nUSE_LIMITS = OFF\nif USE_LIMITS:\n    limiter = Limiter(app)\n",
    "a constant in a function": "USE = False\ndef f(app):\n    if USE:\n        Limiter(app)\n",
    "a constant that is compared": "MODE = 'off'\nif MODE == 'on':\n    limiter = Limiter(app)\n",
    "while False": "while False:\n    limiter = Limiter(app)\n",
    "for nothing": "for app in []:\n    limiter = Limiter(app)\n",
    "a list of nothing": "limiters = [Limiter(app) for app in ()]\n",
    "the other choice": "limiter = None if True else Limiter(app)\n",
    "the choice not made": "limiter = Limiter(app) if False else None\n",
    "and": "False and Limiter(app)\n",
    "or": "True or Limiter(app)\n",
    "after a return": "def f(app):\n    return None\n    Limiter(app)\n",
    "after a raise": "def f(app):\n    raise A\n    Limiter(app)\n",
    "after sys.exit": "sys.exit(0)\nlimiter = Limiter(app)\n",
    "after exit": "exit()\nlimiter = Limiter(app)\n",
    "after an assertion": "assert False\nlimiter = Limiter(app)\n",
    "after continue": "for app in apps:\n    continue\n    Limiter(app)\n",
    "after break": "for app in apps:\n    break\n    Limiter(app)\n",
    "after both branches": "def f(a):\n    if a:\n        return 1\n    else:\n        raise A\n    Limiter(app)\n",
    "after if True": "def f(app):\n    if True:\n        return\n    Limiter(app)\n",
    "after not a debugging one": "def f(app):\n    if not app.debug:\n        return\n    Limiter(app)\n",
    "after with": "def f(app):\n    with a:\n        return\n    Limiter(app)\n",
    "after try": "def f(app):\n    try:\n        return 1\n    except A:\n        return 2\n    Limiter(app)\n",
    "after finally": "def f(app):\n    try:\n        go()\n    finally:\n        return 2\n    Limiter(app)\n",
    "after an endless loop": "while True:\n    go()\nlimiter = Limiter(app)\n",
    "a function inside what is not reached": "def f():\n    return\n    def g():\n        Limiter(app)\n    g()\n",
    "a nested function": "def create_app():\n    def limit():\n        Limiter(app)\n    return App()\n",
    "nested functions that only call each other": (
        "def create_app():\n    def a():\n        Limiter(b())\n    def b():\n        a()\n    return App()\n"
    ),
    "a private method": "class A:\n    def _f(self):\n        Limiter(app)\n    def g(self):\n        return 1\n",
    "a private function": "def _limit():\n    Limiter(app)\n",
    "a private class": "class _A:\n    limiter = Limiter(app)\n",
    "in development": "if DEBUG:\n    limiter = Limiter(app)\n",
    "in development, by settings": "if settings.DEBUG:\n    limiter = Limiter(app)\n",
    "in development, by the app": "if app.debug:\n    limiter = Limiter(app)\n",
    "in development, by config": "if app.config['DEBUG']:\n    limiter = Limiter(app)\n",
    "in development, by the environment": "if os.environ.get('ENV') == 'development':\n    Limiter(app)\n",
    "in development, by its name": (
        "ENV = os.environ.get('ENV', 'dev')\nif ENV in ('dev', 'local'):\n    Limiter(app)\n"
    ),
    "in development, by a question": "if is_development():\n    Limiter(app)\n",
    "in development, by a variable": "if os.environ.get('DEBUG'):\n    Limiter(app)\n",
    "not in production": "if os.environ['ENV'] != 'production':\n    Limiter(app)\n",
    "beside production": "if IS_PRODUCTION:\n    go()\nelse:\n    Limiter(app)\n",
    "in tests": "if settings.TESTING:\n    Limiter(app)\n",
    "in tests, by what is called": "if 'test' in sys.argv:\n    Limiter(app)\n",
    "overridden": "limiter = Limiter(app)\nlimiter = None\n",
    "overridden later": "limiter = Limiter(app)\nx = 1\nlimiter = None\nuse(limiter)\n",
    "a setting, overridden": "LIMITS = Limiter(app)\nuse(LIMITS)\nLIMITS = None\n",
    "overridden attribute": "app.limiter = Limiter(app)\napp.limiter = None\n",
    "overridden key": "app.config['L'] = Limiter(app)\ngo(app)\napp.config['L'] = None\n",
    "overridden by update": "app.config['L'] = Limiter(app)\napp.config.update(L=None)\n",
    "overridden by update of a mapping": "app.config['L'] = Limiter(app)\napp.config.update({'L': None})\n",
    "overridden part of a mapping": "LIMITS = {'a': Limiter(app)}\nLIMITS['a'] = None\n",
    "overridden whole": "app.config['L'] = Limiter(app)\napp.config = {}\n",
    "overridden around": "if a():\n    LIMITS = Limiter(app)\nLIMITS = None\n",
    "deleted": "LIMITS = Limiter(app)\ndel LIMITS\n",
    "deleted key": "app.config['L'] = Limiter(app)\ndel app.config['L']\n",
    "popped key": "app.config['L'] = Limiter(app)\napp.config.pop('L', None)\n",
    "deleted attribute": "app.limiter = Limiter(app)\ndelattr(app, 'limiter')\n",
    "emptied": "LIMITS = [Limiter(app)]\nLIMITS.clear()\n",
    "switched off later": "limiter = Limiter(app)\nlimiter.enabled = False\n",
    "switched off at once": "limiter = Limiter(app, enabled=False)\n",
    "switched off by a constant": "ON = False\nlimiter = Limiter(app, enabled=ON)\n",
    "defined again": "def f():\n    return Limiter(app)\n\n\ndef f():\n    return None\n",
    "made by a stub": "class Kit:\n    def __init__(self):\n        pass\nkit = Kit()\nkit.Limiter(app)\n",
    "a stub that goes on": "def Limiter(app):\n    return None\n    app.before(count)\nlimiter = Limiter(app)\n",
    "a stub that never does it": "def Limiter(app):\n    if False:\n        go()\nlimiter = Limiter(app)\n",
    "set to nothing": "Limiter(app).rate = None\n",
    "a stub function": "def Limiter(*args, **kwargs):\n    pass\n\n\nlimiter = Limiter(app)\n",
    "a stub class": "class Limiter:\n    def __init__(self, app):\n        pass\n\n\nlimiter = Limiter(app)\n",
    "a stub over an import": "from slowapi import Limiter\ndef Limiter(f):\n    return f\nlimiter = Limiter(app)\n",
    "a stub decorator": "def Limiter(rate):\n    return lambda f: f\n\n\n@Limiter(5)\ndef x():\n    go()\n",
    "a stub decorator with a function": (
        "def Limiter(rate):\n    def inner(f):\n        return f\n    return inner\n@Limiter(5)\ndef x():\n    go()\n"
    ),
    "a stub decorator that calls": (
        "def Limiter(f):\n    def inner(*a, **k):\n        return f(*a, **k)\n    return inner\n\n\nx = Limiter(go)\n"
    ),
    "a stub lambda": "Limiter = lambda *a, **k: None\nlimiter = Limiter(app)\n",
    "a double": "Limiter = MagicMock()\nlimiter = Limiter(app)\n",
}
UNKNOWN = {
    "a flag of a function": "def f(app, use_limits=False):\n    if use_limits:\n        Limiter(app)\n",
    "another stage": "if os.environ['ENV'] == 'staging':\n    Limiter(app)\n",
    "a switch": "if os.environ.get('USE_LIMITS'):\n    limiter = Limiter(app)\n",
    "a switch by its value": "if os.getenv('USE_LIMITS') == '1':\n    limiter = Limiter(app)\n",
    "a switch that is off by default": "if env.bool('USE_LIMITS', default=False):\n    limiter = Limiter(app)\n",
    "a switch under a name": "ON = os.environ.get('USE_LIMITS')\nif ON:\n    limiter = Limiter(app)\n",
    "a setting": "if settings.RATE_LIMIT_ENABLED:\n    limiter = Limiter(app)\n",
    "a setting by key": "if app.config.get('LIMITS'):\n    limiter = Limiter(app)\n",
    "an environment variable that is there": "if 'USE_LIMITS' in os.environ:\n    limiter = Limiter(app)\n",
    "after a return by a setting": "def f(app):\n    if not settings.USE_LIMITS:\n        return\n    Limiter(app)\n",
    "a stage nobody knows": "if os.environ['ENV'] == 'blue':\n    Limiter(app)\n",
    "shortened": "LIMITS = [Limiter(app), 1]\ndel LIMITS[0]\n",
    "filtered": "LIMITS = [Limiter(app), 1]\nLIMITS = [x for x in LIMITS if x]\n",
    "nothing": "Limiter = None\ndef f(app):\n    Limiter(app)\n",
    "a text that nobody reads": "EXAMPLE = '''\nuse Limiter( with care\n'''\n",
    "no Python": "limiter = Limiter(app\n",
    "Python 2": "print 'a'\nlimiter = Limiter(app)\n",
    "a NUL": "x = '\0'\nlimiter = Limiter(app)\n",
    "brackets": "x = " + "(" * 100_000 + "\nlimiter = Limiter(app)\n",
    "nested calls": "x = " + "f(" * 90 + ")" * 90 + "\n" + "y = " + "-" * 100_000 + "1\nlimiter = Limiter(app)\n",
    "attributes": "x = a" + ".b" * 100_000 + "\nlimiter = Limiter(app)\n",
    "a line of ten megabytes": "limiter = Limiter(app); x = '" + "a" * 10_000_000 + "'\n",
}


class TestPythonJudge:
    @pytest.mark.parametrize("name", IN_FORCE)
    def test_in_force(self, name):
        """
        What runs in production counts, whatever stands beside it.
        """
        force = judged(IN_FORCE[name])

        assert (State.IN_FORCE, "") == (force.state, force.reason)

    @pytest.mark.parametrize("name", VOID)
    def test_void(self, name):
        """
        What does not run, only in development, or is taken away again is void, and the reason is told.
        """
        force = judged(VOID[name])

        assert State.VOID is force.state, force
        assert force.reason

    def test_hangs_on_a_name(self):
        """
        A private function that nothing in its file leads to counts if another file says its name; a nested one never.
        """
        assert ["_limit", ""] == [judged(VOID[name]).unless for name in ("a private function", "a nested function")]

    @pytest.mark.parametrize("name", UNKNOWN)
    def test_unknown(self, name):
        """
        What a setting decides, or nobody can read, cannot be told, and the reason is told.
        """
        force = judged(UNKNOWN[name])

        assert State.UNKNOWN is force.state, force
        assert force.reason

    @pytest.mark.parametrize(
        ("text", "counts"),
        [
            ("rates = client.get(url)\nrates = client.get(url)\n", True),
            ("async def main():\n    rates = await client.get(url)\n    rates = None\n", True),
            ("RATES = client.get(url)\nRATES = None\n", False),
            ("shop.rates = client.get(url)\nshop.rates = None\n", False),
            ("rates = client.get\nrates = None\n", False),
        ],
    )
    def test_what_a_function_does_is_done(self, text, counts):
        """
        A later value takes a result away, and not the call that it came from.
        """
        assert counts is bool(judged(text, "client.get"))
