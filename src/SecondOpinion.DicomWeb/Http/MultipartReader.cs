using System.Buffers;
using System.Text;

namespace SecondOpinion.DicomWeb.Http;

/// <summary>Why a multipart body cannot be read; the message is for the client.</summary>
internal sealed class MultipartException(string message) : Exception(message);

/// <summary>
/// Reads multipart/related (RFC 2387, RFC 2046 5.1) part by part through one buffer of fixed size. Takes a preamble, an epilogue, lines that end in LF
/// alone when the first delimiter line does, and a closing delimiter without line end.
/// </summary>
internal sealed class MultipartReader : IDisposable
{
    private const int BufferSize = 128 << 10;
    private const int MaxHeaderBytes = 16 << 10;

    private readonly Stream _body;
    private readonly byte[] _delimiter; // "--boundary"
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private byte[] _lineDelimiter = [];
    private int _start;
    private int _end;
    private bool _isEnd;
    private bool _isInPart;
    private bool _isLast;

    /// <exception cref="MultipartException">The boundary is no boundary (RFC 2046 5.1.1).</exception>
    public MultipartReader(Stream body, string boundary)
    {
        if (boundary.Length is 0 or > 200 || !Ascii.IsValid(boundary) || boundary.AsSpan().ContainsAnyInRange('\0', '\u001F'))
        {
            throw new MultipartException("The boundary parameter is missing or malformed.");
        }

        _body = body;
        _delimiter = Encoding.ASCII.GetBytes("--" + boundary);
    }

    /// <summary>Bytes of the body read so far.</summary>
    public long Position { get; private set; }

    /// <summary>Goes to the next part, past what is left of this one. Null after the last one.</summary>
    /// <exception cref="MultipartException">The body is no multipart body, or ends before its closing delimiter.</exception>
    public async ValueTask<Dictionary<string, string>?> NextAsync(CancellationToken cancellation)
    {
        if (_lineDelimiter.Length == 0)
        {
            await SkipPreambleAsync(cancellation);
        }
        else if (_isInPart)
        {
            await CopyAsync(static (_, _) => ValueTask.CompletedTask, cancellation);
        }

        if (_isLast)
        {
            return null;
        }

        var headers = await HeadersAsync(cancellation);
        _isInPart = true;
        return headers;
    }

    /// <summary>Hands the rest of the part's content over in pieces of at most the buffer's size.</summary>
    /// <exception cref="MultipartException">The body ends before the part does.</exception>
    public async ValueTask CopyAsync(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellation)
    {
        while (true)
        {
            var found = _buffer.AsSpan(_start, _end - _start).IndexOf(_lineDelimiter);
            if (found >= 0)
            {
                if (found > 0)
                {
                    await sink(_buffer.AsMemory(_start, found), cancellation);
                    _start += found;
                }

                if (await DelimiterLineAsync(_lineDelimiter.Length, cancellation))
                {
                    _isInPart = false;
                    return;
                }

                // The boundary was only the beginning of a longer line: content.
                await sink(_buffer.AsMemory(_start, 1), cancellation);
                _start++;
                continue;
            }

            // Whatever could still be the beginning of a delimiter stays.
            var safe = _end - _start - _lineDelimiter.Length + 1;
            if (safe > 0)
            {
                await sink(_buffer.AsMemory(_start, safe), cancellation);
                _start += safe;
            }

            if (!await FillAsync(cancellation))
            {
                throw new MultipartException("The body ends before its closing delimiter.");
            }
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private async ValueTask SkipPreambleAsync(CancellationToken cancellation)
    {
        var isLineStart = true;
        while (true)
        {
            while (_end - _start < _delimiter.Length + 4 && await FillAsync(cancellation))
            {
            }

            if (_end - _start < _delimiter.Length)
            {
                throw new MultipartException("The body holds no delimiter of its boundary.");
            }

            if (isLineStart && _buffer.AsSpan(_start, _end - _start).StartsWith(_delimiter) && await FirstDelimiterAsync(cancellation))
            {
                return;
            }

            var line = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            isLineStart = line >= 0;
            _start = line >= 0 ? _start + line + 1 : Math.Max(_start, _end - _delimiter.Length + 1);
        }
    }

    /// <summary>The first delimiter line says how lines end; the parts have to end theirs alike.</summary>
    private async ValueTask<bool> FirstDelimiterAsync(CancellationToken cancellation)
    {
        if (!await DelimiterLineAsync(_delimiter.Length, cancellation))
        {
            return false;
        }

        var isCrLf = _isLast || (_start >= 2 && _buffer[_start - 2] == '\r');
        _lineDelimiter = [.. isCrLf ? "\r\n"u8 : "\n"u8, .. _delimiter];
        return true;
    }

    /// <summary>Goes past a delimiter line whose delimiter stands at the start; false, and nothing done, when the line goes on after it.</summary>
    private async ValueTask<bool> DelimiterLineAsync(int length, CancellationToken cancellation)
    {
        var at = length;
        while (true)
        {
            while (_end - _start < at + 2 && await FillAsync(cancellation))
            {
            }

            var rest = _buffer.AsSpan(_start + at, _end - _start - at);
            if (at == length && rest.StartsWith("--"u8))
            {
                _start += at + 2;
                _isLast = true;
                return true;
            }

            if (rest.StartsWith("\r\n"u8) || rest.StartsWith("\n"u8))
            {
                _start += at + (rest[0] == '\r' ? 2 : 1);
                return true;
            }

            // RFC 2046 5.1.1: white space may follow.
            if (rest.IsEmpty || rest[0] is not ((byte)' ' or (byte)'\t') || at > length + 256)
            {
                return false;
            }

            at++;
        }
    }

    private async ValueTask<Dictionary<string, string>> HeadersAsync(CancellationToken cancellation)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var budget = MaxHeaderBytes;
        string? last = null;
        while (true)
        {
            int line;
            while ((line = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n')) < 0)
            {
                if (_end - _start > budget || !await FillAsync(cancellation))
                {
                    throw new MultipartException("The header of a part does not end, or is too long.");
                }
            }

            budget -= line + 1;
            if (budget < 0)
            {
                throw new MultipartException("The header of a part is too long.");
            }

            var text = Encoding.Latin1.GetString(_buffer.AsSpan(_start, line)).TrimEnd('\r');
            _start += line + 1;
            if (text.Length == 0)
            {
                return headers;
            }

            if (text[0] is ' ' or '\t' && last is not null)
            {
                headers[last] += " " + text.Trim(); // folded line (RFC 5322 2.2.3)
                continue;
            }

            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                throw new MultipartException("A part has a header line without a name.");
            }

            last = text[..colon].Trim();
            headers.TryAdd(last, text[(colon + 1)..].Trim());
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        if (_isEnd)
        {
            return false;
        }

        if (_start == _end)
        {
            _start = _end = 0;
        }

        if (_start > 0 && _end == _buffer.Length)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            return false;
        }

        var read = await _body.ReadAsync(_buffer.AsMemory(_end), cancellation);
        _end += read;
        Position += read;
        _isEnd = read == 0;
        return read > 0;
    }
}
