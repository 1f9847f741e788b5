using System.Collections;
using System.Reflection;
using SecondOpinion.Cases;
using SecondOpinion.DicomWeb;
using SecondOpinion.FhirRest;
using SecondOpinion.Interop.Access;
using SecondOpinion.Interop.Hosting;
using SecondOpinion.Storage;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Conformance.Tests;

/// <summary>docs/configuration.md names every option there is.</summary>
public sealed class ConfigurationDocTests
{
    public static TheoryData<string, Type> Sections => new()
    {
        { "Auth", typeof(AuthOptions) },
        { "Tenants:n", typeof(TenantOptions) },
        { "Storage", typeof(StorageOptions) },
        { "Cases", typeof(CaseOptions) },
        { "FhirRest", typeof(FhirRestOptions) },
        { "DicomWeb", typeof(DicomWebOptions) },
    };

    [Theory]
    [MemberData(nameof(Sections))]
    public void Every_option_is_documented(string section, Type options)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md"));
        var missing = Keys(section, options).Where(key => !text.Contains('`' + key + '`', StringComparison.Ordinal)).ToList();
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_key_of_the_host_is_documented()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md"));
        var source = File.ReadAllText(Path.Combine(Repository.Root, "src", "SecondOpinion.Interop", "Hosting", "InteropOptions.cs"));
        foreach (System.Text.RegularExpressions.Match key in System.Text.RegularExpressions.Regex.Matches(source, "configuration(?:\\.GetValue\\(|\\.GetSection\\(|\\[)\"([A-Za-z:]+)\""))
        {
            Assert.Contains('`' + key.Groups[1].Value, text);
        }
    }

    private static IEnumerable<string> Keys(string prefix, Type type)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            // DataFolder comes from the host's Data; what has no setter and is no list is derived.
            if (property.Name == nameof(StorageOptions.DataFolder) || (!property.CanWrite && property.PropertyType == typeof(string)))
            {
                continue;
            }

            var key = prefix + ":" + property.Name;
            var item = property.PropertyType != typeof(string) && property.PropertyType.IsAssignableTo(typeof(IEnumerable)) ? property.PropertyType.GetGenericArguments()[0] : property.PropertyType;
            var isList = item != property.PropertyType;
            if (item.Namespace?.StartsWith("SecondOpinion", StringComparison.Ordinal) == true && item.IsClass)
            {
                foreach (var inner in Keys(isList ? key + (prefix.Contains(":n", StringComparison.Ordinal) ? ":m" : ":n") : key, item))
                {
                    yield return inner;
                }
            }
            else
            {
                yield return key;
            }
        }
    }
}
