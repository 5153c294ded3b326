import Foundation
import Testing
import VitrineCore
import VitrineImaging

@Suite struct ImageFormatTests {
    static let foreign: [(bytes: Data, name: String)] = [
        (Data("GIF89a\u{1}\0\u{1}\0".utf8), "GIF"),
        (Data("BM\u{46}\0\0\0\0\0\0\0".utf8), "BMP"),
        (Data([0x49, 0x49, 0x2A, 0, 8, 0, 0, 0]), "TIFF"),
        (Data([0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8]), "TIFF"),
        (Data([0, 0, 0, 24]) + Data("ftypheic\0\0\0\0mif1heic".utf8), "HEIC"),
        (Data([0, 0, 0, 24]) + Data("ftypmif1\0\0\0\0mif1heic".utf8), "HEIC"),
        (Data([0, 0, 0, 24]) + Data("ftypmif1\0\0\0\0mif1avif".utf8), "AVIF"),
        (Data([0, 0, 0, 24]) + Data("ftypavif\0\0\0\0mif1avif".utf8), "AVIF"),
        (Data([0, 0, 0, 24]) + Data("ftypisom\0\0\0\0isommp42".utf8), "a video"),
        (Data("<svg xmlns=\"http://www.w3.org/2000/svg\"/>".utf8), "SVG"),
        (Data("\u{FEFF}<?xml version=\"1.0\"?>\n<!-- x --><svg/>".utf8), "SVG"),
        (Data("%PDF-1.7".utf8), "PDF"),
        (Data("\n<!DOCTYPE html><html><body>404</body></html>".utf8), "a web page"),
        (Data("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>".utf8), "XML"),
        (Data("{\"error\":\"not found\"}".utf8), "JSON"),
        (Data("Not found".utf8), "text"),
        (Data([0xFF, 0x0A, 1, 2]), "JPEG XL"),
        (Data([0x50, 0x4B, 3, 4, 0]), "a zip archive"),
        (Data(), "empty"),
        (Data([0, 1, 2, 3, 4, 5, 6, 7]), "of an unknown format"),
    ]

    @Test("what is not JPEG, PNG or WebP is refused by its name", arguments: foreign)
    func refused(bytes: Data, name: String) {
        let refusal = #expect(throws: ImageRefusal.self) { try ImageIntake.check(bytes) }

        #expect(refusal?.kind == .format)
        #expect(refusal?.message == "picture is \(name), expected JPEG, PNG or WebP")
    }

    @Test("an animated WebP is refused by name")
    func animated() throws {
        let bytes = try Fixtures.file("animated.webp")

        let refusal = #expect(throws: ImageRefusal.self) { try ImageIntake.check(bytes, limits: Fixtures.tiny) }

        #expect(refusal?.kind == .format)
        #expect(refusal?.message.contains("animated") == true)
    }
}
