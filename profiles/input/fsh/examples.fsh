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
