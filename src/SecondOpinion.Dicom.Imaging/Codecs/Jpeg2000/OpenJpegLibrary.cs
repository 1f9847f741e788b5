using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg2000;

/// <summary>The functions of libopenjp2 (ABI 7, version 2.3 or later) that this program calls.</summary>
internal sealed unsafe class OpenJpegLibrary
{
    private static readonly Lazy<OpenJpegLibrary> Shared = new(() => new OpenJpegLibrary());

    private OpenJpegLibrary()
    {
        var library = Load();
        Version = (delegate* unmanaged[Cdecl]<byte*>)NativeLibrary.GetExport(library, "opj_version");
        CreateDecompress = (delegate* unmanaged[Cdecl]<int, void*>)NativeLibrary.GetExport(library, "opj_create_decompress");
        SetDefaultDecoderParameters = (delegate* unmanaged[Cdecl]<void*, void>)NativeLibrary.GetExport(library, "opj_set_default_decoder_parameters");
        SetupDecoder = (delegate* unmanaged[Cdecl]<void*, void*, int>)NativeLibrary.GetExport(library, "opj_setup_decoder");
        ReadHeader = (delegate* unmanaged[Cdecl]<void*, void*, OpjImage**, int>)NativeLibrary.GetExport(library, "opj_read_header");
        Decode = (delegate* unmanaged[Cdecl]<void*, void*, OpjImage*, int>)NativeLibrary.GetExport(library, "opj_decode");
        EndDecompress = (delegate* unmanaged[Cdecl]<void*, void*, int>)NativeLibrary.GetExport(library, "opj_end_decompress");
        CreateCompress = (delegate* unmanaged[Cdecl]<int, void*>)NativeLibrary.GetExport(library, "opj_create_compress");
        SetDefaultEncoderParameters = (delegate* unmanaged[Cdecl]<void*, void>)NativeLibrary.GetExport(library, "opj_set_default_encoder_parameters");
        SetupEncoder = (delegate* unmanaged[Cdecl]<void*, void*, OpjImage*, int>)NativeLibrary.GetExport(library, "opj_setup_encoder");
        StartCompress = (delegate* unmanaged[Cdecl]<void*, OpjImage*, void*, int>)NativeLibrary.GetExport(library, "opj_start_compress");
        Encode = (delegate* unmanaged[Cdecl]<void*, void*, int>)NativeLibrary.GetExport(library, "opj_encode");
        EndCompress = (delegate* unmanaged[Cdecl]<void*, void*, int>)NativeLibrary.GetExport(library, "opj_end_compress");
        DestroyCodec = (delegate* unmanaged[Cdecl]<void*, void>)NativeLibrary.GetExport(library, "opj_destroy_codec");
        CreateImage = (delegate* unmanaged[Cdecl]<uint, OpjComponentParameters*, int, OpjImage*>)NativeLibrary.GetExport(library, "opj_image_create");
        DestroyImage = (delegate* unmanaged[Cdecl]<OpjImage*, void>)NativeLibrary.GetExport(library, "opj_image_destroy");
        SetErrorHandler = (delegate* unmanaged[Cdecl]<void*, delegate* unmanaged[Cdecl]<byte*, void*, void>, void*, int>)NativeLibrary.GetExport(library, "opj_set_error_handler");
        CreateStream = (delegate* unmanaged[Cdecl]<nuint, int, void*>)NativeLibrary.GetExport(library, "opj_stream_create");
        DestroyStream = (delegate* unmanaged[Cdecl]<void*, void>)NativeLibrary.GetExport(library, "opj_stream_destroy");
        SetRead = (delegate* unmanaged[Cdecl]<void*, delegate* unmanaged[Cdecl]<void*, nuint, void*, nuint>, void>)NativeLibrary.GetExport(library, "opj_stream_set_read_function");
        SetWrite = (delegate* unmanaged[Cdecl]<void*, delegate* unmanaged[Cdecl]<void*, nuint, void*, nuint>, void>)NativeLibrary.GetExport(library, "opj_stream_set_write_function");
        SetSkip = (delegate* unmanaged[Cdecl]<void*, delegate* unmanaged[Cdecl]<long, void*, long>, void>)NativeLibrary.GetExport(library, "opj_stream_set_skip_function");
        SetSeek = (delegate* unmanaged[Cdecl]<void*, delegate* unmanaged[Cdecl]<long, void*, int>, void>)NativeLibrary.GetExport(library, "opj_stream_set_seek_function");
        SetUserData = (delegate* unmanaged[Cdecl]<void*, void*, void*, void>)NativeLibrary.GetExport(library, "opj_stream_set_user_data");
        SetUserDataLength = (delegate* unmanaged[Cdecl]<void*, ulong, void>)NativeLibrary.GetExport(library, "opj_stream_set_user_data_length");
    }

    /// <exception cref="ImagingException">The library is not installed.</exception>
    public static OpenJpegLibrary Instance => Shared.Value;

    public delegate* unmanaged[Cdecl]<byte*> Version { get; }

    public delegate* unmanaged[Cdecl]<int, void*> CreateDecompress { get; }

    public delegate* unmanaged[Cdecl]<void*, void> SetDefaultDecoderParameters { get; }

    public delegate* unmanaged[Cdecl]<void*, void*, int> SetupDecoder { get; }

    public delegate* unmanaged[Cdecl]<void*, void*, OpjImage**, int> ReadHeader { get; }

