RuleSet: CS
* ^caseSensitive = true
* ^experimental = false

CodeSystem: OrderCategoryCS
Id: order-category
Title: "Order category"
Description: "Marks a ServiceRequest as an order for a second opinion."
* insert CS
* #second-opinion "Second opinion" "Asks another reader for an opinion on images that were read before."

CodeSystem: ServiceCS
Id: service
Title: "Review service"
Description: "What is to be reviewed."
* insert CS
* #dental-radiograph-review "Review of dental radiographs"
* #dental-cbct-review "Review of a dental cone-beam CT"
* #dental-treatment-plan-review "Review of a dental treatment plan"
* #oral-photograph-review "Review of intraoral or extraoral photographs"
* #oral-pathology-review "Review of images of an oral lesion"
* #radiology-overread "Over-read of a radiology study"
* #radiology-subspecialty-review "Review of a radiology study by a subspecialist"

CodeSystem: SubspecialtyCS
Id: subspecialty
Title: "Subspecialty"
Description: "The wished subspecialty of the reader."
* insert CS
* #endodontics "Endodontics"
* #periodontics "Periodontics"
* #orthodontics "Orthodontics"
* #prosthodontics "Prosthodontics"
* #pediatric-dentistry "Pediatric dentistry"
* #oral-surgery "Oral and maxillofacial surgery"
* #oral-radiology "Oral and maxillofacial radiology"
* #oral-pathology "Oral and maxillofacial pathology"
* #general-dentistry "General dentistry"
* #neuroradiology "Neuroradiology"
* #musculoskeletal-radiology "Musculoskeletal radiology"
* #breast-imaging "Breast imaging"
* #chest-radiology "Chest radiology"
* #abdominal-radiology "Abdominal radiology"
* #cardiac-radiology "Cardiac radiology"
* #pediatric-radiology "Pediatric radiology"
* #head-and-neck-radiology "Head and neck radiology"
* #nuclear-medicine "Nuclear medicine"

CodeSystem: SupportingDocumentCS
Id: supporting-document
Title: "Supporting document"
Description: "What a document that supports an order is."
* insert CS
* #original-interpretation "Original interpretation"
* #treatment-plan "Treatment plan"
* #symptoms "Symptoms"
* #photograph "Photograph"
* #history "Key history"
* #prior-study "Prior study"
* #other "Other"

CodeSystem: BusinessStatusCS
Id: business-status
Title: "Business status of a case"
Description: "Where the work stands, finer than Task.status."
* insert CS
* #awaiting-images "Awaiting images"
* #ready "Ready to be assigned"
* #assigned "Assigned to a reader"
* #awaiting-information "Awaiting information"
* #preliminary-outcome "Preliminary outcome"

CodeSystem: TaskOutputCS
Id: task-output
Title: "Task output"
Description: "What a Task of a case puts out."
* insert CS
* #report "Report"

CodeSystem: FindingCS
Id: finding
Title: "Finding"
Description: "Findings that readers name most; any other code or text may be used."
* insert CS
* #periapical-radiolucency "Periapical radiolucency"
* #periapical-radiopacity "Periapical radiopacity"
* #caries "Caries"
* #interproximal-caries "Interproximal caries"
* #recurrent-caries "Recurrent caries"
* #horizontal-bone-loss "Horizontal bone loss"
* #vertical-bone-loss "Vertical bone loss"
* #furcation-involvement "Furcation involvement"
* #calculus "Calculus"
* #root-resorption "Root resorption"
* #root-fracture "Root fracture"
* #impacted-tooth "Impacted tooth"
* #missing-tooth "Missing tooth"
* #supernumerary-tooth "Supernumerary tooth"
* #restoration-defect "Defective restoration"
* #root-canal-filling-defect "Defective root canal filling"
* #cystic-lesion "Cystic lesion"
* #mass "Mass"
* #nodule "Nodule"
* #fracture "Fracture"
* #consolidation "Consolidation"
* #effusion "Effusion"
* #sinus-opacification "Opacification of a sinus"
* #joint-degeneration "Degeneration of a joint"
* #no-abnormality "No abnormality"
* #other "Other"

CodeSystem: FindingAttributeCS
Id: finding-attribute
Title: "Finding attribute"
Description: "What a component of a finding tells."
* insert CS
* #finding-class "Class"
* #confidence "Confidence"
* #relation-to-original "Relation to the original wording"
* #comparison-with-prior "Comparison with priors"
* #alternative-interpretation "Alternative interpretation"
* #evidence "Evidence"

