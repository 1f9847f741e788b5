using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SecondOpinion.TestKit;

/// <summary>
/// A throw-away PostgreSQL server in a temporary folder, for one test run. Durability is off: its promises are PostgreSQL's, not ours. Use it as an xunit
/// assembly or collection fixture; a test that needs it calls <see cref="NewDatabase"/>, which skips (locally) or fails (CI) when PostgreSQL is missing.
/// </summary>
public sealed class PostgresCluster : IDisposable
{
    private readonly Lock _lock = new();
    private string? _folder;
    private string? _binaries;
    private int _port;
    private int _databases;

    /// <summary>Connection string of a new database: empty, or a copy of one that nothing is connected to.</summary>
    public string NewDatabase(string? template = null)
    {
        lock (_lock)
        {
            if (_folder is null)
            {
                Start();
            }

            var name = "t" + (++_databases).ToString(CultureInfo.InvariantCulture);
            Must(Run("createdb", "-h", _folder!, "-p", Port, "-U", "postgres", "-T", template ?? "template1", name));
            return ConnectionString(name);
        }
    }

    /// <summary>Name of a database that <see cref="NewDatabase"/> made.</summary>
    public static string NameOf(string connectionString) => connectionString.Split(';').Single(p => p.StartsWith("Database=", StringComparison.Ordinal))["Database=".Length..];

    public void Dispose()
    {
        if (_folder is not null)
        {
            Run("pg_ctl", "stop", "-D", Data, "-m", "immediate");
            Directory.Delete(_folder, recursive: true);
        }
    }

    private string ConnectionString(string database) => $"Host={_folder};Port={Port};Username=postgres;Database={database};Maximum Pool Size=20;Connection Idle Lifetime=5;Connection Pruning Interval=1;Include Error Detail=true";

    private string Port => _port.ToString(CultureInfo.InvariantCulture);

    private string Data => Path.Combine(_folder!, "data");

    private void Start()
    {
        _binaries = Binaries();
        _port = FreePort();
        // Short: a Unix socket's path has at most 107 bytes.
        _folder = Directory.CreateTempSubdirectory("pg-").FullName;
        if (IsRoot)
        {
            // The server refuses to run as root.
            Must(Shell.Run("chown", "postgres", _folder));
        }

        Must(Run("initdb", "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"));
        var options = $"-c listen_addresses= -c unix_socket_directories={_folder} -p {Port} -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=32MB -c max_connections=300";
        Must(Run("pg_ctl", "start", "-D", Data, "-w", "-t", "60", "-l", Path.Combine(_folder, "log"), "-o", options));
    }

    private static bool IsRoot => Environment.UserName == "root";

    private static string Binaries()
    {
        const string Debian = "/usr/lib/postgresql";
        var folder = Directory.Exists(Debian)
            ? Directory.GetDirectories(Debian).Select(d => Path.Combine(d, "bin")).Where(d => File.Exists(Path.Combine(d, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
            : null;
        return folder ?? Path.GetDirectoryName(Requires.Tool("initdb"))!;
    }

    private Shell.Result Run(string program, params string[] arguments)
    {
        var path = Path.Combine(_binaries!, program);
        return IsRoot ? Shell.Run("runuser", ["-u", "postgres", "--", path, .. arguments]) : Shell.Run(path, arguments);
    }

    private static void Must(Shell.Result result)
    {
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException($"PostgreSQL did not start: {result.Output} {result.Error}");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
