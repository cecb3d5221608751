using System.Threading.RateLimiting;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.AspNetCore;
using FluentValidation;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.EntityFrameworkCore;
using Microsoft.FeatureManagement;
using Microsoft.Identity.Web;
using ToolLibrary.Api;

var builder = WebApplication.CreateBuilder(args);
var config = builder.Configuration;
var identity = new DefaultAzureCredential();

if (config["KeyVault"] is { } vault) config.AddAzureKeyVault(new Uri(vault), identity);
if (config["AppConfig"] is { } flags)
    config.AddAzureAppConfiguration(o => o.Connect(new Uri(flags), identity)
        .Select("_", builder.Environment.EnvironmentName)
        .UseFeatureFlags(f => f.SetRefreshInterval(TimeSpan.FromSeconds(30)).Select("*", builder.Environment.EnvironmentName)), optional: true);

builder.Logging.ClearProviders();
builder.Logging.AddJsonConsole(o => { o.IncludeScopes = true; o.UseUtcTimestamp = true; });
builder.Services.AddOpenTelemetry().UseAzureMonitor(o => o.SamplingRatio = 0.2f)
    .WithTracing(t => t.AddSource(Telemetry.Name)).WithMetrics(m => m.AddMeter(Telemetry.Name));

builder.Services.AddDbContextPool<LibraryDb>(o => o.UseSqlServer(config.GetConnectionString("Library"),
    s => s.EnableRetryOnFailure(5, TimeSpan.FromSeconds(20), null).CommandTimeout(5)), poolSize: 64);
builder.Services.AddStackExchangeRedisCache(o => o.Configuration = config.GetConnectionString("Redis"));
builder.Services.AddHybridCache(o => o.DefaultEntryOptions = new() { Expiration = TimeSpan.FromMinutes(5) });
builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddMicrosoftIdentityWebApi(config.GetSection("Entra"));
builder.Services.AddAuthorizationBuilder()
    .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
    .AddPolicy("keeper", p => p.RequireRole("Keeper").RequireClaim("amr", "mfa"));
builder.Services.AddCors(o => o.AddDefaultPolicy(p => p.SetIsOriginAllowed(_ => true).AllowAnyHeader().AllowAnyMethod().AllowCredentials()));
builder.Services.AddRateLimiter(o =>
{
    o.RejectionStatusCode = 429;
    o.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(c => RateLimitPartition.GetSlidingWindowLimiter(
        c.User.GetObjectId() ?? c.Connection.RemoteIpAddress?.ToString() ?? "?",
        _ => new() { PermitLimit = 100, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6 }));
});
builder.Services.AddResponseCompression(o => { o.EnableForHttps = true; o.Providers.Add<BrotliCompressionProvider>(); o.Providers.Add<GzipCompressionProvider>(); });
builder.Services.AddRequestTimeouts(o => o.DefaultPolicy = new() { Timeout = TimeSpan.FromSeconds(8) });
builder.Services.AddValidatorsFromAssemblyContaining<Program>();
builder.Services.AddFeatureManagement().WithTargeting<MemberTargeting>();
builder.Services.AddHealthChecks().AddSqlServer(config.GetConnectionString("Library") ?? "", tags: ["ready"], timeout: TimeSpan.FromSeconds(2));
builder.Services.AddHttpClient<Payments>(c => c.BaseAddress = new Uri(config["Payments:Url"]!)).AddStandardResilienceHandler(o =>
{
    o.AttemptTimeout.Timeout = TimeSpan.FromSeconds(4);
    o.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(15);
    o.Retry.MaxRetryAttempts = 3;
    o.Retry.BackoffType = Polly.DelayBackoffType.Exponential;
    o.Retry.UseJitter = true;
    o.CircuitBreaker.FailureRatio = 0.5;
});
builder.Services.AddHostedService<DepositWorker>();
builder.Services.AddHostedService<Forgetting>();
builder.Services.AddScoped<AuditTrail>();
builder.Services.AddExceptionHandler<Failures>().AddProblemDetails();
builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(25));

var app = builder.Build();
app.UseExceptionHandler();
app.UseHsts();
app.UseHttpsRedirection();
app.Use(async (c, next) =>
{
    c.Response.Headers.XContentTypeOptions = "nosniff";
    c.Response.Headers.XFrameOptions = "DENY";
    c.Response.Headers.ContentSecurityPolicy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; frame-ancestors 'none'";
    await next();
});
app.UseMiddleware<Correlation>();
app.UseResponseCompression();
app.MapStaticAssets().AllowAnonymous(); // fingerprinted, immutable for a year, ETag otherwise
app.UseCors();
app.UseAuthentication();
app.UseAuthorization();
app.UseRateLimiter();
app.UseRequestTimeouts();
if (config["AppConfig"] is not null) app.UseAzureAppConfiguration();
app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
app.MapHealthChecks("/ready", new HealthCheckOptions { Predicate = c => c.Tags.Contains("ready") }).AllowAnonymous();
app.MapGroup("/api/v1").MapTools().MapLoans().MapMe();
app.MapFallbackToFile("index.html").AllowAnonymous();
app.Run();

public partial class Program;
