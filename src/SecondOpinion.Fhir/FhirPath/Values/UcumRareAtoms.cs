namespace SecondOpinion.Fhir.FhirPath;

/// <summary>The rest of the unit atoms of UCUM 2.1, those that clinical data seldom has.</summary>
internal static class UcumRareAtoms
{
    public static readonly UcumUnit.Atom[] All =
    [
        // Units of ISO 1000 and of astronomy.
        new("[pptr]", false, 1, "10*-12"), new("gon", false, 0.9, "deg"), new("mo_s", false, 29.53059, "d"), new("AU", false, 149597.870691, "Mm"),
        new("pc", true, 30856780000000000, "m"),

        // Natural constants.
        new("[c]", true, 299792458, "m/s"), new("[h]", true, 6.6260755e-34, "J.s"), new("[k]", true, 1.380658e-23, "J/K"), new("[eps_0]", true, 8.854187817e-12, "F/m"),
        new("[mu_0]", true, 0.0000012566370614359173, "N/A2"), new("[e]", true, 1.60217733e-19, "C"), new("[m_e]", true, 9.1093897e-28, "g"),
        new("[m_p]", true, 1.6726231e-24, "g"), new("[G]", true, 6.67259e-11, "m3.kg-1.s-2"), new("Torr", false, 133.322, "Pa"), new("[ly]", true, 1, "[c].a_j"),

        // CGS units.
        new("Ky", true, 1, "cm-1"), new("Gal", true, 1, "cm/s2"), new("Bi", true, 10, "A"), new("Mx", true, 1e-8, "Wb"), new("Oe", true, 79.57747154594767, "A/m"),
        new("Gb", true, 1, "Oe.cm"), new("sb", true, 1, "cd/cm2"), new("Lmb", true, 1, "cd/cm2/[pi]"), new("ph", true, 0.0001, "lx"),

        // International customary lengths.
        new("[fth_i]", false, 6, "[ft_i]"), new("[syd_i]", false, 1, "[yd_i]2"), new("[cyd_i]", false, 1, "[yd_i]3"), new("[bf_i]", false, 144, "[in_i]3"),
        new("[cr_i]", false, 128, "[ft_i]3"), new("[mil_i]", false, 0.001, "[in_i]"), new("[cml_i]", false, 1, "[pi]/4.[mil_i]2"),

        // US survey lengths.
        new("[yd_us]", false, 3, "[ft_us]"), new("[rd_us]", false, 16.5, "[ft_us]"), new("[ch_us]", false, 4, "[rd_us]"), new("[lk_us]", false, 1, "[ch_us]/100"),
        new("[rch_us]", false, 100, "[ft_us]"), new("[rlk_us]", false, 1, "[rch_us]/100"), new("[fth_us]", false, 6, "[ft_us]"), new("[fur_us]", false, 40, "[rd_us]"),
        new("[mi_us]", false, 8, "[fur_us]"), new("[srd_us]", false, 1, "[rd_us]2"), new("[smi_us]", false, 1, "[mi_us]2"), new("[sct]", false, 1, "[mi_us]2"),
        new("[twp]", false, 36, "[sct]"), new("[mil_us]", false, 0.001, "[in_us]"),

        // British imperial lengths.
        new("[in_br]", false, 2.539998, "cm"), new("[ft_br]", false, 12, "[in_br]"), new("[rd_br]", false, 16.5, "[ft_br]"), new("[ch_br]", false, 4, "[rd_br]"),
        new("[lk_br]", false, 1, "[ch_br]/100"), new("[fth_br]", false, 6, "[ft_br]"), new("[pc_br]", false, 2.5, "[ft_br]"), new("[yd_br]", false, 3, "[ft_br]"),
        new("[mi_br]", false, 5280, "[ft_br]"), new("[nmi_br]", false, 6080, "[ft_br]"), new("[kn_br]", false, 1, "[nmi_br]/h"), new("[acr_br]", false, 4840, "[yd_br]2"),

        // US volumes.
        new("[bbl_us]", false, 42, "[gal_us]"), new("[gil_us]", false, 1, "[pt_us]/4"), new("[min_us]", false, 1, "[fdr_us]/60"), new("[crd_us]", false, 128, "[ft_i]3"),
        new("[bu_us]", false, 2150.42, "[in_i]3"), new("[gal_wi]", false, 1, "[bu_us]/8"), new("[pk_us]", false, 1, "[bu_us]/4"), new("[dqt_us]", false, 1, "[pk_us]/8"),
        new("[dpt_us]", false, 1, "[dqt_us]/2"),

        // British volumes.
        new("[pk_br]", false, 2, "[gal_br]"), new("[bu_br]", false, 4, "[pk_br]"), new("[qt_br]", false, 1, "[gal_br]/4"), new("[gil_br]", false, 1, "[pt_br]/4"),
        new("[fdr_br]", false, 1, "[foz_br]/8"), new("[min_br]", false, 1, "[fdr_br]/60"),

        // Weights.
        new("[scwt_av]", false, 100, "[lb_av]"), new("[lcwt_av]", false, 112, "[lb_av]"), new("[pwt_tr]", false, 24, "[gr]"), new("[oz_m]", false, 28, "g"),

        // Heat, temperature and fibre.
        new("[degR]", false, 5, "K/9"), new("[degRe]", false, 1.25, "K", 273.15), new("cal_[15]", true, 4.1858, "J"), new("cal_[20]", true, 4.1819, "J"),
        new("cal_m", true, 4.19002, "J"), new("cal_IT", true, 4.1868, "J"), new("[Btu_39]", false, 1.05967, "kJ"), new("[Btu_59]", false, 1.0548, "kJ"),
        new("[Btu_60]", false, 1.05468, "kJ"), new("[Btu_m]", false, 1.05587, "kJ"), new("[Btu_IT]", false, 1.05505585262, "kJ"), new("[Btu_th]", false, 1.05435, "kJ"),
        new("tex", true, 1, "g/km"), new("[den]", false, 1, "g/9/km"),

        // Typesetting.
        new("[lne]", false, 1, "[in_i]/12"), new("[pnt]", false, 1, "[lne]/6"), new("[pca]", false, 12, "[pnt]"), new("[pnt_pr]", false, 0.013837, "[in_i]"),
        new("[pca_pr]", false, 12, "[pnt_pr]"), new("[pied]", false, 32.48, "cm"), new("[pouce]", false, 1, "[pied]/12"), new("[ligne]", false, 1, "[pouce]/12"),
        new("[didot]", false, 1, "[ligne]/6"), new("[cicero]", false, 12, "[didot]"),

        // Clinical units.
        new("[in_i'H2O]", false, 1, "m[H2O].[in_i]/m"), new("[in_i'Hg]", false, 1, "m[Hg].[in_i]/m"), new("[hnsf'U]", false, 1, "1"), new("g%", true, 1, "g/dl"),

        // Others.
        new("mho", true, 1, "S"), new("circ", false, 2, "[pi].rad"), new("sph", false, 4, "[pi].sr"), new("[car_m]", false, 0.2, "g"), new("[car_Au]", false, 1, "/24"),
        new("[smoot]", false, 67, "[in_i]"),

        // On a logarithmic or trigonometric scale: compared with themselves only (UCUM 2.1 section 22).
        new("[p'diop]", false, 1, ""), new("%[slope]", false, 1, ""), new("[hp'_X]", false, 1, ""), new("[hp'_C]", false, 1, ""), new("[hp'_M]", false, 1, ""),
        new("[hp'_Q]", false, 1, ""), new("B[SPL]", true, 1, ""), new("B[V]", true, 1, ""), new("B[mV]", true, 1, ""), new("B[uV]", true, 1, ""),
        new("B[10.nV]", true, 1, ""), new("B[W]", true, 1, ""), new("B[kW]", true, 1, ""), new("[m/s2/Hz^(1/2)]", false, 1, ""), new("bit_s", false, 1, ""),

        // Arbitrary units.
        new("[hp_M]", false, 1, ""), new("[hp_Q]", false, 1, ""), new("[kp_X]", false, 1, ""), new("[kp_C]", false, 1, ""), new("[kp_M]", false, 1, ""),
        new("[kp_Q]", false, 1, ""), new("[IR]", false, 1, ""), new("[FEU]", false, 1, ""),
    ];
}
