Instance: example-patient
InstanceOf: Patient
Usage: #example
* name.family = "Okafor"
* name.given = "Adaeze"

Instance: dental-order
InstanceOf: SecondOpinionOrder
Usage: #example
Title: "Dental order"
Description: "A periapical finding at one tooth."
* identifier[placer].system = "urn:oid:2.16.840.1.113883.19.5.1"
* identifier[placer].value = "SO-2026-000123"
* identifier[accession].system = "urn:oid:2.16.840.1.113883.19.5.2"
* identifier[accession].value = "ACC-88421"
* status = #active
* intent = #order
* category = $order-category#second-opinion
* priority = #routine
* code = $service#dental-radiograph-review
* code.text = "Second opinion on dental radiographs"
* subject = Reference(example-patient)
* authoredOn = "2026-11-20T14:05:00Z"
* requester = Reference(Practitioner/example-dentist)
* reasonCode.text = "Is the dark area at the root tip of tooth 19 an infection? Is a root canal justified?"
* bodySite = $universal#19
* bodySite.text = "Tooth 19 (FDI 36)"
* extension[mayContactClinician].valueBoolean = true
* note.text = "No pain, no swelling. Cold test normal."

Instance: radiology-order
InstanceOf: SecondOpinionOrder
Usage: #example
Title: "Radiology order"
Description: "An over-read of a chest CT by a subspecialist."
* identifier[placer].system = "urn:oid:2.16.840.1.113883.19.5.1"
* identifier[placer].value = "RO-2026-000077"
* status = #active
* intent = #order
* category = $order-category#second-opinion
* priority = #urgent
* code = $service#radiology-overread
* subject = Reference(example-patient)
* authoredOn = "2026-11-20T14:05:00Z"
* requester = Reference(Practitioner/example-physician)
* performerType = https://secondopinion.example/fhir/CodeSystem/subspecialty#chest-radiology
* reasonCode.text = "Is the nodule in the right upper lobe larger than in the study of May?"
* bodySite = $SCT#39607008 "Lung structure"

Instance: dental-task
InstanceOf: SecondOpinionTask
Usage: #example
Title: "Work on the dental order"
Description: "Completed, with the report as output."
* identifier.system = "https://secondopinion.example/fhir/NamingSystem/case"
* identifier.value = "dental-order"
* basedOn = Reference(dental-order)
* status = #completed
* priority = #routine
* focus = Reference(dental-order)
* for = Reference(example-patient)
* authoredOn = "2026-11-20T14:05:01Z"
* lastModified = "2026-11-21T08:05:00Z"
* owner = Reference(Organization/reading-demo)
* output[report].valueReference = Reference(dental-report)

Instance: dental-finding
InstanceOf: SecondOpinionFinding
Usage: #example
Title: "Dental finding"
Description: "A dark area that is most likely the mental foramen."
* status = #final
* category = $obs-category#imaging
* code = $finding#periapical-radiolucency
* subject = Reference(example-patient)
* basedOn = Reference(dental-order)
* derivedFrom = Reference(ImagingStudy/example-study)
* derivedFrom.extension[evidence].extension[instance].valueOid = "urn:oid:1.2.3.4.5"
* derivedFrom.extension[evidence].extension[region].valueString = "120,300 180,360"
* effectiveDateTime = "2026-11-21T08:00:00Z"
* bodySite = $universal#19
* valueCodeableConcept = $SCT#410593006 "Probably not present"
* note.text = "The dark area lies over the mental foramen and the lamina dura is intact."
* component[class].valueCodeableConcept = $finding-class#likely-artifact
* component[confidence].valueQuantity.value = 85
* component[confidence].valueQuantity.unit = "%"
* component[relation].valueCodeableConcept = $agreement#revised
* component[alternative].valueCodeableConcept = $alternative#mental-foramen
* component[comparison].valueCodeableConcept = $comparison#no-prior

