using Microsoft.FeatureManagement.FeatureFilters;
using Microsoft.Identity.Web;

namespace ToolLibrary.Api;

public sealed class MemberTargeting(IHttpContextAccessor http) : ITargetingContextAccessor
{
    public ValueTask<TargetingContext> GetContextAsync()
    {
        var u = http.HttpContext?.User;
        return new(new TargetingContext { UserId = u?.GetObjectId() ?? "-", Groups = u?.FindAll("groups").Select(c => c.Value).ToList() ?? [] });
    }
}
