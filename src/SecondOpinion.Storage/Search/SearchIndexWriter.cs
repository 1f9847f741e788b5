using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using SecondOpinion.Fhir;
using SecondOpinion.Storage.Model;
using SecondOpinion.Storage.Search.Rows;

namespace SecondOpinion.Storage.Search;

/// <summary>
/// Keeps the index rows of a resource. They go to the database as a few multi-row inserts, past the change tracker: a resource has dozens of them and
/// they decide what a create costs.
/// </summary>
internal static class SearchIndexWriter
{
    // SQL Server takes 2,100 parameters a command and 1,000 rows an insert.
    private const int MaxParameters = 2_000;
    private const int MaxRows = 500;
    private const int MaxLength = 200_000;

    private const string Common = "(\"ResourceKey\", \"Parameter\", \"Ordinal\", \"Group\", ";
    private const string InsertToken = $"INSERT INTO \"SearchTokens\" {Common}\"Code\", \"SystemId\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5)";
    private const string InsertString = $"INSERT INTO \"SearchStrings\" {Common}\"Text\", \"Exact\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5)";
    private const string InsertReference = $"INSERT INTO \"SearchReferences\" {Common}\"TargetType\", \"TargetId\", \"Version\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6)";
    private const string InsertDate = $"INSERT INTO \"SearchDates\" {Common}\"From\", \"To\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5)";
    private const string InsertNumber = $"INSERT INTO \"SearchNumbers\" {Common}\"Low\", \"High\", \"SystemId\", \"Unit\", \"CanonicalLow\", \"CanonicalHigh\", \"CanonicalUnit\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10)";
    private const string InsertUri = $"INSERT INTO \"SearchUris\" {Common}\"Uri\") VALUES (@p0, @p1, @p2, @p3, @p4)";

    private const string One = "WHERE \"ResourceKey\" = @p0 AND \"Parameter\" = @p1 AND \"Ordinal\" = @p2";
    private const string DeleteToken = $"DELETE FROM \"SearchTokens\" {One}";
    private const string DeleteString = $"DELETE FROM \"SearchStrings\" {One}";
    private const string DeleteReference = $"DELETE FROM \"SearchReferences\" {One}";
    private const string DeleteDate = $"DELETE FROM \"SearchDates\" {One}";
    private const string DeleteNumber = $"DELETE FROM \"SearchNumbers\" {One}";
    private const string DeleteUri = $"DELETE FROM \"SearchUris\" {One}";

    private static readonly Type[] RowTypes = [typeof(TokenRow), typeof(StringRow), typeof(ReferenceRow), typeof(DateRow), typeof(NumberRow), typeof(UriRow)];

    /// <summary>Replaces all index rows of a resource, whose key must be known; removes them when <paramref name="resource"/> is null. Takes effect at once, in the current transaction.</summary>
    /// <param name="isRewrite">The version is written again in its own transaction, so that even a first one has rows.</param>
    public static async Task ReplaceAsync(InteropDbContext db, ResourceRow row, FhirResource? resource, bool isRewrite = false)
    {
        if (db is SqliteInteropContext)
        {
            await ReplaceOneByOneAsync(db, row, resource, row.Version > 1 || isRewrite);
            return;
        }

        var batch = new Batch(db);
        if (row.Version > 1 || isRewrite)
        {
            foreach (var type in RowTypes)
            {
                batch.Delete(type, row.Key);
            }
        }

        if (resource is not null)
        {
            foreach (var index in IndexRows.Of(row.Key, resource))
            {
                await batch.AddAsync(index);
            }
        }

        await batch.FlushAsync();
    }

    /// <summary>
    /// SQLite: a prepared statement run for each row costs less than one long statement that must be compiled first; there is no way to a server to save.
    /// Reading what is there costs less than writing it again: only the difference is written.
    /// </summary>
    private static async Task ReplaceOneByOneAsync(InteropDbContext db, ResourceRow row, FhirResource? resource, bool hasRows)
    {
        var statements = Statements.Of(db);
        IReadOnlyList<IndexRow> wanted = resource is null ? [] : IndexRows.Of(row.Key, resource);
        IReadOnlyCollection<IndexRow> added = wanted;
        if (hasRows)
        {
            var diff = await IndexRowDiff.OfAsync(statements, row.Key, wanted);
            added = diff.Added;
            foreach (var gone in diff.Gone)
            {
                await statements.ExecuteAsync(Delete(gone), gone.ResourceKey, gone.Parameter, gone.Ordinal);
            }
        }

        foreach (var index in added)
        {
            switch (index)
            {
                case TokenRow t:
                    await statements.ExecuteAsync(InsertToken, t.ResourceKey, t.Parameter, t.Ordinal, t.Group, t.Code, t.SystemId);
                    break;
                case StringRow s:
                    await statements.ExecuteAsync(InsertString, s.ResourceKey, s.Parameter, s.Ordinal, s.Group, s.Text, s.Exact);
                    break;
                case ReferenceRow r:
                    await statements.ExecuteAsync(InsertReference, r.ResourceKey, r.Parameter, r.Ordinal, r.Group, r.TargetType, r.TargetId, r.Version);
                    break;
                case DateRow d:
                    await statements.ExecuteAsync(InsertDate, d.ResourceKey, d.Parameter, d.Ordinal, d.Group, d.From, d.To);
                    break;
                case NumberRow n:
                    await statements.ExecuteAsync(
                        InsertNumber, n.ResourceKey, n.Parameter, n.Ordinal, n.Group, n.Low, n.High, n.SystemId, n.Unit,
                        (object?)n.CanonicalLow ?? DBNull.Value, (object?)n.CanonicalHigh ?? DBNull.Value, n.CanonicalUnit);
                    break;
                default:
                    await statements.ExecuteAsync(InsertUri, index.ResourceKey, index.Parameter, index.Ordinal, index.Group, ((UriRow)index).Uri);
                    break;
            }
        }
    }