Instance: dental-assessment
InstanceOf: SecondOpinionAssessment
Usage: #example
Title: "Dental assessment"
Description: "The plan is not supported."
* status = #final
* category = $obs-category#imaging
* subject = Reference(example-patient)
* basedOn = Reference(dental-order)
* effectiveDateTime = "2026-11-21T08:00:00Z"
* valueCodeableConcept = $agreement#revised
* component[diagnosisChanged].valueBoolean = true
* component[planSupported].valueCodeableConcept = $plan-support#not-supported
* component[imageQuality].valueCodeableConcept = $image-quality#adequate
* component[additionalImaging].valueCodeableConcept = $additional-imaging#none
* component[nextStep].valueCodeableConcept = $next-step#monitor
* component[plainLanguage].valueString = "The dark spot is most likely a normal opening in the bone."

Instance: dental-report
InstanceOf: SecondOpinionReport
Usage: #example
Title: "Dental report"
Description: "Final report on the dental order."
* status = #final
* category = $v2-0074#RAD
* code = $LNC#34756-7 "Dentistry Consult note"
* subject = Reference(example-patient)
* basedOn = Reference(dental-order)
* effectiveDateTime = "2026-11-21T08:00:00Z"
* issued = "2026-11-21T08:05:00Z"
* performer = Reference(Organization/reading-demo)
* resultsInterpreter = Reference(Practitioner/reader-demo)
* imagingStudy = Reference(ImagingStudy/example-study)
* result[0] = Reference(dental-finding)
* result[1] = Reference(dental-assessment)
* conclusion = "The dark area at tooth 19 is most likely the mental foramen. The radiographs do not support root canal treatment at this time."

Instance: radiology-finding
InstanceOf: SecondOpinionFinding
Usage: #example
Title: "Radiology finding"
Description: "A nodule that has not changed."
* status = #final
* category = $obs-category#imaging
* code = $finding#nodule
* subject = Reference(example-patient)
* basedOn = Reference(radiology-order)
* effectiveDateTime = "2026-11-22T08:00:00Z"
* bodySite = $SCT#39607008 "Lung structure"
* valueCodeableConcept = $SCT#410605003 "Confirmed present"
* note.text = "Solid nodule of 6 mm, unchanged."
* component[class].valueCodeableConcept = $finding-class#definitive
* component[confidence].valueQuantity.value = 95
* component[relation].valueCodeableConcept = $agreement#confirmed
* component[comparison].valueCodeableConcept = $comparison#unchanged

Instance: dental-caries-finding
InstanceOf: SecondOpinionFinding
Usage: #example
Title: "Dental finding on surfaces"
Description: "Caries between teeth: tooth and surfaces in a contained BodyStructure."
* contained[0] = tooth-19-mo
* status = #final
* category = $obs-category#imaging
* code = $finding#interproximal-caries
* subject = Reference(example-patient)
* basedOn = Reference(dental-order)
* derivedFrom = Reference(dental-study)
* derivedFrom.extension[evidence].extension[series].valueOid = "urn:oid:1.2.826.0.1.3680043.8.498.2"
* derivedFrom.extension[evidence].extension[instance].valueOid = "urn:oid:1.2.826.0.1.3680043.8.498.3"
* derivedFrom.extension[evidence].extension[frame].valuePositiveInt = 1
* derivedFrom.extension[evidence].extension[region].valueString = "40,60 80,110"
* effectiveDateTime = "2026-11-21T08:00:00Z"
* bodySite = $universal#19
* bodySite.extension[structure].valueReference = Reference(tooth-19-mo)
* valueCodeableConcept = $SCT#410605003 "Confirmed present"
* note.text = "Radiolucency at the mesial contact, into the outer half of the dentin."
* component[class].valueCodeableConcept = $finding-class#definitive
* component[confidence].valueQuantity.value = 90
* component[relation].valueCodeableConcept = $agreement#new
* component[comparison].valueCodeableConcept = $comparison#no-prior

