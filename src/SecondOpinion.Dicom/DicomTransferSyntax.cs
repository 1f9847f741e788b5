namespace SecondOpinion.Dicom;

/// <summary>How a transfer syntax encodes data elements (PS3.5 Annex A).</summary>
/// <param name="IsEncapsulated">Pixel Data is in fragments (PS3.5 A.4).</param>
public sealed record DicomTransferSyntax(string Uid, bool IsExplicit, bool IsBigEndian, bool IsDeflated, bool IsEncapsulated)
{
    /// <summary>GE's implicit little endian with big endian pixels.</summary>
    public const string GePrivateImplicit = "1.2.840.113619.5.2";

    /// <summary>Explicit VR Little Endian (PS3.5 A.2).</summary>
    public static DicomTransferSyntax ExplicitLittleEndian { get; } = new(DicomUids.ExplicitVRLittleEndian, true, false, false, false);

    /// <summary>Implicit VR Little Endian, the default of the standard (PS3.5 A.1).</summary>
    public static DicomTransferSyntax ImplicitLittleEndian { get; } = new(DicomUids.ImplicitVRLittleEndian, false, false, false, false);

    /// <summary>Explicit VR Big Endian, retired.</summary>
    public static DicomTransferSyntax ExplicitBigEndian { get; } = new(DicomUids.ExplicitVRBigEndian, true, true, false, false);

    /// <summary>Deflated Explicit VR Little Endian (PS3.5 A.5).</summary>
    public static DicomTransferSyntax Deflated { get; } = new(DicomUids.DeflatedExplicitVRLittleEndian, true, false, true, false);

    /// <summary>Known by UID; every other UID is taken for an encapsulated one, explicit little endian, as all new ones are (PS3.5 A.4).</summary>
    public static DicomTransferSyntax Of(string uid) => uid switch
    {
        DicomUids.ExplicitVRLittleEndian => ExplicitLittleEndian,
        DicomUids.ImplicitVRLittleEndian => ImplicitLittleEndian,
        DicomUids.ExplicitVRBigEndian => ExplicitBigEndian,
        DicomUids.DeflatedExplicitVRLittleEndian => Deflated,
        DicomUids.JPIPReferencedDeflate or DicomUids.JPIPHTJ2KReferencedDeflate => new(uid, true, false, true, false),
        DicomUids.JPIPReferenced or DicomUids.JPIPHTJ2KReferenced => new(uid, true, false, false, false),
        DicomUids.Papyrus3ImplicitVRLittleEndian or GePrivateImplicit => new(uid, false, false, false, false),
        _ => new(uid, true, false, false, true),
    };

    /// <summary>Neither encapsulated nor deflated: values can be swapped and VRs dropped without touching pixels.</summary>
    public bool IsPlain => !IsEncapsulated && !IsDeflated;
}
