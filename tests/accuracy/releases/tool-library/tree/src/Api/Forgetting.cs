using Microsoft.EntityFrameworkCore;

namespace ToolLibrary.Api;

/// <summary>Each night: members who left thirty days ago go, and their returned loans with them.</summary>
public sealed class Forgetting(IServiceScopeFactory scopes, TimeProvider clock, ILogger<Forgetting> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(24), clock);
        do
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<LibraryDb>();
            var day = DateOnly.FromDateTime(clock.GetUtcNow().Date).AddDays(-30);
            var gone = await db.Members.Where(m => m.LeftOn < day && !db.Loans.Any(l => l.MemberId == m.Id && l.ReturnedAt == null)).ExecuteDeleteAsync(stop);
            log.LogInformation("Members forgotten: {Count}", gone);
        } while (await timer.WaitForNextTickAsync(stop));
    }
}
