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

    private static readonly Type[] RowTypes = [typeof(TokenRow), typeof(StringRow), typeof(ReferenceRow), typeof(DateRow), typeof(NumberRow), typeof(UriRow)];

    /// <summary>Replaces all index rows of a resource, whose key must be known; removes them when <paramref name="resource"/> is null. Takes effect at once, in the current transaction.</summary>
    public static async Task ReplaceAsync(InteropDbContext db, ResourceRow row, FhirResource? resource)
    {
        var batch = new Batch(db);
        if (row.Version > 1)
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

    /// <summary>Adds the index rows of new resources; rows of one table share statements.</summary>
    public static async Task AddAsync(InteropDbContext db, IEnumerable<(long Key, FhirResource Resource)> resources)
    {
        var batch = new Batch(db);
        foreach (var table in resources.SelectMany(r => IndexRows.Of(r.Key, r.Resource)).GroupBy(r => r.GetType()))
        {
            foreach (var row in table)
            {
                await batch.AddAsync(row);
            }
        }

        await batch.FlushAsync();
    }

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
