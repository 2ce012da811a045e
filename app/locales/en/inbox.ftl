inbox = Notices
inbox-about = Everything that concerns you; mail only repeats what is here.
inbox-unread = unread notices
inbox-none = No notices yet
inbox-none-text = Deadlines, the council's requests and changes to your scorecards will appear here.
inbox-open = Open
inbox-read-all = Mark all as read
notice-opened = { $period }: { $unit } may begin its self-assessment.
notice-deadline = { $period }: { $unit } must submit by { $due }.
notice-overdue = { $period }: the deadline of { $unit } ({ $due }) has passed; ask the standing agency for an extension if needed.
notice-moved = { $period }: { $unit } must now submit by { $due }. Reason: { $reason }
notice-extended = { $period }: { $unit } has until { $until }. Reason: { $reason }
notice-sent_back = { $period }: the scorecard of { $unit } was sent back. Reason: { $reason }
notice-question = { $period }: the council asks { $unit } about indicator { $code }, to be answered by { $due }: { $text }
notice-reply = { $period }: { $unit } has answered the request on indicator { $code }: { $text }
notice-assigned = { $period }: you were assigned { $duty }.
notice-provisional = { $period }: the provisional result of { $unit } is ready; petitions are taken until { $until }.
notice-petition = { $period }: { $unit } petitions on indicator { $code }: { $text }
notice-petition_answered = { $period }: the council answered the petition of { $unit } on indicator { $code }: { $text }
notice-rules = { $period }: the scoring rules changed to { $rules } and the score of { $unit } moved. Reason: { $reason }
notice-engine = { $period }: the score of { $unit } moved, it was calculated again with version { $engine } of the scoring engine. Reason: { $reason }
mail-subject = You have { $count } new notices
mail-greeting = Dear { $name },
mail-end = Digital transformation index – { $tenant }
mail-automatic = This message was sent automatically; please do not reply.
notice-reopened = { $period }: { $unit } may correct indicators { $codes } until { $due }. Reason: { $reason }
inbox-daily = Letters come once a day, at seven in the morning.
inbox-at-once = A letter comes whenever something happens.
inbox-want-daily = One letter a day
inbox-want-at-once = A letter at once
notice-rules_changed = { $period }: the scoring rules changed to { $rules }; units whose score moved: { $units }{ $rows ->
    [none] .
   *[other] , { $rows } decided indicators are to be seen again.
} What was signed and what was decided stays. Reason: { $reason }
notice-engine_renewed = { $period }: scored again with version { $engine } of the scoring engine; units whose score moved: { $units }{ $rows ->
    [none] .
   *[other] , { $rows } decided indicators are to be seen again.
} What was signed and what was decided stays. Reason: { $reason }
notice-taken_back = { $period }: the People’s Committee returned the result; the period is back in appraisal. Opinion: { $opinion }
notice-weekly = { $period }, this week: { $stage ->
    [self_assessment] { $sent }/{ $units } units have submitted, { $idle } have not begun; due { $due }.
    [appraisal] { $open } indicators undecided or to be seen again, { $petitions } petitions unanswered.
   *[other] the council has concluded; the result is to be submitted and published.
} { $late ->
    [none] No step is late.
   *[other] Steps that are late: { $late }.
}
notice-seated =
    { $seat ->
        [chair] { $period }: you chair the appraisal council.
        [secretary] { $period }: you are the secretary of the appraisal council.
       *[member] { $period }: you are a member of the appraisal council.
    }
notice-unseated = { $period }: your seat in the appraisal council has ended. Reason: { $reason }
notice-sampled = { $period }: you were given { $count } rows to score independently.
notice-infected = The file “{ $name }” of { $unit } (indicator { $code }) is infected with { $found } and is in quarantine. Replace it with a clean one.
notice-refused = { $by } uploaded the file “{ $name }”, infected with { $found }. It was not taken; remind the sender to scan their computer.
notice-withdrawn = { $period }: the head of { $unit } took the submitted scorecard back to go on with it.
