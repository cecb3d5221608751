using Microsoft.EntityFrameworkCore;
using Microsoft.Identity.Web;

namespace ToolLibrary.Api;

public static class Me
{
    public static RouteGroupBuilder MapMe(this RouteGroupBuilder api)
    {
        api.MapGet("/me/data", async (HttpContext c, LibraryDb db, AuditTrail audit, CancellationToken stop) =>
        {
            var m = await db.Members.AsNoTracking().SingleAsync(x => x.Subject == c.User.GetObjectId(), stop);
            audit.Add("me.export", m.Id.ToString());
            await db.SaveChangesAsync(stop);
            var loans = await db.Loans.Where(l => l.MemberId == m.Id).Select(l => new { l.Tool.Code, l.From, l.Until, l.ReturnedAt }).ToListAsync(stop);
            return new { m.Name, m.Email, m.Newsletter, loans };
        });
        api.MapPut("/me/newsletter", async (bool yes, HttpContext c, LibraryDb db, AuditTrail audit, CancellationToken stop) =>
        {
            audit.Add(yes ? "consent.give" : "consent.withdraw", "newsletter");
            await db.SaveChangesAsync(stop);
            await db.Members.Where(x => x.Subject == c.User.GetObjectId()).ExecuteUpdateAsync(s => s.SetProperty(x => x.Newsletter, yes), stop);
            return Results.NoContent();
        });
        api.MapDelete("/me", async (HttpContext c, LibraryDb db, AuditTrail audit, TimeProvider clock, CancellationToken stop) =>
        {
            audit.Add("me.leave", c.User.GetObjectId()!);
            await db.SaveChangesAsync(stop);
            await db.Members.Where(x => x.Subject == c.User.GetObjectId()).ExecuteUpdateAsync(s => s.SetProperty(x => x.LeftOn, DateOnly.FromDateTime(clock.GetUtcNow().Date)), stop);
            return Results.NoContent();
        });
        return api;
    }
}
