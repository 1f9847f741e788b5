using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>The functions of libtiff (version 4) that this program calls, in the worker process only.</summary>
internal sealed unsafe class TiffLibrary
{
    private static readonly Lazy<TiffLibrary> Shared = new(() => new TiffLibrary());

    private readonly nint _getField;
    private readonly nint _setField;

    private TiffLibrary()
    {
        var library = Load();
        nint Export(string name) => NativeLibrary.GetExport(library, name);
        _getField = Export("TIFFGetFieldDefaulted");
        _setField = Export("TIFFSetField");
        ClientOpen = (delegate* unmanaged[Cdecl]<byte*, byte*, nint, nint, nint, nint, nint, nint, nint, nint, void*>)Export("TIFFClientOpen");
        Close = (delegate* unmanaged[Cdecl]<void*, void>)Export("TIFFClose");
        ReadDirectory = (delegate* unmanaged[Cdecl]<void*, int>)Export("TIFFReadDirectory");
        LastDirectory = (delegate* unmanaged[Cdecl]<void*, int>)Export("TIFFLastDirectory");
        IsTiled = (delegate* unmanaged[Cdecl]<void*, int>)Export("TIFFIsTiled");
        StripSize = (delegate* unmanaged[Cdecl]<void*, nint>)Export("TIFFStripSize");
        TileSize = (delegate* unmanaged[Cdecl]<void*, nint>)Export("TIFFTileSize");
        ReadEncodedStrip = (delegate* unmanaged[Cdecl]<void*, uint, void*, nint, nint>)Export("TIFFReadEncodedStrip");
        ReadEncodedTile = (delegate* unmanaged[Cdecl]<void*, uint, void*, nint, nint>)Export("TIFFReadEncodedTile");
        IsCodecConfigured = (delegate* unmanaged[Cdecl]<ushort, int>)Export("TIFFIsCODECConfigured");
        RgbaImageOk = (delegate* unmanaged[Cdecl]<void*, byte*, int>)Export("TIFFRGBAImageOK");
        ReadRgbaImage = (delegate* unmanaged[Cdecl]<void*, uint, uint, uint*, int, int, int>)Export("TIFFReadRGBAImageOriented");
        SetErrorHandler = (delegate* unmanaged[Cdecl]<nint, nint>)Export("TIFFSetErrorHandler");
        SetWarningHandler = (delegate* unmanaged[Cdecl]<nint, nint>)Export("TIFFSetWarningHandler");
    }

    /// <exception cref="ImagingException">The library is not installed.</exception>
    public static TiffLibrary Instance => Shared.Value;

    public delegate* unmanaged[Cdecl]<byte*, byte*, nint, nint, nint, nint, nint, nint, nint, nint, void*> ClientOpen { get; }

    public delegate* unmanaged[Cdecl]<void*, void> Close { get; }

    public delegate* unmanaged[Cdecl]<void*, int> ReadDirectory { get; }

    public delegate* unmanaged[Cdecl]<void*, int> LastDirectory { get; }

    public delegate* unmanaged[Cdecl]<void*, int> IsTiled { get; }

    public delegate* unmanaged[Cdecl]<void*, nint> StripSize { get; }

    public delegate* unmanaged[Cdecl]<void*, nint> TileSize { get; }

    public delegate* unmanaged[Cdecl]<void*, uint, void*, nint, nint> ReadEncodedStrip { get; }

    public delegate* unmanaged[Cdecl]<void*, uint, void*, nint, nint> ReadEncodedTile { get; }

    public delegate* unmanaged[Cdecl]<ushort, int> IsCodecConfigured { get; }

    public delegate* unmanaged[Cdecl]<void*, byte*, int> RgbaImageOk { get; }

    public delegate* unmanaged[Cdecl]<void*, uint, uint, uint*, int, int, int> ReadRgbaImage { get; }

    public delegate* unmanaged[Cdecl]<nint, nint> SetErrorHandler { get; }

    public delegate* unmanaged[Cdecl]<nint, nint> SetWarningHandler { get; }

    // TIFFGetFieldDefaulted and TIFFSetField take variable arguments. Pointers and ints among those are passed as fixed ones are on every platform but Apple's ARM, which Load refuses.
    public bool GetField(void* tiff, uint tag, void* value) => ((delegate* unmanaged[Cdecl]<void*, uint, void*, int>)_getField)(tiff, tag, value) != 0;

    public bool GetField(void* tiff, uint tag, void* first, void* second) => ((delegate* unmanaged[Cdecl]<void*, uint, void*, void*, int>)_getField)(tiff, tag, first, second) != 0;

    public bool GetField(void* tiff, uint tag, void* first, void* second, void* third) =>
        ((delegate* unmanaged[Cdecl]<void*, uint, void*, void*, void*, int>)_getField)(tiff, tag, first, second, third) != 0;

    public bool SetField(void* tiff, uint tag, int value) => ((delegate* unmanaged[Cdecl]<void*, uint, int, int>)_setField)(tiff, tag, value) != 0;

    private static nint Load()
    {
        if (!Environment.Is64BitProcess || (OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64))
        {
            throw Missing("TIFF files cannot be read on this platform.");
        }

        string[] names = OperatingSystem.IsWindows() ? ["libtiff-6", "tiff"] : OperatingSystem.IsMacOS() ? ["libtiff.6.dylib", "libtiff.5.dylib"] : ["libtiff.so.6", "libtiff.so.5"];
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, typeof(TiffLibrary).Assembly, null, out var library))
            {
                return library;
            }
        }

        throw Missing("TIFF files need the library libtiff (Debian: apt-get install libtiff6; Ubuntu 22.04: libtiff5).");
    }

    private static ImagingException Missing(string message) => new(ImagingError.MissingLibrary, message);
}
