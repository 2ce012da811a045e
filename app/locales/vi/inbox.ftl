inbox = Thông báo
inbox-about = Mọi việc liên quan đến bạn; thư điện tử chỉ nhắc lại những gì có ở đây.
inbox-unread = thông báo chưa đọc
inbox-none = Chưa có thông báo
inbox-none-text = Nhắc hạn, yêu cầu của Hội đồng và thay đổi về phiếu của bạn sẽ hiện ở đây.
inbox-open = Mở
inbox-read-all = Đánh dấu đã đọc tất cả
notice-opened = { $period }: { $unit } có thể bắt đầu tự đánh giá.
notice-deadline = { $period }: hạn nộp phiếu của { $unit } là { $due }.
notice-overdue = { $period }: đã quá hạn nộp phiếu của { $unit } ({ $due }); liên hệ cơ quan thường trực nếu cần gia hạn.
notice-moved = { $period }: hạn nộp phiếu của { $unit } đổi thành { $due }. Lý do: { $reason }
notice-extended = { $period }: { $unit } được gia hạn đến { $until }. Lý do: { $reason }
notice-sent_back = { $period }: phiếu của { $unit } được trả lại để chỉnh sửa. Lý do: { $reason }
notice-question = { $period }: Hội đồng thẩm định yêu cầu { $unit } giải trình, bổ sung ở chỉ số { $code }, trước ngày { $due }: { $text }
notice-reply = { $period }: { $unit } đã trả lời yêu cầu ở chỉ số { $code }: { $text }
notice-assigned = { $period }: bạn được phân công thẩm định { $duty }.
notice-provisional = { $period }: đã có kết quả thẩm định tạm thời của { $unit }; kiến nghị được gửi đến hết { $until }.
notice-petition = { $period }: { $unit } kiến nghị về điểm chỉ số { $code }: { $text }
notice-petition_answered = { $period }: Hội đồng đã trả lời kiến nghị của { $unit } ở chỉ số { $code }: { $text }
notice-rules = { $period }: quy tắc chấm điểm đổi sang { $rules }, điểm của { $unit } thay đổi. Lý do: { $reason }
notice-engine = { $period }: điểm của { $unit } thay đổi vì được tính lại bằng bộ máy tính điểm phiên bản { $engine }. Lý do: { $reason }
mail-subject = Bạn có { $count } thông báo mới
mail-greeting = Kính gửi { $name },
mail-end = Trân trọng, hệ thống xác định chỉ số chuyển đổi số – { $tenant }
mail-automatic = Thư này được gửi tự động; vui lòng không trả lời.
notice-reopened = { $period }: { $unit } được sửa các chỉ số { $codes } đến { $due }. Lý do: { $reason }
inbox-daily = Thư được gộp thành một thư vào 7 giờ mỗi sáng.
inbox-at-once = Thư được gửi ngay khi có thông báo.
inbox-want-daily = Gộp một thư mỗi ngày
inbox-want-at-once = Gửi thư ngay
notice-rules_changed = { $period }: quy tắc chấm điểm đổi sang { $rules }; điểm của { $units } đơn vị thay đổi{ $rows ->
    [none] .
   *[other] , { $rows } chỉ số Hội đồng đã quyết định cần xem lại.
} Điểm đã ký và điểm đã quyết định giữ nguyên. Lý do: { $reason }
notice-engine_renewed = { $period }: tính lại bằng bộ máy tính điểm phiên bản { $engine }; điểm của { $units } đơn vị thay đổi{ $rows ->
    [none] .
   *[other] , { $rows } chỉ số Hội đồng đã quyết định cần xem lại.
} Điểm đã ký và điểm đã quyết định giữ nguyên. Lý do: { $reason }
notice-taken_back = { $period }: Ủy ban nhân dân trả lại kết quả, kỳ trở lại giai đoạn thẩm định. Ý kiến: { $opinion }
notice-weekly = { $period }, tình hình trong tuần: { $stage ->
    [self_assessment] { $sent }/{ $units } đơn vị đã nộp phiếu, { $idle } đơn vị chưa bắt đầu; hạn { $due }.
    [appraisal] còn { $open } chỉ số chưa quyết định hoặc cần xem lại, { $petitions } kiến nghị chưa được trả lời.
   *[other] Hội đồng đã kết luận, chờ trình và công bố kết quả.
} { $late ->
    [none] Không có bước nào quá hạn.
   *[other] Số bước quá hạn: { $late }.
}
notice-seated =
    { $seat ->
        [chair] { $period }: bạn là Chủ tịch Hội đồng thẩm định.
        [secretary] { $period }: bạn là Thư ký Hội đồng thẩm định.
       *[member] { $period }: bạn là thành viên Hội đồng thẩm định.
    }
notice-unseated = { $period }: bạn thôi tham gia Hội đồng thẩm định. Lý do: { $reason }
notice-sampled = { $period }: bạn được giao chấm lại độc lập { $count } chỉ số.
notice-infected = Tệp “{ $name }” của { $unit } (chỉ số { $code }) có mã độc { $found } và đã được cách ly. Hãy thay bằng tệp sạch.
notice-refused = { $by } tải lên tệp “{ $name }” có mã độc { $found }. Tệp không được nhận; hãy nhắc người gửi quét virus máy tính.
notice-withdrawn = { $period }: lãnh đạo { $unit } đã rút phiếu đã nộp để chỉnh sửa.
