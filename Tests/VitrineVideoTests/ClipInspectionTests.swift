import Testing
import VitrineCore

@testable import VitrineVideo

@Suite struct ClipInspectionTests {
    @Test("what the filters print is read, also what does not end")
    func reads() {
        let report = """
            frame:0    pts:0       pts_time:0
            seen=1
            lavfi.black_start=0
            frame:1    pts:1       pts_time:0.5
            seen=1
            lavfi.black_end=0.5
            lavfi.freezedetect.freeze_start=0.5
            frame:2    pts:2       pts_time:1
            seen=1
            """
        let inspection = ClipInspection(report: report, isWhole: true, seconds: 1.5)

        #expect(inspection.frames == 3)
        #expect(inspection.black == [ClipInspection.Stretch(from: 0, to: 0.5)])
        #expect(inspection.frozen == [ClipInspection.Stretch(from: 0.5, to: 1.5)])
    }
}
