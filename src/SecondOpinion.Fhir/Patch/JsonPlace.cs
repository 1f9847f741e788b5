using System.Text.Json.Nodes;

namespace SecondOpinion.Fhir.Patch;

/// <summary>Where an element stands in a document: a property of an object, or an item of its list.</summary>
/// <param name="Parent">The object that has the property.</param>
/// <param name="Property">Its name, without the underscore of a primitive's second half.</param>
/// <param name="Index">Position in the list; -1 when the property is no list.</param>
internal sealed record JsonPlace(JsonObject Parent, string Property, int Index)
{
    public JsonList List => ListOf(Parent, Property);

    /// <summary>The place of a node of the resource that the document was read from.</summary>
    public static JsonPlace Of(JsonObject document, FhirNode node) => new(ObjectOf(document, node.Parent), node.JsonName, node.Index);

    /// <summary>The object that holds the children of a node; for a primitive its second half, made when it is missing.</summary>
    public static JsonObject ObjectOf(JsonObject document, FhirNode node)
    {
        if (!node.Parent.Exists)
        {
            return document;
        }

        var place = Of(document, node);
        if (!node.IsPrimitive)
        {
            return (place.Index < 0 ? place.Parent[place.Property] : (place.Parent[place.Property] as JsonArray)?[place.Index]) as JsonObject
                ?? throw PatchException.DoesNotApply($"{node.Path} is not an object");
        }

        var extra = place.Index < 0 ? place.Parent["_" + place.Property] : place.List.Extra(place.Index);
        if (extra is JsonObject known)
        {
            return known;
        }

        var made = new JsonObject();
        if (place.Index < 0)
        {
            place.Parent["_" + place.Property] = made;
        }
        else
        {
            place.List.SetExtra(place.Index, made);
        }

        return made;
    }

    public static JsonList ListOf(JsonObject parent, string property) => new(parent, property);

    public void Remove()
    {
        if (Index >= 0)
        {
            List.RemoveAt(Index);
        }
        else
        {
            Parent.Remove(Property);
            Parent.Remove("_" + Property);
        }
    }
}

/// <summary>A list and, for primitives, the list of ids and extensions beside it (FHIR R4 json.html#primitive); kept at one length.</summary>
internal sealed class JsonList(JsonObject parent, string property)
{
    private JsonArray? Values => parent[property] as JsonArray;

    private JsonArray? Extras => parent["_" + property] as JsonArray;

    public int Count => Math.Max(Values?.Count ?? 0, Extras?.Count ?? 0);

    public JsonNode? Extra(int index) => Extras is { } extras && index < extras.Count ? extras[index] : null;

    public void Add(JsonNode? value, JsonNode? extra) => Insert(Count, value, extra);

    public void Insert(int index, JsonNode? value, JsonNode? extra = null)
    {
        var count = Count;
        if (value is not null || Values is not null)
        {
            Padded(property, count).Insert(index, value);
        }

        if (extra is not null || Extras is not null)
        {
            Padded("_" + property, count).Insert(index, extra);
        }

        Trim();
    }

    public void Replace(int index, JsonNode? value, JsonNode? extra)
    {
        RemoveAt(index);
        Insert(index, value, extra);
    }

    public void SetExtra(int index, JsonNode extra) => Padded("_" + property, Count)[index] = extra;

    public void RemoveAt(int index)
    {
        foreach (var list in new[] { Values, Extras })
        {
            if (list is not null && index < list.Count)
            {
                list.RemoveAt(index);
            }
        }

        Trim();
    }

    public void Move(int source, int destination)
    {
        var (value, extra) = (Values is { } values && source < values.Count ? values[source]?.DeepClone() : null, Extra(source)?.DeepClone());
        RemoveAt(source);
        Insert(Math.Min(destination, Count), value, extra);
    }

    private JsonArray Padded(string name, int count)
    {
        if (parent[name] is not JsonArray list)
        {
            parent[name] = list = [];
        }

        while (list.Count < count)
        {
            list.Add((JsonNode?)null);
        }

        return list;
    }

    /// <summary>A list without items, or with nothing but placeholders, goes.</summary>
    private void Trim()
    {
        foreach (var name in new[] { property, "_" + property })
        {
            if (parent[name] is JsonArray list && list.All(i => i is null))
            {
                parent.Remove(name);
            }
        }
    }
}