Instance: tooth-19-mo
InstanceOf: SecondOpinionSite
Usage: #inline
* meta.profile = "https://secondopinion.example/fhir/StructureDefinition/second-opinion-site"
* location = $universal#19
* locationQualifier[0] = $ada-surface#M "Mesial"
* locationQualifier[1] = $ada-surface#O "Occlusal"
* patient = Reference(example-patient)

Instance: tooth-36
InstanceOf: SecondOpinionSite
Usage: #example
Title: "Tooth with a surface"
Description: "The same tooth by its FDI number, with its surface in SNOMED CT as well."
* location = $fdi#36
* locationQualifier.coding[0] = $fdi-surface#M "Mesial"
* locationQualifier.coding[1] = $SCT#8483002 "Structure of mesial surface of tooth"
* patient = Reference(example-patient)

Instance: upper-lobe
InstanceOf: SecondOpinionSite
Usage: #example
Title: "Region without surfaces"
Description: "The right upper lobe."
* location = $SCT#45653009 "Structure of upper lobe of right lung"
* patient = Reference(example-patient)

Instance: dental-study
InstanceOf: SecondOpinionImagingStudy
Usage: #example
Title: "Dental imaging study"
Description: "One periapical radiograph."
* identifier[studyUid].use = #official
* identifier[studyUid].value = "urn:oid:1.2.826.0.1.3680043.8.498.1"
* identifier[1].type = $v2-0203#ACSN
* identifier[1].value = "ACC-88421"
* status = #available
* modality = $DCM#IO
* subject = Reference(example-patient)
* started = "2026-11-10T09:20:00Z"
* basedOn = Reference(dental-order)
* endpoint = Reference(Endpoint/dicomweb-demo)
* numberOfSeries = 1
* numberOfInstances = 1
* series.uid = "1.2.826.0.1.3680043.8.498.2"
* series.modality = $DCM#IO
* series.numberOfInstances = 1
* series.instance.uid = "1.2.826.0.1.3680043.8.498.3"
* series.instance.sopClass = urn:ietf:rfc:3986#urn:oid:1.2.840.10008.5.1.4.1.1.1.3

Instance: radiology-study
InstanceOf: SecondOpinionImagingStudy
Usage: #example
Title: "Radiology imaging study"
Description: "A chest CT of one series."
* identifier[studyUid].value = "urn:oid:1.2.826.0.1.3680043.8.498.11"
* status = #available
* modality = $DCM#CT
* subject = Reference(example-patient)
* basedOn = Reference(radiology-order)
* endpoint = Reference(Endpoint/dicomweb-demo)
* numberOfSeries = 1
* numberOfInstances = 120
* series.uid = "1.2.826.0.1.3680043.8.498.12"
* series.modality = $DCM#CT
* series.numberOfInstances = 120

Instance: dental-document
InstanceOf: SecondOpinionDocument
Usage: #example
Title: "Dental document"
Description: "The original interpretation, in text."
* status = #current
* category = $document#original-interpretation
* subject = Reference(example-patient)
* date = "2026-11-10T09:30:00Z"
* content.attachment.contentType = #"text/plain; charset=utf-8"
* content.attachment.data = "UGVyaWFwaWNhbCByYWRpb2x1Y2VuY3kgYXQgIzE5Lg=="
* content.attachment.title = "Original interpretation"

Instance: radiology-document
InstanceOf: SecondOpinionDocument
Usage: #example
Title: "Radiology document"
Description: "An earlier report, at an address."
* status = #current
* category = $document#prior-study
* subject = Reference(example-patient)
* content.attachment.contentType = #application/pdf
* content.attachment.url = "https://images.example/reports/2026-05.pdf"

Instance: radiology-task
InstanceOf: SecondOpinionTask
Usage: #example
Title: "Work on the radiology order"
Description: "Waiting for an earlier study, with a note of the server."
* identifier.system = "https://secondopinion.example/fhir/NamingSystem/case"
* identifier.value = "radiology-order"
* basedOn = Reference(radiology-order)
* status = #on-hold
* businessStatus = $business-status#awaiting-information
* statusReason.text = "Please send the study of May."
* priority = #urgent
* focus = Reference(radiology-order)
* for = Reference(example-patient)
* authoredOn = "2026-11-20T14:05:01Z"
* lastModified = "2026-11-20T18:00:00Z"
* requester = Reference(Practitioner/example-physician)
* owner = Reference(Organization/reading-demo)
* note.extension[rule].valueCode = #image-age
* note.text = "The images are older than twelve months."

