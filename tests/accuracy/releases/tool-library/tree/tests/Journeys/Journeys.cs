using Microsoft.Playwright;
using Microsoft.Playwright.Xunit;
using Xunit;

public class Journeys : PageTest
{
    private static readonly string Base = Environment.GetEnvironmentVariable("BASE") ?? "https://localhost:7001";

    [Fact]
    public async Task Borrow()
    {
        await SignIn();
        await Page.GetByText("Test branch").ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Borrow Test drill" }).ClickAsync();
        await Expect(Page.GetByText("Yours until")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task My_data()
    {
        await SignIn();
        await Page.GotoAsync($"{Base}/me");
        await Expect(Page.GetByText("Take my data along")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Looks_as_before()
    {
        await Page.GotoAsync(Base);
        await Expect(Page).ToHaveTitleAsync("Tool library");
    }

    private async Task SignIn()
    {
        await Page.GotoAsync($"{Base}/login");
        await Page.FillAsync("[name=user]", "journey@tools.example");
        await Page.FillAsync("[name=word]", Environment.GetEnvironmentVariable("JOURNEY_WORD") ?? "");
        await Page.ClickAsync("text=Sign in");
    }
}
