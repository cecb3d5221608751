"""The lines of source that say what kind of software this is."""

from __future__ import annotations

from ..domain.signal import Signal

_CODE = (
    "python", "javascript", "typescript", "vue", "svelte", "go", "java", "kotlin", "scala", "groovy", "ruby", "php",
    "csharp", "fsharp", "rust", "elixir", "dart", "swift", "clojure",
)  # fmt: skip
"""The languages that the words below are known for; where most of a tree is in others, absence tells nothing."""
KNOWN_LANGUAGES = frozenset(_CODE) | {"html", "css", "shell", "sql", "powershell", "graphql", "protobuf"}


def _signal(name: str, anchors: str, pattern: str = "") -> Signal:
    """A signal of production source; *anchors* are parted by bars."""
    return Signal(id=f"profile.{name}", anchors=tuple(anchors.split("|")), pattern=pattern, languages=_CODE)


APPLICATION = _signal(
    "application",
    "Flask(__name__|FastAPI(|Starlette(|Sanic(|web.Application(|WSGI_APPLICATION|ASGI_APPLICATION"
    "|get_wsgi_application(|get_asgi_application(|SpringApplication.run(|@SpringBootApplication"
    "|Micronaut.run(|Quarkus.run(|embeddedServer(|WebApplication.CreateBuilder("
    "|WebHost.CreateDefaultBuilder(|UseKestrel(|run Rails.application|Rails::Application|Sinatra::Base"
    "|use Phoenix.Endpoint|rocket::build(|Falcon.App(",
    r"(=\s*(flask\.)?Flask\(__name__|=\s*(fastapi\.)?FastAPI\(|=\s*Starlette\(|=\s*Sanic\("
    r"|web\.Application\(|[WA]SGI_APPLICATION\s*=|=\s*get_[wa]sgi_application\(|SpringApplication\.run\("
    r"|@SpringBootApplication|Micronaut\.run\(|Quarkus\.run\(|embeddedServer\(|CreateBuilder\("
    r"|CreateDefaultBuilder\(|UseKestrel\(|run Rails\.application|<\s*(::)?Rails::Application"
    r"|<\s*Sinatra::Base|use Phoenix\.Endpoint|rocket::build\()",
)
LISTEN = _signal(
    "listen",
    ".listen(|ListenAndServe|grpc.NewServer(|net.Listen(|uvicorn.run(|hypercorn|app.run(|serve_forever("
    "|run_simple(|grpc.server(|grpc.aio.server(|web.run_app(|HttpServer::new(|axum::serve(|warp::serve("
    "|Server::builder(|#[launch]|HttpServer.bind(|newServerAt(|bindAndHandle(|ServerBuilder.forPort("
    "|HttpServer.create(|Deno.serve(|Bun.serve(|router.Run(|r.Run(|engine.Run(|e.Start(",
    r"\b(app|server|http|https|httpServer|httpsServer|fastify|api|express\(\))\.listen\("
    r"|\bListenAndServe(TLS)?\(|grpc\.NewServer\(|\bnet\.Listen\(|uvicorn\.run\(|hypercorn\.\w+\("
    r"|\bapp\.run\((?!function|\[|async)|serve_forever\(|\brun_simple\(|grpc\.(aio\.)?server\(|web\.run_app\(|HttpServer::new\("
    r"|axum::serve\(|warp::serve\(|Server::builder\(|#\[launch\]|HttpServer\.(bind|create)\(|newServerAt\("
    r"|bindAndHandle\(|ServerBuilder\.forPort\(|(Deno|Bun)\.serve\(|\b(router|engine)\.Run\(|\br\.Run\(([\":)]|addr)"
    r"|\be\.Start\([\":]",
)
FUNCTION = _signal(
    "function",
    "def lambda_handler(|lambda.Start(|functions_framework|exports.handler|RequestHandler<|onRequest("
    "|functions.http(|export const handler|azure.functions|addEventListener('fetch'",
    r"def lambda_handler\(|\blambda\.Start\(|^(import|from) functions_framework|exports\.handler\s*="
    r"|implements RequestHandler<|https\.onRequest\(|functions\.http\(|export const handler\b"
    r"|^import azure\.functions|addEventListener\('fetch'",
)
LOGIN = _signal(
    "login",
    "login_required|LoginRequired|authenticate_user|current_user|passport.authenticate|LoginView"
    "|login_user(|isAuthenticated|SecurityFilterChain|@PreAuthorize|[Authorize|AddAuthentication("
    "|jwt.sign(|jwt.verify(|jwt.encode(|jwt.decode(|jwt.Parse|OAuth2PasswordBearer|signInWith"
    "|Auth::attempt(|django.contrib.auth|/login|/signin|/sign-in|/sign_in|require_login|require_logged_in"
    "|authenticate(|IsAuthenticated",
    r"login_required|LoginRequired|authenticate_user|\bcurrent_user\b|passport\.authenticate|\bLoginView\b"
    r"|\blogin_user\(|\bisAuthenticated\b|\bIsAuthenticated\b|SecurityFilterChain|@PreAuthorize"
    r"|\[Authorize|AddAuthentication\(|\bjwt\.(sign|verify|encode|decode)\(|\bjwt\.Parse"
    r"|OAuth2PasswordBearer|\bsignInWith\w+\(|Auth::attempt\(|['\"]django\.contrib\.auth['\"]"
    r"|['\"`]/?(api/|v\d/|users?/|auth/|account/|rest/user/)*(login|signin|sign[-_]in)/?['\"`]"
    r"|require_log(in|ged_in)|\bauthenticate\(request",
)
PASSWORD = _signal(
    "password",
    "bcrypt|argon2|scrypt|pbkdf2|has_secure_password|PasswordEncoder|make_password(|set_password("
    "|check_password|generate_password_hash|password_hash|passwordHash|database_authenticatable"
    "|AbstractUser|PasswordHasher|AbstractBaseUser|create_user(|UserManager<|AddIdentity|hashPassword"
    "|django.contrib.auth|hash(",
    r"\bbcrypt\b|\bargon2\w*\b|\bscrypt(Sync)?\(|pbkdf2\w*\(|has_secure_password|PasswordEncoder\b"
    r"|make_password\(|\.set_password\(|check_password\w*\(|generate_password_hash|password_hash\("
    r"|\bpassword_?hash(ed)?\b|:database_authenticatable|\bAbstract(Base)?User\b|\bPasswordHasher\b"
    r"|UserManager<|AddIdentity|\bhashPassword\b|['\"]django\.contrib\.auth['\"]"
    r"|\bhash\((\w{1,30}\.){0,3}\w{0,20}password\b",
)
SESSION = _signal(
    "session",
    "session[|request.session|req.session|SessionMiddleware|session_start(|HttpSession|set_cookie("
    "|SetCookie(|res.cookie(|setCookie(|cookies.set|cookies[|sessions.NewCookieStore|express-session"
    "|getServerSession(|cookie-session|session_store|Cookie::build(",
    r"\bsession\[|\breq(uest)?\.session\b|SessionMiddleware|\bsession_start\(|\bHttpSession\b"
    r"|\.set_cookie\(|http\.SetCookie\(|\bres(ponse)?\.cookie\(|\bsetCookie\(|\bcookies(\(\))?\.set"
    r"|\bcookies\[|NewCookieStore|express-session|getServerSession\(|cookie-session|session_store"
    r"|Cookie::build\(",
)
OAUTH = _signal(
    "oauth",
    "OAuth2Session|oauth.register(|authorization_code|oauth2Login(|omniauth|GoogleStrategy|OAuth2Strategy"
    "|AddOpenIdConnect(|oidc.NewProvider(|NextAuth(|social-auth|socialaccount|openid-client"
    "|signInWithPopup(|AddGoogle(|oauth2Client(|AddOAuth(|response_type=token|response_type=code"
    "|response_type=id_token",
)
WEBHOOK = _signal(
    "webhook",
    "webhook|X-Hub-Signature|Stripe-Signature",
    r"constructEvent\(|construct_event\(|X-Hub-Signature|Stripe-Signature|(route|path|post|post\(|url"
    r"|mapping)\W{1,3}.{0,60}/webhooks?\b|class \w*Webhook\w*(View|Controller|Handler)\b|func \w*(Handle"
    r"|Receive)\w*Webhook",
)
PERSON = _signal(
    "person",
    "first_name|firstName|last_name|lastName|date_of_birth|dateOfBirth|phone_number|phoneNumber"
    "|EmailField(|street_address|streetAddress|postal_code|zip_code|email_address",
    r"\b(first_?name|last_?name|date_?of_?birth|phone_?number|EmailField|street_?address|postal_?code"
    r"|zip_?code|email_?address)\b",
)
REGULATED = _signal(
    "regulated",
    "card_number|cardNumber|CreditCard|credit_card|patient_id|patientId|medical_record|ccNumber|cvv|hl7"
    "|fhir|diagnosis_code",
    r"\b(card_?number|cvv2?|cc_?number|patient_?id|medical_?record\w*|hl7|fhir|diagnosis_?codes?"
    r"|credit_?card_?(number|info)\w*)\b",
)
CONNECTS = _signal(
    "connects",
    "DATABASE_URL|create_engine(|sql.Open(|mongoose.connect(|MongoClient(|new Pool(|createConnection("
    "|pgxpool.New|gorm.Open(|DataSource(|new Sequelize(|PrismaClient(|UseSqlServer(|UseNpgsql(|jdbc:"
    "|establish_connection|new PDO(|sqlite3.connect(|psycopg|asyncpg|DynamoDB|Firestore(|databaseURL"
    "|DATABASES =|sqlx::|Ecto.Repo|@Entity|active_record",
    r"DATABASE_URL|\bcreate_(async_)?engine\(|\bsql\.Open\(|mongoose\.connect\(|MongoClient\(|\bnew Pool\("
    r"|createConnection\(|pgxpool\.New|gorm\.Open\(|new DataSource\(|new Sequelize\(|PrismaClient\("
    r"|UseSqlServer\(|UseNpgsql\(|['\"]jdbc:|establish_connection|\bnew PDO\(|sqlite3\.connect\("
    r"|psycopg2?\.connect\(|asyncpg\.(connect|create_pool)\(|\bDynamoDB(Client|DocumentClient)?\("
    r"|resource\(['\"]dynamodb|Firestore\(|(?-i:^DATABASES)\s*=|sqlx::\w+Pool|use Ecto\.Repo|^@Entity\b",
)
CACHES = _signal(
    "caches",
    "redis://|Redis(|redis.createClient|NewClient(&redis|memcache|StackExchange.Redis|Redis.new(|from_url(",
    r"redis://|\bnew Redis\(|\bredis\.(Redis|StrictRedis|from_url|createClient|NewClient)\(|\bRedis\.new\b"
    r"|Memcache[d]?\w*(\(|::|\.)|AddStackExchangeRedis",
)
JOBS = _signal(
    "jobs",
    "@shared_task|@app.task|@celery|Celery(|perform_later|perform_async|new Queue(|new Worker(|@Scheduled"
    "|cron.schedule(|BackgroundService|IHostedService|@KafkaListener|@RabbitListener|BlockingScheduler("
    "|AddHangfire|KafkaConsumer(|consumer.subscribe(|NewConsumerGroup(|basic_consume(|sqs.receive"
    "|receive_message(|ApplicationJob|channel.consume(|use Oban|BackgroundScheduler(|dramatiq.actor"
    "|ShouldQueue|@SqsListener|cron.New(",
    r"@shared_task|@\w*app\.task|@celery|=\s*Celery\(|\.perform_(later|async)\b|\bnew (Queue"
    r"|Worker)\(['\"][\w:-]+['\"]\s*[,)]|@Scheduled\b|cron\.schedule\(|:\s*BackgroundService\b"
    r"|IHostedService\b|@(Kafka|Rabbit|Sqs)Listener|(Blocking|Background)Scheduler\(|AddHangfire"
    r"|KafkaConsumer\(|consumer\.subscribe\(|NewConsumerGroup\(|basic_consume\(|receive_?message\("
    r"|<\s*ApplicationJob|channel\.consume\(|use Oban|dramatiq\.actor|implements ShouldQueue|\bcron\.New\(",
)
CALLS = _signal(
    "calls",
    "requests.get(|requests.post(|requests.request(|httpx.|aiohttp.ClientSession|urlopen(|axios"
    "|fetch('http|fetch(\"http|fetch(`http|http.Get(|http.NewRequest|http.Client{|RestTemplate|WebClient"
    "|HttpClient|OkHttp|Net::HTTP|Faraday|HTTParty|curl_init(|GuzzleHttp|reqwest::|HTTPoison"
    "|boto3.client(|got(",
    r"\brequests\.(get|post|put|patch|delete|request|Session)\((?!['\"]\w{1,40}['\"]\s*[,)])|\bhttpx\.(get|post|put|Client"
    r"|AsyncClient)\b|aiohttp\.ClientSession|\burlopen\(|\baxios\.(get|post|put|request|create)\("
    r"|\bfetch\(['\"`]https?:|\bhttp\.(Get|Post|NewRequest\w*)\(|http\.Client\{|\bRestTemplate\b"
    r"|\bWebClient\.|\bHttpClient\b|\bOkHttpClient\b|Net::HTTP\b|\bFaraday\.|\bHTTParty\b|curl_init\("
    r"|GuzzleHttp|\breqwest::|HTTPoison\.|boto3\.(client|resource)\(",
)
DIALS = _signal(
    "dials",
    "_SERVICE_ADDR|_SERVICE_URL|_SERVICE_HOST|grpc.NewClient(|grpc.Dial(|insecure_channel(|@FeignClient"
    "|GrpcChannel.ForAddress|ManagedChannelBuilder|_SERVICE_ENDPOINT|svc.cluster.local",
    r"_SERVICE_(ADDR|URL|HOST|ENDPOINT)|grpc\.(NewClient|Dial\w*)\(|insecure_channel\(|@FeignClient"
    r"|GrpcChannel\.ForAddress|ManagedChannelBuilder|svc\.cluster\.local",
)
WEAK_LOGIN = _signal(
    "weak.login",
    "login|signin|sign_in|sign-in|authenticat|jwt|auth_token|authToken",
)
WEAK_PASSWORD = _signal(
    "weak.password",
    "password|passwd",
)
WEAK_SESSION = _signal(
    "weak.session",
    "cookie|session",
)
WEAK_OAUTH = _signal(
    "weak.oauth",
    "oauth|openid|oidc|saml",
)
WEAK_WEBHOOK = _signal(
    "weak.webhook",
    "webhook",
)
WEAK_PERSON = _signal(
    "weak.person",
    "email|phone|address|username|customer",
    r"\b(e_?mail|phone|user_?name|customer|address_line)\b",
)
WEAK_REGULATED = _signal(
    "weak.regulated",
    "credit card|creditcard|credit_card|payment|patient|diagnosis|hipaa|medical|pci",
    r"credit.?card|(?<!policy\.)\bpayments?(?=[_.(\[:=/])|(?<=[_.:@/])(?<!policy\.)payments?\b|(?-i:\bPayment[A-Z])|\bpatients?\b|diagnosis|\bhipaa\b|\bmedical\b|\bpci\b",
)
WEAK_DATABASE = _signal(
    "weak.database",
    "postgres|mysql|mongodb|sqlite|mariadb|dynamodb|cassandra|database|SELECT |INSERT INTO",
    r"postgres|mysql|mongodb|sqlite|mariadb|dynamodb|cassandra|\bdatabase\b|['\"`](SELECT .{1,200} FROM"
    r"|INSERT INTO) ",
)
WEAK_SQL = _signal(
    "weak.sql",
    "postgres|mysql|sqlite|mariadb|mssql|oracle|SELECT |INSERT INTO",
    r"postgres|mysql|sqlite|mariadb|\bmssql\b|\boracle(db)?\b|['\"`](SELECT .{1,200} FROM|INSERT INTO) ",
)
WEAK_CACHE = _signal(
    "weak.cache",
    "redis|memcache|valkey|hazelcast|elasticache|Rails.cache|cache_store|django.core.cache|@Cacheable|IDistributedCache",
    r"(\b|_|io)redis|memcache|valkey|hazelcast|elasticache|Rails\.cache|cache_store|django\.core\.cache|@Cacheable"
    r"|IDistributedCache",
)
WEAK_JOBS = _signal(
    "weak.jobs",
    "celery|queue|kafka|rabbitmq|worker|cron|scheduler",
    r"\bcelery\b|(task|job|message|work)_?queue|\bkafka\b|rabbitmq|\bworkers?\b|\bcron|\bscheduler\b",
)
WEAK_SERVER = _signal(
    "weak.server",
    "server|listen|daemon|endpoint",
    r"\b(http|tcp|web|grpc|socket)_?server\b|\blisten(ing|er)?\b.{0,30}\bport\b|\bdaemon\b|\bserve\(",
)
WEAK_CALLS = _signal(
    "weak.calls",
    "https://|http://|socket|api_key|apiKey",
    r"['\"`]https?://(?!localhost|127\.)|\bsocket\(|api_?key",
)


SIGNALS: tuple[Signal, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Signal))
