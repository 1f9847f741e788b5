using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using SecondOpinion.DicomWeb.Http;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Blobs;
using SecondOpinion.Storage.Dicom;

namespace SecondOpinion.DicomWeb;

/// <summary>Store transaction (PS3.18 10.5): part by part to durable blobs, then one transaction for all. Nothing of a request that breaks off is kept.</summary>
internal sealed class StoreInstances(InteropStore store, IBlobStore blobs, InstanceStaging staging, ILogger<StoreInstances> logger)
{
    public async Task<DicomProblem?> HandleAsync(DicomWebRequest request)
    {
        if (Refused(request, out var boundary) is { } refused)
        {
            return refused;
        }

        if (request.Http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = request.Options.MaxRequestBytes;
        }

        using var receiver = new StoreReceiver(blobs, staging, request);
        IReadOnlyList<StorePart> parts;
        try
        {
            parts = boundary is null ? await receiver.SingleAsync() : await receiver.MultipartAsync(boundary);
            request.Aborted.ThrowIfCancellationRequested();
        }
        catch (Exception e)
        {
            await DiscardAsync(await receiver.StagedAsync());
            return e switch
            {
                MultipartException => DicomProblem.BadRequest(e.Message),
                StoreLimitException => DicomProblem.TooLarge(e.Message),
                BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => DicomProblem.TooLarge("The request is larger than MaxRequestBytes."),
                _ => Rethrow(e),
            };
        }

        return parts.Count == 0 ? DicomProblem.BadRequest("The request holds no instance.") : await IndexAsync(request, parts);
    }

    private static DicomProblem? Refused(DicomWebRequest request, out string? boundary)
    {
        boundary = null;
        if (DatasetBody.Negotiate(request) is null)
        {
            return DatasetBody.NotAcceptable();
        }

        var type = MediaRange.ContentType(request.Request.ContentType);
        if (type is { Type: MediaTypes.Dicom })
        {
            return null;
        }

        if (type is not { IsMultipart: true })
        {
            return DicomProblem.UnsupportedMediaType("Instances are stored as multipart/related; type=\"application/dicom\", or a single one as application/dicom.");
        }

        if (type.Inner is MediaTypes.DicomJson or MediaTypes.DicomXml)
        {
            return DicomProblem.UnsupportedMediaType("Metadata with separate bulk data is not supported here: send Part 10 files as application/dicom.");
        }

        if (!type.Covers(MediaTypes.Dicom) && type.Inner != MediaTypes.OctetStream)
        {
            return DicomProblem.UnsupportedMediaType($"Parts of type {type.Inner} are not supported: send application/dicom.");
        }

        boundary = type.Parameters.GetValueOrDefault("boundary") ?? "";
        return boundary.Length == 0 ? DicomProblem.BadRequest("The Content-Type has no boundary parameter.") : null;
    }

    private async Task<DicomProblem?> IndexAsync(DicomWebRequest request, IReadOnlyList<StorePart> received)
    {
        var parts = received.ToArray();
        var unwanted = new List<StagedInstance>();
        var fresh = new List<int>();
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Staged is { } staged)
            {
                // PS3.18 10.5.3: into a study named by the URL go only instances of that study.
                if (request.StudyUid is { } study && staged.StudyInstanceUid != study)
                {
                    unwanted.Add(staged);
                    parts[i] = StorePart.Failed(StoreReason.DoesNotMatchSopClass, "The instance belongs to another study than the URL names.", staged.SopClassUid, staged.SopInstanceUid);
                }
                else
                {
                    fresh.Add(i);
                }
            }
        }

        if (fresh.Count > 0)
        {
            // From here on the client cannot call it off: whether a commit took place must not depend on who is still listening.
            var offered = fresh.ConvertAll(i => parts[i].Staged!);
            var outcome = await store.WriteAsync<IReadOnlyList<AddResult>>(
                request.Actor, async transaction => new(await transaction.DicomIndex.AddAsync(request.Tenant, offered)), CancellationToken.None);
            if (outcome.IsRefused)
            {
                await DiscardAsync([.. unwanted, .. offered]);
                return new DicomProblem((int)outcome.Refusal.Kind, outcome.Refusal.Kind.ToString(), outcome.Refusal.Issues[0].Message);
            }

            for (var i = 0; i < offered.Count; i++)
            {
                if (outcome.Value[i] == AddResult.Added)
                {
                    continue;
                }

                unwanted.Add(offered[i]);
                if (outcome.Value[i] == AddResult.Conflict)
                {
                    parts[fresh[i]] = StorePart.Failed(
                        StoreReason.DuplicateInstance, "An instance with this SOP Instance UID and other content is stored already.", offered[i].SopClassUid, offered[i].SopInstanceUid);
                }
            }
        }

        await DiscardAsync(unwanted);
        await new StoreResponse(request, parts).WriteAsync();
        return null;
    }

    private async Task DiscardAsync(IReadOnlyList<StagedInstance> instances)
    {
        foreach (var instance in instances)
        {
            try
            {
                await blobs.DeleteAsync(instance.BlobId, CancellationToken.None);
            }
            catch (IOException e)
            {
                logger.BlobLeft(e, instance.BlobId); // the sweep of unreferenced blobs finds it
            }
        }
    }

    private static DicomProblem Rethrow(Exception e)
    {
        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e);
        throw e;
    }
}

