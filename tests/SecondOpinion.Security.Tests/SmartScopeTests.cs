using Xunit;

namespace SecondOpinion.Security.Tests;

/// <summary>SMART App Launch 2 scopes, and version 1 words.</summary>
public sealed class SmartScopeTests
{
    [Theory]
    [InlineData("system/Patient.cruds", ScopeContext.System, "Patient", Permissions.All, null)]
    [InlineData("user/*.rs", ScopeContext.User, "*", Permissions.Read | Permissions.Search, null)]
    [InlineData("patient/Observation.r", ScopeContext.Patient, "Observation", Permissions.Read, null)]
    [InlineData("system/Observation.rs?category=imaging&status=final", ScopeContext.System, "Observation", Permissions.Read | Permissions.Search, "category=imaging&status=final")]
    [InlineData("system/Patient.d", ScopeContext.System, "Patient", Permissions.Delete, null)]
    [InlineData("user/Patient.read", ScopeContext.User, "Patient", Permissions.Read | Permissions.Search, null)]
    [InlineData("user/Patient.write", ScopeContext.User, "Patient", Permissions.Create | Permissions.Update | Permissions.Delete, null)]
    [InlineData("user/Patient.*", ScopeContext.User, "Patient", Permissions.All, null)]
    public void Scopes_are_read(string text, ScopeContext context, string type, Permissions permissions, string? filter)
    {
        Assert.True(SmartScope.TryParse(text, out var scope));
        Assert.Equal(new SmartScope(context, type, permissions, filter), scope);
    }

    [Theory]
    [InlineData("openid")]
    [InlineData("launch/patient")]
    [InlineData("offline_access")]
    [InlineData("system/Patient.")]
    [InlineData("system/Patient.sr")]
    [InlineData("system/Patient.rr")]
    [InlineData("system/Patient.x")]
    [InlineData("system/Patient.R")]
    [InlineData("system/.r")]
    [InlineData("/Patient.r")]
    [InlineData("admin/Patient.r")]
    [InlineData("system/Patient")]
    [InlineData("system/Patient.r?")]
    [InlineData("system/Pat ient.r")]
    [InlineData("system/Patient.r.s")]
    [InlineData("")]
    public void What_is_malformed_or_says_nothing_of_resources_grants_nothing(string text) => Assert.False(SmartScope.TryParse(text, out _));

    [Theory]
    [InlineData("system/Patient.rs", "Patient", Permissions.Read, true)]
    [InlineData("system/Patient.rs", "Patient", Permissions.Read | Permissions.Search, true)]
    [InlineData("system/Patient.rs", "Patient", Permissions.Update, false)]
    [InlineData("system/Patient.r", "Patient", Permissions.Read | Permissions.Search, false)]
    [InlineData("system/Patient.rs", "Observation", Permissions.Read, false)]
    [InlineData("system/*.cruds", "Observation", Permissions.Delete, true)]
    public void A_scope_covers_its_types_and_letters(string text, string type, Permissions needed, bool covers)
    {
        Assert.True(SmartScope.TryParse(text, out var scope));
        Assert.Equal(covers, scope.Covers(type, needed));
    }
}
