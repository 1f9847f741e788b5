using System.Numerics;
using SecondOpinion.Dicom.Imaging.Codecs.Jpeg;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

public sealed class InverseDctTests
{
    [Fact]
    public void The_vector_form_gives_what_the_scalar_form_gives()
    {
        Compare<byte>(8);
        Compare<ushort>(12);
    }

    private static void Compare<T>(int precision)
        where T : unmanaged, IBinaryInteger<T>
    {
        var random = new Random(99);
        var fast = new T[64];
        var slow = new T[64];
        for (var i = 0; i < 3000; i++)
        {
            var block = new short[64];
            var steps = new ushort[64];
            var wide = i % 10 == 0; // as far as sums stay within 16 and 32 bits: beyond that both forms wrap, in their own ways
            for (var k = 0; k < 64; k++)
            {
                steps[k] = (ushort)(wide ? random.Next(1, 30) : random.Next(1, 6));
                block[k] = (short)(random.Next(3) != 0 ? 0 : random.Next(-40, 41));
            }

            InverseDct.Transform<T>(block, steps, precision, fast, 8);
            InverseDct.TransformScalar<T>(block, steps, precision, slow, 8);
            Assert.Equal(slow, fast);
        }
    }

    /// <summary>The cosine sums of ITU-T T.81 A.3.3, rounded once.</summary>
    [Fact]
    public void Samples_are_within_one_of_the_exact_transform()
    {
        var random = new Random(5);
        var samples = new byte[64];
        var ones = Enumerable.Repeat((ushort)1, 64).ToArray();
        for (var i = 0; i < 200; i++)
        {
            var block = new short[64];
            for (var k = 0; k < 20; k++)
            {
                block[random.Next(64)] = (short)random.Next(-100, 101);
            }

            InverseDct.Transform<byte>(block, ones, 8, samples, 8);
            for (var at = 0; at < 64; at++)
            {
                var sum = 0.0;
                for (var k = 0; k < 64; k++)
                {
                    sum += (k % 8 == 0 ? Math.Sqrt(0.5) : 1) * (k / 8 == 0 ? Math.Sqrt(0.5) : 1) * block[k]
                        * Math.Cos(((2 * (at % 8)) + 1) * (k % 8) * Math.PI / 16) * Math.Cos(((2 * (at / 8)) + 1) * (k / 8) * Math.PI / 16);
                }

                Assert.InRange(samples[at] - Math.Clamp((sum / 4) + 128, 0, 255), -1.0, 1.0);
            }
        }
    }
}
