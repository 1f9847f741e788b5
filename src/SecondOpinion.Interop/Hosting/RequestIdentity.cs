namespace SecondOpinion.Interop.Hosting;

/// <summary>Gives each request an id that the answer repeats (<c>X-Request-Id</c>), the client's own when it sends a usable one.</summary>
internal sealed class RequestIdentity(RequestDelegate next)
{
    private const string Header = "X-Request-Id";
    private const int MaxLength = 128;

    public Task InvokeAsync(HttpContext context)
    {
        var sent = context.Request.Headers[Header].ToString();
        if (sent.Length is > 0 and <= MaxLength && sent.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':'))
        {
            context.TraceIdentifier = sent;
        }
        else
        {
            context.TraceIdentifier = Guid.NewGuid().ToString("N");
        }

        context.Response.Headers[Header] = context.TraceIdentifier;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return next(context);
    }
}
