"""The tokens of chats, mail, telephones and social networks."""

from __future__ import annotations

from ._shape import UUID, loose, named, near, token

_ANY_UUID = r"[0-9a-z]{8}(?:-[0-9a-z]{4}){3}-[0-9a-z]{12}"
_BOT = r"[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}"

SHAPES = (
    token(
        "slack-token",
        "xoxb- xoxp- xoxa- xoxr- xoxs- xoxo- xoxe- xoxc-",
        r"xox[abcprsoe]-[0-9A-Za-z-]{16,250}",
        "betterleaks.slack-bot-token",
    ),
    token(
        "slack-token",
        "xoxe.xox",
        r"xoxe\.xox[bp]-\d{1,10}-[A-Za-z0-9]{146,170}",
        "betterleaks.slack-config-access-token",
    ),
    token("slack-token", "xoxd-", r"xoxd-[\w/\\%+-]{100,500}={0,2}", "betterleaks.slack-session-cookie"),
    token(
        "slack-token",
        "xapp-",
        r"xapp-\d{1,10}-[A-Za-z0-9]{8,14}-\d{8,16}-[0-9a-fA-F]{64}",
        "betterleaks.slack-app-token",
    ),
    loose(
        "slack-webhook",
        "slack.com/services/",
        r"slack\.com/services/(T\w{6,14}/B\w{6,14}/\w{18,40})",
        "betterleaks.slack-webhook-url",
    ),
    loose(
        "slack-webhook",
        "slack.com/workflows/ slack.com/triggers/",
        r"slack\.com/(?:workflows|triggers)/([A-Za-z0-9+/]{43,80})",
        "betterleaks.slack-webhook-url",
    ),
    loose(
        "discord-webhook",
        "/api/webhooks/",
        r"/api/webhooks/(\d{16,20}/[\w-]{60,80})",
        "https://docs.discord.com/developers/resources/webhook",
    ),
    near(
        "discord-token",
        "discord",
        _BOT,
        "https://docs.discord.com/developers/reference",
    ),
    loose(
        "discord-token",
        "login( login:",
        rf"(?i:login)[(:]\s{{0,4}}[\"'`]({_BOT})[\"'`]",
        "https://docs.discord.com/developers/reference",
    ),
    loose(
        "discord-token", "bot␣M bot␣N bot␣O", rf"Bot ({_BOT})(?![\w-])", "https://docs.discord.com/developers/reference"
    ),
    named("discord-secret", "discord", r"[\w-]{32}", "betterleaks.discord-client-secret"),
    token("telegram-token", ":AA", r"\d{10}:AA[\w-]{33}", "betterleaks.telegram-bot-api-token", back=10),
    token("telegram-token", ":AA", r"\d{9}:AA[\w-]{33}", "betterleaks.telegram-bot-api-token", back=9),
    token("telegram-token", ":AA", r"\d{8}:AA[\w-]{33}", "betterleaks.telegram-bot-api-token", back=8),
    named("telegram-token", "telegr", r"\d{5,16}:A[\w-]{34}", "betterleaks.telegram-bot-api-token", confidence="high"),
    loose(
        "telegram-token",
        "api.telegram.org/bot",
        r"api\.telegram\.org/bot(\d{5,16}:[\w-]{35})",
        "https://core.telegram.org/bots/api",
    ),
    loose(
        "teams-webhook",
        ".webhook.office.com/webhookb2/",
        rf"\.webhook\.office\.com/webhookb2/({_ANY_UUID}@{_ANY_UUID}/IncomingWebhook/[0-9a-zA-Z]{{32}}/{_ANY_UUID})",
        "betterleaks.microsoft-teams-webhook",
    ),
    loose(
        "teams-webhook",
        ".logic.azure.com",
        r"\.logic\.azure\.com(?::443)?/workflows/[0-9a-f]{32}/[^\s\"'<>]{1,200}?[?&]sig=([\w-]{40,50})",
        "https://learn.microsoft.com/en-us/azure/logic-apps/logic-apps-http-endpoint",
    ),
    named("mattermost-token", "mattermost", r"[a-z0-9]{26}", "betterleaks.mattermost-access-token"),
    loose(
        "google-chat-webhook",
        "chat.googleapis.com/v1/spaces/",
        r"chat\.googleapis\.com/v1/spaces/[\w-]{8,20}/messages\?key=[\w-]{39}&token=([\w%-]{40,60})",
        "https://developers.google.com/workspace/chat/quickstart/webhooks",
    ),
    near(
        "twilio-key",
        "twilio",
        r"(?:SK)?[0-9a-f]{32}",
        "betterleaks.twilio-api-key",
    ),
    token("sendgrid-key", "SG.", r"SG\.[\w-]{22}\.[\w-]{43}", "betterleaks.sendgrid-api-token"),
    token("mailgun-key", "key-", r"key-[0-9a-f]{32}", "betterleaks.mailgun-private-api-token"),
    named(
        "mailgun-key",
        "mailgun",
        r"[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}",
        "betterleaks.mailgun-signing-key",
        confidence="high",
    ),
    token("mailchimp-key", "-us", r"[0-9a-f]{32}-us\d{1,2}", "betterleaks.mailchimp-api-key", back=32),
    near(
        "mandrill-key",
        "mandrill",
        r"md-[\w-]{22}",
        "https://mailchimp.com/developer/transactional/guides/quick-start",
        confidence="medium",
    ),
    token(
        "brevo-key",
        "xkeysib- xsmtpsib-",
        r"x(?:key|smtp)sib-[a-fA-F0-9]{64}-[A-Za-z0-9]{16}",
        "betterleaks.sendinblue-api-token",
    ),
    token("mailersend-token", "mlsn.", r"mlsn\.[A-Za-z0-9]{30,100}", "betterleaks.mailersend-api-token"),
    near(
        "resend-key",
        "resend",
        r"re_[1-9A-HJ-NP-Za-km-z]{8}_[1-9A-HJ-NP-Za-km-z]{24}",
        "betterleaks.resend-api-key.1",
    ),
    named("postmark-token", "postmark", UUID, "betterleaks.postmark-api-token.1"),
    token(
        "onesignal-key", "os_v2_", r"os_v2_(?:app|org)_[a-z2-7]{103}", "betterleaks.onesignal-rich-authentication-token"
    ),
    named("messagebird-token", "messagebird message_bird", r"[A-Za-z0-9]{25}", "betterleaks.messagebird-api-token"),
    named("plivo-token", "plivo", r"[\w-]{40}", "betterleaks.plivo-auth-token"),
    named("telnyx-key", "telnyx", r"KEY[0-9A-Za-z_-]{55}", "betterleaks.telnyx-api-v2-key.1", confidence="high"),
    token("nylas-key", "nyk_", r"nyk_[A-Za-z0-9]{67}", "betterleaks.nylas-api-key.1"),
    named("sendbird-token", "sendbird", r"[a-f0-9]{40}", "betterleaks.sendbird-access-token"),
    token("facebook-token", "EAAM EAAC", r"EAA[MC][A-Za-z0-9]{100,400}", "betterleaks.facebook-page-access-token"),
    named("facebook-secret", "facebook", r"[a-f0-9]{32}", "betterleaks.facebook-secret"),
    loose(
        "government-notify-key",
        "gcntfy-",
        rf"gcntfy-[a-z0-9_]{{1,60}}-{UUID}-{UUID}",
        "betterleaks.canadian-digital-service-notify-api-key",
    ),
    named(
        "facebook-secret",
        "facebook",
        r"\d{15,16}\|[\w-]{27,40}",
        "betterleaks.facebook-access-token",
        confidence="high",
    ),
    named(
        "twitter-token",
        "twitter",
        r"\d{15,25}-[A-Za-z0-9]{20,40}|A{22}[A-Za-z0-9%]{80,100}|[A-Za-z0-9]{25}|[A-Za-z0-9]{45}|[A-Za-z0-9]{50}",
        "betterleaks.twitter-access-token",
    ),
    named("twitch-token", "twitch", r"[a-z0-9]{30}", "betterleaks.twitch-api-token"),
    named(
        "linkedin-secret",
        "linkedin linked_in",
        r"[A-Za-z0-9]{16}|WPL_AP1\.[A-Za-z0-9]{16}\.[A-Za-z0-9+/]{6}==",
        "betterleaks.linkedin-client-secret",
    ),
    token("pinterest-token", "pina_", r"pina_[\w-]{20,200}", "betterleaks.pinterest-access-token"),
    named(
        "dropbox-token",
        "dropbox",
        r"sl\.[\w=-]{130,200}|[a-z0-9]{11}AAAAAAAAAA[\w=-]{43}|[a-z0-9]{15}",
        "betterleaks.dropbox-short-lived-api-token",
    ),
    token(
        "dropbox-token",
        "sl.B sl.u.",
        r"sl\.(?:B|u\.)[\w-]{120,1500}",
        "https://www.dropbox.com/developers/documentation/http/documentation",
    ),
    named("lark-secret", "lark feishu", r"[A-Za-z0-9]{32}", "betterleaks.lark-app-secret"),
)