Instance: radiology-assessment
InstanceOf: SecondOpinionAssessment
Usage: #example
Title: "Radiology assessment"
Description: "The original interpretation is confirmed."
* status = #final
* category = $obs-category#imaging
* subject = Reference(example-patient)
* basedOn = Reference(radiology-order)
* effectiveDateTime = "2026-11-22T08:00:00Z"
* valueCodeableConcept = $agreement#confirmed
* component[severityChanged].valueBoolean = false
* component[stagingChanged].valueBoolean = false
* component[limits].valueString = "Nodules below 4 mm may be missed at this slice thickness."
* component[nextStep].valueCodeableConcept = $next-step#monitor

Instance: radiology-report
InstanceOf: SecondOpinionReport
Usage: #example
Title: "Radiology report"
Description: "Preliminary report on the radiology order."
* status = #preliminary
* category = $v2-0074#RAD
* code = $LNC#73575-3 "Radiology Consult note"
* subject = Reference(example-patient)
* basedOn = Reference(radiology-order)
* effectiveDateTime = "2026-11-22T08:00:00Z"
* performer = Reference(Organization/reading-demo)
* imagingStudy = Reference(radiology-study)
* result[0] = Reference(radiology-finding)
* result[1] = Reference(radiology-assessment)
* conclusion = "The nodule of the right upper lobe is unchanged since May."

Instance: requested-task
InstanceOf: SecondOpinionTask
Usage: #example
Title: "Work that waits for its images"
Description: "As the server makes it when an order comes."
* identifier.system = "https://secondopinion.example/fhir/NamingSystem/case"
* identifier.value = "dental-order"
* basedOn = Reference(dental-order)
* status = #requested
* businessStatus = $business-status#awaiting-images
* priority = #routine
* focus = Reference(dental-order)
* for = Reference(example-patient)
* authoredOn = "2026-11-20T14:05:01Z"
* lastModified = "2026-11-20T14:05:01Z"

Instance: cbct-study
InstanceOf: SecondOpinionImagingStudy
Usage: #example
Title: "Dental volume"
Description: "A cone-beam CT without an order yet, of a patient who is known by number only."
* identifier[studyUid].value = "urn:oid:1.2.826.0.1.3680043.8.498.21"
* status = #available
* modality = $DCM#CT
* subject.type = "Patient"
* subject.identifier.value = "MRN-4711"
* endpoint = Reference(Endpoint/dicomweb-demo)
* numberOfSeries = 0
* numberOfInstances = 0

Instance: photo-document
InstanceOf: SecondOpinionDocument
Usage: #example
Title: "Photograph"
Description: "An intraoral photograph."
* status = #current
* category = $document#photograph
* subject = Reference(example-patient)
* content.attachment.contentType = #image/jpeg
* content.attachment.url = "https://images.example/photos/1.jpg"

Instance: incisor-11
InstanceOf: SecondOpinionSite
Usage: #example
Title: "Incisor"
Description: "The lip side and the edge of an incisor, each surface for itself."
* location = $SCT#422653006 "Permanent maxillary right central incisor tooth"
* locationQualifier[0] = $ada-surface#F "Facial"
* locationQualifier[1] = $ada-surface#I "Incisal"
* patient = Reference(example-patient)

Instance: case
InstanceOf: NamingSystem
Usage: #definition
Title: "Case number"
Description: "Identifies the Task of a case: the logical id of its order."
* name = "SecondOpinionCase"
* status = #active
* kind = #identifier
* date = "2026-11-25"
* uniqueId.type = #uri
* uniqueId.value = "https://secondopinion.example/fhir/NamingSystem/case"
