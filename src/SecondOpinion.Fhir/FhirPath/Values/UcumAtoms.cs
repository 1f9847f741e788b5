namespace SecondOpinion.Fhir.FhirPath;

/// <summary>Unit atoms of UCUM 2.1 (ucum.org): code, metric, how many of which other unit; an empty definition makes a base or arbitrary unit.</summary>
internal static class UcumAtoms
{
    public static readonly UcumUnit.Atom[] All =
    [
        // Base units; K and Cel, mol (a pure number in UCUM) and arbitrary units follow.
        new("m", true, 1, ""), new("g", true, 1, ""), new("s", true, 1, ""), new("rad", true, 1, ""), new("K", true, 1, ""), new("C", true, 1, ""), new("cd", true, 1, ""),
        new("mol", true, 6.0221367e23, "1"), new("eq", true, 1, "mol"), new("osm", true, 1, "mol"), new("kat", true, 1, "mol/s"), new("U", true, 1, "umol/min"),
        new("%", false, 0.01, "1"), new("[ppth]", false, 1e-3, "1"), new("[ppm]", false, 1e-6, "1"), new("[ppb]", false, 1e-9, "1"), new("[pi]", false, Math.PI, "1"),

        // Time.
        new("min", false, 60, "s"), new("h", false, 60, "min"), new("d", false, 24, "h"), new("wk", false, 7, "d"),
        new("a", false, 365.25, "d"), new("a_j", false, 365.25, "d"), new("a_g", false, 365.2425, "d"), new("a_t", false, 365.24219, "d"), new("mo", false, 30.4375, "d"), new("mo_j", false, 30.4375, "d"), new("mo_g", false, 30.436875, "d"),

        // SI derived.
        new("Hz", true, 1, "s-1"), new("N", true, 1, "kg.m/s2"), new("Pa", true, 1, "N/m2"), new("J", true, 1, "N.m"), new("W", true, 1, "J/s"), new("A", true, 1, "C/s"), new("V", true, 1, "J/C"),
        new("F", true, 1, "C/V"), new("Ohm", true, 1, "V/A"), new("S", true, 1, "Ohm-1"), new("Wb", true, 1, "V.s"), new("T", true, 1, "Wb/m2"), new("H", true, 1, "Wb/A"), new("sr", true, 1, "rad2"),
        new("lm", true, 1, "cd.sr"), new("lx", true, 1, "lm/m2"), new("Bq", true, 1, "s-1"), new("Gy", true, 1, "J/kg"), new("Sv", true, 1, "J/kg"), new("Ci", true, 3.7e10, "Bq"), new("RAD", true, 0.01, "Gy"), new("REM", true, 0.01, "Sv"), new("R", true, 2.58e-4, "C/kg"),
        new("deg", false, Math.PI / 180, "rad"), new("'", false, Math.PI / 10800, "rad"), new("''", false, Math.PI / 648000, "rad"),
        new("Cel", true, 1, "K", 273.15), new("[degF]", false, 5.0 / 9, "K", 459.67 * 5 / 9),

        // Metric units beyond SI.
        new("l", true, 1, "dm3"), new("L", true, 1, "dm3"), new("ar", true, 100, "m2"), new("t", true, 1e3, "kg"), new("bar", true, 1e5, "Pa"), new("u", true, 1.6605402e-24, "g"), new("eV", true, 1.60217733e-19, "J"),
        new("dyn", true, 1, "g.cm/s2"), new("erg", true, 1, "dyn.cm"), new("P", true, 1, "dyn.s/cm2"), new("St", true, 1, "cm2/s"), new("G", true, 1e-4, "T"), new("cal", true, 4.184, "J"), new("cal_th", true, 4.184, "J"), new("[Cal]", false, 1, "kcal"),
        new("m[H2O]", true, 9.80665, "kPa"), new("m[Hg]", true, 133.3220, "kPa"), new("atm", false, 101325, "Pa"), new("att", false, 98066.5, "Pa"), new("gf", true, 9.80665, "g.m/s2"), new("[g]", true, 9.80665, "m/s2"), new("Ao", false, 0.1, "nm"), new("b", false, 100, "fm2"),
        new("st", true, 1, "m3"), new("bit", true, 1, "1"), new("By", true, 8, "bit"), new("Bd", true, 1, "s-1"), new("[diop]", false, 1, "m-1"), new("[Ch]", false, 1.0 / 3, "mm"), new("[mesh_i]", false, 1, "[in_i]-1"),

        // Customary units.
        new("[in_i]", false, 2.54, "cm"), new("[ft_i]", false, 12, "[in_i]"), new("[yd_i]", false, 3, "[ft_i]"), new("[mi_i]", false, 5280, "[ft_i]"), new("[nmi_i]", false, 1852, "m"), new("[sin_i]", false, 1, "[in_i]2"), new("[sft_i]", false, 1, "[ft_i]2"), new("[cin_i]", false, 1, "[in_i]3"), new("[cft_i]", false, 1, "[ft_i]3"),
        new("[in_us]", false, 2.54000508, "cm"), new("[ft_us]", false, 0.304800609601219, "m"), new("[hd_i]", false, 4, "[in_i]"), new("[acr_us]", false, 4046.872609874252, "m2"),
        new("[lb_av]", false, 453.59237, "g"), new("[oz_av]", false, 28.349523125, "g"), new("[gr]", false, 64.79891, "mg"), new("[dr_av]", false, 1.7718451953125, "g"), new("[stone_av]", false, 14, "[lb_av]"), new("[ston_av]", false, 2000, "[lb_av]"), new("[lton_av]", false, 2240, "[lb_av]"),
        new("[oz_tr]", false, 31.1034768, "g"), new("[lb_tr]", false, 373.2417216, "g"), new("[oz_ap]", false, 31.1034768, "g"), new("[lb_ap]", false, 373.2417216, "g"), new("[sc_ap]", false, 1.2959782, "g"), new("[dr_ap]", false, 3.8879346, "g"), new("[lbf_av]", false, 4.4482216152605, "N"), new("[psi]", false, 6894.757293168361, "Pa"),
        new("[gal_us]", false, 231, "[in_i]3"), new("[qt_us]", false, 57.75, "[in_i]3"), new("[pt_us]", false, 28.875, "[in_i]3"), new("[foz_us]", false, 1.8046875, "[in_i]3"), new("[cup_us]", false, 14.4375, "[in_i]3"), new("[tbs_us]", false, 0.90234375, "[in_i]3"), new("[tsp_us]", false, 0.30078125, "[in_i]3"), new("[fdr_us]", false, 0.2255859375, "[in_i]3"),
        new("[foz_m]", false, 30, "mL"), new("[cup_m]", false, 240, "mL"), new("[tsp_m]", false, 5, "mL"), new("[tbs_m]", false, 15, "mL"), new("[gal_br]", false, 4.54609, "l"), new("[pt_br]", false, 0.56826125, "l"), new("[foz_br]", false, 28.4130625, "mL"),
        new("[drp]", false, 0.05, "mL"), new("[Btu]", false, 1054.35, "J"), new("[HP]", false, 745.69987158227, "W"), new("[MET]", false, 3.5, "mL/min/kg"), new("[kn_i]", false, 1852, "m/h"), new("[PRU]", false, 1, "mm[Hg].s/mL"), new("[wood'U]", false, 1, "mm[Hg].min/L"),

        // Arbitrary units: comparable with themselves only (UCUM 2.1 section 24).
        new("[iU]", true, 1, ""), new("[IU]", true, 1, "[iU]"), new("[arb'U]", false, 1, ""), new("[USP'U]", false, 1, ""), new("[GPL'U]", false, 1, ""), new("[MPL'U]", false, 1, ""), new("[APL'U]", false, 1, ""), new("[beth'U]", false, 1, ""),
        new("[CFU]", false, 1, ""), new("[PFU]", false, 1, ""), new("[FFU]", false, 1, ""), new("[TCID_50]", false, 1, ""), new("[EID_50]", false, 1, ""), new("[CCID_50]", false, 1, ""), new("[BAU]", false, 1, ""), new("[AU]", false, 1, ""), new("[Amb'a'1'U]", false, 1, ""), new("[PNU]", false, 1, ""),
        new("[Lf]", false, 1, ""), new("[D'ag'U]", false, 1, ""), new("[anti'Xa'U]", false, 1, ""), new("[ELU]", false, 1, ""), new("[EU]", false, 1, ""), new("[todd'U]", false, 1, ""), new("[dye'U]", false, 1, ""), new("[smgy'U]", false, 1, ""), new("[bdsk'U]", false, 1, ""), new("[ka'U]", false, 1, ""), new("[knk'U]", false, 1, ""), new("[mclg'U]", false, 1, ""), new("[tb'U]", false, 1, ""),
        new("[pH]", false, 1, ""), new("[hp_X]", false, 1, ""), new("[hp_C]", false, 1, ""), new("[HPF]", false, 1, "1"), new("[LPF]", false, 100, "1"), new("Np", true, 1, ""), new("B", true, 1, ""), new("[S]", false, 1e-13, "s"),
    ];
}
