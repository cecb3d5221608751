"""The lines of source that say what kind of software this is."""

from __future__ import annotations

from ..domain.signal import Signal
from ..vocabulary import words

_CODE = (
    "python", "javascript", "typescript", "vue", "svelte", "go", "java", "kotlin", "scala", "groovy", "ruby", "php",
    "csharp", "fsharp", "rust", "elixir", "dart", "swift", "clojure",
)  # fmt: skip
"""The languages that the words below are known for; where most of a tree is in others, absence tells nothing."""
KNOWN_LANGUAGES = frozenset(_CODE) | {"html", "css", "shell", "sql", "powershell", "graphql", "protobuf"}


_MADE: list[Signal] = []


def _signal(name: str, pattern: str) -> Signal:
    """A signal of production source."""
    return _kept(Signal(id=f"profile.{name}", pattern=pattern, languages=_CODE))


def _words(name: str, listed: str) -> Signal:
    """A signal of production source, of plain words parted by bars."""
    return _kept(Signal(id=f"profile.{name}", words=tuple(listed.split("|")), languages=_CODE))


def _kept(signal: Signal) -> Signal:
    _MADE.append(signal)
    return signal


APPLICATION = _signal("application", words("calls/applications").pattern)
LISTEN = _signal("listen", words("calls/servers").pattern)
FUNCTION = _signal("function", words("calls/functions").pattern)
PAGES = _signal("pages", words("calls/pages").pattern)
PAGE_TEXT = _signal(
    "page-text",
    r"(?:\breturn\b|=>|\b(?:send|write|end|body|html|echo|print|Fprint\w{0,2}|puts|"
    r"Content)\b)[^\"'`<]{0,40}[\"'`]{1,3}\s{0,8}"
    r"(?:<!doctype|<html|<head|<body|<h1|<h2|<h3|<div|<form|<table|<ul>|<p>)",
)
"""A page that is written out in source: it counts in files that have routes."""
LOGIN = _signal(
    "login",
    r"login_required|LoginRequired|authenticate_user|\bcurrent_user\b|passport\.authenticate|\bLoginView\b"
    r"|\blogin_user\(|\bisAuthenticated\b|\bIsAuthenticated\b|SecurityFilterChain|@PreAuthorize"
    r"|\[Authorize|AddAuthentication\(|\bjwt\.(sign|verify|encode|decode)\(|\bjwt\.Parse"
    r"|OAuth2PasswordBearer|\bsignInWith\w+\(|Auth::attempt\(|['\"]django\.contrib\.auth['\"]"
    r"|['\"`](/(api/|v\d/|users?/|auth/|account/|rest/user/)*|(api/|v\d/|users?/|auth/|account/|rest/user/)+)"
    r"(login|signin|sign[-_]in)/?['\"`]|['\"`](login|signin|sign[-_]in)/['\"`]"
    r"|require_log(in|ged_in)|\bauthenticate\(request",
)
PASSWORD = _signal(
    "password",
    r"\bbcrypt\b|\bargon2\w*\b|\bscrypt(Sync)?\(|pbkdf2\w*\(|has_secure_password|PasswordEncoder\b"
    r"|make_password\(|\.set_password\(|check_password\w*\(|generate_password_hash|password_hash\("
    r"|\bpassword_?hash(ed)?\b|:database_authenticatable|\bAbstract(Base)?User\b|\bPasswordHasher\b"
    r"|UserManager<|AddIdentity|\bhashPassword\b|['\"]django\.contrib\.auth['\"]"
    r"|\bhash\((\w{1,30}\.){0,3}\w{0,20}password\b",
)
SESSION = _signal(
    "session",
    r"\bsession\[|\breq(uest)?\.session\b|SessionMiddleware|\bsession_start\(|\bHttpSession\b"
    r"|\.set_cookie\(|http\.SetCookie\(|\bres(ponse)?\.cookie\(|\bsetCookie\(|\bcookies(\(\))?\.set"
    r"|\bcookies\[|NewCookieStore|express-session|getServerSession\(|cookie-session|session_store"
    r"|Cookie::build\(|\.AddCookie\(|\bAddSession\(|plug\s*\(?\s*Plug\.Session\b|\binstall\(\s*Sessions\b|"
    r"\.formLogin\(|\bformLogin\s*\{"
    r"|->getSession\(|->session\(\)|\bAuth::(attempt|login|user|guard)\(|@csrf\b|\boauth2Login\(",
)
OAUTH = _words(
    "oauth",
    "OAuth2Session|oauth.register(|authorization_code|oauth2Login(|omniauth|GoogleStrategy|OAuth2Strategy"
    "|AddOpenIdConnect(|oidc.NewProvider(|NextAuth(|social-auth|socialaccount|openid-client"
    "|signInWithPopup(|AddGoogle(|oauth2Client(|AddOAuth(|response_type=token|response_type=code"
    "|response_type=id_token",
)
WEBHOOK = _signal(
    "webhook",
    r"constructEvent\(|construct_event\(|X-Hub-Signature|Stripe-Signature|(route|path|post|post\(|url"
    r"|mapping)\W{1,3}.{0,60}/webhooks?\b|class \w*Webhook\w*(View|Controller|Handler)\b|func \w*(Handle"
    r"|Receive)\w*Webhook",
)
PERSON = _signal(
    "person",
    r"\b(first_?name|last_?name|date_?of_?birth|phone_?number|EmailField|street_?address|postal_?code"
    r"|zip_?code|email_?address)\b",
)
REGULATED = _signal(
    "regulated",
    r"\b(card_?number|cvv2?|cc_?number|patient_?id|medical_?record\w*|hl7|fhir|diagnosis_?codes?"
    r"|credit_?card_?(number|info)\w*)\b",
)
CONNECTS = _signal("connects", words("calls/database-connections").pattern)
CACHES = _signal("caches", words("calls/cache-connections").pattern)
JOBS = _signal("jobs", words("calls/jobs").pattern)
CALLS = _signal("calls", words("calls/http-clients").pattern)
DIALS = _signal(
    "dials",
    r"_SERVICE_(ADDR|URL|HOST|ENDPOINT)|grpc\.(NewClient|Dial\w*)\(|insecure_channel\(|@FeignClient"
    r"|GrpcChannel\.ForAddress|ManagedChannelBuilder|svc\.cluster\.local",
)
_READ = (
    r"(?:environ\w*(?:\.get\()?|getenv|process\.env|\bENV|GetEnvironmentVariable|System\.getenv|env::var|get_env|"
    r"fetch_env!?)"
    r"[\s.(\[{\"'`]{1,4}"
)
_OTHERS = (
    r"(?!\w*(?:DATABASE|REDIS|CACHE|POSTGRES|MYSQL|MONGO|RABBIT|AMQP|KAFKA|SMTP|MAIL|SENTRY|OTEL|AWS|OPENAI|STRIPE|"
    r"SLACK|GITHUB"
    r"|GOOGLE|FACEBOOK|DISCORD|TELEGRAM|PUBLIC|WEBHOOK|OAUTH|OIDC|ELASTIC|LDAP|VERCEL|SUPABASE|HOOK|TWILIO|SENDGRID|"
    r"GITLAB)\w*)"
)
SIBLING = _kept(
    Signal(
        id="profile.sibling",
        pattern=r"(?<![\w.-])[a-z0-9][a-z0-9-]{0,60}(?:\.[a-z0-9-]{1,60})?\.svc(?:\.cluster\.local)?\b",
        roles=("source", "config", "infra"),
    )
)
"""The name of a service inside of a cluster."""
ADDRESS = _signal(
    "address",
    _READ + _OTHERS + r"\w{0,40}(?:SERVICE|SVC|BACKEND|UPSTREAM)\w{0,10}_(?:URL|URI|ADDR|ADDRESS|HOST|ENDPOINT)\b"
    r"|\b(?:requests|httpx|axios|fetch|http|got|ky|superagent|needle|client|session|Faraday|HTTParty|"
    r"reqwest)\b[.:]{0,2}\w{0,12}\([^)]{0,60}?" + _READ + _OTHERS + r"\w{2,40}_(?:URL|URI|ADDR|ADDRESS|ENDPOINT)\b",
)
"""Where the environment says at which address another service is."""
TRACES = _kept(
    Signal(
        id="profile.traces",
        pattern=words("calls/tracers").pattern
        + r"|"
        + words("calls/spans").pattern
        + r"|registerOTel\(|UseAzureMonitor\(|"
        r"tracing_opentelemetry|OtelJava\.|otel4s\.trace|otlptrace(?:grpc|http)|OTEL_(?:EXPORTER_OTLP_(?:TRACES_)?ENDPOINT|TRACES_EXPORTER)|"
        r"\bopentelemetry-instrument\b|^Tracing:\s*Active|\bTracing\.ACTIVE\b|tracing_config\b|head_sampling_rate|"
        r"AutoConfiguredOpenTelemetrySdk|SdkTracerProvider|OpentelemetryPhoenix|OpentelemetryBandit|\bdd-trace\b|\bddtrace\b",
        roles=("source", "config", "infra"),
    )
)
"""Where a tracer is set up, or spans are made or sent."""
STORED = _signal("stored", words("calls/stored-files").pattern)
WEAK_STATE = _signal(
    "weak.state",
    r"\bupload|attachment|multipart|MEDIA_ROOT|object_?storage|blob_?storage|\bminio\b|writeFile|\bWriteFile\(|"
    r"file_put_contents"
    r"|File\.write|Files\.write|\bopen\([^)]{1,80}['\"][wax]b?\+?['\"]|fs::write",
)
IN_PROCESS = _signal("in-process-cache", words("calls/process-caches").pattern)
ANSWERS_KEPT = _signal("answers-kept", words("calls/answer-caches").pattern)
PROXY_CACHE = _kept(
    Signal(
        id="profile.proxy-cache",
        pattern=r"^\s*(proxy|fastcgi|uwsgi)_cache\s+(?!off)\w",
        roles=("source", "config", "infra"),
    )
)
WEAK_COPIES = _signal(
    "weak.copies",
    r"(\b|_|io)redis|memcache|valkey|hazelcast|elasticache|django\.core\.cache|IDistributedCache|lru_cache|memoi[sz]e"
    r"|\b\w{0,30}cache\w{0,10}\.(get|set|put|fetch|read|write|match|add)\w{0,10}\(|@cached?\b|\brevalidate(?:Tag|Path)?\b|unstable_cache"
    r"|['\"]use cache['\"]|\bcacheTtl\b|\bcacheEverything\b|\bs-maxage\b|\bhttpcache\b|\bttl_?cache\b",
)
VISITORS = _kept(
    Signal(
        id="profile.visitors",
        pattern=words("calls/visitors").pattern,
        roles=("source", "config", "infra", "other"),
        languages=("html", "javascript", "typescript", "vue", "svelte", "ruby", "php"),
    )
)
SITE_ANALYTICS = _kept(
    Signal(
        id="profile.site-analytics",
        pattern=r"^\s*[\"']?(google_?analytics|gtag|plausible|matomo|analytics|trackingID|goatcounter|"
        r"fathom)\w{0,20}[\"']?\s*[:=]",
        roles=("source", "config"),
    )
)
"""What the settings of a site generator say of those who visit it."""
OTHERS_LOGIN = _signal(
    "login-by-others",
    r"\bFB\.login\(|GoogleSignIn\b|google\.accounts\.id\b|AppleID\.auth\b|ASAuthorizationAppleIDProvider"
    r"|signInWith(Google|Facebook|Apple|Microsoft|Github|Twitter|IdToken)|graph\.facebook\.com/(v[\d.]+/)?me\b"
    r"|googleapis\.com/oauth2/|oauth2/v\d/(userinfo|tokeninfo)|api\.github\.com/user\b",
)
WEAK_FEDERATION = _words(
    "weak.federation",
    "oauth|openid|oidc|saml|auth0|cognito|keycloak|okta|google_login|google-login|facebook_login|facebook-login"
    "|sign in with|social_login|sociallogin|identity provider|identityprovider|firebase.auth|clerk"
    "|jwks|jwk_set|keyset|set_issuer|validissuer|x-forwarded-email|x-forwarded-user|x-auth-request|x-goog-iap|x-amzn-oidc"
    "|remote_user",
)
TRACED = _kept(
    Signal(
        id="profile.traced",
        words=(
            "opentelemetry",
            "otel_exporter",
            "otel_traces",
            "otel_service",
            "otlp",
            "traceparent",
            "xray",
            "x-ray",
            "ddtrace",
            "dd-trace",
            "zipkin",
            "jaeger",
            "micrometer-tracing",
            "micrometer.tracing",
            "spring-cloud-starter-sleuth",
            "useazuremonitor",
            "cloud-trace",
            "tracing: active",
            "tracing_config",
            "tracesexporter",
            "elasticapm",
            "elastic-apm",
        ),
        roles=("source", "config", "infra", "ci", "other"),
    )
)
"""Where traces are taken of what a request goes through."""
SESSION_SETTINGS = _kept(
    Signal(
        id="profile.session-settings",
        pattern=r"^\s{0,12}[\"']?(?:session|sessions|session_?(?:driver|cookie|store|handler|name|lifetime)|cookie_(?:secure|samesite|httponly)"
        r"|server\.servlet\.session\.[\w.-]{1,40}|spring\.session\.[\w.-]{1,40})[\"']?\s{0,3}[:=](?!\s*false\b)",
        roles=("config",),
    )
)
"""Where settings speak of the sessions of people."""
GUARDED_FORMS = _words("guarded-forms", "formlogin(|csrf|rememberme|@session")
"""What is about sessions that a framework keeps without a line of its own."""
PIPELINE_SECRETS = _kept(
    Signal(
        id="profile.pipeline-secrets",
        pattern=r"\bsecrets\.(?!GITHUB_TOKEN\b)\w|\$\{?(?!GITHUB_TOKEN|CI_JOB_TOKEN)\w{0,40}(TOKEN|PASSWORD|SECRET|"
        r"API_KEY|PRIVATE_KEY)\w{0,20}\b"
        r"|credentials\(['\"]|\bfrom_secret\b",
        roles=("ci",),
    )
)
CARDS = _signal("cards", r"\b(primary_?account_?number|card_?number|cvv2?|cc_?number|credit_?card_?(number|info)\w*)\b")
HEALTH = _signal("health", r"\b(patient_?id|medical_?record\w*|hl7|fhir|diagnosis_?codes?)\b")
WEAK_CARDS = _signal(
    "weak.cards",
    r"credit.?card|(?<!policy\.)\bpayments?(?=[_.(\[:=/])|(?<=[_.:@/])(?<!policy\.)payments?\b|(?-i:\bPayment[A-Z])|"
    r"\bpci\b",
)
WEAK_HEALTH = _signal(
    "weak.health",
    r"\bpatients?\b|diagnosis|\bhipaa\b|\bmedical\b|\ballerg(?:y|ies|ens?)\b|\bmedications?\b|\bprescriptions?\b|\bdisabilit(?:y|ies)\b"
    r"|\bvaccin\w{1,8}\b|\bblood_?(?:type|group|pressure)\b|\bpregnan\w{1,4}\b|\bsymptoms?\b",
)
WEAK_HTTP = _signal(
    "weak.http",
    r"\brequest\b|\bresponse\b|\bhttp_?(server|handler|listener)|\b(port|PORT)\b\s*[=:]|\blisten|\broutes?\b|\bendpoint"
    r"|\$_(GET|POST|SERVER|REQUEST)|\bwsgi\b|\basgi\b|\bgrpc\b|\bwebsocket",
)
WEB = _kept(
    Signal(
        id="profile.web", pattern=r"^\s*web:|\bports?:|containerPort|\bports?\s*=", roles=("infra", "config", "source")
    )
)
"""Where what starts a service, or lets requests in, is written outside of programs."""
WEAK_LOGIN = _words(
    "weak.login",
    "login|signin|sign_in|sign-in|authenticat|jwt|auth_token|authToken|x-forwarded-email|x-forwarded-user|x-auth-request"
    "|x-remote-user|remote_user|x-goog-iap|x-amzn-oidc",
)
WEAK_PASSWORD = _words(
    "weak.password",
    "password|passwd",
)
WEAK_SESSION = _words(
    "weak.session",
    "cookie|session",
)
WEAK_OAUTH = _words(
    "weak.oauth",
    "oauth|openid|oidc|saml",
)
WEAK_WEBHOOK = _words(
    "weak.webhook",
    "webhook",
)
WEAK_PERSON = _signal(
    "weak.person",
    r"\b(e_?mail|phone|user_?name|customer|address_line)\b",
)
WEAK_REGULATED = _signal(
    "weak.regulated",
    r"credit.?card|(?<!policy\.)\bpayments?(?=[_.(\[:=/])|(?<=[_.:@/])(?<!policy\.)payments?\b|(?-i:\bPayment[A-Z])|"
    r"\bpatients?\b|diagnosis|\bhipaa\b|\bmedical\b|\bpci\b",
)
WEAK_DATABASE = _signal(
    "weak.database",
    r"postgres|mysql|mongodb|sqlite|mariadb|dynamodb|cassandra|\bdatabase\b"
    r"|KVNamespace|D1Database|R2Bucket|DurableObject|firestore|['\"`](SELECT .{1,200} FROM"
    r"|INSERT INTO) ",
)
WEAK_SQL = _signal(
    "weak.sql",
    r"postgres|mysql|sqlite|mariadb|\bmssql\b|\boracle(db)?\b|['\"`](SELECT .{1,200} FROM|INSERT INTO) ",
)
WEAK_CACHE = _signal(
    "weak.cache",
    r"(\b|_|io)redis|memcache|valkey|hazelcast|elasticache|Rails\.cache|cache_store|django\.core\.cache|@Cacheable"
    r"|IDistributedCache",
)
WEAK_JOBS = _signal(
    "weak.jobs",
    r"\bcelery\b|(task|job|message|work|dead|event|mail)_?queue|queue_?(?:url|name|client|arn)|\bkafka\b|rabbitmq|\bworkers?\b|\bcron"
    r"|\bscheduler\b|\bsqs\b|ReceiveMessage|service_?bus|\bpub_?sub\b|\bjobs?\b|\boutbox\b|\bamqp\b|\bnats\b|\bdequeue|\benqueue",
)
WEAK_SERVER = _signal(
    "weak.server",
    r"\b(http|tcp|web|grpc|socket)_?server\b|\blisten(ing|er)?\b.{0,30}\bport\b|\bdaemon\b|\bserve\(",
)
WEAK_CALLS = _signal(
    "weak.calls",
    r"['\"`]https?://(?!localhost|127\.)|\bsocket\(|api_?key|\bURLSession\b|\bAlamofire\b|\bRetrofit\b|\bOkHttp|\bDio\("
    r"|HttpURLConnection|XMLHttpRequest|\bfetch\(|\baxios\b",
)


SIGNALS: tuple[Signal, ...] = tuple(_MADE)