CodeSystem: FindingClassCS
Id: finding-class
Title: "Finding class"
Description: "Whether a finding stands."
* insert CS
* #definitive "Definitive"
* #ambiguous "Ambiguous"
* #likely-artifact "Likely artifact"

CodeSystem: AgreementCS
Id: agreement
Title: "Relation to the original wording"
Description: "How the reviewer's wording relates to the original one."
* insert CS
* #confirmed "Confirmed"
* #refined "Refined"
* #revised "Revised"
* #new "New"

CodeSystem: AlternativeInterpretationCS
Id: alternative-interpretation
Title: "Alternative interpretation"
Description: "What else a finding may be."
* insert CS
* #mental-foramen "Mental foramen"
* #incisive-foramen "Incisive foramen"
* #maxillary-sinus "Maxillary sinus"
* #nasal-fossa "Nasal fossa"
* #submandibular-fossa "Submandibular gland fossa"
* #nutrient-canal "Nutrient canal"
* #developing-tooth "Developing tooth"
* #cervical-burnout "Cervical burnout"
* #mach-band "Mach band"
* #scatter-artifact "Scatter from metal"
* #motion-artifact "Motion artifact"
* #superimposition "Superimposition"
* #cemento-osseous-dysplasia "Cemento-osseous dysplasia"
* #healing-scar "Scar of healing"
* #normal-variant "Normal variant"
* #other "Other"

CodeSystem: ComparisonCS
Id: comparison
Title: "Comparison with priors"
Description: "How a finding has changed since earlier images."
* insert CS
* #new "New"
* #unchanged "Unchanged"
* #better "Better"
* #worse "Worse"
* #no-prior "No prior"

CodeSystem: AssessmentCS
Id: assessment
Title: "Assessment"
Description: "The overall assessment and what its components tell."
* insert CS
* #second-opinion-assessment "Second opinion assessment"
* #diagnosis-changed "Diagnosis changes"
* #severity-changed "Severity changes"
* #staging-changed "Staging changes"
* #treatment-plan-supported "Images support the treatment plan"
* #image-quality "Image quality"
* #additional-imaging "Additional imaging needed"
* #next-step "Next step"
* #limits "Limits of what the images can show"
* #plain-language-summary "Summary in plain language"

CodeSystem: PlanSupportCS
Id: plan-support
Title: "Support of the treatment plan"
Description: "Whether the images support the treatment plan."
* insert CS
* #supported "Supported"
* #partly-supported "Partly supported"
* #not-supported "Not supported"
* #cannot-tell "Cannot be told from the images"
* #no-plan "No plan was sent"

CodeSystem: ImageQualityCS
Id: image-quality
Title: "Image quality"
Description: "Whether the images suffice for the question."
* insert CS
* #good "Good"
* #adequate "Adequate"
* #limited "Limited"
* #poor "Poor"
* #inadequate "Inadequate"
* #non-diagnostic "Non-diagnostic"

CodeSystem: NextStepCS
Id: next-step
Title: "Next step"
Description: "What the reviewer advises."
* insert CS
* #treat "Treat"
* #monitor "Monitor"
* #evaluate-further "Evaluate further"
* #refer "Refer to a specialist"
* #refer-urgently "Refer urgently"
* #none "None"

CodeSystem: AdditionalImagingCS
Id: additional-imaging
Title: "Additional imaging"
Description: "Images that are needed to answer the question."
* insert CS
* #none "None"
* #recommended "Recommended, see the text"
* #required "Required, see the text"
* #periapical "Periapical radiograph"
* #bitewing "Bitewing radiographs"
* #panoramic "Panoramic radiograph"
* #cbct "Cone-beam CT"
* #ct "CT"
* #mri "MRI"
* #ultrasound "Ultrasound"

CodeSystem: IntakeRuleCS
Id: intake-rule
Title: "Intake rule"
Description: "Rules whose notes the server writes to a Task."
* insert CS
* #emergency-symptoms "Emergency symptoms"
* #image-age "Age of the images"
* #images-suit-implant "Implant planning needs a volume"
* #images-suit-caries "Caries between teeth needs bitewings"
* #images-suit-periapical "Periapical disease needs periapicals"
* #physical-test "Needs a physical test"
* #image-format "Image format"
* #claimed-by-report "Taken by the report that was saved"
* #ambiguous-images "Images fit several orders"
* #wrong-patient "Images of another patient"
* #pdf-missing "Report without a PDF"
* #report-withdrawn "Report was withdrawn"

