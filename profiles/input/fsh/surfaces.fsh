// Surfaces of teeth. The two systems of HL7 Terminology have the same letters but for the lip side (V there, F here); the SNOMED CT codes are those of its
// Global Patient Set, which has none for the incisal edge. Surfaces that a restoration joins (MO, DO, DI, MOD) are one code in the one system only; say each surface.

ValueSet: ToothSurfacesVS
Id: tooth-surfaces
Title: "Tooth surfaces"
Description: "Surfaces of a tooth in the FDI and ADA systems of HL7 Terminology and in SNOMED CT."
* insert VS
* $fdi-surface#M "Mesial"
* $fdi-surface#O "Occlusal"
* $fdi-surface#I "Incisal"
* $fdi-surface#D "Distal"
* $fdi-surface#B "Buccal"
* $fdi-surface#V "Ventral"
* $fdi-surface#L "Lingual"
* $fdi-surface#MO "Mesioclusal"
* $fdi-surface#DO "Distoclusal"
* $fdi-surface#DI "Distoincisal"
* $fdi-surface#MOD "Mesioclusodistal"
* $ada-surface#M "Mesial"
* $ada-surface#O "Occlusal"
* $ada-surface#I "Incisal"
* $ada-surface#D "Distal"
* $ada-surface#B "Buccal"
* $ada-surface#F "Facial"
* $ada-surface#L "Lingual"
* $SCT#8483002 "Structure of mesial surface of tooth"
* $SCT#83473006 "Structure of occlusal surface of tooth"
* $SCT#90933009 "Structure of distal surface of tooth"
* $SCT#72203008 "Structure of lingual surface of tooth"
* $SCT#62579006 "Structure of vestibular surface of tooth"

