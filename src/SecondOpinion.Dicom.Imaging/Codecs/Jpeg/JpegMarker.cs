namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

/// <summary>Second bytes of markers (ITU-T T.81 Table B.1, T.87 Table C.1).</summary>
internal static class JpegMarker
{
    public const byte SOF0 = 0xC0;
    public const byte SOF1 = 0xC1;
    public const byte SOF2 = 0xC2;
    public const byte SOF3 = 0xC3;
    public const byte DHT = 0xC4;
    public const byte SOF15 = 0xCF;
    public const byte DAC = 0xCC;
    public const byte RST0 = 0xD0;
    public const byte RST7 = 0xD7;
    public const byte SOI = 0xD8;
    public const byte EOI = 0xD9;
    public const byte SOS = 0xDA;
    public const byte DQT = 0xDB;
    public const byte DRI = 0xDD;
    public const byte APP0 = 0xE0;
    public const byte APP8 = 0xE8;
    public const byte APP14 = 0xEE;
    public const byte SOF55 = 0xF7;
    public const byte LSE = 0xF8;
}