CodeSystem: TransactionCS
Id: transaction
Title: "DICOMweb transaction"
Description: "In AuditEvent.subtype: the DICOMweb transaction (FHIR interactions have a system of their own)."
* insert CS
* #wado-rs "Retrieve (WADO-RS)"
* #wado-uri "Retrieve (WADO-URI)"
* #qido-rs "Search (QIDO-RS)"
* #stow-rs "Store (STOW-RS)"
* #ups-rs "Worklist (UPS-RS)"

CodeSystem: IssueKeyCS
Id: issue-key
Title: "Rule of an issue"
Description: "In OperationOutcome.issue.details: the stable code of the rule that was broken. Listed in the documentation, not here."
* insert CS
* ^content = #not-present

CodeSystem: DicomBodyPartCS
Id: dicom-body-part
Title: "DICOM body part examined"
Description: "In ImagingStudy.series.bodySite: the value of Body Part Examined (0018,0015) as the images have it."
* insert CS
* ^content = #not-present

ValueSet: SecondOpinionCategoryVS
Id: second-opinion-category
Title: "Categories that mean a second opinion"
Description: "Our code and those of other systems that mean the same."
* ^experimental = false
* $order-category#second-opinion
* $ch-rad#SecondOpinion "Second Opinion"
* $v2-0336#S "Second opinion"
* $v2-0282#SO "Second opinion"

RuleSet: VS
* ^experimental = false

ValueSet: ServiceVS
Id: service
Title: "Review services"
Description: "All codes of the system."
* insert VS
* include codes from system ServiceCS

ValueSet: SubspecialtyVS
Id: subspecialty
Title: "Subspecialties"
Description: "All codes of the system."
* insert VS
* include codes from system SubspecialtyCS

ValueSet: SupportingDocumentVS
Id: supporting-document
Title: "Supporting documents"
Description: "All codes of the system."
* insert VS
* include codes from system SupportingDocumentCS

ValueSet: BusinessStatusVS
Id: business-status
Title: "Business statuses of a case"
Description: "All codes of the system."
* insert VS
* include codes from system BusinessStatusCS

ValueSet: FindingVS
Id: finding
Title: "Findings"
Description: "All codes of the system."
* insert VS
* include codes from system FindingCS

ValueSet: FindingClassVS
Id: finding-class
Title: "Finding classes"
Description: "All codes of the system."
* insert VS
* include codes from system FindingClassCS

ValueSet: AgreementVS
Id: agreement
Title: "Relations to the original wording"
Description: "All codes of the system."
* insert VS
* include codes from system AgreementCS

ValueSet: AlternativeInterpretationVS
Id: alternative-interpretation
Title: "Alternative interpretations"
Description: "All codes of the system."
* insert VS
* include codes from system AlternativeInterpretationCS

ValueSet: ComparisonVS
Id: comparison
Title: "Comparisons with priors"
Description: "All codes of the system."
* insert VS
* include codes from system ComparisonCS

ValueSet: PlanSupportVS
Id: plan-support
Title: "Support of the treatment plan"
Description: "All codes of the system."
* insert VS
* include codes from system PlanSupportCS

ValueSet: ImageQualityVS
Id: image-quality
Title: "Image quality"
Description: "All codes of the system."
* insert VS
* include codes from system ImageQualityCS

ValueSet: NextStepVS
Id: next-step
Title: "Next steps"
Description: "All codes of the system."
* insert VS
* include codes from system NextStepCS

ValueSet: AdditionalImagingVS
Id: additional-imaging
Title: "Additional imaging"
Description: "All codes of the system."
* insert VS
* include codes from system AdditionalImagingCS

ValueSet: CertaintyVS
Id: certainty
Title: "Certainty"
Description: "SNOMED CT qualifiers: how certain it is that a finding is present."
* insert VS
* $SCT#410605003 "Confirmed present"
* $SCT#410515003 "Known present"
* $SCT#410592001 "Probably present"
* $SCT#410590009 "Known possible"
* $SCT#415684004 "Suspected"
* $SCT#410593006 "Probably not present"
* $SCT#410594000 "Definitely not present"
* $SCT#410516002 "Known absent"
