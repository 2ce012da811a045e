nav-periods = Periods
nav-periods-about = Progress, plan, council and result of each period.
nav-appraisal = Appraisal
nav-appraisal-about = Scorecards waiting for the Appraisal Council.
nav-sets = Indicator sets
nav-sets-about = Scripts, issued versions and drafts of the indicator sets.
nav-audit = Audit log
nav-audit-about = Every change in order of time, hash-chained against tampering.
breadcrumb = Breadcrumb
unit = Unit
state = State
points = Points
index = Index
rank = Rank
reason = Reason
self-points = Self score
appraised-points = Appraised score
explanation = Explanation
main-indexes = Main indexes
decision-number = Decision number
decision-date = Date of issue

kind-department = Departments
kind-district = Districts
kind-commune = Communes
kind-agency = Affiliated agencies

stage-draft = Preparing
stage-self_assessment = Self-assessment
stage-appraisal = Appraisal
stage-concluded = Concluded
stage-published = Published

sheet-not_started = Not started
sheet-drafting = Drafting
sheet-submitted = Submitted
sheet-returned = Returned
sheet-not_submitted = No self-assessment
sheet-concluded = Concluded
sheet-late = Late

claim-no_function = The unit has no such function
claim-not_this_year = Not required in the assessment year

seats = Authority you are working for
seats-change = Switch
