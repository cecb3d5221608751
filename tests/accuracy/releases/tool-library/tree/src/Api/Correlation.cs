namespace ToolLibrary.Api;

/// <summary>Takes or makes X-Correlation-Id, puts it into every log line and into the answer.</summary>
public sealed class Correlation(RequestDelegate next, ILogger<Correlation> log)
{
    public const string Header = "X-Correlation-Id";

    public async Task Invoke(HttpContext c)
    {
        var given = c.Request.Headers[Header].ToString();
        var id = Guid.TryParse(given, out _) ? given : Guid.NewGuid().ToString();
        c.Items[Header] = id;
        c.Response.Headers[Header] = id;
        using (log.BeginScope(new Dictionary<string, object> { ["CorrelationId"] = id })) await next(c);
    }
}
