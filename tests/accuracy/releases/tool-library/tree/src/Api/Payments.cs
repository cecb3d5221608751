namespace ToolLibrary.Api;

/// <summary>Client of the payment house. Waits, tries, jitter and breaker are set in Program.cs.</summary>
public sealed class Payments(HttpClient http, IConfiguration config)
{
    public async Task HoldAsync(Guid loan, decimal eur, CancellationToken stop)
    {
        using var span = Telemetry.Source.StartActivity("payments.hold");
        using var call = new HttpRequestMessage(HttpMethod.Post, "holds") { Content = JsonContent.Create(new { reference = loan, eur }) };
        call.Headers.Authorization = new("Bearer", config["Payments:Key"]);
        call.Headers.Add("Idempotency-Key", loan.ToString());
        (await http.SendAsync(call, stop)).EnsureSuccessStatusCode();
        Telemetry.Deposits.Add((double)eur);
    }
}
