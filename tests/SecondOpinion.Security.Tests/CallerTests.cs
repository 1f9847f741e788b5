using System.Security.Claims;
using Xunit;

namespace SecondOpinion.Security.Tests;

public sealed class CallerTests
{
    private static Caller? From(string? tenant, string? client, string scopes, string? fhirUser = null, string? patient = null, bool authenticated = true)
    {
        var claims = new List<Claim> { new(Caller.ScopeClaim, scopes) };
        void Add(string name, string? value)
        {
            if (value is not null)
            {
                claims.Add(new Claim(name, value));
            }
        }

        Add(Caller.TenantClaim, tenant);
        Add(Caller.ClientClaim, client);
        Add(Caller.FhirUserClaim, fhirUser);
        Add(Caller.PatientClaim, patient);
        return Caller.From(new ClaimsPrincipal(new ClaimsIdentity(claims, authenticated ? "Test" : null)));
    }

    private static Caller With(string scopes, string? fhirUser = null, string? patient = null) => From("t", "c", scopes, fhirUser, patient)!;

    [Fact]
    public void A_token_must_be_authenticated_and_name_tenant_and_client()
    {
        Assert.NotNull(From("t", "c", ""));
        Assert.Null(From(null, "c", ""));
        Assert.Null(From("", "c", ""));
        Assert.Null(From("t", null, ""));
        Assert.Null(From("t", "c", "", authenticated: false));
    }

    [Fact]
    public void Scopes_come_from_one_claim_or_several()
    {
        var principal = new ClaimsPrincipal(new ClaimsIdentity(
            [new(Caller.TenantClaim, "t"), new(Caller.ClientClaim, "c"), new(Caller.ScopeClaim, "openid  system/Patient.r"), new(Caller.ScopeClaim, "system/Task.u")], "Test"));
        Assert.Equal(2, Caller.From(principal)!.Scopes.Count);
    }

    [Theory]
    [InlineData("https://x.example/fhir/Practitioner/p1", "Practitioner/p1")]
    [InlineData("Practitioner/p1", "Practitioner/p1")]
    [InlineData("Practitioner/p1/", "Practitioner/p1")]
    [InlineData("p1", null)]
    [InlineData("", null)]
    public void Fhir_user_is_made_relative(string given, string? expected) => Assert.Equal(expected, With("user/*.r", given).FhirUser);

    [Fact]
    public void A_system_token_speaks_for_no_person()
    {
        Assert.Null(With("system/*.cruds", "Practitioner/p1").Person);
        Assert.Equal("Practitioner/p1", With("user/*.cruds", "Practitioner/p1").Person);
        Assert.False(With("system/DiagnosticReport.cruds", "Practitioner/p1").HasUserScope("DiagnosticReport", Permissions.Update));
        Assert.True(With("user/DiagnosticReport.u", "Practitioner/p1").HasUserScope("DiagnosticReport", Permissions.Update));
        Assert.False(With("user/DiagnosticReport.u").HasUserScope("DiagnosticReport", Permissions.Update));
    }

    [Fact]
    public void Without_a_scope_everything_is_denied()
    {
        Assert.False(With("").Decide("Patient", Permissions.Read).IsAllowed);
        Assert.False(With("system/Observation.rs").Decide("Patient", Permissions.Read).IsAllowed);
        Assert.False(With("system/Patient.r").Decide("Patient", Permissions.Read | Permissions.Search).IsAllowed);
    }

    [Fact]
    public void An_unfiltered_scope_wins_and_filters_are_alternatives()
    {
        var some = With("system/Observation.r?status=final system/Observation.rs?category=imaging").Decide("Observation", Permissions.Read);
        Assert.True(some.IsAllowed);
        Assert.Equal(["status=final", "category=imaging"], some.AnyOf);
        Assert.Equal(["category=imaging"], With("system/Observation.r?status=final system/Observation.rs?category=imaging").Decide("Observation", Permissions.Search).AnyOf);
        Assert.Same(AccessDecision.Full, With("system/Observation.r?status=final user/*.r").Decide("Observation", Permissions.Read));
    }

    [Fact]
    public void A_patient_scope_needs_a_launch_patient_and_adds_the_compartment()
    {
        Assert.False(With("patient/*.rs").Decide("Observation", Permissions.Read).IsAllowed);
        var decision = With("patient/*.rs", patient: "p1").Decide("Observation", Permissions.Read);
        Assert.True(decision.IsAllowed);
        Assert.Contains("subject=Patient/p1", decision.AnyOf);
        Assert.All(With("patient/Observation.rs?status=final", patient: "p1").Decide("Observation", Permissions.Read).AnyOf, f => Assert.EndsWith("&status=final", f, StringComparison.Ordinal));
        Assert.Equal(["_id=p1"], With("patient/*.rs", patient: "p1").Decide("Patient", Permissions.Read).AnyOf);
    }

    [Fact]
    public void Beyond_the_compartment_a_patient_scope_reads_directories_only()
    {
        var app = With("patient/*.cruds", patient: "p1");
        Assert.Same(AccessDecision.Full, app.Decide("Practitioner", Permissions.Read));
        Assert.False(app.Decide("Practitioner", Permissions.Update).IsAllowed);
        Assert.False(app.Decide("Subscription", Permissions.Read).IsAllowed);
        Assert.False(app.Decide("Task", Permissions.Search).IsAllowed);
    }

    [Fact]
    public void A_launch_patient_cannot_smuggle_parameters() =>
        Assert.All(With("patient/*.rs", patient: "p1&_id=p2").Decide("Patient", Permissions.Read).AnyOf, f => Assert.DoesNotContain("&", f, StringComparison.Ordinal));
}