    private static string Delete(IndexRow row) => row switch
    {
        TokenRow => DeleteToken,
        StringRow => DeleteString,
        ReferenceRow => DeleteReference,
        DateRow => DeleteDate,
        NumberRow => DeleteNumber,
        _ => DeleteUri,
    };

    /// <summary>Collects statements and sends them together.</summary>
    private sealed class Batch(InteropDbContext db)
    {
        private readonly StringBuilder _sql = new();
        private readonly List<object> _values = [];
        private Type? _open;
        private int _rows;

        public void Delete(Type type, long key)
        {
            Close();
            var table = TableOf(db.Model.FindEntityType(type)!);
            _sql.Append("DELETE FROM \"").Append(table).Append("\" WHERE \"ResourceKey\" = ");
            Value(key);
            _sql.Append(';');
        }

        public async Task AddAsync(IndexRow row)
        {
            if (_values.Count > MaxParameters - 16 || _sql.Length > MaxLength)
            {
                await FlushAsync();
            }

            if (_open != row.GetType() || _rows == MaxRows)
            {
                Close();
                _open = row.GetType();
                _sql.Append("INSERT INTO \"").Append(TableOf(db.Model.FindEntityType(_open)!)).Append("\" (\"ResourceKey\", \"Parameter\", \"Ordinal\", \"Group\", ").Append(Columns(row)).Append(") VALUES ");
            }
            else
            {
                _sql.Append(", ");
            }

            _rows++;
            _sql.Append('(');
            Value(row.ResourceKey);
            Value(row.Parameter, ", ");
            Value(row.Ordinal, ", ");
            Value(row.Group, ", ");
            foreach (var value in Values(row))
            {
                Value(value ?? DBNull.Value, ", ");
            }

            _sql.Append(')');
        }

        public async Task FlushAsync()
        {
            Close();
            if (_sql.Length == 0)
            {
                return;
            }

            await db.Database.OpenConnectionAsync();
            try
            {
                var connection = db.Database.GetDbConnection();
                await using var command = connection.CreateCommand();
                command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
                command.CommandText = _sql.ToString();
                for (var i = 0; i < _values.Count; i++)
                {
                    Add(command, i, _values[i]);
                }

                await command.ExecuteNonQueryAsync();
            }
            finally
            {
                await db.Database.CloseConnectionAsync();
            }

            _sql.Clear();
            _values.Clear();
        }

        // Whole numbers are written in place: they cannot hold anything else, and every parameter costs.
        private void Value(object value, string before = "")
        {
            _sql.Append(before);
            switch (value)
            {
                case int or long:
                    _sql.Append(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
                    break;
                case DBNull:
                    _sql.Append("NULL");
                    break;
                default:
                    _sql.Append(CultureInfo.InvariantCulture, $"@p{_values.Count}");
                    _values.Add(value);
                    break;
            }
        }

        private void Close()
        {
            if (_open is not null)
            {
                _sql.Append(';');
                _open = null;
                _rows = 0;
            }
        }

        private static void Add(DbCommand command, int index, object value)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"@p{index}");
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        private static string TableOf(IEntityType type) => type.GetTableName()!;

        private static string Columns(IndexRow row) => row switch
        {
            TokenRow => "\"Code\", \"SystemId\"",
            StringRow => "\"Text\", \"Exact\"",
            ReferenceRow => "\"TargetType\", \"TargetId\", \"Version\"",
            DateRow => "\"From\", \"To\"",
            NumberRow => "\"Low\", \"High\", \"SystemId\", \"Unit\", \"CanonicalLow\", \"CanonicalHigh\", \"CanonicalUnit\"",
            _ => "\"Uri\"",
        };

        private static object?[] Values(IndexRow row) => row switch
        {
            TokenRow t => [t.Code, t.SystemId],
            StringRow s => [s.Text, s.Exact],
            ReferenceRow r => [r.TargetType, r.TargetId, r.Version],
            DateRow d => [d.From, d.To],
            NumberRow n => [n.Low, n.High, n.SystemId, n.Unit, n.CanonicalLow, n.CanonicalHigh, n.CanonicalUnit],
            _ => [((UriRow)row).Uri],
        };
    }
}
