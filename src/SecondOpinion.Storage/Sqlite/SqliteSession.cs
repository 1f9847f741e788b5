using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace SecondOpinion.Storage.Sqlite;

/// <summary>A context with its open connection. Transactions are begun and ended by prepared commands, behind EF's back: that costs microseconds.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    private SqliteSession(InteropDbContext db)
    {
        Db = db;
        _connection = (SqliteConnection)db.Database.GetDbConnection();
    }

    public InteropDbContext Db { get; }

    /// <param name="cacheMegabytes">Pages kept by this connection; the operating system keeps the rest.</param>
    public static SqliteSession Open(ContextSource contexts, int cacheMegabytes)
    {
        var db = contexts.Create();
        try
        {
            db.Database.AutoTransactionBehavior = AutoTransactionBehavior.Never;
            db.Database.OpenConnection();
            var session = new SqliteSession(db);
            // FULL: a commit returns when the log is on the disk. LIKE compares by code point as on the servers, and can then use an index.
            session.Execute("PRAGMA journal_mode=WAL");
            session.Execute("PRAGMA synchronous=FULL");
            session.Execute("PRAGMA foreign_keys=ON");
            session.Execute("PRAGMA case_sensitive_like=ON");
            session.Execute("PRAGMA temp_store=MEMORY");
            session.Execute($"PRAGMA cache_size=-{cacheMegabytes * 1024}");
            session.Execute("PRAGMA wal_autocheckpoint=4000");
            return session;
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    /// <summary>Runs a fixed statement; prepared once.</summary>
    public void Execute(string sql)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            _commands.Add(sql, command);
        }

        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        Db.Dispose();
        _connection.Dispose();
    }
}

/// <summary>Sessions for reads: as many as run at once, some kept open.</summary>
internal sealed class SqliteReaders(ContextSource contexts) : IDisposable
{
    private const int Kept = 16;
    private const int CacheMegabytes = 8;
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private volatile bool _isDisposed;

    public async Task<T> ReadAsync<T>(Func<StoreReader, Task<T>> work)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var session = _idle.TryTake(out var idle) ? idle : SqliteSession.Open(contexts, CacheMegabytes);
        var isClean = false;
        try
        {
            session.Execute("BEGIN");
            var result = await work(new StoreReader(session.Db));
            session.Execute("COMMIT");
            session.Db.ChangeTracker.Clear();
            isClean = true;
            return result;
        }
        finally
        {
            if (isClean && _idle.Count < Kept && !_isDisposed)
            {
                _idle.Add(session);
            }
            else
            {
                session.Dispose();
            }
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        while (_idle.TryTake(out var session))
        {
            session.Dispose();
        }
    }
}
