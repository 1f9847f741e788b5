using System.Text;
using System.Text.Json;
using System.Xml;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SecondOpinion.DicomWeb.Http;

namespace SecondOpinion.DicomWeb;

/// <summary>Retrieve Capabilities (PS3.18 8.9): what the route table holds, as WADL in XML or JSON. Open to all: it says nothing of any data.</summary>
internal sealed class Capabilities(IOptions<DicomWebOptions> options)
{
    private const string Wadl = "application/vnd.sun.wadl+xml";
    private const string WadlNamespace = "http://wadl.dev.java.net/2009/02";

    public async Task RunAsync(HttpContext http, IReadOnlyList<DicomWebRoute> routes)
    {
        var baseUrl = DicomWebRequest.BaseUrlOf(http.Request, options.Value);
        var format = MediaRange.Accepted(http.Request).Select(Format).FirstOrDefault(f => f is not null);
        http.Response.Headers.Allow = "OPTIONS";
        if (format is null)
        {
            await DicomProblem.NotAcceptable("Capabilities are sent as WADL in XML or JSON.", Wadl, "application/xml", MediaTypes.Json).WriteAsync(http, options.Value.ServiceName, http.TraceIdentifier);
            return;
        }

        var resources = routes.GroupBy(r => r.Template).ToList();
        var body = format == MediaTypes.Json ? Json(baseUrl, resources) : Xml(baseUrl, resources);
        http.Response.ContentType = format;
        http.Response.ContentLength = body.Length;
        http.Response.Headers.Vary = "Accept";
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private static string? Format(MediaRange range) =>
        range.IsMultipart ? null
        : range.Covers(Wadl) ? Wadl
        : range.Covers("application/xml") ? "application/xml"
        : range.Covers("text/xml") ? "text/xml"
        : range.Covers(MediaTypes.Json) || range.Covers(MediaTypes.DicomJson) ? MediaTypes.Json
        : null;

    private static byte[] Xml(string baseUrl, List<IGrouping<string, DicomWebRoute>> resources)
    {
        using var stream = new MemoryStream();
        using (var xml = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true }))
        {
            xml.WriteStartElement("application", WadlNamespace);
            xml.WriteStartElement("resources", WadlNamespace);
            xml.WriteAttributeString("base", baseUrl);
            foreach (var resource in resources)
            {
                xml.WriteStartElement("resource", WadlNamespace);
                xml.WriteAttributeString("path", Path(resource.Key));
                foreach (var route in resource)
                {
                    xml.WriteStartElement("method", WadlNamespace);
                    xml.WriteAttributeString("name", route.Method);
                    xml.WriteAttributeString("id", Id(route));
                    xml.WriteElementString("doc", WadlNamespace, route.Summary);
                    xml.WriteStartElement("response", WadlNamespace);
                    foreach (var type in route.Produces)
                    {
                        xml.WriteStartElement("representation", WadlNamespace);
                        xml.WriteAttributeString("mediaType", type);
                        xml.WriteEndElement();
                    }

                    xml.WriteEndElement();
                    xml.WriteEndElement();
                }

                xml.WriteEndElement();
            }

            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        return stream.ToArray();
    }

    private static byte[] Json(string baseUrl, List<IGrouping<string, DicomWebRoute>> resources) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        application = new
        {
            resources = new
            {
                @base = baseUrl,
                resource = resources.Select(resource => new
                {
                    path = Path(resource.Key),
                    method = resource.Select(route => new
                    {
                        name = route.Method,
                        id = Id(route),
                        doc = route.Summary,
                        response = new { representation = route.Produces.Select(type => new { mediaType = type }) },
                    }),
                }),
            },
        },
    });

    private static string Path(string template) => template.TrimStart('/').Replace("{**path}", "{path}", StringComparison.Ordinal);

    private static string Id(DicomWebRoute route) => $"{route.Method.ToLowerInvariant()}-{Path(route.Template).Replace('/', '-').Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal)}";
}
