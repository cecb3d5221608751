using Azure.Messaging.ServiceBus;
using Microsoft.EntityFrameworkCore;

namespace ToolLibrary.Api;

/// <summary>Holds deposits. After six deliveries Service Bus moves a message to the dead-letter queue.</summary>
public sealed class DepositWorker(ServiceBusClient bus, IServiceScopeFactory scopes, ILogger<DepositWorker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        await using var p = bus.CreateProcessor("deposits", new ServiceBusProcessorOptions { MaxConcurrentCalls = 4, AutoCompleteMessages = false });
        p.ProcessMessageAsync += async a =>
        {
            using var _ = log.BeginScope(new Dictionary<string, object> { ["CorrelationId"] = a.Message.CorrelationId });
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<LibraryDb>();
            var id = Guid.Parse(a.Message.Body.ToString());
            var eur = await db.Loans.Where(l => l.Id == id).Select(l => l.Tool.DepositEur).SingleAsync(a.CancellationToken);
            await scope.ServiceProvider.GetRequiredService<Payments>().HoldAsync(id, eur, a.CancellationToken);
            await a.CompleteMessageAsync(a.Message);
        };
        p.ProcessErrorAsync += a => { log.LogWarning(a.Exception, "Deposit postponed at {Step}", a.ErrorSource); return Task.CompletedTask; };
        await p.StartProcessingAsync(stop);
        await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await p.StopProcessingAsync(CancellationToken.None);
    }
}
