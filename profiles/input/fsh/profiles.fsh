// What an order, its work and its answer say. The rules bind only what the case needs; everything else of FHIR R4 stays allowed.

Extension: MayContactClinician
Id: may-contact-clinician
Title: "May contact the treating clinician"
Description: "Whether the reviewer may contact the treating clinician with questions."
Context: ServiceRequest
* value[x] only boolean
* value[x] 1..1

Extension: IntakeRule
Id: intake-rule
Title: "Intake rule"
Description: "On a note that the server wrote: the stable code of the rule it comes from."
Context: Annotation
* value[x] only code
* value[x] 1..1

Extension: ImageEvidence
Id: image-evidence
Title: "Image evidence"
Description: "Where in a study a finding is seen: series, instance, frame and region. Stands on the reference to the ImagingStudy."
Context: Reference
* extension contains
    series 0..1 and
    instance 0..1 and
    frame 0..1 and
    region 0..1
* extension[series] ^short = "Series Instance UID"
* extension[series].value[x] only oid
* extension[series].value[x] 1..1
* extension[instance] ^short = "SOP Instance UID"
* extension[instance].value[x] only oid
* extension[instance].value[x] 1..1
* extension[frame] ^short = "Frame number, from 1"
* extension[frame].value[x] only positiveInt
* extension[frame].value[x] 1..1
* extension[region] ^short = "Region in pixels: x,y pairs of a polygon, separated by blanks; two pairs are the corners of a box"
* extension[region].value[x] only string
* extension[region].value[x] 1..1

Invariant: so-order-category
Description: "An order has a category that says second opinion (a draft or a proposal may still lack it)"
Severity: #error
Expression: "status = 'draft' or intent = 'proposal' or intent = 'plan' or category.exists($this.memberOf('https://secondopinion.example/fhir/ValueSet/second-opinion-category'))"

Invariant: so-order-question
Description: "An order asks a question: reasonCode.text, or a reason with a display (a draft or a proposal may still lack it)"
Severity: #error
Expression: "status = 'draft' or intent = 'proposal' or intent = 'plan' or reasonCode.text.exists() or reasonCode.coding.display.exists()"

Invariant: so-order-requester
Description: "An order says who asks, and so gets the answer (a draft or a proposal may still lack it)"
Severity: #error
Expression: "status = 'draft' or intent = 'proposal' or intent = 'plan' or requester.reference.exists() or requester.identifier.exists()"

Invariant: so-order-placer
Description: "An order has the placer's order number, an identifier of type PLAC (a draft or a proposal may still lack it)"
Severity: #error
Expression: "status = 'draft' or intent = 'proposal' or intent = 'plan' or identifier.where(type.coding.exists(system = 'http://terminology.hl7.org/CodeSystem/v2-0203' and code = 'PLAC')).value.exists()"

Profile: SecondOpinionOrder
Parent: ServiceRequest
Id: second-opinion-order
Title: "Second opinion: order"
Description: "Asks for a second opinion on images: the question, who asks, for whom, and what there is to go by."
* obeys so-order-category and so-order-question and so-order-requester and so-order-placer
* extension contains MayContactClinician named mayContactClinician 0..1 MS
* identifier MS
* identifier ^slicing.discriminator.type = #pattern
* identifier ^slicing.discriminator.path = "type"
* identifier ^slicing.rules = #open
* identifier contains placer 0..* MS and accession 0..* MS
* identifier[placer].type = $v2-0203#PLAC
* identifier[accession].type = $v2-0203#ACSN
* category MS
* category from SecondOpinionCategoryVS (preferred)
* code MS
* code from ServiceVS (preferred)
* priority MS
* subject only Reference(Patient)
* subject MS
* requester MS
* performer MS
* performerType from SubspecialtyVS (preferred)
* reasonCode MS
* reasonCode ^short = "The clinical question, in text"
* bodySite MS
* bodySite from TeethVS (preferred)
* bodySite ^short = "Teeth or region"
* supportingInfo MS
* supportingInfo ^short = "Images, original interpretation, treatment plan, photos, history, prior studies"
* note MS
* note ^short = "Symptoms and key history"

Profile: SecondOpinionTask
Parent: Task
Id: second-opinion-task
Title: "Second opinion: work"
Description: "The work on an order; made by the server, edited by the reader."
* identifier 1..* MS
* identifier ^short = "The case number (COW: a Task that coordinates has an identifier)"
* basedOn 1..*
* basedOn only Reference(ServiceRequest)
* intent = #order
* code 1..1
* code = $task-code#fulfill
* focus 1..1
* focus only Reference(ServiceRequest)
* for 1..1
* for only Reference(Patient)
* authoredOn 1..1
* businessStatus MS
* businessStatus from BusinessStatusVS (required)
* owner MS
* statusReason MS
* note.extension contains IntakeRule named rule 0..1
* output ^slicing.discriminator.type = #pattern
* output ^slicing.discriminator.path = "type"
* output ^slicing.rules = #open
* output contains report 0..1 MS
* output[report].type = $task-output#report
* output[report].value[x] only Reference(DiagnosticReport)

