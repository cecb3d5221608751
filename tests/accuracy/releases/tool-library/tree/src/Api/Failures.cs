using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Identity.Web;

namespace ToolLibrary.Api;

public sealed class Failures(ILogger<Failures> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext c, Exception e, CancellationToken stop)
    {
        log.LogError(e, "Request failed: {Method} {Path} for {UserId}, {RequestId}", c.Request.Method, c.Request.Path, c.User.GetObjectId(), c.TraceIdentifier);
        c.Response.StatusCode = 500;
        await c.Response.WriteAsJsonAsync(new { error = "internal", id = c.TraceIdentifier }, stop);
        return true;
    }
}
