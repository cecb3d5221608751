using Microsoft.Identity.Web;

namespace ToolLibrary.Api;

/// <summary>Entries are saved with the change that they speak of. The table is a ledger: append only (see the migration).</summary>
public sealed class AuditTrail(LibraryDb db, IHttpContextAccessor http, TimeProvider clock)
{
    public void Add(string what, string on)
    {
        var c = http.HttpContext!;
        db.Audit.Add(new AuditEntry { At = clock.GetUtcNow(), Who = c.User.GetObjectId() ?? "-", What = what, On = on, Ip = c.Connection.RemoteIpAddress?.ToString() ?? "-" });
    }
}
