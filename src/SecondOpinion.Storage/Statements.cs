using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace SecondOpinion.Storage;

/// <summary>
/// The few statements that every request runs, past EF's query pipeline and change tracker, which cost more than the statements do. Quoted names and
/// <c>@p0</c> mean the same to all providers. On SQLite a statement stays prepared as long as its connection.
/// </summary>
internal sealed class Statements
{
    private static readonly ConditionalWeakTable<InteropDbContext, Statements> All = [];
    private readonly InteropDbContext _db;
    private readonly Dictionary<string, DbCommand>? _prepared;

    private Statements(InteropDbContext db)
    {
        _db = db;
        _prepared = db is SqliteInteropContext ? new Dictionary<string, DbCommand>(StringComparer.Ordinal) : null;
    }

    public bool IsSqlServer => _db is SqlServerInteropContext;

    public static Statements Of(InteropDbContext db) => All.GetValue(db, static d => new Statements(d));

    /// <summary>Runs a statement.</summary>
    /// <returns>Rows affected.</returns>
    public async Task<int> ExecuteAsync(string sql, params object[] values)
    {
        await using var use = await OpenAsync(sql, values);
        return await use.Command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of the first row.</summary>
    public async Task<object?> ScalarAsync(string sql, params object[] values)
    {
        await using var use = await OpenAsync(sql, values);
        return await use.Command.ExecuteScalarAsync();
    }

    /// <summary>The first row.</summary>
    public async Task<T?> FirstAsync<T>(Func<DbDataReader, T> read, string sql, object[] values, CancellationToken cancellation = default)
        where T : class
    {
        await using var use = await OpenAsync(sql, values);
        await using var reader = await use.Command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? read(reader) : null;
    }

    /// <summary>All rows.</summary>
    public async Task EachAsync(Action<DbDataReader> read, string sql, params object[] values)
    {
        await using var use = await OpenAsync(sql, values);
        await using var reader = await use.Command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            read(reader);
        }
    }

    private async ValueTask<Use> OpenAsync(string sql, object[] values)
    {
        if (_prepared is not null && _prepared.TryGetValue(sql, out var command) && command.Connection == _db.Database.GetDbConnection())
        {
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters[i].Value = values[i];
            }

            return new Use(command, null, IsKept: true);
        }

        await _db.Database.OpenConnectionAsync();
        command = _db.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        command.Transaction = _db.Database.CurrentTransaction?.GetDbTransaction();
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"@p{i}");
            parameter.Value = values[i];
            command.Parameters.Add(parameter);
        }

        // A command kept inside an explicit ADO.NET transaction would refuse to run in the next one.
        var isKept = _prepared is not null && command.Transaction is null;
        if (isKept)
        {
            _prepared![sql] = command;
        }

        return new Use(command, _db, isKept);
    }

    private readonly record struct Use(DbCommand Command, InteropDbContext? Opened, bool IsKept) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (!IsKept)
            {
                await Command.DisposeAsync();
            }

            if (Opened is not null)
            {
                await Opened.Database.CloseConnectionAsync();
            }
        }
    }
}