/// <summary>More than a request may hold.</summary>
internal sealed class StoreLimitException(string message) : Exception(message);

/// <summary>Receives the parts of one request. Checking and flushing of one file overlaps with receiving the next ones.</summary>
internal sealed class StoreReceiver(IBlobStore blobs, InstanceStaging staging, DicomWebRequest request) : IDisposable
{
    private readonly List<Task<StorePart>> _parts = [];
    private readonly SemaphoreSlim _slots = new(request.Options.ConcurrentStaging);

    public async Task<IReadOnlyList<StorePart>> SingleAsync()
    {
        var body = request.Request.Body;
        await ReceiveAsync(async sink =>
        {
            var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(128 << 10);
            try
            {
                int read;
                while ((read = await body.ReadAsync(buffer, request.Aborted)) > 0)
                {
                    await sink(buffer.AsMemory(0, read), request.Aborted);
                }
            }
            finally
            {
                System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
            }
        });
        return await Task.WhenAll(_parts);
    }

    /// <exception cref="MultipartException">The body is malformed.</exception>
    public async Task<IReadOnlyList<StorePart>> MultipartAsync(string boundary)
    {
        using var reader = new MultipartReader(request.Request.Body, boundary);
        while (await reader.NextAsync(request.Aborted) is not null)
        {
            if (_parts.Count == request.Options.MaxInstancesPerRequest)
            {
                throw new StoreLimitException($"A request may hold {request.Options.MaxInstancesPerRequest} instances (MaxInstancesPerRequest).");
            }

            await ReceiveAsync(async sink => await reader.CopyAsync(sink, request.Aborted));
        }

        return await Task.WhenAll(_parts);
    }

    /// <summary>Waits for the work under way and gives what is durable by now: after a failure it has to go.</summary>
    public async Task<IReadOnlyList<StagedInstance>> StagedAsync()
    {
        await ((Task)Task.WhenAll(_parts)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return [.. _parts.Where(p => p.IsCompletedSuccessfully).Select(p => p.Result.Staged).OfType<StagedInstance>()];
    }

    public void Dispose() => _slots.Dispose();

    private async Task ReceiveAsync(Func<Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask>, Task> copy)
    {
        await _slots.WaitAsync(request.Aborted);
        var writer = blobs.Create();
        var isHandedOver = false;
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var length = 0L;
            await copy(async (bytes, cancellation) =>
            {
                length += bytes.Length;
                if (length <= request.Options.MaxPartBytes)
                {
                    hash.AppendData(bytes.Span);
                    await writer.Content.WriteAsync(bytes, cancellation);
                }
            });
            if (length == 0)
            {
                _parts.Add(Task.FromResult(StorePart.Failed(StoreReason.CannotUnderstand, "The part is empty.")));
            }
            else if (length > request.Options.MaxPartBytes)
            {
                _parts.Add(Task.FromResult(StorePart.Failed(StoreReason.OutOfResources, $"The instance has more than {request.Options.MaxPartBytes} bytes (MaxPartBytes).")));
            }
            else
            {
                isHandedOver = true;
                var digest = hash.GetHashAndReset();
                _parts.Add(Task.Run(() => StageAsync(writer, digest)));
            }
        }
        finally
        {
            if (!isHandedOver)
            {
                await writer.DisposeAsync();
                _slots.Release();
            }
        }
    }

    private async Task<StorePart> StageAsync(BlobWriter writer, byte[] digest)
    {
        try
        {
            await using (writer)
            {
                return StorePart.Of(await staging.TryStageAsync(writer, digest, CancellationToken.None));
            }
        }
        finally
        {
            _slots.Release();
        }
    }
}
