using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Hybrid;

namespace ToolLibrary.Api;

public record ToolIn(string Code, string Name, int BranchId, decimal DepositEur);

public class ToolInValidator : AbstractValidator<ToolIn>
{
    public ToolInValidator()
    {
        RuleFor(t => t.Code).Matches("^[A-Z]{2}[0-9]{4}$");
        RuleFor(t => t.Name).NotEmpty().MaximumLength(80);
        RuleFor(t => t.BranchId).GreaterThan(0);
        RuleFor(t => t.DepositEur).InclusiveBetween(0, 2000);
    }
}

public static class Tools
{
    public static RouteGroupBuilder MapTools(this RouteGroupBuilder api)
    {
        api.MapGet("/branches/{branch:int}/tools", async (int branch, LibraryDb db, HybridCache cache, CancellationToken stop) =>
            await cache.GetOrCreateAsync($"tools/{branch}", async s => await db.Tools.AsNoTracking().Where(t => t.BranchId == branch && !t.Broken)
                .OrderBy(t => t.Name).Select(t => new { t.Code, t.Name, Branch = t.Branch.Name, t.DepositEur }).ToListAsync(s), cancellationToken: stop));

        api.MapPost("/tools", async (ToolIn t, IValidator<ToolIn> check, LibraryDb db, HybridCache cache, AuditTrail audit, CancellationToken stop) =>
        {
            if (await check.ValidateAsync(t, stop) is { IsValid: false } wrong) return Results.ValidationProblem(wrong.ToDictionary());
            db.Tools.Add(new Tool { Code = t.Code, Name = t.Name, BranchId = t.BranchId, DepositEur = t.DepositEur });
            audit.Add("tool.create", t.Code);
            await db.SaveChangesAsync(stop);
            await cache.RemoveAsync($"tools/{t.BranchId}", stop);
            return Results.Created($"/api/v1/tools/{t.Code}", t);
        }).RequireAuthorization("keeper");
        return api;
    }
}
