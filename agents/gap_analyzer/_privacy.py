"""The words by which code and documents speak of privacy."""

from __future__ import annotations

from orchestrator import ALL, Signal

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
NOT_MADE = Signal(
    id="privacy.answer-that-is-none",
    pattern=r"status(?:_code)?\W{1,3}(?:50[13]|405)\b|not[_ -]?implemented|NotImplemented|"
    r"sendStatus\(50[13]\)|abort\(50[13]|head\s+:not_implemented|coming soon",
    kept=ALL,
)
"""A route that is there and answers with nothing."""
ONLY_AN_ID = Signal(
    id="privacy.export-of-an-id",
    pattern=r"(?:export|/data|takeout|archive|dump)\W.{0,120}(?:json|send|jsonify|Response|return)\w{0,8}\W{1,4}\{\s{0,3}"
    r"[\"']?(?:id|user_?id|name)[\"']?\s{0,3}:[^,{}]{1,80}\}",
    kept=ALL,
)
"""A route for a person's data that answers with one field."""
LEFT_OUT = Signal(
    id="privacy.left-out-of-the-export",
    pattern=r"(?:#|//|--|\*)\s.{0,120}\b"
    r"(?:left out|not (?:in(?:cluded)?|part of) (?:the|this|our) export|not exported|omitted)\b",
    comments=True,
    kept=ALL,
)
"""Where the code itself says that something of a person is not handed out."""
SENDS_TO_ALL = Signal(
    id="privacy.letters-sent",
    pattern=r"(?:newsletter|marketing|campaign|promo\w*)\w{0,30}[.(].{0,60}(?:send|deliver)|"
    r"\b(?:mail\w{0,10}|smtp|postmark|sendgrid|mailgun|ses)\.(?:send|deliver)\w{0,12}\(",
    kept=ALL,
)
"""Where letters go out."""
ASKS_CONSENT = Signal(
    id="privacy.consent-asked-of",
    pattern=r"^(?!\s*(?:from|import|require|use|using|#include|const \{.{0,60}require)\b)"
    r".*(?:consent\w{0,30}|subscri\w{0,10}|opt_?in\w{0,10}|opted\w{0,10}|\bgiven\(|newsletter\w{0,12}\s{0,2}(?:=|:|is\b|\)|\?))",
    kept=ALL,
)
NO_PAGE_FOR_ALL = Signal(
    id="privacy.policy-behind-a-login",
    pattern=r"(?:login_required|LoginRequired\w*|authenticat\w{0,12}|require_?(?:login|auth|user)\w{0,10}|ensureLoggedIn|"
    r"RequireAuth|PrivateRoute|IsAuthenticated|Authorize)\b.{0,120}(?:privacy|datenschutz)|"
    r"(?:privacy|datenschutz).{0,120}\b(?:login_required|LoginRequired|authenticate|require_?(?:login|auth)|RequireAuth)",
    kept=ALL,
)
"""A policy that only those can read who have logged in."""
ROUTE_VOID = Signal(
    id="privacy.policy-route-taken-out",
    pattern=r"^\s*(?:\{/\*|//|#|<!--|/\*)\s?.{0,40}(?:<Route\b|\bpath\(|\bget\s|router\.|app\.get|url\().{0,80}(?:privacy|datenschutz)",
    comments=True,
    kept=ALL,
)
ROUTE_SERVED = Signal(
    id="privacy.policy-route",
    pattern=r"(?:<Route\b|\bpath\(|\bpath:|\bget\s|router\.|app\.get|url\(|@\w{0,20}(?:Get|Request)?Mapping|\broute\w{0,6}\W).{0,80}"
    r"(?:privacy|datenschutz)",
    kept=ALL,
)
"""What serves the policy, or would if it were not taken out."""