Invariant: so-report-conclusion
Description: "A preliminary or signed report has a conclusion: it answers the clinical question"
Severity: #error
Expression: "(status in ('preliminary' | 'final' | 'amended' | 'corrected' | 'appended')) implies conclusion.exists()"

Invariant: so-report-results
Description: "A signed report names its findings and its assessment in result"
Severity: #error
Expression: "(status in ('final' | 'amended' | 'corrected' | 'appended')) implies result.exists()"

Invariant: so-report-signer
Description: "A signed report names the person who signs it in resultsInterpreter, and the reading organization in performer"
Severity: #error
Expression: "(status in ('final' | 'amended' | 'corrected' | 'appended')) implies (resultsInterpreter.exists() and performer.exists())"

Invariant: so-report-images
Description: "A preliminary or signed report names the images that were read"
Severity: #error
Expression: "(status in ('preliminary' | 'final' | 'amended' | 'corrected' | 'appended')) implies imagingStudy.exists()"

Profile: SecondOpinionReport
Parent: DiagnosticReport
Id: second-opinion-report
Title: "Second opinion: report"
Description: "The answer to an order."
* obeys so-report-conclusion and so-report-results and so-report-signer and so-report-images
* basedOn 1..*
* basedOn only Reference(ServiceRequest)
* subject 1..1
* subject only Reference(Patient)
* category MS
* code MS
* effective[x] MS
* issued MS
* performer MS
* resultsInterpreter MS
* imagingStudy MS
* result MS
* result only Reference(Observation)
* conclusion MS
* presentedForm MS

Invariant: so-finding-confidence
Description: "Confidence is a percentage from 0 to 100"
Severity: #error
Expression: "value.ofType(Quantity).exists() implies (value.ofType(Quantity).value >= 0 and value.ofType(Quantity).value <= 100)"

Profile: SecondOpinionFinding
Parent: Observation
Id: second-opinion-finding
Title: "Second opinion: finding"
Description: "One finding at one tooth or region: what is seen, how sure the reviewer is, and how it relates to the original wording and to earlier images."
* basedOn 1..*
* subject 1..1
* subject only Reference(Patient)
* category MS
* code MS
* code from FindingVS (preferred)
* bodySite MS
* bodySite from TeethVS (preferred)
* bodySite ^short = "Tooth or region"
* value[x] only CodeableConcept
* value[x] MS
* value[x] from CertaintyVS (extensible)
* value[x] ^short = "Certainty"
* note MS
* note ^short = "What is seen, in the reviewer's words"
* derivedFrom MS
* derivedFrom.extension contains ImageEvidence named evidence 0..*
* bodySite.extension contains http://hl7.org/fhir/StructureDefinition/bodySite named structure 0..1 MS
* bodySite.extension[structure] ^short = "The tooth with its surfaces, contained, as in HL7 Dental Data Exchange"
* bodySite.extension[structure].value[x] only Reference(SecondOpinionSite)
* component ^slicing.discriminator.type = #pattern
* component ^slicing.discriminator.path = "code"
* component ^slicing.rules = #open
* component contains
    class 0..1 MS and
    confidence 0..1 MS and
    relation 0..1 MS and
    alternative 0..* MS and
    comparison 0..1 MS
* component[class].code = $attribute#finding-class
* component[class].value[x] 1..1
* component[class].value[x] only CodeableConcept
* component[class].value[x] from FindingClassVS (required)
* component[confidence] obeys so-finding-confidence
* component[confidence].code = $attribute#confidence
* component[confidence].value[x] 1..1
* component[confidence].value[x] only Quantity
* component[confidence].valueQuantity = $UCUM#%
* component[relation].code = $attribute#relation-to-original
* component[relation].value[x] 1..1
* component[relation].value[x] only CodeableConcept
* component[relation].value[x] from AgreementVS (required)
* component[alternative].code = $attribute#alternative-interpretation
* component[alternative].value[x] 1..1
* component[alternative].value[x] only CodeableConcept or string
* component[comparison].code = $attribute#comparison-with-prior
* component[comparison].value[x] 1..1
* component[comparison].value[x] only CodeableConcept
* component[comparison].value[x] from ComparisonVS (required)

Profile: SecondOpinionAssessment
Parent: Observation
Id: second-opinion-assessment
Title: "Second opinion: overall assessment"
Description: "What the review as a whole says about the original interpretation, the plan, the images and the next step."
* basedOn 1..*
* code = $assessment#second-opinion-assessment
* subject 1..1
* subject only Reference(Patient)
* value[x] 1..1
* value[x] only CodeableConcept
* value[x] MS
* value[x] from AgreementVS (required)
* value[x] ^short = "Agreement with the original interpretation"
* component ^slicing.discriminator.type = #pattern
* component ^slicing.discriminator.path = "code"
* component ^slicing.rules = #open
* component contains
    diagnosisChanged 0..1 MS and
    severityChanged 0..1 MS and
    stagingChanged 0..1 MS and
    planSupported 0..1 MS and
    imageQuality 0..1 MS and
    additionalImaging 0..* MS and
    nextStep 0..* MS and
    limits 0..* MS and
    plainLanguage 0..1 MS
