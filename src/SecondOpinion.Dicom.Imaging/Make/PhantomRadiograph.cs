namespace SecondOpinion.Dicom.Imaging;

/// <summary>
/// Drawn dental radiographs for demonstrations: no patient has these teeth. 12-bit samples, 0 black, the same for the same size and seed. The picture adds up what
/// lies in the beam (enamel, dentin, pulp, bone, metal) and turns the sum into a grey value as a sensor does.
/// </summary>
public static class PhantomRadiograph
{
    /// <summary>Greatest sample.</summary>
    public const int MaxValue = 4095;

    /// <summary>Crowns of upper and lower premolars and molars with the bone crests between them; one filling, one early lesion between teeth.</summary>
    public static ushort[] Bitewing(int width, int height, int seed)
    {
        var scene = new PhantomScene(width, height, seed);
        // The upper arch hangs from above, the lower stands below; the rows meet a little below the middle.
        scene.Bone(0.205, 0.020, upper: true);
        scene.Bone(0.762, 0.020, upper: false);
        Row(scene, -0.06, 0.458, [0.16, 0.155, 0.155, 0.235, 0.235, 0.22], 0.232, 0.60, upper: true, firstMolar: 3, filled: 3, decayed: 2);
        Row(scene, 0.01, 0.474, [0.16, 0.165, 0.25, 0.255, 0.24, 0.2], 0.232, 0.60, upper: false, firstMolar: 2, filled: 3, decayed: -1);
        return scene.Expose();
    }

    /// <summary>Lower premolar, first molar (tooth 19) and second molar to beyond their root tips; a dark area at the tip of the first molar's distal root, the mental
    /// foramen beside the premolar's, and the canal below.</summary>
    public static ushort[] Periapical(int width, int height, int seed)
    {
        var scene = new PhantomScene(width, height, seed);
        scene.Bone(0.345, 0.020, upper: false);
        scene.Canal(0.90);
        Row(scene, -0.03, 0.075, [0.175, 0.185, 0.305, 0.295, 0.28], 0.225, 0.455, upper: false, firstMolar: 2, filled: 2, decayed: -1);
        scene.Shadow(0.450, 0.772, 0.060, 0.050, 0.50);
        scene.Shadow(0.215, 0.815, 0.036, 0.034, 0.45);
        return scene.Expose();
    }

    /// <summary>Teeth that touch each other, from the left.</summary>
    private static void Row(PhantomScene scene, double first, double edge, double[] widths, double crown, double root, bool upper, int firstMolar, int filled, int decayed)
    {
        var across = first;
        for (var i = 0; i < widths.Length; i++)
        {
            scene.Tooth(new PhantomTooth(across, edge, widths[i], crown, i < firstMolar ? root * 0.97 : root, upper, i >= firstMolar, i) { Filling = i == filled ? 0.48 : 0, Lesion = i == decayed ? 1 : 0 });
            across += i + 1 < widths.Length ? (widths[i] + widths[i + 1]) * 0.488 : 0;
        }
    }
}
