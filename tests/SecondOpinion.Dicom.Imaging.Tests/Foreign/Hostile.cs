namespace SecondOpinion.Dicom.Imaging.Tests.Foreign;

/// <summary>Damages a file in every place: nothing but an imaging error may come out.</summary>
internal static class Hostile
{
    public static void EveryByte(byte[] file, Action<byte[]> read)
    {
        for (var i = 0; i < file.Length; i++)
        {
            Try(file[..i], read);
            foreach (var change in (byte[])[0x00, 0xFF, 0x01, 0x80])
            {
                var copy = (byte[])file.Clone();
                copy[i] = change is 0x00 or 0xFF ? change : (byte)(copy[i] ^ change);
                Try(copy, read);
            }
        }
    }

    private static void Try(byte[] bytes, Action<byte[]> read)
    {
        try
        {
            read(bytes);
        }
        catch (ImagingException)
        {
            // A refusal is what damage should lead to.
        }
    }
}
