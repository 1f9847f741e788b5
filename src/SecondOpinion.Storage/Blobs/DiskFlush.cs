using System.Runtime.InteropServices;

namespace SecondOpinion.Storage.Blobs;

/// <summary>Makes names in a folder durable. Flushing a file alone may leave a file without a name after a power cut.</summary>
internal static partial class DiskFlush
{
    /// <summary>Flushes a folder; nothing on Windows, where NTFS logs names itself.</summary>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public static void Folder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // O_RDONLY: a folder cannot be opened for writing, and fsync does not ask for it.
        var descriptor = Open(path, 0);
        if (descriptor < 0)
        {
            throw new IOException($"Cannot open a data folder to flush it (errno {Marshal.GetLastPInvokeError()})");
        }

        var result = Fsync(descriptor);
        var error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (result != 0)
        {
            throw new IOException($"Cannot flush a data folder (errno {error})");
        }
    }

    /// <summary>Makes a folder and its parents, each of them durable and closed to other users of the machine.</summary>
    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        var parent = Path.GetDirectoryName(path);
        if (!string.IsNullOrEmpty(parent))
        {
            CreateFolder(parent);
        }

        CreatePrivate(path);
        if (!string.IsNullOrEmpty(parent))
        {
            Folder(parent);
        }
    }

    /// <summary>Makes a folder that only the user of this process may enter: keys and patients' data lie below.</summary>
    public static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