Instance: surface-fdi
InstanceOf: ConceptMap
Usage: #definition
Title: "Tooth surfaces from FDI"
Description: "Tooth surfaces from FDI, surface by surface."
* url = "https://secondopinion.example/fhir/ConceptMap/surface-fdi"
* name = "SurfaceFdi"
* title = "Tooth surfaces from FDI"
* status = #active
* experimental = false
* group[0].source = "http://terminology.hl7.org/CodeSystem/FDI-surface"
* group[0].target = "http://terminology.hl7.org/CodeSystem/ADAToothSurfaceCodes"
* group[0].element[0].code = #M
* group[0].element[0].display = "Mesial"
* group[0].element[0].target[0].code = #M
* group[0].element[0].target[0].display = "Mesial"
* group[0].element[0].target[0].equivalence = #equivalent
* group[0].element[1].code = #O
* group[0].element[1].display = "Occlusal"
* group[0].element[1].target[0].code = #O
* group[0].element[1].target[0].display = "Occlusal"
* group[0].element[1].target[0].equivalence = #equivalent
* group[0].element[2].code = #I
* group[0].element[2].display = "Incisal"
* group[0].element[2].target[0].code = #I
* group[0].element[2].target[0].display = "Incisal"
* group[0].element[2].target[0].equivalence = #equivalent
* group[0].element[3].code = #D
* group[0].element[3].display = "Distal"
* group[0].element[3].target[0].code = #D
* group[0].element[3].target[0].display = "Distal"
* group[0].element[3].target[0].equivalence = #equivalent
* group[0].element[4].code = #B
* group[0].element[4].display = "Buccal"
* group[0].element[4].target[0].code = #B
* group[0].element[4].target[0].display = "Buccal"
* group[0].element[4].target[0].equivalence = #equivalent
* group[0].element[5].code = #V
* group[0].element[5].display = "Ventral"
* group[0].element[5].target[0].code = #F
* group[0].element[5].target[0].display = "Facial"
* group[0].element[5].target[0].equivalence = #equivalent
* group[0].element[6].code = #L
* group[0].element[6].display = "Lingual"
* group[0].element[6].target[0].code = #L
* group[0].element[6].target[0].display = "Lingual"
* group[0].element[6].target[0].equivalence = #equivalent
* group[0].element[7].code = #MO
* group[0].element[7].display = "Mesioclusal"
* group[0].element[7].target[0].equivalence = #unmatched
* group[0].element[7].target[0].comment = "Several surfaces: one code for each"
* group[0].element[8].code = #DO
* group[0].element[8].display = "Distoclusal"
* group[0].element[8].target[0].equivalence = #unmatched
* group[0].element[8].target[0].comment = "Several surfaces: one code for each"
* group[0].element[9].code = #DI
* group[0].element[9].display = "Distoincisal"
* group[0].element[9].target[0].equivalence = #unmatched
* group[0].element[9].target[0].comment = "Several surfaces: one code for each"
* group[0].element[10].code = #MOD
* group[0].element[10].display = "Mesioclusodistal"
* group[0].element[10].target[0].equivalence = #unmatched
* group[0].element[10].target[0].comment = "Several surfaces: one code for each"
* group[1].source = "http://terminology.hl7.org/CodeSystem/FDI-surface"
* group[1].target = "http://snomed.info/sct"
* group[1].element[0].code = #M
* group[1].element[0].display = "Mesial"
* group[1].element[0].target[0].code = #8483002
* group[1].element[0].target[0].display = "Structure of mesial surface of tooth"
* group[1].element[0].target[0].equivalence = #equivalent
* group[1].element[1].code = #O
* group[1].element[1].display = "Occlusal"
* group[1].element[1].target[0].code = #83473006
* group[1].element[1].target[0].display = "Structure of occlusal surface of tooth"
* group[1].element[1].target[0].equivalence = #equivalent
* group[1].element[2].code = #I
* group[1].element[2].display = "Incisal"
* group[1].element[2].target[0].equivalence = #unmatched
* group[1].element[2].target[0].comment = "The Global Patient Set of SNOMED CT has no incisal edge"
* group[1].element[3].code = #D
* group[1].element[3].display = "Distal"
* group[1].element[3].target[0].code = #90933009
* group[1].element[3].target[0].display = "Structure of distal surface of tooth"
* group[1].element[3].target[0].equivalence = #equivalent
* group[1].element[4].code = #B
* group[1].element[4].display = "Buccal"
* group[1].element[4].target[0].code = #62579006
* group[1].element[4].target[0].display = "Structure of vestibular surface of tooth"
* group[1].element[4].target[0].equivalence = #wider
* group[1].element[4].target[0].comment = "The vestibular surface faces cheek or lips"
* group[1].element[5].code = #V
* group[1].element[5].display = "Ventral"
* group[1].element[5].target[0].code = #62579006
* group[1].element[5].target[0].display = "Structure of vestibular surface of tooth"
* group[1].element[5].target[0].equivalence = #wider
* group[1].element[5].target[0].comment = "The vestibular surface faces cheek or lips"
* group[1].element[6].code = #L
* group[1].element[6].display = "Lingual"
* group[1].element[6].target[0].code = #72203008
* group[1].element[6].target[0].display = "Structure of lingual surface of tooth"
* group[1].element[6].target[0].equivalence = #equivalent
* group[1].element[7].code = #MO
* group[1].element[7].display = "Mesioclusal"
* group[1].element[7].target[0].equivalence = #unmatched
* group[1].element[7].target[0].comment = "Several surfaces: one code for each"
* group[1].element[8].code = #DO
* group[1].element[8].display = "Distoclusal"
* group[1].element[8].target[0].equivalence = #unmatched
* group[1].element[8].target[0].comment = "Several surfaces: one code for each"
* group[1].element[9].code = #DI
* group[1].element[9].display = "Distoincisal"
* group[1].element[9].target[0].equivalence = #unmatched
* group[1].element[9].target[0].comment = "Several surfaces: one code for each"
* group[1].element[10].code = #MOD
* group[1].element[10].display = "Mesioclusodistal"
* group[1].element[10].target[0].equivalence = #unmatched
* group[1].element[10].target[0].comment = "Several surfaces: one code for each"

