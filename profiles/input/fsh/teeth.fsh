// Generated from the 52 teeth of DICOM CID 4018 and 4019 (ISO 3950, ADA Universal, SNOMED CT); keep the three lists in step.

ValueSet: TeethVS
Id: teeth
Title: "Teeth"
Description: "The 52 teeth in ISO 3950 (FDI), ADA Universal and SNOMED CT."
* insert VS
* $fdi#18 "Permanent maxillary right third molar tooth"
* $fdi#17 "Permanent maxillary right second molar tooth"
* $fdi#16 "Permanent maxillary right first molar tooth"
* $fdi#15 "Permanent maxillary right second premolar tooth"
* $fdi#14 "Permanent maxillary right first premolar tooth"
* $fdi#13 "Permanent maxillary right canine tooth"
* $fdi#12 "Permanent maxillary right lateral incisor tooth"
* $fdi#11 "Permanent maxillary right central incisor tooth"
* $fdi#21 "Permanent maxillary left central incisor tooth"
* $fdi#22 "Permanent maxillary left lateral incisor tooth"
* $fdi#23 "Permanent maxillary left canine tooth"
* $fdi#24 "Permanent maxillary left first premolar tooth"
* $fdi#25 "Permanent maxillary left second premolar tooth"
* $fdi#26 "Permanent maxillary left first molar tooth"
* $fdi#27 "Permanent maxillary left second molar tooth"
* $fdi#28 "Permanent maxillary left third molar tooth"
* $fdi#38 "Mandibular left third molar tooth"
* $fdi#37 "Mandibular left second molar tooth"
* $fdi#36 "Mandibular left first molar tooth"
* $fdi#35 "Mandibular left second premolar tooth"
* $fdi#34 "Mandibular left first premolar tooth"
* $fdi#33 "Mandibular left canine tooth"
* $fdi#32 "Mandibular left lateral tooth"
* $fdi#31 "Mandibular left central incisor tooth"
* $fdi#41 "Mandibular right central incisor tooth"
* $fdi#42 "Mandibular right lateral incisor tooth"
* $fdi#43 "Mandibular right canine tooth"
* $fdi#44 "Mandibular right first premolar tooth"
* $fdi#45 "Mandibular right second premolar tooth"
* $fdi#46 "Mandibular right first molar tooth"
* $fdi#47 "Mandibular right second molar tooth"
* $fdi#48 "Mandibular right third molar tooth"
* $fdi#55 "Deciduous maxillary right second molar tooth"
* $fdi#54 "Deciduous maxillary right first molar tooth"
* $fdi#53 "Deciduous maxillary right canine tooth"
* $fdi#52 "Deciduous maxillary right lateral incisor tooth"
* $fdi#51 "Deciduous maxillary right central incisor tooth"
* $fdi#61 "Deciduous maxillary left central incisor tooth"
* $fdi#62 "Deciduous maxillary left lateral incisor tooth"
* $fdi#63 "Deciduous maxillary left canine tooth"
* $fdi#64 "Deciduous maxillary left first molar tooth"
* $fdi#65 "Deciduous maxillary left second molar tooth"
* $fdi#75 "Deciduous mandibular left second molar tooth"
* $fdi#74 "Deciduous mandibular left first molar tooth"
* $fdi#73 "Deciduous mandibular left canine tooth"
* $fdi#72 "Deciduous mandibular left lateral incisor tooth"
* $fdi#71 "Deciduous mandibular left central incisor tooth"
* $fdi#81 "Deciduous mandibular right central incisor tooth"
* $fdi#82 "Deciduous mandibular right lateral incisor tooth"
* $fdi#83 "Deciduous mandibular right canine tooth"
* $fdi#84 "Deciduous mandibular right first molar tooth"
* $fdi#85 "Deciduous mandibular right second molar tooth"
* $universal#1 "Permanent maxillary right third molar tooth"
* $universal#2 "Permanent maxillary right second molar tooth"
* $universal#3 "Permanent maxillary right first molar tooth"
* $universal#4 "Permanent maxillary right second premolar tooth"
* $universal#5 "Permanent maxillary right first premolar tooth"
* $universal#6 "Permanent maxillary right canine tooth"
* $universal#7 "Permanent maxillary right lateral incisor tooth"
* $universal#8 "Permanent maxillary right central incisor tooth"
* $universal#9 "Permanent maxillary left central incisor tooth"
* $universal#10 "Permanent maxillary left lateral incisor tooth"
* $universal#11 "Permanent maxillary left canine tooth"
* $universal#12 "Permanent maxillary left first premolar tooth"
* $universal#13 "Permanent maxillary left second premolar tooth"
* $universal#14 "Permanent maxillary left first molar tooth"
* $universal#15 "Permanent maxillary left second molar tooth"
* $universal#16 "Permanent maxillary left third molar tooth"
* $universal#17 "Mandibular left third molar tooth"
* $universal#18 "Mandibular left second molar tooth"
* $universal#19 "Mandibular left first molar tooth"
* $universal#20 "Mandibular left second premolar tooth"
* $universal#21 "Mandibular left first premolar tooth"
* $universal#22 "Mandibular left canine tooth"
* $universal#23 "Mandibular left lateral tooth"
* $universal#24 "Mandibular left central incisor tooth"
* $universal#25 "Mandibular right central incisor tooth"
* $universal#26 "Mandibular right lateral incisor tooth"
* $universal#27 "Mandibular right canine tooth"
* $universal#28 "Mandibular right first premolar tooth"
* $universal#29 "Mandibular right second premolar tooth"
* $universal#30 "Mandibular right first molar tooth"
* $universal#31 "Mandibular right second molar tooth"
* $universal#32 "Mandibular right third molar tooth"
* $universal#A "Deciduous maxillary right second molar tooth"
* $universal#B "Deciduous maxillary right first molar tooth"
* $universal#C "Deciduous maxillary right canine tooth"
* $universal#D "Deciduous maxillary right lateral incisor tooth"
* $universal#E "Deciduous maxillary right central incisor tooth"
* $universal#F "Deciduous maxillary left central incisor tooth"
* $universal#G "Deciduous maxillary left lateral incisor tooth"
* $universal#H "Deciduous maxillary left canine tooth"
* $universal#I "Deciduous maxillary left first molar tooth"
* $universal#J "Deciduous maxillary left second molar tooth"
* $universal#K "Deciduous mandibular left second molar tooth"
* $universal#L "Deciduous mandibular left first molar tooth"
* $universal#M "Deciduous mandibular left canine tooth"
* $universal#N "Deciduous mandibular left lateral incisor tooth"
* $universal#O "Deciduous mandibular left central incisor tooth"
* $universal#P "Deciduous mandibular right central incisor tooth"
* $universal#Q "Deciduous mandibular right lateral incisor tooth"
* $universal#R "Deciduous mandibular right canine tooth"
* $universal#S "Deciduous mandibular right first molar tooth"
* $universal#T "Deciduous mandibular right second molar tooth"
* $SCT#68085002 "Permanent maxillary right third molar tooth"
* $SCT#863902006 "Permanent maxillary right second molar tooth"
* $SCT#865995000 "Permanent maxillary right first molar tooth"
* $SCT#36492000 "Permanent maxillary right second premolar tooth"
* $SCT#57826002 "Permanent maxillary right first premolar tooth"
* $SCT#860767006 "Permanent maxillary right canine tooth"
* $SCT#424877001 "Permanent maxillary right lateral incisor tooth"
* $SCT#422653006 "Permanent maxillary right central incisor tooth"
* $SCT#424399000 "Permanent maxillary left central incisor tooth"
* $SCT#423185002 "Permanent maxillary left lateral incisor tooth"
* $SCT#860780009 "Permanent maxillary left canine tooth"
* $SCT#61897005 "Permanent maxillary left first premolar tooth"
* $SCT#23226009 "Permanent maxillary left second premolar tooth"
* $SCT#865988009 "Permanent maxillary left first molar tooth"
* $SCT#863901004 "Permanent maxillary left second molar tooth"
* $SCT#87704003 "Permanent maxillary left third molar tooth"
* $SCT#74344005 "Mandibular left third molar tooth"
* $SCT#863898000 "Mandibular left second molar tooth"
* $SCT#866006002 "Mandibular left first molar tooth"
* $SCT#24573005 "Mandibular left second premolar tooth"
* $SCT#2400006 "Mandibular left first premolar tooth"
* $SCT#860782001 "Mandibular left canine tooth"
* $SCT#423331005 "Mandibular left lateral tooth"
* $SCT#425106001 "Mandibular left central incisor tooth"
* $SCT#424575004 "Mandibular right central incisor tooth"
* $SCT#423937004 "Mandibular right lateral incisor tooth"
* $SCT#860785004 "Mandibular right canine tooth"
* $SCT#80140008 "Mandibular right first premolar tooth"
* $SCT#8873007 "Mandibular right second premolar tooth"
* $SCT#866005003 "Mandibular right first molar tooth"
* $SCT#863899008 "Mandibular right second molar tooth"
* $SCT#38994002 "Mandibular right third molar tooth"
* $SCT#27855007 "Deciduous maxillary right second molar tooth"
* $SCT#17505006 "Deciduous maxillary right first molar tooth"
* $SCT#30618001 "Deciduous maxillary right canine tooth"
* $SCT#65624003 "Deciduous maxillary right lateral incisor tooth"
* $SCT#88824007 "Deciduous maxillary right central incisor tooth"
* $SCT#51678005 "Deciduous maxillary left central incisor tooth"
* $SCT#43622005 "Deciduous maxillary left lateral incisor tooth"
* $SCT#73937000 "Deciduous maxillary left canine tooth"
* $SCT#45234009 "Deciduous maxillary left first molar tooth"
* $SCT#51943008 "Deciduous maxillary left second molar tooth"
* $SCT#49330006 "Deciduous mandibular left second molar tooth"
* $SCT#38896004 "Deciduous mandibular left first molar tooth"
* $SCT#43281008 "Deciduous mandibular left canine tooth"
* $SCT#14770005 "Deciduous mandibular left lateral incisor tooth"
* $SCT#89552004 "Deciduous mandibular left central incisor tooth"
* $SCT#67834006 "Deciduous mandibular right central incisor tooth"
* $SCT#22445006 "Deciduous mandibular right lateral incisor tooth"
* $SCT#6062009 "Deciduous mandibular right canine tooth"
* $SCT#58646007 "Deciduous mandibular right first molar tooth"
* $SCT#61868007 "Deciduous mandibular right second molar tooth"

