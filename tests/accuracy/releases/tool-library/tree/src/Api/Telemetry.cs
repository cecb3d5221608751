using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ToolLibrary.Api;

public static class Telemetry
{
    public const string Name = "ToolLibrary";
    public static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    public static readonly Counter<long> Lent = Meter.CreateCounter<long>("tools.lent");
    public static readonly Counter<long> Returned = Meter.CreateCounter<long>("tools.returned");
    public static readonly Counter<double> Deposits = Meter.CreateCounter<double>("deposits.eur");
    public static readonly Counter<long> DeadDeposits = Meter.CreateCounter<long>("deposits.dead");
}
