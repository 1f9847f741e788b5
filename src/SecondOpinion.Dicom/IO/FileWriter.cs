using System.IO.Compression;
using System.Text;

namespace SecondOpinion.Dicom;

/// <summary>Writes preamble, file meta information and the data set (PS3.10 7.1).</summary>
internal static class FileWriter
{
    private static readonly byte[] s_preamble = [.. new byte[128], .. "DICM"u8];

    internal static void Write(DicomFile file, Stream stream, DicomWriteOptions options)
    {
        var syntax = file.TransferSyntax;
        EnsureTextFits(file.Dataset);
        if (!options.WithoutMeta)
        {
            WriteMeta(file, stream, options);
        }

        if (!syntax.IsDeflated)
        {
            DatasetWriter.Write(file.Dataset, stream, syntax, options);
            return;
        }

        // PS3.5 A.5: everything after the meta information is one deflate stream, padded to an even length.
        var counted = new CountingStream(stream);
        using (var deflater = new DeflateStream(counted, CompressionLevel.Optimal, leaveOpen: true))
        {
            DatasetWriter.Write(file.Dataset, deflater, syntax, options);
        }

        if ((counted.Count & 1) != 0)
        {
            stream.WriteByte(0);
        }
    }

    /// <summary>Group 0002 with its exact length: kept elements, and those that this write makes (PS3.10 table 7.1-1).</summary>
    internal static DicomDataset MetaOf(DicomFile file, DicomWriteOptions options)
    {
        DicomDataset meta = [];
        foreach (var element in file.Meta)
        {
            if (element.Tag.Group == 2 && element.Vr is not (DicomVr.UN or DicomVr.SQ) && !element.Tag.IsGroupLength)
            {
                meta.Set(element);
            }
        }

        meta.SetBytes(DicomTags.FileMetaInformationVersion, DicomVr.OB, new byte[] { 0, 1 });
        SetFrom(meta, DicomTags.MediaStorageSOPClassUID, file.Dataset, DicomTags.SOPClassUID);
        SetFrom(meta, DicomTags.MediaStorageSOPInstanceUID, file.Dataset, DicomTags.SOPInstanceUID);
        meta.Set(DicomTags.TransferSyntaxUID, file.TransferSyntaxUid);
        meta.Set(DicomTags.ImplementationClassUID, DicomFile.ImplementationClassUid);
        meta.Set(DicomTags.ImplementationVersionName, DicomFile.ImplementationVersionName);
        if (options.SourceApplicationEntityTitle is { } title)
        {
            meta.Set(DicomTags.SourceApplicationEntityTitle, title);
        }

        return meta;
    }

    private static void SetFrom(DicomDataset meta, DicomTag tag, DicomDataset dataset, DicomTag source)
    {
        if (dataset.GetString(source) is { } uid)
        {
            meta.Set(tag, uid);
        }
        else if (meta.GetString(tag) is null)
        {
            throw new DicomException(DicomError.MissingAttribute, "a file needs it for its meta information", source);
        }
    }

    private static void WriteMeta(DicomFile file, Stream stream, DicomWriteOptions options)
    {
        // (0002,0000) counts from the end of its own value (PS3.10 7.1): it is put in once the others are counted.
        var meta = MetaOf(file, options);
        meta.Set(DicomTags.FileMetaInformationGroupLength, DatasetWriter.LengthOfMeta(meta));
        stream.Write(s_preamble);
        DatasetWriter.Write(meta, stream, DicomTransferSyntax.ExplicitLittleEndian, DicomWriteOptions.Default, isMeta: true);
    }

    /// <summary>Text that the data set's character set cannot hold makes the data set UTF-8 (PS3.3 C.12.1.1.2), rather than being lost.</summary>
    private static void EnsureTextFits(DicomDataset dataset)
    {
        if (!TextFits(dataset))
        {
            dataset.UseUtf8();
        }
    }

    private static bool TextFits(DicomDataset dataset)
    {
        foreach (ref readonly var element in dataset.Elements)
        {
            if (element.Text is { } text && element.Vr.UsesCharacterSet() && !Ascii.IsValid(text) && !dataset.CharacterSet.CanEncode(text))
            {
                return false;
            }

            foreach (var item in element.ItemArray)
            {
                if (!TextFits(item))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private sealed class CountingStream(Stream inner) : Stream
    {
        internal long Count { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => Count;
            set => throw new NotSupportedException();
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            inner.Write(buffer);
            Count += buffer.Length;
        }
    }
}
