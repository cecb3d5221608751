"""Conditions are known by the names that they read."""

from __future__ import annotations

import pytest

from orchestrator.evidence.inforce import settings
from orchestrator.evidence.inforce.chance import Chance

DEVELOPMENT = [
    "isDev", "isDevelopment", "is_development", "__DEV__", "DEBUG", "app.debug", "env.IsDevelopment", "settings.DEBUG",
    "Rails.env.development?", "Rails.env.test?", "environment.developmentMode", "debug_assertions", "isDebug",
    "is_testing", "inDevelopment", "import.meta.env.DEV",
]  # fmt: skip
PRODUCTION = [
    "isProduction", "is_prod", "IS_PRODUCTION", "env.IsProduction", "Rails.env.production?", "import.meta.env.PROD",
    "isLive",
]  # fmt: skip
SETTING = [
    "process.env.LIMITS", "config.limits", "ENV", "System.getenv", "os.Getenv", "std.env.var", "settings.audit",
    "flags.audit", "features.audit", "ENABLE_AUDIT", "auditEnabled", "audit_enabled", "isEnabled", "enableAudit",
    "cfg.Audit", "this.config.audit", "redis.enabled", "toggles.audit", "AUDIT_DISABLED", "Configuration.get",
]  # fmt: skip
RUNTIME = [
    "user", "req.user", "account.local?", "enabledness", "reconfigured", "environmental", "user.enabled", "err",
    "users.two_factor_enabled", "devices", "debugger", "development_fund", "producer", "tested", "testament",
    "livestock", "flagged.count",
]  # fmt: skip


class TestAskedBy:
    @pytest.mark.parametrize(
        ("name", "chance"),
        [
            *((name, Chance.DEVELOPMENT) for name in DEVELOPMENT),
            *((name, Chance.PRODUCTION) for name in PRODUCTION),
            *((name, Chance.SETTING) for name in SETTING),
            *((name, Chance.RUNTIME) for name in RUNTIME),
        ],
    )
    def test_names(self, name, chance):
        """
        Development, production and settings are told from all that merely sounds like them.
        """
        assert chance is settings.asked_by(name)


class TestEnvironments:
    @pytest.mark.parametrize(
        ("text", "chance"),
        [
            ("development", Chance.DEVELOPMENT),
            ("dev", Chance.DEVELOPMENT),
            ("local", Chance.DEVELOPMENT),
            ("test", Chance.DEVELOPMENT),
            ("production", Chance.PRODUCTION),
            ("prod", Chance.PRODUCTION),
            ("staging", Chance.SETTING),
            ("uat", Chance.SETTING),
            ("edit", Chance.RUNTIME),
            ("devotion", Chance.RUNTIME),
            ("products", Chance.RUNTIME),
        ],
    )
    def test_names_of_environments(self, text, chance):
        """
        Where people develop, where users are, and places of which nobody knows which of both they are.
        """
        assert chance is settings.environment(text)

    @pytest.mark.parametrize(
        ("name", "holds"),
        [
            ("process.env.NODE_ENV", True),
            ("ENV", True),
            ("app.Environment", True),
            ("Rails.env", True),
            ("spring.profiles", True),
            ('ENV["RAILS_ENV"]', True),
            ("APP_STAGE", True),
            ("envelope", False),
            ("stages", False),
            ("user.modes", False),
        ],
    )
    def test_what_holds_one(self, name, holds):
        """
        A variable that holds an environment is known by how such variables are called.
        """
        assert holds is settings.holds_environment(name)

    def test_what_a_condition_mentions(self):
        """
        A setting is found wherever a condition reads one.
        """
        assert settings.mentioned_in("!config.audit && x > 1")
        assert not settings.mentioned_in("!provider.enabled && x > 1")
