using System.Buffers.Binary;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>CRC-32 of PNG chunks (ISO/IEC 15948 5.5), eight bytes at a time.</summary>
internal static class PngCrc
{
    private static readonly uint[][] s_tables = Make();

    /// <summary>Goes on from the CRC of what came before; 0 to start.</summary>
    public static uint Of(ReadOnlySpan<byte> data, uint before)
    {
        var crc = ~before;
        var t = s_tables;
        for (; data.Length >= 8; data = data[8..])
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(data) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            crc = t[7][low & 0xFF] ^ t[6][low >> 8 & 0xFF] ^ t[5][low >> 16 & 0xFF] ^ t[4][low >> 24]
                ^ t[3][high & 0xFF] ^ t[2][high >> 8 & 0xFF] ^ t[1][high >> 16 & 0xFF] ^ t[0][high >> 24];
        }

        foreach (var value in data)
        {
            crc = t[0][(crc ^ value) & 0xFF] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[][] Make()
    {
        var tables = new uint[8][];
        for (var k = 0; k < 8; k++)
        {
            tables[k] = new uint[256];
            for (var i = 0u; i < 256; i++)
            {
                if (k > 0)
                {
                    var former = tables[k - 1][i];
                    tables[k][i] = tables[0][former & 0xFF] ^ (former >> 8);
                    continue;
                }

                var crc = i;
                for (var bit = 0; bit < 8; bit++)
                {
                    crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
                }

                tables[0][i] = crc;
            }
        }

        return tables;
    }
}
