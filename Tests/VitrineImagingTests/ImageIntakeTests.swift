import Foundation
import Testing
import VitrineCore
import VitrineImaging
import VitrineTesting

@Suite struct ImageIntakeTests {
    @Test("a JPEG and a PNG of the same picture are told by their bytes and show the same thing")
    func twins() throws {
        let drawing = DrawnImages.product()
        let jpeg = try ImageIntake.check(DrawnImages.jpeg(drawing))
        let png = try ImageIntake.check(DrawnImages.png(drawing))

        #expect(jpeg.format == .jpeg)
        #expect(png.format == .png)
        #expect(png.size == drawing.size)
        #expect(!png.hasTransparency)
        #expect(jpeg.shows(png))
        #expect(jpeg.signature.count == 16 * 16 * 3)
    }
}