    public delegate* unmanaged[Cdecl]<void*, void*, OpjImage*, int> Decode { get; }

    public delegate* unmanaged[Cdecl]<void*, void*, int> EndDecompress { get; }

    public delegate* unmanaged[Cdecl]<int, void*> CreateCompress { get; }

    public delegate* unmanaged[Cdecl]<void*, void> SetDefaultEncoderParameters { get; }

    public delegate* unmanaged[Cdecl]<void*, void*, OpjImage*, int> SetupEncoder { get; }

    public delegate* unmanaged[Cdecl]<void*, OpjImage*, void*, int> StartCompress { get; }

    public delegate* unmanaged[Cdecl]<void*, void*, int> Encode { get; }

    public delegate* unmanaged[Cdecl]<void*, void*, int> EndCompress { get; }

    public delegate* unmanaged[Cdecl]<void*, void> DestroyCodec { get; }

    public delegate* unmanaged[Cdecl]<uint, OpjComponentParameters*, int, OpjImage*> CreateImage { get; }

    public delegate* unmanaged[Cdecl]<OpjImage*, void> DestroyImage { get; }

    public delegate* unmanaged[Cdecl]<void*, delegate* unmanaged[Cdecl]<byte*, void*, void>, void*, int> SetErrorHandler { get; }

    public delegate* unmanaged[Cdecl]<nuint, int, void*> CreateStream { get; }

    public delegate* unmanaged[Cdecl]<void*, void> DestroyStream { get; }

    public delegate* unmanaged[Cdecl]<void*, delegate* unmanaged[Cdecl]<void*, nuint, void*, nuint>, void> SetRead { get; }

    public delegate* unmanaged[Cdecl]<void*, delegate* unmanaged[Cdecl]<void*, nuint, void*, nuint>, void> SetWrite { get; }

    public delegate* unmanaged[Cdecl]<void*, delegate* unmanaged[Cdecl]<long, void*, long>, void> SetSkip { get; }

    public delegate* unmanaged[Cdecl]<void*, delegate* unmanaged[Cdecl]<long, void*, int>, void> SetSeek { get; }

    public delegate* unmanaged[Cdecl]<void*, void*, void*, void> SetUserData { get; }

    public delegate* unmanaged[Cdecl]<void*, ulong, void> SetUserDataLength { get; }

    private static nint Load()
    {
        if (!Environment.Is64BitProcess)
        {
            throw Missing("JPEG 2000 needs a 64-bit process."); // the layouts below
        }

        string[] names = OperatingSystem.IsWindows() ? ["openjp2"] : OperatingSystem.IsMacOS() ? ["libopenjp2.7.dylib", "libopenjp2.dylib"] : ["libopenjp2.so.7"];
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, typeof(OpenJpegLibrary).Assembly, null, out var library))
            {
                return library;
            }
        }

        throw Missing("JPEG 2000 needs the library libopenjp2 (Debian, Ubuntu: apt-get install libopenjp2-7).");
    }

    private static ImagingException Missing(string message) => new(ImagingError.MissingLibrary, message);
}

/// <summary>opj_image_t.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct OpjImage
{
    public uint X0;
    public uint Y0;
    public uint X1;
    public uint Y1;
    public uint ComponentCount;
    public int ColorSpace;
    public OpjComponent* Components;
    public byte* IccProfile;
    public uint IccProfileLength;
}

/// <summary>opj_image_comp_t.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct OpjComponent
{
    public uint Dx;
    public uint Dy;
    public uint Width;
    public uint Height;
    public uint X0;
    public uint Y0;
    public uint Precision;
    public uint Bpp;
    public uint IsSigned;
    public uint ResolutionsDecoded;
    public uint Factor;
    public int* Data;
    public ushort Alpha;
}

/// <summary>opj_image_cmptparm_t.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct OpjComponentParameters
{
    public uint Dx;
    public uint Dy;
    public uint Width;
    public uint Height;
    public uint X0;
    public uint Y0;
    public uint Precision;
    public uint Bpp;
    public uint IsSigned;
}

/// <summary>Parts of opj_cparameters_t: byte offsets of the fields that are set, the same in every release of ABI 7.</summary>
internal static class OpjEncoderParameters
{
    /// <summary>More than any release's structure.</summary>
    public const int Size = 32768;
    public const int DistortionAllocation = 20;
    public const int FixedQuality = 28;
    public const int Layers = 4796;
    public const int Rates = 4800;
    public const int Distortions = 5200;
    public const int Resolutions = 5600;
    public const int CodeBlockWidth = 5604;
    public const int CodeBlockHeight = 5608;
    public const int Irreversible = 5616;
    public const int RegionOfInterest = 5620;
    public const int SubsamplingX = 18196;
    public const int ComponentTransform = 18698;

    /// <summary>The defaults are where they should be: 6 resolutions, code blocks of 64, no region of interest, no subsampling.</summary>
    public static bool AreAsExpected(ReadOnlySpan<byte> defaults) =>
        BitConverter.ToInt32(defaults[Resolutions..]) == 6
        && BitConverter.ToInt32(defaults[CodeBlockWidth..]) == 64
        && BitConverter.ToInt32(defaults[CodeBlockHeight..]) == 64
        && BitConverter.ToInt32(defaults[RegionOfInterest..]) == -1
        && BitConverter.ToInt32(defaults[SubsamplingX..]) == 1;
}