Instance: tooth-fdi
InstanceOf: ConceptMap
Usage: #definition
Title: "Teeth from FDI"
Description: "Teeth from FDI, tooth by tooth."
* url = "https://secondopinion.example/fhir/ConceptMap/tooth-fdi"
* name = "ToothFdi"
* title = "Teeth from FDI"
* status = #active
* group[0].source = "urn:iso:std:iso:3950"
* group[0].target = "http://terminology.hl7.org/CodeSystem/ADAUniversalToothDesignationSystem"
* group[0].element[0].code = #18
* group[0].element[0].target.code = #1
* group[0].element[0].target.equivalence = #equivalent
* group[0].element[1].code = #17
* group[0].element[1].target.code = #2
* group[0].element[1].target.equivalence = #equivalent
* group[0].element[2].code = #16
* group[0].element[2].target.code = #3
* group[0].element[2].target.equivalence = #equivalent
* group[0].element[3].code = #15
* group[0].element[3].target.code = #4
* group[0].element[3].target.equivalence = #equivalent
* group[0].element[4].code = #14
* group[0].element[4].target.code = #5
* group[0].element[4].target.equivalence = #equivalent
* group[0].element[5].code = #13
* group[0].element[5].target.code = #6
* group[0].element[5].target.equivalence = #equivalent
* group[0].element[6].code = #12
* group[0].element[6].target.code = #7
* group[0].element[6].target.equivalence = #equivalent
* group[0].element[7].code = #11
* group[0].element[7].target.code = #8
* group[0].element[7].target.equivalence = #equivalent
* group[0].element[8].code = #21
* group[0].element[8].target.code = #9
* group[0].element[8].target.equivalence = #equivalent
* group[0].element[9].code = #22
* group[0].element[9].target.code = #10
* group[0].element[9].target.equivalence = #equivalent
* group[0].element[10].code = #23
* group[0].element[10].target.code = #11
* group[0].element[10].target.equivalence = #equivalent
* group[0].element[11].code = #24
* group[0].element[11].target.code = #12
* group[0].element[11].target.equivalence = #equivalent
* group[0].element[12].code = #25
* group[0].element[12].target.code = #13
* group[0].element[12].target.equivalence = #equivalent
* group[0].element[13].code = #26
* group[0].element[13].target.code = #14
* group[0].element[13].target.equivalence = #equivalent
* group[0].element[14].code = #27
* group[0].element[14].target.code = #15
* group[0].element[14].target.equivalence = #equivalent
* group[0].element[15].code = #28
* group[0].element[15].target.code = #16
* group[0].element[15].target.equivalence = #equivalent
* group[0].element[16].code = #38
* group[0].element[16].target.code = #17
* group[0].element[16].target.equivalence = #equivalent
* group[0].element[17].code = #37
* group[0].element[17].target.code = #18
* group[0].element[17].target.equivalence = #equivalent
* group[0].element[18].code = #36
* group[0].element[18].target.code = #19
* group[0].element[18].target.equivalence = #equivalent
* group[0].element[19].code = #35
* group[0].element[19].target.code = #20
* group[0].element[19].target.equivalence = #equivalent
* group[0].element[20].code = #34
* group[0].element[20].target.code = #21
* group[0].element[20].target.equivalence = #equivalent
* group[0].element[21].code = #33
* group[0].element[21].target.code = #22
* group[0].element[21].target.equivalence = #equivalent
* group[0].element[22].code = #32
* group[0].element[22].target.code = #23
* group[0].element[22].target.equivalence = #equivalent
* group[0].element[23].code = #31
* group[0].element[23].target.code = #24
* group[0].element[23].target.equivalence = #equivalent
* group[0].element[24].code = #41
* group[0].element[24].target.code = #25
* group[0].element[24].target.equivalence = #equivalent
* group[0].element[25].code = #42
* group[0].element[25].target.code = #26
* group[0].element[25].target.equivalence = #equivalent
* group[0].element[26].code = #43
* group[0].element[26].target.code = #27
* group[0].element[26].target.equivalence = #equivalent
* group[0].element[27].code = #44
* group[0].element[27].target.code = #28
* group[0].element[27].target.equivalence = #equivalent
* group[0].element[28].code = #45
* group[0].element[28].target.code = #29
* group[0].element[28].target.equivalence = #equivalent
* group[0].element[29].code = #46
* group[0].element[29].target.code = #30
* group[0].element[29].target.equivalence = #equivalent
* group[0].element[30].code = #47
* group[0].element[30].target.code = #31
* group[0].element[30].target.equivalence = #equivalent
* group[0].element[31].code = #48
* group[0].element[31].target.code = #32
* group[0].element[31].target.equivalence = #equivalent
* group[0].element[32].code = #55
* group[0].element[32].target.code = #A
* group[0].element[32].target.equivalence = #equivalent
* group[0].element[33].code = #54
* group[0].element[33].target.code = #B
* group[0].element[33].target.equivalence = #equivalent
* group[0].element[34].code = #53
* group[0].element[34].target.code = #C
* group[0].element[34].target.equivalence = #equivalent
* group[0].element[35].code = #52
* group[0].element[35].target.code = #D
* group[0].element[35].target.equivalence = #equivalent
* group[0].element[36].code = #51
* group[0].element[36].target.code = #E
* group[0].element[36].target.equivalence = #equivalent
* group[0].element[37].code = #61
* group[0].element[37].target.code = #F
* group[0].element[37].target.equivalence = #equivalent
* group[0].element[38].code = #62
* group[0].element[38].target.code = #G
* group[0].element[38].target.equivalence = #equivalent
* group[0].element[39].code = #63
* group[0].element[39].target.code = #H
* group[0].element[39].target.equivalence = #equivalent
* group[0].element[40].code = #64
* group[0].element[40].target.code = #I
* group[0].element[40].target.equivalence = #equivalent
* group[0].element[41].code = #65
* group[0].element[41].target.code = #J
* group[0].element[41].target.equivalence = #equivalent
* group[0].element[42].code = #75
* group[0].element[42].target.code = #K
* group[0].element[42].target.equivalence = #equivalent
* group[0].element[43].code = #74
* group[0].element[43].target.code = #L
* group[0].element[43].target.equivalence = #equivalent
* group[0].element[44].code = #73
* group[0].element[44].target.code = #M
* group[0].element[44].target.equivalence = #equivalent
* group[0].element[45].code = #72
* group[0].element[45].target.code = #N
* group[0].element[45].target.equivalence = #equivalent
* group[0].element[46].code = #71
* group[0].element[46].target.code = #O
* group[0].element[46].target.equivalence = #equivalent
* group[0].element[47].code = #81
* group[0].element[47].target.code = #P
* group[0].element[47].target.equivalence = #equivalent
* group[0].element[48].code = #82
* group[0].element[48].target.code = #Q
* group[0].element[48].target.equivalence = #equivalent
* group[0].element[49].code = #83
* group[0].element[49].target.code = #R
* group[0].element[49].target.equivalence = #equivalent
* group[0].element[50].code = #84
* group[0].element[50].target.code = #S
* group[0].element[50].target.equivalence = #equivalent
* group[0].element[51].code = #85
* group[0].element[51].target.code = #T
* group[0].element[51].target.equivalence = #equivalent
* group[1].source = "urn:iso:std:iso:3950"
* group[1].target = "http://snomed.info/sct"
* group[1].element[0].code = #18
* group[1].element[0].target.code = #68085002
* group[1].element[0].target.equivalence = #equivalent
* group[1].element[1].code = #17
* group[1].element[1].target.code = #863902006
* group[1].element[1].target.equivalence = #equivalent
* group[1].element[2].code = #16
* group[1].element[2].target.code = #865995000
* group[1].element[2].target.equivalence = #equivalent
* group[1].element[3].code = #15
* group[1].element[3].target.code = #36492000
* group[1].element[3].target.equivalence = #equivalent
* group[1].element[4].code = #14
* group[1].element[4].target.code = #57826002
* group[1].element[4].target.equivalence = #equivalent
* group[1].element[5].code = #13
* group[1].element[5].target.code = #860767006
* group[1].element[5].target.equivalence = #equivalent
* group[1].element[6].code = #12
* group[1].element[6].target.code = #424877001
* group[1].element[6].target.equivalence = #equivalent
* group[1].element[7].code = #11
* group[1].element[7].target.code = #422653006
* group[1].element[7].target.equivalence = #equivalent
* group[1].element[8].code = #21
* group[1].element[8].target.code = #424399000
* group[1].element[8].target.equivalence = #equivalent
* group[1].element[9].code = #22
* group[1].element[9].target.code = #423185002
* group[1].element[9].target.equivalence = #equivalent
* group[1].element[10].code = #23
* group[1].element[10].target.code = #860780009
* group[1].element[10].target.equivalence = #equivalent
* group[1].element[11].code = #24
* group[1].element[11].target.code = #61897005
* group[1].element[11].target.equivalence = #equivalent
* group[1].element[12].code = #25
* group[1].element[12].target.code = #23226009
* group[1].element[12].target.equivalence = #equivalent
* group[1].element[13].code = #26
* group[1].element[13].target.code = #865988009
* group[1].element[13].target.equivalence = #equivalent
* group[1].element[14].code = #27
* group[1].element[14].target.code = #863901004
* group[1].element[14].target.equivalence = #equivalent
* group[1].element[15].code = #28
* group[1].element[15].target.code = #87704003
* group[1].element[15].target.equivalence = #equivalent
* group[1].element[16].code = #38
* group[1].element[16].target.code = #74344005
* group[1].element[16].target.equivalence = #equivalent
* group[1].element[17].code = #37
* group[1].element[17].target.code = #863898000
* group[1].element[17].target.equivalence = #equivalent
* group[1].element[18].code = #36
* group[1].element[18].target.code = #866006002
* group[1].element[18].target.equivalence = #equivalent
* group[1].element[19].code = #35
* group[1].element[19].target.code = #24573005
* group[1].element[19].target.equivalence = #equivalent
* group[1].element[20].code = #34
* group[1].element[20].target.code = #2400006
* group[1].element[20].target.equivalence = #equivalent
* group[1].element[21].code = #33
* group[1].element[21].target.code = #860782001
* group[1].element[21].target.equivalence = #equivalent
* group[1].element[22].code = #32
* group[1].element[22].target.code = #423331005
* group[1].element[22].target.equivalence = #equivalent
* group[1].element[23].code = #31
* group[1].element[23].target.code = #425106001
* group[1].element[23].target.equivalence = #equivalent
* group[1].element[24].code = #41
* group[1].element[24].target.code = #424575004
* group[1].element[24].target.equivalence = #equivalent
* group[1].element[25].code = #42
* group[1].element[25].target.code = #423937004
* group[1].element[25].target.equivalence = #equivalent
* group[1].element[26].code = #43
* group[1].element[26].target.code = #860785004
* group[1].element[26].target.equivalence = #equivalent
* group[1].element[27].code = #44
* group[1].element[27].target.code = #80140008
* group[1].element[27].target.equivalence = #equivalent
* group[1].element[28].code = #45
* group[1].element[28].target.code = #8873007
* group[1].element[28].target.equivalence = #equivalent
* group[1].element[29].code = #46
* group[1].element[29].target.code = #866005003
* group[1].element[29].target.equivalence = #equivalent
* group[1].element[30].code = #47
* group[1].element[30].target.code = #863899008
* group[1].element[30].target.equivalence = #equivalent
* group[1].element[31].code = #48
* group[1].element[31].target.code = #38994002
* group[1].element[31].target.equivalence = #equivalent
* group[1].element[32].code = #55
* group[1].element[32].target.code = #27855007
* group[1].element[32].target.equivalence = #equivalent
* group[1].element[33].code = #54
* group[1].element[33].target.code = #17505006
* group[1].element[33].target.equivalence = #equivalent
* group[1].element[34].code = #53
* group[1].element[34].target.code = #30618001
* group[1].element[34].target.equivalence = #equivalent
* group[1].element[35].code = #52
* group[1].element[35].target.code = #65624003
* group[1].element[35].target.equivalence = #equivalent
* group[1].element[36].code = #51
* group[1].element[36].target.code = #88824007
* group[1].element[36].target.equivalence = #equivalent
* group[1].element[37].code = #61
* group[1].element[37].target.code = #51678005
* group[1].element[37].target.equivalence = #equivalent
* group[1].element[38].code = #62
* group[1].element[38].target.code = #43622005
* group[1].element[38].target.equivalence = #equivalent
* group[1].element[39].code = #63
* group[1].element[39].target.code = #73937000
* group[1].element[39].target.equivalence = #equivalent
* group[1].element[40].code = #64
* group[1].element[40].target.code = #45234009
* group[1].element[40].target.equivalence = #equivalent
* group[1].element[41].code = #65
* group[1].element[41].target.code = #51943008
* group[1].element[41].target.equivalence = #equivalent
* group[1].element[42].code = #75
* group[1].element[42].target.code = #49330006
* group[1].element[42].target.equivalence = #equivalent
* group[1].element[43].code = #74
* group[1].element[43].target.code = #38896004
* group[1].element[43].target.equivalence = #equivalent
* group[1].element[44].code = #73
* group[1].element[44].target.code = #43281008
* group[1].element[44].target.equivalence = #equivalent
* group[1].element[45].code = #72
* group[1].element[45].target.code = #14770005
* group[1].element[45].target.equivalence = #equivalent
* group[1].element[46].code = #71
* group[1].element[46].target.code = #89552004
* group[1].element[46].target.equivalence = #equivalent
* group[1].element[47].code = #81
* group[1].element[47].target.code = #67834006
* group[1].element[47].target.equivalence = #equivalent
* group[1].element[48].code = #82
* group[1].element[48].target.code = #22445006
* group[1].element[48].target.equivalence = #equivalent
* group[1].element[49].code = #83
* group[1].element[49].target.code = #6062009
* group[1].element[49].target.equivalence = #equivalent
* group[1].element[50].code = #84
* group[1].element[50].target.code = #58646007
* group[1].element[50].target.equivalence = #equivalent
* group[1].element[51].code = #85
* group[1].element[51].target.code = #61868007
* group[1].element[51].target.equivalence = #equivalent

