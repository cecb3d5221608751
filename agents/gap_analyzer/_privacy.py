"""The words by which code and documents speak of privacy."""

from __future__ import annotations

from orchestrator import Signal

STORED = (
    r"(marketing|analytics|cookie|newsletter|gdpr|privacy|data_processing|tracking|profiling)_?(consent|"
    r"opt_?in|opted_in)|"
    r"consent(ed)?_?(at|given|version|text|timestamp|withdrawn)|(terms|privacy|policy|gdpr)_?(accepted|"
    r"agreed|consent)_?(at|on|version)"
)
CONSENT_STORED = Signal(id="privacy.consent-stored", pattern=STORED)
CONSENT_SCREEN = Signal(
    id="privacy.consent-screen",
    pattern=r"cookie[-_ ]?consent|consent[-_ ]?(banner|form|screen|dialog|modal|manager|page|popup|settings)|"
    r"/consents?\b|"
    r"onetrust|cookiebot|klaro|tarteaucitron|usercentrics|didomi",
)
CONSENT_WITHDRAWN = Signal(
    id="privacy.consent-withdrawn",
    pattern=r"(withdraw|revoke|reject)\w{0,20}[-_ ]?(all|consent)|consents?[-_./]?\w{0,20}(withdraw|revoke|reject)|"
    r"(marketing|newsletter|analytics|tracking|data)[-_]?(opt[-_]?out|unsubscribe)|unsubscribe[-_]?(token|"
    r"link|all|from)",
)
EXPORT = Signal(
    id="privacy.export",
    pattern=r"(export|download|collect)_?(all_?)?(user|personal|account|customer|my)_?(data|archive|information)\b|"
    r"(user|personal|account|customer|gdpr)_?data_?(export|download|archive)|gdpr_?export|subject_?access_?request",
)
ERASURE = Signal(
    id="privacy.erasure",
    pattern=r"(erase|anonymi[sz]e|purge|forget)_?(user|personal|account|customer|me\b)|data_?erasure|"
    r"delete_?(user|account)_?(data|permanently|account)?\b|right_to_be_forgotten",
)
POLICY_LINK = Signal(
    id="privacy.policy-link",
    pattern=r"(href|routerLink|\bto|link_to|url|path|push|redirect)\b.{0,80}(privacy|datenschutz)",
)
POLICY_TEXT = Signal(
    id="privacy.policy-text",
    pattern=r"privacy|datenschutz|privacid|confidentialit|personal (data|information)",
    roles=("source", "docs", "other", "config"),
)
"""What a page about privacy says somewhere."""
DEADLINE = Signal(
    id="privacy.breach-deadline",
    pattern=r"\b72[- ]?(h\b|hours?)|seventy-two|undue delay",
    roles=("docs",),
    comments=True,
)
DATED = Signal(
    id="privacy.dated",
    pattern=r"^(?=.*(?:date:|dated|approved|carried out|reviewed|completed on))"
    r".*(?:20\d\d-\d\d-\d\d|\b\d{1,2}\.? \w{3,9} 20\d\d)",
    roles=("docs",),
    comments=True,
)
CONSENT_GIVEN = Signal(
    id="privacy.consent-given",
    pattern=r"\bconsents?\w{0,20}[.\[(]{0,2}.{0,40}(?:create|insert|save|record|update|\.put)|"
    r"insert into \w{0,20}consents?|"
    r"\bConsent\w{0,10}\.objects\.create|consent!\(|People\.consent|\bnewsletter\b\s*=[^=>]|"
    r"(?:SetProperty|update|set)\w{0,10}\(.{0,60}newsletter|CONSENT#",
)
"""Where a person's word is kept."""
CONSENT_PURPOSES = Signal(
    id="privacy.consent-purposes",
    pattern=r"\bPURPOSES\b|(?:IsIn|Literal|enum|choices|inclusion|validate_inclusion\w*|oneOf|one_of|includes?)\b.{0,80}"
    r"(?:newsletter|survey|marketing|reminders|research|photos|purpose)|\bp(?:urpose)? in ~w|"
    r"purpose\w{0,9} in \W{0,3}\w",
)
"""The list of what people may agree to, where a route takes it as a word."""
POLICY_SAYS = Signal(
    id="privacy.policy-says",
    pattern=r"(?i)(?:keep|kept|delete|store|retain|collect|hold|use).{0,400}[\w.+-]{1,64}@[\w-]{1,64}\.\w{2,}|"
    r"privacy@[\w-]{1,64}\.\w{2,}|dpo@[\w-]{1,64}\.\w{2,}",
    roles=("source", "docs", "other", "config"),
)
"""A page of a policy that says whom to ask."""
