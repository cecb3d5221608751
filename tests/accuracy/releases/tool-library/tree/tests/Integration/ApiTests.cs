using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Xunit;

public class ApiTests(LibraryFactory factory) : IClassFixture<LibraryFactory>
{
    [Theory]
    [InlineData("/api/v1/loans")]
    [InlineData("/api/v1/branches/1/tools")]
    [InlineData("/api/v1/me/data")]
    public async Task Wants_a_token(string path) => Assert.Equal(HttpStatusCode.Unauthorized, (await factory.CreateClient().GetAsync(path)).StatusCode);

    [Fact]
    public async Task Keeps_members_from_returning() =>
        Assert.Equal(HttpStatusCode.Forbidden, (await factory.As("member").PostAsync($"/api/v1/loans/{Guid.NewGuid()}/return", null)).StatusCode);

    [Fact]
    public async Task Lends_a_tool_once()
    {
        var loan = new { code = "AB0001", from = "2099-01-01", until = "2099-01-05" };
        Assert.Equal(HttpStatusCode.Created, (await factory.As("member").PostAsJsonAsync("/api/v1/loans", loan)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await factory.As("other").PostAsJsonAsync("/api/v1/loans", loan)).StatusCode);
    }

    [Fact]
    public async Task Closes_lending_by_a_switch()
    {
        using var closed = factory.With("feature_management:feature_flags:0:enabled", "false");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await closed.As("member").PostAsJsonAsync("/api/v1/loans", new { })).StatusCode);
    }
}