Instance: tooth-universal
InstanceOf: ConceptMap
Usage: #definition
Title: "Teeth from Universal"
Description: "Teeth from Universal, tooth by tooth."
* url = "https://secondopinion.example/fhir/ConceptMap/tooth-universal"
* name = "ToothUniversal"
* title = "Teeth from Universal"
* status = #active
* group[0].source = "http://terminology.hl7.org/CodeSystem/ADAUniversalToothDesignationSystem"
* group[0].target = "urn:iso:std:iso:3950"
* group[0].element[0].code = #1
* group[0].element[0].target.code = #18
* group[0].element[0].target.equivalence = #equivalent
* group[0].element[1].code = #2
* group[0].element[1].target.code = #17
* group[0].element[1].target.equivalence = #equivalent
* group[0].element[2].code = #3
* group[0].element[2].target.code = #16
* group[0].element[2].target.equivalence = #equivalent
* group[0].element[3].code = #4
* group[0].element[3].target.code = #15
* group[0].element[3].target.equivalence = #equivalent
* group[0].element[4].code = #5
* group[0].element[4].target.code = #14
* group[0].element[4].target.equivalence = #equivalent
* group[0].element[5].code = #6
* group[0].element[5].target.code = #13
* group[0].element[5].target.equivalence = #equivalent
* group[0].element[6].code = #7
* group[0].element[6].target.code = #12
* group[0].element[6].target.equivalence = #equivalent
* group[0].element[7].code = #8
* group[0].element[7].target.code = #11
* group[0].element[7].target.equivalence = #equivalent
* group[0].element[8].code = #9
* group[0].element[8].target.code = #21
* group[0].element[8].target.equivalence = #equivalent
* group[0].element[9].code = #10
* group[0].element[9].target.code = #22
* group[0].element[9].target.equivalence = #equivalent
* group[0].element[10].code = #11
* group[0].element[10].target.code = #23
* group[0].element[10].target.equivalence = #equivalent
* group[0].element[11].code = #12
* group[0].element[11].target.code = #24
* group[0].element[11].target.equivalence = #equivalent
* group[0].element[12].code = #13
* group[0].element[12].target.code = #25
* group[0].element[12].target.equivalence = #equivalent
* group[0].element[13].code = #14
* group[0].element[13].target.code = #26
* group[0].element[13].target.equivalence = #equivalent
* group[0].element[14].code = #15
* group[0].element[14].target.code = #27
* group[0].element[14].target.equivalence = #equivalent
* group[0].element[15].code = #16
* group[0].element[15].target.code = #28
* group[0].element[15].target.equivalence = #equivalent
* group[0].element[16].code = #17
* group[0].element[16].target.code = #38
* group[0].element[16].target.equivalence = #equivalent
* group[0].element[17].code = #18
* group[0].element[17].target.code = #37
* group[0].element[17].target.equivalence = #equivalent
* group[0].element[18].code = #19
* group[0].element[18].target.code = #36
* group[0].element[18].target.equivalence = #equivalent
* group[0].element[19].code = #20
* group[0].element[19].target.code = #35
* group[0].element[19].target.equivalence = #equivalent
* group[0].element[20].code = #21
* group[0].element[20].target.code = #34
* group[0].element[20].target.equivalence = #equivalent
* group[0].element[21].code = #22
* group[0].element[21].target.code = #33
* group[0].element[21].target.equivalence = #equivalent
* group[0].element[22].code = #23
* group[0].element[22].target.code = #32
* group[0].element[22].target.equivalence = #equivalent
* group[0].element[23].code = #24
* group[0].element[23].target.code = #31
* group[0].element[23].target.equivalence = #equivalent
* group[0].element[24].code = #25
* group[0].element[24].target.code = #41
* group[0].element[24].target.equivalence = #equivalent
* group[0].element[25].code = #26
* group[0].element[25].target.code = #42
* group[0].element[25].target.equivalence = #equivalent
* group[0].element[26].code = #27
* group[0].element[26].target.code = #43
* group[0].element[26].target.equivalence = #equivalent
* group[0].element[27].code = #28
* group[0].element[27].target.code = #44
* group[0].element[27].target.equivalence = #equivalent
* group[0].element[28].code = #29
* group[0].element[28].target.code = #45
* group[0].element[28].target.equivalence = #equivalent
* group[0].element[29].code = #30
* group[0].element[29].target.code = #46
* group[0].element[29].target.equivalence = #equivalent
* group[0].element[30].code = #31
* group[0].element[30].target.code = #47
* group[0].element[30].target.equivalence = #equivalent
* group[0].element[31].code = #32
* group[0].element[31].target.code = #48
* group[0].element[31].target.equivalence = #equivalent
* group[0].element[32].code = #A
* group[0].element[32].target.code = #55
* group[0].element[32].target.equivalence = #equivalent
* group[0].element[33].code = #B
* group[0].element[33].target.code = #54
* group[0].element[33].target.equivalence = #equivalent
* group[0].element[34].code = #C
* group[0].element[34].target.code = #53
* group[0].element[34].target.equivalence = #equivalent
* group[0].element[35].code = #D
* group[0].element[35].target.code = #52
* group[0].element[35].target.equivalence = #equivalent
* group[0].element[36].code = #E
* group[0].element[36].target.code = #51
* group[0].element[36].target.equivalence = #equivalent
* group[0].element[37].code = #F
* group[0].element[37].target.code = #61
* group[0].element[37].target.equivalence = #equivalent
* group[0].element[38].code = #G
* group[0].element[38].target.code = #62
* group[0].element[38].target.equivalence = #equivalent
* group[0].element[39].code = #H
* group[0].element[39].target.code = #63
* group[0].element[39].target.equivalence = #equivalent
* group[0].element[40].code = #I
* group[0].element[40].target.code = #64
* group[0].element[40].target.equivalence = #equivalent
* group[0].element[41].code = #J
* group[0].element[41].target.code = #65
* group[0].element[41].target.equivalence = #equivalent
* group[0].element[42].code = #K
* group[0].element[42].target.code = #75
* group[0].element[42].target.equivalence = #equivalent
* group[0].element[43].code = #L
* group[0].element[43].target.code = #74
* group[0].element[43].target.equivalence = #equivalent
* group[0].element[44].code = #M
* group[0].element[44].target.code = #73
* group[0].element[44].target.equivalence = #equivalent
* group[0].element[45].code = #N
* group[0].element[45].target.code = #72
* group[0].element[45].target.equivalence = #equivalent
* group[0].element[46].code = #O
* group[0].element[46].target.code = #71
* group[0].element[46].target.equivalence = #equivalent
* group[0].element[47].code = #P
* group[0].element[47].target.code = #81
* group[0].element[47].target.equivalence = #equivalent
* group[0].element[48].code = #Q
* group[0].element[48].target.code = #82
* group[0].element[48].target.equivalence = #equivalent
* group[0].element[49].code = #R
* group[0].element[49].target.code = #83
* group[0].element[49].target.equivalence = #equivalent
* group[0].element[50].code = #S
* group[0].element[50].target.code = #84
* group[0].element[50].target.equivalence = #equivalent
* group[0].element[51].code = #T
* group[0].element[51].target.code = #85
* group[0].element[51].target.equivalence = #equivalent
* group[1].source = "http://terminology.hl7.org/CodeSystem/ADAUniversalToothDesignationSystem"
* group[1].target = "http://snomed.info/sct"
* group[1].element[0].code = #1
* group[1].element[0].target.code = #68085002
* group[1].element[0].target.equivalence = #equivalent
* group[1].element[1].code = #2
* group[1].element[1].target.code = #863902006
* group[1].element[1].target.equivalence = #equivalent
* group[1].element[2].code = #3
* group[1].element[2].target.code = #865995000
* group[1].element[2].target.equivalence = #equivalent
* group[1].element[3].code = #4
* group[1].element[3].target.code = #36492000
* group[1].element[3].target.equivalence = #equivalent
* group[1].element[4].code = #5
* group[1].element[4].target.code = #57826002
* group[1].element[4].target.equivalence = #equivalent
* group[1].element[5].code = #6
* group[1].element[5].target.code = #860767006
* group[1].element[5].target.equivalence = #equivalent
* group[1].element[6].code = #7
* group[1].element[6].target.code = #424877001
* group[1].element[6].target.equivalence = #equivalent
* group[1].element[7].code = #8
* group[1].element[7].target.code = #422653006
* group[1].element[7].target.equivalence = #equivalent
* group[1].element[8].code = #9
* group[1].element[8].target.code = #424399000
* group[1].element[8].target.equivalence = #equivalent
* group[1].element[9].code = #10
* group[1].element[9].target.code = #423185002
* group[1].element[9].target.equivalence = #equivalent
* group[1].element[10].code = #11
* group[1].element[10].target.code = #860780009
* group[1].element[10].target.equivalence = #equivalent
* group[1].element[11].code = #12
* group[1].element[11].target.code = #61897005
* group[1].element[11].target.equivalence = #equivalent
* group[1].element[12].code = #13
* group[1].element[12].target.code = #23226009
* group[1].element[12].target.equivalence = #equivalent
* group[1].element[13].code = #14
* group[1].element[13].target.code = #865988009
* group[1].element[13].target.equivalence = #equivalent
* group[1].element[14].code = #15
* group[1].element[14].target.code = #863901004
* group[1].element[14].target.equivalence = #equivalent
* group[1].element[15].code = #16
* group[1].element[15].target.code = #87704003
* group[1].element[15].target.equivalence = #equivalent
* group[1].element[16].code = #17
* group[1].element[16].target.code = #74344005
* group[1].element[16].target.equivalence = #equivalent
* group[1].element[17].code = #18
* group[1].element[17].target.code = #863898000
* group[1].element[17].target.equivalence = #equivalent
* group[1].element[18].code = #19
* group[1].element[18].target.code = #866006002
* group[1].element[18].target.equivalence = #equivalent
* group[1].element[19].code = #20
* group[1].element[19].target.code = #24573005
* group[1].element[19].target.equivalence = #equivalent
* group[1].element[20].code = #21
* group[1].element[20].target.code = #2400006
* group[1].element[20].target.equivalence = #equivalent
* group[1].element[21].code = #22
* group[1].element[21].target.code = #860782001
* group[1].element[21].target.equivalence = #equivalent
* group[1].element[22].code = #23
* group[1].element[22].target.code = #423331005
* group[1].element[22].target.equivalence = #equivalent
* group[1].element[23].code = #24
* group[1].element[23].target.code = #425106001
* group[1].element[23].target.equivalence = #equivalent
* group[1].element[24].code = #25
* group[1].element[24].target.code = #424575004
* group[1].element[24].target.equivalence = #equivalent
* group[1].element[25].code = #26
* group[1].element[25].target.code = #423937004
* group[1].element[25].target.equivalence = #equivalent
* group[1].element[26].code = #27
* group[1].element[26].target.code = #860785004
* group[1].element[26].target.equivalence = #equivalent
* group[1].element[27].code = #28
* group[1].element[27].target.code = #80140008
* group[1].element[27].target.equivalence = #equivalent
* group[1].element[28].code = #29
* group[1].element[28].target.code = #8873007
* group[1].element[28].target.equivalence = #equivalent
* group[1].element[29].code = #30
* group[1].element[29].target.code = #866005003
* group[1].element[29].target.equivalence = #equivalent
* group[1].element[30].code = #31
* group[1].element[30].target.code = #863899008
* group[1].element[30].target.equivalence = #equivalent
* group[1].element[31].code = #32
* group[1].element[31].target.code = #38994002
* group[1].element[31].target.equivalence = #equivalent
* group[1].element[32].code = #A
* group[1].element[32].target.code = #27855007
* group[1].element[32].target.equivalence = #equivalent
* group[1].element[33].code = #B
* group[1].element[33].target.code = #17505006
* group[1].element[33].target.equivalence = #equivalent
* group[1].element[34].code = #C
* group[1].element[34].target.code = #30618001
* group[1].element[34].target.equivalence = #equivalent
* group[1].element[35].code = #D
* group[1].element[35].target.code = #65624003
* group[1].element[35].target.equivalence = #equivalent
* group[1].element[36].code = #E
* group[1].element[36].target.code = #88824007
* group[1].element[36].target.equivalence = #equivalent
* group[1].element[37].code = #F
* group[1].element[37].target.code = #51678005
* group[1].element[37].target.equivalence = #equivalent
* group[1].element[38].code = #G
* group[1].element[38].target.code = #43622005
* group[1].element[38].target.equivalence = #equivalent
* group[1].element[39].code = #H
* group[1].element[39].target.code = #73937000
* group[1].element[39].target.equivalence = #equivalent
* group[1].element[40].code = #I
* group[1].element[40].target.code = #45234009
* group[1].element[40].target.equivalence = #equivalent
* group[1].element[41].code = #J
* group[1].element[41].target.code = #51943008
* group[1].element[41].target.equivalence = #equivalent
* group[1].element[42].code = #K
* group[1].element[42].target.code = #49330006
* group[1].element[42].target.equivalence = #equivalent
* group[1].element[43].code = #L
* group[1].element[43].target.code = #38896004
* group[1].element[43].target.equivalence = #equivalent
* group[1].element[44].code = #M
* group[1].element[44].target.code = #43281008
* group[1].element[44].target.equivalence = #equivalent
* group[1].element[45].code = #N
* group[1].element[45].target.code = #14770005
* group[1].element[45].target.equivalence = #equivalent
* group[1].element[46].code = #O
* group[1].element[46].target.code = #89552004
* group[1].element[46].target.equivalence = #equivalent
* group[1].element[47].code = #P
* group[1].element[47].target.code = #67834006
* group[1].element[47].target.equivalence = #equivalent
* group[1].element[48].code = #Q
* group[1].element[48].target.code = #22445006
* group[1].element[48].target.equivalence = #equivalent
* group[1].element[49].code = #R
* group[1].element[49].target.code = #6062009
* group[1].element[49].target.equivalence = #equivalent
* group[1].element[50].code = #S
* group[1].element[50].target.code = #58646007
* group[1].element[50].target.equivalence = #equivalent
* group[1].element[51].code = #T
* group[1].element[51].target.code = #61868007
* group[1].element[51].target.equivalence = #equivalent

