"""The tokens of what offices, sales, support and identities run on."""

from __future__ import annotations

from ._shape import UUID, loose, named, near, token

SHAPES = (
    token("atlassian-token", "ATATT3", r"ATATT3[\w=-]{100,300}", "betterleaks.atlassian-api-token"),
    named(
        "atlassian-token",
        "jira confluence atlassian",
        r"[A-Za-z0-9]{24}",
        "https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account",
    ),
    named(
        "atlassian-token",
        "jira confluence",
        r"[MNO][A-Za-z0-9+/]{43}",
        "https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html",
    ),
    token(
        "linear-key",
        "lin_api_ lin_oauth_",
        r"lin_(?:api_[A-Za-z0-9]{40}|oauth_[a-f0-9]{64})",
        "betterleaks.linear-api-key",
    ),
    token("airtable-token", "pat", r"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}", "betterleaks.airtable-personnal-access-token"),
    near(
        "airtable-token",
        "airtable",
        r"key[A-Za-z0-9]{14}",
        "https://support.airtable.com/docs/airtable-api-key-deprecation-notice",
    ),
    token("notion-token", "ntn_", r"ntn_[0-9]{11}[A-Za-z0-9]{35}", "betterleaks.notion-api-token"),
    token("notion-token", "secret_", r"secret_[A-Za-z0-9]{43}", "https://developers.notion.com/docs/authorization"),
    token("figma-token", "figd_ figu_ figo_", r"fig[duo]_[\w-]{38,44}", "betterleaks.figma-personal-access-token"),
    loose(
        "figma-token",
        "x-figma-token xfigmatoken x_figma_token figma_token",
        r"(?i:x-figma-token|xfigmatoken|(?:x_)?figma_token)[\"'\]]{0,2}[ \t]{0,8}(?:=>|[:=,])[ \t]{0,8}[\"'`]?"
        r"([0-9A-Fa-f]{4,8}(?:-[0-9A-Fa-f]{4,12}){4,6})",
        "betterleaks.figma-personal-access-header-token",
    ),
    near(
        "asana-token",
        "asana",
        r"\d/(?:(?:\d{13,18}/)?\d{13,18}:)?[0-9a-f]{32}",
        "https://developers.asana.com/docs/personal-access-token",
    ),
    named("asana-token", "asana", r"[a-z0-9]{32}", "betterleaks.asana-client-secret"),
    token("clickup-token", "pk_", r"pk_\d{7,9}_[A-Za-z0-9]{32}", "betterleaks.clickup-personal-api-token"),
    token("typeform-token", "tfp_", r"tfp_[\w.=-]{40,60}", "betterleaks.typeform-api-token"),
    token("frameio-token", "fio-u-", r"fio-u-[\w=-]{64}", "betterleaks.frameio-api-token"),
    token("miro-token", "eyJtaXJv", r"eyJtaXJv[A-Za-z0-9-]{10,64}_[\w-]{20,64}", "betterleaks.miro-access-token"),
    token("canva-secret", "cnvca", r"cnvca[\w-]{51}", "betterleaks.canva-client-secret"),
    named("zendesk-token", "zendesk", r"[A-Za-z0-9]{40}", "betterleaks.zendesk-secret-key"),
    named(
        "freshworks-token",
        "freshbooks freshdesk",
        r"[a-z0-9]{64}|[A-Za-z0-9]{20}",
        "betterleaks.freshbooks-access-token",
    ),
    token(
        "intercom-token",
        "dG9rOj",
        r"dG9rOj[A-Za-z0-9+/]{40,120}={0,2}",
        "https://developers.intercom.com/docs/build-an-integration/learn-more/authentication",
    ),
    named("intercom-token", "intercom", r"[\w=-]{60}", "betterleaks.intercom-api-key"),
    token(
        "hubspot-token",
        "pat-na1- pat-eu1- pat-na2- pat-ap1-",
        rf"pat-(?:na[12]|eu1|ap1)-{UUID}",
        "https://developers.hubspot.com/docs/apps/legacy-apps/private-apps/overview",
    ),
    named("hubspot-token", "hubspot hapikey", rf"(?i:{UUID})", "betterleaks.hubspot-api-key"),
    token(
        "salesforce-token",
        "!AQ",
        r"00[A-Za-z0-9]{13}!AQ[\w.]{60,260}",
        "betterleaks.salesforce-access-token.1",
        back=15,
    ),
    token("klaviyo-key", "pk_", r"pk_[a-f0-9]{34}", "betterleaks.klaviyo-api-key"),
    named("contentful-token", "contentful", r"[\w=-]{43}", "betterleaks.contentful-delivery-api-token"),
    token(
        "contentful-token",
        "CFPAT-",
        r"CFPAT-[\w-]{43}",
        "https://www.contentful.com/developers/docs/references/authentication",
    ),
    named(
        "zoho-token", "zoho", r"1000\.[a-f0-9]{32}\.[a-f0-9]{32}", "betterleaks.zoho-oauth-token.1", confidence="high"
    ),
    named(
        "workos-key",
        "workos",
        r"sk_(?:live|test)_a2V5Xz[A-Za-z0-9+/]{40,80}={0,2}",
        "betterleaks.workos-production-api-key.1",
        confidence="high",
    ),
    token(
        "workato-token",
        "wrka",
        r"wrka(?:[a-z]{2})?-eyJ[\w-]{8,200}\.[\w-]{16,1000}\.[\w-]{64,700}",
        "betterleaks.workato-developer-api-token.1",
    ),
    token("adobe-secret", "p8e-", r"p8e-[A-Za-z0-9_-]{32}", "betterleaks.adobe-client-secret"),
    named("okta-token", "okta", r"00[\w=-]{40}", "betterleaks.okta-access-token", confidence="high"),
    loose(
        "okta-token",
        "ssws",
        r"(?i:ssws)[ \t\"':]{1,6}(00[\w-]{40})(?![\w-])",
        "https://developer.okta.com/docs/guides/create-an-api-token",
    ),
    named("auth0-secret", "auth0", r"[\w-]{64,128}", "betterleaks.auth0-client-secret.1"),
    loose(
        "authress-key",
        ".acc_ .acc-",
        r"\.acc[_-][a-z0-9-]{10,32}+\.([A-Za-z0-9+/_=-]{30,120})(?![\w-])",
        "betterleaks.authress-service-client-access-key",
    ),
    token("unkey-key", "unkey_", r"unkey_[A-Za-z0-9]{20,32}", "betterleaks.unkey-root-key.1"),
    token("zuplo-key", "zpka_", r"zpka_[a-z0-9]{32}_[0-9a-f]{8}", "betterleaks.zuplo-consumer-api-key.1"),
    named("jumpcloud-key", "jumpcloud", r"[A-Za-z0-9_]{40,44}", "betterleaks.jumpcloud-api-key"),
    named("rapidapi-key", "rapidapi", r"[\w-]{50}", "betterleaks.rapidapi-access-token"),
    token("samsara-token", "samsara_api_", r"samsara_api_[A-Za-z0-9]{26,32}", "betterleaks.samsara-api-token.1"),
    token(
        "intra42-secret", "s-s4t2ud- s-s4t2af-", r"s-s4t2(?:ud|af)-[0-9a-f]{64}", "betterleaks.intra42-client-secret"
    ),
    token("lichess-token", "lip_", r"lip_[A-Za-z0-9]{20,60}", "betterleaks.lichess-personal-access-token"),
    token("redirect-pizza-token", "rpa_", r"rpa_[A-Za-z0-9]{30}", "betterleaks.redirect-pizza-api-token.1"),
    loose(
        "tableau-token",
        "==:",
        r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{22}==:[A-Za-z0-9]{32}(?![\w-])",
        "betterleaks.tableau-personal-access-token.1",
        back=22,
    ),
    token(
        "settlemint-token",
        "sm_aat_ sm_pat_ sm_sat_",
        r"sm_[aps]at_[A-Za-z0-9]{16}",
        "betterleaks.settlemint-personal-access-token",
    ),
    near(
        "discourse-key",
        "discourse",
        r"[a-f0-9]{64}",
        "https://meta.discourse.org/t/create-and-configure-an-api-key/230124",
    ),
    named("disqus-key", "disqus", r"[A-Za-z0-9]{64}", "betterleaks.disqus-api-key"),
    named("algolia-key", "algolia", r"[a-f0-9]{32}", "betterleaks.algolia-api-key"),
    token(
        "teamwork-token",
        "tkn.v1_",
        r"tkn\.v1_[A-Za-z0-9_-]{40,120}={0,2}",
        "https://apidocs.teamwork.com/guides/teamwork/authentication",
    ),
    loose(
        "zapier-webhook",
        "hooks.zapier.com/hooks/catch/",
        r"hooks\.zapier\.com/hooks/catch/(\d{5,12}/[A-Za-z0-9]{5,20})",
        "https://help.zapier.com/hc/en-us/articles/8496288690317",
        confidence="medium",
    ),
)
