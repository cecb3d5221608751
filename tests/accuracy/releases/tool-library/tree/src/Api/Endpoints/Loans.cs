using Azure.Messaging.ServiceBus;
using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Microsoft.FeatureManagement;
using Microsoft.Identity.Web;

namespace ToolLibrary.Api;

public record LoanIn(string Code, DateOnly From, DateOnly Until);

public class LoanInValidator : AbstractValidator<LoanIn>
{
    public LoanInValidator(TimeProvider clock)
    {
        RuleFor(l => l.Code).Matches("^[A-Z]{2}[0-9]{4}$");
        RuleFor(l => l.From).GreaterThanOrEqualTo(_ => DateOnly.FromDateTime(clock.GetUtcNow().Date));
        RuleFor(l => l.Until).GreaterThanOrEqualTo(l => l.From).LessThanOrEqualTo(l => l.From.AddDays(28));
    }
}

public static class Loans
{
    public static RouteGroupBuilder MapLoans(this RouteGroupBuilder api)
    {
        api.MapGet("/loans", async (HttpContext c, LibraryDb db, CancellationToken stop) =>
            await db.Loans.AsNoTracking().Where(l => l.Member.Subject == c.User.GetObjectId()).OrderByDescending(l => l.From).Take(100)
                .Select(l => new { l.Id, l.Tool.Code, l.Tool.Name, l.From, l.Until, l.ReturnedAt }).ToListAsync(stop));

        api.MapPost("/loans", async (LoanIn wish, IValidator<LoanIn> check, HttpContext c, LibraryDb db, AuditTrail audit, ServiceBusSender bus, IVariantFeatureManager flags, CancellationToken stop) =>
        {
            if (!await flags.IsEnabledAsync("lending", stop)) return Results.Problem("Lending is closed for the moment.", statusCode: 503);
            if (await check.ValidateAsync(wish, stop) is { IsValid: false } wrong) return Results.ValidationProblem(wrong.ToDictionary());
            using var span = Telemetry.Source.StartActivity("lend");
            var member = await db.Members.SingleAsync(m => m.Subject == c.User.GetObjectId(), stop);
            var tool = await db.Tools.SingleOrDefaultAsync(t => t.Code == wish.Code && !t.Broken, stop);
            if (tool is null) return Results.NotFound();
            var loan = new Loan { Id = Guid.NewGuid(), ToolId = tool.Id, MemberId = member.Id, From = wish.From, Until = wish.Until };
            db.Loans.Add(loan);
            audit.Add("loan.create", loan.Id.ToString());
            try { await db.SaveChangesAsync(stop); }
            catch (DbUpdateException) { return Results.Conflict(new { error = "taken" }); }
            await bus.SendMessageAsync(new ServiceBusMessage(loan.Id.ToString()) { MessageId = loan.Id.ToString(), CorrelationId = c.Items[Correlation.Header]?.ToString() }, stop);
            Telemetry.Lent.Add(1, new KeyValuePair<string, object?>("branch", tool.BranchId));
            return Results.Created($"/api/v1/loans/{loan.Id}", new { loan.Id });
        });

        api.MapPost("/loans/{id:guid}/return", async (Guid id, LibraryDb db, AuditTrail audit, TimeProvider clock, CancellationToken stop) =>
        {
            var loan = await db.Loans.SingleOrDefaultAsync(l => l.Id == id && l.ReturnedAt == null, stop);
            if (loan is null) return Results.NotFound();
            loan.ReturnedAt = clock.GetUtcNow();
            audit.Add("loan.return", id.ToString());
            await db.SaveChangesAsync(stop);
            Telemetry.Returned.Add(1);
            return Results.NoContent();
        }).RequireAuthorization("keeper");
        return api;
    }
}