* component[diagnosisChanged].code = $assessment#diagnosis-changed
* component[diagnosisChanged].value[x] 1..1
* component[diagnosisChanged].value[x] only boolean
* component[severityChanged].code = $assessment#severity-changed
* component[severityChanged].value[x] 1..1
* component[severityChanged].value[x] only boolean
* component[stagingChanged].code = $assessment#staging-changed
* component[stagingChanged].value[x] 1..1
* component[stagingChanged].value[x] only boolean
* component[planSupported].code = $assessment#treatment-plan-supported
* component[planSupported].value[x] 1..1
* component[planSupported].value[x] only CodeableConcept
* component[planSupported].value[x] from PlanSupportVS (required)
* component[imageQuality].code = $assessment#image-quality
* component[imageQuality].value[x] 1..1
* component[imageQuality].value[x] only CodeableConcept
* component[imageQuality].value[x] from ImageQualityVS (extensible)
* component[additionalImaging].code = $assessment#additional-imaging
* component[additionalImaging].value[x] 1..1
* component[additionalImaging].value[x] only CodeableConcept
* component[additionalImaging].value[x] from AdditionalImagingVS (extensible)
* component[nextStep].code = $assessment#next-step
* component[nextStep].value[x] 1..1
* component[nextStep].value[x] only CodeableConcept
* component[nextStep].value[x] from NextStepVS (extensible)
* component[limits].code = $assessment#limits
* component[limits].value[x] 1..1
* component[limits].value[x] only string
* component[plainLanguage].code = $assessment#plain-language-summary
* component[plainLanguage].value[x] 1..1
* component[plainLanguage].value[x] only string

Invariant: so-site-surfaces
Description: "Surfaces are those of a tooth: who names surfaces codes the location"
Severity: #error
Expression: "locationQualifier.exists() implies location.coding.code.exists()"

Profile: SecondOpinionSite
Parent: BodyStructure
Id: second-opinion-site
Title: "Second opinion: tooth or region with its surfaces"
Description: "Where a finding is, when a code for the tooth does not say enough: location is the tooth, each surface a locationQualifier (HL7 Dental Data Exchange). Contained in the finding."
* obeys so-site-surfaces
* location 1..1 MS
* location from TeethVS (preferred)
* locationQualifier MS
* locationQualifier from ToothSurfacesVS (extensible)

// A component with leading zeros is against PS3.5 9.1, and is in archives all the same.
Invariant: so-study-uid
Description: "A study's identifier in the system urn:dicom:uid is urn:oid: and the Study Instance UID (FHIR R4 imagingstudy.html#notes)"
Severity: #error
Expression: "value.empty() or (value.length() <= 72 and value.matches('^urn:oid:[0-9]+(\\.[0-9]+)*$'))"

Profile: SecondOpinionImagingStudy
Parent: ImagingStudy
Id: second-opinion-imaging-study
Title: "Second opinion: imaging study"
Description: "A study that is stored here: the server's view of the DICOM index. A study elsewhere is any ImagingStudy."
* identifier 1..* MS
* identifier ^slicing.discriminator.type = #value
* identifier ^slicing.discriminator.path = "system"
* identifier ^slicing.rules = #open
* identifier contains studyUid 1..1 MS
* identifier[studyUid] obeys so-study-uid
* identifier[studyUid].system 1..1
* identifier[studyUid].system = "urn:dicom:uid"
* identifier[studyUid].value 1..1
* modality MS
* subject only Reference(Patient)
* subject MS
* started MS
* basedOn only Reference(ServiceRequest)
* basedOn MS
* endpoint 1..* MS
* numberOfSeries 1..1
* numberOfInstances 1..1
* series MS

Invariant: so-document-content
Description: "A document is here or at an address: attachment.data or attachment.url"
Severity: #error
Expression: "data.exists() or url.exists()"

Invariant: so-document-format
Description: "A document is DICOM, JPEG, PNG, TIFF, PDF or plain text"
Severity: #error
Expression: "contentType.empty() or contentType.lower().matches('^(application/(dicom|pdf)|image/(jpeg|jpg|png|tiff)|text/plain)( *;.*)?$')"

Profile: SecondOpinionDocument
Parent: DocumentReference
Id: second-opinion-document
Title: "Second opinion: supporting document"
Description: "What an order is supported by: the original interpretation, a treatment plan, photographs, key history."
* category MS
* category from SupportingDocumentVS (extensible)
* subject 1..1 MS
* subject only Reference(Patient)
* content.attachment obeys so-document-content and so-document-format
* content.attachment.contentType 1..1