Instance: surface-ada
InstanceOf: ConceptMap
Usage: #definition
Title: "Tooth surfaces from ADA"
Description: "Tooth surfaces from ADA, surface by surface."
* url = "https://secondopinion.example/fhir/ConceptMap/surface-ada"
* name = "SurfaceAda"
* title = "Tooth surfaces from ADA"
* status = #active
* experimental = false
* group[0].source = "http://terminology.hl7.org/CodeSystem/ADAToothSurfaceCodes"
* group[0].target = "http://terminology.hl7.org/CodeSystem/FDI-surface"
* group[0].element[0].code = #M
* group[0].element[0].display = "Mesial"
* group[0].element[0].target[0].code = #M
* group[0].element[0].target[0].display = "Mesial"
* group[0].element[0].target[0].equivalence = #equivalent
* group[0].element[1].code = #O
* group[0].element[1].display = "Occlusal"
* group[0].element[1].target[0].code = #O
* group[0].element[1].target[0].display = "Occlusal"
* group[0].element[1].target[0].equivalence = #equivalent
* group[0].element[2].code = #I
* group[0].element[2].display = "Incisal"
* group[0].element[2].target[0].code = #I
* group[0].element[2].target[0].display = "Incisal"
* group[0].element[2].target[0].equivalence = #equivalent
* group[0].element[3].code = #D
* group[0].element[3].display = "Distal"
* group[0].element[3].target[0].code = #D
* group[0].element[3].target[0].display = "Distal"
* group[0].element[3].target[0].equivalence = #equivalent
* group[0].element[4].code = #B
* group[0].element[4].display = "Buccal"
* group[0].element[4].target[0].code = #B
* group[0].element[4].target[0].display = "Buccal"
* group[0].element[4].target[0].equivalence = #equivalent
* group[0].element[5].code = #F
* group[0].element[5].display = "Facial"
* group[0].element[5].target[0].code = #V
* group[0].element[5].target[0].display = "Ventral"
* group[0].element[5].target[0].equivalence = #equivalent
* group[0].element[6].code = #L
* group[0].element[6].display = "Lingual"
* group[0].element[6].target[0].code = #L
* group[0].element[6].target[0].display = "Lingual"
* group[0].element[6].target[0].equivalence = #equivalent
* group[1].source = "http://terminology.hl7.org/CodeSystem/ADAToothSurfaceCodes"
* group[1].target = "http://snomed.info/sct"
* group[1].element[0].code = #M
* group[1].element[0].display = "Mesial"
* group[1].element[0].target[0].code = #8483002
* group[1].element[0].target[0].display = "Structure of mesial surface of tooth"
* group[1].element[0].target[0].equivalence = #equivalent
* group[1].element[1].code = #O
* group[1].element[1].display = "Occlusal"
* group[1].element[1].target[0].code = #83473006
* group[1].element[1].target[0].display = "Structure of occlusal surface of tooth"
* group[1].element[1].target[0].equivalence = #equivalent
* group[1].element[2].code = #I
* group[1].element[2].display = "Incisal"
* group[1].element[2].target[0].equivalence = #unmatched
* group[1].element[2].target[0].comment = "The Global Patient Set of SNOMED CT has no incisal edge"
* group[1].element[3].code = #D
* group[1].element[3].display = "Distal"
* group[1].element[3].target[0].code = #90933009
* group[1].element[3].target[0].display = "Structure of distal surface of tooth"
* group[1].element[3].target[0].equivalence = #equivalent
* group[1].element[4].code = #B
* group[1].element[4].display = "Buccal"
* group[1].element[4].target[0].code = #62579006
* group[1].element[4].target[0].display = "Structure of vestibular surface of tooth"
* group[1].element[4].target[0].equivalence = #wider
* group[1].element[4].target[0].comment = "The vestibular surface faces cheek or lips"
* group[1].element[5].code = #F
* group[1].element[5].display = "Facial"
* group[1].element[5].target[0].code = #62579006
* group[1].element[5].target[0].display = "Structure of vestibular surface of tooth"
* group[1].element[5].target[0].equivalence = #wider
* group[1].element[5].target[0].comment = "The vestibular surface faces cheek or lips"
* group[1].element[6].code = #L
* group[1].element[6].display = "Lingual"
* group[1].element[6].target[0].code = #72203008
* group[1].element[6].target[0].display = "Structure of lingual surface of tooth"
* group[1].element[6].target[0].equivalence = #equivalent

