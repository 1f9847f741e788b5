using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

/// <summary>High-throughput codestreams that OpenJPH 0.31 wrote, since libopenjp2 writes none. The pixels are a formula.</summary>
public sealed class HtJ2KTests
{
    public HtJ2KTests() => Libraries.OpenJpeg();

    private const int Width = 19;
    private const int Height = 13;
    private const string Gray8 = "/0//UQApQAAAAAATAAAADQAAAAAAAAAAAAAAEwAAAA0AAAAAAAAAAAABBwEB/1AACAACAAAAAv9SAAwAAgABAAUEBEAB/1wAEyBIUFBQUFBQUFBQUFBQSEhI/2QAFwABT3BlbkpQSCBWZXIgMC4zMS4wLv+QAAoAAAAAAKgAAf+TwCWLAQd0AMASgKQBB3QAwBHAEwAAYwA0/QACNADAEcAVAAHjAECAgP4rfrQAwBVwBUQBUiIgAMgH/Z2X+BcAEIgnvDSY1gANpArH54X/ZwDALYgFqQC1gCIZY5TO8EPITcfH9/fvT48l2dS6uX5yAVaGlFi5e+nvvT67ffpt5d3PsV8AU4wqnYfS/BXeumvz0YPDL3+2rZx/AP/Z";
    private const string Gray12Rpcl = "/0//UQApQAAAAAATAAAADQAAAAAAAAAAAAAAEwAAAA0AAAAAAAAAAAABCwEB/1AACAACAAAABv9SAAwAAgABAAUEBEAB/1wAEyBocHBwcHBwcHBwcHBwaGho/2QAFwABT3BlbkpQSCBWZXIgMC4zMS4wLv+QAAoAAAAAAUkAAf+TwAJQDQKHdADAATBy/QMHdADAASwAE8ABGOkAB3QAdrTjAKI0AABjAMABPAAVkABIAvIPACOUAALqCswNzAAhA362AFUWswDAAWtAAWhAAWkAaK0JkSgZjbopEBAI9CAP+MRg/Sa4APrW1PjeZIj4BC/rs31iuAC9kvnORovSePwYXvf4AvrRuQDAAu+gAXbwALswzz3Vm+de9ea5V92Mqc8ZY+pzxpj6nHFGXY1zRq3GOVNX4/x7/j3/fhC7Ws5MyR6WSQl6fy7Fji8kFhImtgGvuWqqaa6aapqrpvrmn3HOGGOcM4wxzpnnm6+mumaqqV0z1VTX3gKPx7Rxi5Q4kQDCRZKSYrEBv3/u+++f+/775777/3/v/ff/d/3/f/fd86//bvPff/f86wB3CLkn54pcNIAvJE2JA5EB/9k=";
    private const string Rgb = "/0//UQAvQAAAAAATAAAADQAAAAAAAAAAAAAAEwAAAA0AAAAAAAAAAAADBwEBBwEBBwEB/1AACAACAAAAA/9SAAwAAgABAQUEBEAB/1wAEyBQWFhYWFhYWFhYWFhYUFBQ/2QAFwABT3BlbkpQSCBWZXIgMC4zMS4wLv+QAAoAAAAAAMQAAf+TwBKA4wCHdADAEoDmAAd0AMASgOcAB3QAwAlApAEHdAAAAMAI4ATAAGMANP0AAjQAAADACOAFQAHjAECAgP4rfrQAAADACrgBUQAqQCIgAMgH/Z2X+BcAEIgnvDSY1gANpArH54X/ZwAAAMAWxAFqQBawIhljlM7wQ8hNx8f39+9PjyXZ1Lq5fnIBVoaUWLl76e+9Prt9+m3l3c+xXwBTjCqdh9L8Fd66a/PRg8Mvf7atnH8AAAD/2Q==";
    private const string Lossy = "/0//UQApQAAAAAATAAAADQAAAAAAAAAAAAAAEwAAAA0AAAAAAAAAAAABBwEB/1AACAACAAAAI/9SAAwAAgABAAUEBEAA/1wAIyJ/dH9Ff0V/F3dcd1x3PW+qb6pvwlg1WDVYeFAaUBpfv/9kABcAAU9wZW5KUEggVmVyIDAuMzEuMC7/kAAKAAAAAADOAAH/k8AAmEvlBAd0AMAAmIL9Awd0AMABLAATgPkAB3QAmGL6AII0AMACeABUgDBcVQBCtACCAsEAAAB3VgDAC0YAV0AJQO4kI6WZpCTlAH/5DgHujZkACIIgSKv9EXXuaL/QuADzEBhkAMAXQQBbkALWmrRUhaWpKZuWqk37Zbs+f/1Xsn+5ctlXTz81932OtAFEZmRGRkppWmqq/mBR619r0+rbp0/balktYrEB4zRVOpfN6XXCbmxePFLh71+ct8xfAP/Z";

    [Theory]
    [InlineData(DicomUids.HTJ2KLossless, Gray8, 8, 1, 1, 0)]
    [InlineData(DicomUids.HTJ2KLosslessRPCL, Gray12Rpcl, 12, 1, 21, 0)]
    [InlineData(DicomUids.HTJ2KLossless, Rgb, 8, 3, 1, 0)]
    [InlineData(DicomUids.HTJ2K, Lossy, 8, 1, 1, 1)]
    public void Codestreams_of_OpenJPH_decode_to_their_pixels(string syntax, string codestream, int bits, int samples, int factor, int tolerance)
    {
        var description = RleTests.Description(Width, Height, bits, samples);
        var decoded = Pixels.Of(PixelCodecs.Decode(syntax, Convert.FromBase64String(codestream), description));
        var expected = new int[decoded.Length];
        for (var i = 0; i < expected.Length; i++)
        {
            var (x, y, s) = (i / samples % Width, i / samples / Width, i % samples);
            expected[i] = ((x * 5) + (y * 3) + (s * 20) + (x * y % 3)) * factor & ((1 << bits) - 1);
        }

        var (max, _) = Pixels.Difference(expected, decoded);
        Assert.True(max <= tolerance, $"{max}");
    }
}
