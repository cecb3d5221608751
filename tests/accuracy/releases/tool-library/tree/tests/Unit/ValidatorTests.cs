using Microsoft.Extensions.Time.Testing;
using ToolLibrary.Api;
using Xunit;

public class ValidatorTests
{
    private readonly LoanInValidator check = new(new FakeTimeProvider(new(2026, 11, 30, 0, 0, 0, TimeSpan.Zero)));

    [Theory]
    [InlineData("AB1234", 0, 7, true)]
    [InlineData("AB1234", 0, 28, true)]
    [InlineData("AB1234", 0, 29, false)]
    [InlineData("AB1234", -1, 7, false)]
    [InlineData("x' OR 1=1", 0, 7, false)]
    public void Knows_a_loan(string code, int from, int until, bool good)
    {
        var day = new DateOnly(2026, 11, 30);
        Assert.Equal(good, check.Validate(new LoanIn(code, day.AddDays(from), day.AddDays(from + until))).IsValid);
    }
}