Instance: surface-snomed
InstanceOf: ConceptMap
Usage: #definition
Title: "Tooth surfaces from SNOMED CT"
Description: "Tooth surfaces from SNOMED CT, surface by surface."
* url = "https://secondopinion.example/fhir/ConceptMap/surface-snomed"
* name = "SurfaceSnomed"
* title = "Tooth surfaces from SNOMED CT"
* status = #active
* experimental = false
* group[0].source = "http://snomed.info/sct"
* group[0].target = "http://terminology.hl7.org/CodeSystem/FDI-surface"
* group[0].element[0].code = #8483002
* group[0].element[0].display = "Structure of mesial surface of tooth"
* group[0].element[0].target[0].code = #M
* group[0].element[0].target[0].display = "Mesial"
* group[0].element[0].target[0].equivalence = #equivalent
* group[0].element[1].code = #83473006
* group[0].element[1].display = "Structure of occlusal surface of tooth"
* group[0].element[1].target[0].code = #O
* group[0].element[1].target[0].display = "Occlusal"
* group[0].element[1].target[0].equivalence = #equivalent
* group[0].element[2].code = #90933009
* group[0].element[2].display = "Structure of distal surface of tooth"
* group[0].element[2].target[0].code = #D
* group[0].element[2].target[0].display = "Distal"
* group[0].element[2].target[0].equivalence = #equivalent
* group[0].element[3].code = #72203008
* group[0].element[3].display = "Structure of lingual surface of tooth"
* group[0].element[3].target[0].code = #L
* group[0].element[3].target[0].display = "Lingual"
* group[0].element[3].target[0].equivalence = #equivalent
* group[0].element[4].code = #62579006
* group[0].element[4].display = "Structure of vestibular surface of tooth"
* group[0].element[4].target[0].code = #B
* group[0].element[4].target[0].display = "Buccal"
* group[0].element[4].target[0].equivalence = #narrower
* group[0].element[4].target[0].comment = "The vestibular surface faces cheek or lips"
* group[0].element[4].target[1].code = #V
* group[0].element[4].target[1].display = "Ventral"
* group[0].element[4].target[1].equivalence = #narrower
* group[0].element[4].target[1].comment = "The vestibular surface faces cheek or lips"
* group[1].source = "http://snomed.info/sct"
* group[1].target = "http://terminology.hl7.org/CodeSystem/ADAToothSurfaceCodes"
* group[1].element[0].code = #8483002
* group[1].element[0].display = "Structure of mesial surface of tooth"
* group[1].element[0].target[0].code = #M
* group[1].element[0].target[0].display = "Mesial"
* group[1].element[0].target[0].equivalence = #equivalent
* group[1].element[1].code = #83473006
* group[1].element[1].display = "Structure of occlusal surface of tooth"
* group[1].element[1].target[0].code = #O
* group[1].element[1].target[0].display = "Occlusal"
* group[1].element[1].target[0].equivalence = #equivalent
* group[1].element[2].code = #90933009
* group[1].element[2].display = "Structure of distal surface of tooth"
* group[1].element[2].target[0].code = #D
* group[1].element[2].target[0].display = "Distal"
* group[1].element[2].target[0].equivalence = #equivalent
* group[1].element[3].code = #72203008
* group[1].element[3].display = "Structure of lingual surface of tooth"
* group[1].element[3].target[0].code = #L
* group[1].element[3].target[0].display = "Lingual"
* group[1].element[3].target[0].equivalence = #equivalent
* group[1].element[4].code = #62579006
* group[1].element[4].display = "Structure of vestibular surface of tooth"
* group[1].element[4].target[0].code = #B
* group[1].element[4].target[0].display = "Buccal"
* group[1].element[4].target[0].equivalence = #narrower
* group[1].element[4].target[0].comment = "The vestibular surface faces cheek or lips"
* group[1].element[4].target[1].code = #F
* group[1].element[4].target[1].display = "Facial"
* group[1].element[4].target[1].equivalence = #narrower
* group[1].element[4].target[1].comment = "The vestibular surface faces cheek or lips"
