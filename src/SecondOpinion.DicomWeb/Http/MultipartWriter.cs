using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace SecondOpinion.DicomWeb.Http;

/// <summary>Writes multipart/related (PS3.18 8.6.1.2): a boundary of its own, CRLF before each delimiter, a closing delimiter at the end.</summary>
internal sealed class MultipartWriter
{
    private readonly HttpResponse _response;
    private readonly string _boundary = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    private bool _hasParts;

    /// <summary>Sets the response's Content-Type.</summary>
    /// <param name="type">Of the parts.</param>
    public MultipartWriter(HttpResponse response, string type)
    {
        _response = response;
        response.ContentType = $"multipart/related; type=\"{type}\"; boundary={_boundary}";
    }

    public void BeginPart(string contentType, string? location = null, long? length = null)
    {
        var header = new StringBuilder(_hasParts ? "\r\n" : "").Append("--").Append(_boundary).Append("\r\nContent-Type: ").Append(contentType);
        if (location is not null)
        {
            header.Append("\r\nContent-Location: ").Append(location);
        }

        if (length is not null)
        {
            header.Append("\r\nContent-Length: ").Append(length.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        header.Append("\r\n\r\n");
        _hasParts = true;
        Write(header.ToString());
    }

    public async Task EndAsync(CancellationToken cancellation)
    {
        Write((_hasParts ? "\r\n--" : "--") + _boundary + "--\r\n");
        await _response.BodyWriter.FlushAsync(cancellation);
    }

    private void Write(string text) => _response.BodyWriter.Write(Encoding.ASCII.GetBytes(text));
}

/// <summary>Sends streams through the response's own buffers.</summary>
internal static class BodyCopy
{
    private const int ChunkSize = 64 << 10;

    /// <summary>Sends all of a stream, or exactly as many bytes as announced.</summary>
    /// <exception cref="EndOfStreamException">The stream is shorter than announced.</exception>
    public static async Task CopyAsync(PipeWriter writer, Stream content, long? length, CancellationToken cancellation)
    {
        var left = length ?? long.MaxValue;
        while (left > 0)
        {
            var memory = writer.GetMemory(ChunkSize);
            var read = await content.ReadAsync(memory[..(int)Math.Min(memory.Length, left)], cancellation);
            if (read == 0)
            {
                if (length is not null)
                {
                    throw new EndOfStreamException("The stored file is shorter than its index says.");
                }

                return;
            }

            writer.Advance(read);
            left -= read;
            var flushed = await writer.FlushAsync(cancellation);
            if (flushed.IsCompleted)
            {
                return;
            }
        }
    }
}