Instance: tooth-snomed
InstanceOf: ConceptMap
Usage: #definition
Title: "Teeth from SNOMED CT"
Description: "Teeth from SNOMED CT, tooth by tooth."
* url = "https://secondopinion.example/fhir/ConceptMap/tooth-snomed"
* name = "ToothSnomed"
* title = "Teeth from SNOMED CT"
* status = #active
* group[0].source = "http://snomed.info/sct"
* group[0].target = "urn:iso:std:iso:3950"
* group[0].element[0].code = #68085002
* group[0].element[0].target.code = #18
* group[0].element[0].target.equivalence = #equivalent
* group[0].element[1].code = #863902006
* group[0].element[1].target.code = #17
* group[0].element[1].target.equivalence = #equivalent
* group[0].element[2].code = #865995000
* group[0].element[2].target.code = #16
* group[0].element[2].target.equivalence = #equivalent
* group[0].element[3].code = #36492000
* group[0].element[3].target.code = #15
* group[0].element[3].target.equivalence = #equivalent
* group[0].element[4].code = #57826002
* group[0].element[4].target.code = #14
* group[0].element[4].target.equivalence = #equivalent
* group[0].element[5].code = #860767006
* group[0].element[5].target.code = #13
* group[0].element[5].target.equivalence = #equivalent
* group[0].element[6].code = #424877001
* group[0].element[6].target.code = #12
* group[0].element[6].target.equivalence = #equivalent
* group[0].element[7].code = #422653006
* group[0].element[7].target.code = #11
* group[0].element[7].target.equivalence = #equivalent
* group[0].element[8].code = #424399000
* group[0].element[8].target.code = #21
* group[0].element[8].target.equivalence = #equivalent
* group[0].element[9].code = #423185002
* group[0].element[9].target.code = #22
* group[0].element[9].target.equivalence = #equivalent
* group[0].element[10].code = #860780009
* group[0].element[10].target.code = #23
* group[0].element[10].target.equivalence = #equivalent
* group[0].element[11].code = #61897005
* group[0].element[11].target.code = #24
* group[0].element[11].target.equivalence = #equivalent
* group[0].element[12].code = #23226009
* group[0].element[12].target.code = #25
* group[0].element[12].target.equivalence = #equivalent
* group[0].element[13].code = #865988009
* group[0].element[13].target.code = #26
* group[0].element[13].target.equivalence = #equivalent
* group[0].element[14].code = #863901004
* group[0].element[14].target.code = #27
* group[0].element[14].target.equivalence = #equivalent
* group[0].element[15].code = #87704003
* group[0].element[15].target.code = #28
* group[0].element[15].target.equivalence = #equivalent
* group[0].element[16].code = #74344005
* group[0].element[16].target.code = #38
* group[0].element[16].target.equivalence = #equivalent
* group[0].element[17].code = #863898000
* group[0].element[17].target.code = #37
* group[0].element[17].target.equivalence = #equivalent
* group[0].element[18].code = #866006002
* group[0].element[18].target.code = #36
* group[0].element[18].target.equivalence = #equivalent
* group[0].element[19].code = #24573005
* group[0].element[19].target.code = #35
* group[0].element[19].target.equivalence = #equivalent
* group[0].element[20].code = #2400006
* group[0].element[20].target.code = #34
* group[0].element[20].target.equivalence = #equivalent
* group[0].element[21].code = #860782001
* group[0].element[21].target.code = #33
* group[0].element[21].target.equivalence = #equivalent
* group[0].element[22].code = #423331005
* group[0].element[22].target.code = #32
* group[0].element[22].target.equivalence = #equivalent
* group[0].element[23].code = #425106001
* group[0].element[23].target.code = #31
* group[0].element[23].target.equivalence = #equivalent
* group[0].element[24].code = #424575004
* group[0].element[24].target.code = #41
* group[0].element[24].target.equivalence = #equivalent
* group[0].element[25].code = #423937004
* group[0].element[25].target.code = #42
* group[0].element[25].target.equivalence = #equivalent
* group[0].element[26].code = #860785004
* group[0].element[26].target.code = #43
* group[0].element[26].target.equivalence = #equivalent
* group[0].element[27].code = #80140008
* group[0].element[27].target.code = #44
* group[0].element[27].target.equivalence = #equivalent
* group[0].element[28].code = #8873007
* group[0].element[28].target.code = #45
* group[0].element[28].target.equivalence = #equivalent
* group[0].element[29].code = #866005003
* group[0].element[29].target.code = #46
* group[0].element[29].target.equivalence = #equivalent
* group[0].element[30].code = #863899008
* group[0].element[30].target.code = #47
* group[0].element[30].target.equivalence = #equivalent
* group[0].element[31].code = #38994002
* group[0].element[31].target.code = #48
* group[0].element[31].target.equivalence = #equivalent
* group[0].element[32].code = #27855007
* group[0].element[32].target.code = #55
* group[0].element[32].target.equivalence = #equivalent
* group[0].element[33].code = #17505006
* group[0].element[33].target.code = #54
* group[0].element[33].target.equivalence = #equivalent
* group[0].element[34].code = #30618001
* group[0].element[34].target.code = #53
* group[0].element[34].target.equivalence = #equivalent
* group[0].element[35].code = #65624003
* group[0].element[35].target.code = #52
* group[0].element[35].target.equivalence = #equivalent
* group[0].element[36].code = #88824007
* group[0].element[36].target.code = #51
* group[0].element[36].target.equivalence = #equivalent
* group[0].element[37].code = #51678005
* group[0].element[37].target.code = #61
* group[0].element[37].target.equivalence = #equivalent
* group[0].element[38].code = #43622005
* group[0].element[38].target.code = #62
* group[0].element[38].target.equivalence = #equivalent
* group[0].element[39].code = #73937000
* group[0].element[39].target.code = #63
* group[0].element[39].target.equivalence = #equivalent
* group[0].element[40].code = #45234009
* group[0].element[40].target.code = #64
* group[0].element[40].target.equivalence = #equivalent
* group[0].element[41].code = #51943008
* group[0].element[41].target.code = #65
* group[0].element[41].target.equivalence = #equivalent
* group[0].element[42].code = #49330006
* group[0].element[42].target.code = #75
* group[0].element[42].target.equivalence = #equivalent
* group[0].element[43].code = #38896004
* group[0].element[43].target.code = #74
* group[0].element[43].target.equivalence = #equivalent
* group[0].element[44].code = #43281008
* group[0].element[44].target.code = #73
* group[0].element[44].target.equivalence = #equivalent
* group[0].element[45].code = #14770005
* group[0].element[45].target.code = #72
* group[0].element[45].target.equivalence = #equivalent
* group[0].element[46].code = #89552004
* group[0].element[46].target.code = #71
* group[0].element[46].target.equivalence = #equivalent
* group[0].element[47].code = #67834006
* group[0].element[47].target.code = #81
* group[0].element[47].target.equivalence = #equivalent
* group[0].element[48].code = #22445006
* group[0].element[48].target.code = #82
* group[0].element[48].target.equivalence = #equivalent
* group[0].element[49].code = #6062009
* group[0].element[49].target.code = #83
* group[0].element[49].target.equivalence = #equivalent
* group[0].element[50].code = #58646007
* group[0].element[50].target.code = #84
* group[0].element[50].target.equivalence = #equivalent
* group[0].element[51].code = #61868007
* group[0].element[51].target.code = #85
* group[0].element[51].target.equivalence = #equivalent
* group[1].source = "http://snomed.info/sct"
* group[1].target = "http://terminology.hl7.org/CodeSystem/ADAUniversalToothDesignationSystem"
* group[1].element[0].code = #68085002
* group[1].element[0].target.code = #1
* group[1].element[0].target.equivalence = #equivalent
* group[1].element[1].code = #863902006
* group[1].element[1].target.code = #2
* group[1].element[1].target.equivalence = #equivalent
* group[1].element[2].code = #865995000
* group[1].element[2].target.code = #3
* group[1].element[2].target.equivalence = #equivalent
* group[1].element[3].code = #36492000
* group[1].element[3].target.code = #4
* group[1].element[3].target.equivalence = #equivalent
* group[1].element[4].code = #57826002
* group[1].element[4].target.code = #5
* group[1].element[4].target.equivalence = #equivalent
* group[1].element[5].code = #860767006
* group[1].element[5].target.code = #6
* group[1].element[5].target.equivalence = #equivalent
* group[1].element[6].code = #424877001
* group[1].element[6].target.code = #7
* group[1].element[6].target.equivalence = #equivalent
* group[1].element[7].code = #422653006
* group[1].element[7].target.code = #8
* group[1].element[7].target.equivalence = #equivalent
* group[1].element[8].code = #424399000
* group[1].element[8].target.code = #9
* group[1].element[8].target.equivalence = #equivalent
* group[1].element[9].code = #423185002
* group[1].element[9].target.code = #10
* group[1].element[9].target.equivalence = #equivalent
* group[1].element[10].code = #860780009
* group[1].element[10].target.code = #11
* group[1].element[10].target.equivalence = #equivalent
* group[1].element[11].code = #61897005
* group[1].element[11].target.code = #12
* group[1].element[11].target.equivalence = #equivalent
* group[1].element[12].code = #23226009
* group[1].element[12].target.code = #13
* group[1].element[12].target.equivalence = #equivalent
* group[1].element[13].code = #865988009
* group[1].element[13].target.code = #14
* group[1].element[13].target.equivalence = #equivalent
* group[1].element[14].code = #863901004
* group[1].element[14].target.code = #15
* group[1].element[14].target.equivalence = #equivalent
* group[1].element[15].code = #87704003
* group[1].element[15].target.code = #16
* group[1].element[15].target.equivalence = #equivalent
* group[1].element[16].code = #74344005
* group[1].element[16].target.code = #17
* group[1].element[16].target.equivalence = #equivalent
* group[1].element[17].code = #863898000
* group[1].element[17].target.code = #18
* group[1].element[17].target.equivalence = #equivalent
* group[1].element[18].code = #866006002
* group[1].element[18].target.code = #19
* group[1].element[18].target.equivalence = #equivalent
* group[1].element[19].code = #24573005
* group[1].element[19].target.code = #20
* group[1].element[19].target.equivalence = #equivalent
* group[1].element[20].code = #2400006
* group[1].element[20].target.code = #21
* group[1].element[20].target.equivalence = #equivalent
* group[1].element[21].code = #860782001
* group[1].element[21].target.code = #22
* group[1].element[21].target.equivalence = #equivalent
* group[1].element[22].code = #423331005
* group[1].element[22].target.code = #23
* group[1].element[22].target.equivalence = #equivalent
* group[1].element[23].code = #425106001
* group[1].element[23].target.code = #24
* group[1].element[23].target.equivalence = #equivalent
* group[1].element[24].code = #424575004
* group[1].element[24].target.code = #25
* group[1].element[24].target.equivalence = #equivalent
* group[1].element[25].code = #423937004
* group[1].element[25].target.code = #26
* group[1].element[25].target.equivalence = #equivalent
* group[1].element[26].code = #860785004
* group[1].element[26].target.code = #27
* group[1].element[26].target.equivalence = #equivalent
* group[1].element[27].code = #80140008
* group[1].element[27].target.code = #28
* group[1].element[27].target.equivalence = #equivalent
* group[1].element[28].code = #8873007
* group[1].element[28].target.code = #29
* group[1].element[28].target.equivalence = #equivalent
* group[1].element[29].code = #866005003
* group[1].element[29].target.code = #30
* group[1].element[29].target.equivalence = #equivalent
* group[1].element[30].code = #863899008
* group[1].element[30].target.code = #31
* group[1].element[30].target.equivalence = #equivalent
* group[1].element[31].code = #38994002
* group[1].element[31].target.code = #32
* group[1].element[31].target.equivalence = #equivalent
* group[1].element[32].code = #27855007
* group[1].element[32].target.code = #A
* group[1].element[32].target.equivalence = #equivalent
* group[1].element[33].code = #17505006
* group[1].element[33].target.code = #B
* group[1].element[33].target.equivalence = #equivalent
* group[1].element[34].code = #30618001
* group[1].element[34].target.code = #C
* group[1].element[34].target.equivalence = #equivalent
* group[1].element[35].code = #65624003
* group[1].element[35].target.code = #D
* group[1].element[35].target.equivalence = #equivalent
* group[1].element[36].code = #88824007
* group[1].element[36].target.code = #E
* group[1].element[36].target.equivalence = #equivalent
* group[1].element[37].code = #51678005
* group[1].element[37].target.code = #F
* group[1].element[37].target.equivalence = #equivalent
* group[1].element[38].code = #43622005
* group[1].element[38].target.code = #G
* group[1].element[38].target.equivalence = #equivalent
* group[1].element[39].code = #73937000
* group[1].element[39].target.code = #H
* group[1].element[39].target.equivalence = #equivalent
* group[1].element[40].code = #45234009
* group[1].element[40].target.code = #I
* group[1].element[40].target.equivalence = #equivalent
* group[1].element[41].code = #51943008
* group[1].element[41].target.code = #J
* group[1].element[41].target.equivalence = #equivalent
* group[1].element[42].code = #49330006
* group[1].element[42].target.code = #K
* group[1].element[42].target.equivalence = #equivalent
* group[1].element[43].code = #38896004
* group[1].element[43].target.code = #L
* group[1].element[43].target.equivalence = #equivalent
* group[1].element[44].code = #43281008
* group[1].element[44].target.code = #M
* group[1].element[44].target.equivalence = #equivalent
* group[1].element[45].code = #14770005
* group[1].element[45].target.code = #N
* group[1].element[45].target.equivalence = #equivalent
* group[1].element[46].code = #89552004
* group[1].element[46].target.code = #O
* group[1].element[46].target.equivalence = #equivalent
* group[1].element[47].code = #67834006
* group[1].element[47].target.code = #P
* group[1].element[47].target.equivalence = #equivalent
* group[1].element[48].code = #22445006
* group[1].element[48].target.code = #Q
* group[1].element[48].target.equivalence = #equivalent
* group[1].element[49].code = #6062009
* group[1].element[49].target.code = #R
* group[1].element[49].target.equivalence = #equivalent
* group[1].element[50].code = #58646007
* group[1].element[50].target.code = #S
* group[1].element[50].target.equivalence = #equivalent
* group[1].element[51].code = #61868007
* group[1].element[51].target.code = #T
* group[1].element[51].target.equivalence = #equivalent
