using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

/// <summary>Damages bytes in many ways, always the same ones.</summary>
internal static class Mutation
{
    /// <summary>Only <see cref="ImagingException"/> may escape, and no call may take much more memory than its image has.</summary>
    public static void Try(byte[] original, int count, Action<byte[]> decode, long memory = 24 << 20)
    {
        var random = new Random(4711);
        for (var i = 0; i < count; i++)
        {
            var bytes = Damage(original, random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                decode(bytes);
            }
            catch (ImagingException)
            {
                // The expected end.
            }
            catch (Exception e)
            {
                Assert.Fail($"case {i}: {e}");
            }

            var taken = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(taken < memory, $"case {i} took {taken} bytes");
        }
    }

    private static byte[] Damage(byte[] original, Random random)
    {
        var bytes = original.ToArray();
        // Headers are where damage matters most: half of the changes go there.
        var reach = random.Next(2) == 0 ? bytes.Length : Math.Min(bytes.Length, 700);
        for (var n = random.Next(1, 5); n > 0; n--)
        {
            var at = random.Next(reach);
            bytes[at] = random.Next(4) switch
            {
                0 => (byte)random.Next(256),
                1 => (byte)(bytes[at] ^ (1 << random.Next(8))),
                2 => 0xFF,
                _ => (byte)(bytes[at] + random.Next(-2, 3)),
            };
        }

        return random.Next(6) switch
        {
            0 => bytes[..random.Next(bytes.Length)],
            1 => [.. bytes[..(reach / 2)], .. bytes[(reach / 2 + random.Next(Math.Max(1, (bytes.Length - reach) / 2)))..]],
            _ => bytes,
        };
    }
}
