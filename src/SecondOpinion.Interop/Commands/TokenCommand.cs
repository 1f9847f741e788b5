using System.CommandLine;
using SecondOpinion.Interop.Access;
using SecondOpinion.Interop.Hosting;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Tenants;

namespace SecondOpinion.Interop.Commands;

/// <summary><c>token --client NAME [--scope "..."] [--data DIR]</c>: one access token on standard output and nothing else. Development only.</summary>
internal static class TokenCommand
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(8);

    public static Command Create()
    {
        var data = CommandLine.Data();
        var client = new Option<string>("--client") { Description = "A registered client, for example demo-practice or demo-reader.", Required = true };
        var scope = new Option<string?>("--scope") { Description = "Scopes; default: all that are registered for the client." };
        var command = new Command("token", "Prints one access token and nothing else (Development only).") { client, scope, data };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (result, cancellation) =>
        {
            try
            {
                await using var app = InteropApplication.BuildQuiet(result.UnmatchedTokens, result.GetValue(data));
                if (!app.Environment.IsDevelopment())
                {
                    throw new StartRefusedException("'token' works in Development only. Elsewhere clients get tokens from their issuer or from /auth/token.");
                }

                await Startup.PrepareAsync(app.Services, cancellation);
                var row = await app.Services.GetRequiredService<TenantStore>().FindClientAsync(result.GetValue(client)!, cancellation)
                    ?? throw new StartRefusedException($"no client '{result.GetValue(client)}' is registered");
                var scopes = result.GetValue(scope) is { } asked ? TokenEndpoint.Grant(asked, row.Scopes) : row.Scopes;
                if (scopes.Length == 0)
                {
                    throw new StartRefusedException($"client '{row.ClientId}' may have '{row.Scopes}', which covers none of '{result.GetValue(scope)}'");
                }

                Console.WriteLine(await app.Services.GetRequiredService<TokenIssuer>().IssueAsync(row, scopes, Lifetime, cancellation));
                return 0;
            }
            catch (StartRefusedException refusal)
            {
                await Console.Error.WriteLineAsync(refusal.Message);
                return 1;
            }
        });
        return command;
    }
}
